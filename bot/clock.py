"""The two clocks (house.md, "Time and delivery").

Business time decides what is due and stamps what happened: a callable `now`, handed in, so that
a demo or a test may move it, forward only. Real time rules leases, buckets and Retry-After.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Protocol

Now = Callable[[], datetime]
"""Business time: aware, in UTC, never going back."""


class Clock(Protocol):
    """Whatever keeps business time."""

    def now(self) -> datetime:
        """The moment it is, aware and in UTC."""
        ...


class SystemClock:
    """Business time as it is for a bot in service: the time of this machine."""

    def now(self) -> datetime:
        return real_now()


def real_now() -> datetime:
    """Real time, aware and in UTC."""
    return datetime.now(UTC)
