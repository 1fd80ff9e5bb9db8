"""Evidence: typed answers to a stage's questions. An answer proves, or it only fills."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Index, String, UniqueConstraint, and_, bindparam, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, InWorkspace, RuleBroken, one_of, within_workspace
from models.deals import Deal, local_day, locked_deal, stages
from models.people import Person, standards
from models.proof import AnswerKind as AnswerKind  # the words of evidence, from one place
from models.proof import Fault as Fault
from models.proof import Malformed, as_kept
from models.proof import Proof as Proof
from models.proof import judge as judge
from models.standards import Standards


class Question(InWorkspace, Base):
    """One question of a stage, asked in order of `position`. `key` is stable, `label` is words."""

    __tablename__ = "questions"
    __table_args__ = (
        UniqueConstraint("workspace_id", "id"),
        UniqueConstraint("workspace_id", "stage_id", "key"),
        UniqueConstraint("workspace_id", "stage_id", "position"),
        within_workspace("stage_id", "stages"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    stage_id: Mapped[int]
    key: Mapped[str] = mapped_column(String(40))
    position: Mapped[int]
    kind: Mapped[AnswerKind] = mapped_column(one_of(AnswerKind, "kind"))
    label: Mapped[str] = mapped_column(String(150))
    short: Mapped[str] = mapped_column(String(40))  # how a card names it: "the review meeting"


class AnswerSet(InWorkspace, Base):
    """What one person submitted in one go: one message in the deal's thread."""

    __tablename__ = "answer_sets"
    __table_args__ = (
        UniqueConstraint("workspace_id", "id"),
        within_workspace("deal_id", "deals"),
        within_workspace("answered_by_id", "people"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    deal_id: Mapped[int]
    review_deal_id: Mapped[int | None]  # the review's table stands a floor above
    answered_by_id: Mapped[int]
    answered_at: Mapped[datetime]


class Answer(InWorkspace, Base):
    """An answer to a question about a deal; one is current, the earlier ones stay as trail.

    `confirmed_at` is when it was given or last ticked "Still true" by the owner. It counts while
    that is neither older than the standard's days nor before the deal entered its stage.
    """

    __tablename__ = "answers"
    __table_args__ = (
        within_workspace("answer_set_id", "answer_sets"),
        within_workspace("deal_id", "deals"),
        within_workspace("question_id", "questions"),
        Index(
            "uq_answers_current", "workspace_id", "deal_id", "question_id",
            unique=True,
            sqlite_where=text("is_current"),
            postgresql_where=text("is_current"),
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    answer_set_id: Mapped[int]
    deal_id: Mapped[int]
    question_id: Mapped[int]
    value: Mapped[dict[str, Any]] = mapped_column(JSON)
    answered_at: Mapped[datetime]
    confirmed_at: Mapped[datetime]
    is_current: Mapped[bool] = mapped_column(default=True)


# --- the questions


# product.md, "Pipeline review": stage, key, kind, label, how a card names it
_QUESTIONS: tuple[tuple[str, str, AnswerKind, str, str], ...] = (
    ("Qualified", "pain", AnswerKind.MONEY, "What does the pain cost the customer?",
     "what the pain costs"),
    ("Qualified", "budget", AnswerKind.CONTACT, "Who decides over the budget?",
     "who decides over the budget"),
    ("Qualified", "source", AnswerKind.SOURCE, "How do we know?", "how we know"),
    ("Discovery", "buyer_met", AnswerKind.MET, "Have we met the economic buyer?",
     "the economic buyer"),
    ("Discovery", "criteria", AnswerKind.TEXT, "By which criteria will they decide?",
     "their criteria"),
    ("Discovery", "decides_on", AnswerKind.DATE, "When will they decide?", "when they decide"),
    ("Discovery", "forced_by", AnswerKind.TEXT, "What forces that date?", "what forces the date"),
    ("Proposal", "review_meeting", AnswerKind.MEETING, "When is the proposal review meeting?",
     "the review meeting"),
    ("Proposal", "objection", AnswerKind.TEXT, "Which objection is most to be expected?",
     "the objection"),
    ("Proposal", "reply", AnswerKind.TEXT, "How do we answer it?", "our answer to the objection"),
    ("Negotiation", "terms", AnswerKind.TEXT, "Which terms are open?", "the open terms"),
    ("Negotiation", "approver", AnswerKind.CONTACT, "Who on their side approves those terms?",
     "who approves the terms"),
)  # fmt: skip


def seed_questions(session: Session) -> list[Question]:
    """The product's questions for the stages of that name; a workspace with any keeps its own."""
    found = list(session.scalars(select(Question).order_by(Question.stage_id, Question.position)))
    if found:
        return found
    by_name = {stage.name: stage for stage in stages(session)}
    asked = [row for row in _QUESTIONS if row[0] in by_name]
    made = [
        Question(
            stage_id=by_name[stage].id, key=key, position=position, kind=kind, label=label,
            short=short,
        )
        for position, (stage, key, kind, label, short) in enumerate(asked, start=1)
    ]  # fmt: skip
    session.add_all(made)
    session.flush()
    return made


# --- where a deal stands


class State(StrEnum):
    """Where one question of a deal's stage stands."""

    OPEN = "open"  # nobody has answered
    FILLED = "filled"  # answered, and the answer proves nothing (any more)
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
    hours, the last instant included) and not before the deal entered its stage.
    """
    deals = list(deals)
    asked, answers = _asked_and_answered(session, deals)
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


def _asked_and_answered(
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


# --- answering


class NothingAnswered(RuleBroken):
    """Neither an answer nor a "Still true" was given."""


class InvalidAnswer(RuleBroken):
    """An answer that cannot be kept, at its question. `code` says what is wrong with it."""

    def __init__(self, question_id: int, code: Fault) -> None:
        super().__init__(question_id, code)
        self.question_id = question_id
        self.code = code


def save_answers(
    session: Session,
    deal: Deal,
    by: Person,
    values: Mapping[int, dict[str, Any]],
    still_true: Collection[int],
    now: datetime,
    *,
    review_deal_id: int | None = None,
) -> AnswerSet:
    """Keep what somebody submitted in one go; earlier answers stay as trail.

    `values` by question id, in the shapes of `AnswerKind`; `still_true`: ids of questions whose
    current answer holds as before, which renews its `confirmed_at`. A new answer outranks "Still
    true". All or nothing: raises `NothingAnswered`, or `InvalidAnswer` for the first question (in
    order) that is not asked at the deal's stage now, malformed, or has nothing to confirm. Whether
    this person may answer is checked by whoever calls.
    """
    if not values and not still_true:
        raise NothingAnswered
    deal = locked_deal(session, deal.id)
    today = local_day(session, deal, now)
    asked, answers = _asked_and_answered(session, [deal])
    questions = {question.id: question for question in asked.get(deal.stage_id, [])}
    current = {question_id: answer for (_, question_id), answer in answers.items()}
    kept = _checked(questions, values, today)
    confirmed = [question_id for question_id in still_true if question_id not in values]
    for question_id in confirmed:
        if question_id not in questions:
            raise InvalidAnswer(question_id, Fault.NOT_ASKED)
        if question_id not in current:
            raise InvalidAnswer(question_id, Fault.NOTHING_TO_CONFIRM)
    answer_set = AnswerSet(
        deal_id=deal.id, review_deal_id=review_deal_id, answered_by_id=by.id, answered_at=now
    )
    session.add(answer_set)
    for question_id in confirmed:
        current[question_id].confirmed_at = now
    for question_id in kept:
        if question_id in current:
            current[question_id].is_current = False
    session.flush()  # before the new ones: only one answer is current at any time
    session.add_all(
        Answer(
            answer_set_id=answer_set.id,
            deal_id=deal.id,
            question_id=question_id,
            value=value,
            answered_at=now,
            confirmed_at=now,
        )
        for question_id, value in kept.items()
    )
    session.flush()
    return answer_set


def _checked(
    questions: Mapping[int, Question], values: Mapping[int, dict[str, Any]], today: date
) -> dict[int, dict[str, Any]]:
    for question_id in values:
        if question_id not in questions:
            raise InvalidAnswer(question_id, Fault.NOT_ASKED)
    kept: dict[int, dict[str, Any]] = {}
    for question in questions.values():
        if question.id not in values:
            continue
        try:
            kept[question.id] = as_kept(question.kind, values[question.id], today)
        except Malformed as malformed:
            raise InvalidAnswer(question.id, malformed.fault) from None
    return kept
