"""How many messages a person gets and when, by plain rules read from product.md ("Attention is the
budget"): which kinds come when they are due, which may wait, and whether there is room.

Which day's digest takes what waits is the bot's to choose: when a message that may wait came is
seen, not worked out; that it came once, in time, and where there was room, is.
"""

from bisect import bisect_right
from collections import defaultdict
from datetime import date, datetime, time, timedelta

from tests.quarter.calendars import DAY, Calendars, instant, local_date
from tests.quarter.office import Posted
from tests.quarter.team import PLACES, REPS, SELLING

DIGEST = "digest.morning"
TIMED = {
    "import.reminder", "health.talks", "health.reminder", "review.pick", "forecast.card",
    "crm.put_right", "review.owner", "review.nudge", "review.deciding",
}  # fmt: skip
"""They come when they are due, as long as there is room."""
PATIENT = {
    "health.quotas", "review.ended", "deputy.named", "one_on_one.breach",
    "one_on_one.breach_above", "coaching.person", "schedule.skipped", "absence.late",
}  # fmt: skip
"""They can wait for a morning digest."""
MAY_WAIT = TIMED | PATIENT
COUNTED = MAY_WAIT | {DIGEST}
AT_ONCE = {"one_on_one.coach", "one_on_one.person", "coaching.coach"}
"""Starting soon, and what follows at once from what its reader did: at any hour."""
SESSION = {"one_on_one.rating", "one_on_one.changed", "one_on_one.changed_coach"}
"""About a session, and not counted: once its reader's hours are free."""
HELD = SESSION | {DIGEST}
"""They come when their reader's hours are free."""
QUIET_FROM, QUIET_UNTIL = time(19), time(7, 30)
DIGEST_AT, DIGEST_LATE = time(8, 30), timedelta(hours=4)
PATIENCE = 4
"""By the end of so many working days of its reader whatever waits has come."""


def most(who: str) -> int:
    """Messages of a day."""
    return 2 if who in REPS else 4


def free_at(who: str, now: datetime) -> datetime:
    """Now, or when the quiet hours end, or the hours in which somebody sells."""
    zone, today = PLACES[who], local_date(now, PLACES[who])
    for day in (today - DAY, today):
        begins, ends = instant(day, QUIET_FROM, zone), instant(day + DAY, QUIET_UNTIL, zone)
        if begins <= now < ends:
            return ends
    weekdays, first, last = SELLING.get(who, ((), time(), time()))
    begins, ends = instant(today, first, zone), instant(today, last, zone)
    return ends if today.isoweekday() in weekdays and begins <= now < ends else now


class Attention:
    """What came, as it was seen, and whether it might come then. `wrong`: what might not."""

    def __init__(self, calendars: Calendars, posted: list[Posted]) -> None:
        self._calendars = calendars
        self._waiting: defaultdict[tuple[str, str, datetime], list[Posted]] = defaultdict(list)
        self._own: defaultdict[tuple[str, date], list[Posted]] = defaultdict(list)
        self._threads: defaultdict[str, set[str]] = defaultdict(set)
        for one in posted:
            if one.thread:
                self._threads[one.to].add(one.thread)
            if one.to and one.kind.value in MAY_WAIT:
                self._waiting[one.kind.value, one.to, one.at].append(one)
            if one.to and one.kind.value in COUNTED and not one.thread:
                self._own[one.to, local_date(one.at, PLACES[one.to])].append(one)
        self._moments = sorted({at for _, _, at in self._waiting})
        self.wrong: list[str] = []

    def next(self, now: datetime) -> datetime | None:
        """When the next message came that might have waited."""
        place = bisect_right(self._moments, now)
        return self._moments[place] if place < len(self._moments) else None

    def digest_at(self, who: str, now: datetime) -> Posted | None:
        """The digest that came now."""
        own = self._own[who, local_date(now, PLACES[who])]
        return next((one for one in own if one.kind.value == DIGEST and one.at == now), None)

    def has_thread(self, digest: Posted) -> bool:
        return digest.ts in self._threads[digest.to]

    def take(self, kind: str, to: str, now: datetime, said: tuple[str, ...]) -> bool:
        """Whether this message came now."""
        here = self._waiting[kind, to, now]
        fits = [one for one in here if all(words in one.words for words in said)]
        if not fits:
            return False
        here.remove(fits[0])
        if self._calendars.is_off_at(to, now):
            self.wrong.append(f"leave {to} alone on a day off: {kind} at {now}")
        return True

    def has_room(self, to: str, now: datetime) -> bool:
        """Whether one that is timed comes now for sure: with room beside a digest to come."""
        zone = PLACES[to]
        today = local_date(now, zone)
        if self._calendars.is_off_at(to, now) or free_at(to, now) > now:
            return False
        told = [one for one in self._own[to, today] if one.at <= now]
        had = any(one.kind.value == DIGEST for one in told)
        to_come = not had and now < instant(today, DIGEST_AT, zone) + DIGEST_LATE
        return len(told) + to_come < most(to)

    def comes_until(self, to: str, due: datetime) -> datetime:
        """Until when it has come, if it is wanted all the while."""
        day = local_date(due, PLACES[to])
        for _ in range(PATIENCE):
            day = self._calendars.next_working(to, day)
        return instant(day + DAY, time(), PLACES[to])
