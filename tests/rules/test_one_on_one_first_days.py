"""Until a standing one-on-one's first day the one before it holds; that day may still change."""

from datetime import date

from sqlalchemy.orm import Session

from models.days import DAY
from models.delivery import Kind
from models.one_on_ones import ENDED, State, move, plan, put_standing, standing_before
from models.people import Role, get_person
from tests.one_on_ones import (
    MONDAY,
    MORNING,
    TEN,
    WEEK,
    a_standing,
    at,
    sessions_of,
    starts_of,
    told,
)
from tests.world import World, a_person, a_team


def _first_days(session: Session, world: World, *days: date) -> None:
    """Ana's was on Tuesdays; Max sets Thursdays from one day, then from another."""
    a_standing(session, world.max, world.ana)
    for day in days:
        a_standing(session, world.max, world.ana, weekday=4, active_from=day)


def test_until_its_first_day_the_old_one_holds(session: Session, world: World) -> None:
    """Also in the weeks that were not planned when the new one was set."""
    _first_days(session, world, MONDAY + 4 * WEEK)
    for week in range(1, 5):
        plan(session, at(1, 9, week=week))
    assert starts_of(session, world.ana) == [
        *(at(2, 10, week=week) for week in range(4)),
        at(4, 10, week=4),
        at(4, 10, week=5),
    ]


def test_no_session_in_a_week_of_which_neither_has_its_day(session: Session, world: World) -> None:
    """Thursdays until Wednesday, Tuesdays from then on: the week of that Wednesday has none."""
    a_standing(session, world.max, world.ana, weekday=4)
    a_standing(session, world.max, world.ana, weekday=2, active_from=MONDAY + WEEK + 2 * DAY)
    assert starts_of(session, world.ana)[0] == at(4, 10)
    plan(session, at(1, 9, week=1))
    assert starts_of(session, world.ana)[-1] == at(2, 10, week=2)


def test_the_first_day_is_brought_forward(session: Session, world: World) -> None:
    _first_days(session, world, MONDAY + 4 * WEEK, MONDAY + WEEK)
    assert starts_of(session, world.ana) == [at(2, 10), at(4, 10, week=1)]
    assert len(told(session, Kind.ONE_ON_ONE_STANDING)) == 3


def test_the_first_day_is_put_off(session: Session, world: World) -> None:
    """What had been replaced before its own first day never held: the one before it goes on."""
    _first_days(session, world, MONDAY + WEEK, MONDAY + 2 * WEEK)
    assert starts_of(session, world.ana) == [at(2, 10), at(2, 10, week=1)]
    plan(session, at(1, 9, week=1))
    assert starts_of(session, world.ana)[2:] == [at(4, 10, week=2)]


def test_put_off_with_nothing_before_what_was_planned_falls(session: Session, world: World) -> None:
    first = a_standing(session, world.max, world.ana)
    assert first.active_from == MONDAY  # it is Monday: so it holds
    ben = a_standing(session, world.max, world.ben, weekday=4, active_from=MONDAY + DAY)
    moved, planned = sessions_of(session, world.ben)
    move(session, get_person(session, world.ben), moved.id, at(3, 16), MORNING)

    a_standing(session, world.max, world.ben, weekday=4, active_from=MONDAY + 2 * WEEK)

    assert ben.ended_at == MORNING
    assert moved.state is State.DUE
    assert (planned.state, planned.reason) == (State.CANCELLED, ENDED)
    plan(session, at(1, 9, week=1))
    assert starts_of(session, world.ben)[-1] == at(4, 10, week=2)


def test_of_what_holds_already_the_first_day_does_not_change(
    session: Session, world: World
) -> None:
    first = a_standing(session, world.max, world.ana)
    assert a_standing(session, world.max, world.ana, active_from=MONDAY + 3 * WEEK) is first
    assert standing_before(session, first) is None


def test_the_setup_file_says_the_same_for_good(session: Session, world: World) -> None:
    first = a_standing(session, world.max, world.ana, active_from=MONDAY + 2 * WEEK)
    ana = get_person(session, world.ana)
    again, changed = put_standing(
        session, None, ana, weekday=2, local_time=TEN, minutes=30, active_from=MONDAY, now=MORNING
    )
    assert (again, changed) == (first, False)


def test_a_new_coach_does_not_go_on_with_the_old_ones(session: Session, world: World) -> None:
    a_standing(session, world.max, world.ana)
    mia = a_person(session, "U0MIA", "Mia", Role.MANAGER, reports_to_id=world.lea)
    get_person(session, world.ana).team_id = a_team(session, "East", manager_id=mia.id).id
    made = a_standing(session, mia.id, world.ana, weekday=4, active_from=MONDAY + 2 * WEEK)
    assert standing_before(session, made) is None
    assert starts_of(session, world.ana) == []
