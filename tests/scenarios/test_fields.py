"""Bad input in each modal: a sentence at its field, and nothing typed is lost."""

from typing import Any

import pytest

from models.evidence import Answer
from models.pipeline_review import Decision
from tests.scenarios.floor import WEST, Floor, six_deals
from tests.world import a_deal


def test_the_start_modal(floor: Floor) -> None:
    six_deals(floor)
    max_ = floor.max
    max_.command(WEST, "/pipeline-review")
    assert max_.modal
    picked = max_.modal.values["picked"]
    assert max_.submit(picked=[])["errors"] == {"picked": "Choose 5 to 10 deals; 0 are chosen."}
    max_.fill(picked=picked)
    assert max_.modal.values["when"] == "live"
    assert max_.submit(when="by")["ok"]
    modal = max_.modal
    assert modal
    assert [*modal.fields] == ["picked", "when", "on", "at"]
    assert max_.submit(on="2026-11-20")["errors"] == {
        "on": "That is in the past. Choose a later time."
    }
    assert max_.submit(on="2026-11-28")["errors"] == {
        "on": "Sat 28 Nov is your day off. Choose a working day."
    }


QUALIFIED: list[tuple[dict[str, Any], dict[str, str]]] = [
    ({}, {"pain": "Nothing to save yet: answer a question, or tick what is still true."}),
    ({"pain": "0"}, {"pain": "An amount in figures, like 12000: above zero, below a trillion."}),
    ({"budget": "Dana Cole"}, {"budget.title": "And what is this person's title?"}),
    ({"budget.title": "CFO", "pain": "12000"}, {"budget": "And the name?"}),
]
DISCOVERY: list[tuple[dict[str, Any], dict[str, str]]] = [
    ({"buyer_met": "yes"}, {"buyer_met.on": "On which day?"}),
    ({"buyer_met": "yes", "buyer_met.on": "2026-12-24"},
     {"buyer_met.on": "That day is still to come."}),
    ({"buyer_met.on": "2026-11-20", "criteria": "Time to go live"}, {"buyer_met": "Yes or no?"}),
]  # fmt: skip
PROPOSAL: list[tuple[dict[str, Any], dict[str, str]]] = [
    ({"review_meeting": "booked"}, {"review_meeting.on": "For which day?"}),
    ({"review_meeting": "booked", "review_meeting.on": "2026-11-20"},
     {"review_meeting.on": "That day has passed. Was it held, or is it on another day?"}),
    ({"review_meeting": "held", "review_meeting.on": "2026-12-24", "objection": "Price"},
     {"review_meeting.on": "That day is still to come."}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("stage", "tries"),
    [("Qualified", QUALIFIED), ("Discovery", DISCOVERY), ("Proposal", PROPOSAL)],
)
def test_the_answer_modal(
    floor: Floor, stage: str, tries: list[tuple[dict[str, Any], dict[str, str]]]
) -> None:
    with floor.database.transaction(floor.world.workspace_id) as session:
        a_deal(session, floor.world.ana, stage, name="Nexus Corp")
    floor.max.command(WEST, "/pipeline-review")
    assert floor.max.submit()["ok"]
    floor.deliver()
    for entered, errors in tries:
        ana = floor.server.as_person("U0ANA")
        floor.opened(ana, floor.card("Nexus"), "Answer")
        assert ana.submit(entered) == {"ok": False, "errors": errors}
        assert ana.modal
        assert ana.modal.errors == errors
        assert {name: ana.modal.values[name] for name in entered} == entered
        ana.close()
    assert floor.rows(Answer) == []


HOLD = {"reason": "Waits for their board", "next_text": "Send the paper"}
DECIDE: list[tuple[str, dict[str, str], dict[str, str]]] = [
    ("hold", HOLD | {"reason": "tbd"},
     {"reason": "“tbd” says nothing. What do you know that makes it so?"}),
    ("hold", HOLD | {"next_text": "Follow up."},
     {"next_text": "“Follow up.” says nothing."
      " What will be done, so that somebody could tell whether it was?"}),
    ("hold", {"reason": "tbd", "next_text": "Follow up."},
     {"reason": "“tbd” says nothing. What do you know that makes it so?",
      "next_text": "“Follow up.” says nothing."
      " What will be done, so that somebody could tell whether it was?"}),
    ("hold", HOLD | {"next_due": "2026-12-20"},
     {"next_due": "Choose a day from Tue 24 Nov to Tue 8 Dec."}),
    ("hold", HOLD | {"next_due": "2026-11-20"},
     {"next_due": "Choose a day from Tue 24 Nov to Tue 8 Dec."}),
    ("re_date", HOLD | {"close_on": "2026-11-24"}, {"close_on": "Choose a day to come."}),
    ("re_date", {"close_on": "2026-11-20", "reason": "tbd", "next_text": "follow up",
                 "next_due": "2027-11-20"},
     {"close_on": "Choose a day to come.",
      "reason": "“tbd” says nothing. What do you know that makes it so?",
      "next_text": "“follow up” says nothing."
      " What will be done, so that somebody could tell whether it was?",
      "next_due": "Choose a day from Tue 24 Nov to Tue 8 Dec."}),
    ("re_date", HOLD | {"close_on": "2026-12-15"},
     {"close_on": "Tue 15 Dec is the close date already. Choose another, or hold."}),
    ("remove", {"removal": "lost", "reason": "n/a"},
     {"reason": "“n/a” says nothing. What do you know that makes it so?"}),
]  # fmt: skip


def test_the_decide_modal(review: Floor) -> None:
    for kind, entered, errors in DECIDE:
        max_ = review.server.as_person("U0MAX")
        modal = review.opened(max_, review.card("Nexus"), "Decide")
        review.opened(max_, modal, "review.choose_decision", kind)
        assert max_.submit(dict(entered)) == {"ok": False, "errors": errors}
        assert max_.modal
        assert {name: max_.modal.values[name] for name in entered} == entered
        max_.close()
    assert review.rows(Decision) == []


def test_what_slack_itself_asks_for(review: Floor) -> None:
    """A required field that is empty never reaches the bot."""
    review.chose(review.max, "Nexus", "demote")
    outcome = review.max.submit(reason="No meeting")
    assert [*outcome["errors"]] == ["next_text"]
