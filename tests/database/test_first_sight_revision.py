"""0007 keeps the deals that stood before it; the flag that it brings goes on the way down."""

from sqlalchemy import select

from bot import migrate
from models.base import Database
from models.deals import Deal
from models.flags import FlagCode
from models.pipeline_review import ReviewDeal
from tests.reviews import a_review, some_deals
from tests.world import NOW, a_workspace


def test_up_and_down_with_data(empty_database_url: str) -> None:
    migrate.upgrade(empty_database_url)
    database = Database(empty_database_url)
    world = a_workspace(database)
    raised = [
        {"code": code, "facts": {"days": 3}} for code in (FlagCode.STAGE_UNLOGGED, FlagCode.QUIET)
    ]
    with database.transaction(world.workspace_id) as session:
        deals = some_deals(session, world)
        deals[0].seen_at = NOW
        a_review(session, world, deals)
        session.flush()
        first = session.scalars(select(ReviewDeal).order_by(ReviewDeal.id)).first()
        assert first is not None
        first.why = first.why | {"flags": raised}
    migrate.downgrade(empty_database_url, "0006")
    migrate.upgrade(empty_database_url)
    with database.transaction(world.workspace_id) as session:
        kept = session.scalars(select(Deal).order_by(Deal.id)).all()
        assert [deal.id for deal in kept] == [deal.id for deal in deals]
        assert {deal.seen_at for deal in kept} == {None}
        picked = session.scalars(select(ReviewDeal).order_by(ReviewDeal.id)).all()
        assert picked[0].why["flags"] == [{"code": "quiet", "facts": {"days": 3}}]
        assert all("flags" in one.why for one in picked)
    database.dispose()
