"""Days off that were said when something had begun: a leader is asked, and may accept them."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.absences import AbsenceSource, UnknownAbsence, absences, put_absence
from models.access import Refused
from models.coaching import TalkExcuse, TalkState, settle_talks
from models.days import away_on
from models.delivery import Delivery, DeliveryState, Kind
from models.forecast import Excuse as ForecastExcuse
from models.forecast import ForecastState
from models.forecast import settle as settle_forecasts
from models.late_absences import accept, look, unlooked
from models.one_on_ones import (
    Excuse,
    State,
    bring_absences,
    enter_absence,
    held_rate,
    leave_absence,
    start,
)
from models.people import get_person
from models.screens import days_off, late_absence
from tests.forecasts import FRIDAY, LATE, a_forecast
from tests.health import MIDNIGHT, MONDAY, NINE, a_check, a_coverage_log, talk_with
from tests.sittings import TEN, a_one_on_one, settle
from tests.world import World, a_deal, an_import

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
TUESDAY = date(2026, 11, 24)
NOON = TEN + 2 * HOUR


def asked(session: Session) -> list[tuple[int, int | None]]:
    """Of which days off somebody was asked, and who."""
    rows = session.scalars(select(Delivery).where(Delivery.kind == Kind.ABSENCE_LATE))
    return [(one.subject_id, one.person_id) for one in rows]


def away(session: Session, person_id: int, now: datetime, first: date = TUESDAY) -> int:
    """The person says at that moment that they are away from that day until the next."""
    entered = enter_absence(session, get_person(session, person_id), first, first + DAY, now)
    look(session, now)
    return entered.id


# --- who is asked, and of what


def test_the_nearest_leader_is_asked_once_of_what_had_begun(session: Session, world: World) -> None:
    a_one_on_one(session, world.max, world.ana, TEN)
    absence_id = away(session, world.ana, NOON)
    assert unlooked(session, NOON) == set()
    away(session, world.ana, NOON + HOUR)
    assert asked(session) == [(absence_id, world.lea)]
    shown = late_absence(session, absence_id, NOON)
    assert shown is not None
    [begun] = shown.sessions
    assert (begun.other.name, begun.starts_at, begun.missed) == ("Max", TEN, False)
    assert (shown.talks, shown.forecasts, shown.accepted_by) == ((), (), None)


def test_days_entered_in_time_ask_nobody(session: Session, world: World) -> None:
    held = a_one_on_one(session, world.max, world.ana, TEN)
    away(session, world.ana, TEN - timedelta(minutes=1))
    assert held.state is State.EXCUSED
    assert asked(session) == []


@pytest.mark.parametrize("what", ["held", "cancelled", "started"])
def test_what_is_done_counts_as_it_is(session: Session, world: World, what: str) -> None:
    held = a_one_on_one(session, world.max, world.ana, TEN)
    if what == "started":
        start(session, get_person(session, world.max), held.id, TEN)
    else:
        settle(session, held, State(what), NOON)
    before = held.state
    absence_id = away(session, world.ana, NOON)
    assert asked(session) == []
    accept(session, get_person(session, world.lea), absence_id, NOON)
    assert held.state is before


def test_where_no_leader_is_above_nobody_is_asked(session: Session, world: World) -> None:
    a_one_on_one(session, world.lea, world.max, TEN)
    away(session, world.lea, NOON)
    assert asked(session) == []


def test_a_status_that_comes_too_late_is_looked_at_as_well(session: Session, world: World) -> None:
    a_one_on_one(session, world.max, world.ana, TEN)
    ana, said = get_person(session, world.ana), {"status": (TUESDAY, TUESDAY)}
    bring_absences(session, ana, AbsenceSource.SLACK, said, NOON)
    assert unlooked(session, NOON) == {world.workspace_id}
    assert look(session, NOON) == 1
    assert [to for _, to in asked(session)] == [world.lea]


# --- accepted


def test_a_missed_one_on_one_is_excused(session: Session, world: World) -> None:
    held = a_one_on_one(session, world.max, world.ana, TEN)
    settle(session, held, State.MISSED, NOON + DAY)
    absence_id = away(session, world.ana, NOON + 2 * DAY)
    rate = held_rate(session, world.max, TUESDAY, TUESDAY)
    assert (rate.held, rate.due) == (0, 1)
    later = NOON + 3 * DAY
    accept(session, get_person(session, world.lea), absence_id, later)
    assert (held.state, held.excuse) == (State.EXCUSED, Excuse.PERSON_OFF)
    assert held_rate(session, world.max, TUESDAY, TUESDAY).due == 0
    shown = late_absence(session, absence_id, later)
    assert shown is not None
    assert shown.accepted_by is not None
    assert (shown.accepted_by.name, shown.accepted_at) == ("Lea", later)
    assert [one.other.name for one in shown.sessions] == ["Max"]
    again = accept(session, get_person(session, world.lea), absence_id, later + HOUR)
    assert again.accepted_at == later


def test_the_coachs_days_excuse_the_coach(session: Session, world: World) -> None:
    held = a_one_on_one(session, world.max, world.ana, TEN)
    other_day = a_one_on_one(session, world.max, world.ben, TEN + 3 * DAY)
    absence_id = away(session, world.max, NOON)
    accept(session, get_person(session, world.lea), absence_id, NOON)
    assert (held.state, held.excuse) == (State.EXCUSED, Excuse.COACH_OFF)
    assert other_day.state is State.DUE


@pytest.mark.parametrize(
    ("who", "excuse"), [("ana", TalkExcuse.PERSON_OFF), ("max", TalkExcuse.ASKED_OFF)]
)
@pytest.mark.parametrize("late", [HOUR, DAY])
def test_a_coverage_conversation_is_excused(
    session: Session, world: World, who: str, excuse: TalkExcuse, late: timedelta
) -> None:
    """On the day itself, and once it was missed."""
    an_import(session, NINE - HOUR)
    a_deal(session, world.ana, amount_minor=200_000_00)
    a_check(session, world)
    a_coverage_log(session, world, world.ben, NINE)
    settle_talks(session, NINE + late)
    absence_id = away(session, getattr(world, who), NINE + late, MONDAY)
    [(_, to)] = asked(session)
    assert to == world.lea
    accept(session, get_person(session, world.lea), absence_id, NINE + late + HOUR)
    settle_talks(session, MIDNIGHT + DAY)
    talk = talk_with(session, world, world.ana)
    assert (talk.state, talk.excuse) == (TalkState.EXCUSED, excuse)
    assert talk_with(session, world, world.ben).state is TalkState.KEPT
    shown = late_absence(session, absence_id, NINE + 2 * DAY)
    assert shown is not None
    of_max = {"Ana", "Cleo"} if who == "max" else {"Ana"}
    assert {one.person.name for one in shown.talks} == of_max


@pytest.mark.parametrize("late", [HOUR, 2 * DAY])
def test_a_forecast_is_excused_and_can_still_be_done(
    session: Session, world: World, late: timedelta
) -> None:
    made = a_forecast(session, world)
    settle_forecasts(session, min(LATE, FRIDAY + late))
    absence_id = away(session, world.max, FRIDAY + late, FRIDAY.date())
    accept(session, get_person(session, world.lea), absence_id, FRIDAY + late + HOUR)
    settle_forecasts(session, LATE + 2 * DAY)
    assert (made.state, made.excuse) == (ForecastState.EXCUSED, ForecastExcuse.ASKED_OFF)
    assert made.finished_at is None
    shown = late_absence(session, absence_id, FRIDAY + late)
    assert shown is not None
    assert [one.team.name for one in shown.forecasts] == ["West"]


def test_accepted_days_count_as_entered_in_time(session: Session, world: World) -> None:
    ana = get_person(session, world.ana)
    a_one_on_one(session, world.max, world.ana, TEN)
    absence_id = away(session, world.ana, NOON)
    assert away_on(session, ana, TUESDAY, entered_before=TEN) is None
    accept(session, get_person(session, world.lea), absence_id, NOON)
    assert away_on(session, ana, TUESDAY, entered_before=TEN) is not None


# --- who may, and what is no more


@pytest.mark.parametrize("who", ["ana", "max", "ada", "ben"])
def test_a_leader_above_alone_accepts(session: Session, world: World, who: str) -> None:
    held = a_one_on_one(session, world.max, world.ana, TEN)
    absence_id = away(session, world.ana, NOON)
    with pytest.raises(Refused) as refused:
        accept(session, get_person(session, getattr(world, who)), absence_id, NOON)
    assert refused.value.allowed == (world.lea,)
    assert held.state is State.DUE


def test_the_message_goes_to_who_is_a_leader_above_still(session: Session, world: World) -> None:
    a_one_on_one(session, world.max, world.ana, TEN)
    absence_id = away(session, world.ana, NOON)
    get_person(session, world.max).reports_to_id = None
    session.flush()
    assert late_absence(session, absence_id, NOON) is None


def test_what_was_held_meanwhile_asks_for_nothing(session: Session, world: World) -> None:
    held = a_one_on_one(session, world.max, world.ana, TEN)
    absence_id = away(session, world.ana, NOON)
    settle(session, held, State.HELD, NOON)
    assert late_absence(session, absence_id, NOON) is None
    row = session.scalars(select(Delivery).where(Delivery.kind == Kind.ABSENCE_LATE)).one()
    row.ts, row.posted_channel = "1.1", "D1"
    shown = late_absence(session, absence_id, NOON)
    assert shown is not None
    assert (shown.sessions, shown.accepted_by) == ((), None)


def test_days_taken_back_are_not_accepted(session: Session, world: World) -> None:
    a_one_on_one(session, world.max, world.ana, TEN)
    absence_id = away(session, world.ana, NOON)
    leave_absence(session, get_person(session, world.ana), absence_id, NOON)
    with pytest.raises(UnknownAbsence):
        accept(session, get_person(session, world.lea), absence_id, NOON)
    assert late_absence(session, absence_id, NOON) is None


def test_what_began_before_they_were_entered_goes_with_the_rest(
    session: Session, world: World
) -> None:
    """Days that came too late excuse nothing, so that nothing of them stays."""
    ana, later = get_person(session, world.ana), NOON + 3 * DAY
    slip = enter_absence(session, ana, TUESDAY - 3 * DAY, TUESDAY - 3 * DAY, later)
    [shown] = days_off(session, ana, later).absences
    assert (shown.absence_id, shown.waits_for, shown.may_take_back) == (slip.id, None, True)
    leave_absence(session, ana, slip.id, later)
    assert days_off(session, ana, later).absences == ()
    assert absences(session, world.ana, TUESDAY - 9 * DAY) == []


def test_what_stays_of_days_entered_in_time_can_still_be_accepted(
    session: Session, world: World
) -> None:
    """Entered at noon, after the session of that day; the days after it are taken back."""
    held = a_one_on_one(session, world.max, world.ana, TEN)
    ana = get_person(session, world.ana)
    absence = enter_absence(session, ana, TUESDAY, TUESDAY + 6 * DAY, NOON)
    look(session, NOON)
    leave_absence(session, ana, absence.id, NOON + 2 * DAY)
    [left] = absences(session, world.ana, TUESDAY)
    assert (left.id, left.starts_on, left.ends_on) == (absence.id, TUESDAY, TUESDAY + DAY)
    with pytest.raises(UnknownAbsence):
        leave_absence(session, ana, absence.id, NOON + 2 * DAY)
    accept(session, get_person(session, world.lea), absence.id, NOON + 2 * DAY)
    assert held.state is State.EXCUSED


def test_of_accepted_days_only_those_to_come_are_taken_back(session: Session, world: World) -> None:
    held = a_one_on_one(session, world.max, world.ana, TEN)
    absence_id = away(session, world.ana, NOON)
    accept(session, get_person(session, world.lea), absence_id, NOON)
    leave_absence(session, get_person(session, world.ana), absence_id, NOON)
    [left] = absences(session, world.ana, TUESDAY)
    assert (left.ends_on, left.accepted_at, held.state) == (TUESDAY, NOON, State.EXCUSED)
    with pytest.raises(UnknownAbsence):
        leave_absence(session, get_person(session, world.ana), absence_id, NOON)


def test_taken_back_the_question_says_so(session: Session, world: World) -> None:
    a_one_on_one(session, world.max, world.ana, TEN)
    absence_id = away(session, world.ana, NOON)
    row = session.scalars(select(Delivery).where(Delivery.kind == Kind.ABSENCE_LATE)).one()
    row.ts, row.posted_channel, row.state = "1.1", "D1", DeliveryState.POSTED
    session.flush()
    leave_absence(session, get_person(session, world.ana), absence_id, NOON)
    session.refresh(row)
    assert row.state is DeliveryState.OWED
    shown = late_absence(session, absence_id, NOON)
    assert shown is not None
    assert shown.taken_back


def test_the_person_sees_whose_word_it_waits_for(session: Session, world: World) -> None:
    a_one_on_one(session, world.max, world.ana, TEN)
    ana, later = get_person(session, world.ana), NOON + 4 * DAY
    put_absence(session, ana, TUESDAY - 5 * DAY, TUESDAY - 5 * DAY, NOON - 6 * DAY)
    absence_id = away(session, world.ana, later)
    [shown] = days_off(session, ana, later).absences
    assert shown.waits_for is not None
    assert (shown.waits_for.name, shown.accepted_by, shown.may_take_back) == ("Lea", None, True)
    accept(session, get_person(session, world.lea), absence_id, later)
    [shown] = days_off(session, ana, later).absences
    assert shown.accepted_by is not None
    assert (shown.waits_for, shown.accepted_by.name) == (None, "Lea")
    assert not shown.may_take_back
    assert [row.other.name for row in shown.excused] == ["Max"]
