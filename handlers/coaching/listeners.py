"""`/log-coaching`, and whatever else there is to press about coaching logs."""

from typing import Any

from slack_bolt import Ack, App

from handlers.coaching import answering, writing
from handlers.coaching.help import command_help
from handlers.context import Context
from handlers.ids import Id
from handlers.incoming import Incoming


def register(app: App, context: Context) -> None:
    def command(ack: Ack, body: dict[str, Any]) -> None:
        """`/log-coaching [help]`; a word that it does not know gives help."""
        incoming = Incoming.of(body)
        word = body.get("text", "").strip()
        if not word:
            writing.open_log(context, incoming)
            ack()
            return
        with context.database.transaction(incoming.workspace_id) as session:
            incoming.person(session)
        said = command_help("" if word.lower() == "help" else word)
        ack(text=said.text, blocks=said.blocks, response_type="ephemeral")

    app.command(str(Id.LOG_COACHING))(command)
    writing.register(app, context)
    answering.register(app, context)
