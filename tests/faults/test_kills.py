"""Two replicas, killed again and again before a Slack that breaks off and refuses: nothing is
lost, nothing is said twice.

`KILLS` in the environment says how often (`make faults`: 500); `make test` does 40 per database.
"""

import json
import os
import random
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from slack_sdk import WebClient
from sqlalchemy import select

from bot.delivery import CRASH_POINTS
from models.base import Database
from models.delivery import Delivery, DeliveryState, Kind, refresh
from sandbox import Server, Workspace, serve
from sandbox.faults import Fault
from tests.faults.desk import a_slack, client
from tests.owing import owe
from tests.world import World, a_workspace

KILLS = int(os.environ.get("KILLS", "40"))
WAVE = 60  # cards owed at once
DUE = datetime(2026, 1, 1, tzinfo=UTC)  # long ago, for a bot that goes by this machine's time
CHANNELS = [f"C0FAULT{n}" for n in range(8)]
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
    slack = client(server.api_url)
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
    history = pages(client(server.api_url), "conversations.history", channel=channel)
    return [int(message["text"].split()[1]) for message in history][::-1]


def posts(slack: Workspace) -> int:
    """How many messages Slack has."""
    return sum(len(channel.messages) for channel in [*slack.channels.values()])


@dataclass
class Office:
    """Owes wave after wave, and changes what it owed, until there were enough kills."""

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
            fan_out(self.database, self.world, wave)
            self.owed += WAVE
            while not self._is_over() and not self._has_room():
                change_some(self.database, self.world, wave, chance)
                with suppress(TimeoutError):
                    self.server.wait(lambda: self._is_over() or self._has_room(), seconds=1)

    def _is_over(self) -> bool:
        return self.enough.exists() or self.worker.poll() is not None

    def _has_room(self) -> bool:
        """Whether most of what was owed is there."""
        return posts(self.slack) > self.owed - WAVE // 2


@pytest.mark.timeout(90 + 3 * KILLS)
def test_nothing_is_lost_and_nothing_is_said_twice(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    world = a_workspace(database)
    slack = a_slack(channels=CHANNELS)
    enough = tmp_path / "enough"
    with serve(slack, rate_limits=False, seed=KILLS) as server:
        server.faults.add(Fault("drop_after", "chat.postMessage", probability=0.1))
        server.faults.add(Fault("ratelimited", "chat.*", probability=0.1))
        plan = {
            "database": database_url,
            "api": server.api_url,
            "enough": str(enough),
            "kills": KILLS,
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
            said, failed = worker.communicate()
        assert worker.returncode == 0, failed
        killed = Counter(json.loads(said))
        assert killed.total() >= KILLS
        assert all(killed[point] for point in CRASH_POINTS), killed
        server.faults.clear()
        with database.everywhere() as session:
            rows = [*session.scalars(select(Delivery))]
        assert {row.state for row in rows} == {DeliveryState.POSTED}
        expected = {row.key: [f"message {row.subject_id} as of {row.revision}"] for row in rows}
        assert in_slack(server, rows) == expected
        assert sum(row.revision > 1 for row in rows) > WAVE // 8, "some were changed"
        for channel in CHANNELS:
            order = order_in(server, channel)
            assert order == sorted(order)
