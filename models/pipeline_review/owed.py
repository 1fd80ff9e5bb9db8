"""What a review owes to Slack: parent message, cards, direct messages, replies, closing card."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import access
from models.access import Act
from models.deals import DealChange, Field
from models.delivery import Delivery, Kind, find, leave, owe, refresh, refresh_keys
from models.evidence import AnswerSet
from models.people import Person, Team, chain_above, people_by_id, team
from models.pipeline_review.reading import open_review, review_deals
from models.pipeline_review.tables import Review, ReviewDeal, ReviewKind

NUDGED_BEFORE = timedelta(hours=1)
"""So long before a scheduled deciding a silent owner is nudged; ad hoc: at half time."""


def owe_start(
    session: Session,
    review: Review,
    channel_id: str,
    entries: list[ReviewDeal],
    owners: dict[int, int],
    now: datetime,
) -> None:
    """The parent, then a card per deal in order, then one direct message per active owner.

    `owners`: the deal's owner's id, by deal in review. An owner's message carries the id of the
    first of that owner's deals in this review; so does the nudge to come, where there is time for
    one. Answers by a time of an ad hoc review: then whoever decides is told; a scheduled one has
    its own prompt for that.
    """
    _owe_cards(session, review, channel_id, entries, now)
    first: dict[int, int] = {}
    for entry in entries:
        first.setdefault(owners[entry.id], entry.id)
    active = people_by_id(session, first)
    for owner_id, entry_id in first.items():
        if active[owner_id].active:
            owe_owner(session, review, Kind.REVIEW_OWNER, entry_id, owner_id, now)
            _owe_nudge(session, review, entry_id, owner_id, now)


def _owe_cards(
    session: Session, review: Review, channel_id: str, entries: Iterable[ReviewDeal], now: datetime
) -> None:
    owe(
        session,
        Kind.REVIEW_PARENT,
        review.id,
        dedupe_key=_parent_key(review.id),
        due_at=now,
        channel_id=channel_id,
    )
    for entry in entries:
        owe(
            session,
            Kind.REVIEW_CARD,
            entry.id,
            dedupe_key=_card_key(review.id, entry.id),
            due_at=now,
            channel_id=channel_id,
        )


def follow_channel(session: Session, of_team: Team, now: datetime) -> None:
    """The team has another channel: its open review goes on there, with its cards as they stand.
    What stands in the one before is not brought up to date any more: it is the team's no longer."""
    review = open_review(session, of_team.id)
    parent = None if review is None else find(session, Kind.REVIEW_PARENT, review.id)
    if review is None or parent is None or parent.channel_id == of_team.channel_id:
        return
    entries = review_deals(session, review.id)
    leave(session, [_parent_key(review.id), *(_card_key(review.id, one.id) for one in entries)])
    if of_team.channel_id is not None:
        _owe_cards(session, review, of_team.channel_id, entries, now)
    refresh_review(session, review, entries, now)


def owe_owner(
    session: Session, review: Review, kind: Kind, subject_id: int, owner_id: int, now: datetime
) -> None:
    """One message per owner and review, whichever of the two kinds."""
    owe(
        session,
        kind,
        subject_id,
        dedupe_key=_owner_key(review.id, owner_id),
        due_at=now,
        person_id=owner_id,
    )


def _owe_nudge(
    session: Session, review: Review, entry_id: int, owner_id: int, now: datetime
) -> None:
    """None where no time is left: deciding is live, or begins within the hour."""
    due_at = review.decide_from - NUDGED_BEFORE
    if review.kind is ReviewKind.AD_HOC:
        due_at = now + (review.decide_from - now) / 2
    if due_at > now:
        owe(
            session,
            Kind.REVIEW_NUDGE,
            entry_id,
            dedupe_key=_nudge_key(review.id, owner_id),
            due_at=due_at,
            person_id=owner_id,
        )


def deciding_was_told(session: Session, review_id: int) -> bool:
    """Whether somebody was told that deciding of this review began."""
    return find(session, Kind.REVIEW_DECIDING, review_id) is not None


def show_deciding(session: Session, review: Review, decider: Person, now: datetime) -> None:
    """Deciding has begun: everything shown says so, and whoever decides today is told, once, what
    still lacks a decision."""
    owe(
        session,
        Kind.REVIEW_DECIDING,
        review.id,
        dedupe_key=f"review:{review.id}:deciding",
        due_at=now,
        person_id=decider.id,
    )
    refresh_review(session, review, review_deals(session, review.id), now)


def first_decider(session: Session, team_id: int) -> Person | None:
    """The team's manager; while inactive, the deputy or the nearest active leader; None: nobody."""
    return next(iter(access.allowed(session, Act.DECIDE, team_id=team_id)), None)


def owe_ended(session: Session, review: Review, now: datetime) -> None:
    """A review ended without a grade: the manager and the leader above hear it, once each."""
    manager_id = team(session, review.team_id).manager_id
    above = [] if manager_id is None else chain_above(session, manager_id)
    leader = next((each.id for each in above if each.active), None)
    manager = people_by_id(session, [] if manager_id is None else [manager_id])
    told = [each.id for each in manager.values() if each.active]
    for person_id in [*told, *([] if leader is None else [leader])]:
        owe(
            session,
            Kind.REVIEW_ENDED,
            review.id,
            dedupe_key=f"review:{review.id}:ended:{person_id}",
            due_at=now,
            person_id=person_id,
        )


def owe_answers(session: Session, entry: ReviewDeal, saved: AnswerSet, now: datetime) -> None:
    """A reply in the card's thread. None where the card was dropped: there is no thread."""
    card = find(session, Kind.REVIEW_CARD, entry.id)
    if card is not None:
        owe(
            session,
            Kind.REVIEW_ANSWERS,
            saved.id,
            dedupe_key=_answers_key(entry.review_id, saved.id),
            due_at=now,
            channel_id=card.channel_id,
            after=card,
        )


def owe_to_confirm(
    session: Session, entry: ReviewDeal, saved: AnswerSet, owner_id: int, now: datetime
) -> None:
    """An owner is asked to confirm what was answered on their behalf: one message per owner and
    review, which carries the id of the first such submission and shows all of them."""
    key = _to_confirm_key(entry.review_id, owner_id)
    if people_by_id(session, [owner_id])[owner_id].active:
        owe(
            session,
            Kind.REVIEW_TO_CONFIRM,
            saved.id,
            dedupe_key=key,
            due_at=now,
            person_id=owner_id,
        )
    refresh_keys(session, [key], now)


def refresh_given_for(session: Session, given: Iterable[AnswerSet], now: datetime) -> None:
    """What was answered on somebody's behalf has changed: the replies in the threads, and the
    messages in which it waits."""
    keys = []
    for each in given:
        entry = session.get(ReviewDeal, each.review_deal_id) if each.review_deal_id else None
        if entry is not None:
            keys.append(_answers_key(entry.review_id, each.id))
        if entry is not None and each.for_id is not None:
            keys.append(_to_confirm_key(entry.review_id, each.for_id))
    if keys:
        refresh_keys(session, keys, now)


def owe_closing(session: Session, review: Review, channel_id: str, now: datetime) -> None:
    """The closing card, as a message of its own."""
    owe(
        session,
        Kind.REVIEW_CLOSING,
        review.id,
        dedupe_key=f"review:{review.id}:closing",
        due_at=now,
        channel_id=channel_id,
    )


def refresh_deal(session: Session, entry: ReviewDeal, owner_id: int, now: datetime) -> None:
    """An answer or a decision changed what the parent, the card and the owner's message show."""
    keys = (
        _parent_key(entry.review_id),
        _card_key(entry.review_id, entry.id),
        _owner_key(entry.review_id, owner_id),
        _to_confirm_key(entry.review_id, owner_id),
        _nudge_key(entry.review_id, owner_id),
    )
    refresh_keys(session, keys, now)


def refresh_review(
    session: Session, review: Review, entries: Iterable[ReviewDeal], now: datetime
) -> None:
    """Everything that the review shows has changed: deciding began or was put off, or it ended."""
    entries = list(entries)
    refresh(session, Kind.REVIEW_PARENT, review.id, now)
    for entry in entries:
        refresh(session, Kind.REVIEW_CARD, entry.id, now)
    refresh_owners(session, review.id, now)
    if review.closed_at is not None:
        refresh(session, Kind.REVIEW_DECIDING, review.id, now)
        refresh_to_confirm(session, entries, now)


def refresh_owners(session: Session, review_id: int, now: datetime) -> None:
    """Everybody who was asked for answers in this review, and nudged."""
    entries = select(ReviewDeal.id).where(ReviewDeal.review_id == review_id)
    handed_over = (
        select(DealChange.id)
        .join(ReviewDeal, ReviewDeal.deal_id == DealChange.deal_id)
        .join(Review, Review.id == ReviewDeal.review_id)
        .where(
            Review.id == review_id,
            DealChange.field == Field.OWNER,
            DealChange.changed_at >= Review.started_at,
        )
    )
    asked = Delivery.kind.in_((Kind.REVIEW_OWNER, Kind.REVIEW_NUDGE))
    keys = session.scalars(
        select(Delivery.dedupe_key).where(
            (asked & Delivery.subject_id.in_(entries))
            | ((Delivery.kind == Kind.REVIEW_NEW_OWNER) & Delivery.subject_id.in_(handed_over))
        )
    ).all()
    refresh_keys(session, keys, now)


def refresh_to_confirm(session: Session, entries: Iterable[ReviewDeal], now: datetime) -> None:
    """The messages in which answers about these deals wait for their owners."""
    rows = session.execute(
        select(ReviewDeal.review_id, AnswerSet.for_id)
        .join(AnswerSet, AnswerSet.review_deal_id == ReviewDeal.id)
        .where(ReviewDeal.id.in_([entry.id for entry in entries]), AnswerSet.for_id.is_not(None))
        .distinct()
    )
    keys = [_to_confirm_key(row.review_id, row.for_id) for row in rows if row.for_id is not None]
    if keys:
        refresh_keys(session, keys, now)


def _parent_key(review_id: int) -> str:
    return f"review:{review_id}:parent"


def _card_key(review_id: int, review_deal_id: int) -> str:
    return f"review:{review_id}:card:{review_deal_id}"


def _owner_key(review_id: int, owner_id: int) -> str:
    return f"review:{review_id}:owner:{owner_id}"


def _answers_key(review_id: int, answer_set_id: int) -> str:
    return f"review:{review_id}:answers:{answer_set_id}"


def _to_confirm_key(review_id: int, owner_id: int) -> str:
    return f"review:{review_id}:to_confirm:{owner_id}"


def _nudge_key(review_id: int, owner_id: int) -> str:
    return f"review:{review_id}:nudge:{owner_id}"
