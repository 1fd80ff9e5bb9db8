"""Signed HTTP, judged by slack_sdk's verifier and by a server that answers as a test says."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

import pytest
from slack_sdk.signature import SignatureVerifier

from sandbox import Server
from sandbox.refused import Refused
from tests.sandbox.little import SECRET, Serve


class Answering(ThreadingHTTPServer):
    """Answers challenges, and everything else with the next of `answers`."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.seen: list[tuple[dict[str, str], bytes]] = []
        self.answers: list[tuple[int, dict[str, str], bytes]] = []
        self.hanging = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/slack"


class _Handler(BaseHTTPRequestHandler):
    server: Answering

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.seen.append(({k.lower(): v for k, v in self.headers.items()}, body))
        if b"challenge" in body and not self.server.answers:
            return self._answer(200, {}, json.loads(body)["challenge"].encode())
        status, headers, text = (
            self.server.answers.pop(0) if self.server.answers else (200, {}, b"")
        )
        if status == 0:
            self.server.hanging.wait(5)
            status = 200
        return self._answer(status, headers, text)

    def _answer(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture
def answering() -> Iterator[Answering]:
    with Answering() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield server
        server.hanging.set()
        server.shutdown()
        thread.join()


def test_everything_is_signed(server: Server, answering: Answering) -> None:
    server.set_request_url("A0LITTLE", answering.url)
    max_ = server.as_person("U0MAX")
    max_.command("C0WEST", "/little ä & b")
    max_.shortcut("A0LITTLE", "g")
    max_.say("C0WEST", "hello")
    server.settled()
    verifier = SignatureVerifier(SECRET)
    assert len(answering.seen) == 4
    for headers, body in answering.seen:
        assert verifier.is_valid_request(body, headers)
        assert not verifier.is_valid_request(body + b" ", headers)
        assert headers["user-agent"].startswith("Slackbot 1.0")
    challenge, command, shortcut, event = answering.seen
    assert json.loads(challenge[1])["type"] == "url_verification"
    assert command[0]["content-type"] == "application/x-www-form-urlencoded"
    assert parse_qs(command[1].decode())["text"] == ["ä & b"]
    assert json.loads(parse_qs(shortcut[1].decode())["payload"][0])["type"] == "shortcut"
    assert event[0]["content-type"] == "application/json"
    assert json.loads(event[1])["type"] == "event_callback"


def test_a_url_must_answer_the_challenge(server: Server, answering: Answering) -> None:
    for status, text in ((200, b"no"), (200, b""), (404, b"")):
        answering.answers.append((status, {}, text))
        with pytest.raises(Refused, match="url_verification_failed"):
            server.set_request_url("A0LITTLE", answering.url)
    with pytest.raises(Refused, match="url_verification_failed"):
        server.set_request_url("A0LITTLE", "http://127.0.0.1:1/")
    assert not server.connected("A0LITTLE")
    answering.answers.append((200, {}, b""))
    server.set_request_url("A0LITTLE", None)


@pytest.mark.parametrize(
    ("answer", "text"),
    [((200, {}, b"plain words"), "plain words"), ((200, {}, b'{"text": "json"}'), "json")],
)
def test_a_command_is_answered_in_the_body(
    server: Server, answering: Answering, answer: Any, text: str
) -> None:
    server.set_request_url("A0LITTLE", answering.url)
    answering.answers.append(answer)
    max_ = server.as_person("U0MAX")
    max_.command("C0WEST", "/little")
    assert max_.ephemerals("C0WEST")[0].fallback == text


def test_errors_and_silence_fail_a_command(start: Serve, answering: Answering) -> None:
    server = start(ack_seconds=0.5)
    server.set_request_url("A0LITTLE", answering.url)
    max_ = server.as_person("U0MAX")
    answering.answers += [(500, {}, b""), (302, {"Location": "/"}, b""), (0, {}, b"")]
    outcomes = [max_.command("C0WEST", "/little")["error"] for _ in range(3)]
    assert outcomes == ["dispatch_failed", "dispatch_failed", "operation_timeout"]


def test_events_come_again_until_the_app_says_no(start: Serve, answering: Answering) -> None:
    server = start(ack_seconds=0.5, redelivery_delays=(0.0, 0.0, 0.0))
    server.set_request_url("A0LITTLE", answering.url)
    answering.answers += [(0, {}, b""), (503, {}, b""), (500, {"X-Slack-No-Retry": "1"}, b"")]
    server.as_person("U0MAX").say("C0WEST", "hello")
    server.settled()
    retries = [
        (headers.get("x-slack-retry-num"), headers.get("x-slack-retry-reason"))
        for headers, _ in answering.seen[1:]
    ]
    assert retries == [(None, None), ("1", "http_timeout"), ("2", "http_error")]


def test_an_app_that_went_away_is_a_failed_connection(start: Serve) -> None:
    server = start(redelivery_delays=())
    with Answering() as gone:
        thread = threading.Thread(target=gone.serve_forever, args=(0.02,))
        thread.start()
        server.set_request_url("A0LITTLE", gone.url)
        gone.shutdown()
        thread.join()
    server.as_person("U0MAX").say("C0WEST", "hello")
    server.settled()
    assert server.traffic()[-1]["status"] == "connection_failed"
