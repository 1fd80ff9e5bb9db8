"""No workspace sees, answers, decides or closes what belongs to another."""

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.access import Refused
from models.base import Database, RuleBroken
from models.deals import UnknownDeal
from models.evidence import Answer
from models.people import Person, UnknownTeam, get_person, team
from models.pipeline_review import (
    Decision,
    Review,
    ReviewDeal,
    ReviewKind,
    UnknownReview,
    answer,
    candidates,
    close_review,
    current_decisions,
    last_closed,
    open_review,
    record_decision,
    review_deals,
    show_changed_deals,
    start_review,
    undecided_deals,
)
from models.screens import (
    answer_form,
    closing_card,
    deal_card,
    deal_names,
    decide_form,
    history,
    owner_dm,
    question_names,
    review_parent,
    who,
)
from tests.reviews import a_review, hold, some_deals
from tests.world import NOW, World, questions_of


@pytest.fixture
def elsewhere(database: Database, world: World, south: World) -> tuple[int, int, int]:
    """A review in the south: its id, its first deal's in the review, that deal's own."""
    with database.transaction(south.workspace_id) as session:
        deals = some_deals(session, south, 5)
        review = a_review(session, south, deals)
        return review.id, review_deals(session, review.id)[0].id, deals[0].id


def _acts(
    world: World,
) -> list[Callable[[Session, Person, int, int, int], object]]:
    return [
        lambda s, p, review, entry, deal: record_decision(
            s, p, entry, hold(world), NOW, replacing=None
        ),
        lambda s, p, review, entry, deal: answer(s, p, entry, {1: {"text": "x"}}, [], NOW),
        lambda s, p, review, entry, deal: close_review(s, p, review, NOW),
        lambda s, p, review, entry, deal: review_parent(s, review, NOW),
        lambda s, p, review, entry, deal: deal_card(s, entry, NOW),
        lambda s, p, review, entry, deal: closing_card(s, review, NOW),
        lambda s, p, review, entry, deal: answer_form(s, p, entry, NOW),
        lambda s, p, review, entry, deal: decide_form(s, p, entry, NOW),
        lambda s, p, review, entry, deal: history(s, p, deal, NOW),
    ]


@pytest.mark.parametrize("number", range(9))
def test_ids_of_another_workspace_are_unknown(
    database: Database, world: World, elsewhere: tuple[int, int, int], number: int
) -> None:
    with database.transaction(world.workspace_id) as session:
        boss = get_person(session, world.max)
        with pytest.raises((UnknownReview, UnknownDeal)):
            _acts(world)[number](session, boss, *elsewhere)


def test_nothing_of_it_is_found(
    session: Session, world: World, south: World, elsewhere: tuple[int, int, int]
) -> None:
    review_id, entry_id, deal_id = elsewhere

    assert open_review(session, south.team) is None
    assert last_closed(session, south.team) is None
    assert review_deals(session, review_id) == []
    assert undecided_deals(session, review_id) == ()
    assert current_decisions(session, [entry_id]) == {}
    assert owner_dm(session, entry_id, NOW) is None
    assert deal_names(session, [deal_id]) == ()
    assert who(session, [south.max]) == ()
    assert candidates(session, team(session, world.team), NOW) == []
    show_changed_deals(session, [deal_id], NOW)
    for table in (Review, ReviewDeal, Decision, Answer):
        assert session.scalars(select(table)).all() == []


def test_no_review_of_their_team_or_deals(
    session: Session, world: World, south: World, elsewhere: tuple[int, int, int]
) -> None:
    mine = [deal.id for deal in some_deals(session, world, 5)]
    with pytest.raises(UnknownTeam):
        team(session, south.team)

    for ids in ([elsewhere[2]], [*mine, elsewhere[2]]):
        with pytest.raises(RuleBroken):
            start_review(
                session,
                get_person(session, world.max),
                team(session, world.team),
                ids,
                NOW,
                kind=ReviewKind.AD_HOC,
                decide_from=NOW,
            )


def test_the_other_manager_is_nobody_here(
    database: Database, world: World, south: World, elsewhere: tuple[int, int, int]
) -> None:
    """The same Slack id manages there too; a person's id opens no door on the other side."""
    with database.transaction(world.workspace_id) as session:
        mine = a_review(session, world)
        entry_id = review_deals(session, mine.id)[0].id
        asked = [q.id for q in questions_of(session, some_deals(session, world, 1)[0])]
        session.flush()
    with database.transaction(south.workspace_id) as session:
        stranger = get_person(session, south.max)
        assert question_names(session, asked) == ()
    with database.transaction(world.workspace_id) as session, pytest.raises(Refused):
        record_decision(session, stranger, entry_id, hold(world), NOW, replacing=None)
