"""The arguments of a Web API call: JSON, form or query, as Slack reads them.

docs.slack.dev/apis/web-api: JSON bodies carry the token in the Authorization header only; what is
structured (blocks, views, metadata) may always be given as a JSON string.
"""

import json
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from sandbox.refused import Refused

JSON = "application/json"
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


@dataclass
class Arguments:
    """What was given, by name; `warnings` are what Slack remarks about how it was sent."""

    given: dict[str, Any]
    token: str | None = None
    warnings: list[str] = field(default_factory=list)

    def text(self, name: str) -> str | None:
        """A string, None if it was not given. Numbers count as strings, as in forms."""
        value = self.given.get(name)
        if value is None or isinstance(value, str):
            return value
        if isinstance(value, int | float) and not isinstance(value, bool):
            return str(value)
        raise Refused("invalid_arguments", f"[ERROR] must be a string [json-pointer:/{name}]")

    def required(self, name: str) -> str:
        """A string. Raises Refused: invalid_arguments."""
        value = self.text(name)
        if not value:
            raise Refused("invalid_arguments", f"[ERROR] missing required field: {name}")
        return value

    def flag(self, name: str) -> bool:
        """A yes or no: true, 1 or "true"; no if it was not given."""
        value = self.given.get(name)
        return value is True or str(value).lower() in ("1", "true")

    def limit(self, default: int, most: int) -> int:
        """How many at most are wanted. Raises Refused: invalid_limit."""
        value = self.text("limit")
        if value in (None, "", "0"):
            return default
        try:
            number = int(str(value))
        except ValueError as error:
            raise Refused("invalid_limit") from error
        if not 1 <= number <= most:
            raise Refused("invalid_limit")
        return number

    def structure(self, name: str, refusal: str) -> Any:
        """Something structured, given as such or as a JSON string. Raises Refused: `refusal`."""
        value = self.given.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return json.loads(value)
        except ValueError as error:
            raise Refused(refusal) from error


async def read(request: web.Request) -> Arguments:
    """Reads a request. Raises Refused: invalid_json, json_not_object, invalid_form_data, ..."""
    arguments = Arguments({**request.query})
    if request.can_read_body:
        await _read_body(request, arguments)
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token:
        arguments.token = token.strip()
    elif request.content_type != JSON:
        arguments.token = arguments.text("token")
    arguments.given.pop("token", None)
    return arguments


async def _read_body(request: web.Request, arguments: Arguments) -> None:
    if request.content_type == JSON:
        arguments.given |= await _json(request)
        if request.charset is None:
            arguments.warnings.append("missing_charset")
    elif request.content_type in FORMS:
        try:
            form = await request.post()
        except ValueError as error:
            raise Refused("invalid_form_data") from error
        arguments.given |= {name: value for name, value in form.items() if isinstance(value, str)}
        if request.charset is not None:
            arguments.warnings.append("superfluous_charset")
    else:
        raise Refused("invalid_post_type")


async def _json(request: web.Request) -> dict[str, Any]:
    try:
        body = await request.json()
    except (ValueError, LookupError) as error:
        raise Refused("invalid_json") from error
    if not isinstance(body, dict):
        raise Refused("json_not_object")
    return body
