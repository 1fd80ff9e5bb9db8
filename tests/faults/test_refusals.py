"""When Slack refuses, breaks off or says nothing: nothing is lost, nothing is said twice."""

from datetime import timedelta
from typing import Any

import pytest
from slack_sdk import WebClient

from bot.delivery import Pace, Post
from handlers.message import Message, Rendered
from models.base import Database
from models.delivery import Delivery, DeliveryState, Kind, unpark
from sandbox import Clock, serve
from tests.faults.desk import MESSAGES, SCOPES, SECOND, Client, Desk, a_slack
from tests.world import NOW, a_workspace

SETTLE = Pace().settle
LONG = timedelta(minutes=5)


def later(desk: Desk, wait: timedelta = LONG) -> None:
    """Long enough for every wait that the post may have imposed on itself."""
    desk.real.move(wait)
    desk.deliver(seconds=3)


# --- 429


def test_a_429_holds_the_whole_channel_for_as_long_as_slack_says(desk: Desk) -> None:
    first, second = desk.owe(), desk.owe()
    elsewhere = desk.owe(channel_id="C0EAST")
    desk.fault("ratelimited", retry_after=7)
    desk.deliver(seconds=6)
    assert desk.calls("chat.postMessage") == 2, "the refused one, and the other channel's"
    assert desk.state(elsewhere) is DeliveryState.POSTED
    row = desk.row(first)
    assert (row.state, row.error, row.posting_since) == (DeliveryState.OWED, "ratelimited", None)
    assert desk.state(second) is DeliveryState.OWED
    desk.deliver(seconds=2)
    assert desk.shown() == ["message 1 as of 1", "message 2 as of 1"]
    assert desk.calls("conversations.history") == 0, "a 429 leaves no question"


def test_a_429_for_an_update_holds_updates_and_no_posts(desk: Desk) -> None:
    card = desk.owe()
    desk.deliver()
    desk.refresh(card)
    desk.fault("ratelimited", "chat.update", retry_after=30)
    desk.deliver()
    desk.owe()
    desk.refresh(card)
    desk.deliver(seconds=1)
    assert desk.shown() == ["message 1 as of 1", "message 2 as of 1"]
    desk.deliver(seconds=29)
    assert desk.shown() == ["message 1 as of 3", "message 2 as of 1"]
    assert desk.calls("chat.update") == 2


def test_slacks_own_limit_is_obeyed(database: Database) -> None:
    """With Slack's real limits and a bot in a hurry: 429s, and still each message once."""
    world = a_workspace(database)
    slack_time = [0.0]
    with serve(a_slack(clock=Clock(NOW, frozen=True)), real_clock=lambda: slack_time[0]) as server:
        desk = Desk(database, world, server)
        for _ in range(12):
            desk.owe()
        for _ in range(60):
            desk.post(interval=timedelta()).run_once()
            desk.real.move(SECOND / 2)
            slack_time[0] += 0.5
        assert desk.shown() == [f"message {n} as of 1" for n in range(1, 13)]
        assert desk.calls("chat.postMessage") > 12


# --- in doubt


@pytest.mark.parametrize("fault", ["drop_before", "drop_after", "server_error"])
def test_a_broken_answer_is_never_taken_for_a_refusal(desk: Desk, fault: str) -> None:
    card, second = desk.owe(), desk.owe()
    desk.fault(fault)
    desk.deliver()
    assert desk.row(card).posting_since is not None
    desk.deliver(seconds=round(SETTLE.total_seconds()) - 1)
    assert desk.calls("chat.postMessage") == 1, "it is given time to arrive"
    assert desk.calls("conversations.history") == 0
    later(desk)
    assert desk.shown() == ["message 1 as of 1", "message 2 as of 1"]
    assert desk.calls("conversations.history") == 1
    assert desk.state(second) is DeliveryState.POSTED
    posts = 2 if fault == "drop_after" else 3
    assert desk.calls("chat.postMessage") == posts


def test_a_found_message_that_changed_meanwhile_is_updated(desk: Desk) -> None:
    card = desk.owe()
    desk.fault("drop_after")
    desk.deliver()
    desk.refresh(card)
    later(desk)
    assert desk.shown() == ["message 1 as of 2"]
    assert (desk.calls("chat.postMessage"), desk.calls("chat.update")) == (1, 1)


def test_the_search_finds_a_message_behind_many_others(desk: Desk) -> None:
    card = desk.owe()
    desk.fault("drop_after")
    desk.deliver()
    max_ = desk.server.as_person("U0MAX")
    for n in range(450):
        max_.say("C0WEST", f"talk {n}")
    later(desk)
    assert desk.state(card) is DeliveryState.POSTED
    assert desk.calls("chat.postMessage") == 1
    assert desk.calls("conversations.history") == 3


@pytest.mark.parametrize("fault", ["drop_before", "drop_after"])
def test_a_reply_is_searched_for_in_its_thread(desk: Desk, fault: str) -> None:
    card = desk.owe()
    reply = desk.owe(kind=Kind.REVIEW_ANSWERS, after=card)
    desk.deliver()
    desk.fault(fault)
    desk.deliver(seconds=1)
    later(desk)
    thread = desk.shown(thread_ts=desk.row(card).ts)
    assert thread == ["message 1 as of 1", "message 2 as of 1"]
    assert desk.state(reply) is DeliveryState.POSTED
    assert (desk.calls("conversations.replies"), desk.calls("conversations.history")) == (1, 0)


@pytest.mark.parametrize("fault", ["drop_before", "drop_after"])
def test_a_direct_message_is_searched_for_in_its_conversation(desk: Desk, fault: str) -> None:
    desk.owe(person_id=desk.world.ben)
    desk.fault(fault)
    desk.deliver()
    later(desk)
    assert desk.dm("U0BEN") == ["message 1 as of 1"]


@pytest.mark.parametrize("method", ["conversations.history", "conversations.open", "chat.update"])
@pytest.mark.parametrize("fault", ["ratelimited", "server_error", "drop_before", "drop_after"])
def test_other_calls_are_simply_repeated(desk: Desk, method: str, fault: str) -> None:
    person = desk.world.ben if method == "conversations.open" else None
    card = desk.owe(person_id=person)
    if method == "conversations.history":
        desk.fault("drop_after")
    elif method == "chat.update":
        desk.deliver()
        desk.refresh(card)
    desk.fault(fault, method)
    desk.deliver()
    for _ in range(3):
        later(desk)
    assert desk.state(card) is DeliveryState.POSTED
    assert desk.calls(method) == 2
    assert desk.calls("chat.postMessage") == 1
    assert desk.row(card).error is None


def test_while_slack_is_down_it_is_asked_less_and_less(desk: Desk) -> None:
    card = desk.owe()
    desk.fault("server_error", times=None)
    desk.deliver()
    while (tried := desk.row(card)).tries < 7:
        assert tried.not_before is not None
        desk.real.move(tried.not_before - desk.real())
        desk.deliver()
    assert tried.state is DeliveryState.OWED
    assert tried.not_before is not None
    assert tried.not_before - desk.real() > timedelta(seconds=25)
    desk.server.faults.clear()
    later(desk)
    assert desk.shown() == ["message 1 as of 1"]


def test_a_slack_that_cannot_be_reached_leaves_no_question(desk: Desk) -> None:
    card = desk.owe()
    nobody = "http://127.0.0.1:9/api/"
    post = Post(
        desk.database, MESSAGES, desk.server.clock.now, lambda _w: Client(nobody), real=desk.real
    )
    post.run_once()
    row = desk.row(card)
    assert (row.state, row.error, row.posting_since) == (DeliveryState.OWED, "unreached", None)
    later(desk)
    assert desk.shown() == ["message 1 as of 1"]
    assert desk.calls("conversations.history") == 0


def test_without_the_history_scope_an_ambiguous_post_is_parked_and_never_repeated(
    database: Database,
) -> None:
    world = a_workspace(database)
    scopes = [scope for scope in SCOPES if scope != "channels:history"]
    with serve(a_slack(clock=Clock(NOW, frozen=True), scopes=scopes), rate_limits=False) as server:
        desk = Desk(database, world, server)
        card, second = desk.owe(), desk.owe()
        desk.fault("drop_after")
        desk.deliver()
        later(desk)
        row = desk.row(card)
        assert (row.state, row.error) == (DeliveryState.PARKED, "unresolved_missing_scope")
        assert desk.state(second) is DeliveryState.POSTED
        assert desk.shown() == ["message 1 as of 1", "message 2 as of 1"]
        assert len(desk.dm("U0ADA")) == 1


# --- refused for good


def change(desk: Desk, path: str, **fields: Any) -> None:
    desk.server.request("POST", f"/sandbox/{path}", fields)


PEOPLE = ["U0LEA", "U0MAX", "U0ANA", "U0BEN", "U0CLEO", "U0ADA"]
REMOVED = {"id": "C0WEST", "members": PEOPLE}
INVITED = {"id": "C0WEST", "members": [*PEOPLE, "U0BOT"]}


@pytest.mark.parametrize(
    ("gone", "error", "back"),
    [
        ({"id": "C0WEST", "archived": True}, "is_archived", {"id": "C0WEST", "archived": False}),
        (REMOVED, "not_in_channel", INVITED),
    ],
)
def test_a_channel_that_refuses_parks_its_messages_until_the_bot_is_back(
    desk: Desk, gone: dict[str, Any], error: str, back: dict[str, Any]
) -> None:
    cards = [desk.owe() for _ in range(3)]
    reply = desk.owe(kind=Kind.REVIEW_ANSWERS, after=cards[0])
    change(desk, "channel", **gone)
    desk.deliver(seconds=5)
    assert [desk.row(card).error for card in cards] == [error] * 3
    assert (desk.state(reply), desk.row(reply).error) == (DeliveryState.PARKED, "parent_parked")
    assert len(desk.dm("U0ADA")) == 1, "the admin is told once"
    change(desk, "channel", **back)
    with desk.database.transaction("T0NORTH") as session:
        assert unpark(session, "C0WEST", desk.server.clock.now()) == 4
    desk.deliver(seconds=5)
    assert desk.shown() == [f"message {n} as of 1" for n in (1, 2, 3)]
    assert desk.state(reply) is DeliveryState.POSTED


def test_the_admin_is_told_again_on_another_day(desk: Desk) -> None:
    change(desk, "channel", id="C0WEST", archived=True)
    for _ in range(2):
        desk.owe()
        desk.deliver(seconds=2)
        desk.server.clock.advance(timedelta(days=1))
    assert len(desk.dm("U0ADA")) == 2


def test_an_update_of_an_archived_channel_is_parked_and_made_up_for(desk: Desk) -> None:
    card = desk.owe()
    desk.deliver()
    change(desk, "channel", id="C0WEST", archived=True)
    desk.refresh(card)
    desk.deliver()
    assert desk.state(card) is DeliveryState.PARKED
    desk.refresh(card)
    change(desk, "channel", id="C0WEST", archived=False)
    with desk.database.transaction("T0NORTH") as session:
        unpark(session, "C0WEST", desk.server.clock.now())
    desk.deliver()
    assert desk.shown() == ["message 1 as of 3"]


def test_a_deactivated_person_is_an_admins_business(desk: Desk) -> None:
    change(desk, "person", id="U0CLEO", deleted=True)
    dm = desk.owe(person_id=desk.world.cleo)
    desk.deliver(seconds=1)
    assert desk.state(dm) is DeliveryState.PARKED
    assert desk.row(dm).error in {"user_disabled", "user_not_found", "cannot_dm_bot"}
    assert len(desk.dm("U0ADA")) == 1


def test_an_admin_who_cannot_be_told_makes_no_circle(desk: Desk) -> None:
    change(desk, "person", id="U0ADA", deleted=True)
    change(desk, "channel", id="C0WEST", archived=True)
    desk.owe()
    desk.deliver(seconds=3)
    notices = desk.of_kind(Kind.ADMIN_PARKED)
    assert [notice.state for notice in notices] == [DeliveryState.PARKED]


def test_an_unknown_channel_parks(desk: Desk) -> None:
    lost = desk.owe(channel_id="C0GONE")
    desk.deliver()
    assert desk.row(lost).error == "channel_not_found"


def test_blocks_that_slack_refuses_park(desk: Desk) -> None:
    too_long = Message(
        MESSAGES[Kind.REVIEW_CARD].load, lambda _shown: Rendered("x", [{"type": "?"}])
    )
    card = desk.owe()
    desk.post({Kind.REVIEW_CARD: too_long}).run_once()
    assert desk.row(card).error == "invalid_blocks"


# --- the token


def test_a_refused_token_pauses_the_workspace_without_a_hot_loop(desk: Desk) -> None:
    cards: list[Delivery] = [desk.owe(channel_id=c) for c in ("C0WEST", "C0EAST")]
    desk.server.revoke("A0CADENCE")
    desk.deliver()
    desk.real.move(Pace().pause - 5 * SECOND)
    desk.deliver(seconds=4)
    assert desk.calls("chat.postMessage") == 1
    assert {desk.state(card) for card in cards} == {DeliveryState.OWED}
    assert desk.of_kind(Kind.ADMIN_PARKED) == []
    assert desk.deliver(seconds=1) == 1, "after five minutes it asks again"


def test_with_a_good_token_the_workspace_goes_on(desk: Desk) -> None:
    cards: list[Delivery] = [desk.owe(channel_id=c) for c in ("C0WEST", "C0EAST")]
    stranger = WebClient("xoxb-stranger", base_url=desk.server.api_url, retry_handlers=[])
    stranger.proxy = None
    clock = desk.server.clock
    post = Post(desk.database, MESSAGES, clock.now, lambda _w: stranger, real=desk.real)
    assert post.run_once() == 1
    assert desk.row(cards[0]).error == "invalid_auth"
    later(desk)
    assert {desk.state(card) for card in cards} == {DeliveryState.POSTED}


def test_a_workspace_without_an_installation_waits(desk: Desk) -> None:
    def nobody(workspace_id: str) -> Any:
        raise LookupError(workspace_id)

    card = desk.owe()
    post = Post(desk.database, MESSAGES, desk.server.clock.now, nobody, real=desk.real)
    assert post.run_once() == 1
    assert post.run_once() == 0
    assert desk.row(card).error == "not_installed"
    later(desk)
    assert desk.state(card) is DeliveryState.POSTED
