"""The fixed points of a team's week: which prompts it has, and when (product.md, "The week").

A team has a schedule for each from the moment its first week is set. The review's own are set with
its times (`models.setup.times`), the morning digest is each person's (`models.agenda.mornings`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import trial
from models.people import Team
from models.schedule import Lateness, Schedule, local_date, put_schedule

CARDS = "review.cards"
DECIDING = "review.deciding"
DIGEST = "digest.morning"
FORECAST = "forecast.weekly"


@dataclass(frozen=True)
class Fixed:
    """A prompt of every team, at a local time of a weekday (Monday 1) unless the team says
    otherwise. `late_until`: as in `Schedule`."""

    prompt: str
    weekday: int
    at: time
    lateness: Lateness
    late_until: time | None = None


WEEK: tuple[Fixed, ...] = (Fixed(FORECAST, 5, time(15), Lateness.MIDNIGHT),)
"""In the order of the week. Each has an entry in `models.agenda.PROMPTS`."""


def unkept(session: Session, _now: datetime, fixed: Sequence[Fixed] = WEEK) -> set[str]:
    """The workspaces with a team that has begun and lacks a prompt, or has one in another zone."""
    wanted = [one.prompt for one in fixed]
    of_team = (Schedule.team_id == Team.id) & Schedule.prompt.in_(wanted)
    kept = select(func.count()).where(of_team, Schedule.zone == Team.zone)
    lacking = kept.correlate(Team).scalar_subquery() < len(wanted)
    begun = Team.trial_ends_on.is_not(None)
    return set(session.scalars(select(Team.workspace_id).where(begun, lacking).distinct()))


def keep(session: Session, now: datetime, fixed: Sequence[Fixed] = WEEK) -> int:
    """Every team that has begun has each of its prompts, in its zone; how many changed."""
    begun = select(Team).where(Team.trial_ends_on.is_not(None)).order_by(Team.id)
    return sum(keep_team(session, team, now, fixed) for team in session.scalars(begun).all())


def keep_team(
    session: Session,
    of_team: Team,
    now: datetime,
    fixed: Sequence[Fixed] = WEEK,
    *,
    since: date | None = None,
) -> int:
    """As `keep`, of one team. What it set itself (time, on or off) stays as it is.

    A new prompt begins with the team's first week, where that lies ahead, else next Monday, or on
    the day `since`.
    """
    rows = session.scalars(select(Schedule).where(Schedule.team_id == of_team.id))
    here = {row.prompt: row for row in rows}
    today = local_date(now, of_team.zone)
    first = trial.starts_on(of_team)
    monday = today + timedelta(days=7 - today.weekday())
    changed = 0
    for one in fixed:
        row = here.get(one.prompt)
        begins = since or (first if first is not None and first >= today else monday)
        changed += put_schedule(
            session,
            of_team.id,
            one.prompt,
            weekdays=row.weekdays if row else str(one.weekday),
            local_time=row.local_time if row else one.at,
            zone=of_team.zone,
            lateness=row.lateness if row else one.lateness,
            late_until=row.late_until if row else one.late_until,
            active_from=max(today, row.active_from) if row else begins,
            is_on=row.is_on if row else True,
        )[1]
    return changed
