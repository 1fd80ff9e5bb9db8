"""What setup in Slack shows: the steps of one team, what is done of each, and the forms' starts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import trial
from models.channels import ChannelCheck, Unfit, unfit
from models.coverage import quota_of
from models.deals import Deal, Import
from models.delivery import Kind
from models.one_on_ones import quarter_of
from models.people import (
    Person,
    Quota,
    Team,
    counts_for_team,
    get_person,
    members,
    owned_by_team,
    standards,
    team,
    teams,
    today_of,
)
from models.schedule import Schedule, skipped_dates
from models.screens.pieces import active_addressee, team_money, team_shown, who_shown
from models.screens.shown import Money, TeamShown, Who
from models.setup import (
    Preview,
    ReviewTimes,
    Setup,
    is_newest,
    next_monday,
    require_admin,
    times_of,
)
from models.week import WeekTime, fixed_times


@dataclass(frozen=True)
class QuotaShown:
    """How many of the reps have a quota of the quarter, or the whole team's own."""

    quarter: date  # its first day
    reps_with: int
    total: Money | None


@dataclass(frozen=True)
class SkippedTime:
    """A local time of the team that the clocks skip on a date, and when it runs instead."""

    at: time
    on: date
    runs_at: time


@dataclass(frozen=True)
class TeamSteps:
    """Where a team stands. `starts_on`: the first day of its first week, once it was started;
    `monday`: the one on which it would start now. `wrong`: why its channel is not posted to.
    """

    team: TeamShown
    manager: Who | None
    leader: Who | None
    reps: tuple[Who, ...]
    wrong: Unfit | None
    deals: int
    deals_as_of: datetime | None
    deals_stale: bool
    quotas: QuotaShown
    times: ReviewTimes
    previewed: bool
    starts_on: date | None
    trial_ends_on: date | None
    monday: date
    zoneless: tuple[Who, ...] = ()  # of whom Slack says no zone: the team's counts
    skipped: tuple[SkippedTime, ...] = ()
    fixed: Mapping[str, WeekTime | None] = field(default_factory=dict)  # once it has begun


@dataclass(frozen=True)
class SetupShown:
    """The message with the steps. `newest`: no later one took its place. `others`: with their
    names, whether they have started.
    """

    setup_id: int
    zone: str
    steps: TeamSteps | None
    others: tuple[tuple[TeamShown, bool], ...]


def setup_steps(session: Session, setup_id: int, now: datetime) -> SetupShown | None:
    """To an admin, while this message is the newest of theirs."""
    to = active_addressee(session, Kind.SETUP, setup_id)
    opened = session.scalars(select(Setup).where(Setup.id == setup_id)).one()
    if to is None or not to[1].is_admin or not is_newest(session, opened):
        return None
    made = teams(session)
    chosen = next((one for one in made if one.id == opened.team_id), None)
    return SetupShown(
        setup_id=setup_id,
        zone=to[1].zone,
        steps=None if chosen is None else _steps(session, chosen, now),
        others=tuple(
            (team_shown(one), one.trial_ends_on is not None) for one in made if one is not chosen
        ),
    )


def _steps(session: Session, of_team: Team, now: datetime) -> TeamSteps:
    manager = None if of_team.manager_id is None else get_person(session, of_team.manager_id)
    leader_id = None if manager is None else manager.reports_to_id
    taken = session.scalar(select(func.max(Import.imported_at)))
    stale = timedelta(days=standards(session).import_days)
    reps = members(session, of_team.id)
    leader = None if leader_id is None else get_person(session, leader_id)
    people = (*reps, manager, leader)
    times = times_of(session, of_team) or ReviewTimes(is_on=False)
    return TeamSteps(
        team=team_shown(of_team),
        manager=None if manager is None else who_shown(manager),
        leader=None if leader is None else who_shown(leader),
        reps=tuple(who_shown(rep) for rep in reps),
        wrong=_wrong(session, of_team),
        deals=session.scalar(
            select(func.count(Deal.id)).where(
                owned_by_team(Deal.owner_id, of_team.id), Deal.closed_on.is_(None)
            )
        )
        or 0,
        deals_as_of=taken,
        deals_stale=taken is not None and taken < now - stale,
        quotas=_quotas(session, of_team, quarter_of(today_of(of_team, now))),
        times=times,
        previewed=session.scalar(select(Preview.id).where(Preview.team_id == of_team.id).limit(1))
        is not None,
        starts_on=trial.starts_on(of_team),
        trial_ends_on=of_team.trial_ends_on,
        monday=next_monday(now, of_team.zone),
        fixed=fixed_times(session, of_team) if of_team.trial_ends_on is not None else {},
        zoneless=tuple(who_shown(one) for one in people if one and one.zone_is_teams),
        skipped=skipped_times(session, of_team, now),
    )


def skipped_times(session: Session, of_team: Team, now: datetime) -> tuple[SkippedTime, ...]:
    """The first date within a year on which each time of the team's week does not happen, in the
    order of the week; once it has begun, of what comes."""
    rows = select(Schedule).where(Schedule.team_id == of_team.id)
    if of_team.trial_ends_on is not None:
        rows = rows.where(Schedule.is_on)
    found = []
    for one in session.scalars(rows.order_by(Schedule.weekdays, Schedule.local_time)):
        skipped = skipped_dates(one.weekdays, one.local_time, one.zone, today_of(of_team, now))
        found += [SkippedTime(one.local_time, each.on, each.runs_at) for each in skipped[:1]]
    return tuple(dict.fromkeys(found))


def _wrong(session: Session, of_team: Team) -> Unfit | None:
    checked = session.scalar(
        select(ChannelCheck).where(ChannelCheck.channel_id == of_team.channel_id)
    )
    return None if checked is None else unfit(session, checked)


def _quotas(session: Session, of_team: Team, quarter: tuple[date, date]) -> QuotaShown:
    of_reps = select(func.count(Quota.id)).where(
        counts_for_team(of_team.id),
        Quota.person_id.is_not(None),
        Quota.starts_on == quarter[0],
        Quota.ends_on == quarter[1],
    )
    total = quota_of(session, of_team.id, *quarter)
    money = None if total is None else team_money(total, of_team)
    return QuotaShown(quarter[0], session.scalar(of_reps) or 0, money)


# --- the forms


@dataclass(frozen=True)
class TeamForm:
    """A team as it stands; without one, what is proposed: the admin's own zone."""

    team: TeamShown | None
    manager: Who | None
    may_be_public: bool
    zone: str
    locale: str
    currency: str


@dataclass(frozen=True)
class PeopleForm:
    team: TeamShown
    reps: tuple[Who, ...]
    leader: Who | None


@dataclass(frozen=True)
class QuotasForm:
    """The quotas of a quarter: of each rep, and of the whole team; None where there is none."""

    team: TeamShown
    quarter: tuple[date, date]
    today: date
    reps: tuple[tuple[Who, int | None], ...]
    whole: int | None


@dataclass(frozen=True)
class TimesForm:
    """`fixed`: when each of the week's other prompts comes due; None: not at all."""

    team: TeamShown
    times: ReviewTimes
    started: bool
    fixed: Mapping[str, WeekTime | None]


def team_form(session: Session, actor: Person, team_id: int | None) -> TeamForm:
    """To change a team, or (None) for a new one. Raises `AdminsHere`, `UnknownTeam`."""
    require_admin(session, actor)
    if team_id is None:
        last = next(iter(reversed(teams(session))), None)
        locale, currency = (last.locale, last.currency) if last else ("en_US", "USD")
        return TeamForm(None, None, False, actor.zone, locale, currency)
    here = team(session, team_id)
    manager = None if here.manager_id is None else who_shown(get_person(session, here.manager_id))
    may = here.channel_may_be_public
    return TeamForm(team_shown(here), manager, may, here.zone, here.locale, here.currency)


def people_form(session: Session, actor: Person, team_id: int, now: datetime) -> PeopleForm:
    """Raises `AdminsHere`, `UnknownTeam`."""
    require_admin(session, actor)
    steps = _steps(session, team(session, team_id), now)
    return PeopleForm(steps.team, steps.reps, steps.leader)


def quotas_form(
    session: Session, actor: Person, team_id: int, now: datetime, quarter: date | None = None
) -> QuotasForm:
    """Of the quarter that this day lies in, else of the current one. Raises as `people_form`."""
    require_admin(session, actor)
    of_team = team(session, team_id)
    today = today_of(of_team, now)
    days = quarter_of(quarter or today)
    rows = session.scalars(
        select(Quota).where(
            counts_for_team(team_id), Quota.starts_on == days[0], Quota.ends_on == days[1]
        )
    )
    said = {row.person_id: row.amount_minor for row in rows}
    reps = members(session, team_id)
    return QuotasForm(
        team=team_shown(of_team),
        quarter=days,
        today=today,
        reps=tuple((who_shown(rep), said.get(rep.id)) for rep in reps),
        whole=said.get(None),
    )


def times_form(session: Session, actor: Person, team_id: int) -> TimesForm:
    """Raises as `people_form`."""
    require_admin(session, actor)
    of_team = team(session, team_id)
    begun = of_team.trial_ends_on is not None
    times = times_of(session, of_team) or ReviewTimes()
    return TimesForm(team_shown(of_team), times, begun, fixed_times(session, of_team))
