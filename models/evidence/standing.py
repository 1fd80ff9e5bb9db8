"""Where a deal stands: what is proved of what its stage asks, judged at every reading."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import and_, bindparam, select
from sqlalchemy.orm import Session

from models.deals import Deal
from models.evidence.tables import Answer, Question
from models.people import standards
from models.proof import judge
from models.standards import Standards


class State(StrEnum):
    """Where one question of a deal's stage stands."""

    OPEN = "open"  # nobody has answered
    FILLED = "filled"  # answered, and the answer proves nothing (any more)
    UNCONFIRMED = "unconfirmed"  # given on the owner's behalf: only fills until they confirm
    STALE = "stale"  # proved once; counts again when the owner ticks "Still true"
    PROVED = "proved"


@dataclass(frozen=True)
class QuestionStanding:
    """One question, its current answer and what that is worth today."""

    question: Question
    answer: Answer | None
    state: State
    second_hand: bool  # proved, but by a contact and not by the person


@dataclass(frozen=True)
class Standing:
    """The questions of the deal's current stage, in order; `open`: all that are not proved."""

    deal_id: int
    questions: tuple[QuestionStanding, ...]
    proved: int
    asked: int
    open: tuple[Question, ...]


def standing(
    session: Session, deals: Iterable[Deal], now: datetime, today: date
) -> dict[int, Standing]:
    """What is proved about each deal for the stage in which it is.

    Everything is judged anew at reading: `today` is the team's local date, against which dates
    pass; an answer counts while it was given or confirmed within the standard's 14 days (of 24
    hours, the last instant included) and not before the deal entered its stage. What was given on
    the owner's behalf counts from when they confirm it.
    """
    deals = list(deals)
    asked, answers = asked_and_answered(session, deals)
    limits = standards(session)
    counts_from = now - timedelta(days=limits.evidence_days)
    return {
        deal.id: _standing(
            deal,
            [
                _question_standing(
                    question,
                    answers.get((deal.id, question.id)),
                    max(counts_from, deal.stage_entered_at),
                    today,
                    limits,
                )
                for question in asked.get(deal.stage_id, [])
            ],
        )
        for deal in deals
    }


def _standing(deal: Deal, questions: list[QuestionStanding]) -> Standing:
    unproved = [each.question for each in questions if each.state is not State.PROVED]
    return Standing(
        deal_id=deal.id,
        questions=tuple(questions),
        proved=len(questions) - len(unproved),
        asked=len(questions),
        open=tuple(unproved),
    )


def _question_standing(
    question: Question,
    answer: Answer | None,
    counts_from: datetime,
    today: date,
    limits: Standards,
) -> QuestionStanding:
    if answer is None:
        return QuestionStanding(question, None, State.OPEN, second_hand=False)
    if answer.confirmed_at is None:
        return QuestionStanding(question, answer, State.UNCONFIRMED, second_hand=False)
    proof = judge(question.kind, answer.value, today, limits.no_answers)
    if not proof.proves:
        return QuestionStanding(question, answer, State.FILLED, second_hand=False)
    state = State.PROVED if answer.confirmed_at >= counts_from else State.STALE
    return QuestionStanding(question, answer, state, proof.second_hand)


_ASKED_AND_ANSWERED = (
    select(Question, Answer)
    .outerjoin(
        Answer,
        and_(
            Answer.question_id == Question.id,
            Answer.deal_id.in_(bindparam("deal_ids", expanding=True)),
            Answer.is_current,
        ),
    )
    .where(Question.stage_id.in_(bindparam("stage_ids", expanding=True)))
    .order_by(Question.position)
)


def asked_and_answered(
    session: Session, deals: Collection[Deal]
) -> tuple[dict[int, list[Question]], dict[tuple[int, int], Answer]]:
    """What the stages of these deals ask, in order, by stage; and what stands as the answer to
    that, by deal and question."""
    ids = {"deal_ids": [deal.id for deal in deals], "stage_ids": list({d.stage_id for d in deals})}
    asked: dict[int, dict[int, Question]] = {}
    answers: dict[tuple[int, int], Answer] = {}
    for question, answer in session.execute(_ASKED_AND_ANSWERED, ids):
        asked.setdefault(question.stage_id, {})[question.id] = question
        if answer is not None:
            answers[answer.deal_id, question.id] = answer
    return {stage_id: list(of_stage.values()) for stage_id, of_stage in asked.items()}, answers
