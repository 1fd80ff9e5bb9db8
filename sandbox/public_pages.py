"""What needs no endpoint of its own: the page, permalinks, faces, and response URLs."""

import json
import time
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from aiohttp import web

from sandbox.refused import Refused
from sandbox.service import Service

PAGE = Path(__file__).parent / "page"
GONE = ("invalid_url", "expired_url", "used_url")
FACE = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="{size}" height="{size}" viewBox="0 0 48 48">'
    '<rect width="48" height="48" rx="8" fill="#{color}"/>'
    '<text x="24" y="31" font-family="sans-serif" font-size="20" fill="#fff"'
    ' text-anchor="middle">{letters}</text></svg>'
)


class PublicPages:
    """The page and what hangs on it."""

    def __init__(self, service: Service) -> None:
        """Where it happens."""
        self._service = service
        self._workspace = service.workspace

    def routes(self, prefix: str) -> list[web.RouteDef]:
        """The addresses; those of each workspace but the first begin with its id."""
        path = r"{path:(?:commands|actions)/[\w-]+/[\w-]+}"
        return [
            web.get(f"{prefix}/", self.page),
            web.get(f"{prefix}/side", self.side),
            web.get(prefix + r"/archives/{channel}/p{ts:\d{11,}}", self.permalink),
            web.get(prefix + r"/avatars/{user}-{size:\d+}.svg", self.avatar),
            web.post(f"{prefix}/{path}", self.response_url),
        ]

    async def page(self, _request: web.Request) -> web.StreamResponse:
        """The page."""
        return web.FileResponse(PAGE / "index.html", headers={"Cache-Control": "no-cache"})

    async def side(self, _request: web.Request) -> web.StreamResponse:
        """Two people's pages side by side."""
        return web.FileResponse(PAGE / "side.html", headers={"Cache-Control": "no-cache"})

    async def permalink(self, request: web.Request) -> web.Response:
        """The page, with a message in view."""
        digits = request.match_info["ts"]
        team = {"team": self._workspace.team.id}
        query = {} if self._service is self._service.slack.first else team
        query |= {"channel": request.match_info["channel"], "ts": f"{digits[:-6]}.{digits[-6:]}"}
        if "thread_ts" in request.query:
            query["thread_ts"] = request.query["thread_ts"]
        raise web.HTTPFound(f"/?{urlencode(query)}")

    async def avatar(self, request: web.Request) -> web.Response:
        """Somebody's initials on their colour."""
        person = self._workspace.people.get(request.match_info["user"])
        if person is None:
            raise web.HTTPNotFound
        letters = "".join(word[0] for word in person.real_name.split()[:2]).upper()
        size = min(int(request.match_info["size"]), 1024)
        drawn = FACE.format(size=size, color=person.color, letters=escape(letters))
        return web.Response(text=drawn, content_type="image/svg+xml")

    async def response_url(self, request: web.Request) -> web.Response:
        """An app's answer to an interaction: 404 if the URL no longer works."""
        started = time.monotonic()
        path = request.match_info["path"]
        app = self._service.response_urls.app(path)
        body: Any = None
        try:
            body = await _answer(request)
            self._service.response_urls.use(path, body)
        except Refused as refused:
            status = 404 if refused.error in GONE else 400
            response = web.json_response(refused.as_json(), status=status)
        else:
            response = web.Response(text="ok")
        self._service.traffic.record(
            "in",
            "response_url",
            path.split("/")[0],
            app_id=app.id if app else None,
            status=response.status,
            started=started,
            request=body,
            response=response.text,
        )
        return response


async def _answer(request: web.Request) -> dict[str, Any]:
    """The JSON object that was sent, as such or as the form field `payload`."""
    try:
        if request.content_type == "application/x-www-form-urlencoded":
            body = json.loads(str((await request.post()).get("payload", "")))
        else:
            body = json.loads(await request.text())
    except ValueError as error:
        raise Refused("invalid_payload") from error
    if not isinstance(body, dict):
        raise Refused("invalid_payload")
    return body
