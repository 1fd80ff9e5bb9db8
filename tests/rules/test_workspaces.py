"""The walls between workspaces: no query and no write crosses them."""

from threading import Barrier, Thread

import pytest
from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, aliased

from models.access import Act, may
from models.base import Database, Unscoped
from models.deals import Deal, UnknownDeal, changes, get_deal, locked_deal, open_deals, stages
from models.evidence import Question, standing
from models.next_actions import NextAction, open_actions, set_next_action
from models.people import (
    Person,
    Team,
    UnknownPerson,
    UnknownTeam,
    admins,
    chain_above,
    get_person,
    home_team_id,
    members,
    people_below,
    people_by_id,
    person_by_slack_id,
    put_workspace,
    sellers,
    standards,
    team,
    team_in_channel,
    teams,
    workspace,
    zones,
)
from models.standards import Standards
from tests.world import NOW, TODAY, World, a_deal


def test_the_same_slack_id_is_another_person_in_another_workspace(
    database: Database, world: World, south: World
) -> None:
    for here in (world, south):
        with database.transaction(here.workspace_id) as session:
            ana = person_by_slack_id(session, "U0ANA")
            assert ana is not None
            assert ana.id == here.ana
            assert [person.id for person in members(session, here.team)] == [
                here.ana,
                here.ben,
                here.cleo,
            ]
            assert [person.id for person in admins(session)] == [here.ada]
            assert [team.id for team in teams(session)] == [here.team]
            in_channel = team_in_channel(session, "C0WEST")
            assert in_channel is not None
            assert in_channel.id == here.team


def test_ids_of_another_workspace_find_nothing(
    database: Database, world: World, south: World
) -> None:
    with database.transaction(south.workspace_id) as session:
        theirs = a_deal(session, south.ana)
        set_next_action(session, theirs.id, "Send terms", south.ana, TODAY, south.max, NOW)
    with database.transaction(world.workspace_id) as session:
        with pytest.raises(UnknownPerson):
            get_person(session, south.ana)
        with pytest.raises(UnknownTeam):
            team(session, south.team)
        with pytest.raises(UnknownDeal):
            get_deal(session, theirs.id)
        with pytest.raises(UnknownDeal):
            locked_deal(session, theirs.id)
        with pytest.raises(UnknownTeam):
            may(session, get_person(session, world.max), Act.DECIDE, team_id=south.team)
        assert people_by_id(session, [south.ana, world.ana]).keys() == {world.ana}
        assert chain_above(session, south.ana) == []
        assert people_below(session, south.lea) == []
        assert members(session, south.team) == []
        assert sellers(session, south.team) == []
        assert home_team_id(session, south.ana) is None
        assert zones(session, [south.ana]) == {}
        assert open_deals(session, south.team) == []
        assert open_actions(session, [theirs.id]) == {}
        assert changes(session, [theirs.id]) == {theirs.id: []}
        assert {stage.id for stage in stages(session)} == set(world.stages.values())


def test_updates_and_deletes_stay_inside(database: Database, world: World, south: World) -> None:
    with database.transaction(world.workspace_id) as session:
        session.execute(update(Person).values(name="Somebody"))
        session.execute(delete(Question))
    with database.transaction(south.workspace_id) as session:
        assert get_person(session, south.ana).name == "Ana"
        assert session.scalar(select(func.count()).select_from(Question)) == 12


def test_joins_aliases_and_subqueries_stay_inside(
    database: Database, world: World, south: World
) -> None:
    boss = aliased(Person)
    with database.transaction(world.workspace_id) as session:
        pairs = session.execute(
            select(Person.id, boss.id).join(boss, boss.id == Person.reports_to_id)
        )
        assert {tuple(pair) for pair in pairs} == {
            (world.max, world.lea),
            (world.ana, world.max),
            (world.ben, world.max),
            (world.cleo, world.max),
        }
        in_teams = select(Person).where(Person.team_id.in_(select(Team.id)))
        assert {person.id for person in session.scalars(in_teams)} == {
            world.ana,
            world.ben,
            world.cleo,
        }


def test_a_row_of_another_workspace_is_not_written(
    database: Database, world: World, south: World
) -> None:
    with database.transaction(world.workspace_id) as session:
        session.add(Team(workspace_id=south.workspace_id, name="East", currency="USD", zone="UTC"))
        with pytest.raises(Unscoped):
            session.flush()
        session.rollback()
        with pytest.raises(Unscoped):
            put_workspace(session, south.workspace_id, now=NOW, name="Taken over")


def test_a_reference_into_another_workspace_is_refused_by_the_database(
    database: Database, world: World, south: World
) -> None:
    with pytest.raises(IntegrityError), database.transaction(world.workspace_id) as session:
        a_deal(session, south.ana)


def test_a_session_of_no_workspace_may_not_ask(database: Database, world: World) -> None:
    with Session(database.engine) as session, pytest.raises(Unscoped):
        workspace(session)
    with database.everywhere() as session, pytest.raises(Unscoped):
        workspace(session)
    with database.transaction("T0NOBODY") as session, pytest.raises(Unscoped):
        standards(session)


def test_for_everybody_at_once_there_is_everywhere(
    database: Database, world: World, south: World
) -> None:
    with database.everywhere() as session:
        found = session.scalars(select(Person.workspace_id).where(Person.slack_id == "U0ANA"))
        assert set(found) == {"T0NORTH", "T0SOUTH"}


def test_processes_that_start_together_make_one_workspace(database: Database) -> None:
    ready = Barrier(6)
    made: list[bool] = []

    def start() -> None:
        ready.wait()
        with database.everywhere() as session:
            made.append(put_workspace(session, "T0NEW", now=NOW, name="New")[1])

    threads = [Thread(target=start) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 6
    with database.transaction("T0NEW") as session:
        assert workspace(session).name == "New"


def test_standards_keep_only_what_differs(database: Database, world: World, south: World) -> None:
    with database.transaction(world.workspace_id) as session:
        row, changed = put_workspace(session, "T0NORTH", now=NOW, standards=Standards(coverage=4))
        assert changed
        assert row.standards == {"coverage": 4.0}
        assert not put_workspace(session, "T0NORTH", now=NOW, standards=Standards(coverage=4))[1]
        assert standards(session) == Standards(coverage=4)
        assert row.name == "North"  # left alone
    with database.transaction(south.workspace_id) as session:
        assert standards(session) == Standards()


def test_evidence_of_a_deal_is_asked_with_its_own_workspaces_questions(
    database: Database, world: World, south: World
) -> None:
    with database.transaction(south.workspace_id) as session:
        deal = a_deal(session, south.ana, "Discovery")
        stands = standing(session, [deal], NOW, TODAY)[deal.id]
        assert [each.question.key for each in stands.questions] == [
            "buyer_met",
            "criteria",
            "decides_on",
            "forced_by",
        ]
    with database.transaction(world.workspace_id) as session:
        assert session.scalar(select(func.count()).select_from(Deal)) == 0
        assert session.scalar(select(func.count()).select_from(NextAction)) == 0
