"""One call of a Web API method: who calls, with what, and what they may."""

import base64
import binascii
from dataclasses import dataclass
from typing import Any, Literal

from sandbox import scopes
from sandbox.app import App
from sandbox.channel import Channel
from sandbox.refused import Refused
from sandbox.service import Service
from sandbox.web_api.arguments import Arguments
from sandbox.workspace import Workspace

Result = dict[str, Any]


@dataclass(frozen=True)
class Caller:
    """Who calls: an app by its bot's token, or by its app-level token."""

    app: App
    kind: Literal["bot", "app"]

    @property
    def granted(self) -> frozenset[str]:
        """The scopes of the token."""
        return self.app.scopes if self.kind == "bot" else frozenset({"connections:write"})


@dataclass
class Call:
    """A call whose token is good."""

    service: Service
    caller: Caller
    method: str
    arguments: Arguments

    @property
    def app(self) -> App:
        """Which app calls."""
        return self.caller.app

    @property
    def granted(self) -> frozenset[str]:
        """The scopes of the token."""
        return self.caller.granted

    @property
    def workspace(self) -> Workspace:
        """Where it happens."""
        return self.service.workspace

    def need_scopes(self, *kinds: str) -> None:
        """Checks the scopes, for these kinds of channel. Raises Refused: missing_scope."""
        needed = scopes.missing(self.method, self.granted, channel_kinds=kinds)
        if needed is not None:
            provided = ",".join(sorted(self.granted))
            raise Refused("missing_scope", needed=needed, provided=provided)

    def channel(self) -> Channel:
        """The conversation of the `channel` argument that the bot can see.

        Raises Refused: channel_not_found, missing_scope.
        """
        return self.find_channel(self.arguments.required("channel"))

    def find_channel(self, wanted: str, *, by_name: bool = False) -> Channel:
        """The conversation of this id (or name) that the bot can see.

        Raises Refused: channel_not_found, missing_scope.
        """
        channel = self.workspace.channels.get(wanted)
        if channel is None and by_name:
            channel = self._by_name(wanted.removeprefix("#"))
        if channel is None or not self._sees(channel):
            raise Refused("channel_not_found")
        self.need_scopes(channel.kind)
        return channel

    def channel_inside(self) -> Channel:
        """The same, and the bot must be in it. Raises Refused: not_in_channel as well."""
        channel = self.channel()
        if self.app.bot_user_id not in channel.members:
            raise Refused("not_in_channel")
        return channel

    def _by_name(self, name: str) -> Channel | None:
        named = (c for c in self.workspace.channels.values() if c.name == name and c.kind != "im")
        return next(named, None)

    def _sees(self, channel: Channel) -> bool:
        return channel.kind == "channel" or self.app.bot_user_id in channel.members


def cursor_for(kind: str, key: str) -> str:
    """A `next_cursor`: where the next page begins, opaque as Slack's own."""
    return base64.b64encode(f"{kind}:{key}".encode()).decode()


def cursor_key(kind: str, cursor: str | None) -> str | None:
    """Where a page begins, None for the first. Raises Refused: invalid_cursor."""
    if not cursor:
        return None
    try:
        found, _, key = base64.b64decode(cursor, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError) as error:
        raise Refused("invalid_cursor") from error
    if found != kind or not key:
        raise Refused("invalid_cursor")
    return key


def page_by_id(kind: str, ids: list[str], cursor: str | None, limit: int) -> tuple[list[str], str]:
    """A page of ids and the next cursor, empty after the last. Raises Refused: invalid_cursor."""
    start = cursor_key(kind, cursor)
    if start is not None and start not in ids:
        raise Refused("invalid_cursor")
    first = ids.index(start) if start else 0
    rest = ids[first + limit :]
    return ids[first : first + limit], cursor_for(kind, rest[0]) if rest else ""
