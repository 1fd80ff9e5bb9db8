"""Friday's prompts: the forecast with its wrap-up, then to the owners what to put right in the CRM
before Monday (product.md, "The week", "Friday forecast").
"""

from datetime import datetime

from sqlalchemy.orm import Session

from models import forecast, pipeline_review, put_right
from models.agenda.skipping import Skipped, tell_skipped
from models.people import team
from models.schedule import Occurrence, skip, team_id_of


def friday_forecast(session: Session, occurrence: Occurrence, now: datetime) -> None:
    """Friday 15:00: whoever runs the team that day is asked for its forecast.

    That is the manager; if off that day the deputy, else the nearest leader who is there. Where
    nobody is, it is skipped as excused, and said so.
    """
    team_id = team_id_of(session, occurrence)
    asked = pipeline_review.decider_at(session, team_id, occurrence.due_at)
    if asked is None:
        is_led = pipeline_review.first_decider(session, team_id) is not None
        skip(occurrence, Skipped.NOBODY_THERE if is_led else Skipped.NO_DECIDER, now)
        tell_skipped(session, occurrence, now)
        return
    of_team = team(session, team_id)
    day, due_at = occurrence.local_date, occurrence.due_at
    if forecast.open_forecast(session, of_team, day, asked, due_at, now) is None:
        skip(occurrence, Skipped.WEEK_HAS_ONE, now)


def crm_put_right(session: Session, occurrence: Occurrence, now: datetime) -> None:
    """Friday 16:00: each owner of the team gets what of their deals the CRM says wrongly, or not at
    all; who has nothing gets nothing, and who is off that day is excused."""
    put_right.ask_owners(session, team(session, team_id_of(session, occurrence)), now)
