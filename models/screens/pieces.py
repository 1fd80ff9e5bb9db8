"""Turning rows into the common pieces of what is shown."""

from collections.abc import Iterable, Mapping
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.deals import Deal, Stage, StageKind
from models.delivery import Delivery, Kind, find
from models.evidence import Question, Standing, State
from models.flags import Flag, FlagCode
from models.next_actions import ActionState, NextAction
from models.people import Person, Team, get_person, people_by_id, person_by_slack_id
from models.pipeline_review import Decision, DecisionKind, Review, ReviewDeal
from models.screens.review_shown import (
    Author,
)
from models.screens.shown import (
    ClosedShown,
    DealShown,
    DecisionShown,
    EvidenceShown,
    Money,
    NextShown,
    Posted,
    StageShown,
    TeamShown,
    Who,
    Why,
)

UNANSWERED = (State.OPEN, State.STALE)


def who(session: Session, person_ids: Iterable[int]) -> tuple[Who, ...]:
    """These people in this order, as a refusal names them; an unknown id is left out."""
    ids = list(person_ids)
    found = people_by_id(session, ids)
    return tuple(who_shown(found[person_id]) for person_id in ids if person_id in found)


def deal_names(session: Session, deal_ids: Iterable[int]) -> tuple[str, ...]:
    """The names of these deals in this order; an unknown id is left out."""
    ids = list(deal_ids)
    found = {deal.id: deal.name for deal in session.scalars(select(Deal).where(Deal.id.in_(ids)))}
    return tuple(found[deal_id] for deal_id in ids if deal_id in found)


def question_names(session: Session, question_ids: Iterable[int]) -> tuple[str, ...]:
    """The short names of these questions in this order; an unknown id is left out."""
    ids = list(question_ids)
    rows = session.scalars(select(Question).where(Question.id.in_(ids)))
    found = {question.id: question.short for question in rows}
    return tuple(found[question_id] for question_id in ids if question_id in found)


def who_shown(person: Person) -> Who:
    return Who(person.id, person.slack_id, person.name)


def author_shown(session: Session, slack_id: str) -> Author:
    """Who wrote a message, by the Slack id."""
    found = person_by_slack_id(session, slack_id)
    return Author(slack_id, "somebody" if found is None else found.name)


def team_shown(team: Team) -> TeamShown:
    return TeamShown(team.id, team.name, team.channel_id, team.currency, team.locale, team.zone)


def stage_shown(stage: Stage) -> StageShown:
    return StageShown(stage.id, stage.name)


def money(minor: int | None, currency: str, team: Team) -> Money | None:
    """An amount as the team reads it; None stays None."""
    return None if minor is None else Money(minor, currency, team.locale)


def team_money(minor: int, team: Team) -> Money:
    """An amount in the team's own currency."""
    return Money(minor, team.currency, team.locale)


def deal_shown(deal: Deal, stage: Stage, owner: Person, team: Team) -> DealShown:
    return DealShown(
        id=deal.id,
        name=deal.name,
        owner=who_shown(owner),
        amount=money(deal.amount_minor, deal.currency, team),
        stage=stage_shown(stage),
        close_on=deal.close_on,
        url=deal.url,
        closed_on=deal.closed_on if stage.kind is not StageKind.OPEN else None,
    )


def evidence_shown(standing: Standing) -> EvidenceShown:
    return EvidenceShown(
        proved=standing.proved,
        asked=standing.asked,
        open=tuple(question.short for question in standing.open),
        second_hand=tuple(
            each.question.short
            for each in standing.questions
            if each.second_hand and each.state is State.PROVED
        ),
        unanswered=sum(each.state in UNANSWERED for each in standing.questions),
        unconfirmed=tuple(
            each.question.short for each in standing.questions if each.state is State.UNCONFIRMED
        ),
    )


def why_shown(why: Mapping[str, object], *, by_hand: bool) -> Why:
    """The facts of a candidate, read back from what `pipeline_review.pick` wrote."""
    share, days, raised = why["share"], why["days_to_close"], why["flags"]
    if not isinstance(share, int | float) or not isinstance(raised, list):
        raise TypeError(f"not the facts of a pick: {why!r}")
    return Why(
        by_hand=by_hand,
        share=float(share),
        without_amount=bool(why["without_amount"]),
        days_to_close=days if isinstance(days, int) else None,
        flags=tuple(Flag(FlagCode(flag["code"]), dict(flag["facts"])) for flag in raised),
        advanced=bool(why["advanced"]),
    )


def next_shown(action: NextAction, people: Mapping[int, Person], today: date) -> NextShown:
    return NextShown(
        text=action.text,
        owner=who_shown(people[action.owner_id]),
        due_on=action.due_on,
        overdue=action.state is ActionState.OPEN and action.due_on < today,
    )


def decision_shown(
    decision: Decision,
    deal: Deal,
    stages: Mapping[int, Stage],
    people: Mapping[int, Person],
    action: NextAction | None,
    today: date,
    replaced: int,
) -> DecisionShown:
    before, after = stages[decision.before_stage_id], stages[decision.after_stage_id]
    re_dated = decision.kind is DecisionKind.RE_DATE
    return DecisionShown(
        id=decision.id,
        kind=decision.kind,
        removal=decision.removal,
        won=after.kind is StageKind.WON,
        by=who_shown(people[decision.decided_by_id]),
        at=decision.decided_at,
        reason=decision.reason,
        from_stage=stage_shown(before),
        to_stage=None if after is before else stage_shown(after),
        from_close=decision.before_close_on,
        to_close=decision.after_close_on if re_dated else None,
        next_action=None if action is None else next_shown(action, people, today),
        self_decided=decision.self_decided,
        not_in_crm=is_not_in_crm(decision, deal),
        replaced=replaced,
    )


def is_not_in_crm(decision: Decision, deal: Deal) -> bool:
    """Whether what this decision changed still stands here and the CRM says otherwise.

    Where the CRM moved since, its word has won: then nothing is waiting for the CRM.
    """
    stage_waits = (
        decision.after_stage_id != decision.before_stage_id
        and deal.stage_id == decision.after_stage_id != deal.crm_stage_id
    )
    date_waits = (
        decision.after_close_on != decision.before_close_on
        and deal.close_on == decision.after_close_on != deal.crm_close_on
    )
    return decision.is_current and (stage_waits or date_waits)


def closed_shown(review: Review, people: Mapping[int, Person]) -> ClosedShown | None:
    if review.closed_at is None:
        return None
    return ClosedShown(
        by=None if review.closed_by_id is None else who_shown(people[review.closed_by_id]),
        at=review.closed_at,
        grade=review.grade,
        state=review.state,
        undecided=len(review.figures.get("undecided", ())),
    )


# --- where messages stand


def posted(message: Delivery | None) -> Posted | None:
    """Where a message stands in Slack; None while it does not."""
    if message is None or message.ts is None or message.posted_channel is None:
        return None
    return Posted(message.posted_channel, message.ts)


def parent_of(session: Session, review_id: int) -> Posted | None:
    """Where a review's parent message stands."""
    return posted(find(session, Kind.REVIEW_PARENT, review_id))


def cards_of(session: Session, entries: Iterable[ReviewDeal]) -> dict[int, Posted]:
    """Where the deals' cards stand, by deal in review; those not posted yet are absent."""
    ids = [entry.id for entry in entries]
    found = session.scalars(
        select(Delivery).where(Delivery.kind == Kind.REVIEW_CARD, Delivery.subject_id.in_(ids))
    )
    places = {message.subject_id: posted(message) for message in found}
    return {entry_id: place for entry_id, place in places.items() if place is not None}


def is_in_its_channel(session: Session, kind: Kind, subject_id: int, team: Team) -> bool:
    """Whether the message was owed to what is the team's channel still: no other may show it."""
    message = find(session, kind, subject_id)
    return message is not None and message.channel_id == team.channel_id


def is_posted(message: Delivery) -> bool:
    """Whether it stands in Slack already, so that only an update is wanted."""
    return message.ts is not None


def active_addressee(
    session: Session, kind: Kind, subject_id: int
) -> tuple[Delivery, Person] | None:
    """A direct message and who gets it; None: it was not owed, or that person is not active."""
    message = find(session, kind, subject_id)
    if message is None or message.person_id is None:
        return None
    person = get_person(session, message.person_id)
    return (message, person) if person.active else None
