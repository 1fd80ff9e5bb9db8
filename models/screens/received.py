"""Coaching that a person got, as it stands in a list of theirs."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from models.coaching import Logged
from models.people import people_by_id
from models.screens.pieces import who_shown
from models.screens.shown import Who


@dataclass(frozen=True)
class CoachingReceived:
    """Coaching that this person got. `agrees`: what was said to this version; None: nothing."""

    log_id: int
    entry_id: int
    by: Who
    held_on: date
    focus: str
    feedback: str
    next_step: str
    next_on: date
    agrees: bool | None


def received_shown(session: Session, logged: Iterable[Logged]) -> tuple[CoachingReceived, ...]:
    """Coaching as the coached person sees it in a list."""
    logged = list(logged)
    people = people_by_id(session, {log.coach_id for log, _, _ in logged})
    return tuple(
        CoachingReceived(
            log_id=log.id,
            entry_id=entry.id,
            by=who_shown(people[log.coach_id]),
            held_on=entry.held_on,
            focus=entry.focus,
            feedback=entry.feedback,
            next_step=entry.next_step,
            next_on=entry.next_on,
            agrees=None if answer is None else answer.agrees,
        )
        for log, entry, answer in logged
    )
