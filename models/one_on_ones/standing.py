"""The standing schedules: one per person, set by the coach or by the setup file."""

from datetime import date, datetime, time

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.access import Act, Refused, coach_of, require_coach
from models.one_on_ones.ending import call_off_before, close_standing, held_standing, lose
from models.one_on_ones.owed import owe_standing
from models.one_on_ones.planning import plan_standings
from models.one_on_ones.reading import has_begun, hold_pair
from models.one_on_ones.refusals import FreeSlot, UnknownOneOnOne
from models.one_on_ones.slots import slots
from models.one_on_ones.tables import BY_TIME, Standing
from models.people import Person
from models.schedule import local_date, next_monday


def put_standing(
    session: Session,
    actor: Person | None,
    person: Person,
    *,
    weekday: int,
    local_time: time,
    minutes: int,
    active_from: date,
    now: datetime,
) -> tuple[Standing, bool]:
    """The person's standing one-on-one with their coach from now on; whether that changed anything.

    `actor` None: by the setup file, and nobody is told. `active_from`: the first local date that
    counts, in the pair's zone; until then the old schedule holds. A changed one ends the old one;
    what that planned, is ahead and was not moved by hand follows it. Of the same schedule only a
    first day that has not come may change, and by somebody: the file says the same for good. This
    and the next week are planned at once.

    Raises `Refused`, `MinutesUnfit`, `WeekdayUnfit`, `SpanTooWide`, and with what is free instead
    `DayFull`, `DayIsOff`, `Overlaps`, `OutOfHours` (product.md, "One-on-ones").
    """
    slot = FreeSlot(weekday, local_time)
    return _put(session, actor, person, slot, minutes, active_from, now)


def put_in_rotation(
    session: Session,
    actor: Person | None,
    person: Person,
    *,
    minutes: int,
    active_from: date,
    now: datetime,
) -> tuple[Standing, bool]:
    """As `put_standing`, without a time of its own: each week it takes one that is free, or that
    is left by whoever is left out (`models.one_on_ones.rotation`). From next week at the earliest.

    Raises `Refused`, `MinutesUnfit`, and `DayIsOff` where the two never work on the same one of
    the days on which one-on-ones are.
    """
    return _put(session, actor, person, None, minutes, active_from, now)


def _put(
    session: Session,
    actor: Person | None,
    person: Person,
    slot: FreeSlot | None,
    minutes: int,
    active_from: date,
    now: datetime,
) -> tuple[Standing, bool]:
    coach = _coach_for(session, actor, person)
    coach, person = hold_pair(session, coach.id, person.id)
    week = slots(session, coach, person, active_from)
    if slot is None:
        active_from = max(active_from, next_monday(local_date(now, week.zone)))
    said = {
        "coach_id": coach.id,
        "weekday": None if slot is None else slot.weekday,
        "local_time": None if slot is None else slot.local_time,
        "minutes": minutes,
        "zone": week.zone,
    }
    before = held_standing(session, person.id)
    if before is not None and all(getattr(before, name) == said[name] for name in said):
        is_other_day = actor is not None and active_from != before.active_from
        if not is_other_day or has_begun(before, now):
            return before, False
    if slot is None:
        week.check_rotation(minutes)
    else:
        week.check(slot, minutes)
    if before is not None and before.coach_id != coach.id:
        lose(session, before, now)
    elif before is not None:
        close_standing(session, before, now)
    made = Standing(
        person_id=person.id,
        active_from=active_from,
        set_by_id=None if actor is None else actor.id,
        set_at=now,
        plan_at=now,
        **said,
    )
    session.add(made)
    session.flush()
    plan_standings(session, [made], {coach.id: coach, person.id: person}, now)
    if before is not None and actor is not None and not has_begun(before, now):
        call_off_before(session, before, active_from, coach, person, now)
    if actor is not None:
        owe_standing(session, made, now)
    return made, True


def current_standing(session: Session, person_id: int) -> Standing | None:
    """The person's standing one-on-one, with whoever coaches them."""
    current = (Standing.person_id == person_id) & Standing.ended_at.is_(None)
    return session.scalar(select(Standing).where(current))


def get_standing(session: Session, standing_id: int) -> Standing:
    """The schedule, ended or not. Raises `UnknownOneOnOne`, also for another workspace's."""
    found = session.get(Standing, standing_id)
    if found is None:
        raise UnknownOneOnOne(standing_id)
    return found


def standings_of(session: Session, coach_id: int) -> list[Standing]:
    """The coach's standing one-on-ones, by weekday and time, those in rotation last."""
    return list(
        session.scalars(
            select(Standing)
            .where(Standing.coach_id == coach_id, Standing.ended_at.is_(None))
            .order_by(*BY_TIME)
        )
    )


def _coach_for(session: Session, actor: Person | None, person: Person) -> Person:
    """Who coaches this person, and is the actor if there is one. Raises `Refused`."""
    if actor is not None:
        require_coach(session, actor, person)
        return actor
    coach = coach_of(session, person) if person.active else None
    if coach is None:
        raise Refused(Act.COACH, ())
    return coach
