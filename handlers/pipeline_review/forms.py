"""What the review asks for in its modals, each declared once."""

from datetime import date, time
from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, StringConstraints, ValidationInfo, model_validator
from slack_sdk.models.blocks import (
    CheckboxesElement,
    DatePickerElement,
    PlainTextInputElement,
    RadioButtonsElement,
    StaticMultiSelectElement,
    StaticSelectElement,
    TimePickerElement,
    UserSelectElement,
)

from handlers.forms import FAR, Ask, Form, Wrong, is_far
from handlers.ids import Id
from models.pipeline_review import DecisionKind, Removal

MOST_REASON = 1000
MOST_NEXT = 500
_NEEDED = "This is needed."


# --- which team


class TeamForm(Form):
    team: Annotated[int, Ask("Team", StaticSelectElement(placeholder="Choose a team"))]


# --- starting


class When(StrEnum):
    LIVE = "live"
    BY = "by"


class PickForm(Form):
    """Which deals."""

    picked: Annotated[list[int], Ask("Picked, each with its reason", CheckboxesElement())] = Field(
        default_factory=list
    )
    others: Annotated[
        list[int],
        Ask("Add others", StaticMultiSelectElement(placeholder="Open deals")),
    ] = Field(default_factory=list)

    def deal_ids(self) -> list[int]:
        return list(dict.fromkeys([*self.picked, *self.others]))


class StartForm(PickForm):
    """Which deals, and whether deciding begins now or at a moment to come."""

    when: Annotated[When, Ask("Deciding", RadioButtonsElement(), action=Id.CHOOSE_TIME)]
    on: Annotated[date | None, Ask("Answers by", DatePickerElement())] = None
    at: Annotated[time | None, Ask("At", TimePickerElement(), "In the team's time.")] = None

    @model_validator(mode="after")
    def _moment(self) -> Self:
        if self.when is When.BY:
            missing = {"on": self.on, "at": self.at}
            if wrong := {name: _NEEDED for name, value in missing.items() if value is None}:
                raise Wrong(wrong)
        return self


# --- deciding

CONSTANT = ("decision",)
NEXT = ("next_text", "next_owner", "next_due")
FIELDS: dict[DecisionKind, tuple[str, ...]] = {
    DecisionKind.ADVANCE: NEXT,
    DecisionKind.DEMOTE: ("to_stage", "reason", *NEXT),
    DecisionKind.RE_DATE: ("close_on", "reason", *NEXT),
    DecisionKind.HOLD: ("reason", *NEXT),
    DecisionKind.REMOVE: ("removal", "reason"),
}
"""What each decision asks for, beside the decision itself."""


class DecisionForm(Form):
    """A decision, what it needs, and the next action. Which fields are shown follows the kind."""

    decision: Annotated[
        DecisionKind, Ask("Decision", RadioButtonsElement(), action=Id.CHOOSE_DECISION)
    ]
    to_stage: Annotated[
        int | None, Ask("Back to", StaticSelectElement(placeholder="Choose a stage"))
    ] = None
    removal: Annotated[
        Removal | None,
        Ask("Because it is", RadioButtonsElement()),
    ] = None
    close_on: Annotated[
        date | None, Ask("New close date", DatePickerElement(), wrong="Choose a day to come.")
    ] = None
    reason: Annotated[
        Annotated[str, StringConstraints(max_length=MOST_REASON)] | None,
        Ask(
            "Reason",
            PlainTextInputElement(multiline=True, max_length=MOST_REASON),
            "What you know that makes it so.",
        ),
    ] = None
    next_text: Annotated[
        Annotated[str, StringConstraints(max_length=MOST_NEXT)] | None,
        Ask(
            "Next action",
            PlainTextInputElement(max_length=MOST_NEXT),
            "What will be done, so that somebody else could tell whether it was.",
        ),
    ] = None
    next_owner: Annotated[str | None, Ask("Who does it", UserSelectElement())] = None
    next_due: Annotated[date | None, Ask("Due", DatePickerElement())] = None

    @model_validator(mode="after")
    def _complete(self, info: ValidationInfo) -> Self:
        """What the kind needs is there, and no date is years away; all faults at once."""
        wanted = FIELDS[self.decision]
        lacking = {name for name in wanted if getattr(self, name) is None}
        if self.decision is DecisionKind.ADVANCE and lacking == {*NEXT}:
            lacking = set()  # a deal that is won needs no next action: the rules know which that is
        wrong = {name: _LACKING[name] for name in FIELDS[self.decision] if name in lacking}
        if "close_on" in wanted and self.close_on and self.close_on > (today := _today(info)):
            wrong |= {"close_on": FAR} if is_far(self.close_on, today) else {}  # a slip of years
        if wrong:
            raise Wrong(wrong)
        return self


_LACKING = {
    "to_stage": "Choose the stage it goes back to.",
    "removal": "Lost, or disqualified?",
    "close_on": "Choose the new close date.",
    "reason": "Say why, in a few words.",
    "next_text": "Say what is done next.",
    "next_owner": "Choose who does it.",
    "next_due": "Choose the day by which it is done.",
}


def _today(info: ValidationInfo) -> date:
    today: date = (info.context or {})["today"]
    return today
