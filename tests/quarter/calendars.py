"""Who works on which day, and what the clocks show, worked out from the holiday library, the zones
and what people entered; nothing of it is asked of the bot.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import holidays

from tests.quarter.team import CALENDARS, MANAGER, PLACES, REPS

DAY = timedelta(days=1)
MONDAY_TO_FRIDAY = range(1, 6)


@dataclass
class Away:
    """Days out of office that somebody entered; withdrawn ones count for nothing."""

    who: str
    first: date
    last: date
    is_withdrawn: bool = False


@dataclass(frozen=True)
class Closed:
    """Company days, of everybody or of the team: its reps and its manager."""

    first: date
    last: date
    of_team: bool

    def is_for(self, who: str) -> bool:
        return not self.of_team or who in (*REPS, MANAGER)


class Calendars:
    """Everybody's days off, as far as they are entered."""

    def __init__(self) -> None:
        self.away: list[Away] = []
        self.closed: list[Closed] = []

    def why_off(self, who: str, day: date) -> str | None:
        if day.isoweekday() not in MONDAY_TO_FRIDAY:
            return "weekday"
        if day in _holidays(CALENDARS[PLACES[who]]):
            return "holiday"
        if any(one.first <= day <= one.last and one.is_for(who) for one in self.closed):
            return "company"
        mine = (one for one in self.away if one.who == who and not one.is_withdrawn)
        return "away" if any(one.first <= day <= one.last for one in mine) else None

    def is_off_at(self, who: str, moment: datetime) -> bool:
        """On the day that it is then where they are."""
        return self.why_off(who, local_date(moment, PLACES[who])) is not None

    def next_working(self, who: str, after: date) -> date:
        return self._first(who, after, lambda day: day + DAY)

    def last_working(self, who: str, before: date) -> date:
        return self._first(who, before, lambda day: day - DAY)

    def _first(self, who: str, day: date, step: Callable[[date], date]) -> date:
        day = step(day)
        while self.why_off(who, day) is not None:
            day = step(day)
        return day


@cache
def _holidays(calendar: str) -> holidays.HolidayBase:
    country, _, part = calendar.partition("-")
    return holidays.country_holidays(country, subdiv=part or None)


def local_date(moment: datetime, zone: str) -> date:
    return moment.astimezone(ZoneInfo(zone)).date()


def instant(day: date, at: time, zone: str) -> datetime:
    return datetime.combine(day, at, ZoneInfo(zone)).astimezone(UTC)


def said_day(day: date) -> str:
    """`Tue 8 Sep`."""
    return f"{day:%a} {day.day} {day:%b}"


def said(moment: datetime, zone: str) -> str:
    """`Tue 8 Sep, 09:00`."""
    local = moment.astimezone(ZoneInfo(zone))
    return f"{said_day(local.date())}, {local:%H:%M}"


def clock(moment: datetime, zone: str) -> str:
    return f"{moment.astimezone(ZoneInfo(zone)):%H:%M}"
