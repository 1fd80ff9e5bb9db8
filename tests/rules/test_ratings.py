"""Rating a one-on-one: by whom, when, how often, and which of it counts."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models.access import Act, Refused
from models.base import Database
from models.days import digest_key
from models.delivery import Kind
from models.one_on_ones import OneOnOne, State, UnknownOneOnOne
from models.people import get_person
from models.ratings import (
    NothingRated,
    NotYetAsked,
    Rating,
    TooLate,
    asked_about,
    current_rating,
    rate,
    unrated,
)
from tests.owing import owe
from tests.sittings import TEN, a_one_on_one, asking, set_to, settle
from tests.world import NOW, TODAY, World

ASKED = TEN + timedelta(minutes=45)
DAY, HOUR, SECOND = timedelta(days=1), timedelta(hours=1), timedelta(seconds=1)


@pytest.fixture
def held(session: Session, world: World) -> OneOnOne:
    """Max and Ana, Tuesday at 10:00, half an hour; nothing is recorded about it."""
    return a_one_on_one(session, world.max, world.ana)


def press(
    session: Session,
    world: World,
    one_on_one: OneOnOne,
    score: int | None,
    at: datetime = NOW,
    *,
    once: str | None = None,
) -> bool:
    ana = get_person(session, world.ana)
    return rate(session, ana, one_on_one.id, score, once or f"click:{score}:{at}", at)


def counts(session: Session, one_on_one: OneOnOne) -> tuple[int | None]:
    found = current_rating(session, one_on_one.id)
    assert found is not None
    return (found.score,)


def rows(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Rating)) or 0


@pytest.mark.parametrize("score", [1, 2, 3, 4, 5, None])
def test_one_click_rates(session: Session, world: World, held: OneOnOne, score: int | None) -> None:
    owed = asking(session, held).revision

    assert press(session, world, held, score)

    assert counts(session, held) == (score,)
    assert asking(session, held).revision == owed + 1
    assert unrated(session, world.ana, NOW) == []


def test_the_newest_counts_and_the_trail_stays(
    session: Session, world: World, held: OneOnOne
) -> None:
    for minutes, score in enumerate((4, 3, None, 4)):
        assert press(session, world, held, score, NOW + timedelta(minutes=minutes))

    assert counts(session, held) == (4,)
    scores = session.scalars(select(Rating.score).order_by(Rating.id))
    assert list(scores) == [4, 3, None, 4]


@pytest.mark.parametrize("score", [4, None])
def test_what_stands_already_is_not_said_again(
    session: Session, world: World, held: OneOnOne, score: int | None
) -> None:
    """The second of a double click is no redelivery: Slack sends both."""
    assert press(session, world, held, score, once="click:U0ANA:1.1:7")
    revision = asking(session, held).revision

    assert not press(session, world, held, score, NOW + SECOND, once="click:U0ANA:1.1:8")

    assert rows(session) == 1
    assert asking(session, held).revision == revision


def test_an_old_click_delivered_again_changes_nothing(
    session: Session, world: World, held: OneOnOne
) -> None:
    assert press(session, world, held, 1, once="click:U0ANA:1.1:7")
    assert press(session, world, held, 5, once="click:U0ANA:1.1:8")
    revision = asking(session, held).revision

    assert not press(session, world, held, 1, NOW + HOUR, once="click:U0ANA:1.1:7")

    assert counts(session, held) == (5,)
    assert rows(session) == 2
    assert asking(session, held).revision == revision


def test_the_digests_that_repeat_the_question_show_the_answer(
    session: Session, world: World, held: OneOnOne
) -> None:
    days = [TODAY + n * DAY for n in range(4)]
    keys = [digest_key(world.ana, day) for day in days]
    owed = [
        owe(session, Kind.DIGEST, n, dedupe_key=key, due_at=NOW, person_id=world.ana)
        for n, key in enumerate(keys)
    ]

    press(session, world, held, 4, NOW + 2 * DAY)

    assert [each.revision for each in owed] == [1, 2, 2, 1]  # those of Wednesday and Thursday


@pytest.mark.parametrize("name", ["max", "lea", "ada", "ben"])
def test_nobody_else_rates_it(session: Session, world: World, held: OneOnOne, name: str) -> None:
    other = get_person(session, getattr(world, name))
    with pytest.raises(Refused) as refused:
        rate(session, other, held.id, 5, "click", NOW)
    assert (refused.value.act, refused.value.allowed) == (Act.RATE, (world.ana,))
    assert rows(session) == 0


def test_who_has_left_rates_nothing(session: Session, world: World, held: OneOnOne) -> None:
    get_person(session, world.ana).active = False
    with pytest.raises(Refused):
        press(session, world, held, 5)


def test_not_before_it_is_asked(session: Session, world: World, held: OneOnOne) -> None:
    with pytest.raises(NotYetAsked) as early:
        press(session, world, held, 5, ASKED - SECOND)
    assert early.value.at == ASKED
    assert unrated(session, world.ana, ASKED - SECOND) == []
    assert [one.id for one, _ in unrated(session, world.ana, ASKED)] == [held.id]
    assert press(session, world, held, 5, ASKED)


def test_first_within_seven_days(session: Session, world: World, held: OneOnOne) -> None:
    with pytest.raises(TooLate) as late:
        press(session, world, held, 5, ASKED + 7 * DAY)
    assert (late.value.until, late.value.rated) == (ASKED + 7 * DAY, False)
    assert unrated(session, world.ana, ASKED + 7 * DAY) == []
    assert unrated(session, world.ana, ASKED + 7 * DAY - SECOND)
    assert press(session, world, held, 5, ASKED + 7 * DAY - SECOND)


def test_changed_within_a_day_of_the_first(session: Session, world: World, held: OneOnOne) -> None:
    first = ASKED + 6 * DAY + 23 * HOUR  # so its day outlasts the seven
    press(session, world, held, 5, first)
    press(session, world, held, 4, first + 20 * HOUR)

    assert press(session, world, held, 3, first + DAY - SECOND)
    with pytest.raises(TooLate) as late:
        press(session, world, held, 1, first + DAY)

    assert (late.value.until, late.value.rated) == (first + DAY, True)
    assert counts(session, held) == (3,)


def test_the_day_has_24_hours_also_when_clocks_change(session: Session, world: World) -> None:
    """New York's clocks go back on Sunday 1 November 2026, and forward on 14 March 2027."""
    for start in (datetime(2026, 10, 31, 18, tzinfo=UTC), datetime(2027, 3, 13, 18, tzinfo=UTC)):
        one = a_one_on_one(session, world.max, world.ana, start)
        first = start + HOUR
        press(session, world, one, 5, first)
        assert press(session, world, one, 4, first + DAY - SECOND)
        with pytest.raises(TooLate):
            press(session, world, one, 3, first + DAY)


@pytest.mark.parametrize("state", [State.CANCELLED, State.EXCUSED])
def test_what_was_not_to_be_is_not_rated(
    session: Session, world: World, held: OneOnOne, state: State
) -> None:
    settle(session, held, state, TEN)
    with pytest.raises(NothingRated) as nothing:
        press(session, world, held, 5)
    assert nothing.value.state is state
    assert unrated(session, world.ana, NOW) == []


@pytest.mark.parametrize("state", [State.HELD, State.MISSED])
def test_rated_whatever_was_recorded(
    session: Session, world: World, held: OneOnOne, state: State
) -> None:
    settle(session, held, state, NOW)
    assert press(session, world, held, None)


def test_moved_after_it_was_rated_it_is_asked_about_again(
    session: Session, world: World, held: OneOnOne
) -> None:
    """Nobody came on Tuesday, so Ana says so; then Max moves it to Thursday."""
    press(session, world, held, None, ASKED)
    thursday = TEN + 2 * DAY
    set_to(session, held, thursday)

    assert current_rating(session, held.id) is None
    with pytest.raises(NotYetAsked) as early:
        press(session, world, held, 4, NOW)
    assert early.value.at == ASKED + 2 * DAY

    assert press(session, world, held, 4, ASKED + 2 * DAY)
    assert counts(session, held) == (4,)
    assert press(session, world, held, 5, ASKED + 3 * DAY - SECOND)


def test_what_is_unrated_stands_oldest_first(session: Session, world: World) -> None:
    times = (TEN, NOW - 6 * DAY, NOW - 13 * DAY)
    today, last_week, _too_old = (a_one_on_one(session, world.max, world.ana, at) for at in times)
    other = a_one_on_one(session, world.max, world.ben, NOW - 2 * DAY)

    found = [one.id for one, _ in unrated(session, world.ana, NOW)]
    assert found == [last_week.id, today.id]
    assert [one.id for one, _ in unrated(session, world.ben, NOW)] == [other.id]
    assert unrated(session, world.max, NOW) == []


@pytest.mark.parametrize("score", [0, 6, -1])
def test_there_is_no_other_score(
    session: Session, world: World, held: OneOnOne, score: int
) -> None:
    with pytest.raises(ValueError, match="1 to 5"):
        press(session, world, held, score)
    session.add(Rating(one_on_one_id=held.id, score=score, given_at=NOW, once="x"))
    with pytest.raises(IntegrityError):
        session.flush()


def test_another_workspaces_session(database: Database, world: World, south: World) -> None:
    with database.transaction(south.workspace_id) as session:
        theirs = a_one_on_one(session, south.max, south.ana).id
    with database.transaction(world.workspace_id) as session:
        ana = get_person(session, world.ana)
        with pytest.raises(UnknownOneOnOne):
            rate(session, ana, theirs, 5, "click", NOW)


steps = st.lists(
    st.tuples(st.sampled_from((1, 2, 3, 4, 5, None)), st.integers(-60, 10 * 24 * 60)), max_size=8
)


def test_whenever_it_is_pressed(session: Session, world: World, held: OneOnOne) -> None:
    """The newest press that was taken counts, and each was taken within its time or refused."""

    @settings(max_examples=25)
    @given(steps)
    def whatever_is_pressed(presses: list[tuple[int | None, int]]) -> None:
        taken: list[tuple[datetime, int | None]] = []
        with session.begin_nested() as pressed:
            for score, minutes in sorted(presses, key=lambda one: one[1]):
                at = ASKED + timedelta(minutes=minutes)
                first = taken[0][0] if taken else None
                until = ASKED + 7 * DAY if first is None else first + DAY
                assert asked_about(session, held.id).until == until
                if ASKED <= at < until:
                    is_new = not taken or taken[-1][1] != score
                    assert press(session, world, held, score, at, once=f"{len(taken)}") == is_new
                    taken += [(at, score)] * is_new
                else:
                    with pytest.raises((NotYetAsked, TooLate)):
                        press(session, world, held, score, at)
            stands = current_rating(session, held.id)
            assert (stands and (stands.given_at, stands.score)) == (taken[-1] if taken else None)
            pressed.rollback()

    whatever_is_pressed()
