"""Fridays as they should be: the forecast, and what owners are to put right in the CRM (product.md,
"The week", "Friday forecast")."""

from dataclasses import dataclass
from datetime import date, datetime, time

from tests.quarter.calendars import DAY, Calendars, instant
from tests.quarter.mail import Mail
from tests.quarter.meetings import TRIAL_ENDS
from tests.quarter.reviews import Reviews
from tests.quarter.team import REPS, TEAM, TEAM_ZONE

CLOSES = time(9)  # on Monday


@dataclass
class Forecast:
    day: date
    asked: str
    finished: datetime | None = None

    @property
    def late_from(self) -> datetime:
        return instant(self.day + DAY, time(), TEAM_ZONE)

    @property
    def closes(self) -> datetime:
        return instant(self.day + 3 * DAY, CLOSES, TEAM_ZONE)

    def state(self, now: datetime) -> tuple[str, str, str | None]:
        """Who was asked, how it stands, the excuse."""
        if self.finished is not None:
            return self.asked, "done" if self.finished < self.late_from else "late", None
        if now < self.late_from:
            return self.asked, "open", None
        if self.day <= TRIAL_ENDS:
            return self.asked, "excused", "trial"
        return self.asked, "missed", None


@dataclass
class ToPutRight:
    """An owner's list: deals with what is wrong about them in the CRM."""

    is_excused: bool
    asked: dict[str, set[str]]


class Fridays:
    def __init__(self, calendars: Calendars, mail: Mail, reviews: Reviews) -> None:
        self._calendars, self._mail, self._reviews = calendars, mail, reviews
        self.forecasts: dict[date, Forecast] = {}
        self.lists: dict[tuple[str, date], ToPutRight] = {}

    def ask(self, day: date, decider: str, now: datetime) -> None:
        made = self.forecasts[day] = Forecast(day, decider)
        says = f"Friday forecast · {TEAM}"
        self._mail.owe("forecast.card", decider, now, says, wanted=lambda at: at < made.closes)

    def ask_owners(self, day: date, now: datetime) -> None:
        for owner in REPS:
            asked = self._reviews.wrong_in_crm(owner, day)
            if not asked:
                continue
            is_off = self._calendars.why_off(owner, day) is not None
            self.lists[owner, day] = ToPutRight(is_off, asked)
            if not is_off:
                self._owe(owner, asked, now)

    def _owe(self, owner: str, asked: dict[str, set[str]], now: datetime) -> None:
        def is_wrong(at: datetime) -> bool:
            still = self._reviews.wrong_in_crm(owner, self._reviews.today(at))
            return any(codes & still.get(deal, set()) for deal, codes in asked.items())

        self._mail.owe("crm.put_right", owner, now, "Before Monday, in the CRM", wanted=is_wrong)
