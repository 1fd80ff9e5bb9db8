"""The post, step by step: what is owed arrives, in order, once, as it is now."""

from datetime import timedelta

import pytest
from slack_sdk import WebClient
from sqlalchemy.orm import Session

from bot.delivery import CRASH_POINTS, Pace, Post
from handlers.message import Message, Rendered
from models.delivery import Delivery, DeliveryState, Kind
from tests.faults.desk import MESSAGES, SECOND, TOKEN, Client, Desk, render
from tests.world import NOW


class Killed(BaseException):
    """The process ends here."""


def die() -> None:
    raise Killed


def test_a_channel_gets_its_messages_in_order_one_a_second(desk: Desk) -> None:
    for _ in range(3):
        desk.owe()
    elsewhere = desk.owe(channel_id="C0EAST")
    assert desk.deliver() == 2
    assert desk.shown() == ["message 1 as of 1"]
    assert desk.shown("C0EAST") == ["message 4 as of 1"]
    assert desk.deliver(seconds=2) == 2
    assert desk.shown() == [f"message {n} as of 1" for n in (1, 2, 3)]
    row = desk.row(elsewhere)
    assert (row.state, row.posted_channel) == (DeliveryState.POSTED, "C0EAST")
    assert (row.posting_since, row.lease_until, row.tries) == (None, None, 0)


def test_a_person_gets_a_direct_message_and_the_conversation_is_opened_once(desk: Desk) -> None:
    first, second = (desk.owe(person_id=desk.world.ana) for _ in range(2))
    post = desk.post()
    post.run_once()
    desk.real.move(SECOND)
    post.run_once()
    assert desk.dm("U0ANA") == ["message 1 as of 1", "message 2 as of 1"]
    assert desk.calls("conversations.open") == 1
    assert desk.row(first).posted_channel == desk.row(second).posted_channel != None  # noqa: E711


def test_the_key_in_the_metadata_is_opaque(desk: Desk) -> None:
    delivery = desk.owe()
    desk.deliver()
    asked = Client(desk.server.api_url).conversations_history(
        channel="C0WEST", include_all_metadata=True
    )
    assert asked["messages"][0]["metadata"] == {
        "event_type": "cadence_delivery",
        "event_payload": {"key": delivery.key},
    }


def test_what_nobody_wants_any_more_is_dropped_before_anything_is_said(desk: Desk) -> None:
    delivery = desk.owe(subject_id=-1)
    desk.deliver()
    row = desk.row(delivery)
    assert (row.state, row.error) == (DeliveryState.DROPPED, "not_wanted")
    assert desk.shown() == []


def test_what_is_due_later_waits_for_business_time(desk: Desk) -> None:
    delivery = desk.owe(due_at=NOW + timedelta(hours=1))
    desk.real.move(timedelta(days=1))
    assert desk.deliver() == 0
    desk.server.clock.advance(timedelta(hours=1))
    assert desk.deliver() == 1
    assert desk.state(delivery) is DeliveryState.POSTED


def test_a_reply_comes_after_its_parent_in_its_thread(desk: Desk) -> None:
    card = desk.owe()
    reply = desk.owe(kind=Kind.REVIEW_ANSWERS, after=card)
    desk.deliver()
    assert desk.state(reply) is DeliveryState.OWED
    desk.deliver(seconds=1)
    assert desk.shown() == ["message 1 as of 1"]
    thread = desk.shown(thread_ts=desk.row(card).ts)
    assert thread == ["message 1 as of 1", "message 2 as of 1"]


def test_a_reply_is_dropped_with_its_parent(desk: Desk) -> None:
    card = desk.owe(subject_id=-1)
    reply = desk.owe(kind=Kind.REVIEW_ANSWERS, after=card)
    desk.deliver(seconds=1)
    row = desk.row(reply)
    assert (row.state, row.error) == (DeliveryState.DROPPED, "parent_dropped")
    assert desk.calls("chat.postMessage") == 0


def test_twenty_changes_are_one_update_in_place(desk: Desk) -> None:
    card = desk.owe()
    desk.deliver()
    for _ in range(20):
        desk.refresh(card)
    assert desk.deliver() == 1
    assert desk.shown() == ["message 1 as of 21"]
    assert desk.calls("chat.update") == 1


@pytest.mark.parametrize("point", ["after_load", "after_render", "after_fence", "after_post"])
def test_a_change_on_the_way_is_shown_as_well(desk: Desk, point: str) -> None:
    card = desk.owe()
    desk.at_point[point] = lambda: desk.refresh(card)
    desk.deliver()
    assert desk.shown() == ["message 1 as of 2"]
    row = desk.row(card)
    assert (row.state, row.shown, row.revision) == (DeliveryState.POSTED, 2, 2)


def test_a_deleted_message_is_posted_anew_once(desk: Desk) -> None:
    card = desk.owe()
    desk.deliver()
    Client(desk.server.api_url).chat_delete(channel="C0WEST", ts=desk.row(card).ts or "")
    desk.refresh(card)
    desk.deliver(seconds=2)
    assert desk.shown() == ["message 1 as of 2"]
    assert (desk.calls("chat.update"), desk.calls("chat.postMessage")) == (1, 2)


def test_our_own_fault_parks_the_message_and_lets_the_channel_go_on(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    def words_of_a_person(_screen: object) -> Rendered:
        raise KeyError("what a person wrote")

    broken = MESSAGES | {
        Kind.REVIEW_PARENT: Message(MESSAGES[Kind.REVIEW_PARENT].load, words_of_a_person)
    }
    parent, card = desk.owe(kind=Kind.REVIEW_PARENT), desk.owe()
    desk.post(broken).run_once()
    assert (desk.state(parent), desk.row(parent).error) == (DeliveryState.PARKED, "render_KeyError")
    assert desk.state(card) is DeliveryState.POSTED
    assert "KeyError in test_post.py" in caplog.text.replace(__file__, "test_post.py")
    assert "wrote" not in caplog.text


def test_the_log_has_neither_words_nor_tokens(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    desk.owe()
    desk.owe(channel_id="C0GONE")
    desk.deliver()
    assert "outcome=posted" in caplog.text
    assert "outcome=parked" in caplog.text
    assert "message 1" not in caplog.text
    assert TOKEN not in caplog.text


def test_no_transaction_is_open_while_slack_is_asked(desk: Desk) -> None:
    """A writer gets in at every point between two steps, on SQLite too, where there is one."""

    def write() -> None:
        desk.owe(channel_id="C0EAST")

    desk.at_point = dict.fromkeys(CRASH_POINTS, write)
    desk.owe(person_id=desk.world.ana)
    desk.owe()
    desk.deliver()
    assert set(desk.crashed) == set(CRASH_POINTS) - {"after_search"}


@pytest.mark.parametrize("point", [p for p in CRASH_POINTS if p != "after_search"])
def test_whoever_ends_at_a_crash_point_leaves_the_message_to_the_next(
    desk: Desk, point: str
) -> None:
    card = desk.owe()
    desk.at_point[point] = die
    with pytest.raises(Killed):
        desk.deliver()
    desk.deliver()
    desk.real.move(Pace().lease)
    desk.deliver(seconds=2)
    assert desk.state(card) is DeliveryState.POSTED
    assert desk.shown() == ["message 1 as of 1"]


def test_a_worker_that_slept_past_its_lease_says_nothing(desk: Desk) -> None:
    card = desk.owe()

    def overslept() -> None:
        desk.real.move(Pace().lease)
        desk.deliver()

    desk.at_point["after_render"] = overslept
    desk.deliver()
    assert desk.shown() == ["message 1 as of 1"]
    assert desk.row(card).attempt == 2


def test_with_too_little_lease_left_nothing_is_said(desk: Desk) -> None:
    card = desk.owe()
    desk.at_point["after_fence"] = lambda: desk.real.move(Pace().lease - SECOND)
    desk.deliver()
    row = desk.row(card)
    assert (row.state, row.error, row.posting_since) == (
        DeliveryState.OWED, "lease_too_short", None,
    )  # fmt: skip
    assert desk.calls("chat.postMessage") == 0
    desk.deliver(seconds=1)
    assert desk.shown() == ["message 1 as of 1"]


def test_a_client_that_repeats_calls_is_refused(desk: Desk) -> None:
    desk.owe()
    eager = WebClient(TOKEN, base_url=desk.server.api_url)
    post = Post(desk.database, MESSAGES, desk.server.clock.now, lambda _workspace: eager)
    with pytest.raises(ValueError, match="would post twice"):
        post.run_once()


def test_a_lease_that_cannot_hold_a_call_is_refused() -> None:
    with pytest.raises(ValueError, match="longer than a call"):
        Pace(lease=SECOND, call=SECOND)


def test_what_a_kind_shows_is_read_inside_its_workspace(desk: Desk) -> None:
    seen: list[str] = []

    def load(session: Session, subject_id: int, _now: object) -> tuple[int, int]:
        seen.append(session.info["workspace"])
        return subject_id, 1

    desk.owe()
    desk.post({Kind.REVIEW_CARD: Message(load, render)}).run_once()
    assert seen == ["T0NORTH"]


def test_a_kind_that_nobody_renders_is_parked(desk: Desk) -> None:
    delivery: Delivery = desk.owe()
    desk.post({Kind.REVIEW_PARENT: MESSAGES[Kind.REVIEW_CARD]}).run_once()
    assert (desk.state(delivery), desk.row(delivery).error) == (DeliveryState.PARKED, "no_message")
