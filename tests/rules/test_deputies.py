"""Deputies: who can be one, what it gives them, and how at once it ends."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers.lines import text
from handlers.refusals import refusal
from models.absences import put_absence
from models.access import Act, Refused, allowed, may, require, teams_for
from models.delivery import Delivery, DeliveryState, Kind
from models.deputies import Deputy, DeputyUnfit, Unfit, deputy_of
from models.people import Person, Role, get_person, team
from models.pipeline_review import (
    close_review,
    name_deputy,
    next_owners,
    review_deals,
    show_deciding,
)
from models.screens import (
    decide_form,
    deciding_dm,
    deciding_over,
    deputies,
    deputy_named,
    home,
)
from tests.reviews import a_review, advance, deal_of, decide, hold, hold_all
from tests.world import NOW, World, a_deal, a_person, a_rep, a_team, prove

REVIEWS = (Act.SEE_REVIEW, Act.START_REVIEW, Act.DECIDE, Act.CORRECT, Act.CLOSE_REVIEW)


def name(session: Session, world: World, whom: int | None, by: int | None = None) -> None:
    """Max names this person (or, None, nobody) for West."""
    person = None if whom is None else get_person(session, whom)
    actor = get_person(session, by or world.max)
    name_deputy(session, actor, team(session, world.team), person, NOW)


def told(session: Session) -> list[Delivery]:
    return list(session.scalars(select(Delivery).where(Delivery.kind == Kind.DEPUTY_NAMED)))


def test_a_deputy_may_what_the_manager_may_in_reviews(session: Session, world: World) -> None:
    cleo = get_person(session, world.cleo)
    name(session, world, world.cleo)
    for act in REVIEWS:
        require(session, cleo, act, team_id=world.team)
    assert not may(session, cleo, Act.NAME_DEPUTY, team_id=world.team)
    heads = allowed(session, Act.DECIDE, team_id=world.team)
    assert [each.id for each in heads] == [world.max, world.cleo, world.lea]

    review = a_review(session, world)
    entry = review_deals(session, review.id)[0]
    assert cleo in next_owners(session, deal_of(session, entry), world.team)
    decide(session, world.cleo, entry.id, hold(world))
    hold_all(session, world, review)
    close_review(session, cleo, review.id, NOW)
    assert review.closed_by_id == world.cleo


def test_refusals_name_the_deputy(session: Session, world: World) -> None:
    name(session, world, world.cleo)
    with pytest.raises(Refused) as refused:
        require(session, get_person(session, world.ben), Act.DECIDE, team_id=world.team)
    said = text(refusal(session, refused.value, "UTC").line)
    assert said.startswith("Only <@U0MAX>, deputy <@U0CLEO> or <@U0LEA> decides here.")


def test_it_ends_at_once(session: Session, world: World) -> None:
    review = a_review(session, world)
    name(session, world, world.cleo)
    name(session, world, None)
    with pytest.raises(Refused):
        decide(session, world.cleo, review_deals(session, review.id)[0].id, hold(world))
    name(session, world, world.ben)
    trail = session.scalars(select(Deputy).order_by(Deputy.id)).all()
    assert [(each.person_id, each.ended_by_id) for each in trail] == [
        (world.cleo, world.max),
        (world.ben, None),
    ]


def test_who_is_named_hears_it_once_while_it_is_so(session: Session, world: World) -> None:
    name(session, world, world.cleo)
    name(session, world, world.cleo)
    [message] = told(session)
    assert message.person_id == world.cleo
    shown = deputy_named(session, message.subject_id, NOW)
    assert shown is not None
    assert (shown.team.name, shown.by and shown.by.name) == ("West", "Max")
    name(session, world, None)
    assert deputy_named(session, message.subject_id, NOW) is None


@pytest.mark.parametrize("who", ["max", "eli", "gone"])
def test_who_cannot_be_one(session: Session, world: World, who: str) -> None:
    east = a_team(session, "East", manager_id=world.lea)
    unfit: dict[str, tuple[Person, Unfit]] = {
        "max": (get_person(session, world.max), Unfit.MANAGER),
        "eli": (a_rep(session, east, "U0ELI", "Eli"), Unfit.OTHER_TEAM),
        "gone": (a_person(session, "U0GONE", "Gil", Role.MANAGER, active=False), Unfit.INACTIVE),
    }
    person, why = unfit[who]
    with pytest.raises(DeputyUnfit) as refused:
        name(session, world, person.id)
    assert refused.value.why is why
    assert deputy_of(session, team(session, world.team)) is None


def test_another_manager_can_and_works_with_the_team_then(session: Session, world: World) -> None:
    eva = a_person(session, "U0EVA", "Eva", Role.MANAGER, reports_to_id=world.lea)
    a_team(session, "East", manager_id=eva.id, channel_id="C0EAST")
    assert [each.name for each in teams_for(session, eva)] == ["East"]
    name(session, world, eva.id)
    assert [each.name for each in teams_for(session, eva)] == ["East", "West"]
    assert "West" in {each.name for each in home(session, eva, NOW).can_start}


@pytest.mark.parametrize("change", ["team", "active", "manager"])
def test_who_no_longer_fits_is_it_no_more(session: Session, world: World, change: str) -> None:
    name(session, world, world.cleo)
    cleo, west = get_person(session, world.cleo), team(session, world.team)
    if change == "team":
        cleo.team_id = a_team(session, "East", manager_id=world.lea).id
    elif change == "active":
        cleo.active = False
    else:
        west.manager_id = world.cleo
    session.flush()
    assert deputy_of(session, west) is None
    assert may(session, cleo, Act.DECIDE, team_id=world.team) is (change == "manager")


def test_only_the_manager_and_those_above_name_one(session: Session, world: World) -> None:
    name(session, world, world.cleo, by=world.lea)
    for other in (world.cleo, world.ana, world.ada):
        with pytest.raises(Refused):
            name(session, world, None, by=other)
    with pytest.raises(Refused):
        deputies(session, get_person(session, world.cleo))
    [shown] = deputies(session, get_person(session, world.max))
    assert (shown.team.name, shown.deputy and shown.deputy.name) == ("West", "Cleo")


@pytest.mark.parametrize(("owner", "others"), [("max", ["cleo", "lea"]), ("cleo", ["max", "lea"])])
def test_nobody_advances_an_own_deal(
    session: Session, world: World, owner: str, others: list[str]
) -> None:
    name(session, world, world.cleo)
    mine = a_deal(session, getattr(world, owner), "Proposal")
    prove(session, mine)
    rest = [a_deal(session, world.ana, "Proposal") for _ in range(4)]
    review = a_review(session, world, [mine, *rest])
    entry = review_deals(session, review.id)[0]
    with pytest.raises(Refused) as refused:
        decide(session, getattr(world, owner), entry.id, advance(world))
    assert refused.value.act is Act.ADVANCE_OWN
    assert list(refused.value.allowed) == [getattr(world, each) for each in others]
    form = decide_form(session, get_person(session, getattr(world, owner)), entry.id, NOW)
    assert [each.id for each in form.advance.allowed] == list(refused.value.allowed)
    assert form.self_decided
    assert not decide(session, getattr(world, others[0]), entry.id, advance(world)).self_decided


def test_who_was_the_deputy_reads_that_it_is_over(session: Session, world: World) -> None:
    name(session, world, world.cleo)
    (message,) = told(session)
    message.state, message.posted_channel, message.ts = DeliveryState.POSTED, "D0CLEO", "1.1"
    session.flush()
    name(session, world, None)
    session.expire_all()
    (message,) = told(session)
    assert message.state is DeliveryState.OWED, "it is shown anew"
    over = deputy_named(session, message.subject_id, NOW)
    assert over is not None
    assert over.ended_at == NOW


def test_whom_the_deputy_was_asked_instead_of_is_asked_once_the_deputy_is_none(
    session: Session, world: World
) -> None:
    """Max is away; Ben, the deputy, was asked to decide, and is removed."""
    west, boss = team(session, world.team), get_person(session, world.max)
    ben, lea = get_person(session, world.ben), get_person(session, world.lea)
    review = a_review(session, world)
    name_deputy(session, boss, west, ben, NOW)
    put_absence(session, boss, NOW.date(), NOW.date(), NOW - timedelta(days=1))
    show_deciding(session, review, ben, NOW)
    [asked] = session.scalars(select(Delivery).where(Delivery.kind == Kind.REVIEW_DECIDING))
    asked.ts, asked.posted_channel, asked.state = "1.1", "D0BEN", DeliveryState.POSTED
    session.flush()
    name_deputy(session, boss, west, None, NOW)
    name_deputy(session, boss, west, None, NOW)
    kinds = (Kind.REVIEW_DECIDING, Kind.REVIEW_DECIDING_OVER)
    found = select(Delivery).where(Delivery.kind.in_(kinds)).order_by(Delivery.id)
    assert [(one.kind, one.person_id, one.state) for one in session.scalars(found)] == [
        (Kind.REVIEW_DECIDING_OVER, ben.id, DeliveryState.OWED),
        (Kind.REVIEW_DECIDING, lea.id, DeliveryState.OWED),
    ]
    over = deciding_over(session, review.id, NOW)
    assert over is not None
    assert over.decider is not None
    assert over.decider.id == lea.id
    told = deciding_dm(session, review.id, NOW)
    assert told is not None
    assert (told.to.id, told.stands_in_for is not None) == (lea.id, True)
