"""Fridays around changed clocks and on holidays: asked once, in time until midnight there."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from freezegun import freeze_time
from sqlalchemy import select

from bot.scheduler import run_due
from models.agenda import CHORES, PROMPTS
from models.base import Database
from models.delivery import Delivery, Kind
from models.forecast import Forecast, ForecastState
from models.people import get_person, team
from models.pipeline_review import name_deputy
from models.schedule import (
    Lateness,
    Occurrence,
    OccurrenceState,
    Schedule,
    instant,
    put_schedule,
)
from models.week import FORECAST
from tests.world import NOW, World, a_workspace

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def world(database: Database) -> World:
    return a_workspace(database)


def scheduled(database: Database, world: World, zone: str, since: date) -> None:
    """West's Fridays at 15:00 of that zone, from a day on."""
    with database.transaction(world.workspace_id) as session:
        team(session, world.team).zone = zone
        for name in ("max", "lea", "cleo"):
            get_person(session, getattr(world, name)).zone = zone
        put_schedule(
            session, world.team, FORECAST, weekdays="5", local_time=time(15), zone=zone,
            lateness=Lateness.MIDNIGHT, active_from=since,
        )  # fmt: skip


def run(database: Database, now: datetime) -> int:
    """As the scheduler does, with the clock of the machine standing there too."""
    with freeze_time(now):
        return run_due(database, PROMPTS, lambda: now, chores=CHORES)


def forecasts(database: Database) -> list[Forecast]:
    with database.everywhere() as session:
        return list(session.scalars(select(Forecast).order_by(Forecast.day)))


def asked(database: Database) -> list[int | None]:
    with database.everywhere() as session:
        found = select(Delivery.person_id).where(Delivery.kind == Kind.FORECAST_CARD)
        return list(session.scalars(found.order_by(Delivery.id)))


WEEKEND = 57 * HOUR  # from midnight of Friday to Monday 09:00, where no clock changes


@pytest.mark.parametrize(
    ("zone", "friday", "weekend"),
    [
        ("America/New_York", date(2026, 10, 30), WEEKEND + HOUR),
        ("America/New_York", date(2027, 3, 12), WEEKEND - HOUR),
        ("Europe/Berlin", date(2026, 10, 23), WEEKEND + HOUR),
        ("Europe/Berlin", date(2027, 3, 26), WEEKEND - HOUR),
        ("Africa/Cairo", date(2027, 4, 30), WEEKEND),  # the clocks change as this Friday begins
        ("Africa/Cairo", date(2026, 10, 30), WEEKEND),
    ],
)
def test_on_both_edges_of_summer_time(
    database: Database, world: World, zone: str, friday: date, weekend: timedelta
) -> None:
    scheduled(database, world, zone, friday - 4 * DAY)
    begins = instant(friday, time(15), zone)
    moment = instant(friday - DAY, time(12), zone)
    while moment <= begins + 2 * HOUR:
        run(database, moment)
        moment += 3 * HOUR
    [made] = forecasts(database)
    assert (made.day, made.due_at) == (friday, begins)
    assert made.late_from == instant(friday + DAY, time(), zone)
    assert made.closes_at == instant(friday + 3 * DAY, time(9), zone)
    assert made.closes_at - made.late_from == weekend
    run(database, made.late_from - timedelta(seconds=1))
    assert forecasts(database)[0].state is ForecastState.OPEN
    run(database, made.late_from)
    assert forecasts(database)[0].state is ForecastState.MISSED


def test_a_public_holiday_of_the_manager(database: Database, world: World) -> None:
    """18 December is none; 25 December is one, a Friday: then the deputy is asked."""
    christmas = date(2026, 12, 25)
    scheduled(database, world, "America/New_York", date(2026, 12, 14))
    with database.transaction(world.workspace_id) as session:
        boss = get_person(session, world.max)
        boss.holiday_calendar = "US"
        cleo = get_person(session, world.cleo)
        name_deputy(session, boss, team(session, world.team), cleo, NOW)
    run(database, instant(christmas - 7 * DAY, time(15), "America/New_York"))
    run(database, instant(christmas, time(15), "America/New_York"))
    assert asked(database) == [world.max, world.cleo]


@pytest.mark.parametrize(
    ("off", "reason"),
    [
        (("max", "lea"), "nobody_there"),
        (("max", "ana", "ben", "cleo"), "team_off"),
        (("max", "ana", "ben", "cleo", "lea"), "team_off"),
    ],
)
def test_everybodys_holiday_is_excused_and_never_missed(
    database: Database, world: World, off: tuple[str, ...], reason: str
) -> None:
    christmas = date(2026, 12, 25)
    scheduled(database, world, "America/New_York", christmas - 4 * DAY)
    with database.transaction(world.workspace_id) as session:
        for name in off:
            get_person(session, getattr(world, name)).holiday_calendar = "US"
    run(database, instant(christmas, time(15), "America/New_York"))
    run(database, instant(christmas + 5 * DAY, time(9), "America/New_York"))
    assert (forecasts(database), asked(database)) == ([], [])
    with database.everywhere() as session:
        [occurrence] = session.scalars(
            select(Occurrence).join(Schedule, Schedule.id == Occurrence.schedule_id)
            .where(Schedule.prompt == FORECAST)
        )  # fmt: skip
        assert (occurrence.state, occurrence.reason) == (OccurrenceState.SKIPPED, reason)


def test_late_until_midnight_then_skipped_and_said(database: Database, world: World) -> None:
    first = date(2026, 11, 27)
    scheduled(database, world, "America/New_York", first)
    evening = instant(first, time(23, 59), "America/New_York")
    run(database, evening)
    [made] = forecasts(database)
    assert (made.due_at, made.day) == (datetime(2026, 11, 27, 20, tzinfo=UTC), first)
    run(database, instant(first + 8 * DAY, time(), "America/New_York"))  # an outage all week
    assert len(forecasts(database)) == 1
    with database.everywhere() as session:
        told = select(Delivery.person_id).where(Delivery.kind == Kind.SCHEDULE_SKIPPED)
        assert set(session.scalars(told)) == {world.max, world.ada}
