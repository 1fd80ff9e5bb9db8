"""What coaching asks for in its modals, each declared once."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated

from pydantic import StringConstraints
from slack_sdk.models.blocks import (
    DatePickerElement,
    NumberInputElement,
    PlainTextInputElement,
    StaticSelectElement,
)

from handlers.coaching.phrases import HOWS, KINDS
from handlers.forms import Ask, Form, Option
from handlers.ids import Id
from handlers.pipeline_review.phrases import capital
from models.coaching import (
    MOST_ANSWER,
    MOST_FEEDBACK,
    MOST_NEXT_STEP,
    MOST_REASON,
    CoachingKind,
    How,
    LogInput,
)

Minutes = Annotated[
    int,
    Ask(
        "Minutes",
        NumberInputElement(is_decimal_allowed=False),
        wrong="Whole minutes, please, like 30.",
    ),
]
"""A field for how long something takes."""


class CoachingFields(Form):
    """The coaching itself: in the log's own modal, and in that which finishes a one-on-one.

    What the rules refuse (`models.coaching.LogUnfit`) stands at these fields by their names.
    """

    focus: Annotated[str, Ask("Focus area", StaticSelectElement(placeholder="Choose a focus area"))]
    feedback: Annotated[
        str,
        Ask(
            "What you told them",
            PlainTextInputElement(multiline=True, max_length=MOST_FEEDBACK),
        ),
    ]
    next_step: Annotated[
        str,
        Ask(
            "Next step",
            PlainTextInputElement(max_length=MOST_NEXT_STEP),
            "What will be done, so that somebody else could tell whether it was.",
        ),
    ]
    next_on: Annotated[date, Ask("By when", DatePickerElement(placeholder="Choose a day"))]
    how: Annotated[How, Ask("How", StaticSelectElement())]
    minutes: Minutes

    def logged(self, *, held_on: date, kind: CoachingKind, deal_id: int | None = None) -> LogInput:
        """What was entered, as a log of what was held on that day."""
        return LogInput(
            focus=self.focus,
            feedback=self.feedback,
            next_step=self.next_step,
            next_on=self.next_on,
            held_on=held_on,
            kind=kind,
            how=self.how,
            minutes=self.minutes,
            deal_id=deal_id,
        )


def coaching_options(areas: Iterable[str]) -> dict[str, list[Option]]:
    """The options of `CoachingFields` for somebody who may be coached in these areas."""
    return {
        "focus": [(area, capital(area)) for area in areas],
        "how": [(how.value, capital(said)) for how, said in HOWS.items()],
    }


def feedback_hint(least: int) -> str:
    return f"What you saw, what to do differently; {least} characters at least."


KIND_OPTIONS: list[Option] = [(kind.value, capital(said)) for kind, said in KINDS.items()]


class EditForm(CoachingFields):
    """A log without its person, which is the same for good."""

    held_on: Annotated[date, Ask("Date", DatePickerElement())]
    kind: Annotated[CoachingKind, Ask("Kind", StaticSelectElement())]
    deal: Annotated[int | None, Ask("Deal", StaticSelectElement(placeholder="No deal"))] = None

    def given(self) -> LogInput:
        return self.logged(held_on=self.held_on, kind=self.kind, deal_id=self.deal)


class LogForm(EditForm):
    person: Annotated[
        int, Ask("Who", StaticSelectElement(placeholder="Choose a person"), action=Id.CHOOSE_PERSON)
    ]


class DisputeForm(Form):
    text: Annotated[
        Annotated[str, StringConstraints(max_length=MOST_ANSWER)] | None,
        Ask("How you see it", PlainTextInputElement(multiline=True, max_length=MOST_ANSWER)),
    ] = None


class WithdrawForm(Form):
    because: Annotated[
        Annotated[str, StringConstraints(max_length=MOST_REASON)],
        Ask("Why", PlainTextInputElement(max_length=MOST_REASON)),
    ]
