"""Dropped files while processes end, leases pass, Slack fails: taken in once, or said why not."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.importing import LEASE, TRIES
from models import dropped_files
from models.base import Database
from models.deals import Deal, Import
from models.dropped_files import DroppedFile, DroppedPiece, FileState
from models.people import get_person
from sandbox import Clock, serve
from tests.deals_in.files import NEXUS, ORBIT, as_csv
from tests.faults.desk import BOT, SCOPES, Desk, a_slack
from tests.world import NOW, World

WITH_FILES = (*SCOPES, "files:read", "files:write")


class Ended(BaseException):
    """The process ends here: nothing of ours catches it."""


def end() -> None:
    raise Ended


@pytest.fixture
def desk(north: tuple[Database, World], request: pytest.FixtureRequest) -> Iterator[Desk]:
    """As the other desks', with files; the parameter is the scopes that the app has."""
    database, world = north
    scopes = getattr(request, "param", WITH_FILES)
    slack = a_slack(clock=Clock(NOW, frozen=True), scopes=scopes)
    with serve(slack, rate_limits=False) as server:
        yield Desk(database, world, server)


def drop(desk: Desk, rows: Sequence[str] = (NEXUS, ORBIT)) -> None:
    max_ = desk.server.as_person("U0MAX")
    message = max_.drop(max_.dm_with(BOT), "deals.csv", as_csv(rows))
    [file] = message.json["files"]
    with desk.database.transaction(desk.world.workspace_id) as session:
        dropped_files.drop(
            session,
            get_person(session, desk.world.max),
            NOW,
            slack_file_id=file["id"],
            message_ts=message.ts,
            channel_id=max_.dm_with(BOT),
            name=file["name"],
        )


def accept(desk: Desk) -> None:
    asked = row(desk)
    with desk.database.transaction(desk.world.workspace_id) as session:
        actor = get_person(session, desk.world.max)
        dropped_files.accept(session, actor, asked.id, asked.revision, NOW)


def row(desk: Desk) -> DroppedFile:
    with desk.database.engine.connect() as connection:
        found = connection.execute(select(DroppedFile.__table__)).one()
    return DroppedFile(**found._mapping)


def count(desk: Desk, table: type[Deal] | type[Import] | type[DroppedPiece]) -> int:
    with desk.database.transaction(desk.world.workspace_id) as session:
        return len(session.scalars(select(table.id)).all())


def test_killed_before_the_commit_it_is_taken_in_once(desk: Desk) -> None:
    drop(desk)
    assert desk.importer().run_once() == 1
    accept(desk)
    desk.at_point["before_commit"] = end
    with pytest.raises(Ended):
        desk.importer().run_once()
    assert (count(desk, Deal), count(desk, Import), row(desk).state) == (0, 0, FileState.TAKING)
    assert desk.importer().run_once() == 0  # the lease still holds
    desk.real.move(LEASE + timedelta(seconds=1))
    assert desk.importer().run_once() == 1
    assert desk.importer().run_once() == 0
    assert (count(desk, Deal), count(desk, Import), row(desk).state) == (2, 1, FileState.TAKEN)
    assert count(desk, DroppedPiece) == 0


def test_what_was_fetched_is_not_fetched_again(desk: Desk) -> None:
    drop(desk)
    desk.at_point["after_fetch"] = end
    with pytest.raises(Ended):
        desk.importer().run_once()
    desk.real.move(LEASE + timedelta(seconds=1))
    assert desk.importer().run_once() == 1
    assert (row(desk).state, desk.calls("files.info")) == (FileState.ASKING, 1)


def test_a_worker_whose_lease_has_passed_writes_nothing_more(desk: Desk) -> None:
    drop(desk)
    desk.importer().run_once()
    accept(desk)

    def another_does_it() -> None:
        desk.real.move(LEASE + timedelta(seconds=1))
        assert desk.importer().run_once() == 1
        assert row(desk).state is FileState.TAKEN

    desk.at_point["after_fetch"] = another_does_it
    assert desk.importer().run_once() == 1
    assert (count(desk, Deal), count(desk, Import), row(desk).revision) == (2, 1, 1)


def test_a_file_with_which_the_process_ends_every_time_is_let_go(desk: Desk) -> None:
    drop(desk)
    for _ in range(TRIES):
        desk.at_point["after_fetch"] = end
        with pytest.raises(Ended):
            desk.importer().run_once()
        desk.real.move(LEASE + timedelta(seconds=1))
    assert desk.importer().run_once() == 1
    assert row(desk).state is FileState.REFUSED
    assert row(desk).refusal == "could not be worked on, and nothing was imported; tell an admin"
    assert count(desk, DroppedPiece) == 0


@pytest.mark.parametrize("fault", ["server_error", "drop_before"])
def test_slack_fails_and_is_asked_again_some_times(desk: Desk, fault: str) -> None:
    drop(desk)
    desk.fault(fault, "files.info", times=1)
    assert desk.importer().run_once() == 1
    assert desk.importer().run_once() == 0
    desk.real.move(timedelta(seconds=3))
    assert desk.importer().run_once() == 1
    assert row(desk).state is FileState.ASKING


def test_what_slack_never_gives_is_said(desk: Desk) -> None:
    drop(desk)
    desk.fault("server_error", "files.info", times=None)
    for _ in range(TRIES):
        assert desk.importer().run_once() == 1
        desk.real.move(timedelta(minutes=2))
    assert row(desk).refusal == "could not be fetched from Slack: drop it again"
    assert (desk.importer().run_once(), desk.calls("files.info")) == (0, TRIES)


def test_a_list_that_slack_never_takes_is_done_without(desk: Desk) -> None:
    drop(desk, [f"D{n},N,U0ANA,Proposal,-{n},2027-01-01" for n in range(1, 15)])
    desk.fault("server_error", "files.getUploadURLExternal", times=None)
    for _ in range(TRIES):
        assert row(desk).state is FileState.READING
        assert desk.importer().run_once() == 1
        desk.real.move(timedelta(minutes=2))
    findings = row(desk).findings or {}
    assert (row(desk).state, findings["listed"]) == (FileState.ASKING, False)
    assert findings["problem_count"] == 14


def test_a_limit_is_waited_for_as_slack_says(desk: Desk) -> None:
    drop(desk)
    desk.fault("ratelimited", "files.info", retry_after=90)
    desk.importer().run_once()
    desk.real.move(timedelta(seconds=89))
    assert desk.importer().run_once() == 0
    desk.real.move(timedelta(seconds=2))
    assert desk.importer().run_once() == 1
    assert row(desk).state is FileState.ASKING


@pytest.mark.parametrize("desk", [SCOPES], indirect=True)
def test_an_app_that_may_not_read_files_says_so_at_once(desk: Desk) -> None:
    drop(desk)
    desk.importer().run_once()
    assert row(desk).state is FileState.REFUSED
    assert "lacks the scope files:read" in (row(desk).refusal or "")
