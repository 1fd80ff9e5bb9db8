"""What the worker does with deliveries: claim, fence, store (house.md, "Time and delivery").

A claim has an owner, a lease in real time and an epoch (`attempt`): only the holder of the newest
epoch may write, everybody else gets `ClaimLost`. A message that is not there yet goes out in its
lane (a channel, or a person) one at a time, in the order of `due_at` and owing; an update of one
that is there waits for nothing but Slack's rate limit.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    CursorResult,
    Select,
    and_,
    bindparam,
    case,
    exists,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Session, aliased
from sqlalchemy.sql.expression import SQLColumnExpression

from models.base import UtcDateTime, insert_once
from models.delivery import Bucket, Delivery, DeliveryState, Kind, Wait, owe
from models.people import admins, get_person

UPDATES = "chat.update"
"""The bucket, one per workspace, of updates: their limit is the workspace's, not a channel's."""


class ClaimLost(Exception):
    """The lease ran out and another worker has this delivery now: nothing may be written."""


@dataclass(frozen=True)
class Claim:
    """A delivery in a worker's hands, as it was claimed. `revision` is the one to be rendered.

    `after_id`: of the message in whose thread it goes. `waits_for`: for what it was held
    back before.
    """

    id: int
    workspace_id: str
    kind: Kind
    subject_id: int
    key: str
    attempt: int
    tries: int
    revision: int
    lane: str
    channel_id: str | None
    slack_id: str | None
    thread_ts: str | None
    parent_ended: DeliveryState | None
    posted_channel: str | None
    ts: str | None
    posting_since: datetime | None
    lease_until: datetime
    person_id: int | None = None
    after_id: int | None = None
    waits_for: Wait | None = None

    @property
    def is_update(self) -> bool:
        """Whether Slack has this message already."""
        return self.ts is not None

    @property
    def bucket(self) -> str:
        """The bucket that its next call is counted in."""
        return f"{self.workspace_id}/{UPDATES if self.is_update else self.lane}"


@dataclass(frozen=True)
class Question:
    """A post that may have arrived: found in Slack by its key, in the channel or a thread."""

    id: int
    attempt: int
    key: str
    thread_ts: str | None
    since: datetime


def claim(
    session: Session, now: datetime, real: datetime, *, owner: str, lease: timedelta
) -> Claim | None:
    """Claims the delivery whose turn it is, of any workspace of the session; None: there is none.

    Two workers never get the same one: PostgreSQL skips the rows that another has locked, SQLite
    lets one transaction in at a time. `now` is business time, `real` real time.
    """
    delivery = session.scalars(_TURN, {"now": now, "real": real}).one_or_none()
    if delivery is None:
        return None
    delivery.attempt += 1
    delivery.lease_owner = owner
    delivery.lease_until = real + lease
    session.flush()
    parent = session.get(Delivery, delivery.after_id) if delivery.after_id else None
    ended = parent.state if parent is not None and parent.ts is None else None
    slack_id = get_person(session, delivery.person_id).slack_id if delivery.person_id else None
    return Claim(
        id=delivery.id,
        workspace_id=delivery.workspace_id,
        kind=delivery.kind,
        subject_id=delivery.subject_id,
        key=delivery.key,
        attempt=delivery.attempt,
        tries=delivery.tries,
        revision=delivery.revision,
        lane=delivery.lane,
        channel_id=delivery.channel_id,
        slack_id=slack_id,
        thread_ts=parent.ts if parent else delivery.in_thread,
        parent_ended=ended,
        posted_channel=delivery.posted_channel,
        ts=delivery.ts,
        posting_since=delivery.posting_since,
        lease_until=real + lease,
        person_id=delivery.person_id,
        after_id=delivery.after_id,
        waits_for=delivery.waits_for,
    )


def _turn() -> Select[Delivery]:
    """The delivery to be claimed next, of those that nobody else is claiming just now."""
    now, real = bindparam("now", type_=UtcDateTime()), bindparam("real", type_=UtcDateTime())
    ahead = aliased(Delivery)
    is_post = Delivery.ts.is_(None)
    parent_is_awaited = _awaits_parent(Delivery)
    another_is_first = exists().where(
        ahead.workspace_id == Delivery.workspace_id,
        ahead.lane == Delivery.lane,
        ahead.state == DeliveryState.OWED,
        ahead.ts.is_(None),
        ahead.due_at <= now,
        or_(
            ahead.due_at < Delivery.due_at,
            and_(ahead.due_at == Delivery.due_at, ahead.id < Delivery.id),
        ),
        # a message that was put into a thread may be older than its parent
        or_(ahead.after_id.is_(None), _awaits_parent(ahead).is_(False)),
    )
    counted_in = Delivery.workspace_id + "/" + case((is_post, Delivery.lane), else_=UPDATES)
    return (
        select(Delivery)
        .where(
            Delivery.state == DeliveryState.OWED,
            Delivery.due_at <= now,
            or_(Delivery.not_before.is_(None), Delivery.not_before <= real),
            or_(Delivery.lease_until.is_(None), Delivery.lease_until <= real),
            parent_is_awaited.is_(False),
            ~and_(is_post, another_is_first),
            _held(counted_in, real).is_(False),
            _held(Delivery.workspace_id, real).is_(False),
        )
        .order_by(Delivery.due_at, Delivery.id)
        .limit(1)
        .with_for_update(skip_locked=True, of=Delivery)
    )


def _awaits_parent(reply: type[Delivery]) -> ColumnElement[bool]:
    parent = aliased(Delivery)
    return exists().where(
        parent.workspace_id == reply.workspace_id,
        parent.id == reply.after_id,
        parent.ts.is_(None),
        parent.state == DeliveryState.OWED,
    )


def _held(key: SQLColumnExpression[str], real: BindParameter[datetime]) -> ColumnElement[bool]:
    return exists().where(Bucket.key == key, Bucket.free_at > real)


_TURN = _turn()
"""Built once: it is asked several times a second."""


def still_held(session: Session, held: Claim) -> Claim:
    """The claim with the revision that is current now, before what it shows is read.

    Raises ClaimLost.
    """
    row = session.execute(
        select(Delivery.attempt, Delivery.revision).where(Delivery.id == held.id)
    ).one()
    if row.attempt != held.attempt:
        raise ClaimLost
    return replace(held, revision=row.revision)


def fence(
    session: Session,
    held: Claim,
    now: datetime,
    real: datetime,
    *,
    lease: timedelta,
    interval: timedelta,
) -> Claim | None:
    """The last word before the call: the try is counted, and the lease begins anew.

    For a post it also takes its second in the channel's bucket (`interval`, real time) and
    remembers since when, in business time, the message may have arrived. None: the bucket is
    not free yet, and the delivery was given back. Raises ClaimLost.
    """
    values: dict[str, Any] = {"tries": Delivery.tries + 1, "lease_until": real + lease}
    if not held.is_update:
        _write(session, held, lease_until=real + lease)  # locks the row before the bucket
        free_at = _take(session, held.bucket, real, interval)
        if free_at is not None:
            again(session, held, free_at)
            return None
        values |= {"posting_since": now, "told_at": now, "shown": held.revision}
    _write(session, held, **values)
    since = held.posting_since if held.is_update else now
    return replace(held, lease_until=real + lease, tries=held.tries + 1, posting_since=since)


def store(session: Session, held: Claim, channel_id: str, ts: str) -> None:
    """Slack shows the revision of the claim, there. If it changed meanwhile, an update is owed.

    Raises ClaimLost.
    """
    _write(
        session,
        held,
        **_IDLE,
        **_standing(channel_id, ts),
        shown=held.revision,
        state=_posted_or_owed(held.revision),
    )


def came_late(session: Session, held: Claim, channel_id: str, ts: str) -> bool:
    """A call came through although the claim was lost: its process had stood still for longer than
    the lease, and another may have called too. Whether the message may stand.

    Of several posts the one that is recorded first stands, which this one may be; each of the
    others is to be deleted, as is one that was dropped meanwhile. After an update nobody knows
    which came last, nor what stands there where another's search recorded this post: one more
    update is owed, which takes the claim from nobody (else each late one would make the next late).
    """
    in_slack = Delivery.state.in_((DeliveryState.POSTED, DeliveryState.OWED))
    once_more: dict[str, Any] = {"revision": Delivery.revision + 1, "state": DeliveryState.OWED}
    if held.is_update:
        _written(session, held, in_slack, **once_more)
        return True
    taken: dict[str, Any] = {**_IDLE, "attempt": Delivery.attempt + 1}  # whoever holds it lost it
    stands = {"shown": held.revision, "state": _posted_or_owed(held.revision)}
    free = Delivery.ts.is_(None) & (Delivery.state != DeliveryState.DROPPED)
    told = {"told_at": func.coalesce(Delivery.told_at, held.posting_since)}
    if _written(session, held, free, **taken, **_standing(channel_id, ts), **stands, **told):
        return True
    is_this = (Delivery.posted_channel == channel_id) & (Delivery.ts == ts)
    if _written(session, held, in_slack, is_this, Delivery.shown != held.revision, **once_more):
        return True
    found = select(Delivery.id).where(Delivery.id == held.id, is_this)
    return session.scalar(found) is not None


def _written(session: Session, held: Claim, *where: ColumnElement[bool], **values: Any) -> bool:
    """Whether there was such a row to write."""
    result = session.execute(
        update(Delivery)
        .where(Delivery.id == held.id, *where)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    return isinstance(result, CursorResult) and result.rowcount == 1


def not_posted(session: Session, held: Claim) -> None:
    """Slack certainly did not take the post; the claim goes on. Raises ClaimLost."""
    _write(session, held, **_NOT_THERE)


def put_off(
    session: Session, held: Claim, due_at: datetime, why: Wait, after_id: int | None = None
) -> None:
    """Gives a post back until a moment of business time, or into the thread of another message.

    Slack certainly has not got it. Raises ClaimLost.
    """
    _write(
        session, held, **_IDLE, **_NOT_THERE, due_at=due_at, waits_for=why, after_id=after_id
    )  # fmt: skip


def again(session: Session, held: Claim, not_before: datetime, error: str | None = None) -> None:
    """Gives the delivery back until a real time. Raises ClaimLost.

    Whether its post may have arrived stays as it is recorded.
    """
    _write(session, held, **_FREE, not_before=not_before, error=error)


def post_anew(session: Session, held: Claim) -> None:
    """Somebody deleted the message in Slack: it is owed as a new one. Raises ClaimLost."""
    _write(session, held, **_IDLE, **_NOT_THERE, ts=None, posted_channel=None)


def drop(session: Session, held: Claim, reason: str) -> None:
    """Nobody wants it, or it is not allowed: not posted; one that stands is left as it is.

    One that changed since it was loaded may be wanted again: it stays owed. Raises ClaimLost.
    """
    if held.is_update:
        values = {"shown": held.revision, "state": _posted_or_owed(held.revision)}
    else:
        changed = Delivery.revision > held.revision
        values = {
            "state": case((changed, DeliveryState.OWED), else_=DeliveryState.DROPPED),
            "error": reason,
        }
    _write(session, held, **_IDLE | values)


def park(session: Session, held: Claim, error: str, now: datetime) -> None:
    """Slack refuses it for good (`error`, its word): kept, and said to every admin.

    Once per error, lane and day (UTC); never about the notices themselves, nor about a reply
    whose parent is parked (`error` "parent_parked"). Raises ClaimLost.
    """
    _write(session, held, **_FREE, state=DeliveryState.PARKED, error=error[:200])
    if held.kind is Kind.ADMIN_PARKED or error == PARENT_PARKED:
        return
    for admin in admins(session):
        owe(
            session,
            Kind.ADMIN_PARKED,
            held.id,
            dedupe_key=f"parked/{error[:40]}/{held.lane}/{now.date()}/{admin.id}",
            due_at=now,
            person_id=admin.id,
        )


PARENT_PARKED = "parent_parked"
PARENT_DROPPED = "parent_dropped"


def questions(session: Session, held: Claim, real: datetime) -> list[Question]:
    """All of the lane's posts that may have arrived and that nobody is working at: one search
    answers them. The claimed one is among them.
    """
    parent = aliased(Delivery)
    rows = session.execute(
        select(
            Delivery.id,
            Delivery.attempt,
            Delivery.key,
            func.coalesce(parent.ts, Delivery.in_thread),
            Delivery.posting_since,
        )
        .outerjoin(
            parent,
            and_(parent.workspace_id == Delivery.workspace_id, parent.id == Delivery.after_id),
        )
        .where(
            Delivery.lane == held.lane,
            Delivery.ts.is_(None),
            Delivery.posting_since.is_not(None),
            Delivery.state.in_((DeliveryState.OWED, DeliveryState.PARKED)),
            or_(
                Delivery.id == held.id,
                and_(
                    or_(Delivery.not_before.is_(None), Delivery.not_before <= real),
                    or_(Delivery.lease_until.is_(None), Delivery.lease_until <= real),
                ),
            ),
        )
        .order_by(Delivery.id)
    )
    return [
        Question(id_, attempt, key, thread_ts, since)
        for id_, attempt, key, thread_ts, since in rows.all()
        if since is not None
    ]


def answer(
    session: Session, asked: Collection[Question], found: Mapping[str, str], channel_id: str
) -> None:
    """What the search of a channel said: `found` has the ts by key, of those that arrived.

    One that arrived is posted (with the revision that its fence recorded); the others may be
    posted anew, by whoever claims them, or still holds them. Whoever moved on meanwhile is left
    alone.
    """
    for question in asked:
        ts = found.get(question.key)
        values: dict[str, Any] = _NOT_THERE
        if ts is not None:
            state = _posted_or_owed(Delivery.shown)
            values = _IDLE | _standing(channel_id, ts) | {"state": state}
        session.execute(
            update(Delivery)
            .where(Delivery.id == question.id, Delivery.attempt == question.attempt)
            .values(**values)
            .execution_options(synchronize_session=False)
        )


def hold(session: Session, key: str, until: datetime) -> None:
    """Nothing goes out under this bucket's key (or workspace's id) before a real time."""
    if not insert_once(session, Bucket, {"key": key, "free_at": until}, "key"):
        session.execute(
            update(Bucket)
            .where(Bucket.key == key, Bucket.free_at < until)
            .values(free_at=until)
            .execution_options(synchronize_session=False)
        )


def _take(session: Session, key: str, real: datetime, interval: timedelta) -> datetime | None:
    """Takes a bucket's next moment; or says when it comes, if that is later than now."""
    insert_once(session, Bucket, {"key": key, "free_at": real}, "key")
    bucket = session.scalars(
        select(Bucket)
        .where(Bucket.key == key)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    if bucket.free_at > real:
        return bucket.free_at
    bucket.free_at = real + interval
    session.flush()
    return None


_FREE: dict[str, Any] = {"lease_owner": None, "lease_until": None}
_NOT_THERE: dict[str, Any] = {"posting_since": None, "told_at": None, "shown": 0}
_IDLE: dict[str, Any] = _FREE | {"tries": 0, "not_before": None, "error": None}


def _standing(channel_id: str, ts: str) -> dict[str, Any]:
    return {"posted_channel": channel_id, "ts": ts, "posting_since": None}


def _posted_or_owed(shown: Any) -> Any:
    return case((Delivery.revision > shown, DeliveryState.OWED), else_=DeliveryState.POSTED)


def _write(session: Session, held: Claim, **values: Any) -> None:
    if not _written(session, held, Delivery.attempt == held.attempt, **values):
        raise ClaimLost
