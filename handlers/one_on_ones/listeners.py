"""The buttons and ⋯ of a one-on-one: on its cards, in the digest, at Home."""

from datetime import datetime
from typing import Any

from slack_bolt import Ack, App
from sqlalchemy.orm import Session

from handlers.blocks import chosen
from handlers.coaching.writing import Writing as Coaching
from handlers.context import Context
from handlers.deeds import do_once
from handlers.ids import Choice, Id
from handlers.incoming import Incoming
from handlers.motivation.listeners import open_drives
from handlers.one_on_ones import finish, moving, standing, writing
from models import one_on_ones
from models.people import Person


def register(app: App, context: Context) -> None:
    sessions = Sessions(context)
    app.action(str(Id.START_ONE_ON_ONE))(sessions.start)
    app.action(str(Id.ONE_ON_ONE_MENU))(sessions.menu)
    finish.register(app, context)
    moving.register(app, context)
    standing.register(app, context)
    writing.register(app, context)


class Sessions:
    def __init__(self, context: Context) -> None:
        self.context = context
        self.moving = moving.Moving(context)
        self.writing = writing.Writing(context)
        self.coaching = Coaching(context)

    def start(self, ack: Ack, body: dict[str, Any]) -> None:
        one_on_one_id = int(body["actions"][0]["value"])

        def start(session: Session, actor: Person, now: datetime) -> None:
            one_on_ones.start(session, actor, one_on_one_id, now)

        do_once(self.context, Incoming.of(body), start)
        ack()

    def menu(self, ack: Ack, body: dict[str, Any]) -> None:
        """⋯ of a session; on the card of one that was held also that of its coaching log."""
        incoming = Incoming.of(body)
        choice, subject = chosen(body["actions"][0]["selected_option"]["value"])
        match choice:
            case Choice.MOVE:
                self.moving.ask_when(incoming, subject)
            case Choice.CANCEL:
                self.moving.ask_why(incoming, subject)
            case Choice.POINTS:
                self.writing.ask_points(incoming, subject)
            case Choice.NOTES:
                self.writing.ask_notes(incoming, subject)
            case Choice.DRIVES:
                open_drives(self.context, incoming, subject)
            case Choice.EDIT | Choice.TRAIL:
                self.coaching.menu(ack, body)
                return
        ack()
