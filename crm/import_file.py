"""A CRM's file read whole: what it holds in our words, or everything that is wrong with it."""

import hashlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import BinaryIO, Protocol

from crm.columns import (
    REQUIRED,
    Column,
    columns_key,
    find_columns,
    not_read,
    recognise,
    weight,
)
from crm.dates import Forms
from crm.events import ActivityReader, ActivityRow, HistoryReader, HistoryRow
from crm.kept import AT_ONCE, Kept
from crm.known import Earlier, Known, Owner
from crm.mapping import Reading
from crm.problems import FileRefused, Problems, Unusable
from crm.rows import DealRow, RowReader
from crm.source import Encoding
from crm.table import Table
from models.deals import ImportKind

Row = DealRow | HistoryRow | ActivityRow
Progress = Callable[[int], None]
"""Told now and then how many records were read."""


@dataclass
class ImportFile:
    """What a file holds, and how it was read. With problems it is never taken in."""

    kind: ImportKind
    reading: Reading
    header: tuple[str, ...]
    places: dict[Column, int]
    known: Known
    problems: Problems
    delimiter: str = ","
    encoding: Encoding = Encoding.UTF_8
    as_on: datetime | None = None
    """The import whose way of reading was used for what was not said this time."""
    sha256: str = ""
    count: int = 0
    rows: Kept[Row] = field(default_factory=Kept)
    """What it holds, in the order of the file."""
    ids: dict[str, int] = field(default_factory=dict)
    """The line of each id: of a deal, or of an activity."""
    currencies: dict[str, set[str]] = field(default_factory=dict)
    """The teams whose deals are in it, by their currency."""
    named: dict[str, Owner] = field(default_factory=dict)
    """Whom a word was matched with by their name alone."""
    all_of: Owner | None = None
    """Whose all of them are, where that was said."""
    unknown_owners: Counter[str] = field(default_factory=Counter)
    unknown_stages: Counter[str] = field(default_factory=Counter)
    forms: Forms = field(default_factory=Forms)
    """How dates that could not be read may be read."""
    unclear_amounts: bool = False
    skipped: Counter[str] = field(default_factory=Counter)
    """Records that are none of ours, by why; of a history and of activities."""
    said_left_out: list[str] = field(default_factory=list)
    """Lines that were left out, a sentence each."""
    days: tuple[date, date] | None = None
    """The first and last day of the activities in it, those of deals that are not here too."""

    @property
    def key(self) -> str:
        """What files of the same columns have in common."""
        return hashlib.sha256(columns_key(self.header).encode()).hexdigest()

    def left_out(self) -> list[tuple[str, Column | None]]:
        """The file's columns that were not read, each with the one of ours it looks like."""
        named = [(name, ours) for name, ours in not_read(self.kind, self.header, self.places)]
        return [(name, ours) for name, ours in named if name]


class Reader(Protocol):
    """Reads records, one after the other, and leaves in the file what was found on the way."""

    external_id: str

    def read(self, line: int, cells: list[str]) -> Row | None: ...

    def finish(self, found: ImportFile) -> None: ...


def read_file(
    file: BinaryIO,
    said: Reading,
    known: Known,
    now: datetime,
    progress: Progress = lambda _count: None,
) -> ImportFile:
    """Reads the file, needing no database meanwhile. Raises FileRefused when it is none of ours.

    What `said` leaves open is read as in the latest import of the same columns; the report says so.
    """
    problems = Problems()
    table, reading, as_on = open_table(file, said, known, problems)
    try:
        kind = reading.kind or recognise(table.header) or ImportKind.DEALS
        without = [Column.OWNER] if reading.owner else []
        places = find_columns(kind, table.header, reading.columns, problems, without=without)
        found = ImportFile(
            kind, reading, table.header, places, known, problems,
            delimiter=table.delimiter, encoding=table.source.encoding, as_on=as_on,
            sha256=table.sha256,
        )  # fmt: skip
        if not problems or _lacks_only_the_owner(found):
            _read_rows(found, table, now, progress)
        found.said_left_out = table.left_out
    finally:
        table.close()
    if not problems and not found.count:
        held = {ImportKind.DEALS: "deals", ImportKind.HISTORY: "history"}.get(kind, "activities")
        raise FileRefused(f"holds no {held}, only a header")
    return found


def open_table(
    file: BinaryIO, said: Reading, known: Known, problems: Problems
) -> tuple[Table, Reading, datetime | None]:
    """The table, how it is to be read, and the import of which that is remembered.

    That is the latest of exactly these columns, else the latest all of whose columns are here.
    """
    encoding = said.encoding or _remembered_encoding(said, known)
    table = Table(file, problems, delimiter=said.delimiter, encoding=encoding, weigh=weight)
    key = hashlib.sha256(columns_key(table.header).encode()).hexdigest()
    same = [earlier for earlier in known.earlier if earlier.key == key]
    fits = [earlier for earlier in known.earlier if _fits(table.header, earlier)]
    for earlier in [*same, *fits][:1]:
        reading = said.over(earlier.reading)
        return table, reading, None if reading == said else earlier.at
    return table, said, None


def _lacks_only_the_owner(found: ImportFile) -> bool:
    """Then everything else that is wrong can be said at once."""
    return {*REQUIRED[found.kind]} - {*found.places} == {Column.OWNER}


def _remembered_encoding(said: Reading, known: Known) -> Encoding | None:
    """Windows-1252 where the latest import was in it: a file in UTF-8 shows that it is."""
    return known.earlier[0].reading.encoding if known.earlier and not said.encoding else None


def _fits(header: tuple[str, ...], earlier: Earlier) -> bool:
    """Whether the header has every column that an earlier reading names, and it names some."""
    names = {name.casefold() for name in header}
    theirs = earlier.reading.columns.values()
    kind = earlier.reading.kind
    same_kind = kind is None or recognise(header) in (None, kind)
    return same_kind and all(name.casefold() in names for name in theirs)


def _reader(found: ImportFile, now: datetime) -> Reader:
    of = (found.places, found.reading, found.known, found.problems, now)
    if found.kind is ImportKind.HISTORY:
        return HistoryReader(*of)
    return ActivityReader(*of) if found.kind is ImportKind.ACTIVITIES else RowReader(*of)


def _read_rows(found: ImportFile, table: Table, now: datetime, progress: Progress) -> None:
    _say_all_of(found)
    reader = _reader(found, now)
    ids, add, read = found.ids, found.rows.add, reader.read
    once = found.kind is not ImportKind.HISTORY
    count = 0
    for line, cells in table.records():
        count += 1
        row = read(line, cells)
        external_id = reader.external_id
        if once and external_id and ids.setdefault(external_id, line) != line:
            says = f"id “{external_id}” is on line {ids[external_id]} already"
            found.problems.add("duplicate", says, line)
        elif row is not None:
            add(row)
        if not count % AT_ONCE:
            progress(count)
    found.count = count
    reader.finish(found)
    _say_forms(found)


def _say_all_of(found: ImportFile) -> None:
    said = found.reading.owner
    if said is None or found.kind is not ImportKind.DEALS or Column.OWNER in found.places:
        return
    try:
        found.all_of = found.known.owner(said)[0]
    except Unusable as unusable:
        found.problems.add("owner of all", f"owner “{said}” {unusable}")


def _say_forms(found: ImportFile) -> None:
    """Of dates that wanted a pattern: the one that fits them all, if it is one."""
    only = found.forms.only
    if found.reading.date_format is None and only:
        says = (
            f"all dates of the file can be read as {only}, and in no other way: "
            f"say --date-format {only}"
        )
        found.problems.add("dates", says)
