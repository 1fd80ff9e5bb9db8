"""Several workspaces and apps in one server, judged by one Bolt app for all of them."""

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any
from urllib.request import urlopen

import pytest
from slack_bolt import App as Bolt
from slack_bolt.authorization import AuthorizeResult

from bot.socket import Socket
from sandbox import App, Channel, Person, Server, Team, Workspace, serve
from sandbox.refused import Refused
from tests.sandbox.little import (
    APP_TOKEN,
    BOT_TOKEN,
    MANIFEST,
    SECRET,
    bolt_over_http,
    client_of,
    little_workspace,
)
from tests.sandbox.stream import Stream
from tests.sandbox.test_chat import refused
from tests.sandbox.test_files import fetch

SOUTH_TOKEN = "xoxb-2-little"
OTHER_TOKEN = "xoxb-2-other"
SOUTH = "T0SOUTH"


def south() -> Workspace:
    """A second workspace, with the little app and another one."""
    return Workspace(
        team=Team(SOUTH, "Southwind", domain="southwind"),
        people=[Person("U1ANA", "ana")],
        channels=[Channel("C1SUR", "sur", members=["U1ANA", "U1BOT", "U1OTHER"])],
        apps=[
            App("A0LITTLE", MANIFEST, "U1BOT", SOUTH_TOKEN, APP_TOKEN, SECRET, bot_id="B1LITTLE"),
            App("A0OTHER", MANIFEST, "U1OTHER", OTHER_TOKEN, "xapp-2-other", "another-secret"),
        ],
    )


@pytest.fixture
def both() -> Iterator[Server]:
    with serve([little_workspace(), south()], rate_limits=False) as server:
        yield server


def authorize(team_id: str) -> AuthorizeResult:
    north = team_id == "T0NORTH"
    return AuthorizeResult(
        enterprise_id=None,
        team_id=team_id,
        bot_token=BOT_TOKEN if north else SOUTH_TOKEN,
        bot_id="B0LITTLE" if north else "B1LITTLE",
        bot_user_id="U0BOT" if north else "U1BOT",
    )


@pytest.mark.parametrize("transport", ["socket", "http"])
def test_one_app_serves_both(both: Server, transport: str) -> None:
    client = client_of(both, None)
    bolt = Bolt(
        client=client, signing_secret=SECRET, authorize=authorize, process_before_response=True
    )

    @bolt.event("message")
    def heard(say: Any, context: Any) -> None:
        say(f"heard in {context.team_id}")

    @bolt.command("/little")
    def did(ack: Any, body: dict[str, Any]) -> None:
        ack(f"{body['team_id']} {body['team_domain']}")

    with ExitStack() as stack:
        if transport == "socket":
            socket = Socket(bolt, APP_TOKEN, both.api_url)
            stack.callback(socket.stop)
            socket.start()
            both.wait(lambda: both.connected("A0LITTLE"))
        else:
            both.set_request_url("A0LITTLE", stack.enter_context(bolt_over_http(bolt)))
        max_, ana = both.as_person("U0MAX"), both.as_person("U1ANA", SOUTH)
        max_.say("C0WEST", "hello")
        ana.say("C1SUR", "hola")
        both.wait(lambda: len(max_.messages("C0WEST")) == len(ana.messages("C1SUR")) == 2)
        assert max_.messages("C0WEST")[1].text == "heard in T0NORTH"
        answer = ana.messages("C1SUR")[1]
        assert (answer.text, answer.user) == ("heard in T0SOUTH", "U1BOT")
        ana.command("C1SUR", "/little")
        assert ana.ephemerals("C1SUR")[0].text == "T0SOUTH southwind"
        assert ana.state()["apps"][0]["connected"] is True


def test_each_token_is_for_its_workspace(both: Server) -> None:
    north, southern = client_of(both), client_of(both, SOUTH_TOKEN)
    assert north.team_info()["team"]["name"] == "Northwind"
    assert southern.team_info()["team"]["name"] == "Southwind"
    me = southern.auth_test()
    assert (me["team_id"], me["user_id"], me["bot_id"]) == (SOUTH, "U1BOT", "B1LITTLE")
    assert me["url"] == f"{both.url}/{SOUTH}/"
    assert refused(southern.chat_postMessage, channel="C0WEST", text="x")["error"] == (
        "channel_not_found"
    )
    other = client_of(both, OTHER_TOKEN)
    ts = southern.chat_postMessage(channel="C1SUR", text="x")["ts"]
    answer = refused(other.chat_update, channel="C1SUR", ts=ts, text="y")
    assert answer["error"] == "cant_update_message"
    assert {e["name"] for e in both.traffic(team=SOUTH) if e["kind"] == "api"} == {
        "team.info",
        "auth.test",
        "chat.postMessage",
        "chat.update",
    }
    assert {e["name"] for e in both.traffic()} == {"team.info"}


def test_addresses_lead_into_their_workspace(both: Server) -> None:
    client = client_of(both, SOUTH_TOKEN)
    ana = both.as_person("U1ANA", SOUTH)
    file = ana.drop("C1SUR", "a.txt", b"abc").files[0]
    assert fetch(file["url_private"], SOUTH_TOKEN)[1] == b"abc"
    assert fetch(file["url_private"], BOT_TOKEN)[0].startswith(f"{both.url}/{SOUTH}/signin")
    assert ana.download(file) == b"abc"
    client.files_upload_v2(channel="C1SUR", content="x", filename="x.txt")
    message = ana.messages("C1SUR")[0]
    link = client.chat_getPermalink(channel="C1SUR", message_ts=message.ts)["permalink"]
    with urlopen(link) as response:
        assert response.url == (f"{both.url}/?team={SOUTH}&channel=C1SUR&ts={message.ts}")
    with urlopen(client.users_info(user="U1ANA")["user"]["profile"]["image_48"]) as face:
        assert b"svg" in face.read()


def test_what_a_screen_sees(both: Server) -> None:
    state = both.as_person("U1ANA", SOUTH).state()
    assert state["team"]["id"] == SOUTH
    assert [team["id"] for team in state["teams"]] == ["T0NORTH", SOUTH]
    assert [app["id"] for app in state["apps"]] == ["A0LITTLE", "A0OTHER"]
    with pytest.raises(Refused, match="user_not_found"):
        both.as_person("U1ANA").state()
    with pytest.raises(Refused, match="team_not_found"):
        both.as_person("U1ANA", "T0NONE").state()


def test_an_app_is_removed_from_one_only(both: Server) -> None:
    both.request("POST", "/sandbox/app", {"id": "A0LITTLE", "revoked": True}, team=SOUTH)
    assert refused(client_of(both, SOUTH_TOKEN).auth_test)["error"] == "token_revoked"
    assert client_of(both).auth_test()["ok"] is True
    assert client_of(both, APP_TOKEN).apps_connections_open(app_token=APP_TOKEN)["ok"] is True


def test_a_page_is_told_of_its_workspace_only() -> None:
    with serve([little_workspace(), south()], rate_limits=False) as server:
        stream = Stream(server, f"U1ANA&team={SOUTH}")
        server.as_person("U0MAX").say("C0WEST", "not hers")
        server.as_person("U1ANA", SOUTH).say("C1SUR", "hers")
        stream.wait_for("message")
    assert [news["message"]["text"] for news in stream.of("message")] == ["hers"]
    stream.close()


def test_workspaces_must_differ() -> None:
    with pytest.raises(ValueError, match="team id"):
        Server([little_workspace(), little_workspace()])
    with pytest.raises(ValueError, match="team id"):
        Server([])
