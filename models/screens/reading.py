"""Deals of one review, read at one moment with all that is said about them."""

from collections.abc import Sequence
from datetime import date, datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.deals import Deal, Stage, stages
from models.evidence import Standing, standing
from models.next_actions import NextAction, open_actions
from models.people import Person, people_by_id, team, today_of
from models.pipeline_review import (
    Decision,
    DecisionKind,
    Review,
    ReviewDeal,
    current_decisions,
    is_settled,
    left_team,
    questioned_stages,
    recommended,
)
from models.screens.pieces import (
    closed_shown,
    deal_shown,
    decision_shown,
    evidence_shown,
    next_shown,
    stage_shown,
    team_shown,
)
from models.screens.review_shown import (
    DealLine,
)
from models.screens.shown import (
    ClosedShown,
    DealShown,
    DecisionShown,
    EvidenceShown,
    NextShown,
    Posted,
    StageShown,
    TeamShown,
)


class Reading:
    """Some deals of a review. Everything is read once; each method then shapes one piece of it."""

    def __init__(
        self, session: Session, review: Review, entries: Sequence[ReviewDeal], now: datetime
    ) -> None:
        self.session, self.review, self.entries, self.now = session, review, entries, now
        self.of_team = team(session, review.team_id)
        self.today = today_of(self.of_team, now)
        self.stages: dict[int, Stage] = {stage.id: stage for stage in stages(session)}
        found = session.scalars(select(Deal).where(Deal.id.in_([e.deal_id for e in entries])))
        self.deals: dict[int, Deal] = {deal.id: deal for deal in found}
        self.decisions = current_decisions(session, [entry.id for entry in entries])
        self.left = left_team(session, review.team_id, self.deals.values())
        self.standings: dict[int, Standing] = standing(
            session, self.deals.values(), now, self.today
        )
        self.open_actions = open_actions(session, self.deals)
        decided = {decision.next_action_id for decision in self.decisions.values()}
        actions = session.scalars(select(NextAction).where(NextAction.id.in_(decided)))
        self.decided_actions: dict[int | None, NextAction] = {a.id: a for a in actions}
        self.people = self._people()

    def _people(self) -> dict[int, Person]:
        ids = {deal.owner_id for deal in self.deals.values()}
        ids |= {decision.decided_by_id for decision in self.decisions.values()}
        ids |= {action.owner_id for action in self.open_actions.values()}
        ids |= {action.owner_id for action in self.decided_actions.values()}
        if self.review.closed_by_id is not None:
            ids.add(self.review.closed_by_id)
        return people_by_id(self.session, ids)

    @cached_property
    def questioned(self) -> set[int]:
        return questioned_stages(self.session)

    @property
    def team(self) -> TeamShown:
        return team_shown(self.of_team)

    @property
    def closed(self) -> ClosedShown | None:
        return closed_shown(self.review, self.people)

    @property
    def is_deciding(self) -> bool:
        return self.now >= self.review.decide_from

    def deal_of(self, entry: ReviewDeal) -> Deal:
        return self.deals[entry.deal_id]

    def deal(self, entry: ReviewDeal) -> DealShown:
        deal = self.deal_of(entry)
        owner = self.people[deal.owner_id]
        return deal_shown(deal, self.stages[deal.stage_id], owner, self.of_team)

    def evidence(self, entry: ReviewDeal) -> EvidenceShown:
        return evidence_shown(self.standings[entry.deal_id])

    def settled(self, entry: ReviewDeal) -> StageShown | None:
        deal = self.deal_of(entry)
        if not is_settled(self.decisions.get(entry.id), deal, self.stages):
            return None
        return stage_shown(self.stages[deal.stage_id])

    def has_left(self, entry: ReviewDeal) -> bool:
        """Whether the deal went to another team undecided, and open."""
        undecided = entry.id not in self.decisions and self.settled(entry) is None
        return undecided and entry.deal_id in self.left

    def is_undecided(self, entry: ReviewDeal) -> bool:
        undecided = entry.id not in self.decisions and self.settled(entry) is None
        return undecided and entry.deal_id not in self.left

    def unanswered(self, entry: ReviewDeal) -> int:
        """How many questions wait for the owner; none once a decision stands."""
        return self.evidence(entry).unanswered if self.is_undecided(entry) else 0

    def recommended(self, entry: ReviewDeal) -> DecisionKind | None:
        if not self.is_deciding or not self.is_undecided(entry):
            return None
        stage = self.stages[self.deal_of(entry).stage_id]
        evidence = self.standings[entry.deal_id]
        return recommended(stage, evidence, self.questioned, list(self.stages.values()))

    def next_action(self, entry: ReviewDeal) -> NextShown | None:
        """The deal's open next action, unless its decision set it and so says it."""
        action = self.open_actions.get(entry.deal_id)
        decision = self.decisions.get(entry.id)
        if action is None or (decision is not None and decision.next_action_id == action.id):
            return None
        return next_shown(action, self.people, self.today)

    def decision(self, entry: ReviewDeal) -> DecisionShown | None:
        decision = self.decisions.get(entry.id)
        if decision is None:
            return None
        return decision_shown(
            decision,
            self.deal_of(entry),
            self.stages,
            self.people,
            self.decided_actions.get(decision.next_action_id),
            self.today,
            replaced_by(self.session, decision),
        )

    def line(self, entry: ReviewDeal, card: Posted | None) -> DealLine:
        decision = self.decisions.get(entry.id)
        return DealLine(
            review_deal_id=entry.id,
            deal=self.deal(entry),
            evidence=self.evidence(entry),
            decided=None if decision is None else decision.kind,
            settled=self.settled(entry),
            recommended=self.recommended(entry),
            card=card,
            left=self.has_left(entry),
        )


def replaced_by(session: Session, decision: Decision) -> int:
    """How many earlier decisions about this deal in this review a decision supersedes."""
    return (
        session.scalar(
            select(func.count())
            .select_from(Decision)
            .where(Decision.review_deal_id == decision.review_deal_id, Decision.id < decision.id)
        )
        or 0
    )


def day_of(review: Review, zone: str) -> date:
    """The review's day: the local date on which deciding begins."""
    return review.decide_from.astimezone(ZoneInfo(zone)).date()
