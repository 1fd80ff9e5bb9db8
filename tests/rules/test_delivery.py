"""What is owed, and who may deliver it: the rules of models.delivery and models.delivery_claims."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import func, select
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
    owe,
    received_first,
    refresh,
    unpark,
)
from models.delivery_claims import Claim, ClaimLost
from tests.world import NOW, World

LEASE = timedelta(seconds=60)
SECOND = timedelta(seconds=1)
REAL = NOW + timedelta(days=400)  # real time, unlike business time


def owed(database: Database, world: World, name: str, **more: object) -> Delivery:
    values: dict[str, object] = {"channel_id": world.channel, "due_at": NOW, **more}
    if "person_id" in values:
        del values["channel_id"]
    with database.transaction(world.workspace_id) as session:
        return owe(session, Kind.REVIEW_CARD, 7, dedupe_key=name, **values)  # type: ignore[arg-type]


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
        owe(session, Kind.REVIEW_CARD, 7, dedupe_key="x", due_at=NOW, **to)  # type: ignore[arg-type]


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


# --- updates


def shown(database: Database, world: World, key: str = "card") -> Delivery:
    delivery = owed(database, world, key)
    posted(database, world, fenced(database, world, sure(claimed(database))))
    return row(database, world, delivery.id)


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


# --- parking


def held_back(database: Database, world: World, key: str, wait: timedelta) -> None:
    do(database, world, lambda session: claims.hold(session, key, REAL + wait))


def notices(database: Database, world: World) -> int:
    with database.transaction(world.workspace_id) as session:
        return count(session, Kind.ADMIN_PARKED)


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


def claimed_from(database: Database, world: World) -> Claim | None:
    """The next claim for the team's channel; DMs are left in their lease."""
    while (held := claimed(database)) is not None and held.channel_id != world.channel:
        pass
    return held


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


def in_doubt(
    database: Database, world: World, delivery_id: int, lease: timedelta | None = None
) -> None:
    with database.transaction(world.workspace_id) as session:
        delivery = session.get(Delivery, delivery_id)
        assert delivery is not None
        delivery.posting_since, delivery.shown = NOW, 1
        delivery.lease_until = REAL + lease if lease else None


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
