"""A workspace in a file: what was saved is there again, and goes on."""

import io
import json
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox import (
    App,
    BadSave,
    Channel,
    Clock,
    Person,
    Server,
    Team,
    Workspace,
    load,
    save,
    screens,
    serve,
)
from sandbox.person import ActingPerson
from sandbox.refused import Refused
from sandbox.saved import Snapshot
from tests.sandbox.little import MANIFEST, START, Connect, client_of, little_workspace
from tests.sandbox.stream import Stream
from tests.sandbox.test_chat import refused
from tests.sandbox.test_files import fetch
from tests.sandbox.test_teams import SOUTH, SOUTH_TOKEN, south

Json = dict[str, Any]

BUTTON: Json = {"type": "button", "action_id": "go", "text": {"type": "plain_text", "text": "Go"}}
BLOCKS: list[Json] = [{"type": "actions", "block_id": "b", "elements": [BUTTON]}]
FIELD: Json = {
    "type": "input",
    "block_id": "why",
    "label": {"type": "plain_text", "text": "Why"},
    "element": {"type": "plain_text_input", "action_id": "it"},
}
OFFERED: Json = {
    "type": "input",
    "block_id": "deal",
    "label": {"type": "plain_text", "text": "Deal"},
    "element": {"type": "external_select", "action_id": "it", "min_query_length": 0},
}
MODAL: Json = {
    "type": "modal",
    "callback_id": "form",
    "title": {"type": "plain_text", "text": "A form"},
    "submit": {"type": "plain_text", "text": "Save"},
    "blocks": [FIELD],
}
HOME: Json = {"type": "home", "blocks": BLOCKS}


def again(workspace: Workspace, clock: Clock | None = None) -> Workspace:
    """The workspace, saved and loaded."""
    kept = io.BytesIO()
    save(workspace, kept)
    return load(kept, clock)


def text_of(workspace: Workspace) -> Json:
    """What is written of it."""
    kept = io.BytesIO()
    save(workspace, kept)
    with zipfile.ZipFile(kept) as archive:
        read: Json = json.loads(archive.read("workspace.json"))
    return read


def seen(workspace: Workspace) -> Json:
    """All that screens show of it to everybody, and what apps are told of it."""
    team, url, now = workspace.team, workspace.url, workspace.clock.now()
    everybody = [*workspace.people]
    channels = workspace.channels.values()
    return {
        "people": screens.people(workspace),
        "users": [p.as_slack(team, url, at=now, email=True) for p in workspace.people.values()],
        "unread": screens.unread(workspace),
        "channels": {user: screens.channels(workspace, user) for user in everybody},
        "conversations": [c.as_slack(team, user) for c in channels for user in everybody],
        "messages": [
            screens.messages(workspace, channel, user, thread)
            for channel in channels
            for user in everybody
            for thread in (None, *(m.ts for m in channel.messages))
        ],
        "history": [c.shown(m, team, url, metadata=True) for c in channels for m in c.messages],
        "modals": {user: screens.modals(workspace, user) for user in everybody},
        "homes": [
            screens.home(workspace, workspace.views.home(app, user))
            for app in workspace.apps
            for user in everybody
        ],
        "files": [(f.as_slack(team, url), f.content()) for f in workspace.files.ever()],
        "bytes": [f.path.read_bytes() for f in workspace.files.all()],
        "apps": workspace.apps,
    }


class Doings:
    """What can happen in a workspace, by numbers that choose among what is there."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.app = workspace.apps[0]
        self.all: list[Callable[[int], None]] = [
            self.say,
            self.post,
            self.reply,
            self.whisper,
            self.edit,
            self.delete,
            self.react,
            self.pin,
            self.read,
            self.drop,
            self.delete_file,
            self.open,
            self.push,
            self.fill,
            self.publish,
            self.change,
            self.talk,
            self.move,
        ]

    def channel(self, n: int) -> Channel:
        channels = [*self.workspace.channels.values()]
        return channels[n % len(channels)]

    def user(self, n: int) -> str:
        return ("U0MAX", "U0LENA")[n % 2]

    def say(self, n: int) -> None:
        self.workspace.post(self.channel(n), self.user(n), f"said *{n}*", client_msg_id=f"M{n}")

    def post(self, n: int) -> None:
        told = {"event_type": "e", "event_payload": {"n": n}}
        self.workspace.post(
            self.channel(n), "U0BOT", f"posted {n}", blocks=BLOCKS, app=self.app, metadata=told
        )

    def reply(self, n: int) -> None:
        channel = self.channel(n)
        for parent in [m for m in channel.messages if not m.is_reply][-1:]:
            self.workspace.post(
                channel, self.user(n), "a reply", thread_ts=parent.ts, broadcast=n % 3 == 0
            )

    def whisper(self, n: int) -> None:
        self.workspace.whisper(self.channel(n), self.user(n), self.app, f"only {n}", blocks=BLOCKS)

    def edit(self, n: int) -> None:
        for message in self.channel(n).messages[-1:]:
            self.workspace.edit(self.channel(n), message, message.user, text=f"edited {n}")

    def delete(self, n: int) -> None:
        channel = self.channel(n)
        for message in channel.messages[n % 3 :][:1]:
            if message.subtype != "tombstone":
                self.workspace.delete(channel, message)

    def react(self, n: int) -> None:
        for message in self.channel(n).messages[-1:]:
            if self.user(n) not in message.reactions.get("tada", ()):
                self.workspace.react(self.channel(n), message, self.user(n), "tada")

    def pin(self, n: int) -> None:
        for message in self.channel(n).messages[:1]:
            self.workspace.pin(self.channel(n), message, self.user(n))

    def read(self, n: int) -> None:
        self.workspace.mark_read(self.channel(n), self.user(n))

    def drop(self, n: int) -> None:
        files = self.workspace.files
        with files.sink() as sink:
            sink.write(b"a,b\n" * n)
        file = files.new(self.user(n), f"deals {n}.csv", sink, n)
        self.workspace.post(self.channel(n), self.user(n), "", files=[file])

    def delete_file(self, n: int) -> None:
        for file in self.workspace.files.all()[: n % 2]:
            self.workspace.delete_file(file)

    def open(self, n: int) -> None:
        self.workspace.open_modal(self.app, self.user(n), MODAL)

    def push(self, n: int) -> None:
        if 0 < len(self.workspace.views.stack(self.user(n))) < 3:
            self.workspace.push_modal(self.app, self.user(n), MODAL)

    def fill(self, n: int) -> None:
        for view in self.workspace.views.stack(self.user(n))[-1:]:
            view.entered["why"] = f"because {n}"
            view.errors = {"why": "Say more."} if n % 2 else {}

    def publish(self, n: int) -> None:
        self.workspace.publish_home(self.app, self.user(n), HOME)

    def change(self, n: int) -> None:
        person = self.workspace.people[self.user(n)]
        self.workspace.change_person(person, title=f"No. {n}", status_text="away")

    def talk(self, n: int) -> None:
        self.workspace.im(self.user(n), ("U0BOT", self.user(n + 1))[n % 3 == 0])

    def move(self, n: int) -> None:
        self.workspace.clock.advance(timedelta(seconds=n))


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


# What is no save


def broken(**changed: Any) -> io.BytesIO:
    """A saved workspace of which something was changed."""
    workspace = little_workspace()
    doings = Doings(workspace)
    for doing in (doings.post, doings.drop, doings.open, doings.whisper):
        doing(0)
    text = text_of(workspace) | changed
    return packed(json.dumps(text), {f"files/{text['files'][0]['id']}": b""})


def packed(text: str, files: dict[str, bytes] | None = None) -> io.BytesIO:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as archive:
        archive.writestr("workspace.json", text)
        for name, content in (files or {}).items():
            archive.writestr(name, content)
    return kept


def channel_with(**message: Any) -> list[Json]:
    said = {"ts": "1.000000", "user": "U0MAX", "text": "x", **message}
    return [{"id": "C1", "name": "one", "messages": [said]}]


FILE: Json = {"id": "F1", "user": "U0MAX", "name": "a", "title": "a", "created": 1, "size": 0}
VIEW: Json = {
    "id": "V1",
    "app": "A0LITTLE",
    "user": "U0MAX",
    "content": {"type": "home", "blocks": []},
    "root_view_id": "V1",
}


def test_what_was_not_changed_is_loaded() -> None:
    assert load(broken()).team.name == "Northwind"


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"format": 2}, "format 2; format 1 is read"),
        ({"now": "yesterday"}, "now must be a moment"),
        ({"now": "2026-11-25T10:00:00"}, "must have a zone"),
        ({"last_id": "7"}, "last_id must be a whole number"),
        ({"team": None}, "team must be an object"),
        ({"team": {"id": "T1"}}, "name"),
        ({"people": {}}, "people must be a list"),
        ({"people": [{"id": "U1", "name": "a", "tz": "Mars/Base"}]}, "Mars/Base"),
        ({"people": [{"id": "U1", "name": 7}]}, r"people\[0\]: name cannot be 7"),
        ({"people": [{"id": "U1", "name": "a", "boss": 7}]}, "boss cannot be"),
        ({"people": [{"id": "U1", "name": "a"}] * 2}, "that of two"),
        ({"apps": [{"id": "A1"}]}, r"apps\[0\]"),
        ({"channels": channel_with(app="A1")}, "there is no 'A1'"),
        ({"channels": channel_with(files=["F1"])}, "there is no 'F1'"),
        ({"channels": channel_with(ts="soon")}, "'soon' is no ts"),
        ({"channels": channel_with(reactions=["tada"])}, "reactions cannot be"),
        ({"channels": [{"id": "C1", "name": "a", "members": ["U1"]}]}, "there is no 'U1'"),
        ({"channels": [{"id": "C1", "name": "a", "kind": "odd"}]}, "kind cannot be"),
        ({"channels": [{**channel_with()[0], "messages": channel_with()[0]["messages"] * 2}]},
         "does not come after"),
        ({"files": [{**FILE, "id": "../../etc"}]}, "'../../etc' is no id"),
        ({"files": [FILE, {**FILE, "id": "F2"}], "channels": []}, "not those described"),
        ({"views": [{**VIEW, "app": "A1"}]}, "there is no 'A1'"),
        ({"views": [{**VIEW, "user": "U1"}]}, "there is no 'U1'"),
        ({"views": [{**VIEW, "content": {"type": "home"}}]}, "cannot be shown"),
        ({"views": [{**VIEW, "content": {"type": "page", "blocks": []}}]}, "neither a modal"),
    ],
)  # fmt: skip
def test_a_save_that_is_wrong_is_refused(changed: Json, said: str) -> None:
    with pytest.raises(BadSave, match=said):
        load(broken(**changed))


def everything() -> Json:
    """What is written of a workspace with some of everything in it, and no file."""
    workspace = little_workspace()
    doings = Doings(workspace)
    for n, doing in enumerate(doings.all):
        if doing not in (doings.drop, doings.delete, doings.delete_file):
            doing(n % 2)
    return text_of(workspace)


WHOLE = everything()
PARTS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-1, 9),
    st.sampled_from(["", "U0MAX", "../x", "1.000000", "home", "im"]),
    st.sampled_from([[], {}, [7], [{}], [None], {"type": "home"}, {"id": "U0MAX"}]),
)


@given(st.data(), PARTS)
@settings(max_examples=300, deadline=None)
def test_whatever_is_changed_it_is_loaded_or_refused(data: st.DataObject, part: Any) -> None:
    changed = json.loads(json.dumps(WHOLE))
    where: Any = changed
    while True:
        keys = [*where] if isinstance(where, dict) else [*range(len(where))]
        key = data.draw(st.sampled_from(keys))
        deeper = isinstance(where[key], dict | list) and where[key]
        if not deeper or data.draw(st.integers(0, 3)) == 0:
            break
        where = where[key]
    where[key] = part
    try:
        loaded = load(packed(json.dumps(changed)), Clock(START, frozen=True))
    except BadSave:
        return
    assert seen(again(loaded, Clock(START, frozen=True))) == seen(loaded)


def test_what_is_no_save_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    text = json.dumps(text_of(little_workspace()))
    for content, said in (
        (io.BytesIO(b"hello"), "not a saved workspace"),
        (packed("{"), "not JSON"),
        (packed("[" * 100_000), "not JSON"),
        (packed("{}"), "format"),
        (packed(text, {"../../evil": b"x"}), "not those described"),
        (packed(text, {"/etc/passwd": b"x"}), "not those described"),
    ):
        with pytest.raises(BadSave, match=said):
            load(content)
    empty = io.BytesIO()
    with zipfile.ZipFile(empty, "w"):
        pass
    with pytest.raises(BadSave, match=r"there is no workspace\.json"):
        load(empty)
    cut = broken().getvalue()
    for end in range(0, len(cut), 97):
        with pytest.raises(BadSave):
            load(io.BytesIO(cut[:end]))
    monkeypatch.setattr("sandbox.saved.LARGEST_TEXT", 10)
    with pytest.raises(BadSave, match="more than 10 bytes"):
        load(packed(text))


def test_a_refused_save_changes_nothing(server: Server, max_: ActingPerson, tmp_path: Path) -> None:
    max_.say("C0WEST", "still here")
    (tmp_path / "bad.zip").write_bytes(
        broken(now="2030-01-01T00:00:00+00:00", views=[{}]).getvalue()
    )
    with pytest.raises(Refused, match="invalid_save"):
        server.load(tmp_path / "bad.zip")
    assert server.clock.now() == START
    assert [m.text for m in max_.messages("C0WEST")] == ["still here"]
