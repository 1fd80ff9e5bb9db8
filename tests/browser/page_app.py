"""A workspace, and a little Bolt app in Socket Mode that has the page draw all kinds of things."""

from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from typing import Any, Self

from slack_bolt import App as Bolt
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.socket import Socket
from sandbox import App, Channel, Clock, Mark, Person, Server, Team, Workspace
from tests.browser.page_forms import (
    DEALS,
    Json,
    decide,
    deeper,
    every_field,
    home,
    moment,
    option,
    rating,
    section,
    upload,
)

START = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
"""Tuesday 24 November 2026, 16:00 in Berlin, 10:00 in New York."""
NEXT_PROMPT = START + timedelta(hours=19)
BOT_TOKEN = "xoxb-1-fieldbook"
APP_TOKEN = "xapp-1-fieldbook"


def _command(name: str, description: str, usage_hint: str = "") -> Json:
    return {"command": name, "description": description, "usage_hint": usage_hint}


MANIFEST: Json = {
    "display_information": {"name": "Fieldbook"},
    "features": {
        "bot_user": {"display_name": "Fieldbook"},
        "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True},
        "slash_commands": [
            _command("/decide", "Record what becomes of a deal", "[deal]"),
            _command("/every-field", "A form with every kind of field"),
            _command("/rate", "Ask for a rating"),
            _command("/silent", "Never answers"),
            _command("/upload", "Give files"),
            _command("/unheard", "Calls a method that is not there"),
            _command("/whisper", "Says something to you alone"),
        ],
        "shortcuts": [
            {
                "name": "Count as evidence",
                "type": "message",
                "callback_id": "evidence",
                "description": "Counts a message as evidence",
            },
            {
                "name": "Log a coaching moment",
                "type": "global",
                "callback_id": "moment",
                "description": "Writes down what you saw, for the next one-on-one",
            },
        ],
    },
    "oauth_config": {
        "scopes": {
            "bot": [
                "chat:write",
                "commands",
                "channels:history",
                "im:history",
                "im:write",
                "files:read",
                "files:write",
            ]
        }
    },
    "settings": {
        "event_subscriptions": {"bot_events": ["app_home_opened", "message.im"]},
        "interactivity": {"is_enabled": True},
        "socket_mode_enabled": True,
    },
}


def workspace() -> Workspace:
    """Three people in two zones, channels of each kind, and the app."""
    everybody = ["U0MAX", "U0ANA", "U0BEN", "U0BOT"]
    return Workspace(
        team=Team("T0NORTH", "Northwind Sales", domain="northwind"),
        people=[
            Person("U0MAX", "max", real_name="Max Weber", tz="Europe/Berlin", title="Manager"),
            Person("U0ANA", "ana", real_name="Ana Ruiz", tz="America/New_York"),
            Person("U0BEN", "ben", real_name="Ben Okafor", tz="America/New_York"),
        ],
        channels=[
            Channel("C0WEST", "west", members=[*everybody]),
            Channel("C0EMPTY", "empty", members=[*everybody]),
            Channel("C0OLD", "old", members=[*everybody], archived=True),
        ],
        apps=[
            App("A0FIELD", MANIFEST, "U0BOT", BOT_TOKEN, APP_TOKEN, "a-signing-secret"),
        ],
        clock=Clock(START, marks=lambda: [Mark("Next prompt: deciding opens", NEXT_PROMPT)]),
    )


class PageApp:
    """The Bolt app; `submitted` is what its forms held, by block_id, newest last."""

    def __init__(self, server: Server) -> None:
        """Registers its listeners; it answers within a `with`."""
        self._server = server
        self.client = WebClient(BOT_TOKEN, base_url=server.api_url, retry_handlers=[])
        self.submitted: list[Json] = []
        self.clicked: list[Json] = []
        self._bolt = Bolt(client=self.client, signing_secret="a-signing-secret")
        self._stack = ExitStack()
        for name in ("upload", "decide", "every-field", "rate", "whisper", "unheard"):
            self._bolt.command(f"/{name}")(getattr(self, f"_{name.replace('-', '_')}"))
        self._bolt.command("/silent")(_silence)
        self._bolt.view("decide")(self._decided)
        self._bolt.view("every")(self._saved)
        self._bolt.message_shortcut("evidence")(self._counted)
        self._bolt.global_shortcut("moment")(self._moment)
        self._bolt.view("moment")(self._noted)
        for name in ("it", "day", "time", "both"):
            self._bolt.action(name)(self._told)
        self._bolt.action("another")(self._another)
        self._bolt.action("deeper")(self._deeper)
        self._bolt.action("why")(self._asked)
        self._bolt.action("refresh")(self._refresh)
        self._bolt.action("again")(self._again)
        self._bolt.action("menu")(self._menu)
        for n in range(5):
            self._bolt.action(f"rate_{n}")(self._rated)
        self._bolt.options("deal")(_offered)
        self._bolt.action("deal")(self._picked)
        self._bolt.event("app_home_opened")(self._opened)
        self._bolt.event("message")(_nothing)

    def __enter__(self) -> Self:
        """Connects it."""
        socket = Socket(self._bolt, APP_TOKEN, self._server.api_url)
        self._stack.callback(socket.stop)
        socket.start()
        self._server.wait(lambda: self._server.connected("A0FIELD"))
        return self

    def __exit__(self, *_: object) -> None:
        """Ends it."""
        self._stack.close()

    def say(self, words: str, blocks: list[Json] | None = None, **more: Any) -> str:
        """Says something in #west; returns its ts."""
        answer = self.client.chat_postMessage(channel="C0WEST", text=words, blocks=blocks, **more)
        return str(answer["ts"])

    def _decide(self, ack: Any, body: Json) -> None:
        ack()
        self.client.views_open(trigger_id=body["trigger_id"], view=decide(body["channel_id"]))

    def _upload(self, ack: Any, body: Json) -> None:
        ack()
        self.client.views_open(trigger_id=body["trigger_id"], view=upload())

    def _every_field(self, ack: Any, body: Json) -> None:
        ack()
        view = every_field(body["channel_id"])
        self.client.views_open(trigger_id=body["trigger_id"], view=view)

    def _rate(self, ack: Any, body: Json) -> None:
        ack()
        self.client.chat_postMessage(
            channel=body["channel_id"], text="Did it help you?", blocks=rating()
        )

    def _whisper(self, ack: Any, body: Json) -> None:
        ack()
        self.client.chat_postEphemeral(
            channel=body["channel_id"], user=body["user_id"], text="Two deals have no decision yet."
        )

    def _unheard(self, ack: Any) -> None:
        ack()
        try:
            self.client.api_call("reactions.imagine", params={"name": "tada"})
        except SlackApiError as error:
            assert error.response["error"] == "unknown_method"  # noqa: PT017

    def _decided(self, ack: Any, view: Json, body: Json) -> None:
        values = view["state"]["values"]
        reason = values["reason"]["it"]["value"]
        if len(reason.split()) < 3:
            ack(response_action="errors", errors={"reason": "Say it in three words at least."})
            return
        ack()
        self._keep(values)
        decision = values["decision"]["it"]["selected_option"]["text"]["text"]
        self.say(f"{decision} by <@{body['user']['id']}>: {reason}")

    def _saved(self, ack: Any, view: Json) -> None:
        ack()
        self._keep(view["state"]["values"])

    def _keep(self, values: Json) -> None:
        self.submitted.append(
            {block_id: held["it"] for block_id, held in values.items() if "it" in held}
        )

    def _deeper(self, ack: Any, body: Json) -> None:
        ack()
        self.client.views_push(trigger_id=body["trigger_id"], view=deeper())

    def _asked(self, ack: Any, body: Json) -> None:
        ack()
        view = deeper(body["actions"][0]["value"])
        self.client.views_update(view_id=body["view"]["id"], view=view)

    def _refresh(self, ack: Any, body: Json) -> None:
        ack()
        view = decide(body["view"]["private_metadata"])
        view["blocks"].insert(0, section("fresh", ":sparkles: Refreshed"))
        self.client.views_update(view_id=body["view"]["id"], view=view)

    def _rated(self, ack: Any, body: Json) -> None:
        ack()
        self.clicked.append(body["actions"][0])
        said = f"<@{body['user']['id']}> gave {body['actions'][0]['text']['text']}"
        self.client.chat_update(
            channel=body["channel"]["id"], ts=body["message"]["ts"], text=said, blocks=rating(said)
        )

    def _moment(self, ack: Any, body: Json) -> None:
        ack()
        self.client.views_open(trigger_id=body["trigger_id"], view=moment())

    def _told(self, ack: Any, body: Json) -> None:
        ack()
        self.clicked.append(body["actions"][0])
        kind = body["view"]["state"]["values"]["kind"]["it"]["selected_option"]
        told = " ".join(action["block_id"] for action in self.clicked)
        view = moment(kind["value"] if kind else "", told)
        self.client.views_update(view_id=body["view"]["id"], view=view)

    def _another(self, ack: Any, body: Json) -> None:
        ack()
        self.client.views_push(trigger_id=body["trigger_id"], view=moment())

    def _noted(self, ack: Any, view: Json) -> None:
        values = view["state"]["values"]
        match values["note"]["it"]["value"]:
            case "update":
                ack(response_action="update", view=moment(told="updated"))
            case "push":
                ack(response_action="push", view=moment(told="pushed"))
            case "clear":
                ack(response_action="clear")
            case _:
                ack()
        self._keep(values)

    def _menu(self, ack: Any, body: Json) -> None:
        ack()
        chosen = body["actions"][0]["selected_option"]["text"]["text"]
        self.clicked.append(body["actions"][0])
        if "message" not in body:
            return
        self.say(f"Chosen: {chosen}", thread_ts=body["message"]["ts"])

    def _counted(self, ack: Any, body: Json) -> None:
        ack()
        message = body["message"]
        thread_ts = message.get("thread_ts", message["ts"])
        self.say(f"Counted: {message['text']}", thread_ts=thread_ts)

    def _picked(self, ack: Any, body: Json) -> None:
        ack()
        self.clicked.append(body["actions"][0])

    def _opened(self, event: Json) -> None:
        if event["tab"] == "home":
            self.client.views_publish(user_id=event["user"], view=home("Two decisions are open."))

    def _again(self, ack: Any, body: Json) -> None:
        ack()
        self.client.views_publish(user_id=body["user"]["id"], view=home("All is decided."))


def _offered(ack: Any, payload: Json) -> None:
    """Deals by name; for one that is typed nothing is offered that Slack would take."""
    if payload["value"] == "wrong":
        ack(options=[{"value": "no text"}])
        return
    found = [name for name in DEALS if name.lower().startswith(payload["value"].lower())]
    ack(options=[option(name, name.lower()) for name in found])


def _silence() -> None:
    """Does not acknowledge."""


def _nothing() -> None:
    """Bolt warns of events that nobody listens to."""
