"""Answering: the modal with the questions, what is submitted, and the owner's word for it."""

from datetime import datetime
from typing import Any

from slack_bolt import Ack, App
from sqlalchemy.orm import Session

from handlers.context import Context
from handlers.deeds import do_once
from handlers.forms import checked, entered
from handlers.ids import Id
from handlers.incoming import Incoming
from handlers.pipeline_review import refusals
from handlers.pipeline_review.answer_modal import AnswerMeta, draw_again, form_of
from handlers.pipeline_review.answer_modal import answer as draw
from handlers.pipeline_review.evidence_values import fault_at
from handlers.pipeline_review.refusals import MovedOn
from handlers.replies import open_modal, update_modal
from models.evidence import AnsweredMeanwhile, InvalidAnswer, values_by_question
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
            # whatever was shown has its field, wherever the question stands by now
            form = checked(form_of(shown), view, today=shown.today)
            before = None if meta.seen is None else values_by_question(session, meta.seen.values())
            given, still_true = form.given(before), form.still_true()
            try:
                answer(session, actor, meta.review_deal_id, given, still_true, now, seen=meta.seen)
            except InvalidAnswer as fault:
                asked = (*shown.open, *shown.answered)
                raise fault_at(asked, fault.question_id, fault.code) from fault

        incoming = Incoming.of(body)
        try:
            do_once(self.context, incoming, save)
        except AnsweredMeanwhile as error:
            ack(response_action="update", view=self._look_again(incoming, view, meta, error))
            return
        ack()

    def _look_again(
        self, incoming: Incoming, view: dict[str, Any], meta: AnswerMeta, error: AnsweredMeanwhile
    ) -> dict[str, Any]:
        """The modal with the answers as they are now, who gave them, and all that was typed."""
        with self.context.database.transaction(incoming.workspace_id) as session:
            actor = incoming.person(session)
            shown = answer_form(session, actor, meta.review_deal_id, self.context.now())
            seen = meta.seen or {}
            before = values_by_question(session, seen.values())
            said = refusals.answered_meanwhile(session, error, actor.zone).line
        form = checked(form_of(shown), view, today=shown.today)
        given, typed = form.given(before), entered(view)
        return draw_again(shown, given, typed, said, seen, home=meta.home)

    def _form(self, incoming: Incoming, review_deal_id: int) -> AnswerForm:
        with self.context.database.transaction(incoming.workspace_id) as session:
            actor = incoming.person(session)
            return answer_form(session, actor, review_deal_id, self.context.now())
