"""Forged, stale and malformed requests: 401 or 400, nothing executed, no body in the log."""

import hashlib
import hmac
import json
import logging
import random
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from slack_bolt import App
from sqlalchemy import func, select

from bot.app import listen
from bot.http import Gate
from bot.tokens import Tokens
from models.base import Base, Database
from models.delivery import Received
from models.people import put_workspace
from tests.gate.wsgi import Answer, post

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
NOW = 1_795_600_000.0
MARK = "do-not-log-this"

COMMAND = urlencode(
    {
        "command": "/pipeline-review",
        "text": MARK,
        "team_id": "T0NORTH",
        "user_id": "U0MAX",
        "channel_id": "C0WEST",
        "trigger_id": "1.2.3",
        "response_url": "http://127.0.0.1:9/respond",
    }
)
CLICK = urlencode(
    {
        "payload": json.dumps(
            {
                "type": "block_actions",
                "team": {"id": "T0NORTH"},
                "user": {"id": "U0MAX", "team_id": "T0NORTH"},
                "channel": {"id": "C0WEST"},
                "container": {"type": "message", "message_ts": "1.2", "channel_id": "C0WEST"},
                "trigger_id": "1.2.3",
                "actions": [{"action_id": "review.decide", "value": "1", "action_ts": "1.3"}],
                "note": MARK,
            }
        )
    }
)
EVENT = json.dumps(
    {
        "type": "event_callback",
        "team_id": "T0NORTH",
        "event_id": "Ev1",
        "event": {"type": "app_home_opened", "user": "U0MAX", "tab": "home", "note": MARK},
    }
)
FORM, JSON = "application/x-www-form-urlencoded", "application/json"
GENUINE = [(COMMAND.encode(), FORM), (CLICK.encode(), FORM), (EVENT.encode(), JSON)]


@pytest.fixture(scope="module")
def rooms(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Gate, Database]]:
    database = Database(f"sqlite:///{tmp_path_factory.mktemp('gate')}/gate.sqlite3")
    Base.metadata.create_all(database.engine)
    tokens = Tokens("T0NORTH", "North", "U0BOT", "B0BOT", "xoxb-1", "http://127.0.0.1:9/api/")
    from datetime import UTC, datetime

    def now() -> datetime:
        return datetime.fromtimestamp(NOW, UTC)

    with database.everywhere() as session:
        put_workspace(session, "T0NORTH", name="North", bot_user_id="U0BOT", now=now())
    bolt: App = listen(database, tokens, now)
    yield Gate(bolt, SECRET, lambda: None, at=lambda: NOW), database
    database.dispose()


def signature(body: bytes, stamp: str, secret: str = SECRET) -> str:
    base = f"v0:{stamp}:".encode() + body
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


def send(gate: Gate, body: bytes, kind: str, **headers: str) -> Answer:
    stamp = str(int(NOW))
    signed = {
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": signature(body, stamp),
        "Content-Type": kind,
    }
    return post(gate, "/slack/events", body, {**signed, **headers})


def forgeries(dice: random.Random) -> Iterator[tuple[bytes, str, dict[str, str]]]:
    """Requests that cannot prove that they come from Slack, by every way we know."""
    stamp = str(int(NOW))
    for body, kind in GENUINE:
        for wrong in ("", "v0=", "v1=" + "0" * 64, "v0=" + "g" * 64, "ü", "v0=" + "0" * 64):
            yield body, kind, {"X-Slack-Signature": wrong}
        yield body, kind, {"X-Slack-Signature": signature(body, stamp, "another secret")}
        for bad in ("", "now", "-1", "1e9", "0", " ", "９", "9" * 40, str(int(NOW) + 301),
                    str(int(NOW) - 301), f"{NOW}"):  # fmt: skip
            yield (
                body,
                kind,
                {
                    "X-Slack-Request-Timestamp": bad,
                    "X-Slack-Signature": signature(body, bad),
                },
            )
    for _ in range(1500):
        body, kind = dice.choice(GENUINE)
        place = dice.randrange(len(body))
        mutated = body[:place] + bytes([body[place] ^ (1 << dice.randrange(8))]) + body[place + 1 :]
        yield mutated, kind, {"X-Slack-Signature": signature(body, stamp)}
    yield b"ssl_check=1&token=x", FORM, {"X-Slack-Signature": "v0=0"}


def malformed(dice: random.Random) -> Iterator[tuple[bytes, str]]:
    """Bodies that carry a right signature and are still no request that Slack sends."""
    yield from (
        (b"", FORM), (b"", JSON), (b"{", JSON), (b"[]", JSON), (b"null", JSON), (b'"x"', JSON),
        (b"{}", JSON), (b"[" * 100_000, JSON), (b"\xff\xfe", JSON), (b"\xff=\xfe", FORM),
        (b"payload=", FORM), (b"payload={}", FORM), (b"payload=[]", FORM), (b"payload=null", FORM),
        (b"payload=%FF", FORM), (b"command=", FORM), (b"command=/x", FORM), (b"a=b", FORM),
        (b"ssl_check=1&command=/x", FORM), (b'{"type":"url_verification"}', JSON),
        (b'{"type":"event_callback"}', JSON), (b'{"type":"event_callback","event":[]}', JSON),
        (EVENT.encode(), FORM), (COMMAND.encode(), JSON), (EVENT.encode(), "text/plain"),
    )  # fmt: skip
    payload: dict[str, Any] = json.loads(CLICK_PAYLOAD)
    for _ in range(1500):
        broken = dict(payload)
        field = dice.choice(["type", "user", "team", "actions"])
        broken[field] = dice.choice([None, 1, "", [], {}, [None], [[]], [{}], {"id": 7}, True])
        yield urlencode({"payload": json.dumps(broken)}).encode(), FORM
    for _ in range(500):
        yield dice.randbytes(dice.randrange(1, 200)), dice.choice([FORM, JSON])


CLICK_PAYLOAD = json.dumps(
    {
        "type": "block_actions",
        "team": {"id": "T0NORTH"},
        "user": {"id": "U0MAX"},
        "actions": [{"action_id": "review.decide"}],
        "note": MARK,
    }
)


def executed(database: Database) -> int:
    with database.everywhere() as session:
        return session.scalar(select(func.count()).select_from(Received)) or 0


def test_forged_and_stale_requests_are_refused(
    rooms: tuple[Gate, Database], caplog: pytest.LogCaptureFixture
) -> None:
    gate, database = rooms
    caplog.set_level(logging.DEBUG)
    corpus = list(forgeries(random.Random(1)))
    assert len(corpus) > 1500
    statuses = {send(gate, body, kind, **headers).status for body, kind, headers in corpus}
    assert statuses == {401}
    assert executed(database) == 0
    assert MARK not in caplog.text


def test_malformed_requests_with_a_right_signature_are_refused(
    rooms: tuple[Gate, Database], caplog: pytest.LogCaptureFixture
) -> None:
    gate, database = rooms
    caplog.set_level(logging.DEBUG)
    corpus = list(malformed(random.Random(2)))
    assert len(corpus) > 2000
    answers = [(send(gate, body, kind).status, body[:80]) for body, kind in corpus]
    assert [answer for answer in answers if answer[0] not in (400, 401)] == []
    assert executed(database) == 0
    assert MARK not in caplog.text


def test_requests_out_of_place(rooms: tuple[Gate, Database]) -> None:
    gate, _ = rooms
    assert post(gate, "/slack/events", b"", {}, method="GET").status == 405
    assert post(gate, "/elsewhere", b"", {}).status == 404
    too_large = {"Content-Length": "99999999999"}
    assert post(gate, "/slack/events", b"", too_large).status == 413
    assert post(gate, "/slack/events", b"", {"Content-Length": "x"}).status == 413
    assert post(gate, "/healthz", b"", {}, method="GET").status == 200
    assert post(gate, "/readyz", b"", {}, method="GET").status == 200


def test_slacks_own_checks_are_answered(rooms: tuple[Gate, Database]) -> None:
    gate, _ = rooms
    body = json.dumps({"type": "url_verification", "challenge": "c1", "token": "t"}).encode()
    answer = send(gate, body, JSON)
    assert (answer.status, json.loads(answer.body)) == (200, {"challenge": "c1"})
    assert send(gate, b"ssl_check=1&token=x", FORM).status == 200
