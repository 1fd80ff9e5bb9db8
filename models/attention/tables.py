"""What a person chose about messages. Who chose nothing has no row."""

from datetime import datetime, time

from sqlalchemy import JSON, CheckConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, InWorkspace, within_workspace


class MessageSettings(InWorkspace, Base):
    """Quiet hours, snooze, and the topics (`classes.Topic`) that are not wanted.

    `quiet_is_own` False: the standard hours count. True without hours: none are quiet.
    """

    __tablename__ = "message_settings"
    __table_args__ = (
        UniqueConstraint("workspace_id", "person_id"),
        within_workspace("person_id", "people"),
        CheckConstraint("(quiet_from IS NULL) = (quiet_until IS NULL)", name="quiet_on_both_ends"),
        CheckConstraint("quiet_is_own OR quiet_from IS NULL", name="quiet_is_own"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int]
    quiet_is_own: Mapped[bool] = mapped_column(default=False)
    quiet_from: Mapped[time | None]
    quiet_until: Mapped[time | None]
    snoozed_until: Mapped[datetime | None]
    unwanted: Mapped[list[str]] = mapped_column(JSON, default=list)


class SellingBlock(InWorkspace, Base):
    """A time of some weekdays (ISO digits) in which a person sells and gets no messages."""

    __tablename__ = "selling_blocks"
    __table_args__ = (
        UniqueConstraint("workspace_id", "person_id", "weekdays", "starts", "ends"),
        within_workspace("person_id", "people"),
        CheckConstraint("starts < ends", name="in_order"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int]
    weekdays: Mapped[str] = mapped_column(String(7))
    starts: Mapped[time]
    ends: Mapped[time]
