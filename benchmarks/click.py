"""One signed request through the whole app, beside a bare Bolt app: how long each takes.

Measured in one run on one machine, as ratios: (a) a bare Bolt app that acknowledges the same
request · (b) the same with one row added through the ORM and committed with the same durability
(SQLite, WAL, synchronous FULL) · ours: the request verified, who may, the rules, the rows, the
messages owed, committed, acknowledged. What the requests are is in `benchmarks.jobs`.
"""

import hashlib
import hmac
import json
import tempfile
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from statistics import median, quantiles
from typing import Any
from urllib.parse import urlencode

from slack_bolt import Ack, App, BoltRequest
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient
from sqlalchemy import Engine, String, event, func, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from bot.app import listen
from bot.http import Gate
from bot.tokens import Tokens
from models.base import Base, Database, InWorkspace, engine_for
from tests.gate.wsgi import post
from tests.world import World, a_workspace

SECRET = "benchmark"
WARM_UP = 50  # clicks that are not counted: imports, caches, the first pages of a file

Payload = dict[str, Any]


@dataclass(frozen=True)
class Job:
    """What is pressed: `prepare` fills a workspace and gives a payload for each click.

    `records`: the table of which every click adds one row. The clicks come at `now`.
    """

    title: str
    now: datetime
    prepare: Callable[[Database, World], list[Payload]]
    records: type[InWorkspace]


class _Bare(DeclarativeBase):
    pass


class Row(_Bare):
    __tablename__ = "clicks"

    id: Mapped[int] = mapped_column(primary_key=True)
    body: Mapped[str] = mapped_column(String(200))


def signed(payload: Payload) -> tuple[bytes, dict[str, str]]:
    """A body as Slack sends it, and the headers that prove it."""
    body = urlencode({"payload": json.dumps(payload)}).encode()
    stamp = str(int(time.time()))
    digest = hmac.new(SECRET.encode(), f"v0:{stamp}:".encode() + body, hashlib.sha256)
    return body, {
        "x-slack-request-timestamp": stamp,
        "x-slack-signature": f"v0={digest.hexdigest()}",
        "content-type": "application/x-www-form-urlencoded",
    }


def bare(work: Callable[[str], None], payloads: list[Payload]) -> App:
    """A Bolt app that does nothing but `work` and acknowledges."""
    app = App(
        signing_secret=SECRET,
        client=WebClient(),
        authorize=lambda: AuthorizeResult(
            enterprise_id=None, team_id="T0NORTH", bot_user_id="U0BOT", bot_token="xoxb-1"
        ),
        process_before_response=True,
    )

    def record(ack: Ack, body: dict[str, Any]) -> None:
        work(body["trigger_id"])
        ack()

    for view in {one["view"]["callback_id"] for one in payloads if "view" in one}:
        app.view(view)(record)
    for action in {each["action_id"] for one in payloads for each in one.get("actions", ())}:
        app.action(action)(record)
    return app


def dispatching(app: App) -> Callable[[bytes, dict[str, str]], None]:
    """Hands a request to a bare Bolt app."""

    def send(body: bytes, headers: dict[str, str]) -> None:
        answer = app.dispatch(BoltRequest(body=body.decode(), headers=dict(headers)))
        if answer.status != 200:
            raise SystemExit(f"bare Bolt answers {answer.status}")

    return send


def through_the_gate(gate: Gate) -> Callable[[bytes, dict[str, str]], None]:
    """Hands a request to the whole app, as the HTTP server does."""

    def send(body: bytes, headers: dict[str, str]) -> None:
        answer = post(gate, "/slack/events", body, headers)
        if answer.status != 200 or b"errors" in answer.body:
            raise SystemExit(f"ours answers {answer.status}: {answer.body[:300]!r}")

    return send


@dataclass(frozen=True)
class Figures:
    """Of one way: milliseconds that passed (half the clicks took less; 95 of 100 did), the median
    milliseconds of processor time, and SQL statements per click (BEGIN counts, COMMIT does not).
    """

    median: float
    p95: float
    cpu: float
    statements: float


class _Way:
    """One way to answer a click, and what each click took."""

    def __init__(
        self, send: Callable[[bytes, dict[str, str]], None], engine: Engine | None
    ) -> None:
        self.send = send
        self.passed: list[float] = []
        self.cpu: list[float] = []
        self.statements = 0
        if engine is not None:
            event.listen(engine, "before_cursor_execute", self._count)

    def _count(self, *_what: Any) -> None:
        self.statements += 1

    def click(self, body: bytes, headers: dict[str, str]) -> None:
        began, cpu_began = time.perf_counter(), time.process_time()
        self.send(body, headers)
        self.cpu.append((time.process_time() - cpu_began) * 1000)
        self.passed.append((time.perf_counter() - began) * 1000)

    def figures(self) -> Figures:
        counted = self.passed[WARM_UP:]
        return Figures(
            median=median(counted),
            p95=quantiles(counted, n=20)[-1],
            cpu=median(self.cpu[WARM_UP:]),
            statements=self.statements / len(self.passed),
        )


def measure(job: Job) -> dict[str, Figures]:
    """The figures of each way: all are sent the same requests, and take turns at being first.

    Every way checks the signature: Bolt itself in the bare apps, the gate in ours. Ours is also
    given each request as an HTTP server would, the bare apps as Bolt takes it.
    """
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder) / 'ours.sqlite3'}")
        Base.metadata.create_all(database.engine)
        payloads = job.prepare(database, a_workspace(database))
        engine = engine_for(f"sqlite:///{Path(folder) / 'bare.sqlite3'}")
        _Bare.metadata.create_all(engine)

        def insert(body: str) -> None:
            with Session(engine) as session, session.begin():
                session.add(Row(body=body))

        tokens = Tokens("T0NORTH", "North", "U0BOT", "B0BOT", "xoxb-1", "http://127.0.0.1:9/api/")
        gate = Gate(listen(database, tokens, lambda: job.now), SECRET, lambda: None)
        ways = {
            "bare": _Way(dispatching(bare(lambda _: None, payloads)), None),
            "insert": _Way(dispatching(bare(insert, payloads)), engine),
            "ours": _Way(through_the_gate(gate), database.engine),
        }
        turns = deque(ways.values())
        for payload in payloads:
            body, headers = signed(payload)
            for way in turns:
                way.click(body, headers)
            turns.rotate()
        figures = {name: way.figures() for name, way in ways.items()}
        _all_recorded(job, database, engine, len(payloads))
        database.dispose()
        engine.dispose()
    return figures


def _all_recorded(job: Job, database: Database, bare: Engine, clicks: int) -> None:
    """Every click counted did its work."""
    with database.everywhere() as session:
        recorded = session.scalar(select(func.count()).select_from(job.records))
    with Session(bare) as session:
        rows = session.scalar(select(func.count()).select_from(Row))
    if (recorded, rows) != (clicks, clicks):
        raise SystemExit(f"{job.title}: {recorded} recorded and {rows} rows of {clicks} clicks")
