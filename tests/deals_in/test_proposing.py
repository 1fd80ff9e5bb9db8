"""What a file is read as that somebody dropped, who has a form and no command."""

import io
from datetime import timedelta

import pytest

from crm.amounts import Unclear
from crm.dates import DateReader
from crm.import_report import reading_lines
from crm.known import load_known
from crm.mapping import Reading
from crm.problems import Unusable
from crm.proposing import Proposed, all_problems, findings, read_as_proposed
from crm.source import Encoding
from crm.taking_in import look
from models.base import Database
from models.deals import Deal
from tests.deals_in.files import HEADER, NEXUS, as_csv, deals, take_in
from tests.world import NOW, World, a_workspace

LATER = NOW + timedelta(days=1)
MÜLLER = f"{HEADER}\nD1,Müller,U0ANA,Proposal,180000,2026-12-18\n"


@pytest.fixture
def world(database: Database) -> World:
    return a_workspace(database)


def propose(
    database: Database, world: World, content: bytes, said: Reading | None = None
) -> Proposed:
    with database.transaction(world.workspace_id) as session:
        known = load_known(session)
    return read_as_proposed(io.BytesIO(content), said or Reading(), known, LATER)


def everything(proposed: Proposed) -> str:
    """What is said of it, in the message and in the list."""
    said = findings(proposed, None)
    problems = [says for _line, says in all_problems(proposed.file)]
    return "\n".join([*said["lines"], *said["problems"], *problems])


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        (
            ["1,A,U0ANA,Proposal,5,12/31/2026", "2,B,U0ANA,Proposal,5,31/12/2026"],
            "close_date “31/12/2026” is not a date like 2026-11-30",
        ),
        (["1,A,U0ANA,Proposal,5,soon"], "close_date “soon” is not a date like 2026-11-30"),
        (["1,A,U0ANA,Proposal,,soon", "2,B,Nobody,Verbal,1,soon"], "“soon” is not a date"),
    ],
)
def test_nobody_is_told_of_options_that_they_have_not(
    database: Database, world: World, rows: list[str], says: str
) -> None:
    said = everything(propose(database, world, as_csv(rows)))
    assert says in said
    assert "--" not in said


def test_nor_where_a_deal_moves_to_another_currency(database: Database, world: World) -> None:
    take_in(database, world, as_csv([NEXUS]))
    with database.transaction(world.workspace_id) as session:
        session.get_one(Deal, 1).currency = "EUR"
    proposed = propose(database, world, as_csv([NEXUS]))
    with database.transaction(world.workspace_id) as session:
        look(session, proposed.file)
    said = everything(proposed)
    assert said.endswith("with its owner's team: say in which currency its amount is")
    assert "--" not in said
    assert "is, by a column or by --currency" in "\n".join(proposed.file.problems.lines())


def test_columns_that_look_like_ours_are_proposed_without_the_option(
    database: Database, world: World
) -> None:
    row = "1,A,U0ANA,Proposal,5,2026-12-31,https://a.example"
    content = as_csv([row], header=f"{HEADER},Link")
    reading = Reading(columns={"name": "name"})
    proposed = propose(database, world, content, reading)
    assert findings(proposed, None)["lines"][0] == "Not read: Link."
    assert "--" not in everything(proposed)


def test_what_is_taken_is_counted_apart_from_what_the_file_holds(
    database: Database, world: World
) -> None:
    """Of a history and of activities that is what belongs to deals that are here."""
    take_in(database, world, as_csv([NEXUS]))
    for content, taken in (
        (as_csv([f"{NEXUS},false", f"{NEXUS},true"], f"{HEADER},is_deleted"), 1),
        (as_csv(["A1,D1,2026-11-20", "A2,D9,2026-11-20", "A3,,2026-11-20"], "id,deal,on"), 1),
        (as_csv(["D1,Proposal,2026-11-20", "D9,Proposal,2026-11-20"], "deal,stage,changed_at"), 1),
        (as_csv(["D9,Proposal,2026-11-20"], "deal,stage,changed_at"), 0),
    ):
        proposed = propose(database, world, content)
        with database.transaction(world.workspace_id) as session:
            plan = look(session, proposed.file)
        assert findings(proposed, plan)["taken"] == taken
        assert findings(proposed, None)["taken"] == 0


def test_a_name_that_several_columns_have_is_said(database: Database, world: World) -> None:
    content = as_csv([f"{NEXUS},7,x,y"], f"{HEADER},amount,Link,Link")
    proposed = propose(database, world, content)
    said = findings(proposed, None)
    assert "Not read: amount (2 columns), Link (2 columns)." in said["lines"]
    assert said["problems"] == ["Line 1: there are 2 columns “amount”: give each a name of its own"]
    assert "Some of them look like ours" not in "\n".join(reading_lines(proposed.file))


def test_what_is_said_and_the_options_are_one_sentence_for_the_command() -> None:
    with pytest.raises(Unusable) as refused:
        DateReader().day("31/12/2026")
    assert refused.value.says == "is not a date like 2026-11-30"
    assert str(refused.value).endswith("2026-11-30: it looks like --date-format DD/MM/YYYY")
    assert str(Unclear("is unclear", ": say")) == "is unclear: say"


def test_the_first_of_several_separators_is_proposed(database: Database, world: World) -> None:
    proposed = propose(database, world, b"plain,words;here\n1,2;3\n")
    assert proposed.file.header == ("plain", "words;here")
    [note] = proposed.notes
    assert note == "It could be separated by ',' or by ';'; it is read with the first of these."
    corrected = propose(database, world, b"plain,words;here\n1,2;3\n", Reading(delimiter=";"))
    assert (corrected.file.header, corrected.notes) == (("plain,words", "here"), [])


@pytest.mark.parametrize("encoding", [Encoding.WINDOWS_1252, Encoding.UTF_16])
def test_a_file_in_utf_8_is_read_as_such_whatever_came_before(
    database: Database, world: World, encoding: Encoding
) -> None:
    codec = {Encoding.WINDOWS_1252: "cp1252", Encoding.UTF_16: "utf-16-le"}[encoding]
    take_in(database, world, MÜLLER.encode(codec), reading=Reading(encoding=encoding))
    again = take_in(database, world, MÜLLER.encode(), LATER)
    assert "  1 unchanged" in again.text
    assert deals(database, world)["D1"].name == "Müller"
    dropped = propose(database, world, MÜLLER.replace("2026-12-18", "12/18/2026").encode())
    assert dropped.file.encoding is Encoding.UTF_8
    assert next(iter(dropped.file.rows)).name == "Müller"  # type: ignore[union-attr]


def test_windows_1252_goes_on_being_read_without_being_said(
    database: Database, world: World
) -> None:
    take_in(
        database, world, MÜLLER.encode("cp1252"), reading=Reading(encoding=Encoding.WINDOWS_1252)
    )
    for day, name in enumerate(("stage", "other"), 1):
        content = MÜLLER.replace("close_date", f"close_date,{name}2").replace("-18", "-18,x")
        said = take_in(database, world, content.encode("cp1252"), NOW + timedelta(days=day))
        assert "Read as Windows-1252 (Latin-1)." in said.text
        assert "  1 unchanged" in said.text


def test_a_file_of_other_columns_is_not_read_as_one_that_named_none(
    database: Database, world: World
) -> None:
    """All deals belong to Ana: said of a file without owners, and of no other."""
    row = "D1,Nexus,Proposal,5,2026-12-18"
    header = HEADER.replace("owner,", "")
    take_in(database, world, as_csv([row], header), reading=Reading(owner="ana@example.com"))
    other = take_in(database, world, as_csv([f"{row},x"], f"{header},note"), LATER)
    assert "Read as the import" not in other.text
    assert "there is no column owner" in other.text
