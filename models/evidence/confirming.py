"""What was answered on an owner's behalf, until the owner confirms it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from models.base import RuleBroken
from models.deals import Deal, locked_deal
from models.evidence.tables import Answer, AnswerSet, Question
from models.people import Person


class NothingToConfirm(RuleBroken):
    """What was to be confirmed was answered anew meanwhile, or belongs to an earlier stage."""


class AnswersChanged(RuleBroken):
    """Somebody (`by_id`) gave other answers on the owner's behalf than those the owner has read."""

    def __init__(self, by_id: int) -> None:
        super().__init__(by_id)
        self.by_id = by_id


def confirm(answer: Answer, by: Person, now: datetime) -> None:
    """The owner stands by an answer from now on, whoever gave it."""
    if answer.confirmed_at is None:
        answer.confirmed_by_id = by.id
    answer.confirmed_at = now


@dataclass(frozen=True)
class Unconfirmed:
    """An answer that waits for the owner's word, with its question and who gave it, when."""

    answer: Answer
    question: Question
    given: AnswerSet


def unconfirmed(session: Session, which: ColumnElement[bool]) -> list[Unconfirmed]:
    """The answers given on an owner's behalf that wait to be confirmed, of deals that `which`
    (a condition on `Deal`) holds for: only about the stage in which each is now."""
    rows = session.execute(
        select(Answer, Question, AnswerSet)
        .join(Question, Question.id == Answer.question_id)
        .join(AnswerSet, AnswerSet.id == Answer.answer_set_id)
        .join(Deal, and_(Deal.id == Answer.deal_id, Deal.stage_id == Question.stage_id))
        .where(which, Answer.is_current, Answer.confirmed_at.is_(None))
        .order_by(Deal.id, Question.position)
    )
    return [Unconfirmed(*row) for row in rows]


def confirm_answers(
    session: Session, deal: Deal, by: Person, newest_id: int, now: datetime
) -> list[Unconfirmed]:
    """The owner says that what was answered on their behalf is right: from now on it proves as if
    they had given it. Which these were; none where this person has confirmed them before.

    `newest_id`: the newest answer that the owner has read. All or nothing: raises `AnswersChanged`
    where there is a newer one, `NothingToConfirm` where none is left. Whether this person may is
    checked by whoever calls.
    """
    deal = locked_deal(session, deal.id)
    waiting = unconfirmed(session, Deal.id == deal.id)
    for one in waiting:
        if one.answer.id > newest_id:
            raise AnswersChanged(one.given.answered_by_id)
    if not waiting and not _has_confirmed(session, deal, by):
        raise NothingToConfirm
    for one in waiting:
        confirm(one.answer, by, now)
    session.flush()
    return waiting


def _has_confirmed(session: Session, deal: Deal, by: Person) -> bool:
    mine = select(Answer.id).join(Question, Question.id == Answer.question_id)
    return (
        session.scalar(
            mine.where(
                Answer.deal_id == deal.id,
                Answer.is_current,
                Answer.confirmed_by_id == by.id,
                Question.stage_id == deal.stage_id,
            ).limit(1)
        )
        is not None
    )
