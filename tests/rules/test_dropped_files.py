"""Dropped files: who may, once each, one worker at a time, and what waits too long."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import dropped_files
from models.access import Refused
from models.delivery import Delivery, Kind
from models.dropped_files import (
    KEPT,
    AlreadyDecided,
    DroppedFile,
    DroppedPiece,
    FileLost,
    FileState,
    NotYetRead,
    ReadAnew,
    StillOpen,
)
from models.people import get_person
from tests.world import NOW, World

LEASE = timedelta(minutes=5)
READY = {"ready": True}


def drop(session: Session, who: int, slack_file_id: str = "F1") -> DroppedFile:
    dropped_files.drop(
        session,
        get_person(session, who),
        NOW,
        slack_file_id=slack_file_id,
        message_ts="1.2",
        channel_id="D1",
        name="deals.csv",
    )
    return session.scalars(select(DroppedFile).order_by(DroppedFile.id.desc())).first()  # type: ignore[return-value]


def read(session: Session, findings: dict[str, object] | None = None) -> int:
    claim = dropped_files.claim_file(session, NOW, LEASE)
    assert claim is not None
    return dropped_files.found(session, claim, findings or READY, NOW)


def test_the_same_drop_again_changes_nothing(session: Session, world: World) -> None:
    drop(session, world.max)
    drop(session, world.max)
    assert len(session.scalars(select(DroppedFile)).all()) == 1
    [owed] = session.scalars(select(Delivery).where(Delivery.kind == Kind.IMPORT_FILE)).all()
    assert (owed.in_thread, owed.person_id) == ("1.2", world.max)


def test_of_a_rep_nothing_is_fetched(session: Session, world: World) -> None:
    file = drop(session, world.ana)
    assert file.state is FileState.REFUSED
    assert dropped_files.claim_file(session, NOW, LEASE) is None
    with pytest.raises(Refused) as refused:
        dropped_files.accept(session, get_person(session, world.ana), file.id, 0, NOW)
    assert refused.value.allowed[0] == world.max


def test_what_was_read_is_accepted_once_in_the_revision_that_was_shown(
    session: Session, world: World
) -> None:
    file, boss = drop(session, world.max), get_person(session, world.max)
    with pytest.raises(NotYetRead):
        dropped_files.accept(session, boss, file.id, 0, NOW)
    assert read(session) == 1
    dropped_files.correct(session, boss, file.id, {"currency": "USD"}, NOW)
    assert read(session, {"ready": False}) == 2
    with pytest.raises(ReadAnew):
        dropped_files.accept(session, boss, file.id, 1, NOW)
    with pytest.raises(StillOpen):
        dropped_files.accept(session, boss, file.id, 2, NOW)
    dropped_files.correct(session, boss, file.id, {}, NOW)
    dropped_files.accept(session, boss, file.id, read(session), NOW)
    with pytest.raises(AlreadyDecided) as decided:
        dropped_files.discard(session, boss, file.id, NOW)
    assert (decided.value.state, decided.value.by) == (FileState.TAKING, boss.id)


def test_one_worker_has_it_until_its_lease_is_over(session: Session, world: World) -> None:
    file = drop(session, world.max)
    first = dropped_files.claim_file(session, NOW, LEASE)
    assert first is not None
    assert dropped_files.claim_file(session, NOW + LEASE, LEASE) is None
    dropped_files.keep_content(session, first, [b"id,name\n" * 1000, b"1,a\n"])
    assert b"".join(dropped_files.content(session, file.id)) == b"id,name\n" * 1000 + b"1,a\n"
    later = NOW + 2 * LEASE
    second = dropped_files.claim_file(session, later, LEASE)
    assert second is not None
    assert second.fetched
    with pytest.raises(FileLost):
        dropped_files.found(session, first, READY, NOW)
    dropped_files.went_on(session, second, 5000, NOW, later + LEASE)
    assert dropped_files.found(session, second, READY, NOW) == 1


def test_what_waits_too_long_is_let_go(session: Session, world: World) -> None:
    file = drop(session, world.max)
    claim = dropped_files.claim_file(session, NOW, LEASE)
    assert claim is not None
    dropped_files.keep_content(session, claim, [b"x"])
    dropped_files.found(session, claim, READY, NOW)
    late = NOW + KEPT + timedelta(seconds=1)
    assert dropped_files.overdue(session, NOW + KEPT) == set()
    assert dropped_files.overdue(session, late) == {world.workspace_id}
    assert dropped_files.let_go(session, late) == 1
    session.expire_all()
    assert dropped_files.get_file(session, file.id).state is FileState.EXPIRED
    assert session.scalars(select(DroppedPiece)).all() == []
