"""Who works on which day: weekdays, holidays, days out of office, in each person's own dates."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from threading import Barrier
from zoneinfo import ZoneInfo

import holidays
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from models.absences import (
    AbsenceSource,
    AbsenceUnfit,
    UnknownAbsence,
    absences,
    bring_absences,
    put_absence,
    withdraw_absence,
)
from models.base import Database
from models.days import (
    DAY,
    DayOff,
    Off,
    UnknownCalendar,
    away_on,
    check_calendar,
    day_off,
    days_off,
    holiday_on,
    next_working_day,
    working_day_before,
)
from models.people import Person, get_person
from tests.world import NOW, TODAY, World

THANKSGIVING = date(2026, 11, 26)


@pytest.fixture
def ana(session: Session, world: World) -> Person:
    """Ana, who keeps the holidays of the United States."""
    person = get_person(session, world.ana)
    person.holiday_calendar = "US"
    return person


# --- calendars


def test_holidays_have_names() -> None:
    assert holiday_on("US", THANKSGIVING) == "Thanksgiving Day"
    assert holiday_on("US", TODAY) is None
    assert holiday_on("DE-BY", date(2026, 1, 6)) == "Epiphany"
    assert holiday_on("DE", date(2026, 1, 6)) is None
    assert holiday_on(None, THANKSGIVING) is None


def test_a_holiday_that_is_observed_in_the_year_before() -> None:
    assert holiday_on("US", date(2027, 12, 31)) == "New Year's Day (observed)"


@pytest.mark.parametrize("name", ["", "XX", "us", "DE-", "DE-XX", "Germany", "country_holidays"])
def test_no_such_calendar(name: str) -> None:
    with pytest.raises(UnknownCalendar) as refused:
        check_calendar(name)
    assert refused.value.name == name


@pytest.mark.parametrize("name", ["US", "US-CA", "DE", "DE-BY", "GB-ENG", "FR", "JP", "BR", "IN"])
def test_calendars_that_are_there(name: str) -> None:
    check_calendar(name)
    assert any(holiday_on(name, date(2026, 1, 1) + n * DAY) for n in range(365))


def test_many_threads_see_the_whole_year() -> None:
    days = [date(2031, 1, 1) + number * DAY for number in range(365)]
    together = Barrier(16, timeout=60)

    def read(_number: int) -> list[str | None]:
        together.wait()
        return [holiday_on("AT", day) for day in days]

    with ThreadPoolExecutor(16) as crowd:
        seen = list(crowd.map(read, range(16)))
    calendar = holidays.country_holidays("AT", years=2031, language="en_US")
    assert seen == [[calendar.get(day) for day in days]] * 16


# --- a person's days


def test_why_a_day_is_off(session: Session, ana: Person) -> None:
    put_absence(session, ana, TODAY, THANKSGIVING, NOW)
    assert day_off(session, ana, TODAY) == DayOff(Off.AWAY)
    assert day_off(session, ana, THANKSGIVING) == DayOff(Off.HOLIDAY, "Thanksgiving Day")
    assert day_off(session, ana, date(2026, 11, 28)) == DayOff(Off.WEEKDAY)
    assert day_off(session, ana, date(2026, 11, 27)) is None


def test_working_days_are_ones_own(session: Session, ana: Person) -> None:
    ana.working_days = "67"
    assert day_off(session, ana, TODAY) == DayOff(Off.WEEKDAY)
    assert day_off(session, ana, date(2026, 11, 28)) is None


def test_everybody_at_once(session: Session, world: World, ana: Person) -> None:
    ben = get_person(session, world.ben)
    put_absence(session, ben, TODAY - 3 * DAY, TODAY, NOW)
    found = days_off(session, [ana, ben], TODAY, TODAY + 2 * DAY)
    assert found == {
        ana.id: {THANKSGIVING: DayOff(Off.HOLIDAY, "Thanksgiving Day")},
        ben.id: {TODAY: DayOff(Off.AWAY)},
    }
    assert days_off(session, [], TODAY, TODAY) == {}


def test_only_what_was_entered_before_excuses(session: Session, ana: Person) -> None:
    put_absence(session, ana, TODAY, TODAY, NOW)
    assert away_on(session, ana, TODAY, entered_before=NOW) is None
    later = NOW + timedelta(seconds=1)
    assert away_on(session, ana, TODAY, entered_before=later) == DayOff(Off.AWAY)
    holiday = away_on(session, ana, THANKSGIVING, entered_before=NOW)
    assert holiday == DayOff(Off.HOLIDAY, "Thanksgiving Day")
    assert away_on(session, ana, TODAY + DAY, entered_before=later) is None


# --- absences


def test_the_same_days_again_are_the_same_absence(session: Session, ana: Person) -> None:
    first = put_absence(session, ana, TODAY, THANKSGIVING, NOW)
    assert put_absence(session, ana, TODAY, THANKSGIVING, NOW + DAY) is first
    assert first.entered_at == NOW
    assert put_absence(session, ana, TODAY, TODAY, NOW) is not first


@pytest.mark.parametrize(("days", "in_order"), [(-1, False), (367, True)])
def test_an_absence_has_an_order_and_an_end(
    session: Session, ana: Person, days: int, in_order: bool
) -> None:
    with pytest.raises(AbsenceUnfit) as refused:
        put_absence(session, ana, TODAY, TODAY + days * DAY, NOW)
    assert refused.value.in_order is in_order
    put_absence(session, ana, TODAY, TODAY + 366 * DAY, NOW)


def test_withdrawing_one(session: Session, world: World, ana: Person) -> None:
    entered = put_absence(session, ana, TODAY, TODAY, NOW)
    with pytest.raises(UnknownAbsence):
        withdraw_absence(session, get_person(session, world.ben), entered.id, NOW)
    assert withdraw_absence(session, ana, entered.id, NOW).withdrawn_at == NOW
    assert day_off(session, ana, TODAY) is None
    assert away_on(session, ana, TODAY, entered_before=NOW + DAY) is None
    for absence_id in (entered.id, 4711):
        with pytest.raises(UnknownAbsence):
            withdraw_absence(session, ana, absence_id, NOW)
    assert put_absence(session, ana, TODAY, TODAY, NOW) is not entered


def test_those_that_have_not_ended(session: Session, world: World, ana: Person) -> None:
    later = put_absence(session, ana, TODAY + 9 * DAY, TODAY + 9 * DAY, NOW)
    now = put_absence(session, ana, TODAY - DAY, TODAY, NOW)
    put_absence(session, ana, TODAY - 9 * DAY, TODAY - DAY, NOW)
    gone = put_absence(session, ana, TODAY, TODAY, NOW)
    withdraw_absence(session, ana, gone.id, NOW)
    put_absence(session, get_person(session, world.ben), TODAY, TODAY, NOW)
    assert absences(session, ana.id, TODAY) == [now, later]


def test_of_another_workspace_none(database: Database, world: World, south: World) -> None:
    with database.transaction(world.workspace_id) as session:
        entered = put_absence(session, get_person(session, world.ana), TODAY, TODAY, NOW)
    with database.transaction(south.workspace_id) as session:
        theirs = get_person(session, south.ana)
        assert day_off(session, theirs, TODAY) is None
        with pytest.raises(UnknownAbsence):
            withdraw_absence(session, theirs, entered.id, NOW)


def test_taken_back_in_the_middle_the_days_before_stay(session: Session, ana: Person) -> None:
    entered = put_absence(session, ana, TODAY - DAY, TODAY + DAY, NOW - 2 * DAY)
    withdraw_absence(session, ana, entered.id, NOW)
    off = days_off(session, [ana], TODAY - DAY, TODAY + DAY)[ana.id]
    assert off[TODAY - DAY] == DayOff(Off.AWAY)
    assert TODAY not in off
    assert away_on(session, ana, TODAY - DAY, entered_before=NOW - DAY) == DayOff(Off.AWAY)


# --- from a source


def bring(session: Session, ana: Person, now: datetime = NOW, **wanted: tuple[date, date]) -> bool:
    today = now.astimezone(ZoneInfo(ana.zone)).date()
    return bring_absences(session, ana, AbsenceSource.SLACK, wanted, today, now)


def away(session: Session, ana: Person) -> list[date]:
    """The days out of office around today."""
    ana.working_days = "1234567"
    ana.holiday_calendar = None
    return sorted(days_off(session, [ana], TODAY - 9 * DAY, TODAY + 9 * DAY)[ana.id])


def test_what_a_source_says_is_brought_once(session: Session, ana: Person) -> None:
    assert bring(session, ana, sick=(TODAY, TODAY + DAY))
    assert not bring(session, ana, sick=(TODAY, TODAY + DAY))
    [brought] = absences(session, ana.id, TODAY)
    assert (brought.source, brought.source_key) == (AbsenceSource.SLACK, "sick")
    assert away(session, ana) == [TODAY, TODAY + DAY]
    assert not bring(session, ana, sick=(TODAY, TODAY + DAY), past=(TODAY - DAY, TODAY - DAY))


def test_what_it_says_otherwise_changes(session: Session, ana: Person) -> None:
    bring(session, ana, sick=(TODAY, TODAY + DAY))
    assert bring(session, ana, sick=(TODAY, TODAY + 2 * DAY), trip=(TODAY + 5 * DAY,) * 2)
    assert away(session, ana) == [TODAY, TODAY + DAY, TODAY + 2 * DAY, TODAY + 5 * DAY]
    assert len(absences(session, ana.id, TODAY)) == 2


def test_what_it_says_no_more_is_over_from_today_on(session: Session, ana: Person) -> None:
    bring(session, ana, NOW - 2 * DAY, sick=(TODAY - 2 * DAY, TODAY + 2 * DAY))
    assert bring(session, ana)
    assert away(session, ana) == [TODAY - 2 * DAY, TODAY - DAY]
    before = away_on(session, ana, TODAY - DAY, entered_before=NOW - DAY)
    assert before == DayOff(Off.AWAY), "entered when it was"
    assert not bring(session, ana)


def test_what_it_says_again_is_brought_again(session: Session, ana: Person) -> None:
    bring(session, ana, sick=(TODAY, TODAY))
    bring(session, ana)
    assert away(session, ana) == []
    assert bring(session, ana, NOW + timedelta(hours=1), sick=(TODAY, TODAY))
    assert away(session, ana) == [TODAY]


def test_what_the_person_took_back_stays_away(session: Session, ana: Person) -> None:
    bring(session, ana, sick=(TODAY, TODAY + DAY))
    [brought] = absences(session, ana.id, TODAY)
    withdraw_absence(session, ana, brought.id, NOW)
    assert not bring(session, ana, sick=(TODAY, TODAY + DAY))
    assert away(session, ana) == []
    assert bring(session, ana, sick=(TODAY, TODAY + 3 * DAY)), "this is something else"


def test_ones_own_days_are_no_sources_business(session: Session, ana: Person) -> None:
    own = put_absence(session, ana, TODAY, TODAY, NOW)
    assert not bring(session, ana)
    assert bring(session, ana, sick=(TODAY, TODAY))
    assert put_absence(session, ana, TODAY, TODAY, NOW) is own
    bring(session, ana)
    assert absences(session, ana.id, TODAY) == [own]


@pytest.mark.parametrize(("days", "in_order"), [(-1, False), (367, True)])
def test_a_source_too_has_its_days_in_order(
    session: Session, ana: Person, days: int, in_order: bool
) -> None:
    first = TODAY + 3 * DAY
    with pytest.raises(AbsenceUnfit) as refused:
        bring(session, ana, odd=(first, first + days * DAY))
    assert refused.value.in_order is in_order


# --- the next, the last


@pytest.mark.parametrize(
    ("after", "following"),
    [
        (TODAY, date(2026, 11, 25)),
        (date(2026, 11, 25), date(2026, 11, 27)),
        (date(2026, 11, 27), date(2026, 11, 30)),
    ],
)
def test_the_next_working_day(session: Session, ana: Person, after: date, following: date) -> None:
    assert next_working_day(session, ana, after) == following
    assert working_day_before(session, ana, following) == after


def test_after_a_long_absence(session: Session, ana: Person) -> None:
    put_absence(session, ana, TODAY, TODAY + 366 * DAY, NOW)
    assert next_working_day(session, ana, TODAY - DAY) == TODAY + 367 * DAY
    assert working_day_before(session, ana, TODAY + 366 * DAY) == TODAY - DAY


def test_without_any_working_day_the_next_day(session: Session, ana: Person) -> None:
    for year in (-2, -1, 0, 1):
        first = TODAY + year * 366 * DAY
        put_absence(session, ana, first, first + 366 * DAY, NOW)
    assert next_working_day(session, ana, TODAY) == TODAY + DAY
    assert working_day_before(session, ana, TODAY) == TODAY - DAY


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(st.sets(st.sampled_from("1234567"), min_size=1), st.integers(0, 400))
def test_the_next_working_day_is_one_and_none_lies_between(
    session: Session, ana: Person, working_days: set[str], offset: int
) -> None:
    ana.working_days = "".join(working_days)
    after = TODAY + offset * DAY
    found = next_working_day(session, ana, after)
    off = days_off(session, [ana], after + DAY, found)[ana.id]
    assert found > after
    assert set(off) == {after + number * DAY for number in range(1, (found - after).days)}
    assert working_day_before(session, ana, found + DAY) == found
