"""Loaders of the review's messages, called when each one's turn to be posted or updated comes.

Each returns None for what is no longer wanted or not allowed: the team has another channel now,
the person has left, nothing in it concerns them any more.
"""

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from models import access
from models.access import Act
from models.days import day_off
from models.deals import DealChange
from models.delivery import Delivery, Kind, find
from models.evidence import Answer, AnswerSet, Question, judge
from models.next_actions import ActionState, NextAction, Outcome
from models.people import Person, Team, get_person, people_by_id, standards, team
from models.pipeline_review import (
    Review,
    ReviewDeal,
    ReviewState,
    decider_at,
    first_decider,
    get_review,
    get_review_deal,
    last_closed,
    review_deals,
    unchanged_before,
)
from models.schedule import local_date
from models.screens.pieces import (
    active_addressee,
    author_shown,
    cards_of,
    is_in_its_channel,
    is_posted,
    parent_of,
    team_money,
    team_shown,
    who_shown,
    why_shown,
)
from models.screens.reading import Reading, day_of
from models.screens.review_shown import (
    AnswerShown,
    AnswersReply,
    DealCard,
    DecidingDm,
    DecidingOver,
    OwnerDm,
    QuotedShown,
    ReviewParent,
    Waiting,
)
from models.screens.shown import (
    LastAction,
    Who,
)
from models.trial import covers


def review_parent(session: Session, review_id: int, now: datetime) -> ReviewParent | None:
    """The parent message of a review, while the team's channel is the one it was started in.

    One that ended without a grade before it could be posted is not posted any more.
    """
    review = get_review(session, review_id)
    of_team = team(session, review.team_id)
    if not _is_wanted(session, Kind.REVIEW_PARENT, review.id, of_team, review):
        return None
    return parent_shown(Reading(session, review, review_deals(session, review.id), now))


def _is_wanted(
    session: Session, kind: Kind, subject_id: int, of_team: Team, review: Review
) -> bool:
    message = find(session, kind, subject_id)
    if message is None or message.channel_id != of_team.channel_id:
        return False
    ended = review.state in (ReviewState.ABANDONED, ReviewState.NOT_HELD)
    return is_posted(message) or not ended


def parent_shown(reading: Reading) -> ReviewParent:
    """The parent message from a reading of all the review's deals."""
    review, entries = reading.review, reading.entries
    undecided = [entry for entry in entries if reading.is_undecided(entry)]
    started: dict[str, int] = review.figures["start"]
    return ReviewParent(
        review_id=review.id,
        team=reading.team,
        kind=review.kind,
        day=day_of(review, reading.of_team.zone),
        decide_from=review.decide_from,
        deciding=reading.is_deciding,
        deals=len(entries),
        decided=len(entries) - len(undecided),
        amount=team_money(started["amount_minor"], reading.of_team),
        team_open=team_money(started["team_open_minor"], reading.of_team),
        waiting=_waiting(reading, undecided),
        undecided=tuple(reading.deal(entry).name for entry in undecided),
        closed=reading.closed,
        trial=covers(reading.of_team, day_of(review, reading.of_team.zone)),
    )


def _waiting(reading: Reading, undecided: Sequence[ReviewDeal]) -> tuple[Waiting, ...]:
    """Owners with unanswered questions by name, then whoever decides: who is there today, and
    answers for owners who are no longer active."""
    if reading.review.closed_at is not None:
        return ()
    people: dict[int, Who] = {}
    answers: dict[int, int] = {}
    for entry in undecided:
        owner = reading.deal(entry).owner
        people[owner.id] = owner
        answers[owner.id] = answers.get(owner.id, 0) + reading.unanswered(entry)
    decider = _decider(reading) if undecided else None
    owners = people_by_id(reading.session, people)
    active = {each for each, person in owners.items() if person.active}
    decides = None if decider is None else decider.id
    waiting = [
        Waiting(owner, answers[owner.id], 0)
        for owner in sorted(people.values(), key=lambda owner: (owner.name, owner.id))
        if answers[owner.id] and owner.id != decides and owner.id in active
    ]
    if decider is not None:
        own = sum(count for each, count in answers.items() if each == decides or each not in active)
        waiting.append(Waiting(who_shown(decider), own, len(undecided)))
    return tuple(waiting)


def _decider(reading: Reading) -> Person | None:
    """Who decides: when deciding begins, or today."""
    session, review = reading.session, reading.review
    there = decider_at(session, review.team_id, max(reading.now, review.decide_from))
    return there or first_decider(session, review.team_id)


def deal_card(session: Session, review_deal_id: int, now: datetime) -> DealCard | None:
    """One deal's card, wanted as the parent message is (`review_parent`)."""
    entry = get_review_deal(session, review_deal_id)
    review = get_review(session, entry.review_id)
    reading = Reading(session, review, [entry], now)
    if not _is_wanted(session, Kind.REVIEW_CARD, entry.id, reading.of_team, review):
        return None
    decision = reading.decision(entry)
    evidence = reading.evidence(entry)
    free = review.closed_at is None and reading.is_undecided(entry)
    last = _last_action(session, reading, entry)
    next_ = reading.next_action(entry)
    return DealCard(
        review_id=review.id,
        review_deal_id=entry.id,
        team=reading.team,
        deal=reading.deal(entry),
        today=reading.today,
        why=why_shown(entry.why, by_hand=bool(entry.why["by_hand"])),
        evidence=evidence,
        next_action=None if last is not None and last.outcome is None else next_,
        last_action=last,
        unchanged_since=_unchanged_since(session, reading, entry),
        unchanged_reviews=unchanged_before(session, [entry], by_action=False)[entry.id],
        recommended=reading.recommended(entry) if free else None,
        decision=decision,
        settled=reading.settled(entry),
        decide_from=review.decide_from,
        deciding=reading.is_deciding,
        closed=reading.closed,
        answerable=free and evidence.asked > 0,
        decidable=free,
        correctable=(
            review.closed_at is None and decision is not None and entry.deal_id not in reading.left
        ),
        left=reading.has_left(entry),
    )


def _unchanged_since(session: Session, reading: Reading, entry: ReviewDeal) -> date | None:
    """The day of the team's last review before this one, if the deal began it as it began this."""
    last = last_closed(session, reading.review.team_id, before=reading.review.started_at)
    if last is None:
        return None
    then = session.scalar(
        select(ReviewDeal).where(
            ReviewDeal.review_id == last.id, ReviewDeal.deal_id == entry.deal_id
        )
    )
    if then is None or (then.stage_id, then.close_on) != (entry.stage_id, entry.close_on):
        return None
    return day_of(last, reading.of_team.zone)


def _last_action(session: Session, reading: Reading, entry: ReviewDeal) -> LastAction | None:
    """Of the two newest of before this review, one that was said about, or that is overdue."""
    before = select(NextAction).where(
        NextAction.deal_id == entry.deal_id, NextAction.set_at < reading.review.started_at
    )
    for action in session.scalars(before.order_by(NextAction.id.desc()).limit(2)):
        said = action.state in (ActionState.DONE, ActionState.NOT_DONE)
        if said or (action.state is ActionState.OPEN and action.due_on < reading.today):
            outcome = Outcome(action.state.value) if said else None
            owner = who_shown(get_person(session, action.owner_id))
            return LastAction(action.text, owner, action.due_on, outcome)
    return None


def answers_reply(session: Session, answer_set_id: int, now: datetime) -> AnswersReply | None:
    """What was answered in one go, while the team's channel is the one with the card."""
    given = session.scalars(select(AnswerSet).where(AnswerSet.id == answer_set_id)).one()
    if given.review_deal_id is None:
        return None
    entry = get_review_deal(session, given.review_deal_id)
    reading = Reading(session, get_review(session, entry.review_id), [entry], now)
    if not is_in_its_channel(session, Kind.REVIEW_ANSWERS, given.id, reading.of_team):
        return None
    return AnswersReply(
        answer_set_id=given.id,
        review_deal_id=entry.id,
        team=reading.team,
        deal=reading.deal(entry),
        by=who_shown(get_person(session, given.answered_by_id)),
        answers=_answers(session, given, reading),
        evidence=reading.evidence(entry),
        behalf_of=None if given.for_id is None else who_shown(get_person(session, given.for_id)),
        quoted=_quoted(session, given),
    )


def _quoted(session: Session, given: AnswerSet) -> QuotedShown | None:
    if given.quote_url is None or given.quote_slack_id is None:
        return None
    return QuotedShown(given.quote_url, author_shown(session, given.quote_slack_id))


def _answers(session: Session, given: AnswerSet, reading: Reading) -> tuple[AnswerShown, ...]:
    """The answers of the submission, and those it ticked "Still true", in order of questions."""
    renewed = and_(
        Answer.deal_id == given.deal_id,
        Answer.confirmed_at == given.answered_at,
        Answer.answered_at < given.answered_at,
    )
    rows = session.execute(
        select(Answer, Question)
        .join(Question, Question.id == Answer.question_id)
        .where(or_(Answer.answer_set_id == given.id, renewed))
        .order_by(Question.position, Answer.id)
    ).all()
    no_answers = standards(session).no_answers
    zone = ZoneInfo(reading.of_team.zone)
    shown = []
    for answer, question in rows:
        proof = judge(question.kind, answer.value, reading.today, no_answers)
        shown.append(
            AnswerShown(
                label=question.label,
                short=question.short,
                kind=question.kind,
                value=answer.value,
                proves=proof.proves,
                second_hand=proof.second_hand,
                renewed=answer.answer_set_id != given.id,
                answered_on=answer.answered_at.astimezone(zone).date(),
                unconfirmed=answer.confirmed_at is None and answer.is_current,
                superseded=answer.confirmed_at is None and not answer.is_current,
            )
        )
    return tuple(shown)


# --- direct messages


def owner_dm(session: Session, first_review_deal_id: int, now: datetime) -> OwnerDm | None:
    """To an owner: the deals in this review that this person owns now."""
    to = active_addressee(session, Kind.REVIEW_OWNER, first_review_deal_id)
    if to is None:
        return None
    review = get_review(session, get_review_deal(session, first_review_deal_id).review_id)
    return _owner_dm(session, review, *to, now)


def new_owner_dm(session: Session, change_id: int, now: datetime) -> OwnerDm | None:
    """The same, to whom a deal went during the review: `change_id` is what gave it to them."""
    to = active_addressee(session, Kind.REVIEW_NEW_OWNER, change_id)
    if to is None:
        return None
    change = session.scalars(select(DealChange).where(DealChange.id == change_id)).one()
    review = session.scalars(
        select(Review)
        .join(ReviewDeal, ReviewDeal.review_id == Review.id)
        .where(ReviewDeal.deal_id == change.deal_id, Review.started_at <= change.changed_at)
        .order_by(Review.started_at.desc(), Review.id.desc())
        .limit(1)
    ).one()
    return _owner_dm(session, review, *to, now)


def _owner_dm(
    session: Session, review: Review, message: Delivery, owner: Person, now: datetime
) -> OwnerDm | None:
    if review.closed_at is not None and not is_posted(message):
        return None
    reading = Reading(session, review, review_deals(session, review.id), now)
    mine = [entry for entry in reading.entries if reading.deal_of(entry).owner_id == owner.id]
    if not mine and not is_posted(message):
        return None
    return _to_owner(reading, owner, mine)


def _to_owner(reading: Reading, owner: Person, mine: Sequence[ReviewDeal]) -> OwnerDm:
    cards = cards_of(reading.session, mine)
    return OwnerDm(
        review_id=reading.review.id,
        team=reading.team,
        owner=who_shown(owner),
        deals=tuple(reading.line(entry, cards.get(entry.id)) for entry in mine),
        decide_from=reading.review.decide_from,
        deciding=reading.is_deciding,
        closed=reading.closed,
    )


def nudge(session: Session, first_review_deal_id: int, now: datetime) -> OwnerDm | None:
    """To an owner who is silent about deals: those of which nothing was answered in this review.

    Not begun on a day off, once deciding has begun, or when nothing waits.
    """
    to = active_addressee(session, Kind.REVIEW_NUDGE, first_review_deal_id)
    if to is None:
        return None
    message, owner = to
    review = get_review(session, get_review_deal(session, first_review_deal_id).review_id)
    reading = Reading(session, review, review_deals(session, review.id), now)
    stands = is_posted(message)
    if not stands and (review.closed_at is not None or reading.is_deciding):
        return None
    if not stands and day_off(session, owner, local_date(now, owner.zone)) is not None:
        return None
    mine = [
        entry
        for entry in reading.entries
        if reading.deal_of(entry).owner_id == owner.id and reading.unanswered(entry)
    ]
    said = select(AnswerSet.review_deal_id).where(
        AnswerSet.review_deal_id.in_([entry.id for entry in mine])
    )
    if not stands:
        answered = set(session.scalars(said))
        mine = [entry for entry in mine if entry.id not in answered]
    return _to_owner(reading, owner, mine) if mine or stands else None


def deciding_dm(session: Session, review_id: int, now: datetime) -> DecidingDm | None:
    """To who decides: the deals without a decision; not begun when there are none left."""
    to = active_addressee(session, Kind.REVIEW_DECIDING, review_id)
    if to is None:
        return None
    message, person = to
    review = get_review(session, review_id)
    if not access.may(session, person, Act.DECIDE, team_id=review.team_id):
        return None
    reading = Reading(session, review, review_deals(session, review.id), now)
    undecided = [entry for entry in reading.entries if reading.is_undecided(entry)]
    if not undecided and not is_posted(message):
        return None
    cards = cards_of(session, undecided)
    return DecidingDm(
        review_id=review.id,
        team=reading.team,
        to=who_shown(person),
        stands_in_for=_absent_manager(session, reading, person),
        deals=len(reading.entries),
        undecided=tuple(reading.line(entry, cards.get(entry.id)) for entry in undecided),
        parent=parent_of(session, review.id),
        closed=reading.closed,
        today=reading.today,
    )


def deciding_over(session: Session, review_id: int, now: datetime) -> DecidingOver | None:
    """Only a message that stands says so."""
    to = active_addressee(session, Kind.REVIEW_DECIDING_OVER, review_id)
    if to is None or not is_posted(to[0]):
        return None
    review = get_review(session, review_id)
    decider = decider_at(session, review.team_id, now) or first_decider(session, review.team_id)
    return DecidingOver(
        team=team_shown(team(session, review.team_id)),
        decider=None if decider is None else who_shown(decider),
        closed=review.closed_at is not None,
    )


def _absent_manager(session: Session, reading: Reading, person: Person) -> Who | None:
    manager_id = reading.of_team.manager_id
    if manager_id is None or manager_id == person.id:
        return None
    found = people_by_id(session, [manager_id])
    return next((who_shown(each) for each in found.values() if each.active), None)
