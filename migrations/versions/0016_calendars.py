"""Addresses of people's calendars, and when those say that they are busy."""

import sqlalchemy as sa
from alembic import op

from migrations.vocabulary import (
    MOMENT,
    always,
    check,
    forget_standards,
    index,
    maybe,
    references,
    workspace_table,
)

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

WHOLE = sa.Integer()


def upgrade() -> None:
    workspace_table(
        "calendar_addresses",
        always("person_id", WHOLE),
        maybe("url", sa.String(1000)),
        always("shown", sa.String(300)),
        always("entered_at", MOMENT),
        maybe("ended_at", MOMENT),
        maybe("read_at", MOMENT),
        maybe("covers_until", sa.Date()),
        maybe("read_as", sa.String(64)),
        maybe("etag", sa.String(300)),
        maybe("last_modified", sa.String(300)),
        always("unread", WHOLE),
        maybe("problem", sa.String(24)),
        maybe("failing_since", MOMENT),
        always("failures", WHOLE),
        maybe("next_at", MOMENT),
        always("attempt", WHOLE),
        maybe("lease_until", MOMENT),
        check(
            "ck_calendar_addresses_url_while_current",
            "(ended_at IS NULL) = (url IS NOT NULL)",
        ),
        check(
            "ck_calendar_addresses_failing_with_a_problem",
            "(problem IS NULL) = (failing_since IS NULL)",
        ),
        *references("calendar_addresses", person_id="people"),
    )
    index(
        "uq_calendar_addresses_current",
        "calendar_addresses",
        "workspace_id",
        "person_id",
        unique=True,
        where="ended_at IS NULL",
    )
    workspace_table(
        "calendar_busy_times",
        always("person_id", WHOLE),
        always("starts_at", MOMENT),
        always("ends_at", MOMENT),
        check("ck_calendar_busy_times_in_order", "starts_at < ends_at"),
        *references("calendar_busy_times", person_id="people"),
        referred_to=False,
    )
    index(
        "ix_calendar_busy_times_person",
        "calendar_busy_times",
        "workspace_id",
        "person_id",
        "ends_at",
    )


def downgrade() -> None:
    """The absences that calendars brought stay: people are out of office all the same."""
    op.drop_table("calendar_busy_times")
    op.drop_table("calendar_addresses")
    forget_standards("away_words")
