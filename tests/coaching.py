"""Coaching logs for tests, written through the rules."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.coaching import CoachingKind, CoachingLog, How, LogInput, Quote, log_coaching
from models.delivery import Delivery, Kind
from models.people import get_person
from tests.world import NOW, TODAY, World

GIVEN = LogInput(
    focus="negotiation",
    feedback="Let silence work after naming the price",
    next_step="Two calls without filling the pause",
    next_on=date(2026, 11, 27),
    held_on=TODAY,
    kind=CoachingKind.CALL_REVIEW,
    how=How.ROLE_PLAY,
    minutes=30,
)


def given(**changes: Any) -> LogInput:
    """What a coach logs, unless a field is said to differ."""
    return replace(GIVEN, **changes)


def a_log(
    session: Session,
    world: World,
    person_id: int | None = None,
    now: datetime = NOW,
    *,
    coach_id: int | None = None,
    quote: Quote | None = None,
    **changes: Any,
) -> CoachingLog:
    """Max's log about Ana, unless somebody else is named."""
    coach = get_person(session, coach_id or world.max)
    person = get_person(session, person_id or world.ana)
    return log_coaching(session, coach, person, given(**changes), now, quote=quote)


def owed(session: Session, log: CoachingLog) -> dict[Kind, Delivery]:
    """The messages about a log to its two sides."""
    of_log = (Kind.COACHING_PERSON, Kind.COACHING_COACH)
    found = session.scalars(
        select(Delivery).where(Delivery.subject_id == log.id, Delivery.kind.in_(of_log))
    )
    return {one.kind: one for one in found}
