"""The answer modal's fields, made from the questions: each kind of answer has its own.

A field is named by its question's key; what a kind asks besides is `key.title`, `key.on`,
`key.still_true`. What cannot be an answer is refused at its field before the rules see it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Literal, Self

from babel.numbers import get_currency_precision
from pydantic import Field, StringConstraints, ValidationInfo, create_model, model_validator
from slack_sdk.models.blocks import (
    CheckboxesElement,
    DatePickerElement,
    NumberInputElement,
    Option,
    PlainTextInputElement,
    RadioButtonsElement,
)

from handlers.forms import Ask, Form, Wrong
from handlers.pipeline_review.evidence_values import READ, START, Value, check
from models.evidence import AnswerKind
from models.screens import Asked

YES = "yes"
_MOST_TEXT = 3000
_MOST_NAME = 200
_MOST_MONEY = Decimal(10) ** 12


@dataclass(frozen=True)
class _Field:
    """One input of a question: the suffix of its name, its type, how it is asked."""

    suffix: str
    type: Any
    ask: Ask


class AnswersForm(Form):
    """The answers to some questions, all optional, at least one. `asked` is set by `form_for`."""

    asked: ClassVar[tuple[Asked, ...]] = ()
    currency: ClassVar[str] = ""

    def given(self, before: Mapping[int, Value] | None = None) -> dict[int, Value]:
        """The answers by question id, without those that say what is there, or what was there
        `before`, when this person saw it."""
        found = {}
        for asked in self.asked:
            value = READ[asked.kind](self, asked.key)
            there = (asked.value, (before or {}).get(asked.question_id))
            if value is not None and value not in there:
                found[asked.question_id] = value
        return found

    def still_true(self) -> set[int]:
        """The questions whose earlier answer the owner confirms."""
        return {
            asked.question_id
            for asked in self.asked
            if getattr(self, f"{asked.key}.still_true", None)
        }

    @model_validator(mode="after")
    def _each(self, info: ValidationInfo) -> Self:
        today: date = (info.context or {})["today"]
        wrong: dict[str, str] = {}
        for asked in self.asked:
            wrong |= check(self, asked, today)
        if wrong:
            raise Wrong(wrong)
        return self

    def get(self, name: str) -> Any:
        return getattr(self, name, None)


def form_for(open_: Sequence[Asked], answered: Sequence[Asked], currency: str) -> type[AnswersForm]:
    """The form for these questions: a field for each, whether a modal shows it or not, and a tick
    for what is stale or was given on the owner's behalf."""
    fields: dict[str, Any] = {}
    for asked in (*open_, *answered):
        fields |= _fields(asked, currency)
    for asked in answered:
        if asked.stale or asked.given_by:
            fields |= _tick(asked)
    made: type[AnswersForm] = create_model("Answers", __base__=AnswersForm, **fields)
    made.asked = (*open_, *answered)
    made.currency = currency
    return made


def start(asked: Asked, currency: str) -> dict[str, Any]:
    """What stands in a question's fields at first: its current answer."""
    if asked.value is None:
        return {}
    return {
        name: value
        for name, value in START[asked.kind](asked.key, asked.value, currency).items()
        if value is not None
    }


def names(asked: Asked, currency: str) -> list[str]:
    """The names of a question's fields, in order."""
    return [*_fields(asked, currency)]


# --- fields of each kind


def _fields(asked: Asked, currency: str) -> dict[str, Any]:
    return {
        f"{asked.key}{field.suffix}": (
            Annotated[field.type | None, field.ask],
            Field(default=None),
        )
        for field in _FIELDS[asked.kind](asked.label, currency)
    }


def _tick(asked: Asked) -> dict[str, Any]:
    ticked = "That's right" if asked.given_by else "Still true"
    ask = Ask(asked.label, CheckboxesElement(options=[_option(YES, ticked)]))
    return {f"{asked.key}.still_true": (Annotated[list[str] | None, ask], Field(default=None))}


def _option(value: str, text: str, description: str = "") -> Option:
    return Option(value=value, label=text, description=description or None)


def _money_fields(label: str, currency: str) -> list[_Field]:
    digits = get_currency_precision(currency)
    amount = Annotated[Decimal, Field(gt=0, le=_MOST_MONEY, decimal_places=digits)]
    element = NumberInputElement(is_decimal_allowed=digits > 0)
    wrong = "An amount in figures, like 12000: above zero, below a trillion."
    return [_Field("", amount, Ask(label, element, f"In {currency}. An amount proves.", wrong))]


def _contact_fields(label: str, _currency: str) -> list[_Field]:
    text = Annotated[str, StringConstraints(max_length=_MOST_NAME)]
    hint = "Name and title together prove. “None” and “not yet” only fill."
    return [
        _Field(
            "", text, Ask(label, PlainTextInputElement(max_length=_MOST_NAME, placeholder="Name"))
        ),
        _Field(
            ".title",
            text,
            Ask(
                "Title",
                PlainTextInputElement(max_length=_MOST_NAME, placeholder="Such as CFO"),
                hint,
            ),
        ),
    ]


def _source_fields(label: str, _currency: str) -> list[_Field]:
    options = [
        _option("told", "Told by that person", "Proves"),
        _option("contact", "Through a contact", "Proves, marked second-hand"),
        _option("not_yet", "Not yet", "Only fills"),
    ]
    kind = Literal["told", "contact", "not_yet"]
    return [_Field("", kind, Ask(label, RadioButtonsElement(options=options)))]


def _met_fields(label: str, _currency: str) -> list[_Field]:
    options = [_option("yes", "Yes", "With its day: proves"), _option("no", "No", "Only fills")]
    return [
        _Field("", Literal["yes", "no"], Ask(label, RadioButtonsElement(options=options))),
        _Field(".on", date, Ask("Met on", DatePickerElement(), "If you have met.")),
    ]


def _meeting_fields(label: str, _currency: str) -> list[_Field]:
    options = [
        _option("booked", "Booked", "Proves until its day has passed"),
        _option("held", "Held", "Proves"),
        _option("none", "None yet", "Only fills"),
    ]
    kind = Literal["booked", "held", "none"]
    return [
        _Field("", kind, Ask(label, RadioButtonsElement(options=options))),
        _Field(".on", date, Ask("On", DatePickerElement(), "The day it is booked for, or was.")),
    ]


def _date_fields(label: str, _currency: str) -> list[_Field]:
    hint = "A day to come proves. One that has passed only fills."
    return [_Field("", date, Ask(label, DatePickerElement(), hint))]


def _text_fields(label: str, _currency: str) -> list[_Field]:
    text = Annotated[str, StringConstraints(max_length=_MOST_TEXT)]
    hint = "Their own words or a fact proves. “None” and “not yet” only fill."
    element = PlainTextInputElement(multiline=True, max_length=_MOST_TEXT)
    return [_Field("", text, Ask(label, element, hint))]


_FIELDS: dict[AnswerKind, Callable[[str, str], list[_Field]]] = {
    AnswerKind.MONEY: _money_fields,
    AnswerKind.CONTACT: _contact_fields,
    AnswerKind.SOURCE: _source_fields,
    AnswerKind.MET: _met_fields,
    AnswerKind.MEETING: _meeting_fields,
    AnswerKind.DATE: _date_fields,
    AnswerKind.TEXT: _text_fields,
}
