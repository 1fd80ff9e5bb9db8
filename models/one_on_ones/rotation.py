"""Rotation: each week some are left out, in turn, where a coach has more people than places.

A week has as many places as its days take. Who has gone longest without being left out goes first,
by id where nobody was; who has never sat with the coach yet goes last. So nobody is left out a
second time before everybody who was there had their turn. Who has a standing time keeps it in all
other weeks; who has none takes a time that is free. A day off in the way is no turn: it excuses,
and leaves its place to somebody else. What is planned stays: who comes or leaves changes the weeks
after.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from operator import attrgetter

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from models.days import Off
from models.one_on_ones.counting import quarter_of
from models.one_on_ones.diary import Diary
from models.one_on_ones.placing import (
    WEEK,
    Place,
    days_nearest,
    put,
    set_in_week,
    set_on_its_day,
    weekday_of,
)
from models.one_on_ones.reading import booked
from models.one_on_ones.tables import Excuse, LeftOut, OneOnOne, Standing, State
from models.people import Person, standards
from models.schedule import local_date, monday_of
from models.standards import Standards


def rotates(session: Session, coach_id: int) -> bool:
    """Whether somebody whom this person coaches is in rotation."""
    found = select(Standing.id).where(
        Standing.coach_id == coach_id, Standing.ended_at.is_(None), Standing.weekday.is_(None)
    )
    return session.scalar(found.limit(1)) is not None


def places_of(rules: Standards) -> int:
    """How many one-on-ones fit an ordinary week of one coach."""
    return rules.one_on_ones_a_day * len(set(rules.one_on_one_days))


# --- a week of a coach in whose team some are in rotation


def set_weeks(session: Session, found: Iterable[Place], now: datetime) -> int:
    """Sets what has a place and leaves out the others, one week of one coach after the other; how
    many sessions are new."""
    by_week = groupby(sorted(found, key=attrgetter("week")), key=attrgetter("week"))
    return sum(_set_week(session, list(of_week), now) for _, of_week in by_week)


@dataclass(frozen=True)
class _Wish:
    """What has to be set, with the days on which it may be; `waits`: a day off is in the way, so
    it takes what the others leave."""

    place: Place
    days: tuple[date, ...]
    waits: bool

    @property
    def person_id(self) -> int:
        return self.place.person.id


def _set_week(session: Session, found: list[Place], now: datetime) -> int:
    for place in (each for each in found if each.made is not None):
        _set_if_free(session, place, [], now)
    fresh = [each for each in found if each.made is None]
    if not fresh:
        return 0
    coach, week = fresh[0].coach, fresh[0].week
    turns = _turns(session, coach.id, [place.person.id for place in fresh])
    wishes = [_wish(session, place, now) for place in fresh]
    wishes.sort(key=lambda wish: turns[wish.person_id], reverse=True)  # the longest out comes last
    seats = _Seats(standards(session).one_on_ones_a_day, _taken(session, coach, week))
    in_turn = [wish for wish in wishes if not wish.waits]
    sitting = [wish for wish in in_turn if seats.give(wish)]
    left_out = [wish for wish in in_turn if wish not in sitting]
    freed = [at for wish in wishes if wish not in sitting for at in [wish.place.starts_at] if at]
    for wish in sorted(sitting, key=lambda wish: wish.place.slot is None):
        if not _set_if_free(session, wish.place, freed, now, seats.days_for(wish)):
            left_out.append(wish)
    for wish in (wish for wish in wishes if wish.waits):
        if not _set_if_free(session, wish.place, freed, now, wish.days):
            _excuse(session, wish.place, now)
    left_out.sort(key=lambda wish: turns[wish.person_id])
    _leave_out(session, coach, week, left_out, now)
    return len(fresh) - len(left_out)


def _wish(session: Session, place: Place, now: datetime) -> _Wish:
    pages = place.diary(session, place.week + WEEK)
    days = days_nearest(place, place.week, pages)
    if place.starts_at is not None:
        if pages.is_off(place.starts_at):
            return _Wish(place, tuple(days), waits=True)
        return _Wish(place, (place.day,), waits=False)
    minutes = place.standing.minutes
    open_ = tuple(day for day in days if pages.could_meet(day, minutes, now))
    return _Wish(place, open_, waits=not open_ or _is_partly_off(place, pages))


def _is_partly_off(place: Place, pages: Diary) -> bool:
    """Whether a holiday or an absence takes one of the week's usual days from the person."""
    rules = pages.rules
    usual = (weekday_of(place.week, int(digit)) for digit in rules.one_on_one_days)
    found = (pages.why_off(place.person, place.at(day, rules.free_times_from)) for day in usual)
    return any(off is not None and off.why is not Off.WEEKDAY for off in found)


@dataclass
class _Seats:
    """The places of each day, so given that as many sit as can, who comes first for certain."""

    a_day: int
    taken: dict[date, int]
    given: dict[date, list[_Wish]] = field(default_factory=dict)

    def give(self, wish: _Wish, tried: set[date] | None = None) -> bool:
        """A place for this one, if need be by giving others another of their days."""
        tried = set() if tried is None else tried
        for day in wish.days:
            if day in tried:
                continue
            tried.add(day)
            here = self.given.setdefault(day, [])
            if len(here) + self.taken.get(day, 0) < self.a_day:
                here.append(wish)
                return True
            for number, other in enumerate(here):
                if self.give(other, tried):
                    here[number] = wish
                    return True
        return False

    def days_for(self, wish: _Wish) -> tuple[date, ...]:
        """The day that was given, then the others on which it may be."""
        day = next(day for day, here in self.given.items() if wish in here)
        return (day, *(other for other in wish.days if other != day))


def _taken(session: Session, coach: Person, week: date) -> dict[date, int]:
    """How many places of each day are taken already."""
    taken: dict[date, int] = {}
    for one_on_one, sitting in booked(session, (coach.id,), week, week + WEEK):
        if one_on_one.coach_id == coach.id:
            taken[sitting.local_date] = taken.get(sitting.local_date, 0) + 1
    return taken


def _set_if_free(
    session: Session,
    place: Place,
    freed: Sequence[datetime],
    now: datetime,
    days: Sequence[date] = (),
) -> bool:
    """Set it to its standing time, or near it; in rotation to a time that was freed, or is free."""
    if place.slot is not None:
        if set_on_its_day(session, place, now):
            return True
        return set_in_week(session, place, place.week, place.diary(session, place.week + WEEK), now)
    pages = place.diary(session, place.week + WEEK)
    minutes, zone = place.standing.minutes, place.standing.zone
    for day in days or days_nearest(place, place.week, pages):
        mine = [at for at in freed if local_date(at, zone) == day]
        others = pages.starts(day, pages.rules.free_times_from, minutes)
        for at in (*(at for at in mine if pages.refusal(at, minutes) is None), *others):
            if at > now and pages.out_of_hours(at, minutes) is None:
                put(session, place, at, pages, now)
                return True
    return False


def _excuse(session: Session, place: Place, now: datetime) -> None:
    """Write the week down as excused: at its standing time; in rotation, which has none, at the
    first of the week."""
    pages = place.diary(session, place.week + WEEK)
    usual = sorted({int(digit) for digit in pages.rules.one_on_one_days})
    days = [weekday_of(place.week, each) for each in usual]
    starts = [place.at(day, pages.rules.free_times_from) for day in days]
    if place.starts_at is not None:
        starts = [place.starts_at]
    coach_is_off = all(pages.why_off(place.coach, at) is not None for at in starts)
    if starts[0] > now:
        excuse = Excuse.COACH_OFF if coach_is_off else Excuse.PERSON_OFF
        put(session, place, starts[0], pages, now, excuse=excuse)


def _turns(
    session: Session, coach_id: int, person_ids: Iterable[int]
) -> dict[int, tuple[date, int, int]]:
    """In which order these people are left out: by the week in which each last was, or first sat
    with the coach. In the order of that week's turns, where several are alike; else by id."""
    out = {row.person_id: row for row in session.scalars(_last_turns(coach_id))}
    sat = _first_weeks(session, coach_id)
    return {
        each: (out[each].week, 1, out[each].id)
        if each in out
        else (sat.get(each, date.max), 0, each)
        for each in person_ids
    }


def _last_turns(coach_id: int) -> Select[LeftOut]:
    """Of each person the last time: rows are written in the order of turns."""
    last = select(func.max(LeftOut.id)).where(LeftOut.coach_id == coach_id)
    return select(LeftOut).where(LeftOut.id.in_(last.group_by(LeftOut.person_id)))


def _first_weeks(session: Session, coach_id: int) -> dict[int, date]:
    rows = session.execute(
        select(OneOnOne.person_id, func.min(OneOnOne.week))
        .where(OneOnOne.coach_id == coach_id)
        .group_by(OneOnOne.person_id)
    )
    return dict(rows.all())


def _leave_out(
    session: Session, coach: Person, week: date, wishes: Iterable[_Wish], now: datetime
) -> None:
    """Write down whose turn it was, in the order of turns."""
    left_out = [wish.person_id for wish in wishes]
    if not left_out:
        return
    sitting = select(func.count()).where(
        OneOnOne.coach_id == coach.id, OneOnOne.week == week, OneOnOne.state != State.EXCUSED
    )
    places = session.scalar(sitting) or 0
    for person_id in left_out:
        session.add(
            LeftOut(
                coach_id=coach.id,
                person_id=person_id,
                week=week,
                people=places + len(left_out),
                places=places,
                decided_at=now,
            )
        )
        session.flush()


# --- reading it


@dataclass(frozen=True)
class Rotation:
    """A coach's rotation as it stands. `people` share `places` a week.

    `left_out`: who is left out in a week from this one on, as it is decided, by its Monday.
    `coming`: in which week each is left out next, decided or by turns. `times`: how often each was
    left out in this quarter's weeks, those ahead included.
    """

    people: int
    places: int
    left_out: dict[date, tuple[int, ...]]
    coming: dict[int, date]
    times: dict[int, int]


def rotation_of(session: Session, coach_id: int, today: date) -> Rotation | None:
    """The rotation of a coach on a local date; None: there are places for all who have a standing
    one-on-one, or nobody is in rotation."""
    people = session.scalars(
        select(Standing.person_id).where(Standing.coach_id == coach_id, Standing.ended_at.is_(None))
    ).all()
    rules = standards(session)
    over = len(people) - places_of(rules)
    if over <= 0 or not rotates(session, coach_id):
        return None
    monday = monday_of(today)
    first, last = quarter_of(today)
    rows = session.execute(
        select(LeftOut.week, LeftOut.person_id)
        .where(
            LeftOut.coach_id == coach_id,
            LeftOut.person_id.in_(people),
            LeftOut.week.between(min(first, monday), max(last, monday + WEEK)),
        )
        .order_by(LeftOut.week, LeftOut.person_id)
    ).all()
    left_out: dict[date, tuple[int, ...]] = {}
    for week, person_id in rows:
        if week >= monday:
            left_out[week] = (*left_out.get(week, ()), person_id)
    turns = _turns(session, coach_id, people)
    queue = sorted(people, key=lambda each: turns[each])
    foreseen = {each: monday + (2 + place // over) * WEEK for place, each in enumerate(queue)}
    decided = {each: week for week in sorted(left_out, reverse=True) for each in left_out[week]}
    times = Counter(person_id for week, person_id in rows if first <= week <= last)
    return Rotation(len(people), places_of(rules), left_out, foreseen | decided, dict(times))
