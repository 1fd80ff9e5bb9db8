"""Reviews that nobody closes, at the next scheduled one: abandoned, or closed by themselves."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.agenda import review_cards
from models.base import Database
from models.delivery import Delivery, Kind, find
from models.people import get_person, team
from models.pipeline_review import (
    Grade,
    Review,
    ReviewClosed,
    ReviewState,
    close_review,
    get_review,
    last_closed,
    make_way,
    open_review,
    review_deals,
)
from models.schedule import Lateness, Occurrence, OccurrenceState, put_schedule
from models.screens import closing_card, deal_card, review_ended, review_parent
from models.week import CARDS, DECIDING
from tests.reviews import a_review, deal_of, decide, hold, hold_all
from tests.world import NOW, World

WEEK = timedelta(days=7)
LAST_WEEK = NOW - WEEK + timedelta(hours=19)  # Wednesday 10:00


@pytest.fixture
def cards(session: Session, world: World) -> Occurrence:
    """Tuesday's deal cards of West are due; it decides on Wednesdays."""
    for prompt, weekday, at in ((CARDS, "2", time(15)), (DECIDING, "3", time(10))):
        schedule, _ = put_schedule(
            session, world.team, prompt, weekdays=weekday, local_time=at, zone="America/New_York",
            lateness=Lateness.MIDNIGHT, active_from=date(2026, 11, 23),
        )  # fmt: skip
        due = Occurrence(
            schedule_id=schedule.id, local_date=NOW.date(), due_at=NOW, state=OccurrenceState.DUE
        )
        if prompt == CARDS:
            session.add(due)
            session.flush()
            made = due
    return made


def a_week_old(session: Session, world: World) -> Review:
    return a_review(session, world, decide_from=LAST_WEEK, started_at=NOW - WEEK)


def ended(session: Session) -> list[int | None]:
    return list(
        session.scalars(select(Delivery.person_id).where(Delivery.kind == Kind.REVIEW_ENDED))
    )


def test_undecided_deals_make_it_abandoned(
    session: Session, world: World, cards: Occurrence
) -> None:
    old = a_week_old(session, world)
    first, second, *rest = review_deals(session, old.id)
    decide(session, world.max, first.id, hold(world), LAST_WEEK)
    review_cards(session, cards, NOW)

    assert (old.state, old.closed_at, old.closed_by_id, old.grade) == (
        ReviewState.ABANDONED,
        NOW,
        None,
        None,
    )
    undecided = [entry.deal_id for entry in (second, *rest)]
    assert old.figures["undecided"] == undecided
    assert cards.state is OccurrenceState.DUE  # not skipped: whoever runs it says that it ran
    new = open_review(session, world.team)
    assert new is not None
    assert new.id != old.id
    assert last_closed(session, world.team) is None
    assert ended(session) == [world.max, world.lea]
    assert find(session, Kind.REVIEW_CLOSING, old.id) is None

    shown = review_ended(session, old.id, NOW)
    assert shown is not None
    assert (shown.deals, len(shown.undecided)) == (6, 5)
    assert deal_of(session, second).name in shown.undecided
    assert review_parent(session, old.id, NOW) is None, "nobody is told now of what nobody saw"
    assert deal_card(session, second.id, NOW) is None
    for message in session.scalars(select(Delivery)):
        message.ts = "1764000000.000100"
    parent = review_parent(session, old.id, NOW)
    assert parent is not None
    assert parent.closed is not None
    assert (parent.closed.state, parent.closed.undecided, parent.waiting) == (
        ReviewState.ABANDONED,
        5,
        (),
    )
    card = deal_card(session, second.id, NOW)
    assert card is not None
    assert (card.answerable, card.decidable, card.correctable) == (False, False, False)
    with pytest.raises(ReviewClosed):
        decide(session, world.max, second.id, hold(world))


def test_all_decided_it_closes_by_itself_with_its_grade(
    session: Session, world: World, cards: Occurrence
) -> None:
    old = a_week_old(session, world)
    hold_all(session, world, old, LAST_WEEK)
    review_cards(session, cards, NOW)
    assert (old.state, old.grade, old.closed_by_id) == (
        ReviewState.CLOSED,
        Grade.BELOW_STANDARD,
        None,
    )
    assert ended(session) == []
    card = closing_card(session, old.id, NOW)
    assert card is not None
    assert card.closed.by is None
    assert last_closed(session, world.team) is old
    assert open_review(session, world.team) is not None


@pytest.mark.parametrize("decides_in", [timedelta(0), timedelta(hours=-3), timedelta(hours=2)])
def test_one_that_decides_today_or_later_goes_on(
    session: Session, world: World, cards: Occurrence, decides_in: timedelta
) -> None:
    running = a_review(
        session, world, decide_from=NOW + decides_in, started_at=NOW - timedelta(hours=5)
    )
    review_cards(session, cards, NOW)
    assert (cards.state, cards.reason) == (OccurrenceState.SKIPPED, "review_open")
    assert running.state is ReviewState.OPEN


def test_it_ends_even_where_no_new_one_can_start(
    session: Session, world: World, cards: Occurrence
) -> None:
    old = a_week_old(session, world)
    team(session, world.team).channel_id = None
    review_cards(session, cards, NOW)
    assert (old.state, cards.reason) == (ReviewState.ABANDONED, "no_channel")


def test_without_a_manager_above_the_leader_alone_is_told(
    session: Session, world: World, cards: Occurrence
) -> None:
    a_week_old(session, world)
    get_person(session, world.max).active = False
    review_cards(session, cards, NOW)
    assert ended(session) == [world.lea]


def test_closing_at_the_same_moment_is_one_ending(database: Database, world: World) -> None:
    """Whoever comes second finds it over, and says so."""
    with database.transaction(world.workspace_id) as session:
        old = a_week_old(session, world)
        hold_all(session, world, old, LAST_WEEK)
    with database.transaction(world.workspace_id) as session:
        close_review(session, get_person(session, world.max), old.id, NOW)
    with database.transaction(world.workspace_id) as session:
        assert make_way(session, team(session, world.team), NOW + timedelta(days=1)) is None
        found = get_review(session, old.id)
        assert (found.closed_by_id, found.closed_at) == (world.max, NOW)


def test_dates_are_the_teams(session: Session, world: World) -> None:
    """Deciding began at 23:00 in New York, which is the next day in UTC: it was yesterday's."""
    late = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
    review = a_review(session, world, decide_from=late, started_at=late - timedelta(hours=1))
    assert make_way(session, team(session, world.team), NOW) is None
    assert review.state is ReviewState.ABANDONED
