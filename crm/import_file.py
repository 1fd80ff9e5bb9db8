"""A CRM's file read whole: its deals in our words, or everything that is wrong with it."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import BinaryIO

from crm.deals_csv import Table
from crm.known import Known
from crm.mapping import Column, Reading, find_columns, not_read
from crm.problems import FileRefused, Problems
from crm.rows import DealRow, RowReader


@dataclass
class ImportFile:
    """What a file holds, and how it was read. With problems it is never taken in."""

    reading: Reading
    header: tuple[str, ...]
    places: dict[Column, int]
    known: Known
    problems: Problems
    as_on: datetime | None = None
    """The import whose way of reading was used for what was not said this time."""
    sha256: str = ""
    count: int = 0
    rows: dict[str, DealRow] = field(default_factory=dict)
    """The deals by their id in the CRM, in the order of the file."""
    currencies: dict[str, set[str]] = field(default_factory=dict)
    """The teams whose deals are in it, by their currency."""

    def left_out(self) -> list[tuple[str, Column | None]]:
        """The file's columns that were not read, each with the one of ours it looks like."""
        return not_read(self.header, self.places)


def read_file(file: BinaryIO, said: Reading, known: Known, now: datetime) -> ImportFile:
    """Reads the file, needing no database meanwhile. Raises FileRefused when it is none of ours.

    What `said` leaves open is read as in the latest import, where the file has its columns; the
    report says so.
    """
    problems = Problems()
    table, reading, as_on = _open(file, said, known, problems)
    places = find_columns(table.header, reading, problems)
    found = ImportFile(reading, table.header, places, known, problems, as_on)
    if problems:
        return found
    _read_rows(found, table, now)
    if not found.count:
        raise FileRefused("holds no deals, only a header")
    return found


def _open(
    file: BinaryIO, said: Reading, known: Known, problems: Problems
) -> tuple[Table, Reading, datetime | None]:
    if known.latest is not None:
        imported_at, earlier = known.latest
        reading = said.over(earlier)
        table = _fitting(file, reading, problems)
        if table is not None:
            return table, reading, None if reading == said else imported_at
    return Table(file, said.delimiter or ",", problems), said, None


def _fitting(file: BinaryIO, reading: Reading, problems: Problems) -> Table | None:
    """The table, if its header has every column that an earlier reading names."""
    try:
        table = Table(file, reading.delimiter or ",", problems)
    except FileRefused:
        return None
    names = {name.casefold() for name in table.header}
    fits = all(theirs.casefold() in names for theirs in reading.columns.values())
    return table if fits else None


def _read_rows(found: ImportFile, table: Table, now: datetime) -> None:
    reader = RowReader(found.places, found.reading, found.known, found.problems, now)
    lines: dict[str, int] = {}
    for line, cells in table.records():
        found.count += 1
        row = reader.read(line, cells)
        external_id = reader.external_id
        if external_id and lines.setdefault(external_id, line) != line:
            says = f"id “{external_id}” is on line {lines[external_id]} already"
            found.problems.add("duplicate", says, line)
        elif row is not None:
            found.rows[external_id] = row
    found.sha256 = table.sha256
    found.currencies = reader.currencies
