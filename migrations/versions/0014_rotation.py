"""One-on-ones in rotation: standing ones without a time of their own, weeks that leave one out."""

from datetime import time

import sqlalchemy as sa
from alembic import op

from migrations.vocabulary import (
    MOMENT,
    always,
    changed,
    check,
    forget_kinds,
    index,
    references,
    unique,
    workspace_table,
)

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

WHOLE, DAY, TIME = sa.Integer(), sa.Date(), sa.Time()

CURRENT = "uq_standings_current"
RULE = "ck_standings_a_time_or_in_rotation"
NEW_KINDS = (
    "one_on_one.new_coach",
    "one_on_one.unset",
    "one_on_one.zone",
    "one_on_one.zone_other",
)
ANY_DAY, ANY_TIME = 2, time(10)  # of what has ended


def upgrade() -> None:
    op.drop_index(op.f(CURRENT), "standings")
    with changed("standings") as standings:
        standings.alter_column("weekday", existing_type=WHOLE, nullable=True)
        standings.alter_column("local_time", existing_type=TIME, nullable=True)
        standings.create_check_constraint(op.f(RULE), "(weekday IS NULL) = (local_time IS NULL)")
    _one_that_holds()
    workspace_table(
        "left_out",
        always("coach_id", WHOLE),
        always("person_id", WHOLE),
        always("week", DAY),
        always("people", WHOLE),
        always("places", WHOLE),
        always("decided_at", MOMENT),
        check("ck_left_out_too_many", "places < people"),
        unique("left_out", "workspace_id", "coach_id", "person_id", "week"),
        *references("left_out", coach_id="people", person_id="people"),
    )


def _one_that_holds() -> None:
    index(CURRENT, "standings", "workspace_id", "person_id", unique=True, where="ended_at IS NULL")


def downgrade() -> None:
    """Who was in rotation has no standing one-on-one then: what is planned already stays."""
    forget_kinds(*NEW_KINDS)
    standings = sa.table(
        "standings",
        sa.column("weekday", WHOLE),
        sa.column("local_time", TIME),
        sa.column("set_at", MOMENT),
        sa.column("ended_at", MOMENT),
    )
    in_rotation = standings.update().where(standings.c.weekday.is_(None))
    ended_at = sa.func.coalesce(standings.c.ended_at, standings.c.set_at)
    op.execute(in_rotation.values(ended_at=ended_at, weekday=ANY_DAY, local_time=ANY_TIME))
    op.drop_index(op.f(CURRENT), "standings")
    with changed("standings") as table:
        table.drop_constraint(op.f(RULE), type_="check")
        table.alter_column("weekday", existing_type=WHOLE, nullable=False)
        table.alter_column("local_time", existing_type=TIME, nullable=False)
    _one_that_holds()
    op.drop_table("left_out")
