"""The modal in which a message of a card's thread becomes evidence: which question it answers."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any

from pydantic import BaseModel
from slack_sdk.models.blocks import Option, StaticSelectElement

from handlers import lines, words
from handlers.blocks import modal
from handlers.forms import Ask, Form, Json
from handlers.ids import Id
from handlers.lines import Line, Mention
from handlers.pipeline_review.answer_modal import behalf, title
from handlers.pipeline_review.evidence_form import AnswersForm, form_for, names
from models.evidence import AnswerKind, Quoted
from models.screens import AnswerForm, Asked

_QUOTED = "quoted"


class QuestionForm(Form):
    question: Annotated[
        int,
        Ask(
            "Which question does it answer?",
            StaticSelectElement(options=[Option(value="0", label="–")]),
            wrong="Choose the question.",
            action=Id.CHOOSE_QUESTION,
        ),
    ]


class EvidenceMeta(BaseModel):
    """`question_id`: the question whose fields are shown, once one is chosen."""

    review_deal_id: int
    stage_id: int
    url: str
    author: str  # the Slack id of who wrote the message
    name: str
    question_id: int | None = None

    def quoted(self) -> Quoted:
        return Quoted(self.url, self.author)


def evidence(shown: AnswerForm, meta: EvidenceMeta, said: str) -> Json:
    """The message, the questions that are open, and the fields of the chosen one."""
    only = shown.open[0].question_id if len(shown.open) == 1 else None
    chosen = asked_for(shown, meta.question_id or only)
    meta = meta.model_copy(update={"question_id": chosen and chosen.question_id})
    options = [(str(one.question_id), words.said(one.label, 75)) for one in shown.open]
    blocks: list[Json] = [_quote(said, meta)]
    if shown.behalf_of:
        blocks.append(lines.rich_text(behalf(shown)))
    blocks += QuestionForm.blocks(options={"question": options}, question=meta.question_id)
    if chosen is not None:
        form = form_of(chosen, shown)
        start: dict[str, Any] = {chosen.key: said} if chosen.kind is AnswerKind.TEXT else {}
        blocks += form.blocks(only=names(chosen, shown.team.currency), **start)
    return modal(
        Id.SAVE_EVIDENCE,
        title(shown),
        blocks,
        submit="Save",
        private_metadata=meta.model_dump_json(),
    )


def form_of(asked: Asked, shown: AnswerForm) -> type[AnswersForm]:
    """The fields of one question; what is submitted counts even if the same stands already."""
    return form_for([replace(asked, value=None)], [], shown.team.currency)


def asked_for(shown: AnswerForm, question_id: int | None) -> Asked | None:
    """The question, while it is open."""
    return next((one for one in shown.open if one.question_id == question_id), None)


def _quote(said: str, meta: EvidenceMeta) -> Json:
    line: Line = (said, " — ", Mention(meta.author, meta.name))
    return {**lines.rich_quote(line), "block_id": _QUOTED}


def said_in(view: Mapping[str, Any]) -> str:
    """The message's words: too many for the metadata, they are read where the modal shows them."""
    quote = next(block for block in view["blocks"] if block["block_id"] == _QUOTED)
    return str(quote["elements"][0]["elements"][0]["text"])
