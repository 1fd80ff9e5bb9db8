"""Shortcuts, everywhere and on a message, as a Bolt app is told of them.

Keys: docs.slack.dev/reference/interaction-payloads/shortcuts-interaction-payload; bolt-js's types
`GlobalShortcut` and `MessageShortcut`; java-slack-sdk's `MessageShortcutPayload.json`.
"""

from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from sandbox.person import ActingPerson
from sandbox.refused import Refused
from tests.sandbox.little import SCOPES, Connect, Little, Serve, client_of, manifest_with
from tests.sandbox.test_interactions import BLOCKS

COMMON = {
    "type",
    "token",
    "action_ts",
    "team",
    "user",
    "callback_id",
    "trigger_id",
    "enterprise",
    "is_enterprise_install",
}
VIEW: dict[str, Any] = {
    "type": "modal",
    "title": {"type": "plain_text", "text": "Hi"},
    "blocks": [{"type": "divider"}],
}


@pytest.fixture
def told(little: Little) -> list[dict[str, Any]]:
    """What the app is told of its two shortcuts; a global one opens a modal."""

    @little.bolt.global_shortcut("g")
    def everywhere(ack: Any, body: dict[str, Any], client: Any) -> None:
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=VIEW)
        little.seen.append(body)

    @little.bolt.message_shortcut("m")
    def on_message(ack: Any, body: dict[str, Any], respond: Any) -> None:
        ack()
        little.seen.append(body)
        respond("Counted")

    little.start()
    return little.seen


def test_a_global_one_knows_who_and_nothing_of_where(
    max_: ActingPerson, told: list[dict[str, Any]]
) -> None:
    assert max_.shortcut("A0LITTLE", "g") == {"ok": True}
    (body,) = max_.wait_for(lambda: told)
    assert set(body) == COMMON
    assert body["type"] == "shortcut"
    assert body["callback_id"] == "g"
    assert body["team"] == {"id": "T0NORTH", "domain": "northwind"}
    assert body["user"] == {"id": "U0MAX", "username": "max", "team_id": "T0NORTH"}
    assert body["token"] == "verification-A0LITTLE"
    assert (body["enterprise"], body["is_enterprise_install"]) == (None, False)
    assert float(body["action_ts"]) > 0
    opened = max_.modal
    assert opened
    assert opened.title == "Hi"


def test_one_on_a_message_has_all_of_it(
    max_: ActingPerson, lena: ActingPerson, told: list[dict[str, Any]]
) -> None:
    ts = lena.say("C0WEST", "The buyer *said* yes")
    (message,) = max_.messages("C0WEST")
    assert max_.shortcut("A0LITTLE", "m", at=message) == {"ok": True}
    (body,) = max_.wait_for(lambda: told)
    assert set(body) == {*COMMON, "channel", "message", "message_ts", "response_url"}
    assert body["type"] == "message_action"
    assert body["user"] == {"id": "U0MAX", "username": "max", "name": "max", "team_id": "T0NORTH"}
    assert body["channel"] == {"id": "C0WEST", "name": "west"}
    assert body["message_ts"] == ts
    said = body["message"]
    assert (said["type"], said["user"], said["ts"]) == ("message", "U0LENA", ts)
    assert said["text"] == "The buyer *said* yes"
    assert "thread_ts" not in said
    (answer,) = max_.wait_for(lambda: max_.ephemerals("C0WEST"))
    assert answer.fallback == "Counted"
    assert lena.ephemerals("C0WEST") == []


def test_on_what_a_bot_said_and_on_a_reply(
    little: Little, max_: ActingPerson, told: list[dict[str, Any]]
) -> None:
    parent = little.client.chat_postMessage(channel="C0WEST", text="Look", blocks=BLOCKS)["ts"]
    reply = max_.say("C0WEST", "I do", thread_ts=parent)
    for message in max_.messages("C0WEST", parent):
        max_.shortcut("A0LITTLE", "m", at=message)
    by_bot, by_max = max_.wait_for(lambda: told if len(told) == 2 else [])
    assert (by_bot["message"]["bot_id"], by_bot["message"]["app_id"]) == ("B0LITTLE", "A0LITTLE")
    assert by_bot["message"]["blocks"][0]["block_id"] == "row"
    assert by_bot["message"]["reply_count"] == 1
    assert (by_max["message_ts"], by_max["message"]["thread_ts"]) == (reply, parent)
    assert by_max["message"]["parent_user_id"] == "U0BOT"


def test_also_where_the_bot_is_not(max_: ActingPerson, told: list[dict[str, Any]]) -> None:
    max_.say("G0OUT", "Between us")
    max_.shortcut("A0LITTLE", "m", at=max_.messages("G0OUT")[0])
    (body,) = max_.wait_for(lambda: told)
    assert body["channel"] == {"id": "G0OUT", "name": "privategroup"}
    assert max_.wait_for(lambda: max_.ephemerals("G0OUT"))


def test_ephemeral_and_deleted_messages_have_none(little: Little, max_: ActingPerson) -> None:
    client = little.client
    client.chat_postEphemeral(channel="C0WEST", user="U0MAX", text="psst")
    parent = client.chat_postMessage(channel="C0WEST", text="x")["ts"]
    max_.say("C0WEST", "y", thread_ts=parent)
    client.chat_delete(channel="C0WEST", ts=parent)
    whisper, stone = max_.messages("C0WEST")
    for message in (whisper, stone):
        with pytest.raises(Refused, match="shortcut_not_found"):
            max_.shortcut("A0LITTLE", "m", at=message)


def test_only_what_the_manifest_has_and_the_token_may(start: Serve, max_: ActingPerson) -> None:
    for callback_id in ("m", "x"):  # "m" is one on messages
        with pytest.raises(Refused, match="shortcut_not_found"):
            max_.shortcut("A0LITTLE", callback_id)
    scopes = [scope for scope in SCOPES if scope != "commands"]
    without = start(manifest_with(scopes=scopes)).as_person("U0MAX")
    with pytest.raises(Refused, match="shortcut_not_found"):
        without.shortcut("A0LITTLE", "g")


def test_one_that_is_not_acknowledged_is_said_so(start: Serve, connect: Connect) -> None:
    server = start(ack_seconds=0.05)
    max_ = server.as_person("U0MAX")
    assert max_.shortcut("A0LITTLE", "g") == {"ok": False, "error": "dispatch_failed"}
    little = connect(server, "socket")
    little.bolt.shortcut("g")(lambda: None)  # never acknowledges
    little.start()
    assert max_.shortcut("A0LITTLE", "g") == {"ok": False, "error": "operation_timeout"}
    assert max_.notices() == [
        "We had some trouble connecting. Try again?",
        "Operation timed out. Apps need to respond within 3 seconds.",
    ]


def test_its_trigger_works_once_and_three_seconds(start: Serve, connect: Connect) -> None:
    now = [100.0]
    server = start(real_clock=lambda: now[0], rate_limits=False)
    little = connect(server, "http")

    @little.bolt.shortcut("g")
    def used(ack: Any, body: dict[str, Any]) -> None:
        ack()
        little.seen.append(body["trigger_id"])

    little.start()
    max_ = server.as_person("U0MAX")
    client = client_of(server)
    max_.shortcut("A0LITTLE", "g")
    max_.shortcut("A0LITTLE", "g")
    first, second = max_.wait_for(lambda: little.seen if len(little.seen) == 2 else [])
    now[0] += 3.0
    client.views_open(trigger_id=first, view=VIEW)
    with pytest.raises(SlackApiError, match="exchanged_trigger_id"):
        client.views_open(trigger_id=first, view=VIEW)
    now[0] += 0.1
    with pytest.raises(SlackApiError, match="expired_trigger_id"):
        client.views_open(trigger_id=second, view=VIEW)
