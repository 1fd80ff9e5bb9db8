"""Answering: the owner's evidence for a deal in a review."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from models import access
from models.access import Act
from models.deals import locked_deal
from models.evidence import AnswerSet, save_answers
from models.people import Person
from models.pipeline_review.owed import owe_answers, refresh_deal
from models.pipeline_review.reading import get_review_deal, lock_open_review


def answer(
    session: Session,
    actor: Person,
    review_deal_id: int,
    values: Mapping[int, dict[str, Any]],
    still_true: Collection[int],
    now: datetime,
) -> AnswerSet:
    """Save what the deal's owner answered: a reply in its thread, a fresh card and parent.

    `values` by question id, each of its question's kind; `still_true`: questions whose earlier
    answer the owner confirms. Only questions of the stage in which the deal stands now, only by
    who owns it now, only while the review is open (product.md, "Pipeline review").
    Raises `UnknownReview`, `ReviewClosed`, `Refused`, and `NothingAnswered` or `InvalidAnswer` of
    `evidence.save_answers`.
    """
    entry = get_review_deal(session, review_deal_id)
    review = lock_open_review(session, entry.review_id)
    deal = locked_deal(session, entry.deal_id)
    access.require(session, actor, Act.ANSWER, team_id=review.team_id, owner_id=deal.owner_id)
    saved = save_answers(session, deal, actor, values, still_true, now, review_deal_id=entry.id)
    owe_answers(session, entry, saved, now)
    refresh_deal(session, entry, deal.owner_id, now)
    return saved
