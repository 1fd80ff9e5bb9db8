"""Decisions: what each kind needs, and what it changes."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.deals import (
    Deal,
    Field,
    changes,
    earlier_stages,
    not_in_crm,
    stages,
)
from models.next_actions import DueOutOfRange, EmptyPhrase, TooLong, open_actions
from models.people import get_person
from models.pipeline_review import (
    AdvanceUnproved,
    DateMissing,
    DateUnfit,
    Decision,
    DecisionInput,
    DecisionKind,
    NextActionMissing,
    NextOwnerUnfit,
    NotEarlier,
    ReasonMissing,
    Removal,
    RemovalMissing,
    ReviewDeal,
    StageMissing,
    next_owners,
)
from tests.reviews import (
    DUE,
    a_review,
    advance,
    decide,
    demote,
    entry_of,
    hold,
    re_date,
    remove,
)
from tests.world import NOW, TODAY, World, a_deal, prove, questions_of, stage_named


def _one(session: Session, world: World, stage: str = "Proposal") -> tuple[ReviewDeal, Deal]:
    """Ana's deal at this stage, the only one under review."""
    deal = a_deal(session, world.ana, stage, name="Nexus")
    review = a_review(session, world, [deal])
    return entry_of(session, review, deal), deal


# --- what each kind does


def test_advance_once_everything_is_proved(session: Session, world: World) -> None:
    entry, deal = _one(session, world)
    prove(session, deal)

    decision = decide(session, world.max, entry.id, advance(world))

    assert deal.stage_id == world.stages["Negotiation"]
    assert deal.stage_entered_at == NOW
    assert deal.crm_stage_id == world.stages["Proposal"]
    assert not_in_crm(deal)
    assert (decision.kind, decision.is_current, decision.reason) == (
        DecisionKind.ADVANCE,
        True,
        None,
    )
    assert decision.evidence == {"proved": 3, "asked": 3, "open": []}
    assert (decision.before_stage_id, decision.after_stage_id) == (
        world.stages["Proposal"],
        world.stages["Negotiation"],
    )
    assert open_actions(session, [deal.id])[deal.id].id == decision.next_action_id
    [change] = changes(session, [deal.id], Field.STAGE)[deal.id]
    assert change.decision_id == decision.id


def test_advance_is_refused_naming_what_is_open(session: Session, world: World) -> None:
    entry, deal = _one(session, world)
    prove(session, deal, all_but=["objection", "reply"])

    with pytest.raises(AdvanceUnproved) as refused:
        decide(session, world.max, entry.id, advance(world))

    open_ones = [q.id for q in questions_of(session, deal) if q.key in ("objection", "reply")]
    assert list(refused.value.question_ids) == open_ones
    assert deal.stage_id == world.stages["Proposal"]
    assert not open_actions(session, [deal.id])


def test_evidence_too_old_proves_no_more(session: Session, world: World) -> None:
    entry, deal = _one(session, world)
    deal.stage_entered_at = NOW - timedelta(days=40)
    prove(session, deal, NOW - timedelta(days=15))

    with pytest.raises(AdvanceUnproved):
        decide(session, world.max, entry.id, advance(world))


def test_advance_from_the_last_stage_wins(session: Session, world: World) -> None:
    entry, deal = _one(session, world, "Negotiation")
    prove(session, deal)

    decision = decide(session, world.max, entry.id, DecisionInput(DecisionKind.ADVANCE))

    assert deal.stage_id == world.stages["Closed Won"]
    assert deal.closed_on == TODAY
    assert decision.next_action_id is None


def test_a_stage_without_questions_advances_freely(session: Session, world: World) -> None:
    entry, deal = _one(session, world, "Prospecting")

    decide(session, world.max, entry.id, advance(world))

    assert deal.stage_id == world.stages["Qualified"]


def test_demote_to_any_earlier_open_stage(session: Session, world: World) -> None:
    entry, deal = _one(session, world)

    decision = decide(session, world.max, entry.id, demote(world, "Prospecting"))

    assert deal.stage_id == world.stages["Prospecting"]
    assert decision.reason == "No meeting, buyer not met"


@pytest.mark.parametrize("stage", ["Proposal", "Negotiation", "Closed Won", "Closed Lost"])
def test_demoting_goes_backwards_only(session: Session, world: World, stage: str) -> None:
    entry, _ = _one(session, world)

    with pytest.raises(NotEarlier) as refused:
        decide(session, world.max, entry.id, demote(world, stage))

    assert refused.value.stage_id == world.stages[stage]


def test_nothing_lies_before_the_first_stage(session: Session, world: World) -> None:
    entry, _ = _one(session, world, "Prospecting")

    assert earlier_stages(stages(session), stage_named(session, "Prospecting")) == []
    with pytest.raises(NotEarlier):
        decide(session, world.max, entry.id, demote(world, "Qualified"))


@pytest.mark.parametrize("removal", list(Removal))
def test_remove_closes_as_lost_and_drops_the_next_action(
    session: Session, world: World, removal: Removal
) -> None:
    entry, deal = _one(session, world)

    decision = decide(session, world.max, entry.id, remove(removal))

    assert deal.stage_id == world.stages["Closed Lost"]
    assert deal.closed_on == TODAY
    assert (decision.removal, decision.next_action_id) == (removal, None)
    assert not open_actions(session, [deal.id])


def test_re_date_moves_the_close_date(session: Session, world: World) -> None:
    entry, deal = _one(session, world)

    decision = decide(session, world.max, entry.id, re_date(world))

    assert deal.close_on == date(2027, 1, 29)
    assert (decision.before_close_on, decision.after_close_on) == (
        date(2026, 12, 15),
        date(2027, 1, 29),
    )
    assert not_in_crm(deal)
    [change] = changes(session, [deal.id], Field.CLOSE)[deal.id]
    assert change.decision_id == decision.id


def test_hold_changes_nothing_but_the_next_action(session: Session, world: World) -> None:
    entry, deal = _one(session, world)

    decide(session, world.max, entry.id, hold(world))

    assert not not_in_crm(deal)
    assert changes(session, [deal.id])[deal.id] == []
    action = open_actions(session, [deal.id])[deal.id]
    assert (action.text, action.owner_id, action.due_on, action.set_by_id) == (
        "Send Dana the security paper",
        world.ana,
        DUE,
        world.max,
    )


def test_what_a_kind_does_not_use_is_dropped(session: Session, world: World) -> None:
    entry, deal = _one(session, world)
    stuffed = replace(
        hold(world),
        stage_id=world.stages["Qualified"],
        close_on=date(2027, 3, 1),
        removal=Removal.LOST,
    )

    decision = decide(session, world.max, entry.id, stuffed)

    assert deal.stage_id == world.stages["Proposal"]
    assert deal.close_on == date(2026, 12, 15)
    assert decision.removal is None


# --- what each kind needs


@pytest.mark.parametrize(
    ("broken", "error"),
    [
        (lambda w: replace(demote(w), stage_id=None), StageMissing),
        (lambda w: replace(remove(), removal=None), RemovalMissing),
        (lambda w: replace(re_date(w), close_on=None), DateMissing),
        (lambda w: re_date(w, TODAY), DateUnfit),
        (lambda w: re_date(w, TODAY - timedelta(days=1)), DateUnfit),
        (lambda w: re_date(w, date(2026, 12, 15)), DateUnfit),
        (lambda w: replace(hold(w), reason=None), ReasonMissing),
        (lambda w: hold(w, reason="   "), ReasonMissing),
        (lambda w: hold(w, reason="Follow up!"), ReasonMissing),
        (lambda w: replace(demote(w), reason=""), ReasonMissing),
        (lambda w: replace(remove(), reason=None), ReasonMissing),
        (lambda w: replace(re_date(w), reason="tbd"), ReasonMissing),
        (lambda w: replace(hold(w), next_text=None), NextActionMissing),
        (lambda w: replace(hold(w), next_owner_id=None), NextActionMissing),
        (lambda w: replace(hold(w), next_due_on=None), NextActionMissing),
        (lambda w: hold(w, text="follow up"), EmptyPhrase),
        (lambda w: hold(w, text="x" * 501), TooLong),
        (lambda w: hold(w, due_on=TODAY - timedelta(days=1)), DueOutOfRange),
        (lambda w: hold(w, due_on=TODAY + timedelta(days=15)), DueOutOfRange),
        (lambda w: hold(w, owner_id=w.ada), NextOwnerUnfit),
        (lambda w: hold(w, owner_id=999_999), NextOwnerUnfit),
    ],
)
def test_an_incomplete_decision_is_refused_and_leaves_nothing(
    session: Session,
    world: World,
    broken: Callable[[World], DecisionInput],
    error: type[Exception],
) -> None:
    entry, deal = _one(session, world)

    with pytest.raises(error):
        decide(session, world.max, entry.id, broken(world))

    assert session.scalar(select(func.count()).select_from(Decision)) == 0
    assert not open_actions(session, [deal.id])
    assert not not_in_crm(deal)


@pytest.mark.parametrize("days", [0, 14])
def test_due_within_fourteen_days(session: Session, world: World, days: int) -> None:
    entry, _ = _one(session, world)

    assert decide(session, world.max, entry.id, hold(world, due_on=TODAY + timedelta(days=days)))


@pytest.mark.parametrize("person", ["ana", "ben", "cleo", "max", "lea", "ada"])
def test_the_team_and_those_above_may_own_the_next_action(
    session: Session, world: World, person: str
) -> None:
    entry, deal = _one(session, world)
    person_id = getattr(world, person)
    offered = [each.id for each in next_owners(session, deal, world.team)]
    assert (person_id in offered) is (person != "ada")

    if person_id in offered:
        assert decide(session, world.max, entry.id, hold(world, owner_id=person_id))
    else:
        with pytest.raises(NextOwnerUnfit):
            decide(session, world.max, entry.id, hold(world, owner_id=person_id))


def test_who_has_left_owns_no_next_action(session: Session, world: World) -> None:
    entry, _ = _one(session, world)
    get_person(session, world.cleo).active = False

    with pytest.raises(NextOwnerUnfit):
        decide(session, world.max, entry.id, hold(world, owner_id=world.cleo))


def test_what_lacks_is_named(session: Session, world: World) -> None:
    entry, _ = _one(session, world)
    bare = DecisionInput(DecisionKind.HOLD, reason="Waits for their board")

    with pytest.raises(NextActionMissing) as refused:
        decide(session, world.max, entry.id, bare)

    assert refused.value.lacking == ("text", "owner", "due")
