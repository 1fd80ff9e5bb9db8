"""Faults that a test or a demo switches on: what can go wrong between an app and Slack.

A fault names a kind, the Web API methods it strikes (a glob over method names, or over what the
caller calls an event or a socket) and how often. The same seed gives the same faults.
"""

import random
import threading
from collections.abc import Collection
from dataclasses import asdict, dataclass, fields
from fnmatch import fnmatchcase
from itertools import count
from typing import Any, Literal, Self, cast, get_args

Kind = Literal[
    "ratelimited", "server_error", "slow", "drop_before", "drop_after", "duplicate", "refresh"
]
KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True)
class Fault:
    """One thing that goes wrong.

    - `ratelimited`: 429 with `Retry-After: retry_after` (whole seconds), nothing is done.
    - `server_error`: 500, nothing is done.
    - `slow`: the answer comes `seconds` later.
    - `drop_before`, `drop_after`: the connection breaks before, or after, the call took effect.
    - `duplicate`: an event is delivered once more.
    - `refresh`: the socket is told to reconnect.

    `times` is how often it strikes (None: until removed), `probability` (0 to 1) how likely at
    each opportunity.
    """

    kind: Kind
    method: str = "*"
    times: int | None = None
    probability: float = 1.0
    seconds: float = 0.0
    retry_after: int = 1

    def __post_init__(self) -> None:
        """Refuses what cannot be meant, with a sentence that says what it is."""
        if self.kind not in KINDS:
            raise ValueError(f"unknown kind of fault: {self.kind!r}; one of {', '.join(KINDS)}")
        if self.times is not None and self.times < 1:
            raise ValueError("times must be at least 1")
        if not 0.0 <= self.probability <= 1.0:
            raise ValueError("probability must be between 0 and 1")
        if not (self.seconds >= 0 and self.retry_after >= 0):
            raise ValueError("seconds and retry_after must not be negative")

    @classmethod
    def parse(cls, given: dict[str, Any]) -> Self:
        """A fault from its JSON form (docs/sandbox.md). Raises ValueError."""
        unknown = sorted(set(given) - {field.name for field in fields(cls)})
        if unknown:
            raise ValueError(f"unknown keys: {', '.join(unknown)}")
        if "kind" not in given:
            raise ValueError("kind is required")
        try:
            return cls(
                kind=cast(Kind, given["kind"]),
                method=str(given.get("method", "*")),
                times=None if given.get("times") is None else int(given["times"]),
                probability=float(given.get("probability", 1.0)),
                seconds=float(given.get("seconds", 0.0)),
                retry_after=int(given.get("retry_after", 1)),
            )
        except TypeError as error:
            raise ValueError(str(error)) from error


@dataclass(frozen=True)
class Standing:
    """A fault that is switched on, and how often it will still strike (None: no end)."""

    id: int
    fault: Fault
    left: int | None

    def as_json(self) -> dict[str, Any]:
        """Its JSON form, as `GET /sandbox/faults` lists it."""
        return {"id": self.id, "left": self.left, **asdict(self.fault)}


class Faults:
    """The faults that are switched on. Safe to use from several threads."""

    def __init__(self, random: random.Random) -> None:
        """`random` decides about faults whose probability is below 1."""
        self._random = random
        self._lock = threading.Lock()
        self._ids = count(1)
        self._standing: dict[int, Standing] = {}

    def add(self, fault: Fault) -> int:
        """Switches a fault on; its id switches it off again."""
        with self._lock:
            id_ = next(self._ids)
            self._standing[id_] = Standing(id_, fault, fault.times)
            return id_

    def remove(self, id: int) -> bool:
        """Switches a fault off; False if it was not, or no longer, on."""
        with self._lock:
            return self._standing.pop(id, None) is not None

    def clear(self) -> None:
        """Switches all faults off."""
        with self._lock:
            self._standing.clear()

    def list(self) -> "list[Standing]":
        """What is on, oldest first."""
        with self._lock:
            return [*self._standing.values()]

    def take(self, method: str, kinds: Collection[str] | None = None) -> Fault | None:
        """The oldest fault that strikes `method` now, counted down; None if all goes well.

        `kinds` says which kinds can strike at this point (None: any).
        """
        with self._lock:
            for standing in self._standing.values():
                if self._strikes(standing.fault, method, kinds):
                    self._count_down(standing)
                    return standing.fault
            return None

    def _strikes(self, fault: Fault, method: str, kinds: Collection[str] | None) -> bool:
        if kinds is not None and fault.kind not in kinds:
            return False
        if not fnmatchcase(method, fault.method):
            return False
        return fault.probability >= 1.0 or self._random.random() < fault.probability

    def _count_down(self, standing: Standing) -> None:
        if standing.left is None:
            return
        if standing.left == 1:
            del self._standing[standing.id]
        else:
            self._standing[standing.id] = Standing(standing.id, standing.fault, standing.left - 1)
