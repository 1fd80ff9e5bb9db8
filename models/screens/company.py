"""What an admin sees of the company days, and whom they may be for."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.company_days import company_days as find_company_days
from models.people import Person, teams
from models.schedule import local_date
from models.screens.pieces import team_shown
from models.screens.shown import TeamShown
from models.setup import require_admin


@dataclass(frozen=True)
class CompanyDayShown:
    """Company days: of a team, of who keeps a holiday calendar, or (neither) of everybody."""

    company_day_id: int
    name: str
    starts_on: date
    ends_on: date
    team: TeamShown | None
    calendar: str | None


@dataclass(frozen=True)
class CompanyDays:
    """Those that are not over, soonest first. `calendars`: those that somebody here keeps, with
    the countries of those of a part."""

    today: date
    days: tuple[CompanyDayShown, ...]
    teams: tuple[TeamShown, ...]
    calendars: tuple[str, ...]


def company_days(session: Session, actor: Person, now: datetime) -> CompanyDays:
    """Raises `AdminsHere`."""
    require_admin(session, actor)
    today = local_date(now, actor.zone)
    shown = {one.id: team_shown(one) for one in teams(session)}
    kept = select(Person.holiday_calendar).where(
        Person.active, Person.holiday_calendar.is_not(None)
    )
    calendars = {str(one) for one in session.scalars(kept.distinct())}
    return CompanyDays(
        today=today,
        days=tuple(
            CompanyDayShown(
                one.id,
                one.name,
                one.starts_on,
                one.ends_on,
                None if one.team_id is None else shown[one.team_id],
                one.holiday_calendar,
            )
            for one in find_company_days(session, today)
        ),
        teams=tuple(shown.values()),
        calendars=tuple(sorted(calendars | {one.partition("-")[0] for one in calendars})),
    )
