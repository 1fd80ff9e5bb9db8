"""A team as setup in Slack changes it: itself, its people, its start."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import channels
from models.agenda import keep_digest
from models.base import RuleBroken
from models.deals import Deal
from models.people import (
    KEEP,
    Person,
    Role,
    Team,
    members,
    owned_by_team,
    person_by_slack_id,
    team,
)
from models.pipeline_review import follow_channel
from models.roster import put_person, put_team
from models.setup.admins import Known, require_admin, show, zone_of
from models.setup.following import coaching, follow, follow_zones
from models.setup.times import ReviewTimes, next_monday, put_times, start_by, times_of
from models.statuses import tell
from models.week import WeekTime, set_fixed_times


class NameTaken(RuleBroken):
    """Another team has this name."""


class CurrencyStays(RuleBroken):
    """The team has deals in `currency`."""

    def __init__(self, currency: str) -> None:
        super().__init__(currency)
        self.currency = currency


class RoleTaken(RuleBroken):
    """Somebody cannot be what was said, since they are something else here.

    `team_id`: the team that they sell in, or manage; none: they lead who was said to lead them.
    """

    def __init__(self, name: str, role: Role, team_id: int | None) -> None:
        super().__init__(name, role, team_id)
        self.name = name
        self.role = role
        self.team_id = team_id


class LeaderTaken(RoleTaken):
    """The same, of who was said to lead the manager."""


class NotReady(RuleBroken):
    """A team cannot start. `missing`: the words of its open steps, in order."""

    def __init__(self, missing: tuple[str, ...]) -> None:
        super().__init__(missing)
        self.missing = missing


@dataclass(frozen=True)
class TeamSaid:
    """A team as it was said in Slack."""

    name: str
    manager: Known
    channel_id: str
    channel_may_be_public: bool
    currency: str
    zone: str
    locale: str


def has_deals(session: Session, of_team: Team) -> bool:
    """Whether deals are the team's: then its currency stays."""
    owned = select(Deal.id).where(owned_by_team(Deal.owner_id, of_team.id))
    return session.scalar(owned.limit(1)) is not None


def save_team(
    session: Session, actor: Person, said: TeamSaid, team_id: int | None, now: datetime
) -> Team:
    """Makes a team, or brings one to what was said. A new one has the usual times, switched off.

    Raises `AdminsHere`, `NameTaken`, `CurrencyStays`, `RoleTaken`, and what `put_team` raises.
    """
    require_admin(session, actor)
    before = coaching(session)
    here = None if team_id is None else team(session, team_id)
    _check_name(session, said.name, here)
    if here is not None:
        if here.currency != said.currency and has_deals(session, here):
            raise CurrencyStays(here.currency)
        here.name = said.name
        session.flush()
    manager = _manager(session, said.manager, now)
    made, _ = put_team(
        session,
        said.name,
        currency=said.currency,
        zone=said.zone,
        locale=said.locale,
        channel_id=said.channel_id,
        channel_may_be_public=said.channel_may_be_public,
        manager_id=manager.id,
    )
    for rep in members(session, made.id):
        rep.reports_to_id = manager.id
    session.flush()
    off = ReviewTimes(is_on=False)
    put_times(session, made, times_of(session, made) or off, now)
    channels.changed(session, said.channel_id, now)
    follow_channel(session, made, now)
    follow_zones(session, now)
    follow(session, before, now)
    show(session, now)
    return made


def _check_name(session: Session, name: str, here: Team | None) -> None:
    for other in session.scalars(select(Team)):
        if other is not here and other.name.casefold() == name.casefold():
            raise NameTaken


def _manager(session: Session, said: Known, now: datetime) -> Person:
    here = person_by_slack_id(session, said.slack_id)
    if here is not None and here.role is Role.REP and here.active and here.team_id is not None:
        raise RoleTaken(here.name, Role.REP, here.team_id)
    leads = here is not None and here.role is Role.LEADER and _has_people(session, here)
    return _put(session, said, Role.LEADER if leads else Role.MANAGER, now, team_id=None)


def _has_people(session: Session, person: Person) -> bool:
    below = select(Person.id).where(Person.reports_to_id == person.id, Person.role != Role.REP)
    return session.scalar(below.limit(1)) is not None


def save_people(
    session: Session,
    actor: Person,
    team_id: int,
    reps: Sequence[Known],
    leader: Known | None,
    now: datetime,
) -> None:
    """The team's reps are these, and its manager reports to that leader, or nobody.

    Who is a rep of another team moves, with their deals and quota; who is left out is no longer
    active, and their deals stay the team's. Raises `AdminsHere`, `UnknownTeam`, `RoleTaken`,
    `LeaderTaken`, `ReportingCircle`.
    """
    require_admin(session, actor)
    of_team = team(session, team_id)
    before = coaching(session)
    wanted = {rep.slack_id for rep in reps}
    _check_leader(session, leader, wanted, of_team)
    for rep in reps:
        _check_rep(session, rep)
    for gone in members(session, of_team.id):
        if gone.slack_id not in wanted:
            gone.active = False
            keep_digest(session, gone, now)
    session.flush()
    for rep in reps:
        _put(session, rep, Role.REP, now, team_id=of_team.id, boss=of_team.manager_id)
    manager = session.scalars(select(Person).where(Person.id == of_team.manager_id)).one()
    above = None if leader is None else _put(session, leader, Role.LEADER, now, team_id=None)
    put_person(
        session,
        manager.slack_id,
        name=manager.name,
        role=manager.role,
        reports_to_id=None if above is None else above.id,
    )
    follow_zones(session, now)
    follow(session, before, now)
    show(session, now)


def _check_rep(session: Session, said: Known) -> None:
    here = person_by_slack_id(session, said.slack_id)
    if here is None or not here.active:
        return
    managed = session.scalar(select(Team.id).where(Team.manager_id == here.id).limit(1))
    if managed is not None:
        raise RoleTaken(here.name, Role.MANAGER, managed)
    if _has_people(session, here):
        raise RoleTaken(here.name, Role.LEADER, None)


def _check_leader(session: Session, leader: Known | None, reps: set[str], of_team: Team) -> None:
    if leader is None:
        return
    here = person_by_slack_id(session, leader.slack_id)
    if leader.slack_id in reps:
        raise LeaderTaken(leader.name, Role.REP, of_team.id)
    if here is None:
        return
    if here.id == of_team.manager_id:
        raise LeaderTaken(here.name, Role.MANAGER, of_team.id)
    if here.active and here.role is Role.REP and here.team_id is not None:
        raise LeaderTaken(here.name, Role.REP, here.team_id)


def _put(
    session: Session,
    said: Known,
    role: Role,
    now: datetime,
    *,
    team_id: int | None,
    boss: int | None = None,
) -> Person:
    here = person_by_slack_id(session, said.slack_id)
    person, _ = put_person(
        session,
        said.slack_id,
        name=said.name,
        role=role,
        email=said.email or KEEP,
        team_id=team_id,
        reports_to_id=KEEP if boss is None else boss,
        active=True,
        **zone_of(here, said.zone),
    )
    keep_digest(session, person, now)
    if said.status is not None:
        tell(session, person, said.status, now)
    return person


def save_times(
    session: Session,
    actor: Person,
    team_id: int,
    times: ReviewTimes,
    now: datetime,
    *,
    fixed: Mapping[str, WeekTime | None] | None = None,
) -> None:
    """The team's review runs at these times; before its start they wait, switched off. `fixed`: of
    a team that has begun, when its other prompts come due (`week.set_fixed_times`).

    Raises `AdminsHere`, `UnknownTeam`, `OutOfOrder`, `week.WeekOutOfOrder`.
    """
    require_admin(session, actor)
    of_team = team(session, team_id)
    begun = of_team.trial_ends_on is not None
    put_times(session, of_team, times if begun else replace(times, is_on=False), now)
    if begun and fixed:
        set_fixed_times(session, of_team, fixed, now)
    show(session, now)


def start_team(session: Session, actor: Person, team_id: int, now: datetime) -> None:
    """The team's week begins next Monday; its first week is a trial. Pressed twice: once.

    Raises `AdminsHere`, `UnknownTeam`, `NotReady`.
    """
    require_admin(session, actor)
    of_team = team(session, team_id)
    if of_team.trial_ends_on is not None:
        return
    missing = [
        word
        for word, there in (
            ("the manager", of_team.manager_id),
            ("the channel", of_team.channel_id),
            ("the people", members(session, of_team.id)),
        )
        if not there
    ]
    if missing:
        raise NotReady(tuple(missing))
    monday = next_monday(now, of_team.zone)
    start_by(of_team, monday, now)
    times = times_of(session, of_team) or ReviewTimes()
    put_times(session, of_team, replace(times, is_on=True), now, monday)
    show(session, now)
