"""Held rate, changes by either side, breaches told once."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.delivery import Kind
from models.one_on_ones import (
    Breach,
    Changes,
    HeldRate,
    OneOnOne,
    UnknownOneOnOne,
    cancel,
    changes,
    end_standing,
    enter_absence,
    get_breach,
    held_rate,
    move,
    on_days,
    plan,
    quarter_of,
    settle_missed,
)
from models.people import get_person
from models.screens import breach_told, breach_told_above
from tests.one_on_ones import (
    MONDAY,
    MORNING,
    WEEK,
    a_session,
    a_standing,
    at,
    hold,
    sessions_of,
    told,
)
from tests.world import World

QUARTER = (date(2026, 10, 1), date(2026, 12, 31))
DAY = timedelta(days=1)


@pytest.fixture
def weeks(session: Session, world: World) -> list[OneOnOne]:
    """Ana's sessions with Max, Tuesdays at 10:00, of five weeks."""
    a_session(session, world)
    for week in range(4):
        plan(session, MORNING + week * WEEK)
    return sessions_of(session, world.ana)


@pytest.mark.parametrize(
    ("day", "quarter"),
    [
        (date(2026, 11, 24), QUARTER),
        (date(2026, 12, 31), QUARTER),
        (date(2027, 1, 1), (date(2027, 1, 1), date(2027, 3, 31))),
        (date(2028, 6, 30), (date(2028, 4, 1), date(2028, 6, 30))),
        (date(2026, 9, 30), (date(2026, 7, 1), date(2026, 9, 30))),
    ],
)
def test_quarters(day: date, quarter: tuple[date, date]) -> None:
    assert quarter_of(day) == quarter


# --- held rate


def test_held_over_due_without_what_is_excused(
    session: Session, world: World, weeks: list[OneOnOne]
) -> None:
    ana = get_person(session, world.ana)
    hold(session, weeks[0], at(2, 10, 30))
    cancel(session, ana, weeks[1].id, "Flu", at(2, 9, week=1))
    enter_absence(session, ana, MONDAY + 2 * WEEK, MONDAY + 2 * WEEK + DAY, at(1, 9, week=2))
    settle_missed(session, at(5, 0, week=3))
    assert held_rate(session, world.max, *QUARTER) == HeldRate(held=1, due=3, excused=1)
    assert held_rate(session, world.max, *QUARTER, person_id=world.ana).due == 3
    assert held_rate(session, world.max, *QUARTER, person_id=world.ben) == HeldRate(0, 0, 0)
    assert held_rate(session, world.lea, *QUARTER) == HeldRate(0, 0, 0)


def test_a_moved_session_counts_in_the_week_it_was_first_due(
    session: Session, world: World, weeks: list[OneOnOne]
) -> None:
    move(session, get_person(session, world.max), weeks[0].id, at(3, 10, week=2), MORNING)
    hold(session, weeks[0], at(3, 11, week=2))
    assert held_rate(session, world.max, MONDAY, MONDAY + 6 * DAY) == HeldRate(1, 1, 0)
    assert held_rate(session, world.max, MONDAY + 2 * WEEK, MONDAY + 2 * WEEK + 6 * DAY).due == 0


def test_what_has_not_ended_counts_as_nothing(
    session: Session, world: World, weeks: list[OneOnOne]
) -> None:
    assert held_rate(session, world.max, *QUARTER) == HeldRate(0, 0, 0)


# --- who changed how often


def test_each_side_by_itself(session: Session, world: World, weeks: list[OneOnOne]) -> None:
    boss, ana = get_person(session, world.max), get_person(session, world.ana)
    move(session, ana, weeks[0].id, at(3, 10), MORNING)
    move(session, ana, weeks[0].id, at(3, 15), MORNING)  # the same day: against nobody
    move(session, ana, weeks[0].id, at(4, 15), MORNING)
    cancel(session, ana, weeks[0].id, "Flu", MORNING)
    move(session, boss, weeks[1].id, at(3, 10, week=1), MORNING)
    cancel(session, boss, weeks[2].id, "Fair", MORNING)
    counted = Changes(coach_cancelled=1, coach_moved=1, person_cancelled=1, person_moved=2)
    assert changes(session, world.max, world.ana, date(2026, 12, 31)) == counted
    assert changes(session, world.max, world.ana, date(2027, 1, 1)) == Changes(0, 0, 0, 0)
    assert changes(session, world.max, world.ben, MONDAY) == Changes(0, 0, 0, 0)


def test_the_quarter_is_that_of_the_local_date(session: Session, world: World) -> None:
    a_standing(session, world.max, world.ana, active_from=date(2026, 12, 28))
    silvester = datetime(2027, 1, 1, 3, 0, tzinfo=UTC)  # 31 December, 22:00 in New York
    plan(session, silvester)
    (ahead,) = sessions_of(session, world.ana)
    cancel(session, get_person(session, world.max), ahead.id, "Fair", silvester)
    assert changes(session, world.max, world.ana, date(2026, 12, 1)).coach_cancelled == 1
    assert changes(session, world.max, world.ana, date(2027, 1, 1)).coach_cancelled == 0


# --- breaches


def test_the_second_time_coach_and_leader_are_told_once(
    session: Session, world: World, weeks: list[OneOnOne]
) -> None:
    boss = get_person(session, world.max)
    cancel(session, boss, weeks[0].id, "Fair", MORNING)
    assert _told(session) == []
    move(session, boss, weeks[1].id, at(3, 10, week=1), MORNING)
    breach = session.scalars(select(Breach)).one()
    expected = [(breach.id, world.max, MORNING), (breach.id, world.lea, MORNING)]
    assert _told(session) == expected
    assert (breach.quarter, breach.at, breach.person_id) == (QUARTER[0], MORNING, world.ana)
    assert get_breach(session, breach.id) is breach
    cancel(session, boss, weeks[2].id, "Fair", MORNING)
    assert _told(session) == expected


def _told(session: Session) -> list[tuple[int, int | None, datetime]]:
    """To the coach, then to who is above."""
    kinds = (Kind.ONE_ON_ONE_BREACH, Kind.ONE_ON_ONE_BREACH_ABOVE)
    return [each for kind in kinds for each in told(session, kind)]


def test_a_leader_who_is_not_above_any_more_is_not_told(
    session: Session, world: World, weeks: list[OneOnOne]
) -> None:
    boss = get_person(session, world.max)
    for one_on_one in weeks[:2]:
        cancel(session, boss, one_on_one.id, "Fair", MORNING)
    breach = session.scalars(select(Breach)).one()
    assert breach_told_above(session, breach.id, MORNING) == breach_told(
        session, breach.id, MORNING
    )
    boss.reports_to_id = world.ada
    session.flush()
    assert breach_told_above(session, breach.id, MORNING) is None
    assert breach_told(session, breach.id, MORNING) is not None


def test_what_the_person_does_is_no_breach(
    session: Session, world: World, weeks: list[OneOnOne]
) -> None:
    for one_on_one in weeks:
        cancel(session, get_person(session, world.ana), one_on_one.id, "Flu", MORNING)
    assert session.scalars(select(Breach)).all() == []


def test_same_day_moves_are_no_breach(
    session: Session, world: World, weeks: list[OneOnOne]
) -> None:
    boss = get_person(session, world.max)
    for hour in (13, 14, 15):
        move(session, boss, weeks[0].id, at(2, hour), MORNING)
    cancel(session, boss, weeks[0].id, "Fair", MORNING)
    assert session.scalars(select(Breach)).all() == []


def test_a_breach_is_of_one_pair(session: Session, world: World, weeks: list[OneOnOne]) -> None:
    a_standing(session, world.max, world.ben, weekday=3)
    boss = get_person(session, world.max)
    cancel(session, boss, weeks[0].id, "Fair", MORNING)
    cancel(session, boss, sessions_of(session, world.ben)[0].id, "Fair", MORNING)
    assert session.scalars(select(Breach)).all() == []


def test_a_new_quarter_a_new_breach(session: Session, world: World, weeks: list[OneOnOne]) -> None:
    boss = get_person(session, world.max)
    for one_on_one in weeks[:2]:
        cancel(session, boss, one_on_one.id, "Fair", MORNING)
    for week in range(4, 8):
        plan(session, MORNING + week * WEEK)
    later = sessions_of(session, world.ana)[7:]
    january = datetime(2027, 1, 4, 14, 0, tzinfo=UTC)
    for one_on_one in later[:2]:
        cancel(session, boss, one_on_one.id, "Fair", january)
    assert [each.quarter for each in session.scalars(select(Breach).order_by(Breach.id))] == [
        QUARTER[0], date(2027, 1, 1),
    ]  # fmt: skip


def test_without_an_active_leader_the_next_above_or_nobody(
    session: Session, world: World, weeks: list[OneOnOne]
) -> None:
    get_person(session, world.lea).active = False
    boss = get_person(session, world.max)
    for one_on_one in weeks[:2]:
        cancel(session, boss, one_on_one.id, "Fair", MORNING)
    assert [who for _, who, _ in _told(session)] == [world.max]


def test_ending_a_standing_counts_once_whatever_falls_with_it(
    session: Session, world: World, weeks: list[OneOnOne]
) -> None:
    boss, ana = get_person(session, world.max), get_person(session, world.ana)
    end_standing(session, boss, ana, MORNING)
    assert held_rate(session, world.max, *QUARTER).due == len(weeks)
    assert changes(session, world.max, world.ana, MONDAY).coach_cancelled == 1
    assert _told(session) == []


def test_there_is_no_such_breach(session: Session) -> None:
    with pytest.raises(UnknownOneOnOne):
        get_breach(session, 4711)


# --- a day's sessions


def test_the_sessions_of_a_day_of_either_side(
    session: Session, world: World, weeks: list[OneOnOne]
) -> None:
    a_standing(session, world.lea, world.max, weekday=3)
    cancel(session, get_person(session, world.ana), weeks[0].id, "Flu", MORNING)
    move(session, get_person(session, world.ana), weeks[1].id, at(3, 15), MORNING)
    found = on_days(session, world.max, MONDAY, MONDAY + 2 * DAY)
    assert [(each.coach_id, sitting.starts_at) for each, sitting in found] == [
        (world.max, at(2, 10)), (world.lea, at(3, 10)), (world.max, at(3, 15)),
    ]  # fmt: skip
    assert on_days(session, world.lea, MONDAY, MONDAY + DAY) == []
    assert len(on_days(session, world.ana, MONDAY, MONDAY + 5 * WEEK)) == len(weeks)
