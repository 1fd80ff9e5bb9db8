"""Hypothesis strategies: valid messages and views, and any JSON."""

from typing import Any

from hypothesis import strategies as st

from sandbox.blocks.elements import IN_INPUT
from sandbox.blocks.layouts import IN_MESSAGE
from tests.sandbox_rules.payloads import plain

Json = dict[str, Any]
Payloads = st.SearchStrategy[Json]

WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=20)
IDS = st.from_regex(r"[UCDG][A-Z0-9]{2,10}", fullmatch=True)
DATES = st.dates().map(lambda day: day.isoformat())
TIMES = st.times().map(lambda time: time.strftime("%H:%M"))
MOMENTS = st.integers(0, 9_999_999_999)
PLAIN = st.builds(
    lambda text, flag: plain(text) | flag, WORDS, st.sampled_from([{}, {"emoji": True}])
)
MRKDWN = WORDS.map(lambda text: {"type": "mrkdwn", "text": text})
TEXT = PLAIN | MRKDWN


def shaped(required: dict[str, Any], optional: dict[str, Any]) -> Payloads:
    """Objects with some of the optional keys."""
    return st.fixed_dictionaries(required, optional=optional)


def _typed(type_: str, required: dict[str, Any], optional: dict[str, Any]) -> Payloads:
    return shaped({"type": st.just(type_), **required}, optional)


def _options(text: Payloads, most: int) -> st.SearchStrategy[list[Json]]:
    option = shaped({"text": text, "value": WORDS}, {"description": PLAIN})
    return st.lists(option, min_size=1, max_size=most, unique_by=lambda option: option["value"])


CONFIRM = shaped(
    {"title": PLAIN, "text": TEXT, "confirm": PLAIN, "deny": PLAIN},
    {"style": st.sampled_from(["primary", "danger"])},
)
MENU: dict[str, Any] = {"confirm": CONFIRM, "placeholder": PLAIN}


@st.composite
def chosen_one(draw: st.DrawFn, type_: str, text: Payloads, most: int) -> Json:
    """A menu of options of which none or one is chosen at first."""
    options = draw(_options(text, most))
    placeholder = {"placeholder": draw(PLAIN)} if type_ == "static_select" else {}
    initial = draw(st.none() | st.sampled_from(options))
    chosen = {} if initial is None else {"initial_option": initial}
    return {"type": type_, "options": options, **placeholder, **chosen}


@st.composite
def chosen_many(draw: st.DrawFn, type_: str, text: Payloads, most: int) -> Json:
    """A menu of options of which some are chosen at first."""
    options = draw(_options(text, most))
    chosen = draw(st.lists(st.sampled_from(options), unique_by=lambda option: option["value"]))
    return {
        "type": type_,
        "options": options,
        **({"initial_options": chosen} if chosen else {}),
    }


@st.composite
def plain_text_inputs(draw: st.DrawFn) -> Json:
    """A text input whose first text fits its lengths."""
    text = draw(WORDS)
    least = draw(st.integers(0, len(text)))
    most = draw(st.integers(len(text), 3000))
    return {
        "type": "plain_text_input",
        "multiline": draw(st.booleans()),
        "min_length": least,
        "max_length": most,
        **draw(st.sampled_from([{}, {"initial_value": text}])),
    }


@st.composite
def number_inputs(draw: st.DrawFn) -> Json:
    """A number input whose first number is within its limits."""
    least, first, most = sorted(draw(st.tuples(*[st.integers(-1000, 1000)] * 3)))
    return {
        "type": "number_input",
        "is_decimal_allowed": draw(st.booleans()),
        "min_value": str(least),
        "max_value": str(most),
        **draw(st.sampled_from([{}, {"initial_value": str(first)}])),
    }


STATEFUL: Payloads = st.one_of(
    chosen_one("static_select", PLAIN, 8),
    chosen_one("radio_buttons", TEXT, 8),
    chosen_many("multi_static_select", PLAIN, 8),
    chosen_many("checkboxes", TEXT, 8),
    _typed("users_select", {}, {"initial_user": IDS, **MENU}),
    _typed("conversations_select", {}, {"initial_conversation": IDS, **MENU}),
    _typed("channels_select", {}, {"initial_channel": IDS, **MENU}),
    _typed("multi_users_select", {}, {"initial_users": st.lists(IDS, min_size=1)}),
    _typed("multi_channels_select", {}, {"initial_channels": st.lists(IDS, min_size=1)}),
    _typed("datepicker", {}, {"initial_date": DATES, **MENU}),
    _typed("timepicker", {}, {"initial_time": TIMES, **MENU}),
)
"""Elements that hold a value and stand in sections and actions as well as in inputs."""

TYPED: Payloads = st.one_of(
    plain_text_inputs(),
    number_inputs(),
    _typed("email_text_input", {}, {"initial_value": st.just("max@northwind.test")}),
    _typed("url_text_input", {}, {"initial_value": st.just("https://northwind.test/a")}),
    _typed("datetimepicker", {}, {"initial_date_time": MOMENTS}),
)
"""Elements that stand in inputs."""

BUTTONS: Payloads = _typed(
    "button",
    {"text": PLAIN},
    {"value": WORDS, "style": st.sampled_from(["primary", "danger"]), "confirm": CONFIRM},
)
OVERFLOWS: Payloads = _typed("overflow", {"options": _options(PLAIN, 5)}, {"confirm": CONFIRM})

INPUTS: Payloads = _typed(
    "input",
    {"label": PLAIN, "element": STATEFUL | TYPED},
    {"hint": PLAIN, "optional": st.booleans(), "dispatch_action": st.booleans()},
)
RICH_TEXTS: Payloads = WORDS.map(
    lambda text: {
        "type": "rich_text",
        "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}],
    }
)
BLOCKS: Payloads = st.one_of(
    INPUTS,
    _typed(
        "section",
        {"text": TEXT},
        {"accessory": STATEFUL | BUTTONS | OVERFLOWS, "expand": st.booleans()},
    ),
    _typed("section", {"fields": st.lists(TEXT, min_size=1, max_size=10)}, {}),
    _typed("header", {"text": PLAIN}, {}),
    _typed("context", {"elements": st.lists(TEXT, min_size=1, max_size=10)}, {}),
    _typed(
        "actions",
        {"elements": st.lists(STATEFUL | BUTTONS | OVERFLOWS, min_size=1, max_size=5)},
        {},
    ),
    RICH_TEXTS,
    st.just({"type": "divider"}),
)

MODALS: Payloads = _typed(
    "modal",
    {"title": PLAIN, "submit": PLAIN, "blocks": st.lists(BLOCKS, min_size=1, max_size=6)},
    {"close": PLAIN, "private_metadata": WORDS, "callback_id": WORDS},
)

_KEYS = ["type", "text", "blocks", "elements", "element", "accessory", "fields", "options"]
_MORE_KEYS = ["initial_option", "initial_value", "value", "label", "block_id", "action_id", "rows"]
SLACK_WORDS = st.sampled_from([*IN_MESSAGE.types, *IN_INPUT.types, "modal", *_KEYS, *_MORE_KEYS])
ANYTHING: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-5, 5)
    | st.floats()
    | st.text(max_size=5)
    | SLACK_WORDS,
    lambda inside: (
        st.lists(inside, max_size=4)
        | st.dictionaries(SLACK_WORDS | st.text(max_size=3), inside, max_size=6)
    ),
    max_leaves=25,
)
"""Any JSON, much of it in Slack's words."""


def places(value: object, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """The path of everything inside a JSON value."""
    found = [path]
    if isinstance(value, dict):
        for key, item in value.items():
            found += places(item, (*path, key))
    elif isinstance(value, list):
        for n, item in enumerate(value):
            found += places(item, (*path, n))
    return found


def replaced(value: Any, path: tuple[str | int, ...], other: Any) -> Any:
    """A copy with something else at a path."""
    if not path:
        return other
    copied = value.copy()
    copied[path[0]] = replaced(value[path[0]], path[1:], other)
    return copied


@st.composite
def damaged(draw: st.DrawFn, payloads: Payloads) -> Any:
    """A valid payload in which one thing is something else."""
    payload = draw(payloads)
    return replaced(payload, draw(st.sampled_from(places(payload))), draw(ANYTHING))
