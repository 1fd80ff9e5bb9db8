"""What the review's messages say, word for word."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from handlers.message import Rendered
from handlers.pipeline_review import closing as closing_card
from handlers.pipeline_review import messages, personal
from models.deals import StageKind
from models.evidence import AnswerKind
from models.next_actions import Outcome
from models.pipeline_review import DecisionKind, Grade, Removal, ReviewState
from models.screens import (
    AnswerShown,
    AnswersReply,
    ClosedShown,
    DecidingDm,
    EvidenceShown,
    LastAction,
    OwnerDm,
    StageShown,
    Waiting,
)
from tests.messages import made
from tests.reading import read

SPACE = "\u00a0"


def said(rendered: Rendered) -> str:
    return read(rendered.blocks).replace(SPACE, " ")


def test_the_parent_message() -> None:
    shown = messages.parent(made.parent())
    assert said(shown) == (
        "Pipeline review · West · Wed 25 Nov — 7 deals, $1.24 M of $3.1 M open\n"
        "▓▓▓▓▓░░ 5 of 7 decided · waiting: @Ana 2 answers, @Max 2 decisions\n"
        "[Close review] ⋯(Who may do what, Help)"
    )
    assert shown.text == "Pipeline review · West · Wed 25 Nov: 5 of 7 decided"


def test_the_parent_before_deciding_begins() -> None:
    shown = messages.parent(made.parent(deciding=False, decided=0, waiting=()))
    assert said(shown).splitlines()[1:] == [
        "░░░░░░░ 0 of 7 decided · deciding begins Wed 25 Nov, 10:00",
        "⋯(Who may do what, Help)",
    ]


def test_the_parent_of_a_closed_review() -> None:
    shown = messages.parent(made.parent(closed=made.CLOSED, decided=7, waiting=()))
    assert said(shown).splitlines()[1:] == [
        "Closed by @Max, Wed 25 Nov, 10:00 · decided",
        "⋯(Who may do what, Help)",
    ]


def test_the_parent_names_no_more_than_five() -> None:
    shown = messages.parent(made.parent(waiting=(Waiting(made.ANA, 1, 1),) * 7))
    assert "@Ana 1 answer and 1 decision and 2 more" in said(shown)


def test_closing_is_confirmed_where_it_can_close() -> None:
    button = messages.parent(made.parent()).blocks[-1]["elements"][0]
    assert not {"confirm", "style"} & button.keys()  # it answers with what is undecided
    ready = messages.parent(made.parent(decided=7)).blocks[-1]["elements"][0]
    assert ready["style"] == "primary"
    assert ready["confirm"]["title"]["text"] == "Close this review?"


def test_a_deals_card() -> None:
    shown = messages.card(made.card())
    assert said(shown) == (
        "Nexus Corp · $180,000 · Proposal · closes Fri 27 Nov · @Ana\n"
        "Evidence 1 of 3 proved · open: the review meeting, our answer to the objection\n"
        "A stage too far while these stay open: demote it.\n"
        "Picked: 15 % of open amount · closes in 2 days · close date pushed twice (34 days)"
        " · no activity for 16 days · same stage and date as on Wed 18 Nov\n"
        "[Answer] [Decide] ⋯(Log coaching, History, Worth copying)"
    )
    assert shown.text == (
        "Nexus Corp: Evidence 1 of 3 proved · open: the review meeting, our answer to the objection"
    )


def test_a_card_says_little_where_there_is_little() -> None:
    bare = replace(made.NEXUS, amount=None, close_on=None, url="https://crm.example/7")
    nothing = EvidenceShown(0, 0, (), (), 0)
    shown = messages.card(
        made.card(
            deal=bare,
            evidence=nothing,
            why=replace(made.WHY, by_hand=True, without_amount=True, flags=(), days_to_close=None),
            unchanged_since=None,
            recommended=None,
            next_action=replace(made.NEXT, overdue=True),
        )
    )
    assert said(shown) == (
        "Nexus Corp · no amount · Proposal · no close date · @Ana\n"
        "This stage asks for no evidence\n"
        "Next: @Ana “Book the economic buyer” by Tue 1 Dec (overdue)\n"
        "Picked: added by hand\n"
        "[Answer] [Decide] ⋯(Log coaching, History, Worth copying, Open in CRM)"
    )


def test_no_advice_before_deciding() -> None:
    assert "demote it" not in said(messages.card(made.card(deciding=False)))


def test_a_decided_card_is_one_line_and_a_menu() -> None:
    decided = made.card(decision=made.DEMOTED, answerable=False, decidable=False, correctable=True)
    assert said(messages.card(decided)) == (
        "Nexus Corp · $180,000 · Proposal · closes Fri 27 Nov · @Ana\n"
        "Demoted to Discovery by @Max · “no meeting, buyer not met”"
        " · next: @Ana “Book the economic buyer” by Tue 1 Dec · not yet in the CRM\n"
        "⋯(Correct the decision, Log coaching, History, Worth copying)"
    )


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"kind": DecisionKind.ADVANCE, "to_stage": made.NEGOTIATION}, "Advanced to Negotiation"),
        ({"kind": DecisionKind.ADVANCE, "won": True}, "Won"),
        ({"kind": DecisionKind.REMOVE, "removal": Removal.LOST}, "Removed: lost"),
        ({"kind": DecisionKind.RE_DATE, "to_close": date(2027, 1, 29)}, "Re-dated to Fri 29 Jan"),
        ({"kind": DecisionKind.HOLD, "to_stage": None}, "Held"),
    ],
)
def test_each_decision_has_its_word(changes: dict[str, Any], line: str) -> None:
    decision = replace(made.DEMOTED, reason=None, next_action=None, not_in_crm=False, **changes)
    decided = replace(decision, self_decided=True, replaced=1)
    shown = messages.card(made.card(decision=decided, answerable=False, decidable=False))
    assert said(shown).splitlines()[1] == f"{line} by @Max · self-decided · corrected"


def test_a_deal_that_the_crm_closed_meanwhile() -> None:
    won = StageShown(9, f"Closed {StageKind.WON.value.capitalize()}")
    over = replace(made.NEXUS, stage=won, closed_on=made.TODAY)
    shown = messages.card(made.card(deal=over, settled=won, answerable=False, decidable=False))
    assert said(shown).startswith("Nexus Corp · $180,000 · Closed Won · closed Wed 25 Nov · @Ana")
    assert said(shown).splitlines()[1] == (
        "Closed Won in the CRM during this review: nothing left to decide"
    )


def test_answers_in_the_thread() -> None:
    reply = AnswersReply(
        answer_set_id=1,
        review_deal_id=9,
        team=made.WEST,
        deal=made.NEXUS,
        by=made.ANA,
        evidence=replace(made.EVIDENCE, proved=2),
        answers=tuple(
            AnswerShown("A question?", f"the {kind.value}", kind, value, proves, hand, renewed,
                        date(2026, 11, 12))
            for kind, value, proves, hand, renewed in (
                (AnswerKind.MONEY, {"minor": 25_000_000, "currency": "USD"}, True, False, False),
                (AnswerKind.CONTACT, {"name": "Dana", "title": "CFO"}, True, False, False),
                (AnswerKind.SOURCE, {"source": "contact"}, True, True, False),
                (AnswerKind.MET, {"met": False}, False, False, False),
                (AnswerKind.MEETING, {"state": "held", "on": "2026-11-20"}, True, False, True),
                (AnswerKind.DATE, {"on": "2026-12-10"}, True, False, False),
                (AnswerKind.TEXT, {"text": "price"}, True, False, False),
            )
        ),
    )  # fmt: skip
    shown = messages.answers(reply)
    assert said(shown) == (
        "@Ana answered · evidence 2 of 3 proved\n"
        "- The money: $250,000 — proves\n"
        "- The contact: Dana, CFO — proves\n"
        "- The source: through a contact — proves, second-hand\n"
        "- The met: not yet — only fills\n"
        "- The meeting: held on Fri 20 Nov (of Thu 12 Nov, still true) — proves\n"
        "- The date: Thu 10 Dec — proves\n"
        "- The text: “price” — proves"
    )
    assert shown.text == "Nexus Corp: <@U0ANA> answered · evidence 2 of 3 proved"


# --- direct messages


def owner(**changes: Any) -> OwnerDm:
    return replace(
        OwnerDm(5, made.WEST, made.ANA, (made.line(),), made.TEN, deciding=False, closed=None),
        **changes,
    )


def test_an_owners_deals() -> None:
    shown = personal.owner(owner())
    assert said(shown) == (
        "Pipeline review · West: your deals\n"
        "Answer before deciding begins: Wed 25 Nov, 10:00. What stays open counts as not proved.\n"
        "*Nexus Corp* · $180,000 · Proposal · closes Fri 27 Nov\n"
        "Evidence 1 of 3 proved · _open: the review meeting, our answer to the objection_ [Answer]"
    )
    assert shown.text == "Pipeline review · West: 1 deal of yours waits for your answers"


def test_an_owner_who_has_answered_all() -> None:
    done = made.line(evidence=EvidenceShown(3, 3, (), (), 0))
    shown = personal.owner(owner(deals=(done,)))
    assert "Nothing more is asked of you." in said(shown)
    assert "[Answer]" not in said(shown)
    assert shown.text == "Pipeline review · West: nothing more is asked of you"


def test_an_owner_of_many_deals_is_told_of_ten() -> None:
    deals = tuple(made.line(review_deal_id=n) for n in range(13))
    assert said(personal.owner(owner(deals=deals))).endswith("and 3 more, in the channel")


def test_an_owner_when_the_review_is_closed() -> None:
    decided = made.line(decided=DecisionKind.DEMOTE)
    shown = personal.owner(owner(deals=(decided,), closed=made.CLOSED))
    assert said(shown).splitlines()[1] == "Closed by @Max, Wed 25 Nov, 10:00 · decided"
    assert said(shown).endswith("Demoted")


def test_the_call_to_decide() -> None:
    call = DecidingDm(5, made.WEST, made.MAX, None, 7, (made.line(),), None, None, made.TODAY)
    shown = personal.deciding(call)
    assert shown.text == "Pipeline review · West: 1 of 7 deals lacks a decision."
    assert "[Decide]" in said(shown)
    done = personal.deciding(replace(call, undecided=()))
    assert "Every deal has its decision. Close the review in the channel." in said(done)
    closed = personal.deciding(replace(call, closed=made.CLOSED))
    assert closed.text == "Pipeline review · West has ended"


def test_the_call_to_decide_in_the_managers_place() -> None:
    call = DecidingDm(5, made.WEST, made.LEA, made.MAX, 7, (made.line(),), None, None, made.TODAY)
    assert said(personal.deciding(call)).startswith(
        "Pipeline review · West: deciding. @Max is out: you decide.\n1 of 7 deals lacks a decision."
    )


def test_an_owner_whose_deals_all_went() -> None:
    shown = personal.owner(owner(deals=()))
    assert said(shown).endswith("None of its deals is yours any more: nothing is asked of you.")


def test_an_owner_whose_answers_prove_nothing_yet_is_not_told_that_all_is_well() -> None:
    filled = made.line(evidence=EvidenceShown(1, 2, ("who approves the terms",), (), 0))
    shown = personal.owner(owner(deals=(filled,)))
    assert "All is answered. What stands as open is no proof yet" in said(shown)
    assert "Nothing more is asked" not in said(shown)


def test_an_owner_for_whom_somebody_answered() -> None:
    given = ("who approves the terms",)
    waits = made.line(evidence=EvidenceShown(1, 2, given, (), 0, given))
    shown = personal.owner(owner(deals=(waits,)))
    assert "All is answered, some of it for you: press Answer and tick" in said(shown)
    assert "[Answer]" in said(shown)
    assert shown.text == "Pipeline review · West: answered for you; your word is wanted"


def test_the_nudge_and_what_becomes_of_it() -> None:
    shown = personal.nudge(owner(deals=(made.line(),), deciding=False))
    assert said(shown).startswith("Pipeline review · West: your answers are missing\nAnswer before")
    assert "[Answer]" in said(shown)
    assert shown.text == "Pipeline review · West: 1 deal of yours waits for your answers"
    answered = personal.nudge(owner(deals=(), deciding=False))
    assert said(answered).endswith(
        "Nothing more is asked of you. Thank you: the rest is decided in the channel."
    )
    over = personal.nudge(owner(deals=(made.line(),), closed=made.CLOSED))
    assert "[Answer]" not in said(over)


NO_GRADE = ClosedShown(None, made.TEN, None, ReviewState.ABANDONED, 2)


@pytest.mark.parametrize(
    ("closed", "says"),
    [
        (
            replace(made.CLOSED, by=None),
            "Closed by itself, when the next one was due, Wed 25 Nov, 10:00 · decided",
        ),
        (
            NO_GRADE,
            "Abandoned, Wed 25 Nov, 10:00 · 2 deals without a decision when the next was due",
        ),
        (
            replace(NO_GRADE, state=ReviewState.NOT_HELD),
            "Not held, Wed 25 Nov, 10:00 · nobody who decides was there",
        ),
    ],
)
def test_a_review_that_nobody_closed(closed: ClosedShown, says: str) -> None:
    shown = messages.parent(made.parent(closed=closed))
    assert said(shown).splitlines()[1] == says
    assert "[Close review]" not in said(shown)


def test_what_became_of_it_and_what_never_changes_stands_on_the_card() -> None:
    last = LastAction("Send the price", made.ANA, date(2026, 11, 24), None)
    shown = said(messages.card(made.card(last_action=last, unchanged_reviews=3)))
    assert "Last time: @Ana “Send the price” by Tue 24 Nov: no word" in shown
    assert "same stage and date as in the last three reviews" in shown
    done = said(messages.card(made.card(last_action=replace(last, outcome=Outcome.DONE))))
    assert "by Tue 24 Nov: done" in done
    assert "same stage and date as on Wed 18 Nov" in done


# --- the closing card


def test_the_closing_card_names_what_never_changes() -> None:
    shown = closing_card.closing(made.closing(unchanged=("Orbit", "Halcyon")))
    assert "Unchanged for three reviews: Orbit, Halcyon" in said(shown)


def test_the_closing_card() -> None:
    shown = closing_card.closing(made.closing())
    assert said(shown) == (
        "Review closed · decided — 1 advanced, 2 demoted, 1 removed\n"
        "Deal | Decision | Next action | Owner | Due\n"
        "Nexus Corp | Demoted to Discovery | Book the economic buyer | @Ana | Tue 1 Dec\n"
        "Vale | Removed: lost (self-decided) | – | – | –\n"
        "Coverage 2.1× of remaining quota (3× asked; $640,000 missing)"
        " · 1.5× of full quota · under 0.1× evidenced\n"
        "November: won $310,000 of $400,000 ($90,000 missing),"
        " qualified closing this month $150,000 of $270,000 needed ($120,000 missing)\n"
        "West · Wed 25 Nov · closed by @Max"
    )
    assert shown.text == (
        "Pipeline review · West closed: decided — 1 advanced, 2 demoted, 1 removed"
    )


@pytest.mark.parametrize(
    ("grade", "why"),
    [
        (Grade.BELOW_STANDARD, "Only new dates or next actions"),
        (Grade.STATUS_MEETING, "Nothing was changed."),
    ],
)
def test_a_lesser_grade_says_why(grade: Grade, why: str) -> None:
    closed = replace(made.CLOSED, grade=grade)
    shown = closing_card.closing(made.closing(closed=closed, grade=grade))
    assert said(shown).splitlines()[1].startswith(why)


def test_a_small_teams_coverage_stays_private() -> None:
    shown = closing_card.closing(made.closing(coverage=None, month=None, private=True))
    assert "coverage of a small team stays private" in said(shown)
    assert "quota" not in said(shown)
    assert "quota" not in shown.text


def test_figures_that_cannot_be_said() -> None:
    card = made.closing()
    assert card.coverage
    assert card.month
    no_quota = replace(card.coverage, quota=None)
    met = replace(card.coverage, against_remaining=None)
    assert "none evidenced" in closing_card.coverage(replace(card.coverage, evidenced=0.0), "en_US")
    assert "no quota is set" in closing_card.coverage(no_quota, "en_US")
    assert closing_card.coverage(met, "en_US").startswith("quota met · ")
    assert closing_card.month(replace(card.month, target=None)) == (
        "won $310,000 (no target set), qualified closing this month $150,000"
    )
    assert "target met" in closing_card.month(replace(card.month, needed=made.usd(0)))


def test_what_the_crm_closed_is_named() -> None:
    shown = closing_card.closing(made.closing(settled=(("Orbit", "Closed Won"),)))
    assert "1 closed by the CRM" in said(shown)
    assert "Closed by the CRM meanwhile: Orbit (Closed Won)" in said(shown)
