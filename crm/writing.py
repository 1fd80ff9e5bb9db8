"""Writing many rows by one statement, in the workspace of a session.

PostgreSQL takes each column as one array (unnest), which is twice as fast as a statement for each
row. SQLite, which no wire lies between, takes row after row. The session does not learn of it.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, cast

from sqlalchemy import (
    Connection,
    Executable,
    Table,
    TableValuedAlias,
    bindparam,
    column,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from models.base import Base
from models.people import workspace_id_of

Rows = Sequence[Mapping[str, Any]]
"""Values by column; every row has the same columns."""


def insert_rows(session: Session, table: type[Base], rows: Rows) -> None:
    """New rows; their workspace is the session's."""
    if not rows:
        return
    connection, made = session.connection(), cast(Table, table.__table__)
    if _at_once(connection):
        connection.execute(_insert(made, tuple(rows[0])), _arrays(session, rows))
    else:
        ours = {"workspace_id": workspace_id_of(session)}
        connection.execute(insert(made), [{**row, **ours} for row in rows])


def update_rows(session: Session, table: type[Base], rows: Rows) -> None:
    """Sets what each of these holds, in the row of its `id`; in another workspace nothing."""
    if not rows:
        return
    connection, made, names = session.connection(), cast(Table, table.__table__), tuple(rows[0])
    if _at_once(connection):
        connection.execute(_update_at_once(made, names), _arrays(session, rows))
    else:
        ours = {_WORKSPACE: workspace_id_of(session)}
        given = [(name, _given(name)) for name in names]
        connection.execute(
            _update(made, names),
            [{**ours, **{to: row[name] for name, to in given}} for row in rows],
        )


_WORKSPACE = "the_workspace"


def _at_once(connection: Connection) -> bool:
    return connection.dialect.name == "postgresql"


def _arrays(session: Session, rows: Rows) -> dict[str, Any]:
    arrays = {_given(name): [row[name] for row in rows] for name in rows[0]}
    return {_WORKSPACE: workspace_id_of(session), **arrays}


def _given(name: str) -> str:
    """The parameter of a column; a column's own name would mean something else to a statement."""
    return f"{name}_given"


@cache
def _insert(table: Table, names: tuple[str, ...]) -> Executable:
    said = _said(table, names)
    ours = bindparam(_WORKSPACE, type_=table.c.workspace_id.type)
    rows = select(ours, *(said.c[name] for name in names))
    return insert(table).from_select(["workspace_id", *names], rows)


@cache
def _update(table: Table, names: tuple[str, ...]) -> Executable:
    ours = table.c.workspace_id == bindparam(_WORKSPACE)
    its = table.c.id == bindparam(_given("id"))
    values: dict[str, Any] = {name: bindparam(_given(name)) for name in names if name != "id"}
    return update(table).where(ours, its).values(values)


@cache
def _update_at_once(table: Table, names: tuple[str, ...]) -> Executable:
    said = _said(table, names)
    ours = table.c.workspace_id == bindparam(_WORKSPACE)
    values = {name: said.c[name] for name in names if name != "id"}
    return update(table).where(ours, table.c.id == said.c.id).values(values)


def _said(table: Table, names: tuple[str, ...]) -> TableValuedAlias:
    """The arrays as a table, a column each."""
    arrays = (bindparam(_given(name), type_=ARRAY(table.c[name].type)) for name in names)
    columns = (column(name, table.c[name].type) for name in names)
    return func.unnest(*arrays).table_valued(*columns, name="said").render_derived(name="said")
