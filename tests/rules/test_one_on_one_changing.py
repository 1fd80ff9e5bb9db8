"""Start, cancel, move: who may, when, and the first click wins."""

from datetime import date, time, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models.absences import put_absence
from models.access import Act, Refused
from models.days import DAY, Off
from models.delivery import Delivery, DeliveryState, Kind
from models.one_on_ones import (
    AlreadyAsked,
    AlreadySettled,
    AlreadyStarted,
    DayFull,
    DayIsOff,
    InThePast,
    MovedMeanwhile,
    NotYet,
    OneOnOne,
    OutOfHours,
    Overlaps,
    ReasonMissing,
    ReasonTooLong,
    Sitting,
    State,
    TooFarAway,
    Unchanged,
    UnknownOneOnOne,
    cancel,
    changes,
    current_sitting,
    free_times,
    get,
    move,
    sitting_keys,
    sittings,
    start,
)
from models.people import get_person
from tests.one_on_ones import (
    CHANGED,
    MONDAY,
    MORNING,
    TEN,
    TUESDAY_TEN,
    WEEK,
    a_session,
    a_standing,
    at,
    hold,
    reps,
    sessions_of,
    sitting_of,
    told,
)
from tests.world import World

SECOND = timedelta(seconds=1)
MIDNIGHT = at(2, 0)


@pytest.fixture
def one_on_one(session: Session, world: World) -> OneOnOne:
    """Ana's with Max, Tuesday at 10:00."""
    return a_session(session, world)


def moved(session: Session, world: World, one_on_one: OneOnOne, starts_at: object) -> Sitting:
    return move(session, get_person(session, world.max), one_on_one.id, starts_at, MORNING)  # type: ignore[arg-type]


def revisions(session: Session, sitting_id: int) -> list[int]:
    keys = sitting_keys(sitting_id)
    found = select(Delivery.revision).where(Delivery.dedupe_key.in_(keys))
    return list(session.scalars(found))


# --- starting


def test_the_coach_starts_it(session: Session, world: World, one_on_one: OneOnOne) -> None:
    boss = get_person(session, world.max)
    before = revisions(session, sitting_of(session, one_on_one).id)
    start(session, boss, one_on_one.id, TUESDAY_TEN)
    assert (one_on_one.started_at, one_on_one.started_by_id) == (TUESDAY_TEN, world.max)
    after = revisions(session, sitting_of(session, one_on_one).id)
    assert after == [each + 1 for each in before]


def test_it_starts_on_its_day_at_the_earliest(
    session: Session, world: World, one_on_one: OneOnOne
) -> None:
    boss = get_person(session, world.max)
    with pytest.raises(NotYet) as refused:
        start(session, boss, one_on_one.id, MIDNIGHT - SECOND)
    assert refused.value.starts_at == TUESDAY_TEN
    assert start(session, boss, one_on_one.id, MIDNIGHT).started_at == MIDNIGHT


def test_started_is_started(session: Session, world: World, one_on_one: OneOnOne) -> None:
    boss = get_person(session, world.max)
    start(session, boss, one_on_one.id, TUESDAY_TEN)
    with pytest.raises(AlreadyStarted) as refused:
        start(session, boss, one_on_one.id, TUESDAY_TEN + SECOND)
    assert (refused.value.by_id, refused.value.at) == (world.max, TUESDAY_TEN)


@pytest.mark.parametrize("who", ["ana", "ben", "lea", "ada"])
def test_nobody_else_starts_it(
    session: Session, world: World, one_on_one: OneOnOne, who: str
) -> None:
    with pytest.raises(Refused) as refused:
        start(session, get_person(session, getattr(world, who)), one_on_one.id, TUESDAY_TEN)
    assert (refused.value.act, refused.value.allowed) == (Act.RUN_ONE_ON_ONE, (world.max,))


def test_a_coach_who_left_starts_nothing(
    session: Session, world: World, one_on_one: OneOnOne
) -> None:
    boss = get_person(session, world.max)
    boss.active = False
    with pytest.raises(Refused):
        start(session, boss, one_on_one.id, TUESDAY_TEN)


def test_there_is_no_such_session(session: Session, world: World) -> None:
    boss = get_person(session, world.max)
    with pytest.raises(UnknownOneOnOne):
        start(session, boss, 4711, MORNING)
    with pytest.raises(UnknownOneOnOne):
        get(session, 4711)
    with pytest.raises(UnknownOneOnOne):
        current_sitting(session, 4711)


# --- cancelling


@pytest.mark.parametrize(("who", "other"), [("max", "ana"), ("ana", "max")])
def test_either_cancels_and_the_other_hears(
    session: Session, world: World, one_on_one: OneOnOne, who: str, other: str
) -> None:
    actor_id, other_id = getattr(world, who), getattr(world, other)
    cancel(session, get_person(session, actor_id), one_on_one.id, "  Flu ", MORNING)
    assert (one_on_one.state, one_on_one.reason) == (State.CANCELLED, "Flu")
    assert (one_on_one.settled_by_id, one_on_one.settled_at) == (actor_id, MORNING)
    sitting = sitting_of(session, one_on_one)
    assert (sitting.is_current, sitting.seat, sitting.settle_by) == (True, None, None)
    assert told(session, *CHANGED) == [(sitting.id, other_id, MORNING)]


@pytest.mark.parametrize("reason", ["", "   ", "n/a", "follow up"])
def test_cancelling_says_why(
    session: Session, world: World, one_on_one: OneOnOne, reason: str
) -> None:
    with pytest.raises(ReasonMissing) as refused:
        cancel(session, get_person(session, world.ana), one_on_one.id, reason, MORNING)
    assert refused.value.text == reason.strip()


def test_a_reason_fits(session: Session, world: World, one_on_one: OneOnOne) -> None:
    ana = get_person(session, world.ana)
    with pytest.raises(ReasonTooLong) as refused:
        cancel(session, ana, one_on_one.id, "x" * 501, MORNING)
    assert refused.value.most == 500
    assert cancel(session, ana, one_on_one.id, "x" * 500, MORNING).reason == "x" * 500


def test_it_can_be_cancelled_after_its_start_until_its_rating_is_asked(
    session: Session, world: World, one_on_one: OneOnOne
) -> None:
    ana = get_person(session, world.ana)
    cancel(session, ana, one_on_one.id, "Nobody came", at(2, 10, 44))
    assert one_on_one.state is State.CANCELLED


def test_once_its_rating_is_asked_nobody_changes_it(
    session: Session, world: World, one_on_one: OneOnOne
) -> None:
    """Else a rating could be cancelled away, and a session that was held made uncountable."""
    for who in (world.max, world.ana):
        by = get_person(session, who)
        for act in (
            lambda by: cancel(session, by, one_on_one.id, "Nobody came", at(2, 10, 45)),
            lambda by: move(session, by, one_on_one.id, at(3, 10), at(3, 9)),
        ):
            with pytest.raises(AlreadyAsked) as refused:
                act(by)
            assert refused.value.at == at(2, 10, 45)
    assert one_on_one.state is State.DUE


def test_strangers_change_nothing(session: Session, world: World, one_on_one: OneOnOne) -> None:
    for who in (world.ben, world.lea, world.ada):
        stranger = get_person(session, who)
        for act in (
            lambda by: cancel(session, by, one_on_one.id, "Flu", MORNING),
            lambda by: move(session, by, one_on_one.id, at(3, 10), MORNING),
        ):
            with pytest.raises(Refused) as refused:
                act(stranger)
            allowed = (Act.CHANGE_ONE_ON_ONE, (world.max, world.ana))
            assert (refused.value.act, refused.value.allowed) == allowed


def test_once_started_only_the_coach_changes_it(
    session: Session, world: World, one_on_one: OneOnOne
) -> None:
    boss, ana = get_person(session, world.max), get_person(session, world.ana)
    start(session, boss, one_on_one.id, TUESDAY_TEN)
    with pytest.raises(AlreadyStarted):
        cancel(session, ana, one_on_one.id, "Flu", TUESDAY_TEN)
    with pytest.raises(AlreadyStarted):
        move(session, ana, one_on_one.id, at(3, 10), TUESDAY_TEN)
    move(session, boss, one_on_one.id, at(3, 10), TUESDAY_TEN + SECOND)
    assert (one_on_one.state, one_on_one.started_at) == (State.DUE, None)


def _cancelled(session: Session, one_on_one: OneOnOne) -> None:
    cancel(session, get_person(session, one_on_one.person_id), one_on_one.id, "Flu", MORNING)


def _held(session: Session, one_on_one: OneOnOne) -> None:
    hold(session, one_on_one, TUESDAY_TEN)


@pytest.mark.parametrize(
    ("end", "by", "reason"), [(_cancelled, "ana", "Flu"), (_held, "max", None)]
)
def test_what_is_settled_stays(
    session: Session, world: World, one_on_one: OneOnOne, end: object, by: str, reason: str | None
) -> None:
    end(session, one_on_one)  # type: ignore[operator]
    settled_at, state = one_on_one.settled_at, one_on_one.state
    boss = get_person(session, world.max)
    for act in (
        lambda: start(session, boss, one_on_one.id, TUESDAY_TEN),
        lambda: cancel(session, boss, one_on_one.id, "Flu", TUESDAY_TEN),
        lambda: move(session, boss, one_on_one.id, at(3, 10), TUESDAY_TEN),
        lambda: hold(session, one_on_one, TUESDAY_TEN),
    ):
        with pytest.raises(AlreadySettled) as refused:
            act()
        found = refused.value
        assert (found.state, found.by_id, found.at) == (state, getattr(world, by), settled_at)
        assert (found.reason, found.excuse) == (reason, None)


# --- moving


def test_moving_it(session: Session, world: World, one_on_one: OneOnOne) -> None:
    before = sitting_of(session, one_on_one)
    after = moved(session, world, one_on_one, at(3, 16))
    assert [each.id for each in sittings(session, one_on_one.id)] == [before.id, after.id]
    assert (before.is_current, before.ended_at, before.seat) == (False, MORNING, None)
    assert (after.starts_at, after.ends_at) == (at(3, 16), at(3, 16, 30))
    assert (after.set_by_id, after.set_at, after.same_day) == (world.max, MORNING, False)
    assert (one_on_one.week, one_on_one.first_due_on) == (MONDAY, MONDAY + DAY)
    assert told(session, *CHANGED) == [(before.id, world.ana, MORNING)]
    asked = [(subject, due) for subject, _, due in told(session, Kind.ONE_ON_ONE_RATING)]
    assert (after.id, at(3, 16, 45)) in asked


def test_what_one_moved_meanwhile_the_other_moves_or_cancels_no_more(
    session: Session, world: World, one_on_one: OneOnOne
) -> None:
    boss, ana = get_person(session, world.max), get_person(session, world.ana)
    seen, other, third = TUESDAY_TEN, at(2, 13), at(2, 15)
    move(session, ana, one_on_one.id, other, MORNING, seen)
    with pytest.raises(MovedMeanwhile) as refused:
        move(session, boss, one_on_one.id, third, MORNING, seen)
    assert (refused.value.starts_at, refused.value.by_id) == (other, world.ana)
    with pytest.raises(MovedMeanwhile):
        cancel(session, boss, one_on_one.id, "At the fair all day", MORNING, seen)
    assert sitting_of(session, one_on_one).starts_at == other
    move(session, boss, one_on_one.id, third, MORNING, other)
    assert sitting_of(session, one_on_one).starts_at == third


def test_a_same_day_move_counts_against_nobody(
    session: Session, world: World, one_on_one: OneOnOne
) -> None:
    assert moved(session, world, one_on_one, at(2, 15)).same_day
    assert changes(session, world.max, world.ana, MONDAY).coach_moved == 0


def test_the_day_is_the_sessions_own(session: Session, world: World, one_on_one: OneOnOne) -> None:
    # 20:30 in New York is Wednesday in UTC already
    assert moved(session, world, one_on_one, at(2, 20, 30)).same_day


@pytest.mark.parametrize("starts_at", [MORNING - timedelta(minutes=5), MORNING])
def test_not_into_the_past(
    session: Session, world: World, one_on_one: OneOnOne, starts_at: object
) -> None:
    with pytest.raises(InThePast):
        moved(session, world, one_on_one, starts_at)


def test_not_to_where_it_is(session: Session, world: World, one_on_one: OneOnOne) -> None:
    with pytest.raises(Unchanged):
        moved(session, world, one_on_one, TUESDAY_TEN)


def test_at_most_four_weeks_away(session: Session, world: World, one_on_one: OneOnOne) -> None:
    with pytest.raises(TooFarAway) as refused:
        moved(session, world, one_on_one, at(3, 10, week=4))
    assert refused.value.most == date(2026, 12, 22)
    assert moved(session, world, one_on_one, at(2, 21, 30, week=4)).local_date == date(2026, 12, 22)


def test_never_the_fourth_of_a_day(session: Session, world: World, one_on_one: OneOnOne) -> None:
    others = [world.ben, world.cleo, *reps(session, world, 1)]
    for hour, who in zip((13, 14, 15), others, strict=True):
        a_standing(session, world.max, who, weekday=3, local_time=TEN.replace(hour=hour))
    with pytest.raises(DayFull) as refused:
        moved(session, world, one_on_one, at(3, 10))
    found = refused.value
    assert (found.on, found.weekday, found.taken_by) == (date(2026, 11, 25), None, tuple(others))
    assert found.free == (at(1, 10), at(2, 9, 30), at(4, 10))


def test_within_the_day_there_is_always_its_own_place(
    session: Session, world: World, one_on_one: OneOnOne
) -> None:
    for hour, who in ((13, world.ben), (14, world.cleo)):
        a_standing(session, world.max, who, local_time=TEN.replace(hour=hour))
    assert moved(session, world, one_on_one, at(2, 16)).seat == 1


def test_nobody_is_in_two_at_once(session: Session, world: World, one_on_one: OneOnOne) -> None:
    a_standing(session, world.max, world.ben, local_time=TEN.replace(hour=14))
    with pytest.raises(Overlaps) as refused:
        moved(session, world, one_on_one, at(2, 14, 29))
    found = refused.value
    assert (found.person_id, found.other_id, found.starts_at) == (world.max, world.ben, at(2, 14))
    assert moved(session, world, one_on_one, at(2, 14, 30)).starts_at == at(2, 14, 30)


def test_nor_the_coach_who_is_coached_then(
    session: Session, world: World, one_on_one: OneOnOne
) -> None:
    a_standing(session, world.lea, world.max, weekday=3)
    with pytest.raises(Overlaps) as refused:
        moved(session, world, one_on_one, at(3, 10))
    assert (refused.value.person_id, refused.value.other_id) == (world.max, world.lea)


def test_never_on_a_day_off_of_either(session: Session, world: World, one_on_one: OneOnOne) -> None:
    boss, ana = get_person(session, world.max), get_person(session, world.ana)
    boss.holiday_calendar = "US"
    put_absence(session, ana, date(2026, 11, 25), date(2026, 11, 25), MORNING)
    for starts_at, who, why in (
        (at(3, 10), world.ana, Off.AWAY),
        (at(4, 10), world.max, Off.HOLIDAY),
        (at(6, 10), world.max, Off.WEEKDAY),
    ):
        with pytest.raises(DayIsOff) as refused:
            moved(session, world, one_on_one, starts_at)
        assert (refused.value.person_id, refused.value.off.why) == (who, why)
        assert refused.value.free == (at(1, 10), at(2, 9, 30), at(5, 10))


def test_a_day_off_is_the_persons_own_date(
    session: Session, world: World, one_on_one: OneOnOne
) -> None:
    ana = get_person(session, world.ana)
    ana.zone = "Asia/Tokyo"
    put_absence(session, ana, date(2026, 11, 26), date(2026, 11, 26), MORNING)
    with pytest.raises(DayIsOff) as refused:
        moved(session, world, one_on_one, at(3, 16))  # Thursday 06:00 in Tokyo
    assert refused.value.on == date(2026, 11, 26)
    assert moved(session, world, one_on_one, at(3, 7)).local_date == date(2026, 11, 25)


@pytest.mark.parametrize(("hour", "minute"), [(5, 59), (21, 31), (23, 45), (0, 0)])
def test_not_in_the_night_of_either(
    session: Session, world: World, one_on_one: OneOnOne, hour: int, minute: int
) -> None:
    with pytest.raises(OutOfHours) as refused:
        moved(session, world, one_on_one, at(3, hour, minute))
    found = refused.value
    assert (found.person_id, found.earliest, found.latest) == (world.max, time(6), time(22))
    assert found.free == (at(1, 10), at(2, 9, 30), at(3, 10))
    assert moved(session, world, one_on_one, at(3, 6)).starts_at == at(3, 6)


def test_the_night_is_where_the_person_is(
    session: Session, world: World, one_on_one: OneOnOne
) -> None:
    get_person(session, world.ana).zone = "Asia/Tokyo"
    with pytest.raises(OutOfHours) as refused:
        moved(session, world, one_on_one, at(3, 10))  # Thursday 00:00 in Tokyo
    assert refused.value.person_id == world.ana
    assert moved(session, world, one_on_one, at(3, 16)).starts_at == at(3, 16)


def test_what_is_offered_lies_in_the_week_that_it_is_set_to(
    session: Session, world: World, one_on_one: OneOnOne
) -> None:
    moved(session, world, one_on_one, at(3, 10, week=2))
    free = free_times(session, one_on_one.id, MORNING)
    assert free == [at(1, 10, week=2), at(2, 10, week=2), at(3, 9, 30, week=2)]


def test_what_is_offered_can_be_had(session: Session, world: World, one_on_one: OneOnOne) -> None:
    get_person(session, world.max).holiday_calendar = "US"
    for hour, who in ((9, world.ben), (10, world.cleo)):
        a_standing(session, world.max, who, weekday=3, local_time=TEN.replace(hour=hour))
    offered = free_times(session, one_on_one.id, MORNING, limit=30)
    assert offered[:4] == [at(1, 10), at(2, 9, 30), at(3, 9, 30), at(5, 10)]
    assert all(each.isoweekday() < 6 for each in offered)
    for starts_at in offered:
        assert moved(session, world, one_on_one, starts_at).starts_at == starts_at


def test_nothing_is_offered_where_nothing_is_free(
    session: Session, world: World, one_on_one: OneOnOne
) -> None:
    ana = get_person(session, world.ana)
    put_absence(session, ana, MONDAY, MONDAY + 60 * DAY, MORNING)
    assert free_times(session, one_on_one.id, MORNING) == []


def test_a_session_that_is_just_over_can_be_moved(
    session: Session, world: World, one_on_one: OneOnOne
) -> None:
    ana = get_person(session, world.ana)
    after = move(session, ana, one_on_one.id, at(3, 15), at(2, 10, 44))
    assert after.starts_at == at(3, 15)


def test_the_old_cards_say_so(session: Session, world: World, one_on_one: OneOnOne) -> None:
    before = sitting_of(session, one_on_one)
    for delivery in session.scalars(
        select(Delivery).where(Delivery.dedupe_key.in_(sitting_keys(before.id)))
    ):
        delivery.state, delivery.ts, delivery.shown = DeliveryState.POSTED, "1.0", delivery.revision
    session.flush()
    moved(session, world, one_on_one, at(3, 16))
    rows = session.scalars(
        select(Delivery)
        .where(Delivery.dedupe_key.in_(sitting_keys(before.id)))
        .execution_options(populate_existing=True)
    )
    assert [(each.state, each.due_at) for each in rows] == [(DeliveryState.OWED, MORNING)] * 2


# --- the floor beneath


def test_the_database_gives_a_seat_once(
    session: Session, world: World, one_on_one: OneOnOne
) -> None:
    a_standing(session, world.max, world.ben, local_time=TEN.replace(hour=14))
    (other, _) = sessions_of(session, world.ben)
    sitting_of(session, other).seat = sitting_of(session, one_on_one).seat
    with pytest.raises(IntegrityError):
        session.flush()


def test_the_database_knows_one_current_time(
    session: Session, world: World, one_on_one: OneOnOne
) -> None:
    before = sitting_of(session, one_on_one)
    columns = {each.key: getattr(before, each.key) for each in Sitting.__mapper__.column_attrs}
    session.add(Sitting(**columns | {"id": None, "seat": None}))
    with pytest.raises(IntegrityError):
        session.flush()


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": State.MISSED},
        {"settled_at": MORNING},
        {"state": State.CANCELLED, "settled_at": MORNING, "reason": "Flu"},
        {"state": State.CANCELLED, "settled_at": MORNING, "settled_by_id": 1},
        {"state": State.EXCUSED, "settled_at": MORNING},
        {"state": State.HELD, "settled_at": MORNING, "settled_by_id": 1},
    ],
)
def test_the_database_refuses_half_an_end(
    session: Session, world: World, one_on_one: OneOnOne, wrong: dict[str, object]
) -> None:
    for column, value in wrong.items():
        setattr(one_on_one, column, world.max if column == "settled_by_id" else value)
    with pytest.raises(IntegrityError):
        session.flush()


def test_next_week_is_another_session(session: Session, world: World, one_on_one: OneOnOne) -> None:
    cancel(session, get_person(session, world.ana), one_on_one.id, "Flu", MORNING)
    _, after = sessions_of(session, world.ana)
    assert (after.state, sitting_of(session, after).starts_at) == (State.DUE, TUESDAY_TEN + WEEK)
