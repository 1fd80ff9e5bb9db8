"""Whose turn it is and who may write: models.delivery_claims."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy.orm import Session

from models import delivery_claims as claims
from models.base import Database
from models.delivery import (
    DeliveryState,
)
from models.delivery_claims import ClaimLost
from tests.rules.deliveries import (
    LEASE,
    REAL,
    SECOND,
    claimed,
    do,
    fenced,
    held_back,
    in_doubt,
    owed,
    parked,
    posted,
    row,
    sure,
)
from tests.world import NOW, World

# --- the turn


def test_a_channel_gets_its_messages_one_at_a_time_in_the_order_of_due_and_owing(
    database: Database, world: World
) -> None:
    later = owed(database, world, "later", due_at=NOW - SECOND)
    first = owed(database, world, "first", due_at=NOW - timedelta(hours=1))
    same = owed(database, world, "same", due_at=NOW - SECOND)
    elsewhere = owed(database, world, "elsewhere", channel_id="C0OTHER")
    order = []
    held = sure(claimed(database))
    assert sure(claimed(database)).id == elsewhere.id
    assert claimed(database) is None, "the channel's next one waits for the first"
    for n in range(3):
        order.append(held.id)
        posted(database, world, held, f"{n}.0")
        if n < 2:
            held = sure(claimed(database))
    assert order == [first.id, later.id, same.id]
    assert claimed(database) is None


def test_what_is_not_due_is_not_claimed_and_holds_up_nobody(
    database: Database, world: World
) -> None:
    owed(database, world, "tomorrow", due_at=NOW + timedelta(days=1))
    assert claimed(database) is None
    today = owed(database, world, "today")
    assert sure(claimed(database)).id == today.id


def test_a_claim_ends_with_its_lease_and_an_older_one_may_write_nothing(
    database: Database, world: World
) -> None:
    delivery = owed(database, world, "card")
    old = sure(claimed(database))
    assert claimed(database, LEASE - SECOND) is None
    new = sure(claimed(database, LEASE))
    assert (old.id, old.attempt, new.id, new.attempt) == (delivery.id, 1, delivery.id, 2)
    writes: list[Callable[[Session], object]] = [
        lambda session: claims.still_held(session, old),
        lambda session: claims.fence(session, old, NOW, REAL, lease=LEASE, interval=SECOND),
        lambda session: claims.not_posted(session, old),
        lambda session: claims.store(session, old, "C0WEST", "1.0"),
        lambda session: claims.again(session, old, REAL),
        lambda session: claims.post_anew(session, old),
        lambda session: claims.drop(session, old, "not_wanted"),
        lambda session: claims.park(session, old, "is_archived", NOW),
    ]
    for write in writes:
        with pytest.raises(ClaimLost):
            do(database, world, write)
    posted(database, world, new)
    assert row(database, world, delivery.id).state is DeliveryState.POSTED


def test_two_workers_never_hold_the_same_delivery(database: Database, world: World) -> None:
    for n in range(12):
        owed(database, world, f"card/{n}", channel_id=f"C0{n}")
    together = Barrier(4, timeout=60)

    def work(_worker: int) -> list[int]:
        together.wait()
        held = []
        while (one := claimed(database)) is not None:
            held.append(one.id)
        return held

    with ThreadPoolExecutor(4) as workers:
        taken = [id_ for held in workers.map(work, range(4)) for id_ in held]
    assert len(taken) == len(set(taken))
    while (one := claimed(database)) is not None:  # what a locked row made a worker skip
        taken.append(one.id)
    assert len(set(taken)) == 12


def test_given_back_it_waits_until_its_time_and_its_channel_with_it(
    database: Database, world: World
) -> None:
    first, second = owed(database, world, "first"), owed(database, world, "second")
    held = sure(claimed(database))
    do(database, world, lambda s: claims.again(s, held, REAL + 5 * SECOND, "ratelimited"))
    assert claimed(database, 4 * SECOND) is None
    assert sure(claimed(database, 5 * SECOND)).id == first.id
    assert row(database, world, second.id).attempt == 0


# --- the fence


def test_a_channel_takes_one_message_per_second_whoever_posts_it(
    database: Database, world: World
) -> None:
    owed(database, world, "first")
    second = owed(database, world, "second")
    held = fenced(database, world, sure(claimed(database)))
    posted(database, world, held)
    assert claimed(database, SECOND / 2) is None
    assert sure(claimed(database, SECOND)).id == second.id


def test_the_fence_gives_back_what_came_too_soon(database: Database, world: World) -> None:
    delivery = owed(database, world, "card")
    held = sure(claimed(database))
    do(database, world, lambda s: claims.hold(s, held.bucket, REAL + 3 * SECOND))
    with database.transaction(world.workspace_id) as session:
        assert claims.fence(session, held, NOW, REAL, lease=LEASE, interval=SECOND) is None
    now = row(database, world, delivery.id)
    assert (now.tries, now.posting_since, now.lease_until) == (0, None, None)
    assert now.not_before == REAL + 3 * SECOND


def test_the_fence_counts_the_try_and_remembers_that_the_post_may_have_arrived(
    database: Database, world: World
) -> None:
    delivery = owed(database, world, "card")
    held = fenced(database, world, sure(claimed(database)), SECOND)
    now = row(database, world, delivery.id)
    assert (now.tries, now.posting_since, now.shown) == (1, NOW, 1)
    assert now.lease_until == REAL + SECOND + LEASE == held.lease_until


def test_a_paused_workspace_is_left_alone_and_the_others_are_not(
    database: Database, world: World, south: World
) -> None:
    owed(database, world, "card")
    other = owed(database, south, "card")
    do(database, world, lambda session: claims.hold(session, world.workspace_id, REAL + SECOND))
    assert sure(claimed(database)).id == other.id
    assert claimed(database) is None
    assert sure(claimed(database, SECOND)).workspace_id == world.workspace_id


def test_holding_never_shortens_a_wait(database: Database, world: World) -> None:
    owed(database, world, "card")
    for seconds in (9, 3):
        held_back(database, world, f"T0NORTH/{world.channel}", seconds * SECOND)
    assert claimed(database, 8 * SECOND) is None
    assert claimed(database, 9 * SECOND) is not None


# --- replies


def test_a_reply_waits_until_its_parent_stands(database: Database, world: World) -> None:
    parent = owed(database, world, "card")
    reply = owed(database, world, "answers", after=parent)
    held = sure(claimed(database))
    assert held.id == parent.id
    assert claimed(database) is None
    posted(database, world, held, "17.0")
    next_one = sure(claimed(database))
    assert (next_one.id, next_one.thread_ts) == (reply.id, "17.0")


@pytest.mark.parametrize("ended", [DeliveryState.DROPPED, DeliveryState.PARKED])
def test_a_reply_hears_that_its_parent_will_not_come(
    database: Database, world: World, ended: DeliveryState
) -> None:
    parent = owed(database, world, "card")
    reply = owed(database, world, "answers", after=parent)
    held = sure(claimed(database))
    if ended is DeliveryState.DROPPED:
        do(database, world, lambda session: claims.drop(session, held, "not_wanted"))
    else:
        parked(database, world, held)
    orphan = sure(claimed(database))
    assert (orphan.id, orphan.parent_ended) == (reply.id, ended)


# --- posts that may have arrived


def test_one_search_answers_all_of_a_channels_questions(database: Database, world: World) -> None:
    arrived, lost, fresh = (owed(database, world, name) for name in ("a", "b", "c"))
    elsewhere = owed(database, world, "d", channel_id="C0OTHER")
    for one in (arrived, lost, elsewhere):
        in_doubt(database, world, one.id)
    held = sure(claimed(database))
    with database.transaction(world.workspace_id) as session:
        asked = claims.questions(session, held, REAL)
        assert [one.id for one in asked] == [arrived.id, lost.id]
        claims.answer(session, asked, {arrived.key: "5.0"}, "C0WEST")
    now = row(database, world, arrived.id)
    assert (now.state, now.ts, now.posting_since) == (DeliveryState.POSTED, "5.0", None)
    open_again = row(database, world, lost.id)
    assert (open_again.state, open_again.posting_since) == (DeliveryState.OWED, None)
    assert row(database, world, elsewhere.id).posting_since == NOW
    assert row(database, world, fresh.id).state is DeliveryState.OWED


def test_a_post_that_another_is_making_right_now_is_not_asked_about(
    database: Database, world: World
) -> None:
    first, second = owed(database, world, "a"), owed(database, world, "b")
    in_doubt(database, world, first.id)
    held = sure(claimed(database))
    in_doubt(database, world, second.id, LEASE)
    with database.transaction(world.workspace_id) as session:
        assert [one.id for one in claims.questions(session, held, REAL)] == [first.id]
        assert len(claims.questions(session, held, REAL + LEASE)) == 2


def test_an_answer_leaves_alone_whoever_moved_on(database: Database, world: World) -> None:
    delivery = owed(database, world, "a")
    in_doubt(database, world, delivery.id)
    held = sure(claimed(database))
    with database.transaction(world.workspace_id) as session:
        asked = claims.questions(session, held, REAL)
    assert sure(claimed(database, LEASE)).id == delivery.id
    do(database, world, lambda s: claims.answer(s, asked, {delivery.key: "5.0"}, "C0WEST"))
    assert row(database, world, delivery.id).ts is None
