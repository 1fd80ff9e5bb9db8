"""What the steps of a forecast ask: money per person, numbers per rep, lines of an agenda.

The fields of a person are named by their id, so that another page starts anew.
"""

import re
from collections.abc import Iterable
from typing import Annotated, Any, ClassVar

from babel.numbers import get_currency_precision
from pydantic import BaseModel, BeforeValidator, Field, ValidationInfo, create_model
from slack_sdk.models.blocks import NumberInputElement, PlainTextInputElement

from crm.problems import Unusable
from handlers import words
from handlers.amounts import read_money, typed_money
from handlers.forms import Ask, Form, Wrong
from models.forecast import MOST, Figures, Numbers, Tier

_EXAMPLE = 120_000  # in whole units
_MOST_TYPED = 40  # characters of an amount
_MOST_AGENDA = 3000  # docs.slack.dev: characters of a plain_text_input
_BULLET = re.compile(r"^\s*(?:\*(?:\s+|$)|[-•–]\s*)+")

LABELS = {Tier.COMMIT: "commit", Tier.BEST_CASE: "best case", Tier.PIPELINE: "pipeline"}


class FlowMeta(BaseModel):
    """Which forecast a form is about, and whose entries it asks. `editing`: that step alone.

    `seen`: the ids of the entries that it shows, by person; `items`: of the agenda's lines. None in
    a form of an earlier version.
    """

    forecast: int
    page: int = 0
    people: list[int] = []
    editing: bool = False
    home: bool = False
    seen: dict[int, int] | None = None
    items: list[int] | None = None


def money_field(person_id: int, tier: Tier) -> str:
    return f"{tier}_{person_id}"


class LinesOfPage(Form):
    """Three amounts for each person; `people` is set by `lines_form`."""

    people: ClassVar[tuple[int, ...]] = ()

    def given(self) -> dict[int, Figures]:
        """Minor units by person."""
        return {
            each: Figures(*(getattr(self, money_field(each, tier)) for tier in Tier))
            for each in self.people
        }


def lines_form(person_ids: Iterable[int], currency: str, locale: str) -> type[LinesOfPage]:
    """The form for these people, read as their team writes money."""

    def read(value: object, info: ValidationInfo) -> int:
        try:
            return read_money(str(value), currency, locale)
        except Unusable as problem:
            said = f"“{words.said(str(value), _MOST_TYPED)}” {problem.says}."
            whole = 10 ** get_currency_precision(currency)
            like = typed_money(_EXAMPLE * whole, currency, locale)
            raise Wrong({str(info.field_name): f"{said} Like {like}, please."}) from None

    people = tuple(person_ids)
    element = PlainTextInputElement(max_length=_MOST_TYPED)
    asks = {tier: Ask(label, element) for tier, label in LABELS.items()}
    fields: dict[str, Any] = {
        money_field(each, tier): (Annotated[int, BeforeValidator(read), asks[tier]], ...)
        for each in people
        for tier in Tier
    }
    form = create_model("LinesOfThisPage", __base__=LinesOfPage, **fields)
    form.people = people
    return form


def number_field(person_id: int, what: str) -> str:
    return f"{what}_{person_id}"


class CommitmentsOfPage(Form):
    """Two numbers for each rep; `people` is set by `commitments_form`."""

    people: ClassVar[tuple[int, ...]] = ()

    def given(self) -> dict[int, Numbers]:
        return {
            each: Numbers(
                getattr(self, number_field(each, "activities")),
                getattr(self, number_field(each, "conversions")),
            )
            for each in self.people
        }


_WRONG = f"A whole number from 1 to {MOST}; empty: none is agreed."
NUMBERS = {"activities": "activities", "conversions": "deals that advance a stage"}
_Number = Annotated[int, Field(ge=1, le=MOST)]


def commitments_form(person_ids: Iterable[int]) -> type[CommitmentsOfPage]:
    """The form for these reps."""
    people = tuple(person_ids)
    asks = {
        what: Ask(
            label,
            NumberInputElement(is_decimal_allowed=False, min_value="1", max_value=str(MOST)),
            wrong=_WRONG,
        )
        for what, label in NUMBERS.items()
    }
    fields: dict[str, Any] = {
        number_field(each, what): (Annotated[_Number | None, asks[what]], None)
        for each in people
        for what in NUMBERS
    }
    form = create_model("CommitmentsOfThisPage", __base__=CommitmentsOfPage, **fields)
    form.people = people
    return form


class AgendaLines(Form):
    agenda: Annotated[
        str,
        Ask(
            "For Monday's health check",
            PlainTextInputElement(multiline=True, max_length=_MOST_AGENDA),
            "One thing per line, ten at most. The channel reads it: nothing about one person's"
            " numbers.",
        ),
    ] = ""

    def lines(self) -> list[str]:
        """Without bullets, empty lines and what says the same again."""
        said = (" ".join(_BULLET.sub("", line).split()) for line in self.agenda.splitlines())
        return list(dict.fromkeys(line for line in said if line))
