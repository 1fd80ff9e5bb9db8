"""Corrections: what was before comes back, unless the CRM moved since; the trail keeps both."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.access import Act, Refused
from models.deals import Deal, Field, changes, not_in_crm, set_close_on, set_stage
from models.next_actions import open_actions
from models.people import get_person
from models.pipeline_review import (
    AdvanceUnproved,
    AlreadyDecided,
    Decision,
    DecisionKind,
    ReviewDeal,
    SettledByCrm,
    current_decision,
    record_decision,
)
from tests.reviews import a_review, advance, decide, demote, entry_of, hold, re_date, remove
from tests.world import NOW, World, a_deal, an_import, prove, stage_named

ENTERED = NOW - timedelta(days=5)
LATER = NOW + timedelta(minutes=10)


def _one(session: Session, world: World, stage: str = "Proposal") -> tuple[ReviewDeal, Deal]:
    deal = a_deal(session, world.ana, stage, name="Nexus", entered_at=ENTERED)
    return entry_of(session, a_review(session, world, [deal]), deal), deal


def test_a_correction_supersedes_and_keeps_the_trail(session: Session, world: World) -> None:
    entry, deal = _one(session, world)
    first = decide(session, world.max, entry.id, demote(world))

    second = decide(session, world.max, entry.id, hold(world), LATER)

    rows = session.scalars(select(Decision).order_by(Decision.id)).all()
    assert [(row.id, row.is_current) for row in rows] == [(first.id, False), (second.id, True)]
    assert current_decision(session, entry.id) is second
    assert deal.stage_id == world.stages["Proposal"]
    assert deal.stage_entered_at == ENTERED
    assert not not_in_crm(deal)
    trail = changes(session, [deal.id], Field.STAGE)[deal.id]
    assert [change.decision_id for change in trail] == [first.id, second.id]


def test_evidence_counts_again_after_a_mistaken_demotion(session: Session, world: World) -> None:
    entry, deal = _one(session, world)
    prove(session, deal)
    decide(session, world.max, entry.id, demote(world))

    decide(session, world.max, entry.id, advance(world), LATER)

    assert deal.stage_id == world.stages["Negotiation"]
    assert deal.stage_entered_at == LATER


def test_a_correction_is_judged_where_the_deal_was(session: Session, world: World) -> None:
    """Demoted to Qualified, whose questions are proved: advancing means from Proposal still."""
    entry, deal = _one(session, world)
    decide(session, world.max, entry.id, demote(world, "Qualified"))
    prove(session, deal, LATER)

    with pytest.raises(AdvanceUnproved):
        decide(session, world.max, entry.id, advance(world), LATER)

    assert deal.stage_id == world.stages["Qualified"]


def test_a_removed_deal_comes_back(session: Session, world: World) -> None:
    entry, deal = _one(session, world)
    decide(session, world.max, entry.id, remove())

    decide(session, world.max, entry.id, hold(world), LATER)

    assert deal.stage_id == world.stages["Proposal"]
    assert deal.closed_on is None
    assert open_actions(session, [deal.id])[deal.id].text == "Send Dana the security paper"


def test_a_won_deal_comes_back(session: Session, world: World) -> None:
    entry, deal = _one(session, world, "Negotiation")
    prove(session, deal)
    decide(session, world.max, entry.id, advance(world))

    decide(session, world.max, entry.id, demote(world, "Proposal"), LATER)

    assert deal.stage_id == world.stages["Proposal"]
    assert deal.closed_on is None


def test_a_date_comes_back(session: Session, world: World) -> None:
    entry, deal = _one(session, world)
    decide(session, world.max, entry.id, re_date(world))

    decide(session, world.max, entry.id, hold(world), LATER)

    assert deal.close_on == date(2026, 12, 15)


def test_a_correction_of_a_correction_restores_the_first_state(
    session: Session, world: World
) -> None:
    entry, deal = _one(session, world)
    decide(session, world.max, entry.id, demote(world, "Discovery"))
    decide(session, world.max, entry.id, demote(world, "Qualified"), LATER)

    last = decide(session, world.max, entry.id, re_date(world), LATER)

    assert deal.stage_id == world.stages["Proposal"]
    assert deal.stage_entered_at == ENTERED
    assert deal.close_on == date(2027, 1, 29)
    assert last.before_stage_id == world.stages["Proposal"]


def test_another_reason_alone_moves_nothing(session: Session, world: World) -> None:
    entry, deal = _one(session, world)
    decide(session, world.max, entry.id, demote(world))

    decide(session, world.lea, entry.id, demote(world), LATER)

    assert deal.stage_id == world.stages["Discovery"]
    assert deal.stage_entered_at == NOW
    assert len(changes(session, [deal.id], Field.STAGE)[deal.id]) == 1


def test_the_next_action_of_the_correction_stands(session: Session, world: World) -> None:
    entry, deal = _one(session, world)
    decide(session, world.max, entry.id, hold(world))

    corrected = decide(
        session, world.max, entry.id, hold(world, text="Bring legal to the call"), LATER
    )

    action = open_actions(session, [deal.id])[deal.id]
    assert (action.id, action.text) == (corrected.next_action_id, "Bring legal to the call")


def test_a_correction_to_removal_ends_the_next_action(session: Session, world: World) -> None:
    entry, deal = _one(session, world)
    decide(session, world.max, entry.id, hold(world))

    decide(session, world.max, entry.id, remove(), LATER)

    assert not open_actions(session, [deal.id])


def test_the_crm_that_moved_since_keeps_its_word(session: Session, world: World) -> None:
    entry, deal = _one(session, world)
    decide(session, world.max, entry.id, demote(world))
    taken = an_import(session, LATER).id
    deal.crm_stage_id = world.stages["Negotiation"]
    set_stage(session, deal, stage_named(session, "Negotiation"), LATER, import_id=taken)

    corrected = decide(session, world.max, entry.id, hold(world), LATER)

    assert deal.stage_id == world.stages["Negotiation"]
    assert corrected.kind is DecisionKind.HOLD
    assert corrected.before_stage_id == world.stages["Negotiation"]


def test_each_field_of_the_crm_speaks_for_itself(session: Session, world: World) -> None:
    """The CRM moved the date alone: the stage comes back, the date is the CRM's."""
    entry, deal = _one(session, world)
    decide(session, world.max, entry.id, demote(world))
    deal.crm_close_on = date(2027, 2, 26)
    set_close_on(session, deal, date(2027, 2, 26), LATER, import_id=an_import(session, LATER).id)

    decide(session, world.max, entry.id, hold(world), LATER)

    assert deal.stage_id == world.stages["Proposal"]
    assert deal.close_on == date(2027, 2, 26)


def test_a_deal_that_the_crm_closed_since_is_not_corrected(session: Session, world: World) -> None:
    entry, deal = _one(session, world)
    decide(session, world.max, entry.id, remove())
    deal.crm_stage_id = world.stages["Closed Lost"]  # entered there: nothing differs any more

    with pytest.raises(SettledByCrm):
        decide(session, world.max, entry.id, hold(world), LATER)

    assert deal.stage_id == world.stages["Closed Lost"]


def test_a_refused_correction_leaves_everything(session: Session, world: World) -> None:
    entry, deal = _one(session, world)
    first = decide(session, world.max, entry.id, demote(world))

    with pytest.raises(AdvanceUnproved):
        decide(session, world.max, entry.id, advance(world), LATER)
    session.expire_all()

    assert current_decision(session, entry.id) is first
    assert deal.stage_id == world.stages["Discovery"]
    assert deal.stage_entered_at == NOW


def test_correcting_what_somebody_corrected_meanwhile_is_refused(
    session: Session, world: World
) -> None:
    entry, _ = _one(session, world)
    first = decide(session, world.max, entry.id, demote(world))
    second = decide(session, world.lea, entry.id, hold(world), LATER)

    with pytest.raises(AlreadyDecided) as refused:
        record_decision(
            session, get_person(session, world.max), entry.id, remove(), LATER, replacing=first.id
        )

    assert (refused.value.decision_id, refused.value.by_id) == (second.id, world.lea)


def test_the_same_correction_twice_is_one(session: Session, world: World) -> None:
    entry, _ = _one(session, world)
    first = decide(session, world.max, entry.id, demote(world))
    boss = get_person(session, world.max)

    made = [
        record_decision(session, boss, entry.id, hold(world), LATER, replacing=first.id)
        for _ in range(3)
    ]

    assert len({decision.id for decision in made}) == 1


def test_who_may_correct(session: Session, world: World) -> None:
    entry, _ = _one(session, world)
    decide(session, world.max, entry.id, demote(world))

    with pytest.raises(Refused) as refused:
        decide(session, world.ana, entry.id, hold(world), LATER)

    assert (refused.value.act, refused.value.allowed) == (Act.CORRECT, (world.max, world.lea))
