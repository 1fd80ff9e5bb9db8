"""A process stands still in the middle of a call for longer than its lease: one message stays."""

from collections.abc import Callable

import pytest

from bot.delivery import Pace
from bot.scheduler import Scheduler
from models.delivery import Delivery, DeliveryState
from models.delivery_claims import Claim, came_late, claim, store
from tests.faults.desk import SECOND, Desk
from tests.faults.test_post import Killed, die

POST, UPDATE, DELETE = "chat.postMessage", "chat.update", "chat.delete"


def stand_still(desk: Desk, then: Callable[[], object]) -> Callable[[], None]:
    """The lease passes, and others do something."""

    def still() -> None:
        desk.real.move(Pace().lease)
        then()

    return still


def others_deliver(desk: Desk) -> Callable[[], None]:
    return stand_still(desk, lambda: desk.deliver(seconds=2))


def assert_the_second_was_taken_back(desk: Desk, card: Delivery) -> None:
    assert (desk.calls(POST), desk.calls(DELETE)) == (2, 1)
    assert desk.shown() == ["message 1 as of 1"]
    assert desk.state(card) is DeliveryState.POSTED


def test_who_posts_a_second_time_takes_it_back(desk: Desk) -> None:
    card = desk.owe()
    desk.at_call[POST] = others_deliver(desk)
    desk.deliver()
    assert_the_second_was_taken_back(desk, card)


def test_the_first_that_is_recorded_stays(desk: Desk) -> None:
    """The other has looked, found nothing, and ends before its own call."""
    card = desk.owe()

    def the_other() -> None:
        desk.at_point["after_fence"] = die
        desk.real.move(SECOND)
        with pytest.raises(Killed):
            desk.deliver()

    desk.at_call[POST] = stand_still(desk, the_other)
    desk.deliver()
    assert (desk.calls(POST), desk.calls(DELETE)) == (1, 0)
    row = desk.row(card)
    assert (row.state, row.lease_owner, row.posting_since) == (DeliveryState.POSTED, None, None)
    desk.deliver(seconds=2)
    assert desk.shown() == ["message 1 as of 1"]


def test_who_does_not_know_whether_it_posted_looks(desk: Desk) -> None:
    card = desk.owe()

    def slow_and_unheard() -> None:
        others_deliver(desk)()
        desk.fault("drop_after")  # the answer to the late call is lost

    desk.at_call[POST] = slow_and_unheard
    desk.post(settle=SECOND * 0).run_once()
    assert_the_second_was_taken_back(desk, card)


def test_others_that_do_not_know_whether_they_posted_leave_one(desk: Desk) -> None:
    """The late one is recorded first; the other's post stands unknown until somebody looks."""
    card = desk.owe()

    def unheard() -> None:
        desk.fault("drop_after")
        desk.deliver(seconds=2)
        assert desk.shown() == ["message 1 as of 1"]

    desk.at_call[POST] = stand_still(desk, unheard)
    post = desk.post(settle=SECOND * 0)
    post.run_once()
    post.run_once()
    assert_the_second_was_taken_back(desk, card)
    assert post.late.is_empty


def test_who_ends_sees_to_it_first(desk: Desk) -> None:
    desk.owe()
    desk.at_call[POST] = others_deliver(desk)
    desk.fault("ratelimited", DELETE, times=2)
    post = desk.post(settle=SECOND * 0)
    scheduler = Scheduler(desk.database, desk.server.clock.now, post, {})
    post.run_once()
    scheduler.start()
    scheduler.stop()
    assert desk.shown() == ["message 1 as of 1"]
    assert post.late.is_empty


def test_an_update_in_doubt_that_came_late_is_followed_by_the_current_one(desk: Desk) -> None:
    card = desk.owe()
    desk.deliver()
    desk.refresh(card)

    def others_update() -> None:
        desk.refresh(card)
        desk.deliver(seconds=2)
        desk.fault("drop_after", UPDATE)

    desk.at_call[UPDATE] = stand_still(desk, others_update)
    desk.post(settle=SECOND * 0).run_once()
    desk.deliver(seconds=2)
    assert desk.shown() == ["message 1 as of 4"]
    assert desk.state(card) is DeliveryState.POSTED


def test_what_cannot_be_taken_back_now_is_later(desk: Desk) -> None:
    desk.owe()
    desk.at_call[POST] = others_deliver(desk)
    desk.fault("ratelimited", DELETE, times=2)
    post = desk.post(settle=SECOND * 0)
    post.run_once()
    assert len(desk.shown()) == 2
    post.run_once()
    assert desk.shown() == ["message 1 as of 1"]


def test_one_that_was_dropped_meanwhile_is_taken_back(desk: Desk) -> None:
    card = desk.owe(subject_id=7)

    def nobody_wants_it() -> None:
        with desk.database.transaction(desk.world.workspace_id) as session:
            session.get_one(Delivery, card.id).subject_id = -7
        desk.deliver(seconds=2)

    desk.at_call[POST] = stand_still(desk, nobody_wants_it)
    desk.deliver()
    assert desk.shown() == []
    assert desk.state(card) is DeliveryState.DROPPED


def test_a_late_update_is_followed_by_the_current_one(desk: Desk) -> None:
    card = desk.owe()
    desk.deliver()
    desk.refresh(card)

    def others_update() -> None:
        desk.refresh(card)
        desk.deliver(seconds=2)

    desk.at_call[UPDATE] = stand_still(desk, others_update)
    desk.deliver()
    desk.deliver(seconds=2)
    assert desk.shown() == ["message 1 as of 4"]
    assert desk.state(card) is DeliveryState.POSTED


def test_a_late_update_takes_the_claim_from_nobody(desk: Desk) -> None:
    """Who holds it updates it once more; else each late update would make the next one late."""
    card = desk.owe()
    desk.deliver()
    desk.refresh(card)
    late = held(desk)
    desk.real.move(Pace().lease)
    holder = held(desk)
    with desk.database.transaction(desk.world.workspace_id) as session:
        assert came_late(session, late, "C0WEST", str(late.ts))
    with desk.database.transaction(desk.world.workspace_id) as session:
        store(session, holder, "C0WEST", str(holder.ts))
    assert desk.state(card) is DeliveryState.OWED
    desk.deliver(seconds=2)
    assert desk.shown() == ["message 1 as of 3"]
    assert desk.state(card) is DeliveryState.POSTED


def held(desk: Desk) -> Claim:
    with desk.database.everywhere() as session:
        claimed = claim(
            session, desk.server.clock.now(), desk.real(), owner="a replica", lease=Pace().lease
        )
    assert claimed is not None
    return claimed


def test_a_message_that_was_found_meanwhile_stays(desk: Desk) -> None:
    """It came through before the process stood still: the search of another has found it."""
    card = desk.owe()
    desk.at_point["after_post"] = others_deliver(desk)
    desk.deliver()
    assert (desk.calls(POST), desk.calls(DELETE)) == (1, 0)
    assert desk.shown() == ["message 1 as of 1"]
    assert desk.state(card) is DeliveryState.POSTED


def test_found_by_another_that_was_to_say_more_it_is_brought_up_to_date(desk: Desk) -> None:
    """Another's post is in doubt when its search finds this one, with what was said before."""
    card = desk.owe()

    def others_are_in_doubt() -> None:
        desk.refresh(card)
        desk.fault("drop_after")
        desk.deliver(seconds=2)
        assert desk.shown() == ["message 1 as of 2"]

    desk.at_call[POST] = stand_still(desk, others_are_in_doubt)
    desk.at_point["after_post"] = others_deliver(desk)
    post = desk.post(settle=SECOND * 0)
    post.run_once()
    post.run_once()
    desk.deliver(seconds=2)
    [said] = desk.shown()
    assert said == f"message 1 as of {desk.row(card).revision}"
    assert desk.state(card) is DeliveryState.POSTED
