"""A Friday's promises between real threads, on both databases: one forecast, one line, one end."""

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models import forecast
from models.base import Database
from models.forecast import Figures, Forecast, ForecastCard, ForecastLine, Numbers, Step
from models.people import get_person, team
from tests.crowds import at_once, counted
from tests.forecasts import DAY, FRIDAY, LATE, MINUTE, a_forecast, done, figures, of_all
from tests.world import World, a_workspace

CROWD = 8


@pytest.fixture
def world(database: Database) -> World:
    return a_workspace(database)


def test_a_crowd_opens_one(database: Database, world: World) -> None:
    def open_(session: Session) -> bool:
        west, boss = team(session, world.team), get_person(session, world.max)
        return forecast.open_forecast(session, west, DAY, boss, FRIDAY, FRIDAY) is not None

    assert sum(map(bool, at_once(database, world, [open_] * CROWD))) == 1
    assert counted(database, world, ForecastCard) == 1


def test_a_step_submitted_by_a_crowd_leaves_one_line_each(database: Database, world: World) -> None:
    with database.transaction(world.workspace_id) as session:
        made = a_forecast(session, world).id

    def save(given: Figures) -> object:
        def act(session: Session) -> None:
            boss = get_person(session, world.max)
            forecast.begin(session, boss, made, FRIDAY)
            forecast.save_lines(session, boss, made, of_all(world, given), FRIDAY + MINUTE)

        return act

    acts = [save(figures(n % 2, 2, 3)) for n in range(CROWD)]
    assert at_once(database, world, acts) == [None] * CROWD  # type: ignore[arg-type]
    with database.transaction(world.workspace_id) as session:
        current = select(func.count()).select_from(ForecastLine).where(ForecastLine.is_current)
        assert session.scalar(current) == 3
        assert session.scalars(select(Forecast)).one().steps_done == 1


def test_finished_at_midnight_by_one_and_missed_by_the_other_is_one_of_both(
    database: Database, world: World
) -> None:
    with database.transaction(world.workspace_id) as session:
        made, boss = a_forecast(session, world), get_person(session, world.max)
        forecast.save_lines(session, boss, made.id, of_all(world, figures(1, 2, 3)), FRIDAY)
        forecast.pass_step(session, boss, made.id, Step.COACHING, FRIDAY)
        reps = (world.ana, world.ben, world.cleo)
        nothing = dict.fromkeys(reps, Numbers(None, None))
        forecast.save_commitments(session, boss, made.id, nothing, FRIDAY)
        made_id = made.id

    def finish(session: Session) -> None:
        forecast.save_agenda(session, get_person(session, world.max), made_id, ["Nexus"], LATE)

    def settle(session: Session) -> None:
        forecast.settle(session, LATE)

    at_once(database, world, [finish, settle] * 3)
    with database.transaction(world.workspace_id) as session:
        found = forecast.get_forecast(session, made_id)
        assert found.state is forecast.ForecastState.LATE
        assert found.finished_at == LATE


def test_the_database_holds_what_a_line_is(database: Database, world: World) -> None:
    with database.transaction(world.workspace_id) as session:
        done(session, world)
    with (
        pytest.raises(IntegrityError, match="each_includes_the_one_before"),
        database.transaction(world.workspace_id) as session,
    ):
        session.execute(update(ForecastLine).values(best_case_minor=0))
