"""A CSV file as a table: its encoding, its header and its records with their line numbers."""

import csv
import hashlib
from collections.abc import Iterator
from typing import BinaryIO

from crm.problems import FileRefused, Problems

_BOM = b"\xef\xbb\xbf"
_DELIMITERS = {";": "';'", "\t": "tab", "|": "'|'", ",": "','"}


class Table:
    """A CSV file in UTF-8, with or without a byte order mark, read once from start to end.

    Raises FileRefused, at the start or on the way, when it is no such file: another encoding,
    empty, another delimiter. Records that are not of the header's width become problems and are
    left out; blank ones are nothing.
    """

    def __init__(self, file: BinaryIO, delimiter: str, problems: Problems) -> None:
        file.seek(0)
        self._file = file
        self._digest = hashlib.sha256()
        self._problems = problems
        self._reader = csv.reader(self._lines(), delimiter=delimiter, strict=True)
        self._all = self._filled()
        _line, header = next(self._all, (0, []))
        self.header = tuple(name.strip() for name in header)
        if not self.header:
            raise FileRefused("is empty")
        self._check_delimiter(delimiter)

    @property
    def sha256(self) -> str:
        """Of what was read so far; of the whole file after its last record."""
        return self._digest.hexdigest()

    def records(self) -> Iterator[tuple[int, list[str]]]:
        """Each record with the line on which it starts; the header is none."""
        width = len(self.header)
        for line, cells in self._all:
            if len(cells) == width:
                yield line, cells
                continue
            says = f"has {len(cells)} cells where the header has {width}"
            self._problems.add("width", says, line)

    def _lines(self) -> Iterator[str]:
        for number, line in enumerate(self._file, 1):
            self._digest.update(line)
            text = line.removeprefix(_BOM) if number == 1 else line
            if number == 1 and line[:2] in (b"\xff\xfe", b"\xfe\xff"):
                raise FileRefused("is in UTF-16, not in UTF-8: save it as “CSV UTF-8”")
            if b"\0" in line:
                raise FileRefused(f"is no text in UTF-8: line {number} holds a zero byte")
            try:
                yield text.decode()
            except UnicodeDecodeError as error:
                raise FileRefused(
                    f"is not in UTF-8: line {number} holds {_byte(text[error.start])}. "
                    "Save it as “CSV UTF-8”"
                ) from None

    def _filled(self) -> Iterator[tuple[int, list[str]]]:
        while True:
            start = self._reader.line_num + 1
            try:
                cells = next(self._reader)
            except StopIteration:
                return
            except csv.Error:
                says = (
                    "from here on this is no CSV: a quotation mark is not closed or not doubled, "
                    "a line ends with a bare carriage return, or a cell has over 131,072 characters"
                )
                self._problems.add("csv", says, start)
                return
            if any(cell.strip() for cell in cells):
                yield start, cells

    def _check_delimiter(self, delimiter: str) -> None:
        if len(self.header) > 1:
            return
        for other, called in _DELIMITERS.items():
            if other != delimiter and other in self.header[0]:
                raise FileRefused(f"seems to be separated by {called}: say --delimiter {called}")


def _byte(byte: int) -> str:
    try:
        letter = bytes([byte]).decode("cp1252")
    except UnicodeDecodeError:
        return f"the byte 0x{byte:02X}"
    return f"the byte 0x{byte:02X}, which is “{letter}” in Windows-1252 (Latin-1)"
