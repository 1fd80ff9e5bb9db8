"""What somebody sees at the workspace, for tests: messages, modals and Homes."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sandbox.blocks import UNSEEN, elements, walk

Json = dict[str, Any]


class NotThere(LookupError):
    """What somebody wanted to use is not to be seen; says what is."""


@dataclass(frozen=True)
class Seen:
    """A message, modal or Home that somebody sees."""

    json: Json
    blocks: list[Json]

    @property
    def text(self) -> str:
        """All that can be read on it, line by line."""
        lines = [line for block in self.blocks for line in _lines(block)]
        return "\n".join(lines) or str(self.json.get("text", ""))

    @property
    def buttons(self) -> list[str]:
        """What its buttons say."""
        found = (element for _, element in self._elements())
        return [_label(e) for e in found if e["type"] in ("button", "workflow_button")]

    @property
    def actions(self) -> list[str]:
        """The action_ids of what can be used."""
        return [str(element["action_id"]) for _, element in self._elements()]

    def element(self, wanted: str, block_id: str | None = None) -> tuple[str, Json]:
        """The block_id and element of an action_id or of what a button says.

        Raises NotThere, also if there are several.
        """
        found = [
            (str(block["block_id"]), element)
            for block, element in self._elements()
            if wanted in (element["action_id"], _label(element))
            and block_id in (None, block["block_id"])
        ]
        if len(found) != 1:
            seen = ", ".join(f"{e['action_id']} ({_label(e)})" for _, e in self._elements())
            raise NotThere(f"{len(found)} elements are {wanted!r}; there is: {seen or 'nothing'}")
        return found[0]

    def _elements(self) -> Iterator[tuple[Json, Json]]:
        for _, block in walk(self.blocks):
            for _, element in elements(block):
                yield block, element


@dataclass(frozen=True)
class SeenMessage(Seen):
    """A message in a channel or thread."""

    channel: str

    @property
    def ts(self) -> str:
        """Its id."""
        return str(self.json["ts"])

    @property
    def user(self) -> str:
        """Who sent it."""
        return str(self.json["user"])

    @property
    def fallback(self) -> str:
        """Its top-level text: what a notification and a screen reader say."""
        return str(self.json.get("text", ""))

    @property
    def thread_ts(self) -> str | None:
        """The thread that it is in or has started."""
        return self.json.get("thread_ts")

    @property
    def reply_count(self) -> int:
        """How many replies it has."""
        return int(self.json.get("reply_count", 0))

    @property
    def files(self) -> list[Json]:
        """The files that it brought."""
        files: list[Json] = self.json.get("files", [])
        return files

    @property
    def is_ephemeral(self) -> bool:
        """Whether only this person sees it."""
        return bool(self.json.get("is_ephemeral", False))


@dataclass(frozen=True)
class SeenView(Seen):
    """A modal or a Home."""

    values: Json
    errors: dict[str, str]

    @property
    def id(self) -> str:
        """Its view_id."""
        return str(self.json["id"])

    @property
    def title(self) -> str:
        """What stands above it."""
        return str((self.json.get("title") or {}).get("text", ""))

    @property
    def submit(self) -> str | None:
        """What its submit button says, None without one."""
        return (self.json.get("submit") or {}).get("text")

    @property
    def fields(self) -> dict[str, str]:
        """The labels of its input blocks, by block_id."""
        return {b["block_id"]: b["label"]["text"] for b in self.blocks if b["type"] == "input"}


def _label(element: Json) -> str:
    text = element.get("text")
    return str(text.get("text", "")) if isinstance(text, dict) else ""


def _lines(part: Any) -> Iterator[str]:
    """What can be read in a block, in its order."""
    if isinstance(part, list):
        for item in part:
            yield from _lines(item)
    elif isinstance(part, dict):
        text = part.get("text")
        if isinstance(text, str):
            yield text
        for key, value in part.items():
            if key not in UNSEEN:
                yield from _lines(value) if isinstance(value, dict | list) else ()
