"""Deciding about a deal: the modal, what reacts in it, and the record."""

from datetime import datetime
from typing import Any

from slack_bolt import Ack, App
from sqlalchemy.orm import Session

from handlers.context import Context
from handlers.deeds import do_once
from handlers.forms import Wrong, checked, entered
from handlers.ids import Id
from handlers.incoming import Incoming
from handlers.lines import Line
from handlers.pipeline_review import modals, refusals
from handlers.pipeline_review.forms import DecisionForm
from handlers.pipeline_review.modals import DecideMeta
from handlers.replies import open_modal, update_modal
from models.people import Person, person_by_slack_id
from models.pipeline_review import (
    DealChanged,
    DecisionInput,
    DecisionKind,
    decide,
    held_case,
)
from models.screens import DecideForm, decide_form


def register(app: App, context: Context) -> None:
    deciding = Deciding(context)
    app.action(str(Id.DECIDE))(deciding.open)
    app.action(str(Id.CHOOSE_DECISION))(deciding.choose)
    app.view(str(Id.RECORD_DECISION))(deciding.record)


class Deciding:
    def __init__(self, context: Context) -> None:
        self.context = context

    def open(self, ack: Ack, body: dict[str, Any]) -> None:
        self.open_for(Incoming.of(body), int(body["actions"][0]["value"]))
        ack()

    def open_for(self, incoming: Incoming, review_deal_id: int) -> None:
        """Opens the modal; where a decision stands already, to correct it."""
        shown = self._form(incoming, review_deal_id)
        view = modals.decide(shown, replacing=shown.replacing, home=incoming.from_home)
        open_modal(self.context, incoming, view)

    def choose(self, ack: Ack, body: dict[str, Any]) -> None:
        """A decision was chosen: the modal shows what it needs, and keeps what was typed."""
        incoming, view = Incoming.of(body), body["view"]
        meta = DecideMeta.model_validate_json(view["private_metadata"])
        kind = DecisionKind(body["actions"][0]["selected_option"]["value"])
        shown = self._form(incoming, meta.review_deal_id)
        redrawn = _redrawn(shown, view, meta, kind)
        update_modal(self.context, incoming, view, redrawn)
        ack()

    def record(self, ack: Ack, body: dict[str, Any]) -> None:
        incoming, view = Incoming.of(body), body["view"]
        meta = DecideMeta.model_validate_json(view["private_metadata"])
        kind = DecisionKind(entered(view)["decision"])
        if kind is not meta.kind:
            shown = self._form(incoming, meta.review_deal_id)
            if not {*modals.shown_fields(shown, kind)} <= {*view["state"]["values"]}:
                # the choice was quicker than the modal: now it shows what this decision needs
                ack(response_action="update", view=_redrawn(shown, view, meta, kind))
                return

        def record(session: Session, actor: Person, now: datetime) -> None:
            case = held_case(session, meta.review_deal_id, now)
            choice = _choice(session, checked(DecisionForm, view, today=case.today))
            decide(session, actor, case, choice, now, replacing=meta.replacing, seen=meta.seen)

        try:
            do_once(self.context, incoming, record)
        except DealChanged as changed:
            ack(response_action="update", view=self._look_again(incoming, view, changed))
            return
        ack()

    def _look_again(
        self, incoming: Incoming, view: dict[str, Any], changed: DealChanged
    ) -> dict[str, Any]:
        """The modal with the deal as it is now, what changed, and all that was typed."""
        meta = DecideMeta.model_validate_json(view["private_metadata"])
        with self.context.database.transaction(incoming.workspace_id) as session:
            actor = incoming.person(session)
            shown = decide_form(session, actor, meta.review_deal_id, self.context.now())
            said = refusals.deal_changed(session, changed, actor.zone).line
        return _redrawn(shown, view, meta, DecisionKind(entered(view)["decision"]), said)

    def _form(self, incoming: Incoming, review_deal_id: int) -> DecideForm:
        with self.context.database.transaction(incoming.workspace_id) as session:
            actor = incoming.person(session)
            return decide_form(session, actor, review_deal_id, self.context.now())


def _redrawn(
    shown: DecideForm,
    view: dict[str, Any],
    meta: DecideMeta,
    kind: DecisionKind,
    changed: Line = (),
) -> dict[str, Any]:
    """The modal with what this kind of decision needs, and all that was typed so far."""
    typed = meta.kept | entered(view)
    return modals.decide(
        shown, kind, replacing=meta.replacing, typed=typed, home=meta.home, changed=changed
    )


def _choice(session: Session, form: DecisionForm) -> DecisionInput:
    owner_id = None
    if form.next_owner is not None:
        owner = person_by_slack_id(session, form.next_owner)
        if owner is None:
            raise Wrong(
                {
                    "next_owner": "That is nobody of this team."
                    " Choose a member, the manager or a leader above."
                }
            )
        owner_id = owner.id
    return DecisionInput(
        kind=form.decision,
        reason=form.reason,
        stage_id=form.to_stage,
        close_on=form.close_on,
        removal=form.removal,
        next_text=form.next_text,
        next_owner_id=owner_id,
        next_due_on=form.next_due,
    )
