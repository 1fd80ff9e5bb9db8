"""A workspace in a file: what was saved is there again, and goes on."""

import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox import (
    App,
    Channel,
    Clock,
    Person,
    Server,
    Team,
    Workspace,
    load,
    save,
    serve,
)
from sandbox.person import ActingPerson
from sandbox.refused import Refused
from sandbox.saved import Snapshot
from tests.sandbox.doings import BLOCKS, FIELD, MODAL, OFFERED, Doings, Json, again, seen, text_of
from tests.sandbox.little import MANIFEST, START, Connect, client_of, little_workspace
from tests.sandbox.stream import Stream
from tests.sandbox.test_chat import refused
from tests.sandbox.test_files import fetch
from tests.sandbox.test_teams import SOUTH, SOUTH_TOKEN, south

STEPS = st.lists(st.tuples(st.integers(0, 17), st.integers(0, 30)), max_size=40)


@given(STEPS)
@settings(max_examples=60, deadline=None)
def test_all_is_there_again(steps: list[tuple[int, int]]) -> None:
    workspace = little_workspace()
    doings = Doings(workspace)
    for which, n in steps:
        doings.all[which](n)
    loaded = again(workspace, Clock(START, frozen=True))
    assert text_of(loaded) == text_of(workspace)
    assert seen(loaded) == seen(workspace)
    assert loaded.new_id("X") == workspace.new_id("X")
    assert loaded.stamp() == workspace.stamp()


def test_business_time_goes_on() -> None:
    workspace = little_workspace()
    later = START + timedelta(days=3)
    assert again(workspace).clock.now() >= START
    assert again(workspace).clock.ticking
    assert again(workspace, Clock(START - timedelta(1), frozen=True)).clock.now() == START
    assert again(workspace, Clock(later, frozen=True)).clock.now() == later


def test_the_file_can_be_read() -> None:
    workspace = little_workspace()
    Doings(workspace).drop(2)
    text = text_of(workspace)
    assert (text["format"], text["now"]) == (1, START.isoformat())
    assert text["team"] == {"id": "T0NORTH", "name": "Northwind", "domain": "northwind"}
    (channel,) = [c for c in text["channels"] if c.get("messages")]
    (message,) = channel["messages"]
    (file,) = text["files"]
    assert message["files"] == [file["id"]]
    assert "blocks" not in message  # it has its default


def test_what_happens_while_it_is_written_is_not_in_it() -> None:
    workspace = little_workspace()
    Doings(workspace).drop(3)
    (file,) = workspace.files.all()
    kept = io.BytesIO()
    with Snapshot(workspace) as snapshot:
        workspace.delete_file(file)
        snapshot.write(kept)
    loaded = load(kept)
    (again,) = loaded.files.all()
    assert again.path.read_bytes() == b"a,b\n" * 3


def test_a_deleted_file_is_there_again(server: Server, max_: ActingPerson, tmp_path: Path) -> None:
    file = max_.drop("C0WEST", "a.txt", b"abc").files[0]
    server.save(tmp_path / "kept.zip")
    server.request("DELETE", "/sandbox/file", **{"as": "U0MAX", "id": file["id"]})
    server.load(tmp_path / "kept.zip")
    assert max_.download(file["id"]) == b"abc"


# Going on


def test_an_app_goes_on_after_a_restart(connect: Connect, tmp_path: Path) -> None:
    """Posts, is clicked on and gets a form that was half filled in when it was saved."""
    kept = tmp_path / "north.zip"
    workspace = little_workspace()
    with serve(workspace, rate_limits=False) as first:
        client = client_of(first)
        client.chat_postMessage(channel="C0WEST", text="Go?", blocks=BLOCKS)
        client.files_upload_v2(channel="C0WEST", content="a,b", filename="a.csv")
        modal = {**MODAL, "blocks": [FIELD, OFFERED]}
        view = workspace.open_modal(workspace.apps[0], "U0MAX", modal)
        option = {"text": {"type": "plain_text", "text": "Nexus"}, "value": "n"}
        view.entered |= {"why": "because", "deal": option}
        first.save(kept)
    with serve(load(kept), rate_limits=False) as second:
        little = connect(second, "socket")
        clicks: list[Json] = []

        @little.bolt.action("go")
        def clicked(ack: Any, body: Json, respond: Any) -> None:
            ack()
            clicks.append(body)
            respond(text="Gone", replace_original=True)

        @little.bolt.view("form")
        def submitted(ack: Any, view: Json) -> None:
            ack()
            clicks.append(view["state"]["values"])

        little.start()
        max_ = second.as_person("U0MAX")
        max_.click(max_.messages("C0WEST")[0], "Go")
        second.wait(lambda: max_.messages("C0WEST")[0].text == "Gone")
        file = max_.messages("C0WEST")[1].files[0]
        assert fetch(file["url_private"])[1] == b"a,b"
        assert file["url_private"].startswith(second.url)
        assert max_.submit(deal="n")["ok"]  # the page says all that its fields hold
        assert clicks[1]["why"]["it"]["value"] == "because"
        assert clicks[1]["deal"]["it"]["selected_option"] == option
        before = {m.ts for m in max_.messages("C0WEST")}
        ts = client_of(second).chat_postMessage(channel="C0WEST", text="On")["ts"]
        assert ts > max(before)


@pytest.mark.parametrize("transport", ["socket", "http"])
def test_a_running_workspace_is_replaced(
    live: tuple[Server, Stream, Stream], connect: Connect, transport: str, tmp_path: Path
) -> None:
    server, stream, _ = live
    little, heard = connect(server, transport), list[str]()
    little.bolt.event("message")(lambda event: heard.append(event["text"]))
    little.start()
    max_ = server.as_person("U0MAX")
    max_.say("C0WEST", "kept")
    server.save(tmp_path / "kept.zip")
    moment = server.clock.now()
    max_.say("C0WEST", "lost")
    max_.command("C0WEST", "/nothing")
    server.clock.advance(timedelta(hours=1))
    server.load(tmp_path / "kept.zip")
    stream.wait_for("replaced")
    assert [m.text for m in max_.messages("C0WEST")] == ["kept"]
    assert max_.notices() == []
    assert server.clock.now() == moment + timedelta(hours=1)
    assert server.connected("A0LITTLE")
    max_.say("C0WEST", "after")
    server.wait(lambda: heard == ["kept", "lost", "after"])
    assert little.client.chat_postMessage(channel="C0WEST", text="me too")["ok"]


def test_an_installed_app_keeps_its_tokens(server: Server, tmp_path: Path) -> None:
    """A demo that starts anew gives its bot new ones; what it once saved is still welcome."""
    old = little_workspace()
    old.apps[0].bot_token, old.apps[0].request_url = "xoxb-old", "http://127.0.0.1:9/gone"
    save(old, tmp_path / "old.zip")
    server.load(tmp_path / "old.zip")
    assert client_of(server).auth_test()["ok"]
    assert not server.connected("A0LITTLE")  # by Socket Mode, not at the address of then


def test_other_apps_come_and_go_with_the_save(server: Server, tmp_path: Path) -> None:
    other = App("A0OTHER", MANIFEST, "U0OTHER", "xoxb-2-other", "xapp-2-other", "secret")
    people = [Person("U0MAX", "max")]
    channels = [Channel("C0ONE", "one", members=["U0MAX", "U0OTHER"])]
    save(Workspace(Team("T0NORTH", "Northwind"), people, channels, [other]), tmp_path / "a.zip")
    server.load(tmp_path / "a.zip")
    state = server.as_person("U0MAX").state()
    assert [app["id"] for app in state["apps"]] == ["A0OTHER"]
    assert refused(client_of(server).auth_test)["error"] == "invalid_auth"
    client_of(server, "xoxb-2-other").chat_postMessage(channel="C0ONE", text="Here")
    with pytest.raises(Refused, match="user_not_found"):
        server.as_person("U0LENA").state()


def test_of_two_workspaces_one_is_loaded(tmp_path: Path) -> None:
    with serve([little_workspace(), south()], rate_limits=False) as both:
        max_, ana = both.as_person("U0MAX"), both.as_person("U1ANA", SOUTH)
        ana.drop("C1SUR", "a.txt", b"abc", "kept")
        max_.say("C0WEST", "north")
        both.save(tmp_path / "south.zip", SOUTH)
        ana.say("C1SUR", "lost")
        with pytest.raises(Refused, match="invalid_save") as refused:
            both.load(tmp_path / "south.zip")
        assert "of team T0SOUTH (Southwind), not of T0NORTH" in refused.value.messages[0]
        both.load(tmp_path / "south.zip", SOUTH)
        (message,) = ana.messages("C1SUR")
        assert fetch(message.files[0]["url_private"], SOUTH_TOKEN)[1] == b"abc"
        assert message.files[0]["url_private"].startswith(f"{both.url}/{SOUTH}/")
        assert [m.text for m in max_.messages("C0WEST")] == ["north"]
