"""Sixteen weeks of a coach with more people than places: in turn, and never more than fit."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import combinations, pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.absences import put_absence
from models.base import Database
from models.one_on_ones import (
    DayFull,
    FreeSlot,
    LeftOut,
    OneOnOne,
    Sitting,
    SpanTooWide,
    State,
    follow_people,
    free_slots,
    plan,
    put_in_rotation,
    put_standing,
)
from models.people import get_person, put_workspace
from models.schedule import instant
from models.standards import Standards
from tests.one_on_ones import MORNING
from tests.postgres import Postgres
from tests.world import World, a_person, a_workspace

ZONE = "America/New_York"
MONDAY = date(2026, 9, 7)
WEEK, DAY = timedelta(days=7), timedelta(days=1)
WEEKS = 16


@dataclass(frozen=True)
class Change:
    """What happens in a week, before the next ones are planned."""

    act: str
    week: int
    who: int
    days: int


@dataclass
class Floor:
    """A coach's people. `there`: from which planned week on, and until before which; `off`: the
    weeks in which somebody had a day off; `left`: the weeks that were planned when somebody left,
    and stayed as they were."""

    session: Session
    world: World
    a_day: int
    days: str
    now: datetime = MORNING
    there: dict[int, tuple[date, date]] = field(default_factory=dict)
    off: defaultdict[int, set[date]] = field(default_factory=lambda: defaultdict(set))
    left: set[date] = field(default_factory=set)

    @property
    def places(self) -> int:
        return self.a_day * len(self.days)

    def at(self, week: int) -> None:
        """The Monday of a week, at 07:00."""
        self.now = instant(MONDAY + week * WEEK, time(7), ZONE)

    def monday(self) -> date:
        today = self.now.astimezone(ZoneInfo(ZONE)).date()
        return today - today.weekday() * DAY

    def join(self) -> None:
        """Somebody comes, and gets a time of their own as long as there is one."""
        name = f"U0R{len(self.there)}"
        who = a_person(
            self.session, name, name, team_id=self.world.team, reports_to_id=self.world.max
        )
        boss, first = get_person(self.session, self.world.max), self.monday() + WEEK
        slot = next(iter(free_slots(self.session, boss, who, 30, self.now, limit=1)), None)
        if slot is None:
            with pytest.raises((SpanTooWide, DayFull)):
                self._stand(who.id, FreeSlot(int(self.days[0]), time(9)), first)
            put_in_rotation(self.session, boss, who, minutes=30, active_from=first, now=self.now)
        else:
            self._stand(who.id, slot, first)
        self.there[who.id] = (first, date.max)

    def _stand(self, person_id: int, slot: FreeSlot, first: date) -> None:
        put_standing(
            self.session,
            get_person(self.session, self.world.max),
            get_person(self.session, person_id),
            weekday=slot.weekday,
            local_time=slot.local_time,
            minutes=30,
            active_from=first,
            now=self.now,
        )

    def leave(self, number: int) -> None:
        here = self.here()
        if here:
            who = get_person(self.session, here[number % len(here)])
            who.active = False
            follow_people(self.session, [who.id], self.now)
            self.there[who.id] = (self.there[who.id][0], self.monday())
            self.left |= {self.monday(), self.monday() + WEEK}

    def away(self, number: int, days: int) -> None:
        """Somebody, or the coach, is off in the week that is planned next, or part of it."""
        people = [self.world.max, *self.here()]
        who, week = people[number % len(people)], self.monday() + 2 * WEEK
        first = week + number % 5 * DAY if days < 5 else week
        put_absence(
            self.session, get_person(self.session, who), first, first + days * DAY, self.now
        )
        self.off[who] |= {week, week + WEEK} if days > 6 else {week}

    def is_off(self, who: int, week: date) -> bool:
        """One of the two, on a day of that week at least."""
        return week in self.off[who] or week in self.off[self.world.max]

    def here(self) -> list[int]:
        return [who for who, (_, last) in self.there.items() if last == date.max]


def play(floor: Floor, number: int, changes: list[Change], weeks: int) -> None:
    floor.at(0)
    for _ in range(number):
        floor.join()
    for week in range(1, weeks):
        floor.at(week)
        plan(floor.session, floor.now)
        for change in (each for each in changes if each.week == week):
            if change.act == "join":
                floor.join()
            elif change.act == "leave":
                floor.leave(change.who)
            else:
                floor.away(change.who, change.days)
        if week % 6 == 1:
            before = _rows(floor.session)
            assert plan(floor.session, floor.now) == 0
            assert _rows(floor.session) == before


def _rows(session: Session) -> list[tuple[object, ...]]:
    sittings = session.execute(
        select(OneOnOne.person_id, OneOnOne.week, OneOnOne.state, Sitting.starts_at)
        .join(Sitting, Sitting.one_on_one_id == OneOnOne.id)
        .order_by(Sitting.id)
    )
    out = session.execute(select(LeftOut.person_id, LeftOut.week).order_by(LeftOut.id))
    return [tuple(row) for row in (*sittings, *out)]


def check(floor: Floor, weeks: int) -> None:
    session = floor.session
    rows = session.execute(
        select(OneOnOne, Sitting)
        .join(Sitting, Sitting.one_on_one_id == OneOnOne.id)
        .where(Sitting.is_current, OneOnOne.state == State.DUE)
    ).all()
    _check_days(floor, [sitting for _, sitting in rows])
    sat: defaultdict[date, set[int]] = defaultdict(set)
    for one, _ in rows:
        assert one.person_id not in sat[one.week]
        sat[one.week].add(one.person_id)
    out: defaultdict[date, set[int]] = defaultdict(set)
    for row in session.scalars(select(LeftOut)):
        out[row.week].add(row.person_id)
        assert row.places < row.people
    for number in range(2, weeks):
        week = MONDAY + number * WEEK
        _check_week(floor, week, sat[week], out[week])
        _check_turns(floor, week, out)
    _check_fair(floor, out)


def _check_days(floor: Floor, sittings: list[Sitting]) -> None:
    """Never more than the limit a day, and nobody in two at once: not the coach either."""
    of_day = Counter(sitting.local_date for sitting in sittings)
    assert max(of_day.values(), default=0) <= floor.a_day
    times = sorted((sitting.starts_at, sitting.ends_at) for sitting in sittings)
    for (_, ends_at), (starts_at, _) in pairwise(times):
        assert ends_at <= starts_at


def _of_week(floor: Floor, week: date) -> set[int]:
    return {who for who, (first, last) in floor.there.items() if first <= week < last}


def _check_week(floor: Floor, week: date, sat: set[int], out: set[int]) -> None:
    """Everybody sits, is left out or is off; and as many sit as there are places for."""
    there = _of_week(floor, week)
    off = {who for who in there if floor.is_off(who, week)}
    assert not sat & out
    assert sat | out | off >= there
    assert len(sat) <= floor.places
    if week not in floor.left and floor.world.max not in floor.off:
        assert len(sat) >= min(len(there - off), floor.places)
    if not off and week not in floor.left:
        assert len(sat) == min(len(there), floor.places)


def _check_turns(floor: Floor, week: date, out: dict[date, set[int]]) -> None:
    """Nobody twice in a row, as long as everybody sits at least every other week."""
    both = _of_week(floor, week), _of_week(floor, week - WEEK)
    calm = not any(floor.is_off(who, each) for who in both[0] | both[1] for each in _two(week))
    calm &= floor.left.isdisjoint(_two(week))
    if calm and max(map(len, both)) <= 2 * floor.places:
        assert not out[week] & out[week - WEEK]


def _two(week: date) -> tuple[date, date]:
    return week - WEEK, week


def _check_fair(floor: Floor, out: dict[date, set[int]]) -> None:
    """Who was there all the time, never off: left out as often as each other, but for one."""
    always = [
        who
        for who, (first, last) in floor.there.items()
        if first == MONDAY + WEEK and last == date.max and not floor.off[who]
    ]
    times = Counter(who for week in out.values() for who in week)
    for one, other in combinations(always, 2):
        if not floor.off[floor.world.max]:
            assert abs(times[one] - times[other]) <= 1


CHANGES = st.lists(
    st.builds(
        Change,
        act=st.sampled_from(("join", "leave", "away", "away")),
        week=st.integers(1, WEEKS - 4),
        who=st.integers(0, 30),
        days=st.sampled_from((0, 1, 4, 11)),
    ),
    max_size=8,
)
LIMITS = st.sampled_from(((1, "3"), (2, "3"), (1, "24")))


@dataclass(frozen=True)
class Place:
    database: Database
    world: World

    def played(
        self, limit: tuple[int, str], number: int, changes: list[Change], weeks: int = WEEKS
    ) -> list[object]:
        """So many weeks, checked, and undone; what came of them."""
        with self.database.transaction(self.world.workspace_id) as session:
            a_day, days = limit
            rules = Standards(one_on_ones_a_day=a_day, one_on_one_days=days)
            put_workspace(session, self.world.workspace_id, now=MORNING, standards=rules)
            floor = Floor(session, self.world, a_day, days)
            play(floor, number, changes, weeks)
            check(floor, weeks)
            first = min(floor.there, default=0)
            found = session.execute(select(LeftOut.week, LeftOut.person_id - first))
            came = sorted(tuple(row) for row in found)
            session.rollback()
            return list(came)


@pytest.fixture(scope="module")
def sqlite_place(
    tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path
) -> Iterator[Place]:
    path = tmp_path_factory.mktemp("turns") / "turns.sqlite3"
    path.write_bytes(sqlite_template.read_bytes())
    database = Database(f"sqlite:///{path}")
    yield Place(database, a_workspace(database))
    database.dispose()


@pytest.fixture(scope="module")
def postgresql_place(postgres: Postgres) -> Iterator[Place]:
    database = Database(postgres.create("turns", "with_schema"))
    yield Place(database, a_workspace(database))
    database.dispose()
    postgres.drop("turns")


UNSHRUNK = [each for each in Phase if each not in (Phase.shrink, Phase.explain)]


@settings(max_examples=4, suppress_health_check=list(HealthCheck), phases=UNSHRUNK)
@given(LIMITS, st.integers(1, 6), CHANGES)
def test_in_turn_whatever_happens(
    sqlite_place: Place, limit: tuple[int, str], number: int, changes: list[Change]
) -> None:
    sqlite_place.played(limit, number, changes)


@settings(max_examples=1, suppress_health_check=list(HealthCheck), phases=UNSHRUNK)
@given(LIMITS, st.integers(3, 5), CHANGES)
def test_in_turn_whatever_happens_on_postgresql(
    postgresql_place: Place,
    sqlite_place: Place,
    limit: tuple[int, str],
    number: int,
    changes: list[Change],
) -> None:
    """And the same as on the other database: nothing is left to chance."""
    came = postgresql_place.played(limit, number, changes)
    assert came == sqlite_place.played(limit, number, changes)


@pytest.mark.parametrize(("number", "weeks"), [(11, 4), (25, 3)])
def test_nine_a_week(sqlite_place: Place, number: int, weeks: int) -> None:
    out = sqlite_place.played((3, "234"), number, [], weeks)
    assert len(out) == (number - 9) * weeks
