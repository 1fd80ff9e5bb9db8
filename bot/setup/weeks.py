"""The weeks of people, as team.toml has them: standing one-on-ones, and the morning digest."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bot.setup.form import DAYS
from bot.setup.resolve import PlacedStanding, Resolved
from crm.toml_file import Mistakes, place
from models.access import coach_of
from models.base import RuleBroken
from models.one_on_ones import (
    DayFull,
    DayIsOff,
    FreeSlot,
    MinutesUnfit,
    OutOfHours,
    Overlaps,
    SpanTooWide,
    WeekdayUnfit,
    current_standing,
    free_slots,
    put_in_rotation,
    put_standing,
)
from models.people import Person, get_person, standards
from models.setup import Coaching, follow, keep_digests, next_monday


def put_weeks(
    session: Session,
    wanted: Resolved,
    people: Mapping[str, Person],
    before: Coaching,
    now: datetime,
) -> None:
    """Brings one-on-ones and digests to what the file and the people are now. Raises Mistakes.

    `before`: what `coaching` was before anything changed.
    """
    follow(session, before, now)
    standings = [
        (people[slack_id], somebody.standing)
        for slack_id, somebody in wanted.people.items()
        if somebody.standing is not None
    ]
    _put_standings(session, standings, now)
    keep_digests(session, now)


@dataclass(frozen=True)
class _Refused:
    person: Person
    standing: PlacedStanding
    why: RuleBroken


def _put_standings(
    session: Session, wanted: Iterable[tuple[Person, PlacedStanding]], now: datetime
) -> None:
    """In whatever order they fit: one may have to make way before another can take its place."""
    todo = list(wanted)
    stuck: list[_Refused] = []
    parked: set[int] = set()
    while todo:
        refused = [one for one in (_put(session, *each, now) for each in todo) if one is not None]
        if len(refused) == len(todo):
            stuck = stuck or refused
            made_way = _make_way(session, refused, parked, now)
            if made_way is None:
                raise Mistakes([_sentence(session, one) for one in stuck])
            parked.add(made_way)
        todo = [(one.person, one.standing) for one in refused]


def _make_way(
    session: Session, refused: list[_Refused], parked: set[int], now: datetime
) -> int | None:
    """Two that change places: sets one of them aside for a moment; whose, by person's id."""
    slots = (one.standing.when.slot for one in refused)
    wanted = {FreeSlot(*slot) for slot in slots if slot is not None}
    for one in refused:
        here, coach = current_standing(session, one.person.id), coach_of(session, one.person)
        if here is None or here.slot is None or coach is None or one.person.id in parked:
            continue
        for slot in free_slots(session, coach, one.person, here.minutes, now):
            if slot not in wanted:
                then = {"day": slot.weekday, "at": slot.local_time, "minutes": here.minutes}
                aside = one.standing.when.model_copy(update=then)
                _put(session, one.person, replace(one.standing, when=aside), now)
                return one.person.id
    return None


def _put(
    session: Session, person: Person, standing: PlacedStanding, now: datetime
) -> _Refused | None:
    when = standing.when
    first: dict[str, Any] = {
        "minutes": when.minutes or standards(session).one_on_one_minutes,
        "active_from": standing.starts or next_monday(now, person.zone),
        "now": now,
    }
    try:
        with session.begin_nested():
            if when.slot is None:
                put_in_rotation(session, None, person, **first)
            else:
                weekday, at = when.slot
                put_standing(session, None, person, weekday=weekday, local_time=at, **first)
    except tuple(_SAYS) as why:
        return _Refused(person, standing, why)
    return None


# --- what is wrong, in words


def _sentence(session: Session, refused: _Refused) -> str:
    says = _SAYS[type(refused.why)](session, refused.person, refused.why)
    return f"{place(refused.standing.path)}{says}"


def _day_full(session: Session, person: Person, why: Any) -> str:
    taken = ", ".join(get_person(session, one).name for one in why.taken_by)
    return f".day: {_coach(session, person)} has {taken} on that day already{_free(why.free)}"


def _overlaps(session: Session, _person: Person, why: Any) -> str:
    one, other = (get_person(session, who).name for who in (why.person_id, why.other_id))
    return f".at: {one} has a one-on-one with {other} then{_free(why.free)}"


def _day_off(session: Session, _person: Person, why: Any) -> str:
    name = get_person(session, why.person_id).name
    return f".day: {name} does not work then{_free(why.free)}"


def _out_of_hours(_session: Session, _person: Person, why: Any) -> str:
    return f".at: must be between {why.earliest:%H:%M} and {why.latest:%H:%M}{_free(why.free)}"


def _span(session: Session, person: Person, why: Any) -> str:
    coach = _coach(session, person)
    return (
        f": {coach} has {why.most} already, as many as fit in a week: the span is too wide; say"
        " rotation = true instead of a day, and each week some are left out, in turn"
    )


def _weekday(_session: Session, _person: Person, why: Any) -> str:
    days = " or ".join(DAYS[int(digit) - 1] for digit in why.days)
    return f".day: must be {days}"


def _minutes(_session: Session, _person: Person, why: Any) -> str:
    return f".minutes: must be {why.least} to {why.most}"


def _coach(session: Session, person: Person) -> str:
    coach = coach_of(session, person)
    return "nobody" if coach is None else coach.name


def _free(slots: Iterable[FreeSlot]) -> str:
    named = ", ".join(f"{DAYS[one.weekday - 1]} {one.local_time:%H:%M}" for one in slots)
    return f"; free are {named}" if named else "; nothing else is free"


_SAYS: dict[type[RuleBroken], Callable[[Session, Person, Any], str]] = {
    DayFull: _day_full,
    DayIsOff: _day_off,
    Overlaps: _overlaps,
    OutOfHours: _out_of_hours,
    SpanTooWide: _span,
    WeekdayUnfit: _weekday,
    MinutesUnfit: _minutes,
}
