"""The six buttons, and what can be done about a rating afterwards."""

from datetime import datetime
from typing import Any

from slack_bolt import Ack, App
from sqlalchemy.orm import Session

from handlers.context import Context
from handlers.deeds import do_once
from handlers.forms import checked
from handlers.home.publishing import publish_home
from handlers.ids import Id
from handlers.incoming import Incoming
from handlers.ratings import forms
from handlers.ratings.forms import CommentForm, EditedCommentForm, RatingForm, RatingMeta
from handlers.ratings.messages import BUTTONS
from handlers.replies import open_modal
from models import ratings
from models.people import Person
from models.screens import comment_form, rating_form


def register(app: App, context: Context) -> None:
    listening = Ratings(context)
    for pressed in BUTTONS:
        app.action(str(pressed))(listening.give)
    app.action(str(Id.CHANGE_RATING))(listening.open_change)
    app.view(str(Id.SAVE_RATING))(listening.change)
    app.action(str(Id.COMMENT))(listening.open_comment)
    app.view(str(Id.SAVE_COMMENT))(listening.comment)


class Ratings:
    def __init__(self, context: Context) -> None:
        self.context = context

    def give(self, ack: Ack, body: dict[str, Any]) -> None:
        """One click. What a redelivery repeats is the rating's own key."""
        incoming, action = Incoming.of(body), body["actions"][0]
        self._rate(incoming, int(action["value"]), BUTTONS[Id(action["action_id"])])
        ack()

    def _rate(self, incoming: Incoming, one_on_one_id: int, score: int | None) -> None:
        now = self.context.now()
        with self.context.database.transaction(incoming.workspace_id) as session:
            actor = incoming.person(session)
            ratings.rate(session, actor, one_on_one_id, score, incoming.once, now)
        if incoming.from_home:
            publish_home(self.context, incoming.workspace_id, incoming.slack_id)

    def open_change(self, ack: Ack, body: dict[str, Any]) -> None:
        incoming, one_on_one_id = Incoming.of(body), int(body["actions"][0]["value"])
        with self.context.database.transaction(incoming.workspace_id) as session:
            actor = incoming.person(session)
            shown = rating_form(session, actor, one_on_one_id, self.context.now())
        open_modal(self.context, incoming, forms.change(shown, home=incoming.from_home))
        ack()

    def change(self, ack: Ack, body: dict[str, Any]) -> None:
        incoming, view = Incoming.of(body), body["view"]
        meta = RatingMeta.model_validate_json(view["private_metadata"])
        form = checked(RatingForm, view, today=self.context.now().date())
        self._rate(incoming, meta.one_on_one_id, form.score)
        ack()

    def open_comment(self, ack: Ack, body: dict[str, Any]) -> None:
        incoming, one_on_one_id = Incoming.of(body), int(body["actions"][0]["value"])
        with self.context.database.transaction(incoming.workspace_id) as session:
            actor = incoming.person(session)
            shown = comment_form(session, actor, one_on_one_id, self.context.now())
        open_modal(self.context, incoming, forms.comment(shown, home=incoming.from_home))
        ack()

    def comment(self, ack: Ack, body: dict[str, Any]) -> None:
        view = body["view"]
        meta = RatingMeta.model_validate_json(view["private_metadata"])

        def comment(session: Session, actor: Person, now: datetime) -> None:
            kind: type[CommentForm | EditedCommentForm] = (
                EditedCommentForm if meta.edits else CommentForm
            )
            form = checked(kind, view, today=now.date())
            said = form.comment or ""
            ratings.comment(session, actor, meta.one_on_one_id, said, now, send=form.send)

        do_once(self.context, Incoming.of(body), comment)
        ack()
