"""Who sets up: the first admin is a Slack admin or owner of the workspace, or set by command line.

Nobody else can seize it (product.md, "People"). Once a team is set up, only who is an admin here
makes others one.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.agenda import keep_digest
from models.base import RuleBroken
from models.deals import seed_stages
from models.delivery import Kind, owe, refresh
from models.evidence import seed_questions
from models.people import (
    KEEP,
    Person,
    Role,
    Workspace,
    admins,
    person_by_slack_id,
    teams,
    workspace_id_of,
)
from models.roster import put_person
from models.setup.tables import Setup
from models.statuses import StatusSaid, tell


class NotTheirs(RuleBroken):
    """Nobody is set up here, and this person is neither admin nor owner of the Slack workspace."""


class AdminsHere(RuleBroken):
    """There are admins already. `allowed`: their ids."""

    def __init__(self, allowed: tuple[int, ...]) -> None:
        super().__init__(allowed)
        self.allowed = allowed


@dataclass(frozen=True)
class Known:
    """A person as Slack knows them; `zone` is IANA, None where Slack says none that exists.
    `status`: that of their profile, if it was read."""

    slack_id: str
    name: str
    email: str | None
    zone: str | None
    status: StatusSaid | None = None


def zone_of(here: Person | None, zone: str | None) -> dict[str, Any]:
    """What `put_person` has to be told of the zone that Slack says of somebody, who may be `here`
    already: their own choice stays; where Slack says none, so does what was known, else the
    team's counts.
    """
    if here is not None and here.zone_is_own:
        return {}
    if zone is not None:
        return {"zone": zone, "zone_is_teams": False}
    return {"zone_is_teams": True} if here is None else {}


def claim(session: Session, who: Known, now: datetime, *, runs_slack: bool) -> Person:
    """Makes somebody an admin who asks for it: while no team is set up here, whoever is admin or
    owner of the Slack workspace (`runs_slack`).

    Two at once are both let in. Raises `AdminsHere`, `NotTheirs`.
    """
    _hold_workspace(session)
    here = person_by_slack_id(session, who.slack_id)
    if here is not None and here.is_admin and here.active:
        return here
    there = admins(session)
    if there and (teams(session) or not runs_slack):
        raise AdminsHere(tuple(person.id for person in there))
    if not runs_slack:
        raise NotTheirs
    return make_admin(session, who, now)


def make_admin(session: Session, who: Known, now: datetime) -> Person:
    """This person is an admin, with what a workspace needs first. Another role stays."""
    seed_stages(session)
    seed_questions(session)
    here = person_by_slack_id(session, who.slack_id)
    person, _ = put_person(
        session,
        who.slack_id,
        name=who.name,
        role=Role.LEADER if here is None else here.role,
        email=who.email or KEEP,
        is_admin=True,
        active=True,
        **zone_of(here, who.zone),
    )
    keep_digest(session, person, now)
    if who.status is not None:
        tell(session, person, who.status, now)
    return person


def _hold_workspace(session: Session) -> None:
    same = select(Workspace).where(Workspace.id == workspace_id_of(session))
    session.scalars(same.with_for_update()).one()


def require_admin(session: Session, actor: Person) -> None:
    """Lets an admin set things up. Raises `AdminsHere`."""
    if not (actor.is_admin and actor.active):
        raise AdminsHere(tuple(person.id for person in admins(session)))


def open_setup(session: Session, actor: Person, now: datetime, team_id: int | None = None) -> Setup:
    """Owes the admin a message with the steps: of this team, else of the first that is unfinished,
    else of the first. Raises `AdminsHere`.
    """
    require_admin(session, actor)
    made = teams(session)
    unfinished = [team.id for team in made if team.trial_ends_on is None]
    first = next(iter(unfinished or [team.id for team in made]), None)
    opened = Setup(person_id=actor.id, team_id=team_id or first, opened_at=now)
    session.add(opened)
    session.flush()
    owe(
        session,
        Kind.SETUP,
        opened.id,
        dedupe_key=f"setup:{opened.id}",
        due_at=now,
        person_id=actor.id,
    )
    return opened


def turn_to(session: Session, actor: Person, setup_id: int, team_id: int, now: datetime) -> None:
    """The message shows another team's steps. Raises `AdminsHere`."""
    require_admin(session, actor)
    opened = session.scalars(select(Setup).where(Setup.id == setup_id)).one()
    opened.team_id = team_id
    show(session, now)


def show(session: Session, now: datetime) -> None:
    """What is set up has changed: each admin's newest message with the steps follows."""
    newest: dict[int, int] = {}
    for setup_id, person_id in session.execute(
        select(Setup.id, Setup.person_id).order_by(Setup.id)
    ):
        newest[person_id] = setup_id
    for setup_id in newest.values():
        refresh(session, Kind.SETUP, setup_id, now)


def is_newest(session: Session, opened: Setup) -> bool:
    """Whether no later message took its place."""
    later = select(Setup.id).where(Setup.person_id == opened.person_id, Setup.id > opened.id)
    return session.scalar(later.limit(1)) is None
