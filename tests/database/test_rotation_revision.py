"""0013 with data, up and down: who was in rotation has nothing standing in the version before."""

from sqlalchemy import func, select, text

from bot import migrate
from models.base import Database
from models.delivery import Delivery, Kind
from models.one_on_ones import LeftOut, OneOnOne, Standing, put_in_rotation
from models.people import get_person, put_workspace
from models.standards import Standards
from tests.one_on_ones import MONDAY, MORNING, a_standing
from tests.owing import owe
from tests.world import a_workspace


def test_up_and_down_with_data(migrated_url: str) -> None:
    database = Database(migrated_url)
    world = a_workspace(database)
    rules = Standards(one_on_ones_a_day=1, one_on_one_days="2")
    with database.transaction(world.workspace_id) as session:
        put_workspace(session, world.workspace_id, now=MORNING, standards=rules)
        a_standing(session, world.max, world.ana)
        for who in (world.ben, world.cleo):
            put_in_rotation(
                session, get_person(session, world.max), get_person(session, who),
                minutes=30, active_from=MONDAY, now=MORNING,
            )  # fmt: skip
        assert session.scalar(select(func.count()).select_from(LeftOut)) == 2
        owe(
            session, Kind.ONE_ON_ONE_UNSET, world.max, dedupe_key="u", due_at=MORNING,
            person_id=world.max,
        )  # fmt: skip
    migrate.downgrade(migrated_url, "0008")
    with database.engine.connect() as connection:
        rows = connection.execute(text("SELECT weekday, ended_at FROM standings ORDER BY id")).all()
        assert [(weekday, ended is None) for weekday, ended in rows] == [
            (2, True), (2, False), (2, False),
        ]  # fmt: skip
    migrate.upgrade(migrated_url)
    with database.transaction(world.workspace_id) as session:
        assert session.scalar(select(func.count()).select_from(OneOnOne)) == 2
        assert session.scalar(select(func.count()).select_from(LeftOut)) == 0
        current = session.scalars(select(Standing).where(Standing.ended_at.is_(None))).one()
        assert current.person_id == world.ana
        kinds = select(func.count()).where(Delivery.kind == Kind.ONE_ON_ONE_UNSET)
        assert session.scalar(kinds) == 0
    database.dispose()
