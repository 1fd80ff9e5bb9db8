"""A CRM's file read whole: what it holds in our words, or everything that is wrong with it."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
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
from crm.source import Encoding, NotUtf8
from crm.table import Table
from crm.words import Cells, Memory, says_yes
from models.deals import ImportKind

DELETED = "are deleted in the CRM"
"""Why a record was left out (`ImportFile.skipped`)."""

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
    owner_unused: bool = False
    """That was said and has no use: a column says it, or the file holds no deals."""
    unknown_owners: Counter[str] = field(default_factory=Counter)
    unknown_stages: Counter[str] = field(default_factory=Counter)
    forms: Forms = field(default_factory=Forms)
    """How dates that could not be read may be read."""
    unclear_amounts: bool = False
    skipped: Counter[str] = field(default_factory=Counter)
    """Records that are none of ours, by why."""
    deleted: set[str] = field(default_factory=set)
    """Ids of the deals that the CRM has deleted."""
    closed_in_open: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Deals that the CRM calls closed, by its word for their stage and the open one of ours."""
    said_left_out: list[str] = field(default_factory=list)
    """Lines that were left out, a sentence each."""
    days: tuple[date, date] | None = None
    """The first and last day of the activities in it, those of deals that are not here too."""

    @property
    def key(self) -> str:
        """What files of the same columns have in common."""
        return columns_key(self.header)

    def left_out(self) -> list[tuple[str, Column | None]]:
        """The file's columns that were not read, each with the one of ours it looks like."""
        return [one for one in not_read(self.kind, self.header, self.places) if one[0]]


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
        readable = not problems or _lacks_only_the_owner(found)
        _say_all_of(found, said)
        if readable:
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
    table = _table(file, said, known, problems)
    if table.source.encoding is Encoding.WINDOWS_1252:
        said = said.model_copy(update={"encoding": Encoding.WINDOWS_1252})
    key = columns_key(table.header)
    same = [earlier for earlier in known.earlier if earlier.key == key]
    fits = [earlier for earlier in known.earlier if _fits(table.header, earlier)]
    for earlier in [*same, *fits][:1]:
        shown = {"encoding": said.encoding, "delimiter": said.delimiter}  # by the file itself
        reading = said.over(earlier.reading).model_copy(update=shown)
        return table, reading, None if reading == said else earlier.at
    return table, said, None


def _lacks_only_the_owner(found: ImportFile) -> bool:
    """Then everything else that is wrong can be said at once."""
    return {*REQUIRED[found.kind]} - {*found.places} == {Column.OWNER}


def _table(file: BinaryIO, said: Reading, known: Known, problems: Problems) -> Table:
    """In Windows-1252 where it is no Unicode and the latest import was in that."""
    try:
        return Table(file, problems, delimiter=said.delimiter, encoding=said.encoding, weigh=weight)
    except NotUtf8:
        latest = known.earlier[0].reading.encoding if known.earlier else None
        if said.encoding is not None or latest is not Encoding.WINDOWS_1252:
            raise
        return Table(file, problems, delimiter=said.delimiter, encoding=latest, weigh=weight)


def _fits(header: tuple[str, ...], earlier: Earlier) -> bool:
    """Whether the header has every column that an earlier reading names, and it names some."""
    names = {name.casefold() for name in header}
    theirs = earlier.reading.columns.values()
    kind = earlier.reading.kind
    same_kind = kind is None or recognise(header) in (None, kind)
    return same_kind and bool(theirs) and all(name.casefold() in names for name in theirs)


_READERS: dict[ImportKind, Callable[[ImportFile, datetime], Reader]] = {
    ImportKind.DEALS: RowReader,
    ImportKind.HISTORY: HistoryReader,
    ImportKind.ACTIVITIES: ActivityReader,
}


def _read_rows(found: ImportFile, table: Table, now: datetime, progress: Progress) -> None:
    reader = _READERS[found.kind](found, now)
    ids, add, read = found.ids, found.rows.add, reader.read
    once = found.kind is not ImportKind.HISTORY
    count = 0
    for line, cells in _not_deleted(found, table.records()):
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
    found.count = count + found.skipped[DELETED]
    reader.finish(found)
    _say_forms(found)


def _not_deleted(
    found: ImportFile, records: Iterable[tuple[int, list[str]]]
) -> Iterator[tuple[int, list[str]]]:
    """Without what the CRM has deleted: nothing else of it counts, so nothing of it is wrong."""
    if Column.IS_DELETED not in found.places:
        yield from records
        return
    flags = Memory(says_yes)
    of = Cells(found.places, found.problems)
    for of.line, of.cells in records:
        if not of.value(Column.IS_DELETED, flags):
            yield of.line, of.cells
            continue
        found.skipped[DELETED] += 1
        if found.kind is ImportKind.DEALS:
            found.deleted.add(" ".join(of.cell(Column.ID).split()))


def _say_all_of(found: ImportFile, said: Reading) -> None:
    """Who was said to own all of them is checked, also where that has no use."""
    unused = found.kind is not ImportKind.DEALS or Column.OWNER in found.places
    word = said.owner if unused else found.reading.owner
    if word is None:
        return
    try:
        owner, _by = found.known.owner(word)
    except Unusable as unusable:
        option = ": say --owner with the e-mail or Slack id of somebody in a team"
        found.problems.add("owner of all", f"owner “{word}” {unusable.says}", option=option)
        return
    found.owner_unused = unused
    found.all_of = None if unused else owner


def _say_forms(found: ImportFile) -> None:
    """Of dates that wanted a pattern: the one that fits them all, if it is one."""
    only = found.forms.only
    if found.reading.date_format is None and only:
        says = f"all dates of the file can be read as {only}, and in no other way"
        found.problems.hint(f"{says}: say --date-format {only}")
