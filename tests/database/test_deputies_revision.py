"""0006 keeps what stood before it, and what it alone can say does not survive the way down."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from bot import migrate
from models.base import Database
from models.delivery import Kind
from models.deputies import deputy_of, put_deputy
from models.next_actions import NextActionAnswer, Outcome, set_next_action
from models.people import get_person, put_workspace, team
from models.pipeline_review import Grade, Review, ReviewKind, ReviewState
from models.standards import Standards
from tests.owing import owe
from tests.world import NOW, TODAY, World, a_deal, a_workspace

BEFORE, LATER = "0002", NOW + timedelta(days=1)


@pytest.fixture
def used(migrated_url: str) -> Iterator[tuple[str, Database, World]]:
    """A database of the version before with a closed review in it, brought up to this one."""
    database = Database(migrated_url)
    world = a_workspace(database)
    with database.transaction(world.workspace_id) as session:
        session.add(_review(world, ReviewState.CLOSED, grade=Grade.DECIDED, closed_by_id=world.lea))
    migrate.downgrade(migrated_url, BEFORE)
    assert _reviews(database) == [("closed", "decided", world.lea)]
    migrate.upgrade(migrated_url)
    yield migrated_url, database, world
    database.dispose()


def _review(world: World, state: ReviewState, **more: Any) -> Review:
    return Review(
        team_id=world.team, kind=ReviewKind.SCHEDULED, state=state, started_at=NOW,
        decide_from=NOW, figures={}, closed_at=None if state is ReviewState.OPEN else LATER, **more,
    )  # fmt: skip


def _reviews(database: Database) -> list[tuple[Any, ...]]:
    with database.engine.connect() as connection:
        found = connection.execute(
            text("SELECT state, grade, closed_by_id FROM reviews ORDER BY id")
        )
        return [tuple(row) for row in found]


def test_up_and_down_with_data(used: tuple[str, Database, World]) -> None:
    url, database, world = used
    with database.transaction(world.workspace_id) as session:
        put_workspace(
            session,
            world.workspace_id,
            now=NOW,
            standards=Standards(quiet_days=9, unchanged_reviews=4),
        )
        session.add(_review(world, ReviewState.ABANDONED))
        session.add(_review(world, ReviewState.NOT_HELD))
        session.add(_review(world, ReviewState.OPEN))
        west, cleo = team(session, world.team), get_person(session, world.cleo)
        _, named = put_deputy(session, west, cleo, world.max, NOW)
        assert named is not None
        deal = a_deal(session, world.ana)
        action = set_next_action(
            session, deal.id, "Send the price", world.ana, TODAY, world.max, NOW
        )
        session.add(
            NextActionAnswer(action_id=action.id, state=Outcome.DONE, by_id=world.ana, at=NOW)
        )
        told = owe(
            session, Kind.DEPUTY_NAMED, named.id, dedupe_key="d", due_at=NOW, person_id=world.cleo
        )
        owe(session, Kind.ADMIN_PARKED, told.id, dedupe_key="p", due_at=NOW, person_id=world.ada)
    migrate.downgrade(url, BEFORE)
    assert _reviews(database) == [
        ("closed", "decided", world.lea),
        ("closed", "status_meeting", world.max),
        ("closed", "status_meeting", world.max),
        ("open", None, None),
    ]
    with database.engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM deliveries")).scalar() == 0
        kept = connection.execute(text("SELECT standards FROM workspaces")).scalar()
        assert "quiet_days" in str(kept)
        assert "unchanged_reviews" not in str(kept)
    migrate.upgrade(url)
    with database.transaction(world.workspace_id) as session:
        assert deputy_of(session, team(session, world.team)) is None


@pytest.mark.parametrize(
    ("state", "more"),
    [(ReviewState.CLOSED, {}), (ReviewState.ABANDONED, {"grade": Grade.DECIDED})],
)
def test_the_database_holds_what_an_ending_is(
    database: Database, state: ReviewState, more: dict[str, Any]
) -> None:
    world = a_workspace(database)
    with (
        pytest.raises(IntegrityError),
        database.transaction(world.workspace_id) as session,
    ):
        session.add(_review(world, state, **more))
