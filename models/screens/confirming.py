"""Loaders of what was answered on an owner's behalf, for the owner to confirm."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from models.deals import Deal, deal_team_id, stages
from models.delivery import Kind
from models.evidence import AnswerSet, Unconfirmed, judge, unconfirmed
from models.people import Person, Team, people_by_id, standards, team, today_of
from models.pipeline_review import Review, ReviewDeal, get_review, get_review_deal
from models.screens.pieces import (
    active_addressee,
    deal_shown,
    is_posted,
    team_shown,
    who_shown,
)
from models.screens.reading import day_of
from models.screens.review_shown import (
    AnswerShown,
)
from models.screens.shown import (
    DealShown,
    TeamShown,
    Who,
)


@dataclass(frozen=True)
class ToConfirm:
    """A deal with what was answered on its owner's behalf, to be confirmed by the owner.

    `newest_id`: the newest of these answers, to hand back when they are confirmed.
    """

    review_deal_id: int
    newest_id: int
    team: TeamShown
    deal: DealShown
    by: Who
    answers: tuple[AnswerShown, ...]
    open: bool  # the review is: the answers can be changed


@dataclass(frozen=True)
class ToConfirmDm:
    """To an owner: what was answered on their behalf in a review. `settled`: the names of the deals
    about which nothing waits any more."""

    team: TeamShown
    day: date
    owner: Who
    deals: tuple[ToConfirm, ...]
    settled: tuple[str, ...]


def to_confirm_dm(session: Session, answer_set_id: int, now: datetime) -> ToConfirmDm | None:
    """To an owner: what was answered on their behalf in the review of this submission."""
    to = active_addressee(session, Kind.REVIEW_TO_CONFIRM, answer_set_id)
    given = session.scalars(select(AnswerSet).where(AnswerSet.id == answer_set_id)).one()
    if to is None or given.review_deal_id is None:
        return None
    message, owner = to
    review = get_review(session, get_review_deal(session, given.review_deal_id).review_id)
    of_team = team(session, review.team_id)
    answered_for = session.execute(_answered_for(review, owner))
    names = {row.id: row.name for row in answered_for}
    waiting = Deal.id.in_(names) & (Deal.owner_id == owner.id)
    deals = to_confirm(session, owner, unconfirmed(session, waiting), now)
    if not deals and not is_posted(message):
        return None
    left = {one.deal.id for one in deals}
    return ToConfirmDm(
        team=team_shown(of_team),
        day=day_of(review, of_team.zone),
        owner=who_shown(owner),
        deals=deals,
        settled=tuple(name for deal_id, name in names.items() if deal_id not in left),
    )


def _answered_for(review: Review, owner: Person) -> Select[int, str]:
    """The deals about which this owner was answered for in a review, in order of their cards."""
    return (
        select(Deal.id, Deal.name)
        .join(ReviewDeal, ReviewDeal.deal_id == Deal.id)
        .join(AnswerSet, AnswerSet.review_deal_id == ReviewDeal.id)
        .where(ReviewDeal.review_id == review.id, AnswerSet.for_id == owner.id)
        .order_by(ReviewDeal.position)
    )


def waiting_to_confirm(session: Session, owner: Person, now: datetime) -> tuple[ToConfirm, ...]:
    """Everything that waits for this owner's word, at their Home."""
    return to_confirm(session, owner, unconfirmed(session, Deal.owner_id == owner.id), now)


def to_confirm(
    session: Session, owner: Person, waiting: Iterable[Unconfirmed], now: datetime
) -> tuple[ToConfirm, ...]:
    """Answers given on this owner's behalf, by deal."""
    by_deal = [
        (session.get_one(Deal, deal_id), list(of_deal))
        for deal_id, of_deal in groupby(waiting, lambda one: one.answer.deal_id)
    ]
    shown = []
    for deal, of_deal in by_deal:
        team_id = deal_team_id(session, deal)
        if team_id is not None:
            shown += _of_deal(session, deal, owner, team(session, team_id), of_deal, now)
    return tuple(shown)


def _of_deal(
    session: Session,
    deal: Deal,
    owner: Person,
    of_team: Team,
    waiting: Sequence[Unconfirmed],
    now: datetime,
) -> list[ToConfirm]:
    newest = max(waiting, key=lambda one: one.answer.id)
    entry_id = newest.given.review_deal_id
    if entry_id is None:
        return []
    review = get_review(session, get_review_deal(session, entry_id).review_id)
    people = people_by_id(session, {newest.given.answered_by_id})
    stage = next(stage for stage in stages(session) if stage.id == deal.stage_id)
    today, no_answers = today_of(of_team, now), standards(session).no_answers
    return [
        ToConfirm(
            review_deal_id=entry_id,
            newest_id=newest.answer.id,
            team=team_shown(of_team),
            deal=deal_shown(deal, stage, owner, of_team),
            by=who_shown(people[newest.given.answered_by_id]),
            answers=tuple(_answer(one, today, no_answers, of_team.zone) for one in waiting),
            open=review.closed_at is None,
        )
    ]


def _answer(one: Unconfirmed, today: date, no_answers: tuple[str, ...], zone: str) -> AnswerShown:
    proof = judge(one.question.kind, one.answer.value, today, no_answers)
    return AnswerShown(
        label=one.question.label,
        short=one.question.short,
        kind=one.question.kind,
        value=one.answer.value,
        proves=proof.proves,
        second_hand=proof.second_hand,
        renewed=False,
        answered_on=one.answer.answered_at.astimezone(ZoneInfo(zone)).date(),
        unconfirmed=True,
    )
