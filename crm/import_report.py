"""What an import did or would do, in words: the same for a dry run and for the real thing."""

from collections.abc import Iterator
from datetime import date, datetime

from crm.activities_plan import ActivitiesPlan
from crm.changes import Word
from crm.columns import Column
from crm.history_plan import HistoryPlan
from crm.import_file import ImportFile
from crm.import_plan import ImportPlan, Named
from crm.source import Encoding
from crm.table import SEPARATORS
from crm.taking_in import Plan
from models.deals import ImportKind, StageKind

_KINDS = {
    ImportKind.HISTORY: "A history of stages.",
    ImportKind.ACTIVITIES: "Activities.",
}
_ENCODINGS = {Encoding.UTF_16: "UTF-16", Encoding.WINDOWS_1252: "Windows-1252 (Latin-1)"}
_NAMES_SAID = 5

_COLUMNS = {
    Column.STAGE: "stage",
    Column.CLOSE_DATE: "close date",
    Column.AMOUNT: "amount",
    Column.OWNER: "owner",
    Column.NAME: "name",
    Column.CURRENCY: "currency",
    Column.CREATED_DATE: "created",
    Column.CLOSED_DATE: "closed",
    Column.STAGE_SINCE: "in stage since",
    Column.LAST_ACTIVITY: "last activity",
    Column.URL: "address",
}

_HEARD = (
    (Word.OVERRULED, "falls: the CRM says something new", "fall: the CRM says something new"),
    (Word.CONFIRMED, "is in the CRM now", "are in the CRM now"),
    (Word.STANDING, "stands and is not in the CRM yet", "stand and are not in the CRM yet"),
)


def report(plan: Plan) -> Iterator[str]:
    """The lines of the report: how the file was read, its problems, or what it changes."""
    yield from reading_lines(plan.file)
    if plan.file.problems:
        yield from problem_lines(plan.file)
        return
    yield from outcome_lines(plan)


def outcome_lines(plan: Plan) -> Iterator[str]:
    """What the file changes here, or has changed."""
    match plan:
        case ImportPlan():
            yield from _counts(plan)
            yield from _decisions(plan)
        case HistoryPlan():
            yield from _moves(plan)
        case ActivitiesPlan():
            yield from _activities(plan)


def problem_lines(file: ImportFile) -> Iterator[str]:
    """Everything that is wrong with the file; nothing of it is taken in."""
    total = len(file.problems)
    yield f"{_number(total, 'problem')}; nothing of the file is taken in:"
    yield from (f"  {line}" for line in file.problems.lines())


def reading_lines(file: ImportFile, *, options: bool = True) -> Iterator[str]:
    """How the file was read, since nothing is guessed silently.

    `options`: said to somebody who has the command's options.
    """
    if file.kind in _KINDS:
        yield _KINDS[file.kind]
    yield from _text(file)
    if file.as_on is not None:
        yield f"Read as the import of {_moment(file.as_on)}, where nothing else was said."
    mapped = [
        f"{ours} ← {file.header[at]}" for ours, at in file.places.items() if file.header[at] != ours
    ]
    if mapped:
        yield f"Columns: {', '.join(mapped)}."
    left_out = file.left_out()
    if left_out:
        yield f"Not read: {', '.join(name for name, _ours in left_out)}."
    alike = [f"{ours}={name}" for name, ours in left_out if ours is not None]
    if alike and options:
        yield f"Some of them look like ours: --mapping '{','.join(alike)}' would read them."
    for currency, teams in sorted(file.currencies.items()):
        yield f"Amounts of {', '.join(sorted(teams))} are in {currency}."
    yield from _owners(file)
    yield from file.said_left_out


def _text(file: ImportFile) -> Iterator[str]:
    """Encoding and separator, where they are not what everybody expects."""
    if file.encoding in _ENCODINGS:
        yield f"Read as {_ENCODINGS[file.encoding]}."
    if file.delimiter != ",":
        yield f"Separated by {SEPARATORS.get(file.delimiter, repr(file.delimiter))}."
    if file.reading.date_format and file.count:
        yield f"Dates are read as {file.reading.date_format}."
    if file.kind is not ImportKind.DEALS:
        yield f"Times without a zone are those of {file.known.zone.key}."


def _owners(file: ImportFile) -> Iterator[str]:
    if file.all_of is not None:
        yield f"All of them belong to {file.all_of.name}."
    if file.named:
        pairs = [f"{word} → {owner.name}" for word, owner in file.named.items()]
        more = len(pairs) - _NAMES_SAID
        rest = f" and {more:,} more" if more > 0 else ""
        yield f"Owners matched by name alone: {', '.join(pairs[:_NAMES_SAID])}{rest}."


def _counts(plan: ImportPlan) -> Iterator[str]:
    kinds = [
        f"{plan.new_by_kind[kind]:,} {kind.value}" for kind in StageKind if plan.new_by_kind[kind]
    ]
    yield f"{_number(plan.file.count, 'deal')} in the file:"
    yield f"  {plan.new:,} new" + (f": {', '.join(kinds)}" if plan.new else "")
    fields = [
        f"{_COLUMNS[column]} {plan.by_column[column]:,}"
        for column in _COLUMNS
        if plan.by_column[column]
    ]
    yield f"  {len(plan.changed):,} changed" + (f": {', '.join(fields)}" if fields else "")
    yield f"  {plan.unchanged:,} unchanged"
    missing = plan.missing
    if missing.count == 1:
        yield "1 open deal here is not in the file; it is left alone:"
    elif missing.count:
        yield f"{missing.count:,} open deals here are not in the file; they are left alone:"
    yield from _named(missing)


def _decisions(plan: ImportPlan) -> Iterator[str]:
    for word, one, many in _HEARD:
        found = plan.heard[word]
        if found.count:
            yield f"{_number(found.count, 'decision')} {one if found.count == 1 else many}:"
            yield from _named(found)


def _moves(plan: HistoryPlan) -> Iterator[str]:
    yield f"{_number(plan.file.count, 'record')} of {_number(plan.deals, 'deal')} here:"
    yield f"  {plan.new:,} new stage changes"
    yield f"  {plan.corrected:,} known ones get their real moment"
    yield f"  {plan.unchanged:,} unchanged"
    if plan.entered:
        yield f"Of {_number(len(plan.entered), 'deal')} it says since when they are in their stage."
    yield from _skipped(plan.file)
    if plan.elsewhere.count:
        yield f"{_number(plan.elsewhere.count, 'deal')} here in another stage than its last:"
        yield from _named(plan.elsewhere)
    yield from _strangers(plan.strangers)


def _activities(plan: ActivitiesPlan) -> Iterator[str]:
    yield f"{_number(plan.file.count, 'record')} in the file:"
    yield f"  {plan.new:,} new"
    yield f"  {len(plan.changed):,} changed"
    yield f"  {plan.unchanged:,} unchanged"
    if plan.contacted:
        yield f"Of {_number(len(plan.contacted), 'deal')} the last contact is later than was known."
    if plan.file.days:
        first, last = (f"{day.day} {day:%b %Y}" for day in plan.file.days)
        yield f"It tells of the days from {first} to {last}."
    yield from _skipped(plan.file)
    yield from _strangers(plan.strangers)


def _skipped(file: ImportFile) -> Iterator[str]:
    yield from (f"Left out: {count:,} that {why}." for why, count in file.skipped.items())


def _strangers(strangers: Named) -> Iterator[str]:
    if strangers.count:
        yield f"{_number(strangers.count, 'deal')} of the file not here; left out:"
        yield from _named(strangers)


def _named(deals: Named) -> Iterator[str]:
    yield from (f"  {words}" for words in deals.first)
    if deals.count > len(deals.first):
        yield f"  … and {deals.count - len(deals.first):,} more"


def _number(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def _moment(moment: datetime) -> str:
    day: date = moment.date()
    return f"{day:%a} {day.day} {day:%b %Y}"
