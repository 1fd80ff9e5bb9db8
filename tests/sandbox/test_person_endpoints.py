"""What a person's page is told and may do, and how the workspace is run."""

import asyncio
import socket
from http.client import HTTPConnection
from typing import Any

import pytest
from slack_sdk import WebClient

from sandbox import Server, serve
from sandbox.person import ActingPerson, NotThere
from sandbox.refused import Refused
from tests.sandbox.little import (
    APP_TOKEN,
    Connect,
    Serve,
    client_of,
    little_workspace,
    manifest_with,
)
from tests.sandbox.test_interactions import BLOCKS

HOST = "127.0.0.1"
AT = {"block_id": "row", "action_id": "press"}


def call(
    server: Server, verb: str, path: str, body: str | None = None, **headers: str
) -> tuple[int, dict[str, str], str]:
    """A request without any client: status, headers, text."""
    connection = HTTPConnection(server.url.removeprefix("http://"))
    try:
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(verb, path, body, names)
        response = connection.getresponse()
        return response.status, dict(response.getheaders()), response.read().decode()
    finally:
        connection.close()


def test_the_state_of_a_screen(server: Server, max_: ActingPerson, client: WebClient) -> None:
    client.chat_postMessage(channel="C0WEST", text="x")
    state = max_.state()
    assert state["team"] == {"id": "T0NORTH", "name": "Northwind", "domain": "northwind"}
    assert state["me"]["id"] == "U0MAX"
    assert "USLACKBOT" not in [person["id"] for person in state["people"]]
    channels = {each["id"]: each for each in state["channels"]}
    assert set(channels) == {"C0WEST", "C0EAST", "C0OLD", "G0IN", "G0OUT"}
    west = channels["C0WEST"]
    assert (west["kind"], west["unread"], west["is_member"]) == ("channel", 1, True)
    assert channels["C0OLD"]["archived"] is True
    (app,) = state["apps"]
    assert (app["id"], app["bot_user_id"], app["connected"]) == ("A0LITTLE", "U0BOT", False)
    assert app["commands"] == [
        {"command": "/little", "description": "Does a little", "usage_hint": ""}
    ]
    assert [s["callback_id"] for s in app["shortcuts"]] == ["g", "m"]
    assert state["modals"] == []
    assert state["homes"] == {"A0LITTLE": None}
    assert set(state["clock"]) == {"now", "ticking", "marks"}
    max_.read("C0WEST")
    assert max_.unread("C0WEST") == 0


def test_a_direct_message_names_the_other(max_: ActingPerson, lena: ActingPerson) -> None:
    dm = max_.dm_with("U0LENA")
    assert dm == lena.dm_with("U0MAX")
    mine = {c["id"]: c["person"] for c in max_.state()["channels"]}
    assert mine[dm] == "U0LENA"
    max_.say(dm, "psst")
    assert lena.unread(dm) == 1


def test_pages_are_told_live(live: Any) -> None:
    server, his, hers = live
    max_ = server.as_person("U0MAX")
    client = client_of(server)
    assert his.type == "text/event-stream"
    ts = max_.say("C0WEST", "one")
    max_.say("C0WEST", "two", thread_ts=ts)
    max_.say("C0EAST", "not for her")
    posted = client.chat_postMessage(channel="C0WEST", text="x")["ts"]
    client.chat_update(channel="C0WEST", ts=posted, text="y")
    client.chat_delete(channel="C0WEST", ts=posted)
    client.chat_postEphemeral(channel="C0WEST", user="U0MAX", text="psst")
    home = {"type": "home", "blocks": [{"type": "divider"}]}
    client.views_publish(user_id="U0MAX", view=home)
    max_.command("C0WEST", "/nothing")
    max_.read("C0WEST")
    server.request("POST", "/sandbox/person", {"id": "U0LENA", "title": "Rep"})
    server.request("POST", "/sandbox/channel", {"id": "C0EAST", "archived": True})
    server.request("POST", "/sandbox/clock", {"seconds": 60})
    his.wait_for("clock")
    hers.wait_for("clock")

    assert [n["message"]["text"] for n in his.of("message")] == ["one", "two", "not for her", "x"]
    assert {n["channel"] for n in his.of("message")} == {"C0WEST", "C0EAST"}
    assert [n["message"]["text"] for n in hers.of("message")] == ["one", "two", "x"]
    changed = his.of("message_changed")
    assert changed[0]["message"]["reply_count"] == 1
    assert changed[1]["message"]["text"] == "y"
    assert [n["message"]["ts"] for n in his.of("message_deleted")] == [posted]
    assert his.of("ephemeral")[0]["message"]["is_ephemeral"] is True
    assert hers.of("ephemeral", "home", "notice") == []
    assert his.of("home")[0]["app_id"] == "A0LITTLE"
    assert "not a valid command" in his.of("notice")[0]["text"]
    assert his.of("people")[0]["people"][1]["title"] == "Rep"
    last = {c["id"]: c for c in his.of("channels")[-1]["channels"]}
    assert last["C0EAST"]["archived"] is True
    assert last["C0WEST"]["unread"] == 0
    assert his.of("traffic")[0]["entry"]["name"] == "message"


@pytest.mark.parametrize(
    ("path", "body", "error"),
    [
        ("message", {"as": "U0NONE", "channel": "C0WEST", "text": "x"}, "user_not_found"),
        ("message", {"as": "U0BOT", "channel": "C0WEST", "text": "x"}, "user_not_found"),
        ("message", {"as": "U0GONE", "channel": "C0WEST", "text": "x"}, "user_not_found"),
        ("message", {"as": "U0MAX", "channel": "C0NONE", "text": "x"}, "channel_not_found"),
        ("message", {"as": "U0LENA", "channel": "G0IN", "text": "x"}, "channel_not_found"),
        ("message", {"as": "U0LENA", "channel": "C0EAST", "text": "x"}, "not_in_channel"),
        ("message", {"as": "U0MAX", "channel": "C0OLD", "text": "x"}, "is_archived"),
        ("message", {"as": "U0MAX", "channel": "C0WEST", "text": " "}, "no_text"),
        ("message", {"as": "U0MAX", "channel": "C0WEST", "text": 1}, "invalid_arguments"),
        (
            "message",
            {"as": "U0MAX", "channel": "C0WEST", "text": "x", "thread_ts": "1.2"},
            "thread_not_found",
        ),
        ("click", {"as": "U0MAX", "channel": "C0WEST", "ts": "1.2", **AT}, "message_not_found"),
        ("click", {"as": "U0MAX", "view_id": "V0", **AT}, "view_not_found"),
        ("submit", {"as": "U0MAX", "view_id": "V0"}, "view_not_found"),
        ("close", {"as": "U0MAX", "view_id": "V0"}, "view_not_found"),
        ("home", {"as": "U0MAX", "app_id": "A0NONE"}, "app_not_found"),
        ("shortcut", {"as": "U0MAX", "app_id": "A0NONE", "callback_id": "x"}, "app_not_found"),
        ("open_dm", {"as": "U0MAX", "with": "U0NONE"}, "user_not_found"),
        ("person", {"id": 1}, "invalid_arguments"),
        ("person", {"id": "U0MAX", "tz": "Nowhere/City"}, "invalid_arguments"),
        ("person", {"id": "U0MAX", "shoe_size": 44}, "invalid_arguments"),
        ("person", {"id": "U0MAX", "deleted": "yes"}, "invalid_arguments"),
        ("person", {"id": "U0NEW"}, "invalid_arguments"),
        ("channel", {"id": "C0NEW"}, "channel_not_found"),
        ("channel", {"id": "C0NEW", "name": "new", "kind": "im"}, "invalid_arguments"),
        ("channel", {"id": "C0WEST", "members": ["U0NONE"]}, "user_not_found"),
        ("channel", {"id": "C0WEST", "members": "U0MAX"}, "invalid_arguments"),
        ("app", {"id": "A0NONE"}, "app_not_found"),
        ("app", {"id": "A0LITTLE", "request_url": 1}, "invalid_arguments"),
        ("faults", {"kind": "earthquake"}, "invalid_fault"),
    ],
)  # fmt: skip
def test_what_cannot_be_done(server: Server, path: str, body: dict[str, Any], error: str) -> None:
    with pytest.raises(Refused) as refused:
        server.request("POST", f"/sandbox/{path}", body)
    assert refused.value.error == error


def test_faults_are_switched_by_endpoint(server: Server) -> None:
    fault = {"kind": "slow", "method": "chat.*", "seconds": 1.5, "times": 2}
    added = server.request("POST", "/sandbox/faults", fault)
    server.request("POST", "/sandbox/faults", {"kind": "refresh"})
    (slow, _) = server.request("GET", "/sandbox/faults")["faults"]
    assert (slow["id"], slow["left"], slow["seconds"]) == (added["id"], 2, 1.5)
    server.request("DELETE", "/sandbox/faults", id=str(added["id"]))
    assert [f["kind"] for f in server.request("GET", "/sandbox/faults")["faults"]] == ["refresh"]
    with pytest.raises(Refused, match="fault_not_found"):
        server.request("DELETE", "/sandbox/faults", id="99")
    server.request("DELETE", "/sandbox/faults")
    assert server.request("GET", "/sandbox/faults")["faults"] == []


def test_the_record_is_read_from_where_one_is(server: Server, client: WebClient) -> None:
    client.auth_test()
    client.team_info()
    first, second = server.traffic()
    assert (first["direction"], first["kind"], first["name"]) == ("in", "api", "auth.test")
    assert (first["app_id"], first["status"]) == ("A0LITTLE", "200")
    assert first["response"]["user_id"] == "U0BOT"
    assert server.traffic(first["n"]) == [second]
    with pytest.raises(Refused):
        server.request("GET", "/sandbox/traffic", since="x")


def test_strangers_are_kept_out(server: Server, max_: ActingPerson) -> None:
    own, body = server.url, '{"as": "U0MAX", "channel": "C0WEST", "text": "x"}'
    kind = "application/json"

    def post(path: str = "/sandbox/message", **headers: str) -> int:
        return call(server, "POST", path, body, **{"Content_Type": kind, **headers})[0]

    assert post(Host="evil.test") == 403
    assert post(Host="evil.test:80") == 403
    assert post(Host="127.0.0.1.evil.test") == 403
    assert post(Origin="http://evil.test") == 403
    assert post(Origin="null") == 403
    assert post("/api/chat.postMessage", Origin="http://evil.test") == 403
    assert post(Content_Type="text/plain") == 400
    assert call(server, "GET", "/sandbox/state?as=U0MAX", Origin="http://evil.test")[0] == 403
    assert call(server, "GET", "/", Host="evil.test")[0] == 403
    assert max_.messages("C0WEST") == []
    assert post(Origin=own) == 200
    assert post(Host=f"localhost:{own.rpartition(':')[2]}") == 200
    for broken in ("[]", "{"):
        status, headers, _ = call(server, "POST", "/sandbox/message", broken, Content_Type=kind)
        assert status == 400
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'self'" in headers["Content-Security-Policy"]


def test_permalinks_and_faces(server: Server) -> None:
    status, headers, _ = call(server, "GET", "/archives/C0WEST/p1795532400000100?thread_ts=1.2")
    assert (status, headers["Location"]) == (
        302,
        "/?channel=C0WEST&ts=1795532400.000100&thread_ts=1.2",
    )
    status, headers, drawn = call(server, "GET", "/avatars/U0MAX-48.svg")
    assert (status, headers["Content-Type"]) == (200, "image/svg+xml; charset=utf-8")
    assert ">MW</text>" in drawn
    assert call(server, "GET", "/avatars/U0NONE-48.svg")[0] == 404


def test_the_page_is_served(server: Server) -> None:
    status, headers, page = call(server, "GET", "/")
    assert (status, headers["Cache-Control"]) == (200, "no-cache")
    assert "<html" in page.lower()


def test_a_taken_port_is_said_so() -> None:
    with socket.create_server((HOST, 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(OSError), serve(little_workspace(), port):
            pass


def test_what_is_not_there_cannot_be_used(client: WebClient, max_: ActingPerson) -> None:
    client.chat_postMessage(channel="C0WEST", text="x")
    with pytest.raises(NotThere, match="nothing"):
        max_.click(max_.messages("C0WEST")[0], "Press")
    with pytest.raises(NotThere, match="no modal"):
        max_.submit()
    with pytest.raises(TimeoutError):
        max_.wait_for(lambda: None, 0.01)


def test_an_app_may_not_want_to_be_written_to(start: Serve) -> None:
    read_only = {"messages_tab_enabled": True, "messages_tab_read_only_enabled": True}
    max_ = start(manifest_with(app_home=read_only)).as_person("U0MAX")
    with pytest.raises(Refused, match="messages_tab_disabled"):
        max_.say(max_.dm_with("U0BOT"), "hello")


def test_a_deleted_parent_becomes_a_stone_live(live: Any) -> None:
    server, his, _ = live
    client = client_of(server)
    parent = client.chat_postMessage(channel="C0WEST", text="parent")["ts"]
    client.chat_postMessage(channel="C0WEST", text="reply", thread_ts=parent)
    client.chat_delete(channel="C0WEST", ts=parent)
    his.wait_for("message_changed", 2)
    assert his.of("message_changed")[-1]["message"]["subtype"] == "tombstone"
    assert his.of("message_deleted") == []


def test_ephemeral_messages_and_modals_change_live(live: Any, connect: Connect) -> None:
    server, his, hers = live
    little = connect(server, "http")
    little.bolt.command("/little")(lambda ack: ack(text="x", blocks=BLOCKS))

    @little.bolt.action("press")
    def press(ack: Any, respond: Any, client: Any, body: dict[str, Any]) -> None:
        ack()
        respond(text="changed", replace_original=True)
        respond(delete_original=True)
        title = {"type": "plain_text", "text": "Hi"}
        view = {"type": "modal", "title": title, "blocks": [{"type": "divider"}]}
        client.views_open(trigger_id=body["trigger_id"], view=view)

    little.start()
    max_ = server.as_person("U0MAX")
    max_.command("C0WEST", "/little")
    max_.click(max_.ephemerals("C0WEST")[0], "press")
    his.wait_for("modals")
    assert his.of("ephemeral")[0]["message"]["is_ephemeral"] is True
    assert his.of("message_changed")[0]["message"]["text"] == "changed"
    assert len(his.of("message_deleted")) == 1
    assert his.of("modals")[0]["modals"][0]["view"]["title"]["text"] == "Hi"
    assert his.of("apps")[-1]["apps"][0]["connected"] is True
    dm = max_.dm_with("U0LENA")
    max_.say("C0WEST", "for both")
    hers.wait_for("message")
    assert dm in [c["id"] for c in hers.of("channels")[0]["channels"]]
    assert hers.of("ephemeral", "message_changed", "message_deleted", "modals") == []


def test_it_runs_in_ones_own_loop_and_again() -> None:
    workspace = little_workspace()

    async def run() -> list[Any]:
        server = Server(workspace)
        await server.start()
        try:
            max_ = server.as_person("U0MAX")
            await asyncio.to_thread(max_.say, "C0WEST", "hello")
            return await asyncio.to_thread(max_.messages, "C0WEST")
        finally:
            await server.stop()

    assert len(asyncio.run(run())) == 1
    assert len(asyncio.run(run())) == 2


def test_a_server_ends_with_connections_open() -> None:
    with serve(little_workspace()) as server:
        client = client_of(server)
        client.apps_connections_open(app_token=APP_TOKEN)
        server.as_person("U0MAX").say("C0WEST", "nobody is told")
    with pytest.raises(ConnectionError):
        server.as_person("U0MAX").state()
