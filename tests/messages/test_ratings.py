"""What is said about a rating and a profile, word for word; and what a notification never says."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.ids import Id
from handlers.motivation import modals as motivation
from handlers.ratings import forms, messages
from models.motivation import MovedBy, ProfileInput
from models.screens import (
    CommentSent,
    CommentShown,
    Drives,
    GivenShown,
    ProfileForm,
    RatingAsked,
)
from tests.messages import rating_strategies as any_
from tests.messages.made import ANA, MAX
from tests.reading import read

TEN = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)  # Tuesday, 10:00 in New York
ASKED = RatingAsked(
    one_on_one_id=9,
    coach=MAX,
    starts_at=TEN,
    zone="America/New_York",
    change_hours=24,
    given=None,
    comment=None,
    until=TEN + timedelta(days=1, minutes=45),
    is_open=True,
    is_off=False,
)
FOUR = replace(ASKED, given=GivenShown(4))
SAID = "The role-play helped"


def said(shown: RatingAsked) -> str:
    return read(messages.asked(shown).blocks)


def test_the_question() -> None:
    assert said(ASKED) == (
        "Your one-on-one with @Max, Tue 24 Nov, 10:00. Did it happen? How useful was it?\n"
        "[1 😞] [2 🙁] [3 😐] [4 🙂] [5 🤩] [It did not happen]\n"
        "Counted monthly, never shown one by one. You can change it for 24 hours."
    )


def test_six_buttons_with_ids_of_their_own_and_the_session() -> None:
    pressed = messages.buttons(9)["elements"]
    assert [(each["action_id"], each["value"]) for each in pressed] == [
        (action, "9")
        for action in (
            "rating.give_1",
            "rating.give_2",
            "rating.give_3",
            "rating.give_4",
            "rating.give_5",
            "rating.did_not_happen",
        )
    ]
    assert list(messages.BUTTONS.values()) == [1, 2, 3, 4, 5, None]


def test_after_the_click() -> None:
    assert said(FOUR) == (
        "You gave 4 🙂: your one-on-one with @Max, Tue 24 Nov, 10:00\n"
        "[Change] [Add a comment]\n"
        "You can change it until Wed 25 Nov, 10:45. Counted monthly, never shown one by one."
    )
    assert said(replace(FOUR, given=GivenShown(None))).startswith(
        "You said it did not happen: your one-on-one with @Max"
    )


@pytest.mark.parametrize(
    ("sent", "line"),
    [
        (False, "Your comment, for you alone: “The role-play helped”"),
        (True, "Sent to @Max with your name: “The role-play helped”"),
    ],
)
def test_with_a_comment(sent: bool, line: str) -> None:
    shown = said(replace(FOUR, comment=CommentShown(SAID, sent)))
    assert shown.split("\n")[1:3] == [line, "[Change] [Edit the comment]"]


def test_when_it_can_no_longer_be_changed() -> None:
    assert said(replace(FOUR, is_open=False)).split("\n")[1:] == [
        "[Add a comment]",
        "Counted monthly, never shown one by one.",
    ]


def test_when_there_is_nothing_to_rate_any_more() -> None:
    assert said(replace(ASKED, is_off=True)) == (
        "Your one-on-one with @Max, Tue 24 Nov, 10:00 was cancelled or moved:"
        " there is nothing to rate."
    )


def test_a_comment_to_the_coach() -> None:
    sent = CommentSent(ANA, TEN, "America/New_York", SAID)
    assert read(messages.comment_sent(sent).blocks) == (
        "@Ana about your one-on-one, Tue 24 Nov, 10:00: “The role-play helped”"
    )
    assert read(messages.comment_sent(replace(sent, text=None)).blocks) == (
        "@Ana took back a comment about your one-on-one, Tue 24 Nov, 10:00."
    )


@given(any_.asked)
def test_a_notification_says_nothing_of_what_was_given(shown: RatingAsked) -> None:
    assert messages.asked(shown).text in {
        "Your one-on-one: did it happen? How useful was it?",
        "You answered how your one-on-one was.",
        "Your one-on-one was cancelled or moved.",
    }


@given(any_.comment_sent)
def test_nor_of_what_was_written(shown: CommentSent) -> None:
    assert messages.comment_sent(shown).text in {
        "A comment about a one-on-one came in.",
        "A comment about a one-on-one was taken back.",
    }


def field(view: dict[str, Any], name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(
        block["element"] for block in view["blocks"] if block.get("block_id") == name
    )
    return found


@pytest.mark.parametrize(("pressed", "score"), messages.BUTTONS.items())
def test_changing_starts_from_what_was_given(pressed: Id, score: int | None) -> None:
    chosen = field(forms.change(replace(FOUR, given=GivenShown(score))), "given")
    assert chosen["initial_option"] in chosen["options"]
    assert chosen["initial_option"]["value"] == str(pressed)
    read_back = {
        "state": {
            "values": {"given": {"form.field": {"selected_option": chosen["initial_option"]}}}
        }
    }
    assert forms.RatingForm.read(read_back, today=TEN.date()).score == score


def test_sending_is_not_ticked_but_where_it_was_before() -> None:
    assert "initial_options" not in field(forms.comment(FOUR), "sending")
    kept = replace(FOUR, comment=CommentShown(SAID, sent=False))
    assert "initial_options" not in field(forms.comment(kept), "sending")
    sent = replace(FOUR, comment=CommentShown(SAID, sent=True))
    assert "initial_options" in field(forms.comment(sent), "sending")
    assert "Send to Max, with my name" in str(forms.comment(FOUR))


@given(st.booleans())
def test_sharing_is_ticked_only_where_that_coach_sees_it(shared: bool) -> None:
    view = motivation.profile(ProfileForm(MAX, ProfileInput(), shared))
    assert ("initial_options" in field(view, "sharing")) is shared
    assert "Max may see it" in str(view)


def test_what_the_coach_reads_holds_no_pronoun_and_nothing_left_out() -> None:
    parts = ProfileInput(goal="A house by the sea", moved_by=MovedBy.BOTH)
    view = motivation.drives(Drives(ANA, parts, TEN, "America/New_York"))
    assert view["title"]["text"] == "What drives Ana"
    assert "submit" not in view
    assert read(view["blocks"]) == (
        "The big, audacious goal\nA house by the sea\n"
        "Moved more by\nBoth alike\n"
        "Written Tue 24 Nov, 10:00. Between @Ana and you."
    )
