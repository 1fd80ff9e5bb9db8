"""Company days as admins enter them and the setup file says them; one-on-ones follow."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.company_days import (
    CompanyDay,
    CompanyDaySaid,
    company_days,
    put_company_day,
    withdraw_company_day,
)
from models.days import DAY, check_calendar
from models.one_on_ones import follow_people
from models.people import Person, team
from models.setup.admins import require_admin


def enter_company_day(
    session: Session, actor: Person, said: CompanyDaySaid, now: datetime
) -> CompanyDay:
    """An admin says that nobody works on these days; sessions ahead are excused.

    Raises `AdminsHere`, `CompanyDayUnfit`, `UnknownTeam`, `UnknownCalendar`.
    """
    require_admin(session, actor)
    _check(session, said)
    entered, changed = put_company_day(session, said, actor.id, now)
    if changed:
        follow_everybody(session, now)
    return entered


def take_back_company_day(
    session: Session, actor: Person, company_day_id: int, now: datetime
) -> None:
    """An admin says that they are working days after all; what they excused and is ahead is due
    again, if it still fits. Raises `AdminsHere`, `UnknownCompanyDay`.
    """
    require_admin(session, actor)
    withdraw_company_day(session, company_day_id, actor.id, now)
    follow_everybody(session, now)


def put_company_days(session: Session, said: Sequence[CompanyDaySaid], now: datetime) -> bool:
    """Brings the setup file's company days to these; whether anything changed. What an admin
    entered stays, and so does what is over. One-on-ones are left to whoever calls. Raises as
    `enter_company_day`.
    """
    changed = False
    kept: set[int] = set()
    for one in said:
        _check(session, one)
        row, is_new = put_company_day(session, one, None, now)
        kept.add(row.id)
        changed = changed or is_new
    yesterday = now.date() - DAY  # wherever people are
    for row in company_days(session, yesterday):
        if row.entered_by_id is None and row.id not in kept:
            withdraw_company_day(session, row.id, None, now)
            changed = True
    return changed


def follow_everybody(session: Session, now: datetime) -> None:
    """Brings everybody's one-on-ones in line with the days off."""
    active = select(Person.id).where(Person.active)
    follow_people(session, session.scalars(active).all(), now)


def _check(session: Session, said: CompanyDaySaid) -> None:
    if said.team_id is not None:
        team(session, said.team_id)
    if said.holiday_calendar is not None:
        check_calendar(said.holiday_calendar)
