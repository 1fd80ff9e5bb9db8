"""Words worth copying are public once, and only while, their author agrees."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from handlers import MESSAGES
from models.access import Act, Refused
from models.delivery import Delivery, Kind, find
from models.people import get_person
from models.pipeline_review import (
    AuthorGone,
    Consent,
    Practice,
    Review,
    answer_practice,
    from_message,
    get_practice,
    propose,
    review_deals,
)
from models.screens import closing_card, practice_asked, practice_form
from tests.reading import read
from tests.reviews import a_review, close, hold_all
from tests.world import NOW, World, prove

SAID = "Asked who signs before sending the price"
LATER = NOW + timedelta(minutes=10)


@pytest.fixture
def review(session: Session, world: World) -> Review:
    return a_review(session, world)


def proposed(
    session: Session, world: World, review: Review, by: str = "max", author: str = "ben"
) -> Practice:
    entry = review_deals(session, review.id)[1]
    made, _ = propose(
        session,
        get_person(session, getattr(world, by)),
        entry.id,
        get_person(session, getattr(world, author)),
        SAID,
        from_message("C0WEST", "1.1"),
        NOW,
    )
    return made


def closing(session: Session, review: Review) -> str:
    shown = closing_card(session, review.id, LATER)
    assert shown is not None
    return read(MESSAGES[Kind.REVIEW_CLOSING].render(shown).blocks)


def test_nothing_is_shown_before_the_authors_click_nor_after_it_is_taken_back(
    session: Session, world: World, review: Review
) -> None:
    practice = proposed(session, world, review)
    hold_all(session, world, review)
    close(session, world, review)
    figures = dict(review.figures)
    assert "Worth copying" not in closing(session, review)
    ben = get_person(session, world.ben)

    answer_practice(session, ben, practice.id, LATER, share=True)
    assert f"Worth copying: @Ben on Customer 2 — “{SAID}”" in closing(session, review)
    card = find(session, Kind.REVIEW_CLOSING, review.id)
    assert card is not None
    session.refresh(card)
    assert card.revision == 2
    answer_practice(session, ben, practice.id, LATER, share=True)
    session.refresh(card)
    assert card.revision == 2  # twice is once

    answer_practice(session, ben, practice.id, LATER, share=False)
    assert SAID not in closing(session, review)
    assert review.figures == figures


def test_proposed_twice_it_is_asked_once(session: Session, world: World, review: Review) -> None:
    first = proposed(session, world, review)
    answer_practice(session, get_person(session, world.ben), first.id, NOW, share=False)
    assert proposed(session, world, review, "lea").id == first.id
    asked = session.scalars(select(Delivery).where(Delivery.kind == Kind.REVIEW_PRACTICE)).all()
    assert [one.person_id for one in asked] == [world.ben]
    assert first.consent is Consent.KEPT


def test_who_proposed_it_learns_yes_or_not_yet(
    session: Session, world: World, review: Review
) -> None:
    """The same whether the author has said nothing or rather not."""
    practice = proposed(session, world, review)
    max_, entry_id = get_person(session, world.max), practice.review_deal_id
    waiting = practice_form(session, max_, entry_id)
    answer_practice(session, get_person(session, world.ben), practice.id, NOW, share=False)
    assert practice_form(session, max_, entry_id) == waiting
    answer_practice(session, get_person(session, world.ben), practice.id, NOW, share=True)
    assert [one.shared for one in practice_form(session, max_, entry_id).before] == [True]


def test_ones_own_words_need_no_asking(session: Session, world: World, review: Review) -> None:
    practice = proposed(session, world, review, author="max")
    assert practice.consent is Consent.SHARED
    counted = select(func.count()).where(Delivery.kind == Kind.REVIEW_PRACTICE)
    assert session.scalar(counted) == 0


@pytest.mark.parametrize("person", ["ana", "ben", "ada"])
def test_only_who_decides_proposes(
    session: Session, world: World, review: Review, person: str
) -> None:
    with pytest.raises(Refused) as refused:
        proposed(session, world, review, person)
    assert refused.value.act is Act.PROPOSE_PRACTICE


@pytest.mark.parametrize("person", ["max", "ana", "lea"])
def test_only_the_author_agrees(
    session: Session, world: World, review: Review, person: str
) -> None:
    practice = proposed(session, world, review)
    with pytest.raises(Refused) as refused:
        answer_practice(
            session, get_person(session, getattr(world, person)), practice.id, NOW, share=True
        )
    assert refused.value.allowed == (world.ben,)


def test_an_author_who_has_left_cannot_be_asked(
    session: Session, world: World, review: Review
) -> None:
    practice = proposed(session, world, review)
    ben = get_person(session, world.ben)
    ben.active = False
    session.flush()
    assert practice_asked(session, practice.id, NOW) is None
    session.delete(get_practice(session, practice.id))
    session.flush()
    with pytest.raises(AuthorGone):
        proposed(session, world, review)


def test_the_answers_in_words_are_to_choose_from(
    session: Session, world: World, review: Review
) -> None:
    from models.pipeline_review import answer
    from tests.reviews import deal_of
    from tests.world import proving, questions_of

    entry = review_deals(session, review.id)[1]
    deal = deal_of(session, entry)
    prove(session, deal, all_but=["reply"])  # of before the review
    [reply] = [q for q in questions_of(session, deal) if q.key == "reply"]
    ben = get_person(session, world.ben)
    answer(session, ben, entry.id, {reply.id: proving(reply.kind)}, (), NOW)
    shown = practice_form(session, get_person(session, world.max), entry.id)
    assert [(one.short, one.author.id) for one in shown.choices] == [
        ("our answer to the objection", world.ben)
    ]
