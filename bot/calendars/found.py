"""What is asked of a calendar file, and what is found in one."""

from dataclasses import dataclass, field
from datetime import date, datetime, time

Time = tuple[datetime, datetime]


class Unreadable(Exception):
    """A file that cannot be read; `word` is one of `models.calendars.Problem`."""

    def __init__(self, word: str) -> None:
        super().__init__(word)
        self.word = word


@dataclass(frozen=True)
class Whose:
    """For whom a file is read. `zone`: where they are. `day_from` and `day_until`: their day.

    `away_words`: what an entry is called that says "out of office".
    """

    zone: str
    name: str
    email: str | None
    away_words: tuple[str, ...]
    day_from: time
    day_until: time


@dataclass(frozen=True)
class Found:
    """`busy`: by start, none overlapping, in UTC. `away`: first and last day where the person is,
    by a key that says nothing and stays the same from reading to reading. `unread`: how many
    entries could not be read."""

    busy: list[Time] = field(default_factory=list)
    away: dict[str, tuple[date, date]] = field(default_factory=dict)
    unread: int = 0
