"""The answer to a dropped file, in its thread: what it is, what it would change, what is open."""

from collections.abc import Iterator

from handlers import lines, words
from handlers.blocks import actions, button, confirm, context
from handlers.forms import Json
from handlers.ids import Id
from handlers.lines import Bold, Line, Moment
from handlers.message import Rendered
from handlers.pipeline_review import phrases
from models.deals import ImportKind
from models.dropped_files import KEPT, FileState
from models.screens import FileShown, Findings

FIELDS = {
    "id": "Id", "name": "Name", "owner": "Owner", "stage": "Stage", "amount": "Amount",
    "close_date": "Close date", "created_date": "Created", "closed_date": "Closed",
    "stage_since": "In stage since", "last_activity": "Last activity", "url": "Address",
    "currency": "Currency", "deal": "Deal's id", "changed_at": "Came into the stage",
    "property": "Which property changed", "on": "Day", "what": "Kind", "who": "Who",
    "done": "Whether it is done", "is_deleted": "Whether the CRM has deleted it",
    "is_closed": "Whether the CRM calls it closed",
}  # fmt: skip
"""Our columns, as a form and a message call them."""

_WHAT = {
    ImportKind.DEALS: ("deal", "deals"),
    ImportKind.HISTORY: ("record of the deals' stages", "records of the deals' stages"),
    ImportKind.ACTIVITIES: ("activity", "activities"),
}
_LINE = 300
_NAME = 100
_WORDS = 8
_OUTCOMES = 12


def what(kind: ImportKind, count: int) -> str:
    """`1,200 deals`."""
    one, many = _WHAT[kind]
    return f"{count:,} {one if count == 1 else many}"


def file(shown: FileShown) -> Rendered:
    if shown.may is not None and shown.state is not FileState.TAKEN:
        return _not_allowed(shown)
    match shown.state:
        case FileState.READING | FileState.TAKING:
            return _at_work(shown)
        case FileState.ASKING:
            return _asking(shown, _found(shown))
        case FileState.TAKEN:
            return _taken(shown, _found(shown))
        case FileState.REFUSED:
            return _said((_name(shown), f" {words.said(shown.refusal or '', 600)}."))
        case FileState.DISCARDED:
            return _said((_name(shown), " was discarded", *_by(shown), "."))
        case FileState.EXPIRED:
            days = f"{KEPT.days} days"
            return _said((_name(shown), f" waited for {days} and was let go. Drop it again."))


def _found(shown: FileShown) -> Findings:
    if shown.findings is None:
        raise ValueError(f"dropped file {shown.file_id} was not read")
    return shown.findings


def _name(shown: FileShown) -> Bold:
    return Bold(words.said(shown.name, _NAME))


def _said(line: Line) -> Rendered:
    return Rendered("About the file that you dropped.", [lines.rich_text(line)])


def _not_allowed(shown: FileShown) -> Rendered:
    who = phrases.people(shown.may or ())
    ask: Line = ("Ask ", *who, ".") if who else ("An admin can change who does.",)
    line: Line = ("Managers, leaders and admins import files. Nothing was read. ", *ask)
    return Rendered("Your file was not read.", [lines.rich_text(line)])


def _at_work(shown: FileShown) -> Rendered:
    does = "Importing " if shown.state is FileState.TAKING else "Reading "
    far = f" {shown.progress:,} lines so far." if shown.progress else ""
    return Rendered(f"{does}your file.", [lines.rich_text((does, _name(shown), f" …{far}"))])


def _by(shown: FileShown) -> Line:
    if shown.decided_by is None or shown.decided_at is None:
        return ()
    return " by ", phrases.who(shown.decided_by), ", ", Moment(shown.decided_at, shown.zone)


# --- what it is, and what is open


def _asking(shown: FileShown, found: Findings) -> Rendered:
    uncounted = f"{_WHAT[found.kind][1]}, not counted yet"
    held = what(found.kind, found.count) if found.count else uncounted
    head: Line = (_name(shown), f": {held}.")
    blocks = [lines.rich_text(head), lines.rich_list(_reading(found))]
    if found.meanwhile:
        changed = "Nothing was imported: something here has changed since this was read."
        blocks.append(lines.rich_text((Bold(changed),)))
    open_points = list(_open(found))
    if open_points:
        blocks += [lines.rich_text((Bold("Open:"),)), lines.rich_list(open_points)]
    if found.problems:
        blocks += _problems(found)
    if found.outcome:
        blocks += [lines.rich_text((Bold("It would change:"),)), _outcome(found)]
    blocks.append(_buttons(shown, found))
    if found.ready:
        blocks.append(context(("Nothing is written before you import it.",)))
        return Rendered("Your file was read: look, and import it.", blocks)
    return Rendered("Your file was read: something is open.", blocks)


def _reading(found: Findings) -> Iterator[Line]:
    pairs = [f"{FIELDS[ours]} ← {words.said(theirs, 60)}" for ours, theirs in found.columns.items()]
    if pairs:
        yield (words.cut(f"Columns: {', '.join(pairs)}", 1500),)
    yield from ((words.said(line, _LINE),) for line in found.lines)
    if not pairs and not found.lines:
        yield (f"{len(found.header)} columns",)


def _open(found: Findings) -> Iterator[Line]:
    for name in found.missing:
        if name == "owner":
            yield ("No column says who owns the deals: choose one, or whose all of them are.",)
        else:
            yield (f"Which column is “{FIELDS[name]}”?",)
    if len(found.dates) > 1:
        example = words.said(found.date_example, 40)
        yield (f"How are dates like “{example}” to be read: {' or '.join(found.dates)}?",)
    if found.unclear_amounts:
        yield ("Which is the decimal mark of the amounts, “.” or “,”?",)
    if found.stages:
        yield (f"Stages that are none of ours: {_counted(found.stages, found.more_stages)}.",)
    if found.owners:
        counted = _counted(found.owners, found.more_owners)
        yield (f"Owners who match nobody in a team, or several people: {counted}.",)


def _counted(found: tuple[tuple[str, int], ...], more: int) -> str:
    said = [f"{phrases.quoted(word, 60)} ({count:,})" for word, count in found[:_WORDS]]
    rest = len(found) - len(said) + more
    return ", ".join(said) + (f" and {rest:,} more" if rest else "")


def _problems(found: Findings) -> list[Json]:
    head = words.plural(found.problem_count, "problem")
    left = found.problem_count - len(found.problems)
    said: list[Line] = [(words.said(line, _LINE),) for line in found.problems]
    if left > 0:
        where = ": problems.csv in this thread lists them with their lines" if found.listed else ""
        said.append((f"… and {left:,} more{where}.",))
    line: Line = (Bold(f"{head}; nothing is imported while there are any:"),)
    way_out = (
        "What is wrong in a line itself: correct it in the CRM or the file, and drop that again."
    )
    return [lines.rich_text(line), lines.rich_list(said), context((way_out,))]


def _outcome(found: Findings) -> Json:
    return lines.nested_list(
        ((words.said(line, _LINE),), [(words.said(each, _LINE),) for each in under])
        for line, under in found.outcome[:_OUTCOMES]
    )


def _buttons(shown: FileShown, found: Findings) -> Json:
    value = f"{shown.file_id}:{shown.revision}"
    taken = what(found.kind, found.taken) if found.taken else "it all the same"
    accept = button(f"Import {taken}", Id.ACCEPT_FILE, value, primary=bool(found.taken))
    correct = button("Correct the mapping", Id.CORRECT_FILE, value, primary=not found.ready)
    sure = confirm(
        "Discard this file?", "Nothing of it is imported; drop it again at any time.",
        "Discard", "Keep it",
    )  # fmt: skip
    discard = button("Discard", Id.DISCARD_FILE, value, confirm=sure)
    return actions(*([accept] if found.ready else []), correct, discard)


def _taken(shown: FileShown, found: Findings) -> Rendered:
    head: Line = (_name(shown), f": {what(found.kind, found.taken)} imported", *_by(shown), ".")
    blocks = [lines.rich_text(head)]
    if found.outcome:
        blocks.append(_outcome(found))
    remembered = "The next file with these columns is read the same way."
    return Rendered("Your file was imported.", [*blocks, context((remembered,))])
