"""A message of a card's thread becomes evidence: only this way does a typed reply count."""

from datetime import datetime
from functools import partial
from typing import Any

from slack_bolt import Ack, App
from sqlalchemy.orm import Session

from handlers.coaching.quoting import name_of, quote, words_of
from handlers.coaching.refusals import NotSeen
from handlers.context import Context
from handlers.deeds import do_once
from handlers.forms import Wrong, checked, entered
from handlers.ids import Id
from handlers.incoming import Incoming
from handlers.pipeline_review import message_modal as modals
from handlers.pipeline_review.evidence_values import fault_at
from handlers.pipeline_review.message_modal import EvidenceMeta, QuestionForm, asked_for, form_of
from handlers.pipeline_review.refusals import MessageGone, MovedOn, NotAReply, NotOpen, TooLongToUse
from handlers.replies import open_modal, update_modal
from models.evidence import InvalidAnswer
from models.people import Person
from models.pipeline_review import answer, in_thread
from models.proof import MOST_CHARACTERS
from models.screens import AnswerForm, message_form

_READ = 2 * (MOST_CHARACTERS + 1)  # a character counts twice at most when words are cut


def register(app: App, context: Context) -> None:
    quoting = Quoting(context)
    app.message_shortcut(str(Id.USE_AS_EVIDENCE))(quoting.shortcut)
    app.action(str(Id.CHOOSE_QUESTION))(quoting.choose)
    app.view(str(Id.SAVE_EVIDENCE))(quoting.save)


class Quoting:
    def __init__(self, context: Context) -> None:
        self.context = context

    def shortcut(self, ack: Ack, body: dict[str, Any]) -> None:
        incoming, message = Incoming.of(body), body["message"]
        author, root = reply_of(message)
        with self.context.database.transaction(incoming.workspace_id) as session:
            actor = incoming.person(session)
            entry = in_thread(session, incoming.channel_id or "", root)
            if entry is None:
                raise NotAReply
            shown = message_form(session, actor, entry.id, self.context.now())
            said = words_of(message["text"], partial(name_of, session), _READ)
            name = name_of(session, author) or "somebody"
        if len(said) > MOST_CHARACTERS:
            raise TooLongToUse(MOST_CHARACTERS)
        try:
            url = quote(self.context, incoming, message["ts"], said).url
        except NotSeen:
            raise MessageGone from None
        meta = EvidenceMeta(
            review_deal_id=entry.id,
            stage_id=shown.deal.stage.id,
            url=url,
            author=author,
            name=name,
        )
        open_modal(self.context, incoming, modals.evidence(shown, meta, said))
        ack()

    def choose(self, ack: Ack, body: dict[str, Any]) -> None:
        """A question was chosen: its fields, filled with the message where it takes text."""
        incoming, view = Incoming.of(body), body["view"]
        drawn = self._drawn(incoming, view, int(body["actions"][0]["selected_option"]["value"]))
        update_modal(self.context, incoming, view, drawn)
        ack()

    def save(self, ack: Ack, body: dict[str, Any]) -> None:
        incoming, view = Incoming.of(body), body["view"]
        meta = EvidenceMeta.model_validate_json(view["private_metadata"])
        chosen = entered(view).get("question")
        if chosen is not None and int(chosen) != meta.question_id:
            # submitted before the modal showed the fields of what was chosen
            ack(response_action="update", view=self._drawn(incoming, view, int(chosen)))
            return

        def save(session: Session, actor: Person, now: datetime) -> None:
            shown = message_form(session, actor, meta.review_deal_id, now)
            if shown.deal.stage.id != meta.stage_id:
                raise MovedOn
            question_id = checked(QuestionForm, view, today=shown.today).question
            asked = asked_for(shown, question_id)
            if asked is None:
                raise NotOpen
            given = checked(form_of(asked, shown), view, today=shown.today).given()
            if not given:
                raise Wrong({asked.key: "This is needed."})
            try:
                answer(session, actor, meta.review_deal_id, given, (), now, quoted=meta.quoted())
            except InvalidAnswer as fault:
                raise fault_at([asked], fault.question_id, fault.code) from fault

        do_once(self.context, incoming, save)
        ack()

    def _drawn(self, incoming: Incoming, view: dict[str, Any], question_id: int) -> dict[str, Any]:
        meta = EvidenceMeta.model_validate_json(view["private_metadata"])
        shown = self._form(incoming, meta.review_deal_id)
        chosen = meta.model_copy(update={"question_id": question_id})
        return modals.evidence(shown, chosen, modals.said_in(view))

    def _form(self, incoming: Incoming, review_deal_id: int) -> AnswerForm:
        with self.context.database.transaction(incoming.workspace_id) as session:
            actor = incoming.person(session)
            return message_form(session, actor, review_deal_id, self.context.now())


def reply_of(message: dict[str, Any]) -> tuple[str, str]:
    """Who wrote a message and in which thread. Raises `NotAReply` for a bot's, one without words,
    or one that is no reply."""
    root = message.get("thread_ts")
    by_a_person = message.get("user") and not message.get("bot_id")
    if not by_a_person or not root or root == message["ts"] or not message["text"].strip():
        raise NotAReply
    return str(message["user"]), str(root)
