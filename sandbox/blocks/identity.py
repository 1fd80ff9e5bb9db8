"""Ids of blocks and elements: found, filled in as Slack does, and unique.

Source: docs.slack.dev/reference/block-kit/blocks: a block_id is unique in a message or view, an
action_id in its block; what the app leaves out, Slack fills in.
"""

from collections.abc import Callable, Iterator
from typing import Any

from sandbox.blocks.elements import INTERACTIVE
from sandbox.blocks.problems import Problem
from sandbox.blocks.rules import Json

UNSEEN = ("confirm", "options", "option_groups", "placeholder")
"""Parts of blocks that are not to be read on a message."""

_CHILDREN = {"container": "child_blocks", "carousel": "elements"}
_MANY = {"actions": "elements", "context_actions": "elements", "card": "actions"}
_ONE = {"section": "accessory", "input": "element", "auth_provider": "accessory"}


def _dicts(value: object) -> list[tuple[int, Json]]:
    items = value if isinstance(value, list) else []
    return [(n, item) for n, item in enumerate(items) if isinstance(item, dict)]


def _type(value: Json) -> str:
    type_ = value.get("type")
    return type_ if isinstance(type_, str) else ""


def interactive(element: object) -> bool:
    """Whether somebody's use of this element is told to the app."""
    return isinstance(element, dict) and _type(element) in INTERACTIVE


def walk(blocks: object, at: str = "") -> Iterator[tuple[str, Json]]:
    """All blocks with their JSON pointers, those inside containers and carousels too."""
    for n, block in _dicts(blocks):
        yield f"{at}/{n}", block
        inner = _CHILDREN.get(_type(block))
        if inner is not None:
            yield from walk(block.get(inner), f"{at}/{n}/{inner}")


def elements(block: Json) -> Iterator[tuple[str, Json]]:
    """The interactive elements of a block with their pointers relative to it."""
    type_ = _type(block)
    if type_ in _MANY:
        for n, element in _dicts(block.get(_MANY[type_])):
            if interactive(element):
                yield f"/{_MANY[type_]}/{n}", element
    elif type_ in _ONE:
        only = block.get(_ONE[type_])
        if isinstance(only, dict) and interactive(only):
            yield f"/{_ONE[type_]}", only


def find(blocks: object, block_id: str, action_id: str) -> Json | None:
    """The interactive element of these ids, None if there is none."""
    for _, block in walk(blocks):
        if block.get("block_id") == block_id:
            for _, element in elements(block):
                if element.get("action_id") == action_id:
                    return element
    return None


def block_of(blocks: object, block_id: str) -> Json | None:
    """The block of this id, None if there is none."""
    return next((block for _, block in walk(blocks) if block.get("block_id") == block_id), None)


def with_ids(blocks: list[Any], new_id: Callable[[], str]) -> list[Any]:
    """A copy in which every block has a block_id and every interactive element an action_id.

    `new_id` gives five random characters, as Slack's own ids are.
    """
    filled: list[Any] = _copied(blocks)
    for _, block in walk(filled):
        if "block_id" not in block:
            block["block_id"] = new_id()
        for _, element in elements(block):
            if "action_id" not in element:
                element["action_id"] = new_id()
    return filled


def _copied(value: Any) -> Any:
    """A copy in which nothing is shared, even if it was before."""
    if isinstance(value, dict):
        return {key: _copied(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_copied(item) for item in value]
    return value


def duplicates(blocks: object, at: str) -> Iterator[Problem]:
    """block_ids that stand twice in a message or view, action_ids twice in a block."""
    seen: set[str] = set()
    for pointer, block in walk(blocks, at):
        block_id = block.get("block_id")
        if isinstance(block_id, str):
            if block_id in seen:
                message = f'`block_id` "{block_id}" already exists'
                yield Problem(f"{pointer}/block_id", message, "duplicate")
            seen.add(block_id)
        yield from _duplicate_actions(block, pointer)


def _duplicate_actions(block: Json, at: str) -> Iterator[Problem]:
    seen: set[str] = set()
    for pointer, element in elements(block):
        action_id = element.get("action_id")
        if not isinstance(action_id, str):
            continue
        if action_id in seen:
            block_id = block.get("block_id", "")
            message = f'`action_id` "{action_id}" already exists for `block_id` "{block_id}"'
            yield Problem(f"{at}{pointer}/action_id", message, "duplicate")
        seen.add(action_id)
