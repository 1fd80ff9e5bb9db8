"""Messages owed to Slack. A delivery is ids, never rendered words; rendering comes at sending.

One row is one message, for as long as that message lives: `revision` counts how often what it
shows has changed, `shown` which revision Slack has. A row is owed while nothing was posted or
`shown` lags behind. So twenty clicks are one update, and repeating an update does no harm.

Here is what owes a message. What the worker does with it is in `models.delivery_claims`.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, cast
from uuid import uuid4

from sqlalchemy import (
    BindParameter,
    CheckConstraint,
    ColumnElement,
    CursorResult,
    Index,
    String,
    Table,
    UniqueConstraint,
    Update,
    and_,
    any_,
    bindparam,
    case,
    delete,
    func,
    select,
    text,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from models import access
from models.access import Act
from models.base import (
    Base,
    InWorkspace,
    UtcDateTime,
    insert_once,
    one_of,
    within_workspace,
    word_of,
)
from models.people import Person, admins, workspace_id_of

RECEIVED_KEPT = timedelta(days=1)
"""How long what came in is remembered: Slack redelivers within minutes (docs.slack.dev, Events)."""


class Kind(StrEnum):
    """What a message is. `handlers.MESSAGES` maps each to its loader and its words."""

    REVIEW_PICK = "review.pick"  # to who decides, before the cards
    REVIEW_PARENT = "review.parent"
    REVIEW_CARD = "review.card"
    REVIEW_ANSWERS = "review.answers"
    REVIEW_OWNER = "review.owner"
    REVIEW_DECIDING = "review.deciding"
    REVIEW_DECIDING_OVER = "review.deciding_over"  # what that says to who decides no more
    REVIEW_CLOSING = "review.closing"
    REVIEW_TO_CONFIRM = "review.to_confirm"  # answers on an owner's behalf, to that owner
    REVIEW_PRACTICE = "review.practice"  # words as worth copying, to who said them
    REVIEW_NUDGE = "review.nudge"  # to an owner who is silent
    REVIEW_NEW_OWNER = "review.new_owner"  # to whom a deal went during the review
    REVIEW_ENDED = "review.ended"  # without a grade
    PUT_RIGHT = "crm.put_right"  # to an owner
    DEPUTY_NAMED = "deputy.named"
    ONE_ON_ONE_COACH = "one_on_one.coach"  # a sitting's card, the coach's side
    ONE_ON_ONE_PERSON = "one_on_one.person"  # and that of who is coached
    ONE_ON_ONE_CHANGED = "one_on_one.changed"  # to who is coached: the coach changed it, or is off
    ONE_ON_ONE_CHANGED_COACH = "one_on_one.changed_coach"  # and to the coach
    ONE_ON_ONE_STANDING = "one_on_one.standing"
    ONE_ON_ONE_NEW_COACH = "one_on_one.new_coach"  # to who is coached by somebody else now
    ONE_ON_ONE_UNSET = "one_on_one.unset"  # to a coach with new people: none has a weekly time
    ONE_ON_ONE_ZONE = "one_on_one.zone"  # to whose time zone is another now
    ONE_ON_ONE_ZONE_OTHER = "one_on_one.zone_other"  # and to the other side
    ONE_ON_ONE_RATING = "one_on_one.rating"
    ONE_ON_ONE_COMMENT = "one_on_one.comment"  # beside a rating, sent by choice
    ONE_ON_ONE_BREACH = "one_on_one.breach"  # to the coach
    ONE_ON_ONE_BREACH_ABOVE = "one_on_one.breach_above"  # and to the leader above
    COACHING_PERSON = "coaching.person"  # a log, to who was coached
    COACHING_COACH = "coaching.coach"  # and the coach's own copy
    COACHING_DISPUTED = "coaching.disputed"
    ABSENCE_LATE = "absence.late"  # days off entered too late for something, to a leader
    HEALTH_SUMMARY = "health.summary"  # Monday's check, in the channel
    HEALTH_FLAGS = "health.flags"  # and its list of flags, in the thread
    HEALTH_TALKS = "health.talks"  # the reps under the standard, to who decides that day
    HEALTH_TALK = "health.talk"  # when such a conversation is, to the rep
    HEALTH_REMINDER = "health.reminder"  # of those still open
    HEALTH_QUOTAS = "health.quotas"  # who has no quota, to the admins
    IMPORT_REMINDER = "import.reminder"  # the deals are old
    FORECAST_CARD = "forecast.card"  # Friday's, to who was asked and to whoever took it over
    IMPORT_FILE = "import.file"  # a file that somebody dropped, in its thread
    DIGEST = "digest.morning"
    SCHEDULE_SKIPPED = "schedule.skipped"
    ADMIN_PARKED = "admin.parked"
    SETUP = "setup.steps"  # to an admin
    SETUP_PREVIEW = "setup.preview"


class DeliveryState(StrEnum):
    OWED = "owed"  # to be posted, or its update is due (`shown` < `revision`)
    POSTED = "posted"  # Slack shows the latest revision
    DROPPED = "dropped"  # no longer wanted, or not allowed, when its turn came
    PARKED = "parked"  # Slack refused for good, or a post stayed ambiguous: an admin must look


class Wait(StrEnum):
    """For what a direct message was held back, last (models.attention)."""

    HOURS = "hours"  # quiet hours, a selling block, a snooze: until they end
    DIGEST = "digest"  # the next morning digest: in whose thread it goes out


class Delivery(InWorkspace, Base):
    """One message owed. It goes to a channel (`channel_id`) or to a person (`person_id`, a DM).

    `due_at` is business time, `not_before` and `lease_until` real time. `attempt` is the epoch of
    the claim: who holds an older one may write nothing. `key` is what Slack's metadata carries.
    """

    __tablename__ = "deliveries"
    __table_args__ = (
        UniqueConstraint("workspace_id", "id"),
        UniqueConstraint("workspace_id", "dedupe_key"),
        UniqueConstraint("key"),
        within_workspace("after_id", "deliveries"),
        within_workspace("person_id", "people"),
        CheckConstraint(
            "(channel_id IS NULL) <> (person_id IS NULL)", name="to_a_channel_or_a_person"
        ),
        CheckConstraint("(state <> 'posted') OR (ts IS NOT NULL)", name="posted_has_a_ts"),
        Index("ix_deliveries_due", "state", "due_at", "id"),
        Index("ix_deliveries_subject", "workspace_id", "kind", "subject_id"),
        Index(
            "ix_deliveries_lane", "workspace_id", "lane", "due_at", "id",
            sqlite_where=text("state = 'owed'"),
            postgresql_where=text("state = 'owed'"),
        ),
        Index(
            "ix_deliveries_told", "workspace_id", "person_id", "told_at",
            sqlite_where=text("person_id IS NOT NULL"),
            postgresql_where=text("person_id IS NOT NULL"),
        ),
        Index(
            "ix_deliveries_after", "workspace_id", "after_id",
            sqlite_where=text("after_id IS NOT NULL"),
            postgresql_where=text("after_id IS NOT NULL"),
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[Kind] = mapped_column(word_of(Kind, 40))
    subject_id: Mapped[int]
    dedupe_key: Mapped[str] = mapped_column(String(120))
    key: Mapped[str] = mapped_column(String(32))
    channel_id: Mapped[str | None] = mapped_column(String(32))
    person_id: Mapped[int | None]
    lane: Mapped[str] = mapped_column(String(40))  # where it goes: the channel, or "@person_id"
    after_id: Mapped[int | None]  # a reply in the thread of that message, posted after it
    in_thread: Mapped[str | None] = mapped_column(String(32))  # or of this ts, somebody else's
    state: Mapped[DeliveryState] = mapped_column(one_of(DeliveryState, "state"))
    revision: Mapped[int] = mapped_column(default=1)
    shown: Mapped[int] = mapped_column(default=0)  # before the ts is known: what may be shown
    due_at: Mapped[datetime]
    not_before: Mapped[datetime | None]
    attempt: Mapped[int] = mapped_column(default=0)
    tries: Mapped[int] = mapped_column(default=0)  # calls to Slack since the last that succeeded
    lease_owner: Mapped[str | None] = mapped_column(String(64))
    lease_until: Mapped[datetime | None]
    posting_since: Mapped[datetime | None]  # business time of the first post that may have arrived
    told_at: Mapped[datetime | None]  # business time: since when it stands there, or may
    waits_for: Mapped[Wait | None] = mapped_column(one_of(Wait, "waits_for"))
    posted_channel: Mapped[str | None] = mapped_column(String(32))  # where it stands (DM: D…)
    ts: Mapped[str | None] = mapped_column(String(32))
    error: Mapped[str | None] = mapped_column(String(200))


class Received(InWorkspace, Base):
    """What came in and was carried out, by a key that a redelivery repeats. Kept for a day."""

    __tablename__ = "received"

    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    workspace_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    received_at: Mapped[datetime]


class Bucket(Base):
    """When the next call may go out under a key (a channel): real time, shared by replicas."""

    __tablename__ = "buckets"

    key: Mapped[str] = mapped_column(String(120), primary_key=True)
    free_at: Mapped[datetime]


def owe(
    session: Session,
    kind: Kind,
    subject_id: int,
    *,
    dedupe_key: str,
    due_at: datetime,
    channel_id: str | None = None,
    person_id: int | None = None,
    after: Delivery | None = None,
    in_thread: str | None = None,
) -> None:
    """Owes one message, in the transaction that makes it due; to a channel or to a person.

    The same `dedupe_key` again (per workspace, at most 120 characters) changes nothing. Messages
    of a channel go out in the order of `due_at` (business time), then of owing. `after` makes it a
    reply in that message's thread: it is never due before its parent and goes where the parent
    goes. `in_thread` makes it a reply to somebody else's message, by its ts. Raises ValueError if
    it cannot.
    """
    if (channel_id is None) == (person_id is None):
        raise ValueError("a delivery goes to a channel or to a person")
    lane = channel_id or f"@{person_id}"
    if after is not None:
        if after.lane != lane:
            raise ValueError(f"a reply to {after.lane} cannot go to {lane}")
        due_at = max(due_at, after.due_at)
    values = {
        "workspace_id": workspace_id_of(session),
        "kind": kind,
        "subject_id": subject_id,
        "dedupe_key": dedupe_key,
        "key": uuid4().hex,
        "channel_id": channel_id,
        "person_id": person_id,
        "lane": lane,
        "after_id": after.id if after else None,
        "in_thread": in_thread,
        "state": DeliveryState.OWED,
        "due_at": due_at,
    }
    insert_once(session, Delivery, values, "workspace_id", "dedupe_key")


_ROWS = cast(Table, Delivery.__table__)
_OURS = _ROWS.c.workspace_id == bindparam("ours")


def _changed(which: ColumnElement[bool]) -> Update:
    """In Core, which takes half the time of the same in the ORM: so it names the workspace."""
    shown = _ROWS.c.state == DeliveryState.POSTED
    moment = bindparam("moment", type_=UtcDateTime())
    return (
        update(_ROWS)
        .where(_OURS, which, _ROWS.c.state != DeliveryState.DROPPED)
        .values(
            revision=_ROWS.c.revision + 1,
            state=case((shown, DeliveryState.OWED), else_=_ROWS.c.state),
            due_at=case((shown, moment), else_=_ROWS.c.due_at),
        )
    )


_CHANGED = _changed(
    and_(_ROWS.c.kind == bindparam("of_kind"), _ROWS.c.subject_id == bindparam("subject"))
)
_KEYS: BindParameter[Any] = bindparam("keys", expanding=True)
_before = _ROWS.alias()
_LOCKED = (
    select(_before.c.id)
    .where(_before.c.workspace_id == bindparam("ours"), _before.c.dedupe_key.in_(_KEYS))
    .order_by(_before.c.id)
    .with_for_update(key_share=True)
)
_CHANGED_BY_KEY = {
    "sqlite": _changed(_ROWS.c.dedupe_key.in_(_KEYS)),
    # Locked in the order of owing, so that no two wait for each other. As an array: an IN may be
    # found and locked again for each message of the workspace.
    "postgresql": _changed(_ROWS.c.id == any_(func.array(_LOCKED.scalar_subquery()))),
}


def refresh(session: Session, kind: Kind, subject_id: int, now: datetime) -> None:
    """Says that what this message shows has changed: Slack's copy is owed an update, due now.

    Concerns every row of the kind and subject that Slack shows or may show; a worker that is
    rendering one right now has rendered the older revision, and an update follows. What is
    parked stays parked, what was dropped stays dropped.
    """
    _say_changed(session, _CHANGED, {"of_kind": kind, "subject": subject_id, "moment": now})


def refresh_keys(session: Session, dedupe_keys: Collection[str], now: datetime) -> None:
    """As `refresh`, in one statement, for the messages that were owed under these keys."""
    statement = _CHANGED_BY_KEY[session.get_bind().dialect.name]
    _say_changed(session, statement, {"keys": dedupe_keys, "moment": now})


def leave(session: Session, dedupe_keys: Collection[str]) -> None:
    """These messages stay as they stand, wherever that is: nothing is owed of them any more, and
    the same may be owed anew."""
    found = select(Delivery).where(Delivery.dedupe_key.in_(dedupe_keys)).with_for_update()
    for row in session.scalars(found.order_by(Delivery.id)).all():
        row.state, row.dedupe_key = DeliveryState.DROPPED, f"{row.dedupe_key}:left:{row.id}"
    session.flush()


def _say_changed(session: Session, statement: Update, values: dict[str, Any]) -> None:
    """Runs it. Deliveries that the session has at hand are read anew when they are next used."""
    session.flush()
    session.connection().execute(statement, values | {"ours": workspace_id_of(session)})
    for row in session:
        if isinstance(row, Delivery):
            session.expire(row)


def find(
    session: Session, kind: Kind, subject_id: int, *, person_id: int | None = None
) -> Delivery | None:
    """The newest message of this kind and subject (to that person) that was not dropped."""
    wanted = select(Delivery).where(
        Delivery.kind == kind,
        Delivery.subject_id == subject_id,
        Delivery.state != DeliveryState.DROPPED,
    )
    if person_id is not None:
        wanted = wanted.where(Delivery.person_id == person_id)
    return session.scalars(wanted.order_by(Delivery.id.desc()).limit(1)).one_or_none()


def find_posted(session: Session, kind: Kind, channel_id: str, ts: str) -> Delivery | None:
    """The message of this kind that stands in Slack at this place."""
    return session.scalar(
        select(Delivery).where(
            Delivery.kind == kind, Delivery.posted_channel == channel_id, Delivery.ts == ts
        )
    )


def unpark(session: Session, channel_id: str, now: datetime) -> int:
    """Owes again what was parked in a channel, for when the bot was invited again; how many.

    Each is loaded anew at its turn, so what nobody wants any more is dropped then. The notices
    that told an admin are refreshed.
    """
    return _owe_parked(session, now, Delivery.lane == channel_id)


def try_parked_again(session: Session, actor: Person, now: datetime) -> int:
    """An admin says that what held messages up is mended: all that is parked is owed again.

    How many. One of which it is unknown whether Slack has it is still searched for before it is
    posted. Raises `Refused`.
    """
    access.require_one_of(actor, Act.SEE_SETUP, *(admin.id for admin in admins(session)))
    return _owe_parked(session, now)


def _owe_parked(session: Session, now: datetime, *which: ColumnElement[bool]) -> int:
    session.flush()
    parked = (
        update(Delivery)
        .where(Delivery.state == DeliveryState.PARKED, *which)
        .values(state=DeliveryState.OWED, error=None, tries=0, not_before=None)
        .returning(Delivery.id)
    )
    ids = session.scalars(parked.execution_options(synchronize_session="fetch")).all()
    for delivery_id in ids:
        refresh(session, Kind.ADMIN_PARKED, delivery_id, now)
    return len(ids)


def received_first(session: Session, key: str, now: datetime) -> bool:
    """Remembers what came in under a key that a redelivery repeats. False: it came before.

    Two at once: the second waits until the first has committed, or takes over if it failed.
    """
    values = {"key": key, "workspace_id": workspace_id_of(session), "received_at": now}
    return insert_once(session, Received, values, "key", "workspace_id")


def forget_received(session: Session, now: datetime) -> int:
    """Deletes what came in longer ago than `RECEIVED_KEPT`; how many that were."""
    old = delete(Received).where(Received.received_at < now - RECEIVED_KEPT)
    result = session.execute(old.execution_options(synchronize_session=False))
    return result.rowcount if isinstance(result, CursorResult) else 0
