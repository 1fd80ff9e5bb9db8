"""What the coached think of their one-on-ones: 1 to 5, or "it did not happen".

Nobody else ever sees one: they are released monthly, pooled (product.md, "Measuring managers"). A
comment beside a rating is its author's alone, unless they send it to the coach, by name.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import (
    CheckConstraint,
    Index,
    Select,
    String,
    Text,
    UniqueConstraint,
    and_,
    bindparam,
    exists,
    func,
    select,
    text,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.access import Act, require_one_of
from models.base import Base, InWorkspace, RuleBroken, insert_once, within_workspace
from models.days import DAY, digest_key
from models.delivery import Delivery, DeliveryState, Kind, owe, refresh, refresh_keys
from models.one_on_ones import OneOnOne, Sitting, State, UnknownOneOnOne
from models.people import Person, Workspace, standards, standards_of, workspace_id_of
from models.standards import Standards

SCORES = range(1, 6)
MOST_COMMENT = 2000
UNRATED = (State.CANCELLED, State.EXCUSED)


class Rating(InWorkspace, Base):
    """What was pressed, each time; of a session's rows the newest counts, the others are trail.

    `score` None: it did not happen. `once`: what a redelivery of the click repeats.
    """

    __tablename__ = "ratings"
    __table_args__ = (
        UniqueConstraint("workspace_id", "id"),
        UniqueConstraint("workspace_id", "one_on_one_id", "once"),
        within_workspace("one_on_one_id", "one_on_ones"),
        CheckConstraint("score BETWEEN 1 AND 5", name="one_to_five"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    one_on_one_id: Mapped[int]
    score: Mapped[int | None]
    given_at: Mapped[datetime]
    once: Mapped[str] = mapped_column(String(200))


class RatingComment(InWorkspace, Base):
    """What the coached wrote beside their rating: theirs alone unless `sent` to the coach, by name.

    One is current per session; an earlier version stays as trail.
    """

    __tablename__ = "rating_comments"
    __table_args__ = (
        UniqueConstraint("workspace_id", "id"),
        within_workspace("one_on_one_id", "one_on_ones"),
        Index(
            "uq_rating_comments_current", "workspace_id", "one_on_one_id",
            unique=True,
            sqlite_where=text("is_current"),
            postgresql_where=text("is_current"),
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    one_on_one_id: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    sent: Mapped[bool]
    written_at: Mapped[datetime]
    is_current: Mapped[bool] = mapped_column(default=True)


class NotYetAsked(RuleBroken):
    """The session has not ended yet. `at`: when it is asked about."""

    def __init__(self, at: datetime) -> None:
        super().__init__(at)
        self.at = at


class TooLate(RuleBroken):
    """A rating could be given, or (`rated`) the one that stands be changed, `until` then."""

    def __init__(self, until: datetime, *, rated: bool) -> None:
        super().__init__(until, rated)
        self.until = until
        self.rated = rated


class NothingRated(RuleBroken):
    """The session was cancelled or excused: it is not asked about."""

    def __init__(self, state: State) -> None:
        super().__init__(state)
        self.state = state


class CommentTooLong(RuleBroken):
    """More characters than `most`."""

    def __init__(self, most: int) -> None:
        super().__init__(most)
        self.most = most


# --- rating


@dataclass(frozen=True)
class Asked:
    """What decides whether a session may be rated: once it has ended, by the coached person.

    `first_at`: when its rating was first given. A session that was moved afterwards is asked about
    again: what was given before its sitting ended was about another one, and does not count.
    """

    one_on_one_id: int
    coach_id: int
    person_id: int
    state: State
    sitting_id: int
    ends_at: datetime
    first_at: datetime | None
    kept: dict[str, Any]  # the workspace's standards

    @cached_property
    def rules(self) -> Standards:
        return standards_of(self.kept)

    @property
    def asked_at(self) -> datetime:
        return self.ends_at + timedelta(minutes=self.rules.rating_minutes)

    @property
    def until(self) -> datetime:
        """Until when it may be rated: for the first time or, once it is, differently."""
        if self.first_at is not None:
            return self.first_at + timedelta(hours=self.rules.rating_change_hours)
        return self.asked_at + timedelta(days=self.rules.rating_open_days)


_ABOUT_THIS_SITTING = and_(Rating.one_on_one_id == OneOnOne.id, Rating.given_at >= Sitting.ends_at)
_FIRST_AT = (
    select(func.min(Rating.given_at))
    .where(_ABOUT_THIS_SITTING)
    .correlate(OneOnOne, Sitting)
    .scalar_subquery()
)
_NEWEST = (
    select(Rating)
    .join(OneOnOne, OneOnOne.id == Rating.one_on_one_id)
    .join(Sitting, and_(Sitting.one_on_one_id == OneOnOne.id, Sitting.is_current))
    .where(OneOnOne.id == bindparam("one_on_one_id"), _ABOUT_THIS_SITTING)
    .order_by(Rating.id.desc())
    .limit(1)
)
_ASKED = (
    select(
        OneOnOne.id,
        OneOnOne.coach_id,
        OneOnOne.person_id,
        OneOnOne.state,
        Sitting.id,
        Sitting.ends_at,
        _FIRST_AT,
        Workspace.standards,
    )
    .join(Sitting, and_(Sitting.one_on_one_id == OneOnOne.id, Sitting.is_current))
    .join(Workspace, Workspace.id == OneOnOne.workspace_id)
    .where(OneOnOne.id == bindparam("one_on_one_id"))
)
_ASKED_AND_HELD = _ASKED.with_for_update(of=OneOnOne)


_Asking = Select[int, int, int, State, int, datetime, datetime, dict[str, Any]]


def asked_about(session: Session, one_on_one_id: int) -> Asked:
    """The session as it stands. Raises `UnknownOneOnOne`."""
    return _asked(session, _ASKED, one_on_one_id)


def _asked(session: Session, statement: _Asking, one_on_one_id: int) -> Asked:
    row = session.execute(statement, {"one_on_one_id": one_on_one_id}).one_or_none()
    if row is None:
        raise UnknownOneOnOne(one_on_one_id)
    return Asked(*row)


def rate(
    session: Session,
    actor: Person,
    one_on_one_id: int,
    score: int | None,
    once: str,
    now: datetime,
) -> bool:
    """The coached person says how useful the session was, 1 to 5, or (None) that it never was.

    The first time within seven days of being asked, then again and again within 24 hours of the
    first; the newest counts. False, and nothing happens, where it says what stands already, as the
    second of a double click does, or is a click delivered again, of which `once` is the same.
    Raises `UnknownOneOnOne`, `Refused`, `NothingRated`, `NotYetAsked`, `TooLate`; a score out of
    bounds is a ValueError.
    """
    if score is not None and score not in SCORES:
        raise ValueError(f"a rating is 1 to 5, not {score}")
    asked = _asked(session, _ASKED_AND_HELD, one_on_one_id)
    _require_open(asked, actor, now)
    standing = current_rating(session, one_on_one_id)
    if standing is not None and standing.score == score:
        return False
    given = {
        "workspace_id": workspace_id_of(session),
        "one_on_one_id": one_on_one_id,
        "score": score,
        "given_at": now,
        "once": once,
    }
    if not insert_once(session, Rating, given, "workspace_id", "one_on_one_id", "once"):
        return False
    _show(session, actor, asked, now)
    return True


def _show(session: Session, actor: Person, asked: Asked, now: datetime) -> None:
    """What asks shows the answer: its own message, and the digests since, which repeat it."""
    refresh(session, Kind.ONE_ON_ONE_RATING, asked.sitting_id, now)
    zone = ZoneInfo(actor.zone)
    ended, today = asked.ends_at.astimezone(zone).date(), now.astimezone(zone).date()
    mornings = range(1, (today - ended).days + 1)
    if mornings:
        refresh_keys(session, [digest_key(actor.id, ended + n * DAY) for n in mornings], now)


def require_open(session: Session, actor: Person, one_on_one_id: int, now: datetime) -> None:
    """Whether this person may rate the session now; raises as `rate` does."""
    asked = asked_about(session, one_on_one_id)
    _require_open(asked, actor, now)


def _require_open(asked: Asked, actor: Person, now: datetime) -> None:
    _require_asked(asked, actor, now)
    if now >= asked.until:
        raise TooLate(asked.until, rated=asked.first_at is not None)


def _require_asked(asked: Asked, actor: Person, now: datetime) -> None:
    require_one_of(actor, Act.RATE, asked.person_id)
    if asked.state in UNRATED:
        raise NothingRated(asked.state)
    if now < asked.asked_at:
        raise NotYetAsked(asked.asked_at)


def current_rating(session: Session, one_on_one_id: int) -> Rating | None:
    """What counts of a session's ratings: the newest. For the coached person's eyes alone."""
    return session.scalars(_NEWEST, {"one_on_one_id": one_on_one_id}).one_or_none()


def unrated(session: Session, person_id: int, now: datetime) -> list[tuple[OneOnOne, Sitting]]:
    """The person's sessions that were asked about, may still be rated and are not; oldest first."""
    rules = standards(session)
    ended = now - timedelta(minutes=rules.rating_minutes)
    rows = session.execute(
        select(OneOnOne, Sitting)
        .join(Sitting, and_(Sitting.one_on_one_id == OneOnOne.id, Sitting.is_current))
        .where(
            OneOnOne.person_id == person_id,
            OneOnOne.state.not_in(UNRATED),
            Sitting.ends_at <= ended,
            Sitting.ends_at > ended - timedelta(days=rules.rating_open_days),
            ~exists().where(_ABOUT_THIS_SITTING),
        )
        .order_by(Sitting.ends_at, Sitting.id)
    )
    return [(one_on_one, sitting) for one_on_one, sitting in rows]


# --- the comment beside it


def comment(
    session: Session, actor: Person, one_on_one_id: int, text: str, now: datetime, *, send: bool
) -> RatingComment | None:
    """The coached person's own words about a session; `send`: the coach gets them, by name.

    They may be edited, sent, taken back and, with a text without a word, removed at any time: the
    coach's copy follows. Without `send` they reach nobody. The same again changes nothing. Raises
    `UnknownOneOnOne`, `Refused`, `NothingRated`, `NotYetAsked`, `CommentTooLong`.
    """
    if len(text) > MOST_COMMENT:
        raise CommentTooLong(MOST_COMMENT)
    asked = _asked(session, _ASKED_AND_HELD, one_on_one_id)
    before = current_comment(session, one_on_one_id)
    _require_commentable(asked, before, actor, now)
    if before is not None and (before.text, before.sent) == (text, send):
        return before
    if before is not None:
        before.is_current = False
        session.flush()
    made = None
    if text.strip():
        made = RatingComment(one_on_one_id=one_on_one_id, text=text, sent=send, written_at=now)
        session.add(made)
        session.flush()
    _tell_coach(session, asked, made, now)
    _show(session, actor, asked, now)
    return made


def require_commentable(session: Session, actor: Person, one_on_one_id: int, now: datetime) -> None:
    """Whether this person may comment on the session now; raises as `comment` does."""
    asked = asked_about(session, one_on_one_id)
    _require_commentable(asked, current_comment(session, one_on_one_id), actor, now)


def _require_commentable(
    asked: Asked, before: RatingComment | None, actor: Person, now: datetime
) -> None:
    """A comment that is there may be edited and taken back, whatever became of the session."""
    if before is None:
        _require_asked(asked, actor, now)
    require_one_of(actor, Act.RATE, asked.person_id)


def _tell_coach(session: Session, asked: Asked, made: RatingComment | None, now: datetime) -> None:
    """The coach's copy is brought up to date where it stands; else a sent comment is owed anew.

    Locked, so that a post which is just dropping it (it had been taken back) is waited for.
    """
    standing = session.scalars(
        select(Delivery)
        .where(
            Delivery.kind == Kind.ONE_ON_ONE_COMMENT,
            Delivery.subject_id == asked.one_on_one_id,
            Delivery.state != DeliveryState.DROPPED,
        )
        .with_for_update()
    ).first()
    if standing is not None:
        refresh(session, Kind.ONE_ON_ONE_COMMENT, asked.one_on_one_id, now)
    elif made is not None and made.sent:
        owe(
            session,
            Kind.ONE_ON_ONE_COMMENT,
            asked.one_on_one_id,
            dedupe_key=f"one_on_one:{asked.one_on_one_id}:comment:{made.id}",
            due_at=now,
            person_id=asked.coach_id,
        )


def current_comment(session: Session, one_on_one_id: int) -> RatingComment | None:
    """What the coached person wrote about a session, sent or not. For that person's eyes alone."""
    return session.scalars(
        select(RatingComment).where(
            RatingComment.one_on_one_id == one_on_one_id, RatingComment.is_current
        )
    ).one_or_none()


def sent_comment(session: Session, one_on_one_id: int) -> RatingComment | None:
    """The same as the coach may see it: None unless it was sent, and not taken back."""
    found = current_comment(session, one_on_one_id)
    return found if found is not None and found.sent else None
