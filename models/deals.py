"""Stages, deals, and what changed about them: the CRM's word kept beside ours."""

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
)
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, InWorkspace, one_of, within_workspace


class StageKind(StrEnum):
    OPEN = "open"
    WON = "won"
    LOST = "lost"


class Stage(InWorkspace, Base):
    """One stage of the workspace's pipeline, in order of `position`.

    `qualified`: counts in coverage. `age_days`: older in this stage is a flag; null: no limit.
    """

    __tablename__ = "stages"
    __table_args__ = (
        UniqueConstraint("workspace_id", "id"),
        UniqueConstraint("workspace_id", "name"),
        UniqueConstraint("workspace_id", "position"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    position: Mapped[int]
    kind: Mapped[StageKind] = mapped_column(one_of(StageKind, "kind"))
    qualified: Mapped[bool] = mapped_column(default=False)
    age_days: Mapped[int | None]


class Deal(InWorkspace, Base):
    """An opportunity. Its team follows its owner. Money in minor units, null when nobody said.

    `stage_id` and `close_on` are ours, `crm_stage_id` and `crm_close_on` what the last import
    said: where they differ, a decision is "not yet in the CRM". `stage_entered_at` is a lower
    bound of the age in stage: the first sight of the stage where the CRM gave no date.
    """

    __tablename__ = "deals"
    __table_args__ = (
        UniqueConstraint("workspace_id", "id"),
        UniqueConstraint("workspace_id", "external_id"),
        within_workspace("owner_id", "people"),
        within_workspace("stage_id", "stages"),
        within_workspace("crm_stage_id", "stages"),
        CheckConstraint("amount_minor >= 0", name="amount_not_negative"),
        Index("ix_deals_owner", "workspace_id", "owner_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    external_id: Mapped[str] = mapped_column(String(80))
    name: Mapped[str] = mapped_column(String(200))
    owner_id: Mapped[int]
    amount_minor: Mapped[int | None] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    stage_id: Mapped[int]
    stage_entered_at: Mapped[datetime]
    close_on: Mapped[date | None]
    crm_stage_id: Mapped[int]
    crm_close_on: Mapped[date | None]
    opened_on: Mapped[date | None]
    closed_on: Mapped[date | None]  # the day it was won or lost
    last_activity_on: Mapped[date | None]  # null: never told, so nobody is accused
    url: Mapped[str | None] = mapped_column(Text)


class Import(InWorkspace, Base):
    """One file taken in whole: who, when, how many of what, and how its columns were read."""

    __tablename__ = "imports"
    __table_args__ = (
        UniqueConstraint("workspace_id", "id"),
        within_workspace("imported_by_id", "people"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    file_name: Mapped[str] = mapped_column(String(255))
    sha256: Mapped[str] = mapped_column(String(64))
    imported_at: Mapped[datetime]
    imported_by_id: Mapped[int | None]  # null: by command line
    added: Mapped[int]
    changed: Mapped[int]
    unchanged: Mapped[int]
    mapping: Mapped[dict[str, Any]] = mapped_column(JSON)


class Field(StrEnum):
    STAGE = "stage"
    AMOUNT = "amount"
    CLOSE = "close"
    OWNER = "owner"


class DealChange(InWorkspace, Base):
    """One change of one field, from an import or from a decision (exactly one of the two).

    `before` and `after` are ids for stage and owner, minor units for the amount, ISO dates for
    the close date; null where there was none. The first sight of a deal is no change.
    """

    __tablename__ = "deal_changes"
    __table_args__ = (
        within_workspace("deal_id", "deals"),
        within_workspace("import_id", "imports"),
        Index("ix_deal_changes_deal", "workspace_id", "deal_id", "field", "changed_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    deal_id: Mapped[int]
    field: Mapped[Field] = mapped_column(one_of(Field, "field"))
    before: Mapped[str | None] = mapped_column(String(64))
    after: Mapped[str | None] = mapped_column(String(64))
    changed_at: Mapped[datetime]
    import_id: Mapped[int | None]
    decision_id: Mapped[int | None]  # the decision's table stands a floor above
