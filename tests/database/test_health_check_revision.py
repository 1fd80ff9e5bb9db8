"""0009 comes and goes with a check, its conversations and messages in the database."""

from datetime import time

from sqlalchemy import func, select

from bot import migrate
from models.agenda import tell_skipped
from models.base import Database
from models.coaching import CoachingLog, CoverageTalk
from models.delivery import Delivery
from models.people import get_person, put_workspace, workspace
from models.schedule import Occurrence, OccurrenceState, Schedule
from models.standards import Standards
from models.week import HEALTH, keep
from tests.health import MONDAY, NINE, a_check, a_coverage_log
from tests.world import World, a_deal, a_workspace, an_import


def _used(database: Database, world: World) -> None:
    with database.transaction(world.workspace_id) as session:
        ours = Standards(coverage_reminder_at=time(15))
        put_workspace(session, world.workspace_id, now=NINE, standards=ours)
        an_import(session, NINE)
        a_deal(session, world.ana, "Proposal", last_activity_on=None)
        a_check(session, world)
        a_coverage_log(session, world)
        keep(session, NINE)
        schedule = session.scalars(select(Schedule).where(Schedule.prompt == HEALTH)).one()
        late = Occurrence(
            schedule_id=schedule.id, local_date=MONDAY, due_at=NINE,
            state=OccurrenceState.SKIPPED, reason="late",
        )  # fmt: skip
        session.add(late)
        session.flush()
        tell_skipped(session, late, NINE)


def test_up_and_down_with_data(migrated_url: str) -> None:
    database = Database(migrated_url)
    world = a_workspace(database)
    _used(database, world)
    migrate.downgrade(migrated_url, "0008")
    with database.transaction(world.workspace_id) as session:
        kinds = {kind.value for kind in session.scalars(select(Delivery.kind))}
        assert kinds == {"coaching.person", "coaching.coach"}
        assert session.scalar(select(func.count()).select_from(Occurrence)) == 0
        assert session.scalars(select(Schedule.prompt)).all() == []
        assert session.scalars(select(CoachingLog.id)).all()  # what was said stays
        assert workspace(session).standards == {}
    migrate.upgrade(migrated_url)
    with database.transaction(world.workspace_id) as session:
        assert session.scalars(select(CoverageTalk)).all() == []
        talks = a_check(session, world)
        assert len(talks) == 3
        assert get_person(session, talks[0].asked_id).name == "Max"
    database.dispose()
