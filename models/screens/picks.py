"""The loader of the pick that waits for its deal cards, and of what came of it."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import access
from models.access import Act
from models.deals import Deal, open_deals, stages
from models.delivery import Kind
from models.people import Team, people_by_id, team, today_of
from models.pipeline_review import (
    STARTED,
    Gone,
    Pick,
    PickVersion,
    deals_of,
    get_pick,
    versions,
    why_gone,
)
from models.schedule import Schedule, instant
from models.screens.pieces import (
    active_addressee,
    deal_names,
    deal_shown,
    is_posted,
    team_money,
    team_shown,
    who_shown,
    why_shown,
)
from models.screens.review_shown import PickAdjusted, PickDm, PickRow
from models.trial import covers
from models.week import CARDS


def pick_dm(session: Session, pick_id: int, now: datetime) -> PickDm | None:
    """To who adjusts it; once its cards are out, or will not come, only a message that stands says
    so."""
    to = active_addressee(session, Kind.REVIEW_PICK, pick_id)
    if to is None:
        return None
    message, person = to
    pick = get_pick(session, pick_id)
    if not access.may(session, person, Act.ADJUST_PICK, team_id=pick.team_id):
        return None
    if pick.ended_at is not None and not is_posted(message):
        return None
    of_team = team(session, pick.team_id)
    trail = _Trail(session, pick)
    still = {deal.id: deal for deal in open_deals(session, of_team.id)}
    ours = [deal for deal in still.values() if deal.currency == of_team.currency]
    worth = {deal.id: deal.amount_minor or 0 for deal in ours}
    return PickDm(
        pick_id=pick.id,
        team=team_shown(of_team),
        today=today_of(of_team, now),
        cards_at=_cards_at(session, of_team, pick),
        deals=_rows(session, of_team, trail, still),
        amount=team_money(sum(worth.get(deal_id, 0) for deal_id in trail.now), of_team),
        team_open=team_money(sum(worth.values()), of_team),
        adjusted=_adjusted(session, trail),
        started=pick.ended_for == STARTED,
        left_out=_left_out(session, trail.newest),
        filled=deal_names(session, trail.filled),
        ended=None if pick.ended_for == STARTED else pick.ended_for,
        trial=covers(of_team, pick.cards_on),
    )


class _Trail:
    """A pick's versions: what the score made, what somebody made of it, what the cards took."""

    def __init__(self, session: Session, pick: Pick) -> None:
        self.versions = versions(session, pick.id)
        self.newest = self.versions[-1]
        self.picked = {one.id: deals_of(session, one.id) for one in self.versions}
        self.first = self._ids(self.versions[0])
        self.now = self._ids(self.newest)
        by_people = [one for one in self.versions if one.made_by_id is not None]
        self.by_hand: PickVersion | None = by_people[-1] if by_people else None
        self.wanted = self.first if self.by_hand is None else self._ids(self.by_hand)
        self.filled = [each for each in self.now if each not in self.wanted]

    def _ids(self, version: PickVersion) -> list[int]:
        return [one.deal_id for one in self.picked[version.id]]


def _rows(
    session: Session, of_team: Team, trail: _Trail, still: dict[int, Deal]
) -> tuple[PickRow, ...]:
    picked = trail.picked[trail.newest.id]
    found = session.scalars(select(Deal).where(Deal.id.in_(trail.now)))
    deals = {deal.id: deal for deal in found}
    owners = people_by_id(session, {deal.owner_id for deal in deals.values()})
    by_id = {stage.id: stage for stage in stages(session)}
    gone = why_gone(session, [each for each in trail.now if each not in still])
    rows = []
    for one in picked:
        deal = deals[one.deal_id]
        by_hand = deal.id not in trail.first and deal.id not in trail.filled
        rows.append(
            PickRow(
                deal=deal_shown(deal, by_id[deal.stage_id], owners[deal.owner_id], of_team),
                why=why_shown(one.why, by_hand=by_hand),
                gone=gone.get(deal.id),
            )
        )
    return tuple(rows)


def _adjusted(session: Session, trail: _Trail) -> PickAdjusted | None:
    made = trail.by_hand
    if made is None or made.made_by_id is None:
        return None
    by = people_by_id(session, [made.made_by_id])[made.made_by_id]
    return PickAdjusted(
        by=who_shown(by),
        at=made.made_at,
        added=deal_names(session, _without(trail.wanted, trail.first)),
        dropped=deal_names(session, _without(trail.first, trail.wanted)),
    )


def _without(some: Iterable[int], others: list[int]) -> list[int]:
    return [each for each in some if each not in others]


def _left_out(session: Session, version: PickVersion) -> tuple[tuple[str, Gone], ...]:
    return tuple(
        (name, Gone(why))
        for deal_id, why in version.left_out.items()
        for name in deal_names(session, [int(deal_id)])
    )


def _cards_at(session: Session, of_team: Team, pick: Pick) -> datetime:
    """When its cards come due, as the team's times are now."""
    wanted = (Schedule.team_id == of_team.id) & (Schedule.prompt == CARDS)
    cards = session.scalar(select(Schedule).where(wanted))
    if cards is None:
        return pick.picked_at
    return instant(pick.cards_on, cards.local_time, cards.zone)
