"""0010 goes up and down with forecasts in it; an agenda that one set stays."""

from sqlalchemy import func, select, text

from bot import migrate
from models.base import Database
from models.delivery import Kind
from models.forecast import Forecast, ForecastCard, ForecastDeal, ForecastLine, Numbers
from models.people import put_workspace
from models.standards import Standards
from models.week_agenda import AgendaItem
from tests.forecasts import FRIDAY, WEEK, done, put_friday
from tests.owing import owe
from tests.world import NOW, a_deal, a_workspace

TABLES = (
    "forecasts", "forecast_cards", "forecast_lines", "forecast_deals", "weekly_commitments",
)  # fmt: skip


def test_up_and_down_with_data(migrated_url: str) -> None:
    database = Database(migrated_url)
    world = a_workspace(database)
    with database.transaction(world.workspace_id) as session:
        rules = Standards(quiet_days=9, forecast_minutes=30, slip_rate_least=7)
        put_workspace(session, world.workspace_id, now=NOW, standards=rules)
        put_friday(session, world)
        a_deal(session, world.ana, "Negotiation")
        for friday in (FRIDAY, FRIDAY + WEEK):
            done(session, world, friday, committed={world.ana: Numbers(20, 2)})
        card = session.scalars(select(ForecastCard.id).limit(1)).one()
        told = owe(session, Kind.FORECAST_CARD, card, dedupe_key="c", due_at=NOW, person_id=1)
        owe(session, Kind.ADMIN_PARKED, told.id, dedupe_key="p", due_at=NOW, person_id=world.ada)
        assert session.scalar(select(func.count()).select_from(ForecastLine)) == 6
        assert session.scalar(select(func.count()).select_from(ForecastDeal)) == 2
    migrate.downgrade(migrated_url, "0008")
    with database.engine.connect() as connection:
        for table in ("deliveries", "schedules"):
            assert connection.execute(text(f"SELECT count(*) FROM {table}")).scalar() == 0
        kept = str(connection.execute(text("SELECT standards FROM workspaces")).scalar())
        assert "quiet_days" in kept
        assert "forecast_minutes" not in kept
    migrate.upgrade(migrated_url)
    with database.transaction(world.workspace_id) as session:
        assert session.scalars(select(Forecast)).all() == []
        assert len(session.scalars(select(AgendaItem)).all()) == 2
        done(session, world)
    database.dispose()
