"""The pick that waits for its cards, and what owners are to put right in the CRM."""

import sqlalchemy as sa
from alembic import op

from migrations.vocabulary import (
    MOMENT,
    always,
    check,
    forget_kinds,
    forget_prompts,
    index,
    maybe,
    references,
    unique,
    workspace_table,
)

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

WHOLE = sa.Integer()


def upgrade() -> None:
    workspace_table(
        "picks",
        always("team_id", WHOLE),
        always("cards_on", sa.Date()),
        always("picked_at", MOMENT),
        maybe("ended_at", MOMENT),
        maybe("ended_for", sa.String(24)),
        maybe("review_id", WHOLE),
        check("ck_picks_ended_for_a_reason", "(ended_at IS NULL) = (ended_for IS NULL)"),
        check("ck_picks_over_with_its_review", "review_id IS NULL OR ended_at IS NOT NULL"),
        *references("picks", review_id="reviews", team_id="teams"),
    )
    index(
        "uq_picks_waiting",
        "picks",
        "workspace_id",
        "team_id",
        unique=True,
        where="ended_at IS NULL",
    )
    workspace_table(
        "pick_versions",
        always("pick_id", WHOLE),
        always("made_at", MOMENT),
        maybe("made_by_id", WHOLE),
        always("is_current", sa.Boolean()),
        always("left_out", sa.JSON()),
        *references("pick_versions", made_by_id="people", pick_id="picks"),
    )
    index(
        "uq_pick_versions_current",
        "pick_versions",
        "workspace_id",
        "pick_id",
        unique=True,
        where="is_current",
    )
    workspace_table(
        "picked_deals",
        always("version_id", WHOLE),
        always("deal_id", WHOLE),
        always("position", WHOLE),
        always("why", sa.JSON()),
        unique("picked_deals", "workspace_id", "version_id", "deal_id"),
        unique("picked_deals", "workspace_id", "version_id", "position"),
        *references("picked_deals", deal_id="deals", version_id="pick_versions"),
        referred_to=False,
    )
    workspace_table(
        "put_right_lists",
        always("team_id", WHOLE),
        always("person_id", WHOLE),
        always("day", sa.Date()),
        always("made_at", MOMENT),
        always("excused", sa.Boolean()),
        always("asked", sa.JSON()),
        unique("put_right_lists", "workspace_id", "team_id", "person_id", "day"),
        *references("put_right_lists", person_id="people", team_id="teams"),
    )


def downgrade() -> None:
    """What the version before could not read goes: messages, prompts, the tables."""
    forget_kinds("review.pick", "crm.put_right")
    forget_prompts("review.pick", "crm.put_right")
    for table in ("put_right_lists", "picked_deals", "pick_versions", "picks"):
        op.drop_table(table)
