"""Making a workspace what its team.toml says, any number of times with the same result."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.setup.form import ReviewTimes, next_monday
from bot.setup.picture import differences, picture
from bot.setup.resolve import Resolved, ResolvedQuota, ResolvedTeam, Somebody
from bot.setup.stages import put_stages
from bot.setup.weeks import coaching, put_weeks
from crm.toml_file import Mistakes, place
from models.deals import Deal, seed_stages
from models.evidence import seed_questions
from models.people import (
    KEEP,
    Person,
    Quota,
    Team,
    is_one_month,
    person_by_slack_id,
    put_workspace,
    teams,
)
from models.pipeline_review import name_deputy
from models.roster import ChannelTaken, put_person, put_quota, put_team
from models.schedule import Lateness, Schedule, local_date, put_schedule

CARDS, DECIDING = "review.cards", "review.deciding"


@dataclass(frozen=True)
class Outcome:
    """What a setup changed, and what people should know."""

    changes: list[str]
    notes: list[str]


def set_up(session: Session, wanted: Resolved, now: datetime) -> Outcome:
    """Makes it so, in the session's transaction. Raises Mistakes: then it must be rolled back."""
    before, coached_before = picture(session), coaching(session)
    put_workspace(
        session,
        wanted.installation.workspace_id,
        now=now,
        name=wanted.installation.workspace_name or KEEP,
        bot_user_id=wanted.installation.bot_user_id or KEEP,
        standards=wanted.file.standards or KEEP,
    )
    if wanted.file.stages:
        put_stages(session, wanted.file.stages)
    seed_stages(session)
    seed_questions(session)
    people = _put_people(session, wanted)
    mistakes: list[str] = []
    _free_channels(session, wanted)
    for team in wanted.teams:
        _put_team(session, team, people, now, mistakes)
    if mistakes:
        raise Mistakes(mistakes)
    _put_lines(session, wanted, people)
    _put_deputies(session, wanted, people, now)
    for team in wanted.teams:
        _put_quotas(session, team, people)
    put_weeks(session, wanted, people, coached_before, now)
    return Outcome(list(differences(before, picture(session))), _notes(session, wanted))


# --- people: first themselves, then who stands above them and where they belong


def _put_people(session: Session, wanted: Resolved) -> dict[str, Person]:
    """Everybody, still without new lines: what is turned round must not pass through a circle."""
    admins_said = "admins" in wanted.file.model_fields_set
    people: dict[str, Person] = {}
    for slack_id, somebody in wanted.people.items():
        is_admin = slack_id in wanted.admins if admins_said else KEEP
        people[slack_id], _ = put_person(
            session,
            slack_id,
            name=somebody.account.name,
            role=somebody.role,
            email=somebody.account.email or KEEP,
            is_admin=is_admin,
            active=somebody.active,
            working_days=somebody.working_days or KEEP,
            holiday_calendar=somebody.holidays,
            reports_to_id=_kept_line(session, somebody),
            **_zone(session, somebody),
        )
    return people


def _zone(session: Session, somebody: Somebody) -> dict[str, Any]:
    """The file's zone; else Slack's, unless the person has one of their own."""
    if somebody.zone is not None:
        return {"zone": somebody.zone, "zone_is_own": True}
    here = person_by_slack_id(session, somebody.account.slack_id)
    if here is not None and (here.zone_is_own or not somebody.active):
        return {}
    return {"zone": somebody.account.zone}


def _kept_line(session: Session, somebody: Somebody) -> Any:
    """The line upwards stays if it is to stay; else it is taken away until everybody is there."""
    here = person_by_slack_id(session, somebody.account.slack_id)
    if here is None or here.reports_to_id is None or somebody.reports_to is None:
        return None
    above = person_by_slack_id(session, somebody.reports_to)
    return KEEP if above is not None and above.id == here.reports_to_id else None


def _put_lines(session: Session, wanted: Resolved, people: dict[str, Person]) -> None:
    in_teams = {team.name: team.id for team in teams(session)}
    for slack_id, somebody in wanted.people.items():
        put_person(
            session,
            slack_id,
            name=somebody.account.name,
            role=somebody.role,
            team_id=in_teams[somebody.team] if somebody.team else None,
            reports_to_id=people[somebody.reports_to].id if somebody.reports_to else None,
        )


# --- teams


def _free_channels(session: Session, wanted: Resolved) -> None:
    """Two teams may swap channels: whoever changes theirs lets go of it first."""
    said = {team.entry.name: team.channel_id for team in wanted.teams}
    for team in teams(session):
        if team.name in said and said[team.name] != team.channel_id:
            team.channel_id = None
    session.flush()


def _put_team(
    session: Session,
    wanted: ResolvedTeam,
    people: dict[str, Person],
    now: datetime,
    mistakes: list[str],
) -> None:
    name = wanted.entry.name
    here = session.scalar(select(Team).where(Team.name == name))
    if here is not None and here.currency != wanted.currency and _has_deals(session, here):
        says = f"{name} has deals in {here.currency}; its currency cannot change any more"
        mistakes.append(f"{place((*wanted.path, 'currency'))}: {says}")
        return
    try:
        team, _ = put_team(
            session,
            name,
            currency=wanted.currency,
            zone=wanted.zone,
            locale=wanted.locale,
            channel_id=wanted.channel_id,
            manager_id=people[wanted.manager].id,
        )
    except ChannelTaken as taken:
        holder = session.get_one(Team, taken.team_id)
        says = f"is the channel of {holder.name}, which is not in this file"
        mistakes.append(f"{place((*wanted.path, 'channel'))}: {says}")
        return
    _put_schedules(session, team, wanted.entry.review, now)


def _put_deputies(
    session: Session, wanted: Resolved, people: dict[str, Person], now: datetime
) -> None:
    """Those that the file names, or takes away; the others stay."""
    in_teams = {team.name: team for team in teams(session)}
    for team in wanted.teams:
        if team.deputy is not KEEP:
            person = people[team.deputy] if isinstance(team.deputy, str) else None
            name_deputy(session, None, in_teams[team.entry.name], person, now)


def _has_deals(session: Session, team: Team) -> bool:
    owned = select(Deal.id).join(Person, Person.id == Deal.owner_id)
    return session.scalar(owned.where(Person.team_id == team.id).limit(1)) is not None


def _put_quotas(session: Session, wanted: ResolvedTeam, people: dict[str, Person]) -> None:
    """The file's quotas. One that is here over the same days, but other ones, gives way."""
    team_id = session.scalars(select(Team.id).where(Team.name == wanted.entry.name)).one()
    for quota in wanted.quotas:
        person_id = people[quota.slack_id].id if quota.slack_id else None
        for other in _in_the_way(session, team_id, person_id, quota):
            session.delete(other)
        session.flush()
        put_quota(
            session,
            team_id,
            person_id=person_id,
            starts_on=quota.starts_on,
            ends_on=quota.ends_on,
            amount_minor=quota.amount_minor,
        )


def _in_the_way(
    session: Session, team_id: int, person_id: int | None, quota: ResolvedQuota
) -> list[Quota]:
    """What is here over the same days: of this holder over others, of a rep in an earlier team."""
    rows = select(Quota).where(Quota.starts_on <= quota.ends_on, Quota.ends_on >= quota.starts_on)
    if person_id is None:
        rows = rows.where(Quota.person_id.is_(None), Quota.team_id == team_id)
    else:
        rows = rows.where(Quota.person_id == person_id)
    days = (quota.starts_on, quota.ends_on)
    return [
        row
        for row in session.scalars(rows)
        if row.team_id != team_id
        or (
            (row.starts_on, row.ends_on) != days
            and not is_one_month(*days)
            and not is_one_month(row.starts_on, row.ends_on)
        )
    ]


# --- the week


def _put_schedules(session: Session, team: Team, times: ReviewTimes, now: datetime) -> None:
    """Cards are worth sending until deciding, deciding until midnight (product.md, "The week")."""
    put: Callable[..., Any] = put_schedule
    deciding = times.deciding
    days_between = deciding.day - times.cards.day
    late: dict[str, Any] = {"lateness": Lateness.UNTIL_TIME, "late_until": deciding.at}
    if days_between == 1:
        late = {"lateness": Lateness.NEXT_DAY_TIME, "late_until": deciding.at}
    elif days_between > 1:
        minutes = deciding.minutes_into_week() - times.cards.minutes_into_week()
        late = {"lateness": Lateness.HOURS, "late_hours": minutes // 60}
    policies = ((CARDS, times.cards, late), (DECIDING, deciding, {"lateness": Lateness.MIDNIGHT}))
    for prompt, when, policy in policies:
        put(
            session,
            team.id,
            prompt,
            weekdays=str(when.day),
            local_time=when.at,
            zone=team.zone,
            active_from=_active_from(session, team, prompt, times, now),
            is_on=times.on,
            **policy,
        )


def _active_from(
    session: Session, team: Team, prompt: str, times: ReviewTimes, now: datetime
) -> date:
    """A new schedule starts when the file says, else next Monday; a changed one goes on at once."""
    same = (Schedule.team_id == team.id) & (Schedule.prompt == prompt)
    here = session.scalar(select(Schedule).where(same))
    if here is None:
        return times.starts or next_monday(now, team.zone)
    return max(here.active_from, local_date(now, team.zone), times.starts or date.min)


def _notes(session: Session, wanted: Resolved) -> list[str]:
    notes = list(wanted.notes)
    rest = [
        person.name
        for person in session.scalars(select(Person).order_by(Person.name))
        if person.slack_id not in wanted.people
    ]
    if rest:
        notes.append(f"Not in the file, and left as they are: {', '.join(rest)}.")
    if not session.scalars(select(Person.id).where(Person.is_admin, Person.active)).first():
        notes.append('There is no admin yet: say admins = ["…"] at the top of the file.')
    return notes
