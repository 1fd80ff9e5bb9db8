"""The address of a person's calendar: what may be entered, who looks at it when, what it leaves."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models import calendars
from models.absences import Absence, AbsenceSource, absences
from models.base import Database
from models.calendars import (
    AddressUnfit,
    BusyTime,
    CalendarAddress,
    CalendarClaim,
    CalendarLost,
    NoCalendar,
    Problem,
    Unfit,
    busy,
    check_address,
    claim_calendar,
    connect,
    current_address,
    is_long_failing,
    shown_as,
)
from models.days import day_off
from models.one_on_ones import (
    Excuse,
    State,
    enter_absence,
    leave_absence,
    leave_calendar,
    take_calendar,
)
from models.people import Person, get_person
from models.screens import calendar_shown, days_off
from tests.one_on_ones import a_session, at, state_of
from tests.sittings import a_one_on_one
from tests.world import NOW, TODAY, World, a_person

URL = "https://calendar.example/private-0123456789abcdef/basic.ics"
OTHER = "https://other.example/1.ics"
REAL = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)  # real time has nothing to do with business time
LEASE = timedelta(minutes=5)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WED = (date(2026, 11, 25), date(2026, 11, 25))


@pytest.fixture
def ana(session: Session, world: World) -> Person:
    return get_person(session, world.ana)


def claim(session: Session, real: datetime = REAL) -> CalendarClaim:
    found = claim_calendar(session, real, LEASE)
    assert found is not None
    return found


def take(
    session: Session,
    ana: Person,
    times: Any = (),
    away: Any = None,
    *,
    now: datetime = NOW,
    real: datetime = REAL,
    **more: Any,
) -> bool:
    """Ana's calendar was looked at and read."""
    here = current_address(session, ana.id)
    if here is None:
        here = connect(session, ana, URL, now)
    here.next_at = None
    held = claim(session, real)
    question = calendars.asked(session, held, now)
    return take_calendar(session, held, question, times, away or {}, now, real, **more)


# --- addresses


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (URL, URL),
        (f"  {URL}\n", URL),
        ("webcal://calendar.example/a.ics", "https://calendar.example/a.ics"),
        ("WEBCALS://Calendar.Example:443/A.ics?x=1&y=%20#part", "https://calendar.example/A.ics?x=1&y=%20"),
        ("https://calendar.example", "https://calendar.example/"),
        ("https://bücher.example/ä.ics", "https://xn--bcher-kva.example/%C3%A4.ics"),
        ("https://calendar.example./a", "https://calendar.example/a"),
        ("https://93.184.215.14/a.ics", "https://93.184.215.14/a.ics"),
        ("https://[2606:2800:21f:cb07:6820:80da:af6b:8b2c]/a",
         "https://[2606:2800:21f:cb07:6820:80da:af6b:8b2c]/a"),
    ],
)  # fmt: skip
def test_an_address_that_will_do(text: str, expected: str) -> None:
    assert check_address(text) == expected


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", Unfit.NOT_AN_ADDRESS),
        ("calendar.example/a.ics", Unfit.NOT_AN_ADDRESS),
        ("https://", Unfit.NOT_AN_ADDRESS),
        ("https:///a.ics", Unfit.NOT_AN_ADDRESS),
        ("https://a b.example/", Unfit.NOT_AN_ADDRESS),
        ("https://calendar.example/a\x00b", Unfit.NOT_AN_ADDRESS),
        ("https://calendar.example\\@10.0.0.1/", Unfit.NOT_AN_ADDRESS),
        ("https://-a.example/", Unfit.NOT_AN_ADDRESS),
        ("https://a..example/", Unfit.NOT_AN_ADDRESS),
        ("https://[::1/", Unfit.NOT_AN_ADDRESS),
        ("https://calendar.example:x/", Unfit.NOT_AN_ADDRESS),
        (f"https://{'a' * 64}.example/", Unfit.NOT_AN_ADDRESS),
        ("http://calendar.example/a.ics", Unfit.NOT_HTTPS),
        ("file:///etc/passwd", Unfit.NOT_HTTPS),
        ("ftp://calendar.example/a.ics", Unfit.NOT_HTTPS),
        ("https://ana:secret@calendar.example/", Unfit.CREDENTIALS),
        ("https://@calendar.example/", Unfit.CREDENTIALS),
        ("https://calendar.example:8443/", Unfit.PORT),
        ("https://calendar.example:80/", Unfit.PORT),
        (f"https://calendar.example/{'a' * 1000}", Unfit.TOO_LONG),
        (f"https://calendar.example/{'ä' * 300}", Unfit.TOO_LONG),
        ("https://localhost/", Unfit.PRIVATE),
        ("https://LOCALHOST./a", Unfit.PRIVATE),
        ("https://a.localhost/", Unfit.PRIVATE),
        ("https://printer.local/", Unfit.PRIVATE),
        ("https://metadata.google.internal/", Unfit.PRIVATE),
        ("https://intranet/a.ics", Unfit.PRIVATE),
        ("https://10.0.0.1/a.ics", Unfit.PRIVATE),
        ("https://127.0.0.1/", Unfit.PRIVATE),
        ("https://169.254.169.254/latest", Unfit.PRIVATE),
        ("https://[::1]/", Unfit.PRIVATE),
        ("https://[::ffff:10.0.0.1]/", Unfit.PRIVATE),
        ("https://[fd00::1]/", Unfit.PRIVATE),
        ("https://2130706433/", Unfit.PRIVATE),
        ("https://0x7f000001/", Unfit.PRIVATE),
        ("https://127.1/", Unfit.PRIVATE),
        ("https://0x7f.1/", Unfit.PRIVATE),
        ("https://１２７.0.0.1/", Unfit.PRIVATE),
        ("https://0177.0.0.1/", Unfit.PRIVATE),
    ],
)
def test_an_address_that_will_not_do(text: str, why: Unfit) -> None:
    with pytest.raises(AddressUnfit) as refused:
        check_address(text)
    assert refused.value.why is why
    assert "secret" not in repr(refused.value)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        (URL, "calendar.example …cdef"),
        ("https://outlook.example/owa/calendar/0123456789ab@x/fedcba9876543210fedcba/calendar.ics",
         "outlook.example …dcba"),
        ("https://calendar.example/?token=0123456789abcdef", "calendar.example …cdef"),
        ("https://calendar.example/a.ics", "calendar.example"),
    ],
)  # fmt: skip
def test_how_an_address_is_shown_again(url: str, shown: str) -> None:
    assert shown_as(url) == shown


# --- entering and removing


def test_one_address_and_the_trail_of_those_before(session: Session, ana: Person) -> None:
    first = connect(session, ana, URL, NOW)
    second = connect(session, ana, OTHER, NOW + HOUR)
    assert (first.url, first.shown, first.ended_at) == (None, "calendar.example …cdef", NOW + HOUR)
    assert current_address(session, ana.id) is second
    leave_calendar(session, ana, NOW + 2 * HOUR)
    assert current_address(session, ana.id) is None
    assert (second.url, second.ended_at) == (None, NOW + 2 * HOUR)
    with pytest.raises(NoCalendar):
        leave_calendar(session, ana, NOW)


def test_the_same_address_again_is_looked_at_again(session: Session, ana: Person) -> None:
    take(session, ana)
    here = connect(session, ana, URL, NOW)
    assert here.next_at is None
    assert len(session.scalars(select(CalendarAddress)).all()) == 1


def test_the_database_holds_one_current_address(session: Session, ana: Person) -> None:
    connect(session, ana, URL, NOW)
    session.add(CalendarAddress(person_id=ana.id, url=OTHER, shown="other", entered_at=NOW))
    with pytest.raises(IntegrityError):
        session.flush()


def test_what_is_shown_of_it_is_no_secret(session: Session, ana: Person) -> None:
    connect(session, ana, URL, NOW)
    held = claim(session)
    question = calendars.asked(session, held, NOW)
    assert question.url == URL
    said = repr(
        (held, question, calendar_shown(session, ana, NOW), current_address(session, ana.id))
    )
    assert "private-" not in said
    assert "456789ab" not in said


# --- who looks, and when


def test_what_was_entered_is_looked_at_at_once_and_by_one(session: Session, ana: Person) -> None:
    connect(session, ana, URL, NOW)
    first = claim(session)
    assert claim_calendar(session, REAL + LEASE, LEASE) is None
    second = claim(session, REAL + LEASE + timedelta(seconds=1))
    assert (second.id, second.attempt) == (first.id, first.attempt + 1)
    with pytest.raises(CalendarLost):
        calendars.failed(session, first, Problem.GONE, NOW, REAL)
    calendars.failed(session, second, Problem.GONE, NOW, REAL)


def test_nothing_is_written_of_an_address_that_was_removed(session: Session, ana: Person) -> None:
    connect(session, ana, URL, NOW)
    held = claim(session)
    question = calendars.asked(session, held, NOW)
    leave_calendar(session, ana, NOW)
    with pytest.raises(CalendarLost):
        take_calendar(session, held, question, [(NOW, NOW + HOUR)], {"k": WED}, NOW, REAL)
    assert session.scalars(select(BusyTime)).all() == []
    assert session.scalars(select(Absence)).all() == []


def test_every_six_hours_apart_from_each_other(session: Session, world: World, ana: Person) -> None:
    waits = set()
    for person_id in (world.ana, world.ben, world.cleo):
        take(session, get_person(session, person_id))
        here = current_address(session, person_id)
        assert here is not None
        assert here.next_at is not None
        waits.add(here.next_at - REAL)
    assert len(waits) == 3
    assert all(timedelta(hours=5.5) <= wait <= timedelta(hours=6.5) for wait in waits)
    assert claim_calendar(session, REAL + 5 * HOUR, LEASE) is None
    claim(session, REAL + 7 * HOUR)


def test_whoever_left_is_not_looked_at(session: Session, ana: Person) -> None:
    connect(session, ana, URL, NOW)
    ana.active = False
    assert claim_calendar(session, REAL, LEASE) is None


@pytest.mark.parametrize(
    ("problem", "minutes"),
    [
        (Problem.NO_ANSWER, [1, 4, 16, 64, 256, 1024, 1440, 1440]),
        (Problem.GONE, [360, 720, 1440, 1440]),
    ],
)
def test_what_fails_is_left_alone_longer_and_longer(
    session: Session, ana: Person, problem: Problem, minutes: list[int]
) -> None:
    here = connect(session, ana, URL, NOW)
    real, waited = REAL, []
    for _ in minutes:
        calendars.failed(session, claim(session, real), problem, NOW, real)
        assert here.next_at is not None
        waited.append((here.next_at - real) / timedelta(minutes=1))
        real = here.next_at
    assert waited == minutes
    held = claim(session, real)
    calendars.failed(session, held, Problem.FAULT, NOW, real, at_least=timedelta(hours=30))
    assert here.next_at == real + timedelta(hours=30)


def test_whoever_gave_it_hears_at_once_or_after_three_days(session: Session, ana: Person) -> None:
    here = connect(session, ana, URL, NOW)
    assert calendars.failed(session, claim(session), Problem.GONE, NOW, REAL)
    assert is_long_failing(here, NOW)
    here.next_at = None
    assert not calendars.failed(session, claim(session), Problem.GONE, NOW, REAL), "told already"
    assert take(session, ana)
    assert not is_long_failing(here, NOW)
    here.next_at = None
    assert not calendars.failed(session, claim(session), Problem.GONE, NOW, REAL)
    assert (here.failing_since, here.failures) == (NOW, 1)
    assert not is_long_failing(here, NOW + 3 * DAY - HOUR)
    assert is_long_failing(here, NOW + 3 * DAY)


# --- asking again


def test_what_is_as_before_need_not_come_again(session: Session, ana: Person) -> None:
    take(session, ana, etag='"1"', last_modified="then")

    def asks(now: datetime) -> str | None:
        here = current_address(session, ana.id)
        assert here is not None
        here.next_at = None
        held = claim(session)
        question = calendars.asked(session, held, now)
        assert not calendars.unchanged(session, held, now, REAL)
        return question.etag

    assert asks(NOW + HOUR) == '"1"'
    assert asks(NOW + 15 * DAY) == '"1"'
    assert asks(NOW + 16 * DAY) is None, "sixty days ahead are not known any more"
    ana.zone = "Europe/Berlin"
    assert asks(NOW + HOUR) is None, "it reads differently there"


# --- what it leaves


def test_when_somebody_is_busy(session: Session, world: World, ana: Person) -> None:
    times = [(at(3, 9), at(3, 10)), (at(3, 13), at(3, 14)), (at(4, 9), at(4, 10))]
    take(session, ana, times)
    assert busy(session, [ana.id, world.ben], at(3, 0), at(4, 0)) == {
        ana.id: times[:2],
        world.ben: [],
    }
    assert busy(session, [ana.id], at(3, 10), at(3, 13))[ana.id] == [], "what only touches is free"
    assert busy(session, [ana.id], at(3, 9, 30), at(3, 9, 31))[ana.id] == times[:1]


def test_what_moved_in_the_calendar_moves(session: Session, ana: Person) -> None:
    take(session, ana, [(at(3, 9), at(3, 10)), (at(3, 13), at(3, 14))])
    stays = session.scalars(select(BusyTime.id)).all()
    take(session, ana, [(at(3, 13), at(3, 14)), (at(4, 9), at(4, 10))])
    assert busy(session, [ana.id], at(1, 0), at(6, 0))[ana.id] == [
        (at(3, 13), at(3, 14)),
        (at(4, 9), at(4, 10)),
    ]
    assert set(stays) & set(session.scalars(select(BusyTime.id)).all()), "what stays is not written"


def test_days_off_excuse_what_has_not_begun_and_follow(session: Session, world: World) -> None:
    ana = get_person(session, world.ana)
    held = a_session(session, world, weekday=3)
    assert take(session, ana, (), {"k": WED})
    assert (state_of(session, held.id), held.excuse) == (State.EXCUSED, Excuse.PERSON_OFF)
    [shown] = days_off(session, ana, NOW).absences
    assert (shown.source, len(shown.excused)) == (AbsenceSource.CALENDAR, 1)
    thursday = (WED[0] + DAY, WED[0] + DAY)
    assert take(session, ana, (), {"k": thursday})
    assert state_of(session, held.id) is State.DUE, "it is on another day now"
    assert day_off(session, ana, thursday[0]) is not None
    assert take(session, ana)
    assert day_off(session, ana, thursday[0]) is None
    assert not take(session, ana), "nothing new"


def test_what_has_begun_is_not_excused(session: Session, world: World) -> None:
    ana = get_person(session, world.ana)
    begun = a_one_on_one(session, world.max, world.ana, NOW - HOUR)
    take(session, ana, (), {"k": (TODAY, TODAY)})
    assert state_of(session, begun.id) is State.DUE


def test_what_the_person_took_back_stays_so_whatever_the_calendar_says(
    session: Session, ana: Person
) -> None:
    take(session, ana, (), {"k": WED})
    [entered] = absences(session, ana.id, TODAY)
    leave_absence(session, ana, entered.id, NOW)
    assert not take(session, ana, (), {"k": WED})
    assert absences(session, ana.id, TODAY) == []
    take(session, ana)
    assert not take(session, ana, (), {"k": WED})
    assert absences(session, ana.id, TODAY) == []


def test_removed_it_leaves_nothing_ahead(session: Session, world: World, ana: Person) -> None:
    held = a_session(session, world, weekday=3)
    own = (date(2026, 12, 24), date(2026, 12, 24))
    take(session, ana, [(at(3, 9), at(3, 10))], {"k": WED, "over": (TODAY - DAY, TODAY + DAY)})
    enter_absence(session, ana, *own, NOW)
    leave_calendar(session, ana, NOW)
    assert busy(session, [ana.id], at(1, 0), at(6, 0))[ana.id] == []
    left = [(one.starts_on, one.ends_on) for one in absences(session, ana.id, TODAY - 9 * DAY)]
    assert left == [(TODAY - DAY, TODAY - DAY), own], "what is over, and what was entered"
    assert state_of(session, held.id) is State.DUE


def test_the_same_calendar_again_brings_the_same_days_again(session: Session, ana: Person) -> None:
    take(session, ana, (), {"k": WED})
    leave_calendar(session, ana, NOW)
    assert take(session, ana, (), {"k": WED})
    assert len(absences(session, ana.id, TODAY)) == 1


def test_another_address_takes_over_once_it_was_read(session: Session, ana: Person) -> None:
    take(session, ana, [(at(3, 9), at(3, 10))], {"k": WED})
    connect(session, ana, OTHER, NOW)
    calendars.failed(session, claim(session), Problem.GONE, NOW, REAL)
    assert len(busy(session, [ana.id], at(1, 0), at(6, 0))[ana.id]) == 1
    assert len(absences(session, ana.id, TODAY)) == 1
    take(session, ana, [(at(4, 9), at(4, 10))])
    assert busy(session, [ana.id], at(1, 0), at(6, 0))[ana.id] == [(at(4, 9), at(4, 10))]
    assert absences(session, ana.id, TODAY) == []


# --- what its owner sees


def test_what_is_shown_as_time_goes_by(session: Session, world: World, ana: Person) -> None:
    assert calendar_shown(session, ana, NOW) is None
    connect(session, ana, URL, NOW)
    first = calendar_shown(session, ana, NOW)
    assert first is not None
    assert (first.looking, first.to_tell, first.was_read) == (True, False, False)
    far = NOW + 15 * DAY
    take(session, ana, [(at(3, 9), at(3, 10)), (far, far + HOUR)], {"k": WED}, unread=2)
    read = calendar_shown(session, ana, NOW)
    assert read is not None
    assert (read.looking, read.busy, read.off, read.unread) == (False, 1, (WED,), 2)
    assert calendar_shown(session, get_person(session, world.ben), NOW) is None


def test_a_workspace_sees_its_own_alone(database: Database, world: World, south: World) -> None:
    for one in (world, south):
        with database.transaction(one.workspace_id) as session:
            connect(session, get_person(session, one.ana), URL, NOW)
            stranger = a_person(session, "U0ZOE", "Zoe")
            assert current_address(session, stranger.id) is None
    with database.everywhere() as session:
        claims = [claim(session), claim(session)]
    assert {one.workspace_id for one in claims} == {world.workspace_id, south.workspace_id}
    with database.transaction(south.workspace_id) as session:
        theirs = next(one for one in claims if one.workspace_id == world.workspace_id)
        with pytest.raises(CalendarLost):
            calendars.held(session, theirs)
