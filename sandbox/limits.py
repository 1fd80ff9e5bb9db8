"""Slack's rate limits, answered with HTTP 429 and `Retry-After`.

Figures: docs.slack.dev/apis/web-api/rate-limits, java-slack-sdk `MethodsRateLimits`. Slack calls
its tiers "N+ per minute" and tolerates short bursts: each is a bucket that holds a minute's calls
and refills evenly. Per app, workspace and method; messages also per channel.
"""

import math
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Rate:
    """`calls` per `seconds`, with at most `burst` at once."""

    calls: float
    seconds: float
    burst: int


def _per_minute(calls: int) -> Rate:
    return Rate(calls, 60.0, calls)


TIER_1 = Rate(1, 60.0, 10)
"""1 per minute. The burst is the ten connections that an app may hold (Socket Mode)."""
TIER_2 = _per_minute(20)
TIER_3 = _per_minute(50)
TIER_4 = _per_minute(100)
MESSAGES_PER_CHANNEL = Rate(1, 1.0, 5)
"""chat.postMessage: 1 per second and channel; "short bursts" of more are let through."""
MESSAGES_PER_WORKSPACE = _per_minute(300)
"""chat.postMessage: "several hundred" per minute and workspace; 300 is this workspace's figure."""
HUNDREDS = _per_minute(600)
"""Methods with a special limit of hundreds per minute."""

METHODS: dict[str, Rate] = {
    "api.test": HUNDREDS,
    "apps.connections.open": TIER_1,
    "auth.test": HUNDREDS,
    "chat.getPermalink": HUNDREDS,
    "chat.postEphemeral": TIER_4,
    "chat.postMessage": MESSAGES_PER_WORKSPACE,
    "conversations.list": TIER_2,
    "conversations.members": TIER_4,
    "files.completeUploadExternal": TIER_4,
    "files.getUploadURLExternal": TIER_4,
    "files.info": TIER_4,
    "users.info": TIER_4,
    "users.list": TIER_2,
    "users.profile.get": TIER_4,
    "views.open": TIER_4,
    "views.publish": TIER_4,
    "views.push": TIER_4,
    "views.update": TIER_4,
}
"""Methods whose limit is not Tier 3."""

PER_CHANNEL: dict[str, Rate] = {"chat.postMessage": MESSAGES_PER_CHANNEL}

_ALMOST = 1e-9  # what rounding may take from a token that is due


@dataclass
class _Bucket:
    """Tokens that refill evenly up to the burst; `at` is when they were last counted."""

    rate: Rate
    tokens: float
    at: float

    def refill(self, now: float) -> None:
        passed = max(0.0, now - self.at)
        gained = passed * self.rate.calls / self.rate.seconds
        self.tokens = min(float(self.rate.burst), self.tokens + gained)
        self.at = max(self.at, now)

    def wait(self) -> float:
        """Seconds until a whole token is there; 0 if it is."""
        missing = 1.0 - self.tokens
        return 0.0 if missing <= _ALMOST else missing * self.rate.seconds / self.rate.calls


class Limiter:
    """Counts calls and says when there were too many. Safe to use from several threads."""

    def __init__(self, now: Callable[[], float], factor: float = 1.0) -> None:
        """`now` is real time in seconds; `factor` multiplies every limit (infinite: none)."""
        if factor <= 0:
            raise ValueError("factor must be positive")
        self._now = now
        self._factor = factor
        self._lock = threading.Lock()
        self._buckets: dict[tuple[str, str, str | None], _Bucket] = {}

    def check(self, method: str, *, workspace: str, channel: str | None = None) -> int | None:
        """Counts a call: None if it is allowed, else whole seconds for `Retry-After`.

        A refused call is not counted. `workspace` names whatever shares the limit: an app in a
        workspace.
        """
        if math.isinf(self._factor):
            return None
        with self._lock:
            buckets = [*self._of(method, workspace, channel)]
            wait = max(bucket.wait() for bucket in buckets)
            if wait > 0:
                return max(1, math.ceil(wait - _ALMOST))
            for bucket in buckets:
                bucket.tokens -= 1.0
            return None

    def _of(self, method: str, workspace: str, channel: str | None) -> Iterator[_Bucket]:
        yield self._bucket((workspace, method, None), METHODS.get(method, TIER_3))
        if channel is not None and method in PER_CHANNEL:
            yield self._bucket((workspace, method, channel), PER_CHANNEL[method])

    def _bucket(self, key: tuple[str, str, str | None], rate: Rate) -> _Bucket:
        now = self._now()
        if key not in self._buckets:
            scaled = Rate(
                rate.calls * self._factor,
                rate.seconds,
                max(1, math.floor(rate.burst * self._factor)),
            )
            self._buckets[key] = _Bucket(scaled, float(scaled.burst), now)
        bucket = self._buckets[key]
        bucket.refill(now)
        return bucket
