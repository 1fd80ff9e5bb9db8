"""Files that people dropped into their conversation with the bot, from the drop to the import.

The file's content is kept here while it is needed, so that a restart or another replica goes on
with it. Who works on it (crm reads, a worker fetches) holds a lease in real time; what it found is
shown in the thread of the drop. Nothing is taken in before somebody who may has accepted it, once.
"""

import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    delete,
    or_,
    select,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.access import Act, Refused
from models.base import Base, InWorkspace, RuleBroken, insert_once, one_of, within_workspace
from models.delivery import Kind, owe, refresh
from models.people import Person, Role, admins, get_person, workspace_id_of

KEPT = timedelta(days=7)
"""How long a file waits for its person; then its content is deleted."""


class FileState(StrEnum):
    READING = "reading"  # to be fetched from Slack, or to be read (again)
    ASKING = "asking"  # read: its person decides
    REFUSED = "refused"  # it cannot be read, or this person may not: `refusal` says why
    TAKING = "taking"  # accepted, to be taken in
    TAKEN = "taken"
    DISCARDED = "discarded"
    EXPIRED = "expired"


class DroppedFile(InWorkspace, Base):
    """One file of one message. `reading`: how its person said that it is to be read.

    `findings` is what reading it found (crm's words), `revision` counts how often it was read anew;
    `attempt` is the epoch of the worker's claim. `notices_id`: Slack's id of the file that lists
    all problems, and `notices_for` the revision that it is of.
    """

    __tablename__ = "dropped_files"
    __table_args__ = (
        UniqueConstraint("workspace_id", "id"),
        UniqueConstraint("workspace_id", "slack_file_id", "message_ts"),
        within_workspace("person_id", "people"),
        within_workspace("decided_by_id", "people"),
        within_workspace("import_id", "imports"),
        Index("ix_dropped_files_state", "state", "lease_until"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int]
    slack_file_id: Mapped[str] = mapped_column(String(32))
    message_ts: Mapped[str] = mapped_column(String(32))
    channel_id: Mapped[str] = mapped_column(String(32))
    name: Mapped[str] = mapped_column(String(255))
    dropped_at: Mapped[datetime]
    state: Mapped[FileState] = mapped_column(one_of(FileState, "state"))
    fetched: Mapped[bool] = mapped_column(default=False)
    reading: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    findings: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    revision: Mapped[int] = mapped_column(default=0)
    refusal: Mapped[str | None] = mapped_column(Text)
    progress: Mapped[int] = mapped_column(default=0)
    decided_by_id: Mapped[int | None]
    decided_at: Mapped[datetime | None]
    import_id: Mapped[int | None]
    attempt: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    notices_id: Mapped[str | None] = mapped_column(String(32))
    notices_for: Mapped[int | None]


class DroppedPiece(InWorkspace, Base):
    """A piece of a file's content, compressed (zlib)."""

    __tablename__ = "dropped_pieces"
    __table_args__ = (
        UniqueConstraint("workspace_id", "file_id", "position"),
        within_workspace("file_id", "dropped_files"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    file_id: Mapped[int]
    position: Mapped[int]
    content: Mapped[bytes] = mapped_column(LargeBinary)


# --- the rules


class UnknownFile(RuleBroken):
    """No such dropped file in this workspace."""


class AlreadyDecided(RuleBroken):
    """The file was accepted or discarded before, or has expired. `by`: a person's id."""

    def __init__(self, state: FileState, by: int | None) -> None:
        super().__init__(state, by)
        self.state = state
        self.by = by


class NotYetRead(RuleBroken):
    """It is being read just now."""


class ReadAnew(RuleBroken):
    """It was read anew since the button was drawn: the message shows what would happen now."""


class StillOpen(RuleBroken):
    """Something about it is open, or wrong: it cannot be taken in like this."""


def importers(person: Person) -> bool:
    """Whether this person may import: managers, leaders and admins (product.md, "First run")."""
    return person.active and (person.is_admin or person.role in (Role.MANAGER, Role.LEADER))


def require_importer(session: Session, actor: Person) -> None:
    """Let this person import, or raise `Refused` with who may: their chief, else the admins."""
    if importers(actor):
        return
    above = [] if actor.reports_to_id is None else [get_person(session, actor.reports_to_id)]
    allowed = [person for person in [*above, *admins(session)] if importers(person)]
    raise Refused(Act.IMPORT, tuple(dict.fromkeys(person.id for person in allowed)))


def drop(
    session: Session,
    person: Person,
    now: datetime,
    *,
    slack_file_id: str,
    message_ts: str,
    channel_id: str,
    name: str,
) -> None:
    """A file was dropped: it is answered in its thread. The same drop again changes nothing.

    From somebody who may not import it is refused there; then nothing is fetched.
    """
    may = importers(person)
    values: dict[str, Any] = {
        "workspace_id": workspace_id_of(session),
        "person_id": person.id,
        "slack_file_id": slack_file_id,
        "message_ts": message_ts,
        "channel_id": channel_id,
        "name": name[-255:],
        "dropped_at": now,
        "state": FileState.READING if may else FileState.REFUSED,
        "reading": {},
    }
    unique = ("workspace_id", "slack_file_id", "message_ts")
    if not insert_once(session, DroppedFile, values, *unique):
        return
    found = select(DroppedFile.id).where(
        DroppedFile.slack_file_id == slack_file_id, DroppedFile.message_ts == message_ts
    )
    file_id = session.scalars(found).one()
    owe(
        session,
        Kind.IMPORT_FILE,
        file_id,
        dedupe_key=f"dropped:{file_id}",
        due_at=now,
        person_id=person.id,
        in_thread=message_ts,
    )


def get_file(session: Session, file_id: int, *, lock: bool = False) -> DroppedFile:
    """The file. Raises `UnknownFile`."""
    wanted = select(DroppedFile).where(DroppedFile.id == file_id)
    if lock:
        wanted = wanted.with_for_update().execution_options(populate_existing=True)
    found = session.scalar(wanted)
    if found is None:
        raise UnknownFile(file_id)
    return found


def accept(session: Session, actor: Person, file_id: int, revision: int, now: datetime) -> None:
    """One click: the file as it was read in this revision is to be taken in.

    Raises `Refused`, `AlreadyDecided`, `NotYetRead`, `ReadAnew`, `StillOpen`.
    """
    file = _asking(session, actor, file_id, revision)
    if not (file.findings or {}).get("ready"):
        raise StillOpen(file_id)
    _decide(session, file, actor, FileState.TAKING, now)


def discard(session: Session, actor: Person, file_id: int, now: datetime) -> None:
    """It is not taken in, and its content is deleted. Raises as `accept`."""
    file = _asking(session, actor, file_id, None)
    _decide(session, file, actor, FileState.DISCARDED, now)
    forget_content(session, file)


def correct(
    session: Session, actor: Person, file_id: int, reading: dict[str, Any], now: datetime
) -> None:
    """It is to be read anew, like this. Raises as `accept`."""
    file = _asking(session, actor, file_id, None)
    file.reading, file.state, file.progress, file.tries = reading, FileState.READING, 0, 0
    refresh(session, Kind.IMPORT_FILE, file.id, now)


def require_asking(session: Session, actor: Person, file_id: int) -> DroppedFile:
    """The file, if this person may correct how it is read. Raises as `accept`."""
    return _asking(session, actor, file_id, None)


def _asking(session: Session, actor: Person, file_id: int, revision: int | None) -> DroppedFile:
    require_importer(session, actor)
    file = get_file(session, file_id, lock=True)
    if file.state is FileState.READING:
        raise NotYetRead(file_id)
    if file.state is not FileState.ASKING:
        raise AlreadyDecided(file.state, file.decided_by_id)
    if revision is not None and revision != file.revision:
        raise ReadAnew(file_id)
    return file


def _decide(
    session: Session, file: DroppedFile, actor: Person, state: FileState, now: datetime
) -> None:
    file.state, file.decided_by_id, file.decided_at = state, actor.id, now
    file.progress = file.tries = 0
    refresh(session, Kind.IMPORT_FILE, file.id, now)


# --- what the worker does


@dataclass(frozen=True)
class FileClaim:
    """A file in a worker's hands. Only the holder of the newest `attempt` may write."""

    id: int
    workspace_id: str
    attempt: int
    state: FileState
    fetched: bool
    name: str
    reading: dict[str, Any]


class FileLost(Exception):
    """Another worker has it now, or it was decided about meanwhile."""


_WORK = (FileState.READING, FileState.TAKING)


def claim_file(session: Session, real: datetime, lease: timedelta) -> FileClaim | None:
    """The file that has waited longest for a worker, of any workspace; None: none waits."""
    waits = or_(DroppedFile.lease_until.is_(None), DroppedFile.lease_until < real)
    wanted = select(DroppedFile).where(DroppedFile.state.in_(_WORK), waits)
    in_order = wanted.order_by(DroppedFile.id).limit(1)
    file = session.scalar(in_order.with_for_update(skip_locked=True))
    if file is None:
        return None
    file.attempt += 1
    file.tries += 1
    file.lease_until = real + lease
    session.flush()
    return FileClaim(
        file.id, file.workspace_id, file.attempt, file.state, file.fetched, file.name,
        file.reading,
    )  # fmt: skip


def held(session: Session, claim: FileClaim) -> DroppedFile:
    """The file, still this worker's, locked. Raises `FileLost`."""
    file = get_file(session, claim.id, lock=True)
    if file.attempt != claim.attempt or file.state is not claim.state:
        raise FileLost
    return file


def went_on(
    session: Session, claim: FileClaim, count: int, now: datetime, lease_until: datetime
) -> None:
    """So many records were read: the lease goes on, and the message says so."""
    file = held(session, claim)
    file.progress, file.lease_until = count, lease_until
    refresh(session, Kind.IMPORT_FILE, file.id, now)


def keep_content(session: Session, claim: FileClaim, pieces: Iterable[bytes]) -> None:
    """Keeps what was fetched, in pieces."""
    file = held(session, claim)
    forget_content(session, file)
    for position, piece in enumerate(pieces):
        packed = zlib.compress(piece, 6)
        session.add(DroppedPiece(file_id=file.id, position=position, content=packed))
        session.flush()
        session.expunge_all()
    get_file(session, claim.id).fetched = True


def content(session: Session, file_id: int) -> Iterator[bytes]:
    """What was fetched, piece by piece."""
    ids = select(DroppedPiece.id).where(DroppedPiece.file_id == file_id)
    for piece_id in session.scalars(ids.order_by(DroppedPiece.position)).all():
        packed = select(DroppedPiece.content).where(DroppedPiece.id == piece_id)
        yield zlib.decompress(session.scalars(packed).one())


def forget_content(session: Session, file: DroppedFile) -> None:
    pieces = delete(DroppedPiece).where(DroppedPiece.file_id == file.id)
    session.execute(pieces.execution_options(synchronize_session=False))
    file.fetched = False


def found(session: Session, claim: FileClaim, findings: dict[str, Any], now: datetime) -> int:
    """It was read: its person is asked. Which revision that is."""
    file = held(session, claim)
    file.findings, file.state, file.revision = findings, FileState.ASKING, file.revision + 1
    file.decided_by_id = file.decided_at = file.lease_until = None
    refresh(session, Kind.IMPORT_FILE, file.id, now)
    return file.revision


def refuse(session: Session, claim: FileClaim, why: str, now: datetime) -> None:
    """It cannot be read. `why` is the end of a sentence that begins with its name."""
    file = held(session, claim)
    file.state, file.refusal, file.lease_until = FileState.REFUSED, why, None
    forget_content(session, file)
    refresh(session, Kind.IMPORT_FILE, file.id, now)


def taken(
    session: Session, claim: FileClaim, findings: dict[str, Any], import_id: int, now: datetime
) -> None:
    """It was taken in, in this transaction. Raises `FileLost`."""
    file = held(session, claim)
    file.state, file.import_id, file.findings = FileState.TAKEN, import_id, findings
    file.lease_until = None
    forget_content(session, file)
    refresh(session, Kind.IMPORT_FILE, file.id, now)


def later(session: Session, claim: FileClaim, until: datetime) -> None:
    """It could not be done now: again then (real time)."""
    held(session, claim).lease_until = until


# --- the chore


def overdue(session: Session, now: datetime) -> set[str]:
    """The workspaces in which a file has waited too long."""
    return set(session.scalars(select(DroppedFile.workspace_id).where(*_old(now)).distinct()))


def let_go(session: Session, now: datetime) -> int:
    """Deletes the content of what has waited too long, and says so; how many those were."""
    old = session.scalars(select(DroppedFile).where(*_old(now)).with_for_update()).all()
    for file in old:
        file.state = FileState.EXPIRED
        forget_content(session, file)
        refresh(session, Kind.IMPORT_FILE, file.id, now)
    return len(old)


def _old(now: datetime) -> tuple[Any, ...]:
    waits = DroppedFile.state.in_((FileState.READING, FileState.ASKING))
    return (waits, DroppedFile.dropped_at < now - KEPT)
