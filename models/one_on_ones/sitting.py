"""Setting a session to a time, and giving that time up again."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from models.one_on_ones.diary import Diary, settle_by
from models.one_on_ones.owed import owe_sitting, show
from models.one_on_ones.tables import Excuse, OneOnOne, Sitting, State
from models.schedule import local_date


def sit(
    session: Session,
    one_on_one: OneOnOne,
    starts_at: datetime,
    pages: Diary,
    now: datetime,
    *,
    by_id: int | None = None,
    same_day: bool = False,
) -> Sitting:
    """Set the session to a time and owe what goes with it; whoever calls has looked in the diary.

    A session that is not due takes no place, and owes nothing. `by_id` None: by the schedule.
    """
    is_due = one_on_one.state is State.DUE
    day = local_date(starts_at, one_on_one.zone)
    made = Sitting(
        one_on_one_id=one_on_one.id,
        coach_id=one_on_one.coach_id,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=one_on_one.minutes),
        local_date=day,
        seat=pages.seat(day) if is_due else None,
        set_by_id=by_id,
        set_at=now,
        same_day=same_day,
        settle_by=settle_by(session, pages.coach, day, one_on_one.zone) if is_due else None,
    )
    session.add(made)
    session.flush()
    if is_due:
        owe_sitting(session, one_on_one, made)
    show(session, one_on_one, made, now)
    return made


def give_up(session: Session, one_on_one: OneOnOne, sitting: Sitting, now: datetime) -> None:
    """The session is set to another time next: this one stays as trail."""
    sitting.is_current = False
    sitting.ended_at = now
    sitting.seat = None
    sitting.settle_by = None
    session.flush()
    show(session, one_on_one, sitting, now)


def settle(
    session: Session,
    one_on_one: OneOnOne,
    sitting: Sitting,
    state: State,
    now: datetime,
    *,
    by_id: int | None = None,
    reason: str | None = None,
    excuse: Excuse | None = None,
) -> None:
    """The session ends in this state, and both cards say so.

    What took place, or should have, keeps its place in the day; what is cancelled or excused
    leaves it to others.
    """
    mark(one_on_one, state, now, by_id=by_id, reason=reason, excuse=excuse)
    sitting.settle_by = None
    if state in (State.CANCELLED, State.EXCUSED):
        sitting.seat = None
    session.flush()
    show(session, one_on_one, sitting, now)


def mark(
    one_on_one: OneOnOne,
    state: State,
    now: datetime,
    *,
    by_id: int | None = None,
    reason: str | None = None,
    excuse: Excuse | None = None,
) -> None:
    """Write down that a session ended in this state, by whom and why."""
    one_on_one.state = state
    one_on_one.settled_at = now
    one_on_one.settled_by_id = by_id
    one_on_one.reason = reason
    one_on_one.excuse = excuse


def take_back(
    session: Session, one_on_one: OneOnOne, sitting: Sitting, pages: Diary, now: datetime
) -> None:
    """An excused session is due again at the time that it was set to."""
    reopen(one_on_one)
    sitting.seat = pages.seat(sitting.local_date)
    sitting.settle_by = settle_by(session, pages.coach, sitting.local_date, one_on_one.zone)
    session.flush()
    owe_sitting(session, one_on_one, sitting)
    show(session, one_on_one, sitting, now)


def reopen(one_on_one: OneOnOne) -> None:
    """A session that was excused, or fell with its standing schedule, is due again."""
    one_on_one.state = State.DUE
    one_on_one.settled_at = None
    one_on_one.settled_by_id = None
    one_on_one.reason = None
    one_on_one.excuse = None
