"""What follows when people or teams were changed: one-on-ones, coverage conversations, digests."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.access import coach_of
from models.agenda import keep_digest
from models.health_check import hand_over
from models.one_on_ones import follow_people
from models.people import Person

Coaching = dict[int, tuple[Any, ...]]
"""What a person's one-on-ones depend on, by id: who coaches, who is here, who works when."""


def coaching(session: Session) -> Coaching:
    """As it is now: two of these show whose one-on-ones have to follow."""
    found: Coaching = {}
    for person in session.scalars(select(Person)):
        coach = coach_of(session, person) if person.active else None
        coach_id = None if coach is None else coach.id
        found[person.id] = (coach_id, person.active, person.working_days, person.holiday_calendar)
    return found


def follow(session: Session, before: Coaching, now: datetime) -> None:
    """Brings one-on-ones, and who holds today's coverage conversations, to what changed since
    `before`."""
    after = coaching(session)
    follow_people(session, [one for one, said in after.items() if before.get(one) != said], now)
    hand_over(session, now)


def keep_digests(session: Session, now: datetime) -> None:
    """Brings everybody's digest to their zone and working days."""
    for person in session.scalars(select(Person).order_by(Person.id)).all():
        keep_digest(session, person, now)
