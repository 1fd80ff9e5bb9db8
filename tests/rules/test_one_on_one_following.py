"""What follows when people change, or their days off: excused, due again, ended."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from models.absences import UnknownAbsence
from models.days import DAY
from models.delivery import Kind
from models.one_on_ones import (
    Excuse,
    OneOnOne,
    State,
    current_standing,
    end_standing,
    enter_absence,
    follow_people,
    follow_team_zones,
    follow_zone,
    leave_absence,
    move,
    plan,
    settle_missed,
    start,
)
from models.people import Person, Role, get_person, team
from models.screens import (
    new_coach_told,
    one_on_one_changed,
    one_on_one_changed_coach,
    others_zone_told,
    unset_told,
    zone_told,
)
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
    hold,
    reps,
    sessions_of,
    sitting_of,
    starts_of,
    told,
)
from tests.world import World, a_person, a_team

TUESDAY = date(2026, 11, 24)
LATER = at(1, 12)


@pytest.fixture
def one_on_one(session: Session, world: World) -> OneOnOne:
    """Ana's with Max, Tuesday at 10:00."""
    return a_session(session, world)


def ends(one_on_one: OneOnOne) -> tuple[State, Excuse | None]:
    return one_on_one.state, one_on_one.excuse


DUE = (State.DUE, None)


# --- days off


def test_each_side_hears_of_the_others_days_off(
    session: Session, world: World, one_on_one: OneOnOne
) -> None:
    """Ana's first, which she takes back; then Max's on the same day."""
    ana, boss = get_person(session, world.ana), get_person(session, world.max)
    first = enter_absence(session, ana, TUESDAY, TUESDAY, LATER)
    leave_absence(session, ana, first.id, LATER)
    assert one_on_one.state is State.DUE
    enter_absence(session, boss, TUESDAY, TUESDAY, LATER)
    assert [who for _, who, _ in told(session, *CHANGED)] == [world.max, world.ana]
    to_ana = one_on_one_changed(session, sitting_of(session, one_on_one).id, LATER)
    to_max = one_on_one_changed_coach(session, sitting_of(session, one_on_one).id, LATER)
    assert to_ana is not None
    assert to_max is not None
    assert (to_ana.other.id, to_max.other.id) == (world.max, world.ana)


@pytest.mark.parametrize(("who", "excuse"), [("max", Excuse.COACH_OFF), ("ana", Excuse.PERSON_OFF)])
def test_days_off_excuse_what_is_ahead(
    session: Session, world: World, one_on_one: OneOnOne, who: str, excuse: Excuse
) -> None:
    away = get_person(session, getattr(world, who))
    enter_absence(session, away, TUESDAY, TUESDAY, LATER)
    assert ends(one_on_one) == (State.EXCUSED, excuse)
    other = world.ana if away.id == world.max else world.max
    sitting_id = sitting_of(session, one_on_one).id
    assert told(session, *CHANGED) == [(sitting_id, other, LATER)]
    assert (one_on_one.settled_at, one_on_one.settled_by_id) == (LATER, None)
    sitting = sitting_of(session, one_on_one)
    assert (sitting.seat, sitting.settle_by, sitting.is_current) == (None, None, True)
    assert ends(sessions_of(session, world.ana)[1]) == DUE


@pytest.mark.parametrize("now", [TUESDAY_TEN, at(2, 18)])
def test_entered_after_the_start_it_excuses_nothing(
    session: Session, world: World, one_on_one: OneOnOne, now: object
) -> None:
    enter_absence(session, get_person(session, world.ana), TUESDAY, TUESDAY, now)  # type: ignore[arg-type]
    assert ends(one_on_one) == DUE
    settle_missed(session, at(4, 0))
    assert one_on_one.state is State.MISSED


def test_nor_what_has_begun_already(session: Session, world: World, one_on_one: OneOnOne) -> None:
    start(session, get_person(session, world.max), one_on_one.id, at(2, 9))
    enter_absence(session, get_person(session, world.ana), TUESDAY, TUESDAY, at(2, 9, 30))
    assert ends(one_on_one) == DUE


def test_withdrawn_before_the_start_it_is_due_again(
    session: Session, world: World, one_on_one: OneOnOne
) -> None:
    ana = get_person(session, world.ana)
    away = enter_absence(session, ana, TUESDAY, TUESDAY, MORNING)
    leave_absence(session, ana, away.id, LATER)
    sitting = sitting_of(session, one_on_one)
    assert ends(one_on_one) == DUE
    assert (sitting.seat, sitting.settle_by, one_on_one.settled_at) == (1, at(4, 0), None)
    with pytest.raises(UnknownAbsence):
        leave_absence(session, ana, away.id, LATER)


def test_withdrawn_later_it_stays_excused(
    session: Session, world: World, one_on_one: OneOnOne
) -> None:
    ana = get_person(session, world.ana)
    away = enter_absence(session, ana, TUESDAY, TUESDAY, MORNING)
    leave_absence(session, ana, away.id, TUESDAY_TEN)
    assert ends(one_on_one) == (State.EXCUSED, Excuse.PERSON_OFF)


def test_not_while_the_other_is_off(session: Session, world: World, one_on_one: OneOnOne) -> None:
    boss, ana = get_person(session, world.max), get_person(session, world.ana)
    away = enter_absence(session, ana, TUESDAY, TUESDAY, MORNING)
    enter_absence(session, boss, TUESDAY, TUESDAY, MORNING)
    leave_absence(session, ana, away.id, LATER)
    assert one_on_one.state is State.EXCUSED


def test_not_without_a_place(session: Session, world: World, one_on_one: OneOnOne) -> None:
    ana, boss = get_person(session, world.ana), get_person(session, world.max)
    away = enter_absence(session, ana, TUESDAY, TUESDAY, MORNING)
    for hour, who in enumerate([world.ben, world.cleo, *reps(session, world, 1)], start=13):
        a_standing(session, world.max, who, weekday=3, local_time=TEN.replace(hour=hour))
        move(session, boss, sessions_of(session, who)[0].id, at(2, hour), MORNING)
    leave_absence(session, ana, away.id, LATER)
    assert one_on_one.state is State.EXCUSED


def test_not_where_its_time_was_taken(session: Session, world: World, one_on_one: OneOnOne) -> None:
    ana = get_person(session, world.ana)
    away = enter_absence(session, ana, TUESDAY, TUESDAY, MORNING)
    a_standing(session, world.max, world.ben, local_time=TEN.replace(minute=30), minutes=30)
    (bens, _) = sessions_of(session, world.ben)
    move(session, get_person(session, world.ben), bens.id, at(2, 10, 15), MORNING)
    leave_absence(session, ana, away.id, LATER)
    assert one_on_one.state is State.EXCUSED


def test_not_for_a_pair_that_is_none_any_more(
    session: Session, world: World, one_on_one: OneOnOne
) -> None:
    ana = get_person(session, world.ana)
    away = enter_absence(session, ana, TUESDAY, TUESDAY, MORNING)
    end_standing(session, get_person(session, world.max), ana, MORNING)
    leave_absence(session, ana, away.id, LATER)
    assert ends(one_on_one) == (State.EXCUSED, Excuse.PERSON_OFF)


def test_a_week_that_was_planned_as_excused_comes_back(session: Session, world: World) -> None:
    ana = get_person(session, world.ana)
    away = enter_absence(session, ana, MONDAY, MONDAY + 4 * DAY, MORNING)
    one_on_one = a_session(session, world)
    assert one_on_one.state is State.EXCUSED
    leave_absence(session, ana, away.id, LATER)
    assert starts_of(session, world.ana)[0] == TUESDAY_TEN
    sitting = sitting_of(session, one_on_one)
    assert sitting.id in [subject for subject, _, _ in told(session, Kind.ONE_ON_ONE_COACH)]


def test_a_standing_moved_off_the_day_finds_a_free_one(session: Session, world: World) -> None:
    one_on_one = a_session(session, world)
    enter_absence(session, get_person(session, world.ana), TUESDAY, TUESDAY, MORNING)
    a_standing(session, world.max, world.ana, weekday=4)
    assert ends(one_on_one) == DUE
    assert sitting_of(session, one_on_one).starts_at == at(4, 10)


def test_a_day_off_counts_where_the_person_is(
    session: Session, world: World, one_on_one: OneOnOne
) -> None:
    ana = get_person(session, world.ana)
    ana.zone = "Asia/Tokyo"
    enter_absence(session, ana, TUESDAY, TUESDAY, MORNING)
    assert ends(one_on_one) == DUE  # it is Wednesday 00:00 in Tokyo


def test_a_day_off_counts_where_the_person_is_now(
    session: Session, world: World, one_on_one: OneOnOne
) -> None:
    ana = get_person(session, world.ana)
    enter_absence(session, ana, date(2026, 11, 25), date(2026, 11, 25), MORNING)
    assert ends(one_on_one) == DUE
    ana.zone = "Asia/Tokyo"  # 10:00 in New York is midnight there: Wednesday
    follow_people(session, [ana.id], LATER)
    assert ends(one_on_one) == (State.EXCUSED, Excuse.PERSON_OFF)


def test_a_new_calendar_excuses_holidays(session: Session, world: World) -> None:
    one_on_one = a_session(session, world, weekday=4)
    get_person(session, world.max).holiday_calendar = "US"
    follow_people(session, [world.max], LATER)
    assert ends(one_on_one) == (State.EXCUSED, Excuse.COACH_OFF)
    get_person(session, world.max).holiday_calendar = None
    follow_people(session, [world.max], LATER)
    assert ends(one_on_one) == DUE


def test_new_working_days_excuse(session: Session, world: World, one_on_one: OneOnOne) -> None:
    get_person(session, world.ana).working_days = "1345"
    follow_people(session, [world.ana], LATER)
    assert ends(one_on_one) == (State.EXCUSED, Excuse.PERSON_OFF)


def test_the_coachs_days_off_give_more_time(
    session: Session, world: World, one_on_one: OneOnOne
) -> None:
    enter_absence(session, get_person(session, world.max), TUESDAY + DAY, TUESDAY + DAY, at(2, 18))
    assert sitting_of(session, one_on_one).settle_by == at(5, 0)
    assert settle_missed(session, at(4, 0)) == 0


# --- people


def _to_mia(session: Session, world: World) -> Person:
    """Ana moves to Mia's team."""
    mia = a_person(session, "U0MIA", "Mia", Role.MANAGER, reports_to_id=world.lea)
    get_person(session, world.ana).team_id = a_team(session, "East", manager_id=mia.id).id
    return mia


def test_a_changed_coach_excuses_what_is_ahead(
    session: Session, world: World, one_on_one: OneOnOne
) -> None:
    _to_mia(session, world)
    follow_people(session, [world.ana], LATER)
    assert current_standing(session, world.ana) is None
    for each in sessions_of(session, world.ana):
        assert ends(each) == (State.EXCUSED, Excuse.COACH_CHANGED)


def test_a_team_that_gets_another_manager(
    session: Session, world: World, one_on_one: OneOnOne
) -> None:
    mia = a_person(session, "U0MIA", "Mia", Role.MANAGER, reports_to_id=world.lea)
    team(session, world.team).manager_id = mia.id
    follow_people(session, [mia.id], LATER)
    assert ends(one_on_one) == (State.EXCUSED, Excuse.COACH_CHANGED)


def test_who_had_begun_may_still_finish(
    session: Session, world: World, one_on_one: OneOnOne
) -> None:
    start(session, get_person(session, world.max), one_on_one.id, at(2, 9, 55))
    _to_mia(session, world)
    follow_people(session, [world.ana], at(2, 9, 58))
    assert ends(one_on_one) == DUE
    assert hold(session, one_on_one, at(2, 10, 30)).state is State.HELD


@pytest.mark.parametrize("who", ["max", "ana"])
def test_who_leaves_excuses_what_is_ahead(
    session: Session, world: World, one_on_one: OneOnOne, who: str
) -> None:
    left = get_person(session, getattr(world, who))
    left.active = False
    follow_people(session, [left.id], LATER)
    assert ends(one_on_one) == (State.EXCUSED, Excuse.LEFT)
    assert current_standing(session, world.ana) is None
    assert plan(session, MORNING + WEEK) == 0


def test_who_leaves_after_the_start_is_finished_with(
    session: Session, world: World, one_on_one: OneOnOne
) -> None:
    get_person(session, world.ana).active = False
    follow_people(session, [world.ana], at(2, 10, 5))
    assert hold(session, one_on_one, at(2, 10, 30)).state is State.HELD


def test_both_hear_of_a_new_coach_once(session: Session, world: World) -> None:
    standing = a_standing(session, world.max, world.ana)
    mia = _to_mia(session, world)
    follow_people(session, [world.ana], LATER)
    follow_people(session, [world.ana, mia.id], LATER)
    assert told(session, Kind.ONE_ON_ONE_NEW_COACH) == [(standing.id, world.ana, LATER)]
    assert told(session, Kind.ONE_ON_ONE_UNSET) == [(mia.id, mia.id, LATER)]
    hers = new_coach_told(session, standing.id, LATER)
    assert hers is not None
    assert (hers.coach.name, hers.before.name) == ("Mia", "Max")
    asked = unset_told(session, mia.id, LATER)
    assert asked is not None
    assert [who.name for who in asked.people] == ["Ana"]
    a_standing(session, mia.id, world.ana, now=LATER)
    assert new_coach_told(session, standing.id, LATER) is None
    assert unset_told(session, mia.id, LATER) is None


def test_who_leaves_or_ends_it_is_no_news_of_a_coach(session: Session, world: World) -> None:
    a_standing(session, world.max, world.ana)
    end_standing(session, get_person(session, world.max), get_person(session, world.ana), MORNING)
    get_person(session, world.ana).active = False
    follow_people(session, [world.ana], LATER)
    assert told(session, Kind.ONE_ON_ONE_NEW_COACH) == told(session, Kind.ONE_ON_ONE_UNSET) == []


# --- zones


def test_what_is_set_stays_when_it_is_and_both_hear_when_that_is(
    session: Session, world: World, one_on_one: OneOnOne
) -> None:
    ana, sitting = get_person(session, world.ana), sitting_of(session, one_on_one)
    ana.zone = "Europe/Berlin"
    follow_people(session, [ana.id], LATER)
    follow_zone(session, ana, "America/New_York", LATER)
    assert starts_of(session, ana.id) == [TUESDAY_TEN, TUESDAY_TEN + WEEK]
    assert told(session, Kind.ONE_ON_ONE_ZONE) == [(ana.id, ana.id, LATER)]
    assert told(session, Kind.ONE_ON_ONE_ZONE_OTHER) == [(sitting.id, world.max, LATER)]
    mine = zone_told(session, ana.id, LATER)
    assert mine is not None
    assert (mine.zone, [one.starts_at for one in mine.ahead]) == (
        "Europe/Berlin", [TUESDAY_TEN, TUESDAY_TEN + WEEK],
    )  # fmt: skip
    theirs = others_zone_told(session, sitting.id, LATER)
    assert theirs is not None
    assert (theirs.other.name, theirs.other_zone, theirs.zone) == ("Ana", "Europe/Berlin", NEW_YORK)
    assert others_zone_told(session, sitting.id, TUESDAY_TEN) is None


def test_a_zone_with_the_same_clock_is_no_news(
    session: Session, world: World, one_on_one: OneOnOne
) -> None:
    ana = get_person(session, world.ana)
    ana.zone = "America/Toronto"
    follow_zone(session, ana, "America/New_York", LATER)
    assert told(session, Kind.ONE_ON_ONE_ZONE) == []


def test_the_teams_zone_counts_from_the_first_week_that_is_not_planned(
    session: Session, world: World, one_on_one: OneOnOne
) -> None:
    team(session, world.team).zone = "America/Denver"
    follow_team_zones(session, LATER)
    follow_team_zones(session, LATER)
    standing = current_standing(session, world.ana)
    assert standing is not None
    assert (standing.zone, standing.active_from) == ("America/Denver", MONDAY + 2 * WEEK)
    assert [subject for subject, _, _ in told(session, Kind.ONE_ON_ONE_STANDING)][1:] == [
        standing.id
    ]
    plan(session, MORNING + WEEK)
    assert starts_of(session, world.ana) == [
        TUESDAY_TEN, TUESDAY_TEN + WEEK, at(2, 12, week=2),
    ]  # fmt: skip


def test_the_former_coach_may_come_back(session: Session, world: World) -> None:
    one_on_one = a_session(session, world)
    _to_mia(session, world)
    follow_people(session, [world.ana], LATER)
    get_person(session, world.ana).team_id = world.team
    follow_people(session, [world.ana], LATER)
    assert one_on_one.state is State.EXCUSED
    a_standing(session, world.max, world.ana, weekday=3, now=LATER)
    assert ends(one_on_one) == DUE
    assert starts_of(session, world.ana) == [at(3, 10), at(3, 10, week=1)]


def test_what_was_moved_by_hand_is_excused_too(
    session: Session, world: World, one_on_one: OneOnOne
) -> None:
    move(session, get_person(session, world.ana), one_on_one.id, at(4, 10), MORNING)
    _to_mia(session, world)
    follow_people(session, [world.ana], LATER)
    assert ends(one_on_one) == (State.EXCUSED, Excuse.COACH_CHANGED)


def test_a_promoted_rep_reports_to_somebody_else(
    session: Session, world: World, one_on_one: OneOnOne
) -> None:
    ana = get_person(session, world.ana)
    ana.role, ana.reports_to_id = Role.MANAGER, world.lea
    follow_people(session, [world.ana], LATER)
    assert ends(one_on_one) == (State.EXCUSED, Excuse.COACH_CHANGED)


def test_nothing_changes_for_who_did_not(
    session: Session, world: World, one_on_one: OneOnOne
) -> None:
    a_standing(session, world.lea, world.max, local_time=TEN.replace(hour=14))
    follow_people(session, [world.lea, world.max, world.ana, world.ben], LATER)
    follow_people(session, [], LATER)
    assert ends(one_on_one) == DUE
    assert len(starts_of(session, world.max)) == 2
