"""What a Monday's check found: one row per team and day, and its flags, which the next compares."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, InWorkspace, within_workspace, word_of
from models.flags import FlagCode


class HealthCheck(InWorkspace, Base):
    """A team's check on a local date. Its figures are frozen, as those of a closing card.

    `as_of`: when the deals were last imported then; null: never. `decider_id`: who decides in the
    team that day, and is asked to speak with the reps. `figures`: see `checking`.
    """

    __tablename__ = "health_checks"
    __table_args__ = (
        UniqueConstraint("workspace_id", "id"),
        UniqueConstraint("workspace_id", "team_id", "day"),
        within_workspace("team_id", "teams"),
        within_workspace("decider_id", "people"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[int]
    day: Mapped[date]
    checked_at: Mapped[datetime]
    as_of: Mapped[datetime | None]
    is_stale: Mapped[bool]
    decider_id: Mapped[int]
    figures: Mapped[dict[str, Any]] = mapped_column(JSON)


class HealthFlag(InWorkspace, Base):
    """A flag of a deal, as a check found it, and who owned the deal then."""

    __tablename__ = "health_flags"
    __table_args__ = (
        UniqueConstraint("workspace_id", "check_id", "deal_id", "code"),
        within_workspace("check_id", "health_checks"),
        within_workspace("deal_id", "deals"),
        within_workspace("owner_id", "people"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    check_id: Mapped[int]
    deal_id: Mapped[int]
    owner_id: Mapped[int]
    code: Mapped[FlagCode] = mapped_column(word_of(FlagCode, 40))
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
