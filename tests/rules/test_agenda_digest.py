"""The digest's prompt: whose schedule it has, when it comes due, and on which days it is silent."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.absences import put_absence
from models.agenda import PROMPTS, choose_reminders, keep_digest, tell_skipped
from models.attention import digests_around, digests_from
from models.days import digest_key, next_working_day, working_day_before
from models.delivery import Delivery, Kind, owe
from models.people import Person, get_person, put_workspace
from models.roster import put_person
from models.schedule import (
    Lateness,
    Occurrence,
    OccurrenceState,
    Schedule,
    materialise,
    settle,
    skip,
)
from models.standards import Standards
from models.week import DIGEST
from tests.world import World, a_person

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
MONDAY = datetime(2026, 11, 23, 13, 30, tzinfo=UTC)  # 08:30 in New York
BEFORE = MONDAY - HOUR


def schedules(session: Session, person_id: int) -> list[Schedule]:
    return list(session.scalars(select(Schedule).where(Schedule.person_id == person_id)))


def kept(session: Session, person: Person, now: datetime = BEFORE) -> Schedule:
    keep_digest(session, person, now)
    [schedule] = schedules(session, person.id)
    return schedule


def due(session: Session, now: datetime) -> list[Occurrence]:
    """Carry out what is due, as the scheduler does; what it was, oldest first."""
    materialise(session, now)
    waiting = session.scalars(
        select(Occurrence)
        .where(Occurrence.state == OccurrenceState.DUE)
        .order_by(Occurrence.due_at, Occurrence.id)
    ).all()
    for occurrence in waiting:
        PROMPTS[DIGEST](session, occurrence, now)
        settle(occurrence, now)
    session.flush()
    return list(waiting)


def owed(session: Session, kind: Kind = Kind.DIGEST) -> list[Delivery]:
    return list(session.scalars(select(Delivery).where(Delivery.kind == kind)))


@pytest.fixture
def ana(session: Session, world: World) -> Person:
    return get_person(session, world.ana)


# --- a person's schedule


def test_everybody_has_one_at_half_past_eight_on_their_working_days(
    session: Session, ana: Person
) -> None:
    schedule = kept(session, ana)
    assert (schedule.prompt, schedule.weekdays, schedule.local_time, schedule.zone) == (
        DIGEST,
        "12345",
        time(8, 30),
        "America/New_York",
    )
    assert (schedule.lateness, schedule.late_hours, schedule.team_id) == (Lateness.HOURS, 4, None)
    assert schedule.is_on
    assert not keep_digest(session, ana, BEFORE + 7 * DAY), "the same again changes nothing"


def test_it_follows_zone_working_days_and_the_standard_time(
    session: Session, world: World, ana: Person
) -> None:
    kept(session, ana)
    put_workspace(
        session, world.workspace_id, now=BEFORE, standards=Standards(digest_at=time(9, 15))
    )
    put_person(
        session, "U0ANA", name="Ana", role=ana.role, zone="Europe/Berlin", working_days="1234"
    )
    assert keep_digest(session, ana, BEFORE)
    [schedule] = schedules(session, ana.id)
    assert (schedule.weekdays, schedule.local_time, schedule.zone) == (
        "1234",
        time(9, 15),
        "Europe/Berlin",
    )


def test_who_leaves_gets_none_until_they_are_back(session: Session, ana: Person) -> None:
    kept(session, ana)
    ana.active = False
    assert keep_digest(session, ana, BEFORE)
    assert due(session, MONDAY + DAY) == []
    ana.active = True
    assert keep_digest(session, ana, MONDAY + DAY + HOUR)
    assert [one.local_date for one in due(session, MONDAY + DAY + HOUR)] == [date(2026, 11, 24)]


@pytest.mark.parametrize(
    ("hours", "first"),
    [(-1, date(2026, 11, 23)), (3, date(2026, 11, 23)), (4, date(2026, 11, 24))],
)
def test_who_comes_too_late_today_begins_tomorrow(
    session: Session, ana: Person, hours: int, first: date
) -> None:
    assert kept(session, ana, MONDAY + hours * HOUR).active_from == first


def test_somebody_without_a_team_has_one_too(session: Session, world: World) -> None:
    freelance = a_person(session, "U0FREE", "Free")
    assert kept(session, freelance).is_on


# --- coming due


def test_it_is_owed_to_that_person_once_a_day(session: Session, ana: Person) -> None:
    kept(session, ana)
    [monday] = due(session, MONDAY)
    assert due(session, MONDAY) == []
    [message] = owed(session)
    assert (message.person_id, message.channel_id, message.subject_id, message.due_at) == (
        ana.id,
        None,
        monday.id,
        MONDAY,
    )
    assert message.dedupe_key == digest_key(ana.id, date(2026, 11, 23))
    assert monday.state is OccurrenceState.RAN


def test_out_of_office_it_is_skipped_and_nobody_is_told(session: Session, ana: Person) -> None:
    kept(session, ana)
    put_absence(session, ana, date(2026, 11, 23), date(2026, 11, 24), BEFORE - DAY)
    [monday] = due(session, MONDAY)
    assert (monday.state, monday.reason) == (OccurrenceState.SKIPPED, "day_off")
    assert owed(session) == owed(session, Kind.SCHEDULE_SKIPPED) == []
    [tuesday] = due(session, MONDAY + DAY)
    assert tuesday.reason == "day_off"
    [wednesday] = due(session, MONDAY + 2 * DAY)
    assert wednesday.state is OccurrenceState.RAN


def test_on_a_public_holiday_it_is_skipped(session: Session, ana: Person) -> None:
    ana.holiday_calendar = "US"
    kept(session, ana, BEFORE + 3 * DAY)
    [thanksgiving] = due(session, MONDAY + 3 * DAY)
    assert (thanksgiving.local_date, thanksgiving.reason) == (date(2026, 11, 26), "day_off")


def test_on_a_weekend_there_is_none(session: Session, ana: Person) -> None:
    kept(session, ana, BEFORE + 5 * DAY)
    assert due(session, MONDAY + 6 * DAY) == []


def test_one_that_is_too_late_is_told_to_that_person_alone(session: Session, ana: Person) -> None:
    kept(session, ana)
    materialise(session, MONDAY + 5 * HOUR)
    [missed] = session.scalars(select(Occurrence))
    skip(missed, "late", MONDAY + 5 * HOUR)
    tell_skipped(session, missed, MONDAY + 5 * HOUR)
    assert [one.person_id for one in owed(session, Kind.SCHEDULE_SKIPPED)] == [ana.id]


@pytest.mark.parametrize("reason", ["off", "gone"])
def test_one_that_is_too_late_is_told_to_nobody_who_was_off(
    session: Session, ana: Person, reason: str
) -> None:
    kept(session, ana)
    materialise(session, MONDAY + 5 * HOUR)
    [missed] = session.scalars(select(Occurrence))
    if reason == "off":
        put_absence(session, ana, date(2026, 11, 23), date(2026, 11, 23), BEFORE)
    else:
        ana.active = False
    skip(missed, "late", MONDAY + 5 * HOUR)
    tell_skipped(session, missed, MONDAY + 5 * HOUR)
    assert owed(session, Kind.SCHEDULE_SKIPPED) == []


# --- what it looks at


def test_the_working_days_around_a_date_leave_out_what_is_off(
    session: Session, ana: Person
) -> None:
    ana.holiday_calendar = "US"
    put_absence(session, ana, date(2026, 11, 27), date(2026, 11, 27), BEFORE)
    wednesday, monday = date(2026, 11, 25), date(2026, 11, 30)
    assert next_working_day(session, ana, wednesday) == monday
    assert working_day_before(session, ana, monday) == wednesday


def test_a_year_without_a_working_day_gives_the_day_beside_it(
    session: Session, ana: Person
) -> None:
    first = date(2026, 11, 23)
    put_absence(session, ana, first - 366 * DAY, first, BEFORE)
    put_absence(session, ana, first, first + 366 * DAY, BEFORE)
    put_absence(session, ana, first + 300 * DAY, first + 600 * DAY, BEFORE)
    put_absence(session, ana, first - 600 * DAY, first - 300 * DAY, BEFORE)
    assert next_working_day(session, ana, first) == first + DAY
    assert working_day_before(session, ana, first) == first - DAY


def test_the_digests_that_may_name_a_moment_are_those_that_were_sent(
    session: Session, ana: Person
) -> None:
    """Whatever days off came afterwards: the newest before it, that day's, and the two after."""
    friday_night = datetime(2026, 11, 28, 2, 0, tzinfo=UTC)  # still Friday in New York
    for day in (24, 25, 27, 28, 30):
        on = date(2026, 11, day)
        owe(session, Kind.DIGEST, day, dedupe_key=digest_key(ana.id, on), due_at=friday_night,
            person_id=ana.id)  # fmt: skip
    put_absence(session, ana, date(2026, 11, 27), date(2026, 12, 1), friday_night)
    around = [f"digest:{ana.id}:2026-11-{day}" for day in (25, 27, 28, 30)]
    assert digests_around(session, ana, [friday_night]) == around
    assert digests_from(session, ana.id, date(2026, 11, 27)) == around[1:]
    earlier = [f"digest:{ana.id}:2026-11-24", *around]
    assert digests_around(session, ana, [friday_night, friday_night - 3 * DAY]) == earlier
    assert digests_around(session, ana, [friday_night + 30 * DAY]) == around[-1:]


def test_reminders_have_two_switches(session: Session, ana: Person) -> None:
    choose_reminders(session, ana, day_before=False, at_start=True)
    assert (ana.reminded_day_before, ana.reminded_at_start) == (False, True)
    choose_reminders(session, ana, day_before=True, at_start=False)
    assert (ana.reminded_day_before, ana.reminded_at_start) == (True, False)
