"""Coaching logs: what may be logged by whom, and what becomes of it."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models.access import Act, Refused
from models.base import Database, RuleBroken
from models.coaching import (
    AlreadyLogged,
    CoachingEntry,
    CoachingLog,
    DealUnfit,
    EmptyFeedback,
    EmptyNextStep,
    FeedbackTooLong,
    FeedbackTooShort,
    HeldInFuture,
    HeldTooLongAgo,
    LogFault,
    LogUnfit,
    MinutesUnfit,
    NextOnUnfit,
    NextStepTooLong,
    Quote,
    UnknownFocus,
    UnknownLog,
    current_entry,
    edit_log,
    focus_areas_for,
    get_log,
    last_entry,
    log_coaching,
    log_of,
    logs_of_coach,
    logs_of_person,
    open_deals_of,
    waiting_answers,
    withdraw_log,
)
from models.coaching.refusals import PartOfOneOnOne
from models.delivery import Kind
from models.people import Role, get_person, put_workspace, standards
from models.roster import put_person, put_team
from models.standards import Standards
from tests.coaching import a_log, given, owed
from tests.sittings import a_one_on_one
from tests.world import NOW, TODAY, World, a_deal, a_person, a_rep, a_team

DAY = timedelta(days=1)


def faults(session: Session, world: World, **changes: Any) -> list[type[RuleBroken]]:
    """What is wrong about Max's log on Ana."""
    with pytest.raises(LogUnfit) as broken:
        a_log(session, world, **changes)
    return [type(fault) for fault in broken.value.faults]


def fault(session: Session, world: World, **changes: Any) -> Any:
    with pytest.raises(LogUnfit) as broken:
        a_log(session, world, **changes)
    (only,) = broken.value.faults
    return only


# --- what a log holds


def test_a_log_says_what_was_given_and_owes_both_sides_a_message(
    session: Session, world: World
) -> None:
    log = a_log(session, world, quote=Quote("Price is fixed", "https://north.example/p1"))

    entry = current_entry(session, log.id)
    assert (log.coach_id, log.person_id, log.logged_on) == (world.max, world.ana, TODAY)
    assert (entry.focus, entry.minutes, entry.is_late) == ("negotiation", 30, False)
    assert (log.quote, log.quote_url) == ("Price is fixed", "https://north.example/p1")
    messages = owed(session, log)
    assert {kind: message.person_id for kind, message in messages.items()} == {
        Kind.COACHING_PERSON: world.ana,
        Kind.COACHING_COACH: world.max,
    }
    assert all(message.due_at == NOW for message in messages.values())


def test_words_are_kept_without_the_space_around_them(session: Session, world: World) -> None:
    log = a_log(
        session, world, feedback="  Ask who signs, then be silent \n", next_step=" Two calls "
    )
    entry = current_entry(session, log.id)
    assert (entry.feedback, entry.next_step) == ("Ask who signs, then be silent", "Two calls")


@pytest.mark.parametrize("ago", [0, 1, 7])
def test_within_a_week_it_counts(session: Session, world: World, ago: int) -> None:
    log = a_log(session, world, held_on=TODAY - ago * DAY)
    assert not current_entry(session, log.id).is_late


@pytest.mark.parametrize("ago", [8, 90])
def test_later_than_a_week_it_is_kept_and_marked_late(
    session: Session, world: World, ago: int
) -> None:
    log = a_log(session, world, held_on=TODAY - ago * DAY)
    assert current_entry(session, log.id).is_late


def test_neither_in_the_future_nor_older_than_ninety_days(session: Session, world: World) -> None:
    future = fault(session, world, held_on=TODAY + DAY)
    assert isinstance(future, HeldInFuture)
    assert future.today == TODAY
    old = fault(session, world, held_on=TODAY - 91 * DAY)
    assert isinstance(old, HeldTooLongAgo)
    assert old.least == TODAY - 90 * DAY


def test_today_is_the_coachs(session: Session, world: World) -> None:
    """At 04:00 UTC on Wednesday it is Tuesday still in New York, where Max is."""
    night = datetime(2026, 11, 25, 4, tzinfo=UTC)
    assert faults(session, world, now=night, held_on=date(2026, 11, 25)) == [HeldInFuture]
    get_person(session, world.max).zone = "Asia/Tokyo"
    assert a_log(session, world, now=night, held_on=date(2026, 11, 25)).logged_on == date(
        2026, 11, 25
    )


@pytest.mark.parametrize(
    ("feedback", "expected"),
    [
        ("x" * 14, FeedbackTooShort),
        ("Be bolder" + " " * 20, FeedbackTooShort),
        ("", EmptyFeedback),
        ("Good job!", EmptyFeedback),
        ("Follow up with the customer again please", EmptyFeedback),
        ("x" * 3001, FeedbackTooLong),
    ],
)
def test_feedback_says_something(
    session: Session, world: World, feedback: str, expected: type[LogFault]
) -> None:
    assert faults(session, world, feedback=feedback) == [expected]


def test_fifteen_and_three_thousand_characters_will_do(session: Session, world: World) -> None:
    for feedback in ("x" * 15, "x" * 3000):
        assert a_log(session, world, feedback=feedback)


@pytest.mark.parametrize(
    ("step", "expected"),
    [("", EmptyNextStep), ("follow up", EmptyNextStep), ("x" * 501, NextStepTooLong)],
)
def test_a_next_step_says_what_is_done(
    session: Session, world: World, step: str, expected: type[LogFault]
) -> None:
    assert faults(session, world, next_step=step) == [expected]


@pytest.mark.parametrize("days", [0, 90])
def test_the_next_step_is_due_within_ninety_days(session: Session, world: World, days: int) -> None:
    assert a_log(session, world, next_on=TODAY + days * DAY)


@pytest.mark.parametrize("days", [-1, 91])
def test_a_next_step_due_at_no_such_time(session: Session, world: World, days: int) -> None:
    unfit = fault(session, world, next_on=TODAY + days * DAY)
    assert isinstance(unfit, NextOnUnfit)
    assert (unfit.least, unfit.most) == (TODAY, TODAY + 90 * DAY)


@pytest.mark.parametrize("minutes", [1, 480])
def test_minutes_of_a_day(session: Session, world: World, minutes: int) -> None:
    assert a_log(session, world, minutes=minutes)


@pytest.mark.parametrize("minutes", [0, -5, 481, 10**9])
def test_minutes_of_no_day(session: Session, world: World, minutes: int) -> None:
    unfit = fault(session, world, minutes=minutes)
    assert isinstance(unfit, MinutesUnfit)
    assert (unfit.least, unfit.most) == (1, 480)


def test_a_rep_has_reps_focus_areas_a_manager_managers(session: Session, world: World) -> None:
    rules, ana, boss = (
        standards(session),
        get_person(session, world.ana),
        get_person(session, world.max),
    )
    assert "negotiation" in focus_areas_for(rules, ana)
    assert "accountability" in focus_areas_for(rules, boss)
    assert faults(session, world, focus="accountability") == [UnknownFocus]
    unfit = fault(session, world, person_id=world.max, coach_id=world.lea, focus="negotiation")
    assert unfit.areas == rules.manager_focus_areas
    assert a_log(session, world, world.max, coach_id=world.lea, focus="accountability")


def test_focus_areas_and_phrases_are_the_workspaces(session: Session, world: World) -> None:
    ours = Standards(focus_areas=("listening",), feedback_characters=20, empty_phrases=("hm",))
    put_workspace(session, world.workspace_id, now=NOW, standards=ours)
    assert faults(session, world, feedback="x" * 19) == [UnknownFocus, FeedbackTooShort]
    assert a_log(session, world, focus="listening", next_step="follow up")


def test_everything_that_is_wrong_is_said_at_once(session: Session, world: World) -> None:
    wrong = faults(
        session,
        world,
        focus="juggling",
        feedback="nice",
        next_step="tbd",
        next_on=TODAY - DAY,
        held_on=TODAY + DAY,
        minutes=0,
        deal_id=10**6,
    )
    assert wrong == [
        UnknownFocus, FeedbackTooShort, EmptyNextStep, NextOnUnfit, HeldInFuture, MinutesUnfit,
        DealUnfit,
    ]  # fmt: skip
    assert session.scalar(select(func.count()).select_from(CoachingLog)) == 0


# --- about which deal


def test_a_log_may_be_about_a_deal_of_the_person_or_the_team(
    session: Session, world: World
) -> None:
    for owner in (world.ana, world.ben, world.max):
        assert a_log(session, world, deal_id=a_deal(session, owner).id)


def test_a_log_is_not_about_another_teams_deal(session: Session, world: World) -> None:
    east = a_team(session, "East")
    other = a_rep(session, east, "U0EVE", "Eve")
    assert faults(session, world, deal_id=a_deal(session, other.id).id) == [DealUnfit]


def test_a_manager_is_coached_about_own_deals_and_those_of_all_managed_teams(
    session: Session, world: World
) -> None:
    second = a_team(session, "West Two", manager_id=world.max)
    dora = a_rep(session, second, "U0DORA", "Dora")
    deals = [
        a_deal(session, world.ana, name="A"),
        a_deal(session, dora.id, name="B"),
        a_deal(session, world.max, name="C"),
        a_deal(session, dora.id, "Closed Won", name="D"),
    ]
    for deal in deals:
        assert a_log(
            session, world, world.max, coach_id=world.lea, focus="forecast", deal_id=deal.id
        )
    assert open_deals_of(session, get_person(session, world.max)) == deals[:3]
    assert open_deals_of(session, get_person(session, world.ana)) == deals[:1]


def test_a_deal_of_another_workspace_is_no_deal_here(
    session: Session, world: World, database: Database, south: World
) -> None:
    with database.transaction(south.workspace_id) as other:
        theirs = a_deal(other, south.ana).id
    assert faults(session, world, deal_id=theirs) == [DealUnfit]


# --- by whom


@pytest.mark.parametrize("actor", ["lea", "ana", "ben", "ada"])
def test_only_the_coach_logs(session: Session, world: World, actor: str) -> None:
    with pytest.raises(Refused) as broken:
        a_log(session, world, coach_id=getattr(world, actor))
    assert (broken.value.act, broken.value.allowed) == (Act.COACH, (world.max,))


def test_nobody_coaches_who_is_not_active(session: Session, world: World) -> None:
    get_person(session, world.ana).active = False
    with pytest.raises(Refused) as broken:
        a_log(session, world)
    assert broken.value.allowed == ()


def test_who_lost_the_person_logs_no_more(session: Session, world: World) -> None:
    new = a_person(session, "U0NIA", "Nia", Role.MANAGER)
    put_team(session, "West", currency="USD", zone="America/New_York", manager_id=new.id)
    with pytest.raises(Refused) as broken:
        a_log(session, world)
    assert broken.value.allowed == (new.id,)
    assert a_log(session, world, coach_id=new.id)


def test_a_one_on_one_has_one_log_which_owes_the_coach_no_copy(
    session: Session, world: World
) -> None:
    held = a_one_on_one(session, world.max, world.ana)
    boss, ana = get_person(session, world.max), get_person(session, world.ana)

    log = log_coaching(session, boss, ana, given(), NOW, one_on_one_id=held.id)

    assert set(owed(session, log)) == {Kind.COACHING_PERSON}
    assert log_of(session, held.id) is log
    with pytest.raises(AlreadyLogged):
        log_coaching(session, boss, ana, given(), NOW, one_on_one_id=held.id)
    with pytest.raises(PartOfOneOnOne):
        withdraw_log(session, boss, log.id, "Twice", NOW)


# --- finding


def test_what_was_coached_is_found_newest_first_and_withdrawn_is_not(
    session: Session, world: World
) -> None:
    boss = get_person(session, world.max)
    old = a_log(session, world, held_on=TODAY - 5 * DAY)
    new = a_log(session, world)
    gone = a_log(session, world)
    withdraw_log(session, boss, gone.id, "Twice", NOW)
    of_ben = a_log(session, world, world.ben, held_on=TODAY - DAY)

    found = [log.id for log, _, _ in logs_of_coach(session, world.max, TODAY - 5 * DAY)]
    assert found == [new.id, of_ben.id, old.id]
    assert [log for log, _, _ in logs_of_person(session, world.ana, TODAY)] == [new]
    assert [log for log, _, answer in waiting_answers(session, world.ana)] == [new, old]
    latest = last_entry(session, world.max, world.ana)
    assert latest is not None
    assert latest[0] is new
    assert last_entry(session, world.max, world.ana, before=NOW) is None
    assert last_entry(session, world.lea, world.ana) is None


def test_no_log_is_found_across_workspaces(database: Database, world: World, south: World) -> None:
    with database.transaction(world.workspace_id) as session:
        log_id = a_log(session, world).id
    with database.transaction(south.workspace_id) as other:
        with pytest.raises(UnknownLog):
            get_log(other, log_id)
        with pytest.raises(UnknownLog):
            edit_log(other, get_person(other, south.max), log_id, given(minutes=1), NOW)
        assert logs_of_coach(other, south.max, TODAY) == []


# --- what the database itself holds


@pytest.mark.parametrize("minutes", [0, 481])
def test_the_database_refuses_minutes_of_no_day(
    session: Session, world: World, minutes: int
) -> None:
    entry = current_entry(session, a_log(session, world).id)
    entry.minutes = minutes
    with pytest.raises(IntegrityError):
        session.flush()


def test_the_database_holds_one_current_version_of_a_log(session: Session, world: World) -> None:
    boss, log = get_person(session, world.max), a_log(session, world)
    edit_log(session, boss, log.id, given(minutes=5), NOW)
    first = session.scalars(select(CoachingEntry).where(~CoachingEntry.is_current)).one()
    first.is_current = True
    with pytest.raises(IntegrityError):
        session.flush()


def test_deactivated_people_keep_what_was_logged(session: Session, world: World) -> None:
    log = a_log(session, world)
    put_person(session, "U0ANA", name="Ana", role=Role.REP, active=False)
    assert get_log(session, log.id).withdrawn_at is None
    assert [one for one, _, _ in logs_of_coach(session, world.max, TODAY)] == [log]
