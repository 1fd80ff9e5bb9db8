"""How much somebody coaches, in three gauges that are kept apart (product.md, "Coaching").

Hours per person and month · contacts per person and week · the share of the coach's own time. What
was logged too late is outside them, as it is outside the metrics.
"""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from models.coaching.reading import logs_of_coach, logs_of_people
from models.days import days_off
from models.people import Person, standards
from models.schedule import monday_of

HOUR = 60
"""Minutes."""


@dataclass(frozen=True)
class Gauges:
    """Of one coach, up to a day, by the coach's local dates. What somebody lacks is 0.

    `minutes`: of this month, by person's id. `contacts`: logs of this week (from Monday), likewise.
    `worked`: the minutes of the coach's working days of this month, that day included.
    """

    minutes: Counter[int]
    contacts: Counter[int]
    worked: int

    @property
    def share(self) -> float | None:
        """Of the coach's time, what went into coaching, whomever; None before any working day."""
        return self.minutes.total() / self.worked if self.worked else None


def gauges(session: Session, coach: Person, today: date) -> Gauges:
    """The coach's gauges on a day."""
    first, monday = today.replace(day=1), monday_of(today)
    minutes: Counter[int] = Counter()
    contacts: Counter[int] = Counter()
    for log, entry, _ in logs_of_coach(session, coach.id, min(first, monday)):
        if entry.is_late:
            continue
        if entry.held_on >= first:
            minutes[log.person_id] += entry.minutes
        if entry.held_on >= monday:
            contacts[log.person_id] += 1
    off = days_off(session, [coach], first, today)[coach.id]
    days = (today - first).days + 1 - len(off)
    return Gauges(minutes, contacts, round(days * standards(session).day_hours * HOUR))


@dataclass(frozen=True)
class Received:
    """How much coaching somebody got between two days, by whomever."""

    sessions: int
    minutes: int


def received(
    session: Session, person_ids: Collection[int], first: date, last: date
) -> dict[int, Received]:
    """Of each of these people, both days included; who had none has noughts."""
    sessions: Counter[int] = Counter()
    minutes: Counter[int] = Counter()
    for log, entry, _ in logs_of_people(session, person_ids, first):
        if entry.held_on <= last and not entry.is_late:
            sessions[log.person_id] += 1
            minutes[log.person_id] += entry.minutes
    return {each: Received(sessions[each], minutes[each]) for each in person_ids}
