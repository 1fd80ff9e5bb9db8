"""Selects whose options the app loads, judged by Bolt's `options` over both transports."""

import threading
from typing import Any

import pytest
from slack_sdk import WebClient

from sandbox import Server
from sandbox.person import ActingPerson
from sandbox.refused import Refused
from tests.sandbox.little import Connect, Little, Serve

PLAIN = "plain_text"


def option(text: str, value: str) -> dict[str, Any]:
    return {"text": {"type": PLAIN, "text": text}, "value": value}


OFFERED = [option("Acme & Co", "1"), option("Birch", "2"), option("Cedar", "3")]
ONE = {
    "type": "external_select",
    "action_id": "one",
    "min_query_length": 0,
    "initial_option": option("Zinc", "26"),
}
MANY = {"type": "multi_external_select", "action_id": "many"}
IN_MESSAGE = [{"type": "actions", "block_id": "row", "elements": [ONE, MANY]}]
MODAL = {
    "type": "modal",
    "callback_id": "form",
    "title": {"type": PLAIN, "text": "Choose"},
    "submit": {"type": PLAIN, "text": "Save"},
    "blocks": [
        {
            "type": "input",
            "block_id": "deal",
            "label": {"type": PLAIN, "text": "Deal"},
            "element": ONE,
        },
        {
            "type": "input",
            "block_id": "deals",
            "label": {"type": PLAIN, "text": "Deals"},
            "element": MANY,
        },
    ],
}


def offering(little: Little) -> None:
    """A listener that offers what begins like the query, in groups to the second select."""

    @little.bolt.options("one")
    def one(ack: Any, body: dict[str, Any], payload: dict[str, Any]) -> None:
        little.seen.append(body)
        ack(options=[o for o in OFFERED if o["text"]["text"].startswith(payload["value"])])

    @little.bolt.options("many")
    def many(ack: Any, body: dict[str, Any]) -> None:
        little.seen.append(body)
        ack(option_groups=[{"label": {"type": PLAIN, "text": "Trees"}, "options": OFFERED[1:]}])


def test_options_of_a_message(little: Little, max_: ActingPerson) -> None:
    offering(little)
    clicked: list[Any] = []

    @little.bolt.action("one")
    def chose(ack: Any, action: dict[str, Any], body: dict[str, Any]) -> None:
        ack()
        clicked.append((action["selected_option"], body["state"]["values"]["row"]["one"]))

    little.start()
    little.client.chat_postMessage(channel="C0WEST", text="x", blocks=IN_MESSAGE)
    (message,) = max_.messages("C0WEST")
    assert [o["value"] for o in max_.options(message, "one")] == ["1", "2", "3"]
    offered = max_.options(message, "one", "Acm")
    assert offered == [option("Acme &amp; Co", "1")]
    body = little.seen[-1]
    assert (body["type"], body["value"], body["action_id"]) == ("block_suggestion", "Acm", "one")
    assert (body["block_id"], body["channel"]["id"]) == ("row", "C0WEST")
    assert body["container"] == {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": "C0WEST",
        "is_ephemeral": False,
    }
    assert body["message"]["ts"] == message.ts
    assert not {"response_url", "trigger_id", "actions"} & set(body)
    assert max_.click(message, "one", "Birch") == {"ok": True}
    chosen, state = clicked[0]
    assert chosen == OFFERED[1]
    assert state["selected_option"] == OFFERED[1]
    with pytest.raises(Refused, match="invalid_value"):
        max_.click(message, "one", "4")
    name = next(e["name"] for e in little.server.traffic() if "suggestion" in e["name"])
    assert name == "block_suggestion one"


def test_options_of_a_modal(little: Little, max_: ActingPerson) -> None:
    offering(little)

    @little.bolt.command("/little")
    def form(ack: Any, body: dict[str, Any]) -> None:
        ack()
        little.client.views_open(trigger_id=body["trigger_id"], view=MODAL)

    @little.bolt.view("form")
    def submitted(ack: Any, view: dict[str, Any]) -> None:
        ack()
        little.seen.append(view["state"]["values"])

    little.start()
    max_.command("C0WEST", "/little")
    modal = max_.modal
    assert modal
    assert modal.values == {"deal": ONE["initial_option"], "deals": []}
    assert [o["value"] for o in max_.options(modal, "many", "Bir")] == ["2", "3"]
    body = little.seen[-1]
    assert (body["view"]["id"], body["container"]["type"]) == (modal.id, "view")
    assert body["view"]["state"]["values"]["deal"]["one"]["selected_option"]["value"] == "26"
    with pytest.raises(Refused, match="query_too_short"):
        max_.options(modal, "many", "Bi")
    with pytest.raises(Refused, match="invalid_value"):
        max_.submit(deals=["Nobody"])
    assert max_.options(modal, "many", "Bir"), "what was refused is not filled in"
    assert max_.submit(deals=["Birch", "3"]) == {"ok": True}
    values = little.seen[-1]
    assert values["deal"]["one"]["selected_option"] == ONE["initial_option"]
    assert values["deals"]["many"]["selected_options"] == OFFERED[1:]


def test_what_an_app_may_not_offer(server: Server, connect: Connect, max_: ActingPerson) -> None:
    little = connect(server, "http")
    answers: list[Any] = [[option("x", str(n)) for n in range(101)], [option("", "1")], None]

    @little.bolt.options("one")
    def one(ack: Any) -> None:
        answer = answers.pop(0)
        ack(options=answer) if answer else ack()

    little.start()
    little.client.chat_postMessage(channel="C0WEST", text="x", blocks=IN_MESSAGE)
    (message,) = max_.messages("C0WEST")
    with pytest.raises(Refused, match="invalid_response") as refusal:
        max_.options(message, "one")
    assert refusal.value.messages == (
        "[ERROR] no more than 100 items allowed [json-pointer:/options]",
    )
    with pytest.raises(Refused, match="invalid_response"):
        max_.options(message, "one")
    assert "/options/0/text/text" in server.traffic()[-1]["note"]
    assert max_.options(message, "one") == []


def test_an_app_that_takes_too_long(start: Serve, connect: Connect) -> None:
    server = start(ack_seconds=0.1)
    little = connect(server, "socket")
    asked_in_vain = threading.Event()
    little.bolt.options("one")(lambda ack: asked_in_vain.wait(10))
    little.start()
    little.client.chat_postMessage(channel="C0WEST", text="x", blocks=IN_MESSAGE)
    max_ = server.as_person("U0MAX")
    (message,) = max_.messages("C0WEST")
    with pytest.raises(Refused, match="operation_timeout"):
        max_.options(message, "one")
    asked_in_vain.set()


def test_nobody_is_asked_about_other_elements(client: WebClient, max_: ActingPerson) -> None:
    client.chat_postMessage(channel="C0WEST", text="x", blocks=IN_MESSAGE)
    (message,) = max_.messages("C0WEST")
    with pytest.raises(Refused, match="dispatch_failed"):
        max_.options(message, "one")
    at = {"as": "U0MAX", "channel": "C0WEST", "ts": message.ts, "block_id": "row", "value": ""}
    with pytest.raises(Refused, match="element_not_found"):
        max_._server.request("POST", "/sandbox/options", {**at, "action_id": "other"})
