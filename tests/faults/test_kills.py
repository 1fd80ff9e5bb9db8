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
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from slack_sdk import WebClient
from sqlalchemy import select

from bot.delivery import CRASH_POINTS
from models.base import Database
from models.delivery import Delivery, DeliveryState, Kind, owe, refresh
from sandbox import Server, Workspace, serve
from sandbox.faults import Fault
from tests.faults.desk import a_slack, client
from tests.world import World, a_workspace

KILLS = int(os.environ.get("KILLS", "40"))
MESSAGES_PER_KILL = 4
DUE = datetime(2026, 1, 1, tzinfo=UTC)  # long ago, for a bot that goes by this machine's time
CHANNELS = [f"C0FAULT{n}" for n in range(8)]
ROOT = Path(__file__).parents[2]


def fan_out(database: Database, world: World, messages: int) -> list[int]:
    """Parents, cards, replies in their threads, and direct messages; the cards' subjects."""
    people = [world.ana, world.ben, world.cleo, world.max]
    cards = []
    with database.transaction(world.workspace_id) as session:
        for n in range(messages):
            lane = n % (len(CHANNELS) + len(people))
            to_channel = CHANNELS[lane] if lane < len(CHANNELS) else None
            card = owe(
                session,
                Kind.REVIEW_CARD if to_channel else Kind.REVIEW_OWNER,
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
            cards.append(n)
    return cards


def change_some(database: Database, world: World, cards: list[int], chance: random.Random) -> None:
    with database.transaction(world.workspace_id) as session:
        for n in sorted(chance.sample(cards, len(cards) // 8)):
            for kind in (Kind.REVIEW_CARD, Kind.REVIEW_OWNER):
                refresh(session, kind, n, DUE)


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


@pytest.mark.timeout(90 + 3 * KILLS)
def test_nothing_is_lost_and_nothing_is_said_twice(database: Database, database_url: str) -> None:
    messages = KILLS * MESSAGES_PER_KILL
    chance = random.Random(KILLS)
    world = a_workspace(database)
    cards = fan_out(database, world, messages)
    slack = a_slack(channels=CHANNELS)
    with serve(slack, rate_limits=False, seed=KILLS) as server:
        server.faults.add(Fault("drop_after", "chat.postMessage", probability=0.1))
        server.faults.add(Fault("ratelimited", "chat.*", probability=0.1))
        plan = {
            "database": database_url,
            "api": server.api_url,
            "kills": KILLS,
            "replicas": 2,
            "seed": KILLS,
        }
        with subprocess.Popen(
            [sys.executable, "-m", "tests.faults.worker", json.dumps(plan)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as worker:
            for fifth in (1, 2, 3):
                wait_for(fifth * messages // 5, slack, server, worker)
                change_some(database, world, cards, chance)
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
        assert sum(row.revision > 1 for row in rows) > messages // 8, "some were changed"
        for channel in CHANNELS:
            order = order_in(server, channel)
            assert order == sorted(order)


def posts(slack: Workspace) -> int:
    """How many messages Slack has."""
    return sum(len(channel.messages) for channel in [*slack.channels.values()])


def wait_for(
    messages: int, slack: Workspace, server: Server, worker: "subprocess.Popen[str]"
) -> None:
    """Until Slack has that many messages, or the worker ended."""
    while posts(slack) < messages and worker.poll() is None:
        with suppress(TimeoutError):
            server.wait(lambda: posts(slack) >= messages, seconds=2)
