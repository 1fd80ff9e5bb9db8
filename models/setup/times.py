"""When a team's review runs by itself: the times, and from which Monday on."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import schedule, trial
from models.base import RuleBroken
from models.people import Team
from models.schedule import Lateness, Schedule, local_date, move_promised, put_schedule
from models.week import CARDS, DECIDING, WeekTime, comes_next, keep_pick, when_of

_CARDS, _DECIDING = WeekTime(2, time(15)), WeekTime(3, time(10))


class OutOfOrder(RuleBroken):
    """Deciding would not come after the cards, in the same week."""


@dataclass(frozen=True)
class ReviewTimes:
    """When cards and deciding come due, and whether they do (product.md, "The week")."""

    cards: WeekTime = _CARDS
    deciding: WeekTime = _DECIDING
    is_on: bool = True


def next_monday(now: datetime, zone: str) -> date:
    """The first Monday after today in that zone (product.md, "First run")."""
    return schedule.next_monday(local_date(now, zone))


def put_times(
    session: Session, team: Team, times: ReviewTimes, now: datetime, starts: date | None = None
) -> bool:
    """Brings the team's schedules to these times; whether anything changed.

    Cards are worth sending until deciding, deciding until midnight (product.md, "The week"). The
    pick comes an hour before the cards, and is switched with them (`models.week.keep_pick`). A new
    schedule starts at `starts`, else next Monday; one that is changed goes on at once, though
    not before `starts`. Deciding of a review that is open stays when it was told to be; it moves
    with the team's zone alone. Raises `OutOfOrder`.
    """
    if times.cards.minutes_into_week() >= times.deciding.minutes_into_week():
        raise OutOfOrder
    policies: tuple[tuple[str, WeekTime, dict[str, Any]], ...] = (
        (CARDS, times.cards, _until_deciding(times)),
        (DECIDING, times.deciding, {"lateness": Lateness.MIDNIGHT}),
    )
    deciding = _schedule(session, team, DECIDING)
    if deciding is not None and deciding.zone != team.zone:
        move_promised(session, deciding, team.zone)
    changed = [
        put_schedule(
            session,
            team.id,
            prompt,
            weekdays=str(when.day),
            local_time=when.at,
            zone=team.zone,
            active_from=_active_from(session, team, prompt, when, starts, now),
            is_on=times.is_on,
            **policy,
        )[1]
        for prompt, when, policy in policies
    ]
    return keep_pick(session, team.id, now) or any(changed)


def _until_deciding(times: ReviewTimes) -> dict[str, Any]:
    days_between = times.deciding.day - times.cards.day
    if days_between > 1:
        minutes = times.deciding.minutes_into_week() - times.cards.minutes_into_week()
        return {"lateness": Lateness.HOURS, "late_hours": minutes // 60}
    same = {0: Lateness.UNTIL_TIME, 1: Lateness.NEXT_DAY_TIME}
    return {"lateness": same[days_between], "late_until": times.deciding.at}


def _active_from(
    session: Session, team: Team, prompt: str, when: WeekTime, starts: date | None, now: datetime
) -> date:
    here = _schedule(session, team, prompt)
    if here is None:
        return starts or next_monday(now, team.zone)
    return max(comes_next(here, team.zone, when, now), starts or date.min)


def start_by(team: Team, starts: date | None, now: datetime) -> None:
    """The team's first week begins on that day, else next Monday; what has begun stays begun."""
    first = trial.starts_on(team)
    if first is None:
        trial.begin(team, starts or next_monday(now, team.zone))
    elif starts is not None and first > local_date(now, team.zone):
        trial.begin(team, starts)


def times_of(session: Session, team: Team) -> ReviewTimes | None:
    """The team's times; None where none were ever said."""
    cards, deciding = (_schedule(session, team, prompt) for prompt in (CARDS, DECIDING))
    if cards is None or deciding is None:
        return None
    first, then = (when_of(one) for one in (cards, deciding))
    return ReviewTimes(first, then, is_on=cards.is_on)


def _schedule(session: Session, team: Team, prompt: str) -> Schedule | None:
    same = (Schedule.team_id == team.id) & (Schedule.prompt == prompt)
    return session.scalar(select(Schedule).where(same))
