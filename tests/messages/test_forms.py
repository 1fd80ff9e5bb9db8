"""A modal declared once: it renders, reads and explains itself."""

from datetime import UTC, date, datetime, time
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Self

import pytest
from pydantic import (
    AwareDatetime,
    Field,
    StringConstraints,
    ValidationError,
    ValidationInfo,
    model_validator,
)
from slack_sdk.models.blocks import (
    CheckboxesElement,
    DatePickerElement,
    DateTimePickerElement,
    NumberInputElement,
    PlainTextInputElement,
    RadioButtonsElement,
    StaticMultiSelectElement,
    StaticSelectElement,
    TimePickerElement,
    UserSelectElement,
)

from handlers.blocks import modal
from handlers.forms import Ask, Form, Option, Wrong, checked, entered
from handlers.ids import Id
from sandbox.blocks import validate_view
from sandbox.values import state
from tests.messages.made import TODAY


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


class Sample(Form):
    text: Annotated[
        str, StringConstraints(min_length=5), Ask("Next action", PlainTextInputElement(), "A hint.")
    ]
    colour: Annotated[Colour, Ask("Colour", RadioButtonsElement(), action=Id.CHOOSE_DECISION)]
    amount: Annotated[
        Annotated[Decimal, Field(gt=0)] | None,
        Ask("Amount", NumberInputElement(is_decimal_allowed=True), wrong="Above zero, please."),
    ] = None
    on: Annotated[date | None, Ask("On", DatePickerElement())] = None
    at: Annotated[time | None, Ask("At", TimePickerElement())] = None
    moment: Annotated[AwareDatetime | None, Ask("Moment", DateTimePickerElement())] = None
    owner: Annotated[str | None, Ask("Owner", UserSelectElement())] = None
    stage: Annotated[int | None, Ask("Stage", StaticSelectElement())] = None
    ticks: Annotated[list[int], Ask("Ticks", CheckboxesElement())] = Field(default_factory=list)
    others: Annotated[list[int], Ask("Others", StaticMultiSelectElement())] = Field(
        default_factory=list
    )

    @model_validator(mode="after")
    def _ahead(self, info: ValidationInfo) -> Self:
        if self.on and self.on <= (info.context or {})["today"]:
            raise Wrong({"on": "A day to come, please.", "at": "And its time."})
        return self


OPTIONS: dict[str, list[Option]] = {
    "colour": [("red", "Red", "like roses"), ("blue", "Blue")],
    "stage": [("1", "One"), ("2", "Two")],
    "ticks": [("1", "One"), ("2", "Two")],
    "others": [("3", "Three"), ("4", "Four")],
}
START: dict[str, Any] = {
    "text": "Send it",
    "colour": Colour.BLUE,
    "amount": Decimal("12000.50"),
    "on": date(2026, 12, 1),
    "at": time(9, 30),
    "moment": datetime(2026, 12, 1, 15, 0, tzinfo=UTC),
    "owner": "U0ANA",
    "stage": 2,
    "ticks": [2],
    "others": [3, 4],
}


def submitted(**values: Any) -> dict[str, Any]:
    """A view as Slack hands it back, with these values in its fields."""
    blocks = Sample.blocks(options=OPTIONS)
    held, _ = state(blocks, values)
    return {"state": {"values": held}}


def test_a_form_is_a_modal_that_slack_takes() -> None:
    blocks = Sample.blocks(options=OPTIONS, **START)
    assert validate_view(modal(Id.NOTE, "Sample", blocks, submit="Save")) == []
    assert [block["block_id"] for block in blocks] == [*Sample.model_fields]
    optional = {block["block_id"] for block in blocks if block["optional"]}
    assert optional == {"amount", "on", "at", "moment", "owner", "stage", "ticks", "others"}
    assert blocks[0]["hint"]["text"] == "A hint."
    assert blocks[1]["dispatch_action"] is True
    assert blocks[1]["element"]["action_id"] == "review.choose_decision"


def test_a_choice_is_handed_back_identical() -> None:
    for block in Sample.blocks(options=OPTIONS, **START):
        element = block["element"]
        if "initial_option" in element:
            assert element["initial_option"] in element["options"]
        for one in element.get("initial_options", ()):
            assert one in element["options"]


def test_what_was_shown_is_what_is_read() -> None:
    values = {
        "text": "Send it", "colour": "blue", "amount": "12000.5", "on": "2026-12-01", "at": "09:30",
        "moment": 1_796_137_200, "owner": "U0ANA", "stage": "2", "ticks": ["2"],
        "others": ["3", "4"],
    }  # fmt: skip
    form = Sample.read(submitted(**values), today=TODAY)
    assert form == Sample.model_validate(START, context={"today": TODAY})


def test_what_is_empty_is_left_out() -> None:
    assert entered(submitted(text="  ", colour="red", ticks=[])) == {"colour": "red"}


@pytest.mark.parametrize(
    ("values", "errors"),
    [
        ({"colour": "red"}, {"text": "This is needed."}),
        ({"colour": "red", "text": "x"}, {"text": "Say a little more: 5 characters at least."}),
        ({"text": "Send it", "colour": "red", "amount": "0"}, {"amount": "Above zero, please."}),
        (
            {"text": "Send it", "colour": "red", "on": "2026-11-25"},
            {"on": "A day to come, please.", "at": "And its time."},
        ),
    ],
)
def test_each_fault_is_said_at_its_field_in_our_words(
    values: dict[str, Any], errors: dict[str, str]
) -> None:
    with pytest.raises(Wrong) as wrong:
        checked(Sample, submitted(**values), today=TODAY)
    assert wrong.value.errors == errors


def test_pydantics_own_sentences_never_reach_people() -> None:
    with pytest.raises(ValidationError) as problem:
        Sample.model_validate(
            {"text": 1, "colour": "green", "on": "soon"}, context={"today": TODAY}
        )
    said = Sample.errors(problem.value)
    assert said == {
        "text": "This will not do. Please look at it again.",
        "colour": "Choose one of these.",
        "on": "A day, please, like 2026-11-26.",
    }


def test_only_some_fields() -> None:
    blocks = Sample.blocks(only=["on", "text"], hints={"on": "Soon."}, labels={"text": "Then"})
    assert [block["block_id"] for block in blocks] == ["text", "on"]
    assert blocks[0]["label"]["text"] == "Then"
    assert blocks[1]["hint"]["text"] == "Soon."
