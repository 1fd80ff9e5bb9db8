"""Logging coaching: the modal from wherever it is opened, what is submitted, edits, withdrawals."""

from datetime import datetime
from functools import partial
from typing import Any

from slack_bolt import Ack, App
from sqlalchemy.orm import Session

from handlers.blocks import chosen
from handlers.coaching import modals
from handlers.coaching.forms import EditForm, LogForm, WithdrawForm
from handlers.coaching.modals import LogMeta, SubjectMeta
from handlers.coaching.quoting import author_of, name_of, quote, words_of
from handlers.context import Context
from handlers.deeds import do_once
from handlers.forms import checked, entered
from handlers.ids import Choice, Id
from handlers.incoming import Incoming
from handlers.replies import open_modal, update_modal
from models.access import coached_by
from models.coaching import CoachingKind, edit_log, log_coaching, withdraw_log
from models.people import Person, get_person
from models.schedule import local_date
from models.screens import coaching_trail, edit_form, log_form


def register(app: App, context: Context) -> None:
    writing = Writing(context)
    app.action(str(Id.OPEN_LOG))(writing.press)
    app.global_shortcut(str(Id.LOG_SHORTCUT))(writing.shortcut)
    app.message_shortcut(str(Id.LOG_MESSAGE))(writing.message)
    app.action(str(Id.CHOOSE_PERSON))(writing.choose)
    app.view(str(Id.SAVE_LOG))(writing.save)
    app.action(str(Id.LOG_MENU))(writing.menu)
    app.view(str(Id.SAVE_EDIT))(writing.save_edit)
    app.view(str(Id.WITHDRAW))(writing.withdraw)


def open_log(
    context: Context,
    incoming: Incoming,
    *,
    person_id: int | None = None,
    deal_id: int | None = None,
    kind: CoachingKind | None = None,
) -> None:
    """Opens the modal, about somebody or a deal (and its owner) if that is given, of that kind.

    Raises `Refused` for somebody else's person, `NobodyToCoach`.
    """
    with context.database.transaction(incoming.workspace_id) as session:
        actor = incoming.person(session)
        shown = log_form(session, actor, context.now(), person_id, deal_id)
    meta = LogMeta(deal_id=deal_id, kind=kind, home=incoming.from_home)
    open_modal(context, incoming, modals.log(shown, meta))


class Writing:
    def __init__(self, context: Context) -> None:
        self.context = context

    def press(self, ack: Ack, body: dict[str, Any]) -> None:
        """A button "Log coaching": with the person in its value, or with nobody chosen."""
        value = body["actions"][0].get("value")
        open_log(self.context, Incoming.of(body), person_id=int(value) if value else None)
        ack()

    def shortcut(self, ack: Ack, body: dict[str, Any]) -> None:
        open_log(self.context, Incoming.of(body))
        ack()

    def message(self, ack: Ack, body: dict[str, Any]) -> None:
        """From a message, which is quoted; its author is preset where the actor coaches them."""
        incoming, message = Incoming.of(body), body["message"]
        with self.context.database.transaction(incoming.workspace_id) as session:
            actor = incoming.person(session)
            author = author_of(message)
            mine = [one.id for one in coached_by(session, actor) if one.slack_id == author]
            shown = log_form(session, actor, self.context.now(), next(iter(mine), None))
            said = words_of(message["text"], partial(name_of, session))
        found = quote(self.context, incoming, message["ts"], said)
        meta = LogMeta(quote=found.text, quote_url=found.url, quote_by=author)
        open_modal(self.context, incoming, modals.log(shown, meta))
        ack()

    def choose(self, ack: Ack, body: dict[str, Any]) -> None:
        """A person was chosen: their focus areas and deals, and all that was typed so far."""
        incoming, view = Incoming.of(body), body["view"]
        meta = LogMeta.model_validate_json(view["private_metadata"])
        person_id = int(body["actions"][0]["selected_option"]["value"])
        with self.context.database.transaction(incoming.workspace_id) as session:
            actor = incoming.person(session)
            shown = log_form(session, actor, self.context.now(), person_id, meta.deal_id)
        update_modal(self.context, incoming, view, modals.log(shown, meta, entered(view)))
        ack()

    def save(self, ack: Ack, body: dict[str, Any]) -> None:
        view = body["view"]
        meta = LogMeta.model_validate_json(view["private_metadata"])

        def log(session: Session, actor: Person, now: datetime) -> None:
            form = checked(LogForm, view, today=local_date(now, actor.zone))
            person = get_person(session, form.person)
            log_coaching(session, actor, person, form.given(), now, quote=meta.quoted())

        do_once(self.context, Incoming.of(body), log)
        ack()

    # what was logged, changed

    def menu(self, ack: Ack, body: dict[str, Any]) -> None:
        """⋯ of the coach's copy, and of a one-on-one's card."""
        incoming = Incoming.of(body)
        choice, log_id = chosen(body["actions"][0]["selected_option"]["value"])
        meta = SubjectMeta(subject=log_id, home=incoming.from_home)
        with self.context.database.transaction(incoming.workspace_id) as session:
            actor, now = incoming.person(session), self.context.now()
            if choice is Choice.TRAIL:
                view = modals.trail(coaching_trail(session, actor, log_id, now))
            else:
                shown = edit_form(session, actor, log_id, now)
                draw = modals.withdraw if choice is Choice.WITHDRAW else modals.edit
                view = draw(shown, meta)
        open_modal(self.context, incoming, view)
        ack()

    def save_edit(self, ack: Ack, body: dict[str, Any]) -> None:
        view = body["view"]
        meta = SubjectMeta.model_validate_json(view["private_metadata"])

        def edit(session: Session, actor: Person, now: datetime) -> None:
            form = checked(EditForm, view, today=local_date(now, actor.zone))
            edit_log(session, actor, meta.subject, form.given(), now)

        do_once(self.context, Incoming.of(body), edit)
        ack()

    def withdraw(self, ack: Ack, body: dict[str, Any]) -> None:
        view = body["view"]
        meta = SubjectMeta.model_validate_json(view["private_metadata"])

        def withdraw(session: Session, actor: Person, now: datetime) -> None:
            form = checked(WithdrawForm, view, today=local_date(now, actor.zone))
            withdraw_log(session, actor, meta.subject, form.because, now)

        do_once(self.context, Incoming.of(body), withdraw)
        ack()
