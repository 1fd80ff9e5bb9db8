"""Whole messages and views: what they need, and what must be unique in them."""

from typing import Any

import pytest

from sandbox.blocks import Problem, error_name, validate_message, validate_view
from tests.sandbox_rules.payloads import (
    actions,
    button,
    element,
    home,
    in_message,
    in_modal,
    input_block,
    modal,
    mrkdwn,
    plain,
    pointers,
    section,
)


def test_block_ids_are_unique_in_a_message_and_action_ids_in_a_block() -> None:
    once = button(action_id="a")
    assert in_message(actions(once, block_id="x"), actions(once, block_id="y")) == []
    assert pointers(in_message(actions(once, block_id="x"), section(block_id="x"))) == [
        "/blocks/1/block_id"
    ]
    assert pointers(in_message(actions(once, button(), once))) == ["/blocks/0/elements/2/action_id"]


def test_ids_inside_containers_count_as_well() -> None:
    inside = {"type": "container", "title": plain(), "child_blocks": [section(block_id="x")]}
    assert pointers(in_message(section(block_id="x"), inside)) == [
        "/blocks/1/child_blocks/0/block_id"
    ]


def test_one_element_alone_has_the_focus() -> None:
    focused = input_block(element("plain_text_input", focus_on_load=True))
    assert in_modal(focused, input_block()) == []
    assert pointers(in_modal(focused, focused)) == ["/view/blocks/1/element/focus_on_load"]


VIEWS: list[tuple[str, Any, str, str]] = [
    ("no view", None, "/view", "must provide an object"),
    ("a list", [], "/view", "must provide an object"),
    ("a view of another type", {"type": "popup"}, "/view/type", "unsupported type: popup"),
    ("without blocks", {"type": "home"}, "/view", "missing required field: blocks"),
    ("no blocks", home() | {"blocks": []}, "/view/blocks", "no fewer than 1 items allowed"),
    (
        "modal without title",
        {"type": "modal", "blocks": [section()]},
        "/view",
        "missing required field: title",
    ),
    ("title in mrkdwn", modal(title=mrkdwn()), "/view/title/type", "unsupported type: mrkdwn"),
    ("title as a string", modal(title="Title"), "/view/title", "must provide an object"),
    ("Home with submit", home(submit=plain()), "/view", "invalid additional property: submit"),
    ("Home with close", home(close=plain()), "/view", "invalid additional property: close"),
    (
        "view as Slack hands it back",
        modal(id="V1"),
        "/view",
        "invalid additional property: id",
    ),
    (
        "notify as a string",
        modal(notify_on_close="yes"),
        "/view/notify_on_close",
        "must provide a boolean",
    ),
    (
        "input without submit",
        {"type": "modal", "title": plain(), "blocks": [section(), input_block()]},
        "/view/blocks/1/input",
        "must define `submit` to use an `input` block in modals",
    ),
]


@pytest.mark.parametrize(
    ("view", "pointer", "message"), [case[1:] for case in VIEWS], ids=[case[0] for case in VIEWS]
)
def test_a_view_is_refused(view: Any, pointer: str, message: str) -> None:
    [problem] = validate_view(view)
    assert problem.pointer == pointer
    assert problem.message.startswith(message)
    assert error_name([problem], "invalid_arguments") == "invalid_arguments"


def test_a_home_takes_inputs_without_submit() -> None:
    assert validate_view(home(input_block())) == []


def test_a_view_takes_all_its_keys() -> None:
    assert (
        validate_view(
            modal(
                input_block(),
                close=plain(),
                private_metadata="",
                callback_id="",
                external_id="once",
                clear_on_close=True,
                notify_on_close=False,
            )
        )
        == []
    )


@pytest.mark.parametrize(
    ("message", "pointer", "error"),
    [
        ({"text": None, "blocks": None}, "/text", "no_text"),
        ({"text": "", "blocks": []}, "/text", "no_text"),
        ({"text": "", "blocks": None, "attachments": []}, "/text", "no_text"),
        ({"text": 5, "blocks": None}, "/text", "invalid_blocks"),
        ({"text": "a", "blocks": {}}, "/blocks", "invalid_blocks_format"),
        ({"text": "a", "blocks": "[]"}, "/blocks", "invalid_blocks_format"),
        ({"text": "a", "blocks": [1]}, "/blocks/0", "invalid_blocks"),
        ({"text": "a", "blocks": [{"type": "header"}]}, "/blocks/0", "invalid_blocks"),
        ({"text": "a", "blocks": None, "attachments": {}}, "/attachments", "invalid_blocks"),
        ({"text": "a", "blocks": None, "attachments": [1]}, "/attachments/0", "invalid_blocks"),
        ({"text": "", "blocks": None, "attachments": [{}] * 101}, "/attachments", "invalid_blocks"),
        (
            {"text": "a", "blocks": None, "attachments": [{}, {"blocks": [{"type": "header"}]}]},
            "/attachments/1/blocks/0",
            "invalid_blocks",
        ),
    ],
)  # fmt: skip
def test_a_message_is_refused(message: dict[str, Any], pointer: str, error: str) -> None:
    problems: list[Problem] = validate_message(**message)
    assert pointers(problems) == [pointer]
    assert error_name(problems) == error


@pytest.mark.parametrize(
    "message",
    [
        {"text": "a", "blocks": None},
        {"text": None, "blocks": [section()]},
        {"text": "", "blocks": None, "attachments": [{"text": "a", "color": "#abc"}]},
        {"text": "a", "blocks": [], "attachments": [{"blocks": [section()]}]},
    ],
)
def test_a_message_is_taken(message: dict[str, Any]) -> None:
    assert validate_message(**message) == []
