"""What the ratings refuse, in words: one line, with the way out."""

from typing import Any

from sqlalchemy.orm import Session

from handlers.lines import Moment
from handlers.refusal import Refusal, Refusals, Reserved, only
from models.access import Act
from models.one_on_ones import State
from models.ratings import CommentTooLong, NothingRated, NotYetAsked, TooLate


def _not_yet(_session: Session, error: Any, zone: str) -> Refusal:
    return Refusal(("It is not over yet. You are asked about it ", Moment(error.at, zone), "."))


def _too_late(_session: Session, error: Any, zone: str) -> Refusal:
    until = Moment(error.until, zone)
    if error.rated:
        return Refusal(("This could be changed until ", until, ". What you gave counts."))
    return Refusal(("This could be rated until ", until, ". It counts without a rating."))


def _nothing(_session: Session, error: Any, _zone: str) -> Refusal:
    was = "cancelled" if error.state is State.CANCELLED else "excused"
    return Refusal((f"This one-on-one was {was}: there is nothing to rate.",))


def _too_long(_session: Session, error: Any, _zone: str) -> Refusal:
    return Refusal((f"Shorter, please: {error.most} characters at most.",), ("comment",))


RESERVED: Reserved = {
    Act.RATE: only("rates this one-on-one", "Yours are asked about in a message of their own."),
}
REFUSALS: Refusals = {
    NotYetAsked: _not_yet,
    TooLate: _too_late,
    NothingRated: _nothing,
    CommentTooLong: _too_long,
}
