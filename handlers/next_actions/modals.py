"""What comes after a next action: the form and its modal."""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, StringConstraints
from slack_sdk.models.blocks import DatePickerElement, PlainTextInputElement

from handlers import lines
from handlers.blocks import modal
from handlers.forms import Ask, Form, Json
from handlers.ids import Id
from handlers.lines import Bold, Line
from handlers.pipeline_review import phrases
from models.next_actions import MOST_CHARACTERS
from models.screens import RenewForm


class NextActionForm(Form):
    """The next action of the same owner. The fields are called as in a decision."""

    next_text: Annotated[
        Annotated[str, StringConstraints(max_length=MOST_CHARACTERS)],
        Ask(
            "Next action",
            PlainTextInputElement(max_length=MOST_CHARACTERS),
            "What will be done, so that somebody else could tell whether it was.",
            "Say what is done next.",
        ),
    ]
    next_due: Annotated[date, Ask("Due", DatePickerElement(), wrong="Choose a day.")]


class RenewMeta(BaseModel):
    """What the modal is about, and whether it was opened at Home."""

    action_id: int
    home: bool = False


def renew(shown: RenewForm, *, home: bool) -> Json:
    """The text stands there already where it was not done: then a new date is enough."""
    was = "done" if shown.done else "not done"
    about: Line = (
        Bold(phrases.name(shown.deal)),
        f": {phrases.quoted(shown.text)} — {was}. ",
        phrases.who(shown.owner),
        " does the next one, too.",
    )
    blocks = [
        lines.rich_text(about),
        *NextActionForm.blocks(next_text=None if shown.done else shown.text, next_due=shown.due),
    ]
    return modal(
        Id.SAVE_RENEWED,
        "Next action",
        blocks,
        submit="Save",
        private_metadata=RenewMeta(action_id=shown.action_id, home=home).model_dump_json(),
    )
