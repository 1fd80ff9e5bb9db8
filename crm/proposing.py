"""Reading a file as it proposes by itself, for somebody who is shown that and decides.

Columns that look like ours are taken, a date form or decimal mark that is the only one with which
everything can be read, Windows-1252 where it is no Unicode, the first of several separators. Each
of these is said. What people said outranks it, and so does what is remembered of a file with these
columns.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, BinaryIO

from crm.amounts import decimal_mark
from crm.columns import DATES, REQUIRED, Column, columns_of, proposal, recognise
from crm.import_file import ImportFile, Progress, open_table, read_file
from crm.import_report import beside_columns, dates_lines, outcome
from crm.known import Known
from crm.mapping import Reading
from crm.problems import Problems
from crm.source import Encoding, NotUtf8
from crm.table import SeveralSeparators
from crm.taking_in import Plan
from models.deals import ImportKind

FIRST_PROBLEMS = 10
MOST_WORDS = 25
"""So many unknown stages, and so many owners, are asked about at once."""
MOST_HEADER = 300


@dataclass
class Proposed:
    """A file as it was read, and what of that the file itself proposed, a sentence each.

    `dates_noted`: one of them says how its dates are read.
    """

    file: ImportFile
    notes: list[str] = field(default_factory=list)
    dates_noted: bool = False


def read_as_proposed(
    file: BinaryIO,
    said: Reading,
    known: Known,
    now: datetime,
    progress: Progress = lambda _count: None,
) -> Proposed:
    """Reads it, twice where that settles its dates or amounts. Raises FileRefused."""
    notes: list[str] = []
    reading = _proposed(file, said, known, notes)
    found = read_file(file, reading, known, now, progress)
    settled = _settled(file, found, known, notes)
    if settled is None:
        return Proposed(found, notes)
    found.rows.close()
    dates_noted = settled.date_format != found.reading.date_format
    return Proposed(read_file(file, settled, known, now, progress), notes, dates_noted)


def _proposed(file: BinaryIO, said: Reading, known: Known, notes: list[str]) -> Reading:
    """What was said, with an encoding, a separator and columns where nobody said them."""
    try:
        return _with_columns(file, said, known)
    except NotUtf8 as other:
        update: dict[str, Any] = {"encoding": Encoding.WINDOWS_1252}
        example = f": line {other.line} reads “{other.example}”" if other.example else ""
        notes.append(f"It is not in UTF-8; as Windows-1252 its text can be read{example}.")
    except SeveralSeparators as several:
        update = {"delimiter": several.marks[0]}
        notes.append(f"It {several.says}; it is read with the first of these.")
    return _proposed(file, said.model_copy(update=update), known, notes)


def _with_columns(file: BinaryIO, said: Reading, known: Known) -> Reading:
    """What was said, with columns that look alike where nothing was said or is remembered."""
    table, reading, _as_on = open_table(file, said, known, Problems())
    table.close()
    kind = reading.kind or recognise(table.header) or ImportKind.DEALS
    if reading.columns:
        return said
    return said.model_copy(update={"columns": proposal(kind, table.header)})


def _settled(file: BinaryIO, found: ImportFile, known: Known, notes: list[str]) -> Reading | None:
    """The reading once dates and amounts have settled how they are read; None: nothing has."""
    update: dict[str, Any] = {}
    if found.reading.date_format is None and found.forms.only is not None:
        update["date_format"] = found.forms.only
        notes.append(
            f"Dates can be read in one way alone: “{found.forms.example}” shows that they are "
            f"{found.forms.only}."
        )
    if found.unclear_amounts and found.reading.decimal is None:
        mark = decimal_mark(_amounts(file, found, known))
        if mark is not None:
            update["decimal"] = mark
            notes.append(f"Amounts can be read in one way alone: “{mark}” is their decimal mark.")
    return found.reading.model_copy(update=update) if update else None


def _amounts(file: BinaryIO, found: ImportFile, known: Known) -> Iterator[str]:
    table, _reading, _as_on = open_table(file, found.reading, known, Problems())
    try:
        at = found.places[Column.AMOUNT]
        for _line, cells in table.records():
            yield cells[at]
    finally:
        table.close()


# --- what is shown of it


def findings(
    proposed: Proposed, plan: Plan | None, *, meanwhile: bool = False, done: bool = False
) -> dict[str, Any]:
    """Everything that a message and a modal show of the file, as it is kept (JSON)."""
    file = proposed.file
    missing = [
        str(column)
        for column in REQUIRED[file.kind]
        if column not in file.places and not (column is Column.OWNER and file.reading.owner)
    ]
    listed = all_problems(file)
    return {
        "kind": file.kind.value,
        "count": file.count,
        "taken": 0 if plan is None else plan.taken,
        "header": _header(file),
        "fields": [str(column) for column in columns_of(file.kind)],
        "required": [str(column) for column in REQUIRED[file.kind]],
        "columns": {str(ours): file.header[at] for ours, at in file.places.items()},
        "reading": file.reading.model_dump(mode="json", exclude_defaults=True),
        "delimiter": file.delimiter,
        "encoding": file.encoding.value,
        "lines": [
            *proposed.notes,
            *(() if proposed.dates_noted else dates_lines(file)),
            *beside_columns(file),
        ],
        "missing": missing,
        "dates": sorted(file.forms.possible or ()) if file.reading.date_format is None else [],
        "date_example": file.forms.example,
        "unclear_amounts": file.unclear_amounts and file.reading.decimal is None,
        "stages": file.unknown_stages.most_common(MOST_WORDS),
        "more_stages": max(len(file.unknown_stages) - MOST_WORDS, 0),
        "owners": file.unknown_owners.most_common(MOST_WORDS),
        "more_owners": max(len(file.unknown_owners) - MOST_WORDS, 0),
        "problems": [_with_line(*one) for one in listed[:FIRST_PROBLEMS]],
        "problem_count": problem_count(file),
        "outcome": [] if plan is None or file.problems else list(outcome(plan)),
        "ready": not file.problems,
        "meanwhile": meanwhile,
        "done": done,
    }


def _header(file: ImportFile) -> list[str]:
    """Its columns, the first of them, and wherever they stand those that are read."""
    names = dict.fromkeys(name for name in file.header if name)
    read = {file.header[at] for at in file.places.values()}
    return [name for place, name in enumerate(names) if place < MOST_HEADER or name in read]


def all_problems(file: ImportFile) -> list[tuple[int | None, str]]:
    """Every problem that is kept, with its line, but for what is asked about in one question."""
    asked = _asked(file)
    return [(line, says) for kind, line, says in file.problems.listed if kind not in asked]


def problem_count(file: ImportFile) -> int:
    """How many there are of these."""
    asked = _asked(file)
    return sum(count for kind, count in file.problems.counts().items() if kind not in asked)


def _asked(file: ImportFile) -> set[str]:
    """The kinds of problems that a question about the whole file stands for."""
    asked = {"owner of all"}
    if set(REQUIRED[file.kind]) - set(file.places):
        asked.add("header")
    asked |= {f"{Column.STAGE} {word}" for word in file.unknown_stages}
    asked |= {f"{Column.OWNER} {word}" for word in file.unknown_owners}
    if file.reading.date_format is None and len(file.forms.possible or ()) > 1:
        asked |= {f"{column} " for column in DATES}
    if file.unclear_amounts and file.reading.decimal is None:
        asked.add(f"{Column.AMOUNT} ")
    return asked


def _with_line(line: int | None, says: str) -> str:
    return f"Line {line}: {says}" if line is not None else says
