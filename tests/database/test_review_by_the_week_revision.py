"""0011 keeps what stood before it; what it alone can say does not survive the way down."""

from collections.abc import Iterator
from datetime import date, time

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from bot import migrate
from models.base import Database
from models.delivery import Delivery, Kind
from models.people import get_person, team
from models.pipeline_review import Pick, make_pick, owe_pick, start_picked
from models.put_right import PutRight, ask_owners
from models.schedule import Lateness, Occurrence, OccurrenceState, Schedule, put_schedule
from models.week import CARDS, PICK
from tests.owing import owe
from tests.reviews import some_deals
from tests.world import NOW, TODAY, World, a_deal, a_workspace

BEFORE = "0008"


@pytest.fixture
def used(migrated_url: str) -> Iterator[tuple[str, Database, World]]:
    """A review that took its pick, a pick that waits, a list of Friday's, and both prompts."""
    database = Database(migrated_url)
    world = a_workspace(database)
    with database.transaction(world.workspace_id) as session:
        some_deals(session, world)
        a_deal(session, world.ana, amount_minor=None)
        west = team(session, world.team)
        for prompt, at in ((CARDS, time(15)), (PICK, time(14))):
            row, _ = put_schedule(
                session, west.id, prompt, weekdays="2", local_time=at, zone=west.zone,
                lateness=Lateness.MIDNIGHT, active_from=date(2026, 11, 23),
            )  # fmt: skip
            session.add(
                Occurrence(
                    schedule_id=row.id, local_date=TODAY, due_at=NOW, state=OccurrenceState.DUE
                )
            )
        pick = make_pick(session, west, TODAY, NOW)
        owe_pick(session, pick, get_person(session, world.max), NOW)
        start_picked(session, west, NOW, NOW, TODAY)
        make_pick(session, west, date(2026, 12, 1), NOW)
        [of_list] = ask_owners(session, west, NOW)
        told = session.scalars(select(Delivery).where(Delivery.kind == Kind.PUT_RIGHT)).one()
        owe(session, Kind.ADMIN_PARKED, told.id, dedupe_key="p", due_at=NOW, person_id=world.ada)
        assert of_list.asked
    yield migrated_url, database, world
    database.dispose()


def test_up_and_down_with_data(used: tuple[str, Database, World]) -> None:
    url, database, world = used
    migrate.downgrade(url, BEFORE)
    with database.engine.connect() as connection:
        kinds = set(connection.execute(text("SELECT kind FROM deliveries")).scalars())
        assert "review.parent" in kinds
        assert not kinds & {"review.pick", "crm.put_right", "admin.parked"}
        assert connection.execute(text("SELECT prompt FROM schedules")).scalars().all() == [CARDS]
        assert connection.execute(text("SELECT count(*) FROM occurrences")).scalar() == 1
        assert connection.execute(text("SELECT count(*) FROM review_deals")).scalar() == 7
    migrate.upgrade(url)
    with database.transaction(world.workspace_id) as session:
        counted = [
            session.scalar(select(func.count()).select_from(one)) for one in (Pick, PutRight)
        ]
        assert counted == [0, 0]
        assert make_pick(session, team(session, world.team), TODAY, NOW)
        assert session.scalars(select(Schedule.prompt)).all() == [CARDS]


def test_one_pick_waits_per_team(used: tuple[str, Database, World]) -> None:
    _url, database, world = used
    with pytest.raises(IntegrityError), database.transaction(world.workspace_id) as session:
        session.add(Pick(team_id=world.team, cards_on=TODAY, picked_at=NOW))
