"""What Alembic runs: the connection and its transaction are bot/migrate.py's."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection

from models.base import UtcDateTime


def as_plain_type(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:
    """Revisions are frozen: they name SQLAlchemy's types, never ours, which may change."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


def run(connection: Connection) -> None:
    """Runs what bot/migrate.py asked for, inside its transaction."""
    context.configure(
        connection=connection,
        target_metadata=context.config.attributes.get("metadata"),
        render_as_batch=True,
        render_item=as_plain_type,
        transactional_ddl=True,
    )
    context.run_migrations()


run(context.config.attributes["connection"])
