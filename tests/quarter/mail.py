"""Messages that must be owed: to whom, due when, whether wanted once their turn has come, and what
they say then."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

Wanted = Callable[[datetime], bool]
Says = Callable[[datetime], tuple[str, ...]]


@dataclass
class Message:
    """`to`: a person, or empty: the channel. `at` and `said`: when it went out, with which words
    on it; neither where it was no longer wanted."""

    kind: str
    to: str
    due: datetime
    wanted: Wanted
    says: Says
    at: datetime | None = None
    said: tuple[str, ...] = ()
    is_settled: bool = False


class Mail:
    def __init__(self) -> None:
        self.messages: list[Message] = []
        self._owed: set[tuple[Any, ...]] = set()

    def owe(
        self,
        kind: str,
        to: str,
        due: datetime,
        *says: str,
        wanted: Wanted = lambda _now: True,
        says_then: Says | None = None,
        key: tuple[Any, ...] = (),
    ) -> None:
        """Once for each `key`, where there is one. `says_then`: worked out when it goes out."""
        if key and (kind, to, *key) in self._owed:
            return
        self._owed.add((kind, to, *key))
        self.messages.append(Message(kind, to, due, wanted, says_then or (lambda _now: says)))

    def deliver(self, now: datetime) -> None:
        """All that is due, in the order in which it came due."""
        going = [one for one in self.messages if not one.is_settled and one.due <= now]
        for one in sorted(going, key=lambda message: message.due):
            one.is_settled = True
            if one.wanted(now):
                one.at, one.said = now, one.says(now)
