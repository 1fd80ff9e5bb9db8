"""Where forecasts stand beside their message: by command, and at Home.

Of a team it is shown to who runs it; to a rep, their own line and commitments alone.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from models import forecast
from models.access import Reach, reach_of
from models.agenda import next_due
from models.deputies import deputy_of
from models.forecast import Forecast, WeekResult
from models.people import Person, Role, Team, team, today_of
from models.schedule import monday_of
from models.screens.forecast import (
    FiguresShown,
    FlowShown,
    LineShown,
    MeasuresShown,
    figures_shown,
    flow_shown,
    lines_shown,
    measures_shown,
)
from models.screens.pieces import team_shown, who_shown
from models.screens.shown import TeamShown, Who
from models.week import FORECAST

# --- the command


@dataclass(frozen=True)
class TeamForecast:
    """A team's forecast: the `current` one, else when the `next` comes and the `last` one.

    `lines` and `total` are the last one's.
    """

    team: TeamShown
    current: FlowShown | None
    next_at: datetime | None
    last: FlowShown | None
    lines: tuple[LineShown, ...]
    total: FiguresShown | None


@dataclass(frozen=True)
class OwnForecast:
    """What was forecast for somebody's own deals on a day, about a period."""

    day: date
    starts_on: date
    ends_on: date
    figures: FiguresShown


@dataclass(frozen=True)
class ForecastOverview:
    """`/cadence forecast`: the teams that this person runs, by name; to others their own line."""

    person: Who
    teams: tuple[TeamForecast, ...]
    own: OwnForecast | None


def forecast_overview(session: Session, actor: Person, now: datetime) -> ForecastOverview:
    """Where the forecasts of this person's teams stand. Nothing is shown of a team that they do not
    run."""
    reach = reach_of(session, actor)
    mine = [one for one in reach.teams if one.id in reach.decided]
    current = _changeable(session, mine, now)
    last = forecast.latest(session, [one.id for one in mine])
    return ForecastOverview(
        person=who_shown(actor),
        teams=tuple(
            _of_team(session, one, current.get(one.id), last.get(one.id), now) for one in mine
        ),
        own=_own(session, actor),
    )


def _of_team(
    session: Session, of_team: Team, current: Forecast | None, last: Forecast | None, now: datetime
) -> TeamForecast:
    given = {} if last is None else forecast.current_lines(session, last.id)
    return TeamForecast(
        team=team_shown(of_team),
        current=None if current is None else flow_shown(session, current, of_team, now),
        next_at=next_due(session, of_team.id, FORECAST, now),
        last=None if last is None else flow_shown(session, last, of_team, now),
        lines=lines_shown(session, given, {}, of_team),
        total=figures_shown(forecast.total(given.values()), of_team) if given else None,
    )


def _changeable(session: Session, teams: Collection[Team], now: datetime) -> dict[int, Forecast]:
    found = forecast.changeable(session, [one.id for one in teams], now) if teams else []
    return {one.team_id: one for one in found}


def _own(session: Session, person: Person) -> OwnForecast | None:
    if person.team_id is None:
        return None
    found = forecast.last_line_of(session, person.id)
    if found is None or found[0].team_id != person.team_id:
        return None
    of, line = found
    of_team = team(session, of.team_id)
    figures = figures_shown(forecast.figures_of(line), of_team)
    return OwnForecast(of.day, of.starts_on, of.ends_on, figures)


# --- Home


@dataclass(frozen=True)
class WeekCommitted:
    """A rep's commitment for a week (its Monday), and what the data say so far."""

    monday: date
    result: WeekResult


@dataclass(frozen=True)
class TeamMeasured:
    team: TeamShown
    measures: MeasuresShown


@dataclass(frozen=True)
class ForecastAtHome:
    """What Home shows of forecasts: to do; one's own line and commitments; of one's teams, the
    measures."""

    flows: tuple[FlowShown, ...] = ()
    own: OwnForecast | None = None
    weeks: tuple[WeekCommitted, ...] = ()
    measured: tuple[TeamMeasured, ...] = ()


NO_FORECAST = ForecastAtHome()


def at_home(session: Session, actor: Person, reach: Reach, now: datetime) -> ForecastAtHome:
    """Who decides in a team may run its forecast.

    A forecast stands at the Home of who was asked, of whoever is at it, and of the manager and the
    deputy; above them it does not wait.
    """
    current = _changeable(session, [one for one in reach.teams if one.id in reach.decided], now)
    by_id = {one.id: one for one in reach.teams}
    waiting = (
        found
        for found in current.values()
        if found.finished_at is None and _concerns(session, actor, by_id[found.team_id], found)
    )
    return ForecastAtHome(
        flows=tuple(flow_shown(session, one, by_id[one.team_id], now) for one in waiting),
        own=_own(session, actor) if actor.role is Role.REP else None,
        weeks=tuple(_weeks(session, actor, now)),
        measured=_measured(session, reach.led, reach.teams, now),
    )


def _concerns(session: Session, actor: Person, of_team: Team, found: Forecast) -> bool:
    deputy = deputy_of(session, of_team)
    theirs = {found.asked_id, found.runner_id, of_team.manager_id}
    return actor.id in theirs or deputy is actor


def _weeks(session: Session, actor: Person, now: datetime) -> Iterable[WeekCommitted]:
    """Last week's and this week's; a week that is agreed and has not begun, too."""
    if actor.role is not Role.REP or actor.team_id is None:
        return
    of_team = team(session, actor.team_id)
    today = today_of(of_team, now)
    monday = monday_of(today)
    weeks = monday - forecast.WEEK, monday, monday + forecast.WEEK
    by_week = forecast.results_by_week(session, of_team, [actor], weeks)
    for week in weeks:
        found = by_week[week].get(actor.id)
        if found is not None and (found.activities or found.conversions):
            yield WeekCommitted(week, found)


def _measured(
    session: Session, led: Collection[int], teams: Sequence[Team], now: datetime
) -> tuple[TeamMeasured, ...]:
    ever = forecast.measured(session, led) if led else set()
    return tuple(
        TeamMeasured(
            team_shown(one),
            measures_shown(forecast.measures(session, one, today_of(one, now)), one),
        )
        for one in teams
        if one.id in ever
    )
