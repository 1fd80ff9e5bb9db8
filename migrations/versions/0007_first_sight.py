"""Since when a deal is here, so that activities told of before accuse nobody."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from migrations.vocabulary import MOMENT, changed, maybe

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

NEW_FLAG = "stage_unlogged"


def upgrade() -> None:
    with changed("deals") as deals:
        deals.add_column(maybe("seen_at", MOMENT))


def downgrade() -> None:
    _forget_flags()
    with changed("deals") as deals:
        deals.drop_column("seen_at")


def _forget_flags() -> None:
    """A flag of this version, which the version before could not read in a review's reasons."""
    columns: tuple[sa.ColumnClause[Any], ...] = (
        sa.column("id", sa.Integer()),
        sa.column("why", sa.JSON()),
    )
    picked = sa.table("review_deals", *columns)
    connection = op.get_bind()
    for row in connection.execute(sa.select(picked)).all():
        raised = row.why.get("flags", [])
        kept = [flag for flag in raised if flag["code"] != NEW_FLAG]
        if kept != raised:
            mine = picked.update().where(picked.c.id == row.id)
            connection.execute(mine.values(why=row.why | {"flags": kept}))
