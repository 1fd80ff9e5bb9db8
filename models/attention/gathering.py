"""What waits for a morning digest goes out in its thread: no message of its own, and buttons and
updates stay as they are.
"""

from datetime import datetime

from sqlalchemy import exists, or_, select, update
from sqlalchemy.orm import Session, aliased

from models.delivery import Delivery, DeliveryState, Kind, Wait, refresh_keys
from models.delivery_claims import Claim, drop, put_off

_FREE = {"lease_owner": None, "lease_until": None}


def gather(session: Session, digest: Delivery) -> None:
    """A digest is owed: all that waits for one follows in its thread, in the order of owing.

    Also what an older digest was to bring that never went out. Whoever holds one of them lost it.
    """
    parent = aliased(Delivery)
    stands = exists().where(
        parent.workspace_id == Delivery.workspace_id,
        parent.id == Delivery.after_id,
        parent.ts.is_not(None),
    )
    session.execute(
        update(Delivery)
        .where(
            Delivery.person_id == digest.person_id,
            Delivery.state == DeliveryState.OWED,
            Delivery.ts.is_(None),
            Delivery.posting_since.is_(None),
            Delivery.waits_for == Wait.DIGEST,
            or_(Delivery.after_id.is_(None), stands.is_(False)),
        )
        .values(
            after_id=digest.id,
            due_at=digest.due_at,
            attempt=Delivery.attempt + 1,
            **_FREE,
        )
        .execution_options(synchronize_session=False)
    )


def in_thread(session: Session, digest: Delivery) -> list[tuple[Kind, int]]:
    """The messages that a digest has, or will have, in its thread: what each is, and of what."""
    found = (
        select(Delivery.kind, Delivery.subject_id)
        .where(Delivery.after_id == digest.id, Delivery.state != DeliveryState.DROPPED)
        .order_by(Delivery.id)
    )
    return [(kind, subject_id) for kind, subject_id in session.execute(found)]


def let_go(session: Session, held: Claim, reason: str, now: datetime) -> None:
    """Drops a message; a digest that counts it in its thread counts anew. Raises ClaimLost."""
    drop(session, held, reason)
    if held.is_update or held.after_id is None:
        return
    parent = select(Delivery.dedupe_key).where(
        Delivery.id == held.after_id, Delivery.kind == Kind.DIGEST
    )
    if (key := session.scalar(parent)) is not None:
        refresh_keys(session, [key], now)


def stand_alone(session: Session, held: Claim, now: datetime) -> bool:
    """The digest that was to bring this one will not come: it goes out like any other. Whether it
    was to be brought by one. Raises ClaimLost."""
    if held.waits_for is not Wait.DIGEST:
        return False
    put_off(session, held, now, Wait.DIGEST)
    return True
