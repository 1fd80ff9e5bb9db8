"""The motivation profile: its person's alone, until and while it is shared with their coach."""

from dataclasses import fields
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.access import Refused
from models.base import Database
from models.motivation import (
    MOST_PROFILE,
    CoachChanged,
    MotivationProfile,
    MovedBy,
    NotShared,
    ProfileInput,
    ProfileTooLong,
    parts_of,
    profile_for,
    profile_of,
    put_profile,
)
from models.one_on_ones import UnknownOneOnOne
from models.people import Person, Role, get_person, team
from models.screens import drives, profile_form
from tests.sittings import a_one_on_one
from tests.world import NOW, World, a_person

FULL = ProfileInput(
    goal="A house by the sea, paid by my own deals",
    gets_up_for="The first call of the day",
    free_time="Rowing",
    in_ten_years="Leading a team",
    coach_can_help="Let me lead two reviews",
    moved_by=MovedBy.WORK,
)


@pytest.fixture
def ana(session: Session, world: World) -> Person:
    return get_person(session, world.ana)


@pytest.fixture
def boss(session: Session, world: World) -> Person:
    return get_person(session, world.max)


def test_kept_to_oneself(session: Session, world: World, ana: Person, boss: Person) -> None:
    made = put_profile(session, ana, FULL, NOW, share_with=None)

    assert profile_for(session, ana, ana) is made
    assert parts_of(made) == FULL
    assert profile_for(session, boss, ana) is None


def test_shared_with_the_coach_and_nobody_else(
    session: Session, world: World, ana: Person, boss: Person
) -> None:
    made = put_profile(session, ana, FULL, NOW, share_with=boss)

    assert profile_for(session, boss, ana) is made
    for name in ("lea", "ada", "ben"):
        assert profile_for(session, get_person(session, getattr(world, name)), ana) is None


def test_taken_back(session: Session, world: World, ana: Person, boss: Person) -> None:
    put_profile(session, ana, FULL, NOW, share_with=boss)
    put_profile(session, ana, FULL, NOW, share_with=None)
    assert profile_for(session, boss, ana) is None


def test_a_new_coach_sees_nothing_until_it_is_shared_again(
    session: Session, world: World, ana: Person, boss: Person
) -> None:
    put_profile(session, ana, FULL, NOW, share_with=boss)
    nora = a_person(session, "U0NORA", "Nora", Role.MANAGER)
    team(session, world.team).manager_id = nora.id

    assert profile_for(session, boss, ana) is None
    assert profile_for(session, nora, ana) is None
    assert not profile_form(session, ana).shared

    put_profile(session, ana, FULL, NOW, share_with=nora)
    assert profile_for(session, nora, ana) is not None
    team(session, world.team).manager_id = boss.id
    assert profile_for(session, boss, ana) is None


def test_who_was_named_must_be_the_coach_still(
    session: Session, world: World, ana: Person, boss: Person
) -> None:
    nora = a_person(session, "U0NORA", "Nora", Role.MANAGER)
    team(session, world.team).manager_id = nora.id
    with pytest.raises(CoachChanged) as changed:
        put_profile(session, ana, FULL, NOW, share_with=boss)
    assert changed.value.coach_id == nora.id
    nora.active = False
    with pytest.raises(CoachChanged) as changed:
        put_profile(session, ana, FULL, NOW, share_with=nora)
    assert changed.value.coach_id is None
    assert profile_of(session, ana.id) is None


def test_who_left_is_seen_by_nobody(
    session: Session, world: World, ana: Person, boss: Person
) -> None:
    put_profile(session, ana, FULL, NOW, share_with=boss)
    boss.active = False
    assert profile_for(session, boss, ana) is None
    boss.active, ana.active = True, False
    assert profile_for(session, boss, ana) is None


def test_the_trail_stays_and_the_same_again_adds_none(
    session: Session, world: World, ana: Person, boss: Person
) -> None:
    for given in (FULL, FULL, ProfileInput(goal="Another one"), ProfileInput(goal="")):
        put_profile(session, ana, given, NOW, share_with=boss)

    rows = session.scalars(select(MotivationProfile).order_by(MotivationProfile.id)).all()
    assert [(row.goal, row.is_current) for row in rows] == [
        (FULL.goal, False),
        ("Another one", False),
        (None, True),
    ]


@pytest.mark.parametrize(
    "part", [one.name for one in fields(ProfileInput) if one.name != "moved_by"]
)
def test_not_too_long(session: Session, world: World, ana: Person, part: str) -> None:
    long: dict[str, Any] = {part: "x" * (MOST_PROFILE + 1)}
    with pytest.raises(ProfileTooLong) as refused:
        put_profile(session, ana, ProfileInput(**long), NOW, share_with=None)
    assert (refused.value.part, refused.value.most) == (part, MOST_PROFILE)


def test_a_managers_is_shared_with_the_leader(
    session: Session, world: World, ana: Person, boss: Person
) -> None:
    lea = get_person(session, world.lea)
    put_profile(session, boss, FULL, NOW, share_with=lea)
    assert profile_for(session, lea, boss) is not None
    assert profile_for(session, ana, boss) is None


def test_the_form_knows_whom_it_can_be_shared_with(
    session: Session, world: World, ana: Person, boss: Person
) -> None:
    form = profile_form(session, ana)
    assert form.coach is not None
    assert (form.coach.name, form.parts, form.shared) == ("Max", ProfileInput(), False)
    put_profile(session, ana, FULL, NOW, share_with=boss)
    form = profile_form(session, ana)
    assert (form.parts, form.shared) == (FULL, True)
    assert profile_form(session, get_person(session, world.lea)).coach is None


def test_what_drives_the_person_of_a_session(
    session: Session, world: World, ana: Person, boss: Person
) -> None:
    one_on_one = a_one_on_one(session, world.max, world.ana)
    with pytest.raises(NotShared) as nothing:
        drives(session, boss, one_on_one.id)
    assert nothing.value.person_id == world.ana

    put_profile(session, ana, FULL, NOW, share_with=boss)
    shown = drives(session, boss, one_on_one.id)
    assert (shown.person.name, shown.parts) == ("Ana", FULL)

    for name in ("ana", "lea", "ada", "ben"):
        with pytest.raises(Refused):
            drives(session, get_person(session, getattr(world, name)), one_on_one.id)
    put_profile(session, ana, ProfileInput(), NOW, share_with=boss)
    with pytest.raises(NotShared):
        drives(session, boss, one_on_one.id)


def test_the_coach_of_an_old_session_who_coaches_no_more(
    session: Session, world: World, ana: Person, boss: Person
) -> None:
    one_on_one = a_one_on_one(session, world.max, world.ana)
    put_profile(session, ana, FULL, NOW, share_with=boss)
    nora = a_person(session, "U0NORA", "Nora", Role.MANAGER)
    team(session, world.team).manager_id = nora.id
    with pytest.raises(Refused) as refused:
        drives(session, boss, one_on_one.id)
    assert refused.value.allowed == (nora.id,)
    with pytest.raises(NotShared):
        drives(session, nora, one_on_one.id)


def test_of_another_workspace(database: Database, world: World, south: World) -> None:
    with database.transaction(south.workspace_id) as session:
        theirs = a_one_on_one(session, south.max, south.ana).id
        ana, boss = get_person(session, south.ana), get_person(session, south.max)
        put_profile(session, ana, FULL, NOW, share_with=boss)
    with database.transaction(world.workspace_id) as session:
        with pytest.raises(UnknownOneOnOne):
            drives(session, get_person(session, world.max), theirs)
        assert session.scalar(select(func.count()).select_from(MotivationProfile)) == 0
