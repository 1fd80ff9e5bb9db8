"""What the coached person says to a log: [That's right], or how they see it."""

from typing import Any

from slack_bolt import Ack, App

from handlers.coaching import modals
from handlers.coaching.forms import DisputeForm
from handlers.coaching.modals import SubjectMeta
from handlers.context import Context
from handlers.forms import checked
from handlers.home.publishing import publish_home
from handlers.ids import Id
from handlers.incoming import Incoming
from handlers.replies import open_modal
from models.coaching import confirm_log, dispute_log
from models.delivery import received_first
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
        incoming, now = Incoming.of(body), self.context.now()
        entry_id = int(body["actions"][0]["value"])
        with self.context.database.transaction(incoming.workspace_id) as session:
            actor = incoming.person(session)
            if received_first(session, incoming.once, now):
                confirm_log(session, actor, entry_id, now)
        if incoming.at_home:
            publish_home(self.context, incoming.workspace_id, incoming.slack_id)
        ack()

    def open(self, ack: Ack, body: dict[str, Any]) -> None:
        incoming = Incoming.of(body)
        entry_id = int(body["actions"][0]["value"])
        with self.context.database.transaction(incoming.workspace_id) as session:
            shown = dispute_form(session, incoming.person(session), entry_id)
        meta = SubjectMeta(subject=entry_id, home=incoming.at_home)
        open_modal(self.context, incoming, modals.dispute(shown, meta))
        ack()

    def dispute(self, ack: Ack, body: dict[str, Any]) -> None:
        incoming, view, now = Incoming.of(body), body["view"], self.context.now()
        meta = SubjectMeta.model_validate_json(view["private_metadata"])
        with self.context.database.transaction(incoming.workspace_id) as session:
            actor = incoming.person(session)
            if received_first(session, incoming.once, now):
                form = checked(DisputeForm, view, today=local_date(now, actor.zone))
                dispute_log(session, actor, meta.subject, form.text, now)
        if meta.home:
            publish_home(self.context, incoming.workspace_id, incoming.slack_id)
        ack()
