"""The local-date rule, over every zone and the days around every change of its clocks."""

from collections import defaultdict
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.schedule import Lateness, Schedule, due_dates, instant, next_instant
from tests.schedules.transitions import transitions

TIMES = [time(hour, minute) for hour in range(24) for minute in (0, 30)]
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


def utc(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


def _regions() -> dict[str, list[str]]:
    regions: defaultdict[str, list[str]] = defaultdict(list)
    for zone in sorted(available_timezones() - {"localtime"}):
        regions[zone.split("/")[0] if "/" in zone else "without region"].append(zone)
    return dict(regions)


REGIONS = _regions()


def a_schedule(zone: str, at: time, active_from: date, weekdays: str = "1234567") -> Schedule:
    return Schedule(
        zone=zone,
        local_time=at,
        weekdays=weekdays,
        active_from=active_from,
        lateness=Lateness.MIDNIGHT,
        is_on=True,
    )


@pytest.mark.parametrize("region", REGIONS)
def test_no_change_of_the_clocks_loses_or_doubles_a_day(region: str) -> None:
    alike = {transitions(zone): zone for zone in REGIONS[region]}  # one for all that change alike
    for changes, zone in alike.items():
        for transition in changes:
            middle = (transition.at + transition.before).date()
            days = [middle + n * DAY for n in (-2, -1, 0, 1, 2)]
            for at in TIMES:
                due = [instant(day, at, zone) for day in days]
                walls = [datetime.combine(day, at) for day in days]
                assert due == [transition.first_happening(wall) for wall in walls], (zone, at)
                assert all(a < b for a, b in pairwise(due)), (zone, at)
                schedule = a_schedule(zone, at, days[0])
                assert [*due_dates(schedule, None, due[-1])] == days, (zone, at)
                assert [*due_dates(schedule, days[1], due[3] - SECOND)] == [days[2]], (zone, at)


def test_the_zones_are_all_there_and_their_clocks_do_change() -> None:
    assert sum(map(len, REGIONS.values())) > 590
    assert len(transitions("Europe/Berlin")) == 32
    assert len(transitions("Asia/Kolkata")) == 0
    assert len(transitions("Africa/Casablanca")) == 34  # around each Ramadan


@pytest.mark.parametrize(
    ("zone", "day", "at", "expected"),
    [
        pytest.param(
            "Europe/Berlin", date(2026, 3, 29), time(2, 30), utc(2026, 3, 29, 1, 30),
            id="skipped in spring: 03:30 by the new clock",
        ),
        pytest.param(
            "Europe/Berlin", date(2026, 10, 25), time(2, 30), utc(2026, 10, 25, 0, 30),
            id="twice in autumn: the first time",
        ),
        pytest.param(
            "America/New_York", date(2026, 11, 24), time(15), utc(2026, 11, 24, 20),
            id="a Tuesday in winter",
        ),
        pytest.param(
            "America/Santiago", date(2026, 9, 6), time(0, 0), utc(2026, 9, 6, 4),
            id="no midnight that day: 01:00",
        ),
        pytest.param(
            "Australia/Lord_Howe", date(2026, 10, 4), time(2, 15), utc(2026, 10, 3, 15, 45),
            id="half an hour skipped: 02:45",
        ),
    ],
)  # fmt: skip
def test_an_instant_is_the_local_time_whatever_the_clocks_do(
    zone: str, day: date, at: time, expected: datetime
) -> None:
    assert instant(day, at, zone) == expected


@given(
    zone=st.sampled_from(sorted(available_timezones() - {"localtime"})),
    at=st.sampled_from(TIMES),
    weekdays=st.sets(st.sampled_from("1234567"), min_size=1),
    first=st.dates(date(2020, 1, 1), date(2035, 11, 1)),
    waits=st.lists(st.integers(1, 5 * 86400), min_size=1, max_size=20),
)
def test_however_irregularly_it_looks_each_date_comes_once(
    zone: str, at: time, weekdays: set[str], first: date, waits: list[int]
) -> None:
    schedule = a_schedule(zone, at, first, "".join(sorted(weekdays)))
    now = instant(first, time(), zone)
    last: date | None = None
    seen: list[date] = []
    for wait in waits:
        now += timedelta(seconds=wait)
        for day in due_dates(schedule, last, now):
            assert instant(day, at, zone) <= now
            seen.append(day)
            last = day
    span = (now.date() - first).days + 2
    days = [first + n * DAY for n in range(span)]
    due = [d for d in days if str(d.isoweekday()) in weekdays and instant(d, at, zone) <= now]
    assert seen == due


def test_the_next_instant_is_later_than_now_also_on_the_day_itself() -> None:
    schedule = a_schedule("America/New_York", time(15), date(2026, 11, 1), weekdays="2")
    tuesday = datetime(2026, 11, 24, 20, tzinfo=UTC)
    assert next_instant(schedule, tuesday - SECOND) == tuesday
    assert next_instant(schedule, tuesday) == tuesday + 7 * DAY


def test_the_next_instant_waits_until_the_schedule_is_active() -> None:
    schedule = a_schedule("Europe/Berlin", time(9), date(2026, 12, 7), weekdays="1")
    assert next_instant(schedule, datetime(2026, 11, 1, tzinfo=UTC)) == datetime(
        2026, 12, 7, 8, tzinfo=UTC
    )
