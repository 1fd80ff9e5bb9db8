"""How many messages a person gets, and when: since when each stands, what was held back, and what
people chose about it.
"""

import sqlalchemy as sa
from alembic import op

from migrations.vocabulary import (
    MOMENT,
    always,
    changed,
    check,
    forget_standards,
    index,
    maybe,
    references,
    unique,
    words,
    workspace_table,
)

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with changed("deliveries") as deliveries:
        deliveries.add_column(maybe("told_at", MOMENT))
        deliveries.add_column(
            maybe("waits_for", words("ck_deliveries_waits_for", "hours", "digest"))
        )
    index(
        "ix_deliveries_told", "deliveries", "workspace_id", "person_id", "told_at",
        where="person_id IS NOT NULL",
    )  # fmt: skip
    index(
        "ix_deliveries_after", "deliveries", "workspace_id", "after_id",
        where="after_id IS NOT NULL",
    )  # fmt: skip
    workspace_table(
        "message_settings",
        always("person_id", sa.Integer()),
        always("quiet_is_own", sa.Boolean()),
        maybe("quiet_from", sa.Time()),
        maybe("quiet_until", sa.Time()),
        maybe("snoozed_until", MOMENT),
        always("unwanted", sa.JSON()),
        check(
            "ck_message_settings_quiet_on_both_ends", "(quiet_from IS NULL) = (quiet_until IS NULL)"
        ),
        check("ck_message_settings_quiet_is_own", "quiet_is_own OR quiet_from IS NULL"),
        unique("message_settings", "workspace_id", "person_id"),
        *references("message_settings", person_id="people"),
        referred_to=False,
    )
    workspace_table(
        "selling_blocks",
        always("person_id", sa.Integer()),
        always("weekdays", sa.String(7)),
        always("starts", sa.Time()),
        always("ends", sa.Time()),
        check("ck_selling_blocks_in_order", "starts < ends"),
        unique("selling_blocks", "workspace_id", "person_id", "weekdays", "starts", "ends"),
        *references("selling_blocks", person_id="people"),
        referred_to=False,
    )


def downgrade() -> None:
    forget_standards("messages_rep", "messages_manager", "quiet_from", "quiet_until")
    op.drop_table("selling_blocks")
    op.drop_table("message_settings")
    op.drop_index(op.f("ix_deliveries_after"), "deliveries")
    op.drop_index(op.f("ix_deliveries_told"), "deliveries")
    with changed("deliveries") as deliveries:
        deliveries.drop_constraint(op.f("ck_deliveries_waits_for"), type_="check")
        deliveries.drop_column("waits_for")
        deliveries.drop_column("told_at")
