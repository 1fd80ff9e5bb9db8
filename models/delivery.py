"""Messages owed to Slack. A delivery is ids, never rendered words; rendering comes at sending.

One row is one message, for as long as that message lives: `revision` counts how often what it
shows has changed, `shown` which revision Slack has. A row is owed while nothing was posted or
`shown` lags behind. So twenty clicks are one update, and repeating an update does no harm.
"""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, InWorkspace, one_of, within_workspace, word_of


class Kind(StrEnum):
    """What a message is. `handlers.MESSAGES` maps each to its loader and its words."""

    REVIEW_PARENT = "review.parent"
    REVIEW_CARD = "review.card"
    REVIEW_ANSWERS = "review.answers"
    REVIEW_OWNER = "review.owner"
    REVIEW_DECIDING = "review.deciding"
    REVIEW_CLOSING = "review.closing"
    SCHEDULE_SKIPPED = "schedule.skipped"
    ADMIN_PARKED = "admin.parked"


class DeliveryState(StrEnum):
    OWED = "owed"  # to be posted, or its update is due (`shown` < `revision`)
    POSTED = "posted"  # Slack shows the latest revision
    DROPPED = "dropped"  # no longer wanted, or not allowed, when its turn came
    PARKED = "parked"  # Slack refused for good, or a post stayed ambiguous: an admin must look


class Delivery(InWorkspace, Base):
    """One message owed. It goes to a channel (`channel_id`) or to a person (`person_id`, a DM).

    `due_at` is business time, `not_before` and `lease_until` real time. `attempt` is the epoch of
    the claim: who holds an older one may write nothing. `key` is what Slack's metadata carries.
    """

    __tablename__ = "deliveries"
    __table_args__ = (
        UniqueConstraint("workspace_id", "id"),
        UniqueConstraint("workspace_id", "dedupe_key"),
        UniqueConstraint("key"),
        within_workspace("after_id", "deliveries"),
        within_workspace("person_id", "people"),
        CheckConstraint(
            "(channel_id IS NULL) <> (person_id IS NULL)", name="to_a_channel_or_a_person"
        ),
        CheckConstraint("(state <> 'posted') OR (ts IS NOT NULL)", name="posted_has_a_ts"),
        Index("ix_deliveries_due", "state", "due_at"),
        Index("ix_deliveries_subject", "workspace_id", "kind", "subject_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[Kind] = mapped_column(word_of(Kind, 40))
    subject_id: Mapped[int]
    dedupe_key: Mapped[str] = mapped_column(String(120))
    key: Mapped[str] = mapped_column(String(32))
    channel_id: Mapped[str | None] = mapped_column(String(32))
    person_id: Mapped[int | None]
    after_id: Mapped[int | None]  # a reply in the thread of that message, posted after it
    state: Mapped[DeliveryState] = mapped_column(one_of(DeliveryState, "state"))
    revision: Mapped[int] = mapped_column(default=1)
    shown: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime]
    not_before: Mapped[datetime | None]
    attempt: Mapped[int] = mapped_column(default=0)
    lease_owner: Mapped[str | None] = mapped_column(String(64))
    lease_until: Mapped[datetime | None]
    posting_since: Mapped[datetime | None]  # business time of the first post that may have arrived
    posted_channel: Mapped[str | None] = mapped_column(String(32))  # where it stands (DM: D…)
    ts: Mapped[str | None] = mapped_column(String(32))
    error: Mapped[str | None] = mapped_column(String(200))


class Received(InWorkspace, Base):
    """What came in and was carried out, by a key that a redelivery repeats. Kept for a day."""

    __tablename__ = "received"

    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    workspace_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    received_at: Mapped[datetime]


class Bucket(Base):
    """When the next call may go out under a key (a channel): real time, shared by replicas."""

    __tablename__ = "buckets"

    key: Mapped[str] = mapped_column(String(120), primary_key=True)
    free_at: Mapped[datetime]
