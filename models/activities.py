"""Activities: contacts with customers that the CRM logged, and of which days we have been told.

product.md, "Monday pipeline health check": a stage that changed without a logged activity is a flag
only where an import of activities covers the window; else nobody is accused.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Index, String, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, InWorkspace, within_workspace
from models.deals import Deal, DealChange, Field, Import, ImportKind
from models.people import zones

BEFORE, AFTER = timedelta(days=7), timedelta(days=1)
"""The window around a stage change in which an activity belongs to it, both ends included."""


class Activity(InWorkspace, Base):
    """One contact about a deal, as the CRM has it. `at` is null where it told the day alone."""

    __tablename__ = "activities"
    __table_args__ = (
        UniqueConstraint("workspace_id", "external_id"),
        within_workspace("deal_id", "deals"),
        within_workspace("import_id", "imports"),
        Index("ix_activities_deal", "workspace_id", "deal_id", "on_day"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    external_id: Mapped[str] = mapped_column(String(80))
    deal_id: Mapped[int]
    on_day: Mapped[date]
    at: Mapped[datetime | None]
    kind: Mapped[str | None] = mapped_column(String(40))  # the CRM's word: Call, Meeting, Email
    who: Mapped[str | None] = mapped_column(String(200))  # the CRM's word for who it was
    import_id: Mapped[int]


def last_days(session: Session, deal_ids: Collection[int]) -> dict[int, date]:
    """The day of each deal's last activity; a deal without any is left out."""
    last = (
        select(Activity.deal_id, func.max(Activity.on_day))
        .where(Activity.deal_id.in_(deal_ids))
        .group_by(Activity.deal_id)
    )
    return dict(session.execute(last).all())


def covered(session: Session) -> list[tuple[date, date]]:
    """The days of which files of activities told, as stretches apart from each other, in order.

    Both ends are included. Files whose days meet or follow each other make one stretch.
    """
    told = select(Import.covers_from, Import.covers_until).where(
        Import.kind == ImportKind.ACTIVITIES, Import.covers_from.is_not(None)
    )
    stretches: list[tuple[date, date]] = []
    for start, end in session.execute(told.order_by(Import.covers_from)).all():
        if start is None or end is None:
            continue
        if stretches and start <= stretches[-1][1] + timedelta(days=1):
            stretches[-1] = stretches[-1][0], max(stretches[-1][1], end)
        else:
            stretches.append((start, end))
    return stretches


@dataclass(frozen=True)
class StageContact:
    """A deal's latest stage change and whether a contact belongs to it.

    `logged` None: not checked, since nobody told of the activities of all days around it.
    """

    changed_on: date
    logged: bool | None


def stage_contacts(session: Session, deals: Iterable[Deal]) -> dict[int, StageContact]:
    """Each deal's latest change of stage that an import brought, and the contact around it.

    A stage changed by a review never raises the question (product.md, "Decide"): a deal whose
    latest change is a decision is left out, and so is one that never changed.
    """
    by_id = {deal.id: deal for deal in deals}
    latest = _latest_moves(session, by_id)
    places = zones(session, {by_id[deal_id].owner_id for deal_id in latest})
    days = {
        deal_id: move.changed_at.astimezone(places[by_id[deal_id].owner_id]).date()
        for deal_id, move in latest.items()
        if move.decision_id is None
    }
    told = covered(session)
    contacts = _contacts(session, days)
    return {
        deal_id: StageContact(on, _is_logged(on, told, contacts.get(deal_id, ())))
        for deal_id, on in days.items()
    }


def _latest_moves(session: Session, deal_ids: Collection[int]) -> dict[int, DealChange]:
    moves = select(DealChange).where(
        DealChange.deal_id.in_(deal_ids), DealChange.field == Field.STAGE
    )
    in_order = moves.order_by(DealChange.changed_at, DealChange.id)
    return {move.deal_id: move for move in session.scalars(in_order)}


def _contacts(session: Session, deal_ids: Collection[int]) -> dict[int, list[date]]:
    found: dict[int, list[date]] = {}
    rows = select(Activity.deal_id, Activity.on_day).where(Activity.deal_id.in_(deal_ids))
    for deal_id, on in session.execute(rows):
        found.setdefault(deal_id, []).append(on)
    return found


def _is_logged(
    changed_on: date, told: Iterable[tuple[date, date]], contacts: Iterable[date]
) -> bool | None:
    start, end = changed_on - BEFORE, changed_on + AFTER
    if any(start <= on <= end for on in contacts):
        return True
    return False if any(first <= start and end <= last for first, last in told) else None
