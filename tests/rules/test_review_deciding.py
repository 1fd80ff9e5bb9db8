"""Deciding: who may and when, one decision per deal and review, what is shown anew."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.access import Act, Refused
from models.deals import (
    Deal,
    set_stage,
)
from models.delivery import Kind, find
from models.people import get_person
from models.pipeline_review import (
    AlreadyDecided,
    Decision,
    DecisionInput,
    NotYetDeciding,
    ReviewClosed,
    ReviewDeal,
    SettledByCrm,
    UnknownReview,
    record_decision,
    review_deals,
)
from tests.reviews import (
    DUE,
    a_review,
    advance,
    close,
    deal_of,
    decide,
    demote,
    entry_of,
    hold,
    hold_all,
)
from tests.world import NOW, World, a_deal, an_import, prove, stage_named


def _one(session: Session, world: World, stage: str = "Proposal") -> tuple[ReviewDeal, Deal]:
    """Ana's deal at this stage, the only one under review."""
    deal = a_deal(session, world.ana, stage, name="Nexus")
    review = a_review(session, world, [deal])
    return entry_of(session, review, deal), deal


# --- who may, and when


@pytest.mark.parametrize("person", ["ana", "ben", "ada"])
def test_others_may_not_decide(session: Session, world: World, person: str) -> None:
    entry, _ = _one(session, world)

    with pytest.raises(Refused) as refused:
        decide(session, getattr(world, person), entry.id, hold(world))

    assert (refused.value.act, refused.value.allowed) == (Act.DECIDE, (world.max, world.lea))


def test_the_leader_above_decides_too(session: Session, world: World) -> None:
    entry, _ = _one(session, world)

    assert decide(session, world.lea, entry.id, hold(world)).decided_by_id == world.lea


def test_a_managers_own_deal(session: Session, world: World) -> None:
    deal = a_deal(session, world.max, "Negotiation")
    entry = entry_of(session, a_review(session, world, [deal]), deal)
    prove(session, deal)

    with pytest.raises(Refused) as refused:
        decide(session, world.max, entry.id, advance(world))
    assert (refused.value.act, refused.value.allowed) == (Act.ADVANCE_OWN, (world.lea,))

    held = decide(session, world.max, entry.id, hold(world))
    assert held.self_decided

    won = decide(session, world.lea, entry.id, advance(world))
    assert not won.self_decided
    assert deal.stage_id == world.stages["Closed Won"]


def test_not_before_deciding_begins(session: Session, world: World) -> None:
    tomorrow = NOW + timedelta(hours=19)
    review = a_review(session, world, decide_from=tomorrow)
    entry = review_deals(session, review.id)[0]

    with pytest.raises(NotYetDeciding) as refused:
        decide(session, world.max, entry.id, hold(world), tomorrow - timedelta(seconds=1))
    assert refused.value.decide_from == tomorrow

    assert decide(session, world.max, entry.id, hold(world), tomorrow)


def test_a_closed_review_decides_nothing(session: Session, world: World) -> None:
    review = a_review(session, world)
    entry = review_deals(session, review.id)[0]
    hold_all(session, world, review)
    close(session, world, review)

    with pytest.raises(ReviewClosed) as refused:
        decide(session, world.max, entry.id, hold(world))

    assert (refused.value.review_id, refused.value.by_id) == (review.id, world.max)


def test_an_unknown_deal_in_review(session: Session, world: World) -> None:
    with pytest.raises(UnknownReview):
        decide(session, world.max, 999_999, hold(world))


# --- one at a time


def test_the_same_click_again_is_the_same_decision(session: Session, world: World) -> None:
    entry, _ = _one(session, world)
    boss = get_person(session, world.max)
    first = record_decision(session, boss, entry.id, demote(world), NOW, replacing=None)

    later = NOW + timedelta(minutes=1)
    again = record_decision(session, boss, entry.id, demote(world), later, replacing=None)

    assert again.id == first.id
    assert session.scalar(select(func.count()).select_from(Decision)) == 1


def test_a_won_deal_is_won_once(session: Session, world: World) -> None:
    entry, deal = _one(session, world, "Negotiation")
    prove(session, deal)
    first = decide(session, world.max, entry.id, advance(world))

    again = record_decision(
        session, get_person(session, world.max), entry.id, advance(world), NOW, replacing=None
    )

    assert again.id == first.id


@pytest.mark.parametrize(
    "other",
    [
        lambda w: hold(w),
        lambda w: demote(w, "Qualified"),
        lambda w: replace(demote(w), reason="Another reason"),
        lambda w: replace(demote(w), next_due_on=DUE + timedelta(days=1)),
    ],
)
def test_another_content_unseen_is_refused(
    session: Session, world: World, other: Callable[[World], DecisionInput]
) -> None:
    entry, _ = _one(session, world)
    first = decide(session, world.max, entry.id, demote(world))

    with pytest.raises(AlreadyDecided) as refused:
        record_decision(
            session, get_person(session, world.max), entry.id, other(world), NOW, replacing=None
        )

    assert (refused.value.decision_id, refused.value.by_id) == (first.id, world.max)


def test_somebody_elses_same_decision_unseen_is_refused(session: Session, world: World) -> None:
    entry, _ = _one(session, world)
    decide(session, world.max, entry.id, hold(world))

    with pytest.raises(AlreadyDecided):
        record_decision(
            session, get_person(session, world.lea), entry.id, hold(world), NOW, replacing=None
        )


# --- what the CRM did meanwhile


def _crm_says(session: Session, world: World, deal: Deal, stage: str, at: datetime) -> None:
    deal.crm_stage_id = world.stages[stage]
    set_stage(session, deal, stage_named(session, stage), at, import_id=an_import(session, at).id)


def test_a_deal_that_the_crm_closed_needs_no_decision(session: Session, world: World) -> None:
    entry, deal = _one(session, world)
    _crm_says(session, world, deal, "Closed Lost", NOW)

    with pytest.raises(SettledByCrm) as refused:
        decide(session, world.max, entry.id, hold(world))

    assert (refused.value.deal_id, refused.value.stage_id) == (deal.id, world.stages["Closed Lost"])


def test_a_deal_that_moved_is_decided_from_where_it_is(session: Session, world: World) -> None:
    entry, deal = _one(session, world)
    _crm_says(session, world, deal, "Qualified", NOW)

    decision = decide(session, world.max, entry.id, demote(world, "Prospecting"))

    assert decision.before_stage_id == world.stages["Qualified"]


def test_a_deal_that_left_the_team_is_still_decided_here(session: Session, world: World) -> None:
    entry, deal = _one(session, world)
    deal.owner_id = world.ada

    assert decide(session, world.max, entry.id, hold(world, owner_id=world.ada))


# --- what people see anew


def test_card_parent_and_owners_message_are_refreshed(session: Session, world: World) -> None:
    review = a_review(session, world)
    first, second = review_deals(session, review.id)[:2]
    assert deal_of(session, first).owner_id == world.ana

    decide(session, world.max, first.id, hold(world))

    revisions = {}
    for kind, subject_id in (
        (Kind.REVIEW_PARENT, review.id),
        (Kind.REVIEW_CARD, first.id),
        (Kind.REVIEW_CARD, second.id),
        (Kind.REVIEW_OWNER, first.id),
        (Kind.REVIEW_OWNER, second.id),
    ):
        message = find(session, kind, subject_id)
        assert message is not None
        session.refresh(message)
        revisions[kind, subject_id] = message.revision
    assert revisions == {
        (Kind.REVIEW_PARENT, review.id): 2,
        (Kind.REVIEW_CARD, first.id): 2,
        (Kind.REVIEW_CARD, second.id): 1,
        (Kind.REVIEW_OWNER, first.id): 2,
        (Kind.REVIEW_OWNER, second.id): 1,
    }
