"""What a message is: how its facts are loaded, how they are said."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from sqlalchemy.orm import Session

S = TypeVar("S")


@dataclass(frozen=True)
class Rendered:
    """`text` is what a notification and a screen reader say: it stands for itself.

    `fallback`: the same in plain blocks, for a workspace that does not have the newest ones yet.
    """

    text: str
    blocks: list[dict[str, Any]]
    fallback: list[dict[str, Any]] | None = None


@dataclass(frozen=True)
class Message(Generic[S]):
    """`load(session, subject_id, now)` gives the facts (None: no longer wanted), `render` says
    them, outside any transaction."""

    load: Callable[[Session, int, datetime], S | None]
    render: Callable[[S], Rendered]
