"""What nobody recorded by the end of the coach's next working day is missed."""

from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from models.absences import put_absence
from models.access import Act, Refused
from models.one_on_ones import (
    AlreadySettled,
    OneOnOne,
    Sitting,
    State,
    cancel,
    move,
    settle_missed,
    start,
    unrecorded,
    upcoming,
)
from models.people import get_person
from tests.one_on_ones import (
    MORNING,
    TEN,
    TUESDAY_TEN,
    a_session,
    a_standing,
    at,
    hold,
    sessions_of,
    sitting_of,
)
from tests.world import World

END = at(4, 0)  # Wednesday 24:00 in New York
SECOND = timedelta(seconds=1)


@pytest.fixture
def one_on_one(session: Session, world: World) -> OneOnOne:
    """Ana's with Max, Tuesday at 10:00."""
    return a_session(session, world)


def test_missed_at_the_end_of_the_next_working_day(
    session: Session, world: World, one_on_one: OneOnOne
) -> None:
    assert settle_missed(session, END - SECOND) == 0
    assert settle_missed(session, END) == 1
    assert settle_missed(session, END) == 0
    assert (one_on_one.state, one_on_one.settled_at) == (State.MISSED, END)
    assert (one_on_one.settled_by_id, sitting_of(session, one_on_one).settle_by) == (None, None)


def test_a_weekend_is_no_working_day(session: Session, world: World) -> None:
    one_on_one = a_session(session, world)
    move(session, get_person(session, world.max), one_on_one.id, at(5, 10), MORNING)
    assert sitting_of(session, one_on_one).settle_by == at(2, 0, week=1)


def test_days_off_that_are_found_only_now_give_more_time(
    session: Session, world: World, one_on_one: OneOnOne
) -> None:
    boss = get_person(session, world.max)
    put_absence(session, boss, date(2026, 11, 25), date(2026, 11, 26), at(2, 12))
    assert settle_missed(session, END) == 0
    assert sitting_of(session, one_on_one).settle_by == at(6, 0)
    assert settle_missed(session, at(6, 0)) == 1


def test_started_and_never_finished_is_missed(
    session: Session, world: World, one_on_one: OneOnOne
) -> None:
    start(session, get_person(session, world.max), one_on_one.id, TUESDAY_TEN)
    assert settle_missed(session, END) == 1
    assert one_on_one.state is State.MISSED


def test_what_is_missed_is_finished_by_nobody(
    session: Session, world: World, one_on_one: OneOnOne
) -> None:
    settle_missed(session, END)
    with pytest.raises(AlreadySettled) as refused:
        hold(session, one_on_one, END)
    found = refused.value
    assert (found.state, found.by_id, found.at) == (State.MISSED, None, END)
    with pytest.raises(AlreadySettled):
        cancel(session, get_person(session, world.ana), one_on_one.id, "Flu", END)


def test_the_last_moment_still_counts(session: Session, world: World, one_on_one: OneOnOne) -> None:
    hold(session, one_on_one, END - SECOND)
    assert settle_missed(session, END) == 0
    assert one_on_one.state is State.HELD


def test_a_moved_session_has_until_its_own_end(
    session: Session, world: World, one_on_one: OneOnOne
) -> None:
    move(session, get_person(session, world.max), one_on_one.id, at(3, 10), at(2, 10, 40))
    assert settle_missed(session, END) == 0
    assert settle_missed(session, at(5, 0)) == 1


def test_what_waits_and_what_comes(session: Session, world: World, one_on_one: OneOnOne) -> None:
    a_standing(session, world.lea, world.max, weekday=3, local_time=TEN.replace(hour=14))
    of_ana, of_max = sessions_of(session, world.ana), sessions_of(session, world.max)

    def ids(rows: list[tuple[OneOnOne, Sitting]]) -> list[int]:
        return [each.id for each, _ in rows]

    assert unrecorded(session, world.max, TUESDAY_TEN - SECOND) == []
    assert ids(unrecorded(session, world.max, TUESDAY_TEN)) == [of_ana[0].id]
    assert unrecorded(session, world.ana, TUESDAY_TEN) == []
    in_order = [of_ana[0].id, of_max[0].id, of_ana[1].id, of_max[1].id]
    assert ids(upcoming(session, world.max, MORNING)) == in_order
    assert ids(upcoming(session, world.max, MORNING, limit=2)) == in_order[:2]
    assert ids(upcoming(session, world.ana, TUESDAY_TEN)) == [of_ana[1].id]
    start(session, get_person(session, world.max), one_on_one.id, TUESDAY_TEN - timedelta(hours=1))
    assert ids(unrecorded(session, world.max, TUESDAY_TEN - SECOND)) == [of_ana[0].id]
    assert ids(upcoming(session, world.max, TUESDAY_TEN - SECOND)) == in_order[1:]


def test_nobody_but_the_coach_decides_that_it_was_held(
    session: Session, world: World, one_on_one: OneOnOne
) -> None:
    one_on_one.coach_id = world.lea
    session.flush()
    boss = get_person(session, world.max)
    with pytest.raises(Refused) as refused:
        start(session, boss, one_on_one.id, TUESDAY_TEN)
    assert (refused.value.act, refused.value.allowed) == (Act.RUN_ONE_ON_ONE, (world.lea,))
