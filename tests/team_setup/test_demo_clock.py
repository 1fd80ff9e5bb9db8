"""What the demo's clock offers to move to, as it is on the sample team's Monday and later."""

import shutil
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from bot.demo import WORKSPACE_ID, monday_morning, upcoming
from bot.sample import HOME_ZONE
from bot.scheduler import run_due
from models.agenda import PROMPTS
from models.base import Database
from models.people import Team, team
from models.setup import ReviewTimes, WeekTime, put_times
from tests.reused import Reused
from tests.sampled import MONDAY as NOW


def names(database: Database, now: datetime) -> list[str]:
    """Each moment's name, after its local day and time in the west."""
    zone = ZoneInfo(HOME_ZONE)
    return [f"{mark.at.astimezone(zone):%a %H:%M} {mark.name}" for mark in upcoming(database, now)]


def test_a_newcomer_lives_through_a_one_on_one(sample_database: Database) -> None:
    assert names(sample_database, NOW) == [
        "Mon 08:30 Morning digest · West",
        "Mon 09:00 Pipeline health check · West",
        "Mon 23:30 Morning digest · DACH",
        "Tue 00:50 10 minutes before: Greta and Emil",
        "Tue 01:00 One-on-one: Greta and Emil",
        "Tue 01:45 Rating asked: Emil",
        "Tue 03:50 10 minutes before: Greta and Frida",
        "Tue 04:00 One-on-one: Greta and Frida",
        "Tue 04:45 Rating asked: Frida",
        "Tue 05:00 The review's pick · DACH",
        "Tue 06:00 Deal cards · DACH",
        "Tue 09:50 10 minutes before: Max and Ana",
        "Tue 10:00 One-on-one: Max and Ana",
        "Tue 10:45 Rating asked: Ana",
        "Tue 14:00 The review's pick · West",
        "Tue 15:00 Deal cards · West",
        "Wed 01:00 Deciding · DACH",
        "Wed 10:00 Deciding · West",
        "Fri 06:00 Friday forecast · DACH",
        "Fri 07:00 What to put right in the CRM · DACH",
        "Fri 15:00 Friday forecast · West",
        "Fri 16:00 What to put right in the CRM · West",
        "Sun 22:30 Reminder to import · DACH",  # of the Monday after, in Berlin
        "Mon 00:00 Pipeline health check · DACH",
        "Mon 07:30 Reminder to import · West",
    ]


def test_what_has_come_makes_room_for_what_follows(sample_database: Database) -> None:
    tuesday = datetime(2026, 11, 24, 18, 5, tzinfo=UTC)  # 10:05 in the west, Max and Ana meet
    found = names(sample_database, tuesday)
    assert found[0] == "Tue 10:45 Rating asked: Ana"
    assert not any("before: Max and Ana" in name for name in found)
    assert "Tue 13:20 10 minutes before: Max and Ben" in found


@pytest.mark.parametrize("day", range(7))
def test_it_begins_on_a_monday_before_the_first_digest(day: int) -> None:
    real = datetime(2026, 11, 23, 21, 7, tzinfo=ZoneInfo(HOME_ZONE)) + timedelta(days=day)
    start = monday_morning(real)
    assert (start.weekday(), f"{start:%H:%M}") == (0, "08:15")
    assert start.date() - real.date() == timedelta(days=-day if day < 5 else 7 - day)


def test_what_is_to_come_whatever_the_times_say_stands_there_too(
    sqlite_sampled: Path, tmp_path: Path, reused: Reused
) -> None:
    """The cards are out; then the times of the review are moved away, or switched off."""
    after = datetime(2026, 11, 24, 23, 5, tzinfo=UTC)  # Tuesday 15:05 in the west
    monday = ReviewTimes(WeekTime(1, time(9)), WeekTime(1, time(10)))
    with reused.at(f"sqlite:///{shutil.copyfile(sqlite_sampled, tmp_path / 'own')}") as database:
        run_due(database, PROMPTS, lambda: after)
        with database.everywhere() as session:
            of_west = select(Team.id).where(Team.name == "West")
            team_id = session.scalars(of_west).one()
        for times in (monday, ReviewTimes(is_on=False)):
            with database.transaction(WORKSPACE_ID) as session:
                put_times(session, team(session, team_id), times, after)
            assert "Wed 10:00 Deciding · West" in names(database, after)
