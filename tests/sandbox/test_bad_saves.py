"""Files that are no saved workspace, or a broken one: refused in words, and nothing changes."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox import (
    BadSave,
    Clock,
    Server,
    load,
)
from sandbox.person import ActingPerson
from sandbox.refused import Refused
from sandbox.saved import LARGEST_TEXT
from tests.sandbox.doings import Doings, Json, again, seen, text_of
from tests.sandbox.little import START, little_workspace


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


def test_what_is_no_save_is_refused() -> None:
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
    with pytest.raises(BadSave, match="more than 100000000 bytes"):
        load(packed(" " * (LARGEST_TEXT + 1)))


def test_a_refused_save_changes_nothing(server: Server, max_: ActingPerson, tmp_path: Path) -> None:
    max_.say("C0WEST", "still here")
    (tmp_path / "bad.zip").write_bytes(
        broken(now="2030-01-01T00:00:00+00:00", views=[{}]).getvalue()
    )
    with pytest.raises(Refused, match="invalid_save"):
        server.load(tmp_path / "bad.zip")
    assert server.clock.now() == START
    assert [m.text for m in max_.messages("C0WEST")] == ["still here"]
