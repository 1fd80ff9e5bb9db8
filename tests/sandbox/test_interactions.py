"""Commands, buttons and selects, as a Bolt app is told of them."""

from typing import Any

import pytest

from sandbox import Server
from sandbox.person import ActingPerson
from sandbox.refused import Refused
from tests.sandbox.little import Connect, Little, Serve, manifest_with

BUTTON: dict[str, Any] = {
    "type": "button",
    "text": {"type": "plain_text", "text": "Press"},
    "action_id": "press",
    "value": "7",
}
SELECT: dict[str, Any] = {
    "type": "static_select",
    "action_id": "pick",
    "placeholder": {"type": "plain_text", "text": "Pick"},
    "options": [
        {"text": {"type": "plain_text", "text": "One"}, "value": "1"},
        {"text": {"type": "plain_text", "text": "Two"}, "value": "2"},
    ],
}
BLOCKS = [{"type": "actions", "block_id": "row", "elements": [BUTTON, SELECT]}]


def test_a_command_is_told_with_its_text_and_answered_ephemerally(
    little: Little, max_: ActingPerson, lena: ActingPerson
) -> None:
    @little.bolt.command("/little")
    def answer(ack: Any, command: dict[str, Any]) -> None:
        little.seen.append(command)
        ack("Here you are")

    little.start()
    assert max_.command("C0WEST", "/little  a <b> @lena") == {"ok": True}

    told = little.seen[0]
    assert told["text"] == "a <b> @lena"
    assert told["command"] == "/little"
    assert (told["channel_id"], told["channel_name"]) == ("C0WEST", "west")
    assert (told["user_id"], told["user_name"]) == ("U0MAX", "max")
    assert (told["team_id"], told["team_domain"]) == ("T0NORTH", "northwind")
    assert told["api_app_id"] == "A0LITTLE"
    assert told["is_enterprise_install"] == "false"
    assert [m.fallback for m in max_.ephemerals("C0WEST")] == ["Here you are"]
    assert lena.messages("C0WEST") == []


def test_a_command_may_be_answered_for_everybody(
    little: Little, max_: ActingPerson, lena: ActingPerson
) -> None:
    @little.bolt.command("/little")
    def answer(ack: Any) -> None:
        ack(text="For all", response_type="in_channel", blocks=BLOCKS)

    little.start()
    max_.command("C0WEST", "/little")
    assert lena.messages("C0WEST")[0].buttons == ["Press"]


def test_a_command_in_a_channel_without_the_bot_reaches_it(
    little: Little, max_: ActingPerson
) -> None:
    @little.bolt.command("/little")
    def answer(ack: Any, command: dict[str, Any]) -> None:
        ack(command["channel_name"])

    little.start()
    max_.command("G0OUT", "/little")
    assert max_.ephemerals("G0OUT")[0].fallback == "privategroup"
    dm = max_.dm_with("U0LENA")
    max_.command(dm, "/little")
    assert max_.ephemerals(dm)[0].fallback == "directmessage"


def test_a_command_may_have_its_mentions_made_ids(start: Serve, connect: Connect) -> None:
    command = {"command": "/little", "description": "x", "should_escape": True}
    server = start(manifest_with(slash_commands=[command]))
    little = connect(server, "http")
    little.bolt.command("/little")(lambda ack, command: ack(command["text"]))
    little.start()
    max_ = server.as_person("U0MAX")
    max_.command("C0WEST", "/little @lena, @nobody in #west & @here")
    said = max_.ephemerals("C0WEST")[0].fallback
    assert said == "<@U0LENA|lena>, @nobody in <#C0WEST|west> &amp; <!here>"


def test_what_is_no_command_is_said_so(max_: ActingPerson) -> None:
    assert max_.command("C0WEST", "/nothing x") == {"ok": False, "error": "unknown_command"}
    assert "`/nothing` is not a valid command" in max_.notices()[0]


def test_people_and_apps_are_invited_as_in_slack(server: Server, max_: ActingPerson) -> None:
    server.request("POST", "/sandbox/channel", {"id": "C0NEW", "name": "new", "members": ["U0MAX"]})
    bot = max_.state()["apps"][0]["name"]
    for name in ("@lena", bot):
        assert max_.command("C0NEW", f"/invite {name}") == {"ok": True}
    joined = [one.fallback for one in max_.messages("C0NEW")]
    assert joined[1:] == ["<@U0LENA> has joined the channel", "<@U0BOT> has joined the channel"]
    for names, error in (
        ("@lena", "already_in_channel"), ("nobody", "user_not_found"), ("", "no_user")
    ):  # fmt: skip
        assert max_.command("C0NEW", f"/invite {names}") == {"ok": False, "error": error}
    assert "Whom?" in max_.notices()[-1]


def test_commands_do_not_work_in_threads(max_: ActingPerson) -> None:
    ts = max_.say("C0WEST", "hello")
    outcome = max_.command("C0WEST", "/little", thread_ts=ts)
    assert outcome == {"ok": False, "error": "not_supported_in_threads"}
    assert max_.notices() == ["/little is not supported in threads. Sorry!"]


def test_a_command_nobody_is_there_for_fails(max_: ActingPerson) -> None:
    assert max_.command("C0WEST", "/little") == {"ok": False, "error": "dispatch_failed"}
    assert max_.notices() == ["/little failed with the error “dispatch_failed”"]


def test_an_answer_with_bad_blocks_fails(little: Little, max_: ActingPerson) -> None:
    @little.bolt.command("/little")
    def answer(ack: Any) -> None:
        ack(text="x", blocks=[{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}])

    little.start()
    assert max_.command("C0WEST", "/little")["error"] == "invalid_blocks"
    assert max_.messages("C0WEST") == []


def test_a_button_is_told_with_its_message(little: Little, max_: ActingPerson) -> None:
    @little.bolt.action("press")
    def press(ack: Any, body: dict[str, Any]) -> None:
        ack()
        little.seen.append(body)

    little.start()
    posted = little.client.chat_postMessage(
        channel="C0WEST",
        text="Choose",
        blocks=BLOCKS,
        metadata={"event_type": "x", "event_payload": {"id": "1"}},
    )
    message = max_.messages("C0WEST")[0]
    assert max_.click(message, "Press") == {"ok": True}

    told = max_.wait_for(lambda: little.seen)[0]
    assert told["type"] == "block_actions"
    assert told["user"] == {
        "id": "U0MAX",
        "username": "max",
        "name": "max",
        "team_id": "T0NORTH",
    }
    assert told["channel"] == {"id": "C0WEST", "name": "west"}
    assert told["container"] == {
        "type": "message",
        "message_ts": posted["ts"],
        "channel_id": "C0WEST",
        "is_ephemeral": False,
    }
    assert told["message"]["metadata"] == {"event_type": "x", "event_payload": {"id": "1"}}
    assert told["message"]["blocks"][0]["block_id"] == "row"
    assert told["trigger_id"]
    assert told["response_url"].startswith("http://127.0.0.1")
    (action,) = told["actions"]
    assert action["value"] == "7"
    assert action["text"] == {"type": "plain_text", "text": "Press"}
    assert float(action["action_ts"]) > float(posted["ts"])


def test_a_select_is_told_with_the_whole_option(little: Little, max_: ActingPerson) -> None:
    @little.bolt.action("pick")
    def pick(ack: Any, body: dict[str, Any]) -> None:
        ack()
        little.seen.append(body)

    little.start()
    little.client.chat_postMessage(channel="C0WEST", text="Choose", blocks=BLOCKS)
    max_.click(max_.messages("C0WEST")[0], "pick", "Two")

    told = max_.wait_for(lambda: little.seen)[0]
    assert told["actions"][0]["selected_option"] == SELECT["options"][1]
    held = told["state"]["values"]["row"]["pick"]["selected_option"]
    assert held == SELECT["options"][1]


def test_a_button_in_a_thread_says_so(little: Little, max_: ActingPerson) -> None:
    @little.bolt.action("press")
    def press(ack: Any, body: dict[str, Any]) -> None:
        ack()
        little.seen.append(body)

    little.start()
    ts = max_.say("C0WEST", "hello")
    little.client.chat_postMessage(channel="C0WEST", text="x", blocks=BLOCKS, thread_ts=ts)
    max_.click(max_.messages("C0WEST", ts)[1], "press")
    told = max_.wait_for(lambda: little.seen)[0]
    assert told["container"]["thread_ts"] == told["message"]["thread_ts"] == ts


@pytest.mark.parametrize(
    ("at", "error"),
    [
        ({"block_id": "row", "action_id": "nothing"}, "element_not_found"),
        ({"block_id": "nothing", "action_id": "press"}, "element_not_found"),
        ({"block_id": "row", "action_id": "pick", "value": "3"}, "invalid_value"),
    ],
)
def test_what_nobody_could_click_is_refused(
    little: Little, max_: ActingPerson, at: dict[str, Any], error: str
) -> None:
    posted = little.client.chat_postMessage(channel="C0WEST", text="x", blocks=BLOCKS)
    body = {"as": "U0MAX", "channel": "C0WEST", "ts": posted["ts"], **at}
    with pytest.raises(Refused, match=error):
        little.server.request("POST", "/sandbox/click", body)


def test_what_a_person_said_has_nothing_to_click(server: Server, max_: ActingPerson) -> None:
    ts = max_.say("C0WEST", "hello")
    at = {"channel": "C0WEST", "ts": ts, "block_id": "row", "action_id": "press"}
    with pytest.raises(Refused, match="element_not_found"):
        server.request("POST", "/sandbox/click", {"as": "U0MAX", **at})


def test_several_options_are_chosen_by_what_they_say(little: Little, max_: ActingPerson) -> None:
    @little.bolt.action("many")
    def many(ack: Any, body: dict[str, Any]) -> None:
        ack()
        little.seen.append(body["actions"][0])

    little.start()
    element = {"type": "checkboxes", "action_id": "many", "options": SELECT["options"]}
    text = {"type": "mrkdwn", "text": "Which?"}
    blocks: list[dict[str, Any]] = [
        {"type": "section", "text": text},
        {"type": "actions", "elements": [element]},
    ]
    little.client.chat_postMessage(channel="C0WEST", text="x", blocks=blocks)
    message = max_.messages("C0WEST")[0]
    assert (message.text, message.actions) == ("Which?", ["many"])
    max_.click(message, "many", ["One", "Two"])
    (action,) = max_.wait_for(lambda: little.seen)
    assert [option["value"] for option in action["selected_options"]] == ["1", "2"]


def test_an_app_that_is_too_slow_is_told_of(start: Serve, connect: Connect) -> None:
    server = start(ack_seconds=0.05)
    little = connect(server, "socket")
    max_ = server.as_person("U0MAX")
    little.bolt.action("press")(lambda: None)  # never acknowledges
    little.bolt.command("/little")(lambda: None)
    little.start()
    little.client.chat_postMessage(channel="C0WEST", text="x", blocks=BLOCKS)
    outcome = max_.click(max_.messages("C0WEST")[0], "press")
    assert outcome == {"ok": False, "error": "operation_timeout"}
    assert max_.command("C0WEST", "/little") == {"ok": False, "error": "operation_timeout"}
    assert max_.notices() == [
        "Operation timed out. Apps need to respond within 3 seconds.",
        "/little failed with the error “operation_timeout”",
    ]
