"""A program: replicas of the post that are killed, again and again, until there were enough kills.

    python -m tests.faults.worker '{"database": …, "api": …, "enough": …, "kills": 40, "seed": 1}'

It starts each replica as a process of its own (by fork, since a fresh interpreter takes a second)
and kills it with SIGKILL: at a named crash point, or wherever it is after a random time. When
there were enough kills it makes the file `enough` and waits for its input to end; then the last
replicas post what is left, and end by themselves. Prints how many were killed where, as JSON.
Exits with 1 if a replica ended in any other way.
"""

import json
import logging
import os
import random
import signal
import sys
import threading
import time
import traceback
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select

from bot.clock import real_now
from bot.delivery import CRASH_POINTS, Pace, Post
from models.base import Database
from models.delivery import Delivery, DeliveryState
from tests.faults.desk import MESSAGES, client

PACE = Pace(
    lease=timedelta(seconds=2.5),
    call=timedelta(seconds=2),
    interval=timedelta(milliseconds=5),
    settle=timedelta(seconds=0.3),
    first_backoff=timedelta(seconds=0.05),
    longest_backoff=timedelta(seconds=0.5),
    idle=timedelta(milliseconds=10),
)
LONGEST_LIFE = 1.5  # seconds, of a replica that never reaches its crash point
LAST_LIFE = 60.0
REPLICAS = 2


@dataclass(frozen=True)
class Plan:
    """What the program is told."""

    database: str
    api: str
    enough: str
    kills: int
    seed: int


@dataclass(frozen=True)
class Fate:
    """Where a replica ends: when it comes to `point` for the `nth` time, else after `seconds`."""

    point: str | None
    nth: int
    seconds: float
    is_last: bool = False


class Replica:
    """One process that posts, and its fate."""

    def __init__(self, database: Database, plan: Plan, fate: Fate) -> None:
        self.fate = fate
        self.ends_at = time.monotonic() + fate.seconds
        self.pid = os.fork()
        if self.pid == 0:
            _live(database, plan, fate)

    def kill(self) -> None:
        os.kill(self.pid, signal.SIGKILL)


def _live(database: Database, plan: Plan, fate: Fate) -> None:
    """The forked process; never returns."""
    try:
        database.engine.dispose(close=False)  # the connections are the reaper's
        _post_until_the_end(database, plan, fate)
    except BaseException:
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def _post_until_the_end(database: Database, plan: Plan, fate: Fate) -> None:
    left = fate.nth

    def crash(point: str) -> None:
        nonlocal left
        if point == fate.point:
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    post = a_post(database, plan, crash)
    never = threading.Event()
    reaper = os.getppid()
    while os.getppid() == reaper and not (fate.is_last and _nothing_is_owed(database)):
        post.run_once()
        never.wait(PACE.idle.total_seconds())


def a_post(database: Database, plan: Plan, crash: Callable[[str], None]) -> Post:
    """The bot's post, in a hurry."""
    slack = client(plan.api, timeout=2)
    return Post(database, MESSAGES, real_now, lambda _workspace: slack, crash=crash, pace=PACE)


def warm_up(database: Database, plan: Plan) -> None:
    """Delivers a message, so that what is done only once is done before the forks."""
    done = threading.Event()

    def at(point: str) -> None:
        if point == "after_store":
            done.set()

    while not done.is_set():
        a_post(database, plan, at).run_once(done)


def _nothing_is_owed(database: Database) -> bool:
    owed = select(Delivery.id).where(Delivery.state == DeliveryState.OWED).limit(1)
    with database.everywhere() as session:
        return session.scalars(owed).first() is None


class Reaper:
    """Keeps the replicas alive and ends them."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._database = Database(plan.database)
        self._chance = random.Random(plan.seed)
        self._killed: Counter[str] = Counter()
        self._lives = 0
        self._failed = 0
        self._test = os.getppid()

    def run(self) -> int:
        warm_up(self._database, self._plan)
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGCHLD})
        replicas = [self._start() for _ in range(REPLICAS)]
        while replicas:
            self._wait(replicas)
            for replica in [r for r in replicas if self._has_ended(r)]:
                replicas.remove(replica)
                if not (replica.fate.is_last or self._must_stop()):
                    replicas.append(self._start())
        sys.stdout.write(json.dumps(self._killed))
        return 1 if self._failed else 0

    def _must_stop(self) -> bool:
        """A replica failed, or the test has gone."""
        return self._failed > 0 or os.getppid() != self._test

    def _start(self) -> Replica:
        return Replica(self._database, self._plan, self._next_fate())

    def _next_fate(self) -> Fate:
        """By turns the crash point that had the fewest kills, and a random moment."""
        rarest = min(CRASH_POINTS, key=lambda point: self._killed[point])
        if self._killed.total() >= self._plan.kills and self._killed[rarest]:
            self._tell_the_test()
            return Fate(None, 0, LAST_LIFE, is_last=True)
        self._lives += 1
        if self._lives % 2:
            return Fate(rarest, self._chance.randint(1, 2), LONGEST_LIFE)
        return Fate(None, 0, self._chance.uniform(0.02, 0.3))

    def _tell_the_test(self) -> None:
        """Enough were killed; the test owes nothing more when it has closed the input."""
        Path(self._plan.enough).touch()
        sys.stdin.read()

    def _wait(self, replicas: list[Replica]) -> None:
        """Until a replica ends, or is to end."""
        next_end = min(replica.ends_at for replica in replicas)
        signal.sigtimedwait({signal.SIGCHLD}, min(1.0, max(0.0, next_end - time.monotonic())))
        for replica in replicas:
            if self._must_stop() or replica.ends_at <= time.monotonic():
                replica.ends_at = float("inf")
                replica.kill()

    def _has_ended(self, replica: Replica) -> bool:
        pid, status = os.waitpid(replica.pid, os.WNOHANG)
        if pid == 0:
            return False
        code, fate = os.waitstatus_to_exitcode(status), replica.fate
        if (code == -signal.SIGKILL) != fate.is_last and code in (0, -signal.SIGKILL):
            at_point = fate.point if replica.ends_at != float("inf") else None
            self._killed[at_point or "anywhere"] += not fate.is_last
        else:
            self._failed += 1
            sys.stderr.write(f"after {self._killed.total()} kills: {fate} ended with {code}\n")
        return True


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    sys.exit(Reaper(Plan(**json.loads(sys.argv[1]))).run())
