"""What time does to a forecast: at midnight it is missed or excused; on Monday it closes."""

from datetime import date, datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from models import access
from models.access import Act
from models.days import away_on
from models.forecast.running import show, stop_clock
from models.forecast.tables import Excuse, Forecast, ForecastState
from models.people import team
from models.trial import covers


def overdue(session: Session, now: datetime) -> set[str]:
    """The workspaces with forecasts whose midnight, or whose Monday, has come."""
    return set(session.scalars(select(Forecast.workspace_id).where(Forecast.look_at <= now)))


def settle(session: Session, now: datetime) -> int:
    """Forecasts not done by midnight of their day are missed, or excused; how many were missed.

    They can still be completed until Monday 09:00; then their cards say that it is over.
    """
    late = (
        select(Forecast)
        .where(Forecast.look_at <= now)
        .order_by(Forecast.id)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    missed = 0
    for forecast in session.scalars(late).all():
        if forecast.state is ForecastState.OPEN:
            forecast.excuse = _excuse(session, forecast)
            is_missed = forecast.excuse is None
            forecast.state = ForecastState.MISSED if is_missed else ForecastState.EXCUSED
            missed += is_missed
        if now >= forecast.closes_at:
            stop_clock(forecast, forecast.closes_at)
            forecast.look_at = None
        else:
            forecast.look_at = forecast.closes_at
        show(session, forecast, now)
    return missed


def undone_while_away(session: Session, person_id: int, first: date, last: date) -> list[Forecast]:
    """The forecasts of days between two that were asked of this person and not done."""
    return list(session.scalars(_undone(person_id, first, last)))


def excused_on(session: Session, person_id: int, first: date, last: date) -> list[Forecast]:
    """The forecasts of days between two that this person was excused from."""
    excused = (Forecast.asked_id == person_id) & (Forecast.excuse == Excuse.ASKED_OFF)
    found = select(Forecast).where(excused, Forecast.day.between(first, last))
    return list(session.scalars(found.order_by(Forecast.id)))


def excuse_away(session: Session, person_id: int, first: date, last: date, now: datetime) -> None:
    """What this person did not do on these days is excused after all; it can still be done."""
    held = _undone(person_id, first, last).with_for_update()
    for forecast in session.scalars(held.execution_options(populate_existing=True)).all():
        forecast.state, forecast.excuse = ForecastState.EXCUSED, Excuse.ASKED_OFF
        show(session, forecast, now)


def _undone(person_id: int, first: date, last: date) -> Select[Forecast]:
    undone = Forecast.state.in_((ForecastState.OPEN, ForecastState.MISSED))
    theirs = (Forecast.asked_id == person_id) & undone & Forecast.day.between(first, last)
    return select(Forecast).where(theirs).order_by(Forecast.id)


def _excuse(session: Session, forecast: Forecast) -> Excuse | None:
    """Absence excuses only where it was entered before the forecast was asked for."""
    of_team = team(session, forecast.team_id)
    if covers(of_team, forecast.day):
        return Excuse.TRIAL
    who = access.allowed(session, Act.RUN_FORECAST, team_id=of_team.id)
    off = (away_on(session, one, forecast.day, entered_before=forecast.due_at) for one in who)
    return Excuse.NOBODY if all(off) else None
