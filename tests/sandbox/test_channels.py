"""Channels that an app makes, joins and changes; who is there and who is not to be disturbed."""

from typing import Any

import pytest
from slack_sdk import WebClient

from sandbox import Server
from sandbox.person import ActingPerson
from tests.sandbox.little import SCOPES, START, Little, Serve, client_of, manifest_with
from tests.sandbox.test_chat import refused

NOW = int(START.timestamp())


def test_an_app_makes_a_channel_and_fills_it(client: WebClient, max_: ActingPerson) -> None:
    made = client.conversations_create(name="deals-2026", is_private=True)["channel"]
    assert (made["name"], made["is_private"], made["is_member"]) == ("deals-2026", True, True)
    id = made["id"]
    client.conversations_invite(channel=id, users="U0MAX,U0LENA")
    client.conversations_setTopic(channel=id, topic="Q4")
    client.conversations_setPurpose(channel=id, purpose="Closing")
    client.conversations_rename(channel=id, name="deals")
    client.conversations_kick(channel=id, user="U0LENA")
    shown = client.conversations_info(channel=id)["channel"]
    assert (shown["name"], shown["topic"]["value"]) == ("deals", "Q4")
    assert shown["purpose"]["value"] == "Closing"
    assert client.conversations_members(channel=id)["members"] == ["U0BOT", "U0MAX"]
    subtypes = [m.json["subtype"] for m in max_.messages(id)]
    assert subtypes == [
        *2 * ["channel_join"],
        "channel_topic",
        "channel_purpose",
        "channel_name",
        "channel_leave",
    ]
    assert max_.unread(id) == 0  # Slack's own lines are news to nobody
    client.conversations_archive(channel=id)
    assert refused(client.conversations_archive, channel=id)["error"] == "already_archived"
    assert client.conversations_list(types="private_channel", exclude_archived=True)["channels"][0][
        "id"
    ] == ("G0IN")


def test_an_app_joins_and_leaves(client: WebClient) -> None:
    assert client.conversations_join(channel="C0EAST")["channel"]["is_member"] is True
    again = client.conversations_join(channel="C0EAST")
    assert again["warning"] == "already_in_channel"
    assert {c["id"] for c in client.users_conversations()["channels"]} == {
        "C0WEST",
        "C0EAST",
        "C0OLD",
    }
    both = client.users_conversations(user="U0MAX", types="public_channel,private_channel")
    assert "G0IN" in {c["id"] for c in both["channels"]}
    assert "G0OUT" not in {c["id"] for c in both["channels"]}
    client.conversations_leave(channel="C0EAST")
    assert client.conversations_leave(channel="C0EAST")["not_in_channel"] is True
    answer = refused(client.conversations_join, channel="G0IN")
    assert answer["error"] == "method_not_supported_for_channel_type"


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("", "invalid_name_required"),
        ("x" * 81, "invalid_name_maxlength"),
        ("Deals", "invalid_name_specials"),
        ("a b", "invalid_name_specials"),
        ("west", "name_taken"),
    ],
)
def test_names_that_channels_may_not_have(client: WebClient, name: str, error: str) -> None:
    assert refused(client.conversations_create, name=name)["error"] == error


def test_what_inviting_and_kicking_refuse(client: WebClient) -> None:
    answer = refused(client.conversations_invite, channel="C0WEST", users="U0MAX,U0GONE")
    assert answer["error"] == "already_in_channel"
    assert answer["errors"][1] == {"user": "U0GONE", "ok": False, "error": "user_not_found"}
    for method, arguments, error in [
        (client.conversations_invite, {"users": "U0BOT"}, "cant_invite_self"),
        (client.conversations_kick, {"user": "U0BOT"}, "cant_kick_self"),
        (client.conversations_kick, {"user": "U0GONE"}, "not_in_channel"),
        (client.conversations_setTopic, {"topic": "x" * 251}, "too_long"),
    ]:
        assert refused(method, channel="C0WEST", **arguments)["error"] == error
    answer = refused(client.conversations_setTopic, channel="C0EAST", topic="x")
    assert answer["error"] == "not_in_channel"


def test_a_narrower_scope_will_do(start: Serve) -> None:
    fewer = [s for s in SCOPES if s not in ("channels:manage", "groups:write")]
    client = client_of(start(manifest_with(scopes=[*fewer, "channels:write.topic"])))
    client.conversations_setTopic(channel="C0WEST", topic="x")
    answer = refused(client.conversations_setTopic, channel="G0IN", topic="x")
    assert (answer["error"], answer["needed"]) == ("missing_scope", "groups:write")
    answer = refused(client.conversations_invite, channel="C0WEST", users="U0GONE")
    assert answer["needed"] == "channels:manage"


def test_marking_as_read(client: WebClient, max_: ActingPerson) -> None:
    ts = max_.say("C0WEST", "x")
    client.conversations_mark(channel="C0WEST", ts=ts)
    assert client.conversations_info(channel="C0WEST")["channel"]["last_read"] == ts


def test_who_is_not_to_be_disturbed(little: Little) -> None:
    for name in ("dnd_updated_user", "user_change"):
        little.bolt.event(name)(lambda event: little.seen.append(event))
    little.start()
    server, client = little.server, little.client
    none = {"dnd_enabled": False, "next_dnd_start_ts": 1, "next_dnd_end_ts": 1}
    window = {"dnd_start": NOW, "dnd_end": NOW + 3600}
    server.request("POST", "/sandbox/person", {"id": "U0MAX", **window})
    now = {"dnd_enabled": True, "next_dnd_start_ts": NOW, "next_dnd_end_ts": NOW + 3600}
    info = client.dnd_info(user="U0MAX")
    assert {key: info[key] for key in now} == now
    team = client.dnd_teamInfo(users=["U0MAX", "U0LENA"])
    assert team["users"] == {"U0MAX": now, "U0LENA": none}
    assert refused(client.dnd_teamInfo, users="U0NONE")["error"] == "user_not_visible"
    server.settled()
    (told,) = little.seen
    assert (told["type"], told["user"], told["dnd_status"]) == ("dnd_updated_user", "U0MAX", now)
    server.request("POST", "/sandbox/clock", {"seconds": 3600})
    assert client.dnd_info(user="U0MAX")["dnd_enabled"] is False


def test_presence(server: Server, client: WebClient) -> None:
    assert client.users_getPresence(user="U0MAX")["presence"] == "active"
    server.request("POST", "/sandbox/person", {"id": "U0MAX", "presence": "away"})
    assert client.users_getPresence(user="U0MAX").data == {"ok": True, "presence": "away"}
    client.users_setPresence(presence="away")
    assert client.users_getPresence(user="U0BOT")["manual_away"] is True
    assert refused(client.users_setPresence, presence="here")["error"] == "invalid_presence"


def test_bots_and_emoji(client: WebClient, server: Server) -> None:
    bot: dict[str, Any] = client.bots_info(bot="B0LITTLE")["bot"]
    assert (bot["app_id"], bot["user_id"], bot["name"]) == ("A0LITTLE", "U0BOT", "little")
    assert set(bot) == {"id", "deleted", "name", "updated", "app_id", "user_id", "icons"}
    assert refused(client.bots_info, bot="B0NONE")["error"] == "bot_not_found"
    assert client.emoji_list()["emoji"] == {}


def test_trials_need_no_token(server: Server) -> None:
    nobody = client_of(server, None)
    assert nobody.api_test(foo="bar")["args"] == {"foo": "bar"}
    assert refused(nobody.api_test, error="my_error")["error"] == "my_error"
    good = [{"type": "divider"}]
    bad = [{"type": "section", "text": {"type": "plain", "text": "x"}}]

    def validate(**given: Any) -> dict[str, Any]:
        return refused(nobody.api_call, api_method="blocks.validate", json=given)

    assert nobody.api_call("blocks.validate", json={"blocks": good})["ok"] is True
    answer = validate(blocks=bad)
    assert answer["error"] == "invalid_blocks"
    assert answer["errors"] == [
        {
            "pointer": "/0/text/type",
            "code": "unsupported_type",
            "message": "unsupported type: plain",
        }
    ]
    answer = validate(message={"blocks": bad})
    assert (answer["error"], answer["errors"][0]["pointer"]) == (
        "invalid_message",
        "/blocks/0/text/type",
    )
    answer = validate(view={"type": "modal", "blocks": good})
    assert answer["error"] == "invalid_view"
    assert answer["errors"][0]["code"] == "missing_field"
    assert (
        validate()["error"]
        == validate(blocks=good, message={"text": "x"})["error"]
        == "invalid_arguments"
    )
