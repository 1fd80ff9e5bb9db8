"""Reviews for tests, made through the product's own rules: deals, a start, decisions, a closing."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from models.deals import Deal, get_deal
from models.people import get_person, team
from models.pipeline_review import (
    Decision,
    DecisionInput,
    DecisionKind,
    Removal,
    Review,
    ReviewDeal,
    ReviewKind,
    close_review,
    current_decision,
    record_decision,
    review_deals,
    start_review,
)
from tests.world import NOW, TODAY, World, a_deal

DUE = TODAY + timedelta(days=7)


def some_deals(
    session: Session, world: World, number: int = 6, stage: str = "Proposal"
) -> list[Deal]:
    """So many deals of Ana and Ben by turns, worth less and less, closing on 15 December."""
    owners = (world.ana, world.ben)
    return [
        a_deal(
            session,
            owners[n % 2],
            stage,
            name=f"Customer {n + 1}",
            amount_minor=(number - n) * 10_000_00,
        )
        for n in range(number)
    ]


def a_review(
    session: Session,
    world: World,
    deals: Sequence[Deal] | None = None,
    *,
    decide_from: datetime = NOW,
    started_at: datetime = NOW,
) -> Review:
    """Max starts a review of these deals (of some, without them), live unless said otherwise."""
    chosen = some_deals(session, world) if deals is None else deals
    return start_review(
        session,
        get_person(session, world.max),
        team(session, world.team),
        [deal.id for deal in chosen],
        started_at,
        kind=ReviewKind.AD_HOC,
        decide_from=decide_from,
    )


def entry_of(session: Session, review: Review, deal: Deal) -> ReviewDeal:
    """The deal in that review."""
    return next(each for each in review_deals(session, review.id) if each.deal_id == deal.id)


def hold(
    world: World,
    *,
    reason: str = "Waits for their board",
    text: str = "Send Dana the security paper",
    owner_id: int | None = None,
    due_on: date = DUE,
) -> DecisionInput:
    """To hold, with Ana's next action."""
    return DecisionInput(
        DecisionKind.HOLD,
        reason=reason,
        next_text=text,
        next_owner_id=owner_id or world.ana,
        next_due_on=due_on,
    )


def advance(world: World) -> DecisionInput:
    """To advance, with Ana's next action."""
    return DecisionInput(
        DecisionKind.ADVANCE,
        next_text="Agree the terms with legal",
        next_owner_id=world.ana,
        next_due_on=DUE,
    )


def demote(world: World, stage: str = "Discovery") -> DecisionInput:
    """To demote, with Ana's next action."""
    return DecisionInput(
        DecisionKind.DEMOTE,
        reason="No meeting, buyer not met",
        stage_id=world.stages[stage],
        next_text="Book the economic buyer",
        next_owner_id=world.ana,
        next_due_on=DUE,
    )


def re_date(world: World, close_on: date = date(2027, 1, 29)) -> DecisionInput:
    """To re-date, with Ana's next action."""
    return DecisionInput(
        DecisionKind.RE_DATE,
        reason="Their budget opens in January",
        close_on=close_on,
        next_text="Ask Dana for the budget date",
        next_owner_id=world.ana,
        next_due_on=DUE,
    )


def remove(removal: Removal = Removal.LOST) -> DecisionInput:
    """To remove."""
    return DecisionInput(DecisionKind.REMOVE, reason="They chose somebody else", removal=removal)


def decide(
    session: Session,
    person_id: int,
    review_deal_id: int,
    choice: DecisionInput,
    now: datetime = NOW,
) -> Decision:
    """This person decides, having seen whatever stands."""
    seen = current_decision(session, review_deal_id)
    return record_decision(
        session,
        get_person(session, person_id),
        review_deal_id,
        choice,
        now,
        replacing=None if seen is None else seen.id,
    )


def hold_all(session: Session, world: World, review: Review, now: datetime = NOW) -> None:
    """Max holds every deal that has no decision."""
    for entry in review_deals(session, review.id):
        if current_decision(session, entry.id) is None:
            decide(session, world.max, entry.id, hold(world), now)


def close(session: Session, world: World, review: Review, now: datetime = NOW) -> Review:
    """Max closes the review."""
    return close_review(session, get_person(session, world.max), review.id, now)


def deal_of(session: Session, entry: ReviewDeal) -> Deal:
    """The deal itself."""
    return get_deal(session, entry.deal_id)
