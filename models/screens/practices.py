"""Loaders of best practices: what can be proposed, and the question to who said it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import access
from models.access import Act
from models.delivery import Kind
from models.evidence import Answer, AnswerKind, AnswerSet, Question
from models.people import Person, get_person, people_by_id, team
from models.pipeline_review import (
    Consent,
    ReviewDeal,
    get_practice,
    get_review,
    get_review_deal,
    proposed,
)
from models.screens.pieces import active_addressee, deal_names, team_shown, who_shown
from models.screens.shown import TeamShown, Who


@dataclass(frozen=True)
class PracticeChoice:
    """Words that can be proposed: a text answer of the review."""

    answer_id: int
    short: str
    text: str
    author: Who


@dataclass(frozen=True)
class PracticeBefore:
    """Words that were proposed. `shared`: yes, or not yet; more is nobody's business."""

    text: str
    author: Who
    shared: bool


@dataclass(frozen=True)
class PracticeForm:
    """What of a deal's answers may be worth copying, and what was proposed before."""

    review_deal_id: int
    team: TeamShown
    deal: str
    choices: tuple[PracticeChoice, ...]
    before: tuple[PracticeBefore, ...]


@dataclass(frozen=True)
class PracticeAsked:
    """To an author: their words as they would be shown, and what they have said to it.

    `shared` None: nothing yet.
    """

    practice_id: int
    team: TeamShown
    deal: str
    author: Who
    by: Who
    text: str
    shared: bool | None


def practice_form(session: Session, actor: Person, review_deal_id: int) -> PracticeForm:
    """For who may propose. Raises `UnknownReview`, `Refused`."""
    entry = get_review_deal(session, review_deal_id)
    review = get_review(session, entry.review_id)
    access.require(session, actor, Act.PROPOSE_PRACTICE, team_id=review.team_id)
    before = proposed(session, entry.id)
    people = people_by_id(session, {practice.author_id for practice in before})
    return PracticeForm(
        review_deal_id=entry.id,
        team=team_shown(team(session, review.team_id)),
        deal=deal_names(session, [entry.deal_id])[0],
        choices=tuple(_choices(session, entry)),
        before=tuple(
            PracticeBefore(
                practice.text,
                who_shown(people[practice.author_id]),
                practice.consent is Consent.SHARED,
            )
            for practice in before
        ),
    )


def _choices(session: Session, entry: ReviewDeal) -> list[PracticeChoice]:
    rows = session.execute(
        select(Answer, Question, Person)
        .join(Question, Question.id == Answer.question_id)
        .join(AnswerSet, AnswerSet.id == Answer.answer_set_id)
        .join(Person, Person.id == AnswerSet.answered_by_id)
        .where(
            AnswerSet.review_deal_id == entry.id,
            Answer.is_current,
            Question.kind == AnswerKind.TEXT,
            Person.active,
        )
        .order_by(Question.position)
    ).all()
    return [
        PracticeChoice(answer.id, question.short, answer.value["text"], who_shown(author))
        for answer, question, author in rows
    ]


def practice_asked(session: Session, practice_id: int, _now: datetime) -> PracticeAsked | None:
    """The question to the author, while they are active."""
    if active_addressee(session, Kind.REVIEW_PRACTICE, practice_id) is None:
        return None
    practice = get_practice(session, practice_id)
    entry = get_review_deal(session, practice.review_deal_id)
    review = get_review(session, entry.review_id)
    asked = practice.consent is Consent.ASKED
    return PracticeAsked(
        practice_id=practice.id,
        team=team_shown(team(session, review.team_id)),
        deal=deal_names(session, [entry.deal_id])[0],
        author=who_shown(get_person(session, practice.author_id)),
        by=who_shown(get_person(session, practice.proposed_by_id)),
        text=practice.text,
        shared=None if asked else practice.consent is Consent.SHARED,
    )
