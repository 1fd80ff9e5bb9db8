"""The pipeline review: deals picked, one recorded decision each, closed with a grade."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Index,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, InWorkspace, one_of, within_workspace


class ReviewKind(StrEnum):
    SCHEDULED = "scheduled"
    AD_HOC = "ad_hoc"


class ReviewState(StrEnum):
    OPEN = "open"
    CLOSED = "closed"  # with its grade
    ABANDONED = "abandoned"  # deals were undecided when the next one was due
    NOT_HELD = "not_held"  # nobody was there who decides


class Grade(StrEnum):
    DECIDED = "decided"
    BELOW_STANDARD = "below_standard"
    STATUS_MEETING = "status_meeting"


class DecisionKind(StrEnum):
    ADVANCE = "advance"
    DEMOTE = "demote"
    REMOVE = "remove"
    RE_DATE = "re_date"
    HOLD = "hold"


class Removal(StrEnum):
    LOST = "lost"
    DISQUALIFIED = "disqualified"


class Review(InWorkspace, Base):
    """One review of one team. Deciding is possible from `decide_from` on. At most one is open.

    `closed_at`: when it ended, in whatever way; `closed_by_id` null: by itself. `figures` holds
    what must not change afterwards: at the start the amounts, at closing the whole closing card,
    of one that ended without a grade which deals were undecided.
    `look_at`: when what it shows of evidence may change by itself.
    """

    __tablename__ = "reviews"
    __table_args__ = (
        UniqueConstraint("workspace_id", "id"),
        within_workspace("team_id", "teams"),
        within_workspace("started_by_id", "people"),
        within_workspace("closed_by_id", "people"),
        CheckConstraint("(state = 'open') = (closed_at IS NULL)", name="over_when_it_ended"),
        CheckConstraint("(state = 'closed') = (grade IS NOT NULL)", name="graded"),
        Index(
            "uq_reviews_open", "workspace_id", "team_id",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[int]
    kind: Mapped[ReviewKind] = mapped_column(one_of(ReviewKind, "kind"))
    state: Mapped[ReviewState] = mapped_column(one_of(ReviewState, "state"))
    started_at: Mapped[datetime]
    started_by_id: Mapped[int | None]  # null: by the schedule
    decide_from: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    closed_by_id: Mapped[int | None]
    grade: Mapped[Grade | None] = mapped_column(one_of(Grade, "grade"))
    figures: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    look_at: Mapped[datetime | None]


class ReviewDeal(InWorkspace, Base):
    """A deal in a review, as it stood at the start, and why it was picked (facts, not words)."""

    __tablename__ = "review_deals"
    __table_args__ = (
        UniqueConstraint("workspace_id", "id"),
        UniqueConstraint("workspace_id", "review_id", "deal_id"),
        UniqueConstraint("workspace_id", "review_id", "position"),
        within_workspace("review_id", "reviews"),
        within_workspace("deal_id", "deals"),
        within_workspace("stage_id", "stages"),
        within_workspace("next_action_id", "next_actions"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    review_id: Mapped[int]
    deal_id: Mapped[int]
    position: Mapped[int]
    why: Mapped[dict[str, Any]] = mapped_column(JSON)
    stage_id: Mapped[int]  # all three as at the start
    close_on: Mapped[date | None]
    amount_minor: Mapped[int | None] = mapped_column(BigInteger)
    next_action_id: Mapped[int | None]  # the open one at the start


class Decision(InWorkspace, Base):
    """What was decided about a deal in a review. Exactly one is current, superseded ones stay.

    The `before_*` columns are what a correction restores, unless the CRM moved since: then its
    word (`crm_*` differs from the deal's) stands.
    """

    __tablename__ = "decisions"
    __table_args__ = (
        UniqueConstraint("workspace_id", "id"),
        within_workspace("review_deal_id", "review_deals"),
        within_workspace("deal_id", "deals"),
        within_workspace("decided_by_id", "people"),
        within_workspace("before_stage_id", "stages"),
        within_workspace("after_stage_id", "stages"),
        within_workspace("crm_stage_id", "stages"),
        within_workspace("next_action_id", "next_actions"),
        CheckConstraint("kind = 'advance' OR reason IS NOT NULL", name="reasoned"),
        Index(
            "uq_decisions_current", "workspace_id", "review_deal_id",
            unique=True,
            sqlite_where=text("is_current"),
            postgresql_where=text("is_current"),
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    review_deal_id: Mapped[int]
    deal_id: Mapped[int]
    kind: Mapped[DecisionKind] = mapped_column(one_of(DecisionKind, "kind"))
    removal: Mapped[Removal | None] = mapped_column(one_of(Removal, "removal"))
    reason: Mapped[str | None] = mapped_column(Text)
    decided_by_id: Mapped[int]
    decided_at: Mapped[datetime]
    is_current: Mapped[bool] = mapped_column(default=True)
    self_decided: Mapped[bool] = mapped_column(default=False)
    before_stage_id: Mapped[int]
    before_stage_entered_at: Mapped[datetime]
    before_close_on: Mapped[date | None]
    after_stage_id: Mapped[int]
    after_close_on: Mapped[date | None]
    crm_stage_id: Mapped[int]  # the CRM's word at the moment of deciding
    crm_close_on: Mapped[date | None]
    next_action_id: Mapped[int | None]
    evidence: Mapped[dict[str, Any]] = mapped_column(JSON)  # {"proved": n, "asked": n, "open": […]}
