"""What the coached person says to a log: [That's right], or how they see it."""

from datetime import datetime
from typing import Any

from slack_bolt import Ack, App
from sqlalchemy.orm import Session

from handlers.coaching import modals
from handlers.coaching.forms import DisputeForm
from handlers.coaching.modals import SubjectMeta
from handlers.context import Context
from handlers.deeds import do_once
from handlers.forms import checked, entered
from handlers.ids import Id
from handlers.incoming import Incoming
from handlers.replies import open_modal
from models.coaching import LogChanged, confirm_log, dispute_log
from models.people import Person
from models.schedule import local_date
from models.screens import dispute_form


def register(app: App, context: Context) -> None:
    answering = Answering(context)
    app.action(str(Id.CONFIRM))(answering.confirm)
    app.action(str(Id.DISPUTE))(answering.open)
    app.view(str(Id.SAVE_DISPUTE))(answering.dispute)


class Answering:
    def __init__(self, context: Context) -> None:
        self.context = context

    def confirm(self, ack: Ack, body: dict[str, Any]) -> None:
        entry_id = int(body["actions"][0]["value"])

        def confirm(session: Session, actor: Person, now: datetime) -> None:
            confirm_log(session, actor, entry_id, now)

        do_once(self.context, Incoming.of(body), confirm)
        ack()

    def open(self, ack: Ack, body: dict[str, Any]) -> None:
        incoming = Incoming.of(body)
        entry_id = int(body["actions"][0]["value"])
        with self.context.database.transaction(incoming.workspace_id) as session:
            actor = incoming.person(session)
            shown = dispute_form(session, actor, entry_id, self.context.now())
        open_modal(self.context, incoming, modals.dispute(shown, home=incoming.from_home))
        ack()

    def dispute(self, ack: Ack, body: dict[str, Any]) -> None:
        """To a log that was changed meanwhile: the modal shows what it says now, and asks again."""
        incoming, view = Incoming.of(body), body["view"]
        meta = SubjectMeta.model_validate_json(view["private_metadata"])

        def dispute(session: Session, actor: Person, now: datetime) -> None:
            form = checked(DisputeForm, view, today=local_date(now, actor.zone))
            dispute_log(session, actor, meta.subject, form.text, now)

        try:
            do_once(self.context, incoming, dispute)
        except LogChanged:
            ack(response_action="update", view=self._anew(incoming, view, meta))
        else:
            ack()

    def _anew(self, incoming: Incoming, view: dict[str, Any], meta: SubjectMeta) -> dict[str, Any]:
        now = self.context.now()
        with self.context.database.transaction(incoming.workspace_id) as session:
            actor = incoming.person(session)
            shown = dispute_form(session, actor, meta.subject, now, newest=True)
        typed = str(entered(view).get("text") or "")
        return modals.dispute(shown, home=meta.home, changed=True, typed=typed)
