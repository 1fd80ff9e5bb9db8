"""Answering: evidence for a deal in a review, by its owner or on the owner's behalf."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import access
from models.access import Act
from models.deals import Deal, StageKind, locked_deal, stages
from models.evidence import (
    Answer,
    AnswerSet,
    Quoted,
    Unconfirmed,
    confirm_answers,
    save_answers,
    unconfirmed,
)
from models.people import Person
from models.pipeline_review.changed import show_changed_deals
from models.pipeline_review.owed import (
    owe_answers,
    owe_to_confirm,
    refresh_deal,
    refresh_given_for,
)
from models.pipeline_review.reading import (
    check_here,
    current_decision,
    get_review_deal,
    lock_open_review,
    lock_review,
)
from models.pipeline_review.refusals import DealDecided, SettledByCrm
from models.pipeline_review.tables import ReviewDeal


def answer(
    session: Session,
    actor: Person,
    review_deal_id: int,
    values: Mapping[int, dict[str, Any]],
    still_true: Collection[int],
    now: datetime,
    *,
    quoted: Quoted | None = None,
    seen: Mapping[int, int] | None = None,
) -> AnswerSet:
    """Save what was answered about a deal: a reply in its thread, a fresh card and parent.

    `values` by question id, each of its question's kind; `still_true`: questions whose earlier
    answer the owner confirms. By who owns the deal now, or by the manager on their behalf: then
    the owner is asked to confirm, and until then it only fills. Only questions of the stage in
    which the deal stands now, only while the review is open (product.md, "Pipeline review").

    `quoted`: the message that became evidence; used a second time for the same question with the
    same words, what stands is returned as it is. `seen`: as in `save_answers`. Raises
    `UnknownReview`, `ReviewClosed`, `Refused`, `LeftTeam`; what `evidence.save_answers` raises;
    and, where a message is quoted, `DealDecided` or `SettledByCrm`.
    """
    entry = get_review_deal(session, review_deal_id)
    review = lock_open_review(session, entry.review_id)
    deal = locked_deal(session, entry.deal_id)
    for_id = access.require_to_answer(
        session, actor, team_id=review.team_id, owner_id=deal.owner_id
    )
    check_here(session, review.team_id, deal)
    if quoted is not None:
        standing = _quoted_before(session, actor, deal, values, quoted)
        if standing is not None:
            return standing
        check_undecided(session, entry, deal)
    before = unconfirmed(session, Deal.id == deal.id)
    saved = save_answers(
        session, deal, actor, values, still_true, now,
        review_deal_id=entry.id, for_id=for_id, quoted=quoted, seen=seen,
    )  # fmt: skip
    owe_answers(session, entry, saved, now)
    if for_id is not None:
        owe_to_confirm(session, entry, saved, for_id, now)
    refresh_deal(session, entry, deal.owner_id, now)
    _refresh_replies(session, before, now)
    return saved


def confirm(
    session: Session, actor: Person, review_deal_id: int, newest_id: int, now: datetime
) -> None:
    """The deal's owner says that what was answered on their behalf is right; it proves from now on.

    `newest_id`: the newest answer that they have read. Also after the review was closed: what is
    proved is the deal's, and outlives its reviews. Raises `UnknownReview`, `Refused`, and what
    `evidence.confirm_answers` raises.
    """
    entry = get_review_deal(session, review_deal_id)
    review = lock_review(session, entry.review_id)
    deal = locked_deal(session, entry.deal_id)
    access.require(
        session, actor, Act.CONFIRM_ANSWERS, team_id=review.team_id, owner_id=deal.owner_id
    )
    confirmed = confirm_answers(session, deal, actor, newest_id, now)
    if confirmed:
        show_changed_deals(session, [deal.id], now)
        _refresh_replies(session, confirmed, now)


def check_undecided(session: Session, entry: ReviewDeal, deal: Deal) -> None:
    """Nothing is asked any more about a deal that was decided. Raises `DealDecided`, or
    `SettledByCrm` where the CRM has closed it."""
    decision = current_decision(session, entry.id)
    if decision is not None:
        raise DealDecided(decision.decided_by_id)
    check_not_closed(session, entry, deal)


def check_not_closed(session: Session, entry: ReviewDeal, deal: Deal) -> None:
    """Raises `DealDecided` where a decision closed the deal, `SettledByCrm` where the CRM did."""
    kinds = {stage.id: stage.kind for stage in stages(session)}
    if kinds[deal.stage_id] is StageKind.OPEN:
        return
    decision = current_decision(session, entry.id)
    if decision is not None:
        raise DealDecided(decision.decided_by_id)
    raise SettledByCrm(deal.id, deal.stage_id)


def _quoted_before(
    session: Session,
    actor: Person,
    deal: Deal,
    values: Mapping[int, dict[str, Any]],
    quoted: Quoted,
) -> AnswerSet | None:
    """What stands already of exactly this message as an answer to this question, if the owner
    gave it, or this person did."""
    rows = session.execute(
        select(Answer, AnswerSet)
        .join(AnswerSet, AnswerSet.id == Answer.answer_set_id)
        .where(
            Answer.deal_id == deal.id,
            Answer.is_current,
            Answer.question_id.in_(values),
            AnswerSet.quote_url == quoted.url,
        )
    ).all()
    for standing, given in rows:
        theirs = given.answered_by_id in (actor.id, deal.owner_id)
        if theirs and standing.value == values[standing.question_id]:
            return given
    return None


def _refresh_replies(session: Session, changed: list[Unconfirmed], now: datetime) -> None:
    """What was given on somebody's behalf was confirmed or answered anew: where it is shown, it
    says so."""
    refresh_given_for(session, {one.given.id: one.given for one in changed}.values(), now)
