"""A little workspace, and a little Bolt app that knows it over both transports."""

import threading
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from slack_bolt import App as Bolt
from slack_bolt import BoltRequest
from slack_sdk import WebClient

from bot.socket import Socket
from sandbox import App, Channel, Clock, Person, Server, Team, Workspace

BOT_TOKEN = "xoxb-1-little"
APP_TOKEN = "xapp-1-little"
SECRET = "a-signing-secret"
START = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)

SCOPES = [
    "app_mentions:read",
    "channels:history",
    "channels:join",
    "channels:manage",
    "channels:read",
    "chat:write",
    "commands",
    "dnd:read",
    "emoji:read",
    "files:read",
    "files:write",
    "groups:history",
    "groups:read",
    "groups:write",
    "im:history",
    "im:read",
    "im:write",
    "pins:read",
    "pins:write",
    "reactions:read",
    "reactions:write",
    "team:read",
    "users:read",
    "users:read.email",
    "users.profile:read",
    "users:write",
]
EVENTS = [
    "app_home_opened",
    "app_mention",
    "app_uninstalled",
    "channel_archive",
    "channel_created",
    "channel_rename",
    "channel_unarchive",
    "dnd_updated_user",
    "file_deleted",
    "file_shared",
    "group_archive",
    "member_joined_channel",
    "member_left_channel",
    "message.channels",
    "message.groups",
    "message.im",
    "pin_added",
    "pin_removed",
    "reaction_added",
    "reaction_removed",
    "team_join",
    "tokens_revoked",
    "user_change",
]
MANIFEST: dict[str, Any] = {
    "display_information": {"name": "Little"},
    "features": {
        "bot_user": {"display_name": "little"},
        "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True},
        "slash_commands": [{"command": "/little", "description": "Does a little"}],
        "shortcuts": [
            {"name": "Little", "type": "global", "callback_id": "g", "description": "A"},
            {"name": "Little", "type": "message", "callback_id": "m", "description": "B"},
        ],
    },
    "oauth_config": {"scopes": {"bot": SCOPES}},
    "settings": {
        "event_subscriptions": {"bot_events": EVENTS},
        "interactivity": {"is_enabled": True},
        "socket_mode_enabled": True,
    },
}


def manifest_with(*, scopes: list[str] | None = None, **features: Any) -> dict[str, Any]:
    """The manifest with other scopes or features."""
    bot = {"scopes": {"bot": SCOPES if scopes is None else scopes}}
    return {
        **MANIFEST,
        "oauth_config": bot,
        "features": {**MANIFEST["features"], **features},
    }


def little_workspace(manifest: dict[str, Any] = MANIFEST, clock: Clock | None = None) -> Workspace:
    """Three people, a bot, and channels of each kind."""
    return Workspace(
        team=Team("T0NORTH", "Northwind", domain="northwind"),
        people=[
            Person("U0MAX", "max", real_name="Max Weber", email="max@n.test", tz="Europe/Berlin"),
            Person("U0LENA", "lena", real_name="Lena Roth", email="lena@n.test"),
            Person("U0GONE", "gone", email="gone@n.test", deleted=True),
        ],
        channels=[
            Channel("C0WEST", "west", members=["U0MAX", "U0LENA", "U0BOT"]),
            Channel("C0EAST", "east", members=["U0MAX"]),
            Channel("C0OLD", "old", members=["U0MAX", "U0BOT"], archived=True),
            Channel("G0IN", "inside", members=["U0MAX", "U0BOT"], kind="private"),
            Channel("G0OUT", "outside", members=["U0MAX"], kind="private"),
        ],
        apps=[App("A0LITTLE", manifest, "U0BOT", BOT_TOKEN, APP_TOKEN, SECRET)],
        clock=clock or Clock(START, frozen=True),
    )


def client_of(server: Server, token: str | None = BOT_TOKEN) -> WebClient:
    """A client without retries, which would hide what is tested."""
    return WebClient(token, base_url=server.api_url, retry_handlers=[])


class Little:
    """A Bolt app of a few lines; `seen` is what its listeners were told, in order."""

    def __init__(self, server: Server, transport: str) -> None:
        """`transport` is `socket` or `http`."""
        self.server = server
        self.transport = transport
        self.client = client_of(server)
        self.bolt = Bolt(
            client=self.client,
            signing_secret=SECRET,
            process_before_response=True,  # what is acknowledged was seen
        )
        self.seen: list[Any] = []
        self._stack = ExitStack()

    def start(self) -> None:
        """Connects it, once its listeners are there."""
        if self.transport == "socket":
            socket = Socket(self.bolt, APP_TOKEN, self.server.api_url)
            self._stack.callback(socket.stop)
            socket.start()
            self.server.wait(lambda: self.server.connected("A0LITTLE"))
        else:
            url = self._stack.enter_context(bolt_over_http(self.bolt))
            self.server.set_request_url("A0LITTLE", url)

    def stop(self) -> None:
        """Ends it."""
        self._stack.close()


Serve = Callable[..., Server]
"""The fixture `start`: takes what `serve` takes, and `manifest` and `clock`."""
Connect = Callable[[Server, str], Little]
"""The fixture `connect`: takes a server and `socket` or `http`."""


class BoltServer(ThreadingHTTPServer):
    """Bolt behind http.server; `requests` are the headers and bodies that came."""

    daemon_threads = False
    bolt: Bolt


class _Handler(BaseHTTPRequestHandler):
    server: BoltServer

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        answer = self.server.bolt.dispatch(BoltRequest(body=body, headers=dict(self.headers)))
        self.send_response(answer.status)
        for name, values in answer.headers.items():
            for value in values:
                self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer.body.encode())

    def log_message(self, format: str, *args: Any) -> None:
        pass


class bolt_over_http:
    """A context in which a Bolt app answers at a URL."""

    def __init__(self, bolt: Bolt) -> None:
        """The app."""
        self._server = BoltServer(("127.0.0.1", 0), _Handler)
        self._server.bolt = bolt
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))

    def __enter__(self) -> str:
        """Starts it; gives the URL."""
        self._thread.start()
        return f"http://127.0.0.1:{self._server.server_port}/slack/events"

    def __exit__(self, *_: object) -> None:
        """Ends it."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
