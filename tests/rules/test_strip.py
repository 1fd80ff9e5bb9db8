"""The manager's week: what of the team's prompts ran, what did not, and why."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.absences import put_absence
from models.agenda import PROMPTS, Skipped
from models.company_days import CompanyDaySaid, put_company_day
from models.delivery import Delivery, DeliveryState, Kind
from models.people import get_person, members, team
from models.pipeline_review import open_review
from models.schedule import (
    Occurrence,
    OccurrenceState,
    SkipReason,
    materialise,
    schedule_of,
    settle,
    skip,
)
from models.screens import PromptOfDay, Ran, home, skipped_notice
from models.setup import ReviewTimes, WeekTime, put_times
from models.week import CARDS, DECIDING, PICK
from tests.owing import owe
from tests.reviews import some_deals
from tests.world import World, a_team

DAY = timedelta(days=1)
MONDAY, TUESDAY, WEDNESDAY = (date(2026, 11, 23) + n * DAY for n in range(3))
EARLY = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)  # Monday 09:00 in New York
CARDS_AT = datetime(2026, 11, 24, 20, 0, tzinfo=UTC)
DECIDING_AT = datetime(2026, 11, 25, 15, 0, tzinfo=UTC)


@pytest.fixture
def west(session: Session, world: World) -> World:
    """West with its review, and some deals."""
    some_deals(session, world, 5)
    put_times(session, team(session, world.team), ReviewTimes(), EARLY, MONDAY)
    return world


def strip(session: Session, person_id: int, now: datetime) -> dict[date, list[PromptOfDay]]:
    """The days of the week that have cards or deciding."""
    found = home(session, get_person(session, person_id), now).coach
    assert found is not None
    of_reviews = {
        day.on: [one for one in day.prompts if one.prompt in (CARDS, DECIDING)]
        for day in found.week
    }
    return {day: prompts for day, prompts in of_reviews.items() if prompts}


def run(session: Session, now: datetime) -> None:
    materialise(session, now)
    due = select(Occurrence).where(
        Occurrence.state == OccurrenceState.DUE, Occurrence.due_at <= now
    )
    for one in session.scalars(due.order_by(Occurrence.due_at)).all():
        PROMPTS[schedule_of(session, one).prompt](session, one, now)
        settle(one, now)
    session.flush()


def test_what_is_to_come_ran_and_was_skipped(session: Session, west: World) -> None:
    [cards], [deciding] = strip(session, west.max, EARLY).values()
    assert (cards.prompt, cards.at, cards.ran) == (CARDS, CARDS_AT, Ran.COMING)
    assert (deciding.prompt, deciding.at, deciding.ran) == (DECIDING, DECIDING_AT, Ran.COMING)
    materialise(session, CARDS_AT)
    assert [one.ran for one in strip(session, west.max, CARDS_AT)[TUESDAY]] == [Ran.DUE]
    run(session, CARDS_AT)
    assert [one.ran for one in strip(session, west.max, CARDS_AT)[TUESDAY]] == [Ran.DONE]
    materialise(session, DECIDING_AT)
    waits = session.scalars(select(Occurrence).where(Occurrence.local_date == WEDNESDAY)).one()
    skip(waits, SkipReason.LATE, DECIDING_AT + DAY)
    friday = strip(session, west.max, DECIDING_AT + 2 * DAY)
    assert [(one.ran, one.reason) for one in friday[WEDNESDAY]] == [(Ran.SKIPPED, "late")]
    assert strip(session, west.max, EARLY + 7 * DAY).keys() == {
        TUESDAY + 7 * DAY,
        WEDNESDAY + 7 * DAY,
    }


def test_deciding_that_was_put_off_stands_on_both_days(session: Session, west: World) -> None:
    for person_id in (west.max, west.lea):
        put_absence(session, get_person(session, person_id), WEDNESDAY, WEDNESDAY, EARLY)
    run(session, CARDS_AT)
    run(session, DECIDING_AT)
    found = strip(session, west.max, DECIDING_AT)
    [wednesday], [thursday] = found[WEDNESDAY], found[WEDNESDAY + DAY]
    assert (wednesday.ran, wednesday.reason) == (Ran.SKIPPED, Skipped.PUT_OFF)
    assert wednesday.put_off_to == thursday.at == DECIDING_AT + DAY
    assert thursday.ran is Ran.COMING


def told(session: Session, kind: Kind) -> int:
    return len(session.scalars(select(Delivery).where(Delivery.kind == kind)).all())


def test_a_day_off_known_before_the_cards_is_never_promised(session: Session, west: World) -> None:
    offsite = CompanyDaySaid("Offsite", WEDNESDAY, WEDNESDAY, team_id=west.team)
    put_company_day(session, offsite, west.ada, EARLY)
    run(session, CARDS_AT)
    review = open_review(session, west.team)
    assert review is not None
    assert review.decide_from == DECIDING_AT + DAY
    found = strip(session, west.max, CARDS_AT)
    [wednesday], [thursday] = found[WEDNESDAY], found[WEDNESDAY + DAY]
    assert (wednesday.ran, thursday.ran, thursday.at) == (Ran.OFF, Ran.COMING, DECIDING_AT + DAY)
    run(session, DECIDING_AT)
    [wednesday] = strip(session, west.max, DECIDING_AT)[WEDNESDAY]
    assert (wednesday.reason, wednesday.put_off_to) == (Skipped.TEAM_OFF, DECIDING_AT + DAY)
    assert (told(session, Kind.SCHEDULE_SKIPPED), told(session, Kind.REVIEW_DECIDING)) == (0, 0)
    run(session, DECIDING_AT + DAY)
    assert [one.ran for one in strip(session, west.max, DECIDING_AT + DAY)[WEDNESDAY + DAY]] == [
        Ran.DONE
    ]
    assert (told(session, Kind.SCHEDULE_SKIPPED), told(session, Kind.REVIEW_DECIDING)) == (0, 1)
    next_week = strip(session, west.max, EARLY + 7 * DAY)
    assert [one.at for one in next_week[WEDNESDAY + 7 * DAY]] == [DECIDING_AT + 7 * DAY]


def test_a_company_day_entered_after_the_cards_puts_deciding_off_by_its_name(
    session: Session, west: World
) -> None:
    run(session, CARDS_AT)
    offsite = CompanyDaySaid("Offsite", WEDNESDAY, WEDNESDAY, team_id=west.team)
    put_company_day(session, offsite, west.ada, CARDS_AT)
    run(session, DECIDING_AT)
    [wednesday] = strip(session, west.max, DECIDING_AT)[WEDNESDAY]
    assert (wednesday.reason, wednesday.put_off_to) == (Skipped.TEAM_PUT_OFF, DECIDING_AT + DAY)
    waits = session.scalars(select(Occurrence).where(Occurrence.local_date == WEDNESDAY)).one()
    notice = skipped_notice(session, waits.id, DECIDING_AT)
    assert notice is not None
    assert (notice.put_off_to, notice.day_off) == (DECIDING_AT + DAY, "Offsite")
    assert told(session, Kind.SCHEDULE_SKIPPED) > 0


def test_what_will_not_come_on_a_day_off_of_the_whole_team_is_said_before(
    session: Session, west: World
) -> None:
    offsite = CompanyDaySaid("Offsite", TUESDAY, WEDNESDAY, team_id=west.team)
    put_company_day(session, offsite, west.ada, EARLY)
    found = strip(session, west.max, EARLY)
    assert [one.ran for one in (*found[TUESDAY], *found[WEDNESDAY])] == [Ran.OFF, Ran.OFF]
    coach = home(session, get_person(session, west.max), EARLY).coach
    assert coach is not None
    [pick] = [one for day in coach.week for one in day.prompts if one.prompt == PICK]
    assert pick.ran is Ran.OFF
    names = {day.on: day.off.name for day in coach.week if day.off and day.on.isoweekday() < 6}
    assert names == {TUESDAY: "Offsite", WEDNESDAY: "Offsite"}
    next_week = strip(session, west.max, EARLY + 7 * DAY).values()
    assert {one.ran for of_day in next_week for one in of_day} == {Ran.COMING}


def test_a_day_off_of_some_keeps_nothing_from_coming(session: Session, west: World) -> None:
    reps = members(session, west.team)
    for each in reps:
        put_absence(session, each, TUESDAY, TUESDAY, EARLY)
    assert [one.ran for one in strip(session, west.max, EARLY)[TUESDAY]] == [Ran.COMING]
    put_absence(session, get_person(session, west.max), TUESDAY, TUESDAY, EARLY)
    assert [one.ran for one in strip(session, west.max, EARLY)[TUESDAY]] == [Ran.OFF]
    put_absence(session, reps[0], WEDNESDAY, WEDNESDAY, EARLY)
    put_absence(session, get_person(session, west.max), WEDNESDAY, WEDNESDAY, EARLY)
    assert [one.ran for one in strip(session, west.max, EARLY)[WEDNESDAY]] == [Ran.COMING]


def test_only_who_manages_the_team_has_its_prompts(session: Session, west: World) -> None:
    assert home(session, get_person(session, west.ana), EARLY).coach is None
    lea = home(session, get_person(session, west.lea), EARLY).coach
    assert lea is not None
    assert [day.prompts for day in lea.week] == [()] * 5


def test_who_coaches_nobody_but_manages_sees_the_week(session: Session, world: World) -> None:
    south = a_team(session, "South", manager_id=world.ada, zone="America/Los_Angeles")
    put_times(session, south, ReviewTimes(), EARLY, MONDAY)
    assert strip(session, world.ada, EARLY)[TUESDAY][0].at == CARDS_AT + timedelta(hours=3)


def test_days_are_the_readers(session: Session, west: World) -> None:
    get_person(session, west.max).zone = "Asia/Tokyo"
    assert set(strip(session, west.max, EARLY)) == {WEDNESDAY, WEDNESDAY + DAY}


def test_what_was_switched_off_does_not_come(session: Session, west: World) -> None:
    put_times(session, team(session, west.team), ReviewTimes(is_on=False), EARLY, MONDAY)
    assert strip(session, west.max, EARLY) == {}


def test_a_changed_time_shows_no_day_twice(session: Session, west: World) -> None:
    run(session, CARDS_AT)
    later = ReviewTimes(WeekTime(2, time(16)), WeekTime(3, time(10)))
    put_times(session, team(session, west.team), later, CARDS_AT, None)
    assert [one.ran for one in strip(session, west.max, CARDS_AT)[TUESDAY]] == [Ran.DONE]


def test_what_is_held_back_in_the_channel_is_named_once(session: Session, west: World) -> None:
    for number, error in enumerate(("not_in_channel", "parent_parked", "parent_parked")):
        message = owe(
            session, Kind.REVIEW_CARD, number, dedupe_key=f"c{number}", due_at=CARDS_AT,
            channel_id=west.channel,
        )  # fmt: skip
        message.state, message.error = DeliveryState.PARKED, error
    session.flush()
    shown = home(session, get_person(session, west.max), CARDS_AT).coach
    assert shown is not None
    [held] = shown.held_back
    assert (held.team.name, held.count, held.since, held.error) == (
        "West", 3, CARDS_AT, "not_in_channel",
    )  # fmt: skip
    for message in session.scalars(select(Delivery)):
        message.state = DeliveryState.OWED
    session.flush()
    after = home(session, get_person(session, west.max), CARDS_AT).coach
    assert after is not None
    assert after.held_back == ()
