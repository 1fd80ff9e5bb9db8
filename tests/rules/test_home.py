"""Home: one-on-ones and coaching for rep, manager and leader, their settings, and its price."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from models.absences import put_absence
from models.coaching import confirm_log, waiting_answers
from models.next_actions import set_next_action
from models.one_on_ones import (
    State,
    cancel,
    enter_absence,
    leave_absence,
    put_standing,
    start,
)
from models.people import Role, get_person, team
from models.pipeline_review import Grade
from models.ratings import rate
from models.roster import put_team
from models.screens import HomeCoach, HomeScreen, Side, days_off, home, messages_chosen
from models.trial import begin
from tests.coaching import a_log
from tests.reviews import a_review, close, hold_all
from tests.sittings import a_one_on_one, settle
from tests.world import World, a_deal, a_person, a_rep, a_team

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
SET = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)  # Friday 10:00 in New York
TUESDAY = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)  # 09:00 in New York
TEN = TUESDAY + HOUR


@pytest.fixture
def week(session: Session, world: World) -> World:
    """Max sees Ana on Tuesdays at 10:00, Ben on Wednesdays; Lea sees Max on Tuesdays at 15:00."""
    for coach_id, person_id, weekday, hour in (
        (world.max, world.ana, 2, 10),
        (world.max, world.ben, 3, 11),
        (world.lea, world.max, 2, 15),
    ):
        put_standing(
            session,
            get_person(session, coach_id),
            get_person(session, person_id),
            weekday=weekday,
            local_time=time(hour),
            minutes=30,
            active_from=date(2026, 11, 23),
            now=SET,
        )
    return world


def home_of(session: Session, person_id: int, now: datetime = TUESDAY) -> HomeScreen:
    return home(session, get_person(session, person_id), now)


def coach_of(session: Session, person_id: int, now: datetime = TUESDAY) -> HomeCoach:
    found = home_of(session, person_id, now).coach
    assert found is not None
    return found


# --- one-on-ones


def test_a_managers_day_has_both_sides(session: Session, week: World) -> None:
    shown = home_of(session, week.max)
    assert [(row.other.name, row.side) for row in shown.sessions_today] == [
        ("Ana", Side.COACH),
        ("Lea", Side.PERSON),
    ]
    assert [(row.other.name, row.side) for row in shown.sessions_next] == [("Ben", Side.COACH)]
    ana = shown.sessions_today[0]
    assert (ana.may_run, ana.state) == (True, State.DUE)


def test_a_rep_sees_the_own_ones(session: Session, week: World) -> None:
    shown = home_of(session, week.ana)
    assert [row.other.name for row in shown.sessions_today] == ["Max"]
    assert shown.coach is None
    assert home_of(session, week.cleo).sessions_today == ()


def test_what_was_started_says_so(session: Session, week: World) -> None:
    ana = home_of(session, week.max).sessions_today[0]
    start(session, get_person(session, week.max), ana.one_on_one_id, TEN)
    assert home_of(session, week.max, TEN).sessions_today[0].started_at == TEN


def test_what_of_yesterday_is_not_recorded_stands_apart(session: Session, week: World) -> None:
    shown = home_of(session, week.max, TUESDAY + DAY)
    assert shown.coach is not None
    assert [row.other.name for row in shown.coach.unrecorded] == ["Ana"]
    assert [row.other.name for row in shown.sessions_today] == ["Ben"]
    assert coach_of(session, week.lea, TUESDAY + DAY).unrecorded[0].other.name == "Max"


def test_the_week_shows_each_day_with_either_side(session: Session, week: World) -> None:
    boss = get_person(session, week.max)
    ana = home_of(session, week.max).sessions_today[0]
    cancel(session, boss, ana.one_on_one_id, "A customer calls", TUESDAY)
    strip = coach_of(session, week.max).week
    assert [day.on for day in strip] == [date(2026, 11, 23) + n * DAY for n in range(5)]
    assert [[(row.other.name, row.state) for row in day.sessions] for day in strip] == [
        [],
        [("Ana", State.CANCELLED), ("Lea", State.DUE)],
        [("Ben", State.DUE)],
        [],
        [],
    ]


def test_what_is_ahead_is_counted_where_it_is_not_shown(session: Session, world: World) -> None:
    for number in range(13):
        at = TEN + (number % 5 + 1) * DAY + number // 5 * HOUR
        rep = a_rep(session, team(session, world.team), f"U0N{number}", f"Rep {number}")
        a_one_on_one(session, world.max, rep.id, at)
    shown = home_of(session, world.max)
    assert (len(shown.sessions_next), shown.sessions_more) == (10, 3)


def test_a_session_on_a_saturday_is_in_the_strip_too(session: Session, world: World) -> None:
    a_one_on_one(session, world.max, world.ana, datetime(2026, 11, 28, 15, 0, tzinfo=UTC))
    strip = coach_of(session, world.max).week
    assert [day.on.isoweekday() for day in strip] == [1, 2, 3, 4, 5, 6]


def test_held_of_those_that_were_due_this_quarter(session: Session, world: World) -> None:
    assert coach_of(session, world.max).held is None, "nothing was due yet"
    for weeks, state in (
        (1, State.HELD),
        (2, State.HELD),
        (3, State.MISSED),
        (4, State.EXCUSED),
        (12, State.HELD),  # in the quarter before
    ):
        at = TEN - weeks * 7 * DAY
        settle(session, a_one_on_one(session, world.max, world.ana, at), state, at)
    held = coach_of(session, world.max).held
    assert held is not None
    assert (held.held, held.due) == (2, 3)


def test_who_coaches_nobody_has_nothing_of_a_coach(session: Session, world: World) -> None:
    assert home_of(session, world.ana).coach is None
    assert home_of(session, world.ada).coach is None
    assert home_of(session, world.max).coach is not None


# --- coaching


def test_minutes_of_the_month_the_least_coached_first(session: Session, world: World) -> None:
    for person_id, minutes, held_on in (
        (world.ana, 30, date(2026, 11, 24)),
        (world.ana, 45, date(2026, 11, 20)),
        (world.ana, 60, date(2026, 10, 31)),  # another month
        (world.ben, 20, date(2026, 11, 24)),
        (world.cleo, 90, date(2026, 11, 2)),  # too late for the metrics
    ):
        a_log(session, world, person_id, TUESDAY, minutes=minutes, held_on=held_on)
    month = coach_of(session, world.max).month
    assert [(one.person.name, one.minutes, one.contacts) for one in month.people] == [
        ("Cleo", 0, 0),
        ("Ben", 20, 1),
        ("Ana", 75, 1),
    ]
    assert month.hours == (3, 4)
    working_days = 17  # of November, up to Tuesday the 24th
    assert month.share == 95 / (working_days * 8 * 60)
    assert month.share_asked == 0.5


def test_a_coach_sees_own_people_alone(session: Session, world: World) -> None:
    east = a_team(session, "East", manager_id=world.lea)
    dan = a_rep(session, east, "U0DAN", "Dan")
    a_log(session, world, dan.id, TUESDAY, coach_id=world.lea)
    assert [one.person.name for one in coach_of(session, world.max).month.people] == [
        "Ana",
        "Ben",
        "Cleo",
    ]
    assert [one.person.name for one in coach_of(session, world.lea).month.people] == ["Max", "Dan"]


def test_after_a_new_manager_the_old_one_sees_them_no_more(session: Session, world: World) -> None:
    a_log(session, world, now=TUESDAY)
    put_team(
        session,
        "West",
        currency="USD",
        zone="America/New_York",
        channel_id="C0WEST",
        manager_id=world.lea,
    )
    assert home_of(session, world.max).coach is None
    assert {one.person.name: one.minutes for one in coach_of(session, world.lea).month.people} == {
        "Ana": 0,
        "Ben": 0,
        "Cleo": 0,
        "Max": 0,
    }


def test_a_rep_has_coaching_to_answer_and_a_record(session: Session, world: World) -> None:
    a_log(session, world, now=TUESDAY - DAY, held_on=date(2026, 11, 23), focus="closing")
    a_log(session, world, now=TUESDAY, held_on=date(2026, 11, 24))
    shown = home_of(session, world.ana)
    assert [one.focus for one in shown.to_answer] == ["negotiation", "closing"]
    newest = waiting_answers(session, world.ana)[0][1]
    confirm_log(session, get_person(session, world.ana), newest.id, TUESDAY)
    shown = home_of(session, world.ana)
    assert [one.focus for one in shown.to_answer] == ["closing"]
    assert [(one.focus, one.agrees) for one in shown.received] == [
        ("negotiation", True),
        ("closing", None),
    ]
    assert home_of(session, world.ben).received == ()
    assert home_of(session, world.max).received == (), "what one gives is no record of one's own"


def test_the_record_is_the_newest_five(session: Session, world: World) -> None:
    for day in range(1, 8):
        a_log(session, world, now=TUESDAY, held_on=date(2026, 11, 16) + day * DAY)
    assert [one.held_on.day for one in home_of(session, world.ana).received] == [23, 22, 21, 20, 19]


# --- ratings


def test_a_session_is_to_be_rated_once_it_is_asked_about(session: Session, week: World) -> None:
    assert home_of(session, week.ana, TEN + 30 * timedelta(minutes=1)).to_rate == ()
    asked = TEN + 45 * timedelta(minutes=1)
    [row] = home_of(session, week.ana, asked).to_rate
    assert row.other.name == "Max"
    assert home_of(session, week.max, asked).to_rate == (), "Lea's is at three"
    rate(session, get_person(session, week.ana), row.one_on_one_id, 4, "click", asked)
    assert home_of(session, week.ana, asked).to_rate == ()


# --- days off and reminders


def test_days_off_say_what_they_excuse_and_withdrawn_bring_it_back(
    session: Session, week: World
) -> None:
    ben = get_person(session, week.ben)
    absence = enter_absence(session, ben, date(2026, 11, 25), date(2026, 11, 26), TUESDAY)
    [shown] = days_off(session, ben, TUESDAY).absences
    assert (shown.starts_on, shown.ends_on) == (date(2026, 11, 25), date(2026, 11, 26))
    assert [row.other.name for row in shown.excused] == ["Max"]
    assert days_off(session, get_person(session, week.max), TUESDAY).absences == ()
    [wednesday] = coach_of(session, week.max).week[2].sessions
    assert wednesday.state is State.EXCUSED

    leave_absence(session, ben, absence.id, TUESDAY)

    assert days_off(session, ben, TUESDAY).absences == ()
    [wednesday] = coach_of(session, week.max).week[2].sessions
    assert wednesday.state is State.DUE


def test_a_coachs_day_off_excuses_on_both_sides(session: Session, week: World) -> None:
    boss = get_person(session, week.max)
    enter_absence(session, boss, date(2026, 11, 24), date(2026, 11, 24), TUESDAY)
    [shown] = days_off(session, boss, TUESDAY).absences
    assert [row.other.name for row in shown.excused] == ["Ana", "Lea"]


def test_days_off_that_are_over_are_not_listed(session: Session, world: World) -> None:
    ana = get_person(session, world.ana)
    put_absence(session, ana, date(2026, 11, 20), date(2026, 11, 23), SET)
    put_absence(session, ana, date(2026, 12, 1), date(2026, 12, 1), SET)
    put_absence(session, ana, date(2026, 11, 20), date(2026, 11, 24), SET)
    listed = [one.ends_on.day for one in days_off(session, ana, TUESDAY).absences]
    assert listed == [24, 1]


def test_reminders_are_each_persons_own(session: Session, world: World) -> None:
    ana = get_person(session, world.ana)
    ana.reminded_at_start = False
    shown = messages_chosen(session, ana, TUESDAY)
    assert (shown.day_before, shown.at_start, shown.minutes) == (True, False, 10)


# --- a leader's managers


def test_managers_stand_worst_first_by_what_can_be_acted_on(session: Session, world: World) -> None:
    gus = a_person(session, "U0GUS", "Gus", Role.MANAGER, reports_to_id=world.lea)
    east = a_team(session, "East", manager_id=gus.id, channel_id="C0EAST")
    eve, finn = (a_rep(session, east, f"U0{name}", name) for name in ("Eve", "Finn"))
    a_log(session, world, world.ana, TUESDAY, held_on=TUESDAY.date())
    held = a_one_on_one(session, world.max, world.ana, TEN - 7 * DAY)
    settle(session, held, State.HELD, TEN - 7 * DAY)
    for person, days in ((eve, 1), (finn, 15)):
        a_log(
            session,
            world,
            person.id,
            TUESDAY,
            coach_id=gus.id,
            held_on=(TUESDAY - days * DAY).date(),
        )
    a_one_on_one(session, gus.id, eve.id, TEN - DAY)
    a_one_on_one(session, gus.id, finn.id, TEN + HOUR)

    first, second = home_of(session, world.lea).managers

    assert (first.person.name, first.unrecorded, first.uncoached, first.coached) == ("Gus", 1, 1, 2)
    assert (first.held, [led.last_grade for led in first.teams]) == (None, [None])
    assert (second.person.name, second.unrecorded, second.uncoached) == ("Max", 0, 2)
    assert second.held is not None
    assert (second.held.held, second.held.due) == (1, 1)


def test_a_review_that_waits_for_decisions_counts_once_deciding_began(
    session: Session, world: World
) -> None:
    review = a_review(session, world, decide_from=TUESDAY, started_at=TUESDAY - DAY)
    [boss] = home_of(session, world.lea).managers
    assert boss.teams[0].waits is not None
    assert boss.teams[0].waits.undecided == 6
    assert boss.to_act_on == 6 + 3, "and nobody was coached"
    review.decide_from = TUESDAY + HOUR
    assert home_of(session, world.lea).managers[0].teams[0].waits is None
    review.decide_from = TUESDAY
    hold_all(session, world, review, TUESDAY)
    close(session, world, review, TUESDAY)
    [boss] = home_of(session, world.lea).managers
    assert (boss.teams[0].last_grade, boss.teams[0].last_on) == (
        Grade.BELOW_STANDARD,
        date(2026, 11, 24),
    )


def test_a_teams_trial_accuses_its_manager_of_nothing(session: Session, world: World) -> None:
    held = a_one_on_one(session, world.max, world.ana, TEN - 7 * DAY)
    settle(session, held, State.HELD, TEN - 7 * DAY)
    west = team(session, world.team)
    for last, coached in ((date(2026, 11, 10), 0), (date(2026, 11, 9), 3)):
        begin(west, last - 6 * DAY)
        [boss] = home_of(session, world.lea).managers
        assert (west.trial_ends_on, boss.uncoached) == (last, coached)
    assert boss.held is not None
    begin(west, date(2026, 11, 23))
    [boss] = home_of(session, world.lea).managers
    assert (boss.held, boss.uncoached) == (None, 0)


def test_only_who_leads_sees_managers(session: Session, world: World) -> None:
    for person_id in (world.max, world.ana, world.ada):
        assert home_of(session, person_id).managers == ()


# --- its price


@contextmanager
def counted(session: Session) -> Iterator[list[str]]:
    """The statements that are sent to the database meanwhile."""
    sent: list[str] = []

    def hear(_conn: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        sent.append(statement)

    connection = session.connection()
    event.listen(connection, "before_cursor_execute", hear)
    try:
        yield sent
    finally:
        event.remove(connection, "before_cursor_execute", hear)


def some_months(session: Session, world: World, numbers: range) -> list[int]:
    """A rep for each number, with a month of sessions and logs, and four deals; their ids."""
    ids = []
    for number in numbers:
        name = f"Rep {number}"
        rep = a_person(session, f"U0R{number}", name, team_id=world.team, reports_to_id=world.max)
        ids.append(rep.id)
        for weeks in range(4):
            at = TEN - weeks * 7 * DAY + number % 3 * DAY
            held = a_one_on_one(session, world.max, rep.id, at)
            if weeks:
                settle(session, held, State.HELD, at)
            a_log(session, world, rep.id, TUESDAY, held_on=(TUESDAY - weeks * DAY).date())
            deal = a_deal(session, rep.id, "Proposal")
            set_next_action(
                session, deal.id, "Send the offer", world.max, at.date(), world.max, TUESDAY
            )
    session.flush()
    return ids


def price(session: Session, person_id: int) -> int:
    session.expunge_all()
    session.info.pop("kept", None)
    with counted(session) as sent:
        home_of(session, person_id)
    return len(sent)


def test_home_asks_the_database_no_more_often_for_more_people(
    session: Session, world: World
) -> None:
    some_months(session, world, range(2))
    few = price(session, world.max)
    some_months(session, world, range(2, 12))
    assert price(session, world.max) == few
    assert few <= 41


def test_a_reps_home_costs_no_more(session: Session, world: World) -> None:
    first, *_ = some_months(session, world, range(12))
    assert price(session, first) <= 41


def test_a_leaders_home_costs_no_more_for_more_managers(session: Session, world: World) -> None:
    def with_managers(numbers: range) -> int:
        for number in numbers:
            boss = a_person(
                session, f"U0M{number}", f"Boss {number}", Role.MANAGER, reports_to_id=world.lea
            )
            of_team = a_team(session, f"Team {number}", manager_id=boss.id)
            rep = a_rep(session, of_team, f"U0T{number}", f"Seller {number}")
            a_one_on_one(session, boss.id, rep.id, TEN - DAY)
            a_log(session, world, rep.id, TUESDAY, coach_id=boss.id, held_on=TUESDAY.date())
        return price(session, world.lea)

    few = with_managers(range(2))
    assert with_managers(range(2, 8)) == few
    assert few <= 42
