"""What the rules about next actions refuse, in words."""

from typing import Any

from sqlalchemy.orm import Session

from handlers import words
from handlers.pipeline_review import phrases
from handlers.refusal import Refusal, Refusals, Reserved, only, says
from models.access import Act
from models.next_actions import ActionOver, ActionStands, ActionState, UnknownAction, get_action


def _over(_session: Session, error: Any, _zone: str) -> Refusal:
    if error.state is ActionState.REPLACED:
        return Refusal(("Another next action has replaced this one. Home shows yours.",))
    return Refusal(("Its deal has left the pipeline: nothing is left to do.",))


def _stands(session: Session, error: Any, _zone: str) -> Refusal:
    action = get_action(session, error.action_id)
    said = f"{phrases.quoted(action.text, 60)} by {words.day(action.due_on)}"
    return Refusal((f"The deal has a next action already: {said}.",))


RESERVED: Reserved = {
    Act.ANSWER_ACTION: only(
        "says what became of it", "You can comment in the thread of the deal's card."
    ),
}
REFUSALS: Refusals = {
    UnknownAction: says("This is not there any more."),
    ActionOver: _over,
    ActionStands: _stands,
}
