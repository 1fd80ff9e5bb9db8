"""0017 asks nobody about days off that stood before; what was accepted stays excused on the way
down."""

from datetime import timedelta

from sqlalchemy import text

from bot import migrate
from models.absences import absences, put_absence
from models.base import Database
from models.coaching import CoverageTalk, TalkExcuse, TalkState
from models.delivery import Delivery, Kind
from models.forecast import Excuse, Forecast, ForecastState
from models.late_absences import accept, look, unlooked
from models.people import get_person
from tests.forecasts import FRIDAY, a_forecast
from tests.health import MONDAY, NINE, a_check
from tests.owing import owe
from tests.world import a_deal, a_workspace, an_import

BEFORE = "0016"
DAY = timedelta(days=1)


def test_up_and_down_with_data(migrated_url: str) -> None:
    database = Database(migrated_url)
    world = a_workspace(database)
    with database.transaction(world.workspace_id) as session:
        an_import(session, NINE - DAY)
        a_deal(session, world.ana, amount_minor=200_000_00)
        a_forecast(session, world)
        a_check(session, world)
        boss = get_person(session, world.max)
        absence = put_absence(session, boss, FRIDAY.date(), MONDAY, NINE + DAY)
        assert look(session, NINE + DAY) == 1
        accept(session, get_person(session, world.lea), absence.id, NINE + DAY)
        owe(session, Kind.DIGEST, 1, dedupe_key="kept", due_at=NINE, person_id=world.ana)
    migrate.downgrade(migrated_url, BEFORE)
    with database.engine.connect() as connection:
        for table, excuse in (("coverage_talks", "asked_left"), ("forecasts", "nobody")):
            found = connection.execute(text(f"SELECT DISTINCT state, excuse FROM {table}")).all()
            assert found == [("excused", excuse)]
        kinds = connection.execute(text("SELECT DISTINCT kind FROM deliveries")).scalars().all()
        assert "absence.late" not in kinds
        assert "digest.morning" in kinds
    migrate.upgrade(migrated_url)
    with database.transaction(world.workspace_id) as session:
        [absence] = absences(session, world.max, FRIDAY.date())
        assert (absence.looked_at, absence.accepted_at) == (NINE + DAY, None)
        assert unlooked(session, NINE + DAY) == set()
        talk = session.query(CoverageTalk).first()
        assert talk is not None
        assert (talk.state, talk.excuse) == (TalkState.EXCUSED, TalkExcuse.ASKED_LEFT)
        made = session.query(Forecast).one()
        assert (made.state, made.excuse) == (ForecastState.EXCUSED, Excuse.NOBODY)
        assert session.query(Delivery).filter_by(kind=Kind.ABSENCE_LATE).count() == 0
    database.dispose()
