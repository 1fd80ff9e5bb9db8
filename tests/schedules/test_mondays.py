"""Monday's prompts: at their local time also when clocks change, on holidays, late, at midnight."""

from datetime import UTC, date, datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import select

from bot.scheduler import run_due
from models.agenda import PROMPTS, Skipped
from models.base import Database
from models.coaching import CoverageTalk, TalkState
from models.deals import Import
from models.delivery import Delivery, Kind
from models.deputies import put_deputy
from models.health_check import HealthCheck
from models.people import Role, get_person, members, team
from models.roster import put_person
from models.schedule import Occurrence, OccurrenceState, Schedule, SkipReason
from models.screens import import_reminder
from models.week import HEALTH, IMPORT_REMINDER
from tests.world import World, a_deal, a_person, a_quota, a_team, a_workspace, an_import

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
# the Mondays after the clocks of New York changed in 2026, Memorial Day, and an ordinary one
SPRING, AUTUMN = date(2026, 3, 9), date(2026, 11, 2)
MEMORIAL_DAY, ORDINARY = date(2026, 5, 25), date(2026, 11, 30)


@pytest.fixture
def world(database: Database) -> World:
    """West, which began long ago; Ana has a deal."""
    world = a_workspace(database)
    with database.transaction(world.workspace_id) as session:
        team(session, world.team).trial_ends_on = date(2026, 1, 11)
        a_deal(session, world.ana, close_on=date(2026, 12, 15))
        for person_id in (world.ana, world.ben, world.cleo):
            first = (date(2026, 1, 1), date(2026, 3, 31))
            a_quota(session, world.team, 300_000_00, first, person_id=person_id)
    return world


def nine(monday: date) -> datetime:
    """09:00 in New York."""
    summer = date(2026, 3, 8) <= monday < date(2026, 11, 1)
    return datetime(monday.year, monday.month, monday.day, 13 if summer else 14, tzinfo=UTC)


def run(database: Database, *moments: datetime) -> None:
    for moment in moments:
        run_due(database, PROMPTS, partial(_at, moment))


def _at(moment: datetime) -> datetime:
    return moment


def imported(database: Database, world: World, at: datetime, by: int | None = None) -> None:
    with database.transaction(world.workspace_id) as session:
        an_import(session, at).imported_by_id = by


def settled(database: Database, prompt: str) -> list[Occurrence]:
    with database.everywhere() as session:
        of_prompt = select(Occurrence).join(Schedule, Schedule.id == Occurrence.schedule_id)
        found = of_prompt.where(Schedule.prompt == prompt).order_by(Occurrence.local_date)
        return list(session.scalars(found))


def told(database: Database, kind: Kind) -> list[int]:
    with database.everywhere() as session:
        rows = session.scalars(select(Delivery).where(Delivery.kind == kind).order_by(Delivery.id))
        return [one.person_id or 0 for one in rows]


def talks(database: Database) -> list[CoverageTalk]:
    with database.everywhere() as session:
        return list(session.scalars(select(CoverageTalk).order_by(CoverageTalk.person_id)))


@pytest.mark.parametrize("monday", [SPRING, AUTUMN, ORDINARY])
def test_at_nine_where_the_team_is_until_its_midnight(
    database: Database, world: World, monday: date
) -> None:
    at = nine(monday)
    run(database, at - 3 * DAY)
    imported(database, world, at - DAY)
    run(database, at - MINUTE)
    assert talks(database) == []
    run(database, at, at + HOUR)
    found = talks(database)
    assert [talk.day for talk in found] == [monday] * 3
    assert {talk.ends_at for talk in found} == {at + 15 * HOUR}
    with database.everywhere() as session:
        [reminder] = session.scalars(select(Delivery).where(Delivery.kind == Kind.HEALTH_REMINDER))
        assert reminder.due_at == at + 7 * HOUR  # 16:00
    run(database, at + 15 * HOUR - MINUTE)
    assert {talk.state for talk in talks(database)} == {TalkState.OPEN}
    run(database, at + 15 * HOUR)
    assert {talk.state for talk in talks(database)} == {TalkState.MISSED}


@pytest.mark.parametrize(("hours", "runs"), [(2, True), (3, False)])
def test_late_until_noon(database: Database, world: World, hours: int, runs: bool) -> None:
    at = nine(ORDINARY)
    run(database, at - 3 * DAY)
    imported(database, world, at - DAY)
    run(database, at + hours * HOUR)
    [one] = settled(database, HEALTH)
    assert (one.state is OccurrenceState.RAN) is runs
    if not runs:
        assert one.reason == SkipReason.LATE
        assert set(told(database, Kind.SCHEDULE_SKIPPED)) == {world.max, world.ada}


def holiday(database: Database, world: World) -> None:
    with database.transaction(world.workspace_id) as session:
        put_person(
            session, "U0MAX", name="Max", role=Role.MANAGER, holiday_calendar="US",
        )  # fmt: skip


def test_on_the_managers_holiday_the_deputy_is_asked_else_the_leader(
    database: Database, world: World
) -> None:
    at = nine(MEMORIAL_DAY)
    holiday(database, world)
    run(database, at - 3 * DAY)
    imported(database, world, at - DAY)
    run(database, at)
    assert told(database, Kind.HEALTH_TALKS) == [world.lea]
    with database.transaction(world.workspace_id) as session:
        dora = a_person(session, "U0DORA", "Dora", Role.MANAGER, reports_to_id=world.lea)
        put_deputy(session, team(session, world.team), dora, world.max, at)
    later = nine(date(2026, 7, 6))  # an ordinary Monday, on which the manager is there
    imported(database, world, later - HOUR)
    run(database, later)
    assert told(database, Kind.HEALTH_TALKS)[-1] == world.max
    labor_day = nine(date(2026, 9, 7))
    imported(database, world, labor_day - HOUR)
    run(database, labor_day)
    assert told(database, Kind.HEALTH_TALKS)[-1] == dora.id


def test_where_nobody_who_decides_is_there_it_is_excused_and_said(
    database: Database, world: World
) -> None:
    at = nine(MEMORIAL_DAY)
    holiday(database, world)
    with database.transaction(world.workspace_id) as session:
        lea = get_person(session, world.lea)
        put_person(session, "U0LEA", name=lea.name, role=lea.role, holiday_calendar="US")
    run(database, at - 3 * DAY)
    imported(database, world, at - DAY)
    run(database, at)
    [one] = settled(database, HEALTH)
    assert (one.state, one.reason) == (OccurrenceState.SKIPPED, Skipped.NOBODY_THERE)
    assert set(told(database, Kind.SCHEDULE_SKIPPED)) == {world.max, world.ada}
    with database.everywhere() as session:
        assert session.scalars(select(HealthCheck)).all() == []
    run(database, at + 20 * HOUR)
    assert talks(database) == []


def test_on_a_day_off_of_the_whole_team_nobody_waits_for_it(
    database: Database, world: World
) -> None:
    """Lea, who leads from elsewhere, is there."""
    at = nine(MEMORIAL_DAY)
    run(database, at - 3 * DAY)
    imported(database, world, at - DAY)
    with database.transaction(world.workspace_id) as session:
        for person in (get_person(session, world.max), *members(session, world.team)):
            person.holiday_calendar = "US"
    run(database, at)
    [one] = settled(database, HEALTH)
    assert (one.state, one.reason) == (OccurrenceState.SKIPPED, Skipped.TEAM_OFF)
    assert (told(database, Kind.SCHEDULE_SKIPPED), talks(database)) == ([], [])


# --- the reminder to import


def test_old_deals_remind_whoever_imported_last_at_half_past_seven(
    database: Database, world: World
) -> None:
    at = nine(ORDINARY)
    run(database, at - 6 * DAY)
    imported(database, world, at - 6 * DAY, by=world.max)
    run(database, at - 91 * MINUTE)
    assert told(database, Kind.IMPORT_REMINDER) == []
    run(database, at - 90 * MINUTE, at - 89 * MINUTE)
    assert told(database, Kind.IMPORT_REMINDER) == [world.max]


def test_fresh_deals_remind_nobody(database: Database, world: World) -> None:
    at = nine(ORDINARY)
    run(database, at - 6 * DAY)
    imported(database, world, at - 3 * DAY, by=world.max)
    run(database, at - 90 * MINUTE)
    assert told(database, Kind.IMPORT_REMINDER) == []
    assert [one.reason for one in settled(database, IMPORT_REMINDER)] == [Skipped.FRESH]


def test_a_file_of_few_deals_leaves_the_rest_old(database: Database, world: World) -> None:
    at = nine(ORDINARY)
    run(database, at - 6 * DAY)
    imported(database, world, at - DAY, by=world.max)
    with database.transaction(world.workspace_id) as session:
        for days in (1, 7, 7, 7):
            a_deal(session, world.ana).told_at = at - days * DAY
    run(database, at - 90 * MINUTE)
    assert told(database, Kind.IMPORT_REMINDER) == [world.max]
    with database.transaction(world.workspace_id) as session:
        shown = import_reminder(session, world.max, at)
        assert shown is not None
        assert shown.fresh.is_stale


def test_nothing_imported_ever_reminds_the_admins_and_two_teams_once(
    database: Database, world: World
) -> None:
    at = nine(ORDINARY)
    with database.transaction(world.workspace_id) as session:
        a_team(session, "East", manager_id=world.lea)
    run(database, at - 6 * DAY, at - 90 * MINUTE)
    assert told(database, Kind.IMPORT_REMINDER) == [world.ada]
    with database.everywhere() as session:
        assert session.scalars(select(Import)).all() == []
