"""The post: brings what is owed to Slack, each message once, whatever fails on the way.

claim → search for a post that may have arrived → load in a transaction, close it, render → fence,
unless its reader's day has no room for it (models.attention) → call → store (house.md, "Time and
delivery"). No transaction is open across a call. Between the steps lie named crash points, at which
the tests end the process.
"""

import logging
import os
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import timedelta
from random import SystemRandom
from typing import Any, TypeVar
from uuid import uuid4

from slack_sdk import WebClient
from slack_sdk.web import SlackResponse
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from bot.answers import InDoubt, Limited, NotDone, Refused, TokenRefused, Unreached, ask
from bot.channels import Channels
from bot.clock import Now, real_now
from bot.faults import described
from bot.late import Late
from bot.search import metadata, search
from handlers.lines import Reader, read_by
from handlers.message import Message, Rendered
from models import attention, setup
from models.base import Database
from models.channels import known, remember, unfit
from models.delivery import DeliveryState, Kind
from models.delivery_claims import (
    PARENT_DROPPED,
    PARENT_PARKED,
    Claim,
    ClaimLost,
    again,
    answer,
    claim,
    fence,
    hold,
    not_posted,
    park,
    post_anew,
    questions,
    still_held,
    store,
)
from models.people import get_person

log = logging.getLogger(__name__)

CRASH_POINTS = (
    "after_claim", "after_search", "after_load", "after_render", "after_fence", "after_post",
    "after_store",
)  # fmt: skip
"""Where a process may end between two steps; each is passed to the `crash` that is handed in."""


@dataclass(frozen=True)
class Pace:
    """The post's times, all of them real time.

    `call` is the longest that one call may take, the client's timeout included; `settle` how
    long a post that may be under way is given to arrive before it is searched for; `margin` how
    far the search reaches back before the post, for clocks that differ.
    """

    lease: timedelta = timedelta(seconds=90)
    call: timedelta = timedelta(seconds=30)
    interval: timedelta = timedelta(seconds=1)  # between two messages of a channel: Slack's limit
    settle: timedelta = timedelta(seconds=10)
    margin: timedelta = timedelta(minutes=5)
    first_backoff: timedelta = timedelta(seconds=1)
    longest_backoff: timedelta = timedelta(minutes=5)
    pause: timedelta = timedelta(minutes=5)  # of a workspace whose token is refused
    idle: timedelta = timedelta(seconds=0.25)  # `run_until` looks again

    def __post_init__(self) -> None:
        """Raises ValueError for a lease that cannot hold a call."""
        if self.lease <= self.call:
            raise ValueError("the lease must be longer than a call")


def _reader(session: Session, held: Claim) -> Reader | None:
    if held.person_id is None:
        return None
    person = get_person(session, held.person_id)
    return Reader(person.zone, person.zone_is_slacks)


class Unrenderable(Exception):
    """Loading or rendering failed: our fault, and the same the next time."""


T = TypeVar("T")
Blocks = list[dict[str, Any]]


def _ours(step: str, work: Callable[[], T]) -> T:
    """Does our own part. Whatever it raises, but the database's own failures, parks the message."""
    try:
        return work()
    except DBAPIError:
        raise
    except Exception as fault:
        log.error("%s failed: %s", step, described(fault))
        raise Unrenderable(f"{step}_{type(fault).__name__}") from None


def _go_on(_point: str) -> None:
    """No crash."""


class Post:
    """Delivers what is due in all workspaces. Several at once, here and in other processes, do
    no harm: they share everything through the database.
    """

    def __init__(
        self,
        database: Database,
        messages: Mapping[Kind, Message[Any]],
        now: Now,
        client_for: Callable[[str], WebClient],
        *,
        channels: Channels | None = None,
        crash: Callable[[str], None] = _go_on,
        pace: Pace | None = None,
        real: Now = real_now,
    ) -> None:
        """`now` is business time. `client_for` gives a workspace's client, without retries of
        its own, or raises LookupError where the app is not installed. `channels` looks at a
        channel before something goes there; without it nobody does.
        """
        self._channels = channels
        self._database = database
        self._messages = messages
        self._now = now
        self._client_for = client_for
        self._crash = crash
        self._pace = pace or Pace()
        self._real = real
        self._owner = f"{os.getpid()}-{uuid4().hex[:12]}"
        self._jitter = SystemRandom()
        self._dms: dict[tuple[str, str], str] = {}
        self.late = Late(database, self._reach, pause=self._pace.settle, margin=self._pace.margin)

    def run_once(self, stop: threading.Event | None = None) -> int:
        """Delivers until nothing more may go out now, or `stop`; how many it took in hand."""
        handled = 0
        while not (stop and stop.is_set()) and self._next():
            self.late.see_to()
            handled += 1
        self.late.see_to()
        return handled

    def run_until(self, stop: threading.Event) -> None:
        """Delivers, and looks again for what has come due, until `stop` is set."""
        while not stop.is_set():
            self.run_once(stop)
            stop.wait(self._pace.idle.total_seconds())

    def _next(self) -> bool:
        with self._database.everywhere() as session:
            held = claim(
                session, self._now(), self._real(), owner=self._owner, lease=self._pace.lease
            )
        if held is None:
            return False
        self._crash("after_claim")
        began = time.monotonic()
        try:
            outcome = self._deliver(held)
        except ClaimLost:
            outcome = "claim_lost"
        milliseconds = round((time.monotonic() - began) * 1000)
        log.info(
            "delivery=%d kind=%s workspace=%s attempt=%d outcome=%s ms=%d",
            held.id, held.kind, held.workspace_id, held.attempt, outcome, milliseconds,
        )  # fmt: skip
        return True

    def _deliver(self, held: Claim) -> str:
        try:
            if held.parent_ended is not None:
                return self._follow_parent(held)
            client, channel = self._reach(held)
            if held.posting_since is not None and self._arrived(client, held, channel):
                return "found"
            return self._send(client, held, channel)
        except Unrenderable as fault:
            return self._park(held, str(fault))
        except NotDone as failure:
            return self._fail(held, failure)

    def _follow_parent(self, held: Claim) -> str:
        """A reply goes the way of a parent that will not be posted."""
        if held.parent_ended is DeliveryState.PARKED:
            return self._park(held, PARENT_PARKED)
        with self._transaction(held) as session:
            if attention.stand_alone(session, held, self._now()):
                return "stands_alone"
            attention.let_go(session, held, PARENT_DROPPED, self._now())
        return "dropped"

    def _reach(self, held: Claim) -> tuple[WebClient, str]:
        """With what to call Slack about it, and in which channel."""
        client = self._client(held)
        return client, held.posted_channel or held.channel_id or self._open(client, held)

    def _client(self, held: Claim) -> WebClient:
        try:
            client = self._client_for(held.workspace_id)
        except LookupError:
            raise TokenRefused("not_installed") from None
        if client.retry_handlers:
            raise ValueError("a client that repeats calls by itself would post twice")
        return client

    def _open(self, client: WebClient, held: Claim) -> str:
        """The channel of a direct message; opening it again gives the same one."""
        person = held.slack_id or ""
        key = (held.workspace_id, person)
        if key not in self._dms:
            said = ask(lambda: client.conversations_open(users=person))
            self._dms[key] = said["channel"]["id"]
        return self._dms[key]

    def _arrived(self, client: WebClient, held: Claim, channel: str) -> bool:
        """Answers the lane's open questions by one search; whether the claimed post arrived."""
        with self._transaction(held) as session:
            asked = questions(session, held, self._real())
        found = search(client, channel, asked, self._pace.margin)
        self._crash("after_search")
        with self._transaction(held) as session:
            answer(session, asked, found, channel)
        return held.key in found

    def _send(self, client: WebClient, held: Claim, channel: str) -> str:
        message = self._messages.get(held.kind)
        if message is None:
            raise Unrenderable("no_message")
        held, screen, reader = self._loaded(client, held, message)
        self._crash("after_load")
        if screen is None:
            return "not_wanted"
        with read_by(reader):
            rendered: Rendered = _ours("render", lambda: message.render(screen))
        self._crash("after_render")
        fenced = self._fence(held)
        if isinstance(fenced, str):
            return fenced
        if fenced.ts is not None:
            return self._update(client, fenced, channel, fenced.ts, rendered)
        return self._post(client, fenced, channel, rendered)

    def _loaded(
        self, client: WebClient, held: Claim, message: Message[Any]
    ) -> tuple[Claim, Any | None, Reader | None]:
        """What it shows (None: it was dropped), and who alone reads it, if it goes to a person.
        What nobody knows of its channel is asked first."""
        for _ in range(2):
            with self._transaction(held) as session:
                held = still_held(session, held)
                if self._is_fit(session, held):
                    shown = self._shown(session, held, message)
                    return held, shown, None if shown is None else _reader(session, held)
            self._look(client, held)
        raise Unreached("channel_changes")

    def _shown(self, session: Session, held: Claim, message: Message[Any]) -> Any | None:
        screen = _ours("load", lambda: message.load(session, held.subject_id, self._now()))
        if screen is None:
            attention.let_go(session, held, "not_wanted", self._now())
        return screen

    def _is_fit(self, session: Session, held: Claim) -> bool:
        """Whether it is known that it may go there. Raises Refused where it may not."""
        if self._channels is None or held.channel_id is None:
            return True
        check = known(session, held.channel_id, self._real())
        if check is None:
            return False
        if (wrong := unfit(session, check)) is not None:
            raise Refused(wrong)
        return True

    def _look(self, client: WebClient, held: Claim) -> None:
        """Asks Slack what the channel is now, and keeps it."""
        if self._channels is not None and held.channel_id is not None:
            said = self._channels.look(client, held.workspace_id, held.channel_id)
            with self._transaction(held) as session:
                check = remember(session, held.channel_id, self._real(), **vars(said))
                if unfit(session, check) is not None:
                    setup.show(session, self._now())

    def _fence(self, held: Claim) -> Claim | str:
        """A word where it does not go out now: its second is not free, or its reader is not."""
        pace, now = self._pace, self._now()
        with self._transaction(held) as session:
            fenced = fence(
                session, held, now, self._real(), lease=pace.lease, interval=pace.interval
            )
            if fenced is None:
                return "waits"
            if (why := attention.hold(session, fenced, now)) is not None:
                return why
        self._crash("after_fence")
        if fenced.lease_until - self._real() >= pace.call:
            return fenced
        with self._transaction(held) as session:
            if not fenced.is_update:
                not_posted(session, fenced)
            again(session, fenced, self._real() + pace.first_backoff, "lease_too_short")
        return "waits"

    def _taken(
        self, held: Claim, rendered: Rendered, call: Callable[[Blocks], SlackResponse]
    ) -> SlackResponse:
        """Makes the call; where Slack refuses the newest blocks, at once again with plain ones.

        The refusal is definite: nothing stands there, so the second call is as safe as the first.
        """
        try:
            return ask(lambda: call(rendered.blocks))
        except Refused as refusal:
            plain = rendered.fallback
            if refusal.reason != "invalid_blocks" or plain is None:
                raise
            if held.lease_until - self._real() < self._pace.call:
                raise Unreached("lease_too_short") from None
        log.info("delivery=%d has plain blocks: Slack does not know the newest", held.id)
        return ask(lambda: call(plain))

    def _post(self, client: WebClient, held: Claim, channel: str, rendered: Rendered) -> str:
        def post(blocks: Blocks) -> SlackResponse:
            return client.chat_postMessage(
                channel=channel,
                text=rendered.text,
                blocks=blocks,
                thread_ts=held.thread_ts,
                metadata=metadata(held.key),
                unfurl_links=False,
                unfurl_media=False,
            )

        try:
            said = self._taken(held, rendered, post)
        except InDoubt as doubt:
            return self._doubt(held, doubt)
        except NotDone:
            with self._transaction(held) as session:
                not_posted(session, held)
            raise
        self._crash("after_post")
        return self._store(held, said["channel"], said["ts"])

    def _update(
        self, client: WebClient, held: Claim, channel: str, ts: str, rendered: Rendered
    ) -> str:
        def update(blocks: Blocks) -> SlackResponse:
            return client.chat_update(
                channel=channel,
                ts=ts,
                text=rendered.text,
                blocks=blocks,
                metadata=metadata(held.key),
            )

        try:
            self._taken(held, rendered, update)
        except InDoubt as doubt:
            return self._doubt(held, doubt)
        except Refused as refusal:
            if refusal.reason != "message_not_found":
                raise
            with self._transaction(held) as session:
                post_anew(session, held)
            return "deleted_in_slack"
        self._crash("after_post")
        return self._store(held, channel, ts)

    def _store(self, held: Claim, channel: str, ts: str) -> str:
        try:
            with self._transaction(held) as session:
                store(session, held, channel, ts)
        except ClaimLost:
            self.late.put(held, ts)
            return "came_late"
        self._crash("after_store")
        return "updated" if held.is_update else "posted"

    def _doubt(self, held: Claim, doubt: InDoubt) -> str:
        """It may have come through, also after the claim was lost."""
        try:
            return self._fail(held, doubt)
        except ClaimLost:
            self.late.put(held)
            raise

    def _fail(self, held: Claim, failure: NotDone) -> str:
        """What did not work is due again, or an admin's business."""
        match failure:
            case Limited(seconds=seconds):
                return self._wait(held, timedelta(seconds=seconds), failure, bucket=held.bucket)
            case TokenRefused():
                log.error("workspace=%s paused: %s", held.workspace_id, failure.reason)
                return self._wait(held, self._pace.pause, failure, bucket=held.workspace_id)
            case InDoubt():
                return self._wait(held, max(self._pace.settle, self._backoff(held)), failure)
            case Unreached():
                return self._wait(held, self._backoff(held), failure)
        self._dms.pop((held.workspace_id, held.slack_id or ""), None)
        return self._park(held, failure.reason)

    def _wait(
        self, held: Claim, wait: timedelta, failure: NotDone, *, bucket: str | None = None
    ) -> str:
        until = self._real() + wait
        with self._transaction(held) as session:
            again(session, held, until, failure.reason)
            if bucket is not None:
                hold(session, bucket, until)
        return failure.reason

    def _backoff(self, held: Claim) -> timedelta:
        """Doubles with each try that failed; with jitter, so that replicas do not march."""
        doubled = self._pace.first_backoff * 2 ** min(held.tries, 16)
        backoff: timedelta = min(doubled, self._pace.longest_backoff)
        return backoff * self._jitter.uniform(0.5, 1.0)

    def _park(self, held: Claim, error: str) -> str:
        log.warning("delivery=%d parked: %s", held.id, error)
        with self._transaction(held) as session:
            park(session, held, error, self._now())
        return "parked"

    def _transaction(self, held: Claim) -> AbstractContextManager[Session]:
        return self._database.transaction(held.workspace_id)
