"""The sample team, loaded once for all tests that only look at it."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy.orm import Session

from bot.demo import WORKSPACE_ID
from models.base import Database
from tests import sampled
from tests.postgres import Postgres
from tests.sampled import MONDAY

MONDAYS = [
    MONDAY,  # Thanksgiving lies in that week
    datetime(2026, 12, 28, 16, 15, tzinfo=UTC),  # Christmas lies behind
    datetime(2027, 1, 4, 16, 15, tzinfo=UTC),  # and here New Year too
    datetime(2027, 3, 15, 15, 15, tzinfo=UTC),  # summer time began the day before
]
"""At 08:15 in the west."""


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def sample_database(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Database]:
    """The sample team on the first of these Mondays, on either kind of database.

    A process that goes back to the kind it had before makes it anew.
    """
    if request.param == "sqlite":
        path = tmp_path_factory.mktemp("sample") / "cadence.sqlite3"
        shutil.copyfile(request.getfixturevalue("sqlite_sampled"), path)
        yield from _opened(f"sqlite:///{path}")
        return
    server: Postgres = request.getfixturevalue("postgres")
    url = server.create("sample", "with_schema")
    sampled.load(url)
    yield from _opened(url)
    server.drop("sample")


@pytest.fixture
def sample(sample_database: Database) -> Iterator[Session]:
    """Looks at it; whatever a test writes is undone."""
    with sample_database.transaction(WORKSPACE_ID) as session:
        yield session
        session.rollback()


@pytest.fixture(scope="session", params=MONDAYS, ids=lambda now: f"{now:%d-%b}")
def _any_database(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Database, datetime]]:
    made = sampled.file(tmp_path_factory, request.getfixturevalue("sqlite_template"), request.param)
    path = shutil.copyfile(made, tmp_path_factory.mktemp("sample") / "cadence.sqlite3")
    for database in _opened(f"sqlite:///{path}"):
        yield database, request.param


@pytest.fixture
def any_sample(_any_database: tuple[Database, datetime]) -> Iterator[tuple[Session, datetime]]:
    """The sample team on each of these Mondays, and the moment; what is written is undone."""
    database, now = _any_database
    with database.transaction(WORKSPACE_ID) as session:
        yield session, now
        session.rollback()


def _opened(url: str) -> Iterator[Database]:
    database = Database(url)
    yield database
    database.dispose()
