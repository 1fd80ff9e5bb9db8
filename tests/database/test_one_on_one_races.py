"""Twenty at once: the promises of one-on-ones hold between real threads, on both databases."""

from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import TypeVar

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.base import Database, RuleBroken
from models.coaching import CoachingLog
from models.days import DAY
from models.delivery import Delivery
from models.one_on_ones import (
    AlreadySettled,
    AlreadyStarted,
    Breach,
    DayFull,
    LeftOut,
    OneOnOne,
    Overlaps,
    Sitting,
    SpanTooWide,
    Standing,
    State,
    TooManyPoints,
    Unchanged,
    add_point,
    cancel,
    enter_absence,
    finish,
    follow_people,
    leave_absence,
    move,
    plan,
    put_in_rotation,
    put_standing,
    settle_missed,
    start,
)
from models.people import get_person, put_workspace
from models.standards import Standards
from tests.crowds import at_once, counted
from tests.one_on_ones import (
    CHANGED,
    MONDAY,
    MORNING,
    TUESDAY_TEN,
    WEEK,
    a_session,
    a_standing,
    at,
    finished,
    reps,
    sessions_of,
    state_of,
)
from tests.world import World, a_workspace

CROWD = 20
END = at(4, 0)  # from when on Tuesday's session is missed
SECOND = timedelta(seconds=1)
T = TypeVar("T")


@pytest.fixture
def world(database: Database) -> World:
    """The workspace T0NORTH with its team West."""
    return a_workspace(database)


@pytest.fixture
def anas(database: Database, world: World) -> int:
    """Ana's session with Max, Tuesday at 10:00: its id."""
    with database.transaction(world.workspace_id) as session:
        return a_session(session, world).id


def _kinds(made: list[T | RuleBroken]) -> Counter[type]:
    return Counter(type(each) for each in made)


def _busiest(database: Database, world: World) -> int:
    """Of any coach and local date, how many keep their place, counted from the rows."""
    with database.transaction(world.workspace_id) as session:
        rows = session.execute(
            select(Sitting.coach_id, Sitting.local_date)
            .join(OneOnOne, OneOnOne.id == Sitting.one_on_one_id)
            .where(Sitting.is_current, OneOnOne.state.in_((State.DUE, State.HELD)))
        )
        return max(Counter(tuple(row) for row in rows).values())


def _starts(world: World, one_on_one_id: int) -> Callable[[Session], int]:
    def act(session: Session) -> int:
        boss = get_person(session, world.max)
        return start(session, boss, one_on_one_id, TUESDAY_TEN).id

    return act


def _cancels(
    world: World, one_on_one_id: int, by_id: int, reason: str = "Flu", now: datetime = MORNING
) -> Callable[[Session], int]:
    def act(session: Session) -> int:
        return cancel(session, get_person(session, by_id), one_on_one_id, reason, now).id

    return act


def _moves(
    world: World, one_on_one_id: int, by_id: int, starts_at: datetime
) -> Callable[[Session], int]:
    def act(session: Session) -> int:
        return move(session, get_person(session, by_id), one_on_one_id, starts_at, MORNING).id

    return act


def _finishes(world: World, one_on_one_id: int, now: datetime) -> Callable[[Session], int]:
    def act(session: Session) -> int:
        boss = get_person(session, world.max)
        return finish(session, boss, one_on_one_id, finished(), now).id

    return act


def test_twenty_starts_are_one(database: Database, world: World, anas: int) -> None:
    made = at_once(database, world, [_starts(world, anas)] * CROWD)
    assert _kinds(made) == {int: 1, AlreadyStarted: CROWD - 1}


def test_twenty_finishes_are_one(database: Database, world: World, anas: int) -> None:
    made = at_once(database, world, [_finishes(world, anas, TUESDAY_TEN)] * CROWD)
    assert _kinds(made) == {int: 1, AlreadySettled: CROWD - 1}
    assert counted(database, world, CoachingLog) == 1


def test_both_cancel_and_the_first_wins(database: Database, world: World, anas: int) -> None:
    acts = [_cancels(world, anas, world.max), _cancels(world, anas, world.ana)] * (CROWD // 2)
    made = at_once(database, world, acts)
    assert _kinds(made) == {int: 1, AlreadySettled: CROWD - 1}
    with database.transaction(world.workspace_id) as session:
        by_id = session.scalars(select(OneOnOne.settled_by_id).filter_by(id=anas)).one()
        told = session.scalars(select(Delivery.person_id).where(Delivery.kind.in_(CHANGED))).all()
        assert told == [world.ana if by_id == world.max else world.max]
    for refused in made:
        if isinstance(refused, AlreadySettled):
            assert refused.by_id == by_id


def test_twenty_moves_to_one_time_are_one(database: Database, world: World, anas: int) -> None:
    both = (world.max, world.ana) * (CROWD // 2)
    made = at_once(database, world, [_moves(world, anas, by, at(3, 15)) for by in both])
    assert _kinds(made) == {int: 1, Unchanged: CROWD - 1}


def test_twenty_moves_to_twenty_times_leave_one(
    database: Database, world: World, anas: int
) -> None:
    times = [at(3, 9 + number % 8, number % 2 * 30) for number in range(CROWD)]
    made = at_once(database, world, [_moves(world, anas, world.ana, when) for when in times])
    assert set(_kinds(made)) <= {int, Unchanged}
    with database.transaction(world.workspace_id) as session:
        rows = session.scalars(select(Sitting).where(Sitting.one_on_one_id == anas)).all()
        assert [row.is_current for row in rows].count(True) == 1
        assert len(rows) == 1 + sum(isinstance(each, int) for each in made)


def test_move_cancel_start_and_finish_at_once(database: Database, world: World, anas: int) -> None:
    acts: list[Callable[[Session], int]] = [
        _starts(world, anas),
        _cancels(world, anas, world.ana, now=TUESDAY_TEN),
        _cancels(world, anas, world.max, now=TUESDAY_TEN),
        _finishes(world, anas, TUESDAY_TEN),
    ]
    made = at_once(database, world, acts * 5)
    with database.transaction(world.workspace_id) as session:
        state = state_of(session, anas)
        logs = session.scalar(select(func.count()).select_from(CoachingLog))
    assert state in (State.HELD, State.CANCELLED)
    assert logs == (1 if state is State.HELD else 0)
    assert set(_kinds(made)) <= {int, AlreadySettled, AlreadyStarted}


def test_two_for_the_last_place_of_a_day(database: Database, world: World) -> None:
    with database.transaction(world.workspace_id) as session:
        people = [world.ana, world.ben, world.cleo, *reps(session, world, 1)]
        for number, who in enumerate(people):
            weekday = 2 if number < 2 else 3
            a_standing(session, world.max, who, weekday=weekday, local_time=time(9 + number))
        third, fourth = (sessions_of(session, who)[0].id for who in people[2:])
    acts = [_moves(world, third, world.max, at(2, 14)), _moves(world, fourth, world.max, at(2, 16))]
    made = at_once(database, world, acts)
    assert _kinds(made) == {int: 1, DayFull: 1}
    assert _busiest(database, world) == 3


def test_nine_to_one_day(database: Database, world: World) -> None:
    with database.transaction(world.workspace_id) as session:
        people = [world.ana, world.ben, world.cleo, *reps(session, world, 6)]
        for number, who in enumerate(people):
            a_standing(
                session, world.max, who, weekday=2 + number // 3, local_time=time(9 + number % 3)
            )
        ids = [sessions_of(session, who)[0].id for who in people]
    acts = [_moves(world, one, world.max, at(5, 9 + number, 30)) for number, one in enumerate(ids)]
    made = at_once(database, world, acts)
    assert _kinds(made) == {int: 3, DayFull: 6}
    assert _busiest(database, world) == 3


def test_two_pairs_for_one_time_of_one_person(database: Database, world: World) -> None:
    with database.transaction(world.workspace_id) as session:
        a_standing(session, world.max, world.ana)
        a_standing(session, world.lea, world.max, weekday=3)
        ids = [sessions_of(session, who)[0].id for who in (world.ana, world.max)]
    acts = [_moves(world, one, world.max, at(4, 15)) for one in ids]
    assert _kinds(at_once(database, world, acts)) == {int: 1, Overlaps: 1}


def test_twenty_set_their_standing_ones_at_once(database: Database, world: World) -> None:
    with database.transaction(world.workspace_id) as session:
        people = reps(session, world, CROWD)

    def put(number: int) -> Callable[[Session], int]:
        def act(session: Session) -> int:
            made, _ = put_standing(
                session,
                get_person(session, world.max),
                get_person(session, people[number]),
                weekday=2 + number % 3,
                local_time=time(9 + number // 3),
                minutes=30,
                active_from=MONDAY,
                now=MORNING,
            )
            return made.id

        return act

    made = at_once(database, world, [put(number) for number in range(CROWD)])
    kinds = _kinds(made)
    assert kinds[int] == 9
    assert kinds[DayFull] + kinds[SpanTooWide] == CROWD - 9
    assert _busiest(database, world) == 3


def test_one_standing_set_twenty_times(database: Database, world: World) -> None:
    def act(session: Session) -> int:
        return a_standing(session, world.max, world.ana).id

    made = at_once(database, world, [act] * CROWD)
    assert len(set(made)) == 1
    assert counted(database, world, Standing) == 1
    assert counted(database, world, OneOnOne) == 2


def test_replicas_plan_each_week_once(database: Database, world: World) -> None:
    people = [world.ana, world.ben, world.cleo]
    with database.transaction(world.workspace_id) as session:
        for number, who in enumerate(people):
            a_standing(session, world.max, who, local_time=time(9 + number))
        a_standing(session, world.lea, world.max, weekday=3)

    made = at_once(database, world, [lambda session: plan(session, MORNING + WEEK)] * 6)

    assert sum(each for each in made if isinstance(each, int)) == 4
    assert counted(database, world, OneOnOne) == 12
    with database.transaction(world.workspace_id) as session:
        assert plan(session, MORNING + WEEK) == 0


def test_replicas_leave_out_each_week_once(database: Database, world: World) -> None:
    """Somebody joins meanwhile, and somebody leaves: still each week one row per person."""
    people = [world.ana, world.ben, world.cleo]
    with database.transaction(world.workspace_id) as session:
        rules = Standards(one_on_ones_a_day=1, one_on_one_days="23")
        put_workspace(session, world.workspace_id, now=MORNING, standards=rules)
        more = reps(session, world, 2)
        a_standing(session, world.max, world.ana)
        a_standing(session, world.max, world.ben, weekday=3)
        for who in (world.cleo, more[0]):
            rotate(session, world, who, MORNING)

    acts: list[Callable[[Session], int]] = [lambda session: plan(session, MORNING + WEEK)] * 6
    acts += [lambda session: rotate(session, world, more[1], MORNING + WEEK)]
    at_once(database, world, acts)

    with database.transaction(world.workspace_id) as session:
        plan(session, MORNING + WEEK)
        for who in [*people, more[0]]:
            sat = {each.week for each in sessions_of(session, who)}
            out = set(session.scalars(select(LeftOut.week).where(LeftOut.person_id == who)))
            assert not sat & out
            assert MONDAY + 2 * WEEK in sat | out
    assert _busiest(database, world) == 1


def rotate(session: Session, world: World, person_id: int, now: datetime) -> int:
    made, _ = put_in_rotation(
        session,
        get_person(session, world.max),
        get_person(session, person_id),
        minutes=30,
        active_from=MONDAY,
        now=now,
    )
    return made.id


def test_planning_beside_moves_into_the_same_days(database: Database, world: World) -> None:
    with database.transaction(world.workspace_id) as session:
        people = [world.ana, world.ben, world.cleo, *reps(session, world, 3)]
        for number, who in enumerate(people):
            a_standing(
                session, world.max, who, weekday=2 + number // 3, local_time=time(9 + number % 3)
            )
        ids = [sessions_of(session, who)[1].id for who in people]
    acts: list[Callable[[Session], int]] = [
        _moves(world, one, world.max, at(2 + number % 2, 13 + number // 2, 15, week=2))
        for number, one in enumerate(ids)
    ]
    acts += [lambda session: plan(session, MORNING + WEEK)] * 3
    at_once(database, world, acts)
    with database.transaction(world.workspace_id) as session:
        plan(session, MORNING + WEEK)
        for who in people:
            assert len(sessions_of(session, who)) == 3
    assert _busiest(database, world) <= 3


def test_missed_or_held_never_both(database: Database, world: World, anas: int) -> None:
    acts: list[Callable[[Session], int]] = [
        lambda session: settle_missed(session, END),
        _finishes(world, anas, END - SECOND),
    ]
    made = at_once(database, world, acts * 5)
    with database.transaction(world.workspace_id) as session:
        settle_missed(session, END)
        state = state_of(session, anas)
    held = sum(isinstance(each, int) for each in made[1::2])
    missed = sum(each for each in made[::2] if isinstance(each, int))
    assert (state, held) in ((State.HELD, 1), (State.MISSED, 0))
    assert missed <= 1 - held
    assert counted(database, world, CoachingLog) == held


def test_replicas_settle_once(database: Database, world: World, anas: int) -> None:
    made = at_once(database, world, [lambda session: settle_missed(session, END)] * 6)
    assert sum(each for each in made if isinstance(each, int)) == 1


def test_a_breach_is_told_once(database: Database, world: World) -> None:
    with database.transaction(world.workspace_id) as session:
        a_session(session, world)
        for week in range(3):
            plan(session, MORNING + week * WEEK)
        ids = [each.id for each in sessions_of(session, world.ana)]
    at_once(database, world, [_cancels(world, one, world.max) for one in ids])
    assert counted(database, world, Breach) == 1
    with database.transaction(world.workspace_id) as session:
        told = session.scalars(
            select(Delivery.person_id).where(Delivery.dedupe_key.startswith("breach:"))
        ).all()
    assert sorted(told, key=str) == [world.lea, world.max]


def test_a_day_off_beside_moves_onto_it(database: Database, world: World, anas: int) -> None:
    wednesday = MONDAY + 2 * DAY

    def away(session: Session) -> int:
        return enter_absence(
            session, get_person(session, world.ana), wednesday, wednesday, MORNING
        ).id

    at_once(database, world, [away, _moves(world, anas, world.max, at(3, 15))])
    with database.transaction(world.workspace_id) as session:
        rows = session.execute(
            select(Sitting.local_date, OneOnOne.state)
            .join(OneOnOne, OneOnOne.id == Sitting.one_on_one_id)
            .where(Sitting.is_current)
        )
        assert (wednesday, State.DUE) not in [tuple(row) for row in rows]


def test_days_off_entered_and_left_by_turns(database: Database, world: World, anas: int) -> None:
    tuesday = date(2026, 11, 24)

    def both(session: Session) -> int:
        ana = get_person(session, world.ana)
        entered = enter_absence(session, ana, tuesday, tuesday, MORNING)
        if entered.withdrawn_at is None:
            leave_absence(session, ana, entered.id, MORNING)
        follow_people(session, [world.max, world.ana], MORNING)
        return entered.id

    at_once(database, world, [both] * 8)
    with database.transaction(world.workspace_id) as session:
        follow_people(session, [world.ana], MORNING)
        assert state_of(session, anas) is State.DUE


def test_twenty_talking_points_are_ten(database: Database, world: World, anas: int) -> None:
    def adds(number: int) -> Callable[[Session], int]:
        def act(session: Session) -> int:
            ana = get_person(session, world.ana)
            return add_point(session, ana, anas, f"Point {number}", MORNING).id

        return act

    made = at_once(database, world, [adds(number) for number in range(CROWD)])
    assert _kinds(made) == {int: 10, TooManyPoints: 10}
