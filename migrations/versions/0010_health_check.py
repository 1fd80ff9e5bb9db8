"""Monday's health check: what it found, its flags, and the coverage conversations it asks for."""

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

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

WHOLE = sa.Integer()


def upgrade() -> None:
    workspace_table(
        "health_checks",
        always("team_id", WHOLE),
        always("day", sa.Date()),
        always("checked_at", MOMENT),
        maybe("as_of", MOMENT),
        always("is_stale", sa.Boolean()),
        always("decider_id", WHOLE),
        always("figures", sa.JSON()),
        unique("health_checks", "workspace_id", "team_id", "day"),
        *references("health_checks", decider_id="people", team_id="teams"),
    )
    workspace_table(
        "health_flags",
        always("check_id", WHOLE),
        always("deal_id", WHOLE),
        always("owner_id", WHOLE),
        always("code", sa.String(40)),
        always("facts", sa.JSON()),
        unique("health_flags", "workspace_id", "check_id", "deal_id", "code"),
        *references("health_flags", check_id="health_checks", deal_id="deals", owner_id="people"),
        referred_to=False,
    )
    workspace_table(
        "coverage_asks",
        always("check_id", WHOLE),
        always("person_id", WHOLE),
        always("asked_at", MOMENT),
        unique("coverage_asks", "workspace_id", "check_id", "person_id"),
        *references("coverage_asks", check_id="health_checks", person_id="people"),
    )
    _talks()


def _talks() -> None:
    states = ("open", "kept", "missed", "excused")
    excuses = ("person_off", "person_left", "asked_left", "trial")
    workspace_table(
        "coverage_talks",
        always("check_id", WHOLE),
        always("team_id", WHOLE),
        always("person_id", WHOLE),
        always("asked_id", WHOLE),
        always("day", sa.Date()),
        always("asked_at", MOMENT),
        always("ends_at", MOMENT),
        always("missing_minor", sa.BigInteger()),
        always("facts", sa.JSON()),
        always("state", words("ck_coverage_talks_state", *states)),
        maybe("excuse", words("ck_coverage_talks_excuse", *excuses)),
        maybe("settled_at", MOMENT),
        maybe("log_id", WHOLE),
        maybe("sits_at", MOMENT),
        maybe("set_by_id", WHOLE),
        unique("coverage_talks", "workspace_id", "check_id", "person_id"),
        check("ck_coverage_talks_settled_when_it_ended", "(state = 'open') = (settled_at IS NULL)"),
        check("ck_coverage_talks_kept_by_a_log", "(state = 'kept') = (log_id IS NOT NULL)"),
        check(
            "ck_coverage_talks_excused_with_a_reason",
            "(state = 'excused') = (excuse IS NOT NULL)",
        ),
        check("ck_coverage_talks_missing_not_negative", "missing_minor >= 0"),
        *references(
            "coverage_talks",
            asked_id="people",
            check_id="health_checks",
            log_id="coaching_logs",
            person_id="people",
            set_by_id="people",
            team_id="teams",
        ),
    )
    index("ix_coverage_talks_ends_at", "coverage_talks", "state", "ends_at")
    index("ix_coverage_talks_person", "coverage_talks", "workspace_id", "person_id", "ends_at")
    index("ix_coverage_talks_asked", "coverage_talks", "workspace_id", "asked_id", "day")


def downgrade() -> None:
    """What was checked and asked is gone; coaching logs stay, of this kind too."""
    forget_kinds(
        "health.summary",
        "health.flags",
        "health.talks",
        "health.talk",
        "health.reminder",
        "health.quotas",
        "import.reminder",
    )
    forget_prompts("deals.import_reminder", "health.check")
    forget_standards("coverage_reminder_at")
    for table in ("coverage_talks", "coverage_asks", "health_flags", "health_checks"):
        op.drop_table(table)
