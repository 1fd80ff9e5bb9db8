"""Valid payloads are taken whatever they hold; anything else is refused without an exception."""

import json
from itertools import count
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sandbox.blocks import (
    elements,
    find,
    messages,
    stored,
    validate_message,
    validate_view,
    walk,
    with_ids,
)
from sandbox.values import defaults, state
from tests.sandbox_rules.strategies import ANYTHING, BLOCKS, MODALS, damaged

quick = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@quick
@given(MODALS)
def test_a_valid_view_is_taken(view: dict[str, Any]) -> None:
    assert validate_view(view) == []


@quick
@given(st.lists(BLOCKS, max_size=8))
def test_valid_blocks_are_taken_in_messages(blocks: list[dict[str, Any]]) -> None:
    assert validate_message(text="Text", blocks=blocks) == []


@settings(quick, max_examples=120)
@given(ANYTHING | damaged(MODALS))
def test_anything_as_a_view_gives_problems_at_worst(view: Any) -> None:
    for line in messages(validate_view(view)):
        assert line.startswith("[ERROR] ")
        assert "[json-pointer:/view" in line


@settings(quick, max_examples=120)
@given(ANYTHING, ANYTHING | damaged(st.fixed_dictionaries({"blocks": st.lists(BLOCKS)})), ANYTHING)
def test_anything_as_a_message_gives_problems_at_worst(
    text: Any, payload: Any, attachments: Any
) -> None:
    blocks = payload.get("blocks") if isinstance(payload, dict) else payload
    assert validate_message(text=text, blocks=blocks, attachments=attachments) is not None
    assert validate_message(text="", blocks=None, attachments=[payload]) is not None


@quick
@given(st.lists(BLOCKS, max_size=8))
def test_filled_in_ids_make_every_element_findable(blocks: list[dict[str, Any]]) -> None:
    before = json.dumps(blocks)
    number = count()
    filled = with_ids(blocks, lambda: f"id{next(number)}")
    assert json.dumps(blocks) == before
    assert validate_message(text="Text", blocks=filled) == []
    for _, block in walk(filled):
        for _, element in elements(block):
            assert find(filled, block["block_id"], element["action_id"]) is element


@quick
@given(st.lists(BLOCKS, max_size=8))
def test_stored_text_stays_as_it_is_when_it_is_sent_again(blocks: list[dict[str, Any]]) -> None:
    once = stored(blocks)
    assert stored(once) == once


@quick
@given(MODALS)
def test_a_form_submitted_as_it_opens_lacks_only_what_is_required(view: dict[str, Any]) -> None:
    number = count()
    blocks = with_ids(view["blocks"], lambda: f"id{next(number)}")
    untouched, missing = state(blocks, {})
    shown = defaults(blocks)
    assert state(blocks, shown) == (untouched, missing)
    required = {
        block["block_id"]
        for block in blocks
        if block["type"] == "input" and not block.get("optional")
    }
    empty = {key for key, value in shown.items() if value in (None, [])}
    assert set(missing) == required & empty
