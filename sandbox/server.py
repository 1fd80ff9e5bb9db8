"""The server: a workspace on a port, in a thread of its own or in one's own event loop."""

import asyncio
import json
import math
import shutil
import threading
import time
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from http import HTTPStatus
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import Any, BinaryIO, TypeVar
from urllib.parse import urlencode

from aiohttp import web

from sandbox.clock import Clock
from sandbox.control_endpoints import ControlEndpoints
from sandbox.faults import Faults
from sandbox.gate import gate, refusals
from sandbox.live import Live
from sandbox.person import ActingPerson
from sandbox.person_endpoints import PersonEndpoints
from sandbox.public_pages import PAGE, PublicPages
from sandbox.refused import Refused
from sandbox.service import Service, Slack
from sandbox.terms import Terms
from sandbox.transfers import Transfers
from sandbox.web_api import WebApi
from sandbox.workspace import Workspace

HOST = "127.0.0.1"
LOOK = 0.05
"""Seconds after which a waiting test looks again without any news."""
T = TypeVar("T")


class Server:
    """A workspace, or several, being served.

    `start` and `stop` belong to one event loop; everything else may be used from other threads.
    """

    def __init__(
        self,
        workspaces: Workspace | Iterable[Workspace],
        *,
        port: int = 0,
        terms: Terms | None = None,
        seed: int = 0,
    ) -> None:
        """`port` 0 takes a free one; `seed` decides about faults by chance.

        Of several workspaces the first is meant wherever none is named. Raises ValueError if two
        have the same team id.
        """
        self._port = port
        self._news = threading.Condition()
        self._version = 0
        self._slack = Slack(
            [workspaces] if isinstance(workspaces, Workspace) else workspaces,
            terms or Terms(),
            seed=seed,
            address=lambda: f"ws://{HOST}:{self._port}/link/",
            changed=self._changed,
        )
        self._lives = {service: Live(service) for service in self._slack.services}
        self._runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        """The page, without a slash at its end."""
        return f"http://{HOST}:{self._port}"

    @property
    def api_url(self) -> str:
        """What `WebClient(base_url=)` takes."""
        return f"{self.url}/api/"

    @property
    def clock(self) -> Clock:
        """Business time (of the first workspace; others may have the same clock)."""
        return self._slack.first.workspace.clock

    @property
    def faults(self) -> Faults:
        """What can be made to go wrong."""
        return self._slack.faults

    async def start(self) -> None:
        """Listens on the port. Raises OSError if it is taken."""
        loop = asyncio.get_running_loop()
        self._runner = web.AppRunner(
            self._application(), access_log=None, handle_signals=False, shutdown_timeout=1.0
        )
        await self._runner.setup()
        site = web.TCPSite(self._runner, HOST, self._port)
        await site.start()
        self._port = self._runner.addresses[0][1]
        for service in self._slack.services:
            service.workspace.url = f"{self.url}{self._prefix(service)}/"
            moved = partial(self._clock_moved, service)
            service.workspace.clock.listen(partial(_call, loop, moved))

    async def stop(self) -> None:
        """Ends all connections and the port."""
        for live in self._lives.values():
            live.close()
        await self._slack.close()
        if self._runner:
            await self._runner.cleanup()

    def as_person(self, user: str, team: str | None = None) -> ActingPerson:
        """Somebody who looks at a workspace (the first, or the `team`'s) and acts in it."""
        return ActingPerson(self, user, team)

    def set_request_url(self, app_id: str, url: str | None) -> None:
        """Points an app at a URL, which must answer the challenge, or (None) to Socket Mode."""
        self.request("POST", "/sandbox/app", {"id": app_id, "request_url": url})

    def refresh_sockets(self, app_id: str) -> None:
        """Tells all of an app's connections to reconnect."""
        self.request("POST", "/sandbox/app", {"id": app_id, "refresh": True})

    def revoke(self, app_id: str) -> None:
        """Removes an app from the workspace."""
        self.request("POST", "/sandbox/app", {"id": app_id, "revoked": True})

    def save(self, path: Path | str, team: str | None = None) -> None:
        """Writes a workspace (the first, or the `team`'s) into a file."""
        with (
            self.exchange("GET", "/sandbox/workspace", None, {}, **_team(team)) as response,
            Path(path).open("wb") as out,
        ):
            shutil.copyfileobj(response, out)

    def load(self, path: Path | str, team: str | None = None) -> None:
        """Replaces all that a workspace holds by what was saved of it. Raises Refused."""
        headers = {"Content-Type": "application/zip"}
        with (
            Path(path).open("rb") as saved,
            self.exchange("POST", "/sandbox/workspace", saved, headers, **_team(team)),
        ):
            pass

    def traffic(self, since: int = 0, **query: str) -> list[dict[str, Any]]:
        """The inspector's record after entry `since`; `query` is `team` and what filters it."""
        query = {"since": str(since), **query}
        entries: list[dict[str, Any]] = self.request("GET", "/sandbox/traffic", **query)["entries"]
        return entries

    def connected(self, app_id: str) -> bool:
        """Whether an app can be reached: it holds a connection, or has a request URL."""
        delivery = self._slack.first.delivery
        return any(delivery.reachable(app) for _, app in self._slack.installations(app_id))

    def settled(self, seconds: float = 20.0) -> None:
        """Waits until every event was acknowledged or given up. Raises TimeoutError."""
        services = self._slack.services
        self.wait(lambda: not any(service.events.running for service in services), seconds)

    def wait(self, predicate: Callable[[], T], seconds: float = 45.0) -> T:
        """Waits until something is true, looking again whenever anything happened here.

        What happens elsewhere (in the app, after it has answered) is seen within LOOK seconds.
        Returns what the predicate returned. Raises TimeoutError after `seconds`.
        """
        deadline = time.monotonic() + seconds
        while True:
            with self._news:
                seen = self._version
            found = predicate()
            if found:
                return found
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError(f"not true within {seconds} s: {predicate}")
            self._wait_for_news(seen, min(left, LOOK))

    def request(self, method: str, path: str, body: Any = None, **query: str) -> Any:
        """Calls one of the JSON endpoints (docs/sandbox.md). Raises Refused."""
        data = json.dumps(body).encode() if body is not None else None
        headers = {"Content-Type": "application/json"}
        with self.exchange(method, path, data, headers, **query) as response:
            return json.load(response)

    @contextmanager
    def exchange(
        self,
        method: str,
        path: str,
        body: bytes | Iterable[bytes] | BinaryIO | None,
        headers: dict[str, str],
        **query: str,
    ) -> Iterator[HTTPResponse]:
        """Calls one of the endpoints, to send or receive something long. Raises Refused."""
        connection = HTTPConnection(HOST, self._port, timeout=60)
        try:
            where = f"{path}?{urlencode(query)}" if query else path
            connection.request(method, where, body, headers)
            response = connection.getresponse()
            if response.status >= HTTPStatus.BAD_REQUEST:
                answer = json.load(response)
                said = answer.get("response_metadata", {}).get("messages", [])
                raise Refused(answer["error"], *said)
            yield response
        finally:
            connection.close()

    def _application(self) -> web.Application:
        application = web.Application(middlewares=[gate, refusals])
        application.add_routes(self._endpoints())
        for service in self._slack.services:
            prefix = self._prefix(service)
            application.add_routes(PublicPages(service).routes(prefix))
            application.add_routes(Transfers(service).routes(prefix))
        application.router.add_static("/static", PAGE)
        application.router.add_get("/link/", self._slack.sockets.connect)
        application.router.add_route("*", "/api/{method}", WebApi(self._slack).serve)
        return application

    def _endpoints(self) -> list[web.RouteDef]:
        """The JSON endpoints, each for all workspaces."""
        handlers: dict[tuple[str, str], dict[str, Any]] = {}
        for service, live in self._lives.items():
            team = service.workspace.team.id
            for endpoints in (PersonEndpoints(service, live), ControlEndpoints(service)):
                for route in endpoints.routes():
                    handlers.setdefault((route.method, route.path), {})[team] = route.handler
        return [
            web.RouteDef(method, path, partial(_by_team, by_team), {})
            for (method, path), by_team in handlers.items()
        ]

    def _prefix(self, service: Service) -> str:
        """What the addresses of a workspace begin with; nothing for the first."""
        return "" if service is self._slack.first else f"/{service.workspace.team.id}"

    async def _clock_moved(self, service: Service) -> None:
        service.workspace.end_statuses()
        await self._lives[service].clock_moved()

    def _wait_for_news(self, version: int, seconds: float) -> None:
        with self._news:
            self._news.wait_for(lambda: self._version != version, seconds)

    def _changed(self) -> None:
        with self._news:
            self._version += 1
            self._news.notify_all()


@contextmanager
def serve(
    workspaces: Workspace | Iterable[Workspace],
    port: int = 0,
    *,
    rate_limits: float | bool = True,
    ack_seconds: float = 3.0,
    trigger_seconds: float = 3.0,
    redelivery_delays: tuple[float, ...] = (0.0, 60.0, 300.0),
    refresh_seconds: float = 10.0,
    newest_blocks: bool = True,
    real_clock: Callable[[], float] = time.monotonic,
    seed: int = 0,
) -> Iterator[Server]:
    """Serves a workspace, or several, from a thread with an event loop of its own.

    `rate_limits` may be False (none) or a factor on Slack's; without `newest_blocks` Slack refuses
    what it still rolls out; the rest are Slack's terms (`terms.Terms`), in seconds of real time.
    Raises OSError if the port is taken.
    """
    factor = math.inf if rate_limits is False else float(rate_limits)
    terms = Terms(
        ack=ack_seconds,
        trigger=trigger_seconds,
        redelivery=redelivery_delays,
        refresh=refresh_seconds,
        rate_limits=factor,
        newest_blocks=newest_blocks,
        real=real_clock,
    )
    server = Server(workspaces, port=port, terms=terms, seed=seed)
    with ThreadPoolExecutor(1, "sandbox") as thread:
        stopping = asyncio.Event()
        started: Future[asyncio.AbstractEventLoop] = Future()
        running = thread.submit(asyncio.run, _run(server, started, stopping))
        running.add_done_callback(lambda ended: _never_started(started, ended))
        loop = started.result()
        try:
            yield server
        finally:
            loop.call_soon_threadsafe(stopping.set)
            running.result()


async def _run(
    server: Server, started: "Future[asyncio.AbstractEventLoop]", stopping: asyncio.Event
) -> None:
    await server.start()
    started.set_result(asyncio.get_running_loop())
    await stopping.wait()
    await server.stop()


async def _by_team(
    handlers: dict[str, Callable[[web.Request], Awaitable[web.StreamResponse]]],
    request: web.Request,
) -> web.StreamResponse:
    """Handles a request in the workspace that it names, or in the first."""
    handler = handlers.get(request.query.get("team") or next(iter(handlers)))
    if handler is None:
        raise Refused("team_not_found")
    return await handler(request)


def _team(team: str | None) -> dict[str, str]:
    return {"team": team} if team else {}


def _never_started(started: "Future[asyncio.AbstractEventLoop]", ended: "Future[None]") -> None:
    """Hands on why the server ended before it had started."""
    if not started.done():
        started.set_exception(ended.exception())


def _call(
    loop: asyncio.AbstractEventLoop, function: Callable[[], Coroutine[Any, Any, None]]
) -> None:
    """Runs something in the loop, from whatever thread; not if the loop has ended."""
    if not loop.is_closed():
        asyncio.run_coroutine_threadsafe(function(), loop)
