"""What there is to press about a health check: its flags, the conversations, a time for one."""

from datetime import datetime
from typing import Any

from slack_bolt import Ack, App
from sqlalchemy.orm import Session

from handlers.coaching.writing import open_log
from handlers.context import Context
from handlers.deeds import do_once
from handlers.forms import checked
from handlers.health_check import modals
from handlers.health_check.forms import TimeForm
from handlers.health_check.modals import EVERYBODY, FlagsMeta, TalkMeta
from handlers.ids import Id
from handlers.incoming import Incoming
from handlers.replies import open_modal, update_modal
from models import health_check, screens
from models.coaching import CoachingKind
from models.people import Person


def register(app: App, context: Context) -> None:
    pressed = Pressed(context)
    app.action(str(Id.ALL_FLAGS))(pressed.all_flags)
    app.action(str(Id.MY_FLAGS))(pressed.my_flags)
    app.action(str(Id.FLAGS_OWNER))(pressed.choose_owner)
    for turn in (Id.FLAGS_BEFORE, Id.FLAGS_AFTER):
        app.action(str(turn))(pressed.turn)
    app.action(str(Id.ALL_TALKS))(pressed.all_talks)
    app.action(str(Id.LOG_TALK))(pressed.log)
    app.action(str(Id.SCHEDULE_TALK))(pressed.schedule)
    app.view(str(Id.SAVE_TALK_TIME))(pressed.save_time)


class Pressed:
    def __init__(self, context: Context) -> None:
        self.context = context

    # the list of flags

    def all_flags(self, ack: Ack, body: dict[str, Any]) -> None:
        self._open_flags(Incoming.of(body), _value(body), mine=False)
        ack()

    def my_flags(self, ack: Ack, body: dict[str, Any]) -> None:
        self._open_flags(Incoming.of(body), _value(body), mine=True)
        ack()

    def _open_flags(self, incoming: Incoming, check_id: int, *, mine: bool) -> None:
        with self.context.database.transaction(incoming.workspace_id) as session:
            actor = incoming.person(session)
            owner_id = actor.id if mine else None
            shown = screens.flags_screen(session, actor, check_id, owner_id)
        open_modal(self.context, incoming, modals.flags(shown))

    def choose_owner(self, ack: Ack, body: dict[str, Any]) -> None:
        """Somebody's deals alone, or everybody's: from the first page on."""
        value = body["actions"][0]["selected_option"]["value"]
        meta = FlagsMeta.model_validate_json(body["view"]["private_metadata"])
        owner_id = None if value == EVERYBODY else int(value)
        self._redraw(body, FlagsMeta(check_id=meta.check_id, owner_id=owner_id))
        ack()

    def turn(self, ack: Ack, body: dict[str, Any]) -> None:
        meta = FlagsMeta.model_validate_json(body["view"]["private_metadata"])
        self._redraw(body, meta.model_copy(update={"page": _value(body)}))
        ack()

    def _redraw(self, body: dict[str, Any], meta: FlagsMeta) -> None:
        incoming = Incoming.of(body)
        with self.context.database.transaction(incoming.workspace_id) as session:
            actor = incoming.person(session)
            shown = screens.flags_screen(session, actor, meta.check_id, meta.owner_id, meta.page)
        update_modal(self.context, incoming, body["view"], modals.flags(shown))

    # the conversations

    def all_talks(self, ack: Ack, body: dict[str, Any]) -> None:
        incoming = Incoming.of(body)
        with self.context.database.transaction(incoming.workspace_id) as session:
            actor = incoming.person(session)
            shown = screens.talks_screen(session, actor, _value(body), self.context.now())
        open_modal(self.context, incoming, modals.talks(shown))
        ack()

    def log(self, ack: Ack, body: dict[str, Any]) -> None:
        """[Log it]: the modal of coaching logs, with the rep and the kind."""
        incoming = Incoming.of(body)
        with self.context.database.transaction(incoming.workspace_id) as session:
            actor = incoming.person(session)
            talk = health_check.open_talk(session, actor, _value(body), self.context.now())
            person_id = talk.person_id
        open_log(self.context, incoming, person_id=person_id, kind=CoachingKind.COVERAGE)
        ack()

    def schedule(self, ack: Ack, body: dict[str, Any]) -> None:
        incoming = Incoming.of(body)
        with self.context.database.transaction(incoming.workspace_id) as session:
            actor = incoming.person(session)
            shown = screens.talk_form(session, actor, _value(body), self.context.now())
        open_modal(self.context, incoming, modals.schedule(shown, home=incoming.from_home))
        ack()

    def save_time(self, ack: Ack, body: dict[str, Any]) -> None:
        view = body["view"]
        meta = TalkMeta.model_validate_json(view["private_metadata"])

        def save(session: Session, actor: Person, now: datetime) -> None:
            form = checked(TimeForm, view, today=now.date())
            health_check.set_time(session, actor, meta.talk_id, form.at, now)

        do_once(self.context, Incoming.of(body), save)
        ack()


def _value(body: dict[str, Any]) -> int:
    return int(body["actions"][0]["value"])
