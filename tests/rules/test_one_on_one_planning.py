"""Planning: each pair once a week, never on a day off, never the fourth of a day."""

from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from models.absences import put_absence
from models.base import Database
from models.delivery import Delivery, Kind
from models.one_on_ones import (
    Excuse,
    State,
    cancel,
    move,
    overdue,
    plan,
    settle_missed,
    unplanned,
)
from models.one_on_ones.diary import diary
from models.people import Role, get_person
from tests.one_on_ones import (
    MONDAY,
    MORNING,
    WEEK,
    a_session,
    a_standing,
    at,
    reps,
    sessions_of,
    sitting_of,
    starts_of,
)
from tests.world import World, a_person, a_team

NEXT = MORNING + WEEK
DAY = timedelta(days=1)


def _off(session: Session, person_id: int, first: date, last: date | None = None) -> None:
    put_absence(session, get_person(session, person_id), first, last or first, MORNING)


def _thanksgiving(session: Session, *person_ids: int) -> None:
    for person_id in person_ids:
        get_person(session, person_id).holiday_calendar = "US"


def _all_on(session: Session, world: World, weekday: int) -> list[int]:
    """Ana, Ben and Cleo on one weekday at 9, 10 and 11, as of next week; none this week."""
    people = [world.ana, world.ben, world.cleo]
    for hour, who in enumerate(people, start=9):
        a_standing(
            session, world.max, who, weekday=weekday, local_time=time(hour),
            active_from=MONDAY + 2 * WEEK,
        )  # fmt: skip
    return people


def test_each_week_plans_the_next(session: Session, world: World) -> None:
    a_standing(session, world.max, world.ana)
    assert plan(session, MORNING) == 0
    assert plan(session, at(1, 0, week=1) - timedelta(seconds=1)) == 0
    assert plan(session, at(1, 0, week=1)) == 1
    assert plan(session, NEXT) == 0
    assert starts_of(session, world.ana) == [at(2, 10, week=week) for week in range(3)]


def test_after_an_outage_nothing_is_planned_into_the_past(session: Session, world: World) -> None:
    a_standing(session, world.max, world.ana)
    assert plan(session, at(3, 9, week=4)) == 1
    assert starts_of(session, world.ana)[2:] == [at(2, 10, week=5)]


def test_a_week_counts_where_the_team_is(session: Session, world: World) -> None:
    # Sunday 20:00 in New York: Monday in UTC and in Tokyo, but the week is New York's
    get_person(session, world.max).zone = "Asia/Tokyo"
    a_standing(session, world.max, world.ana)
    assert plan(session, at(7, 20)) == 0
    assert plan(session, at(1, 0, week=1)) == 1


def test_a_holiday_opens_the_nearest_free_day(session: Session, world: World) -> None:
    _thanksgiving(session, world.ana)
    a_standing(session, world.max, world.ana, weekday=4)
    this_week, next_week = sessions_of(session, world.ana)
    assert sitting_of(session, this_week).starts_at == at(5, 10)
    assert (this_week.state, this_week.first_due_on) == (State.DUE, date(2026, 11, 26))
    assert sitting_of(session, next_week).starts_at == at(4, 10, week=1)


def test_a_holiday_of_either_opens_monday_and_friday(session: Session, world: World) -> None:
    _thanksgiving(session, world.max)
    _off(session, world.ana, date(2026, 11, 24), date(2026, 11, 25))
    a_standing(session, world.max, world.ana, weekday=2)
    # Tuesday and Wednesday off, Thursday a holiday: Monday is nearer to Tuesday than Friday
    assert starts_of(session, world.ana)[0] == at(1, 10)


def test_days_out_of_office_open_neither(session: Session, world: World) -> None:
    _off(session, world.ana, date(2026, 11, 24), date(2026, 11, 25))
    a_standing(session, world.max, world.ana, weekday=2)
    assert starts_of(session, world.ana)[0] == at(4, 10)


def test_nothing_goes_to_a_day_that_has_passed(session: Session, world: World) -> None:
    _thanksgiving(session, world.ana)
    _off(session, world.ana, date(2026, 11, 25), date(2026, 11, 27))
    a_standing(session, world.max, world.ana, weekday=4, now=at(2, 18))
    (first, _) = sessions_of(session, world.ana)
    assert (first.state, first.excuse) == (State.EXCUSED, Excuse.PERSON_OFF)


@pytest.mark.parametrize(("who", "excuse"), [("max", Excuse.COACH_OFF), ("ana", Excuse.PERSON_OFF)])
def test_a_week_without_any_day_is_excused(
    session: Session, world: World, who: str, excuse: Excuse
) -> None:
    _off(session, getattr(world, who), MONDAY, MONDAY + 4 * DAY)
    a_standing(session, world.max, world.ana)
    first, second = sessions_of(session, world.ana)
    sitting = sitting_of(session, first)
    assert (first.state, first.excuse, first.settled_by_id) == (State.EXCUSED, excuse, None)
    assert (sitting.starts_at, sitting.seat, sitting.settle_by) == (at(2, 10), None, None)
    assert second.state is State.DUE
    owed = select(func.count()).where(Delivery.subject_id == sitting.id)
    assert session.scalar(owed.where(Delivery.kind == Kind.ONE_ON_ONE_COACH)) == 0


def test_days_off_count_where_each_person_is(session: Session, world: World) -> None:
    get_person(session, world.ana).zone = "Asia/Tokyo"
    _off(session, world.ana, date(2026, 11, 25))
    a_standing(session, world.max, world.ana, local_time=time(15))  # Wednesday 05:00 in Tokyo
    # what is left of Tuesday in New York is night in Tokyo: the time that they have, a day later
    assert starts_of(session, world.ana)[0] == at(3, 15)


def test_nobody_is_planned_into_the_night(session: Session, world: World) -> None:
    """Ana's Tuesday off ends while it is Tuesday, 10:00, in New York: at midnight in Tokyo. The
    first that is no night there is 16:00, Wednesday 06:00."""
    get_person(session, world.ana).zone = "Asia/Tokyo"
    _off(session, world.ana, MONDAY + DAY)
    a_standing(session, world.max, world.ana, local_time=time(9))
    assert starts_of(session, world.ana) == [at(2, 16), at(2, 9, week=1)]


def test_a_holiday_displaces_nobody(session: Session, world: World) -> None:
    get_person(session, world.max).holiday_calendar = "ES"  # Tuesday 8 December is off
    tuesday = _all_on(session, world, 2)
    wednesday = reps(session, world, 3)
    for hour, who in enumerate(wednesday, start=9):
        a_standing(
            session, world.max, who, weekday=3, local_time=time(hour), active_from=MONDAY + 2 * WEEK
        )
    plan(session, at(1, 9, week=1))
    for hour, who in enumerate(wednesday, start=9):
        assert starts_of(session, who) == [at(3, hour, week=2)]
    for hour, who in enumerate(tuesday, start=9):
        assert starts_of(session, who) == [at(1, hour, week=2)]


def test_a_day_filled_by_hand_moves_it_to_the_next(session: Session, world: World) -> None:
    others = [world.ben, world.cleo, *reps(session, world, 1)]
    for hour, who in enumerate(others, start=9):
        a_standing(session, world.max, who, weekday=3, local_time=time(hour))
        (first, _) = sessions_of(session, who)
        move(session, get_person(session, world.max), first.id, at(2, 12 + hour - 8), MORNING)
    a_standing(session, world.max, world.ana)
    assert starts_of(session, world.ana)[0] == at(3, 10)


def test_a_time_taken_by_hand_moves_it_within_the_day(session: Session, world: World) -> None:
    a_standing(session, world.max, world.ben, weekday=3)
    (other, _) = sessions_of(session, world.ben)
    move(session, get_person(session, world.max), other.id, at(2, 10), MORNING)
    a_standing(session, world.max, world.ana)
    assert starts_of(session, world.ana)[0] == at(2, 9, 30)


def test_a_full_week_goes_to_the_next_and_counts_in_its_own(session: Session, world: World) -> None:
    others = [world.ben, world.cleo, *reps(session, world, 6)]
    for number, who in enumerate(others):  # three on Tuesday and Wednesday, two on Thursday
        a_standing(
            session, world.max, who, weekday=2 + number // 3, local_time=time(9 + number % 3)
        )
    (_, next_wednesday) = sessions_of(session, others[3])
    move(session, get_person(session, world.max), next_wednesday.id, at(4, 15), MORNING)
    a_standing(session, world.max, world.ana, weekday=4, local_time=time(11))
    first, second = sessions_of(session, world.ana)
    assert (first.week, first.first_due_on) == (MONDAY, date(2026, 11, 26))
    assert sitting_of(session, first).starts_at == at(3, 10, 30, week=1)
    assert sitting_of(session, second).starts_at == at(4, 11, week=1)


def test_a_changed_coach_ends_it_even_if_nobody_said(session: Session, world: World) -> None:
    made = a_standing(session, world.max, world.ana)
    mia = a_person(session, "U0MIA", "Mia", Role.MANAGER, reports_to_id=world.lea)
    get_person(session, world.ana).team_id = a_team(session, "East", manager_id=mia.id).id
    assert plan(session, NEXT) == 0
    assert made.ended_at == NEXT
    states = [(each.state, each.excuse) for each in sessions_of(session, world.ana)]
    assert states == [(State.DUE, None), (State.EXCUSED, Excuse.COACH_CHANGED)]


def test_what_was_cancelled_is_not_planned_again(session: Session, world: World) -> None:
    one_on_one = a_session(session, world)
    cancel(session, get_person(session, world.ana), one_on_one.id, "Flu", MORNING)
    plan(session, NEXT)
    weeks = [each.week for each in sessions_of(session, world.ana)]
    assert weeks == [MONDAY, MONDAY + WEEK, MONDAY + 2 * WEEK]


def test_the_settle_by_of_a_session(session: Session, world: World) -> None:
    _off(session, world.max, date(2026, 11, 25))
    sitting = sitting_of(session, a_session(session, world))
    assert sitting.settle_by == at(5, 0)  # Wednesday off: until the end of Thursday


def test_nothing_is_planned_where_a_calendar_is_busy(session: Session, world: World) -> None:
    """To whom a time was offered or given by the planner it is free; who chooses one is trusted."""
    boss, ana = get_person(session, world.max), get_person(session, world.ana)
    pages = diary(session, boss, ana, "America/New_York", MONDAY, MONDAY + 4 * DAY)
    pages = replace(pages, busy={ana.id: [(at(2, 9), at(2, 10, 30))]})
    assert next(pages.starts(MONDAY + DAY, time(9), 30)) == at(2, 10, 30)
    assert pages.refusal(at(2, 9), 30) is None
    assert (pages.is_busy(at(2, 10, 15), 30), pages.is_busy(at(2, 10, 30), 30)) == (True, False)


# --- what it costs


def test_each_workspace_by_itself(database: Database, world: World, south: World) -> None:
    for where in (world, south):
        with database.transaction(where.workspace_id) as session:
            a_standing(session, where.max, where.ana)
    with database.everywhere() as session:
        assert unplanned(session, MORNING) == set()
        assert unplanned(session, NEXT) == {"T0NORTH", "T0SOUTH"}
        assert overdue(session, at(3, 23, 59)) == set()
        assert overdue(session, at(4, 0)) == {"T0NORTH", "T0SOUTH"}
    with database.transaction(world.workspace_id) as session:
        assert (plan(session, NEXT), settle_missed(session, NEXT)) == (1, 1)
    with database.everywhere() as session:
        assert unplanned(session, NEXT) == {"T0SOUTH"}
        assert overdue(session, NEXT) == {"T0SOUTH"}


def test_a_round_with_nothing_to_do_is_one_indexed_query_each(
    database: Database, world: World, kind: str
) -> None:
    with database.transaction(world.workspace_id) as session:
        for number, who in enumerate([world.ana, world.ben, world.cleo]):
            a_standing(session, world.max, who, local_time=time(9 + number))
    asked: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    with database.everywhere() as session:
        assert (unplanned(session, MORNING), overdue(session, MORNING)) == (set(), set())
    selects = [statement for statement in asked if statement.startswith("SELECT")]
    assert len(selects) == 2
    if kind == "sqlite":
        with database.everywhere() as session:
            connection = session.connection()
            for statement in selects:
                plan_ = connection.exec_driver_sql(
                    f"EXPLAIN QUERY PLAN {statement}", (None,) * statement.count("?")
                )
                assert "USING INDEX" in " ".join(str(row[3]) for row in plan_)


def test_what_is_settled_costs_a_round_nothing(session: Session, world: World) -> None:
    one_on_one = a_session(session, world)
    cancel(session, get_person(session, world.ana), one_on_one.id, "Flu", MORNING)
    assert sitting_of(session, one_on_one).settle_by is None
