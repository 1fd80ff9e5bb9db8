"""What people enter becomes view.state.values, an action, or a sentence at the field."""

from typing import Any

import pytest

from sandbox.blocks import with_ids
from sandbox.values import (
    KINDS,
    REQUIRED,
    BadValue,
    Malformed,
    action,
    by_key,
    defaults,
    state,
    unknown,
)
from tests.sandbox_rules.payloads import (
    actions,
    button,
    confirm,
    context,
    element,
    header,
    input_block,
    option,
    options,
    plain,
    rich_text,
    section,
    select,
)

FIRST, SECOND = options(2)
GROUPED = {
    "type": "static_select",
    "option_groups": [
        {"label": plain(), "options": [FIRST]},
        {"label": plain(), "options": [SECOND]},
    ],
}

FILE = {"id": "F1", "name": "Deals.csv", "size": 10_000_000}

ENTERED: list[tuple[dict[str, Any], Any, dict[str, Any]]] = [
    (element("plain_text_input"), "Text & <more>", {"value": "Text & <more>"}),
    (element("plain_text_input"), "", {"value": None}),
    (element("email_text_input"), " max@northwind.test ", {"value": "max@northwind.test"}),
    (element("url_text_input"), "https://a.test/?q=1", {"value": "https://a.test/?q=1"}),
    (element("number_input"), "12", {"value": "12"}),
    (element("number_input"), 12, {"value": "12"}),
    (element("number_input", is_decimal_allowed=True), 1.5, {"value": "1.5"}),
    (element("datepicker"), "2026-11-25", {"selected_date": "2026-11-25"}),
    (element("timepicker"), "09:30", {"selected_time": "09:30"}),
    (element("datetimepicker"), 1_720_710_212, {"selected_date_time": 1_720_710_212}),
    (select(), "v1", {"selected_option": SECOND}),
    (GROUPED, "v1", {"selected_option": SECOND}),
    (select("radio_buttons"), "v0", {"selected_option": FIRST}),
    (select("multi_static_select"), ["v1", "v0"], {"selected_options": [SECOND, FIRST]}),
    (select("checkboxes"), ["v0"], {"selected_options": [FIRST]}),
    (element("external_select"), option("x"), {"selected_option": option("x")}),
    (element("multi_external_select"), [option("x")], {"selected_options": [option("x")]}),
    (element("users_select"), "U0MAX", {"selected_user": "U0MAX"}),
    (element("conversations_select"), "D0MAX", {"selected_conversation": "D0MAX"}),
    (element("channels_select"), "C0WEST", {"selected_channel": "C0WEST"}),
    (element("multi_users_select"), ["U0MAX"], {"selected_users": ["U0MAX"]}),
    (element("multi_conversations_select"), ["D0MAX"], {"selected_conversations": ["D0MAX"]}),
    (element("multi_channels_select"), ["C0WEST"], {"selected_channels": ["C0WEST"]}),
    (element("rich_text_input"), "Text", {"rich_text_value": rich_text()}),
    (element("rich_text_input"), rich_text(), {"rich_text_value": rich_text()}),
    (element("file_input", filetypes=[".CSV"]), [FILE], {"files": [FILE]}),
]
"""An element, what was entered, how Slack tells it."""

EMPTY: dict[str, Any] = {
    **dict.fromkeys(KINDS),
    **{type_: [] for type_ in KINDS if type_.startswith("multi_")},
    **{type_: [] for type_ in ("checkboxes", "file_input")},
}


def asked(inside: dict[str, Any], **keys: Any) -> list[dict[str, Any]]:
    return [input_block({**inside, "action_id": "act"}, block_id="blk", **keys)]


def entry(inside: dict[str, Any], value: Any) -> tuple[dict[str, Any], str | None]:
    """The element's entry in the state, and the sentence at its block."""
    held, errors = state(asked(inside), {"blk": value})
    return held["blk"]["act"], errors.get("blk")


@pytest.mark.parametrize(("inside", "value", "told"), ENTERED)
def test_a_value_in_the_state(inside: dict[str, Any], value: Any, told: dict[str, Any]) -> None:
    empty = value == ""
    assert entry(inside, value) == ({"type": inside["type"], **told}, REQUIRED if empty else None)


@pytest.mark.parametrize("type_", KINDS)
def test_nothing_in_the_state(type_: str) -> None:
    kind = KINDS[type_]
    for values in ({}, {"blk": None}):
        held, errors = state(asked(element(type_), optional=True), values)
        assert held == {"blk": {"act": {"type": type_, kind.slot: EMPTY[type_]}}}
        assert errors == {}
        assert state(asked(element(type_)), values)[1] == {"blk": REQUIRED}


INITIAL: list[tuple[dict[str, Any], Any, dict[str, Any]]] = [
    (element("plain_text_input", initial_value="Text"), "Text", {"value": "Text"}),
    (element("number_input", initial_value="5"), "5", {"value": "5"}),
    (element("datepicker", initial_date="2026-11-25"), "2026-11-25",
     {"selected_date": "2026-11-25"}),
    (element("timepicker", initial_time="09:30"), "09:30", {"selected_time": "09:30"}),
    (element("datetimepicker", initial_date_time=5), 5, {"selected_date_time": 5}),
    (select(initial_option=SECOND), "v1", {"selected_option": SECOND}),
    (select("checkboxes", initial_options=[SECOND]), ["v1"], {"selected_options": [SECOND]}),
    (element("external_select", initial_option=FIRST), FIRST, {"selected_option": FIRST}),
    (element("users_select", initial_user="U0MAX"), "U0MAX", {"selected_user": "U0MAX"}),
    (element("multi_channels_select", initial_channels=["C0WEST"]), ["C0WEST"],
     {"selected_channels": ["C0WEST"]}),
    (element("rich_text_input", initial_value=rich_text()), rich_text(),
     {"rich_text_value": rich_text()}),
]  # fmt: skip


@pytest.mark.parametrize(("inside", "value", "told"), INITIAL)
def test_what_a_field_holds_at_first(
    inside: dict[str, Any], value: Any, told: dict[str, Any]
) -> None:
    blocks = asked(inside)
    assert defaults(blocks) == {"blk": value}
    assert state(blocks, {}) == ({"blk": {"act": {"type": inside["type"], **told}}}, {})
    assert state(blocks, defaults(blocks)) == state(blocks, {})
    kind = KINDS[inside["type"]]
    assert state(blocks, {"blk": None})[0]["blk"]["act"][kind.slot] == kind.empty()


WRONG: list[tuple[dict[str, Any], Any, str]] = [
    (element("plain_text_input", min_length=3), "ab", "Please enter at least 3 characters."),
    (element("plain_text_input", max_length=1), "ab", "Please enter no more than 1 character."),
    (element("plain_text_input"), "x" * 3001, "Please enter no more than 3000 characters."),
    (element("email_text_input"), "max", "Please enter a valid email address."),
    (element("email_text_input"), "max@northwind", "Please enter a valid email address."),
    (element("email_text_input"), "a b@c.test", "Please enter a valid email address."),
    (element("url_text_input"), "northwind.test", "Please enter a valid URL."),
    (element("url_text_input"), "https://", "Please enter a valid URL."),
    (element("number_input"), "twelve", "Please enter a valid number."),
    (element("number_input"), "1_0", "Please enter a valid number."),
    (element("number_input"), "NaN", "Please enter a valid number."),
    (element("number_input"), "1.5", "Please enter a whole number."),
    (element("number_input", min_value="2"), "1", "Please enter a number that is 2 or more."),
    (element("number_input", max_value="2"), "3", "Please enter a number that is 2 or less."),
    (element("datepicker"), "25.11.2026", "Please enter a valid date."),
    (element("datepicker"), "2026-02-30", "Please enter a valid date."),
    (element("datepicker"), "2026-W01-1", "Please enter a valid date."),
    (element("timepicker"), "24:00", "Please enter a valid time."),
    (element("datetimepicker"), -1, "Please enter a valid date and time."),
    (
        element("multi_users_select", max_selected_items=1),
        ["U0MAX", "U0EVA"],
        "Please choose no more than 1.",
    ),
]


@pytest.mark.parametrize(("inside", "value", "sentence"), WRONG)
def test_a_wrong_value_is_said_at_its_field(
    inside: dict[str, Any], value: Any, sentence: str
) -> None:
    told, error = entry(inside, value)
    assert error == sentence
    assert told[KINDS[inside["type"]].slot] == value


EDGES: list[tuple[dict[str, Any], Any]] = [
    (element("plain_text_input", min_length=3, max_length=3), "abc"),
    (element("plain_text_input"), "x" * 3000),
    (element("number_input", min_value="-2", max_value="2"), "-2"),
    (element("number_input", min_value="-2", max_value="2"), "2"),
    (element("number_input", is_decimal_allowed=True, max_value="0.3"), "0.3"),
    (element("number_input"), "2.0"),
    (element("multi_users_select", max_selected_items=1), ["U0MAX"]),
    (element("datepicker"), "2028-02-29"),
    (element("timepicker"), "00:00"),
    (element("timepicker"), "23:59"),
]


@pytest.mark.parametrize(("inside", "value"), EDGES)
def test_a_value_at_its_limit_is_taken(inside: dict[str, Any], value: Any) -> None:
    assert entry(inside, value)[1] is None


IMPOSSIBLE: list[tuple[dict[str, Any], Any]] = [
    (element("plain_text_input"), 5),
    (element("plain_text_input"), ["a"]),
    (element("number_input"), True),
    (element("datetimepicker"), "1720710212"),
    (element("datetimepicker"), True),
    (select(), "v2"),
    (select(), ["v0"]),
    (select(), {"value": "v0"}),
    (select("checkboxes"), "v0"),
    (select("checkboxes"), ["v0", "v2"]),
    (element("users_select"), "max"),
    (element("users_select"), ["U0MAX"]),
    (element("multi_users_select"), "U0MAX"),
    (element("external_select"), "x"),
    (element("rich_text_input"), 5),
]


@pytest.mark.parametrize(("inside", "value"), IMPOSSIBLE)
def test_what_nobody_can_enter_is_no_value(inside: dict[str, Any], value: Any) -> None:
    with pytest.raises(BadValue, match=r"^blk: "):
        state(asked(inside), {"blk": value})
    with pytest.raises(BadValue):
        action({**inside, "action_id": "act"}, "blk", value, "1.000000")


def test_elements_in_sections_and_actions_are_in_the_state_too() -> None:
    blocks = [
        header(),
        section(accessory=select(action_id="a"), block_id="s"),
        actions(
            select("checkboxes", action_id="b", initial_options=[FIRST]),
            element("datepicker", action_id="c"),
            button(action_id="d"),
            select("overflow", action_id="e"),
            block_id="t",
        ),
        context(plain()),
    ]
    assert defaults(blocks) == {"s/a": None, "t/b": ["v0"], "t/c": None}
    held, errors = state(blocks, {"s/a": "v1"})
    assert errors == {}
    assert held == {
        "s": {"a": {"type": "static_select", "selected_option": SECOND}},
        "t": {
            "b": {"type": "checkboxes", "selected_options": [FIRST]},
            "c": {"type": "datepicker", "selected_date": None},
        },
    }


def test_an_input_goes_by_its_block_id_or_both_ids() -> None:
    blocks = asked(element("plain_text_input"))
    assert state(blocks, {"blk": "a"}) == state(blocks, {"blk/act": "a"})
    assert unknown(blocks, {"blk": "a", "blk/act": "a", "other": "a"}) == ["other"]


def test_each_field_has_one_key_under_which_its_last_value_is_kept() -> None:
    blocks = [*asked(element("plain_text_input")), section(accessory=select(action_id="a"))]
    filled = with_ids(blocks, lambda: "new")
    given = {"blk": "old", "blk/act": "new", "new/a": "v1", "other": "x"}
    assert by_key(filled, given) == {"blk": "new", "new/a": "v1"}


def test_unknown_keys_are_no_fields() -> None:
    blocks = [*asked(element("plain_text_input")), section(accessory=select(action_id="a"))]
    filled = with_ids(blocks, lambda: "new")
    assert unknown(filled, {"new": 1, "new/a": 1, "blk/other": 1}) == ["new", "blk/other"]


def test_only_blocks_marked_optional_may_stay_empty() -> None:
    blocks = [
        input_block({**element("plain_text_input"), "action_id": "a"}, block_id="x"),
        input_block({**element("plain_text_input"), "action_id": "a"}, block_id="y", optional=True),
    ]
    assert state(blocks, {})[1] == {"x": REQUIRED}


CHOSEN: list[tuple[dict[str, Any], Any, dict[str, Any]]] = [
    (
        button(value="v", style="danger", url="https://a.test", confirm=confirm()),
        None,
        {
            "text": plain("Press"),
            "value": "v",
            "style": "danger",
            "url": "https://a.test",
            "confirm": confirm(),
        },
    ),
    (button(), None, {"text": plain("Press")}),
    (select("overflow"), "v1", {"selected_option": SECOND}),
    (
        select(placeholder=plain("Choose"), initial_option=FIRST),
        "v1",
        {"selected_option": SECOND, "initial_option": FIRST, "placeholder": plain("Choose")},
    ),
    (select(), None, {"selected_option": None}),
    (select("checkboxes"), [], {"selected_options": []}),
    (select("checkboxes"), None, {"selected_options": []}),
    (
        element("users_select", initial_user="U0EVA"),
        "U0MAX",
        {"selected_user": "U0MAX", "initial_user": "U0EVA"},
    ),
    (
        element("timepicker", timezone="Europe/Berlin"),
        "09:30",
        {"selected_time": "09:30", "timezone": "Europe/Berlin"},
    ),
    (element("datetimepicker"), 5, {"selected_date_time": 5}),
    (element("plain_text_input"), "Text", {"value": "Text"}),
    (element("number_input", initial_value="1"), "2", {"value": "2", "initial_value": "1"}),
    (element("feedback_buttons"), "bad", {"text": plain("Bad"), "value": "bad"}),
    (
        element("icon_button", value="it"),
        None,
        {"text": plain("Delete"), "value": "it"},
    ),
]


@pytest.mark.parametrize(("used", "value", "told"), CHOSEN)
def test_an_entry_of_actions(used: dict[str, Any], value: Any, told: dict[str, Any]) -> None:
    assert action({**used, "action_id": "act"}, "blk", value, "1720710212.000100") == {
        "type": used["type"],
        "action_id": "act",
        "block_id": "blk",
        "action_ts": "1720710212.000100",
        **told,
    }


def test_a_chosen_option_is_handed_back_whole() -> None:
    chosen = {**option("a"), "description": plain("More")}
    inside = {"type": "radio_buttons", "options": [chosen]}
    assert entry(inside, "a")[0]["selected_option"] == chosen
    assert action({**inside, "action_id": "a"}, "b", "a", "1.0")["selected_option"] == chosen


def test_a_dispatching_input_says_what_is_wrong() -> None:
    number = element("number_input", action_id="a")
    with pytest.raises(Malformed, match="valid number"):
        action(number, "b", "twelve", "1.000000")


@pytest.mark.parametrize("used", [select("overflow"), element("feedback_buttons")])
def test_nothing_else_can_be_chosen(used: dict[str, Any]) -> None:
    with pytest.raises(BadValue):
        action({**used, "action_id": "a"}, "b", "other", "1.000000")
