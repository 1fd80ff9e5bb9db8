"""A team as setup changes it."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.deals import Deal
from models.people import Person, Team


def has_deals(session: Session, team: Team) -> bool:
    """Whether deals are the team's: then its currency stays."""
    owned = select(Deal.id).join(Person, Person.id == Deal.owner_id)
    return session.scalar(owned.where(Person.team_id == team.id).limit(1)) is not None
