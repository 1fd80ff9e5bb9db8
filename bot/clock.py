"""The two clocks (house.md, "Time and delivery").

Business time decides what is due and stamps what happened: a callable `now`, handed in, so that
a demo or a test may move it, forward only. Real time rules leases, buckets and Retry-After.
"""

from collections.abc import Callable
from datetime import UTC, datetime

Now = Callable[[], datetime]
"""Business time: aware, in UTC, never going back."""


def real_now() -> datetime:
    """Real time, aware and in UTC."""
    return datetime.now(UTC)
