"""Coaching, one-on-ones, ratings, motivation, days off; prompts of a person."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.types import TypeEngine

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

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TABLES = (
    "absences", "breaches", "motivation_profiles", "standings", "one_on_ones",
    "coaching_logs", "one_on_one_deals", "one_on_one_notes", "rating_comments", "ratings",
    "sittings", "talking_points", "coaching_entries", "coaching_answers",
)  # fmt: skip

TEXT = sa.Text()
WHOLE, YES_NO = sa.Integer(), sa.Boolean()
DAY, TIME = sa.Date(), sa.Time()

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
"""When schedules that were here before have to be looked at: in the next round."""

OF_A_TEAM_OR_A_PERSON = "ck_schedules_of_a_team_or_a_person"
OF_ONE = "(team_id IS NULL) <> (person_id IS NULL)"
ONE_PER_PERSON = "uq_schedules_workspace_id_person_id_prompt"
ITS_PERSON = "fk_schedules_workspace_id_person_id"

NEW_STANDARDS = (
    "one_on_ones_a_day", "one_on_one_days", "one_on_one_minutes", "one_on_one_minutes_least",
    "one_on_one_minutes_most", "free_times_from", "free_times_until", "reminder_minutes",
    "rating_minutes", "rating_change_hours", "rating_open_days", "digest_at", "coaching_minutes",
    "coaching_late_days", "coaching_oldest_days", "feedback_characters", "focus_areas",
    "manager_focus_areas",
)  # fmt: skip


def upgrade() -> None:
    _people_have_days()
    _schedules_of_people()
    _make_tables()
    _everybody_has_a_morning_digest()


def _people_have_days() -> None:
    with changed("people") as people:
        people.add_column(
            sa.Column("working_days", sa.String(7), server_default="12345", nullable=False)
        )
        people.add_column(maybe("holiday_calendar", sa.String(16)))
        for name in ("reminded_day_before", "reminded_at_start"):
            people.add_column(sa.Column(name, YES_NO, server_default=sa.true(), nullable=False))


def _schedules_of_people() -> None:
    with changed("schedules") as schedules:
        schedules.add_column(maybe("person_id", WHOLE))
        schedules.add_column(maybe("look_at", MOMENT))
        schedules.alter_column("team_id", existing_type=WHOLE, nullable=True)
    look_at: sa.ColumnClause[Any] = sa.column("look_at", MOMENT)
    op.execute(sa.table("schedules", look_at).update().values(look_at=LONG_AGO))
    with changed("schedules") as schedules:
        schedules.alter_column("look_at", existing_type=MOMENT, nullable=False)
        schedules.create_check_constraint(op.f(OF_A_TEAM_OR_A_PERSON), OF_ONE)
        schedules.create_unique_constraint(
            op.f(ONE_PER_PERSON), ["workspace_id", "person_id", "prompt"]
        )
        schedules.create_foreign_key(
            op.f(ITS_PERSON), "people", ["workspace_id", "person_id"], ["workspace_id", "id"]
        )
    index("ix_schedules_look_at", "schedules", "is_on", "look_at")


def _make_tables() -> None:
    workspace_table(
        "absences",
        always("person_id", WHOLE),
        always("starts_on", DAY),
        always("ends_on", DAY),
        always("entered_at", MOMENT),
        always("entered_by_id", WHOLE),
        maybe("withdrawn_at", MOMENT),
        check("ck_absences_in_order", "starts_on <= ends_on"),
        *references("absences", entered_by_id="people", person_id="people"),
    )
    workspace_table(
        "breaches",
        always("coach_id", WHOLE),
        always("person_id", WHOLE),
        always("quarter", DAY),
        always("at", MOMENT),
        unique("breaches", "workspace_id", "coach_id", "person_id", "quarter"),
        *references("breaches", coach_id="people", person_id="people"),
    )
    workspace_table(
        "motivation_profiles",
        always("person_id", WHOLE),
        maybe("goal", TEXT),
        maybe("gets_up_for", TEXT),
        maybe("free_time", TEXT),
        maybe("in_ten_years", TEXT),
        maybe("coach_can_help", TEXT),
        maybe("moved_by", TEXT),
        maybe("shared_with_id", WHOLE),
        always("written_at", MOMENT),
        always("is_current", YES_NO),
        *references("motivation_profiles", person_id="people", shared_with_id="people"),
    )
    index(
        "uq_motivation_profiles_current",
        "motivation_profiles",
        "workspace_id",
        "person_id",
        unique=True,
        where="is_current",
    )
    workspace_table(
        "standings",
        always("coach_id", WHOLE),
        always("person_id", WHOLE),
        always("weekday", WHOLE),
        always("local_time", TIME),
        always("minutes", WHOLE),
        always("zone", sa.String(64)),
        always("active_from", DAY),
        maybe("set_by_id", WHOLE),
        always("set_at", MOMENT),
        maybe("ended_at", MOMENT),
        always("plan_at", MOMENT),
        check("ck_standings_minutes_of_a_day", "minutes BETWEEN 1 AND 480"),
        check("ck_standings_of_two_people", "coach_id <> person_id"),
        check("ck_standings_weekday", "weekday BETWEEN 1 AND 7"),
        *references("standings", coach_id="people", person_id="people", set_by_id="people"),
    )
    index("ix_standings_plan_at", "standings", "ended_at", "plan_at")
    index(
        "uq_standings_current",
        "standings",
        "workspace_id",
        "person_id",
        unique=True,
        where="ended_at IS NULL",
    )
    workspace_table(
        "one_on_ones",
        always("coach_id", WHOLE),
        always("person_id", WHOLE),
        always("standing_id", WHOLE),
        always("week", DAY),
        always("first_due_on", DAY),
        always("minutes", WHOLE),
        always("zone", sa.String(64)),
        always(
            "state", words("ck_one_on_ones_state", "due", "held", "cancelled", "missed", "excused")
        ),
        maybe("started_at", MOMENT),
        maybe("started_by_id", WHOLE),
        maybe("settled_at", MOMENT),
        maybe("settled_by_id", WHOLE),
        maybe("reason", sa.String(500)),
        maybe(
            "excuse",
            words("ck_one_on_ones_excuse", "coach_off", "person_off", "coach_changed", "left"),
        ),
        check("ck_one_on_ones_cancelled_why", "(state = 'cancelled') = (reason IS NOT NULL)"),
        check("ck_one_on_ones_excused_why", "(state = 'excused') = (excuse IS NOT NULL)"),
        check("ck_one_on_ones_held_was_started", "state <> 'held' OR started_at IS NOT NULL"),
        check(
            "ck_one_on_ones_settled_by",
            "state NOT IN ('held', 'cancelled') OR settled_by_id IS NOT NULL",
        ),
        check("ck_one_on_ones_settled_when_not_due", "(state = 'due') = (settled_at IS NULL)"),
        unique("one_on_ones", "workspace_id", "coach_id", "person_id", "week"),
        *references(
            "one_on_ones",
            coach_id="people",
            person_id="people",
            settled_by_id="people",
            standing_id="standings",
            started_by_id="people",
        ),
    )
    index("ix_one_on_ones_coach", "one_on_ones", "workspace_id", "coach_id", "first_due_on")
    index("ix_one_on_ones_person", "one_on_ones", "workspace_id", "person_id", "first_due_on")
    workspace_table(
        "coaching_logs",
        always("coach_id", WHOLE),
        always("person_id", WHOLE),
        maybe("one_on_one_id", WHOLE),
        always("logged_at", MOMENT),
        always("logged_on", DAY),
        maybe("quote", TEXT),
        maybe("quote_url", sa.String(500)),
        maybe("withdrawn_at", MOMENT),
        maybe("withdrawn_because", sa.String(500)),
        check("ck_coaching_logs_of_somebody_else", "coach_id <> person_id"),
        check("ck_coaching_logs_quoted_with_its_address", "(quote IS NULL) = (quote_url IS NULL)"),
        unique("coaching_logs", "workspace_id", "one_on_one_id"),
        *references(
            "coaching_logs", coach_id="people", one_on_one_id="one_on_ones", person_id="people"
        ),
    )
    index("ix_coaching_logs_coach", "coaching_logs", "workspace_id", "coach_id", "logged_on")
    index("ix_coaching_logs_person", "coaching_logs", "workspace_id", "person_id", "logged_on")
    workspace_table(
        "one_on_one_deals",
        always("one_on_one_id", WHOLE),
        always("deal_id", WHOLE),
        always("next_action_id", WHOLE),
        always("had_none", YES_NO),
        unique("one_on_one_deals", "workspace_id", "one_on_one_id", "deal_id"),
        *references(
            "one_on_one_deals",
            deal_id="deals",
            next_action_id="next_actions",
            one_on_one_id="one_on_ones",
        ),
        referred_to=False,
    )
    workspace_table(
        "one_on_one_notes",
        always("one_on_one_id", WHOLE),
        always("text", TEXT),
        always("written_at", MOMENT),
        always("is_current", YES_NO),
        *references("one_on_one_notes", one_on_one_id="one_on_ones"),
    )
    index(
        "uq_one_on_one_notes_current",
        "one_on_one_notes",
        "workspace_id",
        "one_on_one_id",
        unique=True,
        where="is_current",
    )
    workspace_table(
        "rating_comments",
        always("one_on_one_id", WHOLE),
        always("text", TEXT),
        always("sent", YES_NO),
        always("written_at", MOMENT),
        always("is_current", YES_NO),
        *references("rating_comments", one_on_one_id="one_on_ones"),
    )
    index(
        "uq_rating_comments_current",
        "rating_comments",
        "workspace_id",
        "one_on_one_id",
        unique=True,
        where="is_current",
    )
    workspace_table(
        "ratings",
        always("one_on_one_id", WHOLE),
        maybe("score", WHOLE),
        always("given_at", MOMENT),
        always("once", sa.String(200)),
        check("ck_ratings_one_to_five", "score BETWEEN 1 AND 5"),
        unique("ratings", "workspace_id", "one_on_one_id", "once"),
        *references("ratings", one_on_one_id="one_on_ones"),
    )
    workspace_table(
        "sittings",
        always("one_on_one_id", WHOLE),
        always("coach_id", WHOLE),
        always("starts_at", MOMENT),
        always("ends_at", MOMENT),
        always("local_date", DAY),
        maybe("seat", WHOLE),
        maybe("set_by_id", WHOLE),
        always("set_at", MOMENT),
        always("same_day", YES_NO),
        maybe("settle_by", MOMENT),
        always("is_current", YES_NO),
        maybe("ended_at", MOMENT),
        check("ck_sittings_current_until_it_ended", "is_current = (ended_at IS NULL)"),
        check("ck_sittings_in_order", "starts_at < ends_at"),
        check("ck_sittings_only_the_current_has_a_seat", "is_current OR seat IS NULL"),
        check("ck_sittings_seat", "seat >= 1"),
        *references("sittings", coach_id="people", one_on_one_id="one_on_ones", set_by_id="people"),
    )
    index("ix_sittings_settle_by", "sittings", "settle_by")
    index(
        "uq_sittings_current",
        "sittings",
        "workspace_id",
        "one_on_one_id",
        unique=True,
        where="is_current",
    )
    index(
        "uq_sittings_seat",
        "sittings",
        "workspace_id",
        "coach_id",
        "local_date",
        "seat",
        unique=True,
        where="seat IS NOT NULL",
    )
    workspace_table(
        "talking_points",
        always("person_id", WHOLE),
        always("by_id", WHOLE),
        always("text", sa.String(300)),
        always("added_at", MOMENT),
        maybe("closed_at", MOMENT),
        maybe("closed_in_id", WHOLE),
        *references(
            "talking_points", by_id="people", closed_in_id="one_on_ones", person_id="people"
        ),
    )
    index("ix_talking_points_person", "talking_points", "workspace_id", "person_id", "closed_at")
    workspace_table(
        "coaching_entries",
        always("log_id", WHOLE),
        always("focus", sa.String(80)),
        always("feedback", TEXT),
        always("next_step", sa.String(500)),
        always("next_on", DAY),
        always("held_on", DAY),
        always(
            "kind",
            words(
                "ck_coaching_entries_kind",
                "one_on_one",
                "call_review",
                "skill_session",
                "huddle",
                "coverage",
            ),
        ),
        always(
            "how",
            words(
                "ck_coaching_entries_how",
                "questions",
                "role_play",
                "joint_call",
                "demonstration",
                "advice",
            ),
        ),
        always("minutes", WHOLE),
        maybe("deal_id", WHOLE),
        always("is_late", YES_NO),
        always("written_at", MOMENT),
        always("is_current", YES_NO),
        check("ck_coaching_entries_minutes_of_a_day", "minutes BETWEEN 1 AND 480"),
        *references("coaching_entries", deal_id="deals", log_id="coaching_logs"),
    )
    index(
        "uq_coaching_entries_current",
        "coaching_entries",
        "workspace_id",
        "log_id",
        unique=True,
        where="is_current",
    )
    workspace_table(
        "coaching_answers",
        always("log_id", WHOLE),
        always("entry_id", WHOLE),
        always("agrees", YES_NO),
        maybe("text", TEXT),
        always("answered_at", MOMENT),
        always("is_current", YES_NO),
        *references("coaching_answers", entry_id="coaching_entries", log_id="coaching_logs"),
    )
    index(
        "uq_coaching_answers_current",
        "coaching_answers",
        "workspace_id",
        "log_id",
        unique=True,
        where="is_current",
    )


def _everybody_has_a_morning_digest() -> None:
    """From tomorrow on, at 08:30 on working days; who comes later is given one when they come."""
    people = _rows("people", "workspace_id", "zone", "active")
    active = sa.select(people.c.workspace_id, people.c.id, people.c.zone).where(people.c.active)
    digest = {
        "prompt": "digest.morning", "weekdays": "12345", "local_time": time(8, 30),
        "lateness": "hours", "late_hours": 4, "is_on": True, "look_at": LONG_AGO,
        "active_from": datetime.now(UTC).date() + timedelta(days=1),
    }  # fmt: skip
    columns: dict[str, TypeEngine[Any]] = {
        "look_at": MOMENT, "active_from": DAY, "local_time": TIME, "is_on": YES_NO,
        "late_hours": WHOLE, "person_id": WHOLE,
    }  # fmt: skip
    named = [*digest, "workspace_id", "person_id", "zone"]
    op.bulk_insert(
        sa.table("schedules", *(sa.column(name, columns.get(name, TEXT)) for name in named)),
        [
            {**digest, "workspace_id": workspace_id, "person_id": person_id, "zone": zone}
            for workspace_id, person_id, zone in op.get_bind().execute(active).all()
        ],
    )


def downgrade() -> None:
    """What only this version knows goes: also people's prompts, messages and standards."""
    _forget_messages_and_prompts()
    forget_standards(*NEW_STANDARDS)
    for table in reversed(TABLES):
        op.drop_table(table)
    op.drop_index(op.f("ix_schedules_look_at"), "schedules")
    with changed("schedules") as schedules:
        schedules.drop_constraint(op.f(ITS_PERSON), type_="foreignkey")
        schedules.drop_constraint(op.f(ONE_PER_PERSON), type_="unique")
        schedules.drop_constraint(op.f(OF_A_TEAM_OR_A_PERSON), type_="check")
        schedules.drop_column("look_at")
        schedules.drop_column("person_id")
        schedules.alter_column("team_id", existing_type=WHOLE, nullable=False)
    with changed("people") as people:
        for name in (
            "working_days", "holiday_calendar", "reminded_day_before", "reminded_at_start",
        ):  # fmt: skip
            people.drop_column(name)


def _forget_messages_and_prompts() -> None:
    """Kinds of messages and prompts of people, which the version before could not read."""
    schedules, occurrences = _rows("schedules", "person_id"), _rows("occurrences", "schedule_id")
    deliveries = _rows("deliveries", "kind", "subject_id")
    kind, subject_id = deliveries.c.kind, deliveries.c.subject_id
    of_people = sa.select(schedules.c.id).where(schedules.c.person_id.is_not(None))
    their_days = sa.select(occurrences.c.id).where(occurrences.c.schedule_id.in_(of_people))
    going = sa.select(deliveries.c.id).where(
        kind.like("one_on_one.%")
        | kind.like("coaching.%")
        | kind.like("digest.%")
        | ((kind == "schedule.skipped") & subject_id.in_(their_days))
    )
    op.execute(deliveries.delete().where(kind == "admin.parked", subject_id.in_(going)))
    op.execute(deliveries.delete().where(deliveries.c.id.in_(going)))
    op.execute(occurrences.delete().where(occurrences.c.id.in_(their_days)))
    op.execute(schedules.delete().where(schedules.c.id.in_(of_people)))


def _rows(table: str, *columns: str) -> sa.TableClause:
    return sa.table(table, sa.column("id"), *(sa.column(name) for name in columns))
