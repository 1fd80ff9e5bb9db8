"""What follows when people or teams were changed: one-on-ones, coverage conversations, open
reviews, morning digests.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import statuses
from models.access import coach_of
from models.agenda import keep_digest
from models.health_check import hand_over
from models.one_on_ones import follow_people, follow_team_zones, follow_zone
from models.people import Person, people_by_id, team_whose_zone
from models.pipeline_review import show_changed_people

Coaching = dict[int, tuple[Any, ...]]
"""What a person's one-on-ones and deals depend on, by id: who coaches, in which team, who is here,
who works when, where."""


def coaching(session: Session) -> Coaching:
    """As it is now: two of these show whose one-on-ones have to follow."""
    found: Coaching = {}
    for person in session.scalars(select(Person)):
        coach = coach_of(session, person) if person.active else None
        coach_id = None if coach is None else coach.id
        week = (person.working_days, person.holiday_calendar, person.zone)
        found[person.id] = (coach_id, person.team_id, person.active, *week)
    return found


def follow(session: Session, before: Coaching, now: datetime) -> None:
    """Brings one-on-ones, who holds today's coverage conversations, and what open reviews show, to
    what changed since `before`; and one-on-ones to their teams' zones."""
    after = coaching(session)
    changed = [one for one, said in after.items() if before.get(one) != said]
    follow_people(session, changed, now)
    for person in people_by_id(session, [one for one in changed if one in before]).values():
        follow_zone(session, person, before[person.id][-1], now)
    follow_team_zones(session, now)
    hand_over(session, now)
    if changed:
        show_changed_people(session, now)


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
