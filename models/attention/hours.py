"""When messages may come: not in quiet hours, in selling blocks, or while snoozed.

Hours are local times of the person's zone; a time that the clocks skip lands after the gap
(`models.schedule.instant`), so a block is never left before it was entered.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from models.days import DAY
from models.schedule import instant, local_date

LEAST_FREE = timedelta(minutes=30)
"""So much of every day stays open to messages."""

_LONGEST_CHAIN = 100  # blocks, each of which begins before the one before it ends
_MINUTES = 24 * 60


@dataclass(frozen=True)
class Block:
    """A time of some weekdays (ISO digits, Monday 1) without messages, within one day."""

    weekdays: str
    starts: time
    ends: time


@dataclass(frozen=True)
class Hours:
    """`quiet`: from when until when each day, over midnight where it ends earlier than it begins;
    None: never."""

    zone: str
    quiet: tuple[time, time] | None = None
    selling: tuple[Block, ...] = ()
    snoozed_until: datetime | None = None


def free_at(hours: Hours, now: datetime) -> datetime:
    """From when on a message may come: now, or when the last block ends of those that follow each
    other without a gap."""
    at = now
    for _ in range(_LONGEST_CHAIN):
        end = max((ends for starts, ends in _around(hours, at) if starts <= at < ends), default=at)
        if end == at:
            break
        at = end
    return at


def _around(hours: Hours, at: datetime) -> Iterator[tuple[datetime, datetime]]:
    """What may lie around a moment, as UTC instants."""
    if hours.snoozed_until is not None:
        yield min(at, hours.snoozed_until), hours.snoozed_until
    today = local_date(at, hours.zone)
    for day in (today - DAY, today):
        if hours.quiet is not None:
            starts, ends = hours.quiet
            until = day + DAY if ends <= starts else day
            yield instant(day, starts, hours.zone), instant(until, ends, hours.zone)
        for block in hours.selling:
            if str(day.isoweekday()) in block.weekdays:
                yield instant(day, block.starts, hours.zone), instant(day, block.ends, hours.zone)


def least_free(quiet: tuple[time, time] | None, selling: tuple[Block, ...]) -> timedelta:
    """How much of a day is open to messages, on the weekday that has least."""
    return timedelta(minutes=min(_MINUTES - len(_taken(quiet, selling, day)) for day in "1234567"))


def _taken(quiet: tuple[time, time] | None, selling: tuple[Block, ...], weekday: str) -> set[int]:
    """The minutes of a weekday without messages."""
    spans = [(each.starts, each.ends) for each in selling if weekday in each.weekdays]
    taken: set[int] = set()
    for starts, ends in [*spans, *([quiet] if quiet else [])]:
        first, last = _minute(starts), _minute(ends)
        whole = range(first, last) if first < last else (*range(last), *range(first, _MINUTES))
        taken.update(whole)
    return taken


def _minute(at: time) -> int:
    return at.hour * 60 + at.minute
