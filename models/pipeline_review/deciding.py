"""Recording decisions: exactly one current per deal and review, and a trail of corrections."""

from datetime import datetime

from sqlalchemy import and_, bindparam, select
from sqlalchemy.orm import Session

from models import access
from models.access import Act, Refused
from models.deals import Deal, StageKind, set_close_on, set_stage
from models.next_actions import NextAction, end_open_action, set_next_action
from models.people import Person
from models.pipeline_review.choices import (
    Case,
    DecisionInput,
    Outcome,
    case_with,
    check_words,
    only_what_counts,
    outcome_of,
    says_the_same,
    seen_of,
)
from models.pipeline_review.owed import refresh_deal
from models.pipeline_review.reading import check_here, lock_review_of
from models.pipeline_review.refusals import (
    AlreadyDecided,
    DealChanged,
    NotYetDeciding,
    ReviewClosed,
    Seen,
    SettledByCrm,
)
from models.pipeline_review.tables import Decision, DecisionKind


def record_decision(
    session: Session,
    actor: Person,
    review_deal_id: int,
    choice: DecisionInput,
    now: datetime,
    *,
    replacing: int | None,
    seen: Seen | None = None,
) -> Decision:
    """Record what is decided about a deal: its stage and date change here at once.

    `replacing`: the decision that the person saw as current, None where there was none. What
    stands already by the same person with the same content is returned as it is, so twenty clicks
    at once make one decision; whatever else stands unseen is `AlreadyDecided`. A correction
    supersedes: the deal goes back to where it was before, unless the CRM moved since, and the new
    decision applies from there. Who decides about an own deal is marked so, and may not advance it.
    `seen`: what of the deal they saw; where an import changed it since, they have to look again.

    Raises `UnknownReview`, `ReviewClosed`, `Refused`, `NotYetDeciding`, `AlreadyDecided`,
    `LeftTeam`, `SettledByCrm`, `DealChanged`, and what `outcome_of` and `check_words` refuse.
    Source: product.md, "Pipeline review".
    """
    case = held_case(session, review_deal_id, now)
    return decide(session, actor, case, choice, now, replacing=replacing, seen=seen)


# the decision can be read beside the deal: while the review is held it does not change
_DEAL_AND_CURRENT = (
    select(Deal, Decision)
    .outerjoin(
        Decision,
        and_(Decision.review_deal_id == bindparam("review_deal_id"), Decision.is_current),
    )
    .where(Deal.id == bindparam("deal_id"))
    .with_for_update(of=Deal)
    .execution_options(populate_existing=True)
)


def held_case(session: Session, review_deal_id: int, now: datetime) -> Case:
    """A deal in a review, to be decided about: both held until the transaction ends, the review
    first, so that who answers, decides and closes do so one after the other.

    Raises `UnknownReview`.
    """
    entry, review = lock_review_of(session, review_deal_id)
    ids = {"deal_id": entry.deal_id, "review_deal_id": entry.id}
    deal, current = session.execute(_DEAL_AND_CURRENT, ids).one()
    return case_with(session, review, entry, deal, current, now)


def decide(
    session: Session,
    actor: Person,
    case: Case,
    choice: DecisionInput,
    now: datetime,
    *,
    replacing: int | None,
    seen: Seen | None = None,
) -> Decision:
    """As `record_decision`, about a case that `held_case` holds in this transaction."""
    if case.review.closed_at is not None:
        raise ReviewClosed(case.review.id, case.review.closed_by_id, case.review.closed_at)
    require_to_decide(session, actor, case, choice.kind, now)
    choice = only_what_counts(choice)
    if case.current is not None and _stands(session, actor, case, case.current, choice):
        return case.current
    if case.current is not None and case.current.id != replacing:
        raise AlreadyDecided(case.current.id, case.current.decided_by_id)
    check_here(session, case.review.team_id, case.deal)
    if case.ground.stage.kind is not StageKind.OPEN:
        raise SettledByCrm(case.deal.id, case.ground.stage.id)
    if seen is not None and seen != seen_of(case):
        raise DealChanged(case.deal.id, seen, seen_of(case))
    outcome = outcome_of(choice, case)
    check_words(session, choice, outcome, case)
    return _record(session, actor, case, choice, outcome, now)


def require_to_decide(
    session: Session, actor: Person, case: Case, kind: DecisionKind | None, now: datetime
) -> None:
    """Let this person decide (or correct) now. `kind` None: whatever the decision will be.

    The manager, the deputy and the leaders above; who owns the deal may not advance it. Raises
    `Refused`, `NotYetDeciding`.
    """
    act = Act.DECIDE if case.current is None else Act.CORRECT
    owner_id = case.deal.owner_id
    access.require(session, actor, act, team_id=case.review.team_id, owner_id=owner_id)
    if kind is DecisionKind.ADVANCE and case.deal.owner_id == actor.id:
        deputy_id = access.deputy_id(session, case.review.team_id)
        raise Refused(Act.ADVANCE_OWN, advance_own_ids(session, case), deputy_id)
    if now < case.review.decide_from:
        raise NotYetDeciding(case.review.decide_from)


def advance_own_ids(session: Session, case: Case) -> tuple[int, ...]:
    """Who may advance a deal whose owner decides here: the others who decide. Of the manager's own
    deals that is the deputy and those above."""
    deciders = access.allowed(session, Act.DECIDE, team_id=case.review.team_id)
    return tuple(person.id for person in deciders if person.id != case.deal.owner_id)


def _stands(
    session: Session, actor: Person, case: Case, current: Decision, choice: DecisionInput
) -> bool:
    """Whether this person has decided exactly this already."""
    if current.decided_by_id != actor.id:
        return False
    action = session.scalar(select(NextAction).where(NextAction.id == current.next_action_id))
    kinds = {stage.id: stage.kind for stage in case.stages}
    won = kinds[current.after_stage_id] is StageKind.WON
    return says_the_same(current, action, choice, won=won)


def _record(
    session: Session,
    actor: Person,
    case: Case,
    choice: DecisionInput,
    outcome: Outcome,
    now: datetime,
) -> Decision:
    deal, ground, evidence = case.deal, case.ground, case.evidence
    if case.current is not None:
        case.current.is_current = False
        session.flush()  # before the new one: only one may be current
    action = _act_next(session, actor, case, choice, outcome, now)
    decision = Decision(
        review_deal_id=case.entry.id,
        deal_id=deal.id,
        kind=choice.kind,
        removal=choice.removal,
        reason=choice.reason,
        decided_by_id=actor.id,
        decided_at=now,
        self_decided=deal.owner_id == actor.id,
        before_stage_id=ground.stage.id,
        before_stage_entered_at=ground.stage_entered_at,
        before_close_on=ground.close_on,
        after_stage_id=outcome.stage.id,
        after_close_on=outcome.close_on,
        crm_stage_id=deal.crm_stage_id,
        crm_close_on=deal.crm_close_on,
        next_action_id=None if action is None else action.id,
        evidence={
            "proved": evidence.proved,
            "asked": evidence.asked,
            "open": [question.id for question in evidence.open],
        },
    )
    session.add(decision)
    session.flush()
    back = outcome.stage.id == ground.stage.id
    set_stage(
        session,
        deal,
        outcome.stage,
        now,
        decision_id=decision.id,
        entered_at=ground.stage_entered_at if back else None,
    )
    set_close_on(session, deal, outcome.close_on, now, decision_id=decision.id)
    refresh_deal(session, case.entry, deal.owner_id, now)
    return decision


def _act_next(
    session: Session,
    actor: Person,
    case: Case,
    choice: DecisionInput,
    outcome: Outcome,
    now: datetime,
) -> NextAction | None:
    """The deal's next action from now on; a deal that leaves the pipeline has none."""
    if not outcome.needs_next_action:
        end_open_action(session, case.deal.id, now)
        return None
    if not choice.next_text or choice.next_owner_id is None or choice.next_due_on is None:
        raise AssertionError("check_words lets no such next action through")
    return set_next_action(
        session,
        case.deal.id,
        choice.next_text,
        choice.next_owner_id,
        choice.next_due_on,
        actor.id,
        now,
    )
