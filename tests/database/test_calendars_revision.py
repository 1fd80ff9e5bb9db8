"""0015 brings addresses and busy times; on the way down they go, and what was there stays."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from bot import migrate
from models.base import Database
from models.calendars import BusyTime, CalendarAddress, connect
from models.people import get_person, put_workspace
from models.standards import Standards
from tests.world import NOW, TODAY, a_workspace

BEFORE = "0009"


def test_up_and_down_with_data(migrated_url: str) -> None:
    database = Database(migrated_url)
    world = a_workspace(database)
    with database.transaction(world.workspace_id) as session:
        rules = Standards(quiet_days=9, away_words=("gone fishing",))
        put_workspace(session, world.workspace_id, now=NOW, standards=rules)
        ana = get_person(session, world.ana)
        here = connect(session, ana, "https://calendar.example/1.ics", NOW)
        here.read_at, here.covers_until = NOW, TODAY
        connect(session, ana, "https://calendar.example/2.ics", NOW)
        session.add(BusyTime(person_id=world.ana, starts_at=NOW, ends_at=NOW.replace(minute=30)))
    migrate.downgrade(migrated_url, BEFORE)
    with database.engine.connect() as connection:
        kept = str(connection.execute(text("SELECT standards FROM workspaces")).scalar())
        assert "quiet_days" in kept
        assert "away_words" not in kept
    migrate.upgrade(migrated_url)
    with database.transaction(world.workspace_id) as session:
        assert connect(session, get_person(session, world.ana), "https://a.example/", NOW).id == 1
    database.dispose()


@pytest.mark.parametrize(
    "row",
    [
        {"url": None, "ended_at": None},
        {"url": "https://a.example/", "ended_at": NOW},
        {"url": "https://a.example/", "ended_at": None, "failing_since": NOW},
    ],
)
def test_the_database_holds_what_an_address_is(database: Database, row: dict[str, object]) -> None:
    world = a_workspace(database)
    made = CalendarAddress(person_id=world.ana, shown="a.example", entered_at=NOW, **row)
    with (
        pytest.raises(IntegrityError),
        database.transaction(world.workspace_id) as session,
    ):
        session.add(made)


def test_busy_times_are_in_order(database: Database) -> None:
    world = a_workspace(database)
    with (
        pytest.raises(IntegrityError),
        database.transaction(world.workspace_id) as session,
    ):
        session.add(BusyTime(person_id=world.ana, starts_at=NOW, ends_at=NOW))
