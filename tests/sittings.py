"""One-on-ones at a moment that a test needs, by their rows alone: no schedule, no planning."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.delivery import Delivery, Kind, owe
from models.one_on_ones import Excuse, OneOnOne, Sitting, Standing, State

TEN = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)  # Tuesday 24 November, 10:00 in New York
HALF_AN_HOUR = timedelta(minutes=30)
ZONE = "America/New_York"


def a_one_on_one(
    session: Session, coach_id: int, person_id: int, starts_at: datetime = TEN
) -> OneOnOne:
    """A due session of 30 minutes, as its standing one-on-one has it; its rating is owed."""
    standing = _standing(session, coach_id, person_id, starts_at)
    day = starts_at.astimezone(ZoneInfo(ZONE)).date()
    made = OneOnOne(
        coach_id=coach_id,
        person_id=person_id,
        standing_id=standing.id,
        week=day - timedelta(days=day.weekday()),
        first_due_on=day,
        minutes=30,
        zone=ZONE,
        state=State.DUE,
    )
    session.add(made)
    session.flush()
    set_to(session, made, starts_at)
    return made


def _standing(session: Session, coach_id: int, person_id: int, starts_at: datetime) -> Standing:
    found = session.scalar(select(Standing).where(Standing.person_id == person_id))
    if found is not None:
        return found
    made = Standing(
        coach_id=coach_id,
        person_id=person_id,
        weekday=2,
        local_time=time(10),
        minutes=30,
        zone=ZONE,
        active_from=starts_at.date(),
        set_at=starts_at,
        ended_at=starts_at,  # so that nothing more is planned
        plan_at=starts_at,
    )
    session.add(made)
    session.flush()
    return made


def set_to(session: Session, one_on_one: OneOnOne, starts_at: datetime) -> Sitting:
    """It is (moved) to this time."""
    before = sitting_of(session, one_on_one)
    if before is not None:
        before.is_current, before.seat, before.ended_at = False, None, starts_at
        session.flush()
    day = starts_at.astimezone(ZoneInfo(ZONE)).date()
    taken = session.scalars(
        select(Sitting.seat).where(
            Sitting.coach_id == one_on_one.coach_id, Sitting.local_date == day
        )
    )
    made = Sitting(
        one_on_one_id=one_on_one.id,
        coach_id=one_on_one.coach_id,
        starts_at=starts_at,
        ends_at=starts_at + HALF_AN_HOUR,
        local_date=day,
        seat=max((seat for seat in taken if seat), default=0) + 1,
        set_at=starts_at - timedelta(days=7),
        settle_by=starts_at + timedelta(days=2),
    )
    session.add(made)
    session.flush()
    owe(
        session,
        Kind.ONE_ON_ONE_RATING,
        made.id,
        dedupe_key=f"sitting:{made.id}:rating",
        due_at=made.ends_at + timedelta(minutes=15),
        person_id=one_on_one.person_id,
    )
    return made


def sitting_of(session: Session, one_on_one: OneOnOne) -> Sitting | None:
    """Its current time."""
    current = select(Sitting).where(Sitting.one_on_one_id == one_on_one.id, Sitting.is_current)
    return session.scalar(current)


def settle(session: Session, one_on_one: OneOnOne, state: State, at: datetime) -> None:
    """It ends in this state."""
    one_on_one.state, one_on_one.settled_at = state, at
    if state is State.HELD:
        one_on_one.started_at, one_on_one.started_by_id = at, one_on_one.coach_id
    if state in (State.HELD, State.CANCELLED):
        one_on_one.settled_by_id = one_on_one.coach_id
    if state is State.CANCELLED:
        one_on_one.reason = "A customer came first"
    if state is State.EXCUSED:
        one_on_one.excuse = Excuse.PERSON_OFF
    session.flush()


def asking(session: Session, one_on_one: OneOnOne) -> Delivery:
    """The DM that asks about it, at its current time."""
    sitting = sitting_of(session, one_on_one)
    assert sitting is not None
    return session.scalars(
        select(Delivery)
        .where(Delivery.kind == Kind.ONE_ON_ONE_RATING, Delivery.subject_id == sitting.id)
        .execution_options(populate_existing=True)
    ).one()
