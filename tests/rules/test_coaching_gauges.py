"""The gauges of who coaches: what counts, from when, and what of the own time it is."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from models.absences import put_absence
from models.coaching import gauges
from models.people import get_person, workspace
from tests.coaching import a_log
from tests.world import World

TUESDAY = datetime(2026, 12, 1, 17, tzinfo=UTC)  # noon in New York


def log(session: Session, world: World, person_id: int, now: datetime, **changes: Any) -> None:
    a_log(session, world, person_id, now, next_on=now.date() + timedelta(days=7), **changes)


def of_max(session: Session, world: World, today: date) -> tuple[dict[int, int], dict[int, int]]:
    found = gauges(session, get_person(session, world.max), today)
    return dict(found.minutes), dict(found.contacts)


def test_a_week_across_the_months_edge(session: Session, world: World) -> None:
    """Coaching on the last Monday of November is a contact of this week, and not December's."""
    log(session, world, world.ana, TUESDAY, minutes=30, held_on=date(2026, 11, 29))  # Sunday
    log(session, world, world.ana, TUESDAY, minutes=20, held_on=date(2026, 11, 30))
    log(session, world, world.ana, TUESDAY, minutes=45, held_on=date(2026, 12, 1))
    log(session, world, world.ben, TUESDAY, minutes=15, held_on=date(2026, 11, 30))

    minutes, contacts = of_max(session, world, date(2026, 12, 1))

    assert minutes == {world.ana: 45}
    assert contacts == {world.ana: 2, world.ben: 1}


def test_a_month_across_the_weeks_edge(session: Session, world: World) -> None:
    later = TUESDAY + timedelta(days=6)
    log(session, world, world.ana, later, minutes=30, held_on=date(2026, 12, 4))  # Friday
    log(session, world, world.ana, later, minutes=45, held_on=date(2026, 12, 7))
    assert of_max(session, world, date(2026, 12, 7)) == ({world.ana: 75}, {world.ana: 1})


def test_late_logs_and_other_coaches_are_outside(session: Session, world: World) -> None:
    log(session, world, world.ana, TUESDAY + timedelta(days=8), held_on=date(2026, 12, 1))
    log(
        session,
        world,
        world.max,
        TUESDAY,
        coach_id=world.lea,
        focus="coaching",
        held_on=date(2026, 12, 1),
    )
    assert of_max(session, world, date(2026, 12, 9)) == ({}, {})


@pytest.mark.parametrize(
    ("today", "days"),
    [
        (date(2026, 12, 1), 1),
        (date(2026, 12, 4), 4),
        (date(2026, 12, 6), 4),  # Sunday
        (date(2026, 12, 31), 19),  # Christmas, and three days of his own
    ],
)
def test_working_time_leaves_out_days_off(
    session: Session, world: World, today: date, days: int
) -> None:
    boss = get_person(session, world.max)
    boss.holiday_calendar = "US"
    put_absence(session, boss, date(2026, 12, 29), date(2026, 12, 31), TUESDAY)
    found = gauges(session, boss, today)
    assert found.worked == days * 8 * 60


def test_the_share_of_ones_own_time(session: Session, world: World) -> None:
    workspace(session).standards = {"day_hours": 7.5}
    boss = get_person(session, world.max)
    log(session, world, world.ana, TUESDAY, minutes=90, held_on=date(2026, 12, 1))
    log(session, world, world.ben, TUESDAY, minutes=45, held_on=date(2026, 12, 1))
    assert gauges(session, boss, date(2026, 12, 1)).share == 135 / 450
    boss.working_days = "345"
    assert gauges(session, boss, date(2026, 12, 1)).share is None
