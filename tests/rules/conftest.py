"""The sample sales floor, on both databases."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from models.base import Database
from tests.world import World, a_workspace


@dataclass(frozen=True)
class Floor:
    """A database in which the workspace T0NORTH is set up."""

    database: Database
    world: World


@pytest.fixture(scope="session")
def floors(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[str], Floor]]:
    """One floor of each kind for all tests that undo what they write."""
    made: dict[str, Floor] = {}

    def floor_of(kind: str) -> Floor:
        if kind not in made:
            if kind == "sqlite":
                path = tmp_path_factory.mktemp("floor") / "floor.sqlite3"
                template: Path = request.getfixturevalue("sqlite_template")
                path.write_bytes(template.read_bytes())
                database = Database(f"sqlite:///{path}")
            else:
                server = request.getfixturevalue("postgres")
                database = Database(server.create("floor", "with_schema"))
            made[kind] = Floor(database, a_workspace(database))
        return made[kind]

    yield floor_of
    for floor in made.values():
        floor.database.dispose()


@pytest.fixture
def floor(kind: str, floors: Callable[[str], Floor], request: pytest.FixtureRequest) -> Floor:
    """A database of this test's own if it asks for `database`, else the one that is shared."""
    if "database" in request.fixturenames:
        database: Database = request.getfixturevalue("database")
        return Floor(database, a_workspace(database))
    return floors(kind)


@pytest.fixture
def world(floor: Floor) -> World:
    """The workspace T0NORTH with its team West."""
    return floor.world


@pytest.fixture
def south(database: Database, world: World) -> World:
    """A second workspace, with the same Slack ids and names: nothing of it may ever be seen."""
    return a_workspace(database, "T0SOUTH")


@pytest.fixture
def session(floor: Floor) -> Iterator[Session]:
    """A transaction inside `world`, undone at the end."""
    with floor.database.transaction(floor.world.workspace_id) as session:
        yield session
        session.rollback()
