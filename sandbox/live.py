"""What happens, told live to every open page as server-sent events."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict
from functools import singledispatchmethod
from typing import Any

from aiohttp import web

from sandbox import changes, screens
from sandbox.channel import Channel, Message
from sandbox.service import Service
from sandbox.traffic import Entry

ALIVE_SECONDS = 15.0
"""After so long without news a comment is sent, so that a lost page is noticed."""

News = dict[str, Any]


class Live:
    """The open pages, by the person who looks at them."""

    def __init__(self, service: Service) -> None:
        """Listens to the workspace and to the traffic."""
        self._service = service
        self._workspace = service.workspace
        self._pages: dict[asyncio.Queue[News | None], str] = {}
        self._workspace.listen(self._changed)
        service.traffic.listen(self._recorded)

    async def serve(self, request: web.Request, user: str) -> web.StreamResponse:
        """Streams to a page until it goes or the server ends."""
        response = web.StreamResponse(
            headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
        )
        queue: asyncio.Queue[News | None] = asyncio.Queue()
        self._pages[queue] = user
        try:
            with suppress(ConnectionError):
                await response.prepare(request)
                await response.write(b"retry: 1000\n\n")
                await self._stream(response, queue)
        finally:
            del self._pages[queue]
        return response

    async def clock_moved(self) -> None:
        """Tells everybody the new time; whoever offers marks may take a while to name them."""
        clock = self._workspace.clock
        marks = await asyncio.to_thread(clock.marks)
        self._tell_all({"type": "clock", **screens.clock(clock, marks)})
        self._service.changed()

    def close(self) -> None:
        """Ends all streams."""
        for queue in self._pages:
            queue.put_nowait(None)

    async def _stream(
        self, response: web.StreamResponse, queue: "asyncio.Queue[News | None]"
    ) -> None:
        while True:
            try:
                async with asyncio.timeout(ALIVE_SECONDS):
                    news = await queue.get()
            except TimeoutError:
                await response.write(b": still here\n\n")
                continue
            if news is None:
                return
            await response.write(f"data: {json.dumps(news)}\n\n".encode())

    def _recorded(self, entry: Entry) -> None:
        if self._pages:
            self._tell_all({"type": "traffic", "entry": asdict(entry)})

    def _tell_all(self, news: News) -> None:
        for queue in self._pages:
            queue.put_nowait(news)

    def _changed(self, change: changes.Change) -> None:
        for queue, user in self._pages.items():
            for news in self._news(change, user):
                queue.put_nowait(news)

    @singledispatchmethod
    def _news(self, _change: object, _user: str) -> Iterator[News]:
        """What a change means for a person's page; most mean nothing to most."""
        yield from ()

    @_news.register
    def _posted(self, change: changes.Posted, user: str) -> Iterator[News]:
        yield from self._about(change.channel, change.message, user, "message")
        yield from self._thread(change.channel, change.message, user)
        yield from self._counts(change.channel, user)

    @_news.register
    def _edited(self, change: changes.Edited, user: str) -> Iterator[News]:
        yield from self._about(change.channel, change.message, user, "message_changed")

    @_news.register
    def _deleted(self, change: changes.Deleted, user: str) -> Iterator[News]:
        kind = "message_changed" if change.left else "message_deleted"
        yield from self._about(change.channel, change.message, user, kind)
        yield from self._thread(change.channel, change.message, user)
        yield from self._counts(change.channel, user)

    @_news.register
    def _marked(self, change: changes.Reacted | changes.Pinned, user: str) -> Iterator[News]:
        yield from self._about(change.channel, change.message, user, "message_changed")

    @_news.register
    def _whispered(self, change: changes.Whispered, user: str) -> Iterator[News]:
        yield from self._about(change.channel, change.message, user, "ephemeral")

    @_news.register
    def _whisper_edited(self, change: changes.WhisperEdited, user: str) -> Iterator[News]:
        yield from self._about(change.channel, change.message, user, "message_changed")

    @_news.register
    def _whisper_deleted(self, change: changes.WhisperDeleted, user: str) -> Iterator[News]:
        yield from self._about(change.channel, change.message, user, "message_deleted")

    @_news.register
    def _channels_changed(
        self,
        _change: changes.Joined
        | changes.Left
        | changes.Archived
        | changes.ChannelCreated
        | changes.ChannelDescribed,
        user: str,
    ) -> Iterator[News]:
        yield self._channels(user)

    @_news.register
    def _im_opened(self, change: changes.ImOpened, user: str) -> Iterator[News]:
        if user in change.channel.members:
            yield self._channels(user)

    @_news.register
    def _read(self, change: changes.Read, user: str) -> Iterator[News]:
        if user == change.user:
            yield self._channels(user)
        if change.channel.kind == "im":
            yield self._unread()

    @_news.register
    def _person_changed(self, _change: changes.PersonChanged, _user: str) -> Iterator[News]:
        yield {"type": "people", "people": screens.people(self._workspace)}

    @_news.register
    def _app_changed(self, _change: changes.AppChanged, _user: str) -> Iterator[News]:
        yield {"type": "apps", "apps": screens.apps(self._service)}

    @_news.register
    def _home_published(self, change: changes.HomePublished, user: str) -> Iterator[News]:
        if user == change.user:
            view = self._workspace.views.home(change.app, user)
            home = screens.home(self._workspace, view)
            yield {"type": "home", "app_id": change.app.id, "view": home}

    @_news.register
    def _modals_changed(self, change: changes.ModalsChanged, user: str) -> Iterator[News]:
        if user == change.user:
            yield {"type": "modals", "modals": screens.modals(self._workspace, user)}

    @_news.register
    def _replaced(self, _change: changes.Replaced, _user: str) -> Iterator[News]:
        yield {"type": "replaced"}

    @_news.register
    def _noticed(self, change: changes.Noticed, user: str) -> Iterator[News]:
        if user == change.user:
            yield {"type": "notice", "text": change.text}

    def _about(self, channel: Channel, message: Message, user: str, kind: str) -> Iterator[News]:
        if (user == message.to) if message.to else (user in channel.members):
            shown = screens.message(self._workspace, channel, message)
            yield {"type": kind, "channel": channel.id, "message": shown}

    def _thread(self, channel: Channel, message: Message, user: str) -> Iterator[News]:
        """A reply that came or went changes what started its thread."""
        parent = channel.find(message.thread_ts or "") if message.is_reply else None
        if parent:
            yield from self._about(channel, parent, user, "message_changed")

    def _counts(self, channel: Channel, user: str) -> Iterator[News]:
        """What is unread, after a message came or went."""
        if user in channel.members:
            yield self._channels(user)
        if channel.kind == "im":
            yield self._unread()

    def _unread(self) -> News:
        return {"type": "unread", "unread": screens.unread(self._workspace)}

    def _channels(self, user: str) -> News:
        return {"type": "channels", "channels": screens.channels(self._workspace, user)}
