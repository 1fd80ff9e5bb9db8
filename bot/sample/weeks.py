"""The fixed points of the sample team's past weeks, by the real rules: health checks and Fridays.

What was talked about in between stands in `month.toml`: a coverage conversation that was logged on
its Monday was kept, another was not.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.sample.events import Event
from bot.sample.past import DAY
from bot.sample.story import Friday
from models import forecast
from models.forecast import Figures, Numbers, Step
from models.health_check import check_team
from models.people import Person, Team, get_person, members
from models.schedule import instant

CHECKED_AT, ASKED_AT = time(9), time(15)  # the team's time
MINUTE = timedelta(minutes=1)
MONDAYS, FRIDAYS = (-14, -7), (-10, -3)


def week_events(session: Session, fridays: tuple[Friday, ...], monday: date) -> Iterator[Event]:
    """The last two weeks' health checks and forecasts of each team."""
    for team in session.scalars(select(Team).order_by(Team.id)):
        for days in MONDAYS:
            day = monday + days * DAY
            checked = partial(_check, team_id=team.id, day=day)
            yield Event(instant(day, CHECKED_AT, team.zone), checked)
        for days in FRIDAYS:
            day = monday + days * DAY
            told = next(one for one in fridays if (one.team, one.day) == (team.name, days))
            asked = partial(_forecast, team_id=team.id, day=day, told=told)
            yield Event(instant(day, ASKED_AT, team.zone), asked)


def _led(session: Session, team_id: int) -> tuple[Team, Person]:
    team = session.get_one(Team, team_id)
    return team, get_person(session, team.manager_id or 0)


def _check(session: Session, at: datetime, *, team_id: int, day: date) -> None:
    team, manager = _led(session, team_id)
    check_team(session, team, manager, day, at)


def _forecast(session: Session, at: datetime, *, team_id: int, day: date, told: Friday) -> None:
    """What the deals say, with what was said of some reps otherwise; then the rest of the flow."""
    team, manager = _led(session, team_id)
    opened = forecast.open_forecast(session, team, day, manager, at, at)
    if opened is None:
        return
    begun, quarter = at + 5 * MINUTE, told.minutes * MINUTE / 4
    forecast.begin(session, manager, opened.id, begun)
    said = forecast.suggested(session, team, opened.starts_on, opened.ends_on)
    people = forecast.forecast_people(session, team, said)
    lines = {
        one.id: _as_told(said[one.id].figures if one.id in said else forecast.NOTHING, told)
        for one in people
    }
    forecast.save_lines(session, manager, opened.id, lines, begun + quarter)
    forecast.pass_step(session, manager, opened.id, Step.COACHING, begun + 2 * quarter)
    numbers = {
        rep.id: Numbers(told.activities, told.conversions) for rep in members(session, team_id)
    }
    forecast.save_commitments(session, manager, opened.id, numbers, begun + 3 * quarter)
    forecast.save_agenda(session, manager, opened.id, told.agenda, begun + 4 * quarter)


def _as_told(figures: Figures, told: Friday) -> Figures:
    """A manager's judgement: so many percent of what the deals say is committed to."""
    commit = figures.commit * told.percent // 100
    return Figures(commit, figures.best_case, figures.pipeline)
