"""What a refusal is: a sentence with the way out, and where in a modal it belongs."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from handlers.lines import Line, with_code
from handlers.pipeline_review import phrases
from models import screens
from models.access import Act
from models.base import RuleBroken


@dataclass(frozen=True)
class Refusal:
    """A sentence, and the fields of a modal at which it belongs, the fittest first."""

    line: Line
    fields: tuple[str, ...] = ()


Words = Callable[[Session, Any, str], Refusal]
"""Says a broken rule to a reader in a zone: `(session, error, zone)`."""

Refusals = dict[type[RuleBroken], Words]
"""What a room refuses, by error; a subclass without words of its own has its parent's."""

Reserved = dict[Act, Words]
"""What a room lets only some people do: the words of `access.Refused`, by act."""


def says(sentence: str, *fields: str) -> Words:
    """The same sentence whatever the facts; backticks mark what is to be typed."""
    return lambda _session, _error, _zone: Refusal(with_code(sentence), fields)


def only(does: str, way_out: str, *fields: str) -> Words:
    """Somebody else may: `Only @max decides here.`, and what this person can do instead."""

    def refused(session: Session, error: Any, _zone: str) -> Refusal:
        who = named(session, error.allowed, error.deputy_id)
        if not who:
            return Refusal((f"Nobody is set up who {does}. An admin can change that.",), fields)
        return Refusal(("Only ", *who, f" {does}. ", *with_code(way_out)), fields)

    return refused


def empty(text: str, question: str) -> str:
    """`“tbd” says nothing. What …?`"""
    return f"{phrases.quoted(text, 40)} says nothing. {question}"


def why(field: str, question: str) -> Words:
    """A reason that is missing, or says nothing: the error's `text`."""

    def refused(_session: Session, error: Any, _zone: str) -> Refusal:
        said = empty(error.text, question) if error.text.strip() else "Say why, in a few words."
        return Refusal((said,), (field,))

    return refused


def named(session: Session, person_ids: Iterable[int], deputy_id: int | None = None) -> Line:
    """`@max, deputy @cleo or @lea`; nothing where nobody is named."""
    return phrases.people(screens.who(session, person_ids), deputy_id)
