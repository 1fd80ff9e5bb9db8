"""What coaching refuses, in words: one line, with the way out."""

from typing import Any

from sqlalchemy.orm import Session

from handlers import words
from handlers.lines import Moment
from handlers.refusal import Refusal, Refusals, Reserved, Words, empty, named, only, says, why
from models.access import Act
from models.base import RuleBroken
from models.coaching import (
    AlreadyLogged,
    DealUnfit,
    EmptyFeedback,
    EmptyNextStep,
    FeedbackTooLong,
    FeedbackTooShort,
    HeldInFuture,
    HeldTooLongAgo,
    HeldWithOneOnOne,
    KindOfOneOnOne,
    LogChanged,
    LogWithdrawn,
    MinutesUnfit,
    NextOnUnfit,
    NextStepTooLong,
    NobodyToCoach,
    PartOfOneOnOne,
    ReasonMissing,
    TextTooLong,
    UnknownFocus,
    UnknownLog,
)


class NotQuotable(RuleBroken):
    """The message has no words, or is nobody's."""


class NotSeen(RuleBroken):
    """The bot is not where the message stands, so it has no address for it."""


RESERVED: Reserved = {
    Act.COACH: only("coaches this person", "Choose somebody whom you coach.", "person"),
    Act.EDIT_COACHING: only("changes this coaching log", "Ask there."),
    Act.ANSWER_COACHING: only("answers this coaching log", "Ask there."),
}


def _short(_session: Session, error: Any, _zone: str) -> Refusal:
    said = f"Say a little more: {error.least} characters at least."
    return Refusal((said,), ("feedback",))


def _empty_feedback(_session: Session, error: Any, _zone: str) -> Refusal:
    said = empty(error.text, "What did you see, and what is to be done differently?")
    return Refusal((said,), ("feedback",))


def _empty_next_step(_session: Session, error: Any, _zone: str) -> Refusal:
    said = empty(error.text, "What will be done, so that somebody could tell whether it was?")
    return Refusal((said,), ("next_step",))


def _long(*fields: str) -> Words:
    def too_long(_session: Session, error: Any, _zone: str) -> Refusal:
        return Refusal((f"Shorter, please: {error.most} characters at most.",), fields)

    return too_long


def _next_on(_session: Session, error: Any, _zone: str) -> Refusal:
    said = f"Choose a day from {words.day(error.least)} to {words.day(error.most)}."
    return Refusal((said,), ("next_on",))


def _in_future(_session: Session, error: Any, _zone: str) -> Refusal:
    said = f"Only what has happened is logged: {words.day(error.today)} or before."
    return Refusal((said,), ("held_on",))


def _long_ago(_session: Session, error: Any, _zone: str) -> Refusal:
    said = f"That is too long ago to be logged: {words.day(error.least)} is the earliest day."
    return Refusal((said,), ("held_on",))


def _minutes(_session: Session, error: Any, _zone: str) -> Refusal:
    return Refusal((f"Between {error.least} and {error.most} minutes.",), ("minutes",))


def _changed(session: Session, error: Any, _zone: str) -> Refusal:
    return Refusal((*named(session, (error.coach_id,)), " has changed it since: read it again."))


def _withdrawn(_session: Session, error: Any, zone: str) -> Refusal:
    when = Moment(error.at, zone)
    return Refusal(("It was withdrawn, ", when, ". Nothing about it changes any more."))


def _of_one_on_one(_session: Session, error: Any, _zone: str) -> Refusal:
    return Refusal((f"It was held in the one-on-one of {words.day(error.held_on)}.",), ("held_on",))


REFUSALS: Refusals = {
    FeedbackTooShort: _short,
    EmptyFeedback: _empty_feedback,
    FeedbackTooLong: _long("feedback"),
    EmptyNextStep: _empty_next_step,
    NextStepTooLong: _long("next_step"),
    NextOnUnfit: _next_on,
    HeldInFuture: _in_future,
    HeldTooLongAgo: _long_ago,
    HeldWithOneOnOne: _of_one_on_one,
    KindOfOneOnOne: says("A one-on-one's log stays one of a one-on-one.", "kind"),
    MinutesUnfit: _minutes,
    UnknownFocus: says("Choose one of this person's focus areas.", "focus"),
    DealUnfit: says("Choose one of this person's deals, or none.", "deal"),
    NobodyToCoach: says(
        "You coach nobody here: a manager coaches the team's reps, a leader the managers below."
        " An admin sets who leads whom."
    ),
    UnknownLog: says("This coaching log is not there any more."),
    LogWithdrawn: _withdrawn,
    LogChanged: _changed,
    AlreadyLogged: says("This one-on-one has its coaching log already. Edit that one."),
    PartOfOneOnOne: says(
        "It belongs to a one-on-one, and none ends without its coaching. Edit it instead."
    ),
    ReasonMissing: why("because", "Why is it withdrawn?"),
    TextTooLong: _long("text", "because"),
    NotQuotable: says(
        "Only what a person wrote can be quoted. `/log-coaching` logs without a message."
    ),
    NotSeen: says(
        "I am not in that conversation, so I cannot link the message."
        " Log without it: `/log-coaching`. Or, in a channel, invite me."
    ),
}
