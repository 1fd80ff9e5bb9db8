"""A CSV file as a table: its separator, its header and its records with their line numbers."""

import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from typing import BinaryIO

from crm.problems import FileRefused, Problems
from crm.source import Encoding, Source, inspect

SEPARATORS = {",": "','", ";": "';'", "\t": "tab", "|": "'|'"}
MOST_COLUMNS = 1000
_SEPARATOR_LINE = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE)
_TOTALS = re.compile(
    r"(grand |sub)?totals?\b|sum(me)?\b|gesamt\w*|total général\b|insgesamt\b", re.IGNORECASE
)
_NUMBER = re.compile(r"[^A-Za-z]*[0-9][^A-Za-z]*")


class SeveralSeparators(FileRefused):
    """The header could be separated by each of these `marks`."""

    def __init__(self, marks: Sequence[str]) -> None:
        self.marks = marks
        could = " or by ".join(SEPARATORS[mark] for mark in marks)
        super().__init__(f"could be separated by {could}", ": say --delimiter")


Weigh = Callable[[Sequence[str]], int]
"""How well a header fits what we look for: by it a separator is recognised."""


class Table:
    """A CSV file, read once from start to end.

    Raises FileRefused, at the start or on the way, when it is none (crm.source; empty; its
    separator not to be told). Records that are not of the header's width become problems and are
    left out; blank ones are nothing; a row of totals and a report's footer are left out and said.
    """

    def __init__(
        self,
        file: BinaryIO,
        problems: Problems,
        *,
        delimiter: str | None = None,
        encoding: Encoding | None = None,
        weigh: Weigh = len,
    ) -> None:
        self.source: Source = inspect(file, encoding)
        self.text = self.source.text(file)
        self._problems = problems
        self.left_out: list[str] = []
        """What was left out, a sentence each."""
        self._skipped = 0
        try:
            self._start(delimiter, weigh)
        except FileRefused:
            self.close()
            raise

    def _start(self, delimiter: str | None, weigh: Weigh) -> None:
        first = self.text.readline(1 << 20)
        said = _SEPARATOR_LINE.fullmatch(first.rstrip("\r\n"))
        if said:
            self._skipped = 1
            delimiter, first = delimiter or said[1], self.text.readline(1 << 20)
        while first and not first.strip(' \t\r\n,;|"'):
            self._skipped, first = self._skipped + 1, self.text.readline(1 << 20)
        self.delimiter = delimiter or _separator(first, weigh)
        lines = chain([first] if first else [], self.text)
        self._reader = csv.reader(lines, delimiter=self.delimiter, strict=True)
        self.header = self._header()

    @property
    def sha256(self) -> str:
        return self.source.sha256

    def close(self) -> None:
        """Lets go of the file, which stays open for whoever opened it."""
        self.text.detach()

    def records(self) -> Iterator[tuple[int, list[str]]]:
        """Each record with the line on which it starts; the header is none."""
        width = len(self.header)
        narrow: list[tuple[int, list[str]]] = []
        after_blank = False
        for line, cells in self._all():
            if len(cells) == width:
                blank = not any(cells) or not "".join(cells).strip()
                if not blank and not self._is_totals(line, cells):
                    self._say_narrow(narrow)
                    yield line, cells
                after_blank = after_blank or blank
            elif not "".join(cells).strip():
                after_blank = True
            elif len(cells) > width and not "".join(cells[width:]).strip():
                self._say_narrow(narrow)
                yield line, cells[:width]
            elif len(cells) == 1 and after_blank:
                narrow.append((line, cells))
            else:
                self._say_width(line, cells)
        if narrow:
            said = narrow[0][1][0].strip()[:60]
            self.left_out.append(f"From line {narrow[0][0]} on: the report's footer, “{said}”.")

    def _header(self) -> tuple[str, ...]:
        try:
            cells = next(self._reader, [])
        except csv.Error:
            raise FileRefused("has no header that can be read: a quotation mark is open") from None
        names = [" ".join(name.split()) for name in cells]
        while names and not names[-1]:
            names.pop()
        if not names:
            raise FileRefused("is empty")
        if len(names) > MOST_COLUMNS:
            raise FileRefused(f"has more than {MOST_COLUMNS} columns")
        return tuple(names)

    def _all(self) -> Iterator[tuple[int, list[str]]]:
        reader, skipped = self._reader, self._skipped
        while True:
            start = reader.line_num + 1 + skipped
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error:
                says = (
                    "from here on this is no CSV: a quotation mark is not closed or not doubled, "
                    "or a cell has over 131,072 characters"
                )
                self._problems.add("csv", says, start)
                return
            yield start, cells

    def _say_narrow(self, narrow: list[tuple[int, list[str]]]) -> None:
        """What could have been a footer was none: rows come after it."""
        for line, cells in narrow:
            self._say_width(line, cells)
        narrow.clear()

    def _say_width(self, line: int, cells: list[str]) -> None:
        says = f"has {len(cells)} cells where the header has {len(self.header)}"
        self._problems.add("width", says, line)

    def _is_totals(self, line: int, cells: list[str]) -> bool:
        """A row that holds the word and numbers, and nothing else."""
        if not _TOTALS.match(cells[0].strip()) and cells[0].strip():
            return False
        filled = [cell.strip() for cell in cells if cell.strip()]
        if len(filled) > max(len(cells) // 2, 2) or not _TOTALS.match(filled[0]):
            return False
        if not all(_NUMBER.fullmatch(cell) for cell in filled[1:]):
            return False
        self.left_out.append(f"Line {line}: a row of totals, “{filled[0][:60]}”.")
        return True


def _separator(line: str, weigh: Weigh) -> str:
    """What separates a header's cells. Raises FileRefused where it could be two things."""
    headers = {mark: _cells(line, mark) for mark in SEPARATORS}
    several = {mark: cells for mark, cells in headers.items() if len(cells) > 1}
    if not several:
        return ","
    best = max(weigh(cells) for cells in several.values())
    found = [mark for mark, cells in several.items() if weigh(cells) == best]
    if len(found) > 1:
        raise SeveralSeparators(found)
    return found[0]


def _cells(line: str, mark: str) -> list[str]:
    try:
        return next(csv.reader(io.StringIO(line, newline=""), delimiter=mark), [])
    except csv.Error:
        return []
