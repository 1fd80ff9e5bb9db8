"""The agenda that a Friday sets for the Monday after it."""

import sqlalchemy as sa
from alembic import op

from migrations.vocabulary import (
    MOMENT,
    always,
    check,
    index,
    maybe,
    references,
    workspace_table,
)

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    workspace_table(
        "agenda_items",
        always("team_id", sa.Integer()),
        always("monday", sa.Date()),
        always("place", sa.Integer()),
        always("text", sa.String(300)),
        always("added_by_id", sa.Integer()),
        always("added_at", MOMENT),
        maybe("replaced_at", MOMENT),
        check("ck_agenda_items_place_counts", "place >= 0"),
        *references("agenda_items", added_by_id="people", team_id="teams"),
    )
    index("ix_agenda_items_team_id", "agenda_items", "team_id")


def downgrade() -> None:
    op.drop_table("agenda_items")
