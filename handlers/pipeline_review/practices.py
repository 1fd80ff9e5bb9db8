"""Proposing words as worth copying: from a card's ⋯, an answer or a message; and their author."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from slack_bolt import Ack, App
from sqlalchemy.orm import Session

from handlers.blocks import note
from handlers.coaching.quoting import name_of, words_of
from handlers.context import Context
from handlers.deeds import do_once
from handlers.forms import checked
from handlers.ids import Id
from handlers.incoming import Incoming
from handlers.pipeline_review import phrases
from handlers.pipeline_review import practice_words as say
from handlers.pipeline_review.practice_words import ChooseForm, PracticeMeta, as_shown
from handlers.pipeline_review.quoting import reply_of
from handlers.pipeline_review.refusals import AnsweredAnew, AuthorUnknown, NotAReply
from handlers.replies import open_modal
from models.delivery import Kind, find_posted
from models.evidence import AnswerSet
from models.people import Person, get_person, person_by_slack_id
from models.pipeline_review import (
    Consent,
    answer_practice,
    from_answer,
    from_message,
    in_thread,
    propose,
)
from models.screens import practice_form, who


def register(app: App, context: Context) -> None:
    practices = Practices(context)
    app.message_shortcut(str(Id.WORTH_COPYING))(practices.shortcut)
    app.view(str(Id.SAVE_PRACTICE))(practices.save_answer)
    app.view(str(Id.SAVE_PRACTICE_MESSAGE))(practices.save_message)
    app.action(str(Id.SHARE_PRACTICE))(practices.share)
    app.action(str(Id.KEEP_PRACTICE))(practices.keep)


Proposal = tuple[Person, str, str]
"""Whose words, the words as they are shown, and their source."""


class Practices:
    def __init__(self, context: Context) -> None:
        self.context = context

    def open_for(self, incoming: Incoming, review_deal_id: int) -> None:
        """From a card's ⋯, or from answers in its thread: one of the deal's answers."""
        with self.context.database.transaction(incoming.workspace_id) as session:
            actor = incoming.person(session)
            shown = practice_form(session, actor, review_deal_id)
        open_modal(self.context, incoming, say.choose(shown))

    def shortcut(self, ack: Ack, body: dict[str, Any]) -> None:
        incoming, message = Incoming.of(body), body["message"]
        given = self._answers_there(incoming, message["ts"])
        if given is not None:
            self.open_for(incoming, given)
        else:
            self._open_message(incoming, message)
        ack()

    def _answers_there(self, incoming: Incoming, ts: str) -> int | None:
        """The deal whose answers this message of the bot shows."""
        with self.context.database.transaction(incoming.workspace_id) as session:
            incoming.person(session)
            place = incoming.channel_id or ""
            shown = find_posted(session, Kind.REVIEW_ANSWERS, place, ts)
            if shown is None:
                return None
            return session.get_one(AnswerSet, shown.subject_id).review_deal_id

    def _open_message(self, incoming: Incoming, message: dict[str, Any]) -> None:
        slack_id, root = reply_of(message)
        with self.context.database.transaction(incoming.workspace_id) as session:
            actor = incoming.person(session)
            place = incoming.channel_id or ""
            entry = in_thread(session, place, root)
            if entry is None:
                raise NotAReply
            shown = practice_form(session, actor, entry.id)
            author = person_by_slack_id(session, slack_id)
            if author is None:
                raise AuthorUnknown
            meta = PracticeMeta(
                review_deal_id=entry.id,
                text=as_shown(words_of(message["text"], partial(name_of, session))),
                source=from_message(place, message["ts"]),
                author_id=author.id,
            )
            mention = phrases.who(who(session, [author.id])[0])
        open_modal(self.context, incoming, say.message(shown, meta, mention))

    def save_answer(self, ack: Ack, body: dict[str, Any]) -> None:
        def chosen(session: Session, actor: Person, now: datetime) -> Proposal:
            meta = PracticeMeta.model_validate_json(body["view"]["private_metadata"])
            form = checked(ChooseForm, body["view"], today=now.date())
            shown = practice_form(session, actor, meta.review_deal_id)
            one = next((one for one in shown.choices if one.answer_id == form.answer), None)
            if one is None:
                raise AnsweredAnew
            author = get_person(session, one.author.id)
            return author, as_shown(one.text), from_answer(one.answer_id)

        self._propose(ack, body, chosen)

    def save_message(self, ack: Ack, body: dict[str, Any]) -> None:
        def quoted(session: Session, _actor: Person, _now: datetime) -> Proposal:
            meta = PracticeMeta.model_validate_json(body["view"]["private_metadata"])
            return get_person(session, meta.author_id), meta.text, meta.source

        self._propose(ack, body, quoted)

    def _propose(
        self,
        ack: Ack,
        body: dict[str, Any],
        what: Callable[[Session, Person, datetime], Proposal],
    ) -> None:
        meta = PracticeMeta.model_validate_json(body["view"]["private_metadata"])
        said = []

        def propose_(session: Session, actor: Person, now: datetime) -> None:
            author, text, source = what(session, actor, now)
            made, is_new = propose(session, actor, meta.review_deal_id, author, text, source, now)
            mention = phrases.who(who(session, [author.id])[0])
            shared = made.consent is Consent.SHARED
            said.append(say.became(mention, shared=shared, is_new=is_new))

        do_once(self.context, Incoming.of(body), propose_)
        if said:
            ack(response_action="update", view=note(say.TITLE, *said))
        else:
            ack()

    def share(self, ack: Ack, body: dict[str, Any]) -> None:
        self._answer(ack, body, share=True)

    def keep(self, ack: Ack, body: dict[str, Any]) -> None:
        self._answer(ack, body, share=False)

    def _answer(self, ack: Ack, body: dict[str, Any], *, share: bool) -> None:
        practice_id = int(body["actions"][0]["value"])

        def answer(session: Session, actor: Person, now: datetime) -> None:
            answer_practice(session, actor, practice_id, now, share=share)

        do_once(self.context, Incoming.of(body), answer)
        ack()
