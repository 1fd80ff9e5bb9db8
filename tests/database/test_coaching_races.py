"""Twenty at once: what coaching promises holds between real threads, on both databases."""

from collections.abc import Callable
from typing import TypeVar

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.base import Database, RuleBroken
from models.coaching import (
    CoachingAnswer,
    CoachingEntry,
    CoachingLog,
    LogChanged,
    LogWithdrawn,
    confirm_log,
    current_answer,
    current_entry,
    dispute_log,
    edit_log,
    entries,
    get_log,
    withdraw_log,
)
from models.delivery import Delivery, received_first
from models.people import get_person
from tests.coaching import a_log, given
from tests.crowds import at_once, counted
from tests.world import NOW, World, a_workspace

CROWD = 20
T = TypeVar("T")


@pytest.fixture
def world(database: Database) -> World:
    """The workspace T0NORTH with its team West."""
    return a_workspace(database)


@pytest.fixture
def read(database: Database, world: World) -> tuple[int, int]:
    """Max's log on Ana: its id, and that of the version that Ana has read."""
    with database.transaction(world.workspace_id) as session:
        log = a_log(session, world)
        return log.id, current_entry(session, log.id).id


def test_twenty_submissions_of_one_modal_make_one_log(database: Database, world: World) -> None:
    def submit(session: Session) -> bool:
        first = received_first(session, "view:V1:hash", NOW)
        if first:
            a_log(session, world)
        return first

    made = at_once(database, world, [submit] * CROWD)

    assert made.count(True) == 1
    assert counted(database, world, CoachingLog) == 1
    assert counted(database, world, CoachingEntry) == 1
    assert counted(database, world, Delivery) == 2


def test_twenty_clicks_are_one_answer(
    database: Database, world: World, read: tuple[int, int]
) -> None:
    def click(session: Session) -> int:
        return confirm_log(session, get_person(session, world.ana), read[1], NOW).id

    made = at_once(database, world, [click] * CROWD)

    assert len(set(made)) == 1
    assert isinstance(made[0], int)
    assert counted(database, world, CoachingAnswer) == 1


def test_both_buttons_at_once_leave_one_answer(
    database: Database, world: World, read: tuple[int, int]
) -> None:
    def confirm(session: Session) -> int:
        return confirm_log(session, get_person(session, world.ana), read[1], NOW).id

    def dispute(session: Session) -> int:
        return dispute_log(session, get_person(session, world.ana), read[1], "No", NOW).id

    made = at_once(database, world, [confirm, dispute] * 5)

    assert all(isinstance(one, int) for one in made)
    with database.transaction(world.workspace_id) as session:
        current = select(CoachingAnswer).where(CoachingAnswer.is_current)
        assert len(session.scalars(current).all()) == 1


def test_an_answer_never_stands_for_a_version_that_was_not_read(
    database: Database, world: World, read: tuple[int, int]
) -> None:
    log_id, entry_id = read

    def confirm(session: Session) -> int:
        return confirm_log(session, get_person(session, world.ana), entry_id, NOW).id

    def edit(session: Session) -> int:
        boss = get_person(session, world.max)
        return edit_log(session, boss, log_id, given(minutes=45), NOW).id

    made = at_once(database, world, [confirm, edit] + [confirm] * 8)

    refused = [one for one in made if isinstance(one, RuleBroken)]
    assert all(isinstance(one, LogChanged) for one in refused)
    with database.transaction(world.workspace_id) as session:
        assert current_entry(session, log_id).id != entry_id
        assert current_answer(session, log_id) is None


def test_edits_at_once_keep_every_version_and_one_is_current(
    database: Database, world: World, read: tuple[int, int]
) -> None:
    log_id, _ = read

    def edit(minutes: int) -> Callable[[Session], int]:
        def act(session: Session) -> int:
            boss = get_person(session, world.max)
            return edit_log(session, boss, log_id, given(minutes=minutes), NOW).id

        return act

    at_once(database, world, [edit(minutes) for minutes in range(31, 31 + CROWD)])

    with database.transaction(world.workspace_id) as session:
        found = entries(session, log_id)
        assert sorted(one.minutes for one in found) == list(range(30, 31 + CROWD))
        assert sum(one.is_current for one in found) == 1


def test_a_log_is_withdrawn_once_and_nothing_changes_it_afterwards(
    database: Database, world: World, read: tuple[int, int]
) -> None:
    log_id, entry_id = read

    def withdraw(session: Session) -> int:
        return withdraw_log(session, get_person(session, world.max), log_id, "Twice", NOW).id

    def confirm(session: Session) -> int:
        return confirm_log(session, get_person(session, world.ana), entry_id, NOW).id

    made = at_once(database, world, [withdraw, confirm] * 5)

    withdrawn = made[0::2]
    assert sum(isinstance(one, int) for one in withdrawn) == 1
    refused = [one for one in made if isinstance(one, RuleBroken)]
    assert all(isinstance(one, LogWithdrawn) for one in refused)
    with database.transaction(world.workspace_id) as session:
        assert get_log(session, log_id).withdrawn_at == NOW
