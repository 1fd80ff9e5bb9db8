"""A bot that was down catches up: what is still worth it runs, what is not is skipped and said.

product.md, "The week": health check until 12:00, deal cards until deciding, forecast until
midnight, digest 4 hours, reminders until the start; also where the clocks change.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.scheduler import run_due
from models.agenda import PROMPTS, keep_digest
from models.base import Database
from models.company_days import CompanyDaySaid
from models.delivery import Delivery, Kind
from models.one_on_ones import OneOnOne, Sitting, State, enter_absence, put_standing
from models.people import Person, get_person, team
from models.schedule import Lateness, Occurrence, OccurrenceState, Schedule, put_schedule
from models.screens import one_on_one_coach, one_on_one_person, rating_asked, skipped_notice
from models.setup import ReviewTimes, WeekTime, enter_company_day, put_times
from models.week import CARDS, DECIDING, DIGEST, PICK
from tests.reviews import some_deals
from tests.world import World, a_workspace

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)
NEW_YORK = "America/New_York"
TUESDAY = date(2026, 11, 24)


@pytest.fixture
def world(database: Database) -> World:
    return a_workspace(database)


def at(zone: str, day: date, local: time) -> datetime:
    return datetime.combine(day, local, ZoneInfo(zone)).astimezone(UTC)


def says(_session: Session, _occurrence: Occurrence, _now: datetime) -> None:
    """A prompt that is carried out."""


def run(database: Database, now: datetime, *prompts: str) -> None:
    """The bot is there again: with its own prompts, or with some that only run."""
    run_due(database, dict.fromkeys(prompts, says) or PROMPTS, lambda: now)


def became(database: Database, prompt: str) -> list[tuple[date, str, str | None]]:
    with database.everywhere() as session:
        rows = session.execute(
            select(Occurrence.local_date, Occurrence.state, Occurrence.reason)
            .join(Schedule, Schedule.id == Occurrence.schedule_id)
            .where(Schedule.prompt == prompt)
            .order_by(Occurrence.local_date, Occurrence.slot)
        )
        return [(day, str(state), reason) for day, state, reason in rows]


def owed(database: Database, kind: Kind) -> list[Delivery]:
    with database.everywhere() as session:
        return list(session.scalars(select(Delivery).where(Delivery.kind == kind)))


# --- each limit, on ordinary days and where the clocks change

CHECK = {"local_time": time(9), "lateness": Lateness.UNTIL_TIME, "late_until": time(12)}
FORECAST = {"local_time": time(15), "lateness": Lateness.MIDNIGHT}
CARDS_TOO = {"local_time": time(15), "lateness": Lateness.NEXT_DAY_TIME, "late_until": time(10)}
MORNING = {"local_time": time(8, 30), "lateness": Lateness.HOURS, "late_hours": 4}
EARLY = {"local_time": time(1, 30), "lateness": Lateness.HOURS, "late_hours": 4}


@pytest.mark.parametrize(
    ("zone", "day"),
    [
        (NEW_YORK, TUESDAY),
        ("Europe/Berlin", date(2026, 3, 29)),
        ("Europe/Berlin", date(2026, 10, 25)),
        ("Australia/Lord_Howe", date(2026, 4, 5)),
        ("America/Santiago", date(2026, 9, 6)),
    ],
)
@pytest.mark.parametrize(
    ("rule", "days", "limit"),
    [(CHECK, 0, time(12)), (FORECAST, 1, time()), (CARDS_TOO, 1, time(10))],
)
def test_until_its_limit_it_runs_and_at_it_no_more(
    database: Database,
    world: World,
    zone: str,
    day: date,
    rule: dict[str, object],
    days: int,
    limit: time,
) -> None:
    last = at(zone, day + days * DAY, limit)
    for prompt, moment, expected in (
        ("in.time", last - SECOND, ("ran", None)),
        ("too.late", last, ("skipped", "late")),
    ):
        with database.transaction(world.workspace_id) as session:
            for person in session.scalars(select(Person)):
                person.working_days = "1234567"
            put_schedule(
                session, world.team, prompt, weekdays="1234567", zone=zone, active_from=day,
                **rule,  # type: ignore[arg-type]
            )  # fmt: skip
        run(database, moment, "in.time", "too.late")
        assert became(database, prompt)[0] == (day, *expected)


@pytest.mark.parametrize("rule", [MORNING, EARLY])
@pytest.mark.parametrize(
    ("zone", "day"), [("Europe/Berlin", date(2026, 3, 29)), ("Europe/Berlin", date(2026, 10, 25))]
)
def test_four_hours_are_hours_whatever_the_clocks_do(
    database: Database, world: World, zone: str, day: date, rule: dict[str, object]
) -> None:
    due = at(zone, day, rule["local_time"])  # type: ignore[arg-type]
    for prompt, late, state in (("a", 4 * HOUR - SECOND, "ran"), ("b", 4 * HOUR, "skipped")):
        with database.transaction(world.workspace_id) as session:
            put_schedule(
                session, world.team, prompt, weekdays="7", zone=zone, active_from=day,
                **rule,  # type: ignore[arg-type]
            )  # fmt: skip
        run(database, due + late, "a", "b")
        assert [one[1] for one in became(database, prompt)] == [state]


# --- the review and the digest, as they are


@pytest.fixture
def review(database: Database, world: World) -> World:
    """West has deals, and its review on Tuesdays and Wednesdays."""
    with database.transaction(world.workspace_id) as session:
        some_deals(session, world, 6)
        monday = at(NEW_YORK, TUESDAY - DAY, time(8))
        put_times(session, team(session, world.team), ReviewTimes(), monday, TUESDAY - DAY)
    return world


def test_cards_that_are_late_start_a_review_until_deciding(
    database: Database, review: World
) -> None:
    run(database, at(NEW_YORK, TUESDAY + DAY, time(9, 59)))
    assert became(database, CARDS) == [(TUESDAY, "ran", None)]
    assert len(owed(database, Kind.REVIEW_CARD)) == 6
    run(database, at(NEW_YORK, TUESDAY + DAY, time(23, 59)))
    assert became(database, DECIDING) == [(TUESDAY + DAY, "ran", None)]


def test_past_that_there_is_none_and_it_is_said(database: Database, review: World) -> None:
    run(database, at(NEW_YORK, TUESDAY + DAY, time(10)))
    assert became(database, CARDS) == [(TUESDAY, "skipped", "late")]
    assert became(database, DECIDING) == [(TUESDAY + DAY, "skipped", "no_review")]
    told = {one.person_id for one in owed(database, Kind.SCHEDULE_SKIPPED)}
    assert told == {review.max, review.ada}


def test_after_weeks_each_date_is_recorded_and_one_message_names_the_newest(
    database: Database, review: World
) -> None:
    now = at(NEW_YORK, TUESDAY + 23 * DAY, time(8))
    run(database, now)
    found = became(database, CARDS)
    assert found == [(TUESDAY + n * 7 * DAY, "skipped", "late") for n in range(4)]
    told = owed(database, Kind.SCHEDULE_SKIPPED)
    assert sorted(one.person_id or 0 for one in told) == sorted((review.max, review.ada))
    with database.transaction(review.workspace_id) as session:
        notice = skipped_notice(session, told[0].subject_id, now)
        assert notice is not None
        about = {(notice.prompt, notice.due_at), *notice.others}
    assert about == {
        (PICK, at(NEW_YORK, TUESDAY + 21 * DAY, time(14))),
        (CARDS, at(NEW_YORK, TUESDAY + 21 * DAY, time(15))),
        (DECIDING, at(NEW_YORK, TUESDAY + 22 * DAY, time(10))),
    }


def test_two_outages_are_two_messages(database: Database, review: World) -> None:
    run(database, at(NEW_YORK, TUESDAY + DAY, time(10)))
    now = at(NEW_YORK, TUESDAY + 8 * DAY, time(10))
    run(database, now)
    told = owed(database, Kind.SCHEDULE_SKIPPED)
    assert len(told) == 4
    with database.transaction(review.workspace_id) as session:
        for one in told:
            notice = skipped_notice(session, one.subject_id, now)
            assert notice is not None
            weeks = {at.isocalendar().week for at in (notice.due_at, *dict(notice.others).values())}
            assert len(weeks) == 1


def test_an_outage_over_the_weekend_loses_nothing(database: Database, review: World) -> None:
    with database.transaction(review.workspace_id) as session:
        ana = get_person(session, review.ana)
        keep_digest(session, ana, at(NEW_YORK, TUESDAY + 2 * DAY, time(13)))
    friday, monday = TUESDAY + 3 * DAY, TUESDAY + 6 * DAY
    run(database, at(NEW_YORK, friday, time(9)))
    run(database, at(NEW_YORK, monday, time(8)))
    run(database, at(NEW_YORK, monday, time(9)))
    assert became(database, DIGEST) == [(friday, "ran", None), (monday, "ran", None)]


def test_who_moved_during_the_outage_gets_what_is_worth_it_there(
    database: Database, review: World
) -> None:
    """The team moves from New York to Los Angeles while nothing runs on Wednesday."""
    run(database, at(NEW_YORK, TUESDAY, time(15)))
    moved = at(NEW_YORK, TUESDAY + DAY, time(11))
    with database.transaction(review.workspace_id) as session:
        west = team(session, review.team)
        west.zone = "America/Los_Angeles"
        put_times(session, west, ReviewTimes(), moved)
    run(database, at("America/Los_Angeles", TUESDAY + DAY, time(9, 59)))
    assert became(database, DECIDING) == [(TUESDAY + DAY, "due", None)]
    run(database, at("America/Los_Angeles", TUESDAY + DAY, time(23)))
    assert became(database, DECIDING) == [(TUESDAY + DAY, "ran", None)]
    assert became(database, CARDS) == [(TUESDAY, "ran", None)]


@pytest.mark.parametrize("late", [timedelta(), 20 * HOUR])
def test_on_a_day_on_which_nobody_of_the_team_works_cards_are_excused(
    database: Database, review: World, late: timedelta
) -> None:
    _company_day(database, review, TUESDAY, TUESDAY)
    run(database, at(NEW_YORK, TUESDAY, time(15)) + late)
    assert became(database, CARDS) == [(TUESDAY, "skipped", "team_off")]
    assert owed(database, Kind.SCHEDULE_SKIPPED) == []


def test_who_is_there_gets_the_cards(database: Database, review: World) -> None:
    with database.transaction(review.workspace_id) as session:
        for person_id in (review.max, review.ana, review.ben):
            before = at(NEW_YORK, TUESDAY - DAY, time(9))
            enter_absence(session, get_person(session, person_id), TUESDAY, TUESDAY, before)
    run(database, at(NEW_YORK, TUESDAY, time(15)))
    assert became(database, CARDS) == [(TUESDAY, "ran", None)]


def test_deciding_waits_for_the_team(database: Database, review: World) -> None:
    """Lea, above, would be there: but it is the team's day off, and the day after is another."""
    wednesday = TUESDAY + DAY
    run(database, at(NEW_YORK, TUESDAY, time(15)))
    _company_day(database, review, wednesday, wednesday + DAY)
    run(database, at(NEW_YORK, wednesday, time(10)))
    assert became(database, DECIDING)[0] == (wednesday, "skipped", "team_put_off")
    run(database, at(NEW_YORK, wednesday + 2 * DAY, time(10)))
    assert became(database, DECIDING)[1] == (wednesday + 2 * DAY, "ran", None)


def _company_day(database: Database, world: World, first: date, last: date) -> None:
    said = CompanyDaySaid("Off-site", first, last, team_id=world.team)
    with database.transaction(world.workspace_id) as session:
        ada = get_person(session, world.ada)
        enter_company_day(session, ada, said, at(NEW_YORK, TUESDAY - DAY, time(9)))


# --- one-on-ones


@pytest.fixture
def sitting(database: Database, world: World) -> Sitting:
    """Ana sees Max on Tuesday at 10:00, for half an hour."""
    with database.transaction(world.workspace_id) as session:
        put_standing(
            session, get_person(session, world.max), get_person(session, world.ana),
            weekday=2, local_time=time(10), minutes=30, active_from=TUESDAY,
            now=at(NEW_YORK, TUESDAY - 4 * DAY, time(9)),
        )  # fmt: skip
        return session.scalars(select(Sitting).order_by(Sitting.id)).first() or Sitting()


@pytest.mark.parametrize(
    ("local", "person", "coach"),
    [
        (time(9, 59, 59), True, True),
        (time(10), False, True),  # no reminder after the start; the coach's card carries Finish
        (time(10, 29, 59), False, True),
        (time(10, 30), False, False),
    ],
)
def test_a_reminder_is_worth_it_until_the_start(
    database: Database, world: World, sitting: Sitting, local: time, person: bool, coach: bool
) -> None:
    now = at(NEW_YORK, TUESDAY, local)
    with database.transaction(world.workspace_id) as session:
        assert (one_on_one_person(session, sitting.id, now) is not None) is person
        shown = one_on_one_coach(session, sitting.id, now)
        assert (shown is not None) is coach
        assert shown is None or shown.late is (local >= time(10))


@pytest.mark.parametrize(("days", "asked"), [(0, True), (3, True), (6, True), (8, False)])
def test_a_session_that_lay_wholly_inside_the_outage_is_rated_all_the_same(
    database: Database, world: World, sitting: Sitting, days: int, asked: bool
) -> None:
    now = at(NEW_YORK, TUESDAY + days * DAY, time(11))
    run(database, now)
    with database.transaction(world.workspace_id) as session:
        assert (rating_asked(session, sitting.id, now) is not None) is asked
        state = session.get_one(OneOnOne, sitting.one_on_one_id).state
    assert state is (State.DUE if days == 0 else State.MISSED)


def test_the_limits_of_the_review_are_those_of_its_times(database: Database, world: World) -> None:
    """Cards on Monday, deciding on Thursday: worth it until then, whatever lies between."""
    times = ReviewTimes(WeekTime(1, time(15)), WeekTime(4, time(10)))
    monday, before = TUESDAY - DAY, at(NEW_YORK, TUESDAY - 4 * DAY, time(8))
    with database.transaction(world.workspace_id) as session:
        put_times(session, team(session, world.team), times, before, monday)
    run(database, at(NEW_YORK, TUESDAY + 2 * DAY, time(9, 59)), CARDS)
    assert became(database, CARDS) == [(monday, OccurrenceState.RAN, None)]
