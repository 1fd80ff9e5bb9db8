"""Options that an app loads while somebody types: external selects.

docs.slack.dev/reference/interaction-payloads/block_suggestion-payload: at most 100 options, or
groups of them, within three seconds. Only what was offered can be chosen.
"""

import time
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from sandbox import payloads
from sandbox.app import App
from sandbox.blocks import elements, find, messages, stored, validate_options, walk
from sandbox.blocks.composition import options_of
from sandbox.channel import Channel, Message
from sandbox.delivery import Delivery, Envelope, Unanswered
from sandbox.refused import Refused
from sandbox.traffic import Traffic
from sandbox.views import View
from sandbox.workspace import Workspace

EXTERNAL = ("external_select", "multi_external_select")
LEAST_QUERY = 3
"""How many characters are typed before an app is asked, unless `min_query_length` says so."""

Json = dict[str, Any]
Place = View | tuple[Channel, Message]
"""A modal or Home, or a message and where it stands."""


class Suggestions:
    """Asks apps for options, and knows what they have offered to whom."""

    def __init__(self, workspace: Workspace, delivery: Delivery, traffic: Traffic) -> None:
        """Where it happens, and where an answer that Slack does not understand is noted."""
        self._workspace = workspace
        self._delivery = delivery
        self._traffic = traffic
        self._offered: defaultdict[tuple[str, str], dict[tuple[str, str, str], Json]]
        self._offered = defaultdict(dict)

    async def load(
        self, user: str, place: Place, block_id: str, action_id: str, query: str
    ) -> Json:
        """What the app offers: `options` or `option_groups`; or `ok` false and an `error`.

        Raises Refused: element_not_found.
        """
        app, blocks = _app_and_blocks(place)
        element = find(blocks, block_id, action_id)
        if app is None or element is None or element["type"] not in EXTERNAL:
            raise Refused("element_not_found")
        if len(query) < element.get("min_query_length", LEAST_QUERY):
            return {"ok": False, "error": "query_too_short"}
        payload = {
            **payloads.suggestion(self._workspace, app, user, place),
            "action_id": action_id,
            "block_id": block_id,
            "value": query,
        }
        started = time.monotonic()
        try:
            answer = await self._delivery.send(app, Envelope("interactive", payload))
            offer = _checked(answer.body)
        except Unanswered as lost:
            return {"ok": False, "error": lost.error}
        except Refused as refused:
            self._traffic.record(
                "in",
                "ack",
                "block_suggestion",
                app_id=app.id,
                status=refused.error,
                started=started,
                request=answer.body,
                note="; ".join(refused.messages),
            )
            return refused.as_json()
        known = self._offered[user, _key(place)]
        known |= {(block_id, action_id, option["value"]): option for option in options_of(offer)}
        return {"ok": True, **offer}

    def forget(self) -> None:
        """Nothing was offered to anybody."""
        self._offered.clear()

    def chosen(self, user: str, place: Place, values: Mapping[str, Any]) -> Json:
        """The values, with the whole option for each one of an external select.

        What a view holds already was offered once. Raises Refused: invalid_value, for what the
        app has not offered to this person.
        """
        held = place.entered if isinstance(place, View) else {}
        known = self._offered.get((user, _key(place)), {})
        resolved = {**values}
        for _, block in walk(_app_and_blocks(place)[1]):
            for _, element in elements(block):
                if element["type"] in EXTERNAL:
                    keys = (block["block_id"], f"{block['block_id']}/{element['action_id']}")
                    before = [option for key in keys for option in _options(held.get(key))]
                    for key in keys:
                        if key in resolved:
                            resolved[key] = _resolved(known, before, block, element, resolved[key])
        return resolved


def _options(held: Any) -> list[Json]:
    """What an external select holds: an option, several, or nothing."""
    return [*(held if isinstance(held, list) else [held] if held else [])]


def _resolved(
    known: Mapping[Any, Json], before: list[Json], block: Json, element: Json, value: Any
) -> Any:
    if isinstance(value, list):
        return [_resolved(known, before, block, element, item) for item in value]
    if value is None:
        return None
    wanted = value.get("value") if isinstance(value, dict) else value
    initial = [element.get("initial_option"), *element.get("initial_options", [])]
    offered = known.get((block["block_id"], element["action_id"], wanted))
    for option in [offered, *before, *initial]:
        if option and option["value"] == wanted:
            return option
    raise Refused("invalid_value", f"the app has not offered {wanted!r}")


def _app_and_blocks(place: Place) -> tuple[App | None, list[Any]]:
    if isinstance(place, View):
        return place.app, place.content["blocks"]
    return place[1].app, place[1].blocks or []


def _key(place: Place) -> str:
    return place.id if isinstance(place, View) else f"{place[0].id}/{place[1].ts}"


def _checked(body: Any) -> Json:
    """An app's answer; an empty one offers nothing. Raises Refused: invalid_response."""
    offer = body or {"options": []}
    problems = validate_options(offer)
    if problems:
        raise Refused("invalid_response", *messages(problems))
    offered: Json = stored(offer)
    return offered
