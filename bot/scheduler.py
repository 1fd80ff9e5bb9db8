"""What makes the bot act by itself: on a plain interval it does the chores, carries out the prompts
that have come due, and delivers the messages that are owed.

APScheduler's own triggers and job stores know nothing of this: recurrence is `models.schedule`'s
(house.md, "Time and delivery").
"""

import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from apscheduler.executors.pool import ThreadPoolExecutor  # type: ignore[import-untyped]
from apscheduler.schedulers.background import (  # type: ignore[import-untyped]
    BackgroundScheduler,
)
from sqlalchemy.orm import Session

from bot.calendars.watching import Watcher
from bot.clock import Now, real_now
from bot.delivery import Post
from bot.faults import described
from bot.importing import Importer
from bot.working import Worker
from models.agenda import CHORES, PROMPTS, Chore, missed, tell_skipped
from models.base import Database
from models.delivery import forget_received
from models.schedule import (
    Due,
    Occurrence,
    SkipReason,
    claim_due,
    failed,
    is_newest_missed,
    materialise,
    schedule_of,
    settle,
    skip,
    too_late,
    waiting,
)

log = logging.getLogger(__name__)

Prompt = Callable[[Session, Occurrence, datetime], None]
"""Carries an occurrence out, inside its workspace; it may `skip` it with a reason of its own."""

FIRST_RETRY = timedelta(seconds=5)
LONGEST_RETRY = timedelta(minutes=5)
FORGET_SECONDS = 3600.0


@dataclass(frozen=True)
class Rhythm:
    """How often the scheduler looks, in seconds of real time, and with how many threads it posts.

    `rest` is what a thread waits after a failure that nobody else has handled, such as a database
    that is away.
    """

    prompts: float = 1.0
    files: float = 0.5
    calendars: float = 5.0
    deliveries: float = 0.25
    posting_threads: int = 4
    rest: float = 5.0


class Patience:
    """For how long this process leaves alone what failed: in real time, the wait doubles."""

    def __init__(self, first: timedelta = FIRST_RETRY) -> None:
        self._first = first
        self._failed: dict[tuple[str, ...], tuple[int, datetime]] = {}

    def is_resting(self, *what: str) -> bool:
        return what in self._failed and real_now() < self._failed[what][1]

    def failed(self, *what: str) -> None:
        failures = self._failed[what][0] if what in self._failed else 0
        self._failed[what] = failures + 1, real_now() + retry_after(failures, self._first)

    def succeeded(self, *what: str) -> None:
        self._failed.pop(what, None)


def retry_after(failures: int, first: timedelta) -> timedelta:
    """How long to wait after one more failure."""
    return min(first * (1 << min(failures, 16)), LONGEST_RETRY)


class Scheduler:
    """Runs in threads of its own from `start` to `stop`. Any number of processes may run one."""

    def __init__(
        self,
        database: Database,
        now: Now,
        post: Post,
        prompts: Mapping[str, Prompt] = PROMPTS,
        *,
        importer: Importer | None = None,
        watcher: Watcher | None = None,
        rhythm: Rhythm | None = None,
    ) -> None:
        """`now` is business time, `importer` works on dropped files, `watcher` looks at people's
        calendars, `prompts` is what each schedule's prompt does.
        """
        self._database = database
        self._now = now
        self._post = post
        rhythm = rhythm or Rhythm()
        beside = (
            ("importing", importer, rhythm.files),
            ("looking at calendars", watcher, rhythm.calendars),
        )
        self._beside = [each for each in beside if each[1] is not None]
        self._prompts = prompts
        self._rhythm = rhythm
        self._stop = threading.Event()
        self._forgot_at: float | None = None
        self._patience = Patience()
        self._scheduler: BackgroundScheduler | None = None

    def start(self) -> None:
        """Begins at once. Raises RuntimeError if it runs already."""
        if self._scheduler is not None:
            raise RuntimeError("the scheduler runs already")
        self._stop.clear()
        rhythm = self._rhythm
        scheduler = BackgroundScheduler(
            timezone=UTC,
            executors={"default": ThreadPoolExecutor(rhythm.posting_threads + 3)},
            job_defaults={"coalesce": True, "misfire_grace_time": None},
            logger=_quiet(),
        )
        begin = real_now()
        scheduler.add_job(self._carry_out, "interval", seconds=rhythm.prompts, next_run_time=begin)
        scheduler.add_job(
            self._work,
            "interval",
            args=("delivering", self._post),
            seconds=rhythm.deliveries,
            next_run_time=begin,
            max_instances=rhythm.posting_threads,
        )
        for what, worker, seconds in self._beside:
            scheduler.add_job(
                self._work, "interval", args=(what, worker), seconds=seconds, next_run_time=begin
            )
        scheduler.start()
        self._scheduler = scheduler

    def stop(self) -> None:
        """Lets what is under way end, and leaves no thread behind."""
        self._stop.set()
        if self._scheduler is not None:
            self._scheduler.shutdown(wait=True)
            self._scheduler = None
            self._post.late.finish()

    def _work(self, what: str, worker: Worker) -> None:
        self._guarded(what, lambda: worker.run_once(self._stop))

    def _carry_out(self) -> None:
        self._guarded("prompts", self._run_due)
        self._guarded("forgetting", self._forget)

    def _run_due(self) -> None:
        run_due(self._database, self._prompts, self._now, patience=self._patience)

    def _forget(self) -> None:
        began = time.monotonic()
        if self._forgot_at is None or began - self._forgot_at >= FORGET_SECONDS:
            with self._database.everywhere() as session:
                forget_received(session, self._now())
            self._forgot_at = began

    def _guarded(self, what: str, work: Callable[[], object]) -> None:
        """The outermost edge of a thread: nothing is lost by a failure, the next round goes on."""
        try:
            work()
        except Exception as fault:
            log.error("%s failed: %s", what, described(fault))
            self._stop.wait(self._rhythm.rest)


def run_due(
    database: Database,
    prompts: Mapping[str, Prompt],
    now: Now,
    *,
    first_retry: timedelta = FIRST_RETRY,
    chores: Sequence[Chore] = CHORES,
    patience: Patience | None = None,
) -> int:
    """Does the chores, then writes down what has come due and carries it out, oldest first; how
    many occurrences were settled.

    Each occurrence has a transaction of its own in its workspace: it and all that it owes happen
    together, once, whoever else tries. One that fails is tried again later (in real time, the
    wait doubles), until it is too late for it.
    """
    patience = patience or Patience(first_retry)
    for chore in chores:
        _do_everywhere(database, chore, now, patience)
    with database.everywhere() as session:
        materialise(session, now())
        due = waiting(session, now(), real_now())
    return sum(_settled(database, prompts, one, now, first_retry) for one in due)


def _do_everywhere(database: Database, chore: Chore, now: Now, patience: Patience) -> None:
    """A chore in each workspace where it waits, in a transaction of its own there.

    Replicas may do it at once: the rows of the chore decide who does what. Where it fails nothing
    of it stays, the other workspaces go on, and it is tried again later.
    """
    with database.everywhere() as session:
        waiting_in = sorted(chore.waiting(session, now()))
    for workspace_id in waiting_in:
        if patience.is_resting(chore.name, workspace_id):
            continue
        try:
            with database.transaction(workspace_id) as session:
                done = chore.do(session, now())
        except Exception as fault:
            log.error(
                "chore=%r workspace=%s failed: %s", chore.name, workspace_id, described(fault)
            )
            patience.failed(chore.name, workspace_id)
            continue
        patience.succeeded(chore.name, workspace_id)
        log.info("chore=%r workspace=%s done=%s", chore.name, workspace_id, done)


def _settled(
    database: Database,
    prompts: Mapping[str, Prompt],
    due: Due,
    now: Now,
    first_retry: timedelta,
) -> bool:
    try:
        with database.transaction(due.workspace_id) as session:
            occurrence = claim_due(session, due.id)
            if occurrence is None:
                return False
            _carry_out(session, occurrence, prompts.get(due.prompt), now())
    except Exception as fault:
        log.error("occurrence=%d prompt=%s failed: %s", due.id, due.prompt, described(fault))
        _record_failure(database, due, type(fault).__name__, first_retry)
        return False
    log.info("occurrence=%d prompt=%s state=%s", due.id, due.prompt, occurrence.state)
    return True


def _carry_out(
    session: Session, occurrence: Occurrence, prompt: Prompt | None, now: datetime
) -> None:
    """Of a schedule's dates that were missed in a long outage each is recorded, and only the
    newest told: attention is the budget.
    """
    schedule = schedule_of(session, occurrence)
    reason = too_late(occurrence, schedule, now)
    if reason is None and prompt is not None:
        prompt(session, occurrence, now)
        settle(occurrence, now)
        return
    skip(occurrence, reason or SkipReason.NO_PROMPT, now)
    missed(session, occurrence, now)
    if is_newest_missed(session, occurrence, schedule, now):
        tell_skipped(session, occurrence, now)


def _record_failure(database: Database, due: Due, error: str, first_retry: timedelta) -> None:
    with database.transaction(due.workspace_id) as session:
        occurrence = claim_due(session, due.id)
        if occurrence is not None:
            wait = retry_after(occurrence.failures, first_retry)
            failed(occurrence, error, real_now() + wait)


def _quiet() -> logging.Logger:
    """APScheduler's own lines say, four times a second, that all posting threads are busy."""
    logger = logging.getLogger("apscheduler.scheduler")
    logger.setLevel(logging.ERROR)
    return logger
