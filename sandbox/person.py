"""A person at the workspace, for tests: sees what they would see, does what they could do.

All of it through the JSON endpoints of docs/sandbox.md.
"""

import json
import shutil
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from sandbox.blocks.composition import options_of
from sandbox.refused import Refused
from sandbox.seen import NotThere, Seen, SeenMessage, SeenView
from sandbox.values import FILE_INPUT

if TYPE_CHECKING:
    from sandbox.server import Server

__all__ = ["ActingPerson", "NotThere", "Seen", "SeenMessage", "SeenView"]

T = TypeVar("T")
CHUNK = 256 * 1024
Json = dict[str, Any]
Given = tuple[str, bytes | Path] | Path | str
"""A file that is given in a form: its name and content, a path, or the id of what was uploaded."""


class ActingPerson:
    """Somebody who looks at the workspace and acts in it."""

    def __init__(self, server: "Server", user: str, team: str | None = None) -> None:
        """`user` is the id of the person, `team` that of the workspace (None: the first)."""
        self._server = server
        self.id = user
        self._team = {"team": team} if team else {}
        self._filled: dict[str, Json] = {}
        self._offered: dict[tuple[str, str], list[Json]] = {}

    # Seeing

    def state(self) -> Json:
        """All that their screen shows at first."""
        state: Json = self._get("/sandbox/state")
        return state

    def messages(self, channel: str, thread_ts: str | None = None) -> list[SeenMessage]:
        """A channel, or a thread with what started it; ephemeral messages among them."""
        query = {"thread_ts": thread_ts} if thread_ts else {}
        found = self._get("/sandbox/messages", channel=channel, **query)["messages"]
        return [SeenMessage(m, m.get("blocks", []), channel) for m in found]

    def search(self, query: str) -> list[SeenMessage]:
        """The newest messages that fit, from all conversations (docs/sandbox.md, "Search")."""
        found = self._get("/sandbox/search", query=query)["matches"]
        return [
            SeenMessage(f["message"], f["message"].get("blocks", []), f["channel"]) for f in found
        ]

    def ephemerals(self, channel: str, thread_ts: str | None = None) -> list[SeenMessage]:
        """What only this person sees there."""
        return [m for m in self.messages(channel, thread_ts) if m.is_ephemeral]

    def notices(self) -> list[str]:
        """Slack's own warnings to them."""
        notices: list[str] = self._get("/sandbox/notices")["notices"]
        return notices

    @property
    def modal(self) -> SeenView | None:
        """The topmost modal."""
        stack = self.modals
        return stack[-1] if stack else None

    @property
    def modals(self) -> list[SeenView]:
        """The stack of modals, topmost last."""
        return [
            SeenView(m["view"], m["view"]["blocks"], m["values"], m["errors"])
            for m in self.state()["modals"]
        ]

    def home_now(self, app_id: str) -> SeenView | None:
        """An app's Home as it is, without opening it."""
        view = self.state()["homes"][app_id]
        return SeenView(view, view["blocks"], {}, {}) if view else None

    def unread(self, channel: str) -> int:
        """How many messages of others they have not seen."""
        mine = {each["id"]: each["unread"] for each in self.state()["channels"]}
        return int(mine[channel])

    def unreads(self) -> dict[str, int]:
        """The conversations with news for them, and how many messages they have not seen."""
        return {c["id"]: c["unread"] for c in self.state()["channels"] if c["unread"]}

    def wait_for(self, predicate: Callable[[], T], seconds: float = 20.0) -> T:
        """Waits until something is true. Raises TimeoutError."""
        return self._server.wait(predicate, seconds)

    # Doing

    def say(self, channel: str, text: str, thread_ts: str | None = None) -> str:
        """Says something; returns its `ts`."""
        said = self._post(
            "/sandbox/message", {"channel": channel, "text": text, "thread_ts": thread_ts}
        )
        return str(said["ts"])

    def drop(
        self,
        channel: str,
        name: str,
        content: bytes | Path,
        text: str = "",
        thread_ts: str | None = None,
    ) -> SeenMessage:
        """Drops a file into a conversation, from memory or disk; returns the message."""
        fields = {"channel": channel, "text": text, "thread_ts": thread_ts or ""}
        ts = self._send(fields, [(name, content)])["ts"]
        seen = self.messages(channel, thread_ts)
        return next(message for message in seen if message.ts == ts)

    def upload(self, *files: Given) -> list[str]:
        """Files for a form, which nobody else sees before it is submitted; returns their ids.

        What is an id already is left as it is.
        """
        new = [(g.name, g) if isinstance(g, Path) else g for g in files if not isinstance(g, str)]
        ids = iter(self._send({}, new)["files"] if new else [])
        return [each if isinstance(each, str) else next(ids) for each in files]

    def download(self, file: Json | str, to: Path | None = None) -> bytes:
        """The bytes of a file (its id, or as it stands in a message), or writes them `to`."""
        id = file if isinstance(file, str) else str(file["id"])
        query = {"as": self.id, "id": id, **self._team}
        with self._server.exchange("GET", "/sandbox/file", None, {}, **query) as response:
            if to is None:
                return response.read()
            with to.open("wb") as out:
                shutil.copyfileobj(response, out)
        return b""

    def command(self, channel: str, text: str, thread_ts: str | None = None) -> Json:
        """Types a slash command; returns what came of it."""
        return self._post(
            "/sandbox/command", {"channel": channel, "text": text, "thread_ts": thread_ts}
        )

    def click(
        self, where: Seen, element: str, value: Any = None, *, block_id: str | None = None
    ) -> Json:
        """Uses what has this action_id or says this; `value` is what is chosen.

        An option may be chosen by what it says. What was filled in into a modal goes along.
        """
        block, found = where.element(element, block_id)
        at = {
            "block_id": block,
            "action_id": found["action_id"],
            "value": self._chosen(block, found, value),
        }
        if isinstance(where, SeenMessage):
            return self._post("/sandbox/click", {"channel": where.channel, "ts": where.ts, **at})
        view_id = where.json["id"]
        return self._post_filled("/sandbox/click", view_id, at)

    def options(
        self, where: Seen, element: str, query: str = "", *, block_id: str | None = None
    ) -> list[Json]:
        """What the app offers in an external select for what was typed, groups or not.

        One of them can then be chosen by what it says. Raises Refused.
        """
        block, found = where.element(element, block_id)
        at = {"block_id": block, "action_id": found["action_id"], "value": query}
        if isinstance(where, SeenMessage):
            at |= {"channel": where.channel, "ts": where.ts}
        else:
            id = where.json["id"]
            at |= {"view_id": id, "values": self._filled.get(id, {})}
        offer = self._post("/sandbox/options", at)
        if not offer["ok"]:
            raise Refused(offer["error"], *offer.get("response_metadata", {}).get("messages", []))
        offered = [*options_of(offer)]
        self._offered.setdefault((block, found["action_id"]), []).extend(offered)
        return offered

    def fill(self, values: Json | None = None, **by_block_id: Any) -> None:
        """Fills in fields of the topmost modal, to be sent with the next click or submission.

        Files are paths, pairs of name and bytes, or ids of what was uploaded.
        """
        modal = self._topmost()
        inputs = {b["block_id"]: b["element"] for b in modal.blocks if b["type"] == "input"}
        for key, value in {**(values or {}), **by_block_id}.items():
            if key in inputs and inputs[key]["type"] == FILE_INPUT and value is not None:
                chosen: Any = self.upload(*value)
            else:
                chosen = self._chosen(key, inputs[key], value) if key in inputs else value
            self._filled.setdefault(modal.id, {})[key] = chosen

    def submit(self, values: Json | None = None, **by_block_id: Any) -> Json:
        """Submits the topmost modal; returns what came of it (`errors` by block_id)."""
        modal = self._topmost()
        self.fill(values, **by_block_id)
        return self._post_filled("/sandbox/submit", modal.id, {})

    def close(self, *, all: bool = False) -> Json:
        """Closes the topmost modal, or all."""
        return self._post("/sandbox/close", {"view_id": self._topmost().id, "all": all})

    def home(self, app_id: str) -> SeenView | None:
        """Opens an app's Home; returns it as it is then, before the app may change it."""
        self._post("/sandbox/home", {"app_id": app_id})
        return self.home_now(app_id)

    def dm_with(self, user: str) -> str:
        """Opens a direct message; returns its channel."""
        return str(self._post("/sandbox/open_dm", {"with": user})["channel"])

    def read(self, channel: str) -> None:
        """Marks a channel as read."""
        self._post("/sandbox/read", {"channel": channel})

    def shortcut(self, app_id: str, callback_id: str, at: SeenMessage | None = None) -> Json:
        """Uses a shortcut, on a message if one is given."""
        on = {"channel": at.channel, "ts": at.ts} if at else {}
        return self._post("/sandbox/shortcut", {"app_id": app_id, "callback_id": callback_id, **on})

    def _chosen(self, block_id: str, element: Json, value: Any) -> Any:
        offered = self._offered.get((block_id, element["action_id"]), [])
        return _chosen([*options_of(element), *offered], value)

    def react(self, at: SeenMessage, name: str, *, remove: bool = False) -> None:
        """Reacts to a message with an emoji, or takes that back."""
        on = {"channel": at.channel, "ts": at.ts}
        self._post("/sandbox/reaction", {**on, "name": name, "remove": remove})

    def _topmost(self) -> SeenView:
        modal = self.modal
        if modal is None:
            raise NotThere("there is no modal")
        return modal

    def _post_filled(self, path: str, view_id: str, body: Json) -> Json:
        """Posts with what was filled in: the workspace knows it from then on, or refuses it."""
        filled = self._filled.pop(view_id, {})
        return self._post(path, {"view_id": view_id, "values": filled, **body})

    def _send(self, fields: dict[str, str], files: list[tuple[str, bytes | Path]]) -> Json:
        """Sends files, to be shared where the fields say."""
        boundary = uuid.uuid4().hex
        headers = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
        body = _form({"as": self.id, **fields}, files, boundary)
        at = "/sandbox/file"
        with self._server.exchange("POST", at, body, headers, **self._team) as response:
            answer: Json = json.load(response)
        return answer

    def _get(self, path: str, **query: str) -> Any:
        return self._server.request("GET", path, **{"as": self.id, **query, **self._team})

    def _post(self, path: str, body: Json) -> Json:
        outcome: Json = self._server.request("POST", path, {"as": self.id, **body}, **self._team)
        return outcome


def _form(
    fields: dict[str, str], files: list[tuple[str, bytes | Path]], boundary: str
) -> Iterator[bytes]:
    """A multipart form with files, piece by piece."""
    for field, value in fields.items():
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n'
        yield f"{head}{value}\r\n".encode()
    for name, content in files:
        quoted = name.replace('"', "%22")  # as browsers do
        head = f'Content-Disposition: form-data; name="file"; filename="{quoted}"'
        yield f"--{boundary}\r\n{head}\r\nContent-Type: application/octet-stream\r\n\r\n".encode()
        if isinstance(content, bytes):
            yield content
        else:
            with content.open("rb") as source:
                while chunk := source.read(CHUNK):
                    yield chunk
        yield b"\r\n"
    yield f"--{boundary}--\r\n".encode()


def _chosen(options: list[Json], value: Any) -> Any:
    """The value of the option that says this, if there is such an option."""
    if isinstance(value, list):
        return [_chosen(options, item) for item in value]
    said = (option.get("value") for option in options if option["text"]["text"] == value)
    return next(said, value)
