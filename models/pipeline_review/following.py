"""Next actions followed up: what became of each, wherever it is shown (product.md, "Pipeline
review")."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from models.next_actions import NextAction, Outcome, renew, say_outcome
from models.people import Person
from models.pipeline_review.changed import show_changed_deals


def answer_action(
    session: Session, actor: Person, action_id: int, outcome: Outcome, now: datetime
) -> NextAction:
    """As `next_actions.say_outcome`; an open review then shows it too."""
    action = say_outcome(session, actor, action_id, outcome, now)
    show_changed_deals(session, [action.deal_id], now)
    return action


def renew_action(
    session: Session, actor: Person, action_id: int, text: str, due_on: date, now: datetime
) -> NextAction:
    """As `next_actions.renew`; an open review then shows it too."""
    made = renew(session, actor, action_id, text, due_on, now)
    show_changed_deals(session, [made.deal_id], now)
    return made
