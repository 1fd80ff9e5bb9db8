"""The blocks, and which surface takes which.

Source: docs.slack.dev/reference/block-kit/blocks ("Available in surfaces").
"""

from collections.abc import Iterator, Mapping

from sandbox.blocks.composition import SLACK_FILE, TEXT_TYPES, any_text, plain_text
from sandbox.blocks.elements import (
    BUTTON,
    IMAGE,
    IN_ACTIONS,
    IN_CONTEXT_ACTIONS,
    IN_INPUT,
    IN_SECTION,
    OVERFLOW,
    URL_SOURCE,
    WORKFLOW_BUTTON,
)
from sandbox.blocks.problems import Problem
from sandbox.blocks.rich_text import RICH_TEXT, RICH_TEXT_TYPE
from sandbox.blocks.rules import (
    FLAG,
    ID,
    URL,
    Choice,
    Items,
    Json,
    Number,
    Rule,
    Shape,
    Text,
    Typed,
    not_both,
    one_of,
)
from sandbox.blocks.tables import DATA_TABLE, DATA_VISUALIZATION, TABLE

_BLOCK: Mapping[str, Rule] = {"block_id": ID}


def _no_file_upload_dispatch(block: Json, at: str) -> Iterator[Problem]:
    if block.get("dispatch_action") and block["element"]["type"] == "file_input":
        yield Problem(f"{at}/dispatch_action", "must not be true for a file_input")


SECTION = Shape(
    {},
    {
        **_BLOCK,
        "text": any_text(3000),
        "fields": Items(any_text(2000), 1, 10),
        "accessory": IN_SECTION,
        "expand": FLAG,
    },
    (one_of("text", "fields"),),
)
DIVIDER = Shape({}, _BLOCK)
HEADER = Shape({"text": plain_text(150)}, {**_BLOCK, "level": Number(1, 4)})
CONTEXT = Shape({"elements": Items(Typed({**TEXT_TYPES, "image": IMAGE}), 1, 10)}, _BLOCK)
ACTIONS = Shape({"elements": Items(IN_ACTIONS, 1, 25)}, _BLOCK)
CONTEXT_ACTIONS = Shape({"elements": Items(IN_CONTEXT_ACTIONS, 1, 5)}, _BLOCK)
INPUT = Shape(
    {"label": plain_text(2000), "element": IN_INPUT},
    {**_BLOCK, "hint": plain_text(2000), "optional": FLAG, "dispatch_action": FLAG},
    (_no_file_upload_dispatch,),
)
IMAGE_BLOCK = Shape(
    {"alt_text": Text(2000, least=0)},
    {
        **_BLOCK,
        "image_url": URL,
        "slack_file": SLACK_FILE,
        "title": plain_text(2000),
        # What Slack adds when it hands a block back, and takes when it is sent again:
        "fallback": Text(None, least=0),
        "image_width": Number(0),
        "image_height": Number(0),
        "image_bytes": Number(0),
        "is_animated": FLAG,
    },
    (one_of("image_url", "slack_file"), not_both("image_url", "slack_file")),
)
MARKDOWN = Shape({"text": Text(12_000)}, _BLOCK)
VIDEO = Shape(
    {
        "alt_text": Text(2000, least=0),
        "video_url": URL,
        "thumbnail_url": URL,
        "title": plain_text(199),
    },
    {
        **_BLOCK,
        "title_url": URL,
        "description": plain_text(199),
        "provider_icon_url": URL,
        "provider_name": Text(255),
        "author_name": Text(49),
    },
)
FILE = Shape({"external_id": Text(255), "source": Choice(("remote",))}, _BLOCK)
ALERT = Shape(
    {"text": any_text(200)},
    {**_BLOCK, "level": Choice(("default", "info", "warning", "error", "success"))},
)
CARD = Shape(
    {},
    {
        **_BLOCK,
        "hero_image": Typed({"image": IMAGE}),
        "icon": Typed({"image": IMAGE}),
        "title": any_text(150),
        "subtitle": any_text(150),
        "body": any_text(200),
        "subtext": any_text(200),
        "actions": Items(Typed({"button": BUTTON, "workflow_button": WORKFLOW_BUTTON}), 1, 3),
    },
    (one_of("hero_image", "title", "actions", "body"),),
)
CAROUSEL = Shape({"elements": Items(Typed({"card": CARD}), 1, 10)}, _BLOCK)
TASK_CARD = Shape(
    {
        "task_id": Text(255),
        "title": Text(None),
        "status": Choice(("pending", "in_progress", "complete", "error")),
    },
    {
        **_BLOCK,
        "details": RICH_TEXT_TYPE,
        "output": RICH_TEXT_TYPE,
        "sources": Items(Typed({"url": URL_SOURCE}), 1, None),
    },
)
PLAN = Shape(
    {"title": Text(None)}, {**_BLOCK, "tasks": Items(Typed({"task_card": TASK_CARD}), 1, None)}
)
AUTH_PROVIDER = Shape(
    {"value": Text(150), "name": plain_text(75), "is_connected": FLAG},
    {
        **_BLOCK,
        "description": plain_text(150),
        "icon_url": URL,
        "auth_url": URL,
        "disconnect_url": URL,
        "connected_identity": plain_text(75),
        "connected_context": plain_text(75),
        "accessory": Typed({"overflow": OVERFLOW}),
    },
)

_PLAIN: Mapping[str, Rule] = {
    "section": SECTION,
    "divider": DIVIDER,
    "header": HEADER,
    "context": CONTEXT,
    "actions": ACTIONS,
    "input": INPUT,
    "image": IMAGE_BLOCK,
    "rich_text": RICH_TEXT,
    "video": VIDEO,
    "alert": ALERT,
    "card": CARD,
    "carousel": CAROUSEL,
}


def _header_of_container(block: Json, at: str) -> Iterator[Problem]:
    if block.get("is_collapsible") and block.get("has_header_divider"):
        yield Problem(f"{at}/has_header_divider", "must not be true if `is_collapsible` is")


CONTAINER = Shape(
    {"child_blocks": Items(Typed(_PLAIN), 1, 10)},
    {
        **_BLOCK,
        "title": plain_text(150),
        "rich_text_title": RICH_TEXT_TYPE,
        "subtitle": any_text(150),
        "width": Choice(("narrow", "standard", "wide", "full")),
        "icon": Typed({"image": IMAGE}),
        "is_collapsible": FLAG,
        "default_collapsed": FLAG,
        "has_header_divider": FLAG,
    },
    (one_of("title", "rich_text_title"), _header_of_container),
)

IN_VIEW = Typed({**_PLAIN, "container": CONTAINER})
"""What modals and Home take."""

IN_MESSAGE = Typed(
    {
        **IN_VIEW.types,
        "context_actions": CONTEXT_ACTIONS,
        "markdown": MARKDOWN,
        "table": TABLE,
        "data_table": DATA_TABLE,
        "data_visualization": DATA_VISUALIZATION,
        "file": FILE,
        "task_card": TASK_CARD,
        "plan": PLAN,
        "auth_provider": AUTH_PROVIDER,
    }
)
"""What messages take: everything."""
