"""The agenda of a team's Monday: what Friday's wrap-up puts on top of the next health check."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import CheckConstraint, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, InWorkspace, within_workspace

MOST_ITEMS = 10
MOST_ITEM = 300


class AgendaItem(InWorkspace, Base):
    """A line of the agenda of the Monday `monday`, in order of `place`. Replaced ones stay."""

    __tablename__ = "agenda_items"
    __table_args__ = (
        UniqueConstraint("workspace_id", "id"),
        within_workspace("team_id", "teams"),
        within_workspace("added_by_id", "people"),
        CheckConstraint("place >= 0", name="place_counts"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[int] = mapped_column(index=True)
    monday: Mapped[date]
    place: Mapped[int]
    text: Mapped[str] = mapped_column(String(MOST_ITEM))
    added_by_id: Mapped[int]
    added_at: Mapped[datetime]
    replaced_at: Mapped[datetime | None]


def agenda_of(session: Session, team_id: int, monday: date) -> tuple[AgendaItem, ...]:
    """The agenda that stands for a team's Monday, in order."""
    found = select(AgendaItem).where(
        AgendaItem.team_id == team_id,
        AgendaItem.monday == monday,
        AgendaItem.replaced_at.is_(None),
    )
    return tuple(session.scalars(found.order_by(AgendaItem.place, AgendaItem.id)))


def set_agenda(
    session: Session, team_id: int, monday: date, by_id: int, texts: Sequence[str], now: datetime
) -> bool:
    """The agenda of that Monday is these lines from now on; whether that changed it.

    Whoever calls has checked who may. Raises ValueError for more than `MOST_ITEMS` or longer ones.
    """
    if len(texts) > MOST_ITEMS or any(not 0 < len(text) <= MOST_ITEM for text in texts):
        raise ValueError("an agenda has at most ten lines, each with something in it")
    before = agenda_of(session, team_id, monday)
    if [item.text for item in before] == list(texts):
        return False
    for item in before:
        item.replaced_at = now
    session.add_all(
        AgendaItem(
            team_id=team_id, monday=monday, place=place, text=text, added_by_id=by_id, added_at=now
        )
        for place, text in enumerate(texts)
    )
    session.flush()
    return True
