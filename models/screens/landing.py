"""Loaders of a standing one-on-one that was set, for each side: where it is not as it was said."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.access import require_coach
from models.days import DAY, DayOff, day_off
from models.delivery import Kind
from models.one_on_ones import (
    LeftOut,
    OneOnOne,
    Sitting,
    Standing,
    State,
    current_sitting,
    current_standing,
    get_standing,
)
from models.people import Person, get_person
from models.schedule import instant, local_date, monday_of
from models.screens.pieces import active_addressee, is_posted, who_shown
from models.screens.shown import Who
from models.screens.standings import (
    StandingShown,
    TurnShown,
    standing_shown,
    turn_shown,
    until_then,
)

_WEEKS = 2  # those that are planned at once


class Instead(StrEnum):
    """Why a week's session is not at its standing time."""

    LEFT_OUT = "left_out"  # all places of that week were given already
    EXCUSED = "excused"  # one of the two is off, and no other day will do
    OFF = "off"  # one of the two is off on its day
    CLOCKS = "clocks"  # they skip its time on that day
    TAKEN = "taken"
    KEPT = "kept"  # it was moved by hand, and stays
    IN_ROTATION = "in_rotation"  # there is no standing time


@dataclass(frozen=True)
class DayOffShown:
    """Whose day off a date is, in that person's own dates."""

    who: Who
    on: date
    off: DayOff


@dataclass(frozen=True)
class Landing:
    """A week's session (the week's Monday): when it is, None where there is none."""

    week: date
    instead: Instead
    starts_at: datetime | None
    off: DayOffShown | None = None


@dataclass(frozen=True)
class StandingLanding:
    """A schedule that was set, and its weeks that are otherwise. `zone`, `today`: the reader's."""

    person: Who
    zone: str
    today: date
    standing: StandingShown
    weeks: tuple[Landing, ...]


def standing_landing(
    session: Session, actor: Person, person_id: int, now: datetime
) -> StandingLanding | None:
    """Of this and the next week; None: all is as it was said. Raises `Refused`."""
    person = get_person(session, person_id)
    require_coach(session, actor, person)
    standing = current_standing(session, person_id)
    if standing is None:
        return None
    return StandingLanding(
        person=who_shown(person),
        zone=actor.zone,
        today=local_date(now, actor.zone),
        standing=standing_shown(standing),
        weeks=_first_weeks(session, standing, now),
    )


@dataclass(frozen=True)
class StandingTold:
    """To who is coached: their standing one-on-one, the `earlier` one if it was changed, and the
    first weeks that are not at its time."""

    coach: Who
    zone: str  # the reader's
    today: date
    standing: StandingShown
    earlier: StandingShown | None
    ended: bool
    turn: TurnShown | None = None
    weeks: tuple[Landing, ...] = ()


def standing_told(session: Session, standing_id: int, now: datetime) -> StandingTold | None:
    """Wanted while it stands, from who coaches this person still."""
    to = active_addressee(session, Kind.ONE_ON_ONE_STANDING, standing_id)
    standing = get_standing(session, standing_id)
    if to is None or (standing.ended_at is not None and not is_posted(to[0])):
        return None
    ended = standing.ended_at is not None
    has_time = not ended and standing.slot is not None
    return StandingTold(
        coach=who_shown(get_person(session, standing.coach_id)),
        zone=to[1].zone,
        today=local_date(now, to[1].zone),
        standing=standing_shown(standing),
        earlier=until_then(session, standing),
        ended=ended,
        turn=None if ended else turn_shown(session, standing, now),
        weeks=_first_weeks(session, standing, now) if has_time else (),
    )


def _first_weeks(session: Session, standing: Standing, now: datetime) -> tuple[Landing, ...]:
    """This and the next week, as far as they are not as it was said."""
    monday = monday_of(local_date(now, standing.zone))
    weeks = [monday + 7 * number * DAY for number in range(_WEEKS)]
    found = [_landing(session, standing, week, now) for week in weeks]
    return tuple(each for each in found if each is not None)


def _landing(session: Session, standing: Standing, week: date, now: datetime) -> Landing | None:
    slot = standing.slot
    day = week if slot is None else week + (slot[0] - 1) * DAY
    if day < standing.active_from:
        return None
    if _is_left_out(session, standing, week):
        return Landing(week, Instead.LEFT_OUT, None)
    one_on_one = _session_of(session, standing, week)
    if one_on_one is None:
        return None
    sitting = current_sitting(session, one_on_one.id)
    if sitting.starts_at <= now or one_on_one.state not in (State.DUE, State.EXCUSED):
        return None
    if one_on_one.state is State.EXCUSED:
        return Landing(week, Instead.EXCUSED, None, _day_off(session, standing, sitting.starts_at))
    if slot is None:
        return Landing(week, Instead.IN_ROTATION, sitting.starts_at)
    return _moved(session, standing, week, sitting, instant(day, slot[1], standing.zone))


def _moved(
    session: Session, standing: Standing, week: date, sitting: Sitting, said: datetime
) -> Landing | None:
    assert standing.slot is not None, "in rotation there is no time to compare with"
    at = sitting.starts_at
    if at == said:
        local = at.astimezone(ZoneInfo(standing.zone)).time()
        return None if local == standing.slot[1] else Landing(week, Instead.CLOCKS, at)
    if sitting.set_by_id is not None:
        return Landing(week, Instead.KEPT, at)
    off = _day_off(session, standing, said)
    return Landing(week, Instead.TAKEN if off is None else Instead.OFF, at, off)


def _is_left_out(session: Session, standing: Standing, week: date) -> bool:
    row = select(LeftOut.id).where(
        LeftOut.coach_id == standing.coach_id,
        LeftOut.person_id == standing.person_id,
        LeftOut.week == week,
    )
    return session.scalar(row) is not None


def _session_of(session: Session, standing: Standing, week: date) -> OneOnOne | None:
    return session.scalar(
        select(OneOnOne).where(
            OneOnOne.coach_id == standing.coach_id,
            OneOnOne.person_id == standing.person_id,
            OneOnOne.week == week,
        )
    )


def _day_off(session: Session, standing: Standing, at: datetime) -> DayOffShown | None:
    """Whose day off that moment lies on, the coach's first."""
    for person_id in (standing.coach_id, standing.person_id):
        person = get_person(session, person_id)
        on = local_date(at, person.zone)
        if (off := day_off(session, person, on)) is not None:
            return DayOffShown(who_shown(person), on, off)
    return None
