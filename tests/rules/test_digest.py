"""What a morning digest holds, for whom, and what it says when things change after it went out."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers import MESSAGES
from models.absences import put_absence
from models.agenda import PROMPTS, keep_digest, tell_skipped
from models.coaching import confirm_log, waiting_answers
from models.days import digest_key
from models.delivery import Delivery, DeliveryState, Kind
from models.one_on_ones import (
    OneOnOne,
    State,
    add_point,
    cancel,
    enter_absence,
    move,
    on_days,
    put_standing,
    settle_missed,
)
from models.people import get_person
from models.ratings import rate
from models.roster import put_person, put_team
from models.schedule import Occurrence, OccurrenceState, materialise, settle, skip
from models.screens import Digest, Side, skipped_notice
from models.week import DIGEST
from tests.coaching import a_log
from tests.world import World, a_deal, a_person

digest: Callable[[Session, int, datetime], Digest | None] = MESSAGES[Kind.DIGEST].load
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
SET = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)  # Friday 10:00 in New York
MONDAY = datetime(2026, 11, 23, 13, 30, tzinfo=UTC)  # 08:30 in New York
TUESDAY, WEDNESDAY, THURSDAY = MONDAY + DAY, MONDAY + 2 * DAY, MONDAY + 3 * DAY
FRIDAY = MONDAY + 4 * DAY


@pytest.fixture
def floor_week(session: Session, world: World) -> World:
    """From Monday on Max sees Ana on Tuesdays at 10:00 and Ben on Wednesdays at 11:00."""
    for person_id, weekday, hour in ((world.ana, 2, 10), (world.ben, 3, 11)):
        put_standing(
            session,
            get_person(session, world.max),
            get_person(session, person_id),
            weekday=weekday,
            local_time=time(hour),
            minutes=30,
            active_from=date(2026, 11, 23),
            now=SET,
        )
    return world


def occurrence_of(session: Session, person_id: int, now: datetime) -> Occurrence:
    """The digest of that morning, carried out then."""
    keep_digest(session, get_person(session, person_id), now - HOUR)
    materialise(session, now)
    key = digest_key(person_id, now.date())
    for one in session.scalars(select(Occurrence).where(Occurrence.state == OccurrenceState.DUE)):
        PROMPTS[DIGEST](session, one, now)
        settle(one, now)
    session.flush()
    owed = session.scalars(select(Delivery).where(Delivery.dedupe_key == key)).one()
    return session.get_one(Occurrence, owed.subject_id)


def seen(session: Session, person_id: int, at: datetime, now: datetime | None = None) -> Digest:
    """A person's digest of that morning as it is now; something is in it."""
    found = digest(session, occurrence_of(session, person_id, at).id, now or at)
    assert found is not None
    return found


def posted(session: Session, person_id: int, at: datetime) -> Occurrence:
    """The digest of that morning stands in Slack."""
    occurrence = occurrence_of(session, person_id, at)
    assert digest(session, occurrence.id, at) is not None
    message = delivery(session, person_id, at)
    message.state, message.ts, message.posted_channel = DeliveryState.POSTED, "1.0", "D0ANA"
    message.shown = message.revision
    session.flush()
    return occurrence


def delivery(session: Session, person_id: int, at: datetime) -> Delivery:
    key = digest_key(person_id, at.date())
    return session.scalars(
        select(Delivery).where(Delivery.dedupe_key == key).execution_options(populate_existing=True)
    ).one()


def one_on_one(session: Session, person_id: int, day: date) -> OneOnOne:
    [(found, _)] = on_days(session, person_id, day, day)
    return found


def again(session: Session, occurrence: Occurrence, now: datetime) -> Digest:
    found = digest(session, occurrence.id, now)
    assert found is not None
    return found


# --- what is ahead


def test_the_day_before_names_the_session_to_both(session: Session, floor_week: World) -> None:
    [to_max] = seen(session, floor_week.max, MONDAY).sessions
    [to_ana] = seen(session, floor_week.ana, MONDAY).sessions
    tuesday = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
    assert to_max.starts_at == to_ana.starts_at == tuesday
    assert (to_max.row.other.name, to_max.row.side) == ("Ana", Side.COACH)
    assert (to_ana.row.other.name, to_ana.row.side) == ("Max", Side.PERSON)
    assert (to_max.moved, to_max.settled) == (None, None)


def test_it_comes_with_what_to_prepare(session: Session, floor_week: World) -> None:
    a_log(session, floor_week, now=SET, held_on=SET.date())
    a_deal(session, floor_week.ana, "Proposal", name="Nexus Corp")
    ana = get_person(session, floor_week.ana)
    held = one_on_one(session, ana.id, date(2026, 11, 24))
    add_point(session, ana, held.id, "Pricing for Orbit", SET)

    [to_max] = seen(session, floor_week.max, MONDAY).sessions

    assert to_max.preparation is not None
    assert to_max.preparation.last is not None
    assert to_max.preparation.last.focus == "negotiation"
    assert [point.text for point in to_max.preparation.points] == ["Pricing for Orbit"]
    assert to_max.preparation.without_next == ("Nexus Corp",)


def test_of_today_it_names_the_session_alone(session: Session, floor_week: World) -> None:
    today, tomorrow = seen(session, floor_week.max, TUESDAY).sessions
    assert (today.row.other.name, today.preparation) == ("Ana", None)
    assert (tomorrow.row.other.name, tomorrow.preparation is None) == ("Ben", False)


def test_fridays_names_mondays(session: Session, floor_week: World) -> None:
    ana = get_person(session, floor_week.ana)
    held = one_on_one(session, ana.id, date(2026, 11, 24))
    move(session, ana, held.id, datetime(2026, 11, 30, 15, 0, tzinfo=UTC), MONDAY)
    [to_ana] = seen(session, floor_week.ana, FRIDAY).sessions
    assert to_ana.starts_at == datetime(2026, 11, 30, 15, 0, tzinfo=UTC)


def test_before_days_off_it_looks_ahead_to_the_day_after_them(
    session: Session, floor_week: World
) -> None:
    ben = get_person(session, floor_week.ben)
    put_absence(session, ben, date(2026, 11, 24), date(2026, 11, 24), SET)
    shown = seen(session, floor_week.ben, MONDAY)
    assert shown.next_day == date(2026, 11, 25)
    assert [each.row.other.name for each in shown.sessions] == ["Max"]


def test_a_session_further_ahead_is_not_named(session: Session, floor_week: World) -> None:
    occurrence = occurrence_of(session, floor_week.ben, MONDAY)
    assert digest(session, occurrence.id, MONDAY) is None, "Wednesday is two days ahead"


def test_with_nothing_in_it_there_is_none(session: Session, world: World) -> None:
    for person_id in (world.ana, world.max, world.lea, world.ada):
        assert digest(session, occurrence_of(session, person_id, MONDAY).id, MONDAY) is None


def test_who_is_in_no_team_may_have_one(session: Session, world: World) -> None:
    free = a_person(session, "U0FREE", "Free", reports_to_id=world.lea)
    put_standing(
        session,
        get_person(session, world.lea),
        free,
        weekday=2,
        local_time=time(10),
        minutes=30,
        active_from=date(2026, 11, 23),
        now=SET,
    )
    assert [each.row.other.name for each in seen(session, free.id, MONDAY).sessions] == ["Lea"]


def test_who_wants_no_reminder_the_day_before_has_none(session: Session, floor_week: World) -> None:
    get_person(session, floor_week.ana).reminded_day_before = False
    assert digest(session, occurrence_of(session, floor_week.ana, MONDAY).id, MONDAY) is None
    assert seen(session, floor_week.max, MONDAY).sessions, "that is each one's own switch"


def test_somebody_who_left_gets_none(session: Session, floor_week: World) -> None:
    occurrence = occurrence_of(session, floor_week.ana, MONDAY)
    get_person(session, floor_week.ana).active = False
    assert digest(session, occurrence.id, MONDAY) is None


def test_days_are_the_readers_own(session: Session, floor_week: World) -> None:
    """Tuesday 10:00 in New York is Wednesday 00:00 in Tokyo, where Tuesday's digest looks ahead."""
    put_person(
        session,
        "U0MAX",
        name="Max",
        role=get_person(session, floor_week.max).role,
        zone="Asia/Tokyo",
        reports_to_id=floor_week.lea,
    )
    tuesday = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)  # Tuesday 08:30 in Tokyo
    keep_digest(session, get_person(session, floor_week.max), tuesday - HOUR)
    materialise(session, tuesday)
    [occurrence] = session.scalars(select(Occurrence))
    assert occurrence.local_date == date(2026, 11, 24)
    PROMPTS[DIGEST](session, occurrence, tuesday)
    settle(occurrence, tuesday)
    names = [each.row.other.name for each in again(session, occurrence, tuesday).sessions]
    assert names == ["Ana"], "Ben's is on Thursday in Tokyo"


# --- what changes after it went out


def test_what_was_moved_since_says_so_and_where_to(session: Session, floor_week: World) -> None:
    occurrence = posted(session, floor_week.max, MONDAY)
    ana = get_person(session, floor_week.ana)
    held = one_on_one(session, ana.id, date(2026, 11, 24))
    before = delivery(session, floor_week.max, MONDAY).revision
    thursday = datetime(2026, 11, 26, 15, 0, tzinfo=UTC)

    move(session, ana, held.id, thursday, MONDAY + HOUR)

    assert delivery(session, floor_week.max, MONDAY).revision > before, "an update is owed"
    [line] = again(session, occurrence, MONDAY + HOUR).sessions
    assert line.starts_at == datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
    assert line.moved is not None
    assert (line.moved.by and line.moved.by.name, line.moved.to) == ("Ana", thursday)
    assert line.row.starts_at == thursday


def test_moved_twice_it_says_the_time_that_holds(session: Session, floor_week: World) -> None:
    occurrence = posted(session, floor_week.max, MONDAY)
    boss = get_person(session, floor_week.max)
    held = one_on_one(session, floor_week.ana, date(2026, 11, 24))
    last = datetime(2026, 11, 26, 18, 0, tzinfo=UTC)
    move(session, boss, held.id, datetime(2026, 11, 26, 15, 0, tzinfo=UTC), MONDAY + HOUR)
    move(session, boss, held.id, last, MONDAY + 2 * HOUR)
    [line] = again(session, occurrence, MONDAY + 2 * HOUR).sessions
    assert line.moved is not None
    assert line.moved.to == last


def test_moved_and_moved_back_it_stands_as_it_was(session: Session, floor_week: World) -> None:
    occurrence = posted(session, floor_week.max, MONDAY)
    boss = get_person(session, floor_week.max)
    held = one_on_one(session, floor_week.ana, date(2026, 11, 24))
    move(session, boss, held.id, datetime(2026, 11, 26, 15, 0, tzinfo=UTC), MONDAY + HOUR)
    move(session, boss, held.id, datetime(2026, 11, 24, 15, 0, tzinfo=UTC), MONDAY + 2 * HOUR)
    [line] = again(session, occurrence, MONDAY + 2 * HOUR).sessions
    assert line.moved is None


def test_what_was_moved_before_stands_at_its_new_time(session: Session, floor_week: World) -> None:
    ana = get_person(session, floor_week.ana)
    held = one_on_one(session, ana.id, date(2026, 11, 24))
    move(session, ana, held.id, datetime(2026, 11, 24, 18, 0, tzinfo=UTC), SET + HOUR)
    [line] = seen(session, floor_week.max, MONDAY).sessions
    assert (line.starts_at.hour, line.moved) == (18, None)


def test_what_was_moved_here_since_is_named_too(session: Session, floor_week: World) -> None:
    occurrence = posted(session, floor_week.max, MONDAY)
    boss = get_person(session, floor_week.max)
    held = one_on_one(session, floor_week.ben, date(2026, 11, 25))
    move(session, boss, held.id, datetime(2026, 11, 24, 17, 0, tzinfo=UTC), MONDAY + HOUR)
    lines = again(session, occurrence, MONDAY + HOUR).sessions
    assert [line.row.other.name for line in lines] == ["Ana", "Ben"]
    assert lines[1].moved is None


def test_what_was_cancelled_since_says_so(session: Session, floor_week: World) -> None:
    occurrence = posted(session, floor_week.ana, MONDAY)
    held = one_on_one(session, floor_week.ana, date(2026, 11, 24))
    cancel(session, get_person(session, floor_week.max), held.id, "A customer calls", MONDAY + HOUR)
    [line] = again(session, occurrence, MONDAY + HOUR).sessions
    assert line.settled is not None
    assert (line.settled.state, line.settled.reason) == (State.CANCELLED, "A customer calls")
    assert line.preparation is None


def test_what_was_cancelled_before_is_not_named(session: Session, floor_week: World) -> None:
    held = one_on_one(session, floor_week.ana, date(2026, 11, 24))
    cancel(session, get_person(session, floor_week.max), held.id, "A customer calls", SET + HOUR)
    occurrence = occurrence_of(session, floor_week.ana, MONDAY)
    assert digest(session, occurrence.id, MONDAY) is None


def test_what_was_excused_since_says_so(session: Session, floor_week: World) -> None:
    occurrence = posted(session, floor_week.max, MONDAY)
    ana = get_person(session, floor_week.ana)
    before = delivery(session, floor_week.max, MONDAY).revision
    enter_absence(session, ana, date(2026, 11, 24), date(2026, 11, 24), MONDAY + HOUR)
    [line] = again(session, occurrence, MONDAY + HOUR).sessions
    assert line.settled is not None
    assert line.settled.state is State.EXCUSED
    assert delivery(session, floor_week.max, MONDAY).revision > before


def test_who_does_not_coach_this_person_any_more_prepares_nothing(
    session: Session, floor_week: World
) -> None:
    put_team(
        session,
        "West",
        currency="USD",
        zone="America/New_York",
        channel_id="C0WEST",
        manager_id=floor_week.lea,
    )
    [line] = seen(session, floor_week.max, MONDAY).sessions
    assert line.preparation is None


# --- what waits


def test_what_is_not_recorded_is_named_to_the_coach_until_it_is_missed(
    session: Session, floor_week: World
) -> None:
    shown = seen(session, floor_week.max, WEDNESDAY)
    assert [(one.row.other.name, one.until) for one in shown.unrecorded] == [
        ("Ana", date(2026, 11, 25))
    ]
    assert seen(session, floor_week.ana, WEDNESDAY).unrecorded == ()


def test_missed_it_is_named_no_more(session: Session, floor_week: World) -> None:
    occurrence = posted(session, floor_week.max, WEDNESDAY)
    midnight = datetime(2026, 11, 26, 5, 0, tzinfo=UTC)
    before = delivery(session, floor_week.max, WEDNESDAY).revision
    assert settle_missed(session, midnight) == 1
    assert again(session, occurrence, midnight).unrecorded == ()
    assert delivery(session, floor_week.max, WEDNESDAY).revision > before


def test_a_session_to_rate_is_named_once_the_next_morning(
    session: Session, floor_week: World
) -> None:
    occurrence = posted(session, floor_week.ana, WEDNESDAY)
    [row] = again(session, occurrence, WEDNESDAY).to_rate
    assert (row.other.name, row.side) == ("Max", Side.PERSON)
    assert digest(session, occurrence_of(session, floor_week.ana, THURSDAY).id, THURSDAY) is None


def test_once_rated_it_is_named_no_more(session: Session, floor_week: World) -> None:
    occurrence = posted(session, floor_week.ana, WEDNESDAY)
    held = one_on_one(session, floor_week.ana, date(2026, 11, 24))
    before = delivery(session, floor_week.ana, WEDNESDAY).revision
    rate(session, get_person(session, floor_week.ana), held.id, 4, "click", WEDNESDAY + MINUTE)
    assert again(session, occurrence, WEDNESDAY + MINUTE).is_empty, "it stands, and says so"
    assert delivery(session, floor_week.ana, WEDNESDAY).revision > before


def test_the_coach_sees_nothing_of_ratings(session: Session, floor_week: World) -> None:
    assert seen(session, floor_week.max, WEDNESDAY).to_rate == ()


def test_coaching_is_to_be_answered_once_the_next_morning(session: Session, world: World) -> None:
    a_log(session, world, now=MONDAY + HOUR, held_on=date(2026, 11, 23))
    occurrence = posted(session, world.ana, TUESDAY)
    [waiting] = again(session, occurrence, TUESDAY).to_answer
    assert (waiting.by.name, waiting.focus, waiting.agrees) == ("Max", "negotiation", None)
    assert digest(session, occurrence_of(session, world.ana, WEDNESDAY).id, WEDNESDAY) is None
    for other in (world.max, world.ben):
        assert digest(session, occurrence_of(session, other, TUESDAY).id, TUESDAY) is None


def test_what_was_logged_on_friday_or_later_is_named_on_monday(
    session: Session, world: World
) -> None:
    a_log(session, world, now=SET, held_on=SET.date())
    a_log(session, world, now=MONDAY - 2 * DAY, held_on=SET.date())
    assert len(seen(session, world.ana, MONDAY).to_answer) == 2


def test_once_answered_it_is_named_no_more(session: Session, world: World) -> None:
    a_log(session, world, now=MONDAY + HOUR, held_on=date(2026, 11, 23))
    occurrence = posted(session, world.ana, TUESDAY)
    before = delivery(session, world.ana, TUESDAY).revision
    [(_, entry, _)] = waiting_answers(session, world.ana)
    confirm_log(session, get_person(session, world.ana), entry.id, TUESDAY + MINUTE)
    assert again(session, occurrence, TUESDAY + MINUTE).is_empty
    assert delivery(session, world.ana, TUESDAY).revision > before


# --- skipped


@pytest.mark.parametrize(("person", "told"), [("ana", True), ("cleo", False)])
def test_a_skipped_one_is_said_only_if_something_was_in_it(
    session: Session, floor_week: World, person: str, told: bool
) -> None:
    person_id = getattr(floor_week, person)
    late = MONDAY + 4 * HOUR
    keep_digest(session, get_person(session, person_id), MONDAY - HOUR)
    materialise(session, late)
    [missed] = session.scalars(select(Occurrence))
    skip(missed, "late", late)
    tell_skipped(session, missed, late)
    [notice] = session.scalars(select(Delivery).where(Delivery.kind == Kind.SCHEDULE_SKIPPED))
    shown = skipped_notice(session, notice.subject_id, late)
    assert (shown is not None) == told
    if shown is not None:
        assert (shown.team, shown.zone, shown.reason) == (None, "America/New_York", "late")
