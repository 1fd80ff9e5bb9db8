"""Every team that has begun has each prompt of the week, in its zone, and keeps what it set."""

from datetime import date, time, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.agenda import PROMPTS
from models.people import team
from models.schedule import Lateness, Schedule, put_schedule
from models.week import WEEK, Fixed, WeekTime, keep, unkept
from models.week_agenda import MOST_ITEMS, agenda_of, set_agenda
from tests.world import NOW, World

NEXT_MONDAY = date(2026, 11, 30)
CHECK = Fixed("a.check", WeekTime(1, time(9)), timedelta(hours=3))
WRAP_UP = Fixed("a.wrap_up", WeekTime(5, time(15)))


def test_every_prompt_of_the_week_does_something() -> None:
    assert {one.prompt for one in WEEK} <= set(PROMPTS)
    assert len({one.prompt for one in WEEK}) == len(WEEK)


def test_a_team_gets_what_it_lacks_once(session: Session, world: World) -> None:
    both = (CHECK, WRAP_UP)
    assert unkept(session, NOW, both) == {world.workspace_id}
    assert keep(session, NOW, both) == 2
    assert unkept(session, NOW, both) == set()
    assert keep(session, NOW, both) == 0
    check = _schedules(session)["a.check"]
    assert (check.weekdays, check.local_time, check.zone) == ("1", time(9), "America/New_York")
    assert (check.active_from, check.late_until) == (NEXT_MONDAY, time(12))


def test_a_team_that_has_not_begun_has_no_week(session: Session, world: World) -> None:
    team(session, world.team).trial_ends_on = None
    session.flush()
    assert unkept(session, NOW, (CHECK,)) == set()
    assert keep(session, NOW, (CHECK,)) == 0


def test_a_new_team_begins_with_its_first_week(session: Session, world: World) -> None:
    team(session, world.team).trial_ends_on = date(2026, 12, 13)
    session.flush()
    keep(session, NOW, (CHECK,))
    assert _schedules(session)["a.check"].active_from == date(2026, 12, 7)


def test_what_the_team_set_stays_and_its_zone_is_followed(session: Session, world: World) -> None:
    put_schedule(
        session, world.team, "a.check", weekdays="2", local_time=time(8), zone="America/New_York",
        lateness=Lateness.MIDNIGHT, active_from=date(2026, 11, 1), is_on=False,
    )  # fmt: skip
    team(session, world.team).zone = "Europe/Berlin"
    session.flush()
    assert unkept(session, NOW, (CHECK,)) == {world.workspace_id}
    keep(session, NOW, (CHECK,))
    check = _schedules(session)["a.check"]
    assert (check.weekdays, check.local_time, check.zone) == ("2", time(8), "Europe/Berlin")
    assert (check.is_on, check.active_from) == (False, date(2026, 11, 24))


def test_the_agenda_of_a_monday_is_replaced_as_a_whole(session: Session, world: World) -> None:
    assert set_agenda(session, world.team, NEXT_MONDAY, world.max, ["Nexus", "Q4"], NOW)
    assert not set_agenda(session, world.team, NEXT_MONDAY, world.max, ["Nexus", "Q4"], NOW)
    assert set_agenda(session, world.team, NEXT_MONDAY, world.max, ["Q4", "Orbit"], NOW)
    assert [item.text for item in agenda_of(session, world.team, NEXT_MONDAY)] == ["Q4", "Orbit"]
    assert agenda_of(session, world.team, date(2026, 12, 7)) == ()
    with pytest.raises(ValueError, match="ten"):
        set_agenda(session, world.team, NEXT_MONDAY, world.max, ["x"] * (MOST_ITEMS + 1), NOW)


def _schedules(session: Session) -> dict[str, Schedule]:
    return {row.prompt: row for row in session.scalars(select(Schedule))}
