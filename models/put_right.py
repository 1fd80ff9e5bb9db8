"""What owners are to put right in the CRM before Monday (product.md, "The week").

A list per owner and Friday: the deals of theirs whose decision the CRM does not say yet, and those
without amount, without close date, or with a close date that has passed. What is on a list is
followed until the next one: each import shows what is in order by now.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import JSON, UniqueConstraint, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, InWorkspace, within_workspace
from models.days import day_off
from models.deals import UNLIKE_CRM, Deal, Stage, StageKind
from models.delivery import Kind, owe, refresh
from models.flags import Flag, FlagCode, flags
from models.people import Person, Team, sellers, standards, team, today_of
from models.schedule import monday_of

CODES = (FlagCode.NOT_IN_CRM, FlagCode.NO_AMOUNT, FlagCode.NO_CLOSE, FlagCode.CLOSE_PAST)
"""What can be put right in the CRM alone, in the order in which it is said."""

FOLLOWED = timedelta(days=7)


class PutRight(InWorkspace, Base):
    """An owner's list of a day. `asked`: codes by deal id, as on that day. `excused`: the owner was
    off, and was not asked."""

    __tablename__ = "put_right_lists"
    __table_args__ = (
        UniqueConstraint("workspace_id", "id"),
        UniqueConstraint("workspace_id", "team_id", "person_id", "day"),
        within_workspace("team_id", "teams"),
        within_workspace("person_id", "people"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[int]
    person_id: Mapped[int]
    day: Mapped[date]  # the team's local date
    made_at: Mapped[datetime]
    excused: Mapped[bool] = mapped_column(default=False)
    asked: Mapped[dict[str, list[str]]] = mapped_column(JSON)


@dataclass(frozen=True)
class Item:
    """A deal of a list, and which of its flags still stand."""

    deal: Deal
    flags: tuple[Flag, ...]


def ask_owners(session: Session, of_team: Team, now: datetime) -> list[PutRight]:
    """Owes each active owner of the team's deals what is theirs to put right; the new lists."""
    owners = [person for person in sellers(session, of_team.id) if person.active]
    today = today_of(of_team, now)
    wrong = _wrong(session, _deals(session, owners), of_team, now)
    made = []
    for person in owners:
        asked = {
            str(deal.id): [flag.code.value for flag in found]
            for deal, found in wrong
            if deal.owner_id == person.id
        }
        if asked and (row := _ask(session, of_team, person, today, asked, now)) is not None:
            made.append(row)
    return made


def _ask(
    session: Session, of_team: Team, person: Person, day: date, asked: Any, now: datetime
) -> PutRight | None:
    same = (PutRight.team_id == of_team.id) & (PutRight.person_id == person.id)
    if session.scalar(select(PutRight.id).where(same, PutRight.day == day)) is not None:
        return None
    is_off = day_off(session, person, day) is not None  # where it is Saturday, it waits for Monday
    row = PutRight(
        team_id=of_team.id, person_id=person.id, day=day, made_at=now, excused=is_off, asked=asked
    )
    session.add(row)
    session.flush()
    if not is_off:
        owe(
            session,
            Kind.PUT_RIGHT,
            row.id,
            dedupe_key=f"put_right:{row.id}",
            due_at=now,
            person_id=person.id,
        )
    return row


def _deals(session: Session, owners: Iterable[Person]) -> list[Deal]:
    """Their open deals, and those closed here of which the CRM does not say so."""
    found = (
        select(Deal)
        .join(Stage, Stage.id == Deal.stage_id)
        .where(Deal.owner_id.in_([person.id for person in owners]))
        .where(or_(Stage.kind == StageKind.OPEN, UNLIKE_CRM))
        .order_by(Deal.id)
    )
    return list(session.scalars(found))


def _wrong(
    session: Session, deals: Collection[Deal], of_team: Team, now: datetime
) -> list[tuple[Deal, list[Flag]]]:
    """Those with something to put right, what is decided first, then the largest."""
    raised = flags(session, deals, now, today_of(of_team, now), standards(session))
    found = [(deal, _ours(raised[deal.id])) for deal in deals]
    found = [(deal, ours) for deal, ours in found if ours]
    return sorted(found, key=lambda one: (_place(one[1]), -(one[0].amount_minor or 0), one[0].id))


def _ours(raised: Iterable[Flag]) -> list[Flag]:
    return sorted((one for one in raised if one.code in CODES), key=lambda one: _rank(one.code))


def _place(raised: list[Flag]) -> int:
    return _rank(raised[0].code)


def _rank(code: FlagCode) -> int:
    return CODES.index(code)


# --- reading


def get_list(session: Session, list_id: int) -> PutRight:
    """The list; sqlalchemy's NoResultFound where there is none in this workspace."""
    return session.scalars(select(PutRight).where(PutRight.id == list_id)).one()


def list_until_monday(session: Session, person: Person, now: datetime) -> PutRight | None:
    """What this person was asked for last, as long as it is not Monday where the team is."""
    of_person = select(PutRight).where(PutRight.person_id == person.id, ~PutRight.excused)
    recent = of_person.where(PutRight.made_at > now - FOLLOWED).order_by(PutRight.id.desc())
    found = session.scalar(recent.limit(1))
    if found is None:
        return None
    monday = monday_of(found.day) + timedelta(days=7)
    return found if today_of(team(session, found.team_id), now) < monday else None


def items(session: Session, of_list: PutRight, now: datetime) -> list[Item]:
    """The deals of a list that are their owner's still, those in order now last.

    What was not asked on that Friday is not added: the next health check names it.
    """
    ids = [int(deal_id) for deal_id in of_list.asked]
    deals = session.scalars(select(Deal).where(Deal.id.in_(ids)).order_by(Deal.id)).all()
    theirs = [deal for deal in deals if deal.owner_id == of_list.person_id]
    of_team = team(session, of_list.team_id)
    wrong = _wrong(session, theirs, of_team, now)
    still = [
        Item(deal, tuple(flag for flag in found if flag.code in of_list.asked[str(deal.id)]))
        for deal, found in wrong
    ]
    still = [item for item in still if item.flags]
    open_ids = {item.deal.id for item in still}
    return still + [Item(deal, ()) for deal in theirs if deal.id not in open_ids]


def show_put_right(session: Session, deal_ids: Collection[int], now: datetime) -> None:
    """Deals changed: the lists of this week that name one of them are shown anew."""
    recent = select(PutRight).where(PutRight.made_at > now - FOLLOWED, ~PutRight.excused)
    for row in session.scalars(recent.order_by(PutRight.id)).all():
        if any(int(deal_id) in deal_ids for deal_id in row.asked):
            refresh(session, Kind.PUT_RIGHT, row.id, now)
