"""What an import did or would do, in words: the same for a dry run and for the real thing."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from typing import NamedTuple

from crm.activities_plan import ActivitiesPlan
from crm.changes import Word
from crm.columns import Column, quoted
from crm.history_plan import HistoryPlan
from crm.import_file import DELETED, ImportFile
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


class Said(NamedTuple):
    """A line, and what belongs under it: what it counts or names, a line each."""

    line: str
    under: tuple[str, ...] = ()


def report(plan: Plan) -> Iterator[str]:
    """The lines of the report: how the file was read, and what it changes."""
    yield from reading_lines(plan.file)
    for said in outcome(plan):
        yield said.line
        yield from (f"  {line}" for line in said.under)


def outcome(plan: Plan) -> Iterator[Said]:
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


def reading_lines(file: ImportFile) -> Iterator[str]:
    """How the file was read, since nothing is guessed silently, to whoever typed the command."""
    yield from _source(file)
    yield from dates_lines(file)
    mapped = [
        f"{ours} ← {file.header[at]}" for ours, at in file.places.items() if file.header[at] != ours
    ]
    if mapped:
        yield f"Columns: {', '.join(mapped)}."
    yield from _left_out(file)
    times = Counter(name.casefold() for name in file.header)
    alike = [
        f"{ours}={quoted(name)}"
        for name, ours in file.left_out()
        if ours is not None and times[name.casefold()] == 1
    ]
    if alike:
        yield f"Some of them look like ours: --mapping '{','.join(alike)}' would read them."
    if file.owner_unused and file.kind is ImportKind.DEALS:
        theirs = file.header[file.places[Column.OWNER]]
        yield f"--owner has no use here: the column “{theirs}” says who owns each deal."
    elif file.owner_unused:
        yield "--owner has no use here: it is for files of deals."
    yield from _what_it_holds(file)


def beside_columns(file: ImportFile) -> Iterator[str]:
    """How the file was read, to whoever is shown its columns and dates in another way."""
    yield from _source(file)
    yield from _left_out(file)
    yield from _what_it_holds(file)


def dates_lines(file: ImportFile) -> Iterator[str]:
    """In which form its dates are read, if one was said or found."""
    if file.reading.date_format and file.count:
        yield f"Dates are read as {file.reading.date_format}."


def _source(file: ImportFile) -> Iterator[str]:
    """Its kind, what of its text nobody would expect, and whose way of reading it is."""
    if file.kind in _KINDS:
        yield _KINDS[file.kind]
    if file.encoding in _ENCODINGS:
        yield f"Read as {_ENCODINGS[file.encoding]}."
    if file.delimiter != ",":
        yield f"Separated by {SEPARATORS.get(file.delimiter, repr(file.delimiter))}."
    if file.kind is not ImportKind.DEALS:
        yield f"Times without a zone are those of {file.known.zone.key}."
    if file.as_on is not None:
        yield f"Read as the import of {_moment(file.as_on)}, where nothing else was said."


def _left_out(file: ImportFile) -> Iterator[str]:
    names: dict[str, list[str]] = {}
    for name, _ours in file.left_out():
        names.setdefault(name.casefold(), []).append(name)
    said = [one[0] if len(one) == 1 else f"{one[0]} ({len(one)} columns)" for one in names.values()]
    if said:
        yield f"Not read: {', '.join(said)}."


def _what_it_holds(file: ImportFile) -> Iterator[str]:
    for currency, teams in sorted(file.currencies.items()):
        yield f"Amounts of {', '.join(sorted(teams))} are in {currency}."
    yield from _owners(file)
    yield from file.said_left_out


def _owners(file: ImportFile) -> Iterator[str]:
    if file.all_of is not None:
        yield f"All of them belong to {file.all_of.name}."
    if file.named:
        pairs = [
            word if word == owner.name else f"{word} → {owner.name}"
            for word, owner in file.named.items()
        ]
        more = len(pairs) - _NAMES_SAID
        rest = f" and {more:,} more" if more > 0 else ""
        yield f"Owners matched by name alone: {', '.join(pairs[:_NAMES_SAID])}{rest}."


def _counts(plan: ImportPlan) -> Iterator[Said]:
    kinds = [
        f"{plan.new_by_kind[kind]:,} {kind.value}" for kind in StageKind if plan.new_by_kind[kind]
    ]
    fields = [
        f"{_COLUMNS[column]} {plan.by_column[column]:,}"
        for column in _COLUMNS
        if plan.by_column[column]
    ]
    counts = (
        f"{plan.new:,} new" + (f": {', '.join(kinds)}" if plan.new else ""),
        f"{len(plan.changed):,} changed" + (f": {', '.join(fields)}" if fields else ""),
        f"{plan.unchanged:,} unchanged",
    )
    deleted = plan.file.skipped[DELETED]
    left_out = (f"{deleted:,} deleted in the CRM: left out",) if deleted else ()
    yield Said(f"{_number(plan.file.count, 'deal')} in the file:", (*counts, *left_out))
    yield from _closed_in_open(plan.file)
    if plan.deleted.count == 1:
        says = "1 open deal here is deleted in the CRM; it stays until a review removes it:"
        yield Said(says, _named(plan.deleted))
    elif plan.deleted.count:
        says = f"{plan.deleted.count:,} open deals here are deleted in the CRM; they stay until a "
        yield Said(f"{says}review removes them:", _named(plan.deleted))
    missing = plan.missing
    if missing.count == 1:
        yield Said("1 open deal here is not in the file; it is left alone:", _named(missing))
    elif missing.count:
        says = f"{missing.count:,} open deals here are not in the file; they are left alone:"
        yield Said(says, _named(missing))


def _closed_in_open(file: ImportFile) -> Iterator[Said]:
    """A stage that is perhaps mapped wrongly."""
    count = file.closed_in_open.total()
    if count:
        said = "1 deal is" if count == 1 else f"{count:,} deals are"
        under = Named()
        for (theirs, ours), of in file.closed_in_open.most_common():
            under.add(f"“{theirs}” → {ours}: {of:,}" if theirs != ours else f"{ours}: {of:,}")
        yield Said(f"{said} closed in the CRM, yet in a stage that is open here:", _named(under))


def _decisions(plan: ImportPlan) -> Iterator[Said]:
    for word, one, many in _HEARD:
        found = plan.heard[word]
        if found.count:
            says = f"{_number(found.count, 'decision')} {one if found.count == 1 else many}:"
            yield Said(says, _named(found))


def _moves(plan: HistoryPlan) -> Iterator[Said]:
    counts = (
        f"{plan.new:,} new stage changes",
        f"{plan.corrected:,} known ones get their real moment",
        f"{plan.unchanged:,} unchanged",
    )
    records = _number(plan.taken, "record")
    yield Said(f"{records} of {_number(plan.deals, 'deal')} here:", counts)
    if plan.entered:
        deals = _number(len(plan.entered), "deal")
        yield Said(f"Of {deals} it says since when they are in their stage.")
    yield from _skipped(plan.file)
    if plan.elsewhere.count:
        says = f"{_number(plan.elsewhere.count, 'deal')} here in another stage than its last:"
        yield Said(says, _named(plan.elsewhere))
    yield from _strangers(plan.strangers)


def _activities(plan: ActivitiesPlan) -> Iterator[Said]:
    counts = (
        f"{plan.new:,} new",
        f"{len(plan.changed):,} changed",
        f"{plan.unchanged:,} unchanged",
    )
    yield Said(f"{_number(plan.file.count, 'record')} in the file:", counts)
    if plan.contacted:
        deals = _number(len(plan.contacted), "deal")
        yield Said(f"Of {deals} the last contact is later than was known.")
    if plan.file.days:
        first, last = (f"{day.day} {day:%b %Y}" for day in plan.file.days)
        yield Said(f"It tells of the days from {first} to {last}.")
    yield from _skipped(plan.file)
    yield from _strangers(plan.strangers)


def _skipped(file: ImportFile) -> Iterator[Said]:
    yield from (Said(f"Left out: {count:,} that {why}.") for why, count in file.skipped.items())


def _strangers(strangers: Named) -> Iterator[Said]:
    if strangers.count:
        says = f"{_number(strangers.count, 'deal')} of the file not here; left out:"
        yield Said(says, _named(strangers))


def _named(deals: Named) -> tuple[str, ...]:
    more = deals.count - len(deals.first)
    return (*deals.first, *([f"… and {more:,} more"] if more > 0 else []))


def _number(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def _moment(moment: datetime) -> str:
    day: date = moment.date()
    return f"{day:%a} {day.day} {day:%b %Y}"
