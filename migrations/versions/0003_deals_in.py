"""Activities; what kind of file an import was, and of which columns; files dropped in Slack."""

import sqlalchemy as sa
from alembic import op

from migrations.vocabulary import (
    MOMENT,
    always,
    changed,
    index,
    maybe,
    references,
    unique,
    words,
    workspace_table,
)

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

WHOLE, DAY = sa.Integer(), sa.Date()
KIND = "ck_imports_kind"
KINDS = ("deals", "history", "activities")


def upgrade() -> None:
    with changed("imports") as imports:
        imports.add_column(
            sa.Column("kind", words(KIND, *KINDS), server_default="deals", nullable=False)
        )
        imports.add_column(maybe("columns_key", sa.String(64)))
        imports.add_column(maybe("covers_from", DAY))
        imports.add_column(maybe("covers_until", DAY))
    workspace_table(
        "activities",
        always("external_id", sa.String(80)),
        always("deal_id", WHOLE),
        always("on_day", DAY),
        maybe("at", MOMENT),
        maybe("kind", sa.String(40)),
        maybe("who", sa.String(200)),
        always("import_id", WHOLE),
        unique("activities", "workspace_id", "external_id"),
        *references("activities", deal_id="deals", import_id="imports"),
        referred_to=False,
    )
    index("ix_activities_deal", "activities", "workspace_id", "deal_id", "on_day")


def downgrade() -> None:
    op.drop_table("activities")
    with changed("imports") as imports:
        imports.drop_constraint(op.f(KIND), type_="check")
        for name in ("covers_until", "covers_from", "columns_key", "kind"):
            imports.drop_column(name)
