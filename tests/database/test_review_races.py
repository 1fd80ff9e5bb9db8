"""Twenty at once: the review's promises hold between real threads, on both databases."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.base import Database
from models.deals import DealChange, get_deal
from models.delivery import Delivery, Kind
from models.evidence import Answer, AnswerSet
from models.next_actions import NextAction
from models.people import get_person, team
from models.pipeline_review import (
    AlreadyClosed,
    AlreadyDecided,
    AlreadyOpen,
    Decision,
    DecisionInput,
    Review,
    ReviewClosed,
    ReviewDeal,
    ReviewKind,
    Undecided,
    answer,
    close_review,
    record_decision,
    review_deals,
    start_review,
)
from tests.crowds import at_once, counted
from tests.reviews import a_review, decide, demote, hold, remove, some_deals
from tests.world import NOW, World, a_workspace, proving, questions_of

CROWD = 20
T = TypeVar("T")


@pytest.fixture
def world(database: Database) -> World:
    """The workspace T0NORTH with its team West."""
    return a_workspace(database)


@pytest.fixture
def review(database: Database, world: World) -> tuple[int, list[int]]:
    """An open review of five deals: its id, its deals' in it."""
    with database.transaction(world.workspace_id) as session:
        made = a_review(session, world, some_deals(session, world, 5))
        return made.id, [entry.id for entry in review_deals(session, made.id)]


def _deciding(
    world: World, person_id: int, entry_id: int, choice: DecisionInput, replacing: int | None = None
) -> Callable[[Session], int]:
    def act(session: Session) -> int:
        person = get_person(session, person_id)
        return record_decision(session, person, entry_id, choice, NOW, replacing=replacing).id

    return act


def test_twenty_clicks_make_one_decision(
    database: Database, world: World, review: tuple[int, list[int]]
) -> None:
    _, entries = review

    made = at_once(
        database, world, [_deciding(world, world.max, entries[0], demote(world))] * CROWD
    )

    assert len(set(made)) == 1
    assert isinstance(made[0], int)
    assert counted(database, world, Decision) == 1
    assert counted(database, world, NextAction) == 1
    assert counted(database, world, DealChange) == 1


def test_two_who_decide_differently_are_told(
    database: Database, world: World, review: tuple[int, list[int]]
) -> None:
    _, entries = review
    boss = _deciding(world, world.max, entries[0], demote(world))
    leader = _deciding(world, world.lea, entries[0], remove())

    made = at_once(database, world, [boss, leader] * (CROWD // 2))

    kinds = Counter(type(each) for each in made)
    assert kinds == {int: CROWD // 2, AlreadyDecided: CROWD // 2}
    assert counted(database, world, Decision) == 1


def test_twenty_corrections_of_one_decision_make_one(
    database: Database, world: World, review: tuple[int, list[int]]
) -> None:
    _, entries = review
    with database.transaction(world.workspace_id) as session:
        first = decide(session, world.max, entries[0], demote(world)).id
    choices = [hold(world, reason=f"Waits for their board, {number}") for number in range(CROWD)]

    made = at_once(
        database,
        world,
        [_deciding(world, world.max, entries[0], choice, first) for choice in choices],
    )

    kinds = Counter(type(each) for each in made)
    assert kinds == {int: 1, AlreadyDecided: CROWD - 1}
    with database.transaction(world.workspace_id) as session:
        current = select(func.count()).select_from(Decision).where(Decision.is_current)
        assert session.scalar(current) == 1
        assert session.scalar(select(func.count()).select_from(Decision)) == 2
        entry = session.scalars(select(ReviewDeal).where(ReviewDeal.id == entries[0])).one()
        assert get_deal(session, entry.deal_id).stage_id == world.stages["Proposal"]


def test_twenty_starts_make_one_review(database: Database, world: World) -> None:
    with database.transaction(world.workspace_id) as session:
        deal_ids = [deal.id for deal in some_deals(session, world, 5)]

    def start(session: Session) -> int:
        boss, west = get_person(session, world.max), team(session, world.team)
        return start_review(
            session, boss, west, deal_ids, NOW, kind=ReviewKind.AD_HOC, decide_from=NOW
        ).id

    made = at_once(database, world, [start] * CROWD)

    assert Counter(type(each) for each in made) == {int: 1, AlreadyOpen: CROWD - 1}
    [started] = [each for each in made if isinstance(each, int)]
    refused = [each for each in made if isinstance(each, AlreadyOpen)]
    assert {each.review_id for each in refused} == {started}
    assert counted(database, world, Review) == 1
    assert counted(database, world, ReviewDeal) == 5
    assert counted(database, world, Delivery) == 1 + 5 + 2


def test_twenty_closings_are_one(
    database: Database, world: World, review: tuple[int, list[int]]
) -> None:
    review_id, entries = review
    with database.transaction(world.workspace_id) as session:
        for entry_id in entries:
            decide(session, world.max, entry_id, hold(world))

    def close(session: Session) -> int:
        return close_review(session, get_person(session, world.max), review_id, NOW).id

    made = at_once(database, world, [close] * CROWD)

    assert Counter(type(each) for each in made) == {int: 1, AlreadyClosed: CROWD - 1}
    with database.transaction(world.workspace_id) as session:
        closing = select(func.count()).where(Delivery.kind == Kind.REVIEW_CLOSING)
        assert session.scalar(closing) == 1


@pytest.mark.parametrize("round_", range(3))
def test_closing_and_the_last_decision_at_once(
    database: Database, world: World, review: tuple[int, list[int]], round_: int
) -> None:
    """Whoever is first: the review never closes over an undecided deal."""
    review_id, entries = review
    with database.transaction(world.workspace_id) as session:
        for entry_id in entries[1:]:
            decide(session, world.max, entry_id, hold(world))

    def close(session: Session) -> int:
        return close_review(session, get_person(session, world.max), review_id, NOW).id

    last = _deciding(world, world.lea, entries[0], hold(world))
    made = at_once(database, world, [close, last] * 5)

    closings, decided = made[0::2], made[1::2]
    assert all(isinstance(each, int | Undecided | AlreadyClosed) for each in closings)
    assert all(isinstance(each, int | ReviewClosed) for each in decided)
    with database.transaction(world.workspace_id) as session:
        current = select(func.count()).select_from(Decision).where(Decision.is_current)
        number = session.scalar(current)
        state = session.scalars(select(Review)).one()
        assert number == 5
        if state.closed_at is not None:
            assert len(state.figures["closing"]["rows"]) == 5


def test_a_correction_and_the_closing_at_once(
    database: Database, world: World, review: tuple[int, list[int]]
) -> None:
    """The closing card's rows are the decisions that stand, whoever was first."""
    review_id, entries = review
    with database.transaction(world.workspace_id) as session:
        first = [decide(session, world.max, entry_id, hold(world)).id for entry_id in entries]

    def close(session: Session) -> int:
        return close_review(session, get_person(session, world.max), review_id, NOW).id

    corrections = [
        _deciding(world, world.lea, entry_id, remove(), decision_id)
        for entry_id, decision_id in zip(entries, first, strict=True)
    ]
    at_once(database, world, [*corrections, close])

    with database.transaction(world.workspace_id) as session:
        closed = session.scalars(select(Review)).one()
        standing = session.scalars(
            select(Decision).where(Decision.is_current).order_by(Decision.review_deal_id)
        ).all()
        assert [row["kind"] for row in closed.figures["closing"]["rows"]] == [
            each.kind.value for each in standing
        ]


def test_answers_at_once_leave_one_current_each(
    database: Database, world: World, review: tuple[int, list[int]]
) -> None:
    _, entries = review
    with database.transaction(world.workspace_id) as session:
        entry = session.scalars(select(ReviewDeal).where(ReviewDeal.id == entries[0])).one()
        asked = questions_of(session, get_deal(session, entry.deal_id))
        values = {question.id: proving(question.kind) for question in asked}

    def give(session: Session) -> int:
        return answer(session, get_person(session, world.ana), entries[0], values, [], NOW).id

    made = at_once(database, world, [give] * CROWD)

    assert all(isinstance(each, int) for each in made)
    assert counted(database, world, AnswerSet) == CROWD
    with database.transaction(world.workspace_id) as session:
        current = select(func.count()).select_from(Answer).where(Answer.is_current)
        assert session.scalar(current) == len(values)


def test_decisions_about_different_deals_all_stand(
    database: Database, world: World, review: tuple[int, list[int]]
) -> None:
    _, entries = review
    acts = [
        _deciding(world, person, entry_id, replace(hold(world), next_owner_id=person))
        for entry_id, person in zip(entries, [world.max, world.lea] * 3, strict=False)
    ]

    made = at_once(database, world, acts)

    assert len({each for each in made if isinstance(each, int)}) == 5
