"""Activities: contacts with customers that the CRM logged, and of which days we have been told.

product.md, "Monday pipeline health check": a stage that changed without a logged activity is a flag
only where an import of activities covers the window; else nobody is accused.
"""

from bisect import bisect_left
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import NamedTuple

from sqlalchemy import Index, String, UniqueConstraint, and_, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, InWorkspace, within_workspace
from models.days import DAY
from models.deals import Deal, DealChange, Field, Import, ImportKind
from models.people import home_teams, owned_by_team, zones
from models.standards import Standards

Stretch = tuple[date, date]
"""Days from the first to the last, both included."""


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


class _Told(NamedTuple):
    """Of which days a file of activities told, and when it was taken in."""

    at: datetime
    first: date
    last: date


def covered(session: Session) -> list[Stretch]:
    """The days of which files of activities told, as stretches apart from each other, in order.

    Files whose days meet or follow each other make one stretch.
    """
    return _stretches(_told(session))


def _told(session: Session) -> list[_Told]:
    """Every file of activities that told of any day, by its first day."""
    told = select(Import.imported_at, Import.covers_from, Import.covers_until).where(
        Import.kind == ImportKind.ACTIVITIES
    )
    return [
        _Told(at, first, last)
        for at, first, last in session.execute(told.order_by(Import.covers_from))
        if first is not None and last is not None
    ]


def _stretches(told: Iterable[_Told]) -> list[Stretch]:
    found: list[Stretch] = []
    for _at, first, last in told:
        if found and first <= found[-1][1] + DAY:
            found[-1] = found[-1][0], max(found[-1][1], last)
        else:
            found.append((first, last))
    return found


def told_of_team(session: Session, team_id: int, first: date, last: date) -> bool:
    """Whether files of activities told of all these days, and of any deal of this team."""
    return _Asked(session).told(team_id, None, first, last)


# --- stage changes and the contacts around them


@dataclass(frozen=True)
class StageContact:
    """A deal's latest stage change and whether a contact belongs to it.

    `logged` None: not checked, since nobody told of the activities of all days around it.
    """

    changed_on: date
    logged: bool | None


def stage_contacts(
    session: Session, deals: Iterable[Deal], rules: Standards
) -> dict[int, StageContact]:
    """Each deal's latest change of stage that an import brought, and the contact around it.

    A contact belongs to it from 7 days before to 1 day after (by the standards), in days of the
    deal's team, be it an activity or the last contact of which a file of deals told. Where the CRM
    did not say when the stage changed, it was on some day since the import before: then the days
    count from that import on. A stage changed by a review never raises the question (product.md,
    "Decide"): a deal whose latest change is a decision is left out, and so is one that never
    changed.

    What counts as told are the files taken in since the deal is here, which told of all these
    days and of any deal of its team: whatever the order of files, nobody is accused of what
    nobody could have told.
    """
    by_id = {deal.id: deal for deal in deals}
    changed = _changed(session, by_id)
    contacts = _contacts(session, changed)
    asked = _Asked(session)
    teams = home_teams(session, {by_id[deal_id].owner_id for deal_id in changed})
    found: dict[int, StageContact] = {}
    for deal_id, (since, on) in changed.items():
        first = since - timedelta(days=rules.activity_days_before)
        last = on + timedelta(days=rules.activity_days_after)
        deal = by_id[deal_id]
        known = (*contacts.get(deal_id, ()), deal.last_activity_on)
        logged: bool | None = any(day is not None and first <= day <= last for day in known)
        if not logged:
            team = teams.get(deal.owner_id)
            told = team is not None and asked.told(team.id, deal.seen_at, first, last)
            logged = False if told else None
        found[deal_id] = StageContact(on, logged)
    return found


def _changed(session: Session, deals: Mapping[int, Deal]) -> dict[int, Stretch]:
    """On which day the stage of each changed by an import: on one of these, seen on the last."""
    latest = {
        deal_id: move
        for deal_id, move in _latest_moves(session, deals).items()
        if move.decision_id is None
    }
    places = zones(session, {deals[deal_id].owner_id for deal_id in latest})
    imports = _imports_of_deals(session) if latest else []
    found: dict[int, Stretch] = {}
    for deal_id, move in latest.items():
        deal = deals[deal_id]
        place = places[deal.owner_id]
        on = deal.stage_entered_at.astimezone(place).date()
        is_seen_only = deal.stage_entered_at == move.changed_at == move.imported_at
        before = bisect_left(imports, move.changed_at) if is_seen_only else 0
        since = imports[before - 1].astimezone(place).date() if before else on
        found[deal_id] = since, on
    return found


class _Move(NamedTuple):
    changed_at: datetime
    decision_id: int | None
    imported_at: datetime | None


def _latest_moves(session: Session, deal_ids: Collection[int]) -> dict[int, _Move]:
    """The latest change of each deal's stage; `imported_at` of what an import of deals saw."""
    seen = and_(Import.id == DealChange.import_id, Import.kind == ImportKind.DEALS)
    moves = (
        select(
            DealChange.deal_id, DealChange.changed_at, DealChange.decision_id, Import.imported_at
        )
        .outerjoin(Import, seen)
        .where(DealChange.deal_id.in_(deal_ids), DealChange.field == Field.STAGE)
    )
    in_order = moves.order_by(DealChange.changed_at, DealChange.id)
    return {deal_id: _Move(at, by, seen) for deal_id, at, by, seen in session.execute(in_order)}


def _imports_of_deals(session: Session) -> list[datetime]:
    """When files of deals were taken in, oldest first."""
    told = select(Import.imported_at).where(Import.kind == ImportKind.DEALS)
    return list(session.scalars(told.order_by(Import.imported_at)))


def _contacts(session: Session, deal_ids: Collection[int]) -> dict[int, list[date]]:
    found: dict[int, list[date]] = {}
    rows = select(Activity.deal_id, Activity.on_day).where(Activity.deal_id.in_(deal_ids))
    for deal_id, on in session.execute(rows):
        found.setdefault(deal_id, []).append(on)
    return found


class _Asked:
    """What files of activities told, asked of many deals."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._files = _told(session)
        self._since = cache(self._stretches_since)
        self._tells_of = cache(self._any_activity)

    def told(self, team_id: int, seen_at: datetime | None, first: date, last: date) -> bool:
        """Whether of all these days, and of this team, files told since that moment."""
        return any(
            start <= first and last <= end and self._tells_of(team_id, start, end)
            for start, end in self._since(seen_at)
        )

    def _stretches_since(self, seen_at: datetime | None) -> list[Stretch]:
        return _stretches(file for file in self._files if seen_at is None or file.at >= seen_at)

    def _any_activity(self, team_id: int, first: date, last: date) -> bool:
        of_team = (
            select(Activity.id)
            .join(Deal, Deal.id == Activity.deal_id)
            .where(owned_by_team(Deal.owner_id, team_id), Activity.on_day.between(first, last))
        )
        return self._session.scalar(of_team.limit(1)) is not None
