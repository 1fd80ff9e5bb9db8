"""The calendar under whatever happens to it: schedules that change in the middle of a week, people
who travel, outages, absences of every shape, the holidays of every country."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import holidays
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.absences import Absence, put_absence, withdraw_absence
from models.days import calendars, day_off, holiday_on, next_working_day, working_day_before
from models.people import Person, get_person
from models.schedule import (
    Lateness,
    Occurrence,
    Schedule,
    SkipReason,
    materialise,
    next_instant,
    put_schedule,
    too_late,
    too_late_at,
)
from tests.world import NOW, TODAY, World

DAY = timedelta(days=1)
KIRITIMATI, HONOLULU = "Pacific/Kiritimati", "Pacific/Honolulu"  # the same clock, a day apart
ZONES = st.sampled_from(sorted(available_timezones() - {"localtime"})) | st.sampled_from(
    [KIRITIMATI, HONOLULU, "Pacific/Apia", "Europe/Berlin", "America/New_York"]
)
TIMES = st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30, 59]))
WEEKDAYS = st.sets(st.sampled_from("1234567"), min_size=1).map(lambda days: "".join(sorted(days)))
BEGINS = st.integers(0, 12 * 365 * 86400).map(
    lambda seconds: datetime(2021, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)
SHARED = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15)


# --- schedules that change


@dataclass(frozen=True)
class Rule:
    """What a schedule says from a moment on; `from_tomorrow`: today does not count any more."""

    weekdays: str
    at: time
    zone: str
    is_on: bool
    from_tomorrow: bool


RULES = st.builds(Rule, WEEKDAYS, TIMES, ZONES, st.booleans() | st.just(True), st.booleans())
STEPS = st.tuples(RULES | st.none(), st.lists(st.integers(0, 9 * 86400), min_size=1, max_size=4))
"""A change (or none), then the moments at which somebody looks, so many seconds apart."""


def wall(day: date, at: time, zone: str) -> datetime:
    """The UTC instant of a local time, its first happening (tests/schedules/test_local_dates)."""
    return datetime.combine(day, at, ZoneInfo(zone)).astimezone(UTC)


@dataclass
class Ledger:
    """What must have been written down: dates by hand, one after the other."""

    written: dict[date, datetime] = field(default_factory=dict)

    def look(self, rule: Rule, active_from: date, now: datetime) -> None:
        if not rule.is_on:
            return
        newest = max(self.written, default=active_from - DAY)
        day = max(active_from, newest + DAY)
        while day <= (now + DAY).date():
            due = wall(day, rule.at, rule.zone)
            if str(day.isoweekday()) in rule.weekdays and due <= now:
                self.written[day] = due
            day += DAY


@SHARED
@given(RULES, BEGINS, st.lists(STEPS, min_size=1, max_size=5))
def test_whatever_changes_each_local_date_comes_due_once(
    session: Session,
    world: World,
    rule: Rule,
    now: datetime,
    steps: list[tuple[Rule | None, list[int]]],
) -> None:
    """Changed, switched off and on, taken to other zones, looked at seldom or twice at once."""
    ledger, schedule, active_from = Ledger(), None, date.min
    with session.begin_nested() as undone:
        for changed, waits in [(rule, [0]), *steps]:
            if changed is not None:
                today = now.astimezone(ZoneInfo(changed.zone)).date()
                wanted = today + DAY if changed.from_tomorrow else today
                before = None if schedule is None else _said(schedule)
                schedule = _put(session, world, changed, wanted)
                was_changed = before is None or before[:3] != _said(schedule)[:3]
                if was_changed or (changed.is_on and before is not None and not before[3]):
                    active_from = wanted
                rule = changed
            assert schedule is not None
            assert schedule.active_from == active_from
            for wait in waits:
                now += timedelta(seconds=wait)
                materialise(session, now)
                ledger.look(rule, active_from, now)
                rows = session.scalars(select(Occurrence)).all()
                assert {one.local_date: one.due_at for one in rows} == ledger.written
                assert all(one.due_at <= now for one in rows)
                assert len({one.local_date for one in rows}) == len(rows)
                assert next_instant(schedule, now) > now
        undone.rollback()
    session.expire_all()


def _put(session: Session, world: World, rule: Rule, active_from: date) -> Schedule:
    schedule, _ = put_schedule(
        session,
        world.team,
        "review.cards",
        weekdays=rule.weekdays,
        local_time=rule.at,
        zone=rule.zone,
        lateness=Lateness.MIDNIGHT,
        active_from=active_from,
        is_on=rule.is_on,
    )
    return schedule


def _said(schedule: Schedule) -> tuple[str, time, str, bool]:
    return schedule.weekdays, schedule.local_time, schedule.zone, schedule.is_on


@pytest.mark.parametrize(
    ("zone", "other", "days"),
    [
        pytest.param(KIRITIMATI, HONOLULU, [24, 25], id="a day back: no date is repeated"),
        pytest.param(HONOLULU, KIRITIMATI, [23, 24, 25, 26], id="a day ahead: none is left out"),
    ],
)
def test_across_the_date_line(
    session: Session, world: World, zone: str, other: str, days: list[int]
) -> None:
    """Every day at 09:00. Somebody travels at the moment of Tuesday 24 November, 10:00 in
    Kiritimati, which is Monday 23 November, 10:00 in Honolulu, and is looked at for two days."""
    landed = wall(date(2026, 11, 24), time(10), KIRITIMATI)
    for place in (zone, other):
        daily = Rule("1234567", time(9), place, is_on=True, from_tomorrow=False)
        _put(session, world, daily, landed.astimezone(ZoneInfo(place)).date())
        materialise(session, landed)
    for hours in range(0, 49, 6):
        materialise(session, landed + timedelta(hours=hours))
    rows = session.scalars(select(Occurrence).order_by(Occurrence.local_date)).all()
    assert [one.local_date.day for one in rows] == days


LATENESS: st.SearchStrategy[dict[str, Any]] = st.one_of(
    st.fixed_dictionaries({"lateness": st.just(Lateness.MIDNIGHT)}),
    st.fixed_dictionaries({"lateness": st.just(Lateness.HOURS), "late_hours": st.integers(1, 72)}),
    st.fixed_dictionaries({"lateness": st.just(Lateness.NEXT_DAY_TIME), "late_until": TIMES}),
)


@given(ZONES, TIMES, LATENESS, BEGINS, st.lists(st.integers(0, 9 * 86400), min_size=2, max_size=30))
def test_what_is_too_late_stays_too_late(
    zone: str, at: time, policy: dict[str, Any], begins: datetime, waits: list[int]
) -> None:
    schedule = Schedule(id=1, zone=zone, local_time=at, weekdays="1234567", **policy)
    day = begins.astimezone(ZoneInfo(zone)).date()
    occurrence = Occurrence(local_date=day, failures=0)
    limits = [too_late_at(schedule, day + number * DAY) for number in range(5)]
    assert limits == sorted(limits)
    assert limits[0] > wall(day, time(), zone)
    moments = sorted(limits[0] + timedelta(seconds=wait - 4 * 86400) for wait in waits)
    found = [too_late(occurrence, schedule, moment) for moment in (*moments, limits[0])]
    assert found[-1] is SkipReason.LATE
    assert found[:-1] == [None if moment < limits[0] else SkipReason.LATE for moment in moments]


# --- who is there

COUNTRIES = sorted(calendars())
ABSENCES = st.lists(st.tuples(st.integers(-40, 40), st.integers(0, 20)), max_size=6)


@SHARED
@given(
    WEEKDAYS,
    st.sampled_from(COUNTRIES) | st.none(),
    ABSENCES,
    st.lists(st.integers(0, 5), max_size=2),
    st.integers(-50, 50),
)
def test_the_next_and_the_last_working_day_lead_to_each_other(
    session: Session,
    world: World,
    working_days: str,
    country: str | None,
    away: list[tuple[int, int]],
    withdrawn: list[int],
    offset: int,
) -> None:
    """Whatever absences there are: inside one another, overlapping, one right after the other."""
    with session.begin_nested() as undone:
        ana = get_person(session, world.ana)
        ana.working_days, ana.holiday_calendar = working_days, country
        off: set[date] = set()
        for number, (first, days) in enumerate(away):
            begins = TODAY + first * DAY
            entered = put_absence(session, ana, begins, begins + days * DAY, NOW)
            if number in withdrawn and entered.withdrawn_at is None:
                withdraw_absence(session, ana, entered.id, NOW)
            off |= {begins + n * DAY for n in range(days + 1)}
        # taken back, it is gone from today on; the same days twice are one absence
        off = {day for day in off if _is_away(session, ana, day)}
        day = TODAY + offset * DAY
        following, before = (
            next_working_day(session, ana, day),
            working_day_before(session, ana, day),
        )
        assert before < day < following
        for here in (before, following):
            assert _works(ana, here, off)
            assert day_off(session, ana, here) is None
        between = [before + n * DAY for n in range(1, (following - before).days)]
        assert all(one == day or not _works(ana, one, off) for one in between)
        if _works(ana, day, off):
            assert working_day_before(session, ana, following) == day
            assert next_working_day(session, ana, before) == day
        else:
            assert working_day_before(session, ana, following) == before
            assert next_working_day(session, ana, before) == following
        undone.rollback()
    session.expire_all()


def _is_away(session: Session, person: Person, day: date) -> bool:
    found = select(Absence.id).where(
        Absence.person_id == person.id,
        Absence.starts_on <= day,
        Absence.ends_on >= day,
        Absence.withdrawn_at.is_(None),
    )
    return session.scalars(found).first() is not None


def _works(person: Person, day: date, away: set[date]) -> bool:
    calendar = person.holiday_calendar
    is_holiday = calendar is not None and day in holidays.country_holidays(calendar)
    return str(day.isoweekday()) in person.working_days and not is_holiday and day not in away


@pytest.mark.parametrize("year", [2025, 2026, 2027, 2028])
def test_every_country_has_its_holidays_in_the_years_around(year: int) -> None:
    year_round = [date(year, 1, 1) + n * DAY for n in range(365)]
    without = set()
    assert len(COUNTRIES) > 150
    for country in COUNTRIES:
        days = [day for day in year_round if holiday_on(country, day)]
        kept = holidays.country_holidays(country, years=year)
        assert days == [day for day in year_round if day in kept], country
        without |= set() if days else {country}
    assert len(without) < 6, "islands where nobody lives, and no other"


@given(st.sampled_from([(c, part) for c in COUNTRIES for part in calendars()[c]]))
def test_a_part_of_a_country_keeps_its_days(chosen: tuple[str, str]) -> None:
    country, part = chosen
    days = [date(2026, 1, 1) + n * DAY for n in range(365)]
    expected = holidays.country_holidays(country, subdiv=part, years=2026)
    found = {day for day in days if holiday_on(f"{country}-{part}", day)}
    assert found == {day for day in days if day in expected}
