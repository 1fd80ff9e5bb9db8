"""A served workspace, people in it, and the little app."""

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from slack_sdk import WebClient

from sandbox import Clock, Server, serve
from sandbox.person import ActingPerson
from tests.sandbox.little import MANIFEST, Connect, Little, Serve, client_of, little_workspace
from tests.sandbox.stream import Stream


@pytest.fixture
def start() -> Iterator[Serve]:
    """Serves workspaces until the test ends; takes what `serve` takes, and `manifest`, `clock`."""
    with ExitStack() as stack:

        def _start(
            manifest: dict[str, Any] = MANIFEST, clock: Clock | None = None, **terms: Any
        ) -> Server:
            return stack.enter_context(serve(little_workspace(manifest, clock), **terms))

        yield _start


@pytest.fixture
def server(start: Serve) -> Server:
    """The workspace, without rate limits."""
    return start(rate_limits=False)


@pytest.fixture
def client(server: Server) -> WebClient:
    """What the app calls the workspace with."""
    return client_of(server)


@pytest.fixture
def max_(server: Server) -> ActingPerson:
    """A person."""
    return server.as_person("U0MAX")


@pytest.fixture
def lena(server: Server) -> ActingPerson:
    """Another person."""
    return server.as_person("U0LENA")


@pytest.fixture
def connect() -> Iterator[Connect]:
    """Makes little apps, by server and transport, that end with the test."""
    with ExitStack() as stack:

        def _connect(server: Server, transport: str) -> Little:
            app = Little(server, transport)
            stack.callback(app.stop)
            return app

        yield _connect


@pytest.fixture(params=["socket", "http"])
def little(server: Server, connect: Connect, request: pytest.FixtureRequest) -> Little:
    """The little app, over both transports."""
    return connect(server, request.param)


@pytest.fixture
def live() -> Iterator[tuple[Server, Stream, Stream]]:
    """A server with Max's and Lena's pages open; the streams end with the server."""
    with serve(little_workspace(), rate_limits=False) as server:
        streams = Stream(server, "U0MAX"), Stream(server, "U0LENA")
        yield server, *streams
    for stream in streams:
        stream.close()
