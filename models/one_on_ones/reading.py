"""Finding sessions, their times, talking points and notes; and holding them before they change."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session

from models import coaching
from models.one_on_ones.refusals import UnknownOneOnOne
from models.one_on_ones.tables import (
    Note,
    OneOnOne,
    ReviewedDeal,
    Sitting,
    Standing,
    State,
    TalkingPoint,
)
from models.people import Person, UnknownPerson
from models.schedule import local_date

FARTHEST = timedelta(days=28)
"""How long after the day on which a session was first due it may still be set to."""

_AHEAD = timedelta(days=21)  # a session may be moved forward by less: it is planned a week ahead


# --- holding


@dataclass(frozen=True)
class Held:
    """A session, held until the transaction ends, with its current time and its two people."""

    one_on_one: OneOnOne
    sitting: Sitting
    coach: Person
    person: Person


def hold(session: Session, one_on_one_id: int) -> Held:
    """The session as it is now: of all who change it at once, the second sees what the first did.

    Its two people are held too, since what it takes is a place in their days. Raises
    `UnknownOneOnOne`.
    """
    ids = select(OneOnOne.coach_id, OneOnOne.person_id).where(OneOnOne.id == one_on_one_id)
    pair = session.execute(ids).one_or_none()
    if pair is None:
        raise UnknownOneOnOne(one_on_one_id)
    coach, person = hold_pair(session, *pair)
    ((found, sitting),) = hold_sessions(session, OneOnOne.id == one_on_one_id)
    return Held(found, sitting, coach, person)


def hold_sessions(
    session: Session, *conditions: ColumnElement[bool]
) -> list[tuple[OneOnOne, Sitting]]:
    """The sessions of which this is true with their current times, by start, as they are now, held.

    For whoever holds one of their two people.
    """
    held = _with_sitting(*conditions).with_for_update(of=OneOnOne)
    return _pairs(session, held.execution_options(populate_existing=True))


def hold_pair(session: Session, coach_id: int, person_id: int) -> tuple[Person, Person]:
    """Both people, held: no other session of theirs is set to a time meanwhile.

    Always upwards, who is coached before who coaches, so that no two wait for each other. Raises
    `UnknownPerson`.
    """
    person, coach = (_hold_person(session, each) for each in (person_id, coach_id))
    return coach, person


def _hold_person(session: Session, person_id: int) -> Person:
    found = session.scalar(
        select(Person)
        .where(Person.id == person_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise UnknownPerson(person_id)
    return found


# --- standing schedules


def standing_before(session: Session, standing: Standing) -> Standing | None:
    """The pair's schedule that still holds until this one's first day; None: there is none.

    It ended when this one was set. One that was replaced before its own first day never held: then
    what it had replaced does.
    """
    after = standing
    while True:
        before = session.scalars(
            select(Standing)
            .where(
                Standing.person_id == standing.person_id,
                Standing.coach_id == standing.coach_id,
                Standing.ended_at == after.set_at,
                Standing.id < after.id,
            )
            .order_by(Standing.id.desc())
            .limit(1)
        ).one_or_none()
        if before is None:
            return None
        if has_begun(before, after.set_at):
            return before if before.active_from < standing.active_from else None
        after = before


def has_begun(standing: Standing, now: datetime) -> bool:
    """Whether its first day has come."""
    return standing.active_from <= local_date(now, standing.zone)


# --- sessions and their times


def get(session: Session, one_on_one_id: int) -> OneOnOne:
    """The session. Raises `UnknownOneOnOne`, also for another workspace's."""
    found = session.get(OneOnOne, one_on_one_id)
    if found is None:
        raise UnknownOneOnOne(one_on_one_id)
    return found


def get_sitting(session: Session, sitting_id: int) -> Sitting:
    """The time, current or not. Raises `UnknownOneOnOne`, also for another workspace's."""
    found = session.get(Sitting, sitting_id)
    if found is None:
        raise UnknownOneOnOne(sitting_id)
    return found


def current_sitting(session: Session, one_on_one_id: int) -> Sitting:
    """When the session is; of one that is settled, when it was last set to.

    Raises `UnknownOneOnOne`.
    """
    current = (Sitting.one_on_one_id == one_on_one_id) & Sitting.is_current
    found = session.scalar(select(Sitting).where(current))
    if found is None:
        raise UnknownOneOnOne(one_on_one_id)
    return found


def sittings(session: Session, one_on_one_id: int) -> list[Sitting]:
    """Every time that the session was set to, oldest first: the last one is the current."""
    found = select(Sitting).where(Sitting.one_on_one_id == one_on_one_id)
    return list(session.scalars(found.order_by(Sitting.id)))


def on_days(
    session: Session, person_id: int, first: date, last: date
) -> list[tuple[OneOnOne, Sitting]]:
    """This person's sessions, on either side and in any state, that are set to a day between two.

    Both dates are included and count in each session's own zone; by start.
    """
    set_between = _with_sitting(of_either(person_id), _first_due_around(first, last)).where(
        Sitting.local_date.between(first, last)
    )
    return _pairs(session, set_between)


def upcoming(
    session: Session, person_id: int, now: datetime, limit: int = 5
) -> list[tuple[OneOnOne, Sitting]]:
    """This person's next sessions, on either side: due, and neither started nor past their start.

    Soonest first.
    """
    ahead = _with_sitting(
        of_either(person_id),
        OneOnOne.state == State.DUE,
        *not_begun(now),
    )
    return _pairs(session, ahead.limit(limit))


def unrecorded(session: Session, coach_id: int, now: datetime) -> list[tuple[OneOnOne, Sitting]]:
    """The coach's sessions that wait for Finish: due, and started or past their start; by start."""
    begun = or_(OneOnOne.started_at.is_not(None), Sitting.starts_at <= now)
    return _pairs(
        session,
        _with_sitting(OneOnOne.coach_id == coach_id, OneOnOne.state == State.DUE, begun),
    )


def still_due(
    session: Session, person_id: int, coach_id: int | None = None
) -> list[tuple[OneOnOne, Sitting]]:
    """The person's sessions (with one coach) that are due, begun or not, by start."""
    due = [OneOnOne.person_id == person_id, OneOnOne.state == State.DUE]
    if coach_id is not None:
        due.append(OneOnOne.coach_id == coach_id)
    return _pairs(session, _with_sitting(*due))


def not_begun(now: datetime) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """The conditions that a session was neither started nor is past its start."""
    return OneOnOne.started_at.is_(None), Sitting.starts_at > now


def of_either(*person_ids: int) -> ColumnElement[bool]:
    """The condition that one of these people is one of a session's two."""
    return or_(OneOnOne.coach_id.in_(person_ids), OneOnOne.person_id.in_(person_ids))


def booked(
    session: Session, person_ids: tuple[int, ...], first: date, last: date
) -> list[tuple[OneOnOne, Sitting]]:
    """The sessions of these people, on either side, that keep their time between two dates."""
    kept = _with_sitting(of_either(*person_ids), _first_due_around(first, last)).where(
        Sitting.seat.is_not(None), Sitting.local_date.between(first, last)
    )
    return _pairs(session, kept)


def _first_due_around(first: date, last: date) -> ColumnElement[bool]:
    """What may be set to a day between two was first due about then: this is what is indexed."""
    return OneOnOne.first_due_on.between(first - FARTHEST, last + _AHEAD)


def _with_sitting(*conditions: ColumnElement[bool]) -> Select[OneOnOne, Sitting]:
    return (
        select(OneOnOne, Sitting)
        .join(Sitting, (Sitting.one_on_one_id == OneOnOne.id) & Sitting.is_current)
        .where(*conditions)
        .order_by(Sitting.starts_at, OneOnOne.id)
    )


def _pairs(
    session: Session, statement: Select[OneOnOne, Sitting]
) -> list[tuple[OneOnOne, Sitting]]:
    return [(found, sitting) for found, sitting in session.execute(statement)]


# --- what is written around a session


def open_points(session: Session, person_id: int, coach_id: int) -> list[TalkingPoint]:
    """What the two have on their lists for this person's one-on-ones, oldest first."""
    return list(
        session.scalars(
            select(TalkingPoint)
            .where(
                TalkingPoint.person_id == person_id,
                TalkingPoint.by_id.in_((person_id, coach_id)),
                TalkingPoint.closed_at.is_(None),
            )
            .order_by(TalkingPoint.id)
        )
    )


def points_talked(session: Session, one_on_one_id: int) -> list[TalkingPoint]:
    """The talking points that were gone through in a session, oldest first."""
    found = select(TalkingPoint).where(TalkingPoint.closed_in_id == one_on_one_id)
    return list(session.scalars(found.order_by(TalkingPoint.id)))


def current_note(session: Session, one_on_one_id: int) -> Note | None:
    """The coach's notes of a session as they stand."""
    return session.scalar(select(Note).where(Note.one_on_one_id == one_on_one_id, Note.is_current))


def notes_before(session: Session, coach_id: int, person_id: int, before: datetime) -> Note | None:
    """What the coach noted for next time in the pair's sessions that started before a moment.

    The newest; None where nothing was noted.
    """
    earlier = (
        select(Note)
        .join(OneOnOne, OneOnOne.id == Note.one_on_one_id)
        .join(Sitting, (Sitting.one_on_one_id == OneOnOne.id) & Sitting.is_current)
        .where(
            Note.is_current,
            OneOnOne.coach_id == coach_id,
            OneOnOne.person_id == person_id,
            Sitting.starts_at < before,
        )
        .order_by(Sitting.starts_at.desc(), OneOnOne.id.desc())
    )
    return session.scalars(earlier.limit(1)).one_or_none()


def log_id_of(session: Session, one_on_one_id: int) -> int | None:
    """The coaching log that the session left; None until it is held."""
    log = coaching.log_of(session, one_on_one_id)
    return None if log is None else log.id


def reviewed_deals(session: Session, one_on_one_id: int) -> list[ReviewedDeal]:
    """The deals that were gone through in a session, in the order in which it was said."""
    found = select(ReviewedDeal).where(ReviewedDeal.one_on_one_id == one_on_one_id)
    return list(session.scalars(found.order_by(ReviewedDeal.id)))
