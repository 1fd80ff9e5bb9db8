"""Friday's prompt to the owners: what to put right in the CRM before Monday."""

from datetime import datetime

from sqlalchemy.orm import Session

from models import put_right
from models.people import team
from models.schedule import Occurrence, team_id_of


def crm_put_right(session: Session, occurrence: Occurrence, now: datetime) -> None:
    """Friday 16:00: each owner of the team gets what of their deals the CRM says wrongly, or not at
    all; who has nothing gets nothing, and who is off that day is excused."""
    put_right.ask_owners(session, team(session, team_id_of(session, occurrence)), now)
