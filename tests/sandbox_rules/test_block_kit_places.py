"""Which surface takes which block, and which block which element."""

from typing import Any

import pytest

from sandbox.blocks import messages, validate_view
from sandbox.blocks.elements import IN_ACTIONS, IN_CONTEXT_ACTIONS, IN_INPUT, IN_SECTION
from sandbox.blocks.layouts import IN_MESSAGE, IN_VIEW
from tests.sandbox_rules.payloads import (
    actions,
    button,
    context,
    data_table,
    element,
    header,
    home,
    in_message,
    in_modal,
    input_block,
    mrkdwn,
    pie,
    plain,
    pointers,
    rich_text,
    section,
    table,
)

ALL_BLOCKS: dict[str, dict[str, Any]] = {
    "section": section(),
    "divider": {"type": "divider"},
    "header": header(),
    "context": context(mrkdwn(), element("image")),
    "actions": actions(button()),
    "input": input_block(),
    "image": element("image"),
    "rich_text": rich_text(),
    "video": {
        "type": "video",
        "alt_text": "A film",
        "title": plain(),
        "video_url": "https://northwind.test/embed",
        "thumbnail_url": "https://northwind.test/still.png",
    },
    "alert": {"type": "alert", "text": mrkdwn(), "level": "warning"},
    "card": {"type": "card", "title": mrkdwn(), "actions": [button()]},
    "carousel": {"type": "carousel", "elements": [{"type": "card", "body": plain()}]},
    "container": {"type": "container", "title": plain(), "child_blocks": [section()]},
    "context_actions": {"type": "context_actions", "elements": [element("feedback_buttons")]},
    "markdown": {"type": "markdown", "text": "**Bold**"},
    "table": table(),
    "data_table": data_table(),
    "data_visualization": pie(),
    "file": {"type": "file", "external_id": "F1", "source": "remote"},
    "task_card": {"type": "task_card", "task_id": "1", "title": "Do", "status": "pending"},
    "plan": {
        "type": "plan",
        "title": "Plan",
        "tasks": [{"type": "task_card", "task_id": "1", "title": "Do", "status": "pending"}],
    },
    "auth_provider": {
        "type": "auth_provider",
        "value": "crm",
        "name": plain(),
        "is_connected": True,
    },
}

EVERY_ELEMENT = sorted(
    {*IN_ACTIONS.types, *IN_SECTION.types, *IN_INPUT.types, *IN_CONTEXT_ACTIONS.types}
)


def test_the_tables_here_name_every_block() -> None:
    assert set(ALL_BLOCKS) == set(IN_MESSAGE.types)


@pytest.mark.parametrize("type_", ALL_BLOCKS)
def test_messages_take_every_block(type_: str) -> None:
    assert in_message(ALL_BLOCKS[type_]) == []


@pytest.mark.parametrize("type_", ALL_BLOCKS)
def test_views_take_the_blocks_that_are_meant_for_them(type_: str) -> None:
    refused = [] if type_ in IN_VIEW.types else ["/view/blocks/0/type"]
    assert pointers(in_modal(ALL_BLOCKS[type_])) == refused
    assert pointers(validate_view(home(ALL_BLOCKS[type_]))) == refused


@pytest.mark.parametrize("type_", EVERY_ELEMENT)
def test_elements_stand_only_where_slack_takes_them(type_: str) -> None:
    places = [
        (IN_ACTIONS, actions(element(type_)), "/blocks/0/elements/0/type"),
        (IN_SECTION, section(accessory=element(type_)), "/blocks/0/accessory/type"),
        (IN_INPUT, input_block(element(type_)), "/blocks/0/element/type"),
        (
            IN_CONTEXT_ACTIONS,
            {"type": "context_actions", "elements": [element(type_)]},
            "/blocks/0/elements/0/type",
        ),
    ]
    for place, block, pointer in places:
        assert pointers(in_message(block)) == ([] if type_ in place.types else [pointer])


def test_text_inputs_stand_in_input_blocks_alone() -> None:
    for type_ in ("plain_text_input", "email_text_input", "url_text_input", "number_input"):
        assert type_ in IN_INPUT.types
        assert type_ not in IN_ACTIONS.types
        assert type_ not in IN_SECTION.types


def test_every_problem_of_a_message_is_told_at_once() -> None:
    assert messages(in_message({"type": "header"}, {"type": "marquee"})) == [
        "[ERROR] missing required field: text [json-pointer:/blocks/0]",
        "[ERROR] unsupported type: marquee [json-pointer:/blocks/1/type]",
    ]
