"""A message of a card's thread becomes evidence, once; and evidence that fades is shown anew."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.agenda import CHORES
from models.base import Database
from models.deals import Deal, get_deal
from models.delivery import Delivery, Kind, find
from models.evidence import Answer, AnswerSet, Quoted
from models.people import get_person
from models.pipeline_review import (
    DealDecided,
    NothingOpen,
    Review,
    ReviewDeal,
    answer,
    faded,
    in_thread,
    review_deals,
    show_faded,
)
from models.screens import answers_reply, message_form
from tests.reviews import a_review, close, decide, entry_of, hold, hold_all, some_deals
from tests.world import NOW, World, prove, proving, questions_of

QUOTED = Quoted("https://north.slack.com/archives/C0WEST/p1", "U0BEN")
DAY = timedelta(days=1)


@pytest.fixture
def entry(session: Session, world: World) -> ReviewDeal:
    return review_deals(session, a_review(session, world).id)[0]


def objection(session: Session, entry: ReviewDeal) -> dict[int, dict[str, Any]]:
    asked = questions_of(session, get_deal(session, entry.deal_id))
    return {q.id: proving(q.kind) for q in asked if q.key == "objection"}


def used(session: Session, person_id: int, entry: ReviewDeal) -> AnswerSet:
    actor, values = get_person(session, person_id), objection(session, entry)
    return answer(session, actor, entry.id, values, (), NOW, quoted=QUOTED)


def test_it_keeps_its_address_and_its_author(
    session: Session, world: World, entry: ReviewDeal
) -> None:
    given = used(session, world.ana, entry)
    reply = answers_reply(session, given.id, NOW)
    assert reply is not None
    assert reply.quoted is not None
    assert (reply.quoted.url, reply.quoted.author.name) == (QUOTED.url, "Ben")


def test_used_twice_it_is_one_answer(session: Session, world: World, entry: ReviewDeal) -> None:
    first = used(session, world.max, entry)
    assert used(session, world.max, entry).id == first.id
    own = used(session, world.ana, entry)  # the owner's word counts for more
    assert own.id != first.id
    assert used(session, world.ana, entry).id == own.id
    assert used(session, world.max, entry).id == own.id
    current = session.scalars(select(Answer).where(Answer.is_current)).one()
    assert (current.answer_set_id, current.confirmed_at) == (own.id, NOW)


def test_a_decided_deal_takes_no_more(session: Session, world: World, entry: ReviewDeal) -> None:
    decide(session, world.max, entry.id, hold(world))
    with pytest.raises(DealDecided) as refused:
        used(session, world.ana, entry)
    assert refused.value.by_id == world.max


def test_what_is_proved_is_not_asked(session: Session, world: World, entry: ReviewDeal) -> None:
    ana, deal = get_person(session, world.ana), get_deal(session, entry.deal_id)
    assert len(message_form(session, ana, entry.id, NOW).open) == 3
    prove(session, deal)
    assert len(message_form(session, ana, entry.id, NOW + 15 * DAY).open) == 3  # stale
    with pytest.raises(NothingOpen):
        message_form(session, ana, entry.id, NOW)


def test_a_thread_is_known_by_its_card(session: Session, world: World, entry: ReviewDeal) -> None:
    card = find(session, Kind.REVIEW_CARD, entry.id)
    assert card is not None
    card.ts, card.posted_channel = "1.5", world.channel
    session.flush()
    assert in_thread(session, world.channel, "1.5") is entry
    assert in_thread(session, world.channel, "1.6") is None
    assert in_thread(session, "C0LOBBY", "1.5") is None


# --- evidence that fades


def shown(session: Session, entry: ReviewDeal) -> int:
    card = find(session, Kind.REVIEW_CARD, entry.id)
    assert card is not None
    session.refresh(card)
    return card.revision


@pytest.fixture
def proved(session: Session, world: World) -> tuple[Review, ReviewDeal, ReviewDeal]:
    """A review whose first deal was proved 13 days ago, its second today."""
    deals = some_deals(session, world)
    _without_dates(session, deals[0], NOW - 13 * DAY)
    _without_dates(session, deals[1], NOW)
    review = a_review(session, world, deals)
    return review, entry_of(session, review, deals[0]), entry_of(session, review, deals[1])


def _without_dates(session: Session, deal: Deal, at: datetime) -> None:
    deal.stage_entered_at = NOW - 20 * DAY
    prove(session, deal, at, all_but=["review_meeting"])


def test_a_card_is_shown_anew_when_its_answers_have_grown_old(
    session: Session, world: World, proved: tuple[Review, ReviewDeal, ReviewDeal]
) -> None:
    _, old, fresh = proved
    assert faded(session, NOW) == {world.workspace_id}
    show_faded(session, NOW)
    assert faded(session, NOW) == set()
    assert (shown(session, old), shown(session, fresh)) == (1, 1)
    for hours in (9, 23):  # midnight in New York, and the last hour
        show_faded(session, NOW + timedelta(hours=hours))
    assert shown(session, old) == 1
    assert faded(session, NOW + DAY) == set()  # the last instant still counts

    show_faded(session, NOW + DAY + timedelta(seconds=1))
    show_faded(session, NOW + DAY + timedelta(seconds=1))

    assert (shown(session, old), shown(session, fresh)) == (2, 1)
    parent = find(session, Kind.REVIEW_PARENT, proved[0].id)
    assert parent is not None
    session.refresh(parent)
    assert parent.revision == 2


def test_late_it_is_still_seen_once(
    session: Session, proved: tuple[Review, ReviewDeal, ReviewDeal]
) -> None:
    _, old, fresh = proved
    show_faded(session, NOW)
    show_faded(session, NOW + 3 * DAY)
    assert (shown(session, old), shown(session, fresh)) == (2, 1)


def test_a_date_that_passes_fades_at_the_teams_midnight(session: Session, world: World) -> None:
    deals = some_deals(session, world)
    [meeting] = [q for q in questions_of(session, deals[0]) if q.key == "review_meeting"]
    entry = entry_of(session, a_review(session, world, deals), deals[0])
    booked = {meeting.id: {"state": "booked", "on": NOW.date().isoformat()}}
    answer(session, get_person(session, world.ana), entry.id, booked, (), NOW)
    show_faded(session, NOW)
    before = shown(session, entry)
    show_faded(session, NOW + timedelta(hours=8, minutes=59))
    assert shown(session, entry) == before
    show_faded(session, NOW + timedelta(hours=9))
    assert shown(session, entry) == before + 1


def test_a_closed_review_is_looked_at_no_more(
    session: Session, world: World, proved: tuple[Review, ReviewDeal, ReviewDeal]
) -> None:
    hold_all(session, world, proved[0])
    close(session, world, proved[0])
    assert faded(session, NOW + 3 * DAY) == set()


def test_it_is_a_chore(database: Database, world: World) -> None:
    assert "show evidence that has faded" in {chore.name for chore in CHORES}
    with database.everywhere() as session:
        assert faded(session, NOW) == set()
        assert not session.scalars(select(Delivery)).all()
