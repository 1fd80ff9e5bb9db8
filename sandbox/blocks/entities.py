"""Text as Slack stores it and hands it back.

Source: docs.slack.dev/messaging/formatting-message-text ("Escaping text"): `&`, `<` and `>` are
control characters. What is sent raw comes back as `&amp;`, `&lt;`, `&gt;`; what is sent escaped
comes back as it is. Ids, values and rich_text are not touched.
"""

import re
from typing import Any

_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_RAW = re.compile(r"&(?!(?:amp|lt|gt);)|[<>]")
_CONTROL = re.compile(r"<(?:[@#!][^<>]+|[A-Za-z][A-Za-z0-9+.\-]*:[^<>\s][^<>]*)>")


def escaped(text: str) -> str:
    """Text without control sequences, as of a plain_text object."""
    return _RAW.sub(lambda found: _ENTITIES[found[0]], text)


def escaped_mrkdwn(text: str) -> str:
    """Text whose mentions, links and dates (`<@U…>`, `<https://…|…>`, `<!date^…>`) are kept."""
    parts: list[str] = []
    end = 0
    for found in _CONTROL.finditer(text):
        parts += [escaped(text[end : found.start()]), found[0]]
        end = found.end()
    return "".join([*parts, escaped(text[end:])])


def stored(value: Any) -> Any:
    """A copy of blocks, or of a view, with the text of all its text objects as Slack stores it."""
    if isinstance(value, list):
        return [stored(item) for item in value]
    if not isinstance(value, dict):
        return value
    copied = {key: stored(item) for key, item in value.items()}
    text = copied.get("text")
    if isinstance(text, str):
        if copied.get("type") == "plain_text":
            copied["text"] = escaped(text)
        elif copied.get("type") == "mrkdwn":
            copied["text"] = escaped_mrkdwn(text)
    return copied
