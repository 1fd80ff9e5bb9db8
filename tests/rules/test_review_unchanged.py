"""Deals that stay as they are from review to review; the manager who does the reps' work."""

from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy.orm import Session

from models.deals import Deal
from models.next_actions import set_next_action
from models.people import get_person
from models.pipeline_review import DecisionKind, Review, ReviewState, rescuing, review_deals
from models.screens import closing_card, deal_card, home
from tests.reviews import a_review, close, deal_of, decide, hold, some_deals
from tests.world import NOW, TODAY, World, a_deal

WEEK = timedelta(days=7)


def held(
    session: Session, world: World, deals: list[Deal], week: int, texts: dict[int, str]
) -> Review:
    """A review so many weeks from now in which each deal is held with that next action."""
    at = NOW + week * WEEK
    review = a_review(session, world, deals, decide_from=at, started_at=at)
    for entry in review_deals(session, review.id):
        text = texts.get(entry.deal_id, "Send Dana the security paper")
        due = TODAY + week * WEEK + timedelta(days=3)
        decide(session, world.max, entry.id, hold(world, text=text, due_on=due), at)
    return close(session, world, review, at)


def named(session: Session, review: Review) -> tuple[str, ...]:
    card = closing_card(session, review.id, NOW)
    assert card is not None
    return card.unchanged


def test_unchanged_for_three_reviews(session: Session, world: World) -> None:
    """The first one sets the next action, which is a change; then it takes three."""
    deals = some_deals(session, world, 5)
    moved, other, *still = deals
    closed = []
    for week in range(4):
        texts = {moved.id: f"Another thing, number {week}"} if week == 3 else {}
        closed.append(held(session, world, deals, week, texts))
        if week == 1:
            other.close_on = date(2027, 2, 1)
            session.flush()
    assert [len(named(session, review)) for review in closed] == [0, 0, 0, 3]
    assert named(session, closed[3]) == tuple(deal.name for deal in still)


def test_a_re_dating_is_a_change(session: Session, world: World) -> None:
    deals = some_deals(session, world, 5)
    for week in range(3):
        held(session, world, deals, week, {})
    at, due = NOW + 3 * WEEK, TODAY + 3 * WEEK + timedelta(days=3)
    review = a_review(session, world, deals, decide_from=at, started_at=at)
    first, *rest = review_deals(session, review.id)
    same = hold(world, due_on=due)
    for entry in rest:
        decide(session, world.max, entry.id, same, at)
    new_date = replace(same, kind=DecisionKind.RE_DATE, close_on=date(2027, 3, 1))
    decide(session, world.max, first.id, new_date, at)
    close(session, world, review, at)
    assert len(named(session, review)) == 4
    assert deal_of(session, first).name not in named(session, review)


def test_the_card_counts_reviews_of_the_same_stage_and_date(session: Session, world: World) -> None:
    deals = some_deals(session, world, 5)
    counts = []
    for week in range(3):
        at = NOW + week * WEEK
        review = a_review(session, world, deals, decide_from=at, started_at=at)
        entries = review_deals(session, review.id)
        card = deal_card(session, entries[0].id, at)
        assert card is not None
        counts.append(card.unchanged_reviews)
        for entry in entries:
            text = f"Another thing, number {week}"  # next actions are not looked at here
            due = TODAY + week * WEEK + timedelta(days=3)
            decide(session, world.max, entry.id, hold(world, text=text, due_on=due), at)
        if week == 1:  # one that was abandoned counts neither way
            review.state, review.closed_at = ReviewState.ABANDONED, at
            session.flush()
        else:
            close(session, world, review, at)
    assert counts == [0, 1, 1]


# --- rescuing


def actions(session: Session, world: World, owners: str, of: int | None = None) -> None:
    """A next action each, of a new deal of Ana's (or `of` somebody)."""
    for owner in owners.split():
        deal = a_deal(session, of or world.ana)
        due = TODAY + timedelta(days=3)
        owner_id = getattr(world, owner)
        set_next_action(session, deal.id, "Send the price", owner_id, due, world.max, NOW)


def test_the_share_that_the_manager_owns(session: Session, world: World) -> None:
    boss = get_person(session, world.max)
    actions(session, world, "max ana ben")
    actions(session, world, "max max", of=world.max)  # the manager's own deals count nowhere
    few = rescuing(session, [boss], TODAY, TODAY)[boss.id]
    assert (few.owned, few.of, few.share) == (1, 3, None)
    actions(session, world, "max ana")
    found = rescuing(session, [boss], TODAY, TODAY)[boss.id]
    assert (found.owned, found.of, found.share) == (2, 5, 0.4)
    tomorrow = TODAY + timedelta(days=1)
    assert rescuing(session, [boss], tomorrow, tomorrow)[boss.id].of == 0
    lea = get_person(session, world.lea)
    assert rescuing(session, [lea], TODAY, TODAY)[lea.id].of == 0


def test_a_corrected_decision_counts_once(session: Session, world: World) -> None:
    review = a_review(session, world)
    entry = review_deals(session, review.id)[0]
    decide(session, world.max, entry.id, hold(world, owner_id=world.max))
    decide(session, world.max, entry.id, hold(world, text="Send Dana the price"))
    boss = get_person(session, world.max)
    found = rescuing(session, [boss], TODAY, TODAY)[boss.id]
    assert (found.owned, found.of) == (0, 1)


def test_manager_and_leader_see_it_at_home(session: Session, world: World) -> None:
    actions(session, world, "max ana")
    for name in ("max", "lea"):
        coach = home(session, get_person(session, getattr(world, name)), NOW).coach
        assert coach is not None
        [shown] = coach.rescuing
        assert (shown.manager.name, shown.owned, shown.of, shown.least) == ("Max", 1, 2, 5)
    assert home(session, get_person(session, world.ana), NOW).coach is None
