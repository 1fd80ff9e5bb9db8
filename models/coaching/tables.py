"""What a coaching log is made of: the log, what it says (each version), what the coached answered.

A log belongs to one coach and one coached person for good; everything else may be edited, and the
newest version counts. What the coached person answers is about the version that they read.
"""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, InWorkspace, one_of, within_workspace


class CoachingKind(StrEnum):
    """On what occasion."""

    ONE_ON_ONE = "one_on_one"
    CALL_REVIEW = "call_review"
    SKILL_SESSION = "skill_session"
    HUDDLE = "huddle"
    COVERAGE = "coverage"  # a coverage conversation


class How(StrEnum):
    """By what means."""

    QUESTIONS = "questions"
    ROLE_PLAY = "role_play"
    JOINT_CALL = "joint_call"
    DEMONSTRATION = "demonstration"
    ADVICE = "advice"


class CoachingLog(InWorkspace, Base):
    """One coaching of one person by their coach; at most one per one-on-one.

    `logged_on` is the coach's local date of logging, from which lateness counts. The quote is the
    message from which it was logged, with its address.
    """

    __tablename__ = "coaching_logs"
    __table_args__ = (
        UniqueConstraint("workspace_id", "id"),
        UniqueConstraint("workspace_id", "one_on_one_id"),
        within_workspace("coach_id", "people"),
        within_workspace("person_id", "people"),
        within_workspace("one_on_one_id", "one_on_ones"),
        CheckConstraint("coach_id <> person_id", name="of_somebody_else"),
        CheckConstraint("(quote IS NULL) = (quote_url IS NULL)", name="quoted_with_its_address"),
        Index("ix_coaching_logs_person", "workspace_id", "person_id", "logged_on"),
        Index("ix_coaching_logs_coach", "workspace_id", "coach_id", "logged_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    coach_id: Mapped[int]
    person_id: Mapped[int]
    one_on_one_id: Mapped[int | None]
    logged_at: Mapped[datetime]
    logged_on: Mapped[date]
    quote: Mapped[str | None] = mapped_column(Text)
    quote_url: Mapped[str | None] = mapped_column(String(500))
    quote_slack_id: Mapped[str | None] = mapped_column(String(32))  # of who wrote it
    withdrawn_at: Mapped[datetime | None]
    withdrawn_because: Mapped[str | None] = mapped_column(String(500))


class CoachingEntry(InWorkspace, Base):
    """What a log says. One is current; an edit adds one, and the earlier stay as trail.

    `focus` is the focus area's name as it stood in the standards. `is_late`: held more than the
    standard's days before it was logged, so it stays outside the metrics.
    """

    __tablename__ = "coaching_entries"
    __table_args__ = (
        UniqueConstraint("workspace_id", "id"),
        within_workspace("log_id", "coaching_logs"),
        within_workspace("deal_id", "deals"),
        CheckConstraint("minutes BETWEEN 1 AND 480", name="minutes_of_a_day"),
        Index(
            "uq_coaching_entries_current", "workspace_id", "log_id",
            unique=True,
            sqlite_where=text("is_current"),
            postgresql_where=text("is_current"),
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    log_id: Mapped[int]
    focus: Mapped[str] = mapped_column(String(80))
    feedback: Mapped[str] = mapped_column(Text)
    next_step: Mapped[str] = mapped_column(String(500))
    next_on: Mapped[date]
    held_on: Mapped[date]
    kind: Mapped[CoachingKind] = mapped_column(one_of(CoachingKind, "kind"))
    how: Mapped[How] = mapped_column(one_of(How, "how"))
    minutes: Mapped[int]
    deal_id: Mapped[int | None]
    is_late: Mapped[bool]
    written_at: Mapped[datetime]
    is_current: Mapped[bool] = mapped_column(default=True)


class CoachingAnswer(InWorkspace, Base):
    """What the coached person said to a version: it is right, or they see it differently (`text`).

    One is current per log; another answer, or an edit of the log, supersedes it.
    """

    __tablename__ = "coaching_answers"
    __table_args__ = (
        UniqueConstraint("workspace_id", "id"),
        within_workspace("log_id", "coaching_logs"),
        within_workspace("entry_id", "coaching_entries"),
        Index(
            "uq_coaching_answers_current", "workspace_id", "log_id",
            unique=True,
            sqlite_where=text("is_current"),
            postgresql_where=text("is_current"),
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    log_id: Mapped[int]
    entry_id: Mapped[int]
    agrees: Mapped[bool]
    text: Mapped[str | None] = mapped_column(Text)
    answered_at: Mapped[datetime]
    is_current: Mapped[bool] = mapped_column(default=True)
