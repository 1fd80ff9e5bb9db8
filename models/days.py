"""Who works on which day: working weekdays, public holidays, company days, days out of office.

All of it counts in the person's own local dates. An absence, like a company day, excuses only what
starts after it was entered (product.md, "The week"), unless a leader accepts it
(`models.late_absences`); whoever excuses asks `away_on` with that moment.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cache, lru_cache

import holidays
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from models.absences import Absence
from models.base import RuleBroken
from models.company_days import company_days_of
from models.people import Person, Role, Team

DAY = timedelta(days=1)
_NEAR = 7  # days
_LOOK_AHEAD = (14, 400)  # days: few are off for long, nobody longer than the longest absence
_ANY_YEAR = 2026


class Off(StrEnum):
    """Why a day is no working day."""

    WEEKDAY = "weekday"  # this person never works on that weekday
    HOLIDAY = "holiday"
    COMPANY = "company"  # a company day
    AWAY = "away"


@dataclass(frozen=True)
class DayOff:
    """A day on which a person does not work. `name`: the holiday's, or the company day's."""

    why: Off
    name: str = ""


class UnknownCalendar(RuleBroken):
    """No holiday calendar of this name. They are countries, with or without a part: DE, DE-BY."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


def days_off(
    session: Session, people: Iterable[Person], first: date, last: date
) -> dict[int, dict[date, DayOff]]:
    """The days off of each of these people between two dates, both included, by person's id."""
    found = _without_absences(session, list(people), first, last)
    rows = session.scalars(
        select(Absence).where(
            Absence.person_id.in_(found),
            Absence.starts_on <= last,
            Absence.ends_on >= first,
            Absence.withdrawn_at.is_(None),
        )
    )
    for row in rows:
        for day in _days(max(first, row.starts_on), min(last, row.ends_on)):
            found[row.person_id].setdefault(day, DayOff(Off.AWAY))
    return found


def day_off(session: Session, person: Person, day: date) -> DayOff | None:
    """Why a person does not work on a day; None: it is a working day."""
    return days_off(session, [person], day, day)[person.id].get(day)


def away_on(
    session: Session, person: Person, day: date, *, entered_before: datetime
) -> DayOff | None:
    """As `day_off`, but company days and days out of office count only if they were entered before
    that moment, or accepted by a leader."""
    entered_in_time = _without_absences(session, [person], day, day, entered_before)
    if day in entered_in_time[person.id]:
        return entered_in_time[person.id][day]
    entered = session.scalars(
        select(Absence.id).where(
            Absence.person_id == person.id,
            Absence.starts_on <= day,
            Absence.ends_on >= day,
            Absence.withdrawn_at.is_(None),
            or_(Absence.entered_at < entered_before, Absence.accepted_at.is_not(None)),
        )
    ).first()
    return None if entered is None else DayOff(Off.AWAY)


def next_working_day(session: Session, person: Person, after: date) -> date:
    """The person's first working day after a date; in a year without any, the next day."""
    for number in _LOOK_AHEAD:
        first, last = after + DAY, after + number * DAY
        off = days_off(session, [person], first, last)[person.id]
        working = next((day for day in _days(first, last) if day not in off), None)
        if working is not None:
            return working
    return after + DAY


def next_ordinary_day(session: Session, person: Person, after: date) -> date:
    """The next day after a date on which the person works, whatever their absences; where there is
    none within days, the next day."""
    first, last = after + DAY, after + _LOOK_AHEAD[0] * DAY
    off = _without_absences(session, [person], first, last)[person.id]
    return next((day for day in _days(first, last) if day not in off), first)


def working_day_before(session: Session, person: Person, before: date) -> date:
    """The person's last working day before a date; in a year without any, the day before."""
    for number in _LOOK_AHEAD:
        first, last = before - number * DAY, before - DAY
        off = days_off(session, [person], first, last)[person.id]
        working = [day for day in _days(first, last) if day not in off]
        if working:
            return working[-1]
    return before - DAY


def teams_off(
    session: Session, teams: Iterable[Team], first: date, last: date
) -> dict[int, set[date]]:
    """By team, the days between two dates, both included, on which nobody of it works: neither a
    rep nor its manager, whatever each has off. What the team is asked for then is excused."""
    bosses = {one.id: one.manager_id for one in teams}
    is_rep = Person.team_id.in_(bosses) & Person.active & (Person.role == Role.REP)
    chosen = select(Person, is_rep).where(is_rep | Person.id.in_(bosses.values()))
    people = session.execute(chosen.order_by(Person.id)).all()
    off = days_off(session, [one for one, _ in people], first, last)
    found = {}
    for team_id, boss in bosses.items():
        theirs = [
            off[one.id].keys()
            for one, is_rep in people
            if one.id == boss or (is_rep and one.team_id == team_id)
        ]
        found[team_id] = set(theirs[0]).intersection(*theirs) if theirs else set()
    return found


def digest_key(person_id: int, day: date) -> str:
    """Under what a person's morning digest of a local date is owed (`models.delivery`)."""
    return f"digest:{person_id}:{day.isoformat()}"


def holiday_on(calendar: str | None, day: date) -> str | None:
    """The name of the public holiday of a calendar ("US", "DE-BY"); None where it is none."""
    return None if calendar is None else _holidays(calendar, day.year).get(day)


@cache
def calendars() -> dict[str, dict[str, str]]:
    """Every country with a holiday calendar (ISO 3166), and its parts with what each is called.

    A part that has no name but its code has an empty one.
    """
    return {
        country: {
            part: next(iter(names), "")
            for part, names in getattr(holidays, country).get_subdivision_aliases().items()
            if part in parts
        }
        for country, parts in holidays.list_supported_countries(include_aliases=False).items()
    }


def check_calendar(name: str) -> None:
    """Raises `UnknownCalendar`."""
    _holidays(name, _ANY_YEAR)


def _without_absences(
    session: Session,
    people: Sequence[Person],
    first: date,
    last: date,
    entered_before: datetime | None = None,
) -> dict[int, dict[date, DayOff]]:
    """Days off by weekday, public holiday and company day (entered before that moment, if any)."""
    found = {person.id: _by_calendar(person, first, last) for person in people}
    for person, row in company_days_of(session, people, first, last):
        if entered_before is None or row.entered_at < entered_before:
            for day in _days(max(first, row.starts_on), min(last, row.ends_on)):
                found[person.id].setdefault(day, DayOff(Off.COMPANY, row.name))
    return found


def _by_calendar(person: Person, first: date, last: date) -> dict[date, DayOff]:
    off: dict[date, DayOff] = {}
    for day in _days(first, last):
        if str(day.isoweekday()) not in person.working_days:
            off[day] = DayOff(Off.WEEKDAY)
        elif name := holiday_on(person.holiday_calendar, day):
            off[day] = DayOff(Off.HOLIDAY, name)
    return off


def _days(first: date, last: date) -> Iterable[date]:
    return (first + n * DAY for n in range((last - first).days + 1))


@lru_cache(maxsize=1024)
def _holidays(name: str, year: int) -> dict[date, str]:
    """A year's public holidays, in English where the library has it.

    By year and whole, not as the library's own growing calendar: that one is filled while other
    threads already read it.
    """
    country, dash, part = name.partition("-")
    if country not in holidays.list_supported_countries() or (dash and not part):
        raise UnknownCalendar(name)
    try:
        found = holidays.country_holidays(
            country, subdiv=part or None, years=year, expand=False, language="en_US"
        )
    except NotImplementedError:
        raise UnknownCalendar(name) from None
    return dict(found)
