"""What a block must and may have, and what must fit together in it."""

from typing import Any

import pytest

from tests.sandbox_rules.payloads import (
    actions,
    bars,
    button,
    cell,
    confirm,
    context,
    data_table,
    element,
    header,
    in_message,
    input_block,
    mrkdwn,
    option,
    options,
    plain,
    pointers,
    rich_text,
    section,
    select,
    table,
)

REFUSED: list[tuple[str, dict[str, Any], str, str]] = [
    ("unknown block", {"type": "marquee"}, "/type", "unsupported type: marquee"),
    ("no type", {"text": plain()}, "", "missing required field: type"),
    ("type is no string", {"type": ["section"]}, "/type", "must provide a string"),
    ("section of nothing", {"type": "section"}, "/type", "must define either `text` or `fields`"),
    ("header without text", {"type": "header"}, "", "missing required field: text"),
    ("header in mrkdwn", {"type": "header", "text": mrkdwn()}, "/text/type", "unsupported type"),
    ("text as a string", section(text="Text"), "/text", "must provide an object"),
    ("null text", section(text=None), "/text", "must provide an object"),
    ("null block_id", section(block_id=None), "/block_id", "must provide a string"),
    ("fields as an object", section(fields={}), "/fields", "must provide an array"),
    ("additional key", section(colour="red"), "", "invalid additional property: colour"),
    (
        "emoji on mrkdwn",
        section(text={**mrkdwn(), "emoji": True}),
        "/text",
        "invalid additional property: emoji",
    ),
    ("flag as a string", section(expand="yes"), "/expand", "must provide a boolean"),
    ("button in mrkdwn", actions(button(text=mrkdwn())), "/elements/0/text/type", "unsupported"),
    (
        "button of an unknown style",
        actions(button(style="loud")),
        "/elements/0/style",
        "must be a valid enum value",
    ),
    ("button without text", actions({"type": "button"}), "/elements/0", "missing required field"),
    (
        "button to nowhere",
        actions(button(url="nowhere")),
        "/elements/0/url",
        "must be a valid URL",
    ),
    (
        "confirm without a title",
        actions(button(confirm={k: v for k, v in confirm().items() if k != "title"})),
        "/elements/0/confirm",
        "missing required field: title",
    ),
    (
        "confirm of an unknown style",
        actions(button(confirm=confirm(style="loud"))),
        "/elements/0/confirm/style",
        "must be a valid enum value",
    ),
    (
        "confirm title in mrkdwn",
        actions(button(confirm=confirm(title=mrkdwn()))),
        "/elements/0/confirm/title/type",
        "unsupported type: mrkdwn",
    ),
    ("image without alt_text", {"type": "image", "image_url": "https://a.test"}, "", "missing"),
    ("image of nothing", {"type": "image", "alt_text": "A"}, "/type", "must define either"),
    (
        "image twice",
        element("image", slack_file={"id": "F1"}),
        "",
        "must not define both `image_url` and `slack_file`",
    ),
    ("select without options", actions({"type": "static_select"}), "/elements/0/type", "must"),
    (
        "options and groups",
        actions(select(option_groups=[{"label": plain(), "options": options(1)}])),
        "/elements/0",
        "must not define both `options` and `option_groups`",
    ),
    (
        "option in mrkdwn in a select",
        actions({"type": "static_select", "options": [{"text": mrkdwn(), "value": "a"}]}),
        "/elements/0/options/0/text/type",
        "unsupported type: mrkdwn",
    ),
    (
        "option with a url outside an overflow menu",
        actions({"type": "static_select", "options": [option(url="https://a.test")]}),
        "/elements/0/options/0",
        "invalid additional property: url",
    ),
    (
        "initial option that is none",
        actions(select(initial_option=option("other"))),
        "/elements/0/initial_option",
        "must match one of the provided options",
    ),
    (
        "initial option of another text",
        actions(select(initial_option=option("v0", "Other"))),
        "/elements/0/initial_option",
        "must match",
    ),
    (
        "one initial option of two that is none",
        actions(select("checkboxes", initial_options=[*options(1), option("other")])),
        "/elements/0/initial_options/1",
        "must match",
    ),
    (
        "more initial options than may be chosen",
        actions(select("multi_static_select", initial_options=options(2), max_selected_items=1)),
        "/elements/0/initial_options",
        "no more than 1 items allowed",
    ),
    (
        "may choose none",
        actions(select("multi_static_select", max_selected_items=0)),
        "/elements/0/max_selected_items",
        "must be greater than or equal to 1",
    ),
    (
        "date in words",
        actions(element("datepicker", initial_date="tomorrow")),
        "/elements/0/initial_date",
        "must be YYYY-MM-DD",
    ),
    (
        "time with seconds",
        actions(element("timepicker", initial_time="09:30:00")),
        "/elements/0/initial_time",
        "must be HH:mm",
    ),
    (
        "user by name",
        actions(element("users_select", initial_user="max")),
        "/elements/0/initial_user",
        "must be a valid id",
    ),
    (
        "empty filter",
        actions(element("conversations_select", filter={})),
        "/elements/0/filter/type",
        "must define either",
    ),
    (
        "unknown kind of conversation",
        actions(element("conversations_select", filter={"include": ["secret"]})),
        "/elements/0/filter/include/0",
        "must be a valid enum value",
    ),
    ("input without element", {"type": "input", "label": plain()}, "", "missing"),
    ("label in mrkdwn", input_block(label=mrkdwn()), "/label/type", "unsupported type: mrkdwn"),
    (
        "min above max length",
        input_block(element("plain_text_input", min_length=5, max_length=4)),
        "/element/min_length",
        "must not be greater than `max_length`",
    ),
    (
        "first text above max length",
        input_block(element("plain_text_input", max_length=4, initial_value="12345")),
        "/element/initial_value",
        "must be less than 5 characters",
    ),
    (
        "number as a number",
        input_block(element("number_input", min_value=1)),
        "/element/min_value",
        "must provide a string",
    ),
    (
        "number in words",
        input_block(element("number_input", min_value="one")),
        "/element/min_value",
        "must be a valid number",
    ),
    (
        "min above max",
        input_block(element("number_input", min_value="2", max_value="1")),
        "/element/min_value",
        "must be between",
    ),
    (
        "first number outside",
        input_block(element("number_input", min_value="2", initial_value="1")),
        "/element/initial_value",
        "must be between",
    ),
    (
        "first number not whole",
        input_block(element("number_input", initial_value="1.5")),
        "/element/initial_value",
        "must be a whole number",
    ),
    (
        "number_input that does not say whether decimals",
        input_block({"type": "number_input"}),
        "/element",
        "missing required field: is_decimal_allowed",
    ),
    (
        "dispatch on nothing",
        input_block(
            element("plain_text_input", dispatch_action_config={"trigger_actions_on": ["blur"]})
        ),
        "/element/dispatch_action_config/trigger_actions_on/0",
        "must be a valid enum value",
    ),
    (
        "dispatching file input",
        input_block(element("file_input"), dispatch_action=True),
        "/dispatch_action",
        "must not be true for a file_input",
    ),
    (
        "rich text of plain text",
        {"type": "rich_text", "elements": [plain()]},
        "/elements/0/type",
        "unsupported type: plain_text",
    ),
    (
        "empty rich text",
        {"type": "rich_text", "elements": []},
        "/elements",
        "no fewer than 1 items allowed",
    ),
    (
        "empty inline text",
        rich_text({"type": "text", "text": ""}),
        "/elements/0/elements/0/text",
        "must be more than 0 characters",
    ),
    (
        "unknown inline style",
        rich_text({"type": "text", "text": "a", "style": {"blink": True}}),
        "/elements/0/elements/0/style",
        "invalid additional property: blink",
    ),
    (
        "broadcast to all",
        rich_text({"type": "broadcast", "range": "all"}),
        "/elements/0/elements/0/range",
        "must be a valid enum value",
    ),
    (
        "list without style",
        {"type": "rich_text", "elements": [{"type": "rich_text_list", "elements": []}]},
        "/elements/0",
        "missing required field: style",
    ),
    (
        "list inside a list",
        {
            "type": "rich_text",
            "elements": [
                {
                    "type": "rich_text_list",
                    "style": "bullet",
                    "elements": [{"type": "rich_text_list", "style": "bullet", "elements": []}],
                }
            ],
        },
        "/elements/0/elements/0/type",
        "unsupported type: rich_text_list",
    ),
    ("context with a button", context(button()), "/elements/0/type", "unsupported type: button"),
    ("table of texts", {"type": "table", "rows": [["a"]]}, "/rows/0/0", "must provide an object"),
    (
        "column that leans",
        table(column_settings=[{"align": "centre"}]),
        "/column_settings/0/align",
        "must be a valid enum value",
    ),
    (
        "uneven data_table",
        {**data_table(), "rows": [[cell()], [cell(), cell()]]},
        "/rows/1",
        "must have 1 items like the first row",
    ),
    (
        "rich text as a heading of a data_table",
        {**data_table(), "rows": [[rich_text()], [cell()]]},
        "/rows/0/0/type",
        "unsupported type: rich_text",
    ),
    (
        "row header beyond the columns",
        data_table(row_header_column_index=2),
        "/row_header_column_index",
        "must be the index of a column",
    ),
    (
        "chart of an unknown kind",
        {"type": "data_visualization", "title": "T", "chart": {"type": "radar"}},
        "/chart/type",
        "unsupported type: radar",
    ),
    (
        "collapsible container with a divider",
        {
            "type": "container",
            "title": plain(),
            "child_blocks": [section()],
            "is_collapsible": True,
            "has_header_divider": True,
        },
        "/has_header_divider",
        "must not be true",
    ),
    (
        "card of nothing",
        {"type": "card", "subtitle": plain()},
        "/type",
        "must define either",
    ),
]
"""What it is, a block, where the problem is in it, how the message begins."""


@pytest.mark.parametrize(
    ("block", "pointer", "message"),
    [case[1:] for case in REFUSED],
    ids=[case[0] for case in REFUSED],
)
def test_a_block_is_refused(block: dict[str, Any], pointer: str, message: str) -> None:
    [problem] = in_message(section(), block)
    assert problem.pointer == f"/blocks/1{pointer}"
    assert problem.message.startswith(message)


TAKEN: list[tuple[str, dict[str, Any]]] = [
    ("emoji flag on plain text", header()),
    ("fields without text", {"type": "section", "fields": [mrkdwn(), plain()]}),
    ("mrkdwn options of checkboxes", actions({**select("checkboxes"), "options": [
        {"text": mrkdwn(), "value": "a", "description": mrkdwn()}]})),
    ("initial option among groups", actions({
        "type": "static_select",
        "option_groups": [
            {"label": plain(), "options": [option("a")]},
            {"label": plain(), "options": [option("b", "B")]},
        ],
        "initial_option": option("b", "B"),
    })),
    ("urls in an overflow menu", section(accessory={
        "type": "overflow", "options": [option(url="https://a.test")]})),
    ("initial option with the emoji flag", actions(select(
        initial_option={"text": {**plain("Option 0"), "emoji": True}, "value": "v0"}))),
    ("decimals", input_block(element(
        "number_input",
        is_decimal_allowed=True, min_value="-1.5", initial_value="0.25", max_value="3"))),
    ("both triggers", input_block(element("plain_text_input", dispatch_action_config={
        "trigger_actions_on": ["on_enter_pressed", "on_character_entered"]}),
        dispatch_action=True)),
    ("an image as handed back by Slack", element(
        "image", fallback="A picture", image_width=10, image_height=20, image_bytes=300)),
    ("an image of Slack's", {"type": "image", "alt_text": "A", "slack_file": {"id": "F1"}}),
    ("conversations of some kinds", actions(element("conversations_select", filter={
        "include": ["public", "im"], "exclude_bot_users": True}))),
    ("all inline parts", rich_text(
        {"type": "text", "text": "a", "style": {"bold": True, "code": True}},
        {"type": "link", "url": "https://a.test", "text": "a"},
        {"type": "user", "user_id": "U1"},
        {"type": "usergroup", "usergroup_id": "S1"},
        {"type": "channel", "channel_id": "C1"},
        {"type": "emoji", "name": "tada"},
        {"type": "broadcast", "range": "here"},
        {"type": "date", "timestamp": 1720710212, "format": "{date_num}", "fallback": "day"},
        {"type": "color", "value": "#F405B3"},
    )),
    ("lists, quotes and code", {"type": "rich_text", "elements": [
        {"type": "rich_text_list", "style": "ordered", "indent": 1, "border": 1, "elements": [
            {"type": "rich_text_section", "elements": []}]},
        {"type": "rich_text_quote", "elements": [{"type": "text", "text": "a"}]},
        {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "a"}]},
    ]}),
    ("numbers in a table", {"type": "table", "rows": [
        [cell(), {"type": "raw_number", "value": 1.5, "text": "1.5"}, rich_text()]]}),
    ("bars below zero", bars()),
    ("an area", bars(type="area")),
    ("a line", bars(type="line")),
]  # fmt: skip


@pytest.mark.parametrize("block", [case[1] for case in TAKEN], ids=[case[0] for case in TAKEN])
def test_a_block_is_taken(block: dict[str, Any]) -> None:
    assert in_message(block) == []


def test_series_have_distinct_names_and_a_point_per_category() -> None:
    chart = bars(series=2, categories=2)
    chart["chart"]["series"][1] = {
        "name": "S0",
        "data": [{"label": "C0", "value": 1}, {"label": "C9", "value": 1}],
    }
    assert pointers(in_message(chart)) == [
        "/blocks/0/chart/series/1/name",
        "/blocks/0/chart/series/1/data",
    ]
