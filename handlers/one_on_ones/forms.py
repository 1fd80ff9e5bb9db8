"""What one-on-ones ask for in their modals, each declared once; Finish has its own file."""

from datetime import date, time, timedelta
from typing import Annotated, Self

from pydantic import AwareDatetime, Field, StringConstraints, ValidationInfo, model_validator
from slack_sdk.models.blocks import (
    CheckboxesElement,
    DatePickerElement,
    DateTimePickerElement,
    PlainTextInputElement,
    RadioButtonsElement,
    TimePickerElement,
)

from handlers.coaching.forms import Minutes
from handlers.forms import Ask, Form, Wrong
from models.one_on_ones import MOST_NOTES, MOST_REASON
from models.one_on_ones.points import MOST_CHARACTERS

_A_YEAR = timedelta(days=366)


class MoveForm(Form):
    """To one of the next free times, or to any other: what is filled in there counts."""

    free: Annotated[AwareDatetime | None, Ask("Next free times", RadioButtonsElement())] = None
    starts_at: Annotated[
        AwareDatetime | None,
        Ask(
            "Another time",
            DateTimePickerElement(),
            "In your own time zone. If you fill this in, it counts, even where a calendar is busy.",
        ),
    ] = None

    @property
    def chosen(self) -> AwareDatetime:
        found = self.starts_at or self.free
        assert found is not None, "the validator asks for one"
        return found

    @model_validator(mode="after")
    def _one(self) -> Self:
        if self.starts_at is None and self.free is None:
            raise Wrong({"starts_at": "Choose a time."})
        return self


class CancelForm(Form):
    reason: Annotated[
        Annotated[str, StringConstraints(max_length=MOST_REASON)],
        Ask("Why", PlainTextInputElement(multiline=True, max_length=MOST_REASON)),
    ]


class PointsForm(Form):
    """One point more, or own ones fewer."""

    text: Annotated[
        Annotated[str, StringConstraints(max_length=MOST_CHARACTERS)] | None,
        Ask("Add a point", PlainTextInputElement(max_length=MOST_CHARACTERS)),
    ] = None
    drop: Annotated[list[int], Ask("Drop yours", CheckboxesElement())] = Field(default_factory=list)

    @model_validator(mode="after")
    def _something(self) -> Self:
        if self.text is None and not self.drop:
            raise Wrong({"text": "Nothing to save yet: write a point."})
        return self


Notes = Annotated[
    Annotated[str, StringConstraints(max_length=MOST_NOTES)] | None,
    Ask(
        "Notes for next time",
        PlainTextInputElement(multiline=True, max_length=MOST_NOTES),
        "Only you see them, before the next one.",
    ),
]
"""A field of the notes' own form, and of that which finishes a one-on-one."""


class NotesForm(Form):
    notes: Notes = None


ROTATE = 0
"""Instead of a weekday: in rotation."""


class StandingForm(Form):
    weekday: Annotated[int, Ask("Weekday", RadioButtonsElement())]
    local_time: Annotated[time, Ask("At", TimePickerElement())]
    minutes: Minutes
    active_from: Annotated[
        date, Ask("From", DatePickerElement(), "The first one is on that day or after it.")
    ]

    @model_validator(mode="after")
    def _no_slip(self, info: ValidationInfo) -> Self:
        today = (info.context or {})["today"]
        if self.active_from < today:
            raise Wrong({"active_from": "Today or later, please."})
        if self.active_from - today > _A_YEAR:
            raise Wrong({"active_from": "Within a year, please."})
        return self
