"""Deciding of a review that was started by hand for later begins: at its time, or at once for
whoever decides. That of a scheduled one is the agenda's (`models.agenda.review_deciding`)."""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, select
from sqlalchemy.orm import Session

from models import access
from models.access import Act
from models.delivery import Delivery, Kind
from models.people import Person, people_by_id
from models.pipeline_review.deputies import decider_at
from models.pipeline_review.owed import deciding_was_told, first_decider, show_deciding
from models.pipeline_review.reading import lock_open_review, lock_review
from models.pipeline_review.refusals import NotYetDeciding
from models.pipeline_review.tables import Review, ReviewKind, ReviewState


def beginning(session: Session, now: datetime) -> set[str]:
    """The workspaces with a review whose deciding is to begin."""
    return set(session.scalars(select(Review.workspace_id).where(_is_due(now))))


def begin_deciding(session: Session, now: datetime) -> None:
    """Everything shown says that deciding has begun, and whoever decides is told, once."""
    for review_id in session.scalars(select(Review.id).where(_is_due(now))).all():
        review = lock_review(session, review_id)
        if review.closed_at is None:
            _begin(session, review, now)


def begin_now(session: Session, actor: Person, review_id: int, now: datetime) -> Review:
    """Deciding begins before its time: for who decides, and of one that was started by hand; the
    owners of a scheduled one have the time that they were told. Once it has begun nothing changes.

    Raises `UnknownReview`, `ReviewClosed`, `Refused`, `NotYetDeciding`.
    """
    review = lock_open_review(session, review_id)
    access.require(session, actor, Act.DECIDE, team_id=review.team_id)
    if review.decide_from > now:
        if review.kind is not ReviewKind.AD_HOC:
            raise NotYetDeciding(review.decide_from)
        review.decide_from = now
        session.flush()
        _begin(session, review, now)
    return review


def _is_due(now: datetime) -> ColumnElement[bool]:
    told = exists().where(
        Delivery.workspace_id == Review.workspace_id,
        Delivery.kind == Kind.REVIEW_DECIDING,
        Delivery.subject_id == Review.id,
    )
    return and_(
        Review.state == ReviewState.OPEN,
        Review.kind == ReviewKind.AD_HOC,
        Review.decide_from > Review.started_at,
        Review.decide_from <= now,
        ~told,
    )


def _begin(session: Session, review: Review, now: datetime) -> None:
    """Who decides that day, else whoever may, else who started it (and may hear of it no more)."""
    if deciding_was_told(session, review.id):
        return
    decider = decider_at(session, review.team_id, now) or first_decider(session, review.team_id)
    if decider is None and review.started_by_id is not None:
        decider = people_by_id(session, [review.started_by_id])[review.started_by_id]
    if decider is not None:
        show_deciding(session, review, decider, now)
