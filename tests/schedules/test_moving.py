"""Who moves to another zone in mid-week, a person or a team: no prompt twice, none lost."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot.scheduler import Prompt, run_due
from models.agenda import choose_calendar, keep_digest
from models.base import Database
from models.people import get_person, team
from models.schedule import (
    Lateness,
    Occurrence,
    Schedule,
    due_dates,
    goes_on,
    instant,
    local_date,
    put_schedule,
)
from models.setup import ReviewTimes, put_times
from models.week import CARDS, DECIDING, Fixed, WeekTime, keep
from tests.world import World, a_workspace

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
ZONES = (
    "America/New_York", "Europe/Berlin", "Australia/Sydney", "Pacific/Honolulu",
    "Pacific/Kiritimati", "Pacific/Pago_Pago", "America/Santiago", "Asia/Tokyo",
)  # fmt: skip
NEW_YORK, SYDNEY = ZONES[0], ZONES[2]


@pytest.fixture
def world(database: Database) -> World:
    return a_workspace(database)


def at(zone: str, day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), ZoneInfo(zone)).astimezone(UTC)


def runs(database: Database, first: datetime, last: datetime) -> None:
    """Every two hours."""
    said = {"digest.morning": says, CARDS: says, DECIDING: says, "a.check": says}
    while first <= last:
        _run(database, said, first)
        first += 2 * HOUR


def _run(database: Database, prompts: Mapping[str, Prompt], now: datetime) -> None:
    run_due(database, prompts, lambda: now, chores=())


def says(_session: Session, _occurrence: Occurrence, _now: datetime) -> None:
    """A prompt that is carried out."""


def came(database: Database, prompt: str) -> list[tuple[date, str, datetime]]:
    """The dates of a prompt that came due, what became of each, and when."""
    with database.everywhere() as session:
        rows = session.execute(
            select(Occurrence.local_date, Occurrence.state, Occurrence.due_at)
            .join(Schedule, Schedule.id == Occurrence.schedule_id)
            .where(Schedule.prompt == prompt)
            .order_by(Occurrence.local_date)
        )
        return [(day, str(state), due_at) for day, state, due_at in rows]


# --- a person


def move(database: Database, world: World, zone: str, now: datetime) -> None:
    with database.transaction(world.workspace_id) as session:
        choose_calendar(
            session, get_person(session, world.ana), now,
            zone=zone, zone_is_own=True, working_days="1234567", holidays=None,
        )  # fmt: skip
        keep_digest(session, get_person(session, world.ana), now)


@pytest.mark.parametrize(
    ("before", "after", "moves_at"),
    [
        pytest.param(NEW_YORK, "Europe/Berlin", (2026, 3, 9, 20), id="the day after US summer"),
        pytest.param("Europe/Berlin", NEW_YORK, (2026, 3, 29, 3), id="on Europe's spring night"),
        pytest.param("Europe/Berlin", SYDNEY, (2026, 10, 4, 12), id="on Sydney's spring day"),
        pytest.param(SYDNEY, "America/Santiago", (2026, 4, 5, 20), id="on both autumn days"),
        pytest.param("Pacific/Kiritimati", "Pacific/Pago_Pago", (2026, 6, 10, 12), id="a day back"),
        pytest.param("Pacific/Pago_Pago", "Pacific/Kiritimati", (2026, 6, 10, 12), id="a day on"),
    ],
)
def test_a_digest_comes_once_a_day_wherever_one_goes(
    database: Database, world: World, before: str, after: str, moves_at: tuple[int, int, int, int]
) -> None:
    year, month, day, hour = moves_at
    moved = at(before, date(year, month, day), hour)
    move(database, world, before, moved - 3 * DAY)
    runs(database, moved - 3 * DAY, moved)
    move(database, world, after, moved)
    runs(database, moved, moved + 4 * DAY)
    found = came(database, "digest.morning")
    days = [on for on, _, _ in found]
    assert len(set(days)) == len(days)
    assert {state for _, state, _ in found} == {"ran"}
    times = [due_at for _, _, due_at in found]
    assert all(a < b for a, b in pairwise(times))
    assert all(b - a <= DAY + 25 * HOUR for a, b in pairwise(times)), "the next is the next morning"
    assert {local_date(moved, after) + n * DAY for n in (1, 2, 3)} <= {*days}


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    hours=st.lists(st.integers(1, 40), min_size=1, max_size=6),
    zones=st.lists(st.sampled_from(ZONES), min_size=6, max_size=6),
    first=st.sampled_from((date(2026, 3, 6), date(2026, 4, 3), date(2026, 10, 2))),
)
def test_however_often_somebody_travels_no_day_has_two(
    database: Database, world: World, hours: list[int], zones: list[str], first: date
) -> None:
    with database.everywhere() as session:
        session.execute(delete(Occurrence).execution_options(synchronize_session=False))
        session.execute(delete(Schedule).execution_options(synchronize_session=False))
    now = at("UTC", first, 0)
    for wait, zone in zip(hours, zones, strict=False):
        move(database, world, zone, now)
        for moment in (now + n * HOUR for n in range(0, wait, 2)):
            _run(database, {"digest.morning": says}, moment)
        now += wait * HOUR
    found = [on for on, _, _ in came(database, "digest.morning")]
    assert len(set(found)) == len(found)


# --- a team


def put(database: Database, world: World, zone: str, now: datetime) -> None:
    """West moves there; its review and its week follow."""
    with database.transaction(world.workspace_id) as session:
        west = team(session, world.team)
        west.zone = zone
        put_times(session, west, ReviewTimes(), now)
        keep(session, now, [Fixed("a.check", WeekTime(2, time(9)), timedelta(hours=3))])


TUESDAY = date(2026, 3, 10)


@pytest.mark.parametrize(
    ("before", "after", "hour", "ran_at"),
    [
        pytest.param(NEW_YORK, "America/Los_Angeles", 16, (NEW_YORK, 15), id="back, after it ran"),
        pytest.param("America/Los_Angeles", NEW_YORK, 13, (NEW_YORK, 15), id="on, past its time"),
        pytest.param(NEW_YORK, SYDNEY, 14, (SYDNEY, 15), id="on into Wednesday, before it ran"),
        pytest.param(SYDNEY, NEW_YORK, 18, (SYDNEY, 15), id="back into Tuesday, after it ran"),
        pytest.param(SYDNEY, "Pacific/Honolulu", 9, ("Pacific/Honolulu", 15), id="back to Monday"),
    ],
)
def test_a_teams_cards_come_once_that_week(
    database: Database,
    world: World,
    before: str,
    after: str,
    hour: int,
    ran_at: tuple[str, int],
) -> None:
    put(database, world, before, at(before, TUESDAY, 0) - 5 * DAY)
    begin, moved = at(before, TUESDAY, 0) - 12 * HOUR, at(before, TUESDAY, hour)
    runs(database, begin, moved)
    put(database, world, after, moved)
    runs(database, moved, moved + 4 * DAY)
    assert came(database, CARDS) == [(TUESDAY, "ran", at(ran_at[0], TUESDAY, ran_at[1]))]
    assert [(on, state) for on, state, _ in came(database, DECIDING)] == [(TUESDAY + DAY, "ran")]


def test_what_would_be_too_late_there_does_not_come_due(database: Database, world: World) -> None:
    """A check of Tuesday morning, worth it until noon: in Sydney it is Wednesday already."""
    put(database, world, NEW_YORK, at(NEW_YORK, TUESDAY, 0) - 5 * DAY)
    runs(database, at(NEW_YORK, TUESDAY, 0), at(NEW_YORK, TUESDAY, 8))
    put(database, world, SYDNEY, at(NEW_YORK, TUESDAY, 9) - HOUR)
    runs(database, at(NEW_YORK, TUESDAY, 9), at(NEW_YORK, TUESDAY, 9) + 2 * DAY)
    assert came(database, "a.check") == []


def test_one_that_begins_later_does_not_begin_earlier_by_moving() -> None:
    waits = Schedule(
        zone=NEW_YORK, local_time=time(15), weekdays="2", active_from=TUESDAY + 7 * DAY,
        lateness=Lateness.MIDNIGHT, is_on=True,
    )  # fmt: skip
    now = at(NEW_YORK, TUESDAY, 14)
    assert goes_on(waits, SYDNEY, time(15), now) == TUESDAY + 7 * DAY


@given(
    before=st.sampled_from(ZONES),
    after=st.sampled_from(ZONES),
    minutes=st.integers(0, 7 * 24 * 60 - 1),
    first=st.sampled_from((date(2026, 3, 2), date(2026, 3, 23), date(2026, 9, 28))),
)
def test_whenever_and_wherever_a_daily_prompt_moves_each_date_comes_once_at_most(
    before: str, after: str, minutes: int, first: date
) -> None:
    rule = {"local_time": time(15), "weekdays": "1234567", "is_on": True}
    here = Schedule(zone=before, active_from=first, lateness=Lateness.MIDNIGHT, **rule)
    now = instant(first, time(), before) + timedelta(minutes=minutes)
    ran = list(due_dates(here, None, now))
    there = Schedule(
        zone=after, active_from=goes_on(here, after, time(15), now), lateness=here.lateness, **rule
    )
    later = list(due_dates(there, ran[-1] if ran else None, now + 2 * DAY))
    assert not set(ran) & set(later)
    lost = [
        day
        for day in (local_date(now, before), local_date(now, after))
        if day >= first and day not in (*ran, *later) and now < instant(day, time(15), after)
    ]
    assert lost == []


def test_a_schedule_that_moves_keeps_what_is_recorded(database: Database, world: World) -> None:
    with database.transaction(world.workspace_id) as session:
        for zone in (NEW_YORK, SYDNEY):
            row, changed = put_schedule(
                session, world.team, CARDS, weekdays="2", local_time=time(15), zone=zone,
                lateness=Lateness.MIDNIGHT, active_from=TUESDAY,
            )  # fmt: skip
            assert changed
        assert row.zone == SYDNEY
