"""Zones: Slack's, one's own, or the team's where Slack says none; and times that clocks skip."""

from datetime import date, time

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models.agenda import choose_calendar
from models.people import Person, get_person, person_by_slack_id, team, team_whose_zone
from models.schedule import Schedule, Skipped, skipped_dates
from models.screens import calendar, home, setup_steps, skipped_times
from models.setup import (
    Known,
    ReviewTimes,
    TeamSaid,
    WeekTime,
    make_admin,
    open_setup,
    put_times,
    save_people,
    save_team,
)
from models.week import DIGEST, FORECAST, PUT_RIGHT, set_fixed_times
from tests.world import NOW, TODAY, World

BERLIN = "Europe/Berlin"
PIA = Known("U0PIA", "Pia", None, None)
MAX = Known("U0MAX", "Max", None, "America/New_York")
BEN = Known("U0BEN", "Ben", None, "America/New_York")


def reps(session: Session, world: World, *more: Known) -> None:
    save_people(session, get_person(session, world.ada), world.team, [BEN, *more], None, NOW)


def pia(session: Session) -> Person:
    found = person_by_slack_id(session, "U0PIA")
    assert found is not None
    return found


def moved(session: Session, world: World, zone: str) -> None:
    """West is in another zone now."""
    said = TeamSaid("West", MAX, world.channel, True, "USD", zone, "en_US")
    save_team(session, get_person(session, world.ada), said, world.team, NOW)


def digest_zone(session: Session, person: Person) -> str:
    same = (Schedule.person_id == person.id) & (Schedule.prompt == DIGEST)
    return session.scalars(select(Schedule.zone).where(same)).one()


def test_of_whom_slack_says_none_the_teams_counts(session: Session, world: World) -> None:
    reps(session, world, PIA)
    assert (pia(session).zone, pia(session).zone_is_teams) == ("America/New_York", True)
    assert digest_zone(session, pia(session)) == "America/New_York"


def test_it_follows_the_team(session: Session, world: World) -> None:
    reps(session, world, PIA)
    moved(session, world, BERLIN)
    assert (pia(session).zone, digest_zone(session, pia(session))) == (BERLIN, BERLIN)
    assert get_person(session, world.ben).zone == "America/New_York", "Slack says it of Ben"


def test_it_follows_slack_once_that_says_one(session: Session, world: World) -> None:
    reps(session, world, PIA)
    reps(session, world, Known("U0PIA", "Pia", None, BERLIN))
    assert (pia(session).zone, pia(session).zone_is_teams) == (BERLIN, False)
    moved(session, world, "America/Chicago")
    assert pia(session).zone == BERLIN


def test_what_was_known_or_chosen_stays(session: Session, world: World) -> None:
    cleo = get_person(session, world.cleo)
    cleo.zone = "America/Denver"
    reps(session, world, Known("U0CLEO", "Cleo", None, None))
    assert (cleo.zone, cleo.zone_is_teams) == ("America/Denver", False)


def test_a_zone_of_ones_own_and_back(session: Session, world: World) -> None:
    reps(session, world, PIA)

    def choose(zone: str | None, *, own: bool) -> tuple[str, bool, bool]:
        choose_calendar(
            session, pia(session), NOW,
            zone=zone, zone_is_own=own, working_days="12345", holidays=None,
        )  # fmt: skip
        return pia(session).zone, pia(session).zone_is_own, pia(session).zone_is_teams

    assert choose("Asia/Tokyo", own=True) == ("Asia/Tokyo", True, False)
    assert choose(None, own=False) == ("America/New_York", False, True)
    assert choose(BERLIN, own=False) == (BERLIN, False, False)


def test_one_cannot_be_both(session: Session, world: World) -> None:
    ana = get_person(session, world.ana)
    ana.zone_is_own, ana.zone_is_teams = True, True
    with pytest.raises(IntegrityError, match="zone_of_one_of_them"):
        session.flush()


def test_whose_zone_it_is(session: Session, world: World) -> None:
    for person_id in (world.ana, world.max, world.lea, world.ada):
        found = team_whose_zone(session, get_person(session, person_id))
        assert found is not None
        assert found.id == world.team


def test_an_admin_before_any_team_and_after(session: Session, world: World) -> None:
    zoe = make_admin(session, Known("U0ZOE", "Zoe", None, None), NOW)
    assert (zoe.zone, zoe.zone_is_teams) == ("UTC", True)
    moved(session, world, BERLIN)
    assert zoe.zone == BERLIN


def test_it_is_said_at_home_in_the_settings_and_at_setup(session: Session, world: World) -> None:
    reps(session, world, PIA)
    shown = home(session, pia(session), NOW).zone_of
    assert shown is not None
    assert shown.name == "West"
    assert calendar(session, pia(session)).zone_of == shown
    ben = get_person(session, world.ben)
    assert home(session, ben, NOW).zone_of is None
    opened = open_setup(session, get_person(session, world.ada), NOW, world.team)
    steps = setup_steps(session, opened.id, NOW)
    assert steps is not None
    assert steps.steps is not None
    assert [one.name for one in steps.steps.zoneless] == ["Pia"]


# --- times that the clocks skip


@pytest.mark.parametrize(
    ("weekdays", "at", "zone", "found"),
    [
        ("7", time(2, 30), BERLIN, [Skipped(date(2027, 3, 28), time(3, 30))]),
        ("2", time(2, 30), BERLIN, []),
        ("7", time(3), BERLIN, []),
        ("7", time(2, 30), "America/New_York", [Skipped(date(2027, 3, 14), time(3, 30))]),
        ("7", time(2, 15), "Australia/Lord_Howe", [Skipped(date(2027, 10, 3), time(2, 45))]),
        ("7", time(1, 30), "Australia/Lord_Howe", []),  # happens twice: the first time counts
        ("5", time(0, 30), "Africa/Cairo", [Skipped(date(2027, 4, 30), time(1, 30))]),
        ("1234567", time(0), "America/Santiago", [Skipped(date(2027, 9, 5), time(1))]),
    ],
)
def test_the_dates_on_which_a_time_does_not_happen(
    weekdays: str, at: time, zone: str, found: list[Skipped]
) -> None:
    assert skipped_dates(weekdays, at, zone, TODAY) == found


def test_such_a_time_is_taken_and_setup_says_so(session: Session, world: World) -> None:
    west = team(session, world.team)
    west.zone = "Africa/Cairo"
    odd = ReviewTimes(WeekTime(4, time(15)), WeekTime(5, time(0, 30)))
    assert put_times(session, west, odd, NOW)
    [skipped] = skipped_times(session, west, NOW)
    assert (skipped.at, skipped.on, skipped.runs_at) == (
        time(0, 30), date(2027, 4, 30), time(1, 30),
    )  # fmt: skip
    put_times(session, west, ReviewTimes(), NOW)
    assert skipped_times(session, west, NOW) == ()


def test_so_of_every_prompt_of_the_team(session: Session, world: World) -> None:
    west = team(session, world.team)
    west.zone = "Africa/Cairo"
    put_times(session, west, ReviewTimes(WeekTime(4, time(15)), WeekTime(5, time(10))), NOW)
    friday = {FORECAST: WeekTime(5, time(0, 15)), PUT_RIGHT: WeekTime(5, time(0, 45))}
    set_fixed_times(session, west, friday, NOW)
    found = skipped_times(session, west, NOW)
    assert [(one.at, one.runs_at) for one in found] == [
        (time(0, 15), time(1, 15)),
        (time(0, 45), time(1, 45)),
    ]
    set_fixed_times(session, west, {FORECAST: None}, NOW)
    assert [one.at for one in skipped_times(session, west, NOW)] == [time(0, 45)]
