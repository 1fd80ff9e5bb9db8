"""Moving a one-on-one to another time, and cancelling it."""

from datetime import datetime
from typing import Any

from slack_bolt import Ack, App
from sqlalchemy.orm import Session

from handlers.context import Context
from handlers.deeds import do_once
from handlers.forms import checked
from handlers.ids import Id
from handlers.incoming import Incoming
from handlers.one_on_ones import modals
from handlers.one_on_ones.forms import CancelForm, MoveForm
from handlers.one_on_ones.modals import SessionMeta
from handlers.replies import open_modal
from models import one_on_ones, screens
from models.people import Person


def register(app: App, context: Context) -> None:
    moving = Moving(context)
    app.action(str(Id.MOVE))(moving.press)
    app.view(str(Id.SAVE_MOVE))(moving.move)
    app.view(str(Id.SAVE_CANCEL))(moving.cancel)


class Moving:
    def __init__(self, context: Context) -> None:
        self.context = context

    def press(self, ack: Ack, body: dict[str, Any]) -> None:
        self.ask_when(Incoming.of(body), int(body["actions"][0]["value"]))
        ack()

    def ask_when(self, incoming: Incoming, one_on_one_id: int) -> None:
        with self.context.database.transaction(incoming.workspace_id) as session:
            actor = incoming.person(session)
            shown = screens.move_form(session, actor, one_on_one_id, self.context.now())
        open_modal(self.context, incoming, modals.move(shown, home=incoming.from_home))

    def ask_why(self, incoming: Incoming, one_on_one_id: int) -> None:
        with self.context.database.transaction(incoming.workspace_id) as session:
            actor = incoming.person(session)
            shown = screens.cancel_form(session, actor, one_on_one_id, self.context.now())
        open_modal(self.context, incoming, modals.cancel(shown, home=incoming.from_home))

    def move(self, ack: Ack, body: dict[str, Any]) -> None:
        view = body["view"]
        meta = SessionMeta.model_validate_json(view["private_metadata"])

        def move(session: Session, actor: Person, now: datetime) -> None:
            form = checked(MoveForm, view, today=now.date())
            one_on_ones.move(session, actor, meta.one_on_one_id, form.chosen, now, meta.seen_at)

        do_once(self.context, Incoming.of(body), move)
        ack()

    def cancel(self, ack: Ack, body: dict[str, Any]) -> None:
        view = body["view"]
        meta = SessionMeta.model_validate_json(view["private_metadata"])

        def cancel(session: Session, actor: Person, now: datetime) -> None:
            form = checked(CancelForm, view, today=now.date())
            one_on_ones.cancel(session, actor, meta.one_on_one_id, form.reason, now, meta.seen_at)

        do_once(self.context, Incoming.of(body), cancel)
        ack()
