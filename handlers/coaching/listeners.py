"""`/log-coaching`, and whatever else there is to press about coaching logs."""

import re
from functools import partial
from typing import Any

from slack_bolt import Ack, App
from sqlalchemy.orm import Session

from handlers.coaching import answering, writing
from handlers.coaching.help import command_help
from handlers.coaching.quoting import name_of, words_of
from handlers.context import Context
from handlers.ids import Id
from handlers.incoming import Incoming
from models.access import coached_by
from models.people import Person, person_by_slack_id

_MENTION = re.compile(r"<@([A-Z0-9]+)(?:\|[^>]*)?>")


def register(app: App, context: Context) -> None:
    def command(ack: Ack, body: dict[str, Any]) -> None:
        """`/log-coaching [@person | help]`; a word that it does not know gives help."""
        incoming, word = Incoming.of(body), body.get("text", "").strip()
        if not word:
            writing.open_log(context, incoming)
            ack()
            return
        with context.database.transaction(incoming.workspace_id) as session:
            person = _named(session, incoming.person(session), word)
            person_id = None if person is None else person.id
            said = words_of(word, partial(name_of, session))
        if person_id is not None:
            writing.open_log(context, incoming, person_id=person_id)
            ack()
            return
        if _MENTION.fullmatch(word):
            ack(text=f"Cadence does not know {word}. An admin adds people: `/cadence setup`.")
            return
        shown = command_help("" if word.lower() == "help" else said)
        ack(text=shown.text, blocks=shown.blocks, response_type="ephemeral")

    app.command(str(Id.LOG_COACHING))(command)
    writing.register(app, context)
    answering.register(app, context)


def _named(session: Session, actor: Person, word: str) -> Person | None:
    """Who is meant: a mention, or a name as it was typed, of somebody whom the actor coaches."""
    if (mention := _MENTION.fullmatch(word)) is not None:
        return person_by_slack_id(session, mention[1])
    typed = f"{word.removeprefix('@')} ".casefold()
    mine = [
        one for one in coached_by(session, actor) if f"{one.name} ".casefold().startswith(typed)
    ]
    return mine[0] if len(mine) == 1 else None
