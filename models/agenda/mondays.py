"""Monday's prompts: the reminder to import, then the health check (product.md, "The week")."""

from datetime import datetime

from sqlalchemy.orm import Session

from models import health_check
from models.agenda.skipping import Skipped, who_runs
from models.people import team
from models.schedule import Occurrence, skip, team_id_of


def import_reminder(session: Session, occurrence: Occurrence, now: datetime) -> None:
    """07:30: if the deals are older than the standard, or never came, whoever imported last is
    reminded, else the admins. Nobody is on a day off; fresh deals want no reminder."""
    of_team = team(session, team_id_of(session, occurrence))
    taken, is_stale = health_check.freshness(session, [of_team], now)
    if not is_stale:
        skip(occurrence, Skipped.FRESH, now)
        return
    people = health_check.reminded(session, taken, now)
    if not people:
        skip(occurrence, Skipped.DAY_OFF, now)
        return
    health_check.remind(session, people, occurrence.local_date, now)


def health(session: Session, occurrence: Occurrence, now: datetime) -> None:
    """09:00: the team's open deals are checked. Who decides there that day (the manager, else the
    deputy, else the nearest leader) is asked to speak with the reps under the standard.

    Where nobody who decides is there the whole check is excused, and that is said; where nobody of
    the team works that day, it is excused in silence.
    """
    decider = who_runs(session, occurrence, now, now)
    if decider is not None:
        of_team = team(session, team_id_of(session, occurrence))
        health_check.check_team(session, of_team, decider, occurrence.local_date, now)
