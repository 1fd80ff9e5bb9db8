"""Everything that the first version keeps."""

import sqlalchemy as sa
from alembic import op

from migrations.vocabulary import (
    MOMENT,
    always,
    check,
    index,
    key,
    maybe,
    references,
    unique,
    words,
    workspace_table,
)

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES = (
    "buckets", "received", "workspaces", "stages", "teams", "people", "questions", "schedules",
    "deals", "deliveries", "imports", "occurrences", "quotas", "reviews", "answer_sets",
    "deal_changes", "next_actions", "answers", "review_deals", "decisions",
)  # fmt: skip

TEXT = sa.Text()
WHOLE, LARGE, YES_NO = sa.Integer(), sa.BigInteger(), sa.Boolean()
DAY, TIME = sa.Date(), sa.Time()
JSON = sa.JSON()


def upgrade() -> None:
    op.create_table(
        "buckets",
        always("key", sa.String(120)),
        always("free_at", MOMENT),
        key("buckets", "key"),
    )
    op.create_table(
        "received",
        always("key", sa.String(200)),
        always("workspace_id", sa.String(32)),
        always("received_at", MOMENT),
        key("received", "key", "workspace_id"),
    )
    op.create_table(
        "workspaces",
        always("id", sa.String(32)),
        always("name", sa.String(200)),
        maybe("bot_user_id", sa.String(32)),
        always("standards", JSON),
        always("created_at", MOMENT),
        key("workspaces", "id"),
    )
    workspace_table(
        "stages",
        always("name", sa.String(80)),
        always("position", WHOLE),
        always("kind", words("ck_stages_kind", "open", "won", "lost")),
        always("qualified", YES_NO),
        maybe("age_days", WHOLE),
        unique("stages", "workspace_id", "name"),
        unique("stages", "workspace_id", "position"),
    )
    workspace_table(
        "teams",
        always("name", sa.String(80)),
        maybe("manager_id", WHOLE),
        maybe("channel_id", sa.String(32)),
        always("currency", sa.String(3)),
        always("locale", sa.String(16)),
        always("zone", sa.String(64)),
        unique("teams", "workspace_id", "channel_id"),
        unique("teams", "workspace_id", "name"),
    )
    workspace_table(
        "people",
        always("slack_id", sa.String(32)),
        always("name", sa.String(200)),
        maybe("email", sa.String(254)),
        always("role", words("ck_people_role", "rep", "manager", "leader")),
        always("is_admin", YES_NO),
        always("zone", sa.String(64)),
        always("zone_is_own", YES_NO),
        always("active", YES_NO),
        maybe("team_id", WHOLE),
        maybe("reports_to_id", WHOLE),
        check("ck_people_not_their_own_boss", "reports_to_id <> id"),
        unique("people", "workspace_id", "slack_id"),
        *references("people", reports_to_id="people", team_id="teams"),
    )
    workspace_table(
        "questions",
        always("stage_id", WHOLE),
        always("key", sa.String(40)),
        always("position", WHOLE),
        always(
            "kind",
            words(
                "ck_questions_kind", "money", "contact", "source", "met", "meeting", "date", "text"
            ),
        ),
        always("label", sa.String(150)),
        always("short", sa.String(40)),
        unique("questions", "workspace_id", "stage_id", "key"),
        unique("questions", "workspace_id", "stage_id", "position"),
        *references("questions", stage_id="stages"),
    )
    workspace_table(
        "schedules",
        always("team_id", WHOLE),
        always("prompt", sa.String(40)),
        always("weekdays", sa.String(7)),
        always("local_time", TIME),
        always("zone", sa.String(64)),
        always(
            "lateness",
            words("ck_schedules_lateness", "until_time", "next_day_time", "midnight", "hours"),
        ),
        maybe("late_until", TIME),
        maybe("late_hours", WHOLE),
        always("active_from", DAY),
        always("is_on", YES_NO),
        check(
            "ck_schedules_lateness_has_its_limit",
            "(lateness NOT IN ('until_time', 'next_day_time') OR late_until IS NOT NULL) AND "
            "(lateness <> 'hours' OR late_hours IS NOT NULL)",
        ),
        unique("schedules", "workspace_id", "team_id", "prompt"),
        *references("schedules", team_id="teams"),
    )
    workspace_table(
        "deals",
        always("external_id", sa.String(80)),
        always("name", sa.String(200)),
        always("owner_id", WHOLE),
        maybe("amount_minor", LARGE),
        always("currency", sa.String(3)),
        always("stage_id", WHOLE),
        always("stage_entered_at", MOMENT),
        maybe("close_on", DAY),
        always("crm_stage_id", WHOLE),
        maybe("crm_close_on", DAY),
        maybe("opened_on", DAY),
        maybe("closed_on", DAY),
        maybe("last_activity_on", DAY),
        maybe("url", TEXT),
        check("ck_deals_amount_not_negative", "amount_minor >= 0"),
        unique("deals", "workspace_id", "external_id"),
        *references("deals", crm_stage_id="stages", owner_id="people", stage_id="stages"),
    )
    index("ix_deals_owner", "deals", "workspace_id", "owner_id")
    workspace_table(
        "deliveries",
        always("kind", sa.String(40)),
        always("subject_id", WHOLE),
        always("dedupe_key", sa.String(120)),
        always("key", sa.String(32)),
        maybe("channel_id", sa.String(32)),
        maybe("person_id", WHOLE),
        always("lane", sa.String(40)),
        maybe("after_id", WHOLE),
        always("state", words("ck_deliveries_state", "owed", "posted", "dropped", "parked")),
        always("revision", WHOLE),
        always("shown", WHOLE),
        always("due_at", MOMENT),
        maybe("not_before", MOMENT),
        always("attempt", WHOLE),
        always("tries", WHOLE),
        maybe("lease_owner", sa.String(64)),
        maybe("lease_until", MOMENT),
        maybe("posting_since", MOMENT),
        maybe("posted_channel", sa.String(32)),
        maybe("ts", sa.String(32)),
        maybe("error", sa.String(200)),
        check("ck_deliveries_posted_has_a_ts", "(state <> 'posted') OR (ts IS NOT NULL)"),
        check(
            "ck_deliveries_to_a_channel_or_a_person", "(channel_id IS NULL) <> (person_id IS NULL)"
        ),
        unique("deliveries", "key"),
        unique("deliveries", "workspace_id", "dedupe_key"),
        *references("deliveries", after_id="deliveries", person_id="people"),
    )
    index("ix_deliveries_due", "deliveries", "state", "due_at", "id")
    index(
        "ix_deliveries_lane",
        "deliveries",
        "workspace_id",
        "lane",
        "due_at",
        "id",
        where="state = 'owed'",
    )
    index("ix_deliveries_subject", "deliveries", "workspace_id", "kind", "subject_id")
    workspace_table(
        "imports",
        always("file_name", sa.String(255)),
        always("sha256", sa.String(64)),
        always("imported_at", MOMENT),
        maybe("imported_by_id", WHOLE),
        always("added", WHOLE),
        always("changed", WHOLE),
        always("unchanged", WHOLE),
        always("mapping", JSON),
        *references("imports", imported_by_id="people"),
    )
    workspace_table(
        "occurrences",
        always("schedule_id", WHOLE),
        always("local_date", DAY),
        always("slot", WHOLE),
        always("due_at", MOMENT),
        always("state", words("ck_occurrences_state", "due", "ran", "skipped")),
        maybe("settled_at", MOMENT),
        maybe("reason", sa.String(80)),
        always("failures", WHOLE),
        maybe("not_before", MOMENT),
        unique("occurrences", "workspace_id", "schedule_id", "local_date", "slot"),
        *references("occurrences", schedule_id="schedules"),
    )
    index("ix_occurrences_due", "occurrences", "state", "due_at")
    workspace_table(
        "quotas",
        always("team_id", WHOLE),
        maybe("person_id", WHOLE),
        always("starts_on", DAY),
        always("ends_on", DAY),
        always("amount_minor", LARGE),
        check("ck_quotas_in_order", "starts_on <= ends_on"),
        check("ck_quotas_not_negative", "amount_minor >= 0"),
        *references("quotas", person_id="people", team_id="teams"),
        referred_to=False,
    )
    index(
        "uq_quotas_person",
        "quotas",
        "workspace_id",
        "team_id",
        "person_id",
        "starts_on",
        "ends_on",
        unique=True,
        where="person_id IS NOT NULL",
    )
    index(
        "uq_quotas_team",
        "quotas",
        "workspace_id",
        "team_id",
        "starts_on",
        "ends_on",
        unique=True,
        where="person_id IS NULL",
    )
    workspace_table(
        "reviews",
        always("team_id", WHOLE),
        always("kind", words("ck_reviews_kind", "scheduled", "ad_hoc")),
        always("state", words("ck_reviews_state", "open", "closed")),
        always("started_at", MOMENT),
        maybe("started_by_id", WHOLE),
        always("decide_from", MOMENT),
        maybe("closed_at", MOMENT),
        maybe("closed_by_id", WHOLE),
        maybe("grade", words("ck_reviews_grade", "decided", "below_standard", "status_meeting")),
        always("figures", JSON),
        check(
            "ck_reviews_closed_with_a_grade",
            "(state = 'closed') = (closed_at IS NOT NULL AND grade IS NOT NULL)",
        ),
        *references("reviews", closed_by_id="people", started_by_id="people", team_id="teams"),
    )
    index(
        "uq_reviews_open", "reviews", "workspace_id", "team_id", unique=True, where="state = 'open'"
    )
    workspace_table(
        "answer_sets",
        always("deal_id", WHOLE),
        maybe("review_deal_id", WHOLE),
        always("answered_by_id", WHOLE),
        always("answered_at", MOMENT),
        *references("answer_sets", answered_by_id="people", deal_id="deals"),
    )
    workspace_table(
        "deal_changes",
        always("deal_id", WHOLE),
        always("field", words("ck_deal_changes_field", "stage", "amount", "close", "owner")),
        maybe("before", sa.String(64)),
        maybe("after", sa.String(64)),
        always("changed_at", MOMENT),
        maybe("import_id", WHOLE),
        maybe("decision_id", WHOLE),
        check(
            "ck_deal_changes_by_an_import_or_a_decision",
            "(import_id IS NULL) <> (decision_id IS NULL)",
        ),
        *references("deal_changes", deal_id="deals", import_id="imports"),
        referred_to=False,
    )
    index("ix_deal_changes_deal", "deal_changes", "workspace_id", "deal_id", "field", "changed_at")
    workspace_table(
        "next_actions",
        always("deal_id", WHOLE),
        always("text", sa.String(500)),
        always("owner_id", WHOLE),
        always("due_on", DAY),
        always(
            "state",
            words("ck_next_actions_state", "open", "done", "not_done", "replaced", "dropped"),
        ),
        always("set_by_id", WHOLE),
        always("set_at", MOMENT),
        maybe("ended_at", MOMENT),
        *references("next_actions", deal_id="deals", owner_id="people", set_by_id="people"),
    )
    index(
        "uq_next_actions_open",
        "next_actions",
        "workspace_id",
        "deal_id",
        unique=True,
        where="state = 'open'",
    )
    workspace_table(
        "answers",
        always("answer_set_id", WHOLE),
        always("deal_id", WHOLE),
        always("question_id", WHOLE),
        always("value", JSON),
        always("answered_at", MOMENT),
        always("confirmed_at", MOMENT),
        always("is_current", YES_NO),
        *references(
            "answers", answer_set_id="answer_sets", deal_id="deals", question_id="questions"
        ),
        referred_to=False,
    )
    index(
        "uq_answers_current",
        "answers",
        "workspace_id",
        "deal_id",
        "question_id",
        unique=True,
        where="is_current",
    )
    workspace_table(
        "review_deals",
        always("review_id", WHOLE),
        always("deal_id", WHOLE),
        always("position", WHOLE),
        always("why", JSON),
        always("stage_id", WHOLE),
        maybe("close_on", DAY),
        maybe("amount_minor", LARGE),
        maybe("next_action_id", WHOLE),
        unique("review_deals", "workspace_id", "review_id", "deal_id"),
        unique("review_deals", "workspace_id", "review_id", "position"),
        *references(
            "review_deals",
            deal_id="deals",
            next_action_id="next_actions",
            review_id="reviews",
            stage_id="stages",
        ),
    )
    workspace_table(
        "decisions",
        always("review_deal_id", WHOLE),
        always("deal_id", WHOLE),
        always(
            "kind", words("ck_decisions_kind", "advance", "demote", "remove", "re_date", "hold")
        ),
        maybe("removal", words("ck_decisions_removal", "lost", "disqualified")),
        maybe("reason", TEXT),
        always("decided_by_id", WHOLE),
        always("decided_at", MOMENT),
        always("is_current", YES_NO),
        always("self_decided", YES_NO),
        always("before_stage_id", WHOLE),
        always("before_stage_entered_at", MOMENT),
        maybe("before_close_on", DAY),
        always("after_stage_id", WHOLE),
        maybe("after_close_on", DAY),
        always("crm_stage_id", WHOLE),
        maybe("crm_close_on", DAY),
        maybe("next_action_id", WHOLE),
        always("evidence", JSON),
        check("ck_decisions_reasoned", "kind = 'advance' OR reason IS NOT NULL"),
        *references(
            "decisions",
            after_stage_id="stages",
            before_stage_id="stages",
            crm_stage_id="stages",
            deal_id="deals",
            decided_by_id="people",
            next_action_id="next_actions",
            review_deal_id="review_deals",
        ),
    )
    index(
        "uq_decisions_current",
        "decisions",
        "workspace_id",
        "review_deal_id",
        unique=True,
        where="is_current",
    )


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
