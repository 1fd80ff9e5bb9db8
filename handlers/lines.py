"""A line of a message, once: as rich text for the eye, as plain text for the notification.

Rich text reads no markup, so a deal named `*<!channel>*` is only a name. The same line as text is
escaped.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any

from handlers import words


@dataclass(frozen=True)
class Bold:
    text: str


@dataclass(frozen=True)
class Italic:
    text: str


@dataclass(frozen=True)
class Code:
    """Something to be typed as it stands: a command."""

    text: str


@dataclass(frozen=True)
class Mention:
    """A person; `name` is for where Slack shows no mentions: errors at fields, labels."""

    slack_id: str
    name: str


@dataclass(frozen=True)
class Channel:
    id: str


@dataclass(frozen=True)
class Link:
    url: str
    text: str


@dataclass(frozen=True)
class Moment:
    """A moment that Slack shows in the zone of each reader's profile; `zone` is for where it
    cannot. For one reader alone it is said in that reader's zone (`read_by`)."""

    at: datetime
    zone: str

    @property
    def said(self) -> str:
        reader = _READER.get()
        return words.moment(self.at, self.zone if reader is None else reader.zone)


@dataclass(frozen=True)
class Reader:
    """Who alone reads it: the zone in which they work, and whether it is that of their Slack
    profile, so that Slack says it as we do."""

    zone: str
    is_slacks: bool


_READER: ContextVar[Reader | None] = ContextVar("reader", default=None)


@contextmanager
def read_by(reader: Reader | None) -> Iterator[None]:
    """What is written meanwhile says all moments in one zone: its reader's. None: there are many
    readers."""
    before = _READER.set(reader)
    try:
        yield
    finally:
        _READER.reset(before)


Part = str | Bold | Italic | Code | Mention | Channel | Link | Moment
Line = tuple[Part, ...]
Json = dict[str, Any]


def with_code(sentence: str) -> Line:
    """Our own sentence, in which backticks mark what is to be typed."""
    pieces = sentence.split("`")
    return tuple(Code(piece) if n % 2 else piece for n, piece in enumerate(pieces) if piece)


def joined(lines: Iterable[Line], between: str = " · ") -> Line:
    """The lines that are not empty, as one."""
    out: list[Part] = []
    for line in lines:
        if line:
            out += [between, *line] if out else line
    return tuple(out)


def rich_text(*lines: Line, block_id: str | None = None) -> Json:
    """A rich_text block, one section per line."""
    sections = [
        {"type": "rich_text_section", "elements": [_element(part) for part in line if part != ""]}
        for line in lines
        if line
    ]
    block: Json = {"type": "rich_text", "elements": sections}
    return block | ({"block_id": block_id} if block_id else {})


def rich_list(lines: Iterable[Line]) -> Json:
    """A rich_text block with a bulleted list."""
    return {"type": "rich_text", "elements": [_bullets(lines, 0)]}


def nested_list(lines: Iterable[tuple[Line, Sequence[Line]]]) -> Json:
    """A rich_text block with a bulleted list, what belongs under a line set in below it."""
    flat = [each for line, under in lines for each in ((0, line), *((1, one) for one in under))]
    elements = [
        _bullets((line for _, line in run), indent) for indent, run in groupby(flat, itemgetter(0))
    ]
    return {"type": "rich_text", "elements": elements}


def _bullets(lines: Iterable[Line], indent: int) -> Json:
    items = [
        {"type": "rich_text_section", "elements": [_element(part) for part in line if part != ""]}
        for line in lines
    ]
    return {"type": "rich_text_list", "style": "bullet", "indent": indent, "elements": items}


def rich_quote(line: Line) -> Json:
    """A rich_text block with what somebody else wrote, set off by a bar."""
    elements = [_element(part) for part in line if part != ""]
    return {"type": "rich_text", "elements": [{"type": "rich_text_quote", "elements": elements}]}


def _element(part: Part) -> Json:
    match part:
        case Mention(slack_id):
            return {"type": "user", "user_id": slack_id}
        case Channel(channel_id):
            return {"type": "channel", "channel_id": channel_id}
        case Link(url, text):
            return {"type": "link", "url": url, "text": text}
        case Moment(at):
            reader = _READER.get()
            if reader is not None and not reader.is_slacks:
                return {"type": "text", "text": part.said}
            return {
                "type": "date",
                "timestamp": int(at.timestamp()),
                "format": "{date_short_pretty}, {time}",
                "fallback": part.said,
            }
        case Bold(text):
            return {"type": "text", "text": text, "style": {"bold": True}}
        case Italic(text):
            return {"type": "text", "text": text, "style": {"italic": True}}
        case Code(text):
            return {"type": "text", "text": text, "style": {"code": True}}
        case str(text):
            return {"type": "text", "text": text}


def text(*lines: Line) -> str:
    """The lines as mrkdwn without markup: notifications, ephemeral answers, contexts."""
    return "\n".join("".join(_text(part) for part in line) for line in lines if line)


def _text(part: Part) -> str:
    match part:
        case Mention(slack_id):
            return words.mention(slack_id)
        case Channel(channel_id):
            return f"<#{channel_id}>"
        case Link(url, label):
            return f"<{url.replace('>', '%3E').replace('|', '%7C')}|{words.escape(label)}>"
        case Code(command):
            return f"`{words.escape(command)}`"
        case _:
            return words.escape(_plain(part))


def mrkdwn(line: Line) -> str:
    """A line as mrkdwn, with its bold and italics where what they hold cannot break them."""
    return "".join(_marked(part) for part in line)


_MARKS = frozenset("*_~`")


def _marked(part: Part) -> str:
    if isinstance(part, Bold | Italic) and part.text.strip() and not _MARKS & {*part.text}:
        mark = "*" if isinstance(part, Bold) else "_"
        return f"{mark}{_text(part)}{mark}"
    return _text(part)


def plain(*lines: Line) -> str:
    """The lines where no mention works: plain_text labels, errors at fields."""
    return "\n".join("".join(_plain(part) for part in line) for line in lines if line)


def _plain(part: Part) -> str:
    match part:
        case Mention(_, name):
            return name
        case Channel():
            return "the team's channel"
        case Link(_, label):
            return label
        case Moment():
            return part.said
        case Bold(said) | Italic(said) | Code(said) | str(said):
            return said
