"""Friday forecasts for tests, made through the product's own rules: West's, on 27 November 2026."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.forecast import (
    Figures,
    Forecast,
    Numbers,
    Step,
    begin,
    open_forecast,
    pass_step,
    save_agenda,
    save_commitments,
    save_lines,
)
from models.people import get_person, team
from models.schedule import Lateness, instant, put_schedule
from models.week import FORECAST
from models.week import WEEK as FIXED
from tests.world import World

FRIDAY = datetime(2026, 11, 27, 20, 0, tzinfo=UTC)  # 15:00 in New York
DAY = date(2026, 11, 27)
MONDAY = date(2026, 11, 30)
MINUTE, WEEK = timedelta(minutes=1), timedelta(days=7)
LATE = datetime(2026, 11, 28, 5, 0, tzinfo=UTC)  # midnight
CLOSED = datetime(2026, 11, 30, 14, 0, tzinfo=UTC)  # Monday 09:00
K = 1000_00  # a thousand dollars in cents


def figures(commit: int, best_case: int, pipeline: int) -> Figures:
    """In thousands of dollars."""
    return Figures(commit * K, best_case * K, pipeline * K)


def put_friday(session: Session, world: World) -> None:
    """West has its Friday from this week on."""
    [fixed] = [one for one in FIXED if one.prompt == FORECAST]
    put_schedule(
        session, world.team, FORECAST, weekdays=str(fixed.when.day), local_time=fixed.when.at,
        zone="America/New_York", lateness=Lateness.MIDNIGHT, active_from=date(2026, 11, 23),
    )  # fmt: skip


def a_forecast(session: Session, world: World, due_at: datetime = FRIDAY) -> Forecast:
    """Max is asked for West's forecast."""
    of_team, boss = team(session, world.team), get_person(session, world.max)
    day = due_at.date()
    made = open_forecast(session, of_team, day, boss, due_at, due_at)
    assert made is not None
    return made


def of_all(world: World, given: Figures) -> dict[int, Figures]:
    """The same for each rep."""
    return dict.fromkeys((world.ana, world.ben, world.cleo), given)


def done(
    session: Session,
    world: World,
    due_at: datetime = FRIDAY,
    given: Mapping[int, Figures] | None = None,
    committed: Mapping[int, Numbers] | None = None,
    agenda: tuple[str, ...] = ("Nexus: who signs?",),
) -> Forecast:
    """Max has gone through a Friday's forecast: commit 10, best case 20, pipeline 30 for each."""
    boss, made = get_person(session, world.max), a_forecast(session, world, due_at)
    begin(session, boss, made.id, due_at)
    lines = of_all(world, figures(10, 20, 30)) if given is None else given
    save_lines(session, boss, made.id, lines, due_at)
    pass_step(session, boss, made.id, Step.COACHING, due_at)
    nothing = dict.fromkeys((world.ana, world.ben, world.cleo), Numbers(None, None))
    save_commitments(session, boss, made.id, nothing | dict(committed or {}), due_at)
    save_agenda(session, boss, made.id, agenda, due_at)
    return made


def the_forecast(session: Session) -> Forecast:
    return session.scalars(select(Forecast)).one()


def friday(day: date) -> datetime:
    """15:00 of a day in New York."""
    return instant(day, datetime(2026, 1, 1, 15, tzinfo=UTC).time(), "America/New_York")
