"""Going through a Friday's forecast: who is asked, the clock, taking over, in time and late."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import access, forecast
from models.absences import put_absence
from models.access import Act, Refused
from models.agenda import PROMPTS
from models.delivery import Delivery, Kind
from models.forecast import (
    Excuse,
    Forecast,
    ForecastCard,
    ForecastClosed,
    ForecastState,
    Numbers,
    RunByOther,
    Step,
)
from models.people import Person, get_person, team
from models.pipeline_review import name_deputy
from models.schedule import (
    Occurrence,
    OccurrenceState,
    materialise,
    settle,
)
from models.screens import forecast_dm, forecast_step, skipped_notice
from models.trial import begin as begin_trial
from models.week import FORECAST, WEEK
from models.week_agenda import agenda_of
from tests.forecasts import (
    CLOSED,
    DAY,
    FRIDAY,
    LATE,
    MINUTE,
    MONDAY,
    a_forecast,
    done,
    figures,
    of_all,
    put_friday,
)
from tests.world import NOW, World


def person(session: Session, world: World, name: str) -> Person:
    return get_person(session, getattr(world, name))


def run_friday(session: Session, world: World, now: datetime = FRIDAY) -> Occurrence:
    """The prompt of West's Friday, carried out as the scheduler does."""
    put_friday(session, world)
    materialise(session, now)
    occurrence = session.scalars(select(Occurrence)).one()
    PROMPTS[FORECAST](session, occurrence, now)
    settle(occurrence, now)
    return occurrence


def cards(session: Session) -> list[tuple[int | None, int]]:
    """To whom, and which revision."""
    found = select(Delivery).where(Delivery.kind == Kind.FORECAST_CARD).order_by(Delivery.id)
    return [(one.person_id, one.revision) for one in session.scalars(found)]


def test_it_is_a_fixed_prompt_until_midnight() -> None:
    [fixed] = [one for one in WEEK if one.prompt == FORECAST]
    assert (fixed.when.day, fixed.when.at.hour, fixed.late) == (5, 15, None)


def test_the_manager_is_asked_once_a_week(session: Session, world: World) -> None:
    assert run_friday(session, world).state is OccurrenceState.RAN
    assert cards(session) == [(world.max, 1)]
    made = session.scalars(select(Forecast)).one()
    assert (made.day, made.week) == (DAY, date(2026, 11, 23))
    assert (made.starts_on, made.ends_on) == (date(2026, 10, 1), date(2026, 12, 31))
    assert (made.late_from, made.closes_at) == (LATE, CLOSED)
    boss, west = person(session, world, "max"), team(session, world.team)
    assert forecast.open_forecast(session, west, DAY, boss, FRIDAY, FRIDAY) is None


@pytest.mark.parametrize(("off", "asked"), [(("max",), "cleo"), (("max", "cleo"), "lea")])
def test_who_stands_in_is_asked(
    session: Session, world: World, off: tuple[str, ...], asked: str
) -> None:
    west, boss = team(session, world.team), person(session, world, "max")
    name_deputy(session, boss, west, person(session, world, "cleo"), NOW)
    for name in off:
        put_absence(session, person(session, world, name), DAY, DAY, NOW)
    run_friday(session, world)
    assert [to for to, _ in cards(session)] == [getattr(world, asked)]
    card = session.scalars(select(ForecastCard)).one()
    shown = forecast_dm(session, card.id, FRIDAY)
    assert shown is not None
    assert shown.stands_in_for is not None
    assert shown.stands_in_for.name == "Max"


def test_where_nobody_is_there_it_is_excused_and_said(session: Session, world: World) -> None:
    for name in ("max", "lea"):
        put_absence(session, person(session, world, name), DAY, DAY, NOW)
    occurrence = run_friday(session, world)
    assert (occurrence.state, occurrence.reason) == (OccurrenceState.SKIPPED, "nobody_there")
    assert session.scalars(select(Forecast)).all() == []
    told = select(Delivery.person_id).where(Delivery.kind == Kind.SCHEDULE_SKIPPED)
    assert set(session.scalars(told)) == {world.max, world.ada}
    assert skipped_notice(session, occurrence.id, FRIDAY) is not None
    team(session, world.team).manager_id = None
    again = session.scalars(select(Occurrence)).one()
    PROMPTS[FORECAST](session, again, FRIDAY)
    assert again.reason == "no_decider"


def test_the_steps_follow_each_other_and_the_clock_counts_what_they_took(
    session: Session, world: World
) -> None:
    boss, made = person(session, world, "max"), a_forecast(session, world)
    now = FRIDAY + 30 * MINUTE  # he came later: it does not count
    forecast.begin(session, boss, made.id, now)
    given = of_all(world, figures(10, 20, 30))
    forecast.save_lines(session, boss, made.id, given, now + 4 * MINUTE)
    assert (made.steps_done, forecast.next_step(made)) == (1, Step.COACHING)
    forecast.put_aside(session, boss, made.id, now + 5 * MINUTE)
    later = now + timedelta(hours=1)
    assert forecast.minutes_spent(made, later) == 5
    forecast.begin(session, boss, made.id, later)
    forecast.pass_step(session, boss, made.id, Step.COACHING, later + MINUTE)
    forecast.leave(session, boss, made.id, later + 2 * MINUTE)  # closed the form
    forecast.begin(session, boss, made.id, later + 60 * MINUTE)
    entries = {each: Numbers(20, 2) for each in given}
    # left open for an hour: a quarter of it counts
    forecast.save_commitments(session, boss, made.id, entries, later + 120 * MINUTE)
    forecast.save_agenda(session, boss, made.id, ["Nexus"], later + 121 * MINUTE)
    assert (made.state, made.steps_done) == (ForecastState.DONE, 4)
    assert (made.finished_by_id, made.running_since) == (world.max, None)
    assert forecast.minutes_spent(made, LATE) == 5 + 2 + 15 + 1
    assert [item.text for item in agenda_of(session, world.team, MONDAY)] == ["Nexus"]
    assert isinstance(forecast_step(session, boss, made.id, later), object)


def test_a_step_submitted_twice_changes_nothing(session: Session, world: World) -> None:
    boss, made = person(session, world, "max"), a_forecast(session, world)
    given = of_all(world, figures(10, 20, 30))
    for minute in (1, 2):
        forecast.save_lines(session, boss, made.id, given, FRIDAY + minute * MINUTE)
    assert len(forecast.all_lines(session, made.id)) == 3
    forecast.pass_step(session, boss, made.id, Step.COACHING, FRIDAY + 3 * MINUTE)
    forecast.save_lines(session, boss, made.id, given, FRIDAY + 4 * MINUTE)  # another device
    assert made.steps_done == 2
    forecast.pass_step(session, boss, made.id, Step.AGENDA, FRIDAY + 5 * MINUTE)  # not its turn
    assert made.steps_done == 2


def test_a_deputy_takes_over_and_the_other_sees_it(session: Session, world: World) -> None:
    boss, cleo = person(session, world, "max"), person(session, world, "cleo")
    made = a_forecast(session, world)
    forecast.begin(session, boss, made.id, FRIDAY)
    with pytest.raises(Refused):
        forecast.begin(session, cleo, made.id, FRIDAY)
    name_deputy(session, boss, team(session, world.team), cleo, FRIDAY)
    forecast.begin(session, cleo, made.id, FRIDAY + 3 * MINUTE)
    assert [to for to, _ in cards(session)] == [world.max, world.cleo]
    first = session.scalars(select(ForecastCard).order_by(ForecastCard.id)).all()[0]
    shown = forecast_dm(session, first.id, FRIDAY + 3 * MINUTE)
    assert shown is not None
    assert shown.flow.runner is not None
    assert (shown.flow.runner.name, shown.flow.running, shown.flow.minutes) == ("Cleo", True, 3)
    given = of_all(world, figures(10, 20, 30))
    with pytest.raises(RunByOther) as refused:
        forecast.save_lines(session, boss, made.id, given, FRIDAY + 4 * MINUTE)
    assert refused.value.by_id == world.cleo
    with pytest.raises(RunByOther):
        forecast.put_aside(session, boss, made.id, FRIDAY + 4 * MINUTE)
    forecast.leave(session, boss, made.id, FRIDAY + 4 * MINUTE)  # his form closed: not her clock
    assert made.running_since is not None
    forecast.begin(session, boss, made.id, FRIDAY + 5 * MINUTE)
    forecast.save_lines(session, boss, made.id, given, FRIDAY + 6 * MINUTE)
    assert made.steps_done == 1


def test_missed_at_midnight_and_late_until_monday(session: Session, world: World) -> None:
    made, boss = a_forecast(session, world), person(session, world, "max")
    assert forecast.overdue(session, LATE - MINUTE) == set()
    assert forecast.overdue(session, LATE) == {world.workspace_id}
    before = cards(session)
    assert forecast.settle(session, LATE) == 1
    assert (made.state, made.look_at) == (ForecastState.MISSED, CLOSED)
    assert cards(session) == [(to, revision + 1) for to, revision in before]
    assert forecast.settle(session, LATE + MINUTE) == 0
    saturday = LATE + timedelta(hours=10)
    forecast.begin(session, boss, made.id, saturday)
    forecast.save_lines(session, boss, made.id, of_all(world, figures(1, 1, 1)), saturday)
    forecast.pass_step(session, boss, made.id, Step.COACHING, saturday)
    entries = dict.fromkeys((world.ana, world.ben, world.cleo), Numbers(None, 1))
    forecast.save_commitments(session, boss, made.id, entries, saturday)
    forecast.save_agenda(session, boss, made.id, [], saturday)
    assert (made.state, made.excuse) == (ForecastState.LATE, None)
    assert forecast.settle(session, CLOSED) == 0
    assert (made.state, made.look_at) == (ForecastState.LATE, None)
    assert forecast.overdue(session, CLOSED + timedelta(days=30)) == set()


def test_after_monday_nothing_about_it_changes(session: Session, world: World) -> None:
    made, boss = a_forecast(session, world), person(session, world, "max")
    assert forecast.settle(session, CLOSED) == 1  # an outage over the weekend
    assert (made.state, made.look_at) == (ForecastState.MISSED, None)
    with pytest.raises(ForecastClosed):
        forecast.begin(session, boss, made.id, CLOSED)
    with pytest.raises(ForecastClosed):
        forecast_step(session, boss, made.id, CLOSED)
    card = session.scalars(select(ForecastCard.id)).one()
    assert forecast_dm(session, card, CLOSED) is None  # it was never posted


def test_in_the_trial_it_is_excused(session: Session, world: World) -> None:
    begin_trial(team(session, world.team), date(2026, 11, 23))
    made = a_forecast(session, world)
    assert forecast.settle(session, LATE) == 0
    assert (made.state, made.excuse) == (ForecastState.EXCUSED, Excuse.TRIAL)


def test_excused_where_everybody_who_could_was_off(session: Session, world: World) -> None:
    made = a_forecast(session, world)
    put_absence(session, person(session, world, "lea"), DAY, DAY, NOW)
    put_absence(session, person(session, world, "max"), DAY, DAY, FRIDAY + MINUTE)
    assert forecast.settle(session, LATE) == 1  # entered after it was asked for: no excuse
    made.state, made.look_at = ForecastState.OPEN, LATE
    put_absence(session, person(session, world, "max"), DAY, MONDAY, NOW)
    assert forecast.settle(session, LATE) == 0
    assert (made.state, made.excuse) == (ForecastState.EXCUSED, Excuse.NOBODY)


@pytest.mark.parametrize("who", ["ana", "ada"])
def test_who_does_not_run_the_team_may_nothing(session: Session, world: World, who: str) -> None:
    made, actor = done(session, world), person(session, world, who)
    acts = (
        lambda: forecast.begin(session, actor, made.id, FRIDAY),
        lambda: forecast.save_lines(session, actor, made.id, {}, FRIDAY),
        lambda: forecast.save_commitments(session, actor, made.id, {}, FRIDAY),
        lambda: forecast.save_agenda(session, actor, made.id, [], FRIDAY),
        lambda: forecast_step(session, actor, made.id, FRIDAY, Step.FORECAST),
    )
    for act in acts:
        with pytest.raises(Refused):
            act()


def test_a_deputy_sets_no_commitments(session: Session, world: World) -> None:
    boss, cleo = person(session, world, "max"), person(session, world, "cleo")
    name_deputy(session, boss, team(session, world.team), cleo, NOW)
    made = a_forecast(session, world)
    forecast.begin(session, cleo, made.id, FRIDAY)
    assert not access.may(session, cleo, Act.SET_COMMITMENTS, team_id=world.team)
    with pytest.raises(Refused):
        forecast.save_commitments(session, cleo, made.id, {world.ana: Numbers(1, 1)}, FRIDAY)
    assert forecast.all_commitments(session, made.id) == []


def test_a_message_that_is_no_longer_allowed_is_dropped(session: Session, world: World) -> None:
    a_forecast(session, world)
    card = session.scalars(select(ForecastCard.id)).one()
    assert forecast_dm(session, card, FRIDAY) is not None
    team(session, world.team).manager_id = world.lea
    session.flush()
    assert forecast_dm(session, card, FRIDAY) is None
