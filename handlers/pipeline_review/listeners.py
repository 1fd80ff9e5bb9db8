"""The command, and the buttons of the review's messages that need no form."""

from datetime import datetime
from typing import Any

from slack_bolt import Ack, App
from sqlalchemy.orm import Session

from handlers.blocks import chosen, note
from handlers.coaching.writing import open_log
from handlers.context import Context
from handlers.deeds import do_once
from handlers.ids import Choice, Id
from handlers.incoming import Incoming
from handlers.lines import Line
from handlers.message import Rendered
from handlers.pipeline_review import (
    adjusting,
    answering,
    deciding,
    help,
    modals,
    practices,
    quoting,
    starting,
)
from handlers.pipeline_review.standing import said, statuses
from handlers.replies import open_modal, tell
from models.access import Act, allowed, deputy_id, teams_for
from models.people import Person, Team, team_in_channel
from models.pipeline_review import begin_now, close_review, get_review
from models.screens import ReviewStatus, history, review_status, who


def register(app: App, context: Context) -> None:
    reviews = Reviews(context)
    app.command(str(Id.PIPELINE_REVIEW))(reviews.command)
    app.action(str(Id.STATUS))(reviews.press_status)
    app.action(str(Id.CLOSE))(reviews.close)
    app.action(str(Id.REVIEW_MENU))(reviews.menu)
    app.action(str(Id.CARD_MENU))(reviews.menu)
    starting.register(app, context)
    adjusting.register(app, context)
    answering.register(app, context)
    deciding.register(app, context)
    quoting.register(app, context)
    practices.register(app, context)


class Reviews:
    def __init__(self, context: Context) -> None:
        self.context = context
        self.starting = starting.Starting(context)
        self.deciding = deciding.Deciding(context)
        self.practices = practices.Practices(context)

    def command(self, ack: Ack, body: dict[str, Any]) -> None:
        """`/pipeline-review [status | help]`; a word that it does not know gives help."""
        incoming = Incoming.of(body)
        word = body.get("text", "").strip().lower()
        if word == "":
            self._start_or_show(ack, incoming)
        elif word == "status":
            self._answer(ack, said(self.context, incoming, self._statuses(incoming)))
        else:
            with self.context.database.transaction(incoming.workspace_id) as session:
                incoming.person(session)
            self._answer(ack, help.command_help("" if word == "help" else word))

    def _start_or_show(self, ack: Ack, incoming: Incoming) -> None:
        with self.context.database.transaction(incoming.workspace_id) as session:
            actor = incoming.person(session)
            here = _own_team_here(session, actor, incoming)
            shown = self.starting.for_team(session, actor, here)
        if shown.view is None:
            self._answer(ack, said(self.context, incoming, shown.statuses))
            return
        open_modal(self.context, incoming, shown.view)
        ack()

    def _statuses(self, incoming: Incoming) -> tuple[ReviewStatus, ...]:
        now = self.context.now()
        with self.context.database.transaction(incoming.workspace_id) as session:
            actor = incoming.person(session)
            here = _own_team_here(session, actor, incoming)
            if here is not None:
                return (review_status(session, actor, here, now),)
            return statuses(session, actor, now)

    def _answer(self, ack: Ack, answer: Rendered) -> None:
        ack(text=answer.text, blocks=answer.blocks, response_type="ephemeral")

    def press_status(self, ack: Ack, body: dict[str, Any]) -> None:
        incoming = Incoming.of(body)
        tell(self.context, incoming, said(self.context, incoming, self._statuses(incoming)))
        ack()

    def close(self, ack: Ack, body: dict[str, Any]) -> None:
        review_id = int(body["actions"][0]["value"])

        def close(session: Session, actor: Person, now: datetime) -> None:
            close_review(session, actor, review_id, now)

        do_once(self.context, Incoming.of(body), close)
        ack()

    def menu(self, ack: Ack, body: dict[str, Any]) -> None:
        """⋯ of the parent message and of the cards."""
        incoming = Incoming.of(body)
        choice, subject = chosen(body["actions"][0]["selected_option"]["value"])
        if choice is Choice.CORRECT:
            self.deciding.open_for(incoming, subject)
        elif choice is Choice.LOG:
            open_log(self.context, incoming, deal_id=subject)
        elif choice is Choice.WORTH_COPYING:
            self.practices.open_for(incoming, subject)
        elif choice is Choice.BEGIN:
            self._begin(incoming, subject)
        elif choice is Choice.HISTORY:
            self._history(incoming, subject)
        elif choice is Choice.WHO_MAY:
            self._who_may(incoming, subject)
        elif choice is Choice.HELP:
            tell(self.context, incoming, help.command_help())
        ack()

    def _begin(self, incoming: Incoming, review_id: int) -> None:
        def begin(session: Session, actor: Person, now: datetime) -> None:
            begin_now(session, actor, review_id, now)

        do_once(self.context, incoming, begin)

    def _history(self, incoming: Incoming, deal_id: int) -> None:
        with self.context.database.transaction(incoming.workspace_id) as session:
            shown = history(session, incoming.person(session), deal_id, self.context.now())
        open_modal(self.context, incoming, modals.history(shown))

    def _who_may(self, incoming: Incoming, review_id: int) -> None:
        with self.context.database.transaction(incoming.workspace_id) as session:
            incoming.person(session)
            team_id = get_review(session, review_id).team_id
            deciders = allowed(session, Act.DECIDE, team_id=team_id)
            found = who(session, [person.id for person in deciders])
            said_lines: list[Line] = help.who_may(found, deputy_id(session, team_id))
        open_modal(self.context, incoming, note("Who may do what", *said_lines))


def _own_team_here(session: Session, actor: Person, incoming: Incoming) -> Team | None:
    """The person's team whose channel this is; None elsewhere."""
    own = teams_for(session, actor)
    here = team_in_channel(session, incoming.channel_id) if incoming.channel_id else None
    return next((one for one in own if here is not None and one.id == here.id), None)
