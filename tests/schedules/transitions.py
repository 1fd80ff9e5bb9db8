"""When the clocks of a zone change, found by asking the zone itself."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

FIRST, LAST = datetime(2020, 1, 1, tzinfo=UTC), datetime(2036, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


@dataclass(frozen=True)
class Transition:
    """At `at` (UTC) the zone's offset goes from `before` to `after`."""

    at: datetime
    before: timedelta
    after: timedelta

    def first_happening(self, wall: datetime) -> datetime:
        """The UTC instant of a wall time near this transition, worked out from the offsets alone:
        its first happening; or, if the clocks skip it, as long after the gap as it lay inside.
        """
        by_old_clock = (wall - self.before).replace(tzinfo=UTC)
        by_new_clock = (wall - self.after).replace(tzinfo=UTC)
        if by_old_clock >= self.at and by_new_clock >= self.at:
            return by_new_clock
        return by_old_clock


@cache
def transitions(zone: str) -> tuple[Transition, ...]:
    """All changes of a zone's offset from 2020 to 2035."""
    info = ZoneInfo(zone)

    def offset(at: datetime) -> timedelta:
        return at.astimezone(info).utcoffset() or timedelta()

    found: list[Transition] = []
    day, here = FIRST, offset(FIRST)
    while day < LAST:
        there = offset(day + DAY)
        if there != here:
            low, high = day, day + DAY
            while high - low > SECOND:
                middle = (low + (high - low) / 2).replace(microsecond=0)
                low, high = (middle, high) if offset(middle) == here else (low, middle)
            found.append(Transition(high, here, there))
        day, here = day + DAY, there
    return tuple(found)
