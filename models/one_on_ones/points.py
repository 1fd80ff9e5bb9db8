"""What the two bring to a session, and what the coach notes for the next."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.access import Act, coach_of, require_one_of
from models.one_on_ones.owed import show
from models.one_on_ones.reading import Held, current_note, hold, open_points, still_due
from models.one_on_ones.refusals import (
    EmptyPoint,
    NotesTooLong,
    PointTooLong,
    TooManyPoints,
    UnknownPoint,
)
from models.one_on_ones.tables import Note, OneOnOne, TalkingPoint
from models.people import Person

MOST_POINTS = 10
"""How many talking points each side may have open."""
MOST_CHARACTERS = 300
MOST_NOTES = 3000


def add_point(
    session: Session, actor: Person, one_on_one_id: int, text: str, now: datetime
) -> TalkingPoint:
    """Something that one of the two wants to talk about: both see it, until it was talked about.

    It carries over to the next session, so it may be added after the end of one. The same text
    again is the same point. Raises `UnknownOneOnOne`, `Refused`, `EmptyPoint`, `PointTooLong`,
    `TooManyPoints`.
    """
    held = hold(session, one_on_one_id)
    _require_side(session, actor, held)
    text = text.strip()
    if not text:
        raise EmptyPoint(text)
    if len(text) > MOST_CHARACTERS:
        raise PointTooLong(MOST_CHARACTERS)
    both = open_points(session, held.person.id, held.coach.id)
    mine = [point for point in both if point.by_id == actor.id]
    for point in mine:
        if point.text == text:
            return point
    if len(mine) >= MOST_POINTS:
        raise TooManyPoints(MOST_POINTS)
    made = TalkingPoint(person_id=held.person.id, by_id=actor.id, text=text, added_at=now)
    session.add(made)
    session.flush()
    show_ahead(session, held.person.id, now, coach_id=held.coach.id)
    return made


def drop_point(session: Session, actor: Person, point_id: int, now: datetime) -> TalkingPoint:
    """Who wrote a talking point takes it from the list. Raises `UnknownPoint`, `Refused`."""
    found = session.scalar(
        select(TalkingPoint)
        .where(TalkingPoint.id == point_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None or found.closed_at is not None:
        raise UnknownPoint(point_id)
    require_one_of(actor, Act.CHANGE_ONE_ON_ONE, found.by_id)
    found.closed_at = now
    session.flush()
    show_ahead(session, found.person_id, now)
    return found


def write_notes(
    session: Session, actor: Person, one_on_one_id: int, text: str, now: datetime
) -> Note | None:
    """The coach's notes for next time, before the session's end or after; without text none stand.

    Earlier versions stay as trail. Raises `UnknownOneOnOne`, `Refused`, `NotesTooLong`.
    """
    held = hold(session, one_on_one_id)
    require_one_of(actor, Act.RUN_ONE_ON_ONE, held.coach.id)
    check_notes(text)
    note = put_notes(session, held.one_on_one, text, now)
    show(session, held.one_on_one, held.sitting, now)
    show_ahead(session, held.person.id, now, coach_id=held.coach.id)
    return note


def check_notes(text: str) -> None:
    """Raises `NotesTooLong`."""
    if len(text.strip()) > MOST_NOTES:
        raise NotesTooLong(MOST_NOTES)


def put_notes(session: Session, one_on_one: OneOnOne, text: str, now: datetime) -> Note | None:
    """The notes of a session that is held are this text, if it is another."""
    text = text.strip()
    before = current_note(session, one_on_one.id)
    if before is not None and before.text == text:
        return before
    if before is not None:
        before.is_current = False
        session.flush()
    if not text:
        return None
    made = Note(one_on_one_id=one_on_one.id, text=text, written_at=now)
    session.add(made)
    session.flush()
    return made


def _require_side(session: Session, actor: Person, held: Held) -> None:
    """Once a session is over, its coach adds points only while coaching the person."""
    allowed = [held.coach.id, held.person.id]
    over = held.one_on_one.settled_at is not None
    if over and coach_of(session, held.person) is not held.coach:
        allowed.remove(held.coach.id)
    require_one_of(actor, Act.CHANGE_ONE_ON_ONE, *allowed)


def show_ahead(
    session: Session, person_id: int, now: datetime, *, coach_id: int | None = None
) -> None:
    """What the cards of the person's sessions ahead (with one coach) show has changed."""
    for one_on_one, sitting in still_due(session, person_id, coach_id):
        show(session, one_on_one, sitting, now)
