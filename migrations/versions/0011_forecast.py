"""The Friday forecast: its flow, figures per person, the deals they counted, commitments."""

import sqlalchemy as sa
from alembic import op

from migrations.vocabulary import (
    MOMENT,
    always,
    check,
    forget_kinds,
    forget_prompts,
    forget_standards,
    index,
    maybe,
    references,
    unique,
    words,
    workspace_table,
)

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

WHOLE, DAY, MONEY, YES_NO = sa.Integer(), sa.Date(), sa.BigInteger(), sa.Boolean()
STATES = ("open", "done", "late", "missed", "excused")
STANDARDS = ("forecast_minutes", "forecast_accuracy_days", "slip_rate_least")


def upgrade() -> None:
    workspace_table(
        "forecasts",
        always("team_id", WHOLE),
        always("week", DAY),
        always("day", DAY),
        always("starts_on", DAY),
        always("ends_on", DAY),
        always("currency", sa.String(3)),
        always("asked_id", WHOLE),
        always("due_at", MOMENT),
        always("late_from", MOMENT),
        always("closes_at", MOMENT),
        maybe("look_at", MOMENT),
        always("state", words("ck_forecasts_state", *STATES)),
        maybe("excuse", words("ck_forecasts_excuse", "trial", "nobody")),
        always("steps_done", WHOLE),
        maybe("runner_id", WHOLE),
        maybe("started_at", MOMENT),
        maybe("running_since", MOMENT),
        always("active_seconds", WHOLE),
        maybe("finished_at", MOMENT),
        maybe("finished_by_id", WHOLE),
        unique("forecasts", "workspace_id", "team_id", "week"),
        check("ck_forecasts_period_in_order", "starts_on <= ends_on"),
        check("ck_forecasts_four_steps", "steps_done BETWEEN 0 AND 4"),
        check("ck_forecasts_time_counts", "active_seconds >= 0"),
        check("ck_forecasts_finished", "(state IN ('done', 'late')) = (finished_at IS NOT NULL)"),
        check("ck_forecasts_excused_for_a_reason", "(state = 'excused') = (excuse IS NOT NULL)"),
        *references(
            "forecasts",
            asked_id="people",
            finished_by_id="people",
            runner_id="people",
            team_id="teams",
        ),
    )
    index("ix_forecasts_look_at", "forecasts", "look_at")
    workspace_table(
        "forecast_cards",
        always("forecast_id", WHOLE),
        always("person_id", WHOLE),
        unique("forecast_cards", "workspace_id", "forecast_id", "person_id"),
        *references("forecast_cards", forecast_id="forecasts", person_id="people"),
    )
    _lines()
    workspace_table(
        "forecast_deals",
        always("forecast_id", WHOLE),
        always("deal_id", WHOLE),
        always("owner_id", WHOLE),
        always("tier", words("ck_forecast_deals_tier", "commit", "best_case", "pipeline")),
        always("amount_minor", MONEY),
        always("close_on", DAY),
        unique("forecast_deals", "workspace_id", "forecast_id", "deal_id"),
        *references("forecast_deals", deal_id="deals", forecast_id="forecasts", owner_id="people"),
        referred_to=False,
    )
    _commitments()


def _lines() -> None:
    workspace_table(
        "forecast_lines",
        always("forecast_id", WHOLE),
        always("person_id", WHOLE),
        always("commit_minor", MONEY),
        always("best_case_minor", MONEY),
        always("pipeline_minor", MONEY),
        always("suggested_commit_minor", MONEY),
        always("suggested_best_case_minor", MONEY),
        always("suggested_pipeline_minor", MONEY),
        always("given_by_id", WHOLE),
        always("given_at", MOMENT),
        always("is_current", YES_NO),
        check(
            "ck_forecast_lines_each_includes_the_one_before",
            "0 <= commit_minor AND commit_minor <= best_case_minor"
            " AND best_case_minor <= pipeline_minor",
        ),
        *references(
            "forecast_lines", forecast_id="forecasts", given_by_id="people", person_id="people"
        ),
    )
    index(
        "uq_forecast_lines_current",
        "forecast_lines",
        "workspace_id",
        "forecast_id",
        "person_id",
        unique=True,
        where="is_current",
    )


def _commitments() -> None:
    workspace_table(
        "weekly_commitments",
        always("forecast_id", WHOLE),
        always("person_id", WHOLE),
        always("week", DAY),
        maybe("activities", WHOLE),
        maybe("conversions", WHOLE),
        always("set_by_id", WHOLE),
        always("set_at", MOMENT),
        always("is_current", YES_NO),
        check("ck_weekly_commitments_activities_count", "activities >= 0"),
        check("ck_weekly_commitments_conversions_count", "conversions >= 0"),
        *references(
            "weekly_commitments", forecast_id="forecasts", person_id="people", set_by_id="people"
        ),
    )
    index(
        "uq_weekly_commitments_current",
        "weekly_commitments",
        "workspace_id",
        "person_id",
        "week",
        unique=True,
        where="is_current",
    )


def downgrade() -> None:
    """What of a Friday had become an agenda stays."""
    forget_kinds("forecast.card")
    forget_prompts("forecast.weekly")
    forget_standards(*STANDARDS)
    op.drop_table("weekly_commitments")
    op.drop_table("forecast_deals")
    op.drop_table("forecast_lines")
    op.drop_table("forecast_cards")
    op.drop_table("forecasts")
