"""What follows when people or teams were changed: one-on-ones, and morning digests."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import statuses
from models.access import coach_of
from models.agenda import keep_digest
from models.one_on_ones import follow_people
from models.people import Person, team_whose_zone

Coaching = dict[int, tuple[Any, ...]]
"""What a person's one-on-ones depend on, by id: who coaches, who is here, who works when."""


def coaching(session: Session) -> Coaching:
    """As it is now: two of these show whose one-on-ones have to follow."""
    found: Coaching = {}
    for person in session.scalars(select(Person)):
        coach = coach_of(session, person) if person.active else None
        coach_id = None if coach is None else coach.id
        when = (person.zone, person.working_days, person.holiday_calendar)
        found[person.id] = (coach_id, person.active, *when)
    return found


def follow(session: Session, before: Coaching, now: datetime) -> None:
    """Brings one-on-ones to what changed since `before`."""
    after = coaching(session)
    follow_people(session, [one for one, said in after.items() if before.get(one) != said], now)


def follow_zones(session: Session, now: datetime) -> None:
    """Brings those of whom Slack says no zone to that of their team."""
    for person in session.scalars(select(Person).where(Person.zone_is_teams)).all():
        of_team = team_whose_zone(session, person)
        if of_team is not None and of_team.zone != person.zone:
            person.zone = of_team.zone
            session.flush()
            statuses.keep(session, person, now)
            keep_digest(session, person, now)


def keep_digests(session: Session, now: datetime) -> None:
    """Brings everybody's digest to their zone and working days."""
    for person in session.scalars(select(Person).order_by(Person.id)).all():
        keep_digest(session, person, now)
