"""Starting a review, by a person or by the schedule."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import access
from models.access import Act
from models.deals import Deal, open_deals
from models.next_actions import open_actions
from models.people import Person, Team, standards
from models.pipeline_review.owed import owe_start
from models.pipeline_review.pick import Candidate, candidates, choose
from models.pipeline_review.reading import open_review
from models.pipeline_review.refusals import (
    AlreadyOpen,
    NoChannel,
    NoDeals,
    NotTheTeams,
    TooFewDeals,
    TooManyDeals,
)
from models.pipeline_review.tables import Review, ReviewDeal, ReviewKind, ReviewState


def start_review(
    session: Session,
    actor: Person | None,
    team: Team,
    deal_ids: Sequence[int],
    now: datetime,
    *,
    kind: ReviewKind,
    decide_from: datetime,
    by_hand: Collection[int] | None = None,
) -> Review:
    """Open the team's review of these deals, in this order, and owe its messages.

    `actor` None: by the schedule. `decide_from`: live now, answers by then, or the schedule's next
    deciding. 5–10 deals (standards), or all of a team that has fewer open ones. What is kept of
    each deal is how it stands now and why it was picked (product.md, "Pipeline review"). `by_hand`:
    which of them somebody added; None: those that the score would not pick now.

    Raises `Refused`, `NoChannel`, `AlreadyOpen` (one per team, whoever was first), `NoDeals`,
    `NotTheTeams`, `TooFewDeals`, `TooManyDeals`.
    """
    if actor is not None:
        access.require(session, actor, Act.START_REVIEW, team_id=team.id)
    team = hold_team(session, team)
    if team.channel_id is None:
        raise NoChannel(team.id)
    running = open_review(session, team.id)
    if running is not None:
        raise AlreadyOpen(running.id)
    found = {candidate.deal_id: candidate for candidate in candidates(session, team, now)}
    chosen = list(dict.fromkeys(deal_ids))
    check_choice(session, team, chosen, found)
    deals = {deal.id: deal for deal in open_deals(session, team.id)}
    review = Review(
        team_id=team.id,
        kind=kind,
        state=ReviewState.OPEN,
        started_at=now,
        started_by_id=None if actor is None else actor.id,
        decide_from=max(decide_from, now),
        figures={"start": _amounts(team, deals, chosen)},
    )
    session.add(review)
    session.flush()
    if by_hand is None:
        best = choose(list(found.values()), standards(session).review_deals)
        by_hand = set(chosen) - {candidate.deal_id for candidate in best}
    entries = _entries(session, review, [deals[deal_id] for deal_id in chosen], found, by_hand)
    owners = {entry.id: deals[entry.deal_id].owner_id for entry in entries}
    owe_start(session, review, team.channel_id, entries, owners, now)
    return review


def bounds(session: Session, open_deals: int) -> tuple[int, int]:
    """How few and how many deals a review takes, of so many open ones."""
    rules = standards(session)
    return min(rules.review_deals_least, open_deals), rules.review_deals_most


def hold_team(session: Session, team: Team) -> Team:
    """The team as it is now, so that of two who start at once the second sees the first's."""
    return session.scalars(
        select(Team)
        .where(Team.id == team.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).one()


def check_choice(
    session: Session, team: Team, chosen: Sequence[int], found: Mapping[int, Candidate]
) -> None:
    """Raises `NoDeals`, `NotTheTeams`, `TooFewDeals`, `TooManyDeals`."""
    if not found:
        raise NoDeals(team.id)
    strangers = tuple(deal_id for deal_id in chosen if deal_id not in found)
    if strangers:
        raise NotTheTeams(strangers)
    least, most = bounds(session, len(found))
    if len(chosen) < least:
        raise TooFewDeals(len(chosen), least, most)
    if len(chosen) > most:
        raise TooManyDeals(len(chosen), least, most)


def _amounts(team: Team, deals: dict[int, Deal], chosen: list[int]) -> dict[str, int]:
    """At the start, of the review's deals and of all the team's open ones: minor units of the
    team's currency; what has no amount, or one in another currency, adds nothing."""
    amounts = {
        deal.id: deal.amount_minor or 0 for deal in deals.values() if deal.currency == team.currency
    }
    return {
        "amount_minor": sum(amounts.get(deal_id, 0) for deal_id in chosen),
        "team_open_minor": sum(amounts.values()),
    }


def _entries(
    session: Session,
    review: Review,
    deals: list[Deal],
    found: dict[int, Candidate],
    by_hand: Collection[int],
) -> list[ReviewDeal]:
    actions = open_actions(session, [deal.id for deal in deals])
    entries = [
        ReviewDeal(
            review_id=review.id,
            deal_id=deal.id,
            position=position,
            why={**found[deal.id].why, "by_hand": deal.id in by_hand},
            stage_id=deal.stage_id,
            close_on=deal.close_on,
            amount_minor=deal.amount_minor,
            next_action_id=actions[deal.id].id if deal.id in actions else None,
        )
        for position, deal in enumerate(deals, start=1)
    ]
    session.add_all(entries)
    session.flush()
    return entries
