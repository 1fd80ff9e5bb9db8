"""Standing one-on-ones: three a day per coach, nobody in two at once, what follows a change."""

from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models.absences import put_absence
from models.access import Act, Refused
from models.days import Off
from models.delivery import Kind
from models.one_on_ones import (
    ENDED,
    DayFull,
    DayIsOff,
    Excuse,
    FreeSlot,
    MinutesUnfit,
    NoStanding,
    OutOfHours,
    Overlaps,
    SpanTooWide,
    Standing,
    State,
    WeekdayUnfit,
    cancel,
    changes,
    current_standing,
    end_standing,
    free_slots,
    move,
    put_standing,
    sittings,
    standing_zone,
    standings_of,
)
from models.one_on_ones.slots import slots
from models.people import Role, get_person, put_workspace, standards
from models.standards import Standards
from tests.one_on_ones import (
    CHANGED,
    MONDAY,
    MORNING,
    NEW_YORK,
    TEN,
    TUESDAY_TEN,
    WEEK,
    a_session,
    a_standing,
    at,
    reps,
    sessions_of,
    sitting_of,
    starts_of,
    told,
)
from tests.world import World, a_person, a_team


def fill(session: Session, world: World, weekday: int) -> list[int]:
    """Ana, Ben and Cleo have theirs on a weekday, one after the other from 09:00."""
    people = [world.ana, world.ben, world.cleo]
    for hour, who in enumerate(people, start=9):
        a_standing(session, world.max, who, weekday=weekday, local_time=time(hour))
    return people


def fill_week(session: Session, world: World) -> None:
    fill(session, world, 2)
    for number, who in enumerate(reps(session, world, 6)):
        a_standing(
            session, world.max, who, weekday=3 + number // 3, local_time=time(9 + number % 3)
        )


# --- setting one


def test_it_plans_this_and_the_next_week(session: Session, world: World) -> None:
    made = a_standing(session, world.max, world.ana)
    assert starts_of(session, world.ana) == [TUESDAY_TEN, TUESDAY_TEN + WEEK]
    assert (made.zone, made.set_by_id, made.ended_at) == (NEW_YORK, world.max, None)
    assert current_standing(session, world.ana) is made
    first, _ = sessions_of(session, world.ana)
    assert (first.week, first.first_due_on) == (MONDAY, date(2026, 11, 24))


def test_each_session_owes_two_cards_and_a_rating(session: Session, world: World) -> None:
    sitting = sitting_of(session, a_session(session, world))
    before, after = timedelta(minutes=10), timedelta(minutes=45)
    assert told(session, Kind.ONE_ON_ONE_COACH)[0] == (sitting.id, world.max, TUESDAY_TEN - before)
    assert told(session, Kind.ONE_ON_ONE_PERSON)[0] == (sitting.id, world.ana, TUESDAY_TEN - before)
    assert told(session, Kind.ONE_ON_ONE_RATING)[0] == (sitting.id, world.ana, TUESDAY_TEN + after)


def test_the_person_is_told_once(session: Session, world: World) -> None:
    made = a_standing(session, world.max, world.ana)
    a_standing(session, world.max, world.ana)
    assert told(session, Kind.ONE_ON_ONE_STANDING) == [(made.id, world.ana, MORNING)]


def test_the_setup_file_tells_nobody(session: Session, world: World) -> None:
    ana = get_person(session, world.ana)
    made, changed = put_standing(
        session, None, ana, weekday=2, local_time=TEN, minutes=30, active_from=MONDAY, now=MORNING
    )
    assert (made.coach_id, made.set_by_id, changed) == (world.max, None, True)
    assert told(session, Kind.ONE_ON_ONE_STANDING) == []


def test_the_same_again_changes_nothing(session: Session, world: World) -> None:
    first = a_standing(session, world.max, world.ana)
    again, changed = put_standing(
        session,
        get_person(session, world.max),
        get_person(session, world.ana),
        weekday=2,
        local_time=TEN,
        minutes=30,
        active_from=MONDAY + WEEK,
        now=MORNING,
    )
    assert (again, changed) == (first, False)
    assert len(sessions_of(session, world.ana)) == 2


def test_nothing_is_planned_into_the_past(session: Session, world: World) -> None:
    a_standing(session, world.max, world.ana, now=at(2, 10))
    assert starts_of(session, world.ana) == [TUESDAY_TEN + WEEK]


def test_nothing_is_planned_before_it_is_active(session: Session, world: World) -> None:
    a_standing(session, world.max, world.ana, active_from=date(2026, 11, 25))
    assert starts_of(session, world.ana) == [TUESDAY_TEN + WEEK]


def test_a_manager_is_coached_in_the_leaders_zone(session: Session, world: World) -> None:
    get_person(session, world.lea).zone = "Europe/Berlin"
    made = a_standing(session, world.lea, world.max, local_time=time(15))
    assert made.zone == "Europe/Berlin"
    assert starts_of(session, world.max)[0] == at(2, 9)


def test_a_rep_is_coached_in_the_teams_zone(session: Session, world: World) -> None:
    boss, ana = get_person(session, world.max), get_person(session, world.ana)
    boss.zone = ana.zone = "Asia/Tokyo"
    assert standing_zone(session, boss, ana) == NEW_YORK


# --- what is refused


def test_only_who_coaches_sets_it(session: Session, world: World) -> None:
    with pytest.raises(Refused) as refused:
        a_standing(session, world.lea, world.ana)
    assert (refused.value.act, refused.value.allowed) == (Act.COACH, (world.max,))


def test_nobody_without_a_coach_has_one(session: Session, world: World) -> None:
    lea = get_person(session, world.lea)
    with pytest.raises(Refused) as refused:
        put_standing(
            session, None, lea, weekday=2, local_time=TEN, minutes=30, active_from=MONDAY,
            now=MORNING,
        )  # fmt: skip
    assert refused.value.allowed == ()


def test_nobody_who_left_has_one(session: Session, world: World) -> None:
    get_person(session, world.ana).active = False
    with pytest.raises(Refused):
        a_standing(session, world.max, world.ana)


@pytest.mark.parametrize("minutes", [0, 29, 46, 60])
def test_thirty_to_forty_five_minutes(session: Session, world: World, minutes: int) -> None:
    with pytest.raises(MinutesUnfit) as refused:
        a_standing(session, world.max, world.ana, minutes=minutes)
    assert (refused.value.least, refused.value.most) == (30, 45)


@pytest.mark.parametrize("weekday", [1, 5, 6])
def test_tuesday_to_thursday(session: Session, world: World, weekday: int) -> None:
    with pytest.raises(WeekdayUnfit) as refused:
        a_standing(session, world.max, world.ana, weekday=weekday)
    assert refused.value.days == "234"


def test_the_workspace_sets_the_bounds(session: Session, world: World) -> None:
    rules = Standards(one_on_one_days="5", one_on_one_minutes_most=60)
    put_workspace(session, world.workspace_id, now=MORNING, standards=rules)
    assert a_standing(session, world.max, world.ana, weekday=5, minutes=60).minutes == 60


def test_the_fourth_of_a_day_is_refused_with_what_is_free(session: Session, world: World) -> None:
    taken = fill(session, world, 2)
    (fourth,) = reps(session, world, 1)
    with pytest.raises(DayFull) as refused:
        a_standing(session, world.max, fourth, local_time=time(15))
    assert (refused.value.weekday, refused.value.on) == (2, None)
    assert refused.value.taken_by == tuple(taken)
    assert refused.value.free == (
        FreeSlot(3, time(14, 30)), FreeSlot(3, time(15)), FreeSlot(3, time(15, 30)),
        FreeSlot(4, time(14, 30)), FreeSlot(4, time(15)), FreeSlot(4, time(15, 30)),
    )  # fmt: skip


def test_every_slot_that_is_offered_can_be_had(session: Session, world: World) -> None:
    fill(session, world, 2)
    a_standing(session, world.lea, world.max, weekday=3, local_time=time(9, 15), minutes=45)
    (fourth,) = reps(session, world, 1)
    boss, rep = get_person(session, world.max), get_person(session, fourth)
    offered = free_slots(session, boss, rep, 45, MORNING, limit=40)
    assert FreeSlot(3, time(9)) not in offered
    assert FreeSlot(3, time(10)) in offered
    for slot in offered:
        made, changed = put_standing(
            session, boss, rep, weekday=slot.weekday, local_time=slot.local_time, minutes=45,
            active_from=MONDAY, now=MORNING,
        )  # fmt: skip
        assert changed
        assert made.ended_at is None


def test_what_is_offered_leaves_out_what_calendars_say(session: Session, world: World) -> None:
    """Something that is there week after week; a single thing is not in the way."""
    boss, rep = get_person(session, world.max), get_person(session, world.ana)
    week = slots(session, boss, rep, MONDAY)
    weekly = [(at(2, 9, week=each), at(2, 12, week=each)) for each in range(4)]
    once = [(at(3, 9), at(3, 17))]
    busy = {boss.id: weekly, rep.id: once}
    week = replace(week, pages=replace(week.pages, busy=busy))
    offered = week.free(30, time(9), limit=100)
    assert min(slot.local_time for slot in offered if slot.weekday == 2) == time(12)
    assert FreeSlot(3, time(9)) in offered
    week.check(FreeSlot(2, time(10)), 30)  # chosen by hand it stands: a calendar is advice


def test_what_is_offered_is_day_for_both(session: Session, world: World) -> None:
    ana = get_person(session, world.ana)
    ana.zone = "Europe/Berlin"
    ana.working_days = "1234567"
    offered = free_slots(session, get_person(session, world.max), ana, 30, MORNING, limit=100)
    assert max(slot.local_time for slot in offered) == time(15, 30)  # 21:30 in Berlin


def test_what_is_offered_begins_where_both_are_there(session: Session, world: World) -> None:
    ana = get_person(session, world.ana)
    for first in (date(2026, 11, 24), date(2026, 12, 1)):
        put_absence(session, ana, first, first, MORNING)
    offered = free_slots(session, get_person(session, world.max), ana, 30, MORNING, limit=100)
    assert {slot.weekday for slot in offered} == {3, 4}


def test_changing_ones_own_is_no_fourth(session: Session, world: World) -> None:
    fill(session, world, 2)
    changed = a_standing(session, world.max, world.ana, local_time=time(14))
    assert changed.local_time == time(14)
    assert len(standings_of(session, world.max)) == 3


def test_the_tenth_hears_that_the_span_is_too_wide(session: Session, world: World) -> None:
    fill_week(session, world)
    tenth = a_person(session, "U0TEN", "Ten", team_id=world.team, reports_to_id=world.max)
    with pytest.raises(SpanTooWide) as refused:
        a_standing(session, world.max, tenth.id, local_time=time(15))
    assert refused.value.most == 9


def test_nobody_has_two_at_once(session: Session, world: World) -> None:
    a_standing(session, world.max, world.ana, minutes=45)
    with pytest.raises(Overlaps) as refused:
        a_standing(session, world.max, world.ben, local_time=time(10, 30))
    found = refused.value
    assert (found.person_id, found.other_id) == (world.max, world.ana)
    assert (found.weekday, found.local_time, found.starts_at) == (2, TEN, None)
    assert FreeSlot(2, time(11)) in found.free
    a_standing(session, world.max, world.ben, local_time=time(10, 45))


def test_nor_as_a_coach_and_as_coached(session: Session, world: World) -> None:
    a_standing(session, world.lea, world.max)
    with pytest.raises(Overlaps) as refused:
        a_standing(session, world.max, world.ana)
    assert (refused.value.person_id, refused.value.other_id) == (world.max, world.lea)


def test_two_zones_that_meet_for_two_weeks_of_the_year_overlap(
    session: Session, world: World
) -> None:
    # Berlin is usually six hours ahead of New York, but five between the two changes of the clocks
    get_person(session, world.lea).zone = "Europe/Berlin"
    a_standing(session, world.lea, world.max, local_time=time(15))
    with pytest.raises(Overlaps):
        a_standing(session, world.max, world.ana, local_time=time(9))
    with pytest.raises(Overlaps):
        a_standing(session, world.max, world.ana, local_time=TEN)
    a_standing(session, world.max, world.ana, local_time=time(11))


def test_a_weekday_off_is_refused(session: Session, world: World) -> None:
    get_person(session, world.ana).working_days = "1345"
    with pytest.raises(DayIsOff) as refused:
        a_standing(session, world.max, world.ana)
    found = refused.value
    assert (found.person_id, found.on, found.off.why) == (
        world.ana, date(2026, 11, 24), Off.WEEKDAY,
    )  # fmt: skip
    assert {slot.weekday for slot in found.free if isinstance(slot, FreeSlot)} == {3, 4}


def test_a_weekday_off_counts_where_the_person_is(session: Session, world: World) -> None:
    ana = get_person(session, world.ana)
    ana.zone, ana.working_days = "Asia/Tokyo", "1234"  # Thursday 15:00 in New York is Friday there
    with pytest.raises(DayIsOff) as refused:
        a_standing(session, world.max, world.ana, weekday=4, local_time=time(15))
    assert refused.value.on == date(2026, 11, 27)


def test_a_coach_of_two_teams_has_three_a_day_in_all(session: Session, world: World) -> None:
    fill(session, world, 2)
    east = a_team(session, "East", manager_id=world.max)
    rep = a_person(session, "U0EVE", "Eve", team_id=east.id, reports_to_id=world.max)
    with pytest.raises(DayFull):
        a_standing(session, world.max, rep.id, local_time=time(15))


def test_the_database_keeps_one_standing_per_person(session: Session, world: World) -> None:
    first = a_standing(session, world.max, world.ana)
    columns = {each.key: getattr(first, each.key) for each in Standing.__mapper__.column_attrs}
    session.add(Standing(**columns | {"id": None}))
    with pytest.raises(IntegrityError):
        session.flush()


@pytest.mark.parametrize(
    ("local_time", "minutes"),
    [(time(3), 30), (time(5, 59), 30), (time(21, 31), 30), (time(22), 45)],
)
def test_not_in_the_middle_of_the_night(
    session: Session, world: World, local_time: time, minutes: int
) -> None:
    with pytest.raises(OutOfHours) as refused:
        a_standing(session, world.max, world.ana, local_time=local_time, minutes=minutes)
    assert (refused.value.earliest, refused.value.latest) == (time(6), time(22))
    assert FreeSlot(2, time(9)) in refused.value.free or FreeSlot(2, time(16)) in refused.value.free


# --- changing it


def test_what_is_ahead_follows_a_change(session: Session, world: World) -> None:
    first = a_standing(session, world.max, world.ana)
    before = [session_.id for session_ in sessions_of(session, world.ana)]
    changed = a_standing(session, world.max, world.ana, weekday=4, minutes=45)
    assert first.ended_at == MORNING
    assert starts_of(session, world.ana) == [at(4, 10), at(4, 10, week=1)]
    for one_on_one in sessions_of(session, world.ana):
        assert one_on_one.id in before
        assert (one_on_one.standing_id, one_on_one.minutes) == (changed.id, 45)
        old, new = sittings(session, one_on_one.id)
        assert (old.is_current, old.seat, new.set_by_id) == (False, None, None)


def test_what_was_moved_by_hand_stays(session: Session, world: World) -> None:
    one_on_one = a_session(session, world)
    move(session, get_person(session, world.ana), one_on_one.id, at(3, 16), MORNING)
    a_standing(session, world.max, world.ana, weekday=4)
    assert starts_of(session, world.ana) == [at(3, 16), at(4, 10, week=1)]


def test_what_cannot_follow_any_more_stays(session: Session, world: World) -> None:
    a_standing(session, world.max, world.ana, weekday=4)
    a_standing(session, world.max, world.ana, weekday=2, now=at(3, 9))
    assert starts_of(session, world.ana) == [at(4, 10), at(2, 10, week=1)]


def test_a_new_coach_starts_anew(session: Session, world: World) -> None:
    a_standing(session, world.max, world.ana)
    mia = a_person(session, "U0MIA", "Mia", Role.MANAGER, reports_to_id=world.lea)
    east = a_team(session, "East", manager_id=mia.id)
    get_person(session, world.ana).team_id = east.id
    a_standing(session, mia.id, world.ana)
    lost = [each for each in sessions_of(session, world.ana) if each.coach_id == world.max]
    assert {each.excuse for each in lost} == {Excuse.COACH_CHANGED}
    assert starts_of(session, world.ana) == [TUESDAY_TEN, TUESDAY_TEN + WEEK]
    assert standings_of(session, world.max) == []


# --- ending it


def test_ending_it_cancels_what_is_ahead(session: Session, world: World) -> None:
    made = a_standing(session, world.max, world.ana)
    boss, ana = get_person(session, world.max), get_person(session, world.ana)
    end_standing(session, boss, ana, at(2, 12))
    today, ahead = sessions_of(session, world.ana)
    assert (made.ended_at, current_standing(session, world.ana)) == (at(2, 12), None)
    assert today.state is State.DUE
    assert (ahead.state, ahead.settled_by_id, ahead.reason) == (State.CANCELLED, world.max, ENDED)
    assert [who for _, who, _ in told(session, *CHANGED)] == [world.ana]


def test_set_again_what_fell_with_it_is_due_again(session: Session, world: World) -> None:
    a_standing(session, world.max, world.ana)
    boss, ana = get_person(session, world.max), get_person(session, world.ana)
    first, second = sessions_of(session, world.ana)
    cancel(session, ana, second.id, "At a customer's all week", MORNING)
    end_standing(session, boss, ana, MORNING)
    assert (first.state, first.reason) == (State.CANCELLED, ENDED)
    a_standing(session, world.max, world.ana, weekday=3)
    assert (first.state, first.settled_by_id, first.reason) == (State.DUE, None, None)
    assert starts_of(session, world.ana)[0] == at(3, 10)
    assert (second.state, second.reason) == (State.CANCELLED, "At a customer's all week")
    assert changes(session, world.max, world.ana, MONDAY).coach_cancelled == 0


def test_what_has_ended_cannot_end_again(session: Session, world: World) -> None:
    a_standing(session, world.max, world.ana)
    boss, ana = get_person(session, world.max), get_person(session, world.ana)
    end_standing(session, boss, ana, MORNING)
    with pytest.raises(NoStanding):
        end_standing(session, boss, ana, MORNING)


def test_only_who_coaches_ends_it(session: Session, world: World) -> None:
    a_standing(session, world.max, world.ana)
    ana = get_person(session, world.ana)
    with pytest.raises(Refused):
        end_standing(session, ana, ana, MORNING)


def test_another_workspace_sees_none(session: Session, world: World) -> None:
    a_standing(session, world.max, world.ana)
    assert standards(session).one_on_ones_a_day == 3
    assert session.scalars(select(Standing.workspace_id)).all() == [world.workspace_id]
