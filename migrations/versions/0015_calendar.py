"""Company days; out of office by the Slack status; who goes by the zone of the team."""

import sqlalchemy as sa
from alembic import op
from alembic.operations import BatchOperations

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
    workspace_table,
)

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

ZONE = "ck_people_zone_of_one_of_them"
TOOK_BACK = "fk_absences_workspace_id_withdrawn_by_id"
NEW_STANDARDS = (
    "status_emojis",
    "status_words",
    "status_not_away",
    "status_evening",
    "status_open_days",
)


def upgrade() -> None:
    workspace_table(
        "company_days",
        maybe("team_id", sa.Integer()),
        maybe("holiday_calendar", sa.String(16)),
        always("starts_on", sa.Date()),
        always("ends_on", sa.Date()),
        always("name", sa.String(80)),
        always("entered_at", MOMENT),
        maybe("entered_by_id", sa.Integer()),
        maybe("withdrawn_at", MOMENT),
        maybe("withdrawn_by_id", sa.Integer()),
        check("ck_company_days_in_order", "starts_on <= ends_on"),
        check("ck_company_days_for_one_of_them", "team_id IS NULL OR holiday_calendar IS NULL"),
        *references(
            "company_days", entered_by_id="people", team_id="teams", withdrawn_by_id="people"
        ),
    )
    index("ix_company_days_ends_on", "company_days", "workspace_id", "ends_on")
    workspace_table(
        "slack_statuses",
        always("person_id", sa.Integer()),
        always("mark", sa.String(32)),
        always("since", MOMENT),
        maybe("ends_at", MOMENT),
        maybe("look_at", MOMENT),
        unique("slack_statuses", "workspace_id", "person_id"),
        *references("slack_statuses", person_id="people"),
        referred_to=False,
    )
    index("ix_slack_statuses_look_at", "slack_statuses", "look_at")
    with changed("absences") as absences:
        _keep_default(absences)
        absences.add_column(maybe("withdrawn_by_id", sa.Integer()))
        absences.create_foreign_key(
            op.f(TOOK_BACK),
            "people",
            ["workspace_id", "withdrawn_by_id"],
            ["workspace_id", "id"],
        )
    with changed("people") as people:
        people.add_column(_yes_or_no("zone_is_teams", sa.false()))
        people.add_column(_yes_or_no("follows_status", sa.true()))
        people.create_check_constraint(op.f(ZONE), "NOT (zone_is_own AND zone_is_teams)")


def _keep_default(absences: BatchOperations) -> None:
    """SQLite, which builds the table anew, would write an empty default in parentheses."""
    absences.alter_column("source_key", existing_type=sa.String(200), server_default="")


def _yes_or_no(name: str, until_said: sa.ColumnElement[bool]) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), nullable=False, server_default=until_said)


def downgrade() -> None:
    forget_standards(*NEW_STANDARDS)
    with changed("people") as people:
        people.drop_constraint(op.f(ZONE), type_="check")
        people.drop_column("follows_status")
        people.drop_column("zone_is_teams")
    with changed("absences") as absences:
        _keep_default(absences)
        absences.drop_constraint(op.f(TOOK_BACK), type_="foreignkey")
        absences.drop_column("withdrawn_by_id")
    op.drop_table("slack_statuses")
    op.drop_table("company_days")
