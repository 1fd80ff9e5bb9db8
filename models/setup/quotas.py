"""Quotas as setup puts them: what stands over the same days gives way."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import health_check
from models.people import Person, Quota, counts_for_team, is_one_month, members, team
from models.roster import put_quota
from models.setup.admins import require_admin, show


@dataclass(frozen=True)
class QuotaSaid:
    """What somebody (None: the whole team) has to win between two days, both included."""

    person_id: int | None
    starts_on: date
    ends_on: date
    amount_minor: int


def put_quotas(session: Session, team_id: int, said: list[QuotaSaid]) -> None:
    """Puts these quotas. One that is here over the same days, but other ones, gives way."""
    for quota in said:
        clear_the_way(session, team_id, quota)
        put_quota(
            session,
            team_id,
            person_id=quota.person_id,
            starts_on=quota.starts_on,
            ends_on=quota.ends_on,
            amount_minor=quota.amount_minor,
        )


def take_quota(session: Session, team_id: int, quota: QuotaSaid) -> None:
    """Takes away the quota of exactly these days that counts for the team, if there is one."""
    holder = (
        Quota.person_id.is_(None) if quota.person_id is None else Quota.person_id == quota.person_id
    )
    same = select(Quota).where(
        counts_for_team(team_id),
        holder,
        Quota.starts_on == quota.starts_on,
        Quota.ends_on == quota.ends_on,
    )
    for row in session.scalars(same).all():
        session.delete(row)
    session.flush()


def clear_the_way(session: Session, team_id: int, quota: QuotaSaid) -> None:
    for other in _in_the_way(session, team_id, quota):
        session.delete(other)
    session.flush()


def _in_the_way(session: Session, team_id: int, quota: QuotaSaid) -> list[Quota]:
    """What is here over the same days: of this holder over others, of a rep in an earlier team."""
    rows = select(Quota).where(Quota.starts_on <= quota.ends_on, Quota.ends_on >= quota.starts_on)
    if quota.person_id is None:
        rows = rows.where(Quota.person_id.is_(None), Quota.team_id == team_id)
    else:
        rows = rows.where(Quota.person_id == quota.person_id)
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


def save_quotas(
    session: Session,
    actor: Person,
    team_id: int,
    days: tuple[date, date],
    amounts: Mapping[int | None, int | None],
    now: datetime,
) -> None:
    """The quotas between two days, by person (None: the whole team); an amount of None takes one
    away. Who is no longer in the team is passed over. Raises `AdminsHere`, `UnknownTeam`.
    """
    require_admin(session, actor)
    here = {rep.id for rep in members(session, team(session, team_id).id)}
    for person_id, amount in amounts.items():
        if person_id is not None and person_id not in here:
            continue
        said = QuotaSaid(person_id, *days, amount or 0)
        if amount is None:
            take_quota(session, team_id, said)
        else:
            put_quotas(session, team_id, [said])
    health_check.follow_quotas(session, now)
    show(session, now)
