"""Company days: days on which nobody works, of the workspace, of a team, or of a country.

Entered by an admin, or by the setup file. Like absences they excuse only what starts after they
were entered, count in each person's own local dates, and stay as trail once they are taken back.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, InWorkspace, RuleBroken, within_workspace
from models.people import Person, Team

LONGEST = timedelta(days=31)
LONGEST_NAME = 80


class CompanyDay(InWorkspace, Base):
    """Days, both included, on which nobody works of those whom they are for.

    Of a team (its reps and its manager), or of who keeps the public holidays of a country or of a
    part of one (`holiday_calendar`: "DE" is also of who keeps "DE-BY"); with neither, everybody.
    """

    __tablename__ = "company_days"
    __table_args__ = (
        UniqueConstraint("workspace_id", "id"),
        within_workspace("team_id", "teams"),
        within_workspace("entered_by_id", "people"),
        within_workspace("withdrawn_by_id", "people"),
        CheckConstraint("starts_on <= ends_on", name="in_order"),
        CheckConstraint("team_id IS NULL OR holiday_calendar IS NULL", name="for_one_of_them"),
        Index("ix_company_days_ends_on", "workspace_id", "ends_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[int | None]
    holiday_calendar: Mapped[str | None] = mapped_column(String(16))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    entered_at: Mapped[datetime]
    entered_by_id: Mapped[int | None]  # null: by the setup file
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by_id: Mapped[int | None]


@dataclass(frozen=True)
class CompanyDaySaid:
    """Company days as they are entered: whom they are for (see `CompanyDay`), and when."""

    name: str
    starts_on: date
    ends_on: date
    team_id: int | None = None
    holiday_calendar: str | None = None


class CompanyDayUnfit(RuleBroken):
    """Company days end before they start (`in_order` False), or are longer than a month."""

    def __init__(self, *, in_order: bool) -> None:
        super().__init__(in_order)
        self.in_order = in_order


class UnknownCompanyDay(RuleBroken):
    """No such company days, or they were taken back already."""


def put_company_day(
    session: Session, said: CompanyDaySaid, by_id: int | None, now: datetime
) -> tuple[CompanyDay, bool]:
    """Nobody works on these days; whether anything changed. The same days for the same people are
    the same, under the name that was said last. `by_id` None: by the setup file. Raises
    `CompanyDayUnfit`.
    """
    if said.ends_on < said.starts_on or said.ends_on - said.starts_on >= LONGEST:
        raise CompanyDayUnfit(in_order=said.ends_on >= said.starts_on)
    here = session.scalar(
        select(CompanyDay).where(
            CompanyDay.withdrawn_at.is_(None),
            CompanyDay.starts_on == said.starts_on,
            CompanyDay.ends_on == said.ends_on,
            CompanyDay.team_id.is_not_distinct_from(said.team_id),
            CompanyDay.holiday_calendar.is_not_distinct_from(said.holiday_calendar),
        )
    )
    if here is not None:
        changed = here.name != said.name
        here.name = said.name
        session.flush()
        return here, changed
    made = CompanyDay(**vars(said), entered_at=now, entered_by_id=by_id)
    session.add(made)
    session.flush()
    return made, True


def withdraw_company_day(
    session: Session, company_day_id: int, by_id: int | None, now: datetime
) -> CompanyDay:
    """They are working days after all. Raises `UnknownCompanyDay`."""
    found = session.get(CompanyDay, company_day_id)
    if found is None or found.withdrawn_at is not None:
        raise UnknownCompanyDay(company_day_id)
    found.withdrawn_at, found.withdrawn_by_id = now, by_id
    session.flush()
    return found


def company_days(session: Session, ending_from: date) -> list[CompanyDay]:
    """Those that end on or after a day, soonest first; what was taken back is left out."""
    stands = CompanyDay.withdrawn_at.is_(None) & (CompanyDay.ends_on >= ending_from)
    found = select(CompanyDay).where(stands)
    return list(session.scalars(found.order_by(CompanyDay.starts_on, CompanyDay.id)))


def is_for(found: CompanyDay, manager_id: int | None, person: Person) -> bool:
    """Whether company days are for this person. `manager_id`: of the team that they are for."""
    if found.team_id is not None:
        return person.id == manager_id or person.team_id == found.team_id
    if found.holiday_calendar is not None:
        country = (person.holiday_calendar or "").partition("-")[0]
        return found.holiday_calendar in (person.holiday_calendar, country)
    return True


def company_days_of(
    session: Session, people: Iterable[Person], first: date, last: date
) -> list[tuple[Person, CompanyDay]]:
    """The company days between two dates, both included, of each of these people; in one
    statement."""
    of_team = (Team.id == CompanyDay.team_id) & (Team.workspace_id == CompanyDay.workspace_id)
    rows = session.execute(
        select(CompanyDay, Team.manager_id)
        .outerjoin(Team, of_team)
        .where(
            CompanyDay.withdrawn_at.is_(None),
            CompanyDay.starts_on <= last,
            CompanyDay.ends_on >= first,
        )
        .order_by(CompanyDay.id)
    ).all()
    if not rows:
        return []
    return [(person, row) for person in people for row, boss in rows if is_for(row, boss, person)]
