"""The HTTP server: Slack's requests at POST /slack/events, and two questions of operators."""

import logging
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from http import HTTPStatus
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

from cheroot import wsgi
from slack_bolt import App, BoltRequest

from bot.requests import MAX_BODY_BYTES, Refusal, checked

log = logging.getLogger(__name__)

THREADS = 10
LOOK_SECONDS = 0.1  # how often it looks whether it is to stop, and for connections gone quiet
FINISH_SECONDS = 10  # how long running requests may take once the server was told to stop


class Gate:
    """The WSGI application. `ready` says why this process should get no traffic, or None."""

    def __init__(
        self,
        bolt: App | None,
        secret: str,
        ready: Callable[[], str | None],
        *,
        at: Callable[[], float] = time.time,
    ) -> None:
        self._bolt, self._secret, self._ready, self._at = bolt, secret, ready, at

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        status, headers, body = self._answer(environ)
        start(
            f"{status} {HTTPStatus(status).phrase}",
            [*headers, ("Content-Length", str(len(body)))],
        )
        return [body]

    def _answer(self, environ: WSGIEnvironment) -> tuple[int, list[tuple[str, str]], bytes]:
        route = (environ["REQUEST_METHOD"], environ.get("PATH_INFO", ""))
        if route == ("GET", "/healthz"):
            return _plain(200, "ok")
        if route == ("GET", "/readyz"):
            why_not = self._ready()
            return _plain(503, why_not) if why_not else _plain(200, "ready")
        if route[1] == "/slack/events" and self._bolt is not None:
            return self._slack(self._bolt, environ) if route[0] == "POST" else _plain(405, "POST")
        return _plain(404, "nothing here")

    def _slack(
        self, bolt: App, environ: WSGIEnvironment
    ) -> tuple[int, list[tuple[str, str]], bytes]:
        body = _body(environ)
        if body is None:
            return _plain(413, "too large")
        headers = _headers(environ)
        said = checked(headers, body, secret=self._secret, at=self._at())
        if isinstance(said, Refusal):
            log.warning("request refused: %s", said.why)
            return _plain(said.status, said.why)
        answer = bolt.dispatch(
            BoltRequest(body=said, query=environ.get("QUERY_STRING"), headers=headers)
        )
        pairs = [(name, value) for name, values in answer.headers.items() for value in values]
        return answer.status, pairs, (answer.body or "").encode()


def _plain(status: int, text: str) -> tuple[int, list[tuple[str, str]], bytes]:
    return status, [("Content-Type", "text/plain; charset=utf-8")], text.encode()


def _headers(environ: WSGIEnvironment) -> dict[str, str | Sequence[str]]:
    headers: dict[str, str | Sequence[str]] = {
        name[5:].replace("_", "-").lower(): value
        for name, value in environ.items()
        if name.startswith("HTTP_") and isinstance(value, str)
    }
    headers["content-type"] = environ.get("CONTENT_TYPE", "")
    return headers


def _body(environ: WSGIEnvironment) -> bytes | None:
    """The whole body, or None where it is larger than anything that Slack sends."""
    length = environ.get("CONTENT_LENGTH") or "0"
    if not length.isdigit() or int(length) > MAX_BODY_BYTES:
        return None
    body: bytes = environ["wsgi.input"].read(int(length))
    return body


class _QuietServer(wsgi.Server):
    """Cheroot's server, whose own complaints go to the log and never carry a request."""

    def error_log(self, msg: str = "", level: int = logging.INFO, traceback: bool = False) -> None:
        first_line = str(msg).partition("\n")[0]
        log.log(level, "http server: %s", first_line, exc_info=traceback)


class HttpServer:
    """Serves the gate in a thread. `stop` lets running requests finish first."""

    def __init__(self, gate: Gate, *, host: str = "0.0.0.0", port: int = 3000) -> None:  # noqa: S104 - Slack's requests come from outside
        self._server: Any = _QuietServer(
            (host, port), gate, numthreads=THREADS, shutdown_timeout=FINISH_SECONDS
        )
        self._server.expiration_interval = LOOK_SECONDS
        self._server.max_request_header_size = 64_000
        self._server.prepare()
        self.port: int = self._server.bind_addr[1]
        self._thread = threading.Thread(target=self._server.serve, name="http")

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._server.stop()
        self._thread.join()
