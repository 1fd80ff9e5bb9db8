"""The pipeline review: deals picked, one recorded decision each, closed with a grade."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Index,
    String,
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


class Pick(InWorkspace, Base):
    """The deals that a scheduled review is to take, kept from an hour before its cards.

    `cards_on`: the team's local date of those cards. One per team waits for them; it ends with its
    review, or for another reason (`ended_for`, a stable word: see `models.agenda.Skipped`).
    """

    __tablename__ = "picks"
    __table_args__ = (
        UniqueConstraint("workspace_id", "id"),
        within_workspace("team_id", "teams"),
        within_workspace("review_id", "reviews"),
        CheckConstraint("(ended_at IS NULL) = (ended_for IS NULL)", name="ended_for_a_reason"),
        CheckConstraint("review_id IS NULL OR ended_at IS NOT NULL", name="over_with_its_review"),
        Index(
            "uq_picks_waiting", "workspace_id", "team_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[int]
    cards_on: Mapped[date]
    picked_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_for: Mapped[str | None] = mapped_column(String(24))
    review_id: Mapped[int | None]


class PickVersion(InWorkspace, Base):
    """A pick as it was at first, or as somebody adjusted it, or as its cards took it.

    Exactly one is current, earlier ones stay as trail. `made_by_id` null: by the score. `left_out`:
    why the cards could not take a deal, a stable word by its id.
    """

    __tablename__ = "pick_versions"
    __table_args__ = (
        UniqueConstraint("workspace_id", "id"),
        within_workspace("pick_id", "picks"),
        within_workspace("made_by_id", "people"),
        Index(
            "uq_pick_versions_current", "workspace_id", "pick_id",
            unique=True,
            sqlite_where=text("is_current"),
            postgresql_where=text("is_current"),
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    pick_id: Mapped[int]
    made_at: Mapped[datetime]
    made_by_id: Mapped[int | None]
    is_current: Mapped[bool] = mapped_column(default=True)
    left_out: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)


class PickedDeal(InWorkspace, Base):
    """A deal in a version of a pick, best first, and why (facts, as in `ReviewDeal`)."""

    __tablename__ = "picked_deals"
    __table_args__ = (
        UniqueConstraint("workspace_id", "version_id", "deal_id"),
        UniqueConstraint("workspace_id", "version_id", "position"),
        within_workspace("version_id", "pick_versions"),
        within_workspace("deal_id", "deals"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int]
    deal_id: Mapped[int]
    position: Mapped[int]
    why: Mapped[dict[str, Any]] = mapped_column(JSON)


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
