"""A program: replicas of the post that meet with trouble, again and again, until it was enough.

    python -m tests.faults.worker '{"database": …, "api": …, "enough": …, "trouble": "kill", …}'

It starts each replica as a process of its own (by fork, since a fresh interpreter takes a second).
By `trouble` it

- `kill`s it: at a named crash point, or wherever it is after a random time;
- `freeze`s it in the middle of a call, for longer than its lease, and lets it go on and end;
- has its clock `jump`, forward and back by up to twice its lease.

When there was enough of that and Slack has `messages`, it makes the file `enough` and waits for
its input to end; then the last replicas post what is left, and end by themselves. Prints how often
what happened, as JSON. Exits with 1 if a replica ended in any other way.
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
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from bot.clock import real_now
from bot.delivery import CRASH_POINTS, Pace, Post
from models.base import Database
from models.delivery import Delivery, DeliveryState
from tests.faults.desk import MESSAGES, Client

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
LAST_LIFE = 120.0
FROZEN = PACE.lease.total_seconds() + 0.5
HEALING = 4.0  # seconds that a replica goes on for, after it was frozen or its clock jumped
JUMPS = (-5.0, -2.0, 0.0, 2.0, 5.0)


@dataclass(frozen=True)
class Plan:
    """What the program is told."""

    database: str
    api: str
    enough: str
    trouble: Literal["kill", "freeze", "jump"]
    times: int
    replicas: int
    messages: int
    seed: int


@dataclass(frozen=True)
class Fate:
    """Where a replica ends: when it comes to `point` for the `nth` time, else after `seconds`.

    One that only stands still (in its `nth` call), or whose clock jumps, ends by itself.
    """

    point: str | None
    nth: int
    seconds: float
    ends_by_itself: bool = False
    is_last: bool = False


class Replica:
    """One process that posts, and its fate."""

    def __init__(self, database: Database, plan: Plan, fate: Fate) -> None:
        self.fate = fate
        self.is_frozen = False
        self.ends_at = float("inf") if fate.ends_by_itself else time.monotonic() + fate.seconds
        self.pid = os.fork()
        if self.pid == 0:
            _live(database, plan, fate)

    def kill(self) -> None:
        os.kill(self.pid, signal.SIGKILL)

    def end(self) -> None:
        """Its time has come: to be killed, or to go on."""
        os.kill(self.pid, signal.SIGCONT if self.is_frozen else signal.SIGKILL)


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
    left, ends_at = fate.nth, time.monotonic() + fate.seconds

    def come_to(point: str, end: signal.Signals) -> None:
        nonlocal left, ends_at
        if point == fate.point:
            left -= 1
            if left == 0:
                os.kill(os.getpid(), end)
                ends_at = time.monotonic() + HEALING  # it stood still, and goes on

    clock = Jumping(fate.seconds - HEALING) if fate.point == "jump" else real_now
    post = a_post(
        database,
        plan,
        crash=lambda point: come_to(point, signal.SIGKILL),
        before=lambda method: come_to(method, signal.SIGSTOP),
        real=clock,
    )
    reaper, over = os.getppid(), Over(lambda: time.monotonic() > ends_at)
    while os.getppid() == reaper and not (_is_over(database, fate, over) and post.late.is_empty):
        with suppress(DBAPIError):  # the database is away; so does the scheduler
            post.run_once(over if fate.ends_by_itself else None)
        threading.Event().wait(PACE.idle.total_seconds())


def _is_over(database: Database, fate: Fate, over: "Over") -> bool:
    if fate.ends_by_itself:
        return over.is_set()
    with suppress(DBAPIError):
        return fate.is_last and _nothing_is_owed(database)
    return False


class Over(threading.Event):
    """Set once this holds: there is always more to deliver, so the post must be stopped by it."""

    def __init__(self, holds: Callable[[], bool]) -> None:
        super().__init__()
        self._holds = holds

    def is_set(self) -> bool:
        return self._holds()


class Jumping:
    """Real time as a clock tells it that is put forward and back again and again, then right."""

    def __init__(self, seconds: float) -> None:
        self._until = time.monotonic() + seconds
        self._chance = random.Random(os.getpid())
        self._off, self._next = timedelta(0), 0.0

    def __call__(self) -> datetime:
        now = time.monotonic()
        if now > self._until:
            return real_now()
        if now > self._next:
            self._off = timedelta(seconds=self._chance.choice(JUMPS))
            self._next = now + self._chance.uniform(0.05, 0.5)
        return real_now() + self._off


def a_post(
    database: Database,
    plan: Plan,
    before: Callable[[str], None] = lambda _method: None,
    **more: Any,
) -> Post:
    """The bot's post, in a hurry."""
    slack = Client(plan.api, timeout=2, before=before)
    return Post(database, MESSAGES, real_now, lambda _workspace: slack, pace=PACE, **more)


def warm_up(database: Database, plan: Plan) -> None:
    """Delivers a message, so that what is done only once is done before the forks."""
    done = threading.Event()

    def at(point: str) -> None:
        if point == "after_store":
            done.set()

    while not done.is_set():
        a_post(database, plan, crash=at).run_once(done)


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
        self._met: Counter[str] = Counter()
        self._lives = 0
        self._failed = 0
        self._test = os.getppid()

    def run(self) -> int:
        warm_up(self._database, self._plan)
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGCHLD})
        replicas = [self._start() for _ in range(self._plan.replicas)]
        while replicas:
            self._wait(replicas)
            for replica in [r for r in replicas if self._has_ended(r)]:
                replicas.remove(replica)
                if not (replica.fate.is_last or self._must_stop()):
                    replicas.append(self._start())
        sys.stdout.write(json.dumps(self._met))
        return 1 if self._failed else 0

    def _must_stop(self) -> bool:
        """A replica failed, or the test has gone."""
        return self._failed > 0 or os.getppid() != self._test

    def _start(self) -> Replica:
        return Replica(self._database, self._plan, self._next_fate())

    def _next_fate(self) -> Fate:
        if self._is_enough():
            self._tell_the_test()
            return Fate(None, 0, LAST_LIFE, is_last=True)
        self._lives += 1
        match self._plan.trouble:
            case "freeze":
                call = self._chance.choice(("chat.postMessage", "chat.postMessage", "chat.update"))
                return Fate(call, self._chance.randint(1, 9), HEALING, ends_by_itself=True)
            case "jump":
                return Fate("jump", 0, LONGEST_LIFE + HEALING, ends_by_itself=True)
        if self._lives % 2:
            return Fate(self._rarest(), self._chance.randint(1, 2), LONGEST_LIFE)
        return Fate(None, 0, self._chance.uniform(0.02, 0.3))

    def _rarest(self) -> str:
        """The crash point that had the fewest kills."""
        return min(CRASH_POINTS, key=lambda point: self._met[point])

    def _is_enough(self) -> bool:
        if self._met.total() < self._plan.times:
            return False
        if self._plan.trouble == "kill" and not self._met[self._rarest()]:
            return False
        posted = select(func.count()).where(Delivery.state == DeliveryState.POSTED)
        with suppress(DBAPIError), self._database.everywhere() as session:
            return (session.scalar(posted) or 0) >= self._plan.messages
        return False

    def _tell_the_test(self) -> None:
        """Enough were killed; the test owes nothing more when it has closed the input."""
        Path(self._plan.enough).touch()
        sys.stdin.read()

    def _wait(self, replicas: list[Replica]) -> None:
        """Until a replica ends or stands still, or is to end or to go on."""
        next_end = min(replica.ends_at for replica in replicas)
        signal.sigtimedwait({signal.SIGCHLD}, min(0.2, max(0.0, next_end - time.monotonic())))
        for replica in replicas:
            if self._must_stop():
                replica.kill()
            elif replica.ends_at <= time.monotonic():
                replica.ends_at = float("inf")
                replica.end()

    def _has_ended(self, replica: Replica) -> bool:
        pid, status = os.waitpid(replica.pid, os.WNOHANG | os.WUNTRACED)
        if pid == 0:
            return False
        if os.WIFSTOPPED(status):
            self._met["frozen"] += 1
            replica.is_frozen, replica.ends_at = True, time.monotonic() + FROZEN
            return False
        code, fate = os.waitstatus_to_exitcode(status), replica.fate
        by_itself = fate.is_last or fate.ends_by_itself
        if code == (0 if by_itself else -signal.SIGKILL):
            at_point = fate.point if replica.ends_at != float("inf") else None
            if not by_itself:
                self._met[at_point or "anywhere"] += 1
            elif fate.point == "jump":
                self._met["jumped"] += 1
        else:
            self._failed += 1
            sys.stderr.write(f"after {self._met.total()} times: {fate} ended with {code}\n")
        return True


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    sys.exit(Reaper(Plan(**json.loads(sys.argv[1]))).run())
