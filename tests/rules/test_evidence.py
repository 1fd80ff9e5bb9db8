"""Evidence: the questions, where a deal stands, how long an answer counts, answering."""

from datetime import UTC, date, datetime, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models.base import Database
from models.deals import Deal, get_deal, set_stage
from models.evidence import (
    Answer,
    AnswerKind,
    AnswerSet,
    Fault,
    InvalidAnswer,
    NothingAnswered,
    Question,
    Standing,
    State,
    save_answers,
    standing,
)
from models.people import get_person, put_workspace
from models.standards import Standards
from tests.world import NOW, TODAY, World, a_deal, prove, questions_of, stage_named

TOMORROW = TODAY + timedelta(days=1)


def on(day: date, **more: Any) -> dict[str, Any]:
    return {**more, "on": day.isoformat()}


# --- the questions


def test_the_products_questions(session: Session, world: World) -> None:
    asked = {
        stage: [
            (question.key, question.kind)
            for question in session.scalars(
                select(Question).where(Question.stage_id == stage_id).order_by(Question.position)
            )
        ]
        for stage, stage_id in world.stages.items()
    }
    assert asked == {
        "Prospecting": [],
        "Qualified": [
            ("pain", AnswerKind.MONEY),
            ("budget", AnswerKind.CONTACT),
            ("source", AnswerKind.SOURCE),
        ],
        "Discovery": [
            ("buyer_met", AnswerKind.MET),
            ("criteria", AnswerKind.TEXT),
            ("decides_on", AnswerKind.DATE),
            ("forced_by", AnswerKind.TEXT),
        ],
        "Proposal": [
            ("review_meeting", AnswerKind.MEETING),
            ("objection", AnswerKind.TEXT),
            ("reply", AnswerKind.TEXT),
        ],
        "Negotiation": [("terms", AnswerKind.TEXT), ("approver", AnswerKind.CONTACT)],
        "Closed Won": [],
        "Closed Lost": [],
    }


# --- where a deal stands


def stand(session: Session, deal: Deal, now: datetime = NOW, today: date | None = None) -> Standing:
    return standing(session, [deal], now, today or now.date())[deal.id]


def states(found: Standing) -> dict[str, State]:
    return {each.question.key: each.state for each in found.questions}


def answer(
    session: Session, deal: Deal, now: datetime = NOW, **values: dict[str, Any]
) -> AnswerSet:
    by_key = {question.key: question.id for question in questions_of(session, deal)}
    owner = get_person(session, deal.owner_id)
    given_ = {by_key[key]: value for key, value in values.items()}
    return save_answers(session, deal, owner, given_, set(), now)


def test_nothing_answered_is_all_open(session: Session, world: World) -> None:
    found = stand(session, a_deal(session, world.ana, "Proposal"))
    assert (found.proved, found.asked) == (0, 3)
    assert [question.key for question in found.open] == ["review_meeting", "objection", "reply"]
    assert set(states(found).values()) == {State.OPEN}


def test_a_stage_without_questions_asks_nothing(session: Session, world: World) -> None:
    found = stand(session, a_deal(session, world.ana, "Prospecting"))
    assert (found.proved, found.asked, found.questions, found.open) == (0, 0, (), ())


def test_one_proved_one_filled_one_open(session: Session, world: World) -> None:
    deal = a_deal(session, world.ana, "Proposal")
    answer(session, deal, objection={"text": "Price"}, reply={"text": "not yet"})
    found = stand(session, deal)
    assert states(found) == {
        "review_meeting": State.OPEN,
        "objection": State.PROVED,
        "reply": State.FILLED,
    }
    assert (found.proved, found.asked) == (1, 3)
    assert [question.key for question in found.open] == ["review_meeting", "reply"]


def test_second_hand_is_marked(session: Session, world: World) -> None:
    deal = a_deal(session, world.ana, "Qualified")
    answer(session, deal, source={"source": "contact"})
    source = stand(session, deal).questions[2]
    assert (source.state, source.second_hand) == (State.PROVED, True)


def test_everything_proved(session: Session, world: World) -> None:
    for stage in ("Qualified", "Discovery", "Proposal", "Negotiation"):
        deal = a_deal(session, world.ana, stage)
        prove(session, deal)
        found = stand(session, deal)
        assert found.open == ()
        assert found.proved == found.asked > 0


@pytest.mark.parametrize(
    ("age", "expected"),
    [
        (timedelta(0), State.PROVED),
        (timedelta(days=14), State.PROVED),
        (timedelta(days=14, seconds=1), State.STALE),
        (timedelta(days=300), State.STALE),
    ],
)
def test_older_than_fourteen_days_is_stale(
    session: Session, world: World, age: timedelta, expected: State
) -> None:
    deal = a_deal(session, world.ana, "Proposal", entered_at=NOW - timedelta(days=400))
    answer(session, deal, NOW - age, objection={"text": "Price"})
    assert states(stand(session, deal))["objection"] is expected


@pytest.mark.parametrize(
    ("before", "expected"),
    [(timedelta(0), State.PROVED), (timedelta(seconds=1), State.STALE)],
)
def test_entering_the_stage_again_makes_stale(
    session: Session, world: World, before: timedelta, expected: State
) -> None:
    deal = a_deal(session, world.ana, "Proposal")
    answer(session, deal, NOW - before, objection={"text": "Price"})
    set_stage(session, deal, stage_named(session, "Discovery"), NOW, decision_id=1)
    assert stand(session, deal).asked == 4  # the other stage's questions
    set_stage(session, deal, stage_named(session, "Proposal"), NOW, decision_id=2)
    assert states(stand(session, deal))["objection"] is expected


def test_a_passed_date_only_fills_however_fresh(session: Session, world: World) -> None:
    deal = a_deal(session, world.ana, "Proposal")
    answer(session, deal, review_meeting=on(TOMORROW, state="booked"))
    assert states(stand(session, deal))["review_meeting"] is State.PROVED
    later = NOW + timedelta(days=2)
    assert states(stand(session, deal, later))["review_meeting"] is State.FILLED


def test_what_fills_is_never_stale(session: Session, world: World) -> None:
    """Ticking "Still true" under a "no" would change nothing: it is asked anew instead."""
    deal = a_deal(session, world.ana, "Proposal", entered_at=NOW - timedelta(days=90))
    answer(session, deal, NOW - timedelta(days=60), reply={"text": "none"})
    assert states(stand(session, deal))["reply"] is State.FILLED


def test_today_is_the_callers(session: Session, world: World) -> None:
    """22:00 in New York is tomorrow in UTC: a date that passes tonight still proves."""
    deal = a_deal(session, world.ana, "Discovery")
    evening = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)
    answer(session, deal, evening, decides_on=on(TODAY))
    assert states(stand(session, deal, evening, TODAY))["decides_on"] is State.PROVED
    assert states(stand(session, deal, evening, TOMORROW))["decides_on"] is State.FILLED


def test_days_and_noes_are_the_workspaces(session: Session, world: World) -> None:
    deal = a_deal(session, world.ana, "Proposal", entered_at=NOW - timedelta(days=90))
    answer(session, deal, NOW - timedelta(days=20), objection={"text": "Price"})
    answer(session, deal, reply={"text": "Schauen wir mal"})
    ours = Standards(evidence_days=30, no_answers=("schauen wir mal",))
    put_workspace(session, world.workspace_id, now=NOW, standards=ours)
    found = states(stand(session, deal))
    assert (found["objection"], found["reply"]) == (State.PROVED, State.FILLED)


def test_many_deals_at_once(session: Session, world: World) -> None:
    deals = [a_deal(session, world.ana, stage) for stage in ("Proposal", "Discovery", "Proposal")]
    prove(session, deals[0])
    prove(session, deals[1], all_but=["criteria"])
    found = standing(session, deals, NOW, TODAY)
    assert [(found[deal.id].proved, found[deal.id].asked) for deal in deals] == [
        (3, 3),
        (3, 4),
        (0, 3),
    ]
    assert standing(session, [], NOW, TODAY) == {}


AGES = st.integers(0, 40 * 24)  # hours


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(given_ago=AGES, confirmed_ago=st.none() | AGES, entered_ago=AGES)
def test_an_answer_counts_while_confirmed_lately_and_in_this_stage(
    session: Session, world: World, given_ago: int, confirmed_ago: int | None, entered_ago: int
) -> None:
    def ago(hours: int) -> datetime:
        return NOW - timedelta(hours=hours)

    with session.begin_nested() as undone:
        deal = a_deal(session, world.ana, "Proposal", entered_at=ago(entered_ago))
        answer(session, deal, ago(given_ago), objection={"text": "Price"})
        last = given_ago
        if confirmed_ago is not None:
            question = next(q for q in questions_of(session, deal) if q.key == "objection")
            by = get_person(session, world.ana)
            save_answers(session, deal, by, {}, {question.id}, ago(confirmed_ago))
            last = confirmed_ago
        counts = last <= 14 * 24 and last <= entered_ago
        found = states(stand(session, deal))["objection"]
        assert found is (State.PROVED if counts else State.STALE)
        undone.rollback()


# --- answering


def trail(session: Session, deal: Deal, key: str) -> list[tuple[Any, bool]]:
    found = session.scalars(
        select(Answer)
        .join(Question, Question.id == Answer.question_id)
        .where(Answer.deal_id == deal.id, Question.key == key)
        .order_by(Answer.id)
    )
    return [(answer.value, answer.is_current) for answer in found]


def test_an_earlier_answer_stays_as_trail(session: Session, world: World) -> None:
    deal = a_deal(session, world.ana, "Proposal")
    answer(session, deal, NOW - timedelta(days=1), objection={"text": " Price "})
    answer(session, deal, objection={"text": "Security", "other": 1}, reply={"text": "Audit"})
    assert trail(session, deal, "objection") == [
        ({"text": "Price"}, False),
        ({"text": "Security"}, True),
    ]
    assert trail(session, deal, "reply") == [({"text": "Audit"}, True)]


def test_one_submission_is_one_set(session: Session, world: World) -> None:
    deal = a_deal(session, world.ana, "Proposal")
    made = prove(session, deal)
    assert (made.deal_id, made.answered_by_id, made.answered_at) == (deal.id, world.ana, NOW)
    sets = session.scalars(select(Answer.answer_set_id).where(Answer.deal_id == deal.id))
    assert set(sets) == {made.id}


def test_still_true_renews(session: Session, world: World) -> None:
    deal = a_deal(session, world.ana, "Proposal", entered_at=NOW - timedelta(days=60))
    first = NOW - timedelta(days=30)
    prove(session, deal, first, all_but=["review_meeting"])
    ids = {question.key: question.id for question in questions_of(session, deal)}
    assert states(stand(session, deal))["objection"] is State.STALE
    by = get_person(session, world.ana)
    save_answers(
        session, deal, by, {ids["reply"]: {"text": "New"}}, {ids["objection"], ids["reply"]}, NOW
    )
    found = {each.question.key: each for each in stand(session, deal).questions}
    objection = found["objection"].answer
    assert objection is not None
    assert (objection.answered_at, objection.confirmed_at) == (first, NOW)
    assert found["objection"].state is State.PROVED
    assert len(trail(session, deal, "objection")) == 1
    assert [value for value, _ in trail(session, deal, "reply")][-1] == {"text": "New"}


def test_nothing_is_no_answer(session: Session, world: World) -> None:
    deal = a_deal(session, world.ana, "Proposal")
    with pytest.raises(NothingAnswered):
        save_answers(session, deal, get_person(session, world.ana), {}, set(), NOW)


def test_there_must_be_something_to_confirm(session: Session, world: World) -> None:
    deal = a_deal(session, world.ana, "Proposal")
    question = questions_of(session, deal)[0]
    with pytest.raises(InvalidAnswer) as broken:
        save_answers(session, deal, get_person(session, world.ana), {}, {question.id}, NOW)
    assert (broken.value.question_id, broken.value.code) == (question.id, Fault.NOTHING_TO_CONFIRM)


def test_only_the_questions_of_the_stage_now(session: Session, world: World) -> None:
    """A form that stayed open while the deal moved on."""
    deal = a_deal(session, world.ana, "Proposal")
    prove(session, deal)
    objection = questions_of(session, deal)[1]
    set_stage(session, deal, stage_named(session, "Discovery"), NOW, decision_id=1)
    by = get_person(session, world.ana)
    for values, still_true in (({objection.id: {"text": "Late"}}, set()), ({}, {objection.id})):
        with pytest.raises(InvalidAnswer) as broken:
            save_answers(session, deal, by, values, still_true, NOW)
        assert (broken.value.question_id, broken.value.code) == (objection.id, Fault.NOT_ASKED)


def test_all_or_nothing(session: Session, world: World) -> None:
    deal = a_deal(session, world.ana, "Proposal")
    meeting, objection, _ = questions_of(session, deal)
    by = get_person(session, world.ana)
    with pytest.raises(InvalidAnswer) as broken:
        save_answers(
            session,
            deal,
            by,
            {objection.id: {"text": "Price"}, meeting.id: on(TOMORROW, state="held")},
            set(),
            NOW,
        )
    assert (broken.value.question_id, broken.value.code) == (meeting.id, Fault.IN_FUTURE)
    assert session.scalar(select(func.count()).select_from(Answer)) == 0
    assert session.scalar(select(func.count()).select_from(AnswerSet)) == 0


def test_the_future_begins_at_the_teams_midnight(session: Session, world: World) -> None:
    deal = a_deal(session, world.ana, "Discovery")
    evening = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)  # 22:00 on the 24th in New York
    answer(session, deal, evening, buyer_met=on(TODAY, met=True))
    with pytest.raises(InvalidAnswer) as broken:
        answer(session, deal, evening, buyer_met=on(TOMORROW, met=True))
    assert broken.value.code is Fault.IN_FUTURE


def test_the_database_holds_one_current_answer(session: Session, world: World) -> None:
    deal = a_deal(session, world.ana, "Proposal")
    made = answer(session, deal, objection={"text": "Price"})
    question = questions_of(session, deal)[1]
    session.add(
        Answer(
            answer_set_id=made.id,
            deal_id=deal.id,
            question_id=question.id,
            value={"text": "Two"},
            answered_at=NOW,
            confirmed_at=NOW,
        )
    )
    with pytest.raises(IntegrityError):
        session.flush()


def test_twenty_submissions_at_once_leave_one_current(database: Database, world: World) -> None:
    with database.transaction(world.workspace_id) as session:
        deal_id = a_deal(session, world.ana, "Proposal").id
    ready = Barrier(20)

    def submit(number: int) -> None:
        ready.wait()
        with database.transaction(world.workspace_id) as session:
            text = {"text": f"Objection {number}"}
            answer(session, get_deal(session, deal_id), objection=text)

    threads = [Thread(target=submit, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.transaction(world.workspace_id) as session:
        found = trail(session, get_deal(session, deal_id), "objection")
        assert len(found) == 20
        assert [is_current for _, is_current in found] == [False] * 19 + [True]
