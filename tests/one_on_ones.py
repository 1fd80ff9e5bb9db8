"""One-on-ones for tests, made through the product's own rules: standing ones, sessions, Finish.

The week is that of Monday 23 November 2026; Thursday is Thanksgiving to who keeps the US calendar.
"""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.coaching import CoachingKind, How, LogInput
from models.days import DAY
from models.delivery import Delivery, Kind
from models.one_on_ones import (
    FinishInput,
    OneOnOne,
    Sitting,
    Standing,
    State,
    current_sitting,
    finish,
    get,
    put_standing,
)
from models.people import Person, get_person
from models.schedule import instant
from tests.world import World, a_person

NEW_YORK = "America/New_York"
MONDAY = date(2026, 11, 23)
MORNING = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)  # Monday 09:00 in New York
TEN = time(10)
TUESDAY_TEN = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)  # 10:00 in New York
WEEK = timedelta(days=7)
HOUR = timedelta(hours=1)


def at(weekday: int, hour: int, minute: int = 0, *, week: int = 0) -> datetime:
    """A moment of this week (ISO weekday), or of a later one, in New York."""
    day = MONDAY + week * WEEK + (weekday - 1) * DAY
    return instant(day, time(hour, minute), NEW_YORK)


def person(session: Session, person_id: int) -> Person:
    return get_person(session, person_id)


def a_standing(
    session: Session,
    coach_id: int,
    person_id: int,
    *,
    weekday: int = 2,
    local_time: time = TEN,
    minutes: int = 30,
    active_from: date = MONDAY,
    now: datetime = MORNING,
) -> Standing:
    """The coach sets a standing one-on-one: Tuesdays at 10:00, half an hour, unless said."""
    made, _ = put_standing(
        session,
        get_person(session, coach_id),
        get_person(session, person_id),
        weekday=weekday,
        local_time=local_time,
        minutes=minutes,
        active_from=active_from,
        now=now,
    )
    return made


def a_session(session: Session, world: World, **standing: Any) -> OneOnOne:
    """Ana's session with Max this Tuesday at 10:00 (its standing one-on-one is made with it)."""
    a_standing(session, world.max, world.ana, **standing)
    return sessions_of(session, world.ana)[0]


def sessions_of(session: Session, person_id: int) -> list[OneOnOne]:
    """What is planned for who is coached, by week."""
    found = select(OneOnOne).where(OneOnOne.person_id == person_id)
    return list(session.scalars(found.order_by(OneOnOne.week, OneOnOne.id)))


def starts_of(session: Session, person_id: int) -> list[datetime]:
    """When these sessions are, those that are due."""
    return [
        current_sitting(session, each.id).starts_at
        for each in sessions_of(session, person_id)
        if each.state is State.DUE
    ]


def sitting_of(session: Session, one_on_one: OneOnOne) -> Sitting:
    return current_sitting(session, one_on_one.id)


def reps(session: Session, world: World, number: int) -> list[int]:
    """So many more members of West, by id."""
    return [
        a_person(session, f"U0REP{n}", f"Rep {n}", team_id=world.team, reports_to_id=world.max).id
        for n in range(number)
    ]


def a_log(**changed: Any) -> LogInput:
    """A coaching log that will do."""
    given: dict[str, Any] = {
        "focus": "objection handling",
        "feedback": "Let silence work after the price is said",
        "next_step": "Two calls with it, one recorded",
        "next_on": MONDAY + 8 * DAY,
        "held_on": MONDAY + DAY,
        "kind": CoachingKind.ONE_ON_ONE,
        "how": How.QUESTIONS,
        "minutes": 30,
    }
    return LogInput(**given | changed)


def finished(**changed: Any) -> FinishInput:
    """What Finish was given: no open deals, a log that will do."""
    given: dict[str, Any] = {"notes": None, "deals": (), "log": a_log()}
    return FinishInput(**given | changed)


def hold(session: Session, one_on_one: OneOnOne, now: datetime) -> OneOnOne:
    """Its coach finishes it."""
    given = finished(log=a_log(next_on=now.date() + WEEK))
    return finish(session, get_person(session, one_on_one.coach_id), one_on_one.id, given, now)


CHANGED = (Kind.ONE_ON_ONE_CHANGED, Kind.ONE_ON_ONE_CHANGED_COACH)
"""News of a change, to either side."""


def told(session: Session, *kinds: Kind) -> list[tuple[int, int | None, datetime]]:
    """What is owed of these kinds: subject, to whom, due when; in the order of owing."""
    rows = session.execute(
        select(Delivery.subject_id, Delivery.person_id, Delivery.due_at)
        .where(Delivery.kind.in_(kinds))
        .order_by(Delivery.id)
    )
    return [(subject, who, due) for subject, who, due in rows]


def state_of(session: Session, one_on_one_id: int) -> State:
    return get(session, one_on_one_id).state
