"""Answers on an owner's behalf, evidence by message, words worth copying, who was quoted."""

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

from migrations.vocabulary import (
    MOMENT,
    always,
    changed,
    forget_kinds,
    maybe,
    references,
    unique,
    words,
    workspace_table,
)

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

WHOLE, TEXT = sa.Integer(), sa.Text()
ADDRESS, SLACK_ID = sa.String(500), sa.String(32)

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
"""When what no owner has confirmed was confirmed, to the version before: too old to prove."""

FOR_WHOM = "fk_answer_sets_workspace_id_for_id"
BY_WHOM = "fk_answers_workspace_id_confirmed_by_id"
QUOTED = "ck_answer_sets_quoted_with_its_author"


def upgrade() -> None:
    with changed("answer_sets") as sets:
        sets.add_column(maybe("for_id", WHOLE))
        sets.add_column(maybe("quote_url", ADDRESS))
        sets.add_column(maybe("quote_slack_id", SLACK_ID))
    with changed("answer_sets") as sets:
        sets.create_foreign_key(
            op.f(FOR_WHOM), "people", ["workspace_id", "for_id"], ["workspace_id", "id"]
        )
        sets.create_check_constraint(op.f(QUOTED), "(quote_url IS NULL) = (quote_slack_id IS NULL)")
    with changed("answers") as answers:
        answers.add_column(maybe("confirmed_by_id", WHOLE))
        answers.alter_column("confirmed_at", existing_type=MOMENT, nullable=True)
        answers.create_foreign_key(
            op.f(BY_WHOM), "people", ["workspace_id", "confirmed_by_id"], ["workspace_id", "id"]
        )
    with changed("reviews") as reviews:
        reviews.add_column(maybe("look_at", MOMENT))
    with changed("coaching_logs") as logs:
        logs.add_column(maybe("quote_slack_id", SLACK_ID))
    workspace_table(
        "practices",
        always("review_deal_id", WHOLE),
        always("source", sa.String(80)),
        always("text", sa.String(300)),
        always("author_id", WHOLE),
        always("proposed_by_id", WHOLE),
        always("proposed_at", MOMENT),
        always("consent", words("ck_practices_consent", "asked", "shared", "kept")),
        maybe("answered_at", MOMENT),
        unique("practices", "workspace_id", "source"),
        *references(
            "practices", author_id="people", proposed_by_id="people", review_deal_id="review_deals"
        ),
    )


def downgrade() -> None:
    """What no owner has confirmed proves nothing until it is ticked "Still true"."""
    forget_kinds("review.to_confirm", "review.practice")
    op.drop_table("practices")
    with changed("coaching_logs") as logs:
        logs.drop_column("quote_slack_id")
    with changed("reviews") as reviews:
        reviews.drop_column("look_at")
    confirmed_at: sa.ColumnClause[Any] = sa.column("confirmed_at", MOMENT)
    answers_ = sa.table("answers", confirmed_at)
    op.execute(answers_.update().where(confirmed_at.is_(None)).values(confirmed_at=LONG_AGO))
    with changed("answers") as answers:
        answers.drop_constraint(op.f(BY_WHOM), type_="foreignkey")
        answers.drop_column("confirmed_by_id")
        answers.alter_column("confirmed_at", existing_type=MOMENT, nullable=False)
    with changed("answer_sets") as sets:
        sets.drop_constraint(op.f(QUOTED), type_="check")
        sets.drop_constraint(op.f(FOR_WHOM), type_="foreignkey")
        for name in ("quote_slack_id", "quote_url", "for_id"):
            sets.drop_column(name)
