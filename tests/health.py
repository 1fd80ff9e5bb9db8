"""Monday's health check for tests: made through the rules, at 09:00 in New York."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from models.coaching import CoachingKind, CoachingLog, CoverageTalk, talks_of
from models.health_check import HealthCheck, check_on, check_team
from models.people import get_person, team
from tests.coaching import a_log
from tests.world import World

MONDAY = date(2026, 11, 30)
NINE = datetime(2026, 11, 30, 14, 0, tzinfo=UTC)  # 09:00 in New York
FOUR = datetime(2026, 11, 30, 21, 0, tzinfo=UTC)
MIDNIGHT = datetime(2026, 12, 1, 5, 0, tzinfo=UTC)


def a_check(
    session: Session, world: World, day: date = MONDAY, now: datetime = NINE
) -> list[CoverageTalk]:
    """West is checked, with Max there; the conversations that it asks for."""
    made = check_team(session, team(session, world.team), get_person(session, world.max), day, now)
    return talks_of(session, made.id)


def a_coverage_log(
    session: Session,
    world: World,
    person_id: int | None = None,
    now: datetime = NINE + timedelta(hours=1),
    **changes: Any,
) -> CoachingLog:
    """Max's log of a coverage conversation with Ana that Monday, unless said otherwise."""
    said: dict[str, Any] = {
        "kind": CoachingKind.COVERAGE,
        "held_on": MONDAY,
        "next_on": MONDAY + timedelta(days=3),
    }
    return a_log(session, world, person_id, now, **said | changes)


def the_check(session: Session, world: World, day: date = MONDAY) -> HealthCheck:
    """West's check of that day."""
    found = check_on(session, world.team, day)
    assert found is not None
    return found


def talk_with(session: Session, world: World, person_id: int) -> CoverageTalk:
    """The conversation with this person on that Monday."""
    talks = talks_of(session, the_check(session, world).id)
    return next(one for one in talks if one.person_id == person_id)
