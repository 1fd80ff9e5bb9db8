"""What people enter, in Slack's own form.

A value is what a person would have entered (docs/sandbox.md, "Values"): a string, a number, a
list, or None for nothing. Here it becomes `view.state.values`, an entry of `payload["actions"]`,
or a sentence at the field. Source: docs.slack.dev/reference/interaction-payloads and
/reference/block-kit/block-elements. The wording of Slack's own field errors is not documented;
the sentences here say the same.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sandbox.blocks import elements, walk
from sandbox.blocks.composition import options_of
from sandbox.blocks.elements import number
from sandbox.files import IN_A_MESSAGE, LARGEST_IN_FORM, suffix

Json = dict[str, Any]

REQUIRED = "Please complete this required field."
FILE_INPUT = "file_input"
NO_DATE = "Please enter a valid date."
_LONGEST_TEXT = 3000


class BadValue(Exception):
    """A value that no person could have entered: not among the options, or of a wrong kind."""


class Malformed(Exception):
    """A value that a person can enter but Slack does not take; says what the field then says."""


Read = Callable[[Json, Any], Any]
"""An element and what was entered: its value in Slack's form. None is never given to it."""


@dataclass(frozen=True)
class Kind:
    """How a type of element holds its value: under which key, from which initial one."""

    slot: str
    initial: str
    read: Read
    show: Callable[[Any], Any]
    """Slack's form back to what a person would have entered."""
    many: bool = False

    def empty(self) -> Any:
        """Nothing chosen, in Slack's form."""
        return [] if self.many else None


def _string(value: Any) -> str:
    if not isinstance(value, str):
        raise BadValue(f"must be a string: {value!r}")
    return value


def _text(element: Json, value: Any) -> str | None:
    text = _string(value)
    least, most = element.get("min_length", 0), element.get("max_length", _LONGEST_TEXT)
    if text and len(text) < least:
        raise Malformed(f"Please enter at least {least} {_characters(least)}.")
    if len(text) > most:
        raise Malformed(f"Please enter no more than {most} {_characters(most)}.")
    return text or None


def _characters(count: int) -> str:
    return "character" if count == 1 else "characters"


def _pattern(pattern: str, sentence: str) -> Read:
    compiled = re.compile(pattern)

    def read(_element: Json, value: Any) -> str | None:
        text = _string(value).strip()
        if text and not compiled.fullmatch(text):
            raise Malformed(sentence)
        return text or None

    return read


_email = _pattern(
    r"[^@\s,;<>]+@[^@\s,;<>.]+(\.[^@\s,;<>.]+)+", "Please enter a valid email address."
)
_url = _pattern(r"https?://[^\s/?#]+\S*", "Please enter a valid URL.")
_time_of_day = _pattern(r"([01]\d|2[0-3]):[0-5]\d", "Please enter a valid time.")


def _date(_element: Json, value: Any) -> str | None:
    text = _string(value)
    if not text:
        return None
    try:
        parsed = date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise Malformed(NO_DATE) from error
    if parsed != text:  # another ISO form, such as a week
        raise Malformed(NO_DATE)
    return text


def _number(element: Json, value: Any) -> str | None:
    text = str(value) if _is_number(value) else _string(value).strip()
    if not text:
        return None
    parsed = number(text)
    if parsed is None:
        raise Malformed("Please enter a valid number.")
    _within(element, parsed)
    return text


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _within(element: Json, parsed: Decimal) -> None:
    if not element.get("is_decimal_allowed") and parsed != parsed.to_integral_value():
        raise Malformed("Please enter a whole number.")
    least, most = element.get("min_value"), element.get("max_value")
    if least is not None and parsed < Decimal(least):
        raise Malformed(f"Please enter a number that is {least} or more.")
    if most is not None and parsed > Decimal(most):
        raise Malformed(f"Please enter a number that is {most} or less.")


def _seconds(_element: Json, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise BadValue(f"must be whole seconds since 1970: {value!r}")
    if not 0 <= value <= 9_999_999_999:
        raise Malformed("Please enter a valid date and time.")
    return value


def _option(element: Json, value: Any) -> Json:
    for option in options_of(element):
        if option["value"] == value:
            return option
    raise BadValue(f"is not among the options: {value!r}")


def _listed(read: Read) -> Read:
    def read_all(element: Json, value: Any) -> list[Any]:
        if not isinstance(value, list):
            raise BadValue(f"must be a list: {value!r}")
        most = element.get("max_selected_items")
        if most is not None and len(value) > most:
            raise Malformed(f"Please choose no more than {most}.")
        return [read(element, item) for item in value]

    return read_all


def _id(_element: Json, value: Any) -> str:
    text = _string(value)
    if not re.fullmatch(r"[A-Z][A-Z0-9]+", text):
        raise BadValue(f"must be an id: {value!r}")
    return text


def _rich_text(_element: Json, value: Any) -> Json | None:
    if isinstance(value, dict):
        return value
    text = _string(value)
    if not text:
        return None
    section = {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}
    return {"type": "rich_text", "elements": [section]}


def _external(_element: Json, value: Any) -> Json:
    if isinstance(value, dict) and isinstance(value.get("value"), str):
        return value
    raise BadValue(f"must be an option that the app offered: {value!r}")


def _given_files(element: Json, value: Any) -> list[Json]:
    """Files as {id, name, size}; which are somebody's own is asked before (given_files)."""
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        raise BadValue(f"must be a list of files: {value!r}")
    most, kinds = element.get("max_files", IN_A_MESSAGE), element.get("filetypes")
    if len(value) > most:
        raise Malformed(f"Please give no more than {most} {'file' if most == 1 else 'files'}.")
    allowed = {kind.lower().removeprefix(".") for kind in kinds or ()}
    for each in value:
        if allowed and suffix(each["name"]) not in allowed:
            listed = ", ".join(f".{kind}" for kind in sorted(allowed))
            raise Malformed(f"{each['name']} is of a type that is not taken here: {listed}.")
        if each["size"] > LARGEST_IN_FORM:
            raise Malformed(f"{each['name']} is larger than {LARGEST_IN_FORM // 1_000_000} MB.")
    return value


def _same(value: Any) -> Any:
    return value


def _value_of(option: Json) -> Any:
    return option["value"]


def _one_option(read: Read = _option, show: Callable[[Any], Any] = _value_of) -> Kind:
    return Kind("selected_option", "initial_option", read, show)


def _many_options(read: Read = _option, show: Callable[[Any], Any] = _value_of) -> Kind:
    def show_all(options: list[Json]) -> list[Any]:
        return [show(option) for option in options]

    return Kind("selected_options", "initial_options", _listed(read), show_all, many=True)


def _typed(read: Read) -> Kind:
    return Kind("value", "initial_value", read, _same)


def _one_id(noun: str) -> Kind:
    return Kind(f"selected_{noun}", f"initial_{noun}", _id, _same)


def _many_ids(noun: str) -> Kind:
    return Kind(f"selected_{noun}s", f"initial_{noun}s", _listed(_id), _same, many=True)


KINDS: Mapping[str, Kind] = {
    "plain_text_input": _typed(_text),
    "email_text_input": _typed(_email),
    "url_text_input": _typed(_url),
    "number_input": _typed(_number),
    "rich_text_input": Kind("rich_text_value", "initial_value", _rich_text, _same),
    "datepicker": Kind("selected_date", "initial_date", _date, _same),
    "timepicker": Kind("selected_time", "initial_time", _time_of_day, _same),
    "datetimepicker": Kind("selected_date_time", "initial_date_time", _seconds, _same),
    "static_select": _one_option(),
    "external_select": _one_option(_external, _same),
    "radio_buttons": _one_option(),
    "multi_static_select": _many_options(),
    "multi_external_select": _many_options(_external, _same),
    "checkboxes": _many_options(),
    "users_select": _one_id("user"),
    "conversations_select": _one_id("conversation"),
    "channels_select": _one_id("channel"),
    "multi_users_select": _many_ids("user"),
    "multi_conversations_select": _many_ids("conversation"),
    "multi_channels_select": _many_ids("channel"),
    FILE_INPUT: Kind("files", "initial_files", _given_files, _same, many=True),
}
"""Elements that hold a value. Buttons and overflow menus hold none."""


@dataclass(frozen=True)
class _Field:
    """An element that holds a value, and the block that it stands in."""

    block: Json
    element: Json
    kind: Kind

    @property
    def block_id(self) -> str:
        return str(self.block["block_id"])

    @property
    def action_id(self) -> str:
        return str(self.element["action_id"])

    @property
    def is_input(self) -> bool:
        return bool(self.block["type"] == "input")

    @property
    def key(self) -> str:
        return self.block_id if self.is_input else f"{self.block_id}/{self.action_id}"

    @property
    def keys(self) -> tuple[str, ...]:
        """All keys under which its value may be given."""
        full = f"{self.block_id}/{self.action_id}"
        return (self.block_id, full) if self.is_input else (full,)

    @property
    def required(self) -> bool:
        return self.is_input and not self.block.get("optional", False)

    def initial(self) -> Any:
        return self.element.get(self.kind.initial, self.kind.empty())

    def entered(self, values: Mapping[str, Any]) -> Any:
        """Its value in Slack's form. Raises BadValue, Malformed."""
        for key in self.keys:
            if key in values:
                given = values[key]
                return self.kind.empty() if given is None else self.kind.read(self.element, given)
        return self.initial()


def _fields(blocks: object) -> Iterator[_Field]:
    for _, block in walk(blocks):
        for _, element in elements(block):
            kind = KINDS.get(element["type"])
            if kind is not None:
                yield _Field(block, element, kind)


def state(view_blocks: list[Any], values: Mapping[str, Any]) -> tuple[Json, dict[str, str]]:
    """`view.state.values`, and Slack's own sentences for the fields that stop a submission.

    The blocks have their ids filled in. A key that is absent leaves the initial value, None
    empties the field. A malformed value stands in the state as it was entered. Raises BadValue.
    """
    held: Json = {}
    errors: dict[str, str] = {}
    for field in _fields(view_blocks):
        try:
            value = field.entered(values)
            if field.required and value in (None, []):
                errors[field.block_id] = REQUIRED
        except Malformed as malformed:
            errors[field.block_id] = str(malformed)
            value = next(values[key] for key in field.keys if key in values)
        except BadValue as bad:
            raise BadValue(f"{field.key}: {bad}") from bad
        entry = {"type": field.element["type"], field.kind.slot: value}
        held.setdefault(field.block_id, {})[field.action_id] = entry
    return held, errors


def defaults(blocks: list[Any]) -> dict[str, Any]:
    """What the form shows at first: each field's key and its value, None for nothing."""
    shown: dict[str, Any] = {}
    for field in _fields(blocks):
        initial = field.initial()
        shown[field.key] = None if initial is None else field.kind.show(initial)
    return shown


def unknown(blocks: list[Any], values: Mapping[str, Any]) -> list[str]:
    """The keys of `values` under which no field of these blocks is found."""
    known = {key for field in _fields(blocks) for key in field.keys}
    return [key for key in values if key not in known]


def keys_of(blocks: list[Any], type: str) -> list[str]:
    """All keys of the fields of one type."""
    return [key for field in _fields(blocks) if field.element["type"] == type for key in field.keys]


def by_key(blocks: list[Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """The values under the one key that each field has; of two for a field, the later one."""
    main = {key: field.key for field in _fields(blocks) for key in field.keys}
    return {main[key]: value for key, value in values.items() if key in main}


_TOLD = (
    "text",
    "value",
    "style",
    "url",
    "placeholder",
    "confirm",
    "timezone",
    "min_query_length",
)
"""What an entry of `actions` repeats of its element, besides initial values."""


def action(element: Json, block_id: str, value: Any, action_ts: str) -> Json:
    """The entry of `payload["actions"]` for the use of an element.

    `value` is what was chosen or entered (None for a button); `action_ts` is seconds with six
    decimals, as Slack's. Raises BadValue, and Malformed where a dispatching input was filled in
    wrongly.
    """
    entry = {
        "type": element["type"],
        "action_id": element["action_id"],
        "block_id": block_id,
        **{key: element[key] for key in _TOLD if key in element},
        "action_ts": action_ts,
    }
    if element["type"] == "overflow":
        return {**entry, "selected_option": _option(element, value)}
    if element["type"] in ("feedback_buttons", "icon_button"):
        return _pressed(element, entry, value)
    kind = KINDS.get(element["type"])
    if kind is None:
        return entry
    if kind.initial in element:
        entry[kind.initial] = element[kind.initial]
    entry[kind.slot] = kind.empty() if value is None else kind.read(element, value)
    return entry


def _pressed(element: Json, entry: Json, value: Any) -> Json:
    """The entry of an icon button, or of one of two feedback buttons, chosen by its value."""
    if element["type"] == "icon_button":
        return entry
    for button in (element["positive_button"], element["negative_button"]):
        if button["value"] == value:
            return {**entry, "text": button["text"], "value": button["value"]}
    raise BadValue(f"is not among the buttons: {value!r}")
