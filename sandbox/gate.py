"""Who may talk to the server: this machine only, and no foreign page in its browser.

The server binds to loopback; a page of another origin could still reach it through the browser
(DNS rebinding, cross-site requests). So the Host must be a loopback name, whatever changes
something must come from our own origin or from no page at all (a browser names the origin of
every form that it sends), and the person endpoints take JSON, files apart.
"""

import json
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from sandbox.refused import Refused

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
SAFE = ("GET", "HEAD", "OPTIONS")
HEADERS = {
    "Cache-Control": "no-cache",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' data: http: https:;"
        " style-src 'self' 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'"
    ),
}

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@web.middleware
async def gate(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Lets a request in, or answers 403."""
    if _host(request.host) not in LOOPBACK:
        return _no("not_loopback")
    origin = request.headers.get("Origin")
    foreign = origin is not None and origin != f"http://{request.host}"
    if foreign and (request.method not in SAFE or _is_ours(request)):
        return _no("cross_origin")
    response = await handler(request)
    if not response.prepared:
        response.headers.update(HEADERS)
    return response


@web.middleware
async def refusals(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answers what is refused with 400 and its name."""
    try:
        return await handler(request)
    except Refused as refused:
        return web.json_response(refused.as_json(), status=400)


async def json_body(request: web.Request) -> dict[str, Any]:
    """The JSON object that was sent. Raises Refused: json_expected."""
    if request.content_type != "application/json":
        raise Refused("json_expected")
    try:
        body = await request.json()
    except (ValueError, LookupError) as error:
        raise Refused("json_expected") from error
    if not isinstance(body, dict):
        raise Refused("json_expected")
    return body


def _host(host: str) -> str:
    """The name without the port; an IPv6 address keeps its brackets."""
    name, _, port = host.rpartition(":")
    return name if port.isdigit() else host


def _is_ours(request: web.Request) -> bool:
    return request.path.startswith("/sandbox/")


def _no(error: str) -> web.Response:
    return web.Response(
        status=403,
        text=json.dumps({"ok": False, "error": error}),
        content_type="application/json",
    )
