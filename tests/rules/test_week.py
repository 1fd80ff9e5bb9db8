"""Every team that has begun has each prompt of the week, in its zone, and keeps what it set."""

from datetime import date, time, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.agenda import PROMPTS
from models.people import team
from models.schedule import Lateness, Occurrence, Schedule, materialise, put_schedule
from models.week import (
    FORECAST,
    HEALTH,
    IMPORT_REMINDER,
    PUT_RIGHT,
    WEEK,
    Fixed,
    WeekOutOfOrder,
    WeekTime,
    fixed_times,
    keep,
    set_fixed_times,
    unkept,
)
from models.week_agenda import MOST_ITEMS, agenda_of, set_agenda
from tests.world import NOW, World

NEXT_MONDAY = date(2026, 11, 30)
CHECK = Fixed("a.check", WeekTime(1, time(9)), timedelta(hours=3))
WRAP_UP = Fixed("a.wrap_up", WeekTime(5, time(15)))


def test_every_prompt_of_the_week_does_something() -> None:
    assert {one.prompt for one in WEEK} <= set(PROMPTS)
    assert len({one.prompt for one in WEEK}) == len(WEEK)


def test_a_team_gets_what_it_lacks_once(session: Session, world: World) -> None:
    both = (CHECK, WRAP_UP)
    assert unkept(session, NOW, both) == {world.workspace_id}
    assert keep(session, NOW, both) == 2
    assert unkept(session, NOW, both) == set()
    assert keep(session, NOW, both) == 0
    check = _schedules(session)["a.check"]
    assert (check.weekdays, check.local_time, check.zone) == ("1", time(9), "America/New_York")
    assert (check.active_from, check.late_until) == (NEXT_MONDAY, time(12))


def test_a_team_that_has_not_begun_has_no_week(session: Session, world: World) -> None:
    team(session, world.team).trial_ends_on = None
    session.flush()
    assert unkept(session, NOW, (CHECK,)) == set()
    assert keep(session, NOW, (CHECK,)) == 0


def test_a_new_team_begins_with_its_first_week(session: Session, world: World) -> None:
    team(session, world.team).trial_ends_on = date(2026, 12, 13)
    session.flush()
    keep(session, NOW, (CHECK,))
    assert _schedules(session)["a.check"].active_from == date(2026, 12, 7)


def test_what_the_team_set_stays_and_its_zone_is_followed(session: Session, world: World) -> None:
    put_schedule(
        session, world.team, "a.check", weekdays="2", local_time=time(8), zone="America/New_York",
        lateness=Lateness.MIDNIGHT, active_from=date(2026, 11, 1), is_on=False,
    )  # fmt: skip
    team(session, world.team).zone = "Europe/Berlin"
    session.flush()
    assert unkept(session, NOW, (CHECK,)) == {world.workspace_id}
    keep(session, NOW, (CHECK,))
    check = _schedules(session)["a.check"]
    assert (check.weekdays, check.local_time, check.zone) == ("2", time(8), "Europe/Berlin")
    assert (check.is_on, check.active_from) == (False, date(2026, 11, 24))


# --- the times that a team sets, on Tuesday at 15:00


@pytest.fixture
def week(session: Session, world: World) -> dict[str, Schedule]:
    keep(session, NOW - timedelta(days=21))
    return _schedules(session)


@pytest.mark.parametrize(
    ("said", "later"),
    [
        ({FORECAST: WeekTime(5, time(16))}, PUT_RIGHT),  # at the same minute
        ({PUT_RIGHT: WeekTime(1, time(8))}, PUT_RIGHT),
        ({HEALTH: WeekTime(1, time(9)), IMPORT_REMINDER: WeekTime(1, time(9))}, HEALTH),
    ],
)
def test_a_week_out_of_order_is_refused(
    session: Session, world: World, week: object, said: dict[str, WeekTime], later: str
) -> None:
    before = fixed_times(session, team(session, world.team))
    with pytest.raises(WeekOutOfOrder) as refused:
        set_fixed_times(session, team(session, world.team), said, NOW)
    assert refused.value.then == later
    assert fixed_times(session, team(session, world.team)) == before


def test_what_is_off_has_no_order(session: Session, world: World, week: object) -> None:
    said = {FORECAST: None, PUT_RIGHT: WeekTime(1, time(8))}
    assert set_fixed_times(session, team(session, world.team), said, NOW)


@pytest.mark.parametrize(
    ("check", "reminder"),
    [
        (WeekTime(2, time(11)), WeekTime(2, time(9, 30))),
        (WeekTime(2, time(1)), WeekTime(1, time(23, 30))),
        (WeekTime(1, time(1)), WeekTime(1, time(0))),
    ],
)
def test_the_reminder_keeps_its_distance_from_the_check(
    session: Session, world: World, week: object, check: WeekTime, reminder: WeekTime
) -> None:
    set_fixed_times(session, team(session, world.team), {HEALTH: check}, NOW)
    assert fixed_times(session, team(session, world.team))[IMPORT_REMINDER] == reminder


@pytest.mark.parametrize(
    ("at", "comes"), [(time(14), []), (time(15), []), (time(17), [NOW.date()])]
)
def test_a_new_time_that_has_passed_today_counts_from_next_week_on(
    session: Session, world: World, week: dict[str, Schedule], at: time, comes: list[date]
) -> None:
    set_fixed_times(session, team(session, world.team), {HEALTH: WeekTime(2, at)}, NOW)
    materialise(session, NOW + timedelta(hours=3))
    due = select(Occurrence.local_date).where(Occurrence.schedule_id == week[HEALTH].id)
    today = [day for day in session.scalars(due) if day >= NOW.date()]
    assert today == comes


def test_a_time_that_was_set_wrongly_and_put_right_comes_today(
    session: Session, world: World, week: dict[str, Schedule]
) -> None:
    west = team(session, world.team)
    for wrong, right in ((time(14), time(17)), (time(13), time(18))):
        set_fixed_times(session, west, {HEALTH: WeekTime(2, wrong)}, NOW)
        assert week[HEALTH].active_from == NOW.date() + timedelta(days=1)
        set_fixed_times(session, west, {HEALTH: WeekTime(2, right)}, NOW)
        assert week[HEALTH].active_from == NOW.date()
    materialise(session, NOW + timedelta(hours=3))
    set_fixed_times(session, west, {HEALTH: WeekTime(2, time(14))}, NOW + timedelta(hours=3))
    set_fixed_times(session, west, {HEALTH: WeekTime(2, time(19))}, NOW + timedelta(hours=3))
    materialise(session, NOW + timedelta(hours=4))
    due = select(Occurrence.local_date).where(Occurrence.schedule_id == week[HEALTH].id)
    assert list(session.scalars(due)).count(NOW.date()) == 1, "what came today does not come again"


def test_the_same_time_again_changes_nothing(
    session: Session, world: World, week: dict[str, Schedule]
) -> None:
    """Also while what came due today was not carried out yet."""
    west = team(session, world.team)
    set_fixed_times(session, west, {HEALTH: WeekTime(2, time(14))}, NOW - timedelta(days=1))
    assert not set_fixed_times(session, west, {HEALTH: WeekTime(2, time(14))}, NOW)
    assert week[HEALTH].active_from <= NOW.date()


def test_the_agenda_of_a_monday_is_replaced_as_a_whole(session: Session, world: World) -> None:
    assert set_agenda(session, world.team, NEXT_MONDAY, world.max, ["Nexus", "Q4"], NOW)
    assert not set_agenda(session, world.team, NEXT_MONDAY, world.max, ["Nexus", "Q4"], NOW)
    assert set_agenda(session, world.team, NEXT_MONDAY, world.max, ["Q4", "Orbit"], NOW)
    assert [item.text for item in agenda_of(session, world.team, NEXT_MONDAY)] == ["Q4", "Orbit"]
    assert agenda_of(session, world.team, date(2026, 12, 7)) == ()
    with pytest.raises(ValueError, match="ten"):
        set_agenda(session, world.team, NEXT_MONDAY, world.max, ["x"] * (MOST_ITEMS + 1), NOW)


def _schedules(session: Session) -> dict[str, Schedule]:
    return {row.prompt: row for row in session.scalars(select(Schedule))}
