"""Standing one-on-ones that end: by the coach, or because the pair is none any more."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.access import coach_of, require_coach
from models.one_on_ones.changing import cancel_held
from models.one_on_ones.owed import owe_new_coach, show_standing
from models.one_on_ones.reading import FARTHEST, Held, hold_pair, hold_sessions, not_begun
from models.one_on_ones.refusals import NoStanding
from models.one_on_ones.sitting import settle
from models.one_on_ones.tables import ENDED, Excuse, OneOnOne, Sitting, Standing, State
from models.people import Person, get_person


def end_standing(session: Session, actor: Person, person: Person, now: datetime) -> Standing:
    """The coach ends a person's standing one-on-one; what is still ahead is cancelled by the coach.

    Raises `Refused`, `NoStanding`.
    """
    require_coach(session, actor, person)
    coach, person = hold_pair(session, actor.id, person.id)
    standing = held_standing(session, person.id)
    if standing is None:
        raise NoStanding(person.id)
    close_standing(session, standing, now)
    for one_on_one, sitting in _ahead(session, standing, now):
        cancel_held(session, Held(one_on_one, sitting, coach, person), coach, ENDED, now)
    return standing


def call_off_before(
    session: Session, standing: Standing, day: date, coach: Person, person: Person, now: datetime
) -> None:
    """A schedule that never held was put off to a day: what it had planned before falls, unless
    somebody moved it."""
    for one_on_one, sitting in _ahead(session, standing, now):
        is_its_own = one_on_one.standing_id == standing.id and sitting.set_by_id is None
        if is_its_own and one_on_one.first_due_on < day:
            cancel_held(session, Held(one_on_one, sitting, coach, person), coach, ENDED, now)


def held_standing(session: Session, person_id: int) -> Standing | None:
    """The person's standing one-on-one as it is now, for whoever holds the person."""
    current = (Standing.person_id == person_id) & Standing.ended_at.is_(None)
    fresh = select(Standing).where(current).execution_options(populate_existing=True)
    return session.scalar(fresh)


def close_standing(session: Session, standing: Standing, now: datetime) -> None:
    """The schedule plans nothing more; it stays as trail."""
    standing.ended_at = now
    session.flush()
    show_standing(session, standing, now)


def holds(session: Session, person: Person, coach_id: int) -> bool:
    """Whether this coach is the one who coaches the person now, and both are here."""
    coach = coach_of(session, person) if person.active else None
    return coach is not None and coach.id == coach_id


def lose(session: Session, standing: Standing, now: datetime) -> None:
    """The pair is none any more: its schedule ends, and what has not begun is excused."""
    close_standing(session, standing, now)
    for one_on_one, sitting in _ahead(session, standing, now):
        excuse_lost(session, one_on_one, sitting, now)


def tell_new_coach(session: Session, person: Person, now: datetime) -> None:
    """Who has no standing one-on-one any more, since somebody else coaches them now, is told who;
    and that coach is asked for a time. Of what ended longer than four weeks ago nobody is."""
    coach = coach_of(session, person) if person.active else None
    newest = select(Standing).where(Standing.person_id == person.id).order_by(Standing.id.desc())
    last = session.scalars(newest.limit(1)).one_or_none()
    if coach is None or last is None or last.ended_at is None or last.coach_id == coach.id:
        return
    if now - last.ended_at <= FARTHEST:
        owe_new_coach(session, last, person, coach, now)


def excuse_lost(session: Session, one_on_one: OneOnOne, sitting: Sitting, now: datetime) -> None:
    """The pair of a session is none any more, since one of them left or the coach changed."""
    both = (get_person(session, one_on_one.coach_id), get_person(session, one_on_one.person_id))
    why = Excuse.COACH_CHANGED if all(each.active for each in both) else Excuse.LEFT
    settle(session, one_on_one, sitting, State.EXCUSED, now, excuse=why)


def _ahead(session: Session, standing: Standing, now: datetime) -> list[tuple[OneOnOne, Sitting]]:
    """The pair's sessions that are due and have not begun, by start; held."""
    return hold_sessions(
        session,
        OneOnOne.coach_id == standing.coach_id,
        OneOnOne.person_id == standing.person_id,
        OneOnOne.state == State.DUE,
        *not_begun(now),
    )
