"""What happens to people and deals in the middle of an open review, and what it makes of it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.access import Refused
from models.deals import get_deal, set_amount, set_close_on, set_owner, set_stage
from models.delivery import Delivery, DeliveryState, Kind, find
from models.evidence import InvalidAnswer
from models.people import Person, Role, get_person, team
from models.pipeline_review import (
    DealChanged,
    LeftTeam,
    Review,
    ReviewDeal,
    Seen,
    answer,
    candidates,
    close_review,
    record_decision,
    review_deals,
    show_changed_deals,
    show_changed_people,
    show_deciding,
    undecided_deals,
)
from models.screens import (
    answer_form,
    closing_card,
    deal_card,
    decide_form,
    deciding_dm,
    history,
    owner_dm,
    review_parent,
)
from tests.reviews import a_review, decide, demote, entry_of, hold, some_deals
from tests.world import (
    NOW,
    World,
    a_person,
    a_rep,
    a_team,
    an_import,
    proving,
    questions_of,
    stage_named,
)

LATER = NOW + timedelta(hours=1)
ANSWERED_BY = datetime(2026, 11, 25, 15, 0, tzinfo=UTC)


@pytest.fixture
def review(session: Session, world: World) -> Review:
    return a_review(session, world, some_deals(session, world, 6))


@pytest.fixture
def eva(session: Session, world: World) -> Person:
    """East's manager; East's channel is another."""
    return a_person(session, "U0EVA", "Eva", Role.MANAGER, reports_to_id=world.lea)


def _move_ana(session: Session, world: World, eva: Person) -> int:
    """Ana sells for East from now on; East's id."""
    east = a_team(session, "East", manager_id=eva.id, channel_id="C0EAST")
    ana = get_person(session, world.ana)
    ana.team_id, ana.reports_to_id = east.id, eva.id
    session.flush()
    show_changed_people(session, LATER)
    return east.id


def _entries(session: Session, review: Review, owner_id: int) -> list[ReviewDeal]:
    """The deals of this owner in the review."""
    found = review_deals(session, review.id)
    return [one for one in found if get_deal(session, one.deal_id).owner_id == owner_id]


def _person(session: Session, person_id: int) -> Person:
    return get_person(session, person_id)


# --- a rep moves to another team


def test_the_deals_of_who_moved_are_the_other_teams(
    session: Session, world: World, review: Review, eva: Person
) -> None:
    first, second, third = _entries(session, review, world.ana)
    east_id = _move_ana(session, world, eva)

    card = deal_card(session, first.id, LATER)
    assert card is not None
    assert (card.left, card.answerable, card.decidable) == (True, False, False)
    of_east = {one.deal_id for one in candidates(session, team(session, east_id), LATER)}
    assert of_east == {first.deal_id, second.deal_id, third.deal_id}
    assert not of_east & set(undecided_deals(session, review.id))
    parent = review_parent(session, review.id, LATER)
    assert parent is not None
    assert (parent.decided, len(parent.undecided)) == (3, 3)
    assert {one.who.name for one in parent.waiting} == {"Ben", "Max"}
    mine = owner_dm(session, first.id, LATER)
    assert mine is None or all(one.left and one.is_over for one in mine.deals)


def test_nothing_of_them_is_answered_or_decided_here(
    session: Session, world: World, review: Review, eva: Person
) -> None:
    first, decided, _third = _entries(session, review, world.ana)
    made = decide(session, world.max, decided.id, demote(world))
    _move_ana(session, world, eva)
    ana, boss = _person(session, world.ana), _person(session, world.max)
    with pytest.raises(LeftTeam) as left:
        decide(session, world.max, first.id, hold(world))
    assert left.value.owner_id == world.ana
    with pytest.raises(LeftTeam):
        decide_form(session, boss, first.id, LATER)
    with pytest.raises(LeftTeam):
        answer_form(session, ana, first.id, LATER)
    with pytest.raises(LeftTeam):
        answer(session, ana, first.id, {}, [1], LATER)
    # a correction here would undo what the other team makes of it
    with pytest.raises(LeftTeam):
        record_decision(session, boss, decided.id, hold(world), LATER, replacing=made.id)
    card = deal_card(session, decided.id, LATER)
    assert card is not None
    assert (card.left, card.correctable, card.decision is not None) == (False, False, True)
    with pytest.raises(Refused):
        decide(session, eva.id, first.id, hold(world))  # Eva decides in her own review
    assert history(session, eva, first.deal_id, LATER).deal.owner.name == "Ana"
    with pytest.raises(Refused):
        history(session, boss, first.deal_id, LATER)


def test_the_review_closes_without_them_and_says_so(
    session: Session, world: World, review: Review, eva: Person
) -> None:
    _move_ana(session, world, eva)
    for entry in _entries(session, review, world.ben):
        decide(session, world.max, entry.id, hold(world, owner_id=world.ben))
    close_review(session, _person(session, world.max), review.id, LATER)
    card = closing_card(session, review.id, LATER)
    assert card is not None
    assert card.left == ("Customer 1", "Customer 3", "Customer 5")
    assert (len(card.rows), card.settled) == (3, ())


def test_who_comes_back_is_decided_about(
    session: Session, world: World, review: Review, eva: Person
) -> None:
    [first, *_] = _entries(session, review, world.ana)
    _move_ana(session, world, eva)
    _person(session, world.ana).team_id = world.team
    session.flush()
    assert decide(session, world.max, first.id, hold(world))


def test_everything_that_is_shown_is_shown_anew(
    session: Session, world: World, review: Review, eva: Person
) -> None:
    def revisions() -> dict[str, int]:
        session.expire_all()
        return {one.dedupe_key: one.revision for one in session.scalars(select(Delivery))}

    before = revisions()
    _move_ana(session, world, eva)
    after = revisions()
    assert {key for key in before if after[key] > before[key]} == set(before)


# --- a deal changes hands


def test_a_new_owner_of_the_team_is_asked_one_of_another_team_is_not(
    session: Session, world: World, eva: Person
) -> None:
    deals = some_deals(session, world, 6)
    review = a_review(session, world, deals, decide_from=ANSWERED_BY)
    eli = a_rep(session, a_team(session, "East", manager_id=eva.id), "U0ELI", "Eli")
    taken = an_import(session, LATER)
    set_owner(session, deals[0], world.cleo, LATER, import_id=taken.id)
    set_owner(session, deals[1], eli.id, LATER, import_id=taken.id)
    session.flush()
    show_changed_deals(session, [deals[0].id, deals[1].id], LATER)
    asked = session.scalars(select(Delivery).where(Delivery.kind == Kind.REVIEW_NEW_OWNER))
    assert [one.person_id for one in asked] == [world.cleo]
    entry = entry_of(session, review, deals[0])
    assert answer_form(session, _person(session, world.cleo), entry.id, LATER).open
    with pytest.raises(Refused):
        answer_form(session, _person(session, world.ana), entry.id, LATER)


# --- a form that was opened before an import


def _seen(session: Session, world: World, entry: ReviewDeal) -> Seen:
    seen = decide_form(session, _person(session, world.max), entry.id, NOW).seen
    assert seen is not None
    return seen


@pytest.mark.parametrize("field", ["stage", "close", "amount", "owner"])
def test_a_decision_about_what_is_no_longer_so_is_refused(
    session: Session, world: World, field: str
) -> None:
    deals = some_deals(session, world, 6)
    review = a_review(session, world, deals)
    entry, deal = entry_of(session, review, deals[0]), deals[0]
    seen = _seen(session, world, entry)
    by = an_import(session, LATER).id
    if field == "stage":
        set_stage(session, deal, stage_named(session, "Negotiation"), LATER, import_id=by)
        deal.crm_stage_id = deal.stage_id
    elif field == "close":
        set_close_on(session, deal, date(2027, 3, 1), LATER, import_id=by)
        deal.crm_close_on = deal.close_on
    elif field == "amount":
        set_amount(session, deal, 1_00, LATER, import_id=by)
    else:
        set_owner(session, deal, world.cleo, LATER, import_id=by)
    session.flush()
    boss = _person(session, world.max)
    with pytest.raises(DealChanged) as changed:
        record_decision(session, boss, entry.id, hold(world), LATER, replacing=None, seen=seen)
    assert changed.value.before == seen
    assert changed.value.now == _seen(session, world, entry) != seen
    again = changed.value.now
    assert record_decision(session, boss, entry.id, hold(world), LATER, replacing=None, seen=again)
    # a second click of the same submission finds what stands
    assert record_decision(
        session, boss, entry.id, hold(world), LATER, replacing=None, seen=again
    ).is_current


def test_a_correction_sees_the_ground_below_the_decision(
    session: Session, world: World, review: Review
) -> None:
    [entry, *_] = review_deals(session, review.id)
    seen = _seen(session, world, entry)
    made = decide(session, world.max, entry.id, demote(world))
    assert _seen(session, world, entry) == seen
    boss = _person(session, world.max)
    assert record_decision(
        session, boss, entry.id, hold(world), LATER, replacing=made.id, seen=seen
    )


def test_evidence_for_a_stage_that_was_left_counts_not_for_the_new_one(
    session: Session, world: World
) -> None:
    deals = some_deals(session, world, 6)
    review = a_review(session, world, deals)
    entry, deal, ana = entry_of(session, review, deals[0]), deals[0], _person(session, world.ana)
    asked = questions_of(session, deal)
    answer(session, ana, entry.id, {one.id: proving(one.kind) for one in asked}, [], NOW)
    before = deal_card(session, entry.id, NOW)
    taken = an_import(session, LATER)
    set_stage(session, deal, stage_named(session, "Discovery"), LATER, import_id=taken.id)
    session.flush()
    card = deal_card(session, entry.id, LATER)
    assert before is not None
    assert card is not None
    assert (before.evidence.proved, before.evidence.asked) == (3, 3)
    assert (card.evidence.proved, card.evidence.asked) == (0, 4)
    values = {asked[0].id: proving(asked[0].kind)}
    with pytest.raises(InvalidAnswer):
        answer(session, ana, entry.id, values, [], LATER)


# --- who decides changes


@pytest.mark.parametrize("how", ["replaced", "deactivated"])
def test_who_decides_instead_is_asked(
    session: Session, world: World, review: Review, eva: Person, how: str
) -> None:
    boss = _person(session, world.max)
    show_deciding(session, review, boss, NOW)
    if how == "replaced":
        team(session, world.team).manager_id = eva.id
    else:
        boss.active = False
    session.flush()
    show_changed_people(session, LATER)
    show_changed_people(session, LATER)
    told = session.scalars(
        select(Delivery).where(Delivery.kind == Kind.REVIEW_DECIDING).order_by(Delivery.id)
    ).all()
    new = eva.id if how == "replaced" else world.lea
    assert [(one.person_id, one.state) for one in told] == [
        (world.max, DeliveryState.DROPPED), (new, DeliveryState.OWED),
    ]  # fmt: skip
    shown = deciding_dm(session, review.id, LATER)
    assert shown is not None
    assert shown.to.id == new
    parent = review_parent(session, review.id, LATER)
    assert parent is not None
    assert parent.waiting[-1].who.id == new
    [entry, *_] = review_deals(session, review.id)
    with pytest.raises(Refused):
        decide(session, world.max, entry.id, hold(world))
    assert decide(session, new, entry.id, hold(world))


def test_who_still_decides_is_not_asked_again(
    session: Session, world: World, review: Review
) -> None:
    show_deciding(session, review, _person(session, world.max), NOW)
    show_changed_people(session, LATER)
    told = find(session, Kind.REVIEW_DECIDING, review.id)
    assert told is not None
    assert told.person_id == world.max
    kinds = session.scalars(select(Delivery.kind).where(Delivery.kind == Kind.REVIEW_DECIDING))
    assert len(kinds.all()) == 1
