"""Events: who is told what, how often, over both transports."""

from typing import Any

import pytest

from sandbox.faults import Fault
from sandbox.person import ActingPerson
from tests.sandbox.little import MANIFEST, SCOPES, Connect, Little, Serve, manifest_with

RETRY = ("x-slack-retry-num", "x-slack-retry-reason")


@pytest.fixture
def told(little: Little) -> list[dict[str, Any]]:
    """What the app is told, in order of arrival, whatever it is."""

    @little.bolt.middleware
    def remember(body: dict[str, Any], next: Any) -> None:
        if body.get("type") == "event_callback":
            little.seen.append(body)
        next()

    for event in (
        "app_home_opened",
        "app_mention",
        "channel_archive",
        "channel_created",
        "channel_unarchive",
        "group_archive",
        "member_joined_channel",
        "member_left_channel",
        "message",
        "team_join",
        "user_change",
    ):
        little.bolt.event(event)(lambda: None)
    little.bolt.use(lambda next: next())
    little.start()
    return little.seen


def types(told: list[dict[str, Any]]) -> list[str]:
    """What kinds of event they are."""
    return sorted(each["event"].get("subtype") or each["event"]["type"] for each in told)


def test_a_message_is_told_in_full(
    little: Little, max_: ActingPerson, told: list[dict[str, Any]]
) -> None:
    ts = max_.say("C0WEST", "Hello @little, see https://x.test & <b>")
    little.server.settled()
    message, mention = sorted(told, key=lambda each: each["event"]["type"], reverse=True)
    assert message["type"] == "event_callback"
    assert (message["team_id"], message["api_app_id"]) == ("T0NORTH", "A0LITTLE")
    assert message["event_id"].startswith("Ev")
    assert message["event_id"] != mention["event_id"]
    assert message["event_time"] == int(float(ts))
    assert message["authorizations"][0]["user_id"] == "U0BOT"
    event = message["event"]
    assert (event["type"], event["channel"], event["channel_type"]) == (
        "message",
        "C0WEST",
        "channel",
    )
    assert (event["user"], event["ts"], event["event_ts"]) == ("U0MAX", ts, ts)
    assert event["text"] == "Hello <@U0BOT>, see <https://x.test> &amp; &lt;b&gt;"
    assert event["client_msg_id"]
    assert mention["event"]["type"] == "app_mention"
    assert mention["event"]["text"] == event["text"]


def test_messages_in_channels_of_each_kind(
    little: Little, max_: ActingPerson, told: list[dict[str, Any]]
) -> None:
    dm = max_.dm_with("U0BOT")
    max_.say(dm, "in private @little")
    max_.say("G0IN", "inside")
    max_.say("C0EAST", "without the bot")
    max_.say(max_.dm_with("U0LENA"), "between us")
    little.server.settled()
    messages = [each["event"] for each in told if each["event"]["type"] == "message"]
    assert sorted(m["channel_type"] for m in messages) == ["group", "im"]
    assert "app_mention" not in types(told)
    (opened,) = [each["event"] for each in told if each["event"]["type"] == "app_home_opened"]
    assert (opened["tab"], opened["channel"]) == ("messages", dm)


def test_the_bots_own_messages_their_changes_and_deletion(
    little: Little, told: list[dict[str, Any]]
) -> None:
    posted = little.client.chat_postMessage(
        channel="C0WEST", text="one", metadata={"event_type": "t", "event_payload": {"k": 1}}
    )
    at = {"channel": "C0WEST", "ts": posted["ts"]}
    little.client.chat_update(**at, text="two")
    little.client.chat_delete(**at)
    little.server.wait(
        lambda: len([e for e in little.server.traffic() if e["kind"] == "event"]) == 3
    )
    sent = [e["request"]["event"] for e in little.server.traffic() if e["kind"] == "event"]
    by_type = {event.get("subtype", ""): event for event in sent}
    assert by_type[""]["bot_id"] == "B0LITTLE"
    assert by_type[""]["metadata"] == {"event_type": "t"}
    changed = by_type["message_changed"]
    assert (changed["message"]["text"], changed["previous_message"]["text"]) == ("two", "one")
    assert (changed["hidden"], changed["channel"]) == (True, "C0WEST")
    deleted = by_type["message_deleted"]
    assert (deleted["deleted_ts"], deleted["previous_message"]["text"]) == (posted["ts"], "two")


def test_members_coming_and_going(
    little: Little, max_: ActingPerson, told: list[dict[str, Any]]
) -> None:
    change = little.server.request
    change("POST", "/sandbox/channel", {"id": "C0WEST", "members": ["U0MAX", "U0BOT"]})
    change(
        "POST",
        "/sandbox/channel",
        {"id": "C0WEST", "as": "U0MAX", "members": ["U0MAX", "U0BOT", "U0LENA"]},
    )
    little.server.settled()
    assert types(told) == [
        "channel_join",
        "channel_leave",
        "member_joined_channel",
        "member_left_channel",
    ]
    joined = next(e["event"] for e in told if e["event"]["type"] == "member_joined_channel")
    assert (joined["user"], joined["channel"], joined["inviter"]) == ("U0LENA", "C0WEST", "U0MAX")
    assert (joined["channel_type"], joined["team"]) == ("C", "T0NORTH")
    told.clear()
    change("POST", "/sandbox/channel", {"id": "C0WEST", "members": ["U0MAX"]})
    little.server.settled()
    assert ("member_left_channel", "U0BOT") in [
        (e["event"]["type"], e["event"]["user"]) for e in told
    ]
    said = [m.fallback for m in max_.messages("C0WEST")]
    assert said[:2] == ["<@U0LENA> has left the channel", "<@U0LENA> has joined the channel"]


def test_channels_and_people_changing(little: Little, told: list[dict[str, Any]]) -> None:
    change = little.server.request
    change("POST", "/sandbox/channel", {"id": "C0WEST", "archived": True, "as": "U0MAX"})
    change("POST", "/sandbox/channel", {"id": "C0WEST", "archived": False})
    change("POST", "/sandbox/channel", {"id": "G0IN", "archived": True})
    change("POST", "/sandbox/channel", {"id": "G0OUT", "archived": True})
    change("POST", "/sandbox/channel", {"id": "C0NEW", "name": "new"})
    change("POST", "/sandbox/person", {"id": "U0LENA", "tz": "Asia/Tokyo"})
    change("POST", "/sandbox/person", {"id": "U0LENA", "deleted": True})
    change("POST", "/sandbox/person", {"id": "U0NEW", "name": "new"})
    little.server.settled()
    assert types(told) == [
        "channel_archive",
        "channel_created",
        "channel_unarchive",
        "group_archive",
        "team_join",
        "user_change",
        "user_change",
    ]
    users = [e["event"]["user"] for e in told if e["event"]["type"] == "user_change"]
    assert {user["deleted"] for user in users} == {False, True}
    assert {user.get("tz_offset") for user in users} == {32400, None}
    archived = next(e["event"] for e in told if e["event"]["type"] == "channel_archive")
    assert (archived["channel"], archived["user"]) == ("C0WEST", "U0MAX")


def test_only_what_is_subscribed_and_granted(start: Serve) -> None:
    scopes = [scope for scope in SCOPES if scope != "channels:history"]
    settings = {**MANIFEST["settings"], "event_subscriptions": {"bot_events": ["message.channels"]}}
    for manifest in (manifest_with(scopes=scopes), {**MANIFEST, "settings": settings}):
        server = start(manifest)
        max_ = server.as_person("U0MAX")
        max_.say("G0IN" if manifest["settings"] is settings else "C0WEST", "x")
        assert server.traffic() == []


@pytest.mark.parametrize(
    ("transport", "seconds", "reason"), [("socket", 0.1, "timeout"), ("http", 3.0, "http_error")]
)
def test_an_event_that_is_not_acknowledged_comes_again(
    start: Serve, connect: Connect, transport: str, seconds: float, reason: str
) -> None:
    server = start(ack_seconds=seconds, redelivery_delays=(0.0, 0.0, 0.0))
    little = connect(server, transport)

    @little.bolt.middleware
    def swallow(request: Any) -> None:
        little.seen.append({name: request.headers.get(name) for name in RETRY})

    little.start()
    server.as_person("U0MAX").say("C0WEST", "hello")
    server.settled()
    entries = [e for e in server.traffic() if e["kind"] == "event"]
    assert [e["status"] for e in entries] == [reason] * 4
    assert [e["note"].split("; ")[0] for e in entries][1:] == [
        f"retry {n} ({reason})" for n in (1, 2, 3)
    ]
    assert len({e["request"]["event_id"] for e in entries}) == 1
    if transport == "http":
        told = [tuple(each.values()) for each in little.seen]
        assert told == [(None, None)] + [([str(n)], [reason]) for n in (1, 2, 3)]


def test_an_event_waits_for_a_connection(start: Serve, connect: Connect) -> None:
    server = start(redelivery_delays=(0.0, 1.5))
    little = connect(server, "socket")
    little.bolt.event("message")(lambda event: little.seen.append(event["text"]))
    server.as_person("U0MAX").say("C0WEST", "hello")
    little.start()
    server.settled()
    assert server.wait(lambda: little.seen) == ["hello"]
    statuses = [e["status"] for e in server.traffic() if e["kind"] == "event"]
    assert statuses == ["no_connection", "no_connection", "ack"]


def test_an_event_may_come_twice(little: Little, max_: ActingPerson, told: list[Any]) -> None:
    little.server.faults.add(Fault("duplicate", "message", times=1))
    max_.say("C0WEST", "hello")
    max_.say("C0WEST", "again")
    little.server.settled()
    ids = [each["event_id"] for each in told]
    assert len(ids) == 3
    assert len(set(ids)) == 2


def test_home_opened_with_its_view(
    little: Little, max_: ActingPerson, told: list[dict[str, Any]]
) -> None:
    assert max_.home("A0LITTLE") is None
    little.client.views_publish(
        user_id="U0MAX",
        view={"type": "home", "callback_id": "h", "blocks": [{"type": "divider"}]},
    )
    seen = max_.home("A0LITTLE")
    assert seen
    little.server.settled()
    events = sorted((e["event"] for e in told), key=lambda event: event["event_ts"])
    assert [event["tab"] for event in events] == ["home", "home"]
    assert "view" not in events[0]
    assert events[1]["view"]["callback_id"] == "h"
    assert events[0]["user"] == "U0MAX"


def test_a_removed_app_is_told_so_and_nothing_more(start: Serve, connect: Connect) -> None:
    server = start()
    little = connect(server, "http")
    little.bolt.event("tokens_revoked")(lambda event: little.seen.append(event))
    little.bolt.event("app_uninstalled")(lambda event: little.seen.append(event))
    little.start()
    max_ = server.as_person("U0MAX")
    server.revoke("A0LITTLE")
    server.settled()
    entries = [e["name"] for e in server.traffic() if e["kind"] == "event"]
    assert sorted(entries) == ["app_uninstalled", "tokens_revoked"]
    before = server.traffic()[-1]["n"]
    max_.say("C0WEST", "x")
    assert max_.command("C0WEST", "/little") == {"ok": False, "error": "unknown_command"}
    assert server.traffic(before) == []
    assert max_.state()["apps"] == []
