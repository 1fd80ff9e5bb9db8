"""Finding forecasts and what belongs to them, and taking the lock under which they change."""

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.forecast.figures import Figures
from models.forecast.refusals import UnknownForecast
from models.forecast.tables import Forecast, ForecastCard, ForecastLine


def get_forecast(session: Session, forecast_id: int) -> Forecast:
    """The forecast. Raises `UnknownForecast`, also for another workspace's."""
    found = session.scalar(select(Forecast).where(Forecast.id == forecast_id))
    if found is None:
        raise UnknownForecast(forecast_id)
    return found


def lock_forecast(session: Session, forecast_id: int) -> Forecast:
    """The forecast as it is now, held until the transaction ends: who runs it does so one after
    the other. Raises `UnknownForecast`."""
    found = session.scalar(
        select(Forecast)
        .where(Forecast.id == forecast_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise UnknownForecast(forecast_id)
    return found


def changeable(session: Session, team_ids: Collection[int], now: datetime) -> list[Forecast]:
    """Of these teams the forecasts about which something may still change, oldest first."""
    found = select(Forecast).where(
        Forecast.team_id.in_(team_ids), Forecast.due_at <= now, Forecast.closes_at > now
    )
    return list(session.scalars(found.order_by(Forecast.id)))


def latest(session: Session, team_ids: Collection[int]) -> dict[int, Forecast]:
    """Of each of these teams the newest forecast in which everybody has a line."""
    given = select(Forecast).where(Forecast.team_id.in_(team_ids), Forecast.steps_done > 0)
    return {one.team_id: one for one in session.scalars(given.order_by(Forecast.week))}


def last_before(session: Session, forecast: Forecast) -> Forecast | None:
    """The team's last forecast before this one in which anything was given."""
    given = select(ForecastLine.forecast_id).where(ForecastLine.is_current)
    before = select(Forecast).where(
        Forecast.team_id == forecast.team_id,
        Forecast.week < forecast.week,
        Forecast.id.in_(given),
    )
    return session.scalar(before.order_by(Forecast.week.desc()).limit(1))


def current_lines(session: Session, forecast_id: int) -> dict[int, ForecastLine]:
    """What was forecast for each person, by id."""
    found = select(ForecastLine).where(
        ForecastLine.forecast_id == forecast_id, ForecastLine.is_current
    )
    return {line.person_id: line for line in session.scalars(found)}


def all_lines(session: Session, forecast_id: int) -> list[ForecastLine]:
    """Every line that was given, oldest first: the trail."""
    found = select(ForecastLine).where(ForecastLine.forecast_id == forecast_id)
    return list(session.scalars(found.order_by(ForecastLine.id)))


def last_line_of(session: Session, person_id: int) -> tuple[Forecast, ForecastLine] | None:
    """The newest forecast of somebody's own deals."""
    found = session.execute(
        select(Forecast, ForecastLine)
        .join(Forecast, Forecast.id == ForecastLine.forecast_id)
        .where(ForecastLine.person_id == person_id, ForecastLine.is_current)
        .order_by(Forecast.week.desc(), Forecast.id.desc())
        .limit(1)
    ).one_or_none()
    return None if found is None else (found[0], found[1])


def figures_of(line: ForecastLine) -> Figures:
    return Figures(line.commit_minor, line.best_case_minor, line.pipeline_minor)


def total(lines: Iterable[ForecastLine]) -> Figures:
    """The team's forecast: its people's, summed."""
    return sum((figures_of(line) for line in lines), Figures(0, 0, 0))


def get_card(session: Session, card_id: int) -> ForecastCard:
    """The message's row. Raises `UnknownForecast`."""
    found = session.scalar(select(ForecastCard).where(ForecastCard.id == card_id))
    if found is None:
        raise UnknownForecast(card_id)
    return found
