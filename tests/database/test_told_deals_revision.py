"""0018 takes it that the latest file told of every deal that was here."""

from datetime import timedelta

from sqlalchemy import select

from bot import migrate
from models.base import Database
from models.deals import Deal
from tests.world import NOW, a_deal, a_workspace, an_import

BEFORE = "0017"
DAY = timedelta(days=1)


def test_up_and_down_with_data(migrated_url: str) -> None:
    database = Database(migrated_url)
    world, south = (a_workspace(database, name) for name in ("T0NORTH", "T0SOUTH"))
    for workspace in (world, south):
        with database.transaction(workspace.workspace_id) as session:
            a_deal(session, workspace.ana)
    with database.transaction(world.workspace_id) as session:
        an_import(session, NOW - DAY)
        an_import(session, NOW)
    migrate.downgrade(migrated_url, BEFORE)
    migrate.upgrade(migrated_url)
    for workspace, told_at in ((world, NOW), (south, None)):
        with database.transaction(workspace.workspace_id) as session:
            assert session.scalars(select(Deal.told_at)).all() == [told_at]
    database.dispose()
