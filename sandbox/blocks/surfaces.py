"""Whole messages and views.

Source: docs.slack.dev/reference/block-kit/blocks, /reference/views, /reference/methods.
"""

import json
from collections.abc import Iterator

from sandbox.blocks.composition import OPTION, OPTION_GROUP, plain_text
from sandbox.blocks.identity import duplicates, elements, walk
from sandbox.blocks.layouts import IN_MESSAGE, IN_VIEW
from sandbox.blocks.problems import NO_TEXT, NOT_BLOCKS, TWO_TABLES, VIEW_TOO_LARGE, Problem
from sandbox.blocks.rules import FLAG, ID, Items, Json, Rule, Shape, Text, Typed, not_both, one_of

MESSAGE_BLOCKS = Items(IN_MESSAGE, 0, 50)
VIEW_BLOCKS = Items(IN_VIEW, 1, 100)
ATTACHMENTS = 100
VIEW_BYTES = 250_000
"""250 kB; whether Slack means 1,000 or 1,024 is not documented: the stricter."""
MARKDOWN_CHARACTERS = 12_000
"""Of all markdown blocks of a message together."""

_ANY_VIEW: dict[str, Rule] = {
    "private_metadata": Text(3000, least=0),
    "callback_id": Text(255, least=0),
    "external_id": ID,
    "clear_on_close": FLAG,
    "notify_on_close": FLAG,
}
VIEW = Typed(
    {
        "modal": Shape(
            {"title": plain_text(24), "blocks": VIEW_BLOCKS},
            {**_ANY_VIEW, "submit": plain_text(24), "close": plain_text(24)},
        ),
        "home": Shape({"blocks": VIEW_BLOCKS}, {**_ANY_VIEW, "title": plain_text(24)}),
    }
)

OFFER = Shape(
    {},
    {"options": Items(OPTION, 0, 100), "option_groups": Items(OPTION_GROUP, 0, 100)},
    (one_of("options", "option_groups"), not_both("options", "option_groups")),
)
"""The answer to a block_suggestion."""


NEWEST = ("data_table", "data_visualization")
"""Blocks that Slack rolls out step by step (2026)."""


def validate_message(
    *, text: object, blocks: object, attachments: object = None, newest: bool = True
) -> list[Problem]:
    """What is wrong with a message; empty if Slack would take it.

    A message needs a text, blocks or attachments (`no_text`). A text above 40,000 characters is
    no problem: Slack cuts it. Without `newest`, blocks that are still rolled out are unknown.
    """
    unknown = () if newest else _not_here(blocks)
    return [*_message(text, blocks, attachments), *unknown]


def validate_view(view: object) -> list[Problem]:
    """What is wrong with a modal or Home view; pointers begin with `/view`."""
    problems = [*VIEW.check(view, "/view")]
    if isinstance(view, dict):
        problems += _view_as_a_whole(view)
    return problems


def validate_options(offer: object) -> list[Problem]:
    """What is wrong with the options that an app offers to an external select."""
    return [*OFFER.check(offer, "")]


def _message(text: object, blocks: object, attachments: object) -> Iterator[Problem]:
    if text is not None and not isinstance(text, str):
        yield Problem("/text", "must provide a string", "wrong_type")
    if not (text or blocks or attachments):
        yield Problem("/text", "must define `text`, `blocks` or `attachments`", NO_TEXT)
    if blocks is not None:
        yield from _blocks(blocks, "/blocks")
    if attachments is not None:
        yield from _attachments(attachments)


def _blocks(blocks: object, at: str) -> Iterator[Problem]:
    if not isinstance(blocks, list):
        yield Problem(at, "must provide an array", NOT_BLOCKS)
        return
    yield from MESSAGE_BLOCKS.check(blocks, at)
    yield from duplicates(blocks, at)
    yield from _one_focus(blocks, at)
    yield from _one_table(blocks, at)
    yield from _markdown(blocks, at)


def _attachments(attachments: object) -> Iterator[Problem]:
    if not isinstance(attachments, list):
        yield Problem("/attachments", "must provide an array", "wrong_type")
        return
    if len(attachments) > ATTACHMENTS:
        yield Problem("/attachments", f"no more than {ATTACHMENTS} items allowed")
        return
    for n, attachment in enumerate(attachments):
        at = f"/attachments/{n}"
        if not isinstance(attachment, dict):
            yield Problem(at, "must provide an object", "wrong_type")
        elif "blocks" in attachment:
            yield from _blocks(attachment["blocks"], f"{at}/blocks")


def _of_type(blocks: object, type_: str, at: str) -> list[tuple[str, Json]]:
    return [(pointer, block) for pointer, block in walk(blocks, at) if block.get("type") == type_]


def _not_here(blocks: object) -> Iterator[Problem]:
    for type_ in NEWEST:
        for pointer, _ in _of_type(blocks, type_, "/blocks"):
            yield Problem(f"{pointer}/type", f"unsupported type: {type_}")


def _one_table(blocks: object, at: str) -> Iterator[Problem]:
    for pointer, _ in _of_type(blocks, "table", at)[1:]:
        yield Problem(pointer, "only one table is allowed in a message", TWO_TABLES)


def _markdown(blocks: object, at: str) -> Iterator[Problem]:
    total = 0
    for pointer, block in _of_type(blocks, "markdown", at):
        text = block.get("text")
        length = len(text) if isinstance(text, str) else 0
        total += length
        if total > MARKDOWN_CHARACTERS >= length:
            limit = MARKDOWN_CHARACTERS + 1
            yield Problem(f"{pointer}/text", f"must be less than {limit} characters in all")


def _one_focus(blocks: object, at: str) -> Iterator[Problem]:
    focused = [
        f"{pointer}{inner}"
        for pointer, block in walk(blocks, at)
        for inner, element in elements(block)
        if element.get("focus_on_load") is True
    ]
    for pointer in focused[1:]:
        yield Problem(f"{pointer}/focus_on_load", "only one element can have `focus_on_load`")


def _view_as_a_whole(view: Json) -> Iterator[Problem]:
    blocks = view.get("blocks")
    yield from duplicates(blocks, "/view/blocks")
    yield from _one_focus(blocks, "/view/blocks")
    if view.get("type") == "modal" and "submit" not in view:
        for pointer, _ in _of_type(blocks, "input", "/view/blocks"):
            message = "must define `submit` to use an `input` block in modals"
            yield Problem(f"{pointer}/input", message, "missing_field")
    size = len(json.dumps(view, ensure_ascii=False, separators=(",", ":")).encode(errors="replace"))
    if size > VIEW_BYTES:
        yield Problem("/view", f"must be no larger than {VIEW_BYTES} bytes", VIEW_TOO_LARGE)
