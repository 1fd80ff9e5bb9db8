"""The migrated schema is the declared one, up and down again, on both databases, with data."""

import subprocess
import sys
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, inspect, select, text

from bot import migrate
from models.base import Base, Database
from models.deals import Deal
from models.people import Person
from tests.postgres import Postgres
from tests.world import NOW, a_deal, a_workspace, prove

_numbers = count(1)


@pytest.fixture(params=["sqlite", "postgresql"])
def created_and_migrated(
    request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[tuple[Database, Database]]:
    """Two databases of the same kind: one made from the models, one by the migrations."""
    created = Database(request.getfixturevalue(f"{request.param}_url"))
    if request.param == "sqlite":
        migrated = Database(f"sqlite:///{tmp_path / 'migrated.sqlite3'}")
    else:
        server: Postgres = request.getfixturevalue("postgres")
        migrated = Database(server.create(f"migrated_{next(_numbers)}"))
    migrate.upgrade(str(migrated.engine.url.render_as_string(hide_password=False)))
    yield created, migrated
    created.dispose()
    migrated.dispose()


def test_the_migrated_schema_is_the_declared_one(
    created_and_migrated: tuple[Database, Database],
) -> None:
    created, migrated = created_and_migrated
    with created.engine.connect() as one, migrated.engine.connect() as other:
        assert list(ddl(other)) == list(ddl(one))


def test_alembic_sees_nothing_to_do(created_and_migrated: tuple[Database, Database]) -> None:
    _created, migrated = created_and_migrated
    with migrated.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_up_down_and_up_again_with_data(empty_database_url: str) -> None:
    assert migrate.upgrade(empty_database_url)
    _fill(empty_database_url)
    assert not migrate.upgrade(empty_database_url)
    assert _counted(empty_database_url) == (6, 1)
    assert migrate.downgrade(empty_database_url, "base")
    assert _tables(empty_database_url) == {"alembic_version"}
    assert migrate.upgrade(empty_database_url)
    assert _counted(empty_database_url) == (0, 0)


def test_it_says_whether_it_is_current(empty_database_url: str) -> None:
    database = Database(empty_database_url)
    assert not migrate.is_current(database.engine)
    migrate.upgrade(empty_database_url)
    with database.everywhere():  # somebody writes: nobody waits for them
        assert migrate.is_current(database.engine)
    migrate.downgrade(empty_database_url, "base")
    assert not migrate.is_current(database.engine)
    database.dispose()


def test_replicas_that_migrate_at_once(empty_database_url: str) -> None:
    """Real processes: one does it, the others wait and find it done."""
    code = "import sys; from bot.migrate import upgrade; print(upgrade(sys.argv[1]))"
    replicas = [
        subprocess.Popen(
            [sys.executable, "-c", code, empty_database_url],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    said = [replica.communicate(timeout=60) for replica in replicas]
    assert [errors for _out, errors in said] == [""] * 4
    assert sorted(out.strip() for out, _errors in said) == ["False", "False", "False", "True"]


def test_broken_references_are_not_let_through(tmp_path: Path) -> None:
    """SQLite migrates with foreign keys off, and checks them all before it commits."""
    url = f"sqlite:///{tmp_path / 'broken.sqlite3'}"
    migrate.upgrade(url)
    database = Database(url)
    with database.engine.connect() as connection:
        driver = connection.connection.driver_connection
        assert driver is not None
        driver.execute("PRAGMA foreign_keys=OFF")
        driver.execute(
            "INSERT INTO stages (id, workspace_id, name, position, kind, qualified) "
            "VALUES (1, 'T0NOBODY', 'Stage', 1, 'open', 1)"
        )
    database.dispose()
    with pytest.raises(migrate.BrokenReferences, match="stages"):
        migrate.upgrade(url)


# --- what is compared


def ddl(connection: Connection) -> Iterator[str]:
    """Every definition in the schema, CHECKs and conditions of partial indexes included."""
    yield from sorted(_sqlite(connection) if _is_sqlite(connection) else _postgresql(connection))


def _is_sqlite(connection: Connection) -> bool:
    return connection.dialect.name == "sqlite"


def _sqlite(connection: Connection) -> Iterator[str]:
    for name, sql in connection.execute(
        text("SELECT tbl_name, sql FROM sqlite_master WHERE sql IS NOT NULL")
    ):
        if name != "alembic_version":
            plain = sql.replace(f'TABLE "{name}"', f"TABLE {name}")  # SQLite quotes what it renames
            lines = (line.strip().rstrip(",") for line in plain.splitlines())
            yield from (f"{name}: {line}" for line in lines if line)


_POSTGRESQL = (
    """
    SELECT format('%s: %s %s %s %s', c.relname, a.attname, format_type(a.atttypid, a.atttypmod),
                  a.attnotnull, pg_get_expr(d.adbin, d.adrelid))
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid AND c.relkind = 'r'
    LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
    WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relnamespace = 'public'::regnamespace
    """,
    """
    SELECT format('%s: %s %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
    FROM pg_constraint WHERE connamespace = 'public'::regnamespace
    """,
    "SELECT format('%s: %s', tablename, indexdef) FROM pg_indexes WHERE schemaname = 'public'",
)


def _postgresql(connection: Connection) -> Iterator[str]:
    for query in _POSTGRESQL:
        for (line,) in connection.execute(text(query)):
            if not line.startswith("alembic_version:"):
                yield line


def _fill(url: str) -> None:
    database = Database(url)
    world = a_workspace(database)
    with database.transaction(world.workspace_id) as session:
        prove(session, a_deal(session, world.ana), NOW)
    database.dispose()


def _counted(url: str) -> tuple[int, int]:
    database = Database(url)
    with database.everywhere() as session:
        found = (len(session.scalars(select(table.id)).all()) for table in (Person, Deal))
        people, deals = found
    database.dispose()
    return people, deals


def _tables(url: str) -> set[str]:
    database = Database(url)
    tables = set(inspect(database.engine).get_table_names())
    database.dispose()
    return tables
