"""Working in the background on what waits in the database, one piece after the other.

A piece is claimed with a lease in real time; whoever loses it writes nothing more. Any number of
threads and processes may do so at once.
"""

import logging
import threading
from collections.abc import Callable
from typing import Protocol, TypeVar

from sqlalchemy.orm import Session

from models.base import Database


class Claimed(Protocol):
    """A piece of work in somebody's hands."""

    @property
    def id(self) -> int: ...

    @property
    def workspace_id(self) -> str: ...


class Worker(Protocol):
    """Something that works in the background."""

    def run_once(self, stop: threading.Event | None = None) -> int:
        """Works until nothing waits, or `stop`; how many pieces it took in hand."""
        ...


Piece = TypeVar("Piece", bound=Claimed)


def work_through(
    database: Database,
    what: str,
    claim: Callable[[Session], Piece | None],
    work: Callable[[Piece], str],
    lost: type[Exception],
    log: logging.Logger,
    stop: threading.Event | None,
) -> int:
    """Claims and works until nothing waits, or `stop`; how many pieces were taken in hand.

    `claim` is asked in a session that sees every workspace; `work` says what came of a piece, or
    raises `lost` where somebody else has it now.
    """
    count = 0
    while not (stop and stop.is_set()):
        with database.everywhere() as session:
            piece = claim(session)
        if piece is None:
            break
        try:
            outcome = work(piece)
        except lost:
            outcome = "lost"
        log.info("%s=%d workspace=%s outcome=%s", what, piece.id, piece.workspace_id, outcome)
        count += 1
    return count
