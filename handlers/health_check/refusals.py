"""What the health check refuses, in words: one line, with the way out."""

from typing import Any

from sqlalchemy.orm import Session

from handlers import words
from handlers.lines import with_code
from handlers.refusal import Refusal, Refusals, Reserved, only, says
from models.access import Act
from models.coaching import TalkState
from models.health_check import TalkSettled, TimeTaken, UnknownCheck

_SETTLED = {
    TalkState.KEPT: "This conversation is logged already. Nothing is left to do.",
    TalkState.EXCUSED: "This conversation is excused. Nothing is left to do.",
    TalkState.MISSED: "That day is over: it was missed. `/log-coaching` logs it all the same.",
}


def _settled(_session: Session, error: Any, _zone: str) -> Refusal:
    return Refusal(with_code(_SETTLED[error.state]), ("at",))


def _taken(_session: Session, error: Any, zone: str) -> Refusal:
    free = words.listed([words.clock(at, zone) for at in error.free], 6)
    if not free:
        return Refusal(("No time is left today. Talk when it suits, and log it.",), ("at",))
    return Refusal((f"That time is no longer free. Still free: {free}.",), ("at",))


RESERVED: Reserved = {
    Act.TALK_COVERAGE: only("speaks with reps about coverage here", "Ask one of them."),
}
REFUSALS: Refusals = {
    UnknownCheck: says("This is not there any more."),
    TalkSettled: _settled,
    TimeTaken: _taken,
}
