"""Who decides when the manager is out; deciding that is put off, and then not held."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.absences import put_absence
from models.agenda import PROMPTS, review_deciding
from models.delivery import Delivery, Kind
from models.people import get_person, team
from models.pipeline_review import (
    Review,
    ReviewKind,
    ReviewState,
    begin_deciding,
    get_review,
    name_deputy,
    open_review,
    start_review,
)
from models.schedule import (
    Lateness,
    Occurrence,
    OccurrenceState,
    Schedule,
    materialise,
    put_schedule,
    settle,
)
from models.screens import deciding_dm, review_ended, review_parent, skipped_notice
from models.week import CARDS, DECIDING
from tests.reviews import a_review, some_deals
from tests.world import NOW, World

NEW_YORK = "America/New_York"
WEDNESDAY = datetime(2026, 11, 25, 15, 0, tzinfo=UTC)  # 10:00; the day after is Thanksgiving
FRIDAY = WEDNESDAY + timedelta(days=2)


def put_deciding(session: Session, world: World, since: date = date(2026, 11, 23)) -> Schedule:
    """West decides on Wednesdays at 10:00 in New York."""
    made, _ = put_schedule(
        session, world.team, DECIDING, weekdays="3", local_time=time(10), zone=NEW_YORK,
        lateness=Lateness.MIDNIGHT, active_from=since,
    )  # fmt: skip
    return made


def scheduled(session: Session, world: World, decide_from: datetime = WEDNESDAY) -> Review:
    """A scheduled review of West, which decides then."""
    return start_review(
        session, None, team(session, world.team), [d.id for d in some_deals(session, world, 5)],
        decide_from - timedelta(hours=19), kind=ReviewKind.SCHEDULED, decide_from=decide_from,
    )  # fmt: skip


def run(session: Session, now: datetime) -> list[Occurrence]:
    """Carries out what is due; what it was."""
    materialise(session, now)
    waits = select(Occurrence).where(
        Occurrence.state == OccurrenceState.DUE, Occurrence.due_at <= now
    )
    due = session.scalars(waits.order_by(Occurrence.due_at)).all()
    for occurrence in due:
        review_deciding(session, occurrence, now)
        settle(occurrence, now)
    session.flush()
    return list(due)


def off(session: Session, first: date, last: date, *people: int) -> None:
    for person_id in people:
        put_absence(session, get_person(session, person_id), first, last, NOW - timedelta(days=9))


def told(session: Session, kind: Kind) -> list[int | None]:
    wanted = select(Delivery.person_id).where(Delivery.kind == kind).order_by(Delivery.id)
    return list(session.scalars(wanted))


def day(moment: datetime) -> date:
    return moment.astimezone(ZoneInfo(NEW_YORK)).date()


def deputy(session: Session, world: World, person_id: int) -> None:
    west, who = team(session, world.team), get_person(session, person_id)
    name_deputy(session, get_person(session, world.max), west, who, NOW)


@pytest.mark.parametrize(
    ("out", "asked"),
    [((), "max"), (("max",), "cleo"), (("max", "cleo"), "lea"), (("cleo",), "max")],
)
def test_the_nearest_who_is_there_is_asked(
    session: Session, world: World, out: tuple[str, ...], asked: str
) -> None:
    put_deciding(session, world)
    deputy(session, world, world.cleo)
    review = scheduled(session, world)
    off(session, day(WEDNESDAY), day(WEDNESDAY), *(getattr(world, each) for each in out))
    [occurrence] = run(session, WEDNESDAY)
    assert occurrence.state is OccurrenceState.RAN
    assert told(session, Kind.REVIEW_DECIDING) == [getattr(world, asked)]
    shown = deciding_dm(session, review.id, WEDNESDAY)
    assert shown is not None
    instead_of = None if shown.stands_in_for is None else shown.stands_in_for.name
    assert instead_of == (None if asked == "max" else "Max")
    parent = review_parent(session, review.id, WEDNESDAY)
    assert parent is not None
    assert [each.who.id for each in parent.waiting if each.decisions] == [getattr(world, asked)]


def test_without_a_deputy_the_leader(session: Session, world: World) -> None:
    put_deciding(session, world)
    scheduled(session, world)
    get_person(session, world.max).holiday_calendar = "US"
    off(session, day(WEDNESDAY), day(WEDNESDAY), world.max)
    run(session, WEDNESDAY)
    assert told(session, Kind.REVIEW_DECIDING) == [world.lea]


def test_nobody_there_puts_it_off_once_and_then_it_is_not_held(
    session: Session, world: World
) -> None:
    """Thanksgiving is no working day of the manager's calendar: it is put off to Friday."""
    put_deciding(session, world)
    review = scheduled(session, world)
    get_person(session, world.max).holiday_calendar = "US"
    off(session, day(WEDNESDAY), day(FRIDAY), world.max, world.lea)
    [first] = run(session, WEDNESDAY)
    assert (first.state, first.reason) == (OccurrenceState.SKIPPED, "put_off")
    assert (review.state, review.decide_from) == (ReviewState.OPEN, FRIDAY)
    assert told(session, Kind.REVIEW_DECIDING) == []
    waiting = [world.max, world.lea, world.ana, world.ben]
    assert told(session, Kind.SCHEDULE_SKIPPED) == waiting
    notice = skipped_notice(session, first.id, WEDNESDAY)
    assert notice is not None
    assert notice.put_off_to == FRIDAY
    assert run(session, FRIDAY - timedelta(hours=1)) == []

    [second] = run(session, FRIDAY)
    assert (second.slot, second.reason) == (1, "not_held")
    assert (review.state, review.closed_at, review.grade) == (ReviewState.NOT_HELD, FRIDAY, None)
    assert open_review(session, world.team) is None
    assert told(session, Kind.REVIEW_ENDED) == [world.max, world.lea]
    assert told(session, Kind.SCHEDULE_SKIPPED) == waiting  # nothing more
    ended = review_ended(session, review.id, FRIDAY)
    assert ended is not None
    assert (ended.closed.state, len(ended.undecided)) == (ReviewState.NOT_HELD, 5)


def test_back_on_the_day_it_was_put_off_to(session: Session, world: World) -> None:
    put_deciding(session, world)
    review = scheduled(session, world)
    off(session, day(WEDNESDAY), day(WEDNESDAY), world.max, world.lea)
    run(session, WEDNESDAY)
    thursday = WEDNESDAY + timedelta(days=1)
    assert review.decide_from == thursday
    [second] = run(session, thursday)
    assert second.state is OccurrenceState.RAN
    assert told(session, Kind.REVIEW_DECIDING) == [world.max]


@pytest.mark.parametrize(
    ("wednesday", "thursday"),
    [
        (datetime(2026, 10, 28, 14, 0, tzinfo=UTC), datetime(2026, 10, 29, 14, 0, tzinfo=UTC)),
        (datetime(2026, 3, 4, 15, 0, tzinfo=UTC), datetime(2026, 3, 5, 15, 0, tzinfo=UTC)),
    ],
)
def test_the_next_week_is_due_whatever_was_put_off(
    session: Session, world: World, wednesday: datetime, thursday: datetime
) -> None:
    """Over both changes of the clocks: 10:00 stays 10:00, and no Wednesday is lost."""
    put_deciding(session, world, day(wednesday))
    review = scheduled(session, world, wednesday)
    off(session, day(wednesday), day(wednesday), world.max, world.lea)
    run(session, wednesday)
    assert review.decide_from == thursday
    run(session, thursday)
    week = wednesday + timedelta(days=8)
    materialise(session, week)
    dates = session.scalars(select(Occurrence).order_by(Occurrence.due_at)).all()
    local = [each.due_at.astimezone(ZoneInfo(NEW_YORK)) for each in dates]
    assert [
        (each.slot, at.date() - day(wednesday), at.hour)
        for each, at in zip(dates, local, strict=True)
    ] == [
        (0, timedelta(0), 10),
        (1, timedelta(1), 10),
        (0, timedelta(7), 10),
    ]


@pytest.mark.parametrize(
    ("saturday", "at", "sunday"),
    [
        # happens twice: the first time counts
        (date(2026, 10, 31), time(1, 30), datetime(2026, 11, 1, 5, 30, tzinfo=UTC)),
        # is skipped: it lands after the gap, at 03:30
        (date(2027, 3, 13), time(2, 30), datetime(2027, 3, 14, 7, 30, tzinfo=UTC)),
    ],
)
def test_put_off_into_the_night_in_which_the_clocks_change(
    session: Session, world: World, saturday: date, at: time, sunday: datetime
) -> None:
    put_schedule(
        session, world.team, DECIDING, weekdays="6", local_time=at, zone=NEW_YORK,
        lateness=Lateness.MIDNIGHT, active_from=saturday,
    )  # fmt: skip
    get_person(session, world.max).working_days = "1234567"
    get_person(session, world.lea).active = False
    off(session, saturday, saturday, world.max)
    due = datetime.combine(saturday, at, ZoneInfo(NEW_YORK)).astimezone(UTC)
    review = scheduled(session, world, due)
    run(session, due)
    assert review.decide_from == sunday
    assert [each.slot for each in run(session, sunday)] == [1]
    assert told(session, Kind.REVIEW_DECIDING) == [world.max]


def test_a_team_without_anybody_who_decides(session: Session, world: World) -> None:
    """Nothing starts; the admins hear it, since nobody else can mend it."""
    some_deals(session, world, 5)
    put_schedule(
        session, world.team, CARDS, weekdays="2", local_time=time(15), zone=NEW_YORK,
        lateness=Lateness.MIDNIGHT, active_from=date(2026, 11, 23),
    )  # fmt: skip
    team(session, world.team).manager_id = None
    materialise(session, NOW)
    [cards] = session.scalars(select(Occurrence)).all()
    PROMPTS[CARDS](session, cards, NOW)
    assert (cards.state, cards.reason) == (OccurrenceState.SKIPPED, "no_decider")
    assert told(session, Kind.SCHEDULE_SKIPPED) == [world.ada]


def test_a_deputy_of_a_team_without_a_manager_decides(session: Session, world: World) -> None:
    deputy(session, world, world.cleo)
    put_deciding(session, world)
    review = scheduled(session, world)
    team(session, world.team).manager_id = None
    run(session, WEDNESDAY)
    assert told(session, Kind.REVIEW_DECIDING) == [world.cleo]
    assert get_review(session, review.id).state is ReviewState.OPEN


def test_an_ad_hoc_review_calls_who_is_there_when_it_decides(
    session: Session, world: World
) -> None:
    off(session, day(WEDNESDAY), day(WEDNESDAY), world.max)
    a_review(session, world, decide_from=WEDNESDAY)
    begin_deciding(session, WEDNESDAY)
    assert told(session, Kind.REVIEW_DECIDING) == [world.lea]


def test_deciding_that_was_called_already_is_not_called_again(
    session: Session, world: World
) -> None:
    put_deciding(session, world)
    a_review(session, world, decide_from=WEDNESDAY - timedelta(hours=1))
    begin_deciding(session, WEDNESDAY)
    [occurrence] = run(session, WEDNESDAY)
    assert (occurrence.state, occurrence.reason) == (OccurrenceState.SKIPPED, "under_way")
    assert told(session, Kind.REVIEW_DECIDING) == [world.max]
