"""Coverage conversations: kept, missed or excused, by whom, when, and what all that comes to."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from handlers.health_check import personal
from models.absences import put_absence
from models.access import Refused
from models.coaching import (
    CoachingKind,
    CoverageTalk,
    TalkExcuse,
    TalkState,
    current_entry,
    days_over,
    edit_log,
    log_coaching,
    says,
    settle_talks,
    to_talk_with,
    withdraw_log,
)
from models.delivery import Delivery, DeliveryState, Kind
from models.deputies import put_deputy
from models.health_check import (
    KeptRate,
    TalkSettled,
    TimeTaken,
    UnknownCheck,
    free_today,
    hand_over,
    kept_rates,
    open_talk,
    set_time,
)
from models.people import Role, get_person, team
from models.roster import put_person
from models.screens import home, log_form, talk_reminder, talk_told, talks_dm
from models.setup import following
from tests.coaching import given
from tests.health import FOUR, MIDNIGHT, MONDAY, NINE, a_check, a_coverage_log, talk_with
from tests.reading import read
from tests.sittings import a_one_on_one
from tests.world import World, a_deal, a_person, a_rep, a_team, an_import

HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)
TUESDAY = MIDNIGHT + 10 * HOUR


@pytest.fixture(autouse=True)
def _deals(session: Session, world: World) -> None:
    """Ana, Ben and Cleo are all under the standard, Cleo the most."""
    an_import(session, NINE - HOUR)
    a_deal(session, world.ana, amount_minor=200_000_00)
    a_deal(session, world.ben, amount_minor=100_000_00)


@pytest.fixture
def ana(session: Session, world: World) -> CoverageTalk:
    """The conversation with Ana, asked for on Monday at nine."""
    a_check(session, world)
    return talk_with(session, world, world.ana)


def states(session: Session) -> list[TalkState]:
    return list(session.scalars(select(CoverageTalk.state).order_by(CoverageTalk.person_id)))


def owed(session: Session, kind: Kind) -> list[tuple[int, str]]:
    rows = session.scalars(select(Delivery).where(Delivery.kind == kind).order_by(Delivery.id))
    return [(one.subject_id, get_person(session, one.person_id or 0).name) for one in rows]


# --- what keeps it


def test_a_log_of_that_day_keeps_it_and_withdrawing_it_opens_it_again(
    session: Session, world: World, ana: CoverageTalk
) -> None:
    log = a_coverage_log(session, world)
    assert (ana.state, ana.log_id, ana.settled_at) == (TalkState.KEPT, log.id, log.logged_at)
    withdraw_log(session, get_person(session, world.max), log.id, "The wrong rep", FOUR)
    assert (ana.state, ana.log_id, ana.settled_at) == (TalkState.OPEN, None, None)
    again = a_coverage_log(session, world, now=MIDNIGHT - SECOND)
    settle_talks(session, MIDNIGHT)
    assert (ana.state, ana.log_id) == (TalkState.KEPT, again.id)


def test_a_log_of_this_morning_keeps_it_before_it_is_asked(session: Session, world: World) -> None:
    a_coverage_log(session, world, now=NINE - HOUR)
    a_check(session, world)
    assert talk_with(session, world, world.ana).state is TalkState.KEPT


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": CoachingKind.CALL_REVIEW},
        {"held_on": MONDAY - timedelta(days=1)},
    ],
)
def test_another_kind_or_day_keeps_nothing(
    session: Session, world: World, ana: CoverageTalk, changes: dict[str, Any]
) -> None:
    a_coverage_log(session, world, **changes)
    assert ana.state is TalkState.OPEN


def test_an_edit_that_says_so_in_time_keeps_it(
    session: Session, world: World, ana: CoverageTalk
) -> None:
    boss = get_person(session, world.max)
    log = a_coverage_log(session, world, kind=CoachingKind.SKILL_SESSION)
    before = says(current_entry(session, log.id))
    kept = given(**vars(before) | {"kind": CoachingKind.COVERAGE})
    edit_log(session, boss, log.id, kept, FOUR)
    assert ana.state is TalkState.KEPT
    edit_log(session, boss, log.id, before, FOUR + HOUR)
    assert states(session)[0] is TalkState.OPEN
    settle_talks(session, MIDNIGHT)
    late = given(**vars(kept) | {"next_on": MONDAY + timedelta(days=4)})
    edit_log(session, boss, log.id, late, TUESDAY)
    assert states(session)[0] is TalkState.MISSED


def test_at_midnight_it_is_missed_and_a_late_log_changes_nothing(
    session: Session, world: World, ana: CoverageTalk
) -> None:
    assert days_over(session, MIDNIGHT - SECOND) == set()
    assert days_over(session, MIDNIGHT) == {world.workspace_id}
    assert settle_talks(session, MIDNIGHT) == 3
    assert settle_talks(session, MIDNIGHT) == 0
    assert (ana.state, ana.settled_at) == (TalkState.MISSED, MIDNIGHT)
    a_coverage_log(session, world, now=TUESDAY)
    assert ana.state is TalkState.MISSED


def test_a_log_of_before_midnight_that_comes_in_after_the_chore_keeps_it(
    session: Session, world: World, ana: CoverageTalk
) -> None:
    """Its transaction began in time, and ended after the chore's."""
    settle_talks(session, MIDNIGHT)
    a_coverage_log(session, world, now=MIDNIGHT - SECOND)
    assert ana.state is TalkState.KEPT


def test_what_was_kept_and_is_withdrawn_the_day_after_is_missed(
    session: Session, world: World, ana: CoverageTalk
) -> None:
    log = a_coverage_log(session, world)
    settle_talks(session, MIDNIGHT)
    withdraw_log(session, get_person(session, world.max), log.id, "It was not true", TUESDAY)
    assert ana.state is TalkState.MISSED


@pytest.mark.parametrize("zone", ["Asia/Tokyo", "America/Los_Angeles", "America/New_York"])
def test_it_is_the_teams_day_wherever_the_manager_is(
    session: Session, world: World, zone: str
) -> None:
    boss = get_person(session, world.max)
    boss.zone = zone
    a_check(session, world)
    for hours in (1, 13):  # of the same day in New York, in Tokyo Tuesday
        moment = NINE + hours * HOUR
        there = moment.astimezone(ZoneInfo(zone)).date()
        log = a_coverage_log(session, world, now=moment, held_on=there)
        assert talk_with(session, world, world.ana).state is TalkState.KEPT, there
        withdraw_log(session, boss, log.id, "For the next hour", moment)


# --- what is excused


def test_who_is_away_that_day_is_named_and_excused(session: Session, world: World) -> None:
    put_absence(session, get_person(session, world.ben), MONDAY, MONDAY, NINE - 24 * HOUR)
    a_check(session, world)
    talk = talk_with(session, world, world.ben)
    assert (talk.state, talk.excuse) == (TalkState.EXCUSED, TalkExcuse.PERSON_OFF)
    settle_talks(session, MIDNIGHT)
    assert states(session) == [TalkState.MISSED, TalkState.EXCUSED, TalkState.MISSED]


def test_who_says_so_after_the_start_is_not(
    session: Session, world: World, ana: CoverageTalk
) -> None:
    put_absence(session, get_person(session, world.ana), MONDAY, MONDAY, NINE + HOUR)
    settle_talks(session, MIDNIGHT)
    assert ana.state is TalkState.MISSED


def test_in_a_trial_nothing_is_missed_or_counted(
    session: Session, world: World, ana: CoverageTalk
) -> None:
    team(session, world.team).trial_ends_on = MONDAY + timedelta(days=6)
    session.flush()
    settle_talks(session, MIDNIGHT)
    assert (ana.state, ana.excuse) == (TalkState.EXCUSED, TalkExcuse.TRIAL)
    rate = kept_rates(session, [world.max], MONDAY, MONDAY)[world.max]
    assert rate == KeptRate(kept=0, due=0, excused=0)


@pytest.mark.usefixtures("ana")
def test_a_leader_reads_at_home_how_many_were_kept(session: Session, world: World) -> None:
    def led(at: datetime) -> KeptRate | None:
        [boss] = home(session, get_person(session, world.lea), at).managers
        return boss.talks

    assert led(NINE) is None
    a_coverage_log(session, world)
    settle_talks(session, MIDNIGHT)
    assert led(MIDNIGHT) == KeptRate(1, 3, 0)


@pytest.mark.parametrize("gone", ["inactive", "another team"])
def test_a_rep_who_leaves_that_day_is_excused(
    session: Session, world: World, ana: CoverageTalk, gone: str
) -> None:
    person = get_person(session, world.ana)
    if gone == "inactive":
        person.active = False
    else:
        person.team_id = a_team(session, "East", manager_id=world.lea).id
    session.flush()
    settle_talks(session, MIDNIGHT)
    assert (ana.state, ana.excuse) == (TalkState.EXCUSED, TalkExcuse.PERSON_LEFT)


# --- who holds it


def test_who_stands_in_logs_it_but_no_other_coaching(
    session: Session, world: World, ana: CoverageTalk
) -> None:
    lea, person = get_person(session, world.lea), get_person(session, world.ana)
    assert [one.name for one in log_form(session, lea, NINE, world.ana).people] == ["Max", "Ana"]
    with pytest.raises(Refused):
        log_coaching(session, lea, person, given(held_on=MONDAY, next_on=MONDAY), NINE + HOUR)
    a_coverage_log(session, world, coach_id=world.lea)
    assert ana.state is TalkState.KEPT
    with pytest.raises(Refused):  # the day after it is the coach's alone again
        a_coverage_log(session, world, now=TUESDAY, coach_id=world.lea)


def test_nobody_stands_in_for_who_is_not_to_be_spoken_with(session: Session, world: World) -> None:
    with pytest.raises(Refused):
        a_coverage_log(session, world, coach_id=world.lea)


def test_a_new_manager_is_asked_and_the_former_one_reads_so(
    session: Session, world: World, ana: CoverageTalk
) -> None:
    eva = a_person(session, "U0EVA", "Eva", Role.MANAGER, reports_to_id=world.lea)
    [(first, _)] = owed(session, Kind.HEALTH_TALKS)
    message = session.scalars(select(Delivery).where(Delivery.kind == Kind.HEALTH_TALKS)).one()
    message.ts = "1.0"  # it stands
    before = following.coaching(session)
    team(session, world.team).manager_id = eva.id
    session.flush()
    for _ in range(2):
        following.follow(session, before, NINE + HOUR)
    assert [name for _, name in owed(session, Kind.HEALTH_TALKS)] == ["Max", "Eva"]
    assert [name for _, name in owed(session, Kind.HEALTH_REMINDER)] == ["Max", "Eva"]
    old = talks_dm(session, first, NINE + HOUR)
    assert old is not None
    assert (old.rows, old.handed_to and old.handed_to.name) == ((), "Eva")
    assert {talk.asked_id for talk in session.scalars(select(CoverageTalk))} == {eva.id}
    assert to_talk_with(session, get_person(session, world.max), FOUR) == []
    assert len(to_talk_with(session, eva, FOUR)) == 3
    [(_, _), (mine, _)] = owed(session, Kind.HEALTH_TALKS)
    assert talks_dm(session, mine, FOUR) is not None
    settle_talks(session, MIDNIGHT)
    rates = kept_rates(session, [world.max, eva.id], MONDAY, MONDAY)
    assert (rates[world.max].due, rates[eva.id].due) == (0, 3)


def test_where_nobody_is_left_to_hold_it_nobody_missed_it(
    session: Session, world: World, ana: CoverageTalk
) -> None:
    team(session, world.team).manager_id = None
    session.flush()
    hand_over(session, FOUR)
    assert [name for _, name in owed(session, Kind.HEALTH_TALKS)] == ["Max"]
    settle_talks(session, MIDNIGHT)
    assert (ana.state, ana.excuse) == (TalkState.EXCUSED, TalkExcuse.ASKED_LEFT)


# --- when they talk


def at(hour: int, minute: int = 0) -> datetime:
    """An hour of that Monday in New York."""
    return NINE + (hour - 9) * HOUR + minute * timedelta(minutes=1)


def free(session: Session, world: World, talk: CoverageTalk, now: datetime) -> list[datetime]:
    return list(free_today(session, get_person(session, world.max), talk, now))


def test_what_is_free_today(session: Session, world: World, ana: CoverageTalk) -> None:
    a_one_on_one(session, world.max, world.cleo, at(11))
    a_one_on_one(session, world.lea, world.max, at(14))
    set_time(session, get_person(session, world.max), talk_with(session, world, world.ben).id,
             at(15, 30), at(9, 30))  # fmt: skip
    found = free(session, world, ana, at(10, 40))
    assert found == [
        at(11, 30), at(12), at(12, 30), at(13), at(13, 30), at(14, 30), at(15), at(16), at(16, 30),
    ]  # fmt: skip
    assert free(session, world, ana, at(20)) == []


def test_three_one_on_ones_leave_time_for_a_word(
    session: Session, world: World, ana: CoverageTalk
) -> None:
    for hour, person_id in ((10, world.ana), (11, world.ben), (12, world.cleo)):
        a_one_on_one(session, world.max, person_id, at(hour))
    assert at(13) in free(session, world, ana, NINE)


def test_the_rep_hears_when_and_anew_of_each_change(
    session: Session, world: World, ana: CoverageTalk
) -> None:
    """What is still to come is not said twice: it says the newest."""
    boss, of_talk = get_person(session, world.max), Delivery.kind == Kind.HEALTH_TALK
    for number, when in enumerate((at(14), at(15), at(14))):
        for _ in range(2):
            set_time(session, boss, ana.id, when, at(9, 30))
        set_time(session, boss, ana.id, at(16), at(9, 30))
        set_time(session, boss, ana.id, when, at(9, 30))
        assert owed(session, Kind.HEALTH_TALK) == [(ana.id, "Ana")] * (number + 1)
        newest = session.scalars(select(Delivery).where(of_talk).order_by(Delivery.id)).all()[-1]
        if number < 2:
            newest.state, newest.ts, newest.posted_channel = DeliveryState.POSTED, "1.0", "D0ANA"
            newest.told_at = at(9, 30)
            session.flush()
    told = talk_told(session, ana.id, at(10))
    assert told is not None
    assert (told.by.name, told.sits_at) == ("Max", at(14))
    a_coverage_log(session, world)
    assert talk_told(session, ana.id, at(11)) is None  # nothing stands: it is not begun any more


def test_what_is_refused(session: Session, world: World, ana: CoverageTalk) -> None:
    boss = get_person(session, world.max)
    with pytest.raises(TimeTaken) as taken:
        set_time(session, boss, ana.id, at(9), at(9, 30))
    assert at(10) in taken.value.free
    with pytest.raises(Refused) as refused:
        set_time(session, get_person(session, world.ben), ana.id, at(14), at(9, 30))
    assert refused.value.allowed == (world.max, world.lea)
    with pytest.raises(UnknownCheck):
        open_talk(session, boss, 10**6, NINE)
    a_coverage_log(session, world)
    with pytest.raises(TalkSettled) as settled:
        set_time(session, boss, ana.id, at(14), at(11))
    assert settled.value.state is TalkState.KEPT
    with pytest.raises(TalkSettled) as over:  # before the chore has come round
        open_talk(session, boss, talk_with(session, world, world.ben).id, MIDNIGHT)
    assert over.value.state is TalkState.MISSED


# --- the reminder, Home, the figures


def names(rows: Iterable[object]) -> list[str]:
    return [row.person.name for row in rows]  # type: ignore[attr-defined]


def test_at_four_those_still_open_are_named_and_without_any_it_is_dropped(
    session: Session, world: World, ana: CoverageTalk
) -> None:
    [(ask, name)] = owed(session, Kind.HEALTH_REMINDER)
    row = session.scalars(select(Delivery).where(Delivery.kind == Kind.HEALTH_REMINDER)).one()
    assert (name, row.due_at) == ("Max", FOUR)
    a_coverage_log(session, world)
    shown = talk_reminder(session, ask, FOUR)
    assert shown is not None
    assert names(shown.rows) == ["Cleo", "Ben"]
    for person_id in (world.ben, world.cleo):
        a_coverage_log(session, world, person_id)
    assert talk_reminder(session, ask, FOUR) is None


@pytest.mark.parametrize(
    ("trial", "words"),
    [
        (False, "Missed: 2 conversations."),
        (True, "Not logged: 2 conversations. Trial week: nothing counts as missed."),
    ],
)
def test_once_the_day_is_over_it_says_how_many_were_missed(
    session: Session, world: World, ana: CoverageTalk, trial: bool, words: str
) -> None:
    if trial:
        team(session, world.team).trial_ends_on = MONDAY + timedelta(days=6)
    [row] = session.scalars(select(Delivery).where(Delivery.kind == Kind.HEALTH_REMINDER))
    row.state, row.ts, row.posted_channel = DeliveryState.POSTED, "1.0", "D0MAX"
    a_coverage_log(session, world)
    settle_talks(session, MIDNIGHT)
    shown = talk_reminder(session, row.subject_id, MIDNIGHT)
    assert shown is not None
    assert f"the day is over. {words}" in read(personal.reminder(shown).blocks)


def test_home_shows_those_still_open_to_who_is_asked(
    session: Session, world: World, ana: CoverageTalk
) -> None:
    a_coverage_log(session, world, world.cleo)
    assert names(home(session, get_person(session, world.max), FOUR).talks) == ["Ben", "Ana"]
    for person_id in (world.ana, world.lea, world.ada):
        assert home(session, get_person(session, person_id), FOUR).talks == ()
    assert home(session, get_person(session, world.max), MIDNIGHT).talks == ()


def test_kept_of_those_asked_and_not_excused(session: Session, world: World) -> None:
    put_person(session, "U0BEN", name="Ben", role=Role.REP, working_days="2345")
    a_check(session, world)
    a_coverage_log(session, world)
    days = (MONDAY, MONDAY)
    assert kept_rates(session, [world.max], *days)[world.max] == KeptRate(1, 1, 1)  # Cleo is open
    settle_talks(session, MIDNIGHT)
    rates = kept_rates(session, [world.max, world.lea], *days)
    assert rates[world.max] == KeptRate(kept=1, due=2, excused=1)
    assert rates[world.lea] == KeptRate(0, 0, 0)
    later = MONDAY + timedelta(days=1)
    assert kept_rates(session, [world.max], later, later)[world.max].due == 0


def test_a_deputy_who_is_asked_may_and_no_more_once_somebody_else_is(
    session: Session, world: World, ana: CoverageTalk
) -> None:
    of_team, boss = team(session, world.team), get_person(session, world.max)
    dora = a_person(session, "U0DORA", "Dora", Role.MANAGER, reports_to_id=world.lea)
    put_deputy(session, of_team, dora, boss.id, NINE)
    assert open_talk(session, dora, ana.id, NINE + HOUR) is ana
    put_deputy(session, of_team, None, boss.id, NINE + HOUR)
    with pytest.raises(Refused):
        open_talk(session, dora, ana.id, NINE + 2 * HOUR)


def test_a_new_rep_of_that_day_is_not_asked_for(session: Session, world: World) -> None:
    a_check(session, world)
    a_rep(session, team(session, world.team), "U0NEW", "New")
    assert session.scalar(select(func.count()).select_from(CoverageTalk)) == 3
