"""What stays as it is from review to review: stage, close date, next action."""

from collections.abc import Iterable, Sequence
from itertools import takewhile

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.next_actions import NextAction
from models.pipeline_review.tables import Review, ReviewDeal, ReviewState


def is_changed(before: NextAction | None, after: NextAction | None) -> bool:
    """A next action changes by its text or owner, or by being there where there was none.

    A later due date alone is no change, nor are other spaces or capitals.
    """
    if before is None or after is None:
        return after is not None
    return (_said(before.text), before.owner_id) != (_said(after.text), after.owner_id)


def _said(text: str) -> str:
    return " ".join(text.split()).casefold()


def unchanged_before(
    session: Session, entries: Sequence[ReviewDeal], *, by_action: bool = True
) -> dict[int, int]:
    """In how many closed reviews, one after the other up to each of these, its deal stood as in
    this one: same stage and close date at the start and, `by_action`, same next action.

    By the entry's id. Of the reviews that the deal was in; one that ended without a grade counts
    neither way.
    """
    past = _past(session, {entry.deal_id for entry in entries})
    actions = _actions(session, [*entries, *(one for found in past.values() for one in found)])

    def is_same(one: ReviewDeal, other: ReviewDeal) -> bool:
        if (one.stage_id, one.close_on) != (other.stage_id, other.close_on):
            return False
        before, after = actions.get(one.next_action_id), actions.get(other.next_action_id)
        gone = before is not None and after is None
        return not by_action or not (gone or is_changed(before, after))

    counts = {}
    for entry in entries:
        earlier = (one for one in past.get(entry.deal_id, ()) if one.review_id < entry.review_id)
        same = takewhile(lambda one, entry=entry: is_same(one, entry), earlier)  # type: ignore[misc]
        counts[entry.id] = sum(1 for _ in same)
    return counts


def _past(session: Session, deal_ids: set[int]) -> dict[int, list[ReviewDeal]]:
    """The deals in closed reviews, newest first, by deal."""
    rows = session.scalars(
        select(ReviewDeal)
        .join(Review, Review.id == ReviewDeal.review_id)
        .where(ReviewDeal.deal_id.in_(deal_ids), Review.state == ReviewState.CLOSED)
        .order_by(Review.started_at.desc(), Review.id.desc())
    )
    found: dict[int, list[ReviewDeal]] = {}
    for row in rows:
        found.setdefault(row.deal_id, []).append(row)
    return found


def _actions(session: Session, entries: Iterable[ReviewDeal]) -> dict[int | None, NextAction]:
    ids = {entry.next_action_id for entry in entries}
    found = session.scalars(select(NextAction).where(NextAction.id.in_(ids)))
    return {action.id: action for action in found}
