"""The clock of the week, in the database: schedules, and each due instance exactly once."""

from datetime import date, datetime, time
from enum import StrEnum

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, InWorkspace, one_of, within_workspace


class Lateness(StrEnum):
    """Until when a prompt that is late, after an outage, is still worth sending."""

    UNTIL_TIME = "until_time"  # of the same local day: `late_until`
    NEXT_DAY_TIME = "next_day_time"  # of the next local day: `late_until`
    MIDNIGHT = "midnight"  # of the local day
    HOURS = "hours"  # `late_hours` after it was due


class Schedule(InWorkspace, Base):
    """A prompt at a local time on some weekdays. `weekdays`: ISO digits, Monday 1: "2", "234".

    `zone` is IANA; the UTC instant is the local time with fold=0. `active_from`: the first local
    date on which it may come due.
    """

    __tablename__ = "schedules"
    __table_args__ = (
        UniqueConstraint("workspace_id", "id"),
        UniqueConstraint("workspace_id", "team_id", "prompt"),
        within_workspace("team_id", "teams"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[int]
    prompt: Mapped[str] = mapped_column(String(40))  # a stable dotted id: review.cards
    weekdays: Mapped[str] = mapped_column(String(7))
    local_time: Mapped[time]
    zone: Mapped[str] = mapped_column(String(64))
    lateness: Mapped[Lateness] = mapped_column(one_of(Lateness, "lateness"))
    late_until: Mapped[time | None]
    late_hours: Mapped[int | None]
    active_from: Mapped[date]
    is_on: Mapped[bool] = mapped_column(default=True)


class OccurrenceState(StrEnum):
    DUE = "due"
    RAN = "ran"
    SKIPPED = "skipped"


class Occurrence(InWorkspace, Base):
    """One due instance of a schedule: one per schedule, local date and slot, whatever happens."""

    __tablename__ = "occurrences"
    __table_args__ = (
        UniqueConstraint("workspace_id", "id"),
        UniqueConstraint("workspace_id", "schedule_id", "local_date", "slot"),
        within_workspace("schedule_id", "schedules"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    schedule_id: Mapped[int]
    local_date: Mapped[date]
    slot: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime]
    state: Mapped[OccurrenceState] = mapped_column(one_of(OccurrenceState, "state"))
    settled_at: Mapped[datetime | None]
    reason: Mapped[str | None] = mapped_column(String(80))
