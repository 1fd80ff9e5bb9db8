"""Finishing a session, in one step: notes, the deals with what is next on each, the coaching.

No deal leaves the table without a written next action, and no session ends without a coaching
point (product.md, "One-on-ones").
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import access
from models.access import Act
from models.base import RuleBroken, refused
from models.coaching import CoachingKind, LogInput, check_log, log_coaching, open_deals_of
from models.deals import Deal, deal_team_id, local_day, locked_deal
from models.next_actions import check_due, check_text, open_actions, set_next_action
from models.one_on_ones.changing import begin, check_run
from models.one_on_ones.points import check_notes, put_notes, show_ahead
from models.one_on_ones.reading import Held, hold
from models.one_on_ones.refusals import (
    AtDeal,
    DealNextMissing,
    DealNotTheirs,
    DealsMissing,
    FinishFaults,
    NextOwnerUnfit,
    UnknownPoint,
)
from models.one_on_ones.sitting import settle
from models.one_on_ones.tables import OneOnOne, ReviewedDeal, State, TalkingPoint
from models.people import Person, get_person, members, standards
from models.schedule import local_date


@dataclass(frozen=True)
class DealNext:
    """A deal that was gone through, and what is next on it: the text, by when, by whom."""

    deal_id: int
    text: str
    due_on: date | None
    owner_id: int | None


@dataclass(frozen=True)
class FinishInput:
    """What Finish was given. `notes` None leaves what was noted; `talked`: talking points' ids."""

    notes: str | None
    deals: tuple[DealNext, ...]
    log: LogInput
    talked: tuple[int, ...] = ()


@dataclass(frozen=True)
class _Table:
    """What is on the table when a session is finished: the deals given, held; the ids of all that
    could be, and of the person's own among them; the log as it will be written."""

    held: Held
    deals: dict[int, Deal]
    reviewable: frozenset[int]
    own: frozenset[int]
    log: LogInput


def finish(
    session: Session, actor: Person, one_on_one_id: int, given: FinishInput, now: datetime
) -> OneOnOne:
    """The coach ends the session as held, from the beginning of its day on.

    Not started, it starts with this. Its coaching is logged as of the session's day. Raises
    `UnknownOneOnOne`, `Refused`, `AlreadySettled`, `NotYet`, and `FinishFaults` with everything
    that is wrong with what was given.
    """
    held = hold(session, one_on_one_id)
    one_on_one = held.one_on_one
    check_run(session, actor, one_on_one, now)
    table = _table(session, held, given, now)
    faults = tuple(_faults(session, table, given, now))
    if faults:
        raise FinishFaults(faults)
    if given.notes is not None:
        put_notes(session, one_on_one, given.notes, now)
    for said in given.deals:
        _go_through(session, one_on_one, said, actor, now)
    for point in _points(session, given.talked):
        if point.closed_at is None:
            point.closed_at, point.closed_in_id = now, one_on_one.id
    log_coaching(session, actor, held.person, table.log, now, one_on_one_id=one_on_one.id)
    if one_on_one.started_at is None:
        begin(one_on_one, actor, now)
    settle(session, one_on_one, held.sitting, State.HELD, now, by_id=actor.id)
    show_ahead(session, held.person.id, now, coach_id=held.coach.id)
    return one_on_one


def reviewable_deals(session: Session, person: Person) -> list[Deal]:
    """The open deals that a session with this person may go through, by name.

    A rep's own; a manager's own and those of the teams that this person manages.
    """
    return open_deals_of(session, person)


def next_owners(session: Session, one_on_one: OneOnOne, deal: Deal) -> list[Person]:
    """Who may own the next action of a deal that a session goes through, active people only.

    The deal's owner first, then the session's two people, the team's members and its leads.
    """
    around = [
        get_person(session, person_id)
        for person_id in (deal.owner_id, one_on_one.person_id, one_on_one.coach_id)
    ]
    team_id = deal_team_id(session, deal)
    if team_id is not None:
        around += members(session, team_id)
        around += access.allowed(session, Act.DECIDE, team_id=team_id)
    return [person for person in {each.id: each for each in around}.values() if person.active]


def _table(session: Session, held: Held, given: FinishInput, now: datetime) -> _Table:
    """The deals are held, by id, so that no two sessions wait for each other."""
    found = reviewable_deals(session, held.person)
    reviewable = frozenset(deal.id for deal in found)
    own = frozenset(deal.id for deal in found if deal.owner_id == held.person.id)
    wanted = sorted({said.deal_id for said in given.deals} & reviewable)
    deals = {deal_id: locked_deal(session, deal_id) for deal_id in wanted}
    zone = held.coach.zone
    held_on = min(local_date(held.sitting.starts_at, zone), local_date(now, zone))
    log = replace(given.log, kind=CoachingKind.ONE_ON_ONE, held_on=held_on)
    return _Table(held, deals, reviewable, own, log)


# --- what may be wrong


def _faults(
    session: Session, table: _Table, given: FinishInput, now: datetime
) -> Iterator[RuleBroken]:
    if table.own and not given.deals:
        yield DealsMissing()
    for said in given.deals:
        yield from _deal_faults(session, table, said, now)
    theirs = {table.held.coach.id, table.held.person.id}
    found = {point.id: point for point in _points(session, given.talked)}
    for point_id in given.talked:
        point = found.get(point_id)
        about = None if point is None else (point.person_id, point.by_id)
        if about is None or about[0] != table.held.person.id or about[1] not in theirs:
            yield UnknownPoint(point_id)
    yield from refused(check_notes, given.notes or "")
    today = local_date(now, table.held.coach.zone)
    yield from refused(check_log, session, table.held.person, table.log, today)


def _deal_faults(
    session: Session, table: _Table, said: DealNext, now: datetime
) -> Iterator[RuleBroken]:
    deal = table.deals.get(said.deal_id)
    if deal is None:
        yield DealNotTheirs(said.deal_id)
        return
    if not said.text.strip() or said.due_on is None or said.owner_id is None:
        yield DealNextMissing(deal.id)
        return
    today = local_day(session, deal, now)
    rules = standards(session)
    causes = [
        *refused(check_text, said.text, rules),
        *refused(check_due, said.due_on, today, rules),
    ]
    owners = next_owners(session, table.held.one_on_one, deal)
    if said.owner_id not in {person.id for person in owners}:
        causes.append(NextOwnerUnfit(said.owner_id))
    for cause in causes:
        yield AtDeal(deal.id, cause)


def _points(session: Session, point_ids: tuple[int, ...]) -> list[TalkingPoint]:
    """These talking points, held."""
    found = select(TalkingPoint).where(TalkingPoint.id.in_(point_ids)).order_by(TalkingPoint.id)
    held = found.with_for_update().execution_options(populate_existing=True)
    return list(session.scalars(held))


# --- what is written


def _go_through(
    session: Session, one_on_one: OneOnOne, said: DealNext, actor: Person, now: datetime
) -> None:
    """The deal leaves the table with its next action."""
    if said.owner_id is None or said.due_on is None:
        raise AssertionError("_deal_faults lets no such next action through")
    had_none = said.deal_id not in open_actions(session, [said.deal_id])
    next_action = set_next_action(
        session, said.deal_id, said.text, said.owner_id, said.due_on, actor.id, now
    )
    session.add(
        ReviewedDeal(
            one_on_one_id=one_on_one.id,
            deal_id=said.deal_id,
            next_action_id=next_action.id,
            had_none=had_none,
        )
    )
    session.flush()
