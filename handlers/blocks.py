"""Block Kit's pieces as we use them, cut to what Slack takes (docs.slack.dev, Block Kit)."""

from collections.abc import Mapping, Sequence

from handlers import lines, words
from handlers.forms import Json, option, plain
from handlers.ids import Choice, Id
from handlers.lines import Line

_BUTTON = 75
_SECTION = 3000
_HEADER = 150
_TITLE = 24

MOST_BLOCKS = {"message": 50, "view": 100}


def header(text: str) -> Json:
    return {"type": "header", "text": plain(text, _HEADER)}


def divider() -> Json:
    return {"type": "divider"}


def context(*said: Line) -> Json:
    """Small grey lines, of which names and mentions are alive and typed words are not."""
    return {"type": "context", "elements": [_small(line) for line in said[:10]]}


def _small(line: Line) -> Json:
    """Plain where nothing in it is alive: then Slack reads no markup in it at all."""
    if all(isinstance(part, str) for part in line):
        return {
            "type": "plain_text",
            "text": words.cut(lines.plain(line), _SECTION),
            "emoji": False,
        }
    return _mrkdwn(line)


def _mrkdwn(line: Line) -> Json:
    """Verbatim: a bare address that somebody typed is no link."""
    text = words.cut(lines.mrkdwn(line), _SECTION)
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def section(line: Line, accessory: Json | None = None, block_id: str | None = None) -> Json:
    """A line with, perhaps, a button beside it."""
    block: Json = {
        "type": "section",
        "text": _mrkdwn(line),
    }
    if accessory:
        block["accessory"] = accessory
    return block | ({"block_id": block_id} if block_id else {})


def button(
    text: str,
    action: Id,
    value: int | str = "",
    *,
    primary: bool = False,
    confirm: Json | None = None,
    url: str | None = None,
) -> Json:
    made: Json = {"type": "button", "text": plain(text, _BUTTON), "action_id": str(action)}
    if value != "":
        made["value"] = str(value)
    if primary:
        made["style"] = "primary"
    if confirm:
        made["confirm"] = confirm
    return made | ({"url": url} if url else {})


def confirm(title: str, text: str, yes: str, no: str) -> Json:
    return {
        "title": plain(title, 100),
        "text": plain(text, 300),
        "confirm": plain(yes, 30),
        "deny": plain(no, 30),
    }


def menu(
    action: Id, choices: Sequence[tuple[Choice, int, str]], urls: Mapping[Choice, str]
) -> Json:
    """⋯; what has an address in `urls` opens it."""
    options = []
    for choice, subject, text in choices:
        one = option(f"{choice}:{subject}", text)
        options.append(one | ({"url": urls[choice]} if choice in urls else {}))
    return {"type": "overflow", "action_id": str(action), "options": options}


def chosen(value: str) -> tuple[Choice, int]:
    """What was chosen in a menu. Raises ValueError for what no menu of ours offers."""
    choice, _, subject = value.partition(":")
    return Choice(choice), int(subject)


def actions(*elements: Json, block_id: str = "actions") -> Json:
    return {"type": "actions", "block_id": block_id, "elements": list(elements)}


def modal(
    callback: Id,
    title: str,
    blocks: Sequence[Json],
    *,
    submit: str | None = None,
    close: str = "Cancel",
    private_metadata: str = "",
) -> Json:
    view: Json = {
        "type": "modal",
        "callback_id": str(callback),
        "title": plain(_title(title)),
        "blocks": list(blocks)[: MOST_BLOCKS["view"]],
        "close": plain(close, _TITLE),
        "private_metadata": private_metadata,
    }
    return view | ({"submit": plain(submit, _TITLE)} if submit else {})


def _title(text: str) -> str:
    """What Slack takes of a title, the marks around right-to-left words included."""
    said = words.said(text, _TITLE)
    return said if len(said) <= _TITLE else words.said(text, _TITLE - 2)


def note(title: str, *said: Line) -> Json:
    """A modal that only says something."""
    return modal(Id.NOTE, title, [lines.rich_text(line) for line in said], close="Close")


def cell(line: Line) -> Json:
    """A cell of a table; an empty one may not be."""
    return lines.rich_text(line or ("–",))


def table(rows: Sequence[Sequence[Line]], *, wrapped: Sequence[int] = ()) -> Json:
    """Rows of cells, the first of them the heads."""
    columns = len(rows[0]) if rows else 0
    return {
        "type": "table",
        "column_settings": [{"is_wrapped": n in wrapped} for n in range(columns)],
        "rows": [[cell(line) for line in row] for row in rows],
    }
