"""What a decision may be: each kind's own conditions, checked before anything is written."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import access
from models.access import Act
from models.base import refuse, refused
from models.deals import Deal, Stage, StageKind, earlier_stages, lost_stage, next_stage, stages
from models.evidence import Question, Standing, standing
from models.next_actions import NextAction, check_next_action
from models.people import (
    Person,
    Role,
    get_person,
    members,
    standards,
    team,
    today_of,
)
from models.pipeline_review.reading import current_decision
from models.pipeline_review.refusals import (
    AdvanceUnproved,
    DateMissing,
    DateUnfit,
    NextActionMissing,
    NextOwnerUnfit,
    NotEarlier,
    ReasonMissing,
    RemovalMissing,
    Seen,
    StageMissing,
)
from models.pipeline_review.tables import Decision, DecisionKind, Removal, Review, ReviewDeal
from models.standards import Standards, is_empty_phrase


@dataclass(frozen=True)
class DecisionInput:
    """What a person submits. Only what its kind needs counts; the rest is dropped.

    `stage_id` of a demotion, `close_on` of a re-dating, `removal` of a removal; the reason for all
    but advance; the next action for all but removal and a win.
    """

    kind: DecisionKind
    reason: str | None = None
    stage_id: int | None = None
    close_on: date | None = None
    removal: Removal | None = None
    next_text: str | None = None
    next_owner_id: int | None = None
    next_due_on: date | None = None


@dataclass(frozen=True)
class Ground:
    """What a decision stands on: the deal as it was before this review decided about it.

    Without a decision, as it is now. With one, as before it, except where the CRM moved since:
    then its word stands. A correction starts from here.
    """

    stage: Stage
    stage_entered_at: datetime
    close_on: date | None


@dataclass(frozen=True)
class Case:
    """A deal in a review, with all that deciding about it needs; `evidence` is on its ground."""

    review: Review
    entry: ReviewDeal
    deal: Deal
    current: Decision | None
    stages: Sequence[Stage]
    ground: Ground
    evidence: Standing
    today: date  # the team's local date


@dataclass(frozen=True)
class Outcome:
    """Where a decision brings the deal, and whether it then needs a next action."""

    stage: Stage
    close_on: date | None
    needs_next_action: bool


def case_of(session: Session, review: Review, entry: ReviewDeal, deal: Deal, now: datetime) -> Case:
    """What deciding about this deal starts from at this moment."""
    return case_with(session, review, entry, deal, current_decision(session, entry.id), now)


def case_with(
    session: Session,
    review: Review,
    entry: ReviewDeal,
    deal: Deal,
    current: Decision | None,
    now: datetime,
) -> Case:
    """As `case_of`, where the current decision is known already."""
    pipeline = stages(session)
    ground = ground_of(deal, current, pipeline)
    today = today_of(team(session, review.team_id), now)
    evidence = standing(session, [on_ground(deal, ground)], now, today)[deal.id]
    return Case(review, entry, deal, current, pipeline, ground, evidence, today)


def ground_of(deal: Deal, current: Decision | None, stages: Sequence[Stage]) -> Ground:
    """The ground for deciding about a deal whose current decision in this review is `current`."""
    by_id = {stage.id: stage for stage in stages}
    stage_id, entered_at, close_on = deal.stage_id, deal.stage_entered_at, deal.close_on
    if current is not None and deal.crm_stage_id == current.crm_stage_id:
        stage_id, entered_at = current.before_stage_id, current.before_stage_entered_at
    if current is not None and deal.crm_close_on == current.crm_close_on:
        close_on = current.before_close_on
    return Ground(by_id[stage_id], entered_at, close_on)


def seen_of(case: Case) -> Seen:
    """What of the deal is before whoever decides about it now."""
    deal, ground = case.deal, case.ground
    return Seen(ground.stage.id, ground.close_on, deal.amount_minor, deal.owner_id)


def on_ground(deal: Deal, ground: Ground) -> Deal:
    """A loose copy of the deal as it stood on this ground, for judging its evidence; not saved."""
    if deal.stage_id == ground.stage.id and deal.stage_entered_at == ground.stage_entered_at:
        return deal
    columns = {column.key: getattr(deal, column.key) for column in Deal.__mapper__.column_attrs}
    return Deal(
        **columns
        | {
            "stage_id": ground.stage.id,
            "stage_entered_at": ground.stage_entered_at,
            "close_on": ground.close_on,
        }
    )


def only_what_counts(choice: DecisionInput) -> DecisionInput:
    """The submission with its texts trimmed, and without what its kind does not use."""
    kind = choice.kind
    advance, remove = kind is DecisionKind.ADVANCE, kind is DecisionKind.REMOVE
    return replace(
        choice,
        reason=None if advance else (choice.reason or "").strip(),
        stage_id=choice.stage_id if kind is DecisionKind.DEMOTE else None,
        close_on=choice.close_on if kind is DecisionKind.RE_DATE else None,
        removal=choice.removal if remove else None,
        next_text=None if remove else (choice.next_text or "").strip(),
        next_owner_id=None if remove else choice.next_owner_id,
        next_due_on=None if remove else choice.next_due_on,
    )


def says_the_same(
    current: Decision, action: NextAction | None, choice: DecisionInput, *, won: bool
) -> bool:
    """Whether a decision says exactly what a submission says, its next action included."""
    said = (current.kind, current.reason, current.removal)
    if said != (choice.kind, choice.reason, choice.removal):
        return False
    if choice.kind is DecisionKind.DEMOTE and current.after_stage_id != choice.stage_id:
        return False
    if choice.kind is DecisionKind.RE_DATE and current.after_close_on != choice.close_on:
        return False
    if won or choice.kind is DecisionKind.REMOVE:
        return action is None
    return action is not None and (action.text, action.owner_id, action.due_on) == (
        choice.next_text,
        choice.next_owner_id,
        choice.next_due_on,
    )


# --- what each kind needs, and where it leads


def outcome_of(choice: DecisionInput, case: Case) -> Outcome:
    """Where the decision leads, if its kind's own conditions hold.

    Raises `AdvanceUnproved`, `StageMissing`, `NotEarlier`, `RemovalMissing`.
    """
    stage = _WHERE[choice.kind](choice, case)
    close_on = case.ground.close_on
    if choice.kind is DecisionKind.RE_DATE:
        close_on = choice.close_on
    return Outcome(stage, close_on, needs_next_action=stage.kind is StageKind.OPEN)


def _advanced(_choice: DecisionInput, case: Case) -> Stage:
    if case.evidence.open:
        raise AdvanceUnproved(tuple(question.id for question in case.evidence.open))
    return next_stage(case.stages, case.ground.stage)


def _demoted(choice: DecisionInput, case: Case) -> Stage:
    if choice.stage_id is None:
        raise StageMissing
    for stage in earlier_stages(case.stages, case.ground.stage):
        if stage.id == choice.stage_id:
            return stage
    raise NotEarlier(choice.stage_id)


def _removed(choice: DecisionInput, case: Case) -> Stage:
    if choice.removal is None:
        raise RemovalMissing
    return lost_stage(case.stages)


def _unmoved(_choice: DecisionInput, case: Case) -> Stage:
    return case.ground.stage


_WHERE: dict[DecisionKind, Callable[[DecisionInput, Case], Stage]] = {
    DecisionKind.ADVANCE: _advanced,
    DecisionKind.DEMOTE: _demoted,
    DecisionKind.REMOVE: _removed,
    DecisionKind.RE_DATE: _unmoved,
    DecisionKind.HOLD: _unmoved,
}


# --- date, reason and next action


def check_words(session: Session, choice: DecisionInput, outcome: Outcome, case: Case) -> None:
    """Another date, to come, for re-date; a reason for all but advance; a next action while the
    deal stays open.

    Raises what `_check_date`, `_check_reason` and `_check_next` do; `Faults` if several.
    """
    rules = standards(session)
    faults = tuple(refused(_check_reason, choice, rules))
    if choice.kind is DecisionKind.RE_DATE:
        faults = (*refused(_check_date, choice, case), *faults)
    if outcome.needs_next_action:
        faults += tuple(refused(_check_next, session, choice, case, rules))
    refuse(faults)


def _check_date(choice: DecisionInput, case: Case) -> None:
    """Raises `DateMissing`, `DateUnfit`."""
    if choice.close_on is None:
        raise DateMissing
    if choice.close_on == case.ground.close_on:
        raise DateUnfit(choice.close_on, unchanged=True)
    if choice.close_on <= case.today:
        raise DateUnfit(choice.close_on, unchanged=False)


def _check_reason(choice: DecisionInput, rules: Standards) -> None:
    """Raises `ReasonMissing`, also for an empty phrase."""
    reason = choice.reason or ""
    if choice.kind is not DecisionKind.ADVANCE and (
        not reason or is_empty_phrase(reason, rules.empty_phrases)
    ):
        raise ReasonMissing(reason)


def _check_next(session: Session, choice: DecisionInput, case: Case, rules: Standards) -> None:
    """Raises `NextActionMissing`; `EmptyPhrase`, `TooLong`, `DueOutOfRange`, `NextOwnerUnfit`;
    `Faults` if several."""
    text, owner_id, due_on = choice.next_text, choice.next_owner_id, choice.next_due_on
    if not text or owner_id is None or due_on is None:
        given = {"text": text, "owner": owner_id, "due": due_on}
        raise NextActionMissing(tuple(name for name, value in given.items() if not value))
    faults = tuple(refused(check_next_action, text, due_on, case.today, rules))
    if not _may_own_next(session, owner_id, case):
        faults += (NextOwnerUnfit(owner_id),)
    refuse(faults)


def _may_own_next(session: Session, person_id: int, case: Case) -> bool:
    """Whether this person is one of `next_owners`, found without reading all of them."""
    person = session.get(Person, person_id)
    if person is None or not person.active:
        return False
    team_id = case.review.team_id
    is_member = person.team_id == team_id and person.role is Role.REP
    owns_the_deal = person.id == case.deal.owner_id
    return owns_the_deal or is_member or access.may(session, person, Act.DECIDE, team_id=team_id)


def next_owners(session: Session, deal: Deal, team_id: int) -> list[Person]:
    """Who may own a next action of this deal, active people only: its owner first, then the
    team's members, its manager and the leaders above."""
    around = [
        get_person(session, deal.owner_id),
        *members(session, team_id),
        *access.allowed(session, Act.DECIDE, team_id=team_id),
    ]
    return [person for person in {p.id: p for p in around}.values() if person.active]


# --- what the evidence asks for


def questioned_stages(session: Session) -> set[int]:
    """The ids of the stages that ask anything."""
    return set(session.scalars(select(Question.stage_id).distinct()))


def recommended(
    stage: Stage, evidence: Standing, questioned: set[int], stages: Sequence[Stage]
) -> DecisionKind | None:
    """What open questions ask for: demotion, or removal from the first stage that asks anything.

    None while nothing is open (product.md, "Pipeline review").
    """
    if not evidence.open:
        return None
    earlier = {before.id for before in earlier_stages(stages, stage)}
    return DecisionKind.DEMOTE if earlier & questioned else DecisionKind.REMOVE
