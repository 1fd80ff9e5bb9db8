"""Ids that are filled in and found, and text as Slack stores it."""

from itertools import count

import pytest

from sandbox.blocks import (
    block_of,
    escaped,
    escaped_mrkdwn,
    find,
    interactive,
    stored,
    with_ids,
)
from tests.sandbox_rules.payloads import (
    actions,
    button,
    element,
    header,
    input_block,
    modal,
    mrkdwn,
    option,
    plain,
    rich_text,
    section,
    select,
)


def test_missing_ids_are_filled_in_and_given_ones_kept() -> None:
    number = count()
    blocks = [
        header(),
        actions(button(action_id="mine"), button(), block_id="kept"),
        section(accessory=element("image")),
        input_block(),
        {"type": "container", "title": plain(), "child_blocks": [section(accessory=button())]},
    ]
    filled = with_ids(blocks, lambda: f"n{next(number)}")
    assert [block["block_id"] for block in filled] == ["n0", "kept", "n2", "n3", "n5"]
    assert [inside["action_id"] for inside in filled[1]["elements"]] == ["mine", "n1"]
    assert "action_id" not in filled[2]["accessory"]
    assert filled[3]["element"]["action_id"] == "n4"
    [child] = filled[4]["child_blocks"]
    assert (child["block_id"], child["accessory"]["action_id"]) == ("n6", "n7")
    assert "block_id" not in blocks[0]


def test_an_element_is_found_by_both_ids() -> None:
    pressed, other = button(action_id="a"), button(action_id="b")
    blocks = [actions(other, block_id="x"), actions(pressed, other, block_id="y")]
    assert find(blocks, "y", "a") is pressed
    assert find(blocks, "x", "a") is None
    assert find(blocks, "z", "a") is None
    assert find([], "x", "a") is None
    assert block_of(blocks, "y") is blocks[1]
    assert block_of(blocks, "z") is None


def test_what_is_not_interactive_is_not_found() -> None:
    picture = {**element("image"), "action_id": "a"}
    assert find([section(accessory=picture, block_id="x")], "x", "a") is None
    assert interactive(button())
    assert interactive(element("plain_text_input"))
    assert not interactive(element("image"))
    assert not interactive(plain())
    assert not interactive(None)
    assert not interactive({"type": ["button"]})


def test_an_element_in_a_card_of_a_carousel_is_found() -> None:
    card = {"type": "card", "block_id": "x", "body": plain(), "actions": [button(action_id="a")]}
    assert find([{"type": "carousel", "elements": [card]}], "x", "a") == button(action_id="a")


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("A & B", "A &amp; B"),
        ("A &amp; B", "A &amp; B"),
        ("&nbsp;", "&amp;nbsp;"),
        ("a < b > c", "a &lt; b &gt; c"),
        ("<@U0MAX>", "&lt;@U0MAX&gt;"),
    ],
)
def test_plain_text_is_stored_escaped(sent: str, kept: str) -> None:
    assert escaped(sent) == kept


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("Hi <@U0MAX> & <#C0WEST>", "Hi <@U0MAX> &amp; <#C0WEST>"),
        ("<!channel> 1 < 2", "<!channel> 1 &lt; 2"),
        ("<https://a.test/?a=1&b=2|a & b>", "<https://a.test/?a=1&b=2|a & b>"),
        ("<mailto:max@northwind.test|Max>", "<mailto:max@northwind.test|Max>"),
        ("<b>bold</b>", "&lt;b&gt;bold&lt;/b&gt;"),
        ("> quoted", "&gt; quoted"),
        ("<!date^1720710212^{date}|then>", "<!date^1720710212^{date}|then>"),
    ],
)
def test_mrkdwn_keeps_its_control_sequences(sent: str, kept: str) -> None:
    assert escaped_mrkdwn(sent) == kept


def test_text_objects_are_stored_escaped_and_nothing_else() -> None:
    raw = "A & <B>"
    view = modal(
        section(text=mrkdwn(raw), accessory=button(text=plain(raw), value=raw)),
        {"type": "markdown", "text": raw},
        rich_text({"type": "text", "text": raw}),
        actions({**select(), "options": [option(raw, raw)]}),
        title=plain("A & B"),
        private_metadata=raw,
    )
    kept = stored(view)
    words, markdown, rich, menu = kept["blocks"]
    assert words["text"]["text"] == "A &amp; &lt;B&gt;"
    assert words["accessory"]["text"]["text"] == "A &amp; &lt;B&gt;"
    assert words["accessory"]["value"] == raw
    assert markdown["text"] == raw
    assert rich["elements"][0]["elements"][0]["text"] == raw
    assert menu["elements"][0]["options"] == [option(raw, "A &amp; &lt;B&gt;")]
    assert kept["title"]["text"] == "A &amp; B"
    assert kept["private_metadata"] == raw
    assert view["title"]["text"] == "A & B"
