"""Block elements: buttons, selects, pickers, inputs, images, and in which blocks each may stand.

Source: docs.slack.dev/reference/block-kit/block-elements.
"""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal

from sandbox.blocks.composition import (
    CONFIRM,
    CONVERSATION_FILTER,
    DISPATCH,
    INITIAL_AMONG_OPTIONS,
    OPTION,
    OPTION_GROUP,
    OPTION_WITH_MRKDWN,
    OPTION_WITH_URL,
    PLACEHOLDER,
    SLACK_FILE,
    STYLE,
    WORKFLOW,
    plain_text,
)
from sandbox.blocks.problems import Problem
from sandbox.blocks.rich_text import RICH_TEXT_TYPE
from sandbox.blocks.rules import (
    FLAG,
    ID,
    URL,
    Also,
    Choice,
    Items,
    Json,
    Number,
    Rule,
    Shape,
    Text,
    Typed,
    no_more_than,
    not_both,
    one_of,
)

DATE = Text(
    None, pattern=r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])", otherwise="must be YYYY-MM-DD"
)
TIME = Text(None, pattern=r"([01]\d|2[0-3]):[0-5]\d", otherwise="must be HH:mm")

_ACTION: Mapping[str, Rule] = {"action_id": ID}
_CONFIRMED: Mapping[str, Rule] = {**_ACTION, "confirm": CONFIRM}
_FOCUSED: Mapping[str, Rule] = {**_CONFIRMED, "focus_on_load": FLAG}
_MENU: Mapping[str, Rule] = {**_FOCUSED, "placeholder": PLACEHOLDER}
_TYPED: Mapping[str, Rule] = {
    **_ACTION,
    "placeholder": PLACEHOLDER,
    "focus_on_load": FLAG,
    "dispatch_action_config": DISPATCH,
}
_MULTI: Mapping[str, Rule] = {**_MENU, "max_selected_items": Number(1)}

_OPTIONS: Mapping[str, Rule] = {
    "options": Items(OPTION, 1, 100),
    "option_groups": Items(OPTION_GROUP, 1, 100),
}
_OPTIONS_RULES = (
    one_of("options", "option_groups"),
    not_both("options", "option_groups"),
    INITIAL_AMONG_OPTIONS,
)
_CONVERSATIONS: Mapping[str, Rule] = {
    "default_to_current_conversation": FLAG,
    "filter": CONVERSATION_FILTER,
}
_SLACK_ID = Text(255, pattern=r"[A-Z][A-Z0-9]*", otherwise="must be a valid id")
_IDS = Items(_SLACK_ID, 1, None)


def number(value: str) -> Decimal | None:
    """A decimal number from its text (no exponent, no separators), None if it is not one."""
    return Decimal(value) if re.fullmatch(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)", value) else None


class _NumberText:
    """A number written as text, as number_input has it."""

    def check(self, value: object, at: str) -> Iterator[Problem]:
        if not isinstance(value, str):
            yield Problem(at, "must provide a string", "wrong_type")
        elif number(value) is None:
            yield Problem(at, "must be a valid number")


def _number_range(element: Json, at: str) -> Iterator[Problem]:
    given = {
        key: parsed
        for key in ("min_value", "initial_value", "max_value")
        if key in element and (parsed := number(element[key])) is not None
    }
    values = [*given.values()]
    if values != sorted(values):
        key = "initial_value" if "initial_value" in given else "min_value"
        yield Problem(f"{at}/{key}", "must be between `min_value` and `max_value`")
    for key, value in given.items():
        if not element["is_decimal_allowed"] and value != value.to_integral_value():
            yield Problem(f"{at}/{key}", "must be a whole number")


def _initial_length(element: Json, at: str) -> Iterator[Problem]:
    most = element.get("max_length", 3000)
    if len(element.get("initial_value", "")) > most:
        yield Problem(f"{at}/initial_value", f"must be less than {most + 1} characters")


def _multi_within_most(key: str) -> Also:
    def check(element: Json, at: str) -> Iterator[Problem]:
        most = element.get("max_selected_items")
        if most is not None and len(element.get(key, ())) > most:
            yield Problem(f"{at}/{key}", f"no more than {most} items allowed")

    return check


_NUMBER = _NumberText()

IMAGE = Shape(
    {"alt_text": Text(2000, least=0)},
    {"image_url": URL, "slack_file": SLACK_FILE},
    (one_of("image_url", "slack_file"), not_both("image_url", "slack_file")),
)

BUTTON = Shape(
    {"text": plain_text(75)},
    {
        **_CONFIRMED,
        "url": URL,
        "value": Text(2000, least=0),
        "style": STYLE,
        "accessibility_label": Text(75),
        "agent_prompt": Text(4000),
    },
)

WORKFLOW_BUTTON = Shape(
    {"text": plain_text(75), "workflow": WORKFLOW},
    {**_ACTION, "style": STYLE, "accessibility_label": Text(75)},
)

OVERFLOW = Shape({"options": Items(OPTION_WITH_URL, 1, 5)}, _CONFIRMED)

CHOICES: Mapping[str, Rule] = {
    "radio_buttons": Shape(
        {"options": Items(OPTION_WITH_MRKDWN, 1, 10)},
        {**_FOCUSED, "initial_option": OPTION_WITH_MRKDWN},
        (INITIAL_AMONG_OPTIONS,),
    ),
    "checkboxes": Shape(
        {"options": Items(OPTION_WITH_MRKDWN, 1, 10)},
        {**_FOCUSED, "initial_options": Items(OPTION_WITH_MRKDWN, 1, 10)},
        (INITIAL_AMONG_OPTIONS,),
    ),
}

SELECTS: Mapping[str, Rule] = {
    "static_select": Shape({}, {**_MENU, **_OPTIONS, "initial_option": OPTION}, _OPTIONS_RULES),
    "external_select": Shape(
        {}, {**_MENU, "min_query_length": Number(0), "initial_option": OPTION}
    ),
    "users_select": Shape({}, {**_MENU, "initial_user": _SLACK_ID}),
    "conversations_select": Shape(
        {},
        {
            **_MENU,
            **_CONVERSATIONS,
            "initial_conversation": _SLACK_ID,
            "response_url_enabled": FLAG,
        },
    ),
    "channels_select": Shape(
        {}, {**_MENU, "initial_channel": _SLACK_ID, "response_url_enabled": FLAG}
    ),
}

MULTI_SELECTS: Mapping[str, Rule] = {
    "multi_static_select": Shape(
        {},
        {**_MULTI, **_OPTIONS, "initial_options": Items(OPTION, 1, 100)},
        (*_OPTIONS_RULES, _multi_within_most("initial_options")),
    ),
    "multi_external_select": Shape(
        {},
        {**_MULTI, "min_query_length": Number(0), "initial_options": Items(OPTION, 1, 100)},
        (_multi_within_most("initial_options"),),
    ),
    "multi_users_select": Shape(
        {}, {**_MULTI, "initial_users": _IDS}, (_multi_within_most("initial_users"),)
    ),
    "multi_conversations_select": Shape(
        {},
        {**_MULTI, **_CONVERSATIONS, "initial_conversations": _IDS},
        (_multi_within_most("initial_conversations"),),
    ),
    "multi_channels_select": Shape(
        {}, {**_MULTI, "initial_channels": _IDS}, (_multi_within_most("initial_channels"),)
    ),
}

DATE_PICKER = Shape({}, {**_MENU, "initial_date": DATE})
TIME_PICKER = Shape({}, {**_MENU, "initial_time": TIME, "timezone": Text(100)})
DATE_TIME_PICKER = Shape({}, {**_FOCUSED, "initial_date_time": Number(0, 9_999_999_999)})

INPUTS: Mapping[str, Rule] = {
    "plain_text_input": Shape(
        {},
        {
            **_TYPED,
            "initial_value": Text(3000, least=0),
            "multiline": FLAG,
            "min_length": Number(0, 3000),
            "max_length": Number(1, 3000),
        },
        (no_more_than("min_length", "max_length"), _initial_length),
    ),
    "rich_text_input": Shape({}, {**_TYPED, "initial_value": RICH_TEXT_TYPE}),
    "email_text_input": Shape({}, {**_TYPED, "initial_value": Text(3000, least=0)}),
    "url_text_input": Shape({}, {**_TYPED, "initial_value": Text(3000, least=0)}),
    "number_input": Shape(
        {"is_decimal_allowed": FLAG},
        {**_TYPED, "initial_value": _NUMBER, "min_value": _NUMBER, "max_value": _NUMBER},
        (_number_range,),
    ),
    "file_input": Shape(
        {}, {**_ACTION, "filetypes": Items(Text(20), 1, None)} | {"max_files": Number(1, 10)}
    ),
}

_FEEDBACK = Shape({"text": plain_text(75), "value": Text(2000)}, {"accessibility_label": Text(75)})
FEEDBACK_BUTTONS = Shape({"positive_button": _FEEDBACK, "negative_button": _FEEDBACK}, _ACTION)
ICON_BUTTON = Shape(
    {"icon": Choice(("trash",)), "text": plain_text(75)},
    {
        **_CONFIRMED,
        "value": Text(2000),
        "accessibility_label": Text(75),
        "visible_to_user_ids": Items(_SLACK_ID, 1, None),
    },
)
URL_SOURCE = Shape({"url": URL, "text": Text(None)}, {"icon_url": URL})

_EVERYWHERE: Mapping[str, Rule] = {
    **CHOICES,
    **SELECTS,
    **MULTI_SELECTS,
    "datepicker": DATE_PICKER,
    "timepicker": TIME_PICKER,
}
_PRESSED: Mapping[str, Rule] = {
    "button": BUTTON,
    "workflow_button": WORKFLOW_BUTTON,
    "overflow": OVERFLOW,
}

IN_ACTIONS = Typed({**_PRESSED, **_EVERYWHERE, "datetimepicker": DATE_TIME_PICKER})
"""What an actions block may hold. Text inputs may not stand there."""
IN_SECTION = Typed({**_PRESSED, **_EVERYWHERE, "image": IMAGE})
"""What may be a section's accessory."""
IN_INPUT = Typed({**_EVERYWHERE, **INPUTS, "datetimepicker": DATE_TIME_PICKER})
"""What an input block may hold."""
IN_CONTEXT_ACTIONS = Typed({"feedback_buttons": FEEDBACK_BUTTONS, "icon_button": ICON_BUTTON})

INTERACTIVE = frozenset(
    {*IN_ACTIONS.types, *IN_INPUT.types, *IN_CONTEXT_ACTIONS.types} - {"workflow_button"}
)
"""Elements that tell the app when somebody uses them."""
