"""Workspaces, teams, people and quotas: who is here, who leads whom, what a team has to bring."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Index,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, InWorkspace, one_of, within_workspace


class Role(StrEnum):
    REP = "rep"
    MANAGER = "manager"
    LEADER = "leader"


class Workspace(Base):
    """A Slack workspace; `id` is Slack's (T…). `standards`: what differs from the default."""

    __tablename__ = "workspaces"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    name: Mapped[str] = mapped_column(String(200), default="")
    bot_user_id: Mapped[str | None] = mapped_column(String(32))
    standards: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    created_at: Mapped[datetime]


class Person(InWorkspace, Base):
    """A Slack user with a role. `reports_to_id` is the line upwards, any number of levels.

    `zone` is an IANA name: Slack's, unless `zone_is_own` says that setup or the person chose it.
    """

    __tablename__ = "people"
    __table_args__ = (
        UniqueConstraint("workspace_id", "id"),
        UniqueConstraint("workspace_id", "slack_id"),
        within_workspace("team_id", "teams"),
        within_workspace("reports_to_id", "people"),
        CheckConstraint("reports_to_id <> id", name="not_their_own_boss"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slack_id: Mapped[str] = mapped_column(String(32))
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str | None] = mapped_column(String(254))
    role: Mapped[Role] = mapped_column(one_of(Role, "role"))
    is_admin: Mapped[bool] = mapped_column(default=False)
    zone: Mapped[str] = mapped_column(String(64), default="UTC")
    zone_is_own: Mapped[bool] = mapped_column(default=False)
    active: Mapped[bool] = mapped_column(default=True)
    team_id: Mapped[int | None]  # of a rep: the team whose deals these are
    reports_to_id: Mapped[int | None]


class Team(InWorkspace, Base):
    """A manager's team: its channel, currency and zone. One review, one week, one quota each."""

    __tablename__ = "teams"
    __table_args__ = (
        UniqueConstraint("workspace_id", "id"),
        UniqueConstraint("workspace_id", "name"),
        UniqueConstraint("workspace_id", "channel_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    # people and teams point at each other; this side is checked by the rules, not by the database
    manager_id: Mapped[int | None]
    channel_id: Mapped[str | None] = mapped_column(String(32))
    currency: Mapped[str] = mapped_column(String(3))
    locale: Mapped[str] = mapped_column(String(16), default="en_US")
    zone: Mapped[str] = mapped_column(String(64))


class Quota(InWorkspace, Base):
    """What has to be won between two dates, both included, in minor units of the team's currency.

    Of a rep, or of the whole team where `person_id` is null (then it outranks the sum of the
    reps'). A row that spans one calendar month is that month's entered target.
    """

    __tablename__ = "quotas"
    __table_args__ = (
        within_workspace("team_id", "teams"),
        within_workspace("person_id", "people"),
        CheckConstraint("starts_on <= ends_on", name="in_order"),
        CheckConstraint("amount_minor >= 0", name="not_negative"),
        Index(
            "uq_quotas_person", "workspace_id", "team_id", "person_id", "starts_on", "ends_on",
            unique=True,
            sqlite_where=text("person_id IS NOT NULL"),
            postgresql_where=text("person_id IS NOT NULL"),
        ),
        Index(
            "uq_quotas_team", "workspace_id", "team_id", "starts_on", "ends_on",
            unique=True,
            sqlite_where=text("person_id IS NULL"),
            postgresql_where=text("person_id IS NULL"),
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[int]
    person_id: Mapped[int | None]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    amount_minor: Mapped[int] = mapped_column(BigInteger)
