"""What one-on-ones refuse, in words: one line, with the way out."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from handlers import words
from handlers.lines import Line, Moment, joined, with_code
from handlers.one_on_ones import phrases
from handlers.pipeline_review.phrases import quoted
from handlers.pipeline_review.refusals import REFUSALS as REVIEW
from handlers.refusal import Refusal, Refusals, Reserved, Words, named, only, says, why
from models import screens
from models.access import Act
from models.one_on_ones import (
    AlreadyAsked,
    AlreadySettled,
    AlreadyStarted,
    AtDeal,
    DayFull,
    DayIsOff,
    DealNextMissing,
    DealNotTheirs,
    DealsMissing,
    EmptyPoint,
    FreeSlot,
    InThePast,
    MinutesUnfit,
    MovedMeanwhile,
    NextOwnerUnfit,
    NoStanding,
    NotesTooLong,
    NotYet,
    OutOfHours,
    Overlaps,
    PointTooLong,
    ReasonMissing,
    ReasonTooLong,
    SpanTooWide,
    State,
    TooFarAway,
    TooManyPoints,
    Unchanged,
    UnknownOneOnOne,
    UnknownPoint,
    WeekdayUnfit,
)

RESERVED: Reserved = {
    Act.RUN_ONE_ON_ONE: only("runs this one-on-one", "Talking points are for both of them."),
    Act.CHANGE_ONE_ON_ONE: only("changes this one-on-one", "Ask one of them."),
}

_TIME = ("starts_at", "local_time", "weekday")  # where a time is refused: a move's, a standing's
_DAY = ("starts_at", "weekday")


_MISSED = (
    "It counts as missed: nothing was recorded in time."
    " What you coached still counts: copy it into `/log-coaching`."
)


def _settled(session: Session, error: Any, zone: str) -> Refusal:
    """`It was cancelled by @ana, Tue 24 Nov, 09:50: “…”. Nothing about it changes any more.`"""
    if error.state is State.MISSED:
        return Refusal(with_code(_MISSED))
    if error.state is State.EXCUSED:
        return Refusal(("It is excused, so nothing is to be done.",))
    by: Line = (" by ", *named(session, (error.by_id,))) if error.by_id else ()
    when: Line = (", ", Moment(error.at, zone))
    if error.state is State.HELD:
        return Refusal(("It was finished already", *by, *when, "."))
    why = f": {quoted(error.reason or '')}." if error.reason else "."
    return Refusal(("It was cancelled", *by, *when, why))


def _started(session: Session, error: Any, zone: str) -> Refusal:
    by = named(session, (error.by_id,))
    since: Line = ("It is under way: started by ", *by, ", ", Moment(error.at, zone))
    return Refusal((*since, ". Now only ", *by, " can move, cancel or finish it."))


def _moved(session: Session, error: Any, zone: str) -> Refusal:
    by: Line = ("It was",) if error.by_id is None else named(session, (error.by_id,))
    rest = ". Close this and open it again, if that is to change."
    said = (*by, " moved it meanwhile, to ", Moment(error.starts_at, zone), rest)
    return Refusal(said, ("starts_at", "reason"))


def _not_yet(_session: Session, error: Any, zone: str) -> Refusal:
    rest = ". Reschedule it if you sit together earlier."
    return Refusal(("It is only on ", Moment(error.starts_at, zone), rest))


# --- where it may be set to


def _day_full(session: Session, error: Any, zone: str) -> Refusal:
    who = [words.said(one.name) for one in screens.who(session, error.taken_by)]
    day = words.day(error.on) if error.on else phrases.weekday(error.weekday)
    taken = f"{day} {'is' if error.on else 'are'} full: {words.listed(who)}."
    return Refusal((taken, *_free(error.free, zone)), _DAY)


def _overlaps(session: Session, error: Any, zone: str) -> Refusal:
    both = joined([named(session, (one,)) for one in (error.person_id, error.other_id)], " and ")
    if error.starts_at:
        when: Line = (Moment(error.starts_at, zone),)
    else:
        when = (f"{phrases.weekday(error.weekday)} {error.local_time:%H:%M}",)
    said: Line = (*both, " have theirs then: ", *when, ".")
    return Refusal((*said, *_free(error.free, zone)), _TIME)


def _day_off(session: Session, error: Any, zone: str) -> Refusal:
    whose = ("yours",) if error.of_actor else named(session, (error.person_id,))
    said: Line = (words.day(error.on), " is a day off of ", *whose, phrases.why_off(error.off), ".")
    return Refusal((*said, *_free(error.free, zone)), _DAY)


def _out_of_hours(session: Session, error: Any, zone: str) -> Refusal:
    whose = () if error.person_id is None else named(session, (error.person_id,))
    hours = f"between {error.earliest:%H:%M} and {error.latest:%H:%M}"
    said: Line = (f"Choose a time {hours}", *((" where ", *whose, " is") if whose else ()), ".")
    return Refusal((*said, *_free(error.free, zone)), _TIME)


def _free(free: Sequence[FreeSlot | datetime], zone: str) -> Line:
    """` Free: Thu 26 Nov, 10:00 · …`, or nothing."""
    if not free:
        return (" Nothing else is free in the next days.",)
    said = [
        phrases.slot(one) if isinstance(one, FreeSlot) else words.moment(one, zone) for one in free
    ]
    return (f" Free: {' · '.join(said)}.",)


def _far(_session: Session, error: Any, _zone: str) -> Refusal:
    said = f"That is too far away: {words.day(error.most)} at the latest. Or cancel it."
    return Refusal((said,), ("starts_at",))


def _minutes(_session: Session, error: Any, _zone: str) -> Refusal:
    return Refusal((f"Between {error.least} and {error.most} minutes.",), ("minutes",))


def _weekday(_session: Session, error: Any, _zone: str) -> Refusal:
    days = ", ".join(phrases.weekday(int(digit)) for digit in error.days)
    return Refusal((f"Standing one-on-ones are on {days}.",), ("weekday",))


def _too_wide(_session: Session, error: Any, _zone: str) -> Refusal:
    said = (
        f"{error.most} standing one-on-ones fit a week, and you have them all: the span is too"
        f" wide. Choose “{phrases.IN_ROTATION}”: then each week some are left out, in turn. Or let"
        " somebody else lead some of these people, or end another's first."
    )
    return Refusal((said,), ("weekday",))


# --- what is written


def _long(*fields: str) -> Words:
    def too_long(_session: Session, error: Any, _zone: str) -> Refusal:
        return Refusal((f"Shorter, please: {error.most} characters at most.",), fields)

    return too_long


def _many_points(_session: Session, error: Any, _zone: str) -> Refusal:
    said = f"{error.most} points of yours are open already. Drop one first."
    return Refusal((said,), ("text",))


# --- finishing


def text_field(deal_id: int) -> str:
    """The field of a deal's next action in the modal that finishes."""
    return f"next_{deal_id}"


def due_field(deal_id: int) -> str:
    """And that of its due date."""
    return f"due_{deal_id}"


def _next_missing(_session: Session, error: Any, _zone: str) -> Refusal:
    said = "No deal leaves the table without a next action: what, and by when?"
    return Refusal((said,), (text_field(error.deal_id),))


def _at_deal(session: Session, error: Any, zone: str) -> Refusal:
    """What a next action refuses, at the fields of its deal."""
    said = (REVIEW | REFUSALS)[type(error.cause)](session, error.cause, zone)
    field = due_field if "next_due" in said.fields else text_field
    return Refusal(said.line, (field(error.deal_id),))


def _not_theirs(session: Session, error: Any, _zone: str) -> Refusal:
    names = screens.deal_names(session, (error.deal_id,))
    named_ = words.listed([words.said(name, 60) for name in names]) or "one of these"
    return Refusal((f"Not an open deal of this person any more: {named_}. Drop it.",), ("deals",))


def _next_owner(session: Session, error: Any, _zone: str) -> Refusal:
    who = named(session, (error.person_id,))
    return Refusal((*who, " can no longer do this. Close this and press Finish again."))


_OVER = "Its time is over, and its rating is asked. [Finish] records it; else it counts as missed."
_GONE = "This one-on-one is not there any more. `/cadence one-on-ones` shows what is."
REFUSALS: Refusals = {
    UnknownOneOnOne: says(_GONE),
    UnknownPoint: says(
        "A talking point was dropped meanwhile. Close this and look again.", "talked"
    ),
    NoStanding: says("There is no standing one-on-one any more."),
    AlreadySettled: _settled,
    AlreadyStarted: _started,
    AlreadyAsked: says(_OVER),
    MovedMeanwhile: _moved,
    NotYet: _not_yet,
    DayFull: _day_full,
    Overlaps: _overlaps,
    DayIsOff: _day_off,
    OutOfHours: _out_of_hours,
    InThePast: says("That is in the past. Choose a later time.", "starts_at"),
    TooFarAway: _far,
    Unchanged: says("It is at that time already. Choose another.", "starts_at"),
    MinutesUnfit: _minutes,
    WeekdayUnfit: _weekday,
    SpanTooWide: _too_wide,
    ReasonMissing: why("reason", "Why does it not take place?"),
    ReasonTooLong: _long("reason"),
    EmptyPoint: says("Write what it is about.", "text"),
    PointTooLong: _long("text"),
    TooManyPoints: _many_points,
    NotesTooLong: _long("notes"),
    DealsMissing: says("Choose at least one deal that you went through.", "deals"),
    DealNextMissing: _next_missing,
    DealNotTheirs: _not_theirs,
    NextOwnerUnfit: _next_owner,
    AtDeal: _at_deal,
}
