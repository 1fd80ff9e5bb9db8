"""Setup in Slack: the trial week, what Slack says about channels, the steps and their previews."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from alembic import op

from migrations.vocabulary import (
    MOMENT,
    always,
    changed,
    maybe,
    references,
    unique,
    workspace_table,
)

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

WHOLE, YES_NO, DAY = sa.Integer(), sa.Boolean(), sa.Date()
NAME = sa.String(32)
EXCUSE = "ck_one_on_ones_excuse"
EXCUSES = ("coach_off", "person_off", "coach_changed", "left")
TRIAL_DAYS = 7

teams = sa.table(
    "teams",
    sa.column("id", WHOLE),
    sa.column("workspace_id", NAME),
    sa.column("trial_ends_on", DAY),
    sa.column("channel_may_be_public", YES_NO),
)
workspaces = sa.table("workspaces", sa.column("id", NAME), sa.column("created_at", MOMENT))
schedules = sa.table("schedules", sa.column("team_id", WHOLE), sa.column("active_from", DAY))
deliveries = sa.table("deliveries", sa.column("kind", sa.String(40)))
KINDS = ("setup.steps", "setup.preview")
one_on_ones = sa.table(
    "one_on_ones", sa.column("state", sa.String(24)), sa.column("excuse", sa.String(24))
)


def upgrade() -> None:
    with changed("teams") as batch:
        batch.add_column(
            sa.Column("channel_may_be_public", YES_NO, server_default=sa.false(), nullable=False)
        )
        batch.add_column(maybe("trial_ends_on", DAY))
    _teams_have_begun()
    _excuses((*EXCUSES, "trial"))
    workspace_table(
        "channel_checks",
        always("channel_id", NAME),
        always("checked_at", MOMENT),
        always("is_shared", YES_NO),
        always("is_public", YES_NO),
        always("has_guests", YES_NO),
        unique("channel_checks", "workspace_id", "channel_id"),
        referred_to=False,
    )
    workspace_table(
        "setups",
        always("person_id", WHOLE),
        maybe("team_id", WHOLE),
        always("opened_at", MOMENT),
        *references("setups", person_id="people", team_id="teams"),
    )
    workspace_table(
        "previews",
        always("person_id", WHOLE),
        always("team_id", WHOLE),
        always("place", WHOLE),
        always("asked_at", MOMENT),
        *references("previews", person_id="people", team_id="teams"),
    )


def _teams_have_begun() -> None:
    """The teams that are here began when their first schedule did, else with their workspace. Who
    has a public channel was asked when it was set up.
    """
    connection = op.get_bind()
    first = (
        sa.select(sa.func.min(schedules.c.active_from))
        .where(schedules.c.team_id == teams.c.id)
        .scalar_subquery()
    )
    rows = connection.execute(
        sa.select(teams.c.id, first, workspaces.c.created_at).join(
            workspaces, workspaces.c.id == teams.c.workspace_id
        )
    ).all()
    for team_id, began, made_at in rows:
        last = (_day(began) or made_at.date()) + timedelta(days=TRIAL_DAYS - 1)
        connection.execute(
            sa.update(teams)
            .where(teams.c.id == team_id)
            .values(trial_ends_on=last, channel_may_be_public=True)
        )


def _day(value: Any) -> date | None:
    """SQLite gives the least of dates as text."""
    return date.fromisoformat(value) if isinstance(value, str) else value


def _excuses(words: Iterable[str]) -> None:
    listed = ", ".join(f"'{word}'" for word in words)
    with changed("one_on_ones") as batch:
        batch.drop_constraint(op.f(EXCUSE), type_="check")
        batch.create_check_constraint(op.f(EXCUSE), f"excuse IN ({listed})")


def downgrade() -> None:
    """What a trial excused was missed, to the older version; it knows no messages of setup."""
    op.execute(sa.delete(deliveries).where(deliveries.c.kind.in_(KINDS)))
    for table in ("previews", "setups", "channel_checks"):
        op.drop_table(table)
    op.execute(
        sa.update(one_on_ones)
        .where(one_on_ones.c.excuse == "trial")
        .values(state="missed", excuse=None)
    )
    _excuses(EXCUSES)
    with changed("teams") as batch:
        batch.drop_column("trial_ends_on")
        batch.drop_column("channel_may_be_public")
