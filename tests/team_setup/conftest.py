"""The sample team, loaded once for all tests that only look at it."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from bot.sample import load_sample, sample_people
from models.base import Database
from tests.postgres import Postgres

WORKSPACE = "T0SAMPLE"
IDS = {person.key: person.slack_id for person in sample_people()}
MONDAYS = [
    datetime(2026, 11, 23, 16, 15, tzinfo=UTC),  # Thanksgiving lies in that week
    datetime(2026, 12, 28, 16, 15, tzinfo=UTC),  # Christmas lies behind
    datetime(2027, 1, 4, 16, 15, tzinfo=UTC),  # and here New Year too
    datetime(2027, 3, 15, 15, 15, tzinfo=UTC),  # summer time began the day before
]
"""At 08:15 in the west."""
NOW = MONDAYS[0]


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def sample_database(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Database]:
    """The sample team on the first of these Mondays, on either kind of database.

    A process that goes back to the kind it had before makes it anew.
    """
    if request.param == "sqlite":
        yield from _loaded(_copy(request, tmp_path_factory), NOW)
        return
    server: Postgres = request.getfixturevalue("postgres")
    yield from _loaded(server.create("sample", "with_schema"), NOW)
    server.drop("sample")


@pytest.fixture
def sample(sample_database: Database) -> Iterator[Session]:
    """Looks at it; whatever a test writes is undone."""
    with sample_database.transaction(WORKSPACE) as session:
        yield session
        session.rollback()


@pytest.fixture(scope="session", params=MONDAYS, ids=lambda now: f"{now:%d-%b}")
def _any_database(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Database, datetime]]:
    url = _copy(request, tmp_path_factory)
    for database in _loaded(url, request.param):
        yield database, request.param


@pytest.fixture
def any_sample(_any_database: tuple[Database, datetime]) -> Iterator[tuple[Session, datetime]]:
    """The sample team on each of these Mondays, and the moment; what is written is undone."""
    database, now = _any_database
    with database.transaction(WORKSPACE) as session:
        yield session, now
        session.rollback()


def _copy(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    template: Path = request.getfixturevalue("sqlite_template")
    path = tmp_path_factory.mktemp("sample") / "cadence.sqlite3"
    shutil.copyfile(template, path)
    return f"sqlite:///{path}"


def _loaded(url: str, now: datetime) -> Iterator[Database]:
    database = Database(url)
    assert load_sample(database, WORKSPACE, now, IDS)
    yield database
    database.dispose()
