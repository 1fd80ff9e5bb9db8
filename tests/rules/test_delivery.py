"""What is owed, what changed since, what was parked, what came in: models.delivery."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy.orm import Session

from models import delivery_claims as claims
from models.base import Database
from models.delivery import (
    RECEIVED_KEPT,
    Delivery,
    DeliveryState,
    Kind,
    find,
    forget_received,
    received_first,
    refresh,
    unpark,
)
from tests.owing import owe
from tests.rules.deliveries import (
    REAL,
    SECOND,
    claimed,
    claimed_from,
    do,
    fenced,
    notices,
    owed,
    parked,
    posted,
    row,
    shown,
    sure,
)
from tests.world import NOW, World

# --- owing


def test_the_same_key_owes_one_message(database: Database, world: World) -> None:
    first = owed(database, world, "card/7")
    again = owed(database, world, "card/7", due_at=NOW + timedelta(hours=1))
    assert again.id == first.id
    assert again.due_at == NOW


def test_two_workspaces_may_use_the_same_key(
    database: Database, world: World, south: World
) -> None:
    assert owed(database, world, "card/7").id != owed(database, south, "card/7").id


def test_twenty_at_once_owe_one_message(database: Database, world: World) -> None:
    together = Barrier(8, timeout=60)

    def clicked(_n: int) -> int:
        together.wait()
        return owed(database, world, "card/7").id

    with ThreadPoolExecutor(8) as clicks:
        ids = set(clicks.map(clicked, range(8)))
    assert len(ids) == 1


@pytest.mark.parametrize("to", [{}, {"channel_id": "C0WEST", "person_id": 1}])
def test_a_message_goes_to_a_channel_or_to_a_person(
    session: Session, to: dict[str, object]
) -> None:
    with pytest.raises(ValueError, match="to a channel or to a person"):
        owe(session, Kind.REVIEW_CARD, 7, dedupe_key="x", due_at=NOW, **to)


def test_a_reply_is_never_due_before_its_parent_and_goes_where_it_goes(
    database: Database, world: World
) -> None:
    parent = owed(database, world, "card", due_at=NOW + timedelta(hours=1))
    reply = owed(database, world, "answers", after=parent, due_at=NOW)
    assert reply.due_at == parent.due_at
    with pytest.raises(ValueError, match="cannot go to"):
        owed(database, world, "elsewhere", after=parent, channel_id="C0OTHER")


def test_find_gives_the_newest_that_was_not_dropped(session: Session, world: World) -> None:
    def one(key: str) -> Delivery:
        to = world.channel
        return owe(session, Kind.REVIEW_CARD, 7, dedupe_key=key, due_at=NOW, channel_id=to)

    first, second = one("first"), one("second")
    assert find(session, Kind.REVIEW_CARD, 7) is second
    second.state = DeliveryState.DROPPED
    assert find(session, Kind.REVIEW_CARD, 7) is first
    assert find(session, Kind.REVIEW_CARD, 8) is None
    assert find(session, Kind.REVIEW_CARD, 7, person_id=world.max) is None


# --- updates


def test_twenty_changes_are_one_update(database: Database, world: World) -> None:
    delivery = shown(database, world)
    for _ in range(20):
        do(database, world, lambda session: refresh(session, Kind.REVIEW_CARD, 7, NOW))
    held = sure(claimed(database))
    assert (held.id, held.is_update, held.revision) == (delivery.id, True, 21)
    posted(database, world, held)
    assert row(database, world, delivery.id).state is DeliveryState.POSTED
    assert claimed(database) is None


def test_a_change_while_it_is_rendered_is_not_lost(database: Database, world: World) -> None:
    delivery = owed(database, world, "card")
    held = sure(claimed(database))
    with database.transaction(world.workspace_id) as session:
        held = claims.still_held(session, held)
    do(database, world, lambda session: refresh(session, Kind.REVIEW_CARD, 7, NOW))
    posted(database, world, fenced(database, world, held))
    now = row(database, world, delivery.id)
    assert (now.state, now.shown, now.revision) == (DeliveryState.OWED, 1, 2)
    posted(database, world, sure(claimed(database)))
    assert row(database, world, delivery.id).state is DeliveryState.POSTED


def test_an_update_waits_for_no_post_of_its_channel(database: Database, world: World) -> None:
    delivery = shown(database, world)
    owed(database, world, "next", due_at=NOW - timedelta(hours=1))
    next_one = sure(claimed(database, SECOND))
    do(database, world, lambda session: refresh(session, Kind.REVIEW_CARD, 7, NOW))
    assert next_one.id != delivery.id
    assert sure(claimed(database)).id == delivery.id


def test_updates_wait_together_when_slack_says_so(database: Database, world: World) -> None:
    shown(database, world)
    do(database, world, lambda session: refresh(session, Kind.REVIEW_CARD, 7, NOW))
    do(database, world, lambda s: claims.hold(s, "T0NORTH/chat.update", REAL + 30 * SECOND))
    assert claimed(database, 29 * SECOND) is None
    assert claimed(database, 30 * SECOND) is not None


def test_a_change_leaves_alone_what_was_dropped(database: Database, world: World) -> None:
    delivery = owed(database, world, "card")
    held = sure(claimed(database))
    do(database, world, lambda session: claims.drop(session, held, "not_wanted"))
    do(database, world, lambda session: refresh(session, Kind.REVIEW_CARD, 7, NOW))
    now = row(database, world, delivery.id)
    assert (now.state, now.error, now.revision) == (DeliveryState.DROPPED, "not_wanted", 1)


def test_an_update_that_nobody_wants_leaves_the_message_as_it_is(
    database: Database, world: World
) -> None:
    delivery = shown(database, world)
    do(database, world, lambda session: refresh(session, Kind.REVIEW_CARD, 7, NOW))
    held = sure(claimed(database))
    do(database, world, lambda session: claims.drop(session, held, "not_wanted"))
    now = row(database, world, delivery.id)
    assert (now.state, now.shown, now.ts) == (DeliveryState.POSTED, 2, "1.0")


def test_deleted_in_slack_it_is_owed_as_a_new_message(database: Database, world: World) -> None:
    delivery = shown(database, world)
    do(database, world, lambda session: refresh(session, Kind.REVIEW_CARD, 7, NOW))
    held = sure(claimed(database))
    do(database, world, lambda session: claims.post_anew(session, held))
    anew = sure(claimed(database, SECOND))
    assert (anew.id, anew.is_update, anew.posting_since) == (delivery.id, False, None)


# --- parking


def test_a_channel_that_refuses_is_told_to_each_admin_once_a_day(
    database: Database, world: World
) -> None:
    for n in range(3):
        owed(database, world, f"card/{n}")
    for _ in range(3):
        parked(database, world, sure(claimed(database)))
    assert notices(database, world) == 1
    owed(database, world, "other error")
    parked(database, world, sure(claimed_from(database, world)), "restricted_action")
    assert notices(database, world) == 2


def test_a_notice_that_cannot_be_delivered_makes_no_notice(
    database: Database, world: World
) -> None:
    owed(database, world, "card")
    parked(database, world, sure(claimed(database)))
    notice = sure(claimed(database))
    assert (notice.kind, notice.slack_id) == (Kind.ADMIN_PARKED, "U0ADA")
    parked(database, world, notice, "user_disabled")
    assert notices(database, world) == 1


def test_invited_again_the_channel_gets_what_was_parked(database: Database, world: World) -> None:
    delivery = owed(database, world, "card")
    reply = owed(database, world, "answers", after=delivery)
    for error in ("not_in_channel", claims.PARENT_PARKED):
        parked(database, world, sure(claimed_from(database, world)), error)
    with database.transaction(world.workspace_id) as session:
        assert unpark(session, "C0OTHER", NOW) == 0
        assert unpark(session, world.channel, NOW) == 2
    held = sure(claimed_from(database, world))
    assert held.id == delivery.id
    posted(database, world, held)
    assert sure(claimed_from(database, world)).id == reply.id


def test_a_parked_message_still_changes_but_stays_parked(database: Database, world: World) -> None:
    delivery = shown(database, world)
    do(database, world, lambda session: refresh(session, Kind.REVIEW_CARD, 7, NOW))
    parked(database, world, sure(claimed(database)))
    do(database, world, lambda session: refresh(session, Kind.REVIEW_CARD, 7, NOW))
    now = row(database, world, delivery.id)
    assert (now.state, now.revision) == (DeliveryState.PARKED, 3)


# --- what came in


def test_what_came_in_is_carried_out_once(database: Database, world: World, south: World) -> None:
    for where, first in ((world, True), (world, False), (south, True)):
        with database.transaction(where.workspace_id) as session:
            assert received_first(session, "Ev1", NOW) is first


def test_the_same_click_at_once_is_carried_out_once(database: Database, world: World) -> None:
    together = Barrier(8, timeout=60)

    def clicked(_n: int) -> bool:
        together.wait()
        with database.transaction(world.workspace_id) as session:
            return received_first(session, "click", NOW)

    with ThreadPoolExecutor(8) as clicks:
        assert sorted(clicks.map(clicked, range(8))) == [False] * 7 + [True]


def test_what_failed_was_not_carried_out(database: Database, world: World) -> None:
    def fails(session: Session) -> None:
        assert received_first(session, "Ev1", NOW)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        do(database, world, fails)
    with database.transaction(world.workspace_id) as session:
        assert received_first(session, "Ev1", NOW)


def test_what_came_in_is_forgotten_after_a_day(database: Database, world: World) -> None:
    with database.transaction(world.workspace_id) as session:
        received_first(session, "old", NOW - RECEIVED_KEPT - SECOND)
        received_first(session, "new", NOW - RECEIVED_KEPT)
    with database.everywhere() as session:
        assert forget_received(session, NOW) == 1
    with database.transaction(world.workspace_id) as session:
        assert not received_first(session, "new", NOW)
