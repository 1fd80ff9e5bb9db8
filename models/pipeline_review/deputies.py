"""Who stands in: naming a team's deputy, and who of those who decide is there at a moment."""

from datetime import datetime

from sqlalchemy.orm import Session

from models import access
from models.access import Act
from models.days import day_off
from models.delivery import Kind, owe, refresh
from models.deputies import put_deputy
from models.people import Person, Team
from models.pipeline_review.reading import open_review
from models.schedule import local_date


def name_deputy(
    session: Session, actor: Person | None, team: Team, person: Person | None, now: datetime
) -> None:
    """Make this person the team's deputy, or (None) nobody; who was newly named is told, and what
    the former deputy was told says that it is over.

    By the manager or somebody above; `actor` None: setup. It counts at once: whatever a former
    deputy presses is refused. Raises `Refused`, `DeputyUnfit`.
    """
    if actor is not None:
        access.require(session, actor, Act.NAME_DEPUTY, team_id=team.id)
    by_id = None if actor is None else actor.id
    former, named = put_deputy(session, team, person, by_id, now)
    if former is None and named is None:
        return
    if named is not None:
        owe(
            session,
            Kind.DEPUTY_NAMED,
            named.id,
            dedupe_key=f"deputy:{named.id}",
            due_at=now,
            person_id=named.person_id,
        )
    if former is not None:
        refresh(session, Kind.DEPUTY_NAMED, former.id, now)
    review = open_review(session, team.id)
    if review is not None:  # its parent message says who is waited for
        refresh(session, Kind.REVIEW_PARENT, review.id, now)


def decider_at(session: Session, team_id: int, moment: datetime) -> Person | None:
    """Who decides then: the manager, else the deputy, else the nearest leader above, who is not
    off on that day (by their own calendars); None: nobody."""
    for person in access.allowed(session, Act.DECIDE, team_id=team_id):
        if day_off(session, person, local_date(moment, person.zone)) is None:
            return person
    return None
