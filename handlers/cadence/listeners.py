"""`/cadence`: help; `/cadence one-on-ones`, `/cadence forecast`, `/cadence setup`, and `/cadence
snooze`, when messages come."""

from typing import Any

from slack_bolt import Ack, App

from handlers.cadence.messages import overview
from handlers.context import Context
from handlers.forecast.listeners import Fridays
from handlers.home.settings import Settings
from handlers.ids import Id
from handlers.incoming import Incoming
from handlers.lines import text
from handlers.one_on_ones.standing import Standings
from handlers.setup.listeners import Steps
from models.access import coached_by

_SETUP = "setup"
_FORECAST = "forecast"
_MESSAGES = ("snooze", "messages")
_ONE_ON_ONES = ("one-on-ones", "one-on-one", "1:1")


def register(app: App, context: Context) -> None:
    standings, steps = Standings(context), Steps(context)
    fridays, settings = Fridays(context), Settings(context)

    def command(ack: Ack, body: dict[str, Any]) -> None:
        """`/cadence [one-on-ones | forecast | setup | snooze]`; whatever else gives help."""
        incoming = Incoming.of(body)
        word = body.get("text", "").strip().lower()
        if word in _ONE_ON_ONES:
            standings.open(incoming)
            ack()
            return
        if word == _FORECAST:
            fridays.command(incoming)
            ack()
            return
        if word in _MESSAGES:
            settings.show_messages(incoming)
            ack()
            return
        if word == _SETUP:
            ack(text=text(steps.begin(incoming)), response_type="ephemeral")
            return
        with context.database.transaction(incoming.workspace_id) as session:
            person = incoming.person(session)
            coaches = bool(coached_by(session, person))
        said = overview(
            incoming.workspace_id,
            body.get("api_app_id", ""),
            coaches=coaches,
            is_admin=person.is_admin,
            unknown="" if word == "help" else word,
        )
        ack(text=said.text, blocks=said.blocks, response_type="ephemeral")

    def followed(ack: Ack) -> None:
        """A button with an address: Slack has opened it."""
        ack()

    app.command(str(Id.CADENCE))(command)
    app.action(str(Id.OPEN_LINK))(followed)
