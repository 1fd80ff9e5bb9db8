"""One-on-ones over whole weeks: whatever is set, moved, called off or taken off, the rules hold."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from models.base import Database
from models.one_on_ones import SpanTooWide, current_sitting, move, plan, put_standing
from models.people import get_person, put_workspace, workspace
from models.roster import put_team
from models.schedule import instant
from models.standards import Standards
from tests.one_on_ones import MORNING, WEEK, a_session, a_standing, reps, sessions_of
from tests.postgres import Postgres
from tests.schedules.one_on_one_run import ACTS, Run, Step
from tests.schedules.transitions import Transition, transitions
from tests.world import World, a_person, a_workspace

DAY = timedelta(days=1)
ZONES = ("America/New_York", "Europe/Berlin", "Australia/Sydney", "Africa/Cairo")


@dataclass(frozen=True)
class Place:
    database: Database
    world: World

    @contextmanager
    def undone(self) -> Iterator[Session]:
        """A transaction that leaves nothing."""
        with self.database.transaction(self.world.workspace_id) as session:
            yield session
            session.rollback()


@pytest.fixture(scope="module")
def sqlite_place(
    tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path
) -> Iterator[Place]:
    path = tmp_path_factory.mktemp("weeks") / "weeks.sqlite3"
    path.write_bytes(sqlite_template.read_bytes())
    database = Database(f"sqlite:///{path}")
    yield Place(database, a_workspace(database))
    database.dispose()


@pytest.fixture(scope="module")
def postgresql_place(postgres: Postgres) -> Iterator[Place]:
    database = Database(postgres.create("weeks", "with_schema"))
    yield Place(database, a_workspace(database))
    database.dispose()
    postgres.drop("weeks")


STEPS = st.lists(
    st.builds(
        Step,
        act=st.sampled_from((*ACTS, *("move", "finish", "away", "cancel", "put") * 3)),
        hours=st.sampled_from((0, 1, 1, 5, 12, 24, 60)),
        who=st.integers(0, 8),
        what=st.integers(0, 11),
        day=st.integers(0, 14),
        hour=st.integers(8, 18),
    ),
    min_size=10,
    max_size=40,
)
FLOORS = st.fixed_dictionaries(
    {
        "number": st.sampled_from((1, 3, 8, 9)),
        "zone": st.sampled_from(ZONES),
        "monday": st.sampled_from(  # before a change of the clocks, Thanksgiving, Christmas, Easter
            [date(2026, 10, 19), date(2026, 11, 16), date(2026, 12, 14), date(2027, 3, 8)]
        ),
    }
)


def a_run(session: Session, world: World, number: int, zone: str, monday: date) -> Run:
    """So many members of West in a zone, on a Monday morning; all have a standing one-on-one."""
    west = put_team(session, "West", currency="USD", zone=zone)[0]
    people = [world.ana, world.ben, world.cleo, *reps(session, world, 6)][:number]
    now = instant(monday, time(7), zone)
    for index, who in enumerate(people):
        put_standing(
            session,
            None,
            get_person(session, who),
            weekday=2 + index % 3,
            local_time=time(9 + index // 3 * 2),
            minutes=30,
            active_from=monday,
            now=now,
        )
    assert west.zone == zone
    return Run(session, world.max, people, zone, now)


def _play(place: Place, floor: dict[str, object], steps: list[Step]) -> None:
    with place.undone() as session:
        run = a_run(session, place.world, **floor)  # type: ignore[arg-type]
        run.check()
        for step in steps:
            run.play(step)


@settings(max_examples=12, suppress_health_check=list(HealthCheck))
@given(FLOORS, STEPS)
def test_whatever_happens(sqlite_place: Place, floor: dict[str, object], steps: list[Step]) -> None:
    _play(sqlite_place, floor, steps)


@settings(max_examples=3, suppress_health_check=list(HealthCheck))
@given(FLOORS, STEPS)
def test_whatever_happens_on_postgresql(
    postgresql_place: Place, floor: dict[str, object], steps: list[Step]
) -> None:
    _play(postgresql_place, floor, steps)


def test_nine_people_fit_and_the_tenth_does_not(sqlite_place: Place) -> None:
    with sqlite_place.undone() as session:
        world = sqlite_place.world
        run = a_run(session, world, 9, "America/New_York", date(2026, 11, 16))
        tenth = a_person(session, "U0TEN", "Ten", team_id=world.team, reports_to_id=world.max)
        for weekday in (2, 3, 4):
            with pytest.raises(SpanTooWide):
                a_standing(session, world.max, tenth.id, weekday=weekday, local_time=time(16))
        for _ in range(6):
            run.play(Step("start", hours=24 * 7, who=0, what=0, day=0, hour=9))
        for person_id in run.people:
            assert len(sessions_of(session, person_id)) == 8


# --- the clocks change


def _edges() -> list[tuple[str, Transition]]:
    first, last = (
        datetime(2026, 6, 1, tzinfo=ZoneInfo("UTC")),
        datetime(2027, 6, 30, tzinfo=ZoneInfo("UTC")),
    )
    return [(zone, edge) for zone in ZONES for edge in transitions(zone) if first < edge.at < last]


@pytest.mark.parametrize(
    ("zone", "edge"),
    [pytest.param(*each, id=f"{each[0]} {each[1].at:%d %b %Y}") for each in _edges()],
)
def test_a_standing_time_stays_across_an_edge(
    sqlite_place: Place, zone: str, edge: Transition
) -> None:
    """The clock on the wall says the same each week, on both sides of the change."""
    with sqlite_place.undone() as session:
        world = sqlite_place.world
        put_team(session, "West", currency="USD", zone=zone)
        day = edge.at.astimezone(ZoneInfo(zone)).date()
        monday = day - day.weekday() * DAY - WEEK
        a_standing(
            session, world.max, world.ana, local_time=time(10), active_from=monday,
            now=instant(monday, time(), zone),
        )  # fmt: skip
        for week in (1, 2, 3):
            plan(session, instant(monday + week * WEEK, time(1), zone))
        starts = [
            current_sitting(session, each.id).starts_at for each in sessions_of(session, world.ana)
        ]
        local = [each.astimezone(ZoneInfo(zone)) for each in starts]
        assert [(each.hour, each.minute) for each in local] == [(10, 0)] * 5
        assert [each.date() for each in local] == [monday + DAY + n * WEEK for n in range(5)]
        offsets = {each.utcoffset() for each in local}
        assert offsets == {edge.before, edge.after}


@pytest.mark.parametrize("minutes", [-90, -60, -40, 0, 30, 60, 90])
@pytest.mark.parametrize("edge", [edge for zone, edge in _edges() if zone == "Africa/Cairo"])
def test_a_time_that_the_clocks_skip_or_repeat(
    sqlite_place: Place, edge: Transition, minutes: int
) -> None:
    """Cairo changes its clocks in the night to Friday, so a standing time may lie in the gap."""
    zone = "Africa/Cairo"
    with sqlite_place.undone() as session:
        world = sqlite_place.world
        rules = Standards(
            one_on_one_days="45", one_on_one_earliest=time(), one_on_one_latest=time.max
        )
        put_workspace(session, world.workspace_id, now=MORNING, standards=rules)
        put_team(session, "West", currency="USD", zone=zone)
        for who in (world.max, world.ana):
            get_person(session, who).working_days = "1234567"
        wall = (edge.at + edge.before).replace(tzinfo=None) + timedelta(minutes=minutes)
        monday = wall.date() - wall.weekday() * DAY
        a_standing(
            session, world.max, world.ana, weekday=wall.isoweekday(), local_time=wall.time(),
            active_from=monday, now=instant(monday, time(), zone),
        )  # fmt: skip
        first = sessions_of(session, world.ana)[0]
        sitting = current_sitting(session, first.id)
        assert sitting.starts_at == edge.first_happening(wall)
        assert sitting.ends_at - sitting.starts_at == timedelta(minutes=30)
        assert sitting.local_date == wall.date()


def test_moved_across_an_edge_it_is_as_long_as_before(sqlite_place: Place) -> None:
    with sqlite_place.undone() as session:
        world = sqlite_place.world
        monday = date(2026, 10, 19)
        one_on_one = a_session(
            session, world, active_from=monday, now=instant(monday, time(9), "America/New_York")
        )
        for who in (world.max, world.ana):
            get_person(session, who).working_days = "1234567"
        workspace(session).standards = {"one_on_one_earliest": "00:00:00"}
        # 01:45 on Sunday 1 November, before the clocks go back at 02:00
        starts_at = instant(date(2026, 11, 1), time(1, 45), "America/New_York")
        boss = get_person(session, world.max)
        now = instant(monday, time(9), "America/New_York")
        sitting = move(session, boss, one_on_one.id, starts_at, now)
        assert sitting.ends_at - sitting.starts_at == timedelta(minutes=30)
        assert sitting.local_date == date(2026, 11, 1)
        assert sitting.settle_by == instant(date(2026, 11, 3), time(), "America/New_York")
