"""Coaching in words: what both sides get, what the modals ask, how a message is quoted."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from handlers.coaching import messages, modals
from handlers.coaching.forms import LogForm
from handlers.coaching.modals import LogMeta, SubjectMeta
from handlers.coaching.quoting import author_of, words_of
from handlers.coaching.refusals import NotQuotable
from handlers.forms import Wrong, checked
from models.coaching import CoachingKind, How
from models.screens import (
    CoachingAnswered,
    CoachingTrail,
    DisputedShown,
    DisputeScreen,
    EditScreen,
    VersionShown,
    WithdrawnShown,
)
from tests.coaching import GIVEN
from tests.messages.made import ANA, ENTRY, MAX, TEN, TODAY, coaching, log_screen
from tests.reading import read

RIGHT = CoachingAnswered(True, None, TEN)
NOT_SO = CoachingAnswered(False, "It was Orbit", TEN)
SAID = (
    "“Let silence work after naming the price”\n"
    "Next: “Two calls without filling the pause” by Fri 27 Nov\n"
)
DETAILS = "Tue 24 Nov · call review · role-play · 30 minutes · Nexus Corp"
URL = "https://north.slack.com/archives/C0WEST/p1"


def said(blocks: list[dict[str, Any]]) -> str:
    return read(blocks).replace("\u00a0", " ")


# --- to who was coached


def test_what_the_coached_person_gets() -> None:
    shown = messages.person(coaching())
    assert said(shown.blocks) == (
        f"@Max logged coaching with you: negotiation\n{SAID}{DETAILS}\n"
        "[That's right] [I see it differently]\n@Max sees which one you press."
    )
    assert shown.text == "<@U0MAX> logged coaching with you"


def test_a_quoted_message_stands_there_with_its_link() -> None:
    shown = messages.person(coaching(quote="Our price is fixed", quote_url=URL))
    quote = next(
        part
        for block in shown.blocks
        for part in block["elements"]
        if part["type"] == "rich_text_quote"
    )
    assert quote["elements"][0] == {"type": "text", "text": "Our price is fixed"}
    assert quote["elements"][-1] == {"type": "link", "url": URL, "text": "see the message"}


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (RIGHT, "You said: that's right · Wed 25 Nov, 10:00\n[I see it differently]"),
        (
            NOT_SO,
            "You said: I see it differently: “It was Orbit” · Wed 25 Nov, 10:00\n"
            "[That's right] [Change what I said]",
        ),
        (
            CoachingAnswered(False, None, TEN),
            "You said: I see it differently · Wed 25 Nov, 10:00\n"
            "[That's right] [Change what I said]",
        ),
    ],
)
def test_what_was_answered_stands_there_and_can_be_changed(
    answer: CoachingAnswered, expected: str
) -> None:
    assert expected in said(messages.person(coaching(answer=answer)).blocks)


def test_an_edit_is_said_and_asked_about_anew() -> None:
    shown = said(messages.person(coaching(is_edited=True)).blocks)
    assert f"{DETAILS} · edited on Wed 25 Nov, 10:00" in shown
    assert "[That's right] [I see it differently]" in shown


def test_lateness_is_said_to_the_coach_alone() -> None:
    late = coaching(entry=replace(ENTRY, is_late=True))
    assert "outside the metrics" not in said(messages.person(late).blocks)
    assert f"{DETAILS} · logged late: kept, outside the metrics" in said(
        messages.coach(late).blocks
    )


@pytest.mark.parametrize(
    ("render", "who", "whom", "more"),
    [(messages.person, "@Max", "you", ""), (messages.coach, "You", "@Ana", "\n⋯(Trail)")],
)
def test_a_withdrawn_log_says_so_and_leaves_only_its_trail(
    render: Any, who: str, whom: str, more: str
) -> None:
    gone = coaching(withdrawn=WithdrawnShown(TEN, "Wrong person"), answer=RIGHT)
    assert said(render(gone).blocks) == (
        f"{who} withdrew the coaching log with {whom} on negotiation, Tue 24 Nov:"
        f" “Wrong person” · Wed 25 Nov, 10:00{more}"
    )


@pytest.mark.parametrize(
    "shown",
    [coaching(), coaching(answer=NOT_SO), coaching(quote="Our price", quote_url=URL)],
)
def test_notifications_say_nothing_of_what_was_coached(shown: Any) -> None:
    disputed = DisputedShown(shown, NOT_SO, is_current=True)
    for text in (
        messages.person(shown).text,
        messages.coach(shown).text,
        messages.disputed(disputed).text,
    ):
        for private in ("negotiation", "silence", "pause", "Nexus", "Orbit", "price"):
            assert private not in text


# --- to the coach


def test_the_coachs_own_copy() -> None:
    shown = messages.coach(coaching(answer=NOT_SO))
    assert said(shown.blocks) == (
        "Coaching logged with @Ana: *negotiation* ⋯(Edit, Withdraw, Trail)\n"
        f"{SAID}{DETAILS}\n"
        "@Ana: I see it differently: “It was Orbit” · Wed 25 Nov, 10:00"
    )
    assert shown.text == "Coaching logged with <@U0ANA>"


@pytest.mark.parametrize(
    ("changes", "is_current", "rest"),
    [
        ({}, True, "⋯(Edit, Withdraw, Trail)"),
        ({"of_one_on_one": True}, True, "⋯(Edit, Trail)"),
        ({"is_edited": True}, False, "You have edited it since."),
        ({"withdrawn": WithdrawnShown(TEN, "x")}, True, "You have withdrawn it since."),
    ],
)
def test_what_the_coach_hears_of_a_different_view(
    changes: dict[str, Any], is_current: bool, rest: str
) -> None:
    shown = messages.disputed(DisputedShown(coaching(**changes), NOT_SO, is_current))
    assert said(shown.blocks) == (
        "About your coaching log on negotiation, Tue 24 Nov:\n"
        f"@Ana: I see it differently: “It was Orbit” · Wed 25 Nov, 10:00\n{rest}"
    )


# --- the modals


def fields(view: dict[str, Any]) -> dict[str, Any]:
    """What each input holds at the start, in their order."""
    found = {}
    for block in view["blocks"]:
        if block["type"] == "input":
            element = block["element"]
            chosen = element.get("initial_option")
            found[block["block_id"]] = (
                chosen["value"]
                if chosen
                else next(
                    (value for key, value in element.items() if key.startswith("initial_")), None
                )
            )
    return found


def test_the_log_asks_in_this_order_and_is_prefilled_below() -> None:
    view = modals.log(log_screen(), LogMeta())
    assert fields(view) == {
        "person": "1",
        "focus": None,
        "feedback": None,
        "next_step": None,
        "next_on": "2026-12-02",
        "held_on": "2026-11-25",
        "kind": "skill_session",
        "how": "questions",
        "minutes": "30",
        "deal": None,
    }
    assert list(fields(view)) == [
        "person", "focus", "feedback", "next_step", "next_on", "held_on", "kind", "how", "minutes",
        "deal",
    ]  # fmt: skip
    assert (view["title"]["text"], view["submit"]["text"]) == ("Log coaching", "Log")
    hints = {b["block_id"]: b["hint"]["text"] for b in view["blocks"] if "hint" in b}
    assert hints["feedback"] == ("What you saw, what to do differently; 15 characters at least.")


def test_only_the_deal_may_be_left_out() -> None:
    view = modals.log(log_screen(), LogMeta())
    assert [b["block_id"] for b in view["blocks"] if b.get("optional")] == ["deal"]
    without = modals.log(log_screen(deals=()), LogMeta())
    assert "deal" not in fields(without)


def test_who_is_asked_of_is_who_is_coached_and_where_to_choose_from() -> None:
    view = modals.log(log_screen(), LogMeta())
    options = {
        b["block_id"]: [o["text"]["text"] for o in b["element"]["options"]]
        for b in view["blocks"]
        if b["type"] == "input" and "options" in b["element"]
    }
    assert options["person"] == ["Ana", "Ben"]
    assert options["focus"] == ["Negotiation", "Closing"]
    assert options["kind"] == [
        "One-on-one", "Call review", "Skill session", "Huddle", "Coverage conversation"
    ]  # fmt: skip
    assert options["how"] == ["Questions", "Role-play", "Joint call", "Demonstration", "Advice"]
    assert options["deal"] == ["Nexus Corp", "Orbit"]


def test_a_deal_and_a_message_are_there_from_the_start() -> None:
    about = modals.log(log_screen(deal_id=7), LogMeta(deal_id=7))
    assert (fields(about)["deal"], fields(about)["kind"]) == ("7", "call_review")
    quoting = modals.log(log_screen(), LogMeta(quote="Our price is fixed", quote_url=URL))
    assert quoting["blocks"][0]["elements"][0]["type"] == "rich_text_quote"


def test_redrawn_it_keeps_what_was_typed_and_drops_what_is_no_choice_any_more() -> None:
    typed = {"feedback": "Half a thought", "next_on": "2026-11-30", "focus": "gone", "deal": "8"}
    view = modals.log(log_screen(person=ANA, deals=()), LogMeta(), typed)
    found = fields(view)
    assert (found["feedback"], found["next_on"]) == ("Half a thought", "2026-11-30")
    assert found["focus"] is None
    assert "deal" not in found


def test_an_edit_begins_with_what_the_log_says() -> None:
    view = modals.edit(EditScreen(log_screen(), GIVEN), SubjectMeta(subject=31))
    assert fields(view) == {
        "focus": "negotiation",
        "feedback": "Let silence work after naming the price",
        "next_step": "Two calls without filling the pause",
        "next_on": "2026-11-27",
        "held_on": "2026-11-24",
        "kind": "call_review",
        "how": "role_play",
        "minutes": "30",
        "deal": None,
    }


def test_who_disputes_is_told_who_reads_it() -> None:
    view = modals.dispute(DisputeScreen(MAX, TODAY, ENTRY, NOT_SO))
    assert said(view["blocks"]).splitlines() == [
        "negotiation: “Let silence work after naming the price”",
        "Next: “Two calls without filling the pause” by Fri 27 Nov",
        "How you see it: ___",
        "@Max gets it by name. You may leave it empty.",
    ]
    assert fields(view) == {"text": "It was Orbit"}


def test_what_was_changed_meanwhile_is_read_anew() -> None:
    shown = DisputeScreen(MAX, TODAY, ENTRY, None)
    view = modals.dispute(shown, changed=True, typed="It was on Friday")
    assert said(view["blocks"]).startswith("@Max has just changed it. Now it reads:\nnegotiation:")
    assert fields(view) == {"text": "It was on Friday"}
    assert SubjectMeta.model_validate_json(view["private_metadata"]).subject == ENTRY.id


def test_what_somebody_typed_is_no_markup_in_the_trail() -> None:
    """Slack would make a link of the address, and bold words of the others."""
    typed = "<http://evil.example|x> http://evil.example *bold* _it_ :tada:"
    odd = replace(NOT_SO, text=typed)
    entry = replace(ENTRY, deal=typed)
    trail = CoachingTrail(ANA, "America/New_York", TODAY, (VersionShown(entry, (odd,)),), None)
    blocks = modals.trail(trail)["blocks"]
    small = [each for block in blocks if block["type"] == "context" for each in block["elements"]]
    assert {(each["type"], each["emoji"]) for each in small} == {("plain_text", False)}
    assert typed in said(blocks[-1:])


def test_a_withdrawal_says_who_sees_it() -> None:
    view = modals.withdraw(EditScreen(log_screen(people=(ANA,)), GIVEN), SubjectMeta(subject=31))
    assert said(view["blocks"]) == (
        "It counts no more. @Ana sees that it was withdrawn, and why.\nWhy: ___"
    )


def test_the_trail_shows_every_version_the_newest_first() -> None:
    first = replace(ENTRY, id=40, minutes=20)
    trail = CoachingTrail(
        person=ANA,
        zone="America/New_York",
        today=TODAY,
        versions=(VersionShown(first, (NOT_SO, RIGHT)), VersionShown(ENTRY, ())),
        withdrawn=WithdrawnShown(TEN, "Wrong person"),
    )
    found = said(modals.trail(trail)["blocks"]).splitlines()
    assert found[0] == "Withdrawn, Wed 25 Nov, 10:00: “Wrong person”"
    assert found[1] == "Edited, Wed 25 Nov, 10:00"
    assert "30 minutes" in found[4]
    assert found[5] == "Logged, Wed 25 Nov, 10:00"
    assert found[-2:] == [
        "@Ana: I see it differently: “It was Orbit” · Wed 25 Nov, 10:00",
        "@Ana: that's right · Wed 25 Nov, 10:00",
    ]


# --- what is entered


def view_with(**values: Any) -> dict[str, Any]:
    entered: dict[str, Any] = {
        "person": {"selected_option": {"value": "1"}},
        "focus": {"selected_option": {"value": "negotiation"}},
        "feedback": {"value": "Let silence work after naming the price"},
        "next_step": {"value": "Two calls"},
        "next_on": {"selected_date": "2026-11-27"},
        "held_on": {"selected_date": "2026-11-24"},
        "kind": {"selected_option": {"value": "huddle"}},
        "how": {"selected_option": {"value": "advice"}},
        "minutes": {"value": "7"},
        "deal": {"selected_option": None},
    }
    entered |= values
    return {"state": {"values": {name: {"form.field": v} for name, v in entered.items()}}}


def test_what_is_entered_is_read() -> None:
    form = checked(LogForm, view_with(), today=TODAY)
    given = form.given()
    assert form.person == 1
    assert (given.focus, given.next_on, given.minutes) == ("negotiation", date(2026, 11, 27), 7)
    assert (given.kind, given.how, given.deal_id) == (CoachingKind.HUDDLE, How.ADVICE, None)


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("next_on", {"selected_date": None}, "This is needed."),
        ("next_step", {"value": "   "}, "This is needed."),
        ("feedback", {"value": None}, "This is needed."),
        ("person", {"selected_option": None}, "This is needed."),
        ("minutes", {"value": "thirty"}, "Whole minutes, please, like 30."),
        ("minutes", {"value": "7.5"}, "Whole minutes, please, like 30."),
        ("kind", {"selected_option": {"value": "chat"}}, "Choose one of these."),
    ],
)
def test_what_is_missing_or_no_value_is_said_at_its_field(
    name: str, value: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(Wrong) as wrong:
        checked(LogForm, view_with(**{name: value}), today=TODAY)
    assert wrong.value.errors == {name: sentence}


# --- quoting


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The price is &lt;fixed&gt; &amp; final", "The price is <fixed> & final"),
        ("Ask <@U0BEN> and <@U0WHO>, or <@U0X|eve>", "Ask @Ben and @somebody, or @eve"),
        (
            "<!channel> <!here|here> in <#C0WEST|west> and <#C1>",
            "@channel here in #west and #channel",
        ),
        ("See <https://x.example|the deck> <https://y.example>", "See the deck https://y.example"),
        ("&amp;lt;!channel&amp;gt;", "&lt;!channel&gt;"),
        ("two\n\nlines", "two lines"),
        ("x" * 900, "x" * 799 + "…"),
    ],
)
def test_a_message_is_quoted_as_plain_words(text: str, expected: str) -> None:
    assert words_of(text, {"U0BEN": "Ben"}.get) == expected


@pytest.mark.parametrize(
    "message",
    [
        {"user": "U0ANA", "text": ""},
        {"user": "U0ANA", "text": "  \n"},
        {"user": "U0ANA"},
        {"bot_id": "B1", "user": "U0BOT", "text": "Card"},
        {"text": "Somebody joined"},
    ],
)
def test_only_what_a_person_wrote_is_quoted(message: dict[str, Any]) -> None:
    with pytest.raises(NotQuotable):
        author_of(message)
    assert author_of({"user": "U0ANA", "text": "Hi"}) == "U0ANA"


def test_help_names_every_way_to_log() -> None:
    from handlers.coaching.help import command_help

    shown = said(command_help("foo").blocks)
    assert shown.startswith("“foo” is no word of this command.")
    assert "/log-coaching" in shown
