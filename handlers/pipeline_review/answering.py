"""Answering: the modal with the questions, what is submitted, and the owner's word for it."""

from datetime import datetime
from typing import Any

from slack_bolt import Ack, App
from sqlalchemy.orm import Session

from handlers.context import Context
from handlers.deeds import do_once
from handlers.forms import checked
from handlers.ids import Id
from handlers.incoming import Incoming
from handlers.pipeline_review.answer_modal import AnswerMeta, form_of
from handlers.pipeline_review.answer_modal import answer as draw
from handlers.pipeline_review.evidence_values import fault_at
from handlers.pipeline_review.refusals import MovedOn
from handlers.replies import open_modal, update_modal
from models.evidence import InvalidAnswer
from models.people import Person
from models.pipeline_review import answer, confirm
from models.screens import AnswerForm, answer_form


def register(app: App, context: Context) -> None:
    answering = Answering(context)
    app.action(str(Id.ANSWER))(answering.open)
    app.action(str(Id.CHANGE_ANSWERS))(answering.change)
    app.view(str(Id.SAVE_ANSWERS))(answering.save)
    app.action(str(Id.CONFIRM_ANSWERS))(answering.confirm)
    app.action(str(Id.CORRECT_ANSWERS))(answering.correct)


class Answering:
    def __init__(self, context: Context) -> None:
        self.context = context

    def open(self, ack: Ack, body: dict[str, Any]) -> None:
        self._open(ack, body, changing=False)

    def correct(self, ack: Ack, body: dict[str, Any]) -> None:
        """What was answered on one's behalf, in fields of its own to be changed."""
        self._open(ack, body, changing=True)

    def _open(self, ack: Ack, body: dict[str, Any], *, changing: bool) -> None:
        incoming = Incoming.of(body)
        shown = self._form(incoming, int(body["actions"][0]["value"]))
        drawn = draw(shown, changing=changing, home=incoming.from_home)
        open_modal(self.context, incoming, drawn)
        ack()

    def confirm(self, ack: Ack, body: dict[str, Any]) -> None:
        review_deal_id, newest_id = map(int, body["actions"][0]["value"].split(":"))

        def confirm_(session: Session, actor: Person, now: datetime) -> None:
            confirm(session, actor, review_deal_id, newest_id, now)

        do_once(self.context, Incoming.of(body), confirm_)
        ack()

    def change(self, ack: Ack, body: dict[str, Any]) -> None:
        """The earlier answers get their fields; what was typed in the others stays."""
        incoming, view = Incoming.of(body), body["view"]
        meta = AnswerMeta.model_validate_json(view["private_metadata"])
        shown = self._form(incoming, meta.review_deal_id)
        update_modal(self.context, incoming, view, draw(shown, changing=True, home=meta.home))
        ack()

    def save(self, ack: Ack, body: dict[str, Any]) -> None:
        view = body["view"]
        meta = AnswerMeta.model_validate_json(view["private_metadata"])

        def save(session: Session, actor: Person, now: datetime) -> None:
            shown = answer_form(session, actor, meta.review_deal_id, now)
            if shown.deal.stage.id != meta.stage_id:
                raise MovedOn
            form = checked(form_of(shown, changing=meta.changing), view, today=shown.today)
            asked = (*shown.open, *shown.answered)
            try:
                answer(session, actor, meta.review_deal_id, form.given(), form.still_true(), now)
            except InvalidAnswer as fault:
                raise fault_at(asked, fault.question_id, fault.code) from fault

        do_once(self.context, Incoming.of(body), save)
        ack()

    def _form(self, incoming: Incoming, review_deal_id: int) -> AnswerForm:
        with self.context.database.transaction(incoming.workspace_id) as session:
            actor = incoming.person(session)
            return answer_form(session, actor, review_deal_id, self.context.now())
