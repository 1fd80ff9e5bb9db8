"""Files that are given in a form: `file_input`, judged by a Bolt app over both transports."""

from pathlib import Path
from typing import Any

import pytest

from sandbox import Server, load
from sandbox.blocks import validate_view
from sandbox.person import ActingPerson
from sandbox.refused import Refused
from tests.sandbox.little import Little
from tests.sandbox.test_chat import refused
from tests.sandbox.test_files import fetch
from tests.sandbox.test_modals import field, modal, opened, opens

CSV = b"name,amount\nNexus,1\n"
Json = dict[str, Any]


def asking(optional: bool = False, **more: Any) -> Json:
    """A form that asks for files."""
    asked = {**field("files", type="file_input", **more), "optional": optional}
    return modal(asked, {**field("note"), "optional": True})


@pytest.fixture
def told(little: Little) -> list[Json]:
    """What the app is told of submissions; it answers to "no" in the note with an error."""
    submitted: list[Json] = []

    @little.bolt.view("form")
    def _submitted(ack: Any, view: Json) -> None:
        submitted.append(view["state"]["values"])
        no = submitted[-1]["note"]["text"]["value"] == "no"
        ack(response_action="errors", errors={"files": "Not these."}) if no else ack()

    return submitted


def test_an_app_is_given_files(
    server: Server, little: Little, told: list[Json], max_: ActingPerson, lena: ActingPerson,
    tmp_path: Path,
) -> None:  # fmt: skip
    opens(little, asking(filetypes=["csv", "png"], max_files=2))
    little.start()
    opened(max_)
    path = tmp_path / "b.CSV"
    path.write_bytes(b"b")
    (id,) = max_.upload(("Deals.csv", CSV))
    info = little.client.files_info
    assert refused(info, file=id)["error"] == "file_not_found"  # not yet
    assert max_.submit(files=[id, path]) == {"ok": True}
    entry = told[0]["files"]["text"]
    assert entry["type"] == "file_input"
    first, second = entry["files"]
    assert (first["id"], first["name"], first["user"]) == (id, "Deals.csv", "U0MAX")
    assert (first["filetype"], first["size"], second["name"]) == ("csv", len(CSV), "b.CSV")
    assert (first["shares"], first["channels"], first["is_public"]) == ({}, [], False)
    assert fetch(first["url_private"])[1] == CSV
    assert info(file=id)["content"] == CSV.decode()
    assert {f["id"] for f in little.client.files_list()["files"]} == {id, second["id"]}
    with pytest.raises(Refused, match="file_not_found"):
        lena.download(id)
    assert max_.download(id) == CSV
    assert max_.messages("C0WEST") == []


def test_what_a_field_does_not_take_is_said_at_it(
    little: Little, told: list[Json], max_: ActingPerson
) -> None:
    opens(little, asking(filetypes=["csv"], max_files=1))
    little.start()
    opened(max_)
    required = max_.submit()
    assert required == {"ok": False, "errors": {"files": "Please complete this required field."}}
    wrong = max_.submit(files=[("a.pdf", b"x")])["errors"]["files"]
    assert wrong == "a.pdf is of a type that is not taken here: .csv."
    many = max_.submit(files=[("a.csv", b"x"), ("b.csv", b"x")])["errors"]["files"]
    assert many == "Please give no more than 1 file."
    large = max_.submit(files=[("a.csv", b"x" * 10_000_001)])["errors"]["files"]
    assert large == "a.csv is larger than 10 MB."
    assert told == []
    assert max_.submit(files=[("a.csv", CSV)], note="no")["errors"] == {"files": "Not these."}
    assert max_.submit(note="yes")["ok"]  # it still holds the file
    assert told[1]["files"]["text"]["files"] == told[0]["files"]["text"]["files"]


def test_no_file_is_an_empty_list(little: Little, told: list[Json], max_: ActingPerson) -> None:
    opens(little, asking(optional=True))
    little.start()
    opened(max_)
    max_.submit()
    assert told[0]["files"]["text"] == {"type": "file_input", "files": []}


def test_only_ones_own_files_are_given(
    little: Little, max_: ActingPerson, lena: ActingPerson
) -> None:
    opens(little, asking())
    little.start()
    opened(max_)
    (hers,) = lena.upload(("a.txt", b"secret"))
    for wrong in ([hers], ["F0NONE"], [{"id": 7}], "F1", [None]):
        with pytest.raises(Refused, match="invalid_value"):
            max_.submit({"files/text": wrong})
    with pytest.raises(Refused, match="user_not_found"):
        ActingPerson(little.server, "U0NOBODY").upload(("a.txt", b"x"))


def test_what_is_given_is_saved(
    server: Server, little: Little, told: list[Json], max_: ActingPerson, tmp_path: Path
) -> None:
    opens(little, asking())
    little.start()
    opened(max_)
    max_.submit(files=[("a.csv", CSV)], note="no")
    server.save(tmp_path / "kept.zip")
    workspace = load(tmp_path / "kept.zip")
    (file,) = workspace.files.all()
    assert (file.user, file.given_to, file.path.read_bytes()) == ("U0MAX", ["U0BOT"], CSV)
    server.load(tmp_path / "kept.zip")
    (again,) = told[0]["files"]["text"]["files"]
    assert fetch(again["url_private"])[1] == CSV
    assert max_.modal
    assert [f["name"] for f in max_.modal.values["files"]] == ["a.csv"]
    assert max_.submit(note="yes")["ok"]
    assert told[1]["files"]["text"]["files"] == [again]


@pytest.mark.parametrize(
    ("element", "pointer"),
    [
        ({"filetypes": []}, "filetypes"),
        ({"filetypes": "csv"}, "filetypes"),
        ({"max_files": 0}, "max_files"),
        ({"max_files": 11}, "max_files"),
        ({"initial_files": []}, "initial_files"),
    ],
)
def test_its_limits(element: Json, pointer: str) -> None:
    assert validate_view(asking(max_files=10)) == []
    (problem,) = validate_view(asking(**element))
    assert pointer in f"{problem.pointer} {problem.message}"
