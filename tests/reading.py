"""Blocks as a person reads them, for expectations in words."""

import html
from collections.abc import Iterator
from typing import Any


def read(blocks: list[dict[str, Any]]) -> str:
    """What somebody reads there: a line per line, people as @Name, buttons in brackets."""
    return "\n".join(line for block in blocks for line in _read(block))


def _read(block: dict[str, Any]) -> Iterator[str]:
    kind = block["type"]
    if kind == "rich_text":
        for part in block["elements"]:
            yield from _rich(part)
    elif kind in ("table", "data_table"):
        for row in block["rows"]:
            yield " | ".join(_cell(cell) for cell in row)
    elif kind == "context":
        yield from (plain(each["text"]) for each in block["elements"])
    elif kind == "actions":
        yield " ".join(_control(each) for each in block["elements"])
    elif kind in ("section", "header"):
        beside = f" {_control(block['accessory'])}" if "accessory" in block else ""
        yield plain(block["text"]["text"]) + beside
    elif kind == "input":
        yield f"{block['label']['text']}: ___"


def _cell(cell: dict[str, Any]) -> str:
    return str(cell["text"]) if "text" in cell else "".join(_read(cell))


def _rich(part: dict[str, Any]) -> Iterator[str]:
    if part["type"] == "rich_text_list":
        for item in part["elements"]:
            yield from (f"- {line}" for line in _rich(item))
        return
    yield "".join(_word(each) for each in part["elements"])


def _word(each: dict[str, Any]) -> str:
    if each["type"] == "user":
        return f"@{_NAMES.get(each['user_id'], each['user_id'])}"
    if each["type"] == "channel":
        return f"#{each['channel_id']}"
    return str(each.get("text") or each.get("fallback"))


def _control(element: dict[str, Any]) -> str:
    if element["type"] == "static_select":
        return "▾(" + ", ".join(one["text"]["text"] for one in element["options"]) + ")"
    if element["type"] == "overflow":
        return "⋯(" + ", ".join(one["text"]["text"] for one in element["options"]) + ")"
    return f"[{element['text']['text']}]"


def plain(text: str) -> str:
    """Mrkdwn as it is read: names for mentions, signs for entities."""
    for slack_id, name in _NAMES.items():
        text = text.replace(f"<@{slack_id}>", f"@{name}")
    return html.unescape(text)


_NAMES = {f"U0{name.upper()}": name for name in ("Max", "Lea", "Ana", "Ben", "Cleo", "Ada")}
