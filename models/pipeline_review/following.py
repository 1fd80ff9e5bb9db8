"""Next actions followed up: what became of each, wherever it is shown (product.md, "Pipeline
review")."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from models.days import DAY, digest_key, next_working_day
from models.delivery import refresh_keys
from models.next_actions import NextAction, Outcome, renew, say_outcome
from models.people import Person, get_person
from models.pipeline_review.changed import show_changed_deals


def answer_action(
    session: Session, actor: Person, action_id: int, outcome: Outcome, now: datetime
) -> NextAction:
    """As `next_actions.say_outcome`; digests and an open review then show it."""
    action = say_outcome(session, actor, action_id, outcome, now)
    _show(session, action, now)
    return action


def renew_action(
    session: Session, actor: Person, action_id: int, text: str, due_on: date, now: datetime
) -> NextAction:
    """As `next_actions.renew`; digests and an open review then show it."""
    made = renew(session, actor, action_id, text, due_on, now)
    _show(session, session.get_one(NextAction, action_id), now)
    return made


def mornings(session: Session, action: NextAction) -> tuple[date, date]:
    """The two working days of its owner whose digests ask about it: the day it is due, or the next
    one after, and once more the one after that."""
    owner = get_person(session, action.owner_id)
    first = next_working_day(session, owner, action.due_on - DAY)
    return first, next_working_day(session, owner, first)


def _show(session: Session, action: NextAction, now: datetime) -> None:
    keys = [digest_key(action.owner_id, day) for day in mornings(session, action)]
    refresh_keys(session, keys, now)
    show_changed_deals(session, [action.deal_id], now)
