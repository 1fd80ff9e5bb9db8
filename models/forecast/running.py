"""Going through a Friday's forecast: opening it, who is at it, its clock, its end.

The clock counts business time in which somebody is at it: from Start, or a step that is opened, to
the step's submission, to Later or to the end. What lies between two such acts counts at most
`LONGEST`: who left a form open did something else.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from math import ceil
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import access
from models.access import Act
from models.base import insert_once
from models.coverage import period_of
from models.days import DAY
from models.delivery import Kind, owe, refresh
from models.forecast.reading import lock_forecast
from models.forecast.refusals import ChangedMeanwhile, ForecastClosed, RunByOther
from models.forecast.tables import (
    Forecast,
    ForecastCard,
    ForecastLine,
    ForecastState,
    Step,
    WeeklyCommitment,
)
from models.people import Person, Team, workspace_id_of
from models.schedule import instant, monday_of

Entry = TypeVar("Entry", ForecastLine, WeeklyCommitment)
Said = TypeVar("Said")

LONGEST = timedelta(minutes=15)
CLOSES = time(9)
"""On the Monday after: until then it can be completed late, and changed."""


def open_forecast(
    session: Session, team: Team, day: date, asked: Person, due_at: datetime, now: datetime
) -> Forecast | None:
    """Friday 15:00, `due_at`: this person is asked for the team's forecast of that local day.

    It is about the quota period that contains the day, also if it is completed after that ended.
    None: the week has its forecast already.
    """
    week = monday_of(day)
    period = period_of(session, team.id, day)
    late_from = instant(day + DAY, time(), team.zone)
    values = {
        "workspace_id": workspace_id_of(session),
        "team_id": team.id,
        "week": week,
        "day": day,
        "starts_on": period.starts_on,
        "ends_on": period.ends_on,
        "currency": team.currency,
        "asked_id": asked.id,
        "due_at": due_at,
        "late_from": late_from,
        "closes_at": instant(week + 7 * DAY, CLOSES, team.zone),
        "look_at": late_from,
        "state": ForecastState.OPEN,
        "steps_done": 0,
        "active_seconds": 0,
    }
    if not insert_once(session, Forecast, values, "workspace_id", "team_id", "week"):
        return None
    of_week = (Forecast.team_id == team.id) & (Forecast.week == week)
    made = session.scalars(select(Forecast).where(of_week)).one()
    _owe_card(session, made, asked, now)
    return made


def own_entries(
    session: Session,
    table: type[Entry],
    said: Callable[[Entry], Said],
    given: Mapping[int, Said],
    stands: Mapping[int, Entry],
    seen: Mapping[int, int] | None,
) -> dict[int, Said]:
    """What somebody changed in a form, by person: what was changed by others since it was opened,
    and not in it, is left as it stands.

    `seen`: the ids of the entries that the form showed, by person; None: nothing is left. Raises
    `ChangedMeanwhile` for who was changed in both.
    """
    own = {}
    for person_id, value in given.items():
        here = stands.get(person_id)
        saw = None if seen is None else seen.get(person_id)
        if seen is None or here is None or here.id == saw:
            own[person_id] = value
            continue
        before = None if saw is None else session.get(table, saw)
        left_as_it_was = before is not None and said(before) == value
        if not left_as_it_was and said(here) != value:
            raise ChangedMeanwhile(person_id)
    return own


def begin(session: Session, actor: Person, forecast_id: int, now: datetime) -> Forecast:
    """Start, Next or Take over: from now on this person is at it, and the clock runs.

    Whoever may run the team can; who was at it before sees on their card who is. A forecast that is
    finished stays so. Raises `Refused`, `ForecastClosed`.
    """
    forecast = _held(session, actor, forecast_id, now)
    if forecast.finished_at is not None:
        return forecast
    stop_clock(forecast, now)
    forecast.runner_id = actor.id
    forecast.started_at = forecast.started_at or now
    forecast.running_since = now
    session.flush()
    _owe_card(session, forecast, actor, now)
    show(session, forecast, now)
    return forecast


def put_aside(session: Session, actor: Person, forecast_id: int, now: datetime) -> None:
    """Later: the clock stops. Raises `Refused`, `ForecastClosed`, `RunByOther`."""
    forecast = at_work(session, actor, forecast_id, now)
    stop_clock(forecast, now)
    show(session, forecast, now)


def leave(session: Session, actor: Person, forecast_id: int, now: datetime) -> None:
    """A step's form was closed: the clock stops, if this person is at it still."""
    forecast = lock_forecast(session, forecast_id)
    if forecast.runner_id == actor.id and forecast.running_since is not None:
        stop_clock(forecast, now)
        show(session, forecast, now)


def at_work(session: Session, actor: Person, forecast_id: int, now: datetime) -> Forecast:
    """The forecast, held, for whoever is at it; once finished, for whoever may run the team.

    What was done since counts as time spent. Raises `Refused`, `ForecastClosed`, `RunByOther`.
    """
    forecast = _held(session, actor, forecast_id, now)
    if forecast.finished_at is not None:
        return forecast
    if forecast.runner_id is not None and forecast.runner_id != actor.id:
        raise RunByOther(forecast.runner_id)
    stop_clock(forecast, now)
    forecast.runner_id = actor.id
    forecast.started_at = forecast.started_at or now
    forecast.running_since = now
    return forecast


def step_done(
    session: Session, forecast: Forecast, step: Step, actor: Person, now: datetime
) -> None:
    """That step is done; with the last one the forecast is, in time or late. An earlier step done
    again changes nothing about where it stands."""
    if step == forecast.steps_done + 1:
        forecast.steps_done = step
    if forecast.steps_done == Step.AGENDA and forecast.finished_at is None:
        stop_clock(forecast, now)
        forecast.finished_at, forecast.finished_by_id = now, actor.id
        in_time = now < forecast.late_from
        forecast.state = ForecastState.DONE if in_time else ForecastState.LATE
        forecast.excuse = None
        forecast.look_at = forecast.closes_at
    session.flush()
    show(session, forecast, now)


def next_step(forecast: Forecast) -> Step | None:
    """What is to be done next; None: nothing."""
    return None if forecast.finished_at is not None else Step(forecast.steps_done + 1)


def minutes_spent(forecast: Forecast, now: datetime) -> int:
    """How long it has taken so far, in begun minutes."""
    seconds = forecast.active_seconds
    if forecast.running_since is not None:
        seconds += _stretch(forecast.running_since, now)
    return ceil(seconds / 60)


def stop_clock(forecast: Forecast, now: datetime) -> None:
    """Adds what was spent since it ran, and stops it."""
    if forecast.running_since is not None:
        forecast.active_seconds += _stretch(forecast.running_since, now)
        forecast.running_since = None


def show(session: Session, forecast: Forecast, now: datetime) -> None:
    """Every card of the forecast says how it stands."""
    session.flush()
    cards = select(ForecastCard.id).where(ForecastCard.forecast_id == forecast.id)
    for card_id in session.scalars(cards):
        refresh(session, Kind.FORECAST_CARD, card_id, now)


def _stretch(since: datetime, now: datetime) -> int:
    return int(min(max(now - since, timedelta()), LONGEST).total_seconds())


def _held(session: Session, actor: Person, forecast_id: int, now: datetime) -> Forecast:
    forecast = lock_forecast(session, forecast_id)
    access.require(session, actor, Act.RUN_FORECAST, team_id=forecast.team_id)
    if now >= forecast.closes_at:
        raise ForecastClosed(forecast.closes_at)
    return forecast


def _owe_card(session: Session, forecast: Forecast, person: Person, now: datetime) -> None:
    of_person = {"forecast_id": forecast.id, "person_id": person.id}
    values = {"workspace_id": workspace_id_of(session), **of_person}
    insert_once(session, ForecastCard, values, "workspace_id", *of_person)
    card = session.scalars(select(ForecastCard).filter_by(**of_person)).one()
    owe(
        session,
        Kind.FORECAST_CARD,
        card.id,
        dedupe_key=f"forecast:{forecast.id}:{person.id}",
        due_at=now,
        person_id=person.id,
    )
