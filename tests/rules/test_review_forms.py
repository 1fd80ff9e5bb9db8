"""What the modals are given, and when they refuse to open."""

from datetime import date, time, timedelta

import pytest
from sqlalchemy.orm import Session

from models.access import Act, Refused
from models.deals import Deal, set_stage
from models.evidence import State
from models.people import get_person, team
from models.pipeline_review import (
    DecisionKind,
    NotYetDeciding,
    ReviewClosed,
    ReviewDeal,
    SettledByCrm,
    UnknownReview,
    answer,
    review_deals,
)
from models.roster import put_team
from models.schedule import Lateness, put_schedule
from models.screens import (
    AnswerForm,
    DecideForm,
    answer_form,
    deal_names,
    decide_form,
    question_names,
    start_form,
    who,
)
from tests.reviews import (
    a_review,
    close,
    decide,
    demote,
    entry_of,
    hold,
    hold_all,
    re_date,
    remove,
    some_deals,
)
from tests.world import (
    NOW,
    TODAY,
    World,
    a_deal,
    an_import,
    prove,
    questions_of,
    stage_named,
)

TOMORROW = NOW + timedelta(hours=19)


def _one(session: Session, world: World, stage: str = "Proposal") -> tuple[ReviewDeal, Deal]:
    deal = a_deal(session, world.ana, stage, name="Nexus")
    return entry_of(session, a_review(session, world, [deal]), deal), deal


# --- answering


def _answers(session: Session, world: World, entry: ReviewDeal) -> AnswerForm:
    return answer_form(session, get_person(session, world.ana), entry.id, NOW)


def test_open_questions_first_then_the_answered(session: Session, world: World) -> None:
    entry, deal = _one(session, world)
    prove(session, deal, NOW - timedelta(days=2), all_but=["review_meeting"])

    form = _answers(session, world, entry)

    assert [(each.key, each.state, each.value) for each in form.open] == [
        ("review_meeting", State.OPEN, None)
    ]
    assert [(each.key, each.stale, each.answered_on) for each in form.answered] == [
        ("objection", False, TODAY - timedelta(days=2)),
        ("reply", False, TODAY - timedelta(days=2)),
    ]
    assert (form.deal.name, form.deal.stage.name, form.evidence.proved) == ("Nexus", "Proposal", 2)


def test_an_old_answer_wants_still_true(session: Session, world: World) -> None:
    entry, deal = _one(session, world)
    deal.stage_entered_at = NOW - timedelta(days=30)
    prove(session, deal, NOW - timedelta(days=15))

    form = _answers(session, world, entry)

    assert form.open == ()
    assert [each.stale for each in form.answered] == [True, True, True]
    assert form.evidence.unanswered == 3


def test_an_answer_that_only_fills_stays_open_with_its_value(
    session: Session, world: World
) -> None:
    entry, deal = _one(session, world)
    prove(session, deal, NOW)
    meeting = questions_of(session, deal)[0]
    answer(
        session, get_person(session, world.ana), entry.id, {meeting.id: {"state": "none"}}, [], NOW
    )

    [asked] = _answers(session, world, entry).open
    assert (asked.key, asked.state, asked.value) == (
        "review_meeting",
        State.FILLED,
        {"state": "none"},
    )


def test_a_stage_without_questions_has_an_empty_form(session: Session, world: World) -> None:
    entry, _ = _one(session, world, "Prospecting")

    form = _answers(session, world, entry)

    assert (form.open, form.answered, form.evidence.asked) == ((), (), 0)


def test_the_answer_form_is_the_owners(session: Session, world: World) -> None:
    entry, _ = _one(session, world)

    with pytest.raises(Refused) as refused:
        answer_form(session, get_person(session, world.ben), entry.id, NOW)

    assert (refused.value.act, refused.value.allowed) == (Act.ANSWER, (world.ana, world.max))


# --- deciding


def _decides(session: Session, world: World, entry: ReviewDeal) -> DecideForm:
    return decide_form(session, get_person(session, world.max), entry.id, NOW)


def test_the_form_says_why_advance_is_not_possible(session: Session, world: World) -> None:
    entry, deal = _one(session, world)
    prove(session, deal, all_but=["objection"])

    form = _decides(session, world, entry)

    assert (form.evidence.proved, form.evidence.asked) == (2, 3)
    assert (form.advance.possible, form.advance.open) == (False, ("the objection",))
    assert (form.advance.to_stage.name, form.advance.wins) == ("Negotiation", False)
    assert [stage.name for stage in form.demote_to] == ["Discovery", "Qualified", "Prospecting"]
    assert form.recommended is DecisionKind.DEMOTE
    assert (form.current, form.replacing) == (None, None)


def test_the_presets(session: Session, world: World) -> None:
    entry, _ = _one(session, world)

    form = _decides(session, world, entry)

    assert form.next_owner.name == "Ana"
    assert form.next_due == TODAY + timedelta(days=7)
    assert (form.due_least, form.due_most) == (TODAY, TODAY + timedelta(days=14))
    assert [owner.name for owner in form.owners] == ["Ana", "Ben", "Cleo", "Max", "Lea"]
    assert not form.self_decided


def test_who_has_left_is_no_preset(session: Session, world: World) -> None:
    entry, _ = _one(session, world)
    get_person(session, world.ana).active = False

    form = _decides(session, world, entry)

    assert form.next_owner.name == "Max"
    assert "Ana" not in [owner.name for owner in form.owners]


def test_advance_once_proved_and_the_last_stage_wins(session: Session, world: World) -> None:
    entry, deal = _one(session, world, "Negotiation")
    prove(session, deal)

    form = _decides(session, world, entry)

    assert (form.advance.possible, form.advance.wins) == (True, True)
    assert form.advance.to_stage.name == "Closed Won"
    assert form.recommended is None


def test_the_first_stage_has_nowhere_to_demote_to(session: Session, world: World) -> None:
    entry, _ = _one(session, world, "Prospecting")

    assert _decides(session, world, entry).demote_to == ()


def test_a_managers_own_deal_names_who_may_advance_it(session: Session, world: World) -> None:
    deal = a_deal(session, world.max, "Prospecting")
    entry = entry_of(session, a_review(session, world, [deal]), deal)

    form = _decides(session, world, entry)

    assert (form.advance.possible, form.self_decided) == (False, True)
    assert [each.name for each in form.advance.allowed] == ["Lea"]


def test_a_correction_starts_where_the_deal_was(session: Session, world: World) -> None:
    entry, deal = _one(session, world)
    prove(session, deal)
    first = decide(session, world.max, entry.id, demote(world, "Qualified"))

    form = _decides(session, world, entry)

    assert (form.deal.stage.name, form.evidence.proved) == ("Proposal", 3)
    assert form.advance.possible
    assert form.replacing == first.id
    assert form.current is not None
    assert (form.current.kind, form.current.reason) == (
        DecisionKind.DEMOTE,
        "No meeting, buyer not met",
    )
    assert form.next_action is not None
    assert form.next_action.text == "Book the economic buyer"
    assert deal.stage_id == world.stages["Qualified"]


def test_a_re_dating_is_corrected_from_the_old_date(session: Session, world: World) -> None:
    entry, _ = _one(session, world)
    decide(session, world.max, entry.id, re_date(world))

    assert _decides(session, world, entry).deal.close_on == date(2026, 12, 15)


def test_the_decide_form_refuses(session: Session, world: World) -> None:
    review = a_review(session, world, decide_from=TOMORROW)
    entry = review_deals(session, review.id)[0]

    with pytest.raises(Refused):
        decide_form(session, get_person(session, world.ana), entry.id, TOMORROW)
    with pytest.raises(NotYetDeciding):
        _decides(session, world, entry)
    with pytest.raises(UnknownReview):
        decide_form(session, get_person(session, world.max), 999_999, NOW)


def test_a_deal_closed_by_the_crm_opens_no_form(session: Session, world: World) -> None:
    entry, deal = _one(session, world)
    deal.crm_stage_id = world.stages["Closed Lost"]
    lost, taken = stage_named(session, "Closed Lost"), an_import(session).id
    set_stage(session, deal, lost, NOW, import_id=taken)

    with pytest.raises(SettledByCrm):
        _decides(session, world, entry)


def test_a_removed_deal_opens_its_correction(session: Session, world: World) -> None:
    entry, _ = _one(session, world)
    decide(session, world.max, entry.id, remove())

    assert _decides(session, world, entry).deal.stage.name == "Proposal"


def test_a_closed_review_opens_no_form(session: Session, world: World) -> None:
    review = a_review(session, world)
    entry = review_deals(session, review.id)[0]
    hold_all(session, world, review)
    close(session, world, review)

    with pytest.raises(ReviewClosed):
        _answers(session, world, entry)
    with pytest.raises(ReviewClosed) as refused:
        _decides(session, world, entry)
    assert refused.value.by_id == world.max


# --- starting


def test_the_pick_comes_first_then_the_others(session: Session, world: World) -> None:
    deals = some_deals(session, world, 9)

    form = start_form(session, get_person(session, world.max), team(session, world.team), NOW)

    assert [each.deal.id for each in form.deals] == [deal.id for deal in deals]
    assert [each.picked for each in form.deals] == [True] * 7 + [False] * 2
    assert (form.least, form.most) == (5, 10)
    assert form.deals[0].why.share == pytest.approx(0.2)
    assert (form.open_review, form.open_parent, form.next_deciding) == (None, None, None)


def test_a_team_with_few_deals_starts_with_all(session: Session, world: World) -> None:
    some_deals(session, world, 3)

    form = start_form(session, get_person(session, world.max), team(session, world.team), NOW)

    assert (form.least, len(form.deals)) == (3, 3)


def test_the_open_review_is_shown_instead(session: Session, world: World) -> None:
    review = a_review(session, world)
    decide(session, world.max, review_deals(session, review.id)[0].id, hold(world))

    form = start_form(session, get_person(session, world.lea), team(session, world.team), NOW)

    assert form.open_review is not None
    assert (form.open_review.review_id, form.open_review.decided) == (review.id, 1)


def test_the_next_deciding_and_the_missing_channel(session: Session, world: World) -> None:
    put_schedule(
        session,
        world.team,
        "review.deciding",
        weekdays="3",
        local_time=time(10),
        zone="America/New_York",
        lateness=Lateness.MIDNIGHT,
        active_from=TODAY,
    )
    put_team(session, "West", currency="USD", zone="America/New_York", channel_id=None)

    form = start_form(session, get_person(session, world.max), team(session, world.team), NOW)

    assert form.next_deciding == TOMORROW
    assert form.team.channel_id is None


def test_a_rep_does_not_start(session: Session, world: World) -> None:
    with pytest.raises(Refused):
        start_form(session, get_person(session, world.ana), team(session, world.team), NOW)


# --- names for refusals


def test_names_keep_the_order_asked_for(session: Session, world: World) -> None:
    deals = some_deals(session, world, 2)
    questions = questions_of(session, deals[0])

    assert [each.name for each in who(session, (world.max, 999_999, world.lea))] == ["Max", "Lea"]
    assert deal_names(session, (deals[1].id, deals[0].id)) == ("Customer 2", "Customer 1")
    assert question_names(session, [q.id for q in reversed(questions)])[0] == (
        "our answer to the objection"
    )
