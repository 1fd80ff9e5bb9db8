"""Acting as a person: the JSON endpoints of the page and of scenario tests (docs/sandbox.md)."""

import asyncio
from typing import Any

from aiohttp import web

from sandbox import changes, screens
from sandbox.channel import Channel, Message
from sandbox.files import IN_A_MESSAGE, File
from sandbox.gate import json_body
from sandbox.live import Live
from sandbox.refused import Refused
from sandbox.search import search
from sandbox.service import Service
from sandbox.suggestions import Place
from sandbox.transfers import dropped, forget, sent
from sandbox.typed import as_stored
from sandbox.views import View
from sandbox.web_api.reactions import check_reaction


class PersonEndpoints:
    """What a person sees and does."""

    def __init__(self, service: Service, live: Live) -> None:
        """Where it happens."""
        self._service = service
        self._workspace = service.workspace
        self._live = live

    def routes(self) -> list[web.RouteDef]:
        """The endpoints."""
        return [
            web.get("/sandbox/state", self.state),
            web.get("/sandbox/messages", self.messages),
            web.get("/sandbox/search", self.search),
            web.get("/sandbox/notices", self.notices),
            web.get("/sandbox/events", self.events),
            web.post("/sandbox/message", self.message),
            web.get("/sandbox/file", self.file),
            web.post("/sandbox/file", self.drop_file),
            web.delete("/sandbox/file", self.delete_file),
            web.post("/sandbox/command", self.command),
            web.post("/sandbox/click", self.click),
            web.post("/sandbox/options", self.options),
            web.post("/sandbox/submit", self.submit),
            web.post("/sandbox/close", self.close),
            web.post("/sandbox/home", self.home),
            web.post("/sandbox/open_dm", self.open_dm),
            web.post("/sandbox/read", self.read),
            web.post("/sandbox/shortcut", self.shortcut),
            web.post("/sandbox/reaction", self.reaction),
        ]

    async def state(self, request: web.Request) -> web.Response:
        """All that a screen needs at first; without `as` the first person's."""
        user = self._person(request.query.get("as") or self._workspace.first_person())
        marks = await asyncio.to_thread(self._workspace.clock.marks)
        return web.json_response(screens.state(self._service, user, marks))

    async def messages(self, request: web.Request) -> web.Response:
        """A channel or a thread."""
        user = self._person(request.query.get("as"))
        channel = self._channel(request.query.get("channel"), user)
        thread_ts = request.query.get("thread_ts")
        found = screens.messages(self._workspace, channel, user, thread_ts)
        return web.json_response({"messages": found})

    async def search(self, request: web.Request) -> web.Response:
        """The newest messages that fit, of those that this person sees."""
        user = self._person(request.query.get("as"))
        found, total = search(self._workspace, user, request.query.get("query", ""))
        matches = [
            {
                "channel": each.channel.id,
                "message": screens.message(self._workspace, each.channel, each.message),
                "said": each.said,
            }
            for each in found
        ]
        return web.json_response({"matches": matches, "total": total})

    async def notices(self, request: web.Request) -> web.Response:
        """Slack's own warnings to a person, oldest first."""
        user = self._person(request.query.get("as"))
        return web.json_response({"notices": [*self._service.notices[user]]})

    async def events(self, request: web.Request) -> web.StreamResponse:
        """What happens, live."""
        return await self._live.serve(request, self._person(request.query.get("as")))

    async def message(self, request: web.Request) -> web.Response:
        """Says something."""
        body = await json_body(request)
        place = self._to_say_in(body)
        text = _text(body, "text").strip()
        if not text:
            raise Refused("no_text")
        return web.json_response({"ok": True, "ts": self._say(place, text).ts})

    async def file(self, request: web.Request) -> web.StreamResponse:
        """A file that this person may see: its bytes."""
        return sent(self._file(request)[1])

    async def drop_file(self, request: web.Request) -> web.Response:
        """Shares files in a conversation or, without one, keeps them for a form."""
        files = self._workspace.files
        fields, arrived = await dropped(request, files)
        try:
            place = self._to_say_in(fields) if "channel" in fields else None
            user = place[0] if place else self._person(fields.get("as"))
            if not arrived:
                raise Refused("no_file_data")
            if len(arrived) > IN_A_MESSAGE:
                raise Refused("too_many_files", f"a message has at most {IN_A_MESSAGE} files")
        except Refused:
            forget(arrived)
            raise
        now = int(self._workspace.clock.now().timestamp())
        taken = [files.new(user, name, sink, now) for name, sink in arrived]
        answer: dict[str, Any] = {"ok": True, "files": [file.id for file in taken]}
        if place:
            answer["ts"] = self._say(place, fields.get("text", "").strip(), files=taken).ts
        return web.json_response(answer)

    async def delete_file(self, request: web.Request) -> web.Response:
        """Deletes a file of this person's."""
        user, file = self._file(request)
        if file.user != user:
            raise Refused("cant_delete_file")
        self._workspace.delete_file(file)
        return web.json_response({"ok": True})

    async def command(self, request: web.Request) -> web.Response:
        """Types a slash command."""
        body = await json_body(request)
        user, channel = self._inside(body)
        text = _text(body, "text")
        outcome = await self._service.interactions.command(
            user, channel, text, body.get("thread_ts")
        )
        return web.json_response(outcome)

    async def click(self, request: web.Request) -> web.Response:
        """Uses an element of a message, modal or Home."""
        body = await json_body(request)
        user = self._person(body.get("as"))
        at = _text(body, "block_id"), _text(body, "action_id"), body.get("value")
        interactions = self._service.interactions
        if "view_id" in body:
            view = self._view(body, user)
            outcome = await interactions.click_view(view, *at, _entered(body))
        else:
            channel, message = self._message(body, user)
            outcome = await interactions.click_message(user, channel, message, *at)
        return web.json_response(outcome)

    async def options(self, request: web.Request) -> web.Response:
        """Asks the app for the options of an external select, for what was typed so far."""
        body = await json_body(request)
        user = self._person(body.get("as"))
        place: Place
        if "view_id" in body:
            place = self._view(body, user)
            self._service.interactions.enter(place, _entered(body))
        else:
            place = self._message(body, user)
        at = _text(body, "block_id"), _text(body, "action_id"), _text(body, "value")
        return web.json_response(await self._service.suggestions.load(user, place, *at))

    async def submit(self, request: web.Request) -> web.Response:
        """Submits a modal."""
        body = await json_body(request)
        user = self._person(body.get("as"))
        stack = self._workspace.views.stack(user)
        view = self._view(body, user)
        if not stack or view is not stack[-1] or not view.content.get("submit"):
            raise Refused("view_not_found")
        outcome = await self._service.submissions.submit(view, _entered(body))
        return web.json_response(outcome)

    async def close(self, request: web.Request) -> web.Response:
        """Closes a modal."""
        body = await json_body(request)
        view = self._view(body, self._person(body.get("as")))
        if view.content["type"] != "modal":
            raise Refused("view_not_found")
        outcome = await self._service.interactions.close(view, all=body.get("all") is True)
        return web.json_response(outcome)

    async def home(self, request: web.Request) -> web.Response:
        """Opens an app's Home."""
        body = await json_body(request)
        user = self._person(body.get("as"))
        app = self._workspace.app(_text(body, "app_id"))
        if app is None or not app.declared.home_enabled:
            raise Refused("app_not_found")
        channel = self._workspace.im(app.bot_user_id, user)
        self._workspace.tell(changes.HomeOpened(app, user, "home", channel))
        return web.json_response({"ok": True})

    async def open_dm(self, request: web.Request) -> web.Response:
        """Opens a direct message; an app is told that its messages tab was opened."""
        body = await json_body(request)
        user = self._person(body.get("as"))
        other = body.get("with")
        if other not in self._workspace.people:
            raise Refused("user_not_found")
        channel = self._workspace.im(user, other)
        app = self._workspace.app_of_bot(other)
        if app:
            self._workspace.tell(changes.HomeOpened(app, user, "messages", channel))
        return web.json_response({"ok": True, "channel": channel.id})

    async def read(self, request: web.Request) -> web.Response:
        """Marks a channel as read."""
        body = await json_body(request)
        user = self._person(body.get("as"))
        self._workspace.mark_read(self._channel(body.get("channel"), user), user)
        return web.json_response({"ok": True})

    async def shortcut(self, request: web.Request) -> web.Response:
        """Uses a shortcut, on a message if one is named."""
        body = await json_body(request)
        user = self._person(body.get("as"))
        app = self._workspace.app(_text(body, "app_id"))
        if app is None:
            raise Refused("app_not_found")
        at = self._message(body, user) if "ts" in body else None
        outcome = await self._service.interactions.shortcut(
            app, user, _text(body, "callback_id"), at
        )
        return web.json_response(outcome)

    async def reaction(self, request: web.Request) -> web.Response:
        """Reacts to a message, or takes the reaction back."""
        body = await json_body(request)
        user = self._person(body.get("as"))
        channel, message = self._message(body, user)
        name, remove = _text(body, "name").strip(":"), body.get("remove") is True
        if message.to or user not in channel.members:
            raise Refused("message_not_found")
        if not remove:
            check_reaction(channel, message, user, name)
        elif user not in message.reactions.get(name, ()):
            raise Refused("no_reaction")
        self._workspace.react(channel, message, user, name, remove=remove)
        return web.json_response({"ok": True})

    def _person(self, user: Any) -> str:
        person = self._workspace.people.get(user) if isinstance(user, str) else None
        if person is None or person.deleted or person.is_bot:
            raise Refused("user_not_found")
        return person.id

    def _channel(self, channel_id: Any, user: str) -> Channel:
        channel = self._workspace.channels.get(channel_id)
        if channel is None or (channel.kind != "channel" and user not in channel.members):
            raise Refused("channel_not_found")
        return channel

    def _inside(self, body: dict[str, Any]) -> tuple[str, Channel]:
        """Who writes, and where they may."""
        user = self._person(body.get("as"))
        channel = self._channel(body.get("channel"), user)
        if user not in channel.members:
            raise Refused("not_in_channel")
        if channel.archived:
            raise Refused("is_archived")
        return user, channel

    def _to_say_in(self, body: dict[str, Any]) -> tuple[str, Channel, str | None]:
        """Who says something, where, and in which thread."""
        user, channel = self._inside(body)
        self._check_messages_tab(channel, user)
        thread_ts = body.get("thread_ts") or None
        if thread_ts and channel.find(thread_ts) is None:
            raise Refused("thread_not_found")
        return user, channel, thread_ts

    def _say(self, place: tuple[str, Channel, str | None], text: str, **more: Any) -> Message:
        user, channel, thread_ts = place
        return self._workspace.post(
            channel,
            user,
            as_stored(self._workspace, text),
            thread_ts=thread_ts,
            client_msg_id=self._workspace.new_id("M"),
            **more,
        )

    def _file(self, request: web.Request) -> tuple[str, File]:
        user = self._person(request.query.get("as"))
        file = self._workspace.files.find(request.query.get("id", ""))
        if file is None or not self._workspace.sees_file(file, user):
            raise Refused("file_not_found")
        return user, file

    def _check_messages_tab(self, channel: Channel, user: str) -> None:
        """An app may have its messages tab off, or only to be read."""
        app = self._workspace.app_of_bot(channel.other(user) or "")
        if app and (not app.messages_tab or app.declared.messages_tab_read_only):
            raise Refused("messages_tab_disabled")

    def _message(self, body: dict[str, Any], user: str) -> tuple[Channel, Message]:
        channel = self._channel(body.get("channel"), user)
        ts = _text(body, "ts")
        message = channel.find(ts) or channel.whisper(ts)
        if message is None or (message.to and message.to != user):
            raise Refused("message_not_found")
        return channel, message

    def _view(self, body: dict[str, Any], user: str) -> View:
        view = self._workspace.views.on_screen(user, _text(body, "view_id"))
        if view is None:
            raise Refused("view_not_found")
        return view


def _text(body: dict[str, Any], name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str):
        raise Refused("invalid_arguments", f"{name} must be a string")
    return value


def _entered(body: dict[str, Any]) -> dict[str, Any]:
    values = body.get("values") or {}
    if not isinstance(values, dict):
        raise Refused("invalid_arguments", "values must be an object")
    return values
