"""Deputies: who stands in for a team's manager (product.md, "People").

A team has one at most. Whom a manager named stays the deputy only while they fit: who has left, or
sells for another team by now, stands in for nobody, at once.
"""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, UniqueConstraint, bindparam, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, InWorkspace, RuleBroken, within_workspace
from models.people import Person, Role, Team


class Deputy(InWorkspace, Base):
    """Somebody named for a team. Those who were it before stay as trail."""

    __tablename__ = "deputies"
    __table_args__ = (
        UniqueConstraint("workspace_id", "id"),
        within_workspace("team_id", "teams"),
        within_workspace("person_id", "people"),
        within_workspace("named_by_id", "people"),
        within_workspace("ended_by_id", "people"),
        Index(
            "uq_deputies_current", "workspace_id", "team_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[int]
    person_id: Mapped[int]
    named_by_id: Mapped[int | None]  # null: by setup
    named_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None]


class Unfit(StrEnum):
    """Why somebody cannot be a deputy."""

    INACTIVE = "inactive"
    MANAGER = "manager"  # of this very team
    OTHER_TEAM = "other_team"  # a rep, but none of this team's


class DeputyUnfit(RuleBroken):
    """This person cannot be the team's deputy, and why."""

    def __init__(self, team_id: int, person_id: int, why: Unfit) -> None:
        super().__init__(team_id, person_id, why)
        self.team_id = team_id
        self.person_id = person_id
        self.why = why


_CURRENT = (
    select(Deputy, Person)
    .join(Person, Person.id == Deputy.person_id)
    .where(Deputy.team_id == bindparam("team_id"), Deputy.ended_at.is_(None))
)


def deputy_of(session: Session, team: Team) -> Person | None:
    """Who stands in for the team's manager now; None: nobody, or nobody who still fits."""
    found = session.execute(_CURRENT, {"team_id": team.id}).one_or_none()
    return None if found is None or unfit(team, found[1]) else found[1]


def unfit(team: Team, person: Person) -> Unfit | None:
    """Why a person cannot be the team's deputy; None: they can. A rep of the team can, or any
    other manager or leader."""
    if not person.active:
        return Unfit.INACTIVE
    if person.id == team.manager_id:
        return Unfit.MANAGER
    if person.role is Role.REP and person.team_id != team.id:
        return Unfit.OTHER_TEAM
    return None


def put_deputy(
    session: Session, team: Team, person: Person | None, by_id: int | None, now: datetime
) -> tuple[Deputy | None, Deputy | None]:
    """Makes this person the team's deputy, or (None) nobody: who was it until now, and who is it
    from now on; twice None where that changes nothing.

    `by_id` None: setup. Raises `DeputyUnfit`.
    """
    if person is not None and (why := unfit(team, person)) is not None:
        raise DeputyUnfit(team.id, person.id, why)
    held = select(Team.id).where(Team.id == team.id).with_for_update(key_share=True)
    session.execute(held)
    here = session.execute(_CURRENT, {"team_id": team.id}).one_or_none()
    former = None
    if here is not None:
        if here[1] is person:
            return None, None
        former = here[0]
        former.ended_at, former.ended_by_id = now, by_id
        session.flush()  # before the new one: only one may be current
    if person is None:
        return former, None
    named = Deputy(team_id=team.id, person_id=person.id, named_by_id=by_id, named_at=now)
    session.add(named)
    session.flush()
    return former, named


def teams_deputised(session: Session, person: Person) -> list[Team]:
    """The teams for whose manager this person stands in now."""
    named = select(Team).join(Deputy, Deputy.team_id == Team.id)
    mine = named.where(Deputy.person_id == person.id, Deputy.ended_at.is_(None))
    return [team for team in session.scalars(mine) if unfit(team, person) is None]
