"""What every table stands on: the declarative base, times, workspaces' walls, engines.

Two rules live here because no query may forget them. Times are aware UTC: a naive one is refused
before it reaches the database. A session belongs to one Slack workspace: every ORM statement on a
table that carries a workspace is narrowed to it, and a session that was told none may not ask.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar, cast
from weakref import WeakKeyDictionary

from sqlalchemy import (
    DateTime,
    Engine,
    Enum,
    Executable,
    ForeignKey,
    ForeignKeyConstraint,
    MetaData,
    Select,
    String,
    Table,
    bindparam,
    create_engine,
    event,
    make_url,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.orm import (
    DeclarativeBase,
    Mapped,
    ORMExecuteState,
    Session,
    SessionTransaction,
    UOWTransaction,
    mapped_column,
    sessionmaker,
    with_loader_criteria,
)
from sqlalchemy.orm.util import identity_key
from sqlalchemy.sql.dml import ReturningInsert
from sqlalchemy.types import TypeDecorator, TypeEngine

CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class RuleBroken(Exception):
    """A rule of the product refused what was asked. Subclasses carry the facts, never the words."""


class Faults(RuleBroken):
    """Everything that is wrong with what was submitted, at least one thing."""

    def __init__(self, faults: tuple[RuleBroken, ...]) -> None:
        super().__init__(faults)
        self.faults = faults


def refused(check: Callable[..., None], *given: object) -> Iterator[RuleBroken]:
    """What a check refuses, each thing by itself."""
    try:
        check(*given)
    except Faults as several:
        yield from several.faults
    except RuleBroken as fault:
        yield fault


def refuse(faults: Iterable[RuleBroken]) -> None:
    """Raises nothing, the one fault, or `Faults` of all."""
    found = tuple(faults)
    if len(found) > 1:
        raise Faults(found)
    if found:
        raise found[0]


class Unscoped(RuntimeError):
    """A session without a workspace asked for, or was given, rows that belong to one."""


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment, kept in UTC; SQLite has no zones, so there it is tagged on reading."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(postgresql.TIMESTAMP(timezone=True))
        return dialect.type_descriptor(DateTime())

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive datetime {value!r}: give it a zone")
        moment = value.astimezone(UTC)
        return moment if dialect.name == "postgresql" else moment.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=CONVENTION)
    type_annotation_map = {datetime: UtcDateTime()}  # noqa: RUF012 - SQLAlchemy's own attribute


class InWorkspace:
    """A table whose rows belong to one Slack workspace, whose id (T…) each row carries."""

    workspace_id: Mapped[str] = mapped_column(String(32), ForeignKey("workspaces.id"), index=True)


def within_workspace(column: str, table: str) -> ForeignKeyConstraint:
    """A foreign key that cannot cross workspaces: (workspace_id, column) → (workspace_id, id).

    The referred table needs `UniqueConstraint("workspace_id", "id")`.
    """
    return ForeignKeyConstraint(["workspace_id", column], [f"{table}.workspace_id", f"{table}.id"])


def one_of(words: type[StrEnum], name: str) -> Enum:
    """A column that holds one of these words, checked by the database under this name."""
    return Enum(
        words,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=24,
        values_callable=lambda members: [member.value for member in members],
    )


def word_of(words: type[StrEnum], length: int) -> Enum:
    """A column of words whose list grows often: checked here, not by the database."""
    return Enum(
        words,
        native_enum=False,
        create_constraint=False,
        length=length,
        values_callable=lambda members: [member.value for member in members],
    )


# --- sessions, each inside one workspace's walls

_EVERYWHERE = object()
_WALLS = with_loader_criteria(
    InWorkspace,
    lambda table: table.workspace_id == bindparam("inside_workspace"),
    include_aliases=True,
)
_walled: WeakKeyDictionary[Executable, Executable] = WeakKeyDictionary()


class WorkspaceSession(Session):
    """A session that sees one workspace, or (for the scheduler and the post) says `everywhere`."""


@event.listens_for(WorkspaceSession, "do_orm_execute")
def _stay_inside(state: ORMExecuteState) -> None:
    workspace = state.session.info.get("workspace")
    if workspace is _EVERYWHERE or state.is_column_load or state.is_relationship_load:
        return
    if workspace is None:
        raise Unscoped("this session belongs to no workspace")
    if state.is_insert:
        return
    given = state.parameters or {}
    if not isinstance(given, Mapping):
        raise Unscoped("one statement for many rows cannot be narrowed to a workspace")
    state.statement = _within_walls(state.statement)
    state.parameters = {**given, "inside_workspace": workspace}


def _within_walls(statement: Executable) -> Executable:
    """The statement narrowed to one workspace, whichever is then given; kept while it lives.

    Making it again each time would cost more than what most statements do. Without a workspace
    given it fails.
    """
    found = _walled.get(statement)
    if found is None:
        found = _walled[statement] = statement.options(_WALLS)
    return found


@event.listens_for(WorkspaceSession, "before_flush")
def _write_inside(session: Session, _flush: UOWTransaction, _instances: Any) -> None:
    workspace = session.info.get("workspace")
    for row in session.new:
        if not isinstance(row, InWorkspace) or workspace is _EVERYWHERE:
            continue
        if row.workspace_id is None:
            row.workspace_id = workspace
        if workspace is None or row.workspace_id != workspace:
            raise Unscoped(f"a row of {row.workspace_id} in a session of {workspace}")


@event.listens_for(WorkspaceSession, "loaded_as_persistent")
def _keep(session: Session, row: object) -> None:
    """What was loaded stays for the transaction's life: asking again by id costs nothing."""
    session.info.setdefault("kept", []).append(row)


@event.listens_for(WorkspaceSession, "after_soft_rollback")
def _let_go(session: Session, _rolled_back: SessionTransaction) -> None:
    """What was loaded before a rollback, also of a savepoint, may never have been."""
    session.info.pop("kept", None)


class Database:
    """One engine and its sessions. `url` is SQLAlchemy's; Heroku's `postgres://` is understood."""

    def __init__(self, url: str) -> None:
        self.engine = engine_for(url)
        self._sessions = sessionmaker(self.engine, class_=WorkspaceSession, expire_on_commit=False)

    @contextmanager
    def transaction(self, workspace_id: str) -> Iterator[Session]:
        """One transaction inside one workspace: committed at the end, rolled back on an error."""
        with self._sessions(info={"workspace": workspace_id}) as session, session.begin():
            yield session

    @contextmanager
    def everywhere(self) -> Iterator[Session]:
        """One transaction across workspaces, for what serves them all. Never for a person."""
        with self._sessions(info={"workspace": _EVERYWHERE}) as session, session.begin():
            yield session

    def dispose(self) -> None:
        self.engine.dispose()


def engine_for(url: str) -> Engine:
    """An engine that loses no update: SQLite in WAL with BEGIN IMMEDIATE, PostgreSQL in UTC."""
    address = make_url(url.replace("postgres://", "postgresql://", 1))
    if address.drivername == "postgresql":
        address = address.set(drivername="postgresql+psycopg")
    if address.get_backend_name() == "postgresql":
        return create_engine(
            address, pool_pre_ping=True, connect_args={"options": "-c timezone=utc"}
        )
    engine = create_engine(address, connect_args={"timeout": 30})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_immediate)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=30000"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_immediate(connection: Any) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


Row = TypeVar("Row", bound=Base)


def by_id(session: Session, table: type[Row], row_id: int | str) -> Row | None:
    """As `session.get`, in half its time: by a statement made once, for what is asked often."""
    here = at_hand(session, table, row_id)
    return here if here is not None else session.scalar(_by_id(table), {"row_id": row_id})


def at_hand(session: Session, table: type[Row], row_id: int | str) -> Row | None:
    """The row as this transaction has loaded it already; None: it is to be asked for."""
    here: Row | None = session.identity_map.get(identity_key(table, row_id))
    return here


@cache
def _by_id(table: type[Row]) -> Select[Row]:
    return select(table).where(cast(Table, table.__table__).c.id == bindparam("row_id"))


def insert_once(session: Session, table: type[Base], values: dict[str, Any], *unique: str) -> bool:
    """Inserts a row unless one with the same `unique` columns is there. True: it was inserted.

    Races are the database's to settle: on PostgreSQL the second waits for the first to end.
    """
    session.flush()
    statement = _insert_once(table, session.get_bind().dialect.name, unique)
    return session.connection().execute(statement, values).one_or_none() is not None


@cache
def _insert_once(table: type[Base], dialect: str, unique: tuple[str, ...]) -> ReturningInsert[Any]:
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    columns = cast(Table, table.__table__)
    once = insert(columns).on_conflict_do_nothing(index_elements=unique)
    return once.returning(columns.c[unique[0]])
