"""Socket Mode, judged by slack_sdk's own client and by a bare WebSocket."""

import asyncio
import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import aiohttp
import pytest
from slack_sdk.socket_mode import SocketModeClient
from slack_sdk.socket_mode.builtin.connection import ConnectionState
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse

from bot.socket import follow_connections, hang_up
from sandbox import Server
from sandbox.faults import Fault
from sandbox.person import ActingPerson
from tests.sandbox.little import APP_TOKEN, Connect, Serve, client_of


@pytest.fixture
def sdk(server: Server) -> Iterator[Callable[[], SocketModeClient]]:
    """Connects slack_sdk's clients; each keeps in `seen` what it was sent, and acknowledges."""
    with ExitStack() as stack:

        def connect() -> SocketModeClient:
            client = SocketModeClient(APP_TOKEN, web_client=client_of(server))
            client.seen = []  # type: ignore[attr-defined]  # for this test

            def receive(client: SocketModeClient, request: SocketModeRequest) -> None:
                client.seen.append(request)  # type: ignore[attr-defined]
                client.send_socket_mode_response(
                    SocketModeResponse(request.envelope_id, payload={"text": "acknowledged"})
                )

            client.socket_mode_request_listeners.append(receive)  # type: ignore[arg-type]
            follow_connections(client)
            client.connect()
            stack.callback(hang_up, client)
            return client

        yield connect


def address(server: Server) -> str:
    """A new address to connect to."""
    url: str = client_of(server).apps_connections_open(app_token=APP_TOKEN)["url"]
    return url


def run(server: Server, script: Callable[[aiohttp.ClientSession], Any]) -> Any:
    """Runs something with bare WebSockets."""

    async def _run() -> Any:
        async with aiohttp.ClientSession() as session:
            return await script(session)

    return asyncio.run(_run())


def test_envelopes_reach_the_sdks_client(
    server: Server, max_: ActingPerson, sdk: Callable[[], Any]
) -> None:
    client = sdk()
    server.wait(lambda: server.connected("A0LITTLE"))
    assert max_.command("C0WEST", "/little x") == {"ok": True}
    assert max_.ephemerals("C0WEST")[0].fallback == "acknowledged"
    max_.say("C0WEST", "hello")
    server.settled()
    command, event = client.seen
    assert (command.type, command.accepts_response_payload) == ("slash_commands", True)
    assert (event.type, event.accepts_response_payload) == ("events_api", False)
    assert (event.retry_attempt, event.retry_reason) == (0, "")


def test_each_envelope_goes_to_one_connection(
    server: Server, max_: ActingPerson, sdk: Callable[[], Any]
) -> None:
    clients = [sdk(), sdk()]
    server.wait(lambda: max_.state()["apps"][0]["connected"])
    server.wait(lambda: sum(e["name"] == "hello" for e in server.traffic()) == 2)
    for n in range(4):
        max_.say("C0WEST", str(n))
    server.settled()
    assert [len(client.seen) for client in clients] == [2, 2]


def test_hanging_up_ends_however_soon_it_comes(server: Server) -> None:
    client = SocketModeClient(APP_TOKEN, web_client=client_of(server))
    follow_connections(client)
    client.connect()
    hang_up(client)
    assert not client.is_connected()
    server.wait(lambda: not server.connected("A0LITTLE"))


def test_a_replaced_flag_neither_deafens_nor_holds(
    server: Server, max_: ActingPerson, sdk: Callable[[], Any]
) -> None:
    client = sdk()
    heard: list[str] = []
    client.on_message_listeners.append(lambda said: heard.append(json.loads(said)["type"]))
    max_.say("C0WEST", "hello")
    server.wait(lambda: "events_api" in heard)
    replaced: Callable[[], ConnectionState] = ConnectionState
    client.current_session_state = replaced()  # as connect() does, a moment too late
    client.connect_to_new_endpoint(force=True)
    server.wait(lambda: "hello" in heard)
    max_.say("C0WEST", "hello again")
    server.wait(lambda: heard.count("events_api") == 2)
    client.current_session_state = replaced()


def test_hello_says_what_it_should(server: Server) -> None:
    async def script(session: aiohttp.ClientSession) -> Any:
        async with session.ws_connect(address(server)) as one:
            await one.receive_json()
            async with session.ws_connect(address(server)) as two:
                return await two.receive_json()

    hello = run(server, script)
    assert (hello["type"], hello["num_connections"]) == ("hello", 2)
    assert hello["connection_info"] == {"app_id": "A0LITTLE"}
    assert set(hello["debug_info"]) == {"host", "build_number", "approximate_connection_time"}


def test_an_address_works_once(server: Server) -> None:
    url = address(server)

    async def script(session: aiohttp.ClientSession) -> list[int]:
        statuses = []
        async with session.ws_connect(url):
            for wrong in (url, url.replace("ticket=", "ticket=0")):
                with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
                    await session.ws_connect(wrong)
                statuses.append(refused.value.status)
        return statuses

    assert run(server, script) == [401, 401]


def test_the_eleventh_connection_is_one_too_many(server: Server) -> None:
    async def script(session: aiohttp.ClientSession) -> Any:
        sockets = [await session.ws_connect(address(server)) for _ in range(11)]
        said = await sockets[10].receive_json()
        ended = await sockets[10].receive()
        for socket in sockets:
            await socket.close()
        return said, ended.type

    said, ended = run(server, script)
    assert (said["type"], said["reason"]) == ("disconnect", "too_many_websockets")
    assert ended is aiohttp.WSMsgType.CLOSE


def test_a_removed_app_is_disconnected(server: Server) -> None:
    async def script(session: aiohttp.ClientSession) -> Any:
        async with session.ws_connect(address(server)) as socket:
            await socket.receive_json()
            late = address(server)
            await asyncio.to_thread(server.revoke, "A0LITTLE")
            reasons = [(await socket.receive_json()).get("reason"), (await socket.receive()).type]
            with pytest.raises(aiohttp.WSServerHandshakeError):
                await session.ws_connect(late)
            return reasons

    assert run(server, script) == ["link_disabled", aiohttp.WSMsgType.CLOSE]


def test_a_refresh_warns_then_closes(start: Serve) -> None:
    server = start(refresh_seconds=0.05)

    async def script(session: aiohttp.ClientSession) -> Any:
        async with session.ws_connect(address(server)) as socket:
            await socket.receive_json()
            await asyncio.to_thread(server.refresh_sockets, "A0LITTLE")
            await asyncio.to_thread(server.refresh_sockets, "A0LITTLE")
            said = [(await socket.receive_json())["reason"] for _ in range(2)]
            return said, (await socket.receive()).type

    said, ended = run(server, script)
    assert said == ["warning", "refresh_requested"]
    assert ended is aiohttp.WSMsgType.CLOSE


def test_a_bolt_app_survives_a_refresh(start: Serve, connect: Connect) -> None:
    server = start(rate_limits=False)
    little = connect(server, "socket")

    @little.bolt.command("/little")
    def answer(ack: Any) -> None:
        ack("still here")

    little.start()
    max_ = server.as_person("U0MAX")
    server.faults.add(Fault("refresh", times=1))
    assert max_.command("C0WEST", "/little") == {"ok": True}
    server.wait(lambda: [e["name"] for e in server.traffic()].count("hello") == 2)
    server.wait(lambda: "closed" in [e["name"] for e in server.traffic()])
    assert max_.command("C0WEST", "/little") == {"ok": True}
    assert [m.fallback for m in max_.ephemerals("C0WEST")] == ["still here"] * 2


def test_a_lost_connection_fails_an_interaction_and_repeats_an_event(start: Serve) -> None:
    server = start(redelivery_delays=(0.0,))
    max_ = server.as_person("U0MAX")

    async def script(session: aiohttp.ClientSession) -> Any:
        async with session.ws_connect(address(server)) as socket:
            await socket.receive_json()
            command = asyncio.create_task(asyncio.to_thread(max_.command, "C0WEST", "/little"))
            await socket.receive_json()
            said = asyncio.create_task(asyncio.to_thread(max_.say, "C0WEST", "x"))
            event = await socket.receive_json()
            await said
        async with session.ws_connect(address(server)) as again:
            await again.receive_json()
            return await command, event

    outcome, event = run(server, script)
    assert outcome == {"ok": False, "error": "dispatch_failed"}
    assert event["type"] == "events_api"
    server.settled()
    statuses = [e["status"] for e in server.traffic() if e["kind"] == "event"]
    assert statuses[0] == "connection_failed"


def test_what_is_no_acknowledgement_is_noted(server: Server) -> None:
    async def script(session: aiohttp.ClientSession) -> None:
        async with session.ws_connect(address(server)) as socket:
            await socket.receive_json()
            await socket.send_str("nonsense")
            await socket.send_str(json.dumps({"envelope_id": "of nothing"}))

    run(server, script)
    server.wait(lambda: "closed" in [e["name"] for e in server.traffic()])
    notes = [e["note"] for e in server.traffic() if e["direction"] == "in" and e["note"]]
    assert notes == ["not an acknowledgement", "too late, or of nothing that was sent"]
