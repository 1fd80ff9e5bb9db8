"""What the two do to a session: start it, cancel it, move it. The first click wins."""

from datetime import datetime, time

from sqlalchemy.orm import Session

from models.access import Act, require_one_of
from models.one_on_ones.breaches import tell_breach
from models.one_on_ones.diary import diary, free_times
from models.one_on_ones.owed import owe_changed, rating_asked_at, show
from models.one_on_ones.reading import FARTHEST, Held, current_sitting, hold
from models.one_on_ones.refusals import (
    AlreadyAsked,
    AlreadySettled,
    AlreadyStarted,
    DayIsOff,
    InThePast,
    MovedMeanwhile,
    NotYet,
    ReasonMissing,
    ReasonTooLong,
    TooFarAway,
    Unchanged,
)
from models.one_on_ones.sitting import give_up, settle, sit
from models.one_on_ones.tables import OneOnOne, Sitting, State
from models.people import Person, standards
from models.schedule import instant, local_date
from models.standards import is_empty_phrase

MOST_REASON = 500


def start(session: Session, actor: Person, one_on_one_id: int, now: datetime) -> OneOnOne:
    """The coach begins the session, on its day at the earliest.

    Raises `UnknownOneOnOne`, `Refused`, `AlreadySettled`, `NotYet`, `AlreadyStarted`.
    """
    held = hold(session, one_on_one_id)
    one_on_one = held.one_on_one
    check_run(session, actor, one_on_one, now)
    _require_not_started(one_on_one)
    begin(one_on_one, actor, now)
    session.flush()
    show(session, one_on_one, held.sitting, now)
    return one_on_one


def begin(one_on_one: OneOnOne, actor: Person, now: datetime) -> None:
    """Write down who began the session, and when."""
    one_on_one.started_at = now
    one_on_one.started_by_id = actor.id


def cancel(
    session: Session,
    actor: Person,
    one_on_one_id: int,
    reason: str,
    now: datetime,
    seen_at: datetime | None = None,
) -> OneOnOne:
    """One of the two calls the session off, with the reason; the other is told.

    Once it was started only the coach may. `seen_at`: when it was, as far as the actor knew. Raises
    `UnknownOneOnOne`, `Refused`, `AlreadySettled`, `AlreadyStarted`, `AlreadyAsked`,
    `MovedMeanwhile`, `ReasonMissing`, `ReasonTooLong`.
    """
    held = hold(session, one_on_one_id)
    check_change(session, actor, held.one_on_one, now)
    _require_unmoved(held.sitting, seen_at)
    reason = reason.strip()
    if is_empty_phrase(reason, standards(session).empty_phrases):
        raise ReasonMissing(reason)
    if len(reason) > MOST_REASON:
        raise ReasonTooLong(MOST_REASON)
    cancel_held(session, held, actor, reason, now)
    return held.one_on_one


def cancel_held(session: Session, held: Held, actor: Person, reason: str, now: datetime) -> None:
    """As `cancel`, of a session that is held and may be."""
    settle(
        session,
        held.one_on_one,
        held.sitting,
        State.CANCELLED,
        now,
        by_id=actor.id,
        reason=reason,
    )
    owe_changed(session, held.one_on_one, held.sitting, actor.id, now)
    tell_breach(session, held, actor, now)


def move(
    session: Session,
    actor: Person,
    one_on_one_id: int,
    starts_at: datetime,
    now: datetime,
    seen_at: datetime | None = None,
) -> Sitting:
    """One of the two sets the session to another time; the other is told.

    Within the same local date it counts against nobody. It still counts in the week in which it
    was first due. A session that was started and is moved has not begun. `seen_at`: as in `cancel`.

    Raises `UnknownOneOnOne`, `Refused`, `AlreadySettled`, `AlreadyStarted`, `AlreadyAsked`,
    `MovedMeanwhile`, `Unchanged`, `InThePast`, `TooFarAway`; and with what is free instead
    `DayIsOff`, `DayFull`, `Overlaps`, `OutOfHours`.
    """
    held = hold(session, one_on_one_id)
    one_on_one, before = held.one_on_one, held.sitting
    check_change(session, actor, one_on_one, now)
    _require_unmoved(before, seen_at)
    day = local_date(starts_at, one_on_one.zone)
    last = one_on_one.first_due_on + FARTHEST
    if starts_at == before.starts_at:
        raise Unchanged
    if starts_at <= now:
        raise InThePast(starts_at)
    if day > last:
        raise TooFarAway(last)
    pages = diary(
        session, held.coach, held.person, one_on_one.zone, day, day, without=one_on_one.id
    )
    minutes = one_on_one.minutes
    refused = pages.refusal(starts_at, minutes) or pages.out_of_hours(starts_at, minutes)
    if refused is not None:
        if isinstance(refused, DayIsOff):
            refused.of_actor = refused.person_id == actor.id
        refused.free = tuple(free_times(session, one_on_one.id, now))
        raise refused
    one_on_one.started_at = one_on_one.started_by_id = None
    give_up(session, one_on_one, before, now)
    is_same_day = day == before.local_date
    after = sit(session, one_on_one, starts_at, pages, now, by_id=actor.id, same_day=is_same_day)
    owe_changed(session, one_on_one, before, actor.id, now)
    tell_breach(session, held, actor, now)
    return after


# --- who may, and whether it is still open


def check_run(session: Session, actor: Person, one_on_one: OneOnOne, now: datetime) -> None:
    """Let this person start or finish the session now.

    Its coach alone, from the beginning of its day on. Raises `Refused`, `AlreadySettled`, `NotYet`.
    """
    require_one_of(actor, Act.RUN_ONE_ON_ONE, one_on_one.coach_id)
    _require_due(one_on_one)
    sitting = current_sitting(session, one_on_one.id)
    if now < instant(sitting.local_date, time(), one_on_one.zone):
        raise NotYet(sitting.starts_at)


def check_change(session: Session, actor: Person, one_on_one: OneOnOne, now: datetime) -> None:
    """Let this person move or cancel the session: either of the two, after its start the coach.

    Once its rating is asked nobody may: whatever it was, it was then. Raises `Refused`,
    `AlreadySettled`, `AlreadyStarted`, `AlreadyAsked`.
    """
    coach_id = one_on_one.coach_id
    require_one_of(actor, Act.CHANGE_ONE_ON_ONE, coach_id, one_on_one.person_id)
    _require_due(one_on_one)
    if actor.id != coach_id:
        _require_not_started(one_on_one)
    asked_at = rating_asked_at(session, current_sitting(session, one_on_one.id))
    if now >= asked_at:
        raise AlreadyAsked(asked_at)


def _require_due(one_on_one: OneOnOne) -> None:
    """Raises `AlreadySettled` with who and when, once the session is over."""
    if one_on_one.settled_at is not None:
        raise AlreadySettled(
            one_on_one.state,
            one_on_one.settled_by_id,
            one_on_one.settled_at,
            one_on_one.reason,
            one_on_one.excuse,
        )


def _require_unmoved(sitting: Sitting, seen_at: datetime | None) -> None:
    if seen_at is not None and sitting.starts_at != seen_at:
        raise MovedMeanwhile(sitting.starts_at, sitting.set_by_id, sitting.set_at)


def _require_not_started(one_on_one: OneOnOne) -> None:
    by_id, at = one_on_one.started_by_id, one_on_one.started_at
    if by_id is not None and at is not None:
        raise AlreadyStarted(by_id, at)
