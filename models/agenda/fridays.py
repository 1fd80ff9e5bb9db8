"""Friday's prompts: the forecast with its wrap-up, then to the owners what to put right in the CRM
before Monday (product.md, "The week", "Friday forecast").
"""

from datetime import datetime

from sqlalchemy.orm import Session

from models import forecast, put_right
from models.agenda.skipping import Skipped, team_is_off, who_runs
from models.people import team
from models.schedule import Occurrence, skip, team_id_of


def friday_forecast(session: Session, occurrence: Occurrence, now: datetime) -> None:
    """Friday 15:00: whoever runs the team that day is asked for its forecast.

    That is the manager; if off that day the deputy, else the nearest leader who is there. Where
    nobody is, it is skipped as excused, and said so; on a day on which nobody of the team works,
    nobody waits for it.
    """
    asked = who_runs(session, occurrence, occurrence.due_at, now)
    if asked is None:
        return
    of_team = team(session, team_id_of(session, occurrence))
    day, due_at = occurrence.local_date, occurrence.due_at
    if forecast.open_forecast(session, of_team, day, asked, due_at, now) is None:
        skip(occurrence, Skipped.WEEK_HAS_ONE, now)


def crm_put_right(session: Session, occurrence: Occurrence, now: datetime) -> None:
    """Friday 16:00: each owner of the team gets what of their deals the CRM says wrongly, or not at
    all; who has nothing gets nothing, and who is off that day is excused."""
    of_team = team(session, team_id_of(session, occurrence))
    if team_is_off(session, of_team, occurrence.local_date):
        skip(occurrence, Skipped.TEAM_OFF, now)
    else:
        put_right.ask_owners(session, of_team, now)
