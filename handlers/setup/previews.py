"""A prompt as it would look: rendered as it would be sent, marked; its buttons do nothing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy.orm import Session

from handlers import words
from handlers.blocks import MOST_BLOCKS, context
from handlers.forms import Json
from handlers.ids import Id
from handlers.lines import Bold, Line
from handlers.message import Message, Rendered
from models.delivery import Kind
from models.people import get_person, team
from models.setup import Preview, rehearsal

INERT = (
    Id.PREVIEWED_1, Id.PREVIEWED_2, Id.PREVIEWED_3, Id.PREVIEWED_4, Id.PREVIEWED_5,
    Id.PREVIEWED_6,
)  # fmt: skip

_WHAT = {
    Kind.REVIEW_PICK: "to the manager, alone, an hour before the review's cards",
    Kind.REVIEW_PARENT: "in the channel, when the review starts",
    Kind.REVIEW_CARD: "in the channel, one for each deal of the review",
    Kind.REVIEW_OWNER: "to each owner, alone, when the review starts",
    Kind.REVIEW_DECIDING: "to the manager, alone, when deciding begins",
    Kind.REVIEW_CLOSING: "in the channel, when the review is closed",
    Kind.HEALTH_SUMMARY: "in the channel, on Monday morning",
    Kind.HEALTH_FLAGS: "in the thread of the health check",
    Kind.HEALTH_TALKS: "to the manager, alone, on Monday morning",
    Kind.FORECAST_CARD: "to the manager, alone, on Friday",
    Kind.DIGEST: "to everybody, alone, in the morning where there is something to say",
    Kind.ONE_ON_ONE_COACH: "to the manager, alone, before each one-on-one",
    Kind.ONE_ON_ONE_PERSON: "to the rep, alone, before each one-on-one",
    Kind.ONE_ON_ONE_RATING: "to the rep, alone, after each one-on-one",
    Kind.PUT_RIGHT: "to each owner, alone, on Friday, where there is something to put right",
}


@dataclass(frozen=True)
class Previewed:
    """A message of that kind with what it would show."""

    kind: Kind
    screen: Any


def message(messages: Mapping[Kind, Message[Any]]) -> Message[Previewed]:
    """Previews through the very loaders and renderers of these messages."""

    def load(session: Session, preview_id: int, now: datetime) -> Previewed | None:
        preview = session.get_one(Preview, preview_id)
        admin = get_person(session, preview.person_id)
        if not (admin.active and admin.is_admin):
            return None
        with rehearsal(session, team(session, preview.team_id), now) as shown:
            one = next(islice(shown, preview.place, None), None)
            if one is None:
                return None
            one.first()
            screen = messages[one.kind].load(session, one.subject_id, one.at)
        return None if screen is None else Previewed(one.kind, screen)

    def render(shown: Previewed) -> Rendered:
        return preview(shown, messages[shown.kind].render)

    return Message(load, render)


def preview(shown: Previewed, render: Callable[[Any], Rendered]) -> Rendered:
    what = _WHAT.get(shown.kind, "a prompt")
    mark: Line = (Bold("Preview"), f": {what}. Nothing is recorded, and the buttons do nothing.")
    rendered = render(shown.screen)
    plain = None if rendered.fallback is None else _marked(mark, rendered.fallback)
    return Rendered(f"Preview: {words.escape(what)}", _marked(mark, rendered.blocks), plain)


def _marked(mark: Line, shown: list[Json]) -> list[Json]:
    blocks = [context(mark), *(_inert(block) for block in shown)]
    for number, block in enumerate(blocks):
        block["block_id"] = f"preview.{number}"
    return blocks[: MOST_BLOCKS["message"]]


def _inert(block: Json) -> Json:
    """The same block, whose buttons and menus answer that this is a preview."""
    ids = iter(INERT)
    if "elements" in block and block["type"] == "actions":
        kept = zip(block["elements"], ids, strict=False)
        return block | {"elements": [_stilled(element, one) for element, one in kept]}
    if "accessory" in block and "action_id" in block["accessory"]:
        return block | {"accessory": _stilled(block["accessory"], next(ids))}
    return dict(block)


def _stilled(element: Json, action: Id) -> Json:
    still = {key: value for key, value in element.items() if key not in ("confirm", "url")}
    if "options" in still:
        still["options"] = [
            {key: value for key, value in one.items() if key != "url"} for one in still["options"]
        ]
    return still | {"action_id": str(action)}
