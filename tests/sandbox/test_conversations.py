"""conversations.*, as slack_sdk's WebClient lives with it."""

from typing import Any

from slack_sdk import WebClient

from sandbox.person import ActingPerson
from tests.sandbox.little import Serve, client_of, manifest_with
from tests.sandbox.test_chat import METADATA, refused

ALL = "public_channel,private_channel,im,mpim"


def test_info_of_each_kind(client: WebClient, max_: ActingPerson) -> None:
    west = client.conversations_info(channel="C0WEST", include_num_members=True)["channel"]
    assert (west["name"], west["is_channel"], west["is_private"]) == ("west", True, False)
    assert (west["is_member"], west["num_members"]) == (True, 3)
    east = client.conversations_info(channel="C0EAST")["channel"]
    assert east["is_member"] is False
    assert "num_members" not in east
    assert client.conversations_info(channel="C0OLD")["channel"]["is_archived"] is True
    inside = client.conversations_info(channel="G0IN")["channel"]
    assert (inside["is_group"], inside["is_private"]) == (True, True)
    dm = client.conversations_info(channel=max_.dm_with("U0BOT"))["channel"]
    assert (dm["is_im"], dm["user"]) == (True, "U0MAX")
    for hidden in ("G0OUT", "C0NONE", max_.dm_with("U0LENA")):
        error = refused(client.conversations_info, channel=hidden)["error"]
        assert error == "channel_not_found"


def test_list_by_types_and_pages(start: Serve, max_: ActingPerson) -> None:
    client = client_of(
        start(manifest_with(scopes=[f"{k}:read" for k in ("channels", "groups", "im", "mpim")]))
    )

    def ids(**arguments: Any) -> list[str]:
        return [c["id"] for c in client.conversations_list(**arguments)["channels"]]

    assert ids() == ["C0WEST", "C0EAST", "C0OLD"]
    assert ids(exclude_archived=True) == ["C0WEST", "C0EAST"]
    assert ids(types="private_channel") == ["G0IN"]
    assert ids(types=ALL) == ["C0WEST", "C0EAST", "C0OLD", "G0IN"]
    pages = [[c["id"] for c in page["channels"]] for page in client.conversations_list(limit=2)]
    assert pages == [["C0WEST", "C0EAST"], ["C0OLD"]]
    for wrong, error in (
        ({"types": "dm"}, "invalid_types"),
        ({"limit": 1001}, "invalid_limit"),
        ({"limit": "x"}, "invalid_limit"),
        ({"cursor": "!"}, "invalid_cursor"),
        ({"cursor": "dXNlcjpVMQ=="}, "invalid_cursor"),
        ({"cursor": "dGVhbTpDMA=="}, "invalid_cursor"),
    ):
        assert refused(client.conversations_list, **wrong)["error"] == error


def test_members_by_pages(client: WebClient) -> None:
    pages = [p["members"] for p in client.conversations_members(channel="C0WEST", limit=2)]
    assert pages == [["U0MAX", "U0LENA"], ["U0BOT"]]
    assert client.conversations_members(channel="C0EAST")["members"] == ["U0MAX"]


def test_open(client: WebClient) -> None:
    first = client.conversations_open(users="U0MAX")
    assert "already_open" not in first.data
    again = client.conversations_open(users=["U0MAX"], return_im=True)
    assert again["already_open"] is True
    assert again["channel"]["id"] == first["channel"]["id"]
    assert (again["channel"]["is_im"], again["channel"]["user"]) == (True, "U0MAX")
    resumed = client.conversations_open(channel=first["channel"]["id"])
    assert resumed["channel"] == {"id": first["channel"]["id"]}
    for wrong, error in (
        ({}, "users_list_not_supplied"),
        ({"users": "U0NONE"}, "user_not_found"),
        ({"users": "U0GONE"}, "user_disabled"),
        ({"users": "USLACKBOT"}, "cannot_dm_bot"),
        ({"users": "U0MAX,U0LENA"}, "method_not_supported_for_channel_type"),
        ({"channel": "C0WEST"}, "method_not_supported_for_channel_type"),
        ({"channel": "D0NONE"}, "channel_not_found"),
    ):
        answer = refused(client.api_call, api_method="conversations.open", json=wrong)
        assert answer["error"] == error


def test_opening_needs_the_scope_of_the_channel(start: Serve) -> None:
    client = client_of(start(manifest_with(scopes=["im:write"])))
    answer = refused(client.conversations_open, channel="C0WEST")
    assert (answer["error"], answer["needed"]) == ("missing_scope", "channels:manage")


def test_history_by_range_and_pages(client: WebClient) -> None:
    ts = [client.chat_postMessage(channel="C0WEST", text=str(n))["ts"] for n in range(5)]

    def texts(**arguments: Any) -> list[str]:
        answer = client.conversations_history(channel="C0WEST", **arguments)
        return [m["text"] for m in answer["messages"]]

    assert texts() == ["4", "3", "2", "1", "0"]
    assert texts(oldest=ts[1], latest=ts[3]) == ["2"]
    assert texts(oldest=ts[1], latest=ts[3], inclusive=True) == ["3", "2", "1"]
    assert texts(oldest="0") == ["4", "3", "2", "1", "0"]
    assert texts(latest=ts[2], limit=1, inclusive=True) == ["2"]
    answer = client.conversations_history(channel="C0WEST", limit=2, oldest=ts[0])
    assert answer["has_more"] is True
    assert answer["oldest"] == ts[0]
    assert [[m["text"] for m in page["messages"]] for page in answer] == [["4", "3"], ["2", "1"]]
    call = client.conversations_history
    for wrong, error in (
        ({"channel": "C0EAST"}, "not_in_channel"),
        ({"channel": "G0OUT"}, "channel_not_found"),
        ({"channel": "C0WEST", "oldest": "x"}, "invalid_ts_oldest"),
        ({"channel": "C0WEST", "latest": "x"}, "invalid_ts_latest"),
        ({"channel": "C0WEST", "limit": 1000}, "invalid_limit"),
        ({"channel": "C0WEST", "cursor": "x"}, "invalid_cursor"),
    ):
        assert refused(call, **wrong)["error"] == error


def test_history_leaves_replies_out_but_counts_them(client: WebClient) -> None:
    ts = client.chat_postMessage(channel="C0WEST", text="parent")["ts"]
    client.chat_postMessage(channel="C0WEST", text="reply", thread_ts=ts)
    (parent,) = client.conversations_history(channel="C0WEST")["messages"]
    assert (parent["thread_ts"], parent["reply_count"]) == (ts, 1)


def test_metadata_only_where_it_is_asked_for(client: WebClient, max_: ActingPerson) -> None:
    posted = client.chat_postMessage(channel="C0WEST", text="x", metadata=METADATA)
    ts = posted["ts"]
    assert posted["message"]["metadata"] == METADATA
    client.chat_postMessage(channel="C0WEST", text="y", thread_ts=ts, metadata=METADATA)
    history, replies = client.conversations_history, client.conversations_replies
    for call, at in ((history, {}), (replies, {"ts": ts})):
        plain = call(channel="C0WEST", **at)["messages"]
        assert not any("metadata" in message for message in plain)
        asked = call(channel="C0WEST", include_all_metadata=True, **at)["messages"]
        assert all(message["metadata"] == METADATA for message in asked)
    assert "metadata" not in max_.messages("C0WEST")[0].json


def test_replies_begin_with_the_parent_on_each_page(client: WebClient) -> None:
    ts = client.chat_postMessage(channel="C0WEST", text="p")["ts"]
    replies = [
        client.chat_postMessage(channel="C0WEST", text=str(n), thread_ts=ts)["ts"] for n in range(3)
    ]
    pages = client.conversations_replies(channel="C0WEST", ts=ts, limit=2)
    assert [[m["text"] for m in page["messages"]] for page in pages] == [
        ["p", "0", "1"],
        ["p", "2"],
    ]
    later = client.conversations_replies(channel="C0WEST", ts=ts, oldest=replies[1])
    assert [m["text"] for m in later["messages"]] == ["p", "2"]
    alone = client.conversations_replies(channel="C0WEST", ts=replies[0])["messages"]
    assert [(m["text"], m["thread_ts"]) for m in alone] == [("0", ts)]
    call = client.conversations_replies
    assert refused(call, channel="C0WEST", ts="1.2")["error"] == "thread_not_found"
    assert refused(call, channel="C0WEST", ts=ts, cursor="x")["error"] == "invalid_cursor"
