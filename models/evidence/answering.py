"""Answering in one go, by the owner or on the owner's behalf."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.base import RuleBroken
from models.deals import Deal, local_day, locked_deal
from models.evidence.confirming import confirm
from models.evidence.standing import Standing, State, asked_and_answered, standing
from models.evidence.tables import Answer, AnswerSet, Question
from models.people import Person
from models.proof import Fault, Malformed, as_kept


class NothingAnswered(RuleBroken):
    """Neither an answer nor a "Still true" was given."""


class InvalidAnswer(RuleBroken):
    """An answer that cannot be kept, at its question. `code` says what is wrong with it."""

    def __init__(self, question_id: int, code: Fault) -> None:
        super().__init__(question_id, code)
        self.question_id = question_id
        self.code = code


class AnsweredMeanwhile(RuleBroken):
    """Somebody (`by_id`) has answered a question since the person saw it."""

    def __init__(self, by_id: int) -> None:
        super().__init__(by_id)
        self.by_id = by_id


@dataclass(frozen=True)
class Quoted:
    """The message of Slack that an answer was made from: its address, its author's Slack id."""

    url: str
    slack_id: str


def save_answers(
    session: Session,
    deal: Deal,
    by: Person,
    values: Mapping[int, dict[str, Any]],
    still_true: Collection[int],
    now: datetime,
    *,
    review_deal_id: int | None = None,
    for_id: int | None = None,
    quoted: Quoted | None = None,
    seen: Mapping[int, int] | None = None,
) -> AnswerSet:
    """Keep what somebody submitted in one go; earlier answers stay as trail.

    `values` by question id, in the shapes of `AnswerKind`; `still_true`: ids of questions whose
    current answer holds as before, which renews its `confirmed_at`. A new answer outranks "Still
    true". `for_id`: on the owner's behalf, whose id this is: then nothing is confirmed, and what
    the owner has proved is left alone. `seen`: the current answers' ids by question, as this person
    saw them. All or nothing: raises `NothingAnswered`; `AnsweredMeanwhile` where another answer
    stands by now; or `InvalidAnswer` for the first question (in order) that is not asked at the
    deal's stage now, malformed, has nothing to confirm, or is the owner's to answer. Whether this
    person may answer is checked by whoever calls.
    """
    if not values and not still_true:
        raise NothingAnswered
    deal = locked_deal(session, deal.id)
    today = local_day(session, deal, now)
    asked, answers = asked_and_answered(session, [deal])
    questions = {question.id: question for question in asked.get(deal.stage_id, [])}
    current = {question_id: answer for (_, question_id), answer in answers.items()}
    if seen is not None:
        _check_seen(session, (*values, *still_true), current, seen)
    kept = _checked(questions, values, today)
    confirmed = [question_id for question_id in still_true if question_id not in values]
    _check_confirmed(confirmed, questions, current)
    if for_id is not None:
        stands = standing(session, [deal], now, today)[deal.id]
        _leave_the_owners(stands, kept, confirmed)
    answer_set = AnswerSet(
        deal_id=deal.id,
        review_deal_id=review_deal_id,
        answered_by_id=by.id,
        answered_at=now,
        for_id=for_id,
        quote_url=quoted and quoted.url,
        quote_slack_id=quoted and quoted.slack_id,
    )
    session.add(answer_set)
    for question_id in confirmed:
        confirm(current[question_id], by, now)
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
            confirmed_at=now if for_id is None else None,
        )
        for question_id, value in kept.items()
    )
    session.flush()
    return answer_set


def values_by_question(session: Session, answer_ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    """What these answers say, current or not, by question id."""
    found = session.scalars(select(Answer).where(Answer.id.in_(answer_ids)))
    return {answer.question_id: answer.value for answer in found}


def _check_seen(
    session: Session,
    given: Iterable[int],
    current: Mapping[int, Answer],
    seen: Mapping[int, int],
) -> None:
    for question_id in given:
        stands = current.get(question_id)
        if stands is not None and stands.id != seen.get(question_id):
            by = session.get_one(AnswerSet, stands.answer_set_id)
            raise AnsweredMeanwhile(by.answered_by_id)


def _check_confirmed(
    confirmed: Iterable[int], questions: Collection[int], current: Collection[int]
) -> None:
    for question_id in confirmed:
        if question_id not in questions:
            raise InvalidAnswer(question_id, Fault.NOT_ASKED)
        if question_id not in current:
            raise InvalidAnswer(question_id, Fault.NOTHING_TO_CONFIRM)


def _leave_the_owners(stands: Standing, kept: Collection[int], confirmed: Sequence[int]) -> None:
    """Only the owner says that something is still true, or changes what the owner has proved."""
    proved = {each.question.id for each in stands.questions if each.state is State.PROVED}
    for question_id in (*confirmed, *kept):
        if question_id in proved or question_id in confirmed:
            raise InvalidAnswer(question_id, Fault.OWNERS)


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
