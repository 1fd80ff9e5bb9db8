"""Calls that came through although their claim was lost, since their process had stood still for
longer than the lease: another may have posted the message too, and one of them is to stay.
"""

import logging
import time
from collections.abc import Callable
from datetime import timedelta
from queue import Empty, SimpleQueue

from slack_sdk import WebClient

from bot.answers import NotDone, Refused, ask
from bot.search import search_all
from models.base import Database
from models.delivery_claims import Claim, Question, came_late

log = logging.getLogger(__name__)

LONGEST = 15.0
"""Seconds that an ending process still sees to them: a platform kills after some 30."""

Reach = Callable[[Claim], tuple[WebClient, str]]


class Late:
    """What is still to be seen to of this process's late calls; used from several threads."""

    def __init__(
        self,
        database: Database,
        reach: Reach,
        *,
        pause: timedelta,
        margin: timedelta,
    ) -> None:
        """`reach` gives the client and the channel of a claim, or raises a NotDone.

        `pause` is waited before a search, so that a post under way can arrive, and after a
        failure; `margin` is how far a search reaches back.
        """
        self._database = database
        self._reach = reach
        self._pause = pause.total_seconds()
        self._margin = margin
        self._calls: SimpleQueue[tuple[float, Claim, str | None]] = SimpleQueue()

    @property
    def is_empty(self) -> bool:
        """Whether all was seen to."""
        return self._calls.empty()

    def put(self, held: Claim, ts: str | None = None) -> None:
        """A call came through, with this ts; None: nobody knows whether it did."""
        self._calls.put((time.monotonic() + (0 if ts else self._pause), held, ts))

    def see_to(self) -> None:
        """Leaves one message of each; what fails for now is tried again later."""
        for _ in range(self._calls.qsize()):
            try:
                at, held, ts = self._calls.get_nowait()
            except Empty:  # another thread was quicker
                return
            if at > time.monotonic():
                self._calls.put((at, held, ts))
                continue
            done = False
            try:
                done = self._is_one(held, ts)
            finally:
                if not done:
                    self._calls.put((time.monotonic() + self._pause, held, ts))

    def finish(self) -> None:
        """Before this process ends: nobody else knows of its late calls. Waits for `LONGEST`."""
        until = time.monotonic() + LONGEST
        while not self.is_empty and time.monotonic() < until:
            self.see_to()
            time.sleep(min(self._pause, 0.1))

    def _is_one(self, held: Claim, ts: str | None) -> bool:
        try:
            client, channel = self._reach(held)
            for one in [ts] if ts else self._all(client, held, channel):
                with self._database.transaction(held.workspace_id) as session:
                    stands = came_late(session, held, channel, one)
                if not stands:
                    _delete(client, channel, one)
        except Refused as refusal:
            log.warning("delivery=%d is there twice, perhaps: %s", held.id, refusal.reason)
        except NotDone:
            return False
        if ts and not held.is_update:  # whoever had the claim meanwhile may be in doubt of a post
            self.put(held)
        return True

    def _all(self, client: WebClient, held: Claim, channel: str) -> list[str]:
        if held.ts is not None:
            return [held.ts]
        if held.posting_since is None:
            return []
        asked = Question(held.id, held.attempt, held.key, held.thread_ts, held.posting_since)
        return [*search_all(client, channel, asked, self._margin)]


def _delete(client: WebClient, channel: str, ts: str) -> None:
    """Takes a message away; it may be away already."""
    try:
        ask(lambda: client.chat_delete(channel=channel, ts=ts))
    except Refused as refusal:
        if refusal.reason != "message_not_found":
            raise
