"""Who coaches whom: a rep's team's manager, everybody else's next above."""

import pytest
from sqlalchemy.orm import Session

from models.access import Act, Refused, coach_of, coached_by, require_coach, require_one_of
from models.base import Database
from models.people import Person, Role, get_person, team
from tests.world import World, a_person, a_team


@pytest.fixture
def people(session: Session, world: World) -> dict[str, Person]:
    """Everybody of the sample floor, by name."""
    found = {name: get_person(session, getattr(world, name)) for name in ("lea", "max", "ana")}
    return found | {name: get_person(session, getattr(world, name)) for name in ("ben", "ada")}


def test_up_the_line(session: Session, people: dict[str, Person]) -> None:
    coaches = {name: coach_of(session, person) for name, person in people.items()}
    assert coaches == {
        "ana": people["max"],
        "ben": people["max"],
        "max": people["lea"],
        "lea": None,
        "ada": None,
    }


def test_down_the_line(session: Session, people: dict[str, Person]) -> None:
    assert [each.name for each in coached_by(session, people["max"])] == ["Ana", "Ben", "Cleo"]
    assert [each.name for each in coached_by(session, people["lea"])] == ["Max"]
    assert coached_by(session, people["ana"]) == []


def test_the_team_outranks_who_a_rep_reports_to(
    session: Session, people: dict[str, Person]
) -> None:
    people["ana"].reports_to_id = people["lea"].id
    assert coach_of(session, people["ana"]) is people["max"]
    assert people["ana"] not in coached_by(session, people["lea"])


def test_a_rep_without_a_team_is_coached_by_the_next_above(
    session: Session, people: dict[str, Person]
) -> None:
    people["ana"].team_id = None
    people["ana"].reports_to_id = people["lea"].id
    assert coach_of(session, people["ana"]) is people["lea"]
    assert people["ana"] in coached_by(session, people["lea"])


def test_a_manager_in_a_team_is_coached_by_the_next_above(
    session: Session, people: dict[str, Person], world: World
) -> None:
    people["max"].team_id = world.team
    assert coach_of(session, people["max"]) is people["lea"]
    assert people["max"] not in coached_by(session, people["max"])


def test_a_rep_who_leads_the_own_team_is_coached_by_nobody(
    session: Session, people: dict[str, Person], world: World
) -> None:
    team(session, world.team).manager_id = people["ana"].id
    assert coach_of(session, people["ana"]) is None
    assert people["ana"] not in coached_by(session, people["ana"])
    assert people["ben"] in coached_by(session, people["ana"])


def test_a_team_without_a_manager(
    session: Session, people: dict[str, Person], world: World
) -> None:
    team(session, world.team).manager_id = None
    assert coach_of(session, people["ana"]) is None
    with pytest.raises(Refused) as refused:
        require_coach(session, people["max"], people["ana"])
    assert refused.value.allowed == ()


def test_several_teams_at_once(session: Session, people: dict[str, Person]) -> None:
    east = a_team(session, "East", manager_id=people["max"].id)
    eve = a_person(session, "U0EVE", "Eve", team_id=east.id)
    assert coach_of(session, eve) is people["max"]
    assert [each.name for each in coached_by(session, people["max"])] == [
        "Ana", "Ben", "Cleo", "Eve",
    ]  # fmt: skip


def test_who_left_coaches_nobody_and_is_coached_by_nobody(
    session: Session, people: dict[str, Person]
) -> None:
    people["max"].active = False
    assert coach_of(session, people["ana"]) is None
    assert coached_by(session, people["max"]) == []
    with pytest.raises(Refused):
        require_coach(session, people["max"], people["ana"])
    people["max"].active = True
    people["ana"].active = False
    assert people["ana"] not in coached_by(session, people["max"])
    with pytest.raises(Refused) as refused:
        require_coach(session, people["max"], people["ana"])
    assert (refused.value.act, refused.value.allowed) == (Act.COACH, ())


def test_only_the_coach(session: Session, people: dict[str, Person]) -> None:
    require_coach(session, people["max"], people["ana"])
    require_coach(session, people["lea"], people["max"])
    for name in ("lea", "ana", "ben", "ada"):
        with pytest.raises(Refused) as refused:
            require_coach(session, people[name], people["ana"])
        assert (refused.value.act, refused.value.allowed) == (Act.COACH, (people["max"].id,))


def test_both_say_the_same(session: Session, people: dict[str, Person]) -> None:
    mia = a_person(session, "U0MIA", "Mia", Role.MANAGER, reports_to_id=people["lea"].id)
    a_person(session, "U0NIK", "Nik", Role.MANAGER, reports_to_id=mia.id)
    a_person(session, "U0OLE", "Ole", reports_to_id=mia.id, active=False)
    everybody = session.query(Person).all()
    for coach in everybody:
        coached = {each.id for each in coached_by(session, coach)}
        assert coached == {
            each.id for each in everybody if each.active and coach_of(session, each) is coach
        }


def test_one_of_two(people: dict[str, Person]) -> None:
    both = (people["max"].id, people["ana"].id)
    require_one_of(people["ana"], Act.CHANGE_ONE_ON_ONE, *both)
    with pytest.raises(Refused) as refused:
        require_one_of(people["ben"], Act.CHANGE_ONE_ON_ONE, *both)
    assert (refused.value.act, refused.value.allowed) == (Act.CHANGE_ONE_ON_ONE, both)
    people["ana"].active = False
    with pytest.raises(Refused):
        require_one_of(people["ana"], Act.CHANGE_ONE_ON_ONE, *both)


def test_never_across_workspaces(database: Database, world: World, south: World) -> None:
    with database.transaction(south.workspace_id) as session:
        boss = get_person(session, south.max)
        assert {each.workspace_id for each in coached_by(session, boss)} == {"T0SOUTH"}
        assert len(coached_by(session, boss)) == 3
    assert world.workspace_id == "T0NORTH"
