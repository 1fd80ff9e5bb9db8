"""A modal is declared once, as a pydantic model: it renders, reads and explains itself.

`class NextAction(Form): text: Annotated[str, Ask("Next action", PlainTextInputElement())]`:
`NextAction.blocks(text=…)` are its input blocks (block_id = the field's name), `NextAction.read`
parses `view.state.values`, `NextAction.errors` turns a ValidationError into a sentence per field.
Pydantic's own sentences never reach people.
"""

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from enum import Enum
from typing import Any, Self, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError
from slack_sdk.models.blocks import InputInteractiveElement
from slack_sdk.models.blocks import Option as SlackOption

from handlers import words
from handlers.ids import Id

Json = dict[str, Any]
Option = tuple[str, str] | tuple[str, str, str]  # value, text, and a description if there is one

_OPTION = 75  # docs.slack.dev: characters of an option's text, and of its description


@dataclass(frozen=True)
class Ask:
    """How a field is asked for. `wrong` is said when its value will not do; else a general word.

    `action`: choosing here tells the bot at once, under this id. `loads`: an external select, whose
    options the bot is asked for under this id; it starts with a value and its text.
    """

    label: str
    element: InputInteractiveElement
    hint: str = ""
    wrong: str = ""
    action: Id | None = None
    loads: Id | None = None


class Wrong(ValueError):
    """What a person entered will not do: a sentence for each field that it concerns."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__(", ".join(errors))
        self.errors = dict(errors)


FAR = "That is years away. Is the year right?"
_FAR_DAYS = 3 * 366


def is_far(on: date, today: date) -> bool:
    """Whether a date is so far away, before or after, that it must be a slip."""
    return abs((on - today).days) > _FAR_DAYS


def check_to_come(starts_on: date, today: date) -> None:
    """Raises `Wrong` at `starts_on`, for days that are entered ahead."""
    if starts_on < today:
        raise Wrong({"starts_on": "Choose today or a day to come: what is over stays."})
    check_near(starts_on, today)


def check_near(starts_on: date, today: date) -> None:
    """Raises `Wrong` at `starts_on`, for a slip of years."""
    if is_far(starts_on, today):
        raise Wrong({"starts_on": FAR})


class Form(BaseModel):
    """The fields of a modal. `today` (the team's) is in the validation context under that name."""

    model_config = ConfigDict(frozen=True, str_strip_whitespace=True, extra="ignore")

    @classmethod
    def asks(cls) -> dict[str, Ask]:
        return {
            name: ask
            for name, field in cls.model_fields.items()
            for ask in field.metadata
            if isinstance(ask, Ask)
        }

    @classmethod
    def blocks(
        cls,
        *,
        only: Iterable[str] | None = None,
        options: Mapping[str, Sequence[Option]] | None = None,
        labels: Mapping[str, str] | None = None,
        hints: Mapping[str, str] | None = None,
        **start: Any,
    ) -> list[Json]:
        """The input blocks, filled with `start`; `only` some fields, in their order."""
        wanted = None if only is None else set(only)
        return [
            _input_block(
                name,
                ask,
                label=(labels or {}).get(name, ask.label),
                hint=(hints or {}).get(name, ask.hint),
                options=(options or {}).get(name),
                optional=not cls.model_fields[name].is_required(),
                start=start.get(name),
            )
            for name, ask in cls.asks().items()
            if wanted is None or name in wanted
        ]

    @classmethod
    def read(cls, view: Mapping[str, Any], *, today: date) -> Self:
        """What was entered; raises ValidationError."""
        return cls.model_validate(entered(view), context={"today": today})

    @classmethod
    def errors(cls, problem: ValidationError) -> dict[str, str]:
        """A sentence for each field that is wrong, in our words."""
        found: dict[str, str] = {}
        for error in problem.errors():
            cause = error.get("ctx", {}).get("error")
            if isinstance(cause, Wrong):
                found |= cause.errors
                continue
            name = str(error["loc"][0]) if error["loc"] else ""
            ask = cls.asks().get(name)
            own = ask.wrong if ask and error["type"] != "missing" else ""
            found[name] = own or _sentence(error["type"], error.get("ctx", {}))
        return found


F = TypeVar("F", bound=Form)


def checked(form: type[F], view: Mapping[str, Any], *, today: date) -> F:
    """What was entered, or `Wrong` with a sentence for each field."""
    try:
        return form.read(view, today=today)
    except ValidationError as problem:
        raise Wrong(form.errors(problem)) from problem


# --- rendering


def _input_block(
    name: str,
    ask: Ask,
    *,
    label: str,
    hint: str,
    options: Sequence[Option] | None,
    optional: bool,
    start: Any,
) -> Json:
    template = copy(ask.element)
    if options is not None:
        template.options = [_sdk_option(*one) for one in options]  # type: ignore[attr-defined]
    element = dict(template.to_dict())
    element["action_id"] = str(ask.loads or ask.action or Id.FIELD)
    if start is not None and start != []:
        _fill(element, start)
    block: Json = {
        "type": "input",
        "block_id": name,
        "label": plain(label),
        "element": element,
        "optional": optional,
    }
    if ask.action:
        block["dispatch_action"] = True
    return block | ({"hint": plain(hint)} if hint else {})


def _sdk_option(value: str, text: str, description: str = "") -> SlackOption:
    return SlackOption(
        value=str(value),
        label=words.cut(text, _OPTION),
        description=words.cut(description, _OPTION) or None,
    )


def plain(text: str, most: int = 2000) -> Json:
    return {"type": "plain_text", "text": words.cut(text, most), "emoji": True}


def option(value: str, text: str, description: str = "") -> Json:
    """An option of a select, radio or checkbox, cut to what Slack takes."""
    made: Json = {"text": plain(text, _OPTION), "value": value}
    return made | ({"description": plain(description, _OPTION)} if description else {})


_INITIAL = {
    "plain_text_input": "initial_value",
    "number_input": "initial_value",
    "datepicker": "initial_date",
    "timepicker": "initial_time",
    "users_select": "initial_user",
    "channels_select": "initial_channel",
    "conversations_select": "initial_conversation",
}


def _fill(element: Json, start: Any) -> None:
    """Puts a start value in the element; selects hand back the identical option."""
    kind = element["type"]
    if kind == "datetimepicker":
        element["initial_date_time"] = int(start.timestamp())
        return
    if kind in _INITIAL:
        # Slack refuses a form whose start value is longer than the field takes
        element[_INITIAL[kind]] = _as_text(start)[: element.get("max_length")]
        return
    if kind == "external_select":
        element["initial_option"] = option(*start)
        return
    if kind == "multi_users_select":
        element["initial_users"] = [_as_text(one) for one in start]
        return
    several = kind in {"checkboxes", "multi_static_select"}
    wanted = {_as_text(one) for one in (start if several else [start])}
    chosen = [one for one in element["options"] if one["value"] in wanted]
    if chosen and several:
        element["initial_options"] = chosen
    elif chosen:
        element["initial_option"] = chosen[0]


def _as_text(value: Any) -> str:
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return str(value)


# --- reading


def entered(view: Mapping[str, Any]) -> dict[str, Any]:
    """What stands in a view's inputs, by field; what is empty is left out."""
    values: dict[str, Any] = {}
    for block_id, actions in view.get("state", {}).get("values", {}).items():
        for state in actions.values():
            value = _value(state)
            if value not in (None, "", []):
                values[field_of(block_id)] = value
    return values


def anew(blocks: Iterable[Json], turn: int) -> list[Json]:
    """The same inputs, which start anew where a modal that stands is drawn again: Slack keeps what
    was entered in a block of the same id."""
    return [
        block | {"block_id": f"{block['block_id']}~{turn}"} if block["type"] == "input" else block
        for block in blocks
    ]


def field_of(block_id: str) -> str:
    """The field of an input, whichever turn of it this is."""
    return block_id.partition("~")[0]


_ENTERED = (
    "value", "selected_date", "selected_time", "selected_date_time", "selected_user",
    "selected_channel", "selected_conversation",
)  # fmt: skip


def _value(state: Mapping[str, Any]) -> Any:
    if state.get("selected_option"):
        return state["selected_option"]["value"]
    if "selected_options" in state:
        return [one["value"] for one in state["selected_options"] or ()]
    if "selected_users" in state:
        return list(state["selected_users"] or ())
    for key in _ENTERED:
        if state.get(key) is not None:
            value = state[key]
            return value.strip() if isinstance(value, str) else value
    return None


# --- explaining

_SENTENCES = {
    "missing": "This is needed.",
    "string_too_short": "Say a little more: {min_length} characters at least.",
    "string_too_long": "Shorter, please: {max_length} characters at most.",
    "literal_error": "Choose one of these.",
    "enum": "Choose one of these.",
    "decimal_parsing": "A number, please, like 12000.",
    "finite_number": "A number, please, like 12000.",
    "decimal_max_digits": "That number is too large.",
    "decimal_max_places": "Not more than {decimal_places} decimals.",
    "greater_than_equal": "Not less than {ge}.",
    "less_than_equal": "Not more than {le}.",
    "too_short": "Choose at least {min_length}.",
    "too_long": "Choose at most {max_length}.",
    "date_from_datetime_parsing": "A day, please, like 2026-11-26.",
    "date_parsing": "A day, please, like 2026-11-26.",
    "time_parsing": "A time, please, like 15:30.",
}


def _sentence(kind: str, facts: Mapping[str, Any]) -> str:
    known = _SENTENCES.get(kind)
    said = {name: f"{one:,}" if isinstance(one, Decimal) else one for name, one in facts.items()}
    return known.format(**said) if known else "This will not do. Please look at it again."
