"""What the settings at Home ask for, each modal declared once."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, ValidationInfo, model_validator
from slack_sdk.models.blocks import (
    CheckboxesElement,
    DatePickerElement,
    ExternalDataSelectElement,
)

from handlers.forms import FAR, Ask, Form, Wrong, is_far
from handlers.ids import Id


class DaysOffForm(Form):
    """Days out of office to come, in the person's own dates."""

    starts_on: Annotated[date, Ask("First day off", DatePickerElement())]
    ends_on: Annotated[
        date | None, Ask("Last day off", DatePickerElement(), "Empty: that one day.")
    ] = None

    @property
    def last(self) -> date:
        return self.ends_on or self.starts_on

    @model_validator(mode="after")
    def _to_come(self, info: ValidationInfo) -> Self:
        today: date = (info.context or {})["today"]
        if self.starts_on < today:
            raise Wrong({"starts_on": "Choose today or a day to come: what is over stays."})
        if is_far(self.starts_on, today):
            raise Wrong({"starts_on": FAR})
        return self


class CalendarForm(Form):
    """When a person works, and where: their days are counted there."""

    zone: Annotated[
        str,
        Ask(
            "Time zone",
            ExternalDataSelectElement(placeholder="Type a city or a country", min_query_length=0),
            "Your digest, quiet days and days off count in it.",
            loads=Id.FIND_ZONE,
        ),
    ]
    working_days: Annotated[
        list[str],
        Field(min_length=1),
        Ask("Working days", CheckboxesElement(), wrong="Choose one day at least."),
    ] = Field(default_factory=list, validate_default=True)
    holidays: Annotated[
        str,
        Ask(
            "Public holidays",
            ExternalDataSelectElement(placeholder="Type a country", min_query_length=0),
            "A one-on-one on such a day is planned for another day of the week, or excused.",
            loads=Id.FIND_HOLIDAYS,
        ),
    ]


class Remind(StrEnum):
    DAY_BEFORE = "day_before"
    AT_START = "at_start"


class RemindersForm(Form):
    remind: Annotated[
        list[Remind],
        Ask("Remind me of my one-on-ones", CheckboxesElement()),
    ] = Field(default_factory=list)
