"""Mondays as they should be: the reminder to import, the health check, the coverage conversations
(product.md, "Monday pipeline health check"). Every rep is under the standard in the whole quarter:
nobody's few deals come near three times of 400,000.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from tests.quarter.calendars import DAY, Calendars, instant, said_day
from tests.quarter.mail import Mail
from tests.quarter.meetings import TRIAL_ENDS
from tests.quarter.reviews import Reviews
from tests.quarter.team import ADMIN, QUARTERS, REPS, TEAM, TEAM_ZONE

FRESH = timedelta(days=3)
REMINDED = time(16)
LAST_DAYS = timedelta(days=30)
"""Of a quarter: the next one's quotas are asked for too."""


@dataclass
class Conversation:
    person: str
    day: date
    is_excused: bool  # away that day
    logged: datetime | None = None

    @property
    def ends(self) -> datetime:
        return instant(self.day + DAY, time(), TEAM_ZONE)

    def is_open(self, now: datetime) -> bool:
        return not self.is_excused and self.logged is None and now < self.ends

    def state(self, now: datetime) -> tuple[str, str | None]:
        """With the excuse."""
        if self.is_excused:
            return "excused", "person_off"
        if self.logged is not None:
            return "kept", None
        if now < self.ends:
            return "open", None
        return ("excused", "trial") if self.day <= TRIAL_ENDS else ("missed", None)


class Mondays:
    def __init__(self, calendars: Calendars, mail: Mail, reviews: Reviews) -> None:
        self._calendars, self._mail, self._reviews = calendars, mail, reviews
        self.imported: tuple[str, datetime] | None = None
        self.conversations: dict[tuple[str, date], Conversation] = {}
        self.checks: dict[date, str] = {}  # with who decides

    def is_stale(self, now: datetime) -> bool:
        return self.imported is None or self.imported[1] < now - FRESH

    def remind(self, now: datetime) -> str | None:
        """Why nobody is reminded to import: a stable word; None: somebody is."""
        if not self.is_stale(now):
            return "fresh"
        last = ADMIN if self.imported is None else self.imported[0]
        there = [one for one in (last, ADMIN) if not self._calendars.is_off_at(one, now)]
        if not there:
            return "day_off"
        self._mail.owe("import.reminder", there[0], now, wanted=self.is_stale)
        return None

    def check(self, day: date, decider: str, now: datetime) -> None:
        self.checks[day] = decider
        self._mail.owe("health.summary", "", now, f"Pipeline health check · {TEAM}", said_day(day))
        if self._reviews.lacks_action(day):
            self._mail.owe("health.flags", "", now)
        if self._lacks_quotas(day):
            self._mail.owe("health.quotas", ADMIN, now, wanted=lambda at: at - now < DAY)
        if self.imported is None:
            return
        found = [Conversation(rep, day, self._calendars.is_off_at(rep, now)) for rep in REPS]
        self.conversations |= {(one.person, day): one for one in found}
        listed = f"Coverage · {TEAM} · {said_day(day)}"
        self._mail.owe("health.talks", decider, now, listed)
        again = instant(day, REMINDED, TEAM_ZONE)
        if again > now and any(one.is_open(now) for one in found):
            self._mail.owe(
                "health.reminder", decider, again, f"Coverage · {TEAM}: still open today",
                wanted=lambda at: any(one.is_open(at) for one in found),
            )  # fmt: skip

    def _lacks_quotas(self, day: date) -> bool:
        ends = next(last for first, last in QUARTERS if first <= day <= last)
        has_next = any(first == ends + DAY for first, _ in QUARTERS)
        return ends - day < LAST_DAYS and not has_next
