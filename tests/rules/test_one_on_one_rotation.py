"""Who is left out of a week, in turn, and what that counts as."""

from datetime import date, time

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models.delivery import Kind
from models.one_on_ones import (
    DayIsOff,
    Excuse,
    HeldRate,
    LeftOut,
    MinutesUnfit,
    OneOnOne,
    Standing,
    State,
    cancel,
    changes,
    current_standing,
    enter_absence,
    follow_people,
    held_rate,
    leave_absence,
    on_days,
    plan,
    put_in_rotation,
    rotation_of,
    settle_missed,
    standings_of,
    upcoming,
)
from models.people import get_person, put_workspace, standards
from models.screens import home, standing_landing, standing_told, standings_form
from models.standards import Standards
from tests.one_on_ones import (
    MONDAY,
    MORNING,
    TUESDAY_TEN,
    WEEK,
    a_standing,
    at,
    hold,
    reps,
    sessions_of,
    sitting_of,
    starts_of,
    told,
)
from tests.world import World

NEXT = MORNING + WEEK


def in_rotation(session: Session, world: World, who: int, *, first: date = MONDAY) -> Standing:
    made, _ = put_in_rotation(
        session,
        get_person(session, world.max),
        get_person(session, who),
        minutes=30,
        active_from=first,
        now=MORNING,
    )
    return made


@pytest.fixture
def two_places(session: Session, world: World) -> World:
    """A week holds two: Ana's on Tuesdays, Ben's on Thursdays; Cleo is in rotation."""
    rules = Standards(one_on_ones_a_day=1, one_on_one_days="24")
    put_workspace(session, world.workspace_id, now=MORNING, standards=rules)
    a_standing(session, world.max, world.ana)
    a_standing(session, world.max, world.ben, weekday=4, local_time=time(15))
    in_rotation(session, world, world.cleo)
    return world


def left_out(session: Session) -> list[tuple[date, int]]:
    rows = session.execute(select(LeftOut.week, LeftOut.person_id).order_by(LeftOut.id))
    return [(week, person_id) for week, person_id in rows]


def play(session: Session, weeks: int) -> None:
    for week in range(1, weeks + 1):
        plan(session, MORNING + week * WEEK)


# --- in turn


def test_each_takes_a_turn_and_the_freed_time_is_taken(session: Session, two_places: World) -> None:
    world = two_places
    play(session, 4)
    assert left_out(session) == [
        (MONDAY + WEEK, world.cleo),  # all places were given when she came
        (MONDAY + 2 * WEEK, world.ana),
        (MONDAY + 3 * WEEK, world.ben),
        (MONDAY + 4 * WEEK, world.cleo),
        (MONDAY + 5 * WEEK, world.ana),
    ]
    assert starts_of(session, world.cleo) == [
        at(2, 10, week=2), at(4, 15, week=3), at(2, 10, week=5),
    ]  # fmt: skip
    assert [each.week for each in sessions_of(session, world.ana)][:3] == [
        MONDAY, MONDAY + WEEK, MONDAY + 3 * WEEK,
    ]  # fmt: skip
    first = sessions_of(session, world.cleo)[0]
    assert (first.first_due_on, first.week) == (date(2026, 12, 8), MONDAY + 2 * WEEK)


def test_a_week_off_gives_its_place_and_is_no_turn(session: Session, two_places: World) -> None:
    world = two_places
    ana = get_person(session, world.ana)
    enter_absence(session, ana, date(2026, 12, 7), date(2026, 12, 11), MORNING)
    plan(session, NEXT)
    assert left_out(session) == [(MONDAY + WEEK, world.cleo)]
    assert starts_of(session, world.cleo) == [at(2, 10, week=2)]
    states = [(each.state, each.excuse) for each in sessions_of(session, world.ana)]
    assert states[-1] == (State.EXCUSED, Excuse.PERSON_OFF)
    play(session, 2)
    assert left_out(session)[-1] == (MONDAY + 3 * WEEK, world.ana)  # still the first in turn


def test_who_is_off_all_week_in_rotation_is_excused_and_may_come_back(
    session: Session, two_places: World
) -> None:
    cleo = get_person(session, two_places.cleo)
    away = enter_absence(session, cleo, date(2026, 12, 7), date(2026, 12, 11), MORNING)
    plan(session, NEXT)
    (only,) = sessions_of(session, cleo.id)
    assert (only.state, only.excuse) == (State.EXCUSED, Excuse.PERSON_OFF)
    assert left_out(session) == [(MONDAY + WEEK, cleo.id)]
    leave_absence(session, cleo, away.id, NEXT)
    assert only.state is State.EXCUSED  # the week is full: all that was planned stays


def test_who_works_one_day_only_takes_that(session: Session, two_places: World) -> None:
    get_person(session, two_places.cleo).working_days = "4"
    play(session, 3)  # Ana's Tuesday is of no use to Cleo: Thursday is shared by the other two
    assert starts_of(session, two_places.cleo) == [at(4, 15, week=2), at(4, 15, week=4)]
    assert [who for _, who in left_out(session)[1:]] == [
        two_places.ben, two_places.cleo, two_places.ben,
    ]  # fmt: skip


def test_a_new_person_sits_in_the_first_week_that_is_not_planned(
    session: Session, two_places: World
) -> None:
    play(session, 2)
    (new,) = reps(session, two_places, 1)
    put_in_rotation(
        session, get_person(session, two_places.max), get_person(session, new),
        minutes=30, active_from=MONDAY + 3 * WEEK, now=MORNING + 2 * WEEK,
    )  # fmt: skip
    assert left_out(session)[-1] == (MONDAY + 3 * WEEK, new)
    play(session, 3)
    assert starts_of(session, new) == [at(2, 10, week=4)]


def test_the_third_leaves_and_everybody_sits_each_week(session: Session, two_places: World) -> None:
    ben = get_person(session, two_places.ben)
    ben.active = False
    follow_people(session, [ben.id], MORNING)
    assert left_out(session) == [(MONDAY + WEEK, two_places.cleo)]  # what is planned stays
    play(session, 3)
    assert len(left_out(session)) == 1
    assert len(starts_of(session, two_places.cleo)) == 3
    assert rotation_of(session, two_places.max, MONDAY) is None
    standing = current_standing(session, two_places.cleo)
    assert standing is not None
    assert standing.slot is None  # until the coach sets a time


def test_a_time_of_ones_own_ends_it(session: Session, two_places: World) -> None:
    get_person(session, two_places.ben).active = False
    follow_people(session, [two_places.ben], MORNING)
    made = a_standing(
        session, two_places.max, two_places.cleo, weekday=4, active_from=MONDAY + WEEK
    )
    assert made.slot == (4, time(10))
    play(session, 1)
    assert starts_of(session, two_places.cleo) == [at(4, 10, week=2)]


def test_into_rotation_what_is_planned_stays(session: Session, two_places: World) -> None:
    made = in_rotation(session, two_places, two_places.ana)
    assert made.slot is None
    assert starts_of(session, two_places.ana) == [TUESDAY_TEN, TUESDAY_TEN + WEEK]
    assert [each.weekday for each in standings_of(session, two_places.max)] == [4, None, None]
    again, changed = put_in_rotation(
        session, get_person(session, two_places.max), get_person(session, two_places.ana),
        minutes=30, active_from=made.active_from, now=MORNING,
    )  # fmt: skip
    assert (again, changed) == (made, False)


def test_it_begins_next_week_at_the_earliest(session: Session, world: World) -> None:
    made = in_rotation(session, world, world.ana)
    assert made.active_from == MONDAY + WEEK
    assert starts_of(session, world.ana) == [at(2, 9, week=1)]
    assert told(session, Kind.ONE_ON_ONE_STANDING) == [(made.id, world.ana, MORNING)]


def test_what_rotation_refuses(session: Session, world: World) -> None:
    boss, ana = get_person(session, world.max), get_person(session, world.ana)
    ana.working_days = "15"
    with pytest.raises(DayIsOff) as refused:
        in_rotation(session, world, ana.id)
    assert refused.value.person_id == ana.id
    with pytest.raises(MinutesUnfit):
        put_in_rotation(session, None, boss, minutes=60, active_from=MONDAY, now=MORNING)


def test_the_database_keeps_one_turn_a_week(session: Session, two_places: World) -> None:
    row = session.scalars(select(LeftOut)).one()
    columns = {each.key: getattr(row, each.key) for each in LeftOut.__mapper__.column_attrs}
    session.add(LeftOut(**columns | {"id": None}))
    with pytest.raises(IntegrityError):
        session.flush()


# --- what it counts as


def test_it_is_outside_the_held_rate_breaches_and_lists(
    session: Session, two_places: World
) -> None:
    world = two_places
    play(session, 1)
    boss, ana = get_person(session, world.max), get_person(session, world.ana)
    first, second = sessions_of(session, world.ana)
    hold(session, first, TUESDAY_TEN)
    settle_missed(session, at(5, 0, week=2))
    out_in = date(2026, 12, 7)
    assert (out_in, ana.id) in left_out(session)
    last = date(2026, 12, 31)
    assert held_rate(session, boss.id, MONDAY, last, ana.id) == HeldRate(1, 2, 0)
    assert held_rate(session, boss.id, out_in, last, ana.id) == HeldRate(0, 0, 0)
    assert changes(session, boss.id, ana.id, MONDAY).coach_cancelled == 0
    assert on_days(session, ana.id, out_in, out_in + WEEK) == []
    assert second.state is State.MISSED


def test_what_sat_in_a_freed_time_counts_as_any_other(session: Session, two_places: World) -> None:
    world = two_places
    play(session, 1)
    cleo = get_person(session, world.cleo)
    (one_on_one,) = sessions_of(session, cleo.id)
    assert [found.id for found, _ in upcoming(session, cleo.id, NEXT)] == [one_on_one.id]
    cancel(session, cleo, one_on_one.id, "At a customer's all week", NEXT)
    assert changes(session, world.max, cleo.id, MONDAY).person_cancelled == 1
    rate = held_rate(session, world.max, MONDAY, date(2026, 12, 31), cleo.id)
    assert rate == HeldRate(0, 1, 0)
    assert sitting_of(session, one_on_one).seat is None


# --- how it is shown


def test_both_sides_read_whose_turn_it_is(session: Session, two_places: World) -> None:
    world = two_places
    play(session, 1)
    boss, ana = get_person(session, world.max), get_person(session, world.ana)
    hers = home(session, ana, NEXT).left_out
    assert hers is not None
    assert (hers.people, hers.places, hers.left_out_in) == (3, 2, date(2026, 12, 7))
    assert home(session, get_person(session, world.ben), NEXT).left_out is None
    coach = home(session, boss, NEXT).coach
    assert coach is not None
    assert [(one.week, [who.name for who in one.people]) for one in coach.left_out] == [
        (date(2026, 11, 30), ["Cleo"]), (date(2026, 12, 7), ["Ana"]),
    ]  # fmt: skip
    rows = standings_form(session, boss, NEXT).rows
    assert [(row.person.name, row.left_out_in, row.times) for row in rows] == [
        ("Ana", date(2026, 12, 7), 1),
        ("Ben", date(2026, 12, 14), 0),
        ("Cleo", date(2026, 11, 30), 1),
    ]
    standing = current_standing(session, world.ben)
    assert standing is not None
    shown = standing_told(session, standing.id, NEXT)
    assert shown is not None
    assert shown.turn is not None
    assert shown.turn.left_out_in == date(2026, 12, 14)
    play(session, 2)  # as it was foreseen
    assert left_out(session)[-1] == (date(2026, 12, 14), world.ben)


def test_the_lead_reads_that_the_span_is_too_wide(session: Session, two_places: World) -> None:
    (manager,) = home(session, get_person(session, two_places.lea), NEXT).managers
    assert (manager.coached, manager.places) == (3, 2)
    assert standards(session).one_on_ones_a_day == 1


def test_what_becomes_of_it_at_first_is_said(session: Session, two_places: World) -> None:
    boss = get_person(session, two_places.max)
    landed = standing_landing(session, boss, two_places.cleo, MORNING)
    assert landed is not None
    assert [(one.week, one.instead.value) for one in landed.weeks] == [(MONDAY + WEEK, "left_out")]
    anas = standing_landing(session, boss, two_places.ana, MORNING)
    assert anas is not None
    assert anas.weeks == ()
    assert session.scalar(select(OneOnOne.id).where(OneOnOne.person_id == two_places.cleo)) is None
