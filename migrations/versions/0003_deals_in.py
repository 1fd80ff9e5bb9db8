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
STATES = ("reading", "asking", "refused", "taking", "taken", "discarded", "expired")
TEXT = sa.Text()


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
    with changed("deliveries") as deliveries:
        deliveries.add_column(maybe("in_thread", sa.String(32)))
    _dropped_files()


def _dropped_files() -> None:
    workspace_table(
        "dropped_files",
        always("person_id", WHOLE),
        always("slack_file_id", sa.String(32)),
        always("message_ts", sa.String(32)),
        always("channel_id", sa.String(32)),
        always("name", sa.String(255)),
        always("dropped_at", MOMENT),
        always("state", words("ck_dropped_files_state", *STATES)),
        always("fetched", sa.Boolean()),
        always("reading", sa.JSON()),
        maybe("findings", sa.JSON()),
        always("revision", WHOLE),
        maybe("refusal", TEXT),
        always("progress", WHOLE),
        maybe("decided_by_id", WHOLE),
        maybe("decided_at", MOMENT),
        maybe("import_id", WHOLE),
        always("attempt", WHOLE),
        maybe("lease_until", MOMENT),
        always("tries", WHOLE),
        maybe("notices_id", sa.String(32)),
        maybe("notices_for", WHOLE),
        unique("dropped_files", "workspace_id", "slack_file_id", "message_ts"),
        *references(
            "dropped_files", person_id="people", decided_by_id="people", import_id="imports"
        ),
    )
    index("ix_dropped_files_state", "dropped_files", "state", "lease_until")
    workspace_table(
        "dropped_pieces",
        always("file_id", WHOLE),
        always("position", WHOLE),
        always("content", sa.LargeBinary()),
        unique("dropped_pieces", "workspace_id", "file_id", "position"),
        *references("dropped_pieces", file_id="dropped_files"),
        referred_to=False,
    )


def downgrade() -> None:
    """What was dropped, and messages about it, are not known to what came before."""
    for name in ("dropped_pieces", "dropped_files", "activities"):
        op.drop_table(name)
    kind: sa.ColumnClause[str] = sa.column("kind", sa.String)
    deliveries = sa.table("deliveries", kind)
    op.execute(deliveries.delete().where(kind == "import.file"))
    with changed("deliveries") as table:
        table.drop_column("in_thread")
    _only_imports_of_deals()


def _only_imports_of_deals() -> None:
    """Imports of activities go. Those of a history stay, for the changes that they brought."""
    of_kind: sa.ColumnClause[str] = sa.column("kind", sa.String)
    op.execute(sa.table("imports", of_kind).delete().where(of_kind == "activities"))
    with changed("imports") as imports:
        imports.drop_constraint(op.f(KIND), type_="check")
        for name in ("covers_until", "covers_from", "columns_key", "kind"):
            imports.drop_column(name)
