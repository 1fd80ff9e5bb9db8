"""Owing, claiming and posting, step by step, for the tests of the rules."""

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import delivery_claims as claims
from models.base import Database
from models.delivery import Delivery, Kind
from models.delivery_claims import Claim
from tests.owing import owe
from tests.world import NOW, World

LEASE = timedelta(seconds=60)
SECOND = timedelta(seconds=1)
REAL = NOW + timedelta(days=400)  # real time, unlike business time


def owed(database: Database, world: World, name: str, **more: object) -> Delivery:
    values: dict[str, object] = {"channel_id": world.channel, "due_at": NOW, **more}
    if "person_id" in values:
        del values["channel_id"]
    with database.transaction(world.workspace_id) as session:
        return owe(session, Kind.REVIEW_CARD, 7, dedupe_key=name, **values)


def claimed(database: Database, real: timedelta = timedelta(), **more: timedelta) -> Claim | None:
    with database.everywhere() as session:
        now = NOW + more.get("now", timedelta())
        return claims.claim(session, now, REAL + real, owner="one", lease=LEASE)


def sure(claim: Claim | None) -> Claim:
    assert claim is not None
    return claim


def do(database: Database, world: World, work: Callable[[Session], object]) -> None:
    with database.transaction(world.workspace_id) as session:
        work(session)


def row(database: Database, world: World, delivery_id: int) -> Delivery:
    with database.transaction(world.workspace_id) as session:
        found = session.get(Delivery, delivery_id)
        assert found is not None
        return found


def fenced(database: Database, world: World, held: Claim, real: timedelta = timedelta()) -> Claim:
    with database.transaction(world.workspace_id) as session:
        return sure(claims.fence(session, held, NOW, REAL + real, lease=LEASE, interval=SECOND))


def posted(database: Database, world: World, held: Claim, ts: str = "1.0") -> None:
    do(database, world, lambda session: claims.store(session, held, "C0WEST", ts))


def parked(database: Database, world: World, held: Claim, error: str = "is_archived") -> None:
    do(database, world, lambda session: claims.park(session, held, error, NOW))


def count(session: Session, kind: Kind) -> int:
    of_kind = select(func.count()).select_from(Delivery).where(Delivery.kind == kind)
    return session.scalar(of_kind) or 0


def shown(database: Database, world: World, key: str = "card") -> Delivery:
    delivery = owed(database, world, key)
    posted(database, world, fenced(database, world, sure(claimed(database))))
    return row(database, world, delivery.id)


def held_back(database: Database, world: World, key: str, wait: timedelta) -> None:
    do(database, world, lambda session: claims.hold(session, key, REAL + wait))


def notices(database: Database, world: World) -> int:
    with database.transaction(world.workspace_id) as session:
        return count(session, Kind.ADMIN_PARKED)


def claimed_from(database: Database, world: World) -> Claim | None:
    """The next claim for the team's channel; DMs are left in their lease."""
    while (held := claimed(database)) is not None and held.channel_id != world.channel:
        pass
    return held


def in_doubt(
    database: Database, world: World, delivery_id: int, lease: timedelta | None = None
) -> None:
    with database.transaction(world.workspace_id) as session:
        delivery = session.get(Delivery, delivery_id)
        assert delivery is not None
        delivery.posting_since, delivery.shown = NOW, 1
        delivery.lease_until = REAL + lease if lease else None
