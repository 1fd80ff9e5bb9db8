"""chat.*, as slack_sdk's WebClient lives with it."""

from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from sandbox import Server
from sandbox.person import ActingPerson
from tests.sandbox.little import SCOPES, Serve, client_of, manifest_with

METADATA = {"event_type": "delivery", "event_payload": {"key": "k1"}}


def refused(call: Any, /, **arguments: Any) -> dict[str, Any]:
    """The answer of a call that must be refused."""
    with pytest.raises(SlackApiError) as error:
        call(**arguments)
    answer: dict[str, Any] = error.value.response.data
    assert answer["ok"] is False
    return answer


def test_a_post_answers_with_the_message(client: WebClient, max_: ActingPerson) -> None:
    answer = client.chat_postMessage(channel="C0WEST", text="Hi <@U0MAX> & <b>")
    assert answer["channel"] == "C0WEST"
    message = answer["message"]
    assert message["ts"] == answer["ts"] == "1795532400.000000"
    assert message["text"] == "Hi <@U0MAX> &amp; &lt;b&gt;"
    assert (message["type"], message["user"], message["team"]) == ("message", "U0BOT", "T0NORTH")
    assert (message["bot_id"], message["app_id"]) == ("B0LITTLE", "A0LITTLE")
    profile = message["bot_profile"]
    assert (profile["id"], profile["app_id"], profile["name"]) == ("B0LITTLE", "A0LITTLE", "little")
    assert "subtype" not in message
    assert max_.messages("C0WEST")[0].ts == answer["ts"]


def test_ts_grows_even_when_time_stands_still(client: WebClient) -> None:
    stamps = [client.chat_postMessage(channel="C0WEST", text="x")["ts"] for _ in range(3)]
    assert stamps == sorted(set(stamps))


def test_a_channel_by_name_and_a_person_by_id(client: WebClient, max_: ActingPerson) -> None:
    assert client.chat_postMessage(channel="#west", text="x")["channel"] == "C0WEST"
    assert client.chat_postMessage(channel="west", text="x")["channel"] == "C0WEST"
    dm = client.chat_postMessage(channel="U0MAX", text="psst")["channel"]
    assert dm.startswith("D")
    assert dm == max_.dm_with("U0BOT")
    assert client.chat_postMessage(channel=dm, text="psst")["channel"] == dm
    assert len(max_.messages(dm)) == 2


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"channel": "C0NONE", "text": "x"}, "channel_not_found"),
        ({"channel": "G0OUT", "text": "x"}, "channel_not_found"),
        ({"channel": "C0EAST", "text": "x"}, "not_in_channel"),
        ({"channel": "C0OLD", "text": "x"}, "is_archived"),
        ({"channel": "U0BOT", "text": "x"}, "cannot_dm_bot"),
        ({"channel": "U0GONE", "text": "x"}, "user_disabled"),
        ({"channel": "", "text": "x"}, "invalid_arguments"),
        ({"channel": "C0WEST", "text": "x", "thread_ts": "1.2"}, "thread_not_found"),
        ({"channel": "C0WEST", "text": "x", "blocks": "nonsense"}, "invalid_blocks_format"),
        ({"channel": "C0WEST", "text": "x", "metadata": "x"}, "invalid_metadata_format"),
        ({"channel": "C0WEST", "text": "x", "metadata": "[]"}, "invalid_metadata_format"),
        ({"channel": "C0WEST", "text": "x", "metadata": {"a": 1}}, "invalid_metadata_schema"),
    ],
)
def test_what_cannot_be_posted(client: WebClient, arguments: dict[str, Any], error: str) -> None:
    assert refused(client.chat_postMessage, **arguments)["error"] == error


def test_bad_blocks_are_pointed_at(client: WebClient) -> None:
    blocks = [
        {"type": "divider"},
        {"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3001}},
    ]
    answer = refused(client.chat_postMessage, channel="C0WEST", text="x", blocks=blocks)
    assert answer["error"] == "invalid_blocks"
    (line,) = answer["response_metadata"]["messages"]
    assert line.startswith("[ERROR] ")
    assert line.endswith("[json-pointer:/blocks/1/text/text]")


@pytest.mark.parametrize("method", ["chat.postMessage", "chat.postEphemeral", "chat.update"])
def test_a_message_says_something(client: WebClient, method: str) -> None:
    ts = client.chat_postMessage(channel="C0WEST", text="x")["ts"]
    arguments = {"channel": "C0WEST", "user": "U0MAX", "ts": ts}
    assert refused(client.api_call, api_method=method, json=arguments)["error"] == "no_text"


def test_a_long_text_is_cut_with_a_warning(client: WebClient) -> None:
    answer = client.chat_postMessage(channel="C0WEST", text="x" * 40_001)
    assert len(answer["message"]["text"]) == 40_000
    assert answer["warning"] == "message_truncated"


def test_blocks_without_text_have_slacks_own(client: WebClient) -> None:
    blocks = {"channel": "C0WEST", "blocks": [{"type": "divider"}]}
    answer = client.api_call("chat.postMessage", json=blocks)
    assert answer["message"]["text"] == "This content can't be displayed."
    assert answer["message"]["blocks"][0]["block_id"]


def test_threads_count_their_replies(client: WebClient, max_: ActingPerson) -> None:
    ts = client.chat_postMessage(channel="C0WEST", text="parent")["ts"]
    reply = client.chat_postMessage(channel="C0WEST", text="one", thread_ts=ts)
    assert reply["message"]["thread_ts"] == ts
    assert reply["message"]["parent_user_id"] == "U0BOT"
    said = max_.say("C0WEST", "two", thread_ts=ts)
    (parent,) = max_.messages("C0WEST")
    assert parent.reply_count == 2
    assert parent.json["reply_users"] == ["U0BOT", "U0MAX"]
    assert parent.json["reply_users_count"] == 2
    assert parent.json["latest_reply"] == said
    error = refused(client.chat_postMessage, channel="C0WEST", text="x", thread_ts=said)["error"]
    assert error == "cannot_reply_to_message"


def test_a_reply_may_be_broadcast(client: WebClient, max_: ActingPerson) -> None:
    ts = client.chat_postMessage(channel="C0WEST", text="parent")["ts"]
    client.chat_postMessage(channel="C0WEST", text="all", thread_ts=ts, reply_broadcast=True)
    assert [m.fallback for m in max_.messages("C0WEST")] == ["parent", "all"]
    assert max_.messages("C0WEST")[1].json["root"]["ts"] == ts


def test_an_update_keeps_what_it_does_not_give(client: WebClient, max_: ActingPerson) -> None:
    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": "old"}}]
    posted = client.chat_postMessage(channel="C0WEST", text="old", blocks=blocks, metadata=METADATA)
    at = {"channel": "C0WEST", "ts": posted["ts"]}
    answer = client.chat_update(**at, text="new")
    assert answer["text"] == "new"
    assert answer["message"]["blocks"][0]["text"]["text"] == "old"
    assert answer["message"]["metadata"] == METADATA
    assert answer["message"]["edited"]["user"] == "U0BOT"
    answer = client.chat_update(**at, text="new", blocks=[], metadata={})
    assert "blocks" not in answer["message"]
    assert "metadata" not in answer["message"]
    assert max_.messages("C0WEST")[0].fallback == "new"


def test_what_cannot_be_updated_or_deleted(
    client: WebClient, server: Server, max_: ActingPerson
) -> None:
    his = max_.say("C0WEST", "mine")
    at_his = {"channel": "C0WEST", "ts": his}
    assert refused(client.chat_update, **at_his, text="x")["error"] == "cant_update_message"
    assert refused(client.chat_delete, **at_his)["error"] == "cant_delete_message"
    nowhere = {"channel": "C0WEST", "ts": "1.2"}
    assert refused(client.chat_update, **nowhere, text="x")["error"] == "message_not_found"
    assert refused(client.chat_delete, **nowhere)["error"] == "message_not_found"
    ts = client.chat_postMessage(channel="C0WEST", text="x")["ts"]
    ours = {"channel": "C0WEST", "ts": ts}
    assert refused(client.chat_update, **ours, text="x" * 4001)["error"] == "msg_too_long"
    dm = {"channel": "U0MAX", "ts": ts}
    assert refused(client.chat_update, **dm, text="x")["error"] == "channel_not_found"
    server.request("POST", "/sandbox/channel", {"id": "C0WEST", "archived": True})
    assert refused(client.chat_update, **ours, text="x")["error"] == "is_inactive"


def test_a_deleted_message_is_gone_and_one_with_replies_leaves_a_stone(
    client: WebClient, max_: ActingPerson
) -> None:
    first, second = (client.chat_postMessage(channel="C0WEST", text="x")["ts"] for _ in "ab")
    max_.say("C0WEST", "reply", thread_ts=first)
    client.chat_delete(channel="C0WEST", ts=first)
    client.chat_delete(channel="C0WEST", ts=second)
    (stone,) = max_.messages("C0WEST")
    assert (stone.json["subtype"], stone.user) == ("tombstone", "USLACKBOT")
    assert stone.reply_count == 1
    error = refused(client.chat_update, channel="C0WEST", ts=first, text="x")["error"]
    assert error == "message_not_found"


def test_a_deleted_reply_is_no_longer_counted(client: WebClient, max_: ActingPerson) -> None:
    ts = client.chat_postMessage(channel="C0WEST", text="parent")["ts"]
    first, _ = (
        client.chat_postMessage(channel="C0WEST", text=text, thread_ts=ts)["ts"] for text in "ab"
    )
    client.chat_delete(channel="C0WEST", ts=first)
    assert max_.messages("C0WEST")[0].reply_count == 1
    assert [m.fallback for m in max_.messages("C0WEST", ts)] == ["parent", "b"]


def test_somebody_deactivated_is_no_longer_written_to(client: WebClient, server: Server) -> None:
    dm = client.conversations_open(users="U0LENA")["channel"]["id"]
    server.request("POST", "/sandbox/person", {"id": "U0LENA", "deleted": True})
    assert refused(client.chat_postMessage, channel=dm, text="x")["error"] == "user_disabled"


def test_ephemerals(client: WebClient, max_: ActingPerson, lena: ActingPerson) -> None:
    answer = client.chat_postEphemeral(channel="C0WEST", user="U0MAX", text="psst")
    assert [m.ts for m in max_.ephemerals("C0WEST")] == [answer["message_ts"]]
    assert lena.messages("C0WEST") == []
    assert client.conversations_history(channel="C0WEST")["messages"] == []
    call = client.chat_postEphemeral
    for arguments, error in (
        ({"channel": "C0WEST", "user": "U0GONE", "text": "x"}, "user_not_in_channel"),
        ({"channel": "C0NONE", "user": "U0MAX", "text": "x"}, "channel_not_found"),
        ({"channel": "C0EAST", "user": "U0MAX", "text": "x"}, "not_in_channel"),
        ({"channel": "C0WEST", "user": "U0MAX", "text": "x" * 40_001}, "msg_too_long"),
    ):
        assert refused(call, **arguments)["error"] == error
    update = refused(client.chat_update, channel="C0WEST", ts=answer["message_ts"], text="x")
    assert update["error"] == "message_not_found"


def test_a_permalink_leads_to_the_page(client: WebClient, server: Server) -> None:
    ts = client.chat_postMessage(channel="C0WEST", text="x")["ts"]
    reply = client.chat_postMessage(channel="C0WEST", text="y", thread_ts=ts)["ts"]
    link = client.chat_getPermalink(channel="C0WEST", message_ts=ts)["permalink"]
    assert link == f"{server.url}/archives/C0WEST/p{ts.replace('.', '')}"
    link = client.chat_getPermalink(channel="C0WEST", message_ts=reply)["permalink"]
    assert link.endswith(f"?thread_ts={ts}&cid=C0WEST")
    call = client.chat_getPermalink
    assert refused(call, channel="C0WEST", message_ts="1.2")["error"] == "message_not_found"


def test_another_name_only_with_the_scope(start: Serve) -> None:
    plain = client_of(start())
    customizing = client_of(start(manifest_with(scopes=[*SCOPES, "chat:write.customize"])))
    wish: dict[str, Any] = {
        "channel": "C0WEST",
        "text": "x",
        "username": "Coach",
        "icon_emoji": ":tada:",
    }
    assert "username" not in plain.chat_postMessage(**wish)["message"]
    message = customizing.chat_postMessage(**wish)["message"]
    assert (message["username"], message["icons"]) == ("Coach", {"emoji": ":tada:"})
    url: dict[str, Any] = {"channel": "C0WEST", "text": "x", "icon_url": "https://x.test/i.png"}
    icons = customizing.chat_postMessage(**url)["message"]["icons"]
    assert icons == {"image_64": "https://x.test/i.png"}


def test_posting_where_one_is_not_needs_the_scope(start: Serve) -> None:
    public = client_of(start(manifest_with(scopes=[*SCOPES, "chat:write.public"])))
    assert public.chat_postMessage(channel="C0EAST", text="x")["ok"]


def test_without_a_messages_tab_there_are_no_direct_messages(start: Serve) -> None:
    client = client_of(start(manifest_with(app_home={"messages_tab_enabled": False})))
    error = refused(client.chat_postMessage, channel="U0MAX", text="x")["error"]
    assert error == "messages_tab_disabled"
