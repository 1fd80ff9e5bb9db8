"""`/log-coaching`, and whatever else there is to press about coaching logs."""

import re
from typing import Any

from slack_bolt import Ack, App

from handlers.coaching import answering, writing
from handlers.coaching.help import command_help
from handlers.context import Context
from handlers.ids import Id
from handlers.incoming import Incoming
from models.people import person_by_slack_id

_MENTION = re.compile(r"<@([A-Z0-9]+)(?:\|[^>]*)?>")


def register(app: App, context: Context) -> None:
    def command(ack: Ack, body: dict[str, Any]) -> None:
        """`/log-coaching [@person | help]`; a word that it does not know gives help."""
        incoming = Incoming.of(body)
        word = body.get("text", "").strip()
        if not word:
            writing.open_log(context, incoming)
            ack()
            return
        named = _MENTION.fullmatch(word)
        with context.database.transaction(incoming.workspace_id) as session:
            incoming.person(session)
            person = person_by_slack_id(session, named[1]) if named else None
            person_id = None if person is None else person.id
        if person_id is not None:
            writing.open_log(context, incoming, person_id=person_id)
            ack()
            return
        if named:
            ack(text=f"Cadence does not know {named[0]}. An admin adds people: `/cadence setup`.")
            return
        said = command_help("" if word.lower() == "help" else word)
        ack(text=said.text, blocks=said.blocks, response_type="ephemeral")

    app.command(str(Id.LOG_COACHING))(command)
    writing.register(app, context)
    answering.register(app, context)
