"""Chores are done where they wait, each workspace for itself, whatever fails beside it."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.scheduler import FIRST_RETRY, LONGEST_RETRY, Patience, retry_after, run_due
from models.agenda import CHORES, Chore
from models.base import Database
from models.delivery import Delivery, Kind, owe
from models.one_on_ones import OneOnOne, Sitting, State, put_standing
from models.people import get_person, workspace_id_of
from tests.world import NOW, World, a_workspace

DAY = timedelta(days=1)
AT_ONCE = timedelta()


@pytest.fixture
def world(database: Database) -> World:
    return a_workspace(database)


@pytest.fixture
def south(database: Database, world: World) -> World:
    return a_workspace(database, "T0SOUTH")


def says(session: Session, now: datetime) -> None:
    """A chore that leaves a trace."""
    number = len(list(session.scalars(select(Delivery))))
    owe(
        session,
        Kind.REVIEW_PARENT,
        1,
        dedupe_key=f"chore:{number}",
        due_at=now,
        channel_id="C0WEST",
    )


def traces(database: Database) -> list[str]:
    with database.everywhere() as session:
        return sorted(one.workspace_id for one in session.scalars(select(Delivery)))


def run(database: Database, *chores: Chore, patience: Patience | None = None) -> None:
    run_due(database, {}, lambda: NOW, chores=chores, patience=patience or Patience(AT_ONCE))


def test_a_chore_is_done_only_where_it_waits(
    database: Database, world: World, south: World
) -> None:
    run(database, Chore("say", lambda _session, _now: {south.workspace_id}, says))
    assert traces(database) == ["T0SOUTH"]


def test_a_chore_sees_its_own_workspace_alone(
    database: Database, world: World, south: World
) -> None:
    seen = []
    both = {world.workspace_id, south.workspace_id}
    run(database, Chore("see", lambda *_: both, lambda s, _now: seen.append(workspace_id_of(s))))
    assert seen == ["T0NORTH", "T0SOUTH"]


def test_one_that_fails_leaves_nothing_and_does_not_stop_the_others(
    database: Database, world: World, south: World, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(session: Session, now: datetime) -> None:
        says(session, now)
        if workspace_id_of(session) == "T0NORTH":
            raise KeyError("what a person wrote")

    both = {world.workspace_id, south.workspace_id}
    run(database, Chore("break", lambda *_: both, fails), Chore("say", lambda *_: both, says))
    assert traces(database) == ["T0NORTH", "T0SOUTH", "T0SOUTH"]
    assert "chore='break' workspace=T0NORTH failed: KeyError" in caplog.text
    assert "wrote" not in caplog.text


def test_one_that_fails_is_left_alone_for_a_while(database: Database, world: World) -> None:
    tried = []

    def fails(_session: Session, _now: datetime) -> None:
        tried.append(1)
        raise KeyError

    chore = Chore("break", lambda *_: {"T0NORTH"}, fails)
    patient = Patience(DAY)
    run(database, chore, patience=patient)
    run(database, chore, patience=patient)
    assert len(tried) == 1
    run(database, chore)
    assert len(tried) == 2, "another process has its own patience"


def test_patience_ends_with_the_first_success() -> None:
    patience = Patience(DAY)
    assert not patience.is_resting("plan", "T0NORTH")
    patience.failed("plan", "T0NORTH")
    assert patience.is_resting("plan", "T0NORTH")
    assert not patience.is_resting("plan", "T0SOUTH")
    patience.succeeded("plan", "T0NORTH")
    assert not patience.is_resting("plan", "T0NORTH")


def test_the_wait_doubles_up_to_five_minutes() -> None:
    waits = [retry_after(failures, FIRST_RETRY) for failures in (0, 1, 2, 5, 6, 7, 400)]
    assert [wait.total_seconds() for wait in waits] == [5, 10, 20, 160, 300, 300, 300]
    assert waits[-1] == LONGEST_RETRY


# --- the product's own


MONDAY = datetime(2026, 11, 23, 13, 30, tzinfo=UTC)


def due(database: Database, now: datetime) -> None:
    run_due(database, {}, lambda: now, chores=CHORES)


def standing(database: Database, world: World) -> None:
    """Max sees Ana on Tuesdays at 10:00."""
    with database.transaction(world.workspace_id) as session:
        put_standing(
            session,
            get_person(session, world.max),
            get_person(session, world.ana),
            weekday=2,
            local_time=time(10),
            minutes=30,
            active_from=date(2026, 11, 23),
            now=MONDAY,
        )


def sessions(database: Database) -> list[tuple[date, State]]:
    with database.everywhere() as session:
        rows = session.execute(
            select(OneOnOne, Sitting)
            .join(Sitting, Sitting.one_on_one_id == OneOnOne.id)
            .order_by(Sitting.starts_at)
        )
        return [(sitting.local_date, one.state) for one, sitting in rows]


def test_weeks_ahead_are_planned_and_what_nobody_recorded_is_missed(
    database: Database, world: World
) -> None:
    standing(database, world)
    for days in range(10):
        due(database, MONDAY + days * DAY)
    assert sessions(database) == [
        (date(2026, 11, 24), State.MISSED),
        (date(2026, 12, 1), State.DUE),
        (date(2026, 12, 8), State.DUE),
    ]


def test_replicas_plan_each_week_once(database: Database, world: World) -> None:
    standing(database, world)
    together = threading.Barrier(4, timeout=60)

    def replica(_n: int) -> None:
        together.wait()
        due(database, MONDAY + 14 * DAY)

    with ThreadPoolExecutor(4) as replicas:
        list(replicas.map(replica, range(4)))
    due(database, MONDAY + 14 * DAY)
    planned = [day for day, _ in sessions(database)]
    assert len(planned) == len(set(planned))
    assert planned[-1] == date(2026, 12, 15)
