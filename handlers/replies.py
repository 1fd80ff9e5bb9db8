"""What goes to Slack directly, never inside a transaction: modals, answers to one person alone."""

from typing import Any

from slack_sdk.webhook import WebhookClient

from handlers.blocks import note
from handlers.context import Context
from handlers.forms import Json
from handlers.incoming import Incoming
from handlers.lines import Line, text
from handlers.message import Rendered

_TIMEOUT_SECONDS = 5


def open_modal(context: Context, incoming: Incoming, view: Json) -> None:
    client = context.client_for(incoming.workspace_id)
    if incoming.in_modal:
        client.views_push(trigger_id=incoming.trigger_id, view=view)
    else:
        client.views_open(trigger_id=incoming.trigger_id, view=view)


def update_modal(context: Context, incoming: Incoming, old: dict[str, Any], view: Json) -> None:
    """Redraws a modal unless it has changed since (its hash): then the newer drawing stands."""
    client = context.client_for(incoming.workspace_id)
    client.views_update(view_id=old["id"], hash=old.get("hash"), view=view)


def tell(context: Context, incoming: Incoming, said: Rendered) -> None:
    """Shows something to this person alone, where the button was; from Home in a modal."""
    if incoming.response_url is None:
        open_modal(context, incoming, note_of(said))
        return
    client = context.client_for(incoming.workspace_id)
    webhook = WebhookClient(incoming.response_url, timeout=_TIMEOUT_SECONDS, retry_handlers=[])
    webhook.proxy = client.proxy
    webhook.send(
        text=said.text,
        blocks=said.blocks or None,
        response_type="ephemeral",
        replace_original=False,
    )


def tell_line(context: Context, incoming: Incoming, line: Line) -> None:
    if incoming.response_url is None:
        open_modal(context, incoming, note("Cadence", line))
    else:
        tell(context, incoming, Rendered(text(line), []))


def note_of(said: Rendered) -> Json:
    """The same, as a modal that only says something."""
    view = note("Cadence", (said.text,))
    return view | ({"blocks": said.blocks} if said.blocks else {})
