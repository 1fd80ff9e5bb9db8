"""The week's promises between real threads, on both databases: one deputy, one ending, one word."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.base import Database
from models.delivery import Delivery, Kind
from models.deputies import Deputy
from models.next_actions import NextActionAnswer, Outcome, set_next_action
from models.people import get_person, team
from models.pipeline_review import (
    AlreadyClosed,
    Review,
    ReviewState,
    answer_action,
    close_review,
    make_way,
    name_deputy,
    renew_action,
)
from tests.crowds import at_once, counted
from tests.reviews import a_review, hold_all
from tests.world import NOW, TODAY, World, a_deal, a_workspace

CROWD = 10
WEEK = timedelta(days=7)


@pytest.fixture
def world(database: Database) -> World:
    """The workspace T0NORTH with its team West."""
    return a_workspace(database)


def test_two_deputies_named_at_once_leave_one(database: Database, world: World) -> None:
    def name(person_id: int) -> object:
        def act(session: Session) -> None:
            boss, person = get_person(session, world.max), get_person(session, person_id)
            name_deputy(session, boss, team(session, world.team), person, NOW)

        return act

    acts = [name(world.cleo), name(world.ben)] * (CROWD // 2)
    assert at_once(database, world, acts) == [None] * CROWD  # type: ignore[arg-type]
    with database.transaction(world.workspace_id) as session:
        current = session.scalars(select(Deputy).where(Deputy.ended_at.is_(None))).all()
        assert len(current) == 1


def test_closing_and_the_next_one_end_a_review_once(database: Database, world: World) -> None:
    with database.transaction(world.workspace_id) as session:
        review = a_review(session, world, decide_from=NOW - WEEK, started_at=NOW - WEEK)
        hold_all(session, world, review, NOW - WEEK)
        review_id = review.id

    def close(session: Session) -> None:
        close_review(session, get_person(session, world.max), review_id, NOW)

    def next_one(session: Session) -> None:
        assert make_way(session, team(session, world.team), NOW) is None

    found = at_once(database, world, [close, next_one] * (CROWD // 2))
    assert all(one is None or isinstance(one, AlreadyClosed) for one in found)
    with database.transaction(world.workspace_id) as session:
        ended = session.scalars(select(Review)).one()
        assert ended.state is ReviewState.CLOSED
        cards = select(Delivery).where(Delivery.kind == Kind.REVIEW_CLOSING)
        assert len(session.scalars(cards).all()) == 1


def test_a_review_is_abandoned_once(database: Database, world: World) -> None:
    with database.transaction(world.workspace_id) as session:
        a_review(session, world, decide_from=NOW - WEEK, started_at=NOW - WEEK)
    acts = [lambda session: make_way(session, team(session, world.team), NOW)] * CROWD
    assert at_once(database, world, acts) == [None] * CROWD
    with database.transaction(world.workspace_id) as session:
        told = select(Delivery.person_id).where(Delivery.kind == Kind.REVIEW_ENDED)
        assert sorted(session.scalars(told)) == sorted([world.max, world.lea])  # type: ignore[type-var]


def test_clicks_at_once_are_one_word_and_one_next_action(database: Database, world: World) -> None:
    with database.transaction(world.workspace_id) as session:
        deal = a_deal(session, world.ana)
        action_id = set_next_action(
            session, deal.id, "Send the price", world.ana, TODAY, world.max, NOW
        ).id

    def done(session: Session) -> None:
        answer_action(session, get_person(session, world.ana), action_id, Outcome.DONE, NOW)

    assert at_once(database, world, [done] * CROWD) == [None] * CROWD
    assert counted(database, world, NextActionAnswer) == 1

    def renew(session: Session) -> int:
        ana = get_person(session, world.ana)
        return renew_action(session, ana, action_id, "Call Dana", TODAY + WEEK, NOW).id

    made = at_once(database, world, [renew] * CROWD)
    assert len([one for one in made if isinstance(one, int)]) == 1
