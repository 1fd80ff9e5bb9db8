"""Composition objects: text, options, confirm dialogs and their like.

Source: docs.slack.dev/reference/block-kit/composition-objects.
"""

from collections.abc import Iterable, Iterator

from sandbox.blocks.problems import Problem
from sandbox.blocks.rules import (
    FLAG,
    URL,
    Also,
    Choice,
    Items,
    Json,
    Rule,
    Shape,
    Text,
    Typed,
    not_both,
    one_of,
)


def _plain(most: int | None) -> Shape:
    return Shape({"text": Text(most)}, {"emoji": FLAG})


def _mrkdwn(most: int | None) -> Shape:
    return Shape({"text": Text(most)}, {"verbatim": FLAG})


def plain_text(most: int | None) -> Rule:
    """A text object that must be `plain_text`."""
    return Typed({"plain_text": _plain(most)})


def any_text(most: int | None) -> Rule:
    """A text object, `plain_text` or `mrkdwn`."""
    return Typed({"plain_text": _plain(most), "mrkdwn": _mrkdwn(most)})


TEXT_TYPES = {"plain_text": _plain(3000), "mrkdwn": _mrkdwn(3000)}
"""Text objects as elements of a context block."""

STYLE = Choice(("primary", "danger"))

CONFIRM = Shape(
    {
        "title": plain_text(100),
        "text": any_text(300),
        "confirm": plain_text(30),
        "deny": plain_text(30),
    },
    {"style": STYLE},
)

OPTION = Shape(
    {"text": plain_text(75), "value": Text(150)},
    {"description": plain_text(75)},
)
OPTION_WITH_URL = Shape(
    {"text": plain_text(75), "value": Text(150)},
    {"description": plain_text(75), "url": URL},
)
"""Of an overflow menu."""
OPTION_WITH_MRKDWN = Shape(
    {"text": any_text(75), "value": Text(150)},
    {"description": any_text(75)},
)
"""Of radio buttons and checkboxes."""

OPTION_GROUP = Shape({"label": plain_text(75), "options": Items(OPTION, 1, 100)})

PLACEHOLDER = plain_text(150)

DISPATCH = Shape(
    {
        "trigger_actions_on": Items(
            Choice(("on_enter_pressed", "on_character_entered")), least=1, most=2
        )
    }
)

CONVERSATION_FILTER = Shape(
    {},
    {
        "include": Items(Choice(("im", "mpim", "private", "public")), 1, None),
        "exclude_external_shared_channels": FLAG,
        "exclude_bot_users": FLAG,
    },
    (one_of("include", "exclude_external_shared_channels", "exclude_bot_users"),),
)

SLACK_FILE = Shape({}, {"id": Text(255), "url": URL}, (one_of("id", "url"), not_both("id", "url")))

WORKFLOW = Shape(
    {
        "trigger": Shape(
            {"url": URL},
            {
                "customizable_input_parameters": Items(
                    Shape({"name": Text(None), "value": Text(None)}), 0, None
                )
            },
        )
    }
)


def options_of(element: Json) -> Iterator[Json]:
    """All options of an element, in groups or not."""
    yield from element.get("options", ())
    for group in element.get("option_groups", ()):
        yield from group["options"]


def _same(option: Json) -> tuple[str, str]:
    return option["value"], option["text"]["text"]


def _initial(element: Json) -> Iterable[tuple[str, Json]]:
    if "initial_option" in element:
        yield "initial_option", element["initial_option"]
    for n, option in enumerate(element.get("initial_options", ())):
        yield f"initial_options/{n}", option


def _initial_among_options(element: Json, at: str) -> Iterator[Problem]:
    known = {_same(option) for option in options_of(element)}
    for path, option in _initial(element):
        if _same(option) not in known:
            yield Problem(f"{at}/{path}", "must match one of the provided options")


INITIAL_AMONG_OPTIONS: Also = _initial_among_options
"""`initial_option` and `initial_options` must exactly match some of the options."""
