"""Standing one-on-ones: the list of those whom a person coaches, and each one's schedule."""

from datetime import datetime
from typing import Any

from slack_bolt import Ack, App
from sqlalchemy.orm import Session

from handlers.blocks import chosen
from handlers.context import Context
from handlers.deeds import do_once
from handlers.forms import checked
from handlers.ids import Id
from handlers.incoming import Incoming
from handlers.one_on_ones import modals
from handlers.one_on_ones.forms import ROTATE, StandingForm
from handlers.one_on_ones.modals import StandingMeta
from handlers.replies import open_modal, update_modal
from models import one_on_ones, screens
from models.people import Person, get_person

Json = dict[str, Any]


def register(app: App, context: Context) -> None:
    standings = Standings(context)
    app.action(str(Id.STANDINGS))(standings.press)
    app.action(str(Id.CHANGE_STANDING))(standings.change)
    app.action(str(Id.STANDING_MENU))(standings.menu)
    app.view(str(Id.SAVE_STANDING))(standings.save)


class Standings:
    def __init__(self, context: Context) -> None:
        self.context = context

    def press(self, ack: Ack, body: Json) -> None:
        self.open(Incoming.of(body))
        ack()

    def open(self, incoming: Incoming) -> None:
        open_modal(self.context, incoming, self._list(incoming))

    def change(self, ack: Ack, body: Json) -> None:
        """[Set] or [Change]: the person's schedule, above the list if it came from there."""
        incoming, view = Incoming.of(body), body.get("view") or {}
        with self.context.database.transaction(incoming.workspace_id) as session:
            actor = incoming.person(session)
            person_id = int(body["actions"][0]["value"])
            shown = screens.standing_form(session, actor, person_id, self.context.now())
        below = view["id"] if incoming.in_modal else None
        drawn = modals.standing(shown, list_view=below, home=incoming.from_home)
        open_modal(self.context, incoming, drawn)
        ack()

    def save(self, ack: Ack, body: Json) -> None:
        incoming, view = Incoming.of(body), body["view"]
        meta = StandingMeta.model_validate_json(view["private_metadata"])

        def put(session: Session, actor: Person, now: datetime) -> None:
            form = checked(StandingForm, view, today=now.date())
            person = get_person(session, meta.person_id)
            if form.weekday == ROTATE:
                one_on_ones.put_in_rotation(
                    session,
                    actor,
                    person,
                    minutes=form.minutes,
                    active_from=form.active_from,
                    now=now,
                )
                return
            one_on_ones.put_standing(
                session,
                actor,
                person,
                weekday=form.weekday,
                local_time=form.local_time,
                minutes=form.minutes,
                active_from=form.active_from,
                now=now,
            )

        do_once(self.context, incoming, put)
        if meta.list_view is not None:
            update_modal(self.context, incoming, {"id": meta.list_view}, self._list(incoming))
        landed = self._landed(incoming, meta.person_id)
        if landed is None or not landed.weeks:
            ack()
        else:
            ack(response_action="update", view=modals.landing(landed))

    def _landed(self, incoming: Incoming, person_id: int) -> screens.StandingLanding | None:
        """What of the first weeks is not as it was said."""
        now = self.context.now()
        with self.context.database.transaction(incoming.workspace_id) as session:
            actor = incoming.person(session)
            return screens.standing_landing(session, actor, person_id, now)

    def menu(self, ack: Ack, body: Json) -> None:
        """⋯ of a person: End, which Slack has asked about."""
        incoming, view = Incoming.of(body), body["view"]
        _, person_id = chosen(body["actions"][0]["selected_option"]["value"])

        def end(session: Session, actor: Person, now: datetime) -> None:
            one_on_ones.end_standing(session, actor, get_person(session, person_id), now)

        do_once(self.context, incoming, end)
        update_modal(self.context, incoming, view, self._list(incoming))
        ack()

    def _list(self, incoming: Incoming) -> Json:
        """The list as it is now."""
        with self.context.database.transaction(incoming.workspace_id) as session:
            shown = screens.standings_form(session, incoming.person(session), self.context.now())
        return modals.standings(shown, home=incoming.from_home)
