"""Rescuing: the manager does what the reps' own deals need (product.md, "Pipeline review")."""

from dataclasses import dataclass
from datetime import date, time

from sqlalchemy import select
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


def rescuing(session: Session, manager: Person, first: date, last: date) -> Rescuing:
    """The share of next actions on the deals of a manager's reps that the manager owns.

    Numerator: those that the manager owns. Denominator: those set between two of the manager's
    local dates, both included, for deals whose owners are reps of a team that this person manages
    now. What a corrected decision set counts in neither.
    """
    since = instant(first, time(), manager.zone)
    until = instant(last + DAY, time(), manager.zone)
    corrected = select(Decision.next_action_id).where(
        ~Decision.is_current, Decision.next_action_id.is_not(None)
    )
    stands = select(Decision.next_action_id).where(
        Decision.is_current, Decision.next_action_id.is_not(None)
    )
    managed = select(Team.id).where(Team.manager_id == manager.id)
    owners = session.scalars(
        select(NextAction.owner_id)
        .join(Deal, Deal.id == NextAction.deal_id)
        .join(Person, Person.id == Deal.owner_id)
        .where(
            Person.role == Role.REP,
            Person.team_id.in_(managed),
            NextAction.set_at >= since,
            NextAction.set_at < until,
            NextAction.id.not_in(corrected) | NextAction.id.in_(stands),
        )
    ).all()
    owned = sum(owner_id == manager.id for owner_id in owners)
    return Rescuing(owned, len(owners), standards(session).rescuing_least)
