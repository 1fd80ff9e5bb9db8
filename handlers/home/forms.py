"""What the settings at Home ask for, each modal declared once."""

from collections.abc import Mapping
from datetime import date, time, timedelta
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Self

from pydantic import AwareDatetime, Field, ValidationInfo, create_model, model_validator
from slack_sdk.models.blocks import (
    CheckboxesElement,
    DatePickerElement,
    DateTimePickerElement,
    ExternalDataSelectElement,
    PlainTextInputElement,
    StaticSelectElement,
    TimePickerElement,
    UserSelectElement,
)

from handlers import words
from handlers.forms import Ask, Form, Wrong, check_near
from handlers.ids import Id
from models.absences import ENTERED_LATE
from models.attention import Block, Snooze, Topic


class DaysOffForm(Form):
    """Days out of office, to come or not long over, in the person's own dates."""

    starts_on: Annotated[date, Ask("First day off", DatePickerElement())]
    ends_on: Annotated[
        date | None, Ask("Last day off", DatePickerElement(), "Empty: that one day.")
    ] = None

    @property
    def last(self) -> date:
        return self.ends_on or self.starts_on

    @model_validator(mode="after")
    def _near(self, info: ValidationInfo) -> Self:
        today = (info.context or {})["today"]
        earliest = today - timedelta(days=ENTERED_LATE)
        if self.starts_on < earliest:
            said = f"Choose a day from {words.day(earliest)} on: what is longer over stays."
            raise Wrong({"starts_on": said})
        check_near(self.starts_on, today)
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
            ExternalDataSelectElement(placeholder="Type a country", min_query_length=0),
            "Your digest, quiet days and days off count in it. Few cities are listed: type the"
            " country.",
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


class MessagesForm(Form):
    """Which messages a person gets, and when none; one selling block at a time is added."""

    remind: Annotated[
        list[Remind],
        Ask("Remind me of my one-on-ones", CheckboxesElement()),
    ] = Field(default_factory=list)
    topics: Annotated[
        list[Topic],
        Ask("Write to me about", CheckboxesElement(), "What you leave out stands at Home."),
    ] = Field(default_factory=list)
    quiet_from: Annotated[time | None, Ask("Quiet hours: from", TimePickerElement())] = None
    quiet_until: Annotated[
        time | None,
        Ask("Quiet hours: until", TimePickerElement(), "Every day. Both empty: none are quiet."),
    ] = None
    selling_days: Annotated[
        list[str],
        Ask("Add selling hours: days", CheckboxesElement(), "Nothing comes while you sell."),
    ] = Field(default_factory=list)
    selling_from: Annotated[time | None, Ask("Selling hours: from", TimePickerElement())] = None
    selling_until: Annotated[time | None, Ask("Selling hours: until", TimePickerElement())] = None
    snooze: Annotated[
        Snooze | None,
        Ask("Leave me alone", StaticSelectElement(placeholder="Not now")),
    ] = None
    snooze_until: Annotated[
        AwareDatetime | None,
        Ask("Or until", DateTimePickerElement(), "Two weeks at most."),
    ] = None

    @property
    def quiet(self) -> tuple[time, time] | None:
        if self.quiet_from is None or self.quiet_until is None:
            return None
        return self.quiet_from, self.quiet_until

    @property
    def selling(self) -> Block | None:
        if self.selling_from is None or self.selling_until is None:
            return None
        return Block("".join(sorted(self.selling_days)), self.selling_from, self.selling_until)

    @model_validator(mode="after")
    def _whole(self) -> Self:
        quiet = {"quiet_from": self.quiet_from, "quiet_until": self.quiet_until}
        selling = {
            "selling_days": self.selling_days,
            "selling_from": self.selling_from,
            "selling_until": self.selling_until,
        }
        wrong = _lacking(quiet, "Both times, or neither.")
        wrong |= _lacking(selling, "Days and both times, or none of them.")
        if self.snooze and self.snooze_until:
            wrong["snooze_until"] = "Choose one of the two."
        if wrong:
            raise Wrong(wrong)
        return self


def _lacking(fields: Mapping[str, object], said: str) -> dict[str, str]:
    """What is empty where something of it is filled."""
    empty = [name for name, value in fields.items() if not value]
    return dict.fromkeys(empty, said) if len(empty) < len(fields) else {}
