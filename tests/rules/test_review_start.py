"""Starting a review: who may, which deals, one at a time, and the messages it owes."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.access import Act, Refused
from models.delivery import Delivery, Kind, find
from models.next_actions import set_next_action
from models.people import get_person, team
from models.pipeline_review import (
    AlreadyOpen,
    NoChannel,
    NoDeals,
    NotTheTeams,
    NotYetDeciding,
    Review,
    ReviewKind,
    ReviewState,
    TooFewDeals,
    TooManyDeals,
    begin_deciding,
    begin_now,
    beginning,
    open_review,
    review_deals,
    start_review,
)
from models.roster import put_team
from tests.reviews import DUE, a_review, close, hold_all, some_deals
from tests.world import NOW, World, a_deal


def _start(session: Session, world: World, person_id: int | None, deal_ids: list[int]) -> Review:
    return start_review(
        session,
        None if person_id is None else get_person(session, person_id),
        team(session, world.team),
        deal_ids,
        NOW,
        kind=ReviewKind.AD_HOC,
        decide_from=NOW,
    )


def _owed(session: Session) -> list[Delivery]:
    return list(session.scalars(select(Delivery).order_by(Delivery.due_at, Delivery.id)))


def test_a_review_keeps_its_deals_as_they_stand(session: Session, world: World) -> None:
    deals = some_deals(session, world, 5)
    action = set_next_action(session, deals[1].id, "Send the offer", world.ana, DUE, world.max, NOW)

    review = a_review(session, world, deals)

    assert (review.state, review.kind, review.started_by_id) == (
        ReviewState.OPEN,
        ReviewKind.AD_HOC,
        world.max,
    )
    assert review.figures == {"start": {"amount_minor": 150_000_00, "team_open_minor": 150_000_00}}
    entries = review_deals(session, review.id)
    assert [(e.deal_id, e.position) for e in entries] == [
        (deal.id, place) for place, deal in enumerate(deals, start=1)
    ]
    assert entries[0].stage_id == world.stages["Proposal"]
    assert entries[0].close_on == deals[0].close_on
    assert entries[0].amount_minor == 50_000_00
    assert [entry.next_action_id for entry in entries[:2]] == [None, action.id]
    assert entries[0].why["share"] == pytest.approx(1 / 3)
    assert entries[0].why["by_hand"] is False


def test_what_was_not_picked_was_added_by_hand(session: Session, world: World) -> None:
    deals = some_deals(session, world, 9)

    review = a_review(session, world, [deals[8], *deals[:5]])

    by_hand = {e.deal_id: e.why["by_hand"] for e in review_deals(session, review.id)}
    assert by_hand == {deals[8].id: True} | {deal.id: False for deal in deals[:5]}


def test_parent_then_cards_then_one_message_per_owner(session: Session, world: World) -> None:
    review = a_review(session, world)
    entries = review_deals(session, review.id)

    owed = [
        (each.kind, each.subject_id, each.channel_id, each.person_id) for each in _owed(session)
    ]

    assert owed == [
        (Kind.REVIEW_PARENT, review.id, world.channel, None),
        *((Kind.REVIEW_CARD, entry.id, world.channel, None) for entry in entries),
        (Kind.REVIEW_OWNER, entries[0].id, None, world.ana),
        (Kind.REVIEW_OWNER, entries[1].id, None, world.ben),
    ]
    assert all(each.after_id is None for each in _owed(session))


def test_who_has_left_gets_no_message(session: Session, world: World) -> None:
    get_person(session, world.ben).active = False

    a_review(session, world)

    assert world.ben not in {each.person_id for each in _owed(session)}


def test_answers_by_a_time_tell_the_decider_then(session: Session, world: World) -> None:
    later = NOW + timedelta(hours=20)

    review = a_review(session, world, decide_from=later)

    assert review.decide_from == later
    begin_deciding(session, later - timedelta(minutes=1))
    assert _told(session) == []
    assert beginning(session, later) == {world.workspace_id}
    begin_deciding(session, later)
    begin_deciding(session, later)
    assert _told(session) == [(world.max, later)]
    assert beginning(session, later + timedelta(days=1)) == set()
    parent = find(session, Kind.REVIEW_PARENT, review.id)
    assert parent is not None
    assert parent.revision == 2, "the channel says that deciding has begun"


def test_one_that_is_live_has_begun(session: Session, world: World) -> None:
    a_review(session, world)
    assert beginning(session, NOW + timedelta(days=1)) == set()


def test_without_anybody_who_decides_who_started_it_is_told(session: Session, world: World) -> None:
    a_review(session, world, decide_from=NOW + timedelta(hours=1))
    for each in (world.max, world.lea):
        get_person(session, each).active = False
    begin_deciding(session, NOW + timedelta(hours=2))
    assert [person_id for person_id, _ in _told(session)] == [world.max]


def test_deciding_may_begin_before_its_time(session: Session, world: World) -> None:
    later, soon = NOW + timedelta(days=7), NOW + timedelta(minutes=5)
    review = a_review(session, world, decide_from=later)
    with pytest.raises(Refused):
        begin_now(session, get_person(session, world.ana), review.id, soon)
    boss = get_person(session, world.max)
    assert begin_now(session, boss, review.id, soon).decide_from == soon
    assert begin_now(session, boss, review.id, later).decide_from == soon, "it has begun"
    assert _told(session) == [(world.max, soon)]


def test_that_of_a_scheduled_one_may_not(session: Session, world: World) -> None:
    """Its owners have the time that they were told."""
    ids = [deal.id for deal in some_deals(session, world)]
    later = NOW + timedelta(hours=19)
    review = start_review(
        session, None, team(session, world.team), ids, NOW,
        kind=ReviewKind.SCHEDULED, decide_from=later,
    )  # fmt: skip
    with pytest.raises(NotYetDeciding):
        begin_now(session, get_person(session, world.max), review.id, NOW)
    assert beginning(session, later) == set()


def _told(session: Session) -> list[tuple[int | None, datetime]]:
    told = [each for each in _owed(session) if each.kind is Kind.REVIEW_DECIDING]
    return [(each.person_id, each.due_at) for each in told]


def test_deciding_never_begins_before_the_start(session: Session, world: World) -> None:
    review = a_review(session, world, decide_from=NOW - timedelta(days=1))

    assert review.decide_from == NOW


def test_the_leader_above_and_the_schedule_may_start(session: Session, world: World) -> None:
    ids = [deal.id for deal in some_deals(session, world)]
    led = _start(session, world, world.lea, ids)
    hold_all(session, world, led)
    close(session, world, led)

    assert _start(session, world, None, ids).started_by_id is None


@pytest.mark.parametrize("person", ["ana", "ada"])
def test_nobody_else_may(session: Session, world: World, person: str) -> None:
    ids = [deal.id for deal in some_deals(session, world)]

    with pytest.raises(Refused) as refused:
        _start(session, world, getattr(world, person), ids)

    assert refused.value.act is Act.START_REVIEW
    assert refused.value.allowed == (world.max, world.lea)


def test_one_at_a_time(session: Session, world: World) -> None:
    first = a_review(session, world)

    with pytest.raises(AlreadyOpen) as refused:
        _start(session, world, world.max, [e.deal_id for e in review_deals(session, first.id)])

    assert refused.value.review_id == first.id
    assert open_review(session, world.team) is first


def test_a_closed_one_makes_room(session: Session, world: World) -> None:
    first = a_review(session, world)
    hold_all(session, world, first)
    close(session, world, first)

    assert a_review(session, world).id != first.id


def test_a_review_needs_a_channel(session: Session, world: World) -> None:
    put_team(session, "West", currency="USD", zone="America/New_York", channel_id=None)
    ids = [deal.id for deal in some_deals(session, world)]

    with pytest.raises(NoChannel):
        _start(session, world, world.max, ids)


def test_a_review_needs_open_deals(session: Session, world: World) -> None:
    with pytest.raises(NoDeals):
        _start(session, world, world.max, [])


@pytest.mark.parametrize(("chosen", "least"), [(0, 5), (4, 5)])
def test_too_few(session: Session, world: World, chosen: int, least: int) -> None:
    ids = [deal.id for deal in some_deals(session, world, 8)]

    with pytest.raises(TooFewDeals) as refused:
        _start(session, world, world.max, ids[:chosen])

    assert (refused.value.chosen, refused.value.least, refused.value.most) == (chosen, least, 10)


def test_a_small_team_reviews_all_it_has(session: Session, world: World) -> None:
    ids = [deal.id for deal in some_deals(session, world, 3)]

    with pytest.raises(TooFewDeals) as refused:
        _start(session, world, world.max, ids[:2])
    assert refused.value.least == 3

    assert len(review_deals(session, _start(session, world, world.max, ids).id)) == 3


def test_ten_at_most(session: Session, world: World) -> None:
    ids = [deal.id for deal in some_deals(session, world, 11)]

    with pytest.raises(TooManyDeals) as refused:
        _start(session, world, world.max, ids)
    assert refused.value.chosen == 11

    assert len(review_deals(session, _start(session, world, world.max, ids[:10]).id)) == 10


def test_the_same_deal_twice_is_one(session: Session, world: World) -> None:
    ids = [deal.id for deal in some_deals(session, world, 5)]

    review = _start(session, world, world.max, ids + ids)

    assert [entry.deal_id for entry in review_deals(session, review.id)] == ids


def test_only_open_deals_of_the_team(session: Session, world: World) -> None:
    ids = [deal.id for deal in some_deals(session, world, 5)]
    won = a_deal(session, world.ana, "Closed Won")
    foreign = a_deal(session, world.lea, "Proposal")

    with pytest.raises(NotTheTeams) as refused:
        _start(session, world, world.max, [*ids, won.id, foreign.id, 999_999])

    assert refused.value.deal_ids == (won.id, foreign.id, 999_999)
