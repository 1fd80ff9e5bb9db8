"""Writing many rows by one statement, in the workspace of a session.

PostgreSQL takes each column as one array (unnest), which is twice as fast as a statement for each
row. SQLite, which no wire lies between, takes row after row. The session does not learn of it.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, cast

from sqlalchemy import (
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
    if rows:
        _write(session, _insert, table, rows)


def update_rows(session: Session, table: type[Base], rows: Rows) -> None:
    """Sets what each of these holds, in the row of its `id`; in another workspace nothing."""
    if rows:
        _write(session, _update, table, rows)


_WORKSPACE = "the_workspace"


def _write(session: Session, statement: Any, table: type[Base], rows: Rows) -> None:
    connection, names = session.connection(), tuple(rows[0])
    at_once = connection.dialect.name == "postgresql"
    made: Executable = statement(cast(Table, table.__table__), names, at_once=at_once)
    ours = {_WORKSPACE: workspace_id_of(session)}
    if at_once:
        arrays = {_given(name): [row[name] for row in rows] for name in names}
        connection.execute(made, ours | arrays)
    else:
        connection.execute(
            made, [ours | {_given(name): row[name] for name in names} for row in rows]
        )


def _given(name: str) -> str:
    """The parameter of a column; a column's own name would mean something else to a statement."""
    return f"{name}_given"


@cache
def _insert(table: Table, names: tuple[str, ...], *, at_once: bool) -> Executable:
    ours = bindparam(_WORKSPACE, type_=table.c.workspace_id.type)
    if not at_once:
        return insert(table).values(
            {name: bindparam(_given(name)) for name in names} | {"workspace_id": ours}
        )
    said = _said(table, names)
    rows = select(ours, *(said.c[name] for name in names))
    return insert(table).from_select(["workspace_id", *names], rows)


@cache
def _update(table: Table, names: tuple[str, ...], *, at_once: bool) -> Executable:
    ours = table.c.workspace_id == bindparam(_WORKSPACE)
    rest = [name for name in names if name != "id"]
    if not at_once:
        its = table.c.id == bindparam(_given("id"))
        return (
            update(table).where(ours, its).values({name: bindparam(_given(name)) for name in rest})
        )
    said = _said(table, names)
    its = table.c.id == said.c.id
    return update(table).where(ours, its).values({name: said.c[name] for name in rest})


def _said(table: Table, names: tuple[str, ...]) -> TableValuedAlias:
    """The arrays as a table, a column each."""
    arrays = (bindparam(_given(name), type_=ARRAY(table.c[name].type)) for name in names)
    columns = (column(name, table.c[name].type) for name in names)
    return func.unnest(*arrays).table_valued(*columns, name="said").render_derived(name="said")
