"""Deputies, reviews that ended without a grade, what became of next actions."""

import sqlalchemy as sa
from alembic import op

from migrations.vocabulary import (
    MOMENT,
    always,
    changed,
    forget_kinds,
    forget_standards,
    index,
    maybe,
    references,
    words,
    workspace_table,
)

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

WHOLE = sa.Integer()

STATE, ENDED, GRADED = "ck_reviews_state", "ck_reviews_over_when_it_ended", "ck_reviews_graded"
BEFORE = "ck_reviews_closed_with_a_grade"
NEW_KINDS = ("review.nudge", "review.new_owner", "review.ended", "deputy.named")
NEW_STANDARDS = ("unchanged_reviews", "rescuing_least")


def upgrade() -> None:
    workspace_table(
        "deputies",
        always("team_id", WHOLE),
        always("person_id", WHOLE),
        maybe("named_by_id", WHOLE),
        always("named_at", MOMENT),
        maybe("ended_at", MOMENT),
        maybe("ended_by_id", WHOLE),
        *references(
            "deputies",
            ended_by_id="people",
            named_by_id="people",
            person_id="people",
            team_id="teams",
        ),
    )
    index(
        "uq_deputies_current",
        "deputies",
        "workspace_id",
        "team_id",
        unique=True,
        where="ended_at IS NULL",
    )
    workspace_table(
        "next_action_answers",
        always("action_id", WHOLE),
        always("state", words("ck_next_action_answers_state", "done", "not_done")),
        always("by_id", WHOLE),
        always("at", MOMENT),
        *references("next_action_answers", action_id="next_actions", by_id="people"),
        referred_to=False,
    )
    _reviews_may_end(
        (STATE, "state IN ('open', 'closed', 'abandoned', 'not_held')"),
        (ENDED, "(state = 'open') = (closed_at IS NULL)"),
        (GRADED, "(state = 'closed') = (grade IS NOT NULL)"),
        instead_of=(STATE, BEFORE),
    )


def _reviews_may_end(*rules: tuple[str, str], instead_of: tuple[str, ...]) -> None:
    op.drop_index(op.f("uq_reviews_open"), "reviews")
    with changed("reviews") as reviews:
        for name in instead_of:
            reviews.drop_constraint(op.f(name), type_="check")
        for name, rule in rules:
            reviews.create_check_constraint(op.f(name), rule)
    index(
        "uq_reviews_open", "reviews", "workspace_id", "team_id", unique=True, where="state = 'open'"
    )


def downgrade() -> None:
    """What ended without a grade is then a status meeting, closed by the team's manager."""
    forget_kinds(*NEW_KINDS)
    forget_standards(*NEW_STANDARDS)
    reviews = sa.table("reviews", *map(sa.column, ("state", "grade", "team_id", "closed_by_id")))
    teams = sa.table("teams", sa.column("id"), sa.column("manager_id"))
    manager = sa.select(teams.c.manager_id).where(teams.c.id == reviews.c.team_id)
    by_itself = (reviews.c.state != "open") & reviews.c.closed_by_id.is_(None)
    op.execute(reviews.update().where(by_itself).values(closed_by_id=manager.scalar_subquery()))
    _reviews_may_end(instead_of=(STATE, ENDED, GRADED))
    ended = reviews.c.state.in_(("abandoned", "not_held"))
    op.execute(reviews.update().where(ended).values(state="closed", grade="status_meeting"))
    _reviews_may_end(
        (STATE, "state IN ('open', 'closed')"),
        (BEFORE, "(state = 'closed') = (closed_at IS NOT NULL AND grade IS NOT NULL)"),
        instead_of=(),
    )
    op.drop_table("next_action_answers")
    op.drop_table("deputies")
