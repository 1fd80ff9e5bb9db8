"""Next actions: what is done next on a deal, by whom, by when."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, InWorkspace, one_of, within_workspace


class ActionState(StrEnum):
    OPEN = "open"
    DONE = "done"
    NOT_DONE = "not_done"
    REPLACED = "replaced"


class NextAction(InWorkspace, Base):
    """A deal has at most one open; a new one replaces it, and the old one stays as trail."""

    __tablename__ = "next_actions"
    __table_args__ = (
        UniqueConstraint("workspace_id", "id"),
        within_workspace("deal_id", "deals"),
        within_workspace("owner_id", "people"),
        within_workspace("set_by_id", "people"),
        Index(
            "uq_next_actions_open", "workspace_id", "deal_id",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    deal_id: Mapped[int]
    text: Mapped[str] = mapped_column(String(500))
    owner_id: Mapped[int]
    due_on: Mapped[date]
    state: Mapped[ActionState] = mapped_column(one_of(ActionState, "state"))
    set_by_id: Mapped[int]
    set_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
