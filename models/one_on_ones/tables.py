"""One-on-ones: the standing schedule of a pair, its sessions, and the times that each was set to.

`coach` is who leads the session: a rep's manager, a manager's leader. `person` is who is coached.
"""

from datetime import date, datetime, time
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, InWorkspace, one_of, within_workspace


class State(StrEnum):
    """Where a session stands. All but due are its end."""

    DUE = "due"
    HELD = "held"
    CANCELLED = "cancelled"  # by whom, and why
    MISSED = "missed"  # nothing was recorded by the end of the next working day
    EXCUSED = "excused"


class Excuse(StrEnum):
    """Why a session is excused: it neither counts as due nor as held."""

    COACH_OFF = "coach_off"  # a holiday, or out of office as entered before the start
    PERSON_OFF = "person_off"
    COACH_CHANGED = "coach_changed"
    LEFT = "left"  # one of the two is no longer here
    TRIAL = "trial"  # nothing was recorded, in the team's first week


ENDED = "standing one-on-one ended"
"""Why a session was cancelled that fell with its schedule."""


class Standing(InWorkspace, Base):
    """A pair's standing schedule: a weekday (ISO), a local time in `zone`, 30 to 45 minutes.

    In rotation it has neither weekday nor time: each week it takes a place that is free, or that
    somebody who is left out leaves. Ended ones stay as trail. `plan_at`: from when on its sessions
    have to be planned further.
    """

    __tablename__ = "standings"
    __table_args__ = (
        UniqueConstraint("workspace_id", "id"),
        within_workspace("coach_id", "people"),
        within_workspace("person_id", "people"),
        within_workspace("set_by_id", "people"),
        CheckConstraint("coach_id <> person_id", name="of_two_people"),
        CheckConstraint("weekday BETWEEN 1 AND 7", name="weekday"),
        CheckConstraint("(weekday IS NULL) = (local_time IS NULL)", name="a_time_or_in_rotation"),
        CheckConstraint("minutes BETWEEN 1 AND 480", name="minutes_of_a_day"),
        Index(
            "uq_standings_current", "workspace_id", "person_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("ix_standings_plan_at", "ended_at", "plan_at"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    coach_id: Mapped[int]
    person_id: Mapped[int]
    weekday: Mapped[int | None]
    local_time: Mapped[time | None]
    minutes: Mapped[int]
    zone: Mapped[str] = mapped_column(String(64))
    active_from: Mapped[date]
    set_by_id: Mapped[int | None]  # null: by the setup file
    set_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    plan_at: Mapped[datetime]

    @property
    def slot(self) -> tuple[int, time] | None:
        """Weekday and local time; None: in rotation."""
        if self.weekday is None or self.local_time is None:
            return None
        return self.weekday, self.local_time


BY_TIME = (Standing.weekday.nulls_last(), Standing.local_time, Standing.id)
"""The order of standing schedules: by weekday and time, those in rotation last."""


class LeftOut(InWorkspace, Base):
    """A week (its Monday) without a session of a pair, since the coach has too many people for it.

    `people` would have sat with the coach that week, and there were `places`. Nothing is due in
    it: it is neither missed, cancelled nor excused, and outside the held rate.
    """

    __tablename__ = "left_out"
    __table_args__ = (
        UniqueConstraint("workspace_id", "id"),
        UniqueConstraint("workspace_id", "coach_id", "person_id", "week"),
        within_workspace("coach_id", "people"),
        within_workspace("person_id", "people"),
        CheckConstraint("places < people", name="too_many"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    coach_id: Mapped[int]
    person_id: Mapped[int]
    week: Mapped[date]
    people: Mapped[int]
    places: Mapped[int]
    decided_at: Mapped[datetime]


class OneOnOne(InWorkspace, Base):
    """A session: one per pair and week, counted in the week (its Monday) in which it was first due.

    `settled_by_id`: who finished or cancelled it; nobody did when it was missed or excused.
    """

    __tablename__ = "one_on_ones"
    __table_args__ = (
        UniqueConstraint("workspace_id", "id"),
        UniqueConstraint("workspace_id", "coach_id", "person_id", "week"),
        within_workspace("coach_id", "people"),
        within_workspace("person_id", "people"),
        within_workspace("standing_id", "standings"),
        within_workspace("started_by_id", "people"),
        within_workspace("settled_by_id", "people"),
        CheckConstraint("(state = 'due') = (settled_at IS NULL)", name="settled_when_not_due"),
        CheckConstraint(
            "state NOT IN ('held', 'cancelled') OR settled_by_id IS NOT NULL", name="settled_by"
        ),
        CheckConstraint("(state = 'cancelled') = (reason IS NOT NULL)", name="cancelled_why"),
        CheckConstraint("(state = 'excused') = (excuse IS NOT NULL)", name="excused_why"),
        CheckConstraint("state <> 'held' OR started_at IS NOT NULL", name="held_was_started"),
        Index("ix_one_on_ones_person", "workspace_id", "person_id", "first_due_on"),
        Index("ix_one_on_ones_coach", "workspace_id", "coach_id", "first_due_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    coach_id: Mapped[int]
    person_id: Mapped[int]
    standing_id: Mapped[int]
    week: Mapped[date]
    first_due_on: Mapped[date]
    minutes: Mapped[int]
    zone: Mapped[str] = mapped_column(String(64))  # in which its dates are counted
    state: Mapped[State] = mapped_column(one_of(State, "state"))
    started_at: Mapped[datetime | None]
    started_by_id: Mapped[int | None]
    settled_at: Mapped[datetime | None]
    settled_by_id: Mapped[int | None]
    reason: Mapped[str | None] = mapped_column(String(500))
    excuse: Mapped[Excuse | None] = mapped_column(one_of(Excuse, "excuse"))


class Sitting(InWorkspace, Base):
    """A time that a session is, or was, set to. Moving it adds one; the current one holds.

    `seat` is the place it takes among the coach's sessions of that local date, from 1; none once
    it is moved, cancelled or excused. `same_day`: a move within the day, which counts against
    nobody. `settle_by`: past that, nothing recorded means missed; none once it is settled.
    """

    __tablename__ = "sittings"
    __table_args__ = (
        UniqueConstraint("workspace_id", "id"),
        within_workspace("one_on_one_id", "one_on_ones"),
        within_workspace("coach_id", "people"),
        within_workspace("set_by_id", "people"),
        CheckConstraint("starts_at < ends_at", name="in_order"),
        CheckConstraint("seat >= 1", name="seat"),
        CheckConstraint("is_current OR seat IS NULL", name="only_the_current_has_a_seat"),
        CheckConstraint("is_current = (ended_at IS NULL)", name="current_until_it_ended"),
        Index(
            "uq_sittings_current", "workspace_id", "one_on_one_id",
            unique=True,
            sqlite_where=text("is_current"),
            postgresql_where=text("is_current"),
        ),
        Index(
            "uq_sittings_seat", "workspace_id", "coach_id", "local_date", "seat",
            unique=True,
            sqlite_where=text("seat IS NOT NULL"),
            postgresql_where=text("seat IS NOT NULL"),
        ),
        Index("ix_sittings_settle_by", "settle_by"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    one_on_one_id: Mapped[int]
    coach_id: Mapped[int]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    local_date: Mapped[date]
    seat: Mapped[int | None]
    set_by_id: Mapped[int | None]  # null: by the standing schedule
    set_at: Mapped[datetime]
    same_day: Mapped[bool] = mapped_column(default=False)
    settle_by: Mapped[datetime | None]
    is_current: Mapped[bool] = mapped_column(default=True)
    ended_at: Mapped[datetime | None]


class TalkingPoint(InWorkspace, Base):
    """Something that one of the two wants to talk about: open until it was, or was dropped.

    It is about `person_id`'s one-on-ones and carries over from one to the next. `closed_in_id`: the
    session in which it was talked about.
    """

    __tablename__ = "talking_points"
    __table_args__ = (
        UniqueConstraint("workspace_id", "id"),
        within_workspace("person_id", "people"),
        within_workspace("by_id", "people"),
        within_workspace("closed_in_id", "one_on_ones"),
        Index("ix_talking_points_person", "workspace_id", "person_id", "closed_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int]
    by_id: Mapped[int]
    text: Mapped[str] = mapped_column(String(300))
    added_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    closed_in_id: Mapped[int | None]


class Note(InWorkspace, Base):
    """The coach's notes for next time, shown to the coach alone; the newest version is current."""

    __tablename__ = "one_on_one_notes"
    __table_args__ = (
        UniqueConstraint("workspace_id", "id"),
        within_workspace("one_on_one_id", "one_on_ones"),
        Index(
            "uq_one_on_one_notes_current", "workspace_id", "one_on_one_id",
            unique=True,
            sqlite_where=text("is_current"),
            postgresql_where=text("is_current"),
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    one_on_one_id: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime]
    is_current: Mapped[bool] = mapped_column(default=True)


class ReviewedDeal(InWorkspace, Base):
    """A deal that was gone through in a session, and the next action with which it left."""

    __tablename__ = "one_on_one_deals"
    __table_args__ = (
        UniqueConstraint("workspace_id", "one_on_one_id", "deal_id"),
        within_workspace("one_on_one_id", "one_on_ones"),
        within_workspace("deal_id", "deals"),
        within_workspace("next_action_id", "next_actions"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    one_on_one_id: Mapped[int]
    deal_id: Mapped[int]
    next_action_id: Mapped[int]
    had_none: Mapped[bool]  # it came to the table without an open next action


class Breach(InWorkspace, Base):
    """The coach cancelled or moved this person's sessions more than once in a quarter: told once.

    `quarter`: its first day. Same-day moves do not count.
    """

    __tablename__ = "breaches"
    __table_args__ = (
        UniqueConstraint("workspace_id", "id"),
        UniqueConstraint("workspace_id", "coach_id", "person_id", "quarter"),
        within_workspace("coach_id", "people"),
        within_workspace("person_id", "people"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    coach_id: Mapped[int]
    person_id: Mapped[int]
    quarter: Mapped[date]
    at: Mapped[datetime]
