"""Business time: what the workspace shows and stamps messages with.

It runs with real time from a moment that may lie anywhere, and can be moved forward, never back.
What Slack's infrastructure counts (triggers, acknowledgements, rate limits, signatures) is real
time and none of this clock's business.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta


@dataclass(frozen=True)
class Mark:
    """A named moment that whoever runs the workspace offers to move to ("next prompt")."""

    name: str
    at: datetime


def _no_marks() -> list[Mark]:
    return []


class Clock:
    """Business time, forward only. Safe to read and to move from any thread."""

    def __init__(
        self,
        start: datetime | None = None,
        *,
        frozen: bool = False,
        marks: Callable[[], list[Mark]] = _no_marks,
    ) -> None:
        """Starts at `start` (now if None); a `frozen` clock stands still until it is moved."""
        self._lock = threading.Lock()
        self._base = _aware(start) if start else datetime.now(UTC)
        self._since = time.monotonic()
        self._frozen = frozen
        self._listeners: list[Callable[[], None]] = []
        self.marks = marks

    @property
    def ticking(self) -> bool:
        """Whether it goes on with real time, or stands still until it is moved."""
        return not self._frozen

    def now(self) -> datetime:
        """The moment it is, aware and in UTC."""
        with self._lock:
            return self._now()

    def advance_to(self, moment: datetime) -> None:
        """Moves forward to a moment. Raises ValueError if that is in the past."""
        moment = _aware(moment)
        with self._lock:
            if moment < self._now():
                raise ValueError(f"the clock only moves forward, {moment.isoformat()} has passed")
            self._base = moment
            self._since = time.monotonic()
        for listener in self._listeners:
            listener()

    def advance(self, by: timedelta) -> None:
        """Moves forward by a duration. Raises ValueError if it is negative."""
        self.advance_to(self.now() + by)

    def listen(self, listener: Callable[[], None]) -> None:
        """Calls `listener` after each move, in the thread that moved the clock."""
        self._listeners.append(listener)

    def _now(self) -> datetime:
        if self._frozen:
            return self._base
        return self._base + timedelta(seconds=time.monotonic() - self._since)


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("business time needs a zone: the moment is naive")
    return moment.astimezone(UTC)
