"""The review's two prompts: cards on Tuesday 15:00, deciding from Wednesday 10:00."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.agenda import PROMPTS, next_due
from models.delivery import Delivery, Kind, find
from models.people import get_person, team
from models.pipeline_review import ReviewKind, open_review, review_deals
from models.roster import put_team
from models.schedule import (
    Lateness,
    Occurrence,
    OccurrenceState,
    materialise,
    put_schedule,
    settle,
)
from models.setup import ReviewTimes, WeekTime, put_times
from models.week import CARDS, DECIDING
from tests.reviews import a_review, close, decide, hold, hold_all, some_deals
from tests.world import NOW, World

WEDNESDAY = datetime(2026, 11, 25, 15, 0, tzinfo=UTC)  # 10:00 in New York


@pytest.fixture
def scheduled(session: Session, world: World) -> World:
    """West's review is scheduled as the product has it."""
    for prompt, weekdays, at in ((CARDS, "2", time(15)), (DECIDING, "3", time(10))):
        put_schedule(
            session,
            world.team,
            prompt,
            weekdays=weekdays,
            local_time=at,
            zone="America/New_York",
            lateness=Lateness.NEXT_DAY_TIME,
            late_until=time(10),
            active_from=date(2026, 11, 23),
        )
    return world


def _run(session: Session, now: datetime) -> list[Occurrence]:
    """Carry out what is due, as the scheduler does; what it was, oldest first."""
    materialise(session, now)
    due = session.scalars(
        select(Occurrence)
        .where(Occurrence.state == OccurrenceState.DUE, Occurrence.due_at <= now)
        .order_by(Occurrence.due_at, Occurrence.id)
    ).all()
    for occurrence in due:
        prompt = CARDS if occurrence.local_date.isoweekday() == 2 else DECIDING
        PROMPTS[prompt](session, occurrence, now)
        settle(occurrence, now)
    session.flush()
    return list(due)


def _of_kind(session: Session, kind: Kind) -> list[Delivery]:
    return list(session.scalars(select(Delivery).where(Delivery.kind == kind)))


def test_tuesday_starts_the_picked_review(session: Session, scheduled: World) -> None:
    deals = some_deals(session, scheduled, 9)

    [cards] = _run(session, NOW)

    review = open_review(session, scheduled.team)
    assert review is not None
    assert (review.kind, review.started_by_id, review.decide_from) == (
        ReviewKind.SCHEDULED,
        None,
        WEDNESDAY,
    )
    assert [e.deal_id for e in review_deals(session, review.id)] == [d.id for d in deals[:7]]
    assert cards.state is OccurrenceState.RAN
    assert _of_kind(session, Kind.REVIEW_DECIDING) == []


def test_wednesday_tells_the_manager_what_lacks(session: Session, scheduled: World) -> None:
    some_deals(session, scheduled, 5)
    _run(session, NOW)
    review = open_review(session, scheduled.team)
    assert review is not None
    assert _of_kind(session, Kind.REVIEW_DECIDING) == []

    [deciding] = _run(session, WEDNESDAY)

    assert deciding.state is OccurrenceState.RAN
    [told] = _of_kind(session, Kind.REVIEW_DECIDING)
    assert (told.person_id, told.subject_id, told.due_at) == (scheduled.max, review.id, WEDNESDAY)
    parent = find(session, Kind.REVIEW_PARENT, review.id)
    assert parent is not None
    session.refresh(parent)
    assert parent.revision == 2


def test_while_the_manager_is_inactive_the_leader_is_told(
    session: Session, scheduled: World
) -> None:
    some_deals(session, scheduled, 5)
    _run(session, NOW)
    get_person(session, scheduled.max).active = False

    _run(session, WEDNESDAY)

    assert [each.person_id for each in _of_kind(session, Kind.REVIEW_DECIDING)] == [scheduled.lea]


def test_an_open_review_is_left_as_it_is(session: Session, scheduled: World) -> None:
    review = a_review(session, scheduled)

    [cards] = _run(session, NOW)

    assert (cards.state, cards.reason) == (OccurrenceState.SKIPPED, "review_open")
    assert open_review(session, scheduled.team) is review
    told = {notice.person_id for notice in _of_kind(session, Kind.SCHEDULE_SKIPPED)}
    assert told == {scheduled.max, scheduled.ada}


def test_without_deals_the_manager_and_the_admins_are_told(
    session: Session, scheduled: World
) -> None:
    [cards] = _run(session, NOW)

    assert (cards.state, cards.reason, cards.settled_at) == (
        OccurrenceState.SKIPPED,
        "no_deals",
        NOW,
    )
    told = _of_kind(session, Kind.SCHEDULE_SKIPPED)
    assert [(each.subject_id, each.person_id) for each in told] == [
        (cards.id, scheduled.max),
        (cards.id, scheduled.ada),
    ]


def test_without_a_channel_nothing_starts_and_it_is_said(
    session: Session, scheduled: World
) -> None:
    some_deals(session, scheduled, 5)
    put_team(session, "West", currency="USD", zone="America/New_York", channel_id=None)

    [cards] = _run(session, NOW)

    assert (cards.state, cards.reason) == (OccurrenceState.SKIPPED, "no_channel")
    assert open_review(session, scheduled.team) is None
    assert len(_of_kind(session, Kind.SCHEDULE_SKIPPED)) == 2


def test_nothing_to_decide(session: Session, scheduled: World) -> None:
    review = a_review(session, scheduled)
    _run(session, NOW)
    hold_all(session, scheduled, review)

    [deciding] = _run(session, WEDNESDAY)

    assert (deciding.state, deciding.reason) == (OccurrenceState.SKIPPED, "all_decided")


def test_no_review_to_decide(session: Session, scheduled: World) -> None:
    review = a_review(session, scheduled)
    _run(session, NOW)
    hold_all(session, scheduled, review)
    close(session, scheduled, review)

    [deciding] = _run(session, WEDNESDAY)

    assert deciding.reason == "no_review"


def test_answers_by_a_later_time_are_waited_for(session: Session, scheduled: World) -> None:
    a_review(session, scheduled, decide_from=WEDNESDAY + timedelta(hours=5))
    _run(session, NOW)

    [deciding] = _run(session, WEDNESDAY)

    assert deciding.reason == "decides_later"


def test_without_a_deciding_prompt_it_is_decided_at_once(
    session: Session, scheduled: World
) -> None:
    put_schedule(
        session,
        scheduled.team,
        DECIDING,
        weekdays="3",
        local_time=time(10),
        zone="America/New_York",
        lateness=Lateness.MIDNIGHT,
        active_from=date(2026, 11, 23),
        is_on=False,
    )
    some_deals(session, scheduled, 5)

    _run(session, NOW)

    review = open_review(session, scheduled.team)
    assert review is not None
    assert review.decide_from == NOW
    assert decide(session, scheduled.max, review_deals(session, review.id)[0].id, hold(scheduled))


@pytest.mark.parametrize(
    "times",
    [
        ReviewTimes(WeekTime(2, time(14)), WeekTime(2, time(14, 30))),  # both have passed
        ReviewTimes(WeekTime(2, time(15)), WeekTime(4, time(16))),
        ReviewTimes(WeekTime(2, time(15)), WeekTime(3, time(18))),
        ReviewTimes(is_on=False),
    ],
)
def test_deciding_of_an_open_review_comes_when_it_was_told_to(
    session: Session, scheduled: World, times: ReviewTimes
) -> None:
    some_deals(session, scheduled, 5)
    _run(session, NOW)
    west, later = team(session, scheduled.team), NOW + timedelta(minutes=5)
    put_times(session, west, times, later)
    assert _run(session, WEDNESDAY - timedelta(minutes=1)) == []
    [deciding] = _run(session, WEDNESDAY)
    assert (deciding.state, deciding.due_at) == (OccurrenceState.RAN, WEDNESDAY)
    assert len(_of_kind(session, Kind.REVIEW_DECIDING)) == 1
    put_times(session, west, ReviewTimes(), WEDNESDAY + timedelta(minutes=30))
    materialise(session, WEDNESDAY + timedelta(days=2))
    on_that_day = select(Occurrence).where(Occurrence.local_date == WEDNESDAY.date())
    assert len(session.scalars(on_that_day).all()) == 1


def test_when_a_prompt_comes_next(session: Session, scheduled: World) -> None:
    assert next_due(session, scheduled.team, CARDS, NOW) == NOW + timedelta(days=7)
    assert next_due(session, scheduled.team, DECIDING, NOW) == WEDNESDAY
    assert next_due(session, scheduled.team, "review.pick", NOW) is None
