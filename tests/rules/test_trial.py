"""The first week of a team is a trial: nothing in it is missed, and nothing of it counts."""

from datetime import date, timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from models.one_on_ones import (
    Excuse,
    OneOnOne,
    State,
    changes,
    held_rate,
    settle_missed,
)
from models.people import Person, Role, Team, get_person, team
from models.roster import ChannelTaken
from models.schedule import Schedule
from models.setup import (
    AdminsHere,
    CurrencyStays,
    Known,
    NotReady,
    NotTheirs,
    TeamSaid,
    claim,
    save_people,
    save_team,
    start_team,
)
from models.trial import is_in_trial, starts_on
from tests.sittings import TEN, a_one_on_one, settle
from tests.world import NOW, TODAY, World, a_deal, somebody

EVA = Known("U0EVA", "Eva", None, "Europe/Berlin")
EAST = TeamSaid("East", EVA, "C0EAST", False, "EUR", "Europe/Berlin", "de_DE")


@pytest.fixture
def trial(session: Session, world: World) -> Team:
    """West is in its first week, which ends on the day of the sessions."""
    found = team(session, world.team)
    found.trial_ends_on = TODAY
    return found


@pytest.mark.parametrize(
    ("last", "state"), [(TODAY, State.EXCUSED), (TODAY - timedelta(days=1), State.MISSED)]
)
def test_what_nobody_recorded_is_excused(
    session: Session, world: World, trial: Team, last: date, state: State
) -> None:
    trial.trial_ends_on = last
    one = a_one_on_one(session, world.max, world.ana)
    settle_missed(session, TEN + timedelta(days=10))
    assert one.state is state
    assert one.excuse is (Excuse.TRIAL if state is State.EXCUSED else None)


def test_nothing_of_it_counts(session: Session, world: World, trial: Team) -> None:
    one = a_one_on_one(session, world.max, world.ana)
    other = a_one_on_one(session, world.max, world.ben, TEN + timedelta(hours=1))
    settle(session, one, State.HELD, NOW)
    settle(session, other, State.CANCELLED, NOW)
    session.execute(update(OneOnOne).where(OneOnOne.id == other.id).values(settled_by_id=world.max))
    days = (TODAY - timedelta(days=30), TODAY)
    assert held_rate(session, world.max, *days).due == 0
    assert changes(session, world.max, world.ben, TODAY).coach_cancelled == 0
    trial.trial_ends_on = TODAY - timedelta(days=1)
    rate = held_rate(session, world.max, *days)
    assert (rate.held, rate.due) == (1, 2)
    assert changes(session, world.max, world.ben, TODAY).coach_cancelled == 1


def test_whose_trial_it_is(session: Session, world: World, trial: Team) -> None:
    """That of the home team: of reps and their manager; before its start too; leaders have none."""
    for who, inside in ((world.ana, True), (world.max, True), (world.lea, False)):
        assert is_in_trial(session, who, TODAY) is inside
        assert not is_in_trial(session, who, TODAY + timedelta(days=1))
    trial.trial_ends_on = None
    assert is_in_trial(session, world.ana, TODAY + timedelta(days=100))


def test_a_team_starts_once_next_monday(session: Session, world: World) -> None:
    ada = get_person(session, world.ada)
    east = save_team(session, ada, EAST, None, NOW)
    with pytest.raises(NotReady) as refused:
        start_team(session, ada, east.id, NOW)
    assert refused.value.missing == ("the people",)
    save_people(session, ada, east.id, [Known("U0PIA", "Pia", None, "Europe/Berlin")], None, NOW)
    for later in (NOW, NOW + timedelta(days=9)):  # pressed again, much later
        start_team(session, ada, east.id, later)
        assert (starts_on(east), east.trial_ends_on) == (date(2026, 11, 30), date(2026, 12, 6))
    begun = session.query(Schedule).filter(Schedule.team_id == east.id).all()
    assert {(one.is_on, one.active_from) for one in begun} == {(True, date(2026, 11, 30))}


def test_nobody_seizes_it(session: Session, world: World) -> None:
    for runs_slack in (True, False):
        with pytest.raises(AdminsHere) as refused:
            claim(session, EVA, NOW, runs_slack=runs_slack)
        assert refused.value.allowed == (world.ada,)
    get_person(session, world.ada).active = False
    with pytest.raises(NotTheirs):
        claim(session, EVA, NOW, runs_slack=False)
    assert claim(session, EVA, NOW, runs_slack=True).is_admin
    with pytest.raises(AdminsHere):
        save_team(session, get_person(session, world.max), EAST, None, NOW)


def test_a_manager_changes_and_what_stays(session: Session, world: World) -> None:
    ada, west = get_person(session, world.ada), team(session, world.team)
    said = TeamSaid("The West", EVA, "C0WEST", True, "USD", west.zone, "en_US")
    assert save_team(session, ada, said, west.id, NOW) is west
    eva = somebody(session, "U0EVA")
    assert (west.name, west.manager_id, eva.role) == ("The West", eva.id, Role.MANAGER)
    assert get_person(session, world.ana).reports_to_id == eva.id
    a_deal(session, world.ana)
    with pytest.raises(CurrencyStays):
        save_team(session, ada, TeamSaid("West", EVA, "C0WEST", True, "EUR", "UTC", "en_US"),
                  west.id, NOW)  # fmt: skip
    with pytest.raises(ChannelTaken):
        save_team(session, ada, TeamSaid("North", EVA, "C0WEST", True, "USD", "UTC", "en_US"),
                  None, NOW)  # fmt: skip
    assert session.get(Person, world.max) is not None
