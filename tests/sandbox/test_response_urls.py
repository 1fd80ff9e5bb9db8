"""Answers by response_url: where, as what, how often, how long."""

import json
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import ProxyHandler, Request, build_opener

import pytest
from slack_sdk.webhook import WebhookClient

from sandbox.person import SeenMessage
from tests.sandbox.little import Connect, Serve
from tests.sandbox.test_interactions import BLOCKS, BUTTON


@pytest.fixture
def now() -> list[float]:
    """Real time, to be moved."""
    return [0.0]


@pytest.fixture
def url_of(start: Serve, now: list[float], connect: Connect) -> Any:
    """Clicks a message's button and gives the response_url."""
    server = start(rate_limits=False, real_clock=lambda: now[0])
    little = connect(server, "http")

    @little.bolt.action("press")
    def press(ack: Any, body: dict[str, Any]) -> None:
        ack()
        little.seen.append(body["response_url"])

    little.start()
    max_ = server.as_person("U0MAX")

    def click(message: SeenMessage) -> WebhookClient:
        before = len(little.seen)
        max_.click(message, "press")
        server.wait(lambda: len(little.seen) > before)
        return WebhookClient(little.seen[-1])

    return little, max_, click


def test_it_answers_ephemerally_unless_told_otherwise(url_of: Any) -> None:
    little, max_, click = url_of
    lena = little.server.as_person("U0LENA")
    little.client.chat_postMessage(channel="C0WEST", text="x", blocks=BLOCKS)
    webhook = click(max_.messages("C0WEST")[0])
    assert webhook.send(text="Only you").body == "ok"
    webhook.send(text="All", response_type="in_channel")
    assert [m.fallback for m in max_.messages("C0WEST")] == ["x", "Only you", "All"]
    assert [m.fallback for m in lena.messages("C0WEST")] == ["x", "All"]


def test_it_replaces_and_deletes_what_was_clicked(url_of: Any) -> None:
    little, max_, click = url_of
    little.client.chat_postMessage(channel="C0WEST", text="x", blocks=BLOCKS)
    webhook = click(max_.messages("C0WEST")[0])
    webhook.send(text="Done by Max", replace_original=True)
    (message,) = max_.messages("C0WEST")
    assert (message.fallback, message.blocks) == ("Done by Max", [])
    webhook.send(delete_original=True)
    assert max_.messages("C0WEST") == []
    answer = webhook.send(text="again", replace_original=True)
    assert (answer.status_code, json.loads(answer.body)["error"]) == (400, "message_not_found")


def test_an_ephemeral_message_is_replaced_in_place(url_of: Any) -> None:
    little, max_, click = url_of
    little.client.chat_postEphemeral(channel="C0WEST", user="U0MAX", text="Sure?", blocks=BLOCKS)
    webhook = click(max_.ephemerals("C0WEST")[0])
    webhook.send(
        text="Still?", blocks=[{"type": "actions", "elements": [BUTTON]}], replace_original=True
    )
    (message,) = max_.ephemerals("C0WEST")
    webhook = click(message)
    webhook.send(delete_original=True)
    assert max_.messages("C0WEST") == []


def test_it_works_five_times(url_of: Any) -> None:
    little, max_, click = url_of
    little.client.chat_postMessage(channel="C0WEST", text="x", blocks=BLOCKS)
    webhook = click(max_.messages("C0WEST")[0])
    refused = webhook.send(blocks=[{"type": "nonsense"}])
    assert (refused.status_code, json.loads(refused.body)["error"]) == (400, "invalid_blocks")
    assert [webhook.send(text="x").status_code for _ in range(5)] == [200] * 5
    answer = webhook.send(text="x")
    assert (answer.status_code, json.loads(answer.body)["error"]) == (404, "used_url")


def test_it_works_half_an_hour(url_of: Any, now: list[float]) -> None:
    little, max_, click = url_of
    little.client.chat_postMessage(channel="C0WEST", text="x", blocks=BLOCKS)
    webhook = click(max_.messages("C0WEST")[0])
    now[0] += 1800
    assert webhook.send(text="x").status_code == 200
    now[0] += 1
    answer = webhook.send(text="x")
    assert (answer.status_code, json.loads(answer.body)["error"]) == (404, "expired_url")


@pytest.mark.parametrize(
    ("body", "error"),
    [(b"", "invalid_payload"), (b"[]", "invalid_payload"), (b"{}", "no_text")],
)
def test_what_is_not_an_answer_is_refused(url_of: Any, body: bytes, error: str) -> None:
    little, max_, click = url_of
    little.client.chat_postMessage(channel="C0WEST", text="x", blocks=BLOCKS)
    url = click(max_.messages("C0WEST")[0]).url
    request = Request(url, body, {"Content-Type": "application/json"})
    with pytest.raises(HTTPError) as refused:
        build_opener(ProxyHandler({})).open(request)
    with refused.value:
        assert json.load(refused.value)["error"] == error


def test_a_command_has_no_message_to_replace(start: Serve, connect: Connect) -> None:
    server = start()
    little = connect(server, "http")

    @little.bolt.command("/little")
    def answer(ack: Any, command: dict[str, Any]) -> None:
        ack()
        little.seen.append(command["response_url"])

    little.start()
    max_ = server.as_person("U0MAX")
    max_.command("C0WEST", "/little")
    (url,) = server.wait(lambda: little.seen)
    webhook = WebhookClient(url)
    assert webhook.send(delete_original=True).status_code == 400
    assert webhook.send(text="new", replace_original=True).status_code == 200
    form = urlencode({"payload": json.dumps({"text": "form", "response_type": "in_channel"})})
    with build_opener(ProxyHandler({})).open(Request(url, form.encode())) as answered:
        assert answered.read() == b"ok"
    assert [m.fallback for m in max_.messages("C0WEST")] == ["new", "form"]


def test_old_ones_are_forgotten(url_of: Any, now: list[float]) -> None:
    little, max_, click = url_of
    little.client.chat_postMessage(channel="C0WEST", text="x", blocks=BLOCKS)
    webhook = click(max_.messages("C0WEST")[0])
    now[0] += 3601
    click(max_.messages("C0WEST")[0])
    assert json.loads(webhook.send(text="x").body)["error"] == "invalid_url"


def test_an_unknown_address_is_not_found(url_of: Any) -> None:
    little, *_ = url_of
    answer = WebhookClient(f"{little.server.url}/actions/T0NORTH/abc").send(text="x")
    assert (answer.status_code, json.loads(answer.body)["error"]) == (404, "invalid_url")
