"""Answering: only the owner, only what the stage asks, only while the review is open."""

from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.access import Act, Refused
from models.deals import Deal, set_owner
from models.delivery import Delivery, Kind, find
from models.evidence import (
    AnswerSet,
    Fault,
    InvalidAnswer,
    NothingAnswered,
    standing,
)
from models.people import get_person
from models.pipeline_review import Review, ReviewClosed, answer, review_deals
from tests.reviews import a_review, close, deal_of, entry_of, hold_all
from tests.world import (
    NOW,
    TODAY,
    World,
    a_deal,
    an_import,
    prove,
    proving,
    questions_of,
)


def _values(session: Session, deal: Deal) -> dict[int, dict[str, Any]]:
    return {q.id: proving(q.kind) for q in questions_of(session, deal)}


def _revision(session: Session, kind: Kind, subject_id: int) -> int:
    message = find(session, kind, subject_id)
    assert message is not None
    session.refresh(message)
    return message.revision


def test_an_answer_proves_replies_and_refreshes(session: Session, world: World) -> None:
    review = a_review(session, world)
    entry = review_deals(session, review.id)[0]
    deal = deal_of(session, entry)

    saved = answer(
        session, get_person(session, world.ana), entry.id, _values(session, deal), set(), NOW
    )

    assert saved.review_deal_id == entry.id
    assert standing(session, [deal], NOW, TODAY)[deal.id].open == ()
    card = find(session, Kind.REVIEW_CARD, entry.id)
    reply = find(session, Kind.REVIEW_ANSWERS, saved.id)
    assert card is not None
    assert reply is not None
    assert (reply.after_id, reply.channel_id) == (card.id, world.channel)
    assert _revision(session, Kind.REVIEW_CARD, entry.id) == 2
    assert _revision(session, Kind.REVIEW_PARENT, review.id) == 2
    assert _revision(session, Kind.REVIEW_OWNER, entry.id) == 2
    others = [each for each in review_deals(session, review.id) if each.id != entry.id]
    assert {_revision(session, Kind.REVIEW_CARD, each.id) for each in others} == {1}


def test_still_true_alone_is_an_answer(session: Session, world: World) -> None:
    deal = a_deal(session, world.ana, "Proposal")
    prove(session, deal)
    review = a_review(session, world, [deal])
    entry = entry_of(session, review, deal)
    confirmed = questions_of(session, deal)[0].id

    answer(session, get_person(session, world.ana), entry.id, {}, {confirmed}, NOW)

    assert session.scalar(select(func.count()).select_from(AnswerSet)) == 2


@pytest.mark.parametrize("person", ["ben", "lea", "ada"])
def test_only_the_owner_or_the_manager(session: Session, world: World, person: str) -> None:
    review = a_review(session, world)
    entry = review_deals(session, review.id)[0]
    values = _values(session, deal_of(session, entry))

    with pytest.raises(Refused) as refused:
        answer(session, get_person(session, getattr(world, person)), entry.id, values, set(), NOW)

    assert (refused.value.act, refused.value.allowed) == (Act.ANSWER, (world.ana, world.max))


def test_evidence_follows_the_owner(session: Session, world: World) -> None:
    review = a_review(session, world)
    entry = review_deals(session, review.id)[0]
    deal = deal_of(session, entry)
    set_owner(session, deal, world.cleo, NOW, import_id=an_import(session).id)
    values = _values(session, deal)

    with pytest.raises(Refused):
        answer(session, get_person(session, world.ana), entry.id, values, set(), NOW)

    assert answer(session, get_person(session, world.cleo), entry.id, values, set(), NOW)


def test_only_what_the_stage_asks(session: Session, world: World) -> None:
    elsewhere = a_deal(session, world.ben, "Negotiation")
    review = a_review(session, world)
    entry = review_deals(session, review.id)[0]

    with pytest.raises(InvalidAnswer) as refused:
        answer(
            session,
            get_person(session, world.ana),
            entry.id,
            _values(session, elsewhere),
            set(),
            NOW,
        )

    assert refused.value.code is Fault.NOT_ASKED


def test_nothing_is_no_answer(session: Session, world: World) -> None:
    review = a_review(session, world)
    entry = review_deals(session, review.id)[0]

    with pytest.raises(NothingAnswered):
        answer(session, get_person(session, world.ana), entry.id, {}, set(), NOW)


def test_a_stage_without_questions_asks_nothing(session: Session, world: World) -> None:
    deal = a_deal(session, world.ana, "Prospecting")
    question = questions_of(session, a_deal(session, world.ana, "Qualified"))[0]
    review = _reviewing(session, world, deal)

    with pytest.raises(InvalidAnswer):
        answer(
            session,
            get_person(session, world.ana),
            entry_of(session, review, deal).id,
            {question.id: proving(question.kind)},
            set(),
            NOW,
        )


def test_a_closed_review_asks_nothing(session: Session, world: World) -> None:
    review = a_review(session, world)
    entry = review_deals(session, review.id)[0]
    hold_all(session, world, review)
    close(session, world, review)

    with pytest.raises(ReviewClosed) as refused:
        answer(
            session,
            get_person(session, world.ana),
            entry.id,
            _values(session, deal_of(session, entry)),
            set(),
            NOW,
        )

    assert (refused.value.by_id, refused.value.at) == (world.max, NOW)
    replies = select(func.count()).where(Delivery.kind == Kind.REVIEW_ANSWERS)
    assert session.scalar(replies) == 0


def _reviewing(session: Session, world: World, deal: Deal) -> Review:
    others = [a_deal(session, world.ben, "Proposal") for _ in range(4)]
    return a_review(session, world, [deal, *others])
