"""Many clicks at once: a rating's promises hold between real threads, on both databases."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise
from typing import TypeVar

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.base import Database
from models.delivery import Delivery, Kind
from models.motivation import MotivationProfile, ProfileInput, profile_of, put_profile
from models.one_on_ones import OneOnOne, State
from models.people import get_person
from models.ratings import (
    NothingRated,
    Rating,
    RatingComment,
    TooLate,
    comment,
    current_comment,
    current_rating,
    rate,
)
from tests.crowds import at_once, counted
from tests.sittings import a_one_on_one, asking, settle
from tests.world import NOW, World, a_workspace

CROWD = 20
SCORES = (1, 2, 3, 4, 5, None)
T = TypeVar("T")


@pytest.fixture
def world(database: Database) -> World:
    """The workspace T0NORTH with its team West."""
    return a_workspace(database)


@pytest.fixture
def held(database: Database, world: World) -> int:
    """A session of Max and Ana that is asked about: its id."""
    with database.transaction(world.workspace_id) as session:
        return a_one_on_one(session, world.max, world.ana).id


def _pressing(world: World, held: int, score: int | None, once: str) -> Callable[[Session], bool]:
    def act(session: Session) -> bool:
        return rate(session, get_person(session, world.ana), held, score, once, NOW)

    return act


def test_one_click_delivered_twenty_times_is_one(
    database: Database, world: World, held: int
) -> None:
    made = at_once(database, world, [_pressing(world, held, 4, "click:1")] * CROWD)

    assert Counter(made) == {True: 1, False: CROWD - 1}
    assert counted(database, world, Rating) == 1
    with database.transaction(world.workspace_id) as session:
        one_on_one = session.get_one(OneOnOne, held)
        assert asking(session, one_on_one).revision == 2


def test_six_buttons_at_once(database: Database, world: World, held: int) -> None:
    presses = [_pressing(world, held, score, f"click:{score}") for score in SCORES]

    made = at_once(database, world, presses)

    assert made == [True] * 6
    _the_newest_counts(database, world, held, 6)


def test_twenty_clicks_on_one_face_are_one(database: Database, world: World, held: int) -> None:
    """An impatient thumb: each click is one of its own to Slack."""
    made = at_once(database, world, [_pressing(world, held, 4, f"click:{n}") for n in range(CROWD)])

    assert Counter(made) == {True: 1, False: CROWD - 1}
    _the_newest_counts(database, world, held, 1)


def test_twenty_different_presses(database: Database, world: World, held: int) -> None:
    """Each that says something new is kept, one counts, and the DM is told of all."""
    presses = [_pressing(world, held, SCORES[n % 6], f"click:{n}") for n in range(CROWD)]

    made = at_once(database, world, presses)

    assert set(made) <= {True, False}
    _the_newest_counts(database, world, held, made.count(True))
    with database.transaction(world.workspace_id) as session:
        scores = session.scalars(select(Rating.score).order_by(Rating.id)).all()
    assert set(scores) == set(SCORES)
    assert all(one != other for one, other in pairwise(scores))


def _the_newest_counts(database: Database, world: World, held: int, presses: int) -> None:
    with database.transaction(world.workspace_id) as session:
        rows = session.scalars(select(Rating).order_by(Rating.id)).all()
        assert len(rows) == presses
        assert current_rating(session, held) is rows[-1]
        assert asking(session, session.get_one(OneOnOne, held)).revision == 1 + presses


@pytest.mark.parametrize("round_", range(3))
def test_rated_and_cancelled_at_once(
    database: Database, world: World, held: int, round_: int
) -> None:
    """Whoever is first: nothing is rated that was cancelled before."""

    def cancel(session: Session) -> bool:
        locked = select(OneOnOne).where(OneOnOne.id == held).with_for_update()
        one_on_one = session.scalars(locked).one()
        rated_before.append(_ratings(session))
        settle(session, one_on_one, State.CANCELLED, NOW)
        return True

    rated_before: list[int] = []
    presses = [_pressing(world, held, SCORES[n % 6], f"click:{n}") for n in range(9)]
    made = at_once(database, world, [*presses[:5], cancel, *presses[5:]])

    told = Counter("refused" if isinstance(one, NothingRated) else one for one in made)
    told[True] -= 1  # the cancelling itself
    assert told.total() == 9
    assert set(told) <= {True, False, "refused"}  # False: it stood already
    assert rated_before == [told[True]] == [counted(database, world, Rating)]


def _ratings(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Rating)) or 0


def test_twenty_changes_as_the_day_ends(database: Database, world: World, held: int) -> None:
    """Half of them come a moment too late, whatever the order."""
    with database.transaction(world.workspace_id) as session:
        ana = get_person(session, world.ana)
        rate(session, ana, held, 3, "first", NOW)

    def at(seconds: int) -> Callable[[Session], bool]:
        def act(session: Session) -> bool:
            moment = NOW + timedelta(hours=24, seconds=seconds)
            ana = get_person(session, world.ana)
            return rate(session, ana, held, seconds % 5 + 1, f"click:{seconds}", moment)

        return act

    made = at_once(database, world, [at(n - CROWD // 2) for n in range(CROWD)])

    in_time, late = made[: CROWD // 2], made[CROWD // 2 :]
    assert set(in_time) <= {True, False}  # False: it stood already
    assert in_time.count(True) == counted(database, world, Rating) - 1 >= 4
    assert all(isinstance(one, TooLate) for one in late)


def test_twenty_comments_at_once(database: Database, world: World, held: int) -> None:
    """One is current; the coach's message is one, and is there as soon as any was sent."""

    def writing(number: int) -> Callable[[Session], int]:
        def act(session: Session) -> int:
            ana = get_person(session, world.ana)
            send = number % 2 == 0
            made = comment(session, ana, held, f"Comment {number}", NOW, send=send)
            assert made is not None
            return made.id

        return act

    made = at_once(database, world, [writing(number) for number in range(CROWD)])

    assert len(set(made)) == CROWD
    with database.transaction(world.workspace_id) as session:
        rows = session.scalars(select(RatingComment).order_by(RatingComment.id)).all()
        assert [row.is_current for row in rows] == [False] * (CROWD - 1) + [True]
        assert current_comment(session, held) is rows[-1]
        of_kind = select(func.count()).where(Delivery.kind == Kind.ONE_ON_ONE_COMMENT)
        assert session.scalar(of_kind) == 1


def test_twenty_profiles_at_once(database: Database, world: World) -> None:
    def writing(number: int) -> Callable[[Session], int]:
        def act(session: Session) -> int:
            ana, boss = get_person(session, world.ana), get_person(session, world.max)
            given = ProfileInput(goal=f"Goal {number}")
            return put_profile(session, ana, given, NOW, share_with=boss).id

        return act

    made = at_once(database, world, [writing(number) for number in range(CROWD)])

    assert len(set(made)) == CROWD
    with database.transaction(world.workspace_id) as session:
        found = profile_of(session, world.ana)
        assert found is not None
        assert found.id == session.scalar(select(func.max(MotivationProfile.id)))
