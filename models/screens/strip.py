"""The week of a manager's teams: which of its prompts ran, which did not, and why."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from models.agenda import OFF_WITH_TEAM
from models.days import DAY, teams_off
from models.delivery import Delivery, DeliveryState
from models.delivery_claims import PARENT_PARKED
from models.people import Team
from models.schedule import Occurrence, OccurrenceState, Schedule, instant
from models.screens.pieces import team_shown
from models.screens.shown import TeamShown


class Ran(StrEnum):
    """What became of a prompt."""

    DONE = "done"
    COMING = "coming"
    DUE = "due"  # its time has come: it is carried out, or tried again
    SKIPPED = "skipped"
    OFF = "off"  # it is to come on a day on which nobody of the team works: it will not


@dataclass(frozen=True)
class PromptOfDay:
    """A prompt of a team on a day, and why it was skipped. `put_off_to`: when it comes instead."""

    prompt: str
    team: TeamShown
    at: datetime
    ran: Ran
    reason: str | None = None
    put_off_to: datetime | None = None


@dataclass(frozen=True)
class HeldBack:
    """What is not posted in a team's channel: how many messages, since when, and Slack's error."""

    team: TeamShown
    count: int
    since: datetime
    error: str


_Row = tuple[Schedule, Occurrence | None]


def prompts_by_day(
    session: Session, teams: Collection[Team], days: Sequence[date], zone: str, now: datetime
) -> dict[date, tuple[PromptOfDay, ...]]:
    """The teams' prompts on these dates of a reader's zone, by time; as many statements for several
    teams as for one."""
    if not teams:
        return {}
    shown = {one.id: team_shown(one) for one in teams}
    around = days[0] - DAY, days[-1] + DAY  # dates of prompts are in the teams' zones
    in_these = and_(
        Occurrence.schedule_id == Schedule.id,
        Occurrence.workspace_id == Schedule.workspace_id,
        Occurrence.local_date.between(*around),
    )
    rows: Sequence[_Row] = [
        (schedule, occurrence)
        for schedule, occurrence in session.execute(
            select(Schedule, Occurrence)
            .outerjoin(Occurrence, in_these)
            .where(Schedule.team_id.in_(shown))
            .order_by(Schedule.id, Occurrence.due_at)
        )
    ]
    off = teams_off(session, teams, *around)
    found: defaultdict[date, list[PromptOfDay]] = defaultdict(list)
    for one in (*_written(rows, shown, now), *_coming(rows, shown, around, off, now)):
        found[one.at.astimezone(ZoneInfo(zone)).date()].append(one)
    return {day: tuple(sorted(found[day], key=lambda one: one.at)) for day in days}


def _written(
    rows: Sequence[_Row], shown: dict[int, TeamShown], now: datetime
) -> Iterator[PromptOfDay]:
    """What came due, or was put off until a moment to come."""
    later = {
        (one.schedule_id, one.local_date): one.due_at for _, one in rows if one and one.slot == 1
    }
    for schedule, one in rows:
        if one is None or schedule.team_id is None:
            continue
        ran = {OccurrenceState.RAN: Ran.DONE, OccurrenceState.SKIPPED: Ran.SKIPPED}.get(one.state)
        ran = ran or (Ran.COMING if one.due_at > now else Ran.DUE)
        skipped = ran is Ran.SKIPPED
        instead = [
            at
            for (schedule_id, day), at in later.items()
            if skipped and one.slot == 0 and schedule_id == schedule.id and day > one.local_date
        ]
        yield PromptOfDay(
            schedule.prompt,
            shown[schedule.team_id],
            one.due_at,
            ran,
            one.reason if skipped else None,
            min(instead, default=None),
        )


def _coming(
    rows: Sequence[_Row],
    shown: dict[int, TeamShown],
    around: tuple[date, date],
    off: Mapping[int, Collection[date]],
    now: datetime,
) -> Iterator[PromptOfDay]:
    """What will come due by the schedules. `off`: by team, when nobody of it works."""
    known = {(one.schedule_id, one.local_date) for _, one in rows if one and one.slot == 0}
    for schedule in {one.id: one for one, _ in rows if one.is_on}.values():
        if schedule.team_id is None:
            continue
        excused = off[schedule.team_id] if schedule.prompt in OFF_WITH_TEAM else ()
        day = max(around[0], schedule.active_from)
        while day <= around[1]:
            at = instant(day, schedule.local_time, schedule.zone)
            is_due = str(day.isoweekday()) in schedule.weekdays and at > now
            if is_due and (schedule.id, day) not in known:
                ran = Ran.OFF if day in excused else Ran.COMING
                yield PromptOfDay(schedule.prompt, shown[schedule.team_id], at, ran)
            day += DAY


def held_back(session: Session, teams: Collection[Team]) -> tuple[HeldBack, ...]:
    """What is not posted in the channels of these teams; in one statement."""
    by_channel = {one.channel_id: one for one in teams if one.channel_id is not None}
    if not by_channel:
        return ()
    rows = session.execute(
        select(Delivery.lane, Delivery.error, func.count(), func.min(Delivery.due_at))
        .where(Delivery.state == DeliveryState.PARKED, Delivery.lane.in_(by_channel))
        .group_by(Delivery.lane, Delivery.error)
        .order_by(Delivery.lane, Delivery.error)
    ).all()
    found = []
    for channel_id, of_team in by_channel.items():
        mine = [row for row in rows if row[0] == channel_id]
        errors = [error for _, error, _, _ in mine if error and error != PARENT_PARKED]
        if errors:
            count, since = sum(row[2] for row in mine), min(row[3] for row in mine)
            found.append(HeldBack(team_shown(of_team), count, since, errors[0]))
    return tuple(found)
