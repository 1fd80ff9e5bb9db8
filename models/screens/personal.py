"""Loaders of what one person asks for: the status of a team's review, a deal's history."""

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import access
from models.access import Act
from models.agenda import next_due
from models.deals import (
    Deal,
    DealChange,
    Field,
    Stage,
    UnknownDeal,
    changes,
    deal_team_id,
    get_deal,
    stages,
)
from models.next_actions import NextAction
from models.people import Person, Team, people_by_id, team, today_of
from models.pipeline_review import (
    Decision,
    Review,
    ReviewDeal,
    last_closed,
    open_review,
    review_deals,
    waiting_pick,
)
from models.screens.asked import (
    ChangeShown,
    HistoryScreen,
    HomeReview,
    PastDecision,
    ReviewStatus,
)
from models.screens.messages import parent_shown
from models.screens.pieces import (
    cards_of,
    closed_shown,
    deal_shown,
    decision_shown,
    money,
    parent_of,
    stage_shown,
    team_shown,
    who_shown,
)
from models.screens.reading import Reading, day_of
from models.screens.review_shown import (
    DealLine,
)
from models.screens.shown import (
    Money,
    StageShown,
    Who,
)
from models.week import CARDS, DECIDING


def review_status(session: Session, actor: Person, of_team: Team, now: datetime) -> ReviewStatus:
    """How the team's review stands, and what of it waits for this person. Raises `Refused`."""
    access.require(session, actor, Act.SEE_REVIEW, team_id=of_team.id)
    decides = access.may(session, actor, Act.DECIDE, team_id=of_team.id)
    review = open_review(session, of_team.id)
    found = None if review is None else home_review(session, actor, review, now, decides=decides)
    last = last_closed(session, of_team.id)
    may_start = access.may(session, actor, Act.START_REVIEW, team_id=of_team.id)
    pick = waiting_pick(session, of_team.id)
    adjusts = pick is not None and access.may(session, actor, Act.ADJUST_PICK, team_id=of_team.id)
    return ReviewStatus(
        team=team_shown(of_team),
        actor=who_shown(actor),
        review=None if found is None else found.review,
        parent=None if found is None else found.parent,
        mine=() if found is None else found.mine,
        decides=decides,
        may_start=may_start and review is None and of_team.channel_id is not None,
        last=None if last is None else closed_shown(last, _closer(session, last)),
        last_day=None if last is None else day_of(last, of_team.zone),
        next_cards=next_due(session, of_team.id, CARDS, now),
        next_deciding=next_due(session, of_team.id, DECIDING, now),
        pick_id=pick.id if pick is not None and adjusts else None,
    )


def _closer(session: Session, review: Review) -> dict[int, Person]:
    return people_by_id(session, [] if review.closed_by_id is None else [review.closed_by_id])


def home_review(
    session: Session, actor: Person, review: Review, now: datetime, *, decides: bool
) -> HomeReview:
    """An open review, and what of it waits for this person."""
    reading = Reading(session, review, review_deals(session, review.id), now)
    mine = [entry for entry in reading.entries if _waits_for(reading, entry, actor, decides)]
    return HomeReview(
        review=parent_shown(reading),
        parent=parent_of(session, review.id),
        mine=_lines(session, reading, mine),
        decides=decides,
        owns=any(reading.deal_of(entry).owner_id == actor.id for entry in reading.entries),
    )


def _waits_for(reading: Reading, entry: ReviewDeal, actor: Person, decides: bool) -> bool:
    """An owner's deal waits for answers; any undecided deal for who decides, once that began."""
    if not reading.is_undecided(entry):
        return False
    owns = reading.deal_of(entry).owner_id == actor.id
    return (owns and reading.unanswered(entry) > 0) or (decides and reading.is_deciding)


def _lines(
    session: Session, reading: Reading, entries: Iterable[ReviewDeal]
) -> tuple[DealLine, ...]:
    entries = list(entries)
    cards = cards_of(session, entries)
    return tuple(reading.line(entry, cards.get(entry.id)) for entry in entries)


# --- a deal's history


def history(session: Session, actor: Person, deal_id: int, now: datetime) -> HistoryScreen:
    """What changed about a deal and what was decided, newest first, superseded decisions too.

    For who may see the reviews of the deal's team. Raises `UnknownDeal`, `Refused`.
    """
    deal = get_deal(session, deal_id)
    team_id = deal_team_id(session, deal)
    if team_id is None:
        raise UnknownDeal(deal_id)
    access.require(session, actor, Act.SEE_REVIEW, team_id=team_id)
    past = _Past(session, deal, team(session, team_id), now)
    owner = past.people[deal.owner_id]
    return HistoryScreen(
        team=team_shown(past.of_team),
        deal=deal_shown(deal, past.stages[deal.stage_id], owner, past.of_team),
        changes=tuple(past.change(change) for change in reversed(past.changes)),
        decisions=tuple(past.decision(decision) for decision in past.decisions),
    )


class _Past:
    """Everything that a deal's history needs, read once."""

    def __init__(self, session: Session, deal: Deal, of_team: Team, now: datetime) -> None:
        self.deal, self.of_team = deal, of_team
        self.today = today_of(of_team, now)
        self.stages: dict[int, Stage] = {stage.id: stage for stage in stages(session)}
        self.changes = changes(session, [deal.id])[deal.id]
        newest = Decision.decided_at.desc(), Decision.id.desc()
        of_deal = select(Decision).where(Decision.deal_id == deal.id).order_by(*newest)
        self.decisions = list(session.scalars(of_deal))
        actions = session.scalars(select(NextAction).where(NextAction.deal_id == deal.id))
        self.actions: dict[int | None, NextAction] = {action.id: action for action in actions}
        rows = session.execute(
            select(ReviewDeal.id, Review)
            .join(Review, Review.id == ReviewDeal.review_id)
            .where(ReviewDeal.deal_id == deal.id)
        )
        self.reviews: dict[int, Review] = {row.id: row.Review for row in rows}
        self.people = people_by_id(session, self._person_ids())

    def _person_ids(self) -> set[int]:
        ids = {self.deal.owner_id}
        ids |= {decision.decided_by_id for decision in self.decisions}
        ids |= {action.owner_id for action in self.actions.values()}
        owners = [change for change in self.changes if change.field is Field.OWNER]
        ids |= {int(change.before) for change in owners if change.before is not None}
        ids |= {int(change.after) for change in owners if change.after is not None}
        return ids

    def change(self, change: DealChange) -> ChangeShown:
        by = {decision.id: decision.decided_by_id for decision in self.decisions}
        decider = None if change.decision_id is None else by.get(change.decision_id)
        return ChangeShown(
            at=change.changed_at,
            field=change.field,
            before=self._value(change.field, change.before),
            after=self._value(change.field, change.after),
            by=None if decider is None else who_shown(self.people[decider]),
        )

    def _value(self, field: Field, kept: str | None) -> StageShown | Money | date | Who | None:
        if kept is None:
            return None
        match field:
            case Field.STAGE:
                return stage_shown(self.stages[int(kept)])
            case Field.OWNER:
                return who_shown(self.people[int(kept)])
            case Field.AMOUNT:
                return money(int(kept), self.deal.currency, self.of_team)
            case Field.CLOSE:
                return date.fromisoformat(kept)

    def decision(self, decision: Decision) -> PastDecision:
        review = self.reviews[decision.review_deal_id]
        earlier = [
            other
            for other in self.decisions
            if other.review_deal_id == decision.review_deal_id and other.id < decision.id
        ]
        return PastDecision(
            day=day_of(review, self.of_team.zone),
            decision=decision_shown(
                decision,
                self.deal,
                self.stages,
                self.people,
                self.actions.get(decision.next_action_id),
                self.today,
                replaced=len(earlier),
            ),
            is_current=decision.is_current,
        )
