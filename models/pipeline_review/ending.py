"""How a review ends that nobody closes: with its grade, abandoned, or not held at all."""

from datetime import datetime

from sqlalchemy.orm import Session

from models.people import Team, today_of
from models.pipeline_review.closing import Result, close_with_grade
from models.pipeline_review.owed import owe_ended, refresh_review
from models.pipeline_review.reading import lock_review, open_review, review_deals
from models.pipeline_review.start import hold_team
from models.pipeline_review.tables import Review, ReviewState


def make_way(session: Session, team: Team, now: datetime) -> Review | None:
    """The next scheduled review is due: an open one ends. What still goes on is returned.

    Where deals are undecided it is abandoned; else it closes by itself, with its grade. One of
    which deciding has not begun, or began today, goes on (product.md, "Pipeline review").
    """
    team = hold_team(session, team)
    running = open_review(session, team.id)
    if running is None:
        return None
    review = lock_review(session, running.id)
    if review.closed_at is not None:
        return None
    if today_of(team, review.decide_from) >= today_of(team, now):
        return review
    outcome = Result(session, review_deals(session, review.id))
    if outcome.undecided:
        _end(session, review, outcome, ReviewState.ABANDONED, now)
    else:
        close_with_grade(session, review, outcome, None, now)
    return None


def not_held(session: Session, review: Review, now: datetime) -> None:
    """Nobody who decides was there, neither on the day nor on the one to which it was put off.

    The review, which the caller holds, is over.
    """
    outcome = Result(session, review_deals(session, review.id))
    _end(session, review, outcome, ReviewState.NOT_HELD, now)


def put_off_deciding(session: Session, review: Review, moment: datetime, now: datetime) -> None:
    """Deciding of a review that the caller holds begins later; all that is shown says so."""
    review.decide_from = moment
    refresh_review(session, review, review_deals(session, review.id), now)


def _end(
    session: Session, review: Review, outcome: Result, state: ReviewState, now: datetime
) -> None:
    """Which deals were undecided is kept: it is counted, and later imports change nothing of it."""
    review.state, review.closed_at = state, now
    review.figures = review.figures | {"undecided": list(outcome.undecided)}
    session.flush()
    owe_ended(session, review, now)
    refresh_review(session, review, outcome.entries, now)
