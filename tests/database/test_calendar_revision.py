"""0009 and 0014 keep what stood before them; what they alone can say is gone after the way down."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from bot import migrate
from models.absences import (
    Absence,
    AbsenceSource,
    absences,
    bring_absences,
    put_absence,
    withdraw_absence,
)
from models.base import Database
from models.company_days import CompanyDay, CompanyDaySaid, company_days, put_company_day
from models.people import get_person, put_workspace, standards
from models.standards import Standards
from models.statuses import StatusSaid, tell
from tests.world import NOW, TODAY, World, a_workspace

DAY = timedelta(days=1)
BEFORE_SOURCES, BEFORE_COMPANY = "0008", "0009"


@pytest.fixture
def used(migrated_url: str) -> Iterator[tuple[str, Database, World]]:
    """A database with Ana's own days off, one of them taken back, and what Slack says of Ben."""
    database = Database(migrated_url)
    world = a_workspace(database)
    with database.transaction(world.workspace_id) as session:
        ana = get_person(session, world.ana)
        put_absence(session, ana, TODAY, TODAY + DAY, NOW)
        taken_back = put_absence(session, ana, TODAY + 5 * DAY, TODAY + 5 * DAY, NOW)
        withdraw_absence(session, ana, taken_back.id, NOW)
        tell(session, get_person(session, world.ben), StatusSaid(":palm_tree:"), NOW)
    yield migrated_url, database, world
    database.dispose()


def rows(database: Database, table: str, *columns: str) -> list[tuple[object, ...]]:
    with database.engine.connect() as connection:
        said = text(f"SELECT {', '.join(columns)} FROM {table} ORDER BY id")
        return [tuple(row) for row in connection.execute(said)]


def test_absences_know_their_source_after_the_way_up(used: tuple[str, Database, World]) -> None:
    url, database, world = used
    migrate.downgrade(url, BEFORE_SOURCES)
    assert [row[0] for row in rows(database, "absences", "person_id")] == [world.ana] * 2
    migrate.upgrade(url)
    found = rows(database, "absences", "source", "source_key", "withdrawn_by_id")
    assert found == [("own", "", None)] * 2
    with database.transaction(world.workspace_id) as session:
        ana = get_person(session, world.ana)
        [own] = absences(session, ana.id, TODAY)
        assert (own.starts_on, own.ends_on, own.entered_at) == (TODAY, TODAY + DAY, NOW)
        days = {"sick": (TODAY + 9 * DAY, TODAY + 9 * DAY)}
        assert bring_absences(session, ana, AbsenceSource.SLACK, days, TODAY, NOW)
        session.add(
            Absence(
                person_id=world.ben, starts_on=TODAY, ends_on=TODAY, entered_at=NOW,
                entered_by_id=world.ben,
            )
        )  # fmt: skip
        session.flush()
        [plain] = absences(session, world.ben, TODAY)
        assert (plain.source, plain.source_key) == (AbsenceSource.OWN, "")


def test_company_days_up_and_down_with_data(used: tuple[str, Database, World]) -> None:
    url, database, world = used
    with database.transaction(world.workspace_id) as session:
        said = CompanyDaySaid("Off-site", TODAY, TODAY, team_id=world.team)
        put_company_day(session, said, world.ada, NOW)
        own = Standards(quiet_days=9, status_words=("gone fishing",), status_open_days=3)
        put_workspace(session, world.workspace_id, now=NOW, standards=own)
        get_person(session, world.cleo).zone_is_teams = True
        get_person(session, world.max).follows_status = False
    migrate.downgrade(url, BEFORE_COMPANY)
    assert len(rows(database, "absences", "source")) == 3
    [[kept]] = rows(database, "(SELECT 1 AS id, standards FROM workspaces) AS kept", "standards")
    assert "quiet_days" in str(kept)
    assert "status_" not in str(kept)
    migrate.upgrade(url)
    with database.transaction(world.workspace_id) as session:
        assert company_days(session, TODAY) == []
        assert standards(session).quiet_days == 9
        cleo, boss = get_person(session, world.cleo), get_person(session, world.max)
        assert (cleo.zone_is_teams, boss.follows_status) == (False, True)
        [brought] = absences(session, world.ben, TODAY)
        assert brought.source is AbsenceSource.SLACK


@pytest.mark.parametrize(
    "wrong", [{"ends_on": TODAY - DAY}, {"holiday_calendar": "DE", "team_id": 1}]
)
def test_the_database_holds_what_company_days_are(
    database: Database, wrong: dict[str, object]
) -> None:
    world = a_workspace(database)
    whose = {"team_id": world.team} if "team_id" in wrong else {}
    values = {"name": "Off", "starts_on": TODAY, "ends_on": TODAY, "entered_at": NOW}
    with pytest.raises(IntegrityError), database.transaction(world.workspace_id) as session:
        session.add(CompanyDay(**values | wrong | whose))
