"""What managers are measured by, for many of them at once (product.md, "Measuring managers").

Each figure with its numerator and denominator, never mixed into one. Days are whole local dates
that the caller gives. Nothing here concerns a rep's ratings: they are released by the month.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.coaching import coached_since
from models.deals import Deal, Stage, StageKind
from models.one_on_ones import Breach, OneOnOne, Sitting, State
from models.people import home_teams
from models.pipeline_review import Decision, Review, ReviewDeal, ReviewState
from models.trial import covers


def unrecorded_numbers(session: Session, coach_ids: Iterable[int], now: datetime) -> Counter[int]:
    """How many one-on-ones of each coach are over, with nothing recorded yet."""
    rows = session.execute(
        select(OneOnOne.coach_id, func.count())
        .join(Sitting, (Sitting.one_on_one_id == OneOnOne.id) & Sitting.is_current)
        .where(
            OneOnOne.coach_id.in_(set(coach_ids)),
            OneOnOne.state == State.DUE,
            Sitting.ends_at <= now,
        )
        .group_by(OneOnOne.coach_id)
    )
    return Counter(dict(rows.all()))


def breach_numbers(session: Session, coach_ids: Iterable[int], quarter: date) -> Counter[int]:
    """With how many people each coach changed too many sessions in the quarter that starts so."""
    rows = session.execute(
        select(Breach.coach_id, func.count())
        .where(Breach.coach_id.in_(set(coach_ids)), Breach.quarter == quarter)
        .group_by(Breach.coach_id)
    )
    return Counter(dict(rows.all()))


def uncoached(session: Session, pairs: dict[int, set[int]], since: date) -> dict[int, set[int]]:
    """Of the people of each coach, those without logged coaching by them on or after a day.

    Not those whose team was in its trial on that day, or had not begun (product.md, "First run").
    """
    coached = coached_since(session, pairs, since)
    everybody = {one for people in pairs.values() for one in people}
    new = {one for one, of in home_teams(session, everybody).items() if covers(of, since)}
    return {
        coach_id: {one for one in people if one not in new and (coach_id, one) not in coached}
        for coach_id, people in pairs.items()
    }


def undecided_numbers(session: Session, team_ids: Iterable[int]) -> dict[int, tuple[Review, int]]:
    """The open review of each of these teams, and how many of its deals lack their decision.

    A deal that the CRM closed meanwhile lacks none.
    """
    lacking = func.count(Deal.id)
    rows = session.execute(
        select(Review, lacking)
        .outerjoin(ReviewDeal, ReviewDeal.review_id == Review.id)
        .outerjoin(Decision, (Decision.review_deal_id == ReviewDeal.id) & Decision.is_current)
        .outerjoin(
            Deal,
            (Deal.id == ReviewDeal.deal_id)
            & Decision.id.is_(None)
            & Deal.stage_id.in_(select(Stage.id).where(Stage.kind == StageKind.OPEN)),
        )
        .where(Review.team_id.in_(set(team_ids)), Review.state == ReviewState.OPEN)
        .group_by(Review.id)
    )
    return {review.team_id: (review, number) for review, number in rows}


def last_reviews(session: Session, team_ids: Iterable[int]) -> dict[int, Review]:
    """The latest closed review of each of these teams."""
    newest = (
        select(func.max(Review.id))
        .where(Review.team_id.in_(set(team_ids)), Review.state == ReviewState.CLOSED)
        .group_by(Review.team_id)
    )
    found = session.scalars(select(Review).where(Review.id.in_(newest)))
    return {review.team_id: review for review in found}
