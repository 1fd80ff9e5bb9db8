"""Rescuing: the manager does what the reps' own deals need (product.md, "Pipeline review")."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time

from sqlalchemy import false, func, or_, select
from sqlalchemy.orm import Session

from models.days import DAY
from models.deals import Deal
from models.next_actions import NextAction
from models.people import Person, Role, Team, standards
from models.pipeline_review.tables import Decision
from models.schedule import instant


@dataclass(frozen=True)
class Rescuing:
    """Of the next actions set for reps' deals, those that the manager owns.

    `least`: with fewer there are too few data to say a share.
    """

    owned: int
    of: int
    least: int

    @property
    def share(self) -> float | None:
        return self.owned / self.of if self.of >= self.least else None


def rescuing(
    session: Session, managers: Sequence[Person], first: date, last: date
) -> dict[int, Rescuing]:
    """The share of next actions on the deals of each manager's reps that the manager owns, by id.

    Numerator: those that the manager owns. Denominator: those set between two of the manager's
    local dates, both included, for deals whose owners are reps of a team that this person manages
    now. What a corrected decision set counts in neither.
    """
    corrected = select(Decision.next_action_id).where(
        ~Decision.is_current, Decision.next_action_id.is_not(None)
    )
    stands = select(Decision.next_action_id).where(
        Decision.is_current, Decision.next_action_id.is_not(None)
    )
    set_then = [
        (Team.manager_id == each.id)
        & (NextAction.set_at >= instant(first, time(), each.zone))
        & (NextAction.set_at < instant(last + DAY, time(), each.zone))
        for each in managers
    ]
    rows = session.execute(
        select(Team.manager_id, NextAction.owner_id, func.count())
        .join(Deal, Deal.id == NextAction.deal_id)
        .join(Person, Person.id == Deal.owner_id)
        .join(Team, Team.id == Person.team_id)
        .where(
            Person.role == Role.REP,
            or_(false(), *set_then),
            NextAction.id.not_in(corrected) | NextAction.id.in_(stands),
        )
        .group_by(Team.manager_id, NextAction.owner_id)
    )
    owned: Counter[int | None] = Counter()
    of: Counter[int | None] = Counter()
    for manager_id, owner_id, number in rows:
        of[manager_id] += number
        owned[manager_id] += number if owner_id == manager_id else 0
    least = standards(session).rescuing_least
    return {each.id: Rescuing(owned[each.id], of[each.id], least) for each in managers}
