"""The fixed points of a team's week: which prompts it has, and when (product.md, "The week").

A team has a schedule for each from the moment its first week is set. The review's own are set with
its times (`models.setup.times`), and its pick follows its cards (`keep_pick`); the morning digest
is each person's (`models.agenda.mornings`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import Subquery, and_, exists, func, select
from sqlalchemy.orm import Session, aliased

from models import trial
from models.people import Team
from models.schedule import (
    DAY,
    Lateness,
    Schedule,
    goes_on,
    instant,
    local_date,
    put_schedule,
)

PICK = "review.pick"
CARDS = "review.cards"
DECIDING = "review.deciding"
DIGEST = "digest.morning"
IMPORT_REMINDER = "deals.import_reminder"
HEALTH = "health.check"
FORECAST = "forecast.weekly"
PUT_RIGHT = "crm.put_right"

PICKED_BEFORE = timedelta(hours=1)
"""So long before the cards, by the clock on the wall, the pick is sent to be adjusted."""


@dataclass(frozen=True)
class Fixed:
    """A prompt of every team, at a local time of a weekday (Monday 1) unless the team says
    otherwise. `late_until`: as in `Schedule`."""

    prompt: str
    weekday: int
    at: time
    lateness: Lateness
    late_until: time | None = None


WEEK: tuple[Fixed, ...] = (
    Fixed(IMPORT_REMINDER, 1, time(7, 30), Lateness.UNTIL_TIME, time(9)),
    Fixed(HEALTH, 1, time(9), Lateness.UNTIL_TIME, time(12)),
    Fixed(FORECAST, 5, time(15), Lateness.MIDNIGHT),
    Fixed(PUT_RIGHT, 5, time(16), Lateness.MIDNIGHT),
)
"""In the order of the week. Each has an entry in `models.agenda.PROMPTS`."""


def unkept(session: Session, _now: datetime, fixed: Sequence[Fixed] = WEEK) -> set[str]:
    """The workspaces with a team that has begun and lacks a prompt, or has one in another zone; and
    those with a team that has deal cards and no pick."""
    wanted = [one.prompt for one in fixed]
    of_team = (Schedule.team_id == Team.id) & Schedule.prompt.in_(wanted)
    kept = select(func.count()).where(of_team, Schedule.zone == Team.zone)
    lacking = kept.correlate(Team).scalar_subquery() < len(wanted)
    begun = Team.trial_ends_on.is_not(None)
    found = set(session.scalars(select(Team.workspace_id).where(begun, lacking).distinct()))
    return found | set(session.scalars(select(_unpicked().c.workspace_id).distinct()))


def keep(session: Session, now: datetime, fixed: Sequence[Fixed] = WEEK) -> int:
    """Every team that has begun has each of its prompts, in its zone, and every one with deal cards
    its pick; how many changed."""
    begun = select(Team).where(Team.trial_ends_on.is_not(None)).order_by(Team.id)
    changed = sum(keep_team(session, team, now, fixed) for team in session.scalars(begun).all())
    lacking = session.scalars(select(_unpicked().c.team_id)).all()
    return changed + sum(keep_pick(session, team_id, now) for team_id in lacking)


def keep_team(session: Session, of_team: Team, now: datetime, fixed: Sequence[Fixed] = WEEK) -> int:
    """As `keep`, of one team. What it set itself (time, on or off) stays as it is.

    A new prompt begins with the team's first week, where that lies ahead, else next Monday.
    """
    rows = session.scalars(select(Schedule).where(Schedule.team_id == of_team.id))
    here = {row.prompt: row for row in rows}
    today = local_date(now, of_team.zone)
    first = trial.starts_on(of_team)
    monday = today + timedelta(days=7 - today.weekday())
    changed = 0
    for one in fixed:
        row = here.get(one.prompt)
        begins = first if first is not None and first >= today else monday
        changed += put_schedule(
            session,
            of_team.id,
            one.prompt,
            weekdays=row.weekdays if row else str(one.weekday),
            local_time=row.local_time if row else one.at,
            zone=of_team.zone,
            lateness=row.lateness if row else one.lateness,
            late_until=row.late_until if row else one.late_until,
            active_from=goes_on(row, of_team.zone, row.local_time, now) if row else begins,
            is_on=row.is_on if row else True,
        )[1]
    return changed


# --- the pick, an hour before the cards


def keep_pick(session: Session, team_id: int, now: datetime) -> bool:
    """Brings the schedule of a team's pick to that of its deal cards; whether anything changed.

    It comes an hour before them, on the day before where they are due in the first hour of a day,
    and is worth sending until then. Cards whose time has come today need none any more.
    """
    cards = session.scalars(
        select(Schedule).where(Schedule.team_id == team_id, Schedule.prompt == CARDS)
    ).one()
    at = (datetime.combine(date.min + DAY, cards.local_time) - PICKED_BEFORE).time()
    before = at > cards.local_time  # the day before
    today = local_date(now, cards.zone)
    cards_day = max(cards.active_from, today + DAY if before else today)
    if instant(cards_day, cards.local_time, cards.zone) <= now:
        cards_day += DAY
    return put_schedule(
        session,
        team_id,
        PICK,
        weekdays="".join(_day_before(each) if before else each for each in cards.weekdays),
        local_time=at,
        zone=cards.zone,
        lateness=Lateness.NEXT_DAY_TIME if before else Lateness.UNTIL_TIME,
        late_until=cards.local_time,
        active_from=cards_day - DAY if before else cards_day,
        is_on=cards.is_on,
    )[1]


def _day_before(weekday: str) -> str:
    return str((int(weekday) - 2) % 7 + 1)


def _unpicked() -> Subquery:
    """The teams that have deal cards and no pick."""
    pick = aliased(Schedule)
    has_pick = exists().where(and_(pick.team_id == Schedule.team_id, pick.prompt == PICK))
    found = select(Schedule.team_id, Schedule.workspace_id)
    return found.where(
        Schedule.prompt == CARDS, Schedule.team_id.is_not(None), ~has_pick
    ).subquery()
