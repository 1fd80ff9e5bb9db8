"""What the settings at Home ask for, each modal declared once."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Self

from pydantic import Field, ValidationInfo, create_model, model_validator
from slack_sdk.models.blocks import (
    CheckboxesElement,
    DatePickerElement,
    ExternalDataSelectElement,
    PlainTextInputElement,
    UserSelectElement,
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


class CalendarAddressForm(Form):
    """Where a person's calendar can be asked."""

    address: Annotated[
        str,
        Ask(
            "iCal address",
            PlainTextInputElement(),
            "Begins with https:// or webcal://. In Google: Settings, your calendar, Secret address"
            " in iCal format. In Outlook: Settings, Shared calendars, Publish a calendar, ICS. In"
            " Apple's: Share calendar, Public calendar.",
        ),
    ]


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


class DeputiesForm(Form):
    """A person for each team; `asked` is set by `deputies_form`. Left empty: nothing is changed."""

    asked: ClassVar[dict[str, int]] = {}

    def chosen(self) -> dict[int, str]:
        """The Slack id chosen for each team, by its id."""
        found = ((team_id, getattr(self, name)) for name, team_id in self.asked.items())
        return {team_id: slack_id for team_id, slack_id in found if slack_id}


def deputies_form(team_names: Mapping[int, str]) -> type[DeputiesForm]:
    """The form for these teams, by id: one field each."""
    asked = {f"deputy_{team_id}": team_id for team_id in team_names}
    fields: dict[str, Any] = {
        name: (Annotated[str | None, _deputy(team_names[team_id])], None)
        for name, team_id in asked.items()
    }
    form = create_model("DeputiesFormOfTeams", __base__=DeputiesForm, **fields)
    form.asked = asked
    return form


def _deputy(team: str) -> Ask:
    hint = "A rep of the team, or another manager or leader."
    return Ask(f"Deputy of {team}", UserSelectElement(), hint)


class Remind(StrEnum):
    DAY_BEFORE = "day_before"
    AT_START = "at_start"


class RemindersForm(Form):
    remind: Annotated[
        list[Remind],
        Ask("Remind me of my one-on-ones", CheckboxesElement()),
    ] = Field(default_factory=list)
