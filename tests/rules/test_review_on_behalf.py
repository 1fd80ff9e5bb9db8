"""Answers on an owner's behalf: they fill, and prove once the owner confirms."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.access import Act, Refused
from models.coverage import team_coverage
from models.deals import Deal, get_deal, set_owner
from models.delivery import Delivery, Kind, find
from models.evidence import (
    Answer,
    AnswersChanged,
    AnswerSet,
    Fault,
    InvalidAnswer,
    NothingToConfirm,
    State,
    standing,
)
from models.people import get_person, team
from models.pipeline_review import (
    AdvanceUnproved,
    Review,
    ReviewDeal,
    answer,
    confirm,
    review_deals,
)
from models.screens import answer_form, answers_reply, deal_card, home, to_confirm_dm
from tests.reviews import a_review, advance, close, decide, demote, entry_of, hold_all, some_deals
from tests.world import NOW, TODAY, World, an_import, prove, proving, questions_of

LATER = NOW + timedelta(minutes=10)


@pytest.fixture
def review(session: Session, world: World) -> Review:
    return a_review(session, world)


@pytest.fixture
def entry(session: Session, review: Review) -> ReviewDeal:
    """The first deal, which is Ana's."""
    return review_deals(session, review.id)[0]


def values_of(session: Session, entry: ReviewDeal, *keys: str) -> dict[int, dict[str, Any]]:
    asked = questions_of(session, get_deal(session, entry.deal_id))
    return {q.id: proving(q.kind) for q in asked if not keys or q.key in keys}


def for_ana(session: Session, world: World, entry: ReviewDeal, *keys: str) -> AnswerSet:
    """Max answers for Ana."""
    values = values_of(session, entry, *keys)
    return answer(session, get_person(session, world.max), entry.id, values, (), NOW)


def newest(session: Session) -> int:
    return max(session.scalars(select(Answer.id)))


def confirmed_by(session: Session, person_id: int, entry: ReviewDeal) -> None:
    confirm(session, get_person(session, person_id), entry.id, newest(session), LATER)


def states(session: Session, entry: ReviewDeal) -> list[State]:
    deal = get_deal(session, entry.deal_id)
    return [each.state for each in standing(session, [deal], LATER, TODAY)[deal.id].questions]


def revision(session: Session, kind: Kind, subject_id: int) -> int:
    message = find(session, kind, subject_id)
    assert message is not None
    session.refresh(message)
    return message.revision


def test_until_the_owner_confirms_it_only_fills(
    session: Session, world: World, entry: ReviewDeal
) -> None:
    given = for_ana(session, world, entry)

    assert (given.answered_by_id, given.for_id) == (world.max, world.ana)
    assert set(states(session, entry)) == {State.UNCONFIRMED}
    card = deal_card(session, entry.id, NOW)
    assert card is not None
    assert (card.evidence.proved, card.evidence.unanswered) == (0, 0)
    assert len(card.evidence.open) == len(card.evidence.unconfirmed) == 3
    with pytest.raises(AdvanceUnproved):
        decide(session, world.max, entry.id, advance(world))
    of_team = team(session, world.team)
    assert team_coverage(session, of_team, TODAY, NOW).evidenced == 0

    confirmed_by(session, world.ana, entry)

    assert set(states(session, entry)) == {State.PROVED}
    assert team_coverage(session, of_team, TODAY, LATER).evidenced
    rows = session.scalars(select(Answer).where(Answer.is_current)).all()
    assert {(row.answer_set_id, row.confirmed_by_id) for row in rows} == {(given.id, world.ana)}
    assert {row.confirmed_at for row in rows} == {LATER}
    decide(session, world.max, entry.id, advance(world))


def test_one_message_per_owner_and_review(session: Session, world: World, review: Review) -> None:
    anas = [review_deals(session, review.id)[n] for n in (0, 2)]
    first = for_ana(session, world, anas[0], "objection")
    for_ana(session, world, anas[0], "reply")
    for_ana(session, world, anas[1])

    asked = session.scalars(select(Delivery).where(Delivery.kind == Kind.REVIEW_TO_CONFIRM)).all()

    assert [(one.subject_id, one.person_id) for one in asked] == [(first.id, world.ana)]
    shown = to_confirm_dm(session, first.id, NOW)
    assert shown is not None
    assert [len(one.answers) for one in shown.deals] == [2, 3]
    ana = get_person(session, world.ana)
    assert home(session, ana, NOW).to_confirm == shown.deals
    before = revision(session, Kind.REVIEW_TO_CONFIRM, first.id)
    confirmed_by(session, world.ana, anas[0])
    assert revision(session, Kind.REVIEW_TO_CONFIRM, first.id) > before
    asked[0].ts, asked[0].posted_channel = "1.1", "D1"
    shown = to_confirm_dm(session, first.id, LATER)
    assert shown is not None
    assert ([one.deal.name for one in shown.deals], shown.settled) == (
        ["Customer 3"],
        ("Customer 1",),
    )


def test_the_reply_says_for_whom_and_what_became_of_it(
    session: Session, world: World, entry: ReviewDeal
) -> None:
    given = for_ana(session, world, entry, "objection", "reply")
    reply = answers_reply(session, given.id, NOW)
    assert reply is not None
    assert reply.behalf_of
    assert (reply.by.id, reply.behalf_of.id) == (world.max, world.ana)
    assert [one.unconfirmed for one in reply.answers] == [True, True]
    before = revision(session, Kind.REVIEW_ANSWERS, given.id)

    ana, own = get_person(session, world.ana), values_of(session, entry, "reply")
    answer(session, ana, entry.id, own, (), LATER)
    confirmed_by(session, world.ana, entry)

    assert revision(session, Kind.REVIEW_ANSWERS, given.id) == before + 2
    reply = answers_reply(session, given.id, LATER)
    assert reply is not None
    assert [(one.unconfirmed, one.superseded) for one in reply.answers] == [
        (False, False),
        (False, True),
    ]


def test_twice_is_once(session: Session, world: World, entry: ReviewDeal) -> None:
    for_ana(session, world, entry)
    confirmed_by(session, world.ana, entry)
    before = revision(session, Kind.REVIEW_CARD, entry.id)
    confirmed_by(session, world.ana, entry)
    assert revision(session, Kind.REVIEW_CARD, entry.id) == before


@pytest.mark.parametrize("person", ["max", "ben", "lea"])
def test_only_the_owner_confirms(
    session: Session, world: World, entry: ReviewDeal, person: str
) -> None:
    for_ana(session, world, entry)
    with pytest.raises(Refused) as refused:
        confirmed_by(session, getattr(world, person), entry)
    assert (refused.value.act, refused.value.allowed) == (Act.CONFIRM_ANSWERS, (world.ana,))


def test_what_the_owner_has_not_read_is_not_confirmed(
    session: Session, world: World, entry: ReviewDeal
) -> None:
    for_ana(session, world, entry, "objection")
    read = newest(session)
    for_ana(session, world, entry, "objection", "reply")
    with pytest.raises(AnswersChanged) as refused:
        confirm(session, get_person(session, world.ana), entry.id, read, LATER)
    assert refused.value.by_id == world.max
    assert State.PROVED not in states(session, entry)


def test_what_the_owner_has_answered_anew_waits_for_nothing(
    session: Session, world: World, entry: ReviewDeal
) -> None:
    for_ana(session, world, entry, "reply")
    read, own = newest(session), values_of(session, entry, "reply")
    ana = get_person(session, world.ana)
    answer(session, ana, entry.id, own, (), NOW)
    with pytest.raises(NothingToConfirm):
        confirm(session, ana, entry.id, read, LATER)
    assert home(session, ana, NOW).to_confirm == ()


def test_after_the_deal_has_moved_on_nothing_waits(
    session: Session, world: World, entry: ReviewDeal
) -> None:
    given = for_ana(session, world, entry)
    before = revision(session, Kind.REVIEW_TO_CONFIRM, given.id)
    decide(session, world.max, entry.id, demote(world))
    assert revision(session, Kind.REVIEW_TO_CONFIRM, given.id) == before + 1
    assert to_confirm_dm(session, given.id, LATER) is None
    with pytest.raises(NothingToConfirm):
        confirmed_by(session, world.ana, entry)


def test_the_deals_new_owner_confirms(session: Session, world: World, entry: ReviewDeal) -> None:
    for_ana(session, world, entry)
    deal = get_deal(session, entry.deal_id)
    set_owner(session, deal, world.cleo, NOW, import_id=an_import(session).id)
    with pytest.raises(Refused):
        confirmed_by(session, world.ana, entry)
    confirmed_by(session, world.cleo, entry)
    assert set(states(session, entry)) == {State.PROVED}


def test_after_the_closing_it_still_counts_for_the_deal(
    session: Session, world: World, review: Review, entry: ReviewDeal
) -> None:
    given = for_ana(session, world, entry)
    hold_all(session, world, review)
    close(session, world, review)
    shown = to_confirm_dm(session, given.id, LATER)
    assert shown is not None
    assert [one.open for one in shown.deals] == [False]
    confirmed_by(session, world.ana, entry)
    assert set(states(session, entry)) == {State.PROVED}


def test_what_the_owner_has_proved_is_left_alone(
    session: Session, world: World, entry: ReviewDeal
) -> None:
    deal = get_deal(session, entry.deal_id)
    prove(session, deal, all_but=["reply"])
    form = answer_form(session, get_person(session, world.max), entry.id, NOW)
    assert form.behalf_of
    assert form.behalf_of.id == world.ana
    assert ([one.key for one in form.open], len(form.answered)) == (["reply"], 2)
    with pytest.raises(InvalidAnswer) as refused:
        for_ana(session, world, entry)
    assert refused.value.code is Fault.OWNERS
    question_id = questions_of(session, deal)[0].id
    with pytest.raises(InvalidAnswer):
        answer(session, get_person(session, world.max), entry.id, {}, {question_id}, NOW)


def test_the_owner_ticks_what_is_right_in_the_form(
    session: Session, world: World, entry: ReviewDeal
) -> None:
    for_ana(session, world, entry, "objection")
    ana = get_person(session, world.ana)
    form = answer_form(session, ana, entry.id, NOW)
    assert form.behalf_of is None
    [waiting] = form.answered
    assert (waiting.key, waiting.given_by and waiting.given_by.id) == ("objection", world.max)
    answer(session, ana, entry.id, {}, {waiting.question_id}, LATER)
    assert states(session, entry).count(State.PROVED) == 1


def test_a_managers_own_deal_needs_nobodys_word(session: Session, world: World) -> None:
    deals = some_deals(session, world)
    set_owner(session, deals[0], world.max, NOW, import_id=an_import(session).id)
    entry = entry_of(session, a_review(session, world, deals), deals[0])
    assert for_ana(session, world, entry).for_id is None
    assert set(states(session, entry)) == {State.PROVED}


def test_a_deals_answers_of_last_week_wait_in_this_weeks_review(
    session: Session, world: World, review: Review, entry: ReviewDeal
) -> None:
    """Confirmed from the old message, the new card says so."""
    for_ana(session, world, entry)
    hold_all(session, world, review)
    close(session, world, review)
    deal: Deal = get_deal(session, entry.deal_id)
    others = some_deals(session, world, 4)
    again = entry_of(session, a_review(session, world, [deal, *others]), deal)
    before = revision(session, Kind.REVIEW_CARD, again.id)
    confirmed_by(session, world.ana, entry)
    assert revision(session, Kind.REVIEW_CARD, again.id) == before + 1
