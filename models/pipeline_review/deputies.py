"""Who of those who decide is there at a moment."""

from datetime import datetime

from sqlalchemy.orm import Session

from models import access
from models.access import Act
from models.days import day_off
from models.people import Person
from models.schedule import local_date


def decider_at(session: Session, team_id: int, moment: datetime) -> Person | None:
    """Who decides then: the manager, else the deputy, else the nearest leader above, who is not
    off on that day (by their own calendars); None: nobody."""
    for person in access.allowed(session, Act.DECIDE, team_id=team_id):
        if day_off(session, person, local_date(moment, person.zone)) is None:
            return person
    return None
