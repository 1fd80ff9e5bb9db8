"""Running the workspace: people, channels, apps, the clock, faults and the inspector."""

import asyncio
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from aiohttp import web

from sandbox import screens
from sandbox.app import App
from sandbox.channel import Channel
from sandbox.faults import Fault
from sandbox.gate import json_body
from sandbox.refused import Refused
from sandbox.saved import LARGEST_SAVE, BadSave, Snapshot, load
from sandbox.service import Service
from sandbox.team import Person
from sandbox.transfers import CHUNK

PERSON_FIELDS = {
    "name": str,
    "real_name": str,
    "display_name": str,
    "email": str,
    "tz": str,
    "title": str,
    "phone": str,
    "status_text": str,
    "status_emoji": str,
    "status_expiration": int,
    "presence": str,
    "dnd_start": int,
    "dnd_end": int,
    "deleted": bool,
    "is_admin": bool,
    "is_owner": bool,
    "is_restricted": bool,
    "is_ultra_restricted": bool,
}


class ControlEndpoints:
    """What whoever runs the workspace can do."""

    def __init__(self, service: Service) -> None:
        """Where it happens."""
        self._service = service
        self._workspace = service.workspace

    def routes(self) -> list[web.RouteDef]:
        """The endpoints."""
        return [
            web.post("/sandbox/person", self.person),
            web.post("/sandbox/channel", self.channel),
            web.post("/sandbox/app", self.app),
            web.get("/sandbox/traffic", self.traffic),
            web.get("/sandbox/clock", self.clock),
            web.post("/sandbox/clock", self.move_clock),
            web.get("/sandbox/faults", self.faults),
            web.post("/sandbox/faults", self.add_fault),
            web.delete("/sandbox/faults", self.clear_faults),
            web.get("/sandbox/workspace", self.save),
            web.post("/sandbox/workspace", self.load),
        ]

    async def person(self, request: web.Request) -> web.Response:
        """Changes somebody's account, or adds one."""
        body = await json_body(request)
        user = body.pop("id", None)
        if not isinstance(user, str) or not all(
            type(value) is PERSON_FIELDS.get(name) for name, value in body.items()
        ):
            raise Refused("invalid_arguments")
        known = self._workspace.people.get(user)
        try:
            if known:
                self._workspace.change_person(known, **body)
            else:
                self._workspace.add_person(Person(user, **body))
        except (TypeError, ValueError, KeyError) as error:
            raise Refused("invalid_arguments", str(error)) from error
        return web.json_response({"ok": True})

    async def channel(self, request: web.Request) -> web.Response:
        """Changes a channel's members, archives it or brings it back, or adds one."""
        body = await json_body(request)
        by = str(body.get("as") or next(iter(self._workspace.people)))
        channel = self._workspace.channels.get(str(body.get("id")))
        if channel is None:
            channel = self._new_channel(body, by)
        if "members" in body:
            self._set_members(channel, body["members"], by)
        archived = body.get("archived")
        if archived is not None and archived is not channel.archived:
            self._workspace.archive(channel, by, archived=bool(archived))
        shared = body.get("is_ext_shared")
        if shared is not None and shared is not channel.is_ext_shared:
            self._workspace.share(channel, shared=bool(shared))
        if body.get("kind") in ("channel", "private") and channel.kind != "im":
            channel.kind = body["kind"]
        return web.json_response({"ok": True})

    async def app(self, request: web.Request) -> web.Response:
        """Points an app at a request URL (or to Socket Mode), has it reconnect, or removes it."""
        body = await json_body(request)
        app = self._workspace.app(str(body.get("id")))
        if app is None:
            raise Refused("app_not_found")
        if "request_url" in body:
            await self._point(app, body["request_url"])
        if body.get("refresh") is True:
            await self._service.sockets.refresh_all(app)
        if body.get("revoked") is True:
            self._workspace.revoke(app)
            if not any(self._service.slack.installations(app.id)):
                await self._service.sockets.disconnect(app)
        return web.json_response({"ok": True})

    async def traffic(self, request: web.Request) -> web.Response:
        """The inspector's record."""
        since = request.query.get("since", "0")
        if not since.isdigit():
            raise Refused("invalid_arguments")
        return web.json_response({"entries": self._service.traffic.since(int(since))})

    async def clock(self, _request: web.Request) -> web.Response:
        """Business time."""
        return web.json_response(await self._clock())

    async def move_clock(self, request: web.Request) -> web.Response:
        """Moves business time forward."""
        body = await json_body(request)
        clock = self._workspace.clock
        try:
            if "to" in body:
                clock.advance_to(datetime.fromisoformat(str(body["to"])))
            else:
                clock.advance(timedelta(seconds=float(body["seconds"])))
        except (KeyError, TypeError, ValueError, OverflowError) as error:
            raise Refused("invalid_time", str(error)) from error
        return web.json_response({"ok": True, **await self._clock()})

    async def faults(self, _request: web.Request) -> web.Response:
        """The faults that are switched on."""
        standing = [fault.as_json() for fault in self._service.faults.list()]
        return web.json_response({"faults": standing})

    async def add_fault(self, request: web.Request) -> web.Response:
        """Switches a fault on."""
        body = await json_body(request)
        try:
            id = self._service.faults.add(Fault.parse(body))
        except ValueError as error:
            raise Refused("invalid_fault", str(error)) from error
        return web.json_response({"ok": True, "id": id})

    async def clear_faults(self, request: web.Request) -> web.Response:
        """Switches one fault off, or all."""
        id = request.query.get("id")
        if id is None:
            self._service.faults.clear()
        elif not id.isdigit() or not self._service.faults.remove(int(id)):
            raise Refused("fault_not_found")
        return web.json_response({"ok": True})

    async def save(self, request: web.Request) -> web.StreamResponse:
        """The workspace as a file, to be loaded again."""
        name = f"{self._workspace.team.domain}.zip"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        with Snapshot(self._workspace) as snapshot, _aside() as path:
            await asyncio.to_thread(snapshot.write, path)
            response = web.StreamResponse(headers=headers)
            response.content_type = "application/zip"
            response.content_length = path.stat().st_size
            await response.prepare(request)
            with path.open("rb") as packed:
                while chunk := packed.read(CHUNK):
                    await response.write(chunk)
        return response

    async def load(self, request: web.Request) -> web.Response:
        """Replaces all that the workspace holds by what was saved of it."""
        team = self._workspace.team.id
        with _aside() as path:
            with path.open("wb") as out:
                async for chunk in request.content.iter_chunked(CHUNK):
                    if out.write(chunk) and out.tell() > LARGEST_SAVE:
                        raise Refused("file_too_large", f"at most {LARGEST_SAVE} bytes")
            try:
                saved = await asyncio.to_thread(load, path, self._workspace.clock, team=team)
            except BadSave as error:
                raise Refused("invalid_save", str(error)) from error
        self._workspace.become(saved)
        return web.json_response({"ok": True})

    async def _clock(self) -> dict[str, Any]:
        clock = self._workspace.clock
        marks = await asyncio.to_thread(clock.marks)
        return screens.clock(clock, marks)

    def _new_channel(self, body: dict[str, Any], by: str) -> Channel:
        id, name, kind = body.get("id"), body.get("name"), body.get("kind", "channel")
        if not isinstance(id, str) or not isinstance(name, str):
            raise Refused("channel_not_found")
        if kind not in ("channel", "private"):
            raise Refused("invalid_arguments", "kind must be channel or private")
        channel = Channel(id, name, kind=kind, creator=by)
        self._workspace.create_channel(channel)
        return channel

    def _set_members(self, channel: Channel, members: Any, by: str) -> None:
        if channel.kind == "im" or not isinstance(members, list):
            raise Refused("invalid_arguments", "members must be a list, and of a channel")
        unknown = [user for user in members if user not in self._workspace.people]
        if unknown:
            raise Refused("user_not_found", f"no such people: {_listed(unknown)}")
        for user in [user for user in channel.members if user not in members]:
            self._workspace.leave(channel, user)
        for user in [user for user in members if user not in channel.members]:
            self._workspace.join(channel, user, inviter=by)

    async def _point(self, app: App, url: Any) -> None:
        """Sets the request URL after it has answered the challenge, as in Slack's settings."""
        if url is not None:
            if not isinstance(url, str):
                raise Refused("invalid_arguments", "request_url must be a string or null")
            await self._service.http.verify(replace(app, request_url=url))
        for workspace, installed in self._service.slack.installations(app.id):
            workspace.point(installed, url)


@contextmanager
def _aside() -> Iterator[Path]:
    """Where a file may be for a while."""
    with tempfile.TemporaryDirectory(prefix="sandbox-") as directory:
        yield Path(directory, "workspace.zip")


def _listed(values: Iterable[object]) -> str:
    return ", ".join(str(value) for value in values)
