"""Closing a review: its grade, and the figures of the closing card, which never change again."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import access
from models.access import Act
from models.coverage import month_gap, team_coverage
from models.deals import Deal, Stage, StageKind, stages
from models.next_actions import NextAction
from models.people import Person, Team, members, standards, team, today_of
from models.pipeline_review.owed import owe_closing, refresh_review
from models.pipeline_review.reading import (
    current_decisions,
    is_settled,
    left_team,
    lock_review,
    review_deals,
)
from models.pipeline_review.refusals import AlreadyClosed, Undecided
from models.pipeline_review.tables import (
    Decision,
    DecisionKind,
    Grade,
    Review,
    ReviewDeal,
    ReviewState,
)
from models.pipeline_review.unchanged import is_changed, unchanged_before

FEWEST_REPS = 3  # a smaller team keeps its coverage private: product.md, "What is public"

DECIDED = frozenset({DecisionKind.ADVANCE, DecisionKind.DEMOTE, DecisionKind.REMOVE})


def close_review(session: Session, actor: Person, review_id: int, now: datetime) -> Review:
    """Close the review with its grade, and owe the closing card.

    Every deal has its decision, was closed by the CRM meanwhile, or left the team. Raises
    `UnknownReview`, `AlreadyClosed`, `Refused`, `Undecided` (which deals).
    """
    review = lock_review(session, review_id)
    if review.closed_at is not None:
        raise AlreadyClosed(review.id, review.closed_by_id, review.closed_at)
    access.require(session, actor, Act.CLOSE_REVIEW, team_id=review.team_id)
    outcome = Result(session, review_deals(session, review.id))
    if outcome.undecided:
        raise Undecided(outcome.undecided)
    close_with_grade(session, review, outcome, actor.id, now)
    return review


def close_with_grade(
    session: Session, review: Review, outcome: "Result", by_id: int | None, now: datetime
) -> None:
    """Close a review that is held, of which every deal is decided; `by_id` None: by itself."""
    of_team, entries = team(session, review.team_id), outcome.entries
    review.state = ReviewState.CLOSED
    review.closed_at = now
    review.closed_by_id = by_id
    review.grade = grade(
        [decision.kind for decision in outcome.decisions.values()],
        any(outcome.changed_next_action(entry) for entry in entries),
    )
    figures = _figures(session, of_team, outcome, now)
    review.figures = review.figures | {"closing": figures}
    session.flush()
    if of_team.channel_id is not None:
        owe_closing(session, review, of_team.channel_id, now)
    refresh_review(session, review, entries, now)


def undecided_deals(session: Session, review_id: int) -> tuple[int, ...]:
    """The ids of the deals that still lack their decision, in order of their cards; not those
    that the CRM closed during the review, nor those that left the team."""
    return Result(session, review_deals(session, review_id)).undecided


def grade(kinds: Iterable[DecisionKind], next_action_changed: bool) -> Grade:
    """decided: an advance, demotion or removal · below standard: only re-dates or changed next
    actions · status meeting: neither (product.md, "Pipeline review")."""
    found = set(kinds)
    if found & DECIDED:
        return Grade.DECIDED
    if DecisionKind.RE_DATE in found or next_action_changed:
        return Grade.BELOW_STANDARD
    return Grade.STATUS_MEETING


class Result:
    """What the review came to: decisions, next actions, what the CRM settled or went to another
    team, what lacks."""

    def __init__(self, session: Session, entries: Sequence[ReviewDeal]) -> None:
        self.entries = entries
        self.stages: dict[int, Stage] = {stage.id: stage for stage in stages(session)}
        deal_ids = [entry.deal_id for entry in entries]
        found = session.scalars(select(Deal).where(Deal.id.in_(deal_ids)))
        self.deals: dict[int, Deal] = {deal.id: deal for deal in found}
        self.decisions = current_decisions(session, [entry.id for entry in entries])
        self._left = _left(session, entries, self.deals)
        action_ids = {entry.next_action_id for entry in entries}
        action_ids |= {decision.next_action_id for decision in self.decisions.values()}
        actions = session.scalars(select(NextAction).where(NextAction.id.in_(action_ids)))
        self.actions: dict[int | None, NextAction] = {action.id: action for action in actions}

    @property
    def undecided(self) -> tuple[int, ...]:
        lacking = [entry for entry in self.entries if entry.id not in self.decisions]
        still = [entry for entry in lacking if not self.is_settled(entry)]
        return tuple(entry.deal_id for entry in still if entry.deal_id not in self._left)

    def is_settled(self, entry: ReviewDeal) -> bool:
        decision = self.decisions.get(entry.id)
        return is_settled(decision, self.deals[entry.deal_id], self.stages)

    def has_left(self, entry: ReviewDeal) -> bool:
        """Whether it went to another team undecided, and open."""
        undecided = entry.id not in self.decisions and not self.is_settled(entry)
        return undecided and entry.deal_id in self._left

    def changed_next_action(self, entry: ReviewDeal) -> bool:
        decision = self.decisions.get(entry.id)
        after = self.actions.get(decision.next_action_id) if decision is not None else None
        return is_changed(self.actions.get(entry.next_action_id), after)

    def left_as_it_was(self, entry: ReviewDeal) -> bool:
        """Whether the review's decision changed neither stage nor close date nor next action."""
        decision = self.decisions.get(entry.id)
        if decision is None or self.changed_next_action(entry):
            return False
        return (decision.after_stage_id, decision.after_close_on) == (
            entry.stage_id,
            entry.close_on,
        )


def _left(session: Session, entries: Sequence[ReviewDeal], deals: dict[int, Deal]) -> set[int]:
    if not entries:
        return set()
    review = session.scalars(select(Review).where(Review.id == entries[0].review_id)).one()
    return left_team(session, review.team_id, deals.values())


def _figures(session: Session, of_team: Team, outcome: Result, now: datetime) -> dict[str, Any]:
    """The closing card in what JSON can hold: ids, minor units, ISO dates."""
    today = today_of(of_team, now)
    counts = Counter(decision.kind.value for decision in outcome.decisions.values())
    return {
        "counts": {kind.value: counts[kind.value] for kind in DecisionKind},
        "rows": [
            _row(outcome, entry, outcome.decisions[entry.id])
            for entry in outcome.entries
            if entry.id in outcome.decisions
        ],
        "settled": [
            {
                "deal": outcome.deals[entry.deal_id].name,
                "stage": outcome.stages[outcome.deals[entry.deal_id].stage_id].name,
            }
            for entry in outcome.entries
            if outcome.is_settled(entry)
        ],
        "left": [
            outcome.deals[entry.deal_id].name
            for entry in outcome.entries
            if outcome.has_left(entry)
        ],
        "unchanged": {
            "reviews": standards(session).unchanged_reviews,
            "deals": [outcome.deals[deal_id].name for deal_id in _unchanged(session, outcome)],
        },
        "private": len(members(session, of_team.id)) < FEWEST_REPS,
        "coverage": _jsonable(asdict(team_coverage(session, of_team, today, now))),
        "month": _jsonable(asdict(month_gap(session, of_team, today))),
    }


def _unchanged(session: Session, outcome: Result) -> list[int]:
    """The deals that this review and those before it left as they were, as often as is named."""
    wanted = standards(session).unchanged_reviews
    still = [entry for entry in outcome.entries if outcome.left_as_it_was(entry)]
    before = unchanged_before(session, still)
    return [entry.deal_id for entry in still if before[entry.id] + 1 >= wanted]


def _row(outcome: Result, entry: ReviewDeal, decision: Decision) -> dict[str, Any]:
    action = outcome.actions.get(decision.next_action_id)
    after = outcome.stages[decision.after_stage_id]
    moved = after.id != decision.before_stage_id and after.kind is StageKind.OPEN
    re_dated = decision.kind is DecisionKind.RE_DATE
    return {
        "deal": outcome.deals[entry.deal_id].name,
        "kind": decision.kind.value,
        "removal": None if decision.removal is None else decision.removal.value,
        "won": after.kind is StageKind.WON,
        "to_stage": after.name if moved else None,
        "to_close": _jsonable(decision.after_close_on) if re_dated else None,
        "self_decided": decision.self_decided,
        "next_text": None if action is None else action.text,
        "next_owner_id": None if action is None else action.owner_id,
        "next_due": None if action is None else action.due_on.isoformat(),
    }


def _jsonable(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _jsonable(inner) for key, inner in value.items()}
    return value.isoformat() if isinstance(value, date) else value
