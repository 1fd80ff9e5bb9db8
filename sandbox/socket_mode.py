"""Socket Mode: apps that connect to the workspace by WebSocket.

docs.slack.dev, "Using Socket Mode": an address works once, an app holds at most ten connections,
each envelope goes to one of them and is acknowledged by its id. An app is told before its
connection is closed, and an envelope it got may be acknowledged on the next one.
"""

import asyncio
import json
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import WSMsgType, web

from sandbox.app import App
from sandbox.delivery import Answer, Envelope, Unanswered
from sandbox.faults import Faults

CONNECTIONS = 10
"""How many an app may hold."""
TICKET_SECONDS = 60.0
HEARTBEAT_SECONDS = 30.0
HOST = "applink-local"


@dataclass(eq=False)
class Socket:
    """A connection and how much it was given; one that is `leaving` was told to reconnect."""

    app: App
    stream: web.WebSocketResponse
    leaving: bool = False
    given: int = 0
    closing: asyncio.TimerHandle | None = None


@dataclass(frozen=True)
class Waiting:
    """An envelope that is not yet acknowledged, and the connection that it was sent on."""

    socket: Socket
    answer: "asyncio.Future[Any]"


class Sockets:
    """Everybody's connections."""

    def __init__(
        self,
        *,
        address: Callable[[], str],
        faults: Faults,
        record: Callable[..., None],
        installed: Callable[[str], bool],
        seconds: float,
        refresh_seconds: float,
        changed: Callable[[str], None],
    ) -> None:
        """`address` is where WebSockets connect to, without what makes it unique.

        `record` notes something for the inspector, `installed` says whether an app is anywhere.
        An app has `seconds` to acknowledge, and `refresh_seconds` to reconnect when it is told
        to; `changed` is called with the id of an app that has come or gone.
        """
        self._address = address
        self._faults = faults
        self._note = record
        self._installed = installed
        self._seconds = seconds
        self._refresh_seconds = refresh_seconds
        self._changed = changed
        self._tickets: dict[str, tuple[App, float]] = {}
        self._sockets: list[Socket] = []
        self._waiting: dict[str, Waiting] = {}
        self._running: set[asyncio.Task[None]] = set()

    def ticket(self, app: App) -> str:
        """A new address for one connection."""
        ticket = str(uuid.uuid4())
        self._tickets[ticket] = (app, time.monotonic())
        return f"{self._address()}?ticket={ticket}&app_id={app.id}"

    def connected(self, app: App) -> int:
        """How many connections an app holds."""
        return sum(1 for socket in self._sockets if socket.app.id == app.id)

    async def connect(self, request: web.Request) -> web.StreamResponse:
        """Serves a connection until it ends."""
        app, issued = self._tickets.pop(request.query.get("ticket", ""), (None, 0.0))
        gone = app is None or not self._installed(app.id)
        if app is None or gone or time.monotonic() - issued > TICKET_SECONDS:
            return web.Response(status=401, text="This address is not, or no longer, valid.")
        stream = web.WebSocketResponse(heartbeat=HEARTBEAT_SECONDS)
        await stream.prepare(request)
        socket = Socket(app, stream)
        if self.connected(app) >= CONNECTIONS:
            await self._say_goodbye(socket, "too_many_websockets")
            await stream.close()
            return stream
        self._sockets.append(socket)
        try:
            await self._serve(socket)
        finally:
            self._forget(socket)
        return stream

    async def send(self, app: App, envelope: Envelope) -> Answer:
        """Gives an envelope to one connection. Raises Unanswered."""
        socket = self._choose(app)
        if socket is None:
            raise Unanswered("no_connection")
        socket.given += 1
        envelope_id = str(uuid.uuid4())
        answer = asyncio.get_running_loop().create_future()
        self._waiting[envelope_id] = Waiting(socket, answer)
        try:
            await socket.stream.send_json(_message(envelope_id, envelope))
            async with asyncio.timeout(self._seconds):
                return Answer(await answer, "ack")
        except TimeoutError as error:
            raise Unanswered("timeout") from error
        except ConnectionError as error:
            raise Unanswered("connection_failed", str(error)) from error
        finally:
            del self._waiting[envelope_id]
            if self._faults.take("socket", {"refresh"}):
                await self.refresh(socket)

    async def refresh_all(self, app: App) -> None:
        """Tells all of an app's connections to reconnect."""
        for socket in [s for s in self._sockets if s.app.id == app.id]:
            await self.refresh(socket)

    async def refresh(self, socket: Socket) -> None:
        """Tells a connection to reconnect, and closes it a while later."""
        if socket.leaving:
            return
        socket.leaving = True
        await self._say_goodbye(socket, "warning")
        loop = asyncio.get_running_loop()
        socket.closing = loop.call_later(
            self._refresh_seconds, self._close_later, socket, "refresh_requested"
        )

    async def disconnect(self, app: App) -> None:
        """Closes all of an app's connections: Socket Mode is no longer for it."""
        for socket in [s for s in self._sockets if s.app.id == app.id]:
            await self._end(socket, "link_disabled")

    async def close(self) -> None:
        """Closes everything; nobody is told why."""
        for socket in [*self._sockets]:
            await socket.stream.close()

    def _choose(self, app: App) -> Socket | None:
        """The one that was given least, of those that were not told to go if there are any."""
        mine = [s for s in self._sockets if s.app.id == app.id and not s.stream.closed]
        staying = [s for s in mine if not s.leaving] or mine
        return min(staying, key=lambda socket: socket.given, default=None)

    async def _serve(self, socket: Socket) -> None:
        await socket.stream.send_json(
            {
                "type": "hello",
                "num_connections": self.connected(socket.app),
                "debug_info": {
                    "host": HOST,
                    "build_number": 1,
                    "approximate_connection_time": 18060,
                },
                "connection_info": {"app_id": socket.app.id},
            }
        )
        self._record(socket, "hello")
        self._changed(socket.app.id)
        async for message in socket.stream:
            if message.type is WSMsgType.TEXT:
                self._acknowledged(socket, message.data)

    def _acknowledged(self, socket: Socket, text: str) -> None:
        try:
            answer = json.loads(text)
            envelope_id = answer["envelope_id"]
        except (ValueError, KeyError, TypeError):
            self._record(socket, "message", request=text, note="not an acknowledgement")
            return
        waiting = self._waiting.get(envelope_id)
        if waiting and waiting.socket.app.id == socket.app.id and not waiting.answer.done():
            waiting.answer.set_result(answer.get("payload"))
            return
        self._record(socket, "ack", request=answer, note="too late, or of nothing that was sent")

    def _forget(self, socket: Socket) -> None:
        self._sockets.remove(socket)
        if socket.closing:
            socket.closing.cancel()
        for waiting in self._waiting.values():
            lost = waiting.socket is socket and not socket.leaving
            if lost and not waiting.answer.done():
                waiting.answer.set_exception(ConnectionResetError("the connection was lost"))
        self._record(socket, "closed")
        self._changed(socket.app.id)

    def _close_later(self, socket: Socket, reason: str) -> None:
        task = asyncio.ensure_future(self._end(socket, reason))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _end(self, socket: Socket, reason: str) -> None:
        await self._say_goodbye(socket, reason)
        await socket.stream.close()

    async def _say_goodbye(self, socket: Socket, reason: str) -> None:
        if not socket.stream.closed:
            await socket.stream.send_json(
                {"type": "disconnect", "reason": reason, "debug_info": {"host": HOST}}
            )
        self._record(socket, "disconnect", note=reason)

    def _record(self, socket: Socket, name: str, *, request: Any = None, note: str = "") -> None:
        self._note(
            socket.app.id,
            "out" if request is None else "in",
            "socket",
            name,
            status=f"{self.connected(socket.app)} connected",
            started=time.monotonic(),
            request=request,
            note=note,
        )


def _message(envelope_id: str, envelope: Envelope) -> dict[str, Any]:
    answerable = envelope.kind == "slash_commands" or envelope.payload["type"] in (
        "view_submission",
        "block_suggestion",
    )
    message: dict[str, Any] = {
        "envelope_id": envelope_id,
        "type": envelope.kind,
        "payload": envelope.payload,
        "accepts_response_payload": answerable,
    }
    if envelope.kind == "events_api":
        message |= {"retry_attempt": envelope.attempt, "retry_reason": envelope.reason}
    return message
