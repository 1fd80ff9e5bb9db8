"""What was changed elsewhere, deals by an import or people by setup, shown wherever it matters."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import access
from models.access import Act
from models.deals import Deal, DealChange, Field
from models.delivery import Delivery, DeliveryState, Kind, find, owe, refresh
from models.people import Person, get_person, people_by_id
from models.pipeline_review.deputies import decider_at
from models.pipeline_review.owed import (
    first_decider,
    owe_owner,
    refresh_owners,
    refresh_review,
    refresh_to_confirm,
)
from models.pipeline_review.picked import owe_pick
from models.pipeline_review.reading import left_team, review_deals
from models.pipeline_review.tables import (
    Pick,
    PickedDeal,
    PickVersion,
    Review,
    ReviewDeal,
    ReviewState,
)


def shown_deals(session: Session) -> set[int]:
    """The ids of the deals that open reviews and waiting picks show."""
    in_reviews = (
        select(ReviewDeal.deal_id)
        .join(Review, Review.id == ReviewDeal.review_id)
        .where(Review.state == ReviewState.OPEN)
    )
    in_picks = (
        select(PickedDeal.deal_id)
        .join(PickVersion, PickVersion.id == PickedDeal.version_id)
        .join(Pick, Pick.id == PickVersion.pick_id)
        .where(Pick.ended_at.is_(None), PickVersion.is_current)
    )
    return {*session.scalars(in_reviews), *session.scalars(in_picks)}


def show_changed_deals(session: Session, deal_ids: Iterable[int], now: datetime) -> None:
    """Deals changed elsewhere (an import): whatever an open review, or a pick that waits, shows of
    them is shown anew.

    To whom a deal went that is in a review, and who was not asked yet, is asked now.
    """
    deal_ids = set(deal_ids)
    rows = session.execute(
        select(ReviewDeal, Review, Deal)
        .join(Review, Review.id == ReviewDeal.review_id)
        .join(Deal, Deal.id == ReviewDeal.deal_id)
        .where(Review.state == ReviewState.OPEN, ReviewDeal.deal_id.in_(deal_ids))
        .order_by(ReviewDeal.id)
    ).all()
    for entry, review, deal in rows:
        refresh(session, Kind.REVIEW_CARD, entry.id, now)
        _ask_new_owner(session, review, deal, now)
    refresh_to_confirm(session, [entry for entry, _, _ in rows], now)
    for review_id in sorted({review.id for _, review, _ in rows}):
        refresh(session, Kind.REVIEW_PARENT, review_id, now)
        refresh_owners(session, review_id, now)
        refresh(session, Kind.REVIEW_DECIDING, review_id, now)
    _refresh_picks(session, deal_ids, now)


def _ask_new_owner(session: Session, review: Review, deal: Deal, now: datetime) -> None:
    """The message carries the id of the change that gave them the deal. Somebody of another team
    is asked nothing: the deal is decided there."""
    newest = (
        select(DealChange)
        .where(
            DealChange.deal_id == deal.id,
            DealChange.field == Field.OWNER,
            DealChange.after == str(deal.owner_id),
            DealChange.changed_at >= review.started_at,
        )
        .order_by(DealChange.id.desc())
    )
    change = session.scalars(newest.limit(1)).one_or_none()
    owner = people_by_id(session, [deal.owner_id]).get(deal.owner_id)
    if change is None or owner is None or not owner.active:
        return
    if not left_team(session, review.team_id, [deal]):
        owe_owner(session, review, Kind.REVIEW_NEW_OWNER, change.id, owner.id, now)


def _refresh_picks(session: Session, deal_ids: set[int], now: datetime) -> None:
    waiting = (
        select(Pick.id)
        .join(PickVersion, PickVersion.pick_id == Pick.id)
        .join(PickedDeal, PickedDeal.version_id == PickVersion.id)
        .where(Pick.ended_at.is_(None), PickVersion.is_current, PickedDeal.deal_id.in_(deal_ids))
    )
    for pick_id in sorted(set(session.scalars(waiting))):
        refresh(session, Kind.REVIEW_PICK, pick_id, now)


# --- people


def show_changed_people(session: Session, now: datetime) -> None:
    """Somebody joined or left a team, or leads another one now: open reviews and picks show whose
    deals are whose and who decides. Where who was asked to decide may do so no more, whoever is
    there to do it is asked instead, and what was asked says so.
    """
    in_order = select(Review).where(Review.state == ReviewState.OPEN).order_by(Review.id)
    for review in session.scalars(in_order).all():
        refresh_review(session, review, review_deals(session, review.id), now)
        told = _former(session, Kind.REVIEW_DECIDING, review.id, Act.DECIDE, review.team_id)
        if told is not None and told.ts is not None:
            told.kind = Kind.REVIEW_DECIDING_OVER
            session.flush()
            refresh(session, Kind.REVIEW_DECIDING_OVER, review.id, now)
        elif told is not None:
            told.state = DeliveryState.DROPPED
        decider = decider_at(session, review.team_id, now) or first_decider(session, review.team_id)
        if told and decider is not None:
            owe(
                session,
                Kind.REVIEW_DECIDING,
                review.id,
                dedupe_key=f"review:{review.id}:deciding:{decider.id}",
                due_at=now,
                person_id=decider.id,
            )
        refresh(session, Kind.REVIEW_DECIDING, review.id, now)
    for pick in session.scalars(select(Pick).where(Pick.ended_at.is_(None)).order_by(Pick.id)):
        told = _former(session, Kind.REVIEW_PICK, pick.id, Act.ADJUST_PICK, pick.team_id)
        if told is not None:
            told.state = DeliveryState.DROPPED  # it is never brought up to date
        there = decider_at(session, pick.team_id, now)
        if told and there is not None:
            owe_pick(session, pick, there, now)
        refresh(session, Kind.REVIEW_PICK, pick.id, now)


def _former(
    session: Session, kind: Kind, subject_id: int, act: Act, team_id: int
) -> Delivery | None:
    """The message of who was asked, where that person may act no more."""
    told = find(session, kind, subject_id)
    if told is None or told.person_id is None:
        return None
    person: Person = get_person(session, told.person_id)
    return None if access.may(session, person, act, team_id=team_id) else told
