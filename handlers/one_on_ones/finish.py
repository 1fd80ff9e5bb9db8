"""Finishing a one-on-one: the modal, the deals that are chosen in it, and the record."""

from datetime import datetime
from typing import Any

from slack_bolt import Ack, App
from sqlalchemy.orm import Session

from handlers.context import Context
from handlers.deeds import do_once
from handlers.forms import checked, entered
from handlers.ids import Id
from handlers.incoming import Incoming
from handlers.one_on_ones import finish_modal
from handlers.one_on_ones.finish_modal import FinishMeta, asked_of, form_for
from handlers.replies import open_modal, update_modal
from models import one_on_ones, screens
from models.people import Person
from models.pipeline_review import show_changed_deals

Json = dict[str, Any]


def register(app: App, context: Context) -> None:
    finishing = Finishing(context)
    app.action(str(Id.FINISH))(finishing.open)
    app.action(str(Id.CHOOSE_DEALS))(finishing.choose)
    app.view(str(Id.SAVE_FINISH))(finishing.save)


class Finishing:
    def __init__(self, context: Context) -> None:
        self.context = context

    def open(self, ack: Ack, body: Json) -> None:
        incoming = Incoming.of(body)
        shown = self._form(incoming, int(body["actions"][0]["value"]))
        open_modal(self.context, incoming, finish_modal.finish(shown, home=incoming.from_home))
        ack()

    def choose(self, ack: Ack, body: Json) -> None:
        """Deals were chosen: the modal asks for their next actions, and keeps what was typed."""
        incoming, view = Incoming.of(body), body["view"]
        chosen = [int(one["value"]) for one in body["actions"][0]["selected_options"]]
        update_modal(self.context, incoming, view, self._redrawn(incoming, view, chosen))
        ack()

    def save(self, ack: Ack, body: Json) -> None:
        incoming, view = Incoming.of(body), body["view"]
        meta = FinishMeta.model_validate_json(view["private_metadata"])
        chosen = [int(deal_id) for deal_id in entered(view).get("deals", ())]
        if not asked_of(chosen) <= {*view["state"]["values"]}:
            # submitted quicker than the modal was drawn: now it asks what these deals need
            ack(response_action="update", view=self._redrawn(incoming, view, chosen))
            return

        def finish(session: Session, actor: Person, now: datetime) -> None:
            shown = screens.finish_form(session, actor, meta.one_on_one_id, now)
            form = checked(form_for(chosen), view, today=shown.today)
            one_on_ones.finish(session, actor, meta.one_on_one_id, form.given(shown), now)
            show_changed_deals(session, chosen, now)

        do_once(self.context, incoming, finish)
        ack()

    def _form(self, incoming: Incoming, one_on_one_id: int) -> screens.FinishForm:
        with self.context.database.transaction(incoming.workspace_id) as session:
            actor = incoming.person(session)
            return screens.finish_form(session, actor, one_on_one_id, self.context.now())

    def _redrawn(self, incoming: Incoming, view: Json, chosen: list[int]) -> Json:
        """The modal with what these deals need, and all that was typed so far."""
        meta = FinishMeta.model_validate_json(view["private_metadata"])
        shown = self._form(incoming, meta.one_on_one_id)
        typed = meta.kept | entered(view)
        return finish_modal.finish(shown, chosen, typed=typed, home=incoming.from_home)
