"""What one-on-ones are measured by: the held rate, and who cancelled and moved how often."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Select, case, select
from sqlalchemy.orm import Session

from models.days import DAY
from models.one_on_ones.tables import ENDED, OneOnOne, Sitting, State
from models.schedule import local_date
from models.tallies import tally
from models.trial import counts

_COUNTS = counts(OneOnOne.person_id, OneOnOne.first_due_on)  # made once, for it is long


@dataclass(frozen=True)
class HeldRate:
    """Held rate = held ÷ due; `due`: held, cancelled and missed. What is excused is not due, and a
    week in which somebody is left out by rotation has no session that could be."""

    held: int
    due: int
    excused: int


@dataclass(frozen=True)
class Changes:
    """How often each side cancelled or moved the pair's sessions; moves within a day are none.

    Ending the standing one-on-one is one cancellation, however many sessions fall with it.
    """

    coach_cancelled: int
    coach_moved: int
    person_cancelled: int
    person_moved: int


def held_rate(
    session: Session, coach_id: int, first: date, last: date, person_id: int | None = None
) -> HeldRate:
    """As `held_rates`, of one coach's sessions (with one person)."""
    of_person = () if person_id is None else (OneOnOne.person_id == person_id,)
    return _held_rates(session, [coach_id], first, last, *of_person)[coach_id]


def held_rates(
    session: Session, coach_ids: Collection[int], first: date, last: date
) -> dict[int, HeldRate]:
    """Of each coach's sessions that were first due between two dates, included.

    Those that have not ended count as nothing yet, and those of a trial never (product.md,
    "One-on-ones", "First run").
    """
    return _held_rates(session, coach_ids, first, last)


def _held_rates(
    session: Session, coach_ids: Collection[int], first: date, last: date, *of: ColumnElement[bool]
) -> dict[int, HeldRate]:
    number = tally(
        session,
        OneOnOne.coach_id,
        OneOnOne.state,
        coach_ids,
        OneOnOne.first_due_on.between(first, last),
        OneOnOne.state != State.DUE,
        _COUNTS,
        *of,
    )
    return {
        coach_id: HeldRate(
            states[State.HELD], states.total() - states[State.EXCUSED], states[State.EXCUSED]
        )
        for coach_id, states in number.items()
    }


def states_of_week(
    session: Session, coach_id: int, person_ids: Collection[int], week: date
) -> dict[int, State]:
    """Where the session of each of these people with this coach stands that was first due in a week
    (its Monday); who has none is left out."""
    found = select(OneOnOne.person_id, OneOnOne.state).where(
        OneOnOne.coach_id == coach_id, OneOnOne.person_id.in_(person_ids), OneOnOne.week == week
    )
    return dict(session.execute(found).all())


def changes(session: Session, coach_id: int, person_id: int, quarter: date) -> Changes:
    """What the two did in the quarter of this day, by the local date on which they did it; what
    they did about sessions of a trial does not count."""
    first, last = quarter_of(quarter)
    cancelled = _by_whom(session, _cancellations(coach_id, person_id), first, last)
    moved = _by_whom(session, _moves(coach_id, person_id), first, last)
    return Changes(
        cancelled.count(coach_id),
        moved.count(coach_id),
        cancelled.count(person_id),
        moved.count(person_id),
    )


def quarter_of(day: date) -> tuple[date, date]:
    """The first and the last day of the calendar quarter that a day lies in."""
    first = date(day.year, day.month - (day.month - 1) % 3, 1)
    inside_next = first + timedelta(days=95)
    return first, date(inside_next.year, inside_next.month, 1) - DAY


_Act = Select[int | None, datetime | None, str, int]  # who, when, in which zone, and which act


def _cancellations(coach_id: int, person_id: int) -> _Act:
    act = case((OneOnOne.reason == ENDED, 0), else_=OneOnOne.id)  # those that fell together: one
    return (
        select(OneOnOne.settled_by_id, OneOnOne.settled_at, OneOnOne.zone, act)
        .where(
            OneOnOne.coach_id == coach_id,
            OneOnOne.person_id == person_id,
            OneOnOne.state == State.CANCELLED,
            _COUNTS,
        )
        .distinct()
    )


def _moves(coach_id: int, person_id: int) -> _Act:
    return (
        select(Sitting.set_by_id, Sitting.set_at, OneOnOne.zone, Sitting.id)
        .join(OneOnOne, OneOnOne.id == Sitting.one_on_one_id)
        .where(
            OneOnOne.coach_id == coach_id,
            OneOnOne.person_id == person_id,
            Sitting.set_by_id.is_not(None),
            Sitting.same_day.is_(False),
            _COUNTS,
        )
    )


def _by_whom(session: Session, acts: _Act, first: date, last: date) -> list[int | None]:
    """Who acted between two dates, both included, in each session's own zone."""
    return [
        by_id
        for by_id, at, zone, _ in session.execute(acts)
        if at is not None and first <= local_date(at, zone) <= last
    ]
