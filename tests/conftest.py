"""What all tests share: databases of both kinds, the moment, what they need installed."""

import gc
import importlib
import os
import pkgutil
import shutil
import tempfile
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import freezegun
import hypothesis
import pytest

import models
from bot import migrate
from models.base import Base, Database
from tests import sampled
from tests.chromium import chromium
from tests.once import made_once
from tests.postgres import Postgres
from tests.reused import Reused
from tests.world import NOW, TODAY, World, a_workspace

for _module in pkgutil.iter_modules(models.__path__):  # every noun's tables, whoever asks
    importlib.import_module(f"models.{_module.name}")

_MEMORY, _ENOUGH = Path("/dev/shm"), 4 << 30  # bytes
if (
    "TMPDIR" not in os.environ
    and os.access(_MEMORY, os.W_OK)
    and shutil.disk_usage(_MEMORY).free > _ENOUGH
):  # databases wait for the disk most of the time, and what they hold here ends with the tests
    os.environ["TMPDIR"] = str(_MEMORY)
    tempfile.tempdir = None  # asked for already, perhaps

# minutes of work: `make quarter` plays it
collect_ignore = [] if "QUARTER" in os.environ else ["quarter"]

# a frozen clock must not stop the scheduler's threads
freezegun.configure(extend_ignore_list=["apscheduler", "queue", "tzlocal"])

# CI tries the same examples each time; wherever people work, others are looked for
hypothesis.settings.register_profile(
    "house", deadline=None, print_blob=True, max_examples=40, derandomize="CI" in os.environ
)
hypothesis.settings.load_profile("house")

# slack_sdk would send even loopback through a proxy of the environment
for _name in ("http_proxy", "https_proxy", "all_proxy"):
    os.environ.pop(_name, None)
    os.environ.pop(_name.upper(), None)

# --- databases


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """One PostgreSQL server per test process, with the schema in the database `with_schema`."""
    server = Postgres()
    try:
        template = Database(server.create("with_schema"))
        Base.metadata.create_all(template.engine)
        template.dispose()
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the schema, to copy."""
    return made_once(tmp_path_factory, "with_schema.sqlite3", _make_schema)


def _make_schema(path: Path) -> None:
    template = Database(f"sqlite:///{path}")
    Base.metadata.create_all(template.engine)
    template.dispose()


@pytest.fixture(scope="session")
def sqlite_sampled(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the sample team on its Monday, to copy."""
    return sampled.file(tmp_path_factory, sqlite_template, sampled.MONDAY)


@pytest.fixture(scope="session")
def _sqlite_north(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, World]:
    path = tmp_path_factory.mktemp("north") / "north.sqlite3"
    shutil.copyfile(sqlite_template, path)
    return path, _with_north(f"sqlite:///{path}")


@pytest.fixture(scope="session")
def _postgresql_north(postgres: Postgres) -> World:
    return _with_north(postgres.create("with_north", "with_schema"))


def _with_north(url: str) -> World:
    database = Database(url)
    try:
        return a_workspace(database)
    finally:
        database.dispose()


@pytest.fixture
def sqlite_north(_sqlite_north: tuple[Path, World], tmp_path: Path) -> tuple[str, World]:
    """The URL of a SQLite database of this test's own in which North is set up."""
    template, world = _sqlite_north
    return f"sqlite:///{shutil.copyfile(template, tmp_path / 'north.sqlite3')}", world


@pytest.fixture
def postgresql_north(postgres: Postgres, _postgresql_north: World) -> Iterator[tuple[str, World]]:
    """The URL of a PostgreSQL database of this test's own in which North is set up."""
    with postgres.copy("with_north") as url:
        yield url, _postgresql_north


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """The URL of a SQLite database of this test's own, with the schema."""
    path = tmp_path / "cadence.sqlite3"
    shutil.copyfile(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture
def postgresql_url(postgres: Postgres) -> Iterator[str]:
    """The URL of a PostgreSQL database of this test's own, with the schema."""
    with postgres.copy("with_schema") as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def kind(request: pytest.FixtureRequest) -> str:
    """The kind of database; a test that asks for one runs once for each."""
    return str(request.param)


@pytest.fixture
def database_url(kind: str, request: pytest.FixtureRequest) -> str:
    """The URL of a database with the schema, once of each kind; other processes may use it too."""
    return str(request.getfixturevalue(f"{kind}_url"))


@pytest.fixture
def empty_database_url(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database without any table, once of each kind."""
    if kind == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.sqlite3'}"
        return
    server: Postgres = request.getfixturevalue("postgres")
    with server.copy() as url:
        yield url


@pytest.fixture(scope="session")
def sqlite_migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file that the migrations made, to copy."""
    return made_once(
        tmp_path_factory, "migrated.sqlite3", lambda path: migrate.upgrade(f"sqlite:///{path}")
    )


@pytest.fixture(scope="session")
def postgresql_migrated(postgres: Postgres) -> str:
    """The name of a database that the migrations made, to copy."""
    migrate.upgrade(postgres.create("migrated"))
    return "migrated"


@pytest.fixture
def migrated_url(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database that the migrations made, once of each kind."""
    template = request.getfixturevalue(f"{kind}_migrated")
    if kind == "sqlite":
        yield f"sqlite:///{shutil.copyfile(template, tmp_path / 'migrated.sqlite3')}"
        return
    server: Postgres = request.getfixturevalue("postgres")
    with server.copy(template) as url:
        yield url


@pytest.fixture(scope="session")
def reused() -> Reused:
    """The engines of this test process."""
    return Reused()


@pytest.fixture
def database(database_url: str, reused: Reused) -> Iterator[Database]:
    """A database with the schema, once of each kind."""
    with reused.at(database_url) as opened:
        yield opened


@pytest.fixture
def north(
    kind: str, request: pytest.FixtureRequest, reused: Reused
) -> Iterator[tuple[Database, World]]:
    """A database in which North is set up, once of each kind."""
    url, world = request.getfixturevalue(f"{kind}_north")
    with reused.at(url) as opened:
        yield opened, world


# --- the moment


@pytest.fixture
def now() -> datetime:
    """Tuesday 24 November 2026, 15:00 in New York: the cards of the week's review."""
    return NOW


@pytest.fixture
def today() -> date:
    """The local date of `now` at the sample team's place."""
    return TODAY


# --- pace


def pytest_collection_finish() -> None:
    """All that was imported and collected stays: nobody need look through it for garbage again."""
    gc.collect()
    gc.freeze()


# --- what a test needs to be there

_DATA = Path(__file__).resolve().parent.parent.parent / "shared" / "data"
_NEEDS = {
    "browser": "needs an installed Chromium",
    "exports": "needs the CRM exports of ../shared/data",
}
_deselected: pytest.StashKey[dict[str, int]] = pytest.StashKey()


def _is_here(marker: str) -> bool:
    if marker == "browser":
        return chromium() is not None
    return _DATA.is_dir()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[_deselected] = {}
    for marker, what in _NEEDS.items():
        config.addinivalue_line("markers", f"{marker}: {what}; deselected without it")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect what cannot run here; in CI it runs, and fails for want of it."""
    if os.environ.get("CI") == "true":
        return
    for marker in _NEEDS:
        if _is_here(marker):
            continue
        without = [item for item in items if item.get_closest_marker(marker)]
        if without:
            config.stash[_deselected][marker] = len(without)
            config.hook.pytest_deselected(items=without)
            items[:] = [item for item in items if item not in without]
    output = getattr(config, "workeroutput", None)
    if output is not None:
        output["deselected"] = config.stash[_deselected]


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: object) -> None:
    """xdist: each worker collects everything, and one of them tells what it left out."""
    told = getattr(node, "workeroutput", {}).get("deselected", {})
    getattr(node, "config").stash[_deselected].update(told)  # noqa: B009 - xdist has no types


def pytest_runtest_setup(item: pytest.Item) -> None:
    for marker, what in _NEEDS.items():
        if item.get_closest_marker(marker) and not _is_here(marker):
            pytest.fail(f"{what}, and CI=true makes its absence an error", pytrace=False)


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    for marker, number in config.stash[_deselected].items():
        terminalreporter.write_line(f"{number} deselected ({marker}): {_NEEDS[marker]}")
