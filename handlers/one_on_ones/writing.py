"""What is written around a one-on-one: talking points by either, notes by the coach."""

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
from handlers.one_on_ones.forms import NotesForm, PointsForm
from handlers.one_on_ones.modals import SessionMeta
from handlers.replies import open_modal
from models import one_on_ones, screens
from models.people import Person


def register(app: App, context: Context) -> None:
    writing = Writing(context)
    app.view(str(Id.SAVE_POINTS))(writing.points)
    app.view(str(Id.SAVE_NOTES))(writing.notes)


class Writing:
    def __init__(self, context: Context) -> None:
        self.context = context

    def ask_points(self, incoming: Incoming, one_on_one_id: int) -> None:
        with self.context.database.transaction(incoming.workspace_id) as session:
            shown = screens.points_form(session, incoming.person(session), one_on_one_id)
        open_modal(self.context, incoming, modals.points(shown, home=incoming.from_home))

    def ask_notes(self, incoming: Incoming, one_on_one_id: int) -> None:
        with self.context.database.transaction(incoming.workspace_id) as session:
            shown = screens.notes_form(session, incoming.person(session), one_on_one_id)
        open_modal(self.context, incoming, modals.notes(shown, home=incoming.from_home))

    def points(self, ack: Ack, body: dict[str, Any]) -> None:
        """Drops what was ticked, then adds what was written."""
        view = body["view"]
        meta = SessionMeta.model_validate_json(view["private_metadata"])

        def points(session: Session, actor: Person, now: datetime) -> None:
            form = checked(PointsForm, view, today=now.date())
            for point_id in form.drop:
                one_on_ones.drop_point(session, actor, point_id, now)
            if form.text is not None:
                one_on_ones.add_point(session, actor, meta.one_on_one_id, form.text, now)

        do_once(self.context, Incoming.of(body), points)
        ack()

    def notes(self, ack: Ack, body: dict[str, Any]) -> None:
        view = body["view"]
        meta = SessionMeta.model_validate_json(view["private_metadata"])

        def notes(session: Session, actor: Person, now: datetime) -> None:
            text = checked(NotesForm, view, today=now.date()).notes or ""
            one_on_ones.write_notes(session, actor, meta.one_on_one_id, text, now)

        do_once(self.context, Incoming.of(body), notes)
        ack()
