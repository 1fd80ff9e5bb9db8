"""Reactions and pins: by apps, by people, and what apps are told."""

from typing import Any

import pytest
from slack_sdk import WebClient

from sandbox import Server
from sandbox.person import ActingPerson
from sandbox.refused import Refused
from tests.sandbox.little import Little
from tests.sandbox.test_chat import refused


def test_an_app_reacts_and_takes_it_back(client: WebClient, max_: ActingPerson) -> None:
    ts = max_.say("C0WEST", "hello")
    at: dict[str, Any] = {"channel": "C0WEST", "timestamp": ts}
    client.reactions_add(name="thumbsup::skin-tone-3", **at)
    assert refused(client.reactions_add, name="thumbsup::skin-tone-3", **at)["error"] == (
        "already_reacted"
    )
    max_.react(max_.messages("C0WEST")[0], ":tada:")
    told = client.reactions_get(**at)
    assert (told["type"], told["channel"]) == ("message", "C0WEST")
    assert told["message"]["permalink"].endswith(f"/archives/C0WEST/p{ts.replace('.', '')}")
    assert told["message"]["reactions"] == [
        {"name": "thumbsup::skin-tone-3", "users": ["U0BOT"], "count": 1},
        {"name": "tada", "users": ["U0MAX"], "count": 1},
    ]
    assert [i["message"]["ts"] for i in client.reactions_list(user="U0MAX")["items"]] == [ts]
    assert client.reactions_list(user="U0LENA")["items"] == []
    client.reactions_remove(name="thumbsup::skin-tone-3", **at)
    (left,) = max_.messages("C0WEST")[0].json["reactions"]
    assert left["name"] == "tada"
    assert refused(client.reactions_remove, name="tada", **at)["error"] == "no_reaction"


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"timestamp": ""}, "no_item_specified"),
        ({"timestamp": "x"}, "bad_timestamp"),
        ({"timestamp": "1.000000"}, "message_not_found"),
        ({"name": ":tada:"}, "invalid_name"),
        ({"channel": "C0EAST"}, "not_in_channel"),
        ({"channel": "G0OUT"}, "channel_not_found"),
    ],
)
def test_what_reacting_refuses(
    client: WebClient, max_: ActingPerson, wrong: dict[str, str], error: str
) -> None:
    ts = max_.say("C0WEST", "hello")
    good = {"channel": "C0WEST", "timestamp": ts, "name": "tada"}
    assert refused(client.reactions_add, **{**good, **wrong})["error"] == error


def test_a_message_holds_so_many_emoji(client: WebClient, max_: ActingPerson) -> None:
    ts = max_.say("C0WEST", "hello")
    for n in range(23):
        client.reactions_add(channel="C0WEST", timestamp=ts, name=f"e{n}")
    answer = refused(client.reactions_add, channel="C0WEST", timestamp=ts, name="tada")
    assert answer["error"] == "too_many_emoji"
    message = max_.messages("C0WEST")[0]
    with pytest.raises(Refused, match="too_many_emoji"):
        max_.react(message, "tada")
    with pytest.raises(Refused, match="no_reaction"):
        max_.react(message, "e1", remove=True)


def test_apps_are_told_of_reactions_and_pins(little: Little, max_: ActingPerson) -> None:
    for name in ("reaction_added", "reaction_removed"):
        little.bolt.event(name)(lambda event: little.seen.append(event))
    little.start()
    ts = little.client.chat_postMessage(channel="C0WEST", text="x")["ts"]
    message = max_.messages("C0WEST")[0]
    max_.react(message, "tada")
    max_.react(message, "tada", remove=True)
    little.client.pins_add(channel="C0WEST", timestamp=ts)
    little.client.pins_remove(channel="C0WEST", timestamp=ts)
    little.server.settled()
    told = {event["type"]: event for event in little.seen}
    added = told["reaction_added"]
    assert (added["user"], added["reaction"], added["item_user"]) == ("U0MAX", "tada", "U0BOT")
    assert added["item"] == {"type": "message", "channel": "C0WEST", "ts": ts}
    assert told["reaction_removed"]["reaction"] == "tada"
    events = [entry for entry in little.server.traffic() if entry["kind"] == "event"]
    sent = {entry["name"]: entry["request"]["event"] for entry in events}
    pinned = sent["pin_added"]  # Bolt tells no app of what its own bot did
    assert (pinned["user"], pinned["item"]["message"]["ts"]) == ("U0BOT", ts)
    assert pinned["item"]["message"]["pinned_to"] == ["C0WEST"]
    assert "pinned_to" not in sent["pin_removed"]["item"]["message"]


def test_pins(client: WebClient, max_: ActingPerson) -> None:
    ts = max_.say("C0WEST", "keep this")
    client.pins_add(channel="C0WEST", timestamp=ts)
    assert refused(client.pins_add, channel="C0WEST", timestamp=ts)["error"] == "already_pinned"
    (item,) = client.pins_list(channel="C0WEST")["items"]
    assert (item["created_by"], item["message"]["text"]) == ("U0BOT", "keep this")
    client.pins_remove(channel="C0WEST", timestamp=ts)
    assert client.pins_list(channel="C0WEST")["items"] == []
    assert refused(client.pins_remove, channel="C0WEST", timestamp=ts)["error"] == "no_pin"


def test_pages_are_told_of_reactions_live(live: Any) -> None:
    server, his, hers = live
    max_ = server.as_person("U0MAX")
    max_.say("C0WEST", "x")
    max_.react(max_.messages("C0WEST")[0], "tada")
    hers.wait_for("message_changed")
    his.wait_for("message_changed")
    (news,) = hers.of("message_changed")
    assert news["message"]["reactions"][0]["users"] == ["U0MAX"]


def test_whispers_and_strange_channels_take_no_reactions(
    server: Server, client: WebClient, max_: ActingPerson
) -> None:
    client.chat_postEphemeral(channel="C0WEST", user="U0MAX", text="psst")
    with pytest.raises(Refused, match="message_not_found"):
        max_.react(max_.ephemerals("C0WEST")[0], "tada")
    max_.say("C0EAST", "x")
    lena = server.as_person("U0LENA")
    with pytest.raises(Refused, match="message_not_found"):
        lena.react(max_.messages("C0EAST")[0], "tada")
