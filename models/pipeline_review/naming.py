"""Naming a team's deputy."""

from datetime import datetime

from sqlalchemy.orm import Session

from models import access
from models.access import Act
from models.delivery import Kind, owe, refresh
from models.deputies import put_deputy
from models.people import Person, Team
from models.pipeline_review.changed import show_changed_people


def name_deputy(
    session: Session, actor: Person | None, team: Team, person: Person | None, now: datetime
) -> None:
    """Make this person the team's deputy, or (None) nobody; who was newly named is told, and what
    the former deputy was told says that it is over. Where that one was asked to decide, whoever is
    there is asked instead.

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
    show_changed_people(session, now)
