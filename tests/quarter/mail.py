"""Messages that must be owed: to whom, due when, whether wanted once their turn has come, and what
they say then."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tests.quarter.attention import HELD, MAY_WAIT, TIMED, Attention, free_at

Wanted = Callable[[datetime], bool]
Says = Callable[[datetime], tuple[str, ...]]


@dataclass
class Message:
    """`to`: a person, or empty: the channel. `at` and `said`: when it went out, with which words
    on it; neither where it was no longer wanted. `until`: by then it has come, where it may wait
    and was wanted at every look."""

    kind: str
    to: str
    due: datetime
    wanted: Wanted
    says: Says
    at: datetime | None = None
    said: tuple[str, ...] = ()
    is_settled: bool = False
    was_unwanted: bool = False
    until: datetime | None = None

    @property
    def may_wait(self) -> bool:
        return self.kind in MAY_WAIT


class Mail:
    def __init__(self, attention: Attention) -> None:
        self.attention = attention
        self.messages: list[Message] = []
        self._open: list[Message] = []
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
        made = Message(kind, to, due, wanted, says_then or (lambda _now: says))
        self.messages.append(made)
        self._open.append(made)

    def moments(self, now: datetime) -> Iterator[datetime]:
        """At which one may go out."""
        yield from (one.due for one in self._open)
        if (seen := self.attention.next(now)) is not None:
            yield seen

    def deliver(self, now: datetime) -> None:
        """All that is due, in the order in which it came due."""
        going = [one for one in self._open if one.due <= now]
        for one in sorted(going, key=lambda message: message.due):
            if one.may_wait:
                self._look_for(one, now)
            elif not one.wanted(now):
                one.is_settled = True
            elif one.kind in HELD and (free := free_at(one.to, now)) > now:
                one.due = free
            else:
                one.at, one.said, one.is_settled = now, one.says(now), True
        for one in self._open:
            if one.was_unwanted and self.attention.digest_at(one.to, now) is not None:
                one.is_settled = True  # it was to come in its thread
        self._open = [one for one in self._open if not one.is_settled]

    def waits(self, who: str, now: datetime) -> bool:
        """Whether a digest came now for the sake of what is in its thread, or was to be: what
        nobody wants any more is dropped there once the digest is out."""
        digest = self.attention.digest_at(who, now)
        if digest is None:
            return False
        dropped = (one.was_unwanted for one in self._open if one.to == who and not one.is_settled)
        return self.attention.has_thread(digest) or any(dropped)

    def _look_for(self, one: Message, now: datetime) -> None:
        """Whether it came now. The first look drops what is not wanted; later ones may."""
        is_first, one.until = one.until is None, self.attention.comes_until(one.to, one.due)
        if not one.wanted(now):
            one.was_unwanted, one.is_settled = True, is_first
            return
        said = one.says(now)
        if self.attention.take(one.kind, one.to, now, said):
            one.at, one.said, one.is_settled = now, said, True
        elif is_first and one.kind in TIMED and self.attention.has_room(one.to, now):
            self.attention.wrong.append(f"tell {one.to} at {now}, with room to: {one.kind} {said}")
