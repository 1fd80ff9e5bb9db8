"""What the rules refuse, in words: one line, with the way out. Each room brings its own words."""

from typing import Any

from sqlalchemy.orm import Session

from handlers.coaching import refusals as coaching
from handlers.forecast import refusals as forecast
from handlers.health_check import refusals as health_check
from handlers.home import refusals as home
from handlers.imports import refusals as imports
from handlers.incoming import Inactive, Stranger
from handlers.lines import Line, Mention, joined
from handlers.motivation import refusals as motivation
from handlers.next_actions import refusals as next_actions
from handlers.one_on_ones import refusals as one_on_ones
from handlers.pipeline_review import refusals as pipeline_review
from handlers.ratings import refusals as ratings
from handlers.refusal import Refusal, Refusals, Reserved, says
from handlers.setup import refusals as setup
from models.access import Refused
from models.base import Faults, RuleBroken
from models.people import UnknownPerson, UnknownTeam


def refusal(session: Session, error: RuleBroken, zone: str) -> Refusal:
    """The words for a broken rule, to a reader in `zone`."""
    for kind in type(error).__mro__:
        if kind in REFUSALS:
            return REFUSALS[kind](session, error, zone)
    return Refusal(("This is not possible here.",))


def stranger(error: Stranger) -> Line:
    """To somebody whom nobody has set up here: who can."""
    who = joined([(Mention(*one),) for one in error.admins[:3]], " or ")
    if not who:
        return setup.NOBODY
    if isinstance(error, Inactive):
        return "You are no longer active here. ", *who, " can change that."
    return "You are not set up here yet. ", *who, " can add you."


def _stranger(_session: Session, error: Any, _zone: str) -> Refusal:
    return Refusal(stranger(error))


def _refused(session: Session, error: Any, zone: str) -> Refusal:
    return RESERVED[error.act](session, error, zone)


def _several(session: Session, error: Any, zone: str) -> Refusal:
    """All faults in one line, for where there are no fields."""
    each = (refusal(session, fault, zone).line for fault in error.faults)
    return Refusal(joined(each, " "))


_ROOMS = (
    coaching,
    health_check,
    forecast,
    home,
    imports,
    motivation,
    next_actions,
    one_on_ones,
    pipeline_review,
    ratings,
    setup,
)

RESERVED: Reserved = {act: said for room in _ROOMS for act, said in room.RESERVED.items()}
REFUSALS: Refusals = {
    Stranger: _stranger,
    Refused: _refused,
    Faults: _several,
    UnknownPerson: says("This is not there any more."),
    UnknownTeam: says("This is not there any more."),
} | {kind: said for room in _ROOMS for kind, said in room.REFUSALS.items()}
