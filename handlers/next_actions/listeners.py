"""Done, not done, and what comes next: from the morning digest and from Home."""

from datetime import datetime
from typing import Any

from slack_bolt import Ack, App
from sqlalchemy.orm import Session

from handlers.context import Context
from handlers.deeds import do_once
from handlers.forms import checked
from handlers.ids import Id
from handlers.incoming import Incoming
from handlers.next_actions import modals
from handlers.next_actions.modals import NextActionForm, RenewMeta
from handlers.replies import open_modal
from models.next_actions import Outcome
from models.people import Person
from models.pipeline_review import answer_action, renew_action
from models.screens import renew_form


def register(app: App, context: Context) -> None:
    following = Following(context)
    app.action(str(Id.ACTION_DONE))(following.done)
    app.action(str(Id.ACTION_NOT_DONE))(following.not_done)
    app.action(str(Id.RENEW_ACTION))(following.open)
    app.view(str(Id.SAVE_RENEWED))(following.save)


class Following:
    def __init__(self, context: Context) -> None:
        self.context = context

    def done(self, ack: Ack, body: dict[str, Any]) -> None:
        self._say(body, Outcome.DONE)
        ack()

    def not_done(self, ack: Ack, body: dict[str, Any]) -> None:
        self._say(body, Outcome.NOT_DONE)
        ack()

    def _say(self, body: dict[str, Any], outcome: Outcome) -> None:
        action_id = int(body["actions"][0]["value"])

        def say(session: Session, actor: Person, now: datetime) -> None:
            answer_action(session, actor, action_id, outcome, now)

        do_once(self.context, Incoming.of(body), say)

    def open(self, ack: Ack, body: dict[str, Any]) -> None:
        incoming, action_id = Incoming.of(body), int(body["actions"][0]["value"])
        with self.context.database.transaction(incoming.workspace_id) as session:
            actor = incoming.person(session)
            shown = renew_form(session, actor, action_id, self.context.now())
        open_modal(self.context, incoming, modals.renew(shown, home=incoming.from_home))
        ack()

    def save(self, ack: Ack, body: dict[str, Any]) -> None:
        view = body["view"]
        meta = RenewMeta.model_validate_json(view["private_metadata"])

        def save(session: Session, actor: Person, now: datetime) -> None:
            form = checked(NextActionForm, view, today=now.date())
            renew_action(session, actor, meta.action_id, form.next_text, form.next_due, now)

        do_once(self.context, Incoming.of(body), save)
        ack()
