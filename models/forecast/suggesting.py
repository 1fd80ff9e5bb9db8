"""What Friday suggests for Monday's agenda, from the week as it was.

The agenda is shown in the team's channel, so nothing here is about one person's numbers.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.coverage import team_coverage
from models.deals import Deal, DealChange, Field, deals_not_in_crm, open_deals
from models.forecast.tables import Forecast
from models.people import Team, members, today_of
from models.schedule import instant

MOST_SLIPPED = 5
FEWEST_REPS = 3
"""A smaller team's coverage is private (product.md, "What is public")."""


@dataclass(frozen=True)
class SlippedDeal:
    """An open deal whose close date moved to a later day this week; `to` None: it has none now."""

    name: str
    before: date
    to: date | None


@dataclass(frozen=True)
class Suggestions:
    """`missing_minor`: pipeline that the team lacks to the standard; None: nothing, or private."""

    missing_minor: int | None
    slipped: tuple[SlippedDeal, ...]
    not_in_crm: tuple[str, ...]


def suggestions(session: Session, of_team: Team, forecast: Forecast, now: datetime) -> Suggestions:
    """The team's gap, the deals that slipped since this Monday, the decisions not yet in the CRM,
    of deals that they closed too; the largest deals first."""
    deals = _largest_first(open_deals(session, of_team.id))
    decided = _largest_first(deals_not_in_crm(session, of_team.id))
    gap = team_coverage(session, of_team, today_of(of_team, now), now).missing_minor
    is_public = len(members(session, of_team.id)) >= FEWEST_REPS
    return Suggestions(
        missing_minor=gap if gap and is_public else None,
        slipped=_slipped(session, deals, instant(forecast.week, time(), of_team.zone)),
        not_in_crm=tuple(deal.name for deal in decided),
    )


def _largest_first(deals: Collection[Deal]) -> list[Deal]:
    return sorted(deals, key=lambda one: -(one.amount_minor or 0))


def _slipped(session: Session, deals: Collection[Deal], since: datetime) -> tuple[SlippedDeal, ...]:
    moved = select(DealChange).where(
        DealChange.deal_id.in_([deal.id for deal in deals]),
        DealChange.field == Field.CLOSE,
        DealChange.changed_at >= since,
    )
    before: dict[int, date] = {}
    for change in session.scalars(moved.order_by(DealChange.changed_at, DealChange.id)):
        if change.before is not None:
            before.setdefault(change.deal_id, date.fromisoformat(change.before))
    found = [
        SlippedDeal(deal.name, before[deal.id], deal.close_on)
        for deal in deals
        if deal.id in before and (deal.close_on is None or deal.close_on > before[deal.id])
    ]
    return tuple(found[:MOST_SLIPPED])
