"""The morning digest comes at 08:30 where its person is, also when clocks change, or late."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from bot.scheduler import run_due
from models.absences import put_absence
from models.agenda import PROMPTS, keep_digest
from models.base import Database
from models.delivery import Delivery, Kind
from models.one_on_ones import put_standing
from models.people import get_person
from models.roster import put_person
from models.schedule import Occurrence, OccurrenceState, Schedule
from models.week import DIGEST
from tests.schedules.transitions import transitions
from tests.world import World, a_workspace

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
MONDAY = datetime(2026, 11, 23, 13, 30, tzinfo=UTC)  # 08:30 in New York
ZONES = ("America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC")


@pytest.fixture
def world(database: Database) -> World:
    return a_workspace(database)


def keep(database: Database, world: World, zone: str, now: datetime, days: str = "12345") -> None:
    """Ana lives there, works on these days and has a digest."""
    with database.transaction(world.workspace_id) as session:
        ana, _ = put_person(
            session,
            "U0ANA",
            name="Ana",
            role=get_person(session, world.ana).role,
            zone=zone,
            working_days=days,
        )
        keep_digest(session, ana, now)


def run(database: Database, now: datetime) -> int:
    return run_due(database, PROMPTS, lambda: now)


def occurrences(database: Database) -> list[Occurrence]:
    with database.everywhere() as session:
        return list(
            session.scalars(
                select(Occurrence)
                .join(Schedule, Schedule.id == Occurrence.schedule_id)
                .where(Schedule.prompt == DIGEST)
                .order_by(Occurrence.local_date)
            )
        )


def owed(database: Database, kind: Kind = Kind.DIGEST) -> list[Delivery]:
    with database.everywhere() as session:
        return list(session.scalars(select(Delivery).where(Delivery.kind == kind)))


def edges(zone: str) -> list[date]:
    """The dates in a year from now on which the clocks of a zone change; else any Monday."""
    found = [(change.at + change.before).date() for change in transitions(zone)]
    return [day for day in found if MONDAY.date() <= day <= MONDAY.date() + 365 * DAY] or [
        MONDAY.date()
    ]


@pytest.mark.parametrize("zone", ZONES)
def test_once_a_day_at_half_past_eight_also_when_the_clocks_change(
    database: Database, world: World, zone: str
) -> None:
    first, *_ = edges(zone)
    begin = datetime.combine(first - 3 * DAY, time(), ZoneInfo(zone)).astimezone(UTC)
    keep(database, world, zone, begin, days="1234567")
    for hours in range(0, 7 * 24, 3):  # a late digest is sent for four
        run(database, begin + hours * HOUR)
    found = occurrences(database)
    assert [one.local_date for one in found] == [first + n * DAY for n in range(-3, 4)]
    local = [one.due_at.astimezone(ZoneInfo(zone)) for one in found]
    assert {f"{at:%H:%M}" for at in local} == {"08:30"}
    assert len(owed(database)) == 7


def test_both_edges_of_the_clock_are_tried() -> None:
    assert [len(edges(zone)) for zone in ZONES] == [2, 2, 2, 1, 1]


@pytest.mark.parametrize("edge", [0, 1])
@pytest.mark.parametrize("zone", ZONES[:3])
def test_the_working_day_after_each_edge(
    database: Database, world: World, zone: str, edge: int
) -> None:
    changed = edges(zone)[edge]
    begin = datetime.combine(changed - DAY, time(12), ZoneInfo(zone)).astimezone(UTC)
    keep(database, world, zone, begin)
    for hours in range(0, 49, 3):
        run(database, begin + hours * HOUR)
    [monday] = occurrences(database)
    assert monday.local_date.isoweekday() == 1
    assert f"{monday.due_at.astimezone(ZoneInfo(zone)):%H:%M}" == "08:30"


def test_who_moves_to_another_zone_gets_the_day_once(database: Database, world: World) -> None:
    keep(database, world, "Asia/Tokyo", MONDAY - DAY)
    tokyo = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)  # Tuesday 08:30 there
    run(database, tokyo)
    keep(database, world, "America/New_York", tokyo + HOUR)  # still Monday there
    for hours in range(2, 40):
        run(database, tokyo + hours * HOUR)
    assert [one.local_date for one in occurrences(database)] == [
        date(2026, 11, 23),
        date(2026, 11, 24),
        date(2026, 11, 25),
    ]


def standing(database: Database, world: World) -> None:
    """Ana and Max sit together on Tuesdays at 10:00: something is in Monday's digest."""
    with database.transaction(world.workspace_id) as session:
        put_standing(
            session,
            get_person(session, world.max),
            get_person(session, world.ana),
            weekday=2,
            local_time=time(10),
            minutes=30,
            active_from=date(2026, 11, 23),
            now=MONDAY - 3 * DAY,
        )


@pytest.mark.parametrize(
    ("late", "state", "told"),
    [
        (timedelta(hours=3, minutes=59), OccurrenceState.RAN, 0),
        (4 * HOUR, OccurrenceState.SKIPPED, 1),
    ],
)
def test_after_an_outage_it_comes_within_four_hours_or_is_said_to_be_skipped(
    database: Database, world: World, late: timedelta, state: OccurrenceState, told: int
) -> None:
    standing(database, world)
    keep(database, world, "America/New_York", MONDAY - HOUR)
    run(database, MONDAY + late)
    [one] = occurrences(database)
    assert one.state is state
    assert len(owed(database)) == 1 - told
    assert [notice.person_id for notice in owed(database, Kind.SCHEDULE_SKIPPED)] == (
        [world.ana] * told
    )


def test_four_hours_are_hours_also_where_the_clocks_change(
    database: Database, world: World
) -> None:
    """Lord Howe's clocks go forward by half an hour at two: 08:30 plus four hours is 12:30."""
    changed = edges("Australia/Lord_Howe")[1]
    zone = ZoneInfo("Australia/Lord_Howe")
    due = datetime.combine(changed, time(8, 30), zone).astimezone(UTC)
    keep(database, world, zone.key, due - 3 * HOUR, days="1234567")
    run(database, due + 4 * HOUR - timedelta(seconds=1))
    assert [one.state for one in occurrences(database)] == [OccurrenceState.RAN]


def test_on_a_day_off_an_outage_is_said_to_nobody(database: Database, world: World) -> None:
    keep(database, world, "America/New_York", MONDAY - HOUR)
    with database.transaction(world.workspace_id) as session:
        ana = get_person(session, world.ana)
        put_absence(session, ana, MONDAY.date(), MONDAY.date(), MONDAY - DAY)
    run(database, MONDAY + 5 * HOUR)
    assert owed(database) == owed(database, Kind.SCHEDULE_SKIPPED) == []


def test_on_a_public_holiday_there_is_none(database: Database, world: World) -> None:
    keep(database, world, "America/New_York", MONDAY - HOUR)
    with database.transaction(world.workspace_id) as session:
        get_person(session, world.ana).holiday_calendar = "US"
    for days in range(5):
        run(database, MONDAY + days * DAY)
    states = {one.local_date.day: one.reason for one in occurrences(database)}
    assert states == {23: None, 24: None, 25: None, 26: "day_off", 27: None}
