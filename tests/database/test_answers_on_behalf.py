"""0005 with data, up and down; and twenty who answer for, confirm and share at once."""

from collections import Counter
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from bot import migrate
from models.base import Database
from models.delivery import Delivery, Kind
from models.evidence import Answer, AnswerSet, Quoted
from models.people import get_person
from models.pipeline_review import (
    Practice,
    ReviewDeal,
    answer,
    answer_practice,
    confirm,
    from_message,
    propose,
    review_deals,
)
from tests.crowds import at_once, counted
from tests.reviews import a_review, deal_of, some_deals
from tests.world import NOW, World, a_workspace, proving, questions_of

CROWD = 20
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


def answered_for_ana(session: Session, world: World, *, quoted: Quoted | None = None) -> int:
    """Max answers one question of Ana's first deal for her; the deal in its review."""
    entry = session.scalars(select(ReviewDeal).order_by(ReviewDeal.id)).first()
    assert entry is not None
    [reply] = [q for q in questions_of(session, deal_of(session, entry)) if q.key == "reply"]
    values = {reply.id: proving(reply.kind)}
    answer(session, get_person(session, world.max), entry.id, values, (), NOW, quoted=quoted)
    return entry.id


@pytest.fixture
def world(database: Database) -> World:
    """With an open review, whose first deal is Ana's."""
    made = a_workspace(database)
    with database.transaction(made.workspace_id) as session:
        a_review(session, made, some_deals(session, made))
    return made


def test_down_and_up_with_what_only_this_version_knows(migrated_url: str) -> None:
    """What no owner confirmed proves nothing in the version before; what is old stays."""
    database = Database(migrated_url)
    world = a_workspace(database)
    with database.transaction(world.workspace_id) as session:
        review = a_review(session, world, some_deals(session, world))
        entry_id = answered_for_ana(session, world, quoted=Quoted("https://x.example/p1", "U0BEN"))
        max_, ben = get_person(session, world.max), get_person(session, world.ben)
        propose(session, max_, entry_id, ben, "Ask first", from_message("C0WEST", "1.1"), NOW)
        entries = len(review_deals(session, review.id))

    assert migrate.downgrade(migrated_url, "0002")
    with database.engine.connect() as connection:
        [confirmed_at] = connection.execute(text("SELECT confirmed_at FROM answers")).scalars()
        assert str(confirmed_at).startswith("1970-01-01")
        kinds = set(connection.execute(text("SELECT kind FROM deliveries")).scalars())
        assert not {"review.to_confirm", "review.practice"} & kinds
        assert "review.card" in kinds

    assert migrate.upgrade(migrated_url)
    with database.transaction(world.workspace_id) as session:
        kept = session.scalars(select(Answer)).one()
        assert (kept.confirmed_at, kept.confirmed_by_id) == (LONG_AGO, None)
        given = session.scalars(select(AnswerSet)).one()
        assert (given.for_id, given.quote_url, given.answered_by_id) == (None, None, world.max)
        assert len(session.scalars(select(ReviewDeal)).all()) == entries
    database.dispose()


def test_twenty_confirm_at_once(database: Database, world: World) -> None:
    with database.transaction(world.workspace_id) as session:
        entry_id = answered_for_ana(session, world)
        newest = session.scalars(select(Answer.id)).one()
        before = _revision(session, Kind.REVIEW_CARD, entry_id)

    def click(session: Session) -> None:
        confirm(session, get_person(session, world.ana), entry_id, newest, NOW)

    assert at_once(database, world, [click] * CROWD) == [None] * CROWD
    with database.transaction(world.workspace_id) as session:
        confirmed = session.scalars(select(Answer)).one()
        assert (confirmed.confirmed_at, confirmed.confirmed_by_id) == (NOW, world.ana)
        assert _revision(session, Kind.REVIEW_CARD, entry_id) == before + 1


def test_twenty_use_one_message_at_once(database: Database, world: World) -> None:
    quoted = Quoted("https://north.slack.com/p1", "U0BEN")

    def use(session: Session) -> int:
        return answered_for_ana(session, world, quoted=quoted)

    made = at_once(database, world, [use] * CROWD)
    assert Counter(map(type, made)) == {int: CROWD}
    assert counted(database, world, AnswerSet) == counted(database, world, Answer) == 1
    with database.transaction(world.workspace_id) as session:
        asked = select(func.count()).where(Delivery.kind == Kind.REVIEW_TO_CONFIRM)
        assert session.scalar(asked) == 1


def test_proposed_and_answered_at_once(database: Database, world: World) -> None:
    with database.transaction(world.workspace_id) as session:
        entry_id = session.scalars(select(ReviewDeal.id).order_by(ReviewDeal.id)).first()
        assert entry_id is not None

    def ask(session: Session) -> int:
        max_, ben = get_person(session, world.max), get_person(session, world.ben)
        source = from_message("C0WEST", "1.1")
        return propose(session, max_, entry_id, ben, "Ask first", source, NOW)[0].id

    [practice_id] = {*at_once(database, world, [ask] * CROWD)}
    assert counted(database, world, Practice) == 1
    assert isinstance(practice_id, int)

    def share(session: Session) -> None:
        answer_practice(session, get_person(session, world.ben), practice_id, NOW, share=True)

    assert at_once(database, world, [share] * CROWD) == [None] * CROWD
    with database.transaction(world.workspace_id) as session:
        assert _revision(session, Kind.REVIEW_PRACTICE, practice_id) == 2


def _revision(session: Session, kind: Kind, subject_id: int) -> int:
    asked = select(Delivery.revision).where(
        Delivery.kind == kind, Delivery.subject_id == subject_id
    )
    return session.scalars(asked).one()
