"""Changing a rating, and the comment beside it: two modals, each declared once."""

from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints
from slack_sdk.models.blocks import (
    CheckboxesElement,
    PlainTextInputElement,
    RadioButtonsElement,
)

from handlers import lines, words
from handlers.blocks import modal
from handlers.forms import Ask, Form, Json, Option
from handlers.ids import Id
from handlers.lines import Line, Moment
from handlers.pipeline_review import phrases
from handlers.ratings.messages import BUTTONS, WHAT_BECOMES, choice
from models.ratings import MOST_COMMENT
from models.screens import RatingAsked

_CHOICES: list[Option] = [(pressed, choice(score)) for pressed, score in BUTTONS.items()]
_SEND = "send"


class RatingMeta(BaseModel):
    """`edits`: a comment that is there, and may be emptied."""

    one_on_one_id: int
    edits: bool = False
    home: bool = False  # opened from Home, which is drawn anew after the submission


class RatingForm(Form):
    """The six choices of the message's buttons, by their names."""

    given: Annotated[Id, Ask("How useful was it?", RadioButtonsElement())]

    @property
    def score(self) -> int | None:
        return BUTTONS[self.given]


class _Sending(Form):
    sending: Annotated[list[str], Ask("Who reads it", CheckboxesElement())] = Field(
        default_factory=list
    )

    @property
    def send(self) -> bool:
        return _SEND in self.sending


_TYPED = PlainTextInputElement(multiline=True, max_length=MOST_COMMENT)
_ALONE = "For you alone, unless you tick below."


class CommentForm(_Sending):
    comment: Annotated[
        str,
        StringConstraints(min_length=1, max_length=MOST_COMMENT),
        Ask("Comment", _TYPED, _ALONE),
    ]


class EditedCommentForm(_Sending):
    """Of one that is there: emptied, it is removed."""

    comment: Annotated[
        Annotated[str, StringConstraints(max_length=MOST_COMMENT)] | None,
        Ask("Comment", _TYPED, f"{_ALONE} Emptied, it is removed."),
    ] = None


def change(shown: RatingAsked, *, home: bool = False) -> Json:
    start = None
    if shown.given is not None:
        start = next(one for one, score in BUTTONS.items() if score == shown.given.score)
    until: Line = ("Until ", Moment(shown.until, shown.zone), f". {WHAT_BECOMES}")
    return modal(
        Id.SAVE_RATING,
        "Change your rating",
        [
            lines.rich_text(_which(shown)),
            *RatingForm.blocks(options={"given": _CHOICES}, given=start),
            lines.rich_text(until),
        ],
        submit="Save",
        private_metadata=_meta(shown, home),
    )


def comment(shown: RatingAsked, *, home: bool = False) -> Json:
    """Text, and whether it is sent, which is not ticked unless it was before."""
    name = words.said(shown.coach.name, 40)
    send = f"Send to {name}, with my name"
    said = shown.comment
    form: type[CommentForm | EditedCommentForm] = CommentForm if said is None else EditedCommentForm
    blocks = [
        *form.blocks(only=["comment"], comment=None if said is None else said.text),
        *form.blocks(
            only=["sending"],
            options={"sending": [(_SEND, send, "Unticked again, it is taken back.")]},
            sending=[_SEND] if said is not None and said.sent else None,
        ),
    ]
    return modal(
        Id.SAVE_COMMENT,
        "Comment",
        [lines.rich_text(_which(shown)), *blocks],
        submit="Save",
        private_metadata=_meta(shown, home, edits=said is not None),
    )


def _which(shown: RatingAsked) -> Line:
    at = Moment(shown.starts_at, shown.zone)
    return "One-on-one with ", phrases.who(shown.coach), ", ", at


def _meta(shown: RatingAsked, home: bool, *, edits: bool = False) -> str:
    meta = RatingMeta(one_on_one_id=shown.one_on_one_id, edits=edits, home=home)
    return meta.model_dump_json()
