"""Who may what: every act, every kind of person."""

import pytest
from sqlalchemy.orm import Session

from models.access import Act, Refused, allowed, may, reach_of, require
from models.base import Database
from models.people import Person, Role, UnknownPerson, get_person, team
from tests.world import World, a_person, a_rep, a_team

HEADS = {"max", "lea"}
EVERYBODY = {"ana", "ben", "cleo", "max", "lea", "ada"}
RULES: dict[Act, set[str]] = {
    Act.SEE_REVIEW: EVERYBODY,
    Act.START_REVIEW: HEADS,
    Act.ADJUST_PICK: HEADS,
    Act.ANSWER: {"ana"},  # the deal is hers
    Act.ANSWER_FOR: {"max"},
    Act.CONFIRM_ANSWERS: {"ana"},
    Act.DECIDE: HEADS,
    Act.CORRECT: HEADS,
    Act.CLOSE_REVIEW: HEADS,
    Act.PROPOSE_PRACTICE: HEADS,
    Act.TALK_COVERAGE: HEADS,
    Act.NAME_DEPUTY: HEADS,
    Act.RUN_FORECAST: HEADS,
    Act.SET_COMMITMENTS: HEADS,
    Act.SEE_SETUP: {"ada"},
}

# whose rules see two people and no team: tests/rules/test_access_coaching.py, and each noun's own
ELSEWHERE = {
    Act.IMPORT,
    Act.ADVANCE_OWN,  # a deal: tests/rules/test_review_decisions.py
    Act.ANSWER_ACTION,  # a next action: tests/rules/test_next_actions.py
    Act.COACH,
    Act.EDIT_COACHING,
    Act.ANSWER_COACHING,
    Act.ANSWER_PRACTICE,
    Act.RUN_ONE_ON_ONE,
    Act.CHANGE_ONE_ON_ONE,
    Act.RATE,
    Act.SEE_DRIVES,
    Act.ACCEPT_ABSENCE,  # somebody's days off: tests/rules/test_late_absences.py
}
OF_THE_WORKSPACE = {Act.IMPORT}  # no team either: tests/rules/test_dropped_files.py


def test_every_act_has_its_rule() -> None:
    assert set(RULES) | ELSEWHERE == set(Act)


@pytest.mark.parametrize("act", list(RULES))
@pytest.mark.parametrize("who", sorted(EVERYBODY))
def test_who_may(session: Session, world: World, act: Act, who: str) -> None:
    actor = get_person(session, getattr(world, who))
    expected = who in RULES[act]
    assert may(session, actor, act, team_id=world.team, owner_id=world.ana) is expected
    if expected:
        require(session, actor, act, team_id=world.team, owner_id=world.ana)
    else:
        with pytest.raises(Refused) as refused:
            require(session, actor, act, team_id=world.team, owner_id=world.ana)
        assert refused.value.act is act
        assert set(refused.value.allowed) == {getattr(world, name) for name in RULES[act]}


@pytest.mark.parametrize("act", list(RULES))
def test_another_teams_people_may_nothing(session: Session, world: World, act: Act) -> None:
    eva = a_person(session, "U0EVA", "Eva", Role.MANAGER, reports_to_id=world.lea)
    east = a_team(session, "East", manager_id=eva.id)
    eli = a_rep(session, east, "U0ELI", "Eli")
    for stranger in (eva, eli):
        assert not may(session, stranger, act, team_id=world.team, owner_id=world.ana)


@pytest.mark.parametrize("act", list(RULES))
@pytest.mark.parametrize("who", sorted(EVERYBODY))
def test_an_inactive_person_may_nothing(session: Session, world: World, act: Act, who: str) -> None:
    actor = get_person(session, getattr(world, who))
    actor.active = False
    session.flush()
    assert not may(session, actor, act, team_id=world.team, owner_id=world.ana)
    shown = allowed(session, act, team_id=world.team, owner_id=world.ana)
    assert actor not in shown


def test_it_is_checked_as_things_stand_now(database: Database, world: World) -> None:
    with database.transaction(world.workspace_id) as session:
        remembered = get_person(session, world.max)
    with database.transaction(world.workspace_id) as session:
        get_person(session, world.max).active = False
    assert remembered.active  # a stale object
    with database.transaction(world.workspace_id) as session, pytest.raises(Refused) as refused:
        require(session, remembered, Act.DECIDE, team_id=world.team)
    assert refused.value.allowed == (world.lea,)


def test_a_new_manager_takes_over_at_once(session: Session, world: World) -> None:
    eva = a_person(session, "U0EVA", "Eva", Role.MANAGER, reports_to_id=world.lea)
    team(session, world.team).manager_id = eva.id
    assert may(session, eva, Act.DECIDE, team_id=world.team)
    assert not may(session, get_person(session, world.max), Act.DECIDE, team_id=world.team)


def test_nearest_first_and_nobody_twice(session: Session, world: World) -> None:
    get_person(session, world.lea).is_admin = True
    shown = allowed(session, Act.SEE_REVIEW, team_id=world.team)
    assert [person.name for person in shown] == ["Ana", "Ben", "Cleo", "Max", "Lea", "Ada"]
    decide = allowed(session, Act.DECIDE, team_id=world.team)
    assert [person.name for person in decide] == ["Max", "Lea"]


def test_a_team_without_a_manager_has_nobody_who_decides(session: Session, world: World) -> None:
    team(session, world.team).manager_id = None
    for act in (Act.START_REVIEW, Act.DECIDE, Act.NAME_DEPUTY, Act.CLOSE_REVIEW):
        assert allowed(session, act, team_id=world.team) == []


def test_the_absent_managers_leader_still_decides(session: Session, world: World) -> None:
    get_person(session, world.max).active = False
    session.flush()
    assert [p.id for p in allowed(session, Act.DECIDE, team_id=world.team)] == [world.lea]


def test_an_admin_reads_and_decides_nothing(session: Session, world: World) -> None:
    ada = get_person(session, world.ada)
    assert may(session, ada, Act.SEE_REVIEW, team_id=world.team)
    assert not may(session, ada, Act.DECIDE, team_id=world.team)


def test_answering_needs_the_owner(session: Session, world: World) -> None:
    ana = get_person(session, world.ana)
    with pytest.raises(ValueError):
        may(session, ana, Act.ANSWER, team_id=world.team)
    with pytest.raises(UnknownPerson):
        may(session, ana, Act.ANSWER, team_id=world.team, owner_id=999_999)


def test_somebody_of_another_workspace_is_refused(
    database: Database, world: World, south: World
) -> None:
    with database.transaction(south.workspace_id) as session:
        theirs: Person = get_person(session, south.max)
    with database.transaction(world.workspace_id) as session:
        for act in RULES:
            assert not may(session, theirs, act, team_id=world.team, owner_id=world.ana)


def test_of_many_teams_it_is_the_same(session: Session, world: World) -> None:
    gus = a_person(session, "U0GUS", "Gus", Role.LEADER, reports_to_id=world.lea)
    eva = a_person(session, "U0EVA", "Eva", Role.MANAGER, reports_to_id=gus.id)
    teams = [
        team(session, world.team),
        a_team(session, "East", manager_id=eva.id),
        a_team(session, "North", manager_id=gus.id),
        a_team(session, "South"),
    ]
    for person_id in (world.lea, world.max, world.ana, world.ada, gus.id, eva.id):
        actor = get_person(session, person_id)
        one_by_one = {one.id for one in teams if may(session, actor, Act.DECIDE, team_id=one.id)}
        assert reach_of(session, actor).decided == one_by_one
    get_person(session, world.max).active = False
    assert reach_of(session, get_person(session, world.max)).decided == set()
