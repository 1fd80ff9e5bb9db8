"""A session's rating and comment, as the coached person sees them; a sent comment, as the coach.

Nothing here but `comment_sent` is for anybody else's eyes, and that holds no score.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from models import one_on_ones, ratings
from models.delivery import Kind, find
from models.one_on_ones import OneOnOne, Sitting
from models.people import Person, get_person
from models.ratings import UNRATED, RatingComment
from models.screens.pieces import is_posted, who_shown
from models.screens.shown import Who


@dataclass(frozen=True)
class CommentShown:
    text: str
    sent: bool


@dataclass(frozen=True)
class GivenShown:
    """What counts now. `score` None: it did not happen."""

    score: int | None


@dataclass(frozen=True)
class RatingAsked:
    """One session and what its coached person is asked, or has answered.

    `until`: until when it may be given or changed; `is_open`: that is still to come. `is_off`: it
    was cancelled, excused or moved after it was asked about. `zone` is the reader's.
    """

    one_on_one_id: int
    coach: Who
    starts_at: datetime
    zone: str
    change_hours: int
    given: GivenShown | None
    comment: CommentShown | None
    until: datetime
    is_open: bool
    is_off: bool


def rating_asked(session: Session, sitting_id: int, now: datetime) -> RatingAsked | None:
    """The DM that asks about one session, to who was coached.

    None: that person is inactive, or it is not posted yet and there is nothing to rate any more.
    """
    sitting = one_on_ones.get_sitting(session, sitting_id)
    one_on_one = one_on_ones.get(session, sitting.one_on_one_id)
    person = get_person(session, one_on_one.person_id)
    if not person.active:
        return None
    shown = _asked(session, one_on_one, sitting, person, now)
    message = find(session, Kind.ONE_ON_ONE_RATING, sitting_id)
    stands = message is not None and is_posted(message)
    return shown if stands or (shown.is_open and not shown.is_off) else None


def rating_form(session: Session, actor: Person, one_on_one_id: int, now: datetime) -> RatingAsked:
    """What to change about a rating. Raises as `ratings.rate` does."""
    ratings.require_open(session, actor, one_on_one_id, now)
    return _mine(session, actor, one_on_one_id, now)


def comment_form(session: Session, actor: Person, one_on_one_id: int, now: datetime) -> RatingAsked:
    """What to write beside a rating. Raises as `ratings.comment` does."""
    ratings.require_commentable(session, actor, one_on_one_id, now)
    return _mine(session, actor, one_on_one_id, now)


def _mine(session: Session, actor: Person, one_on_one_id: int, now: datetime) -> RatingAsked:
    one_on_one = one_on_ones.get(session, one_on_one_id)
    sitting = one_on_ones.current_sitting(session, one_on_one_id)
    return _asked(session, one_on_one, sitting, actor, now)


def _asked(
    session: Session, one_on_one: OneOnOne, sitting: Sitting, person: Person, now: datetime
) -> RatingAsked:
    asked = ratings.asked_about(session, one_on_one.id)
    given = ratings.current_rating(session, one_on_one.id)
    said = ratings.current_comment(session, one_on_one.id)
    return RatingAsked(
        one_on_one_id=one_on_one.id,
        coach=who_shown(get_person(session, one_on_one.coach_id)),
        starts_at=sitting.starts_at,
        zone=person.zone,
        change_hours=asked.rules.rating_change_hours,
        given=None if given is None else GivenShown(given.score),
        comment=None if said is None else _comment(said),
        until=asked.until,
        is_open=now < asked.until,
        is_off=not sitting.is_current or one_on_one.state in UNRATED,
    )


def _comment(said: RatingComment) -> CommentShown:
    return CommentShown(said.text, said.sent)


# --- to the coach


@dataclass(frozen=True)
class CommentSent:
    """A comment that its author sent to the coach. `text` None: it was taken back."""

    author: Who
    starts_at: datetime
    zone: str
    text: str | None


def comment_sent(session: Session, one_on_one_id: int, _now: datetime) -> CommentSent | None:
    """A comment to the coach, by name and without the rating.

    None: the coach is inactive, or it was taken back before it was posted.
    """
    one_on_one = one_on_ones.get(session, one_on_one_id)
    coach = get_person(session, one_on_one.coach_id)
    if not coach.active:
        return None
    said = ratings.sent_comment(session, one_on_one_id)
    message = find(session, Kind.ONE_ON_ONE_COMMENT, one_on_one_id)
    if said is None and (message is None or not is_posted(message)):
        return None
    return CommentSent(
        author=who_shown(get_person(session, one_on_one.person_id)),
        starts_at=one_on_ones.current_sitting(session, one_on_one_id).starts_at,
        zone=coach.zone,
        text=None if said is None else said.text,
    )
