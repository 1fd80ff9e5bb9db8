"""Tokens, scopes, limits, bodies and faults: what all methods have in common."""

import json
from http.client import HTTPConnection
from typing import Any
from urllib.error import URLError

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from sandbox import Server
from sandbox.faults import Fault
from sandbox.limits import MESSAGES_PER_CHANNEL
from sandbox.person import ActingPerson
from tests.sandbox.little import APP_TOKEN, BOT_TOKEN, SCOPES, Serve, client_of, manifest_with
from tests.sandbox.test_chat import refused

BEARER = {"Authorization": f"Bearer {BOT_TOKEN}"}


def raw(
    server: Server, verb: str, method: str, body: str = "", **headers: str
) -> tuple[int, dict[str, str], Any]:
    """A call without any SDK: status, headers and the JSON that was answered."""
    connection = HTTPConnection(server.url.removeprefix("http://"))
    try:
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(verb, f"/api/{method}", body, names)
        response = connection.getresponse()
        return response.status, dict(response.getheaders()), json.load(response)
    finally:
        connection.close()


def test_a_token_is_needed_and_must_be_good(server: Server) -> None:
    assert refused(client_of(server, None).auth_test)["error"] == "not_authed"
    assert refused(client_of(server, "xoxb-no").auth_test)["error"] == "invalid_auth"
    assert refused(client_of(server, APP_TOKEN).users_list)["error"] == "not_allowed_token_type"
    call = client_of(server).apps_connections_open
    assert refused(call, app_token=BOT_TOKEN)["error"] == "not_allowed_token_type"


def test_a_removed_app_and_a_deactivated_bot(server: Server, client: WebClient) -> None:
    server.request("POST", "/sandbox/person", {"id": "U0BOT", "deleted": True})
    assert refused(client.auth_test)["error"] == "account_inactive"
    server.revoke("A0LITTLE")
    assert refused(client.auth_test)["error"] == "token_revoked"


def test_an_unknown_method_is_said_and_seen(client: WebClient, server: Server) -> None:
    answer = refused(client.api_call, api_method="cats.list")
    assert (answer["error"], answer["req_method"]) == ("unknown_method", "cats.list")
    entry = server.traffic()[-1]
    assert (entry["name"], entry["response"]["error"]) == ("cats.list", "unknown_method")


@pytest.mark.parametrize(
    ("missing", "method", "arguments"),
    [
        ("chat:write", "chat.postMessage", {"channel": "C0WEST", "text": "x"}),
        ("channels:history", "conversations.history", {"channel": "C0WEST"}),
        ("groups:history", "conversations.history", {"channel": "G0IN"}),
        ("groups:read", "conversations.list", {"types": "public_channel,private_channel"}),
        ("im:write", "conversations.open", {"users": "U0MAX"}),
        ("channels:read", "conversations.members", {"channel": "C0WEST"}),
        ("users:read", "users.info", {"user": "U0MAX"}),
        ("team:read", "team.info", {}),
    ],
)
def test_scopes_are_enforced(
    start: Serve, missing: str, method: str, arguments: dict[str, Any]
) -> None:
    scopes = [scope for scope in SCOPES if scope != missing]
    client = client_of(start(manifest_with(scopes=scopes)))
    answer = refused(client.api_call, api_method=method, params=arguments)
    assert answer["error"] == "missing_scope"
    assert missing in answer["needed"].split(",")
    assert answer["provided"] == ",".join(sorted(scopes))


def test_headers_say_the_scopes(client: WebClient) -> None:
    headers = client.users_list().headers
    assert headers["X-OAuth-Scopes"] == ",".join(sorted(SCOPES))
    assert headers["X-Accepted-OAuth-Scopes"] == "users:read"
    headers = client.apps_connections_open(app_token=APP_TOKEN).headers
    assert headers["X-OAuth-Scopes"] == "connections:write"


def test_bodies_of_every_kind(server: Server) -> None:
    form = "application/x-www-form-urlencoded"
    token = f"token={BOT_TOKEN}"
    assert raw(server, "GET", f"users.info?user=U0MAX&{token}")[2]["ok"]
    assert raw(server, "POST", "users.info", f"user=U0MAX&{token}", Content_Type=form)[2]["ok"]
    call = raw(
        server, "POST", "users.info", '{"user": "U0MAX"}', Content_Type="application/json", **BEARER
    )
    assert call[2]["user"]["id"] == "U0MAX"
    assert call[2]["warning"] == "missing_charset"
    charset = f"{form}; charset=utf-8"
    call = raw(server, "POST", "users.info", f"user=U0MAX&{token}", Content_Type=charset)
    assert call[2]["response_metadata"]["warnings"] == ["superfluous_charset"]


@pytest.mark.parametrize(
    ("body", "content_type", "error"),
    [
        ("{", "application/json", "invalid_json"),
        ("[]", "application/json", "json_not_object"),
        ("x", "application/xml", "invalid_post_type"),
        ('{"user": ["U0MAX"]}', "application/json", "invalid_arguments"),
        ("{}", "application/json", "invalid_arguments"),
        ('{"user": 1}', "application/json", "user_not_found"),
        ("x", "multipart/form-data", "invalid_form_data"),
    ],
)
def test_bodies_that_cannot_be_read(
    server: Server, body: str, content_type: str, error: str
) -> None:
    status, _, answer = raw(server, "POST", "users.info", body, Content_Type=content_type, **BEARER)
    assert (status, answer["error"]) == (200, error)


def test_a_token_inside_json_does_not_count(server: Server) -> None:
    body = json.dumps({"token": BOT_TOKEN})
    assert raw(server, "POST", "auth.test", body, Content_Type="application/json")[2] == {
        "ok": False,
        "error": "not_authed",
        "warning": "missing_charset",
        "response_metadata": {"warnings": ["missing_charset"]},
    }


def test_too_many_calls_wait(start: Serve) -> None:
    now = [0.0]
    client = client_of(start(real_clock=lambda: now[0]))

    def post(channel: str = "C0WEST") -> Any:
        return client.chat_postMessage(channel=channel, text="x")

    for _ in range(MESSAGES_PER_CHANNEL.burst):
        assert post()["ok"]
    with pytest.raises(SlackApiError) as error:
        post()
    assert error.value.response.status_code == 429
    assert error.value.response["error"] == "ratelimited"
    assert error.value.response.headers["Retry-After"] == "1"
    assert post("G0IN")["ok"]
    now[0] += 1
    assert post()["ok"]
    with pytest.raises(SlackApiError, match="ratelimited"):
        post()


def test_faults_that_refuse(client: WebClient, server: Server, max_: ActingPerson) -> None:
    server.faults.add(Fault("ratelimited", "chat.*", times=1, retry_after=7))
    server.faults.add(Fault("server_error", "chat.*", times=1))
    for status in (429, 500):
        with pytest.raises(SlackApiError) as error:
            client.chat_postMessage(channel="C0WEST", text="x")
        assert error.value.response.status_code == status
        if status == 429:
            assert error.value.response.headers["Retry-After"] == "7"
    assert max_.messages("C0WEST") == []
    assert client.chat_postMessage(channel="C0WEST", text="x")["ok"]
    notes = [entry["note"] for entry in server.traffic() if entry["kind"] == "api"]
    assert notes == ["fault: ratelimited", "fault: server_error", ""]


@pytest.mark.parametrize(("kind", "arrived"), [("drop_before", 0), ("drop_after", 1)])
def test_faults_that_drop(
    client: WebClient, server: Server, max_: ActingPerson, kind: Any, arrived: int
) -> None:
    server.faults.add(Fault(kind, "chat.postMessage", times=1))
    with pytest.raises((URLError, ConnectionError)):
        client.chat_postMessage(channel="C0WEST", text="x")
    assert len(max_.messages("C0WEST")) == arrived
    calls = [entry for entry in server.traffic() if entry["kind"] == "api"]
    assert calls[-1]["status"] == "dropped"


def test_a_fault_that_delays(server: Server) -> None:
    server.faults.add(Fault("slow", "auth.test", times=1, seconds=0.2))
    hurried = WebClient(BOT_TOKEN, base_url=server.api_url, timeout=0.05, retry_handlers=[])  # type: ignore[arg-type]  # seconds may be a fraction
    with pytest.raises((URLError, TimeoutError)):
        hurried.auth_test()
    assert client_of(server).auth_test()["ok"]


def test_the_record_has_no_tokens_in_it(client: WebClient, server: Server) -> None:
    client.apps_connections_open(app_token=APP_TOKEN)
    raw(server, "GET", f"auth.test?token={BOT_TOKEN}")
    raw(server, "GET", f"users.info?user={BOT_TOKEN}", **BEARER)
    record = json.dumps(server.traffic())
    assert BOT_TOKEN not in record
    assert APP_TOKEN not in record
    assert "ticket=-…" in record.encode().decode("unicode_escape")
