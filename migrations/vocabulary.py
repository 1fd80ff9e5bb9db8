"""The words in which revisions say tables. Old revisions stand on them: they are never changed.

Names follow the convention of models.base, written out, so that a later convention renames nothing.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from alembic import op
from alembic.operations import BatchOperations
from sqlalchemy.types import TypeEngine

MOMENT = sa.DateTime(timezone=True)


def words(name: str, *allowed: str) -> sa.Enum:
    """A column of words that the database checks, under this name."""
    return sa.Enum(*allowed, name=op.f(name), native_enum=False, create_constraint=True, length=24)


def always(name: str, kind: TypeEngine[Any]) -> sa.Column[Any]:
    """A column that is always filled."""
    return sa.Column(name, kind, nullable=False)


def maybe(name: str, kind: TypeEngine[Any]) -> sa.Column[Any]:
    """A column that may be empty."""
    return sa.Column(name, kind, nullable=True)


def key(table: str, *columns: str) -> sa.PrimaryKeyConstraint:
    """The primary key."""
    return sa.PrimaryKeyConstraint(*columns, name=op.f(f"pk_{table}"))


def unique(table: str, *columns: str) -> sa.UniqueConstraint:
    """No two rows are alike in these columns."""
    return sa.UniqueConstraint(*columns, name=op.f(f"uq_{table}_{'_'.join(columns)}"))


def check(name: str, condition: str) -> sa.CheckConstraint:
    """A rule that the database holds."""
    return sa.CheckConstraint(condition, name=op.f(name))


def references(table: str, **columns: str) -> tuple[sa.ForeignKeyConstraint, ...]:
    """References by column and referred table, none of which can leave the workspace."""
    return tuple(
        sa.ForeignKeyConstraint(
            ["workspace_id", column],
            [f"{other}.workspace_id", f"{other}.id"],
            name=op.f(f"fk_{table}_workspace_id_{column}"),
        )
        for column, other in columns.items()
    )


def workspace_table(
    name: str, *parts: sa.Column[Any] | sa.Constraint, referred_to: bool = True
) -> None:
    """A table whose rows have an `id`, belong to a workspace and can be referred to within it."""
    columns = [part for part in parts if isinstance(part, sa.Column)]
    constraints = [part for part in parts if not isinstance(part, sa.Column)]
    if referred_to:
        constraints.append(unique(name, "workspace_id", "id"))
    in_workspace = sa.ForeignKeyConstraint(
        ["workspace_id"], ["workspaces.id"], name=op.f(f"fk_{name}_workspace_id")
    )
    op.create_table(
        name,
        always("id", sa.Integer()),
        *columns,
        always("workspace_id", sa.String(32)),
        key(name, "id"),
        in_workspace,
        *constraints,
    )
    index(f"ix_{name}_workspace_id", name, "workspace_id")


def index(
    name: str, table: str, *columns: str, unique: bool = False, where: str | None = None
) -> None:
    """An index, of the rows that meet the condition."""
    condition = None if where is None else sa.text(where)
    op.create_index(
        op.f(name),
        table,
        list(columns),
        unique=unique,
        sqlite_where=condition,
        postgresql_where=condition,
    )


@contextmanager
def changed(table: str) -> Iterator[BatchOperations]:
    """A table to be changed. SQLite builds it anew, so foreign keys are off (bot/migrate.py)."""
    anew = op.get_context().dialect.name == "sqlite"
    with op.batch_alter_table(table, recreate="always" if anew else "never") as batch:
        yield batch


# --- on the way down: what the version before could not read


def forget_kinds(*kinds: str) -> None:
    """Messages of these kinds, and what was told to admins of them."""
    deliveries = sa.table("deliveries", *map(sa.column, ("id", "kind", "subject_id")))
    going = sa.select(deliveries.c.id).where(deliveries.c.kind.in_(kinds))
    told = (deliveries.c.kind == "admin.parked") & deliveries.c.subject_id.in_(going)
    op.execute(deliveries.delete().where(told))
    op.execute(deliveries.delete().where(deliveries.c.kind.in_(kinds)))


def forget_prompts(*prompts: str) -> None:
    """Schedules of these prompts, with what came due of them and what was said of that."""
    schedules = sa.table("schedules", *map(sa.column, ("id", "prompt")))
    occurrences = sa.table("occurrences", *map(sa.column, ("id", "schedule_id")))
    deliveries = sa.table("deliveries", *map(sa.column, ("kind", "subject_id")))
    going = sa.select(schedules.c.id).where(schedules.c.prompt.in_(prompts))
    came_due = sa.select(occurrences.c.id).where(occurrences.c.schedule_id.in_(going))
    told = deliveries.c.kind == "schedule.skipped"
    op.execute(deliveries.delete().where(told & deliveries.c.subject_id.in_(came_due)))
    op.execute(occurrences.delete().where(occurrences.c.schedule_id.in_(going)))
    op.execute(schedules.delete().where(schedules.c.prompt.in_(prompts)))


def forget_standards(*names: str) -> None:
    """Settings of these names in the standards of a workspace."""
    columns: tuple[sa.ColumnClause[Any], ...] = (
        sa.column("id", sa.String()),
        sa.column("standards", sa.JSON()),
    )
    workspaces = sa.table("workspaces", *columns)
    connection = op.get_bind()
    for row in connection.execute(sa.select(workspaces)).all():
        kept = {name: value for name, value in row.standards.items() if name not in names}
        if kept != row.standards:
            mine = workspaces.update().where(workspaces.c.id == row.id)
            connection.execute(mine.values(standards=kept))
