"""Why a rep is under the standard, in facts: what slipped, what was lost, what was not won.

Money in minor units of the team's currency; a deal in another one counts as a deal, not as money.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.coverage import Coverage
from models.days import DAY
from models.deals import Deal, DealChange, Field, Stage, StageKind
from models.people import Team, owned_by_team

MOST = 2
"""So many are said of a rep: those that weigh most."""


class ReasonCode(StrEnum):
    """In the order in which they are said."""

    SLIPPED = "slipped"  # {"deals", "minor"}: closed in the period once, and close after it now
    LOST = "lost"  # {"deals", "minor", "within"}: in so many days, since the last check
    NOTHING_CLOSING = "nothing_closing"  # {}: nothing qualified closes in the period
    WON_LESS = "won_less"  # {"won", "gone"}: percent of the quota, percent of the period's days
    NO_AMOUNT = "no_amount"  # {"deals"}: qualified, and nobody said what they are worth
    THIN = "thin"  # {"deals", "minor"}: that is all there is


@dataclass(frozen=True)
class Reason:
    code: ReasonCode
    facts: dict[str, int]


def reasons(
    session: Session,
    of_team: Team,
    gaps: Iterable[tuple[int, Coverage]],
    today: date,
    since: date,
) -> dict[int, tuple[Reason, ...]]:
    """The reasons of each person, of whom is given in which period they are under the standard.

    `since`: the local date of the last check, from which what was lost counts.
    """
    asked = dict(gaps)
    lost = _lost(session, of_team, set(asked), since, today)
    slipped = _Slipped(session, of_team, set(asked))
    found: dict[int, tuple[Reason, ...]] = {}
    for person_id, coverage in asked.items():
        raised = [
            _deals(ReasonCode.SLIPPED, slipped.out_of(person_id, coverage), of_team),
            _deals(ReasonCode.LOST, lost.get(person_id, []), of_team, within=(today - since).days),
            _nothing_closing(coverage),
            _won_less(coverage, today),
            _no_amount(coverage),
        ]
        said = [reason for reason in raised if reason is not None]
        found[person_id] = tuple(said[:MOST]) or (_thin(coverage),)
    return found


def _deals(code: ReasonCode, deals: list[Deal], of_team: Team, **more: int) -> Reason | None:
    if not deals:
        return None
    ours = [deal.amount_minor or 0 for deal in deals if deal.currency == of_team.currency]
    return Reason(code, {"deals": len(deals), "minor": sum(ours), **more})


def _lost(
    session: Session, of_team: Team, person_ids: set[int], since: date, today: date
) -> dict[int, list[Deal]]:
    rows = session.scalars(
        select(Deal)
        .join(Stage, Stage.id == Deal.stage_id)
        .where(
            Stage.kind == StageKind.LOST,
            Deal.closed_on.between(since, today),
            Deal.owner_id.in_(person_ids),
            owned_by_team(Deal.owner_id, of_team.id),
        )
    )
    found: dict[int, list[Deal]] = {}
    for deal in rows:
        found.setdefault(deal.owner_id, []).append(deal)
    return found


class _Slipped:
    """Open qualified deals, with the days on which they were to close before, and since when."""

    def __init__(self, session: Session, of_team: Team, person_ids: set[int]) -> None:
        self.zone = ZoneInfo(of_team.zone)
        rows = session.execute(
            select(Deal, DealChange)
            .join(Stage, Stage.id == Deal.stage_id)
            .join(DealChange, DealChange.deal_id == Deal.id)
            .where(
                Stage.qualified,
                Stage.kind == StageKind.OPEN,
                Deal.owner_id.in_(person_ids),
                Deal.close_on.is_not(None),
                DealChange.field == Field.CLOSE,
                DealChange.before.is_not(None),
            )
        )
        self.rows = [(deal, change) for deal, change in rows]

    def out_of(self, person_id: int, coverage: Coverage) -> list[Deal]:
        """This person's deals that were to close in the period and were moved past its end."""
        first, last = coverage.period.starts_on, coverage.period.ends_on
        begins = datetime.combine(first, time(), self.zone).astimezone(UTC)
        found = {
            deal.id: deal
            for deal, change in self.rows
            if deal.owner_id == person_id
            and deal.close_on is not None
            and deal.close_on > last
            and change.before is not None
            and first <= date.fromisoformat(change.before) <= last
            and change.changed_at >= begins
        }
        return list(found.values())


def _nothing_closing(coverage: Coverage) -> Reason | None:
    is_none = not (coverage.counted or coverage.without_amount or coverage.other_currency)
    return Reason(ReasonCode.NOTHING_CLOSING, {}) if is_none else None


def _won_less(coverage: Coverage, today: date) -> Reason | None:
    """Behind the days that are gone of the period; not before it began."""
    first, last = coverage.period.starts_on, coverage.period.ends_on
    quota = coverage.quota_minor
    if not quota or not first <= today <= last:
        return None
    won = coverage.won_minor * 100 // quota
    gone = (today - first).days * 100 // (last - first + DAY).days
    return Reason(ReasonCode.WON_LESS, {"won": won, "gone": gone}) if won < gone else None


def _no_amount(coverage: Coverage) -> Reason | None:
    deals = coverage.without_amount
    return Reason(ReasonCode.NO_AMOUNT, {"deals": deals}) if deals else None


def _thin(coverage: Coverage) -> Reason:
    facts = {"deals": coverage.counted, "minor": coverage.pipeline_minor}
    return Reason(ReasonCode.THIN, facts)
