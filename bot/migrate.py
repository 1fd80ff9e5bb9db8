"""Bringing a database to the schema of this version: `cadence migrate`.

One transaction for everything. Of two replicas that migrate at once, one waits (an advisory lock
on PostgreSQL, BEGIN IMMEDIATE on SQLite) and then finds nothing left to do. SQLite migrates with
foreign keys off, since rebuilding a table would delete what hangs on it, and checks them all
before the commit (house.md, Measured).
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

import migrations
from models.base import Database

LOCK = 0x63616465_6E6365  # "cadence", for pg_advisory_xact_lock
WAIT_SECONDS = 600
"""How long a replica waits for another one that is migrating."""


class BrokenReferences(Exception):
    """After migrating, rows refer to rows that are not there: everything was rolled back."""


def upgrade(url: str, revision: str = "head") -> bool:
    """Brings the database to this version's schema; whether anything had to be done."""
    return _run(url, lambda config: command.upgrade(config, revision))


def downgrade(url: str, revision: str) -> bool:
    """Takes the database back to an earlier revision, or to nothing at all: `base`."""
    return _run(url, lambda config: command.downgrade(config, revision))


def is_current(engine: Engine) -> bool:
    """Whether the database has the schema of this version. It waits for nobody who writes."""
    with engine.connect() as connection:
        cursor = connection.connection.cursor()  # without the transaction that would wait
        try:
            cursor.execute("SELECT version_num FROM alembic_version")
            stands_at = {str(row[0]) for row in cursor.fetchall()}
        except engine.dialect.loaded_dbapi.DatabaseError:  # never migrated: no such table
            return False
        finally:
            cursor.close()
    return stands_at == set(scripts().get_heads())


def heads(connection: Connection) -> set[str]:
    """The revisions at which the database stands; none: it was never migrated."""
    return set(MigrationContext.configure(connection).get_current_heads())


def scripts() -> ScriptDirectory:
    """The revisions of this version."""
    return ScriptDirectory.from_config(_config())


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    return config


def _run(url: str, go: Callable[[Config], None]) -> bool:
    database = Database(url)
    try:
        with _exclusively(database.engine) as connection:
            before = heads(connection)
            config = _config()
            config.attributes["connection"] = connection
            go(config)
            return heads(connection) != before
    finally:
        database.dispose()


@contextmanager
def _exclusively(engine: Engine) -> Iterator[Connection]:
    """A connection in a transaction that excludes other migrations; committed at the end."""
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            yield from _on_sqlite(connection)
            return
        with connection.begin():
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
            yield connection


def _on_sqlite(connection: Connection) -> Iterator[Connection]:
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    driver.execute(f"PRAGMA busy_timeout={WAIT_SECONDS * 1000}")
    driver.execute("PRAGMA foreign_keys=OFF")  # which a transaction would ignore
    try:
        with connection.begin():
            yield connection
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
            if broken:
                tables = sorted({str(row[0]) for row in broken})
                raise BrokenReferences(", ".join(tables))
    finally:
        driver.execute("PRAGMA foreign_keys=ON")
        driver.execute("PRAGMA busy_timeout=30000")
