"""A file that somebody dropped: its message in the thread of the drop, and the form about it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from models.access import Refused
from models.deals import ImportKind, stages
from models.dropped_files import (
    DroppedFile,
    FileState,
    get_file,
    importers,
    require_asking,
    require_importer,
)
from models.people import Person, get_person, person_by_slack_id
from models.screens.pieces import who, who_shown
from models.screens.shown import Who

Counted = tuple[tuple[str, int], ...]
"""Words of the file, each with how often it stands there."""
Nested = tuple[tuple[str, tuple[str, ...]], ...]
"""Lines, each with those that belong under it."""


@dataclass(frozen=True)
class Findings:
    """What reading the file found. `lines` say how it was read, `outcome` what it changes.

    `count` are the records in it, `taken` those of them that concern what is or will be here.
    `columns` are ours with theirs, `missing` those of ours that it must have and that nobody knows
    where. `dates`: the forms in which its dates can be read, where nobody said in which. `listed`:
    a file in the thread lists all problems. `meanwhile`: it was accepted and could not be taken in,
    since something here has changed.
    """

    kind: ImportKind
    count: int
    taken: int
    header: tuple[str, ...]
    fields: tuple[str, ...]
    required: tuple[str, ...]
    columns: dict[str, str]
    reading: dict[str, Any]
    delimiter: str
    encoding: str
    lines: tuple[str, ...]
    missing: tuple[str, ...]
    dates: tuple[str, ...]
    date_example: str
    unclear_amounts: bool
    stages: Counted
    more_stages: int
    owners: Counted
    more_owners: int
    problems: tuple[str, ...]
    problem_count: int
    outcome: Nested
    ready: bool
    meanwhile: bool
    done: bool
    listed: bool


@dataclass(frozen=True)
class FileShown:
    """One dropped file. `may` None: its person may import; else who could instead."""

    file_id: int
    revision: int
    name: str
    zone: str
    state: FileState
    refusal: str | None
    progress: int
    findings: Findings | None
    decided_by: Who | None
    decided_at: datetime | None
    may: tuple[Who, ...] | None


@dataclass(frozen=True)
class FileForm:
    """What is to be said about a file. `all_of`: to whom all of its deals were given."""

    shown: FileShown
    findings: Findings
    stages: tuple[str, ...]
    all_of: Who | None = None


def dropped_file(session: Session, file_id: int, _now: datetime) -> FileShown | None:
    """The answer in the thread of the drop. None: its person is not active any more."""
    file = get_file(session, file_id)
    person = get_person(session, file.person_id)
    return _shown(session, file, person) if person.active else None


def file_form(session: Session, actor: Person, file_id: int) -> FileForm:
    """What may be corrected about how a file is read. Raises as `dropped_files.accept`."""
    file = require_asking(session, actor, file_id)
    shown = _shown(session, file, actor)
    if shown.findings is None:
        raise ValueError(f"dropped file {file_id} asks without findings")
    all_of = shown.findings.reading.get("owner")
    person = None if all_of is None else person_by_slack_id(session, all_of)
    return FileForm(
        shown=shown,
        findings=shown.findings,
        stages=tuple(stage.name for stage in stages(session)),
        all_of=None if person is None else who_shown(person),
    )


def _shown(session: Session, file: DroppedFile, person: Person) -> FileShown:
    by = None if file.decided_by_id is None else get_person(session, file.decided_by_id)
    return FileShown(
        file_id=file.id,
        revision=file.revision,
        name=file.name,
        zone=person.zone,
        state=file.state,
        refusal=file.refusal,
        progress=file.progress,
        findings=None if not file.findings else _findings(file.findings),
        decided_by=None if by is None else who_shown(by),
        decided_at=file.decided_at,
        may=None if importers(person) else _who_may(session, person),
    )


def _who_may(session: Session, person: Person) -> tuple[Who, ...]:
    try:
        require_importer(session, person)
    except Refused as refused:
        return who(session, refused.allowed)
    return ()


def _findings(kept: dict[str, Any]) -> Findings:
    pairs = {name: tuple((word, count) for word, count in kept[name]) for name in _COUNTED}
    several = {name: tuple(kept[name]) for name in _SEVERAL}
    outcome = tuple((line, tuple(under)) for line, under in kept["outcome"])
    before = {"taken": kept["count"]}  # of files that were read before this was kept
    return Findings(
        **before | kept | pairs | several | {"outcome": outcome, "kind": ImportKind(kept["kind"])}
    )


_COUNTED = ("stages", "owners")
_SEVERAL = ("header", "fields", "required", "lines", "missing", "dates", "problems")
