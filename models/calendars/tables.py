"""Tables: the address of a person's calendar, and when that calendar says they are busy."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, InWorkspace, within_workspace, word_of


class Problem(StrEnum):
    """Why a calendar could not be read when it was looked at."""

    NO_ANSWER = "no_answer"  # no such name, nobody there, or the connection broke
    SLOW = "slow"  # the answer took too long
    FAULT = "fault"  # the other side says that it is in trouble, or asked too often
    NOT_PUBLIC = "not_public"  # its name leads into a private network
    CERTIFICATE = "certificate"  # the other side cannot prove who it is
    MOVED = "moved"  # sent on too often, or to where no calendar may be
    GONE = "gone"
    PASSWORD = "password"  # noqa: S105 - it asks for one, or refuses
    NOT_A_CALENDAR = "not_a_calendar"
    BROKEN = "broken"  # it begins as a calendar, and cannot be read as one
    TOO_LARGE = "too_large"
    TOO_MUCH = "too_much"  # so many entries that it cannot be read in time
    UNEXPECTED = "unexpected"  # something went wrong here, not there


class CalendarAddress(InWorkspace, Base):
    """Where a person's calendar is. A person has one; those before stay, without the address.

    `url` is a secret: it is asked, never shown again (`shown` is) and never logged. `read_at`: when
    it was last read, or found to be as before; `covers_until`: until which day its times are known;
    `read_as`: for whom it was read, in one word, since a file reads differently in another zone.
    `failing_since`: since when it could not be read, business time. `next_at` and `lease_until` are
    real time; `next_at` is None for at once. `attempt` is the epoch of the worker's claim.
    """

    __tablename__ = "calendar_addresses"
    __table_args__ = (
        UniqueConstraint("workspace_id", "id"),
        within_workspace("person_id", "people"),
        CheckConstraint("(ended_at IS NULL) = (url IS NOT NULL)", name="url_while_current"),
        CheckConstraint(
            "(problem IS NULL) = (failing_since IS NULL)", name="failing_with_a_problem"
        ),
        Index(
            "uq_calendar_addresses_current", "workspace_id", "person_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int]
    url: Mapped[str | None] = mapped_column(String(1000))
    shown: Mapped[str] = mapped_column(String(300))
    entered_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    read_at: Mapped[datetime | None]
    covers_until: Mapped[date | None]
    read_as: Mapped[str | None] = mapped_column(String(64))
    etag: Mapped[str | None] = mapped_column(String(300))
    last_modified: Mapped[str | None] = mapped_column(String(300))
    unread: Mapped[int] = mapped_column(default=0)  # entries that could not be read
    problem: Mapped[Problem | None] = mapped_column(word_of(Problem, 24))
    failing_since: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(default=0)  # one after the other
    next_at: Mapped[datetime | None]
    attempt: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None]


class BusyTime(InWorkspace, Base):
    """A time at which a person's calendar leaves no room; two of one person never overlap."""

    __tablename__ = "calendar_busy_times"
    __table_args__ = (
        within_workspace("person_id", "people"),
        CheckConstraint("starts_at < ends_at", name="in_order"),
        Index("ix_calendar_busy_times_person", "workspace_id", "person_id", "ends_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
