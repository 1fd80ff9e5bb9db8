"""`/cadence`: help; and `/cadence one-on-ones`, the standing one-on-ones."""

from typing import Any

from slack_bolt import Ack, App

from handlers.cadence.messages import overview
from handlers.context import Context
from handlers.ids import Id
from handlers.incoming import Incoming
from handlers.one_on_ones.standing import Standings
from models.access import coached_by

_ONE_ON_ONES = ("one-on-ones", "one-on-one", "1:1")


def register(app: App, context: Context) -> None:
    standings = Standings(context)

    def command(ack: Ack, body: dict[str, Any]) -> None:
        """`/cadence [one-on-ones]`; whatever else follows gives help."""
        incoming = Incoming.of(body)
        if body.get("text", "").strip().lower() in _ONE_ON_ONES:
            standings.open(incoming)
            ack()
            return
        with context.database.transaction(incoming.workspace_id) as session:
            coaches = bool(coached_by(session, incoming.person(session)))
        said = overview(incoming.workspace_id, body.get("api_app_id", ""), coaches=coaches)
        ack(text=said.text, blocks=said.blocks, response_type="ephemeral")

    def followed(ack: Ack) -> None:
        """A button with an address: Slack has opened it."""
        ack()

    app.command(str(Id.CADENCE))(command)
    app.action(str(Id.OPEN_LINK))(followed)
