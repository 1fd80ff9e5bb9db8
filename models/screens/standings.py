"""Loaders of what is told of standing one-on-ones: when they are, and whose they are now."""

from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.access import coach_of, coached_by
from models.delivery import Kind
from models.one_on_ones import (
    Rotation,
    Standing,
    State,
    current_standing,
    get,
    get_sitting,
    get_standing,
    rotation_of,
    standing_before,
    upcoming,
)
from models.people import Person, get_person, people_by_id
from models.schedule import local_date
from models.screens.one_on_ones import may_change, other_id, side_of
from models.screens.pieces import active_addressee, is_posted, who_shown
from models.screens.shown import Who

MOST_AHEAD = 10


@dataclass(frozen=True)
class StandingShown:
    """A standing schedule: weekday (ISO) and local time in `zone`; neither: in rotation."""

    weekday: int | None
    local_time: time | None
    minutes: int
    zone: str
    active_from: date


@dataclass(frozen=True)
class TurnShown:
    """That a coach's `people` share `places` a week, and in which week (its Monday) one of them is
    left out next; None: not as far as it can be foreseen."""

    people: int
    places: int
    left_out_in: date | None


@dataclass(frozen=True)
class LeftOutShown:
    """Who is left out in a week (its Monday)."""

    week: date
    people: tuple[Who, ...]


def left_out_shown(session: Session, found: Rotation) -> tuple[LeftOutShown, ...]:
    """Of the weeks for which it is decided, this one the first."""
    everybody = people_by_id(
        session, {each for people in found.left_out.values() for each in people}
    )
    return tuple(
        LeftOutShown(week, tuple(who_shown(everybody[each]) for each in people))
        for week, people in sorted(found.left_out.items())
    )


def turn_shown(session: Session, standing: Standing, now: datetime) -> TurnShown | None:
    """None: there are places for everybody whom the coach has a standing one-on-one with."""
    found = rotation_of(session, standing.coach_id, local_date(now, standing.zone))
    if found is None:
        return None
    return TurnShown(found.people, found.places, found.coming.get(standing.person_id))


def until_then(session: Session, standing: Standing) -> StandingShown | None:
    """What holds, or held, until a schedule's first day."""
    before = standing_before(session, standing)
    return None if before is None else standing_shown(before)


def standing_shown(standing: Standing) -> StandingShown:
    return StandingShown(
        weekday=standing.weekday,
        local_time=standing.local_time,
        minutes=standing.minutes,
        zone=standing.zone,
        active_from=standing.active_from,
    )


# --- who coaches whom, and where they are, is not as it was


@dataclass(frozen=True)
class NewCoachTold:
    """To who is coached: `coach` leads their one-on-ones now, no longer `before`."""

    coach: Who
    before: Who


def new_coach_told(session: Session, standing_id: int, _now: datetime) -> NewCoachTold | None:
    """Of the schedule that ended; not wanted once the new coach has set a time."""
    to, last = (
        active_addressee(session, Kind.ONE_ON_ONE_NEW_COACH, standing_id),
        get_standing(session, standing_id),
    )
    coach = None if to is None else coach_of(session, to[1])
    if to is None or coach is None or coach.id == last.coach_id:
        return None
    if current_standing(session, to[1].id) is not None and not is_posted(to[0]):
        return None
    return NewCoachTold(who_shown(coach), who_shown(get_person(session, last.coach_id)))


@dataclass(frozen=True)
class UnsetTold:
    """To a coach: whom they coach, after somebody else did, without a weekly one-on-one yet."""

    people: tuple[Who, ...]


def unset_told(session: Session, coach_id: int, _now: datetime) -> UnsetTold | None:
    """By name; once posted it says what became of it."""
    to = active_addressee(session, Kind.ONE_ON_ONE_UNSET, coach_id)
    if to is None:
        return None
    people = [each for each in coached_by(session, to[1]) if _is_unset(session, each, coach_id)]
    if not people and not is_posted(to[0]):
        return None
    return UnsetTold(tuple(who_shown(each) for each in people))


def _is_unset(session: Session, person: Person, coach_id: int) -> bool:
    newest = select(Standing).where(Standing.person_id == person.id).order_by(Standing.id.desc())
    last = session.scalars(newest.limit(1)).one_or_none()
    return last is not None and last.ended_at is not None and last.coach_id != coach_id


@dataclass(frozen=True)
class AheadShown:
    """A session to come, and with whom."""

    one_on_one_id: int
    other: Who
    starts_at: datetime


@dataclass(frozen=True)
class ZoneTold:
    """To whose time zone is another now: what is set stays when it is. `zone`: the new one."""

    zone: str
    ahead: tuple[AheadShown, ...]


def zone_told(session: Session, person_id: int, now: datetime) -> ZoneTold | None:
    """Not wanted once nothing is ahead."""
    to = active_addressee(session, Kind.ONE_ON_ONE_ZONE, person_id)
    found = upcoming(session, person_id, now, limit=MOST_AHEAD)
    if to is None or (not found and not is_posted(to[0])):
        return None
    ahead = tuple(
        AheadShown(
            one.id,
            who_shown(get_person(session, other_id(one, side_of(one, person_id)))),
            at.starts_at,
        )
        for one, at in found
    )
    return ZoneTold(to[1].zone, ahead)


@dataclass(frozen=True)
class OthersZoneTold:
    """To the other side: when a session is where `other` is now, in `other_zone`."""

    one_on_one_id: int
    other: Who
    other_zone: str
    zone: str  # the reader's
    starts_at: datetime
    may_change: bool


def others_zone_told(session: Session, sitting_id: int, now: datetime) -> OthersZoneTold | None:
    """Wanted while the session is ahead at this time."""
    to = active_addressee(session, Kind.ONE_ON_ONE_ZONE_OTHER, sitting_id)
    sitting = get_sitting(session, sitting_id)
    one_on_one = get(session, sitting.one_on_one_id)
    ahead = sitting.is_current and one_on_one.state is State.DUE and now < sitting.starts_at
    if to is None or not (ahead or is_posted(to[0])):
        return None
    side = side_of(one_on_one, to[1].id)
    other = get_person(session, other_id(one_on_one, side))
    return OthersZoneTold(
        one_on_one_id=one_on_one.id,
        other=who_shown(other),
        other_zone=other.zone,
        zone=to[1].zone,
        starts_at=sitting.starts_at,
        may_change=ahead and may_change(one_on_one, side),
    )
