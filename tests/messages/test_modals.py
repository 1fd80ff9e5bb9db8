"""What the modals ask, in which order, and what is wrong with an answer."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from handlers.forms import FAR, Wrong, checked
from handlers.ids import Id
from handlers.pipeline_review import answer_modal, modals
from handlers.pipeline_review.answer_modal import AnswerMeta
from handlers.pipeline_review.evidence_form import AnswersForm, form_for
from handlers.pipeline_review.evidence_values import fault_at
from handlers.pipeline_review.forms import DecisionForm, StartForm, When
from handlers.pipeline_review.modals import DecideMeta
from models.evidence import AnswerKind, Fault, State
from models.pipeline_review import DecisionKind
from models.screens import AdvanceShown, AnswerForm, HistoryScreen, StageShown
from sandbox.blocks import validate_view
from sandbox.values import defaults, state
from tests.messages import made
from tests.reading import read


def fields(view: dict[str, Any]) -> list[str]:
    return [block["block_id"] for block in view["blocks"] if block["type"] == "input"]


def options(view: dict[str, Any], name: str) -> list[tuple[str, str]]:
    """What can be chosen in a field, each with its description."""
    block = next(block for block in view["blocks"] if block.get("block_id") == name)
    return [
        (one["text"]["text"], one.get("description", {}).get("text", ""))
        for one in block["element"]["options"]
    ]


def submitted(view: dict[str, Any], **values: Any) -> dict[str, Any]:
    held, _ = state(view["blocks"], values)
    return {"state": {"values": held}}


# --- start


def test_starting_shows_the_pick_with_its_reasons() -> None:
    view = modals.start(made.start_form())
    assert fields(view) == ["picked", "others", "when"]
    assert [text for text, _ in options(view, "picked")] == ["Nexus Corp · $180\u00a0K · Proposal"]
    assert options(view, "picked")[0][1] == (
        "15\u00a0% of open · closes in 2 days · pushed twice (34 days) · quiet 16 days"
    )
    assert defaults(view["blocks"])["picked"] == ["7"]
    assert defaults(view["blocks"])["when"] == "live"


def test_answers_by_asks_for_a_moment_and_presets_the_next_working_morning() -> None:
    view = modals.start(made.start_form(next_day=date(2026, 11, 30)), When.BY)
    assert fields(view)[-2:] == ["on", "at"]
    shown = defaults(view["blocks"])
    assert (shown["on"], shown["at"]) == ("2026-11-30", "10:00")


def test_answers_by_needs_its_moment() -> None:
    view = modals.start(made.start_form(), When.BY)
    with pytest.raises(Wrong) as wrong:
        checked(StartForm, submitted(view, on=None, at=None), today=made.TODAY)
    assert wrong.value.errors == {"on": "This is needed.", "at": "This is needed."}


# --- decide


def test_deciding_begins_with_what_is_unproved_and_nothing_chosen() -> None:
    view = modals.decide(made.decide_form())
    assert read(view["blocks"]) == (
        "1 of 3 proved. Open: the review meeting, our answer to the objection.\n"
        "$180,000 · Proposal · closes Fri 27 Nov · @Ana\n"
        "Decision: ___"
    )
    assert defaults(view["blocks"])["decision"] is None
    assert options(view, "decision") == [
        ("Advance to Negotiation", "Not possible: 2 questions are open"),
        ("Demote", "Recommended while questions are open"),
        ("Re-date", "A new close date; the stage stays"),
        ("Hold", "Stage and date stay, for a reason"),
        ("Remove", "Lost or disqualified: out of the pipeline"),
    ]


@pytest.mark.parametrize(
    ("advance", "description"),
    [
        (AdvanceShown(True, made.NEGOTIATION, False, (), ()), "Everything asked here is proved"),
        (AdvanceShown(False, made.NEGOTIATION, False, (), (made.LEA,)),
         "Your own deal: Lea may advance it"),
        (AdvanceShown(False, made.NEGOTIATION, False, (), ()), "Not possible now"),
    ],
)  # fmt: skip
def test_advance_says_why(advance: AdvanceShown, description: str) -> None:
    view = modals.decide(made.decide_form(advance=advance))
    assert options(view, "decision")[0][1] == description


def test_from_the_first_stage_nothing_is_demoted() -> None:
    view = modals.decide(made.decide_form(demote_to=(), recommended=DecisionKind.REMOVE))
    offered = dict(options(view, "decision"))
    assert "Demote" not in offered
    assert offered["Remove"] == "Recommended while questions are open"


@pytest.mark.parametrize(
    ("kind", "asked"),
    [
        (DecisionKind.ADVANCE, ["next_text", "next_owner", "next_due"]),
        (DecisionKind.DEMOTE, ["to_stage", "reason", "next_text", "next_owner", "next_due"]),
        (DecisionKind.RE_DATE, ["close_on", "reason", "next_text", "next_owner", "next_due"]),
        (DecisionKind.HOLD, ["reason", "next_text", "next_owner", "next_due"]),
        (DecisionKind.REMOVE, ["removal", "reason"]),
    ],
)
def test_each_decision_asks_for_what_it_needs(kind: DecisionKind, asked: list[str]) -> None:
    view = modals.decide(made.decide_form(), kind)
    assert fields(view) == ["decision", *asked]
    shown = defaults(view["blocks"])
    assert shown["decision"] == kind.value
    assert shown.get("next_owner", "U0ANA") == "U0ANA"
    assert shown.get("next_due", "2026-12-02") == "2026-12-02"
    assert shown.get("to_stage", "3") == str(made.DISCOVERY.id)


def test_a_win_needs_nothing_more() -> None:
    wins = AdvanceShown(True, StageShown(9, "Closed Won"), True, (), ())
    view = modals.decide(made.decide_form(advance=wins), DecisionKind.ADVANCE)
    assert fields(view) == ["decision"]
    assert options(view, "decision")[0][0] == "Advance: won"


def test_what_was_typed_survives_a_change_of_mind() -> None:
    typed = {
        "decision": "hold",
        "reason": "Their board",
        "next_text": "Ask",
        "next_due": "2026-12-04",
    }
    removing = modals.decide(made.decide_form(), DecisionKind.REMOVE, replacing=3, typed=typed)
    meta = DecideMeta.model_validate_json(removing["private_metadata"])
    assert defaults(removing["blocks"])["reason"] == "Their board"
    assert meta.kept == {"next_text": "Ask", "next_due": "2026-12-04"}
    assert meta.replacing == 3
    back = modals.decide(made.decide_form(), DecisionKind.HOLD, typed=meta.kept)
    shown = defaults(back["blocks"])
    assert (shown["next_text"], shown["next_due"]) == ("Ask", "2026-12-04")


def test_a_correction_says_what_stands_and_begins_with_its_words() -> None:
    form = made.decide_form(current=made.DEMOTED, replacing=1)
    assert "Demoted to Discovery by @Max, Wed 25 Nov, 10:00. What you record replaces it." in (
        read(modals.decide(form)["blocks"])
    )
    shown = defaults(modals.decide(form, DecisionKind.HOLD)["blocks"])
    assert shown["reason"] == "no meeting, buyer not met"
    assert shown["next_text"] == "Book the economic buyer"
    assert shown["next_due"] == "2026-12-01"


def test_the_ground_of_a_decision() -> None:
    own = made.decide_form(self_decided=True, next_action=made.NEXT)
    text = read(modals.decide(own)["blocks"])
    assert "Next so far: @Ana “Book the economic buyer” by Tue 1 Dec" in text
    assert "Your own deal: the decision is marked self-decided." in text


@pytest.mark.parametrize(
    ("kind", "wrong"),
    [
        (DecisionKind.DEMOTE, {"to_stage": "Choose the stage it goes back to.",
                               "reason": "Say why, in a few words."}),
        (DecisionKind.REMOVE, {"removal": "Lost, or disqualified?",
                               "reason": "Say why, in a few words."}),
        (DecisionKind.RE_DATE, {"close_on": "Choose the new close date.",
                                "reason": "Say why, in a few words."}),
    ],
)  # fmt: skip
def test_all_that_lacks_is_said_at_once(kind: DecisionKind, wrong: dict[str, str]) -> None:
    view = modals.decide(made.decide_form(), kind)
    empty = dict.fromkeys((*fields(view),), None) | {"decision": kind.value}
    with pytest.raises(Wrong) as found:
        checked(DecisionForm, submitted(view, **empty), today=made.TODAY)
    next_too = {
        "next_text": "Say what is done next.",
        "next_owner": "Choose who does it.",
        "next_due": "Choose the day by which it is done.",
    }
    expected = wrong if kind is DecisionKind.REMOVE else wrong | next_too
    assert found.value.errors == expected


def test_a_close_date_with_a_slip_in_its_year() -> None:
    view = modals.decide(made.decide_form(), DecisionKind.RE_DATE)
    far = submitted(view, close_on="2999-01-01", reason="Later", next_text="Ask")
    with pytest.raises(Wrong) as wrong:
        checked(DecisionForm, far, today=made.TODAY)
    assert wrong.value.errors == {"close_on": FAR}


def test_what_was_typed_too_long_is_no_obstacle_to_another_choice() -> None:
    typed = {"reason": "x" * 3000, "next_text": "y" * 800}
    view = modals.decide(made.decide_form(), DecisionKind.HOLD, typed=typed)
    assert validate_view(view) == []


def test_a_long_name_stands_in_full_below_the_title() -> None:
    long = replace(made.NEXUS, name="Tern & Söhne Maschinenbau GmbH")
    view = modals.decide(made.decide_form(deal=long))
    assert "Tern & Söhne Maschinenbau GmbH · $180,000" in read(view["blocks"])
    view = answer_modal.answer(replace(form(made.asked()), deal=long))
    assert view["title"]["text"] == "Tern & Söhne… · Proposal"
    assert read(view["blocks"]).startswith("Tern & Söhne Maschinenbau GmbH · $180,000")


# --- answer


def form(*open_: Any, answered: tuple[Any, ...] = ()) -> AnswerForm:
    return AnswerForm(9, made.WEST, made.NEXUS, made.TODAY, made.EVIDENCE, open_, answered)


KEYS = {
    AnswerKind.MONEY: ["k"],
    AnswerKind.CONTACT: ["k", "k.title"],
    AnswerKind.SOURCE: ["k"],
    AnswerKind.MET: ["k", "k.on"],
    AnswerKind.MEETING: ["k", "k.on"],
    AnswerKind.DATE: ["k"],
    AnswerKind.TEXT: ["k"],
}


@pytest.mark.parametrize("kind", AnswerKind)
def test_each_kind_of_answer_has_its_fields(kind: AnswerKind) -> None:
    view = answer_modal.answer(form(made.asked(kind, "k")))
    assert fields(view) == KEYS[kind]
    assert view["title"]["text"] == "Nexus Corp · Proposal"
    assert all(block["optional"] for block in view["blocks"] if block["type"] == "input")
    said = str(view["blocks"])
    assert "rove" in said
    assert "fill" in said or kind is AnswerKind.MONEY


def given(kind: AnswerKind, **values: Any) -> AnswersForm:
    """What is read from the fields of one question of this kind, whose key is k."""
    asked = made.asked(kind, "k")
    view = answer_modal.answer(form(asked))
    named = {name.replace("_", "."): value for name, value in values.items()}
    kind_form = form_for((asked,), (), "USD")
    return checked(kind_form, submitted(view, **named), today=made.TODAY)


@pytest.mark.parametrize(
    ("kind", "values", "answer"),
    [
        (AnswerKind.MONEY, {"k": "12000.5"}, {"minor": 1_200_050, "currency": "USD"}),
        (AnswerKind.CONTACT, {"k": "Dana ", "k_title": "CFO"}, {"name": "Dana", "title": "CFO"}),
        (AnswerKind.SOURCE, {"k": "contact"}, {"source": "contact"}),
        (AnswerKind.MET, {"k": "no"}, {"met": False}),
        (AnswerKind.MET, {"k": "yes", "k_on": "2026-11-20"}, {"met": True, "on": "2026-11-20"}),
        (AnswerKind.MEETING, {"k": "none"}, {"state": "none"}),
        (AnswerKind.MEETING, {"k": "booked", "k_on": "2026-12-04"},
         {"state": "booked", "on": "2026-12-04"}),
        (AnswerKind.DATE, {"k": "2026-12-10"}, {"on": "2026-12-10"}),
        (AnswerKind.TEXT, {"k": " price "}, {"text": "price"}),
    ],
)  # fmt: skip
def test_an_answer_is_read_in_its_shape(
    kind: AnswerKind, values: dict[str, str], answer: dict[str, Any]
) -> None:
    assert given(kind, **values).given() == {11: answer}


@pytest.mark.parametrize("kind", AnswerKind)
def test_nothing_entered_is_nothing_answered(kind: AnswerKind) -> None:
    assert given(kind).given() == {}


@pytest.mark.parametrize(
    ("kind", "values", "errors"),
    [
        (AnswerKind.MONEY, {"k": "0"},
         {"k": "An amount in figures, like 12000: above zero, below a trillion."}),
        (AnswerKind.CONTACT, {"k": "Dana"}, {"k.title": "And what is this person's title?"}),
        (AnswerKind.CONTACT, {"k_title": "CFO"}, {"k": "And the name?"}),
        (AnswerKind.MET, {"k": "yes"}, {"k.on": "On which day?"}),
        (AnswerKind.MET, {"k": "yes", "k_on": "2026-12-01"},
         {"k.on": "That day is still to come."}),
        (AnswerKind.MET, {"k_on": "2026-11-01"}, {"k": "Yes or no?"}),
        (AnswerKind.MEETING, {"k": "booked"}, {"k.on": "For which day?"}),
        (AnswerKind.MEETING, {"k": "held", "k_on": "2026-12-01"},
         {"k.on": "That day is still to come."}),
        (AnswerKind.MEETING, {"k_on": "2026-12-01"}, {"k": "Booked, or held?"}),
        (AnswerKind.MEETING, {"k": "booked", "k_on": "2062-12-01"}, {"k.on": FAR}),
        (AnswerKind.MET, {"k": "yes", "k_on": "1900-01-20"}, {"k.on": FAR}),
        (AnswerKind.DATE, {"k": "2999-01-01"}, {"k": FAR}),
        (AnswerKind.MONEY, {"k": "99999999999999999999"},
         {"k": "An amount in figures, like 12000: above zero, below a trillion."}),
    ],
)  # fmt: skip
def test_what_cannot_be_an_answer_is_said_at_its_field(
    kind: AnswerKind, values: dict[str, str], errors: dict[str, str]
) -> None:
    with pytest.raises(Wrong) as wrong:
        given(kind, **values)
    assert wrong.value.errors == errors


def stale() -> Any:
    return made.asked(
        state=State.STALE, stale=True, value={"text": "price"}, answered_on=date(2026, 11, 4)
    )


def test_what_is_open_comes_first_and_earlier_answers_have_their_tick() -> None:
    meeting = made.asked(AnswerKind.MEETING, "meeting")
    proved = replace(
        made.asked(AnswerKind.CONTACT, "buyer", short="the buyer", question_id=12),
        state=State.PROVED,
        value={"name": "Dana", "title": "CFO"},
        answered_on=date(2026, 11, 20),
        second_hand=True,
    )
    view = answer_modal.answer(form(meeting, answered=(stale(), proved)))
    assert read(view["blocks"]).splitlines()[3:] == [
        "Answered before",
        "The objection · Wed 4 Nov · “price”: ___",
        "The buyer · Fri 20 Nov · Dana, CFO · proved · second-hand",
        "[Change an earlier answer]",
    ]
    assert fields(view) == ["meeting", "meeting.on", "objection.still_true"]
    changing = answer_modal.answer(form(meeting, answered=(stale(), proved)), changing=True)
    assert fields(changing) == [
        "meeting", "meeting.on", "objection.still_true", "objection", "buyer", "buyer.title",
    ]  # fmt: skip
    assert defaults(changing["blocks"])["objection"] == "price"
    shown = form()
    assert AnswerMeta.model_validate_json(changing["private_metadata"]) == AnswerMeta(
        review_deal_id=shown.review_deal_id, stage_id=shown.deal.stage.id, seen={}
    )


def test_a_tick_renews_and_a_repeated_answer_is_none() -> None:
    shown = form(answered=(stale(),))
    kind_form = answer_modal.form_of(shown)
    view = answer_modal.answer(shown, changing=True)
    ticked = checked(
        kind_form, submitted(view, **{"objection.still_true": ["yes"]}), today=made.TODAY
    )
    assert (ticked.given(), ticked.still_true()) == ({}, {11})
    changed = checked(kind_form, submitted(view, objection="time"), today=made.TODAY)
    assert (changed.given(), changed.still_true()) == ({11: {"text": "time"}}, set())


def test_an_answer_that_only_fills_is_shown_again() -> None:
    filled = made.asked(state=State.FILLED, value={"text": "none"}, answered_on=date(2026, 11, 20))
    view = answer_modal.answer(form(filled))
    block = view["blocks"][1]
    assert block["element"]["initial_value"] == "none"
    assert block["hint"]["text"].startswith("Answered Fri 20 Nov; that only fills.")


def test_where_all_is_proved_nothing_can_be_submitted() -> None:
    proved = made.asked(state=State.PROVED, value={"text": "price"}, answered_on=date(2026, 11, 20))
    view = answer_modal.answer(form(answered=(proved,)))
    assert "submit" not in view
    assert view["close"]["text"] == "Close"
    assert view["blocks"][-1]["elements"][0]["action_id"] == Id.CHANGE_ANSWERS


def test_what_the_rules_find_stands_at_its_field_too() -> None:
    contact = made.asked(AnswerKind.CONTACT, "buyer")
    assert fault_at([contact], 11, Fault.NO_TITLE).errors == {
        "buyer.title": "And what is this person's title?"
    }
    assert fault_at([contact], 11, Fault.TOO_LONG).errors == {"buyer": "Shorter, please."}


# --- history


def test_a_deal_without_history() -> None:
    view = modals.history(HistoryScreen(made.WEST, made.NEXUS, (), ()))
    assert read(view["blocks"]).startswith("Nothing has changed since the first import")
