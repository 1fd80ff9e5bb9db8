"""The file as a table: encodings, delimiters, quoting, line numbers."""

import hashlib
import io

import pytest

from crm.deals_csv import Table
from crm.problems import FileRefused, Problems


def read(content: bytes, delimiter: str = ",") -> tuple[Table, list[tuple[int, list[str]]], str]:
    problems = Problems()
    table = Table(io.BytesIO(content), delimiter, problems)
    records = list(table.records())
    return table, records, "\n".join(problems.lines())


def test_a_byte_order_mark_is_no_part_of_the_header() -> None:
    table, records, _said = read(b"\xef\xbb\xbfid,name\n1,\xc3\x84rger\n")
    assert table.header == ("id", "name")
    assert records == [(2, ["1", "Ärger"])]


def test_lines_are_counted_as_an_editor_counts_them() -> None:
    """Blank lines and cells over several lines included."""
    _table, records, _said = read(b'id,name\r\n\r\n1,"over\r\ntwo lines"\r\n , \r\n2,b\r\n')
    assert [(line, cells[0]) for line, cells in records] == [(3, "1"), (6, "2")]


def test_a_formula_stays_text() -> None:
    _table, records, _said = read(b'id,name\n1,"=HYPERLINK(""x"")"\n2,@SUM(A1)\n')
    assert [cells[1] for _line, cells in records] == ['=HYPERLINK("x")', "@SUM(A1)"]


def test_the_digest_is_the_whole_files() -> None:
    content = b"a,b\n1,2\n"
    assert read(content)[0].sha256 == hashlib.sha256(content).hexdigest()


def test_rows_of_another_width_are_said_with_their_lines() -> None:
    _table, records, said = read(b"id,name\n1\n2,b\n3,c,d\n")
    assert [cells for _line, cells in records] == [["2", "b"]]
    assert "line 2: has 1 cells where the header has 2" in said
    assert "line 4: has 3 cells where the header has 2" in said


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "is empty"),
        (b"\n\n", "is empty"),
        ("id,name\n1,Ärger\n".encode("cp1252"), "line 2 holds the byte 0xC4, which is “Ä” in Win"),
        ("id,name\n".encode("utf-16"), "is in UTF-16"),
        ("id,name\n".encode("utf-16-be"), "zero byte"),
        (b"id;name;owner\n1;b;c\n", "separated by ';': say --delimiter ';'"),
        (b"id\tname\n", "separated by tab: say --delimiter tab"),
    ],
)
def test_what_is_no_such_file_is_refused(content: bytes, why: str) -> None:
    with pytest.raises(FileRefused, match=why):
        read(content)


@pytest.mark.parametrize("content", [b'id,name\n1,"open\n2,b\n', b'id,name\n1,"a"b\n'])
def test_broken_quoting_is_said_with_its_line(content: bytes) -> None:
    _table, _records, said = read(content)
    assert said.startswith("line 2: from here on this is no CSV")


def test_many_problems_stay_few_lines() -> None:
    problems = Problems()
    for line in range(100_000):
        problems.add("date", f"close_date “{line}” is not a date", line)
        problems.add("owner", "owner “REP-1” is nobody", line)
    said = list(problems.lines())
    assert len(problems) == 200_000
    assert said[5] == "… and 99,995 more like these"
    assert said[6] == "lines 0, 1, 2, 3, 4 and 99,995 more: owner “REP-1” is nobody"
