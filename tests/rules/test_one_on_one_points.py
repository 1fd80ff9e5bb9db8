"""Talking points carry over and belong to who wrote them; notes keep their trail."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.access import Act, Refused
from models.delivery import Delivery
from models.one_on_ones import (
    MOST_POINTS,
    EmptyPoint,
    Note,
    NotesTooLong,
    OneOnOne,
    PointTooLong,
    TalkingPoint,
    TooManyPoints,
    UnknownPoint,
    add_point,
    current_note,
    drop_point,
    notes_before,
    open_points,
    sitting_keys,
    write_notes,
)
from models.people import Role, get_person
from tests.one_on_ones import (
    MORNING,
    TUESDAY_TEN,
    WEEK,
    a_session,
    a_standing,
    at,
    hold,
    sessions_of,
    sitting_of,
)
from tests.world import World, a_person, a_team


@pytest.fixture
def one_on_one(session: Session, world: World) -> OneOnOne:
    """Ana's with Max, Tuesday at 10:00."""
    return a_session(session, world)


def point(
    session: Session, by_id: int, one_on_one: OneOnOne, text: str = "Pricing"
) -> TalkingPoint:
    return add_point(session, get_person(session, by_id), one_on_one.id, text, MORNING)


def revision(session: Session, key: str) -> int:
    return session.scalars(select(Delivery.revision).where(Delivery.dedupe_key == key)).one()


def test_both_sides_see_them(session: Session, world: World, one_on_one: OneOnOne) -> None:
    anas, maxs = point(session, world.ana, one_on_one), point(session, world.max, one_on_one, "Q4")
    assert open_points(session, world.ana, world.max) == [anas, maxs]
    assert (maxs.person_id, maxs.by_id, maxs.added_at) == (world.ana, world.max, MORNING)


def test_the_cards_of_both_weeks_show_it(
    session: Session, world: World, one_on_one: OneOnOne
) -> None:
    sittings = [sitting_of(session, each) for each in sessions_of(session, world.ana)]
    keys = [key for sitting in sittings for key in sitting_keys(sitting.id)]
    before = [revision(session, key) for key in keys]
    made = point(session, world.ana, one_on_one)
    assert [revision(session, key) for key in keys] == [each + 1 for each in before]
    drop_point(session, get_person(session, world.ana), made.id, MORNING)
    assert [revision(session, key) for key in keys] == [each + 2 for each in before]


def test_they_carry_over(session: Session, world: World, one_on_one: OneOnOne) -> None:
    before = point(session, world.ana, one_on_one)
    hold(session, one_on_one, TUESDAY_TEN)
    after = point(session, world.ana, one_on_one, "Holidays")
    assert open_points(session, world.ana, world.max) == [before, after]


def test_to_a_new_coach_by_person(session: Session, world: World, one_on_one: OneOnOne) -> None:
    anas = point(session, world.ana, one_on_one)
    point(session, world.max, one_on_one, "Only of Max")
    mia = a_person(session, "U0MIA", "Mia", Role.MANAGER, reports_to_id=world.lea)
    assert open_points(session, world.ana, mia.id) == [anas]


def test_a_former_coach_adds_none_to_what_is_over(
    session: Session, world: World, one_on_one: OneOnOne
) -> None:
    hold(session, one_on_one, TUESDAY_TEN)
    mia = a_person(session, "U0MIA", "Mia", Role.MANAGER, reports_to_id=world.lea)
    get_person(session, world.ana).team_id = a_team(session, "East", manager_id=mia.id).id
    with pytest.raises(Refused) as refused:
        point(session, world.max, one_on_one)
    assert refused.value.allowed == (world.ana,)


@pytest.mark.parametrize("text", ["", "  \n "])
def test_without_a_word(session: Session, world: World, one_on_one: OneOnOne, text: str) -> None:
    with pytest.raises(EmptyPoint):
        point(session, world.ana, one_on_one, text)


def test_it_fits(session: Session, world: World, one_on_one: OneOnOne) -> None:
    with pytest.raises(PointTooLong) as refused:
        point(session, world.ana, one_on_one, "x" * 301)
    assert refused.value.most == 300
    assert point(session, world.ana, one_on_one, " " + "x" * 300).text == "x" * 300


def test_the_same_again_is_the_same(session: Session, world: World, one_on_one: OneOnOne) -> None:
    assert point(session, world.ana, one_on_one) is point(session, world.ana, one_on_one)
    assert point(session, world.max, one_on_one).by_id == world.max


def test_ten_open_per_side(session: Session, world: World, one_on_one: OneOnOne) -> None:
    made = [point(session, world.ana, one_on_one, f"Point {n}") for n in range(MOST_POINTS)]
    with pytest.raises(TooManyPoints) as refused:
        point(session, world.ana, one_on_one, "One more")
    assert refused.value.most == 10
    point(session, world.max, one_on_one, "Of the other side")
    drop_point(session, get_person(session, world.ana), made[0].id, MORNING)
    point(session, world.ana, one_on_one, "One more")


def test_strangers_add_none(session: Session, world: World, one_on_one: OneOnOne) -> None:
    for who in (world.ben, world.lea, world.ada):
        with pytest.raises(Refused) as refused:
            point(session, who, one_on_one)
        allowed = (Act.CHANGE_ONE_ON_ONE, (world.max, world.ana))
        assert (refused.value.act, refused.value.allowed) == allowed


def test_ones_own_are_dropped(session: Session, world: World, one_on_one: OneOnOne) -> None:
    made = point(session, world.ana, one_on_one)
    with pytest.raises(Refused):
        drop_point(session, get_person(session, world.max), made.id, MORNING)
    drop_point(session, get_person(session, world.ana), made.id, MORNING)
    assert open_points(session, world.ana, world.max) == []
    for point_id in (made.id, 4711):
        with pytest.raises(UnknownPoint):
            drop_point(session, get_person(session, world.ana), point_id, MORNING)


# --- notes


def test_notes_keep_their_trail(session: Session, world: World, one_on_one: OneOnOne) -> None:
    boss = get_person(session, world.max)
    for text in ("First", "First ", "Second"):
        write_notes(session, boss, one_on_one.id, text, MORNING)
    rows = session.scalars(select(Note).order_by(Note.id)).all()
    assert [(row.text, row.is_current) for row in rows] == [("First", False), ("Second", True)]
    assert write_notes(session, boss, one_on_one.id, " ", MORNING) is None
    assert current_note(session, one_on_one.id) is None


def test_notes_after_the_end(session: Session, world: World, one_on_one: OneOnOne) -> None:
    hold(session, one_on_one, TUESDAY_TEN)
    boss = get_person(session, world.max)
    assert write_notes(session, boss, one_on_one.id, "Later", at(3, 9)) is not None


def test_notes_are_the_coachs(session: Session, world: World, one_on_one: OneOnOne) -> None:
    for who in (world.ana, world.lea):
        with pytest.raises(Refused):
            write_notes(session, get_person(session, who), one_on_one.id, "Mine", MORNING)


def test_notes_fit(session: Session, world: World, one_on_one: OneOnOne) -> None:
    with pytest.raises(NotesTooLong):
        write_notes(session, get_person(session, world.max), one_on_one.id, "x" * 3001, MORNING)


def test_what_was_noted_last_time(session: Session, world: World, one_on_one: OneOnOne) -> None:
    boss = get_person(session, world.max)
    write_notes(session, boss, one_on_one.id, "Ask about Orbit", MORNING)
    assert notes_before(session, world.max, world.ana, TUESDAY_TEN) is None
    found = notes_before(session, world.max, world.ana, TUESDAY_TEN + WEEK)
    assert found is not None
    assert found.text == "Ask about Orbit"
    assert notes_before(session, world.max, world.ben, TUESDAY_TEN + WEEK) is None
    a_standing(session, world.max, world.ben, weekday=3)
    assert notes_before(session, world.max, world.ben, TUESDAY_TEN + WEEK) is None
