"""Finish: notes, the deals with what is next, the coaching; all of it or nothing."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import coaching
from models.access import Act, Refused
from models.base import RuleBroken
from models.coaching import CoachingKind, CoachingLog, FeedbackTooShort, UnknownFocus
from models.days import DAY
from models.deals import Deal
from models.delivery import Kind
from models.next_actions import (
    DueOutOfRange,
    EmptyPhrase,
    NextAction,
    TooLong,
    open_actions,
    set_next_action,
)
from models.one_on_ones import (
    AtDeal,
    DealNext,
    DealNextMissing,
    DealNotTheirs,
    DealsMissing,
    FinishFaults,
    FinishInput,
    NextOwnerUnfit,
    Note,
    NotesTooLong,
    NotYet,
    OneOnOne,
    ReviewedDeal,
    State,
    UnknownPoint,
    add_point,
    current_note,
    finish,
    log_id_of,
    next_owners,
    open_points,
    points_talked,
    reviewable_deals,
    reviewed_deals,
    start,
    write_notes,
)
from models.people import get_person
from tests.one_on_ones import (
    MONDAY,
    MORNING,
    TUESDAY_TEN,
    a_log,
    a_session,
    a_standing,
    at,
    finished,
    sessions_of,
    sitting_of,
    told,
)
from tests.world import World, a_deal

END = at(2, 10, 30)
DUE = date(2026, 12, 1)


@pytest.fixture
def one_on_one(session: Session, world: World) -> OneOnOne:
    """Ana's with Max, Tuesday at 10:00."""
    return a_session(session, world)


def finishing(
    session: Session, world: World, one_on_one: OneOnOne, given: FinishInput | None = None
) -> OneOnOne:
    return finish(session, get_person(session, world.max), one_on_one.id, given or finished(), END)


def faults(
    session: Session, world: World, one_on_one: OneOnOne, given: FinishInput
) -> tuple[RuleBroken, ...]:
    with pytest.raises(FinishFaults) as refused:
        finishing(session, world, one_on_one, given)
    return refused.value.faults


def next_(deal: Deal, text: str = "Send Dana the security paper", **changed: Any) -> DealNext:
    given: dict[str, Any] = {"text": text, "due_on": DUE, "owner_id": deal.owner_id}
    return DealNext(deal.id, **given | changed)


def test_it_is_held(session: Session, world: World, one_on_one: OneOnOne) -> None:
    finishing(session, world, one_on_one)
    assert (one_on_one.state, one_on_one.settled_by_id) == (State.HELD, world.max)
    assert one_on_one.settled_at == END
    assert (one_on_one.started_at, one_on_one.started_by_id) == (END, world.max)
    sitting = sitting_of(session, one_on_one)
    assert (sitting.seat, sitting.settle_by) == (1, None)


def test_it_stays_started_when_it_was(session: Session, world: World, one_on_one: OneOnOne) -> None:
    start(session, get_person(session, world.max), one_on_one.id, TUESDAY_TEN)
    assert finishing(session, world, one_on_one).started_at == TUESDAY_TEN


def test_its_coaching_is_logged(session: Session, world: World, one_on_one: OneOnOne) -> None:
    given = a_log(kind=CoachingKind.HUDDLE, held_on=date(2020, 1, 1))
    finishing(session, world, one_on_one, finished(log=given))
    log_id = log_id_of(session, one_on_one.id)
    assert log_id is not None
    entry = coaching.current_entry(session, log_id)
    assert (entry.kind, entry.held_on) == (CoachingKind.ONE_ON_ONE, date(2026, 11, 24))
    assert told(session, Kind.COACHING_PERSON) == [(log_id, world.ana, END)]
    assert told(session, Kind.COACHING_COACH) == []


def test_recorded_the_day_after_it_is_of_its_own_day(
    session: Session, world: World, one_on_one: OneOnOne
) -> None:
    boss = get_person(session, world.max)
    finish(session, boss, one_on_one.id, finished(), at(3, 9))
    log_id = log_id_of(session, one_on_one.id)
    assert log_id is not None
    assert coaching.current_entry(session, log_id).held_on == date(2026, 11, 24)


def test_not_before_its_day(session: Session, world: World, one_on_one: OneOnOne) -> None:
    boss = get_person(session, world.max)
    with pytest.raises(NotYet):
        finish(session, boss, one_on_one.id, finished(), at(2, 0) - timedelta(seconds=1))
    assert finish(session, boss, one_on_one.id, finished(), at(2, 0)).state is State.HELD


@pytest.mark.parametrize("who", ["ana", "ben", "lea", "ada"])
def test_only_its_coach(session: Session, world: World, one_on_one: OneOnOne, who: str) -> None:
    with pytest.raises(Refused) as refused:
        finish(session, get_person(session, getattr(world, who)), one_on_one.id, finished(), END)
    assert (refused.value.act, refused.value.allowed) == (Act.RUN_ONE_ON_ONE, (world.max,))


# --- deals


def test_each_deal_leaves_with_a_next_action(
    session: Session, world: World, one_on_one: OneOnOne
) -> None:
    first, second = a_deal(session, world.ana), a_deal(session, world.ana)
    set_next_action(session, second.id, "Call Dana on Friday", world.ana, DUE, world.ana, MORNING)
    given = (next_(first), next_(second, "Book the board meeting", owner_id=world.max))
    finishing(session, world, one_on_one, finished(deals=given))
    left = open_actions(session, [first.id, second.id])
    assert left[first.id].text == "Send Dana the security paper"
    assert (left[second.id].owner_id, left[second.id].set_by_id) == (world.max, world.max)
    rows = reviewed_deals(session, one_on_one.id)
    assert [(each.deal_id, each.had_none) for each in rows] == [
        (first.id, True), (second.id, False),
    ]  # fmt: skip
    assert [each.next_action_id for each in rows] == [left[first.id].id, left[second.id].id]


def test_the_same_next_action_again_stays(
    session: Session, world: World, one_on_one: OneOnOne
) -> None:
    deal = a_deal(session, world.ana)
    before = set_next_action(
        session, deal.id, "Send Dana the security paper", world.ana, DUE, world.ana, MORNING
    )
    finishing(session, world, one_on_one, finished(deals=(next_(deal),)))
    (row,) = reviewed_deals(session, one_on_one.id)
    assert row.next_action_id == before.id


def test_with_open_deals_at_least_one(session: Session, world: World, one_on_one: OneOnOne) -> None:
    a_deal(session, world.ana)
    (fault,) = faults(session, world, one_on_one, finished())
    assert isinstance(fault, DealsMissing)


def test_closed_deals_are_none(session: Session, world: World, one_on_one: OneOnOne) -> None:
    a_deal(session, world.ana, "Closed Won")
    a_deal(session, world.ben)
    assert finishing(session, world, one_on_one).state is State.HELD


@pytest.mark.parametrize(("owner", "stage"), [("ben", "Qualified"), ("ana", "Closed Lost")])
def test_only_open_deals_of_the_person(
    session: Session, world: World, one_on_one: OneOnOne, owner: str, stage: str
) -> None:
    a_deal(session, world.ana)
    other = a_deal(session, getattr(world, owner), stage)
    (fault,) = faults(session, world, one_on_one, finished(deals=(next_(other),)))
    assert isinstance(fault, DealNotTheirs)
    assert fault.deal_id == other.id


@pytest.mark.parametrize(
    "lacking", [{"text": "  "}, {"due_on": None}, {"owner_id": None}], ids=["text", "due", "owner"]
)
def test_all_of_a_next_action(
    session: Session, world: World, one_on_one: OneOnOne, lacking: dict[str, Any]
) -> None:
    deal = a_deal(session, world.ana)
    (fault,) = faults(session, world, one_on_one, finished(deals=(next_(deal, **lacking),)))
    assert isinstance(fault, DealNextMissing)
    assert fault.deal_id == deal.id


@pytest.mark.parametrize(
    ("wrong", "cause"),
    [
        ({"text": "Follow up with the customer"}, EmptyPhrase),
        ({"text": "x" * 501}, TooLong),
        ({"due_on": date(2026, 11, 23)}, DueOutOfRange),
        ({"due_on": date(2026, 12, 9)}, DueOutOfRange),
        ({"owner_id": 4711}, NextOwnerUnfit),
    ],
)
def test_a_next_action_that_will_do(
    session: Session,
    world: World,
    one_on_one: OneOnOne,
    wrong: dict[str, Any],
    cause: type[RuleBroken],
) -> None:
    deal = a_deal(session, world.ana)
    (fault,) = faults(session, world, one_on_one, finished(deals=(next_(deal, **wrong),)))
    assert isinstance(fault, AtDeal)
    assert (fault.deal_id, type(fault.cause)) == (deal.id, cause)


def test_who_may_do_what_is_next(session: Session, world: World, one_on_one: OneOnOne) -> None:
    deal = a_deal(session, world.ana)
    get_person(session, world.cleo).active = False
    found = [person.id for person in next_owners(session, one_on_one, deal)]
    assert found == [world.ana, world.max, world.ben, world.lea]


def test_a_managers_deals_are_those_of_the_team(session: Session, world: World) -> None:
    theirs, own = a_deal(session, world.ana, name="A"), a_deal(session, world.max, name="B")
    boss, ana, lea = (get_person(session, who) for who in (world.max, world.ana, world.lea))
    assert reviewable_deals(session, boss) == [theirs, own]
    assert reviewable_deals(session, ana) == [theirs]
    assert reviewable_deals(session, lea) == []


def test_a_manager_without_own_deals_goes_through_none(session: Session, world: World) -> None:
    a_standing(session, world.lea, world.max)
    one_on_one = sessions_of(session, world.max)[0]
    a_deal(session, world.ana)
    lea = get_person(session, world.lea)
    given = finished(log=a_log(focus="coaching"))
    assert finish(session, lea, one_on_one.id, given, END).state is State.HELD


def test_a_manager_with_own_deals_goes_through_one(session: Session, world: World) -> None:
    a_standing(session, world.lea, world.max)
    one_on_one = sessions_of(session, world.max)[0]
    theirs, _ = a_deal(session, world.ana), a_deal(session, world.max)
    lea = get_person(session, world.lea)
    with pytest.raises(FinishFaults):
        finish(session, lea, one_on_one.id, finished(log=a_log(focus="coaching")), END)
    given = finished(log=a_log(focus="coaching"), deals=(next_(theirs),))
    assert finish(session, lea, one_on_one.id, given, END).state is State.HELD


# --- everything at once


def test_all_that_is_wrong_is_said_at_once_and_nothing_is_kept(
    session: Session, world: World, one_on_one: OneOnOne
) -> None:
    deal, bens = a_deal(session, world.ana), a_deal(session, world.ben)
    point = add_point(session, get_person(session, world.ana), one_on_one.id, "Pricing", MORNING)
    given = finished(
        notes="x" * 3001,
        deals=(next_(deal, "tbd", due_on=date(2027, 1, 1)), next_(bens)),
        log=a_log(feedback="Too short", focus="juggling"),
        talked=(point.id, 4711),
    )
    found = faults(session, world, one_on_one, given)
    assert [type(each) for each in found] == [
        AtDeal, AtDeal, DealNotTheirs, UnknownPoint, NotesTooLong, UnknownFocus, FeedbackTooShort,
    ]  # fmt: skip
    assert (one_on_one.state, point.closed_at) == (State.DUE, None)
    for table in (CoachingLog, NextAction, Note, ReviewedDeal):
        assert session.scalar(select(func.count()).select_from(table)) == 0


# --- talking points and notes


def test_what_was_talked_about_is_off_the_list(
    session: Session, world: World, one_on_one: OneOnOne
) -> None:
    boss, ana = get_person(session, world.max), get_person(session, world.ana)
    points = [
        add_point(session, by, one_on_one.id, text, MORNING)
        for by, text in ((ana, "Pricing for Orbit"), (boss, "Close plan"), (ana, "Holidays"))
    ]
    talked = tuple(point.id for point in points[:2])
    finishing(session, world, one_on_one, finished(talked=talked))
    assert open_points(session, world.ana, world.max) == points[2:]
    assert points_talked(session, one_on_one.id) == points[:2]
    assert [point.closed_at for point in points] == [END, END, None]


def test_a_point_dropped_meanwhile_is_no_fault(
    session: Session, world: World, one_on_one: OneOnOne
) -> None:
    ana = get_person(session, world.ana)
    point = add_point(session, ana, one_on_one.id, "Pricing", MORNING)
    point.closed_at = MORNING
    session.flush()
    finishing(session, world, one_on_one, finished(talked=(point.id,)))
    assert (point.closed_at, point.closed_in_id) == (MORNING, None)


def test_points_of_others_are_unknown(session: Session, world: World, one_on_one: OneOnOne) -> None:
    a_standing(session, world.max, world.ben, weekday=3)
    bens = sessions_of(session, world.ben)[0]
    point = add_point(session, get_person(session, world.ben), bens.id, "Pricing", MORNING)
    (fault,) = faults(session, world, one_on_one, finished(talked=(point.id,)))
    assert isinstance(fault, UnknownPoint)


def test_notes_for_next_time(session: Session, world: World, one_on_one: OneOnOne) -> None:
    finishing(session, world, one_on_one, finished(notes=" Ask about Orbit "))
    note = current_note(session, one_on_one.id)
    assert note is not None
    assert (note.text, note.written_at) == ("Ask about Orbit", END)


@pytest.mark.parametrize(("notes", "after"), [(None, "Before"), ("", None), ("After", "After")])
def test_notes_that_were_there(
    session: Session, world: World, one_on_one: OneOnOne, notes: str | None, after: str | None
) -> None:
    write_notes(session, get_person(session, world.max), one_on_one.id, "Before", MORNING)
    finishing(session, world, one_on_one, finished(notes=notes))
    note = current_note(session, one_on_one.id)
    assert (None if note is None else note.text) == after


def test_a_coach_elsewhere_logs_their_own_date(session: Session, world: World) -> None:
    one_on_one = a_session(session, world)
    get_person(session, world.max).zone = "Asia/Tokyo"
    boss = get_person(session, world.max)
    finish(session, boss, one_on_one.id, finished(), at(2, 9))  # still Tuesday in Tokyo
    log_id = log_id_of(session, one_on_one.id)
    assert log_id is not None
    assert coaching.current_entry(session, log_id).held_on == MONDAY + DAY
