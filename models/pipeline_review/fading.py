"""What an open review shows of evidence changes by itself, as answers grow old and dates pass."""

from collections.abc import Iterable, Iterator
from datetime import datetime, time, timedelta

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from models.deals import Deal
from models.evidence import Standing, State, standing
from models.people import standards, team, today_of
from models.pipeline_review.owed import refresh_deal
from models.pipeline_review.reading import lock_review, review_deals
from models.pipeline_review.tables import Review, ReviewState
from models.schedule import instant, local_date

_JUST = timedelta(microseconds=1)


def faded(session: Session, now: datetime) -> set[str]:
    """The workspaces with an open review that may show evidence that counts no longer."""
    return set(session.scalars(select(Review.workspace_id).where(_is_due(now))))


def show_faded(session: Session, now: datetime) -> None:
    """The cards of deals whose evidence stands otherwise since the last look are shown anew.

    Looked at again when the next answer outlives the standard's days, at the latest when the
    team's day ends: then dates have passed.
    """
    for review_id in session.scalars(select(Review.id).where(_is_due(now))).all():
        _look(session, review_id, now)


def _is_due(now: datetime) -> ColumnElement[bool]:
    never = Review.look_at.is_(None)
    return and_(Review.state == ReviewState.OPEN, or_(never, Review.look_at <= now))


def _look(session: Session, review_id: int, now: datetime) -> None:
    review = lock_review(session, review_id)
    if review.closed_at is not None or (review.look_at is not None and review.look_at > now):
        return
    entries = review_deals(session, review.id)
    of_team = team(session, review.team_id)
    ids = [entry.deal_id for entry in entries]
    deals = {deal.id: deal for deal in session.scalars(select(Deal).where(Deal.id.in_(ids)))}
    then = (review.look_at or review.started_at) - _JUST
    before = standing(session, deals.values(), then, today_of(of_team, then))
    stands = standing(session, deals.values(), now, today_of(of_team, now))
    for entry in entries:
        if _states(before[entry.deal_id]) != _states(stands[entry.deal_id]):
            refresh_deal(session, entry, deals[entry.deal_id].owner_id, now)
    kept = timedelta(days=standards(session).evidence_days)
    ends = instant(local_date(now, of_team.zone) + timedelta(days=1), time(0), of_team.zone)
    review.look_at = min([ends, *_ages(stands.values(), kept)])
    session.flush()


def _states(stands: Standing) -> list[State]:
    return [each.state for each in stands.questions]


def _ages(standings: Iterable[Standing], kept: timedelta) -> Iterator[datetime]:
    """When each answer that proves now will be too old."""
    for stands in standings:
        for each in stands.questions:
            if each.state is State.PROVED and each.answer and each.answer.confirmed_at:
                yield each.answer.confirmed_at + kept + _JUST
