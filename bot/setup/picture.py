"""What is set up in a workspace, in words: two pictures show what a setup changed."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from babel.numbers import format_currency, get_currency_precision
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.setup.form import DAYS
from handlers.notices import PROMPTS
from models.company_days import company_days
from models.deals import stages
from models.deputies import deputy_of
from models.evidence import Question
from models.one_on_ones import BY_TIME, Standing
from models.people import Person, Quota, Team, Workspace, teams, workspace_id_of
from models.schedule import Schedule
from models.trial import starts_on

Picture = dict[str, dict[str, str]]
"""Facts in words, by thing and property; a property that is not there has no key."""

WORKING_DAYS = "12345"  # those of everybody who has no others are not said


def picture(session: Session) -> Picture:
    """Everything that setup sets, as it is now."""
    shown: Picture = {}
    workspace = session.get(Workspace, workspace_id_of(session))
    if workspace is not None and workspace.standards:
        shown["standards"] = {name: str(value) for name, value in workspace.standards.items()}
    people = {person.id: person for person in session.scalars(select(Person).order_by(Person.name))}
    in_teams = {team.id: team for team in teams(session)}
    shown |= {f"team {team.name}": _team(session, team, people) for team in in_teams.values()}
    shown |= {_name(person): _person(person, people, in_teams) for person in people.values()}
    shown |= dict(_quotas(session, people, in_teams))
    shown |= dict(_schedules(session))
    shown |= dict(_standings(session, people))
    shown |= dict(_stages(session))
    shown |= dict(_company_days(session, in_teams))
    return shown


def differences(before: Picture, after: Picture) -> Iterator[str]:
    """A line for each thing that is new, gone or not as it was."""
    for thing in [*before, *(thing for thing in after if thing not in before)]:
        old, new = before.get(thing), after.get(thing)
        if old == new:
            continue
        if new is None:
            yield f"gone: {thing}"
        elif old is None:
            yield f"new: {thing}{_listed(new)}"
        else:
            changed = (
                f"{name} {old.get(name, 'none')} → {new.get(name, 'none')}"
                for name in {**old, **new}
                if old.get(name) != new.get(name)
            )
            yield f"changed: {thing}: {', '.join(changed)}"


def _listed(facts: dict[str, str]) -> str:
    return ": " + ", ".join(f"{name} {value}" for name, value in facts.items()) if facts else ""


def _name(person: Person) -> str:
    return f"{person.name} ({person.slack_id})"


def _person(person: Person, people: dict[int, Person], in_teams: dict[int, Team]) -> dict[str, str]:
    facts = {"role": person.role.value}
    if person.team_id is not None:
        facts["team"] = in_teams[person.team_id].name
    if person.reports_to_id is not None:
        facts["reports to"] = people[person.reports_to_id].name
    facts["zone"] = person.zone
    if person.email:
        facts["e-mail"] = person.email
    if person.is_admin:
        facts["admin"] = "yes"
    if not person.active:
        facts["active"] = "no"
    if person.working_days != WORKING_DAYS:
        facts["working days"] = _days(person.working_days)
    if person.holiday_calendar is not None:
        facts["holidays"] = person.holiday_calendar
    return facts


def _days(digits: str) -> str:
    return " ".join(DAYS[int(digit) - 1][:3] for digit in digits)


def _standings(session: Session, people: dict[int, Person]) -> Iterator[tuple[str, dict[str, str]]]:
    standing = select(Standing).where(Standing.ended_at.is_(None))
    for one in session.scalars(standing.order_by(*BY_TIME)):
        facts = {
            "at": _standing_time(one),
            "minutes": str(one.minutes),
            "with": people[one.coach_id].name,
            "from": _day(one.active_from),
        }
        yield f"one-on-one of {people[one.person_id].name}", facts


def _standing_time(one: Standing) -> str:
    if one.weekday is None:
        return "in rotation"
    return f"{DAYS[one.weekday - 1]} {one.local_time:%H:%M} {one.zone}"


def _team(session: Session, team: Team, people: dict[int, Person]) -> dict[str, str]:
    facts = {"currency": team.currency, "locale": team.locale, "zone": team.zone}
    if team.manager_id is not None:
        facts["manager"] = people[team.manager_id].name
    deputy = deputy_of(session, team)
    if deputy is not None:
        facts["deputy"] = deputy.name
    if team.channel_id is not None:
        facts["channel"] = team.channel_id
    if team.channel_may_be_public:
        facts["channel may be public"] = "yes"
    if first := starts_on(team):
        facts["first day"] = _day(first)
    return facts


def _quotas(
    session: Session, people: dict[int, Person], in_teams: dict[int, Team]
) -> Iterator[tuple[str, dict[str, str]]]:
    rows = session.scalars(select(Quota).order_by(Quota.team_id, Quota.person_id, Quota.starts_on))
    for quota in rows:
        team = in_teams[quota.team_id]
        holder = f"the team {team.name}" if quota.person_id is None else ""
        holder = holder or f"{people[quota.person_id or 0].name} in {team.name}"
        period = f"{_day(quota.starts_on)} to {_day(quota.ends_on)}"
        yield f"quota of {holder}, {period}", {"amount": money(quota.amount_minor, team)}


def money(minor: int, team: Team) -> str:
    """An amount in the team's currency and locale."""
    amount = Decimal(minor).scaleb(-get_currency_precision(team.currency))
    digits = None if amount == int(amount) else amount
    if digits is None:
        return format_currency(
            int(amount), team.currency, locale=team.locale, format="¤#,##0", currency_digits=False
        )
    return format_currency(amount, team.currency, locale=team.locale)


def _schedules(session: Session) -> Iterator[tuple[str, dict[str, str]]]:
    of_teams = select(Schedule, Team.name).join(Team, Team.id == Schedule.team_id)
    for schedule, name in session.execute(of_teams.order_by(Schedule.team_id, Schedule.id)):
        days = ", ".join(DAYS[int(digit) - 1] for digit in schedule.weekdays)
        facts = {
            "at": f"{days} {schedule.local_time:%H:%M} {schedule.zone}",
            "from": _day(schedule.active_from),
        }
        if not schedule.is_on:
            facts["on"] = "no"
        what = PROMPTS.get(schedule.prompt, schedule.prompt)
        yield f"{what} of {name}", facts


def _stages(session: Session) -> Iterator[tuple[str, dict[str, str]]]:
    asked: dict[int, int] = {}
    for question in session.scalars(select(Question)):
        asked[question.stage_id] = asked.get(question.stage_id, 0) + 1
    for stage in stages(session):
        facts = {"place": str(stage.position), "kind": stage.kind.value}
        if stage.qualified:
            facts["counts in coverage"] = "yes"
        if stage.age_days is not None:
            facts["old after"] = f"{stage.age_days} days"
        if stage.id in asked:
            facts["questions"] = str(asked[stage.id])
        yield f"stage {stage.name}", facts


def _company_days(
    session: Session, in_teams: dict[int, Team]
) -> Iterator[tuple[str, dict[str, str]]]:
    for found in company_days(session, date.min):
        whose = ""
        if found.team_id is not None:
            whose = f" of {in_teams[found.team_id].name}"
        elif found.holiday_calendar is not None:
            whose = f" of who keeps {found.holiday_calendar}"
        period = f"{_day(found.starts_on)} to {_day(found.ends_on)}"
        yield f"company days{whose}, {period}", {"name": found.name}


def _day(day: date) -> str:
    return f"{day.day} {day:%b %Y}"
