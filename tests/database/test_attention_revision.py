"""0012 keeps every message; what people chose about them goes on the way down."""

from datetime import time

from sqlalchemy import select

from bot import migrate
from models.attention import (
    Block,
    MessageSettings,
    SellingBlock,
    Topic,
    add_block,
    choose_messages,
)
from models.base import Database
from models.delivery import Delivery, Kind, Wait
from models.people import get_person, workspace
from tests.owing import owe
from tests.world import NOW, a_workspace


def test_up_and_down_with_data(empty_database_url: str) -> None:
    migrate.upgrade(empty_database_url)
    database = Database(empty_database_url)
    world = a_workspace(database)
    with database.transaction(world.workspace_id) as session:
        workspace(session).standards = {"messages_rep": 3, "quiet_from": "20:00:00", "coverage": 4}
        ana = get_person(session, world.ana)
        choose_messages(session, ana, NOW, quiet=(time(20), time(7)), unwanted=[Topic.COACHING])
        add_block(session, ana, Block("24", time(9), time(11)), NOW)
        for key in ("one", "two"):
            made = owe(
                session, Kind.COACHING_PERSON, 1, dedupe_key=key, due_at=NOW, person_id=ana.id
            )
            made.told_at, made.waits_for = NOW, Wait.DIGEST
    migrate.downgrade(empty_database_url, "0008")
    migrate.upgrade(empty_database_url)
    with database.transaction(world.workspace_id) as session:
        kept = session.scalars(select(Delivery).order_by(Delivery.id)).all()
        assert [one.dedupe_key for one in kept] == ["one", "two"]
        assert {(one.told_at, one.waits_for) for one in kept} == {(None, None)}
        assert workspace(session).standards == {"coverage": 4}
        assert not session.scalars(select(MessageSettings)).all()
        assert not session.scalars(select(SellingBlock)).all()
    database.dispose()
