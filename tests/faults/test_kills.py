"""Replicas that are killed, frozen or misled by their clocks, before a Slack that breaks off and
refuses: nothing is lost, nothing is said twice.

`KILLS` in the environment says how often (`make faults`: 500 per database, with 10,000 messages,
1 to 5 replicas, half of all calls refused, and a database that goes away); `make test` does 20.
"""

import json
import os
import random
import subprocess
import sys
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from slack_sdk import WebClient
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from bot.delivery import CRASH_POINTS
from models.base import Database
from models.delivery import Delivery, DeliveryState, Kind, refresh
from sandbox import Server, Workspace, serve
from sandbox.changes import Change, Deleted
from sandbox.faults import Fault
from tests.faults.desk import Client, a_slack
from tests.owing import owe
from tests.postgres import Postgres
from tests.world import World, a_workspace

KILLS = int(os.environ.get("KILLS", "20"))
FULL = KILLS >= 500
REPLICAS = (1, 2, 3, 5) if FULL else (2,)
MESSAGES = 10_000 if FULL else 0
REFUSED = 0.5 if FULL else 0.1  # of all calls
AWAY_EVERY = 8.0  # seconds
WAVE = 600 if FULL else 60  # cards owed at once
DUE = datetime(2026, 1, 1, tzinfo=UTC)  # long ago, for a bot that goes by this machine's time
CHANNELS = [f"C0FAULT{n}" for n in range(80 if FULL else 8)]
ROOT = Path(__file__).parents[2]


def fan_out(database: Database, world: World, subjects: range) -> None:
    """Cards in channels, replies in their threads, and direct messages."""
    people = [world.ana, world.ben, world.cleo, world.max]
    with database.transaction(world.workspace_id) as session:
        for n in subjects:
            lane = n % (len(CHANNELS) + len(people))
            to_channel = CHANNELS[lane] if lane < len(CHANNELS) else None
            card = owe(
                session,
                Kind.REVIEW_CARD,
                n,
                dedupe_key=f"card/{n}",
                due_at=DUE,
                channel_id=to_channel,
                person_id=None if to_channel else people[lane - len(CHANNELS)],
            )
            if n % 4 == 0:
                owe(
                    session,
                    Kind.REVIEW_ANSWERS,
                    n,
                    dedupe_key=f"answers/{n}",
                    due_at=DUE,
                    channel_id=card.channel_id,
                    person_id=card.person_id,
                    after=card,
                )


def change_some(database: Database, world: World, subjects: range, chance: random.Random) -> None:
    with database.transaction(world.workspace_id) as session:
        for n in sorted(chance.sample(subjects, len(subjects) // 8)):
            refresh(session, Kind.REVIEW_CARD, n, DUE)


def pages(slack: WebClient, method: str, **asked: str) -> Iterator[dict[str, Any]]:
    cursor = ""
    while True:
        params = {**asked, "limit": "200", "include_all_metadata": "1", "cursor": cursor}
        page = slack.api_call(method, params=params)
        yield from page["messages"]
        cursor = str((page.get("response_metadata") or {}).get("next_cursor") or "")
        if not cursor:
            return


def in_slack(server: Server, rows: list[Delivery]) -> dict[str, list[str]]:
    """By delivery key, the texts of every message in Slack that carries it."""
    slack = Client(server.api_url)
    found: defaultdict[str, list[str]] = defaultdict(list)
    for channel in {str(row.posted_channel) for row in rows}:
        messages = [*pages(slack, "conversations.history", channel=channel)]
        for parent in [message for message in messages if message.get("reply_count")]:
            thread = pages(slack, "conversations.replies", channel=channel, ts=parent["ts"])
            messages += [message for message in thread if message["ts"] != parent["ts"]]
        for message in messages:
            found[message["metadata"]["event_payload"]["key"]].append(message["text"])
    return dict(found)


def order_in(server: Server, channel: str) -> list[int]:
    """The subjects of a channel's cards, oldest first."""
    history = pages(Client(server.api_url), "conversations.history", channel=channel)
    return [int(message["text"].split()[1]) for message in history][::-1]


def posts(slack: Workspace) -> int:
    """How many messages Slack has."""
    return sum(len(channel.messages) for channel in [*slack.channels.values()])


@dataclass
class Office:
    """Owes wave after wave, and changes what it owed, until there was enough trouble."""

    database: Database
    world: World
    slack: Workspace
    server: Server
    enough: Path
    worker: "subprocess.Popen[str]"
    owed: int = 0

    def run(self) -> None:
        chance = random.Random(KILLS)
        while not self._is_over():
            wave = range(self.owed, self.owed + WAVE)
            self._surely(partial(fan_out, self.database, self.world, wave))
            self.owed += WAVE
            while not self._is_over() and not self._has_room():
                self._surely(partial(change_some, self.database, self.world, wave, chance))
                with suppress(TimeoutError):
                    self.server.wait(lambda: self._is_over() or self._has_room(), seconds=1)

    def _surely(self, work: Callable[[], None]) -> None:
        """Does it, however often the database goes away meanwhile: it may be done twice."""
        while True:
            try:
                return work()
            except DBAPIError:
                with suppress(TimeoutError):
                    self.server.wait(self._is_over, seconds=0.5)

    def _is_over(self) -> bool:
        return self.enough.exists() or self.worker.poll() is not None

    def _has_room(self) -> bool:
        """Whether most of what was owed is there."""
        return posts(self.slack) > self.owed - WAVE // 2


@contextmanager
def now_and_then_away(database: Database, postgres: Postgres | None) -> Iterator[None]:
    """PostgreSQL is stopped at once and started anew; SQLite is kept busy by somebody else."""
    stop = threading.Event()
    if postgres is not None:
        postgres.remember_commits()

    def disturb() -> None:
        while not stop.wait(AWAY_EVERY):
            if postgres is not None:
                postgres.restart()
            else:
                with database.transaction("T0NORTH") as session:
                    session.execute(text("UPDATE buckets SET key = key"))
                    stop.wait(2.0)

    thread = threading.Thread(target=disturb)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def met_with(
    trouble: str, times: int, replicas: int, messages: int, database: Database, url: str, at: Path
) -> Counter[str]:
    """The replicas meet with the trouble so often; what happened, after all was found in order."""
    world = a_workspace(database)
    slack = a_slack(channels=CHANNELS)
    enough = at / "enough"
    began, taken_back = time.monotonic(), 0

    def look(change: Change) -> None:
        nonlocal taken_back
        taken_back += isinstance(change, Deleted)

    slack.listen(look)
    with serve(slack, rate_limits=False, seed=KILLS) as server:
        server.faults.add(Fault("drop_after", "chat.postMessage", probability=0.1))
        server.faults.add(Fault("ratelimited", "chat.*", probability=REFUSED))
        plan = {
            "database": url,
            "api": server.api_url,
            "enough": str(enough),
            "trouble": trouble,
            "times": times,
            "replicas": replicas,
            "messages": messages,
            "seed": KILLS,
        }
        with subprocess.Popen(
            [sys.executable, "-m", "tests.faults.worker", json.dumps(plan)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as worker:
            Office(database, world, slack, server, enough, worker).run()
            server.faults.clear()  # what is left, however much it is, is posted in no time
            said, failed = worker.communicate()
        assert worker.returncode == 0, failed
        met = Counter(json.loads(said))
        with database.everywhere() as session:
            rows = [*session.scalars(select(Delivery))]
        assert {row.state for row in rows} == {DeliveryState.POSTED}
        expected = {row.key: [f"message {row.subject_id} as of {row.revision}"] for row in rows}
        found = in_slack(server, rows)
        lost = expected.keys() - found.keys()
        doubled = sum(len(texts) - 1 for texts in found.values())
        sys.stdout.write(
            f"{database.engine.dialect.name}, {replicas} replicas: {met.total()} × {trouble}, "
            f"{len(rows)} messages, {len(lost)} lost, {doubled} doubled, "
            f"{taken_back} deleted again, {time.monotonic() - began:.0f} s\n"
        )
        assert found == expected
        assert sum(row.revision > 1 for row in rows) > WAVE // 8, "some were changed"
        for channel in CHANNELS:
            order = order_in(server, channel)
            assert order == sorted(order)
    return met


@pytest.mark.timeout(90 + 3 * KILLS)
@pytest.mark.parametrize("replicas", REPLICAS)
def test_killed_nothing_is_lost_and_nothing_is_said_twice(
    database: Database,
    database_url: str,
    kind: str,
    replicas: int,
    tmp_path: Path,
    request: pytest.FixtureRequest,
) -> None:
    postgres = request.getfixturevalue("postgres") if kind == "postgresql" else None
    times, messages = KILLS // len(REPLICAS), MESSAGES // len(REPLICAS)
    away = now_and_then_away(database, postgres) if FULL else nullcontext()
    with away:
        killed = met_with("kill", times, replicas, messages, database, database_url, tmp_path)
    assert killed.total() >= times
    assert all(killed[point] for point in CRASH_POINTS), killed


@pytest.mark.timeout(90 + 3 * KILLS)
@pytest.mark.parametrize("trouble", ["freeze", "jump"])
def test_frozen_or_misled_by_their_clocks_they_leave_one_of_each(
    database: Database, database_url: str, trouble: str, tmp_path: Path
) -> None:
    """They stand still in the middle of a call for longer than the lease; or their clocks do not
    agree by more than that."""
    met = met_with(trouble, KILLS // 10, 4, 0, database, database_url, tmp_path)
    assert met.total() >= KILLS // 10
