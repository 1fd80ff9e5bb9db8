"""When a file told of a deal last."""

import sqlalchemy as sa
from alembic import op

from migrations.vocabulary import MOMENT, changed, maybe

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Of what is here the latest file told, as far as anybody knows."""
    with changed("deals") as deals:
        deals.add_column(maybe("told_at", MOMENT))
    imports = sa.table("imports", *map(sa.column, ("workspace_id", "imported_at", "kind")))
    rows = sa.table("deals", *map(sa.column, ("workspace_id", "told_at")))
    latest = sa.select(sa.func.max(imports.c.imported_at)).where(
        imports.c.workspace_id == rows.c.workspace_id, imports.c.kind == "deals"
    )
    op.execute(rows.update().values(told_at=latest.scalar_subquery()))


def downgrade() -> None:
    with changed("deals") as deals:
        deals.drop_column("told_at")
