"""The rich_text block, as a block of its own and as the value of a rich text input.

Source: docs.slack.dev/reference/block-kit/blocks/rich-text-block.
"""

from collections.abc import Mapping

from sandbox.blocks.rules import FLAG, ID, URL, Choice, Items, Number, Rule, Shape, Text, Typed

_STYLES = ("bold", "italic", "strike", "code", "underline")
_SHOWN = ("highlight", "client_highlight", "unlink")
STYLE = Shape({}, dict.fromkeys((*_STYLES, *_SHOWN), FLAG))
_STYLED: Mapping[str, Rule] = {"style": STYLE}

INLINE = Typed(
    {
        "text": Shape({"text": Text(None)}, _STYLED),
        "link": Shape({"url": URL}, {**_STYLED, "text": Text(None), "unsafe": FLAG}),
        "user": Shape({"user_id": Text(255)}, _STYLED),
        "usergroup": Shape({"usergroup_id": Text(255)}, _STYLED),
        "channel": Shape({"channel_id": Text(255)}, _STYLED),
        "team": Shape({"team_id": Text(255)}, _STYLED),
        "emoji": Shape(
            {"name": Text(255)}, {**_STYLED, "skin_tone": Number(1, 6), "unicode": Text(255)}
        ),
        "broadcast": Shape({"range": Choice(("here", "channel", "everyone"))}, _STYLED),
        "date": Shape(
            {"timestamp": Number(0), "format": Text(None)},
            {**_STYLED, "url": URL, "fallback": Text(None)},
        ),
        "color": Shape({"value": Text(255)}, _STYLED),
    }
)
_INLINES = Items(INLINE, 0, None)

_SECTION = Shape({"elements": _INLINES})

PARTS = Typed(
    {
        "rich_text_section": _SECTION,
        "rich_text_list": Shape(
            {
                "style": Choice(("bullet", "ordered")),
                "elements": Items(Typed({"rich_text_section": _SECTION}), 0, None),
            },
            {"indent": Number(0), "offset": Number(0), "border": Number(0, 1)},
        ),
        "rich_text_preformatted": Shape(
            {"elements": _INLINES}, {"border": Number(0, 1), "language": Text(255)}
        ),
        "rich_text_quote": Shape({"elements": _INLINES}, {"border": Number(0, 1)}),
    }
)

RICH_TEXT = Shape({"elements": Items(PARTS, 1, None)}, {"block_id": ID})
RICH_TEXT_TYPE = Typed({"rich_text": RICH_TEXT})
