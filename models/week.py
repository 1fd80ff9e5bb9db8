"""The fixed points of a team's week: which prompts it has, and when (product.md, "The week").

A team has a schedule for each from the moment its first week is set. The review's own are set with
its times (`models.setup.times`), and its pick follows its cards (`keep_pick`); the morning digest
is each person's (`models.agenda.mornings`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import Subquery, and_, exists, func, select
from sqlalchemy.orm import Session, aliased

from models import trial
from models.base import RuleBroken
from models.people import Team
from models.schedule import (
    DAY,
    Lateness,
    Schedule,
    goes_on,
    instant,
    local_date,
    next_monday,
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
class WeekTime:
    """A weekday (Monday 1) and a local time of the team."""

    day: int
    at: time

    def minutes_into_week(self) -> int:
        """Since Monday, 00:00."""
        return ((self.day - 1) * 24 + self.at.hour) * 60 + self.at.minute


@dataclass(frozen=True)
class Fixed:
    """A prompt of every team, and when it comes due unless the team says otherwise.

    `late`: for so long it is worth sending, never past midnight; None: until midnight.
    """

    prompt: str
    when: WeekTime
    late: timedelta | None = None

    def late_until(self, at: time) -> time | None:
        """Until which time of its day it is worth sending, if it comes due at `at`."""
        if self.late is None:
            return None
        begins = datetime.combine(date.min, at)
        ends = begins + self.late
        return ends.time() if ends.date() == begins.date() else None


WEEK: tuple[Fixed, ...] = (
    Fixed(IMPORT_REMINDER, WeekTime(1, time(7, 30)), timedelta(hours=1, minutes=30)),
    Fixed(HEALTH, WeekTime(1, time(9)), timedelta(hours=3)),
    Fixed(FORECAST, WeekTime(5, time(15))),
    Fixed(PUT_RIGHT, WeekTime(5, time(16))),
)
"""In the order of the week. Each has an entry in `models.agenda.PROMPTS`."""


class WeekOutOfOrder(RuleBroken):
    """A prompt, `then`, would not come after `first`, in the same week."""

    def __init__(self, first: str, then: str) -> None:
        super().__init__(first, then)
        self.first, self.then = first, then


_IN_ORDER = ((IMPORT_REMINDER, HEALTH), (FORECAST, PUT_RIGHT))
"""Which two of a week's prompts come one after the other."""


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


def keep_team(
    session: Session,
    of_team: Team,
    now: datetime,
    fixed: Sequence[Fixed] = WEEK,
    *,
    since: date | None = None,
) -> int:
    """As `keep`, of one team. What it set itself (time, on or off) stays as it is.

    A new prompt begins on the day `since`; without it with the team's first week, where that lies
    ahead, else next Monday.
    """
    here = _schedules(session, of_team)
    return sum(
        _put(session, of_team, one, here.get(one.prompt), now, *_stands(one, here), since=since)
        for one in fixed
    )


def fixed_times(session: Session, of_team: Team) -> dict[str, WeekTime | None]:
    """When each of the team's fixed prompts comes due; None where it is switched off."""
    return _times(_schedules(session, of_team))


def set_fixed_times(
    session: Session, of_team: Team, said: Mapping[str, WeekTime | None], now: datetime
) -> bool:
    """These prompts come due then, or (None) not at all; whether that changed anything.

    The team has begun. What already came due on a day does not come due again on it, and a time
    that has passed today counts from the next week on. The reminder to import keeps its distance
    from a health check that moves without it. Raises `WeekOutOfOrder`.
    """
    here = _schedules(session, of_team)
    said = _with_reminder(said, here)
    _check_order(_times(here) | said)
    changed = []
    for one in WEEK:
        if one.prompt in said:
            when = said[one.prompt]
            usual, _ = _stands(one, here)
            row = here.get(one.prompt)
            changed.append(_put(session, of_team, one, row, now, when or usual, when is not None))
    return any(changed)


def _with_reminder(
    said: Mapping[str, WeekTime | None], here: Mapping[str, Schedule]
) -> dict[str, WeekTime | None]:
    stands = {one.prompt: _stands(one, here) for one in WEEK}
    (reminder, is_on), (before, _) = stands[IMPORT_REMINDER], stands[HEALTH]
    check = said.get(HEALTH)
    if check is None or IMPORT_REMINDER in said or not is_on:
        return dict(said)
    apart = max(0, before.minutes_into_week() - reminder.minutes_into_week())
    minutes = max(0, check.minutes_into_week() - apart)
    moved = WeekTime(minutes // _DAY + 1, time(minutes % _DAY // 60, minutes % 60))
    return {**said, IMPORT_REMINDER: moved}


_DAY = 24 * 60  # minutes


def _check_order(times: Mapping[str, WeekTime | None]) -> None:
    for first, then in _IN_ORDER:
        one, other = times[first], times[then]
        if one and other and one.minutes_into_week() >= other.minutes_into_week():
            raise WeekOutOfOrder(first, then)


def comes_next(row: Schedule, zone: str, when: WeekTime, now: datetime) -> date:
    """From which local date a prompt counts that comes due then from now on: never at once, for a
    new time that has passed today; where such a one is put right today, today still."""
    first, today = goes_on(row, zone, when.at, now), local_date(now, zone)
    if when_of(row) == when or when.day != today.isoweekday():
        return first
    if instant(today, when.at, zone) <= now:
        return max(first, today + DAY)
    was_too_late = when_of(row).day == today.isoweekday() and row.active_from == today + DAY
    return today if was_too_late else first


def _schedules(session: Session, of_team: Team) -> dict[str, Schedule]:
    rows = session.scalars(select(Schedule).where(Schedule.team_id == of_team.id))
    return {row.prompt: row for row in rows}


def _times(here: Mapping[str, Schedule]) -> dict[str, WeekTime | None]:
    stands = {one.prompt: _stands(one, here) for one in WEEK}
    return {prompt: when if is_on else None for prompt, (when, is_on) in stands.items()}


def _stands(one: Fixed, here: Mapping[str, Schedule]) -> tuple[WeekTime, bool]:
    """When a team's prompt comes due, and whether it does."""
    row = here.get(one.prompt)
    return (one.when, True) if row is None else (when_of(row), row.is_on)


def when_of(schedule: Schedule) -> WeekTime:
    """When a prompt of one weekday comes due."""
    return WeekTime(int(schedule.weekdays), schedule.local_time)


def _put(
    session: Session,
    of_team: Team,
    one: Fixed,
    row: Schedule | None,
    now: datetime,
    when: WeekTime,
    is_on: bool,
    *,
    since: date | None = None,
) -> bool:
    """Brings one prompt to this time in the team's zone; a new one begins on the day `since`."""
    late_until = one.late_until(when.at)
    return put_schedule(
        session,
        of_team.id,
        one.prompt,
        weekdays=str(when.day),
        local_time=when.at,
        zone=of_team.zone,
        lateness=Lateness.MIDNIGHT if late_until is None else Lateness.UNTIL_TIME,
        late_until=late_until,
        active_from=comes_next(row, of_team.zone, when, now)
        if row
        else since or _first_day(of_team, now),
        is_on=is_on,
    )[1]


def _first_day(of_team: Team, now: datetime) -> date:
    """The first day of the team's first week where that lies ahead, else next Monday."""
    today, first = local_date(now, of_team.zone), trial.starts_on(of_team)
    return first if first is not None and first >= today else next_monday(today)


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
