"""The DM that asks about a one-on-one: to whom, until when, and when it is no longer wanted."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from models.access import Refused
from models.one_on_ones import OneOnOne, Sitting, State, UnknownOneOnOne
from models.people import get_person
from models.ratings import NothingRated, TooLate, rate
from models.screens import RatingAsked, comment_form, rating_asked, rating_form
from tests.sittings import TEN, a_one_on_one, asking, set_to, settle, sitting_of
from tests.world import NOW, World

ASKED = TEN + timedelta(minutes=45)
DAY = timedelta(days=1)


@pytest.fixture
def held(session: Session, world: World) -> OneOnOne:
    """Max and Ana, Tuesday at 10:00."""
    return a_one_on_one(session, world.max, world.ana)


def now_of(session: Session, held: OneOnOne) -> Sitting:
    found = sitting_of(session, held)
    assert found is not None
    return found


def shown(session: Session, held: OneOnOne) -> RatingAsked:
    found = rating_asked(session, now_of(session, held).id, NOW)
    assert found is not None
    return found


def give(session: Session, world: World, held: OneOnOne, score: int | None) -> None:
    rate(session, get_person(session, world.ana), held.id, score, f"click:{score}", NOW)


def test_what_is_asked(session: Session, world: World, held: OneOnOne) -> None:
    asked = shown(session, held)
    assert asking(session, held).person_id == world.ana
    assert (asked.coach.name, asked.starts_at, asked.zone) == ("Max", TEN, "America/New_York")
    assert (asked.given, asked.comment, asked.change_hours) == (None, None, 24)
    assert (asked.until, asked.is_open, asked.is_off) == (ASKED + 7 * DAY, True, False)


@pytest.mark.parametrize("score", [4, None])
def test_what_was_given(session: Session, world: World, held: OneOnOne, score: int | None) -> None:
    give(session, world, held, score)
    asked = shown(session, held)
    assert asked.given is not None
    assert asked.given.score == score
    assert (asked.until, asked.is_open) == (NOW + DAY, True)


def test_once_it_cannot_be_changed(session: Session, world: World, held: OneOnOne) -> None:
    give(session, world, held, 4)
    later = rating_asked(session, now_of(session, held).id, NOW + DAY)
    assert later is None  # not posted yet, and nothing can be pressed any more
    asking(session, held).ts = "1.0"
    stands = rating_asked(session, now_of(session, held).id, NOW + DAY)
    assert stands is not None
    assert not stands.is_open


def test_nobody_is_asked_a_week_late(session: Session, world: World, held: OneOnOne) -> None:
    sitting_id = now_of(session, held).id
    assert rating_asked(session, sitting_id, ASKED + 7 * DAY) is None
    assert rating_asked(session, sitting_id, ASKED + 7 * DAY - timedelta(seconds=1)) is not None


@pytest.mark.parametrize("state", [State.CANCELLED, State.EXCUSED])
def test_not_asked_about_what_was_not_to_be(
    session: Session, world: World, held: OneOnOne, state: State
) -> None:
    settle(session, held, state, NOW)
    assert rating_asked(session, now_of(session, held).id, NOW) is None
    asking(session, held).ts = "1.0"
    assert shown(session, held).is_off


@pytest.mark.parametrize("state", [State.HELD, State.MISSED])
def test_asked_whatever_was_recorded(
    session: Session, world: World, held: OneOnOne, state: State
) -> None:
    settle(session, held, state, NOW)
    assert not shown(session, held).is_off


def test_moved_away_only_the_new_time_asks(session: Session, world: World, held: OneOnOne) -> None:
    before, message = now_of(session, held).id, asking(session, held)
    give(session, world, held, None)
    set_to(session, held, TEN + 2 * DAY)

    assert rating_asked(session, before, NOW) is None
    message.ts = "1.0"
    stands = rating_asked(session, before, NOW)
    assert stands is not None
    assert stands.is_off
    anew = rating_asked(session, now_of(session, held).id, ASKED + 2 * DAY)
    assert anew is not None
    assert (anew.given, anew.is_off, anew.starts_at) == (None, False, TEN + 2 * DAY)


def test_who_has_left_is_not_asked(session: Session, world: World, held: OneOnOne) -> None:
    get_person(session, world.ana).active = False
    assert rating_asked(session, now_of(session, held).id, NOW) is None


def test_the_forms_are_for_who_was_coached(session: Session, world: World, held: OneOnOne) -> None:
    give(session, world, held, 4)
    ana = get_person(session, world.ana)
    form = rating_form(session, ana, held.id, NOW)
    assert form.given is not None
    assert form.given.score == 4
    assert comment_form(session, ana, held.id, NOW).comment is None
    for name in ("max", "lea", "ada", "ben"):
        other = get_person(session, getattr(world, name))
        with pytest.raises(Refused):
            rating_form(session, other, held.id, NOW)
        with pytest.raises(Refused):
            comment_form(session, other, held.id, NOW)


def test_the_forms_refuse_as_the_rules_do(session: Session, world: World, held: OneOnOne) -> None:
    give(session, world, held, 4)
    ana = get_person(session, world.ana)
    with pytest.raises(TooLate):
        rating_form(session, ana, held.id, NOW + DAY)
    assert comment_form(session, ana, held.id, NOW + DAY)  # that has no end
    settle(session, held, State.CANCELLED, NOW)
    with pytest.raises(NothingRated):
        rating_form(session, ana, held.id, NOW)
    with pytest.raises(UnknownOneOnOne):
        rating_form(session, ana, 10**6, NOW)
