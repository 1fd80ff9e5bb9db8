"""The file as a table: encodings, delimiters, quoting, line numbers."""

import hashlib
import io

import pytest

from crm.problems import FileRefused, Problems
from crm.source import Encoding, inspect
from crm.table import Table


def read(content: bytes) -> tuple[Table, list[tuple[int, list[str]]], str]:
    problems = Problems()
    table = Table(io.BytesIO(content), problems)
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
        (
            "id,name\n1,Ärger\n".encode("cp1252"),
            "0xC4.*in which that line reads “Ärger”: say --encoding",
        ),
        (b"id,name\n1,a\n2,\0b\n", "line 3 holds a zero byte"),
        (b"plain,words;here\n1,2;3\n", "could be separated by ',' or by ';': say --delimiter"),
        (b"PK\x03\x04....[Content_Types].xml", "is an Excel workbook"),
        (b"PK\x03\x04....deals.csv", "is a ZIP archive"),
        (b"%PDF-1.7", "is a PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "is an old Excel workbook"),
        (b"<html><body>", "is a web page"),
        (b"\xff\xfea\0,\0b\0\n\0\xd8", "is broken"),
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
    assert said[5] == "… and 99,995 more of this kind"
    assert said[6] == "lines 0, 1, 2, 3, 4 and 99,995 more: owner “REP-1” is nobody"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_unicode_and_separators_show_themselves(encoding: str, mark: str) -> None:
    text = mark.join(("id", "name", "owner")) + "\r\n" + mark.join(("1", "Ärger", "Ana"))
    table, records, said = read(text.encode(encoding))
    assert (table.header, table.delimiter) == (("id", "name", "owner"), mark)
    assert records == [(2, ["1", "Ärger", "Ana"])]
    assert said == ""


def test_an_8_bit_encoding_is_read_where_it_was_said() -> None:
    problems = Problems()
    content = io.BytesIO("id,name\n1,Müller\n".encode("cp1252"))
    table = Table(content, problems, encoding=Encoding.WINDOWS_1252, weigh=len)
    assert list(table.records()) == [(2, ["1", "Müller"])]
    table.close()
    assert not content.closed
    undefined = io.BytesIO(b"id,name\n1,\x81\n")
    with pytest.raises(FileRefused, match="not in Windows-1252: line 2 holds the byte 0x81"):
        Table(undefined, problems, encoding=Encoding.WINDOWS_1252)


def test_a_spreadsheets_traps_are_seen_through() -> None:
    """Its own line for the separator, columns and rows of nothing, totals, a report's footer."""
    content = (
        b'sep=;\r\n\r\nid;name;amount;;\r\n1;"a\r\nb";5;;\r\n;;;;\r\n2;c;6\r\n'
        b"Total;;11\r\n\r\nCopyright (c) 2026 somebody\r\nConfidential\r\n"
    )
    table, records, said = read(content)
    assert table.header == ("id", "name", "amount")
    assert records == [(4, ["1", "a\r\nb", "5"]), (7, ["2", "c", "6"])]
    assert said == ""
    assert table.left_out == [
        "Line 8: a row of totals, “Total”.",
        "From line 10 on: the report's footer, “Copyright (c) 2026 somebody”.",
    ]


def test_what_ends_in_the_middle_is_no_footer() -> None:
    _table, records, said = read(b"id,name\n1,a\n2\n")
    assert len(records) == 1
    assert "line 3: has 1 cells where the header has 2" in said


def test_a_file_that_is_too_large_is_refused() -> None:
    class Endless(io.RawIOBase):
        def seek(self, offset: int, whence: int = 0) -> int:
            return offset

        def read(self, size: int = -1) -> bytes:
            return b"a" * (size if size > 0 else 1)

    with pytest.raises(FileRefused, match="is larger than 200 MB"):
        inspect(Endless(), None)  # type: ignore[arg-type]
