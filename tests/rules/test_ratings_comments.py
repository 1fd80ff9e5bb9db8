"""The comment beside a rating: its author's alone, unless and while it is sent to the coach."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import delivery_claims as claims
from models.access import Refused
from models.base import Database
from models.delivery import Delivery, DeliveryState, Kind
from models.one_on_ones import OneOnOne, State
from models.people import get_person
from models.ratings import (
    MOST_COMMENT,
    CommentTooLong,
    NothingRated,
    NotYetAsked,
    RatingComment,
    comment,
    current_comment,
    sent_comment,
)
from models.screens import comment_sent, rating_asked
from tests.rules.deliveries import claimed, fenced, posted, sure
from tests.sittings import TEN, a_one_on_one, asking, settle, sitting_of
from tests.world import NOW, World

SAID = "The role-play helped; the forecast part could be shorter"


@pytest.fixture
def held(session: Session, world: World) -> OneOnOne:
    """Max and Ana, Tuesday at 10:00."""
    return a_one_on_one(session, world.max, world.ana)


def write(
    session: Session, world: World, held: OneOnOne, text: str = SAID, *, send: bool
) -> RatingComment:
    made = comment(session, get_person(session, world.ana), held.id, text, NOW, send=send)
    assert made is not None
    return made


def to_the_coach(session: Session) -> list[Delivery]:
    of_kind = select(Delivery).where(Delivery.kind == Kind.ONE_ON_ONE_COMMENT)
    found = of_kind.order_by(Delivery.id).execution_options(populate_existing=True)
    return list(session.scalars(found))


def test_an_unsent_comment_reaches_nobody(session: Session, world: World, held: OneOnOne) -> None:
    shown = asking(session, held).revision
    write(session, world, held, send=False)

    assert to_the_coach(session) == []
    assert comment_sent(session, held.id, NOW) is None
    assert sent_comment(session, held.id) is None
    assert asking(session, held).revision == shown + 1


def test_a_sent_one_goes_to_the_coach_by_name(
    session: Session, world: World, held: OneOnOne
) -> None:
    write(session, world, held, send=True)

    [owed] = to_the_coach(session)
    assert (owed.person_id, owed.subject_id, owed.due_at) == (world.max, held.id, NOW)
    shown = comment_sent(session, held.id, NOW)
    assert shown is not None
    assert (shown.author.name, shown.text, shown.starts_at) == ("Ana", SAID, TEN)


def test_the_same_again_changes_nothing(session: Session, world: World, held: OneOnOne) -> None:
    first = write(session, world, held, send=True)
    owed = to_the_coach(session)[0].revision

    assert write(session, world, held, send=True) is first
    assert to_the_coach(session)[0].revision == owed


def test_an_edit_follows_where_it_stands(session: Session, world: World, held: OneOnOne) -> None:
    write(session, world, held, send=True)
    to_the_coach(session)[0].ts = "1.0"
    write(session, world, held, "Only the role-play", send=True)

    [owed] = to_the_coach(session)
    assert owed.revision == 2
    shown = comment_sent(session, held.id, NOW)
    assert shown is not None
    assert shown.text == "Only the role-play"
    texts = session.scalars(select(RatingComment.text).order_by(RatingComment.id))
    assert list(texts) == [SAID, "Only the role-play"]


def test_taken_back_after_it_was_posted(session: Session, world: World, held: OneOnOne) -> None:
    write(session, world, held, send=True)
    to_the_coach(session)[0].ts = "1.0"
    write(session, world, held, send=False)

    [owed] = to_the_coach(session)
    assert owed.revision == 2
    shown = comment_sent(session, held.id, NOW)
    assert shown is not None
    assert shown.text is None
    assert SAID not in repr(shown)


def test_taken_back_before_it_was_posted(session: Session, world: World, held: OneOnOne) -> None:
    write(session, world, held, send=True)
    write(session, world, held, send=False)
    assert comment_sent(session, held.id, NOW) is None


def test_dropped_and_sent_again_it_is_owed_anew(
    session: Session, world: World, held: OneOnOne
) -> None:
    write(session, world, held, send=True)
    write(session, world, held, send=False)
    to_the_coach(session)[0].state = DeliveryState.DROPPED
    write(session, world, held, "Once more", send=True)

    assert [one.state for one in to_the_coach(session)] == [
        DeliveryState.DROPPED,
        DeliveryState.OWED,
    ]


def test_sent_again_while_the_post_drops_it(database: Database, world: World) -> None:
    """The post has read that it was taken back, and drops it when it is sent again."""
    with database.transaction(world.workspace_id) as session:
        held = a_one_on_one(session, world.max, world.ana)
        held_id, asking(session, held).due_at = held.id, NOW + timedelta(days=1)
        ana = get_person(session, world.ana)
        comment(session, ana, held_id, SAID, NOW, send=True)
        comment(session, ana, held_id, SAID, NOW, send=False)
    claim = sure(claimed(database))
    with database.transaction(world.workspace_id) as session:
        claim = claims.still_held(session, claim)
        assert comment_sent(session, held_id, NOW) is None
    with database.transaction(world.workspace_id) as session:
        comment(session, get_person(session, world.ana), held_id, SAID, NOW, send=True)
    with database.transaction(world.workspace_id) as session:
        claims.drop(session, claim, "not_wanted")

    again = sure(claimed(database))
    assert (again.kind, again.subject_id) == (Kind.ONE_ON_ONE_COMMENT, held_id)
    with database.transaction(world.workspace_id) as session:
        again = claims.still_held(session, again)
        shown = comment_sent(session, held_id, NOW)
        assert shown is not None
        assert shown.text == SAID
    posted(database, world, fenced(database, world, again))


@pytest.mark.parametrize("name", ["max", "lea", "ada", "ben"])
def test_nobody_else_comments(session: Session, world: World, held: OneOnOne, name: str) -> None:
    other = get_person(session, getattr(world, name))
    with pytest.raises(Refused):
        comment(session, other, held.id, SAID, NOW, send=True)
    write(session, world, held, send=False)
    with pytest.raises(Refused):
        comment(session, other, held.id, "Something else", NOW, send=True)
    found = current_comment(session, held.id)
    assert found is not None
    assert (found.text, found.sent) == (SAID, False)


def test_not_before_it_is_asked(session: Session, world: World, held: OneOnOne) -> None:
    ana = get_person(session, world.ana)
    with pytest.raises(NotYetAsked):
        comment(session, ana, held.id, SAID, TEN, send=True)


def test_what_was_cancelled_gets_no_comment_but_keeps_its_own(
    session: Session, world: World, held: OneOnOne
) -> None:
    other = a_one_on_one(session, world.max, world.ben)
    settle(session, other, State.CANCELLED, TEN)
    with pytest.raises(NothingRated):
        comment(session, get_person(session, world.ben), other.id, SAID, NOW, send=True)

    write(session, world, held, send=True)
    settle(session, held, State.CANCELLED, NOW)
    assert not write(session, world, held, send=False).sent


def test_emptied_it_is_removed(session: Session, world: World, held: OneOnOne) -> None:
    """The coach's copy says that it was taken back; what was written stays as trail alone."""
    write(session, world, held, send=True)
    to_the_coach(session)[0].ts = "1.0"
    ana = get_person(session, world.ana)

    assert comment(session, ana, held.id, " \n", NOW, send=True) is None
    assert comment(session, ana, held.id, "", NOW, send=True) is None

    assert current_comment(session, held.id) is None
    shown = comment_sent(session, held.id, NOW)
    assert shown is not None
    assert shown.text is None
    assert [one.is_current for one in session.scalars(select(RatingComment))] == [False]
    assert len(to_the_coach(session)) == 1


def test_it_is_not_too_long(session: Session, world: World, held: OneOnOne) -> None:
    with pytest.raises(CommentTooLong) as long:
        write(session, world, held, "x" * (MOST_COMMENT + 1), send=True)
    assert long.value.most == MOST_COMMENT
    write(session, world, held, "x" * MOST_COMMENT, send=True)


def test_a_coach_who_left_gets_none(session: Session, world: World, held: OneOnOne) -> None:
    write(session, world, held, send=True)
    get_person(session, world.max).active = False
    assert comment_sent(session, held.id, NOW) is None


def test_its_author_sees_it(session: Session, world: World, held: OneOnOne) -> None:
    write(session, world, held, send=False)
    sitting = sitting_of(session, held)
    assert sitting is not None
    shown = rating_asked(session, sitting.id, NOW)
    assert shown is not None
    assert shown.comment is not None
    assert (shown.comment.text, shown.comment.sent) == (SAID, False)
