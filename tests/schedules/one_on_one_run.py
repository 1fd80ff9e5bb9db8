"""Weeks of a floor, played step by step, and what must hold after every step, counted anew.

Nothing here asks the rules what they think: days off come from the holiday library and the rows of
absences, places and overlaps from the rows of sittings, the held rate from what was seen to happen.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo

import holidays
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.absences import Absence
from models.base import RuleBroken
from models.one_on_ones import (
    Breach,
    OneOnOne,
    Sitting,
    Standing,
    State,
    cancel,
    changes,
    end_standing,
    enter_absence,
    finish,
    follow_people,
    held_rate,
    leave_absence,
    move,
    plan,
    put_standing,
    quarter_of,
    settle_missed,
    start,
)
from models.people import Person, get_person, team
from models.schedule import instant
from tests.one_on_ones import a_log, finished

DAY = timedelta(days=1)
WEEK = timedelta(days=7)
ENDS = {State.HELD, State.CANCELLED, State.MISSED}


@cache
def _holidays(calendar: str) -> holidays.HolidayBase:
    return holidays.country_holidays(calendar)


@dataclass(frozen=True)
class Step:
    """Somebody does something, so many hours after the step before; numbers choose among what is
    there."""

    act: str
    hours: int
    who: int
    what: int
    day: int
    hour: int


@dataclass
class Run:
    """A floor being played. `seen`: each session's state, and when it was to start, as last seen;
    `done`: what each side did to a pair's sessions, by quarter; `told`: of whom, and in which
    quarter, a breach was due; `fallen`: what is cancelled since its schedule ended, by that act."""

    session: Session
    coach_id: int
    people: list[int]
    zone: str
    now: datetime
    seen: dict[int, tuple[State, datetime]] = field(default_factory=dict)
    done: Counter[tuple[date, int, int]] = field(default_factory=Counter)
    told: set[tuple[date, int]] = field(default_factory=set)
    fallen: dict[int, tuple[date, int, datetime]] = field(default_factory=dict)

    def play(self, step: Step) -> None:
        """One step; what the rules refuse leaves everything as it was."""
        self.now += timedelta(hours=step.hours)
        settle_missed(self.session, self.now)
        plan(self.session, self.now)
        self.check()
        try:
            with self.session.begin_nested():
                getattr(self, f"_{step.act}")(step)
        except RuleBroken:
            self.session.expire_all()
        self.check()
        self._check_figures()

    # --- what may be done

    def _put(self, step: Step) -> None:
        person = self._person(self._one(step.who))
        before = self._due(person.id)
        put_standing(
            self.session,
            self._person(self.coach_id),
            person,
            weekday=2 + step.what % 3,
            local_time=time(step.hour, step.day % 2 * 30),
            minutes=(30, 45)[step.day % 2],
            active_from=self._today() + step.day % 3 * DAY,
            now=self.now,
        )
        self._fell(person, before)

    def _end(self, step: Step) -> None:
        person = self._person(self._one(step.who))
        before = self._due(person.id)
        end_standing(self.session, self._person(self.coach_id), person, self.now)
        self._fell(person, before)

    def _fell(self, person: Person, before: set[int]) -> None:
        """What was due and is cancelled now fell with its schedule."""
        quarter = quarter_of(self._today())[0]
        for one_on_one_id in before & self._cancelled(person.id):
            self.fallen[one_on_one_id] = (quarter, person.id, self.now)

    def _move(self, step: Step) -> None:
        one_on_one = self._choose(step)
        by_id = self._side(one_on_one, step)
        before = self._current()[one_on_one.id].local_date
        day = self._today() + (step.day % 5) * DAY
        starts_at = instant(day, time(step.hour, step.what // 6 * 30), self.zone)
        after = move(self.session, self._person(by_id), one_on_one.id, starts_at, self.now)
        if after.local_date != before:
            self._count(one_on_one.id, by_id)

    def _cancel(self, step: Step) -> None:
        one_on_one = self._choose(step)
        by_id = self._side(one_on_one, step)
        cancel(self.session, self._person(by_id), one_on_one.id, "The fair in Berlin", self.now)
        self._count(one_on_one.id, by_id)

    def _start(self, step: Step) -> None:
        start(self.session, self._person(self.coach_id), self._first(step).id, self.now)

    def _finish(self, step: Step) -> None:
        given = finished(log=a_log(next_on=self.now.date() + WEEK))
        coach = self._person(self.coach_id)
        finish(self.session, coach, self._first(step).id, given, self.now)

    def _away(self, step: Step) -> None:
        first = self._today() + (step.day - 2) * DAY
        person = self._person(self._anybody(step))
        enter_absence(self.session, person, first, first + step.what % 4 * DAY, self.now)

    def _back(self, step: Step) -> None:
        standing = select(Absence).where(Absence.withdrawn_at.is_(None)).order_by(Absence.id)
        rows = self.session.scalars(standing).all()
        if rows:
            chosen = rows[step.what % len(rows)]
            person = self._person(chosen.person_id)
            leave_absence(self.session, person, chosen.id, self.now)

    def _calendar(self, step: Step) -> None:
        person = self._person(self._anybody(step))
        person.holiday_calendar = (None, "US", "DE", "ES", "JP")[step.what % 5]
        follow_people(self.session, [person.id], self.now)

    def _weekdays(self, step: Step) -> None:
        person = self._person(self._anybody(step))
        person.working_days = ("12345", "1234", "2345", "12", "1234567")[step.what % 5]
        follow_people(self.session, [person.id], self.now)

    def _travel(self, step: Step) -> None:
        person = self._person(self._anybody(step))
        zones = ("America/New_York", "Asia/Tokyo", "Europe/Berlin", "Pacific/Honolulu")
        person.zone = zones[step.what % len(zones)]
        follow_people(self.session, [person.id], self.now)

    def _leave(self, step: Step) -> None:
        person = self._person(self._one(step.who))
        person.active = not person.active
        follow_people(self.session, [person.id], self.now)

    def _lose(self, step: Step) -> None:
        of_team = team(self.session, self._person(self.people[0]).team_id or 0)
        of_team.manager_id = None if of_team.manager_id else self.coach_id
        follow_people(self.session, self.people, self.now)

    # --- choosing

    def _person(self, person_id: int) -> Person:
        return get_person(self.session, person_id)

    def _one(self, number: int) -> int:
        return self.people[number % len(self.people)]

    def _anybody(self, step: Step) -> int:
        return [self.coach_id, *self.people][step.who % (len(self.people) + 1)]

    def _side(self, one_on_one: OneOnOne, step: Step) -> int:
        return (one_on_one.coach_id, one_on_one.person_id)[step.what % 2]

    def _choose(self, step: Step) -> OneOnOne:
        """One of the person's sessions that are due, else the newest, else the rules refuse."""
        mine = select(OneOnOne).where(OneOnOne.person_id == self._one(step.who))
        rows = self.session.scalars(mine.order_by(OneOnOne.week)).all()
        due = [row for row in rows if row.state is State.DUE] or list(rows[-1:])
        if not due:
            raise RuleBroken("nothing to choose from")
        return due[step.what // 2 % len(due)]

    def _first(self, step: Step) -> OneOnOne:
        """The session that is next, or still waits, of all; else what `_choose` finds."""
        due = select(OneOnOne).join(Sitting, Sitting.one_on_one_id == OneOnOne.id)
        due = due.where(OneOnOne.state == State.DUE, Sitting.is_current)
        found = self.session.scalars(due.order_by(Sitting.starts_at)).first()
        return found or self._choose(step)

    def _due(self, person_id: int) -> set[int]:
        due = (OneOnOne.person_id == person_id) & (OneOnOne.state == State.DUE)
        return set(self.session.scalars(select(OneOnOne.id).where(due)))

    def _cancelled(self, person_id: int) -> set[int]:
        over = (OneOnOne.person_id == person_id) & (OneOnOne.state == State.CANCELLED)
        return set(self.session.scalars(select(OneOnOne.id).where(over)))

    def _count(self, one_on_one_id: int, by_id: int) -> None:
        person_id = self.session.get_one(OneOnOne, one_on_one_id).person_id
        self.done[quarter_of(self._today())[0], person_id, by_id] += 1

    def _by_coach(self, quarter: date, person_id: int) -> int:
        ends = {act for act in self.fallen.values() if act[:2] == (quarter, person_id)}
        return self.done[quarter, person_id, self.coach_id] + len(ends)

    def _today(self) -> date:
        return self.now.astimezone(ZoneInfo(self.zone)).date()

    # --- what must hold

    def check(self) -> None:
        """Everything, after every step."""
        self.session.flush()
        sessions = list(self.session.scalars(select(OneOnOne).order_by(OneOnOne.id)))
        current = self._current()
        assert set(current) == {each.id for each in sessions}
        ahead = [
            (each, current[each.id])
            for each in sessions
            if each.state is State.DUE and current[each.id].starts_at > self.now
        ]
        self._check_places(sessions, current)
        self._check_weeks(sessions)
        self._check_working(ahead)
        self._check_overlaps(ahead)
        for each in sessions:
            self._check_step(each, current[each.id])

    def _current(self) -> dict[int, Sitting]:
        rows = self.session.scalars(select(Sitting).where(Sitting.is_current)).all()
        found = {row.one_on_one_id: row for row in rows}
        assert len(found) == len(rows)
        return found

    def _check_places(self, sessions: list[OneOnOne], current: dict[int, Sitting]) -> None:
        """Never more than three a day, and each on another place."""
        kept = [each for each in sessions if each.state in (State.DUE, State.HELD, State.MISSED)]
        of_day: defaultdict[tuple[int, date], list[int | None]] = defaultdict(list)
        for each in kept:
            sitting = current[each.id]
            day = sitting.starts_at.astimezone(ZoneInfo(each.zone)).date()
            assert day == sitting.local_date
            of_day[each.coach_id, day].append(sitting.seat)
        for seats in of_day.values():
            assert len(seats) <= 3
            assert None not in seats
            assert len(set(seats)) == len(seats)

    def _check_weeks(self, sessions: list[OneOnOne]) -> None:
        """Once per pair and week; and whatever is planned has its session of both weeks."""
        weeks = Counter((each.coach_id, each.person_id, each.week) for each in sessions)
        assert set(weeks.values()) <= {1}
        for each in sessions:
            assert each.week <= each.first_due_on < each.week + WEEK
        for standing in self.session.scalars(select(Standing).where(Standing.ended_at.is_(None))):
            today = self.now.astimezone(ZoneInfo(standing.zone)).date()
            monday = today - today.weekday() * DAY
            assert standing.slot is not None, "nobody here is in rotation"
            weekday, local_time = standing.slot
            for week in (monday, monday + WEEK):
                day = week + (weekday - 1) * DAY
                at = instant(day, local_time, standing.zone)
                if day >= standing.active_from and at > self.now:
                    assert (standing.coach_id, standing.person_id, week) in weeks

    def _check_working(self, ahead: list[tuple[OneOnOne, Sitting]]) -> None:
        """Neither of the two is off where each of them is."""
        away: defaultdict[int, list[Absence]] = defaultdict(list)
        for row in self.session.scalars(select(Absence).where(Absence.withdrawn_at.is_(None))):
            away[row.person_id].append(row)
        for one_on_one, sitting in ahead:
            if one_on_one.started_at is not None:
                continue
            for person_id in (one_on_one.coach_id, one_on_one.person_id):
                person = self._person(person_id)
                day = sitting.starts_at.astimezone(ZoneInfo(person.zone)).date()
                assert str(day.isoweekday()) in person.working_days
                calendar = person.holiday_calendar
                assert calendar is None or day not in _holidays(calendar)
                assert not any(each.starts_on <= day <= each.ends_on for each in away[person_id])

    def _check_overlaps(self, ahead: list[tuple[OneOnOne, Sitting]]) -> None:
        busy: defaultdict[int, list[tuple[datetime, datetime]]] = defaultdict(list)
        for one_on_one, sitting in ahead:
            for person_id in (one_on_one.coach_id, one_on_one.person_id):
                busy[person_id].append((sitting.starts_at, sitting.ends_at))
        for times in busy.values():
            for (_, ends_at), (starts_at, _) in pairwise(sorted(times)):
                assert ends_at <= starts_at

    def _check_step(self, one_on_one: OneOnOne, sitting: Sitting) -> None:
        """Only allowed steps: from due to an end; before its start from excused to due, and so
        from cancelled where it fell with its schedule."""
        before, started_at = self.seen.get(one_on_one.id, (State.DUE, self.now))
        after = one_on_one.state
        if before in ENDS and after is not before:
            del self.fallen[one_on_one.id]
            assert after in (State.DUE, State.EXCUSED)
            assert started_at > self.now
        if before is State.EXCUSED and after is not before:
            assert after in (State.DUE, State.CANCELLED)
            assert started_at > self.now
        if after is State.MISSED and before is not after:
            assert sitting.starts_at < self.now
        assert (sitting.settle_by is not None) == (after is State.DUE)
        self.seen[one_on_one.id] = (after, sitting.starts_at)

    def _check_figures(self) -> None:
        """The held rate and the counts of changes, from what was seen to happen."""
        sessions = self.session.scalars(select(OneOnOne)).all()
        quarters = {quarter_of(each.first_due_on) for each in sessions}
        for first, last in quarters:
            ended = Counter(
                self.seen[each.id][0] for each in sessions if first <= each.first_due_on <= last
            )
            rate = held_rate(self.session, self.coach_id, first, last)
            assert rate.held == ended[State.HELD]
            assert rate.due == sum(ended[state] for state in ENDS)
            assert rate.excused == ended[State.EXCUSED]
        breaches = {(each.quarter, each.person_id) for each in self.session.scalars(select(Breach))}
        quarters_done = {quarter for quarter, *_ in (*self.done, *self.fallen.values())}
        for quarter in quarters_done:
            for person_id in self.people:
                counted = changes(self.session, self.coach_id, person_id, quarter)
                by_coach = self._by_coach(quarter, person_id)
                assert counted.coach_cancelled + counted.coach_moved == by_coach
                by_person = self.done[quarter, person_id, person_id]
                assert counted.person_cancelled + counted.person_moved == by_person
                if by_coach > 1:
                    self.told.add((quarter, person_id))
                assert ((quarter, person_id) in breaches) == ((quarter, person_id) in self.told)


ACTS = (
    "put", "end", "move", "cancel", "start", "finish", "away", "back", "calendar", "weekdays",
    "travel", "leave", "lose",
)  # fmt: skip
