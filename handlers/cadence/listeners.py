"""`/cadence`, with whatever follows it: help."""

from typing import Any

from slack_bolt import Ack, App

from handlers.cadence.messages import overview
from handlers.context import Context
from handlers.ids import Id
from handlers.incoming import Incoming


def register(app: App, context: Context) -> None:
    def command(ack: Ack, body: dict[str, Any]) -> None:
        incoming = Incoming.of(body)
        with context.database.transaction(incoming.workspace_id) as session:
            incoming.person(session)
        said = overview(incoming.workspace_id, body.get("api_app_id", ""))
        ack(text=said.text, blocks=said.blocks, response_type="ephemeral")

    def followed(ack: Ack) -> None:
        """A button with an address: Slack has opened it."""
        ack()

    app.command(str(Id.CADENCE))(command)
    app.action(str(Id.OPEN_LINK))(followed)
