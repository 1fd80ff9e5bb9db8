"""The Friday forecast of a team: its flow, its figures per person with their trail, commitments.

Money is in minor units of `Forecast.currency`. Days are local dates of the team.
"""

from datetime import date, datetime
from enum import IntEnum, StrEnum

from sqlalchemy import BigInteger, CheckConstraint, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, InWorkspace, one_of, within_workspace


class ForecastState(StrEnum):
    """Where a Friday's forecast stands."""

    OPEN = "open"
    DONE = "done"  # by midnight of its day
    LATE = "late"  # after that
    MISSED = "missed"  # not by then
    EXCUSED = "excused"  # neither, and nobody is to blame: see `Excuse`


class Excuse(StrEnum):
    """Why a forecast that was not done is excused."""

    TRIAL = "trial"  # the team's first week
    NOBODY = "nobody"  # everybody who may run the team was off, or nobody may
    ASKED_OFF = "asked_off"  # who was asked was away, which a leader accepted


class Step(IntEnum):
    """The steps of the flow, in order."""

    FORECAST = 1
    COACHING = 2
    COMMITMENTS = 3
    AGENDA = 4


class Tier(StrEnum):
    """How surely an open deal counts. A figure includes those before it."""

    COMMIT = "commit"
    BEST_CASE = "best_case"
    PIPELINE = "pipeline"


class Forecast(InWorkspace, Base):
    """One Friday's flow of a team: one per week (its Monday), about the quota period of its day.

    `asked_id`: who was asked. `runner_id`: who is at it, or was last. `active_seconds`: the time
    spent on it so far, without the stretch since `running_since` (null: put aside). Done until
    `late_from` it is in time; from `closes_at` on nothing about it changes. `look_at`: from when on
    time itself has something to do about it.
    """

    __tablename__ = "forecasts"
    __table_args__ = (
        UniqueConstraint("workspace_id", "id"),
        UniqueConstraint("workspace_id", "team_id", "week"),
        within_workspace("team_id", "teams"),
        within_workspace("asked_id", "people"),
        within_workspace("runner_id", "people"),
        within_workspace("finished_by_id", "people"),
        CheckConstraint("starts_on <= ends_on", name="period_in_order"),
        CheckConstraint("steps_done BETWEEN 0 AND 4", name="four_steps"),
        CheckConstraint("active_seconds >= 0", name="time_counts"),
        CheckConstraint("(state IN ('done', 'late')) = (finished_at IS NOT NULL)", name="finished"),
        CheckConstraint("(state = 'excused') = (excuse IS NOT NULL)", name="excused_for_a_reason"),
        Index("ix_forecasts_look_at", "look_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[int]
    week: Mapped[date]
    day: Mapped[date]
    starts_on: Mapped[date]  # of the period, both included
    ends_on: Mapped[date]
    currency: Mapped[str] = mapped_column(String(3))
    asked_id: Mapped[int]
    due_at: Mapped[datetime]
    late_from: Mapped[datetime]
    closes_at: Mapped[datetime]
    look_at: Mapped[datetime | None]
    state: Mapped[ForecastState] = mapped_column(
        one_of(ForecastState, "state"), default=ForecastState.OPEN
    )
    excuse: Mapped[Excuse | None] = mapped_column(one_of(Excuse, "excuse"))
    steps_done: Mapped[int] = mapped_column(default=0)
    runner_id: Mapped[int | None]
    started_at: Mapped[datetime | None]
    running_since: Mapped[datetime | None]
    active_seconds: Mapped[int] = mapped_column(default=0)
    finished_at: Mapped[datetime | None]
    finished_by_id: Mapped[int | None]


class ForecastCard(InWorkspace, Base):
    """A message about a forecast to one person: who was asked, and whoever took it over."""

    __tablename__ = "forecast_cards"
    __table_args__ = (
        UniqueConstraint("workspace_id", "id"),
        UniqueConstraint("workspace_id", "forecast_id", "person_id"),
        within_workspace("forecast_id", "forecasts"),
        within_workspace("person_id", "people"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    forecast_id: Mapped[int]
    person_id: Mapped[int]


class ForecastLine(InWorkspace, Base):
    """What somebody's deals bring in the period, as it was forecast; replaced ones stay as trail.

    `suggested_…`: what the deals alone said at that moment (models/forecast/figures.py).
    """

    __tablename__ = "forecast_lines"
    __table_args__ = (
        UniqueConstraint("workspace_id", "id"),
        within_workspace("forecast_id", "forecasts"),
        within_workspace("person_id", "people"),
        within_workspace("given_by_id", "people"),
        CheckConstraint(
            "0 <= commit_minor AND commit_minor <= best_case_minor"
            " AND best_case_minor <= pipeline_minor",
            name="each_includes_the_one_before",
        ),
        Index(
            "uq_forecast_lines_current", "workspace_id", "forecast_id", "person_id",
            unique=True,
            sqlite_where=text("is_current"),
            postgresql_where=text("is_current"),
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    forecast_id: Mapped[int]
    person_id: Mapped[int]
    commit_minor: Mapped[int] = mapped_column(BigInteger)
    best_case_minor: Mapped[int] = mapped_column(BigInteger)
    pipeline_minor: Mapped[int] = mapped_column(BigInteger)
    suggested_commit_minor: Mapped[int] = mapped_column(BigInteger)
    suggested_best_case_minor: Mapped[int] = mapped_column(BigInteger)
    suggested_pipeline_minor: Mapped[int] = mapped_column(BigInteger)
    given_by_id: Mapped[int]
    given_at: Mapped[datetime]
    is_current: Mapped[bool] = mapped_column(default=True)


class ForecastDeal(InWorkspace, Base):
    """An open deal that the prefill counted when its owner's line was first given.

    From these the slip rate is computed (models/forecast/measuring.py).
    """

    __tablename__ = "forecast_deals"
    __table_args__ = (
        UniqueConstraint("workspace_id", "forecast_id", "deal_id"),
        within_workspace("forecast_id", "forecasts"),
        within_workspace("deal_id", "deals"),
        within_workspace("owner_id", "people"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    forecast_id: Mapped[int]
    deal_id: Mapped[int]
    owner_id: Mapped[int]
    tier: Mapped[Tier] = mapped_column(one_of(Tier, "tier"))
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    close_on: Mapped[date]


class WeeklyCommitment(InWorkspace, Base):
    """What somebody commits to for a week (its Monday); replaced ones stay as trail.

    `activities`: contacts with customers; `conversions`: deals that advance a stage. Null: none was
    agreed.
    """

    __tablename__ = "weekly_commitments"
    __table_args__ = (
        UniqueConstraint("workspace_id", "id"),
        within_workspace("forecast_id", "forecasts"),
        within_workspace("person_id", "people"),
        within_workspace("set_by_id", "people"),
        CheckConstraint("activities >= 0", name="activities_count"),
        CheckConstraint("conversions >= 0", name="conversions_count"),
        Index(
            "uq_weekly_commitments_current", "workspace_id", "person_id", "week",
            unique=True,
            sqlite_where=text("is_current"),
            postgresql_where=text("is_current"),
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    forecast_id: Mapped[int]  # of the Friday on which it was set
    person_id: Mapped[int]
    week: Mapped[date]
    activities: Mapped[int | None]
    conversions: Mapped[int | None]
    set_by_id: Mapped[int]
    set_at: Mapped[datetime]
    is_current: Mapped[bool] = mapped_column(default=True)
