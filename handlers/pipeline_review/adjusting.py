"""Adjusting the pick before its cards are out: the modal, and what is saved."""

from datetime import datetime
from typing import Any

from slack_bolt import Ack, App
from sqlalchemy.orm import Session

from handlers.context import Context
from handlers.deeds import do_once
from handlers.forms import checked
from handlers.ids import Id
from handlers.incoming import Incoming
from handlers.lines import Line
from handlers.pipeline_review import modals, refusals
from handlers.pipeline_review.forms import PickForm
from handlers.pipeline_review.modals import PickMeta
from handlers.replies import open_modal
from models.people import Person
from models.pipeline_review import PickChanged, adjust_pick
from models.screens import adjust_form


def register(app: App, context: Context) -> None:
    adjusting = Adjusting(context)
    app.action(str(Id.ADJUST_PICK))(adjusting.open)
    app.view(str(Id.SAVE_PICK))(adjusting.save)


class Adjusting:
    def __init__(self, context: Context) -> None:
        self.context = context

    def open(self, ack: Ack, body: dict[str, Any]) -> None:
        incoming = Incoming.of(body)
        open_modal(self.context, incoming, self._drawn(incoming, int(body["actions"][0]["value"])))
        ack()

    def save(self, ack: Ack, body: dict[str, Any]) -> None:
        """Saves it; whoever saw another pick than the one that stands is shown that first."""
        incoming, view = Incoming.of(body), body["view"]
        meta = PickMeta.model_validate_json(view["private_metadata"])

        def save(session: Session, actor: Person, now: datetime) -> None:
            form = checked(PickForm, view, today=now.date())
            chosen = form.deal_ids()
            adjust_pick(session, actor, meta.pick_id, chosen, now, seen=meta.version_id)

        try:
            do_once(self.context, incoming, save)
        except PickChanged as changed:
            ack(response_action="update", view=self._drawn(incoming, meta.pick_id, changed))
            return
        ack()

    def _drawn(
        self, incoming: Incoming, pick_id: int, changed: PickChanged | None = None
    ) -> dict[str, Any]:
        said: Line = ()
        with self.context.database.transaction(incoming.workspace_id) as session:
            actor = incoming.person(session)
            shown = adjust_form(session, actor, pick_id, self.context.now())
            if changed is not None:
                said = refusals.pick_changed(session, changed, actor.zone).line
        return modals.adjust(shown, said)
