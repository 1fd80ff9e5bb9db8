"""The inspector's record of what an app and the workspace said to each other."""

import re
import time
from collections import deque
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any, Literal

from sandbox.clock import Clock

KEPT = 1000
"""How many entries are kept; older ones are forgotten."""
_SECRET = re.compile(r"\b(xox[a-z]|xapp)-[\w-]+|(?<=ticket=)[\w-]+")

Direction = Literal["in", "out"]
Kind = Literal["api", "event", "command", "interaction", "response_url", "ack", "socket", "file"]


@dataclass(frozen=True)
class Entry:
    """One exchange: `in` from the app to the workspace, `out` the other way.

    `at` is business time, `ms` how long the answer took (real), `status` the HTTP status, or in
    Socket Mode `ack` or why there was none.
    """

    n: int
    at: str
    direction: Direction
    kind: Kind
    app_id: str | None
    name: str
    status: str
    ms: float
    request: Any
    response: Any
    note: str


class Traffic:
    """The record, newest last. Tokens are masked in it."""

    def __init__(self, clock: Clock) -> None:
        """`clock` is business time."""
        self._clock = clock
        self._entries: deque[Entry] = deque(maxlen=KEPT)
        self._next = 1
        self._listeners: list[Callable[[Entry], None]] = []

    def listen(self, listener: Callable[[Entry], None]) -> None:
        """Calls `listener` with every new entry."""
        self._listeners.append(listener)

    def since(self, n: int) -> list[dict[str, Any]]:
        """The entries after number `n`, as JSON."""
        return [asdict(entry) for entry in self._entries if entry.n > n]

    def record(
        self,
        direction: Direction,
        kind: Kind,
        name: str,
        *,
        app_id: str | None,
        status: str | int,
        started: float,
        request: Any = None,
        response: Any = None,
        note: str = "",
    ) -> None:
        """Adds an entry; `started` is when the exchange began (time.monotonic)."""
        entry = Entry(
            n=self._next,
            at=self._clock.now().isoformat(),
            direction=direction,
            kind=kind,
            app_id=app_id,
            name=name,
            status=str(status),
            ms=round((time.monotonic() - started) * 1000, 1),
            request=masked(request),
            response=masked(response),
            note=note,
        )
        self._next += 1
        self._entries.append(entry)
        for listener in self._listeners:
            listener(entry)


def masked(value: Any) -> Any:
    """The value without tokens, and not to be changed by what happens to the original."""
    if isinstance(value, str):
        return _SECRET.sub(lambda found: f"{found[1] or ''}-…", value)
    if isinstance(value, dict):
        return {key: masked(item) for key, item in value.items()}
    if isinstance(value, list):
        return [masked(item) for item in value]
    return value
