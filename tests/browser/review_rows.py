"""What the database holds after the review of the journey."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.demo import WORKSPACE_ID
from models.base import Database
from models.deals import Deal, Stage
from models.evidence import Answer, AnswerSet, Question
from models.people import Person, Team
from models.pipeline_review import Decision, Review, ReviewDeal

REVIEWED = (
    "Copperfield Clinics",
    "Redwood Telecom",
    "Harvest Lane Foods",
    "Sable Robotics",
    "Tidewater Marine",
    "Juniper Freight",
    "Oakhurst Labs",
)
DECIDED = [
    ("Copperfield Clinics", "demote", "Max Okafor", False),
    ("Tidewater Marine", "remove", "Lea Lindqvist", True),
    ("Copperfield Clinics", "re_date", "Max Okafor", True),
    ("Redwood Telecom", "hold", "Max Okafor", True),
    ("Harvest Lane Foods", "re_date", "Max Okafor", True),
    ("Sable Robotics", "advance", "Max Okafor", True),
    ("Juniper Freight", "advance", "Max Okafor", True),
    ("Oakhurst Labs", "advance", "Max Okafor", True),
]


def assert_what_the_rows_say(database: Database) -> None:
    """The review, its decisions with their trail, and the answers."""
    with database.transaction(WORKSPACE_ID) as session:
        west = select(Team.id).where(Team.name == "West").scalar_subquery()
        found = select(Review).where(Review.team_id == west).order_by(Review.id.desc())
        review = session.scalars(found).first()
        assert review is not None
        assert (review.kind, review.state, review.grade) == ("ad_hoc", "closed", "decided")
        assert review.closed_by_id == review.started_by_id
        assert reviewed(session, review) == REVIEWED
        assert decided(session, review) == DECIDED
        assert stages(session)["Sable Robotics"] == "Negotiation"
        assert stages(session)["Copperfield Clinics"] == "Negotiation"
        assert stages(session)["Oakhurst Labs"] == "Closed Won"
        assert stages(session)["Tidewater Marine"] == "Closed Lost"
        assert answered(session) == {
            "review_meeting": {"state": "held", "on": "2026-11-20"},
            "reply": {"text": "A week with their own engineers, who keep what they build"},
        }


def reviewed(session: Session, review: Review) -> tuple[str, ...]:
    rows = select(Deal.name).join(ReviewDeal, ReviewDeal.deal_id == Deal.id)
    of_this = rows.where(ReviewDeal.review_id == review.id).order_by(ReviewDeal.position)
    return tuple(session.scalars(of_this))


def decided(session: Session, review: Review) -> list[tuple[str, str, str, bool]]:
    """Each decision in its order: deal, kind, by whom, whether it stands."""
    rows = (
        select(Deal.name, Decision.kind, Person.name, Decision.is_current)
        .join(ReviewDeal, ReviewDeal.id == Decision.review_deal_id)
        .join(Deal, Deal.id == Decision.deal_id)
        .join(Person, Person.id == Decision.decided_by_id)
        .where(ReviewDeal.review_id == review.id)
        .order_by(Decision.id)
    )
    return [(deal, kind.value, by, stands) for deal, kind, by, stands in session.execute(rows)]


def stages(session: Session) -> dict[str, str]:
    rows = select(Deal.name, Stage.name).join(Stage, Stage.id == Deal.stage_id)
    return dict(session.execute(rows).all())


def answered(session: Session) -> dict[str, Any]:
    """What Cleo answered for Sable Robotics in this review, by the questions' keys."""
    rows = (
        select(Question.key, Answer.value)
        .join(Question, Question.id == Answer.question_id)
        .join(AnswerSet, AnswerSet.id == Answer.answer_set_id)
        .join(Deal, Deal.id == Answer.deal_id)
        .where(Deal.name == "Sable Robotics", AnswerSet.review_deal_id.is_not(None))
    )
    return dict(session.execute(rows).all())
