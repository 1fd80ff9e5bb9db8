"""Days on which nobody works: of everybody, of a team, of who keeps a country's holidays."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from models.absences import put_absence
from models.base import Database
from models.company_days import (
    CompanyDay,
    CompanyDaySaid,
    CompanyDayUnfit,
    UnknownCompanyDay,
    company_days,
    put_company_day,
)
from models.days import (
    DAY,
    DayOff,
    Off,
    UnknownCalendar,
    away_on,
    day_off,
    days_off,
    next_ordinary_day,
    next_working_day,
    working_day_before,
)
from models.one_on_ones import Excuse, OneOnOne, Sitting, State, put_standing
from models.people import Person, UnknownTeam, get_person
from models.screens import company_days as shown_to
from models.setup import (
    AdminsHere,
    enter_company_day,
    put_company_days,
    take_back_company_day,
)
from tests.world import NOW, TODAY, World, a_rep, a_team

OFF_SITE = DayOff(Off.COMPANY, "Off-site")
WEDNESDAY = TODAY + DAY


def said(first: date = WEDNESDAY, last: date | None = None, **whose: Any) -> CompanyDaySaid:
    return CompanyDaySaid("Off-site", first, last or first, **whose)


def enter(session: Session, world: World, now: datetime = NOW, **whose: Any) -> CompanyDay:
    return enter_company_day(session, get_person(session, world.ada), said(**whose), now)


def off_on(session: Session, day: date, *people: int) -> list[bool]:
    """Whether each of these people has the company day."""
    found = days_off(session, [get_person(session, one) for one in people], day, day)
    return [found[one].get(day) == OFF_SITE for one in people]


def test_of_everybody(session: Session, world: World) -> None:
    enter(session, world, first=WEDNESDAY, last=WEDNESDAY + DAY)
    assert off_on(session, WEDNESDAY, world.ana, world.max, world.ada) == [True] * 3
    ana = get_person(session, world.ana)
    assert next_working_day(session, ana, TODAY) == TODAY + 3 * DAY
    assert next_ordinary_day(session, ana, TODAY) == TODAY + 3 * DAY
    assert working_day_before(session, ana, TODAY + 3 * DAY) == TODAY


def test_of_a_team_its_reps_and_its_manager(session: Session, world: World) -> None:
    east = a_team(session, "East", manager_id=world.lea)
    pia = a_rep(session, east, "U0PIA", "Pia")
    enter(session, world, team_id=world.team)
    who = (world.ana, world.max, world.lea, pia.id, world.ada)
    assert off_on(session, WEDNESDAY, *who) == [True, True, False, False, False]


def test_of_who_keeps_the_holidays_of_a_country_or_a_part(session: Session, world: World) -> None:
    for one, calendar in ((world.ana, "DE-BY"), (world.ben, "DE"), (world.cleo, "US")):
        get_person(session, one).holiday_calendar = calendar
    entered = enter(session, world, holiday_calendar="DE")
    who = (world.ana, world.ben, world.cleo, world.max)
    assert off_on(session, WEDNESDAY, *who) == [True, True, False, False]
    take_back_company_day(session, get_person(session, world.ada), entered.id, NOW)
    enter(session, world, holiday_calendar="DE-BY")
    assert off_on(session, WEDNESDAY, *who) == [True, False, False, False]


def test_weekdays_and_holidays_come_first_and_absences_last(session: Session, world: World) -> None:
    ana = get_person(session, world.ana)
    ana.holiday_calendar = "US"
    enter(session, world, first=WEDNESDAY, last=WEDNESDAY + 4 * DAY)
    put_absence(session, ana, WEDNESDAY, WEDNESDAY, NOW)
    assert day_off(session, ana, WEDNESDAY) == OFF_SITE
    assert day_off(session, ana, WEDNESDAY + DAY) == DayOff(Off.HOLIDAY, "Thanksgiving Day")
    assert day_off(session, ana, WEDNESDAY + 3 * DAY) == DayOff(Off.WEEKDAY)


def test_only_what_was_entered_before_excuses(session: Session, world: World) -> None:
    enter(session, world, first=TODAY)
    ana = get_person(session, world.ana)
    assert away_on(session, ana, TODAY, entered_before=NOW) is None
    assert away_on(session, ana, TODAY, entered_before=NOW + timedelta(seconds=1)) == OFF_SITE


def test_days_off_cost_two_statements_however_many_people(session: Session, world: World) -> None:
    people = [get_person(session, one) for one in (world.ana, world.ben, world.cleo, world.max)]
    enter(session, world)
    sent: list[str] = []

    def count(_conn: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        sent.append(statement)

    event.listen(session.connection(), "before_cursor_execute", count)
    days_off(session, people, TODAY, TODAY + 30 * DAY)
    event.remove(session.connection(), "before_cursor_execute", count)
    assert len(sent) == 2


# --- entering, taking back


def test_only_an_admin_enters_and_takes_back(session: Session, world: World) -> None:
    entered = enter(session, world)
    boss = get_person(session, world.max)
    for attempt in (
        lambda: enter_company_day(session, boss, said(), NOW),
        lambda: take_back_company_day(session, boss, entered.id, NOW),
        lambda: shown_to(session, boss, NOW),
    ):
        with pytest.raises(AdminsHere) as refused:
            attempt()
        assert refused.value.allowed == (world.ada,)


def test_the_same_days_are_the_same_under_their_newest_name(session: Session, world: World) -> None:
    first = enter(session, world)
    again, changed = put_company_day(session, said(), world.ada, NOW)
    assert (again, changed) == (first, False)
    named = CompanyDaySaid("Company trip", WEDNESDAY, WEDNESDAY)
    assert put_company_day(session, named, world.ada, NOW) == (first, True)
    assert first.name == "Company trip"
    assert enter(session, world, team_id=world.team) is not first


@pytest.mark.parametrize(("days", "in_order"), [(-1, False), (31, True)])
def test_they_have_an_order_and_an_end(
    session: Session, world: World, days: int, in_order: bool
) -> None:
    with pytest.raises(CompanyDayUnfit) as refused:
        enter(session, world, last=WEDNESDAY + days * DAY)
    assert refused.value.in_order is in_order


def test_whom_they_are_for_has_to_be_there(session: Session, world: World) -> None:
    with pytest.raises(UnknownTeam):
        enter(session, world, team_id=4711)
    with pytest.raises(UnknownCalendar):
        enter(session, world, holiday_calendar="XX")


def test_taken_back_they_are_working_days(session: Session, world: World) -> None:
    ada, entered = get_person(session, world.ada), enter(session, world)
    take_back_company_day(session, ada, entered.id, NOW)
    assert (entered.withdrawn_at, entered.withdrawn_by_id) == (NOW, world.ada)
    assert off_on(session, WEDNESDAY, world.ana) == [False]
    for one in (entered.id, 4711):
        with pytest.raises(UnknownCompanyDay):
            take_back_company_day(session, ada, one, NOW)


def test_an_admin_sees_those_to_come(session: Session, world: World) -> None:
    get_person(session, world.ana).holiday_calendar = "DE-BY"
    enter(session, world, first=TODAY - 3 * DAY)
    later = enter(session, world, first=TODAY + 9 * DAY, team_id=world.team)
    soon = enter(session, world)
    shown = shown_to(session, get_person(session, world.ada), NOW)
    assert [one.company_day_id for one in shown.days] == [soon.id, later.id]
    assert [one.team.name if one.team else None for one in shown.days] == [None, "West"]
    assert (shown.calendars, [one.name for one in shown.teams]) == (("DE", "DE-BY"), ["West"])


def test_the_file_brings_its_own_and_leaves_the_admins(session: Session, world: World) -> None:
    by_admin = enter(session, world)
    eve = CompanyDaySaid("Christmas Eve", date(2026, 12, 24), date(2026, 12, 24))
    assert put_company_days(session, [eve], NOW)
    assert not put_company_days(session, [eve], NOW)
    assert [one.name for one in company_days(session, TODAY)] == ["Off-site", "Christmas Eve"]
    over = session.scalars(select(CompanyDay).where(CompanyDay.name == "Christmas Eve")).one()
    assert put_company_days(session, [], NOW)
    assert company_days(session, TODAY) == [by_admin]
    assert (over.withdrawn_at, over.withdrawn_by_id) == (NOW, None)


def test_of_another_workspace_none(database: Database, world: World, south: World) -> None:
    with database.transaction(world.workspace_id) as session:
        enter(session, world)
    with database.transaction(south.workspace_id) as session:
        assert off_on(session, WEDNESDAY, south.ana) == [False]
        assert company_days(session, TODAY) == []


# --- one-on-ones


@pytest.fixture
def ana(session: Session, world: World) -> Person:
    """Ana sees Max on Wednesdays at 10:00."""
    person = get_person(session, world.ana)
    put_standing(
        session, get_person(session, world.max), person,
        weekday=3, local_time=time(10), minutes=30, active_from=TODAY, now=NOW,
    )  # fmt: skip
    return person


def sessions(session: Session) -> list[tuple[date, State, Excuse | None]]:
    rows = session.execute(
        select(Sitting.local_date, OneOnOne.state, OneOnOne.excuse)
        .join(OneOnOne, OneOnOne.id == Sitting.one_on_one_id)
        .where(Sitting.is_current)
        .order_by(Sitting.local_date)
    )
    return [(day, state, excuse) for day, state, excuse in rows]


def test_sessions_ahead_are_excused_and_due_again(
    session: Session, world: World, ana: Person
) -> None:
    entered = enter(session, world)
    assert sessions(session)[0] == (WEDNESDAY, State.EXCUSED, Excuse.COACH_OFF)
    take_back_company_day(session, get_person(session, world.ada), entered.id, NOW)
    assert sessions(session)[0] == (WEDNESDAY, State.DUE, None)


def test_what_has_begun_is_not_excused(session: Session, world: World, ana: Person) -> None:
    enter(session, world, datetime(2026, 11, 25, 15, 1, tzinfo=UTC))
    assert sessions(session)[0] == (WEDNESDAY, State.DUE, None)


def test_a_company_day_inside_the_week_opens_monday_and_friday(
    session: Session, world: World
) -> None:
    monday = date(2026, 11, 30)
    enter(session, world, first=monday + DAY, last=monday + 3 * DAY)
    put_standing(
        session, get_person(session, world.max), get_person(session, world.ana),
        weekday=3, local_time=time(10), minutes=30, active_from=monday, now=NOW,
    )  # fmt: skip
    assert sessions(session)[0] == (monday + 4 * DAY, State.DUE, None)
