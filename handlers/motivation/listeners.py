"""A person's profile from Home, and "What drives them" for the coach."""

from datetime import datetime
from typing import Any

from slack_bolt import Ack, App
from sqlalchemy.orm import Session

from handlers.context import Context
from handlers.deeds import do_once
from handlers.forms import checked
from handlers.ids import Id
from handlers.incoming import Incoming
from handlers.motivation import modals
from handlers.motivation.modals import ProfileForm, ProfileMeta
from handlers.replies import open_modal
from models.motivation import put_profile
from models.people import Person, person_by_slack_id
from models.screens import drives, profile_form


def register(app: App, context: Context) -> None:
    motivation = Motivation(context)
    app.action(str(Id.PROFILE))(motivation.open)
    app.view(str(Id.SAVE_PROFILE))(motivation.save)
    app.action(str(Id.DRIVES))(motivation.drives)


def open_drives(context: Context, incoming: Incoming, one_on_one_id: int) -> None:
    """Opens what drives the coached person of a session, to their coach."""
    with context.database.transaction(incoming.workspace_id) as session:
        shown = drives(session, incoming.person(session), one_on_one_id)
    open_modal(context, incoming, modals.drives(shown))


class Motivation:
    def __init__(self, context: Context) -> None:
        self.context = context

    def drives(self, ack: Ack, body: dict[str, Any]) -> None:
        open_drives(self.context, Incoming.of(body), int(body["actions"][0]["value"]))
        ack()

    def open(self, ack: Ack, body: dict[str, Any]) -> None:
        incoming = Incoming.of(body)
        with self.context.database.transaction(incoming.workspace_id) as session:
            shown = profile_form(session, incoming.person(session))
        open_modal(self.context, incoming, modals.profile(shown, home=incoming.from_home))
        ack()

    def save(self, ack: Ack, body: dict[str, Any]) -> None:
        view = body["view"]
        meta = ProfileMeta.model_validate_json(view["private_metadata"])

        def save(session: Session, person: Person, now: datetime) -> None:
            form = checked(ProfileForm, view, today=now.date())
            named = person_by_slack_id(session, meta.coach) if meta.coach else None
            share_with = named if form.share else None
            put_profile(session, person, form.given(), now, share_with=share_with)

        do_once(self.context, Incoming.of(body), save)
        ack()
