"""A silent owner gets one nudge; whoever a deal went to during the review is asked."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.absences import put_absence
from models.deals import Deal, set_owner
from models.delivery import Delivery, DeliveryState, Kind
from models.people import get_person, team
from models.pipeline_review import (
    Review,
    ReviewDeal,
    ReviewKind,
    answer,
    review_deals,
    show_changed_deals,
    start_review,
)
from models.screens import OwnerDm, new_owner_dm, nudge, owner_dm
from tests.reviews import a_review, close, deal_of, hold_all, some_deals
from tests.world import NOW, TODAY, World, an_import, proving, questions_of

HOUR = timedelta(hours=1)
DECIDES = NOW + 19 * HOUR  # tomorrow at 10:00
LATER = DECIDES - HOUR


def nudges(session: Session) -> dict[int | None, Delivery]:
    rows = session.scalars(select(Delivery).where(Delivery.kind == Kind.REVIEW_NUDGE))
    return {each.person_id: each for each in rows}


def shown_to(session: Session, person_id: int, now: datetime = LATER) -> OwnerDm | None:
    return nudge(session, nudges(session)[person_id].subject_id, now)


def say(session: Session, entry: ReviewDeal) -> None:
    """The deal's owner answers its first question."""
    deal = deal_of(session, entry)
    question = questions_of(session, deal)[0]
    values = {question.id: proving(question.kind)}
    answer(session, get_person(session, deal.owner_id), entry.id, values, set(), NOW)


def of(session: Session, review: Review, owner_id: int) -> list[ReviewDeal]:
    entries = review_deals(session, review.id)
    return [entry for entry in entries if deal_of(session, entry).owner_id == owner_id]


def posted(session: Session, message: Delivery) -> None:
    message.state, message.shown = DeliveryState.POSTED, message.revision
    message.ts, message.posted_channel = "1.0", "D0"
    session.flush()


@pytest.mark.parametrize(
    ("how", "due_at"),
    [(ReviewKind.SCHEDULED, LATER), (ReviewKind.AD_HOC, NOW + 9.5 * HOUR)],
)
def test_when_it_is_due(session: Session, world: World, how: ReviewKind, due_at: datetime) -> None:
    """An hour before deciding; of an ad hoc review at half time. One per owner."""
    deals = [deal.id for deal in some_deals(session, world)]
    actor = None if how is ReviewKind.SCHEDULED else get_person(session, world.max)
    start_review(
        session, actor, team(session, world.team), deals, NOW, kind=how, decide_from=DECIDES
    )
    found = nudges(session)
    assert set(found) == {world.ana, world.ben}
    assert {each.due_at for each in found.values()} == {due_at}


@pytest.mark.parametrize(
    ("how", "decides"),
    [(ReviewKind.AD_HOC, NOW), (ReviewKind.SCHEDULED, NOW + timedelta(minutes=40))],
)
def test_none_where_no_time_is_left(
    session: Session, world: World, how: ReviewKind, decides: datetime
) -> None:
    deals = [deal.id for deal in some_deals(session, world)]
    of_team = team(session, world.team)
    start_review(session, None, of_team, deals, NOW, kind=how, decide_from=decides)
    assert nudges(session) == {}


def test_it_names_only_what_nothing_was_said_about(session: Session, world: World) -> None:
    review = a_review(session, world, decide_from=DECIDES)
    first, *rest = of(session, review, world.ana)
    say(session, first)
    shown = shown_to(session, world.ana)
    assert shown is not None
    assert [line.review_deal_id for line in shown.deals] == [entry.id for entry in rest]
    for entry in rest:
        say(session, entry)
    assert shown_to(session, world.ana) is None
    assert shown_to(session, world.ben) is not None


def test_not_on_a_day_off_nor_once_deciding_began_nor_after_the_end(
    session: Session, world: World
) -> None:
    review = a_review(session, world, decide_from=DECIDES)
    assert shown_to(session, world.ana, DECIDES) is None
    ana = get_person(session, world.ana)
    tomorrow = TODAY + timedelta(days=1)
    put_absence(session, ana, tomorrow, tomorrow, NOW)
    assert shown_to(session, world.ana) is None
    assert shown_to(session, world.ben) is not None
    hold_all(session, world, review, DECIDES)
    close(session, world, review, DECIDES)
    assert shown_to(session, world.ben, DECIDES) is None


def test_once_it_stands_it_follows_the_answers(session: Session, world: World) -> None:
    review = a_review(session, world, decide_from=DECIDES)
    message = nudges(session)[world.ana]
    posted(session, message)
    entries = of(session, review, world.ana)
    for entry in entries:
        say(session, entry)
        values = {q.id: proving(q.kind) for q in questions_of(session, deal_of(session, entry))}
        answer(session, get_person(session, world.ana), entry.id, values, set(), NOW)
    session.refresh(message)
    assert message.state is DeliveryState.OWED
    shown = shown_to(session, world.ana)
    assert shown is not None
    assert shown.deals == ()


# --- a deal changes hands during the review


def give(session: Session, deal: Deal, to_id: int, now: datetime) -> None:
    """As an import does."""
    set_owner(session, deal, to_id, now, import_id=an_import(session, now).id)
    show_changed_deals(session, [deal.id], now)


def asked(session: Session) -> list[Delivery]:
    wanted = select(Delivery).where(Delivery.kind == Kind.REVIEW_NEW_OWNER)
    return list(session.scalars(wanted.order_by(Delivery.id)))


def test_the_new_owner_is_asked_and_the_old_one_let_go(session: Session, world: World) -> None:
    review = a_review(session, world, decide_from=DECIDES)
    entry = of(session, review, world.ana)[0]
    give(session, deal_of(session, entry), world.cleo, NOW + HOUR)
    [message] = asked(session)
    assert message.person_id == world.cleo
    shown = new_owner_dm(session, message.subject_id, NOW + HOUR)
    assert shown is not None
    assert [line.review_deal_id for line in shown.deals] == [entry.id]
    [before] = session.scalars(
        select(Delivery).where(Delivery.kind == Kind.REVIEW_OWNER, Delivery.person_id == world.ana)
    )
    assert before.revision > 1
    old = owner_dm(session, before.subject_id, NOW + HOUR)
    assert old is not None
    assert entry.id not in {line.review_deal_id for line in old.deals}


def test_who_was_asked_already_is_not_asked_again(session: Session, world: World) -> None:
    review = a_review(session, world, decide_from=DECIDES)
    deal = deal_of(session, of(session, review, world.ana)[0])
    for n, owner_id in enumerate((world.ben, world.cleo, world.ana, world.cleo), start=1):
        give(session, deal, owner_id, NOW + n * HOUR)
    assert [each.person_id for each in asked(session)] == [world.cleo]


def test_two_new_owners_of_one_deal_each_have_their_own(session: Session, world: World) -> None:
    review = a_review(session, world, decide_from=DECIDES)
    first, second, *_ = of(session, review, world.ana)
    give(session, deal_of(session, first), world.cleo, NOW + HOUR)
    give(session, deal_of(session, second), world.cleo, NOW + HOUR)
    give(session, deal_of(session, first), world.max, NOW + 2 * HOUR)
    shown = [new_owner_dm(session, each.subject_id, NOW + 2 * HOUR) for each in asked(session)]
    found = {one.owner.name: [line.review_deal_id for line in one.deals] for one in shown if one}
    assert found == {"Cleo": [second.id], "Max": [first.id]}


def test_when_all_went_what_stands_says_so(session: Session, world: World) -> None:
    review = a_review(session, world, decide_from=DECIDES)
    [message] = session.scalars(
        select(Delivery).where(Delivery.kind == Kind.REVIEW_OWNER, Delivery.person_id == world.ana)
    )
    for entry in of(session, review, world.ana):
        give(session, deal_of(session, entry), world.ben, NOW + HOUR)
    assert owner_dm(session, message.subject_id, NOW + HOUR) is None
    posted(session, message)
    shown = owner_dm(session, message.subject_id, NOW + HOUR)
    assert shown is not None
    assert shown.deals == ()
