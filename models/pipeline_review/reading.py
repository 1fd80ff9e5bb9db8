"""Finding reviews and what belongs to them, and taking the lock under which they change."""

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from models.deals import Deal, Stage, StageKind
from models.delivery import Kind, find_posted
from models.people import Team, Workspace, home_teams
from models.pipeline_review.refusals import LeftTeam, ReviewClosed, UnknownReview
from models.pipeline_review.tables import Decision, Review, ReviewDeal, ReviewState


def open_review(session: Session, team_id: int) -> Review | None:
    """The team's open review, of which there is one at most."""
    return session.scalar(
        select(Review).where(Review.team_id == team_id, Review.state == ReviewState.OPEN)
    )


def open_reviews(session: Session, team_ids: Collection[int]) -> dict[int, Review]:
    """The open review of each of these teams that has one."""
    found = session.scalars(
        select(Review).where(Review.team_id.in_(team_ids), Review.state == ReviewState.OPEN)
    )
    return {review.team_id: review for review in found}


def held_open_review(session: Session, team_id: int) -> Review | None:
    """The team's open review as it is now, held until the transaction ends (see `lock_review`)."""
    return session.scalar(
        select(Review)
        .where(Review.team_id == team_id, Review.state == ReviewState.OPEN)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )


def last_closed(session: Session, team_id: int, before: datetime | None = None) -> Review | None:
    """The team's latest closed review; with `before`, the latest that had started by then."""
    asked = select(Review).where(Review.team_id == team_id, Review.state == ReviewState.CLOSED)
    if before is not None:
        asked = asked.where(Review.started_at < before)
    return session.scalar(asked.order_by(Review.started_at.desc(), Review.id.desc()).limit(1))


def get_review(session: Session, review_id: int) -> Review:
    """The review. Raises `UnknownReview`, also for another workspace's."""
    found = session.scalar(select(Review).where(Review.id == review_id))
    if found is None:
        raise UnknownReview(review_id)
    return found


def get_review_deal(session: Session, review_deal_id: int) -> ReviewDeal:
    """The deal in its review. Raises `UnknownReview`, also for another workspace's."""
    found = session.get(ReviewDeal, review_deal_id)
    if found is None:
        raise UnknownReview(review_deal_id)
    return found


def in_thread(session: Session, channel_id: str, thread_ts: str) -> ReviewDeal | None:
    """The deal in whose card's thread this is; None: it is another thread."""
    card = find_posted(session, Kind.REVIEW_CARD, channel_id, thread_ts)
    return None if card is None else get_review_deal(session, card.subject_id)


def review_deals(session: Session, review_id: int) -> list[ReviewDeal]:
    """The deals in a review, in order of their cards."""
    return list(
        session.scalars(
            select(ReviewDeal)
            .where(ReviewDeal.review_id == review_id)
            .order_by(ReviewDeal.position)
        )
    )


def current_decisions(session: Session, review_deal_ids: Iterable[int]) -> dict[int, Decision]:
    """The decision that stands, by deal in review; a deal without one is absent."""
    found = session.scalars(
        select(Decision).where(
            Decision.review_deal_id.in_(set(review_deal_ids)), Decision.is_current
        )
    )
    return {decision.review_deal_id: decision for decision in found}


_CURRENT = select(Decision).where(
    Decision.review_deal_id == bindparam("review_deal_id"), Decision.is_current
)


def current_decision(session: Session, review_deal_id: int) -> Decision | None:
    """The decision that stands for this deal in its review; None while there is none."""
    return session.scalar(_CURRENT, {"review_deal_id": review_deal_id})


def is_settled(decision: Decision | None, deal: Deal, stages: dict[int, Stage]) -> bool:
    """Whether the CRM closed the deal during its review, so that it needs no decision.

    A deal that a decision of the review itself closed is decided, not settled; one that was
    decided and then closed by the CRM needs nothing more either, but its decision is shown.
    """
    return decision is None and stages[deal.stage_id].kind is not StageKind.OPEN


def left_team(session: Session, team_id: int, deals: Iterable[Deal]) -> set[int]:
    """The ids of those of these deals that are another team's now, which decides about them: a
    deal's team follows its owner (product.md, "Deals"). One whose owner sells for no team, as a
    leader who took it over, is decided where its review began."""
    found = list(deals)
    homes = home_teams(session, {deal.owner_id for deal in found})
    elsewhere = {owner_id for owner_id, home in homes.items() if home.id != team_id}
    return {deal.id for deal in found if deal.owner_id in elsewhere}


def check_here(session: Session, team_id: int, deal: Deal) -> None:
    """Raises `LeftTeam` where the deal is another team's now."""
    if left_team(session, team_id, [deal]):
        raise LeftTeam(deal.id, deal.owner_id)


def lock_review(session: Session, review_id: int) -> Review:
    """The review as it is now, held until the transaction ends: who answers, decides and closes
    do so one after the other. Raises `UnknownReview`."""
    found = session.scalar(
        select(Review)
        .where(Review.id == review_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise UnknownReview(review_id)
    return found


_HELD = (
    select(ReviewDeal, Review, Team, Workspace)
    .join(Review, Review.id == ReviewDeal.review_id)
    .join(Team, Team.id == Review.team_id)
    .join(Workspace, Workspace.id == Review.workspace_id)
    .where(ReviewDeal.id == bindparam("review_deal_id"))
    .with_for_update(of=Review, key_share=True)
    .execution_options(populate_existing=True)
)


def lock_review_of(session: Session, review_deal_id: int) -> tuple[ReviewDeal, Review]:
    """A deal in its review, and that review as `lock_review` holds it. Raises `UnknownReview`.

    The team and the workspace are read in the same statement: the session has them from then on.
    """
    found = session.execute(_HELD, {"review_deal_id": review_deal_id}).one_or_none()
    if found is None:
        raise UnknownReview(review_deal_id)
    return found[0], found[1]


def lock_open_review(session: Session, review_id: int) -> Review:
    """As `lock_review`, and it is still open. Raises `ReviewClosed`."""
    review = lock_review(session, review_id)
    if review.closed_at is not None:
        raise ReviewClosed(review.id, review.closed_by_id, review.closed_at)
    return review
