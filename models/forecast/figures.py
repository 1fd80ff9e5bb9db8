"""What the deals alone say a period brings: the figures that a forecast is prefilled with.

The rule, in terms of the workspace's own stages in order of position. Won so far in the period
counts in full. Of the open deals whose close date lies in the period, those at the last qualified
stage are added to commit, those at the one before it to best case, those at every other qualified
stage to pipeline; each figure includes the one before it. A deal without an amount, or in another
currency than the team's, cannot be added and is counted apart.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy.orm import Session

from models.coverage import qualified_closing, won_by_owner
from models.deals import Deal, Stage, StageKind, stages
from models.forecast.tables import Tier
from models.people import Person, Team, members, sellers


@dataclass(frozen=True)
class Figures:
    """A forecast in minor units; each includes the one before it."""

    commit: int
    best_case: int
    pipeline: int

    def __add__(self, other: "Figures") -> "Figures":
        return Figures(
            self.commit + other.commit,
            self.best_case + other.best_case,
            self.pipeline + other.pipeline,
        )


NOTHING = Figures(0, 0, 0)


@dataclass(frozen=True)
class Suggested:
    """What one person's deals say. `uncounted`: deals that would count and could not be added."""

    won_minor: int = 0
    deals: tuple[tuple[Deal, Tier], ...] = ()
    uncounted: int = 0

    @property
    def figures(self) -> Figures:
        sums: Counter[Tier] = Counter()
        for deal, tier in self.deals:
            sums[tier] += deal.amount_minor or 0
        commit = self.won_minor + sums[Tier.COMMIT]
        best_case = commit + sums[Tier.BEST_CASE]
        return Figures(commit, best_case, best_case + sums[Tier.PIPELINE])


@dataclass
class _Found:
    won_minor: int = 0
    deals: list[tuple[Deal, Tier]] = field(default_factory=list)
    uncounted: int = 0


def tiers(session: Session) -> dict[Tier, tuple[Stage, ...]]:
    """The stages whose deals each tier adds, in order of the pipeline; see above."""
    counted = [one for one in stages(session) if one.kind is StageKind.OPEN and one.qualified]
    return {
        Tier.COMMIT: tuple(counted[-1:]),
        Tier.BEST_CASE: tuple(counted[-2:-1]),
        Tier.PIPELINE: tuple(counted[:-2]),
    }


def suggested(session: Session, team: Team, starts_on: date, ends_on: date) -> dict[int, Suggested]:
    """What the deals of each of the team's owners say, by person; who has nothing is left out."""
    tier_of = {stage.id: tier for tier, of in tiers(session).items() for stage in of}
    found: dict[int, _Found] = {}
    for owner_id, won in won_by_owner(session, team, starts_on, ends_on).items():
        found.setdefault(owner_id, _Found()).won_minor = won
    for deal in qualified_closing(session, team, starts_on, ends_on):
        mine = found.setdefault(deal.owner_id, _Found())
        if deal.amount_minor is None or deal.currency != team.currency:
            mine.uncounted += 1
        else:
            mine.deals.append((deal, tier_of[deal.stage_id]))
    return {
        owner_id: Suggested(one.won_minor, tuple(one.deals), one.uncounted)
        for owner_id, one in found.items()
    }


def forecast_people(session: Session, team: Team, with_deals: Iterable[int]) -> list[Person]:
    """Who has a line in the team's forecast: its reps by name, with a quota or without.

    Then, of those others whose deals are the team's (its manager; who has left), those
    `with_deals` that count in the period.
    """
    reps = members(session, team.id)
    here, counted = {rep.id for rep in reps}, set(with_deals)
    others = (one for one in sellers(session, team.id) if one.id in counted - here)
    return [*reps, *others]
