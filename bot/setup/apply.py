"""Making a workspace what its team.toml says, any number of times with the same result."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.setup.form import FixedTimes, ReviewTimes, When
from bot.setup.picture import differences, picture
from bot.setup.resolve import Resolved, ResolvedTeam, Somebody
from bot.setup.stages import put_stages
from bot.setup.weeks import put_weeks
from crm.toml_file import Mistakes, place
from handlers.setup.messages import no_such_time
from models import health_check, setup
from models.company_days import CompanyDaySaid
from models.deals import seed_stages
from models.evidence import seed_questions
from models.people import (
    KEEP,
    Person,
    Team,
    person_by_slack_id,
    put_workspace,
    teams,
)
from models.pipeline_review import follow_channel, name_deputy
from models.roster import ChannelTaken, put_person, put_team
from models.screens import skipped_times
from models.setup import (
    QuotaSaid,
    WeekTime,
    coaching,
    follow_everybody,
    follow_zones,
    has_deals,
    put_company_days,
    put_quotas,
    put_times,
    start_by,
)
from models.statuses import tell
from models.week import (
    FORECAST,
    HEALTH,
    IMPORT_REMINDER,
    PUT_RIGHT,
    WeekOutOfOrder,
    set_fixed_times,
)


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
    health_check.follow_quotas(session, now)
    follow_zones(session, now)
    _put_company_days(session, wanted, now)
    put_weeks(session, wanted, people, coached_before, now)
    for slack_id, somebody in wanted.people.items():
        if somebody.account.status is not None:
            tell(session, people[slack_id], somebody.account.status, now)
    return Outcome(list(differences(before, picture(session))), _notes(session, wanted, now))


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
        return {"zone": somebody.zone, "zone_is_own": True, "zone_is_teams": False}
    here = person_by_slack_id(session, somebody.account.slack_id)
    if here is not None and not somebody.active:
        return {}
    return setup.zone_of(here, somebody.account.zone)


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
    if here is not None and here.currency != wanted.currency and has_deals(session, here):
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
            channel_may_be_public=wanted.entry.channel_may_be_public,
            manager_id=people[wanted.manager].id,
        )
    except ChannelTaken as taken:
        holder = session.get_one(Team, taken.team_id)
        says = f"is the channel of {holder.name}, which is not in this file"
        mistakes.append(f"{place((*wanted.path, 'channel'))}: {says}")
        return
    follow_channel(session, team, now)
    times = wanted.entry.review
    put_times(session, team, _times(times), now, times.starts)
    start_by(team, times.starts, now)
    try:
        set_fixed_times(session, team, _fixed(wanted.entry.week), now)
    except WeekOutOfOrder as wrong:
        at = place((*wanted.path, "week", _NAMED[wrong.then]))
        mistakes.append(f"{at}: must come after {_NAMED[wrong.first]}")


def _put_deputies(
    session: Session, wanted: Resolved, people: dict[str, Person], now: datetime
) -> None:
    """Those that the file names, or takes away; the others stay."""
    in_teams = {team.name: team for team in teams(session)}
    for team in wanted.teams:
        if team.deputy is not KEEP:
            person = people[team.deputy] if isinstance(team.deputy, str) else None
            name_deputy(session, None, in_teams[team.entry.name], person, now)


def _put_company_days(session: Session, wanted: Resolved, now: datetime) -> None:
    """Those that the file names; a file that says nothing of them leaves them as they are."""
    if "company_days" not in wanted.file.model_fields_set:
        return
    in_teams = {team.name: team.id for team in teams(session)}
    said = [
        CompanyDaySaid(
            days.name,
            days.starts,
            days.ends or days.starts,
            team_id=in_teams[days.team] if days.team else None,
            holiday_calendar=days.holidays,
        )
        for days in wanted.file.company_days
    ]
    if put_company_days(session, said, now):
        follow_everybody(session, now)


def _put_quotas(session: Session, wanted: ResolvedTeam, people: dict[str, Person]) -> None:
    team_id = session.scalars(select(Team.id).where(Team.name == wanted.entry.name)).one()
    said = [
        QuotaSaid(
            people[quota.slack_id].id if quota.slack_id else None,
            quota.starts_on,
            quota.ends_on,
            quota.amount_minor,
        )
        for quota in wanted.quotas
    ]
    put_quotas(session, team_id, said)


_NAMED = {
    IMPORT_REMINDER: "import_reminder",
    HEALTH: "health_check",
    FORECAST: "forecast",
    PUT_RIGHT: "put_right",
}
"""A week's prompts as the file calls them."""


def _fixed(said: FixedTimes) -> dict[str, WeekTime | None]:
    """What the file says; the rest stays as it is."""
    prompts = {prompt: getattr(said, name) for prompt, name in _NAMED.items()}
    return {
        prompt: WeekTime(when.day, when.at) if isinstance(when, When) else None
        for prompt, when in prompts.items()
        if when is not None
    }


def _times(said: ReviewTimes) -> setup.ReviewTimes:
    cards, deciding = (WeekTime(when.day, when.at) for when in (said.cards, said.deciding))
    return setup.ReviewTimes(cards, deciding, is_on=said.on)


def _notes(session: Session, wanted: Resolved, now: datetime) -> list[str]:
    notes = list(wanted.notes)
    for team in teams(session):
        for skipped in skipped_times(session, team, now):
            notes.append(f"{team.name}: {no_such_time(skipped, team.zone)}")
    for person in session.scalars(select(Person).where(Person.zone_is_teams, Person.active)):
        notes.append(f"Slack does not say where {person.name} is: {person.zone} counts.")
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
