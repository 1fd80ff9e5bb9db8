"""Coaching logs put right and taken back: every version stays, the newest counts."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from models.access import Act, Refused
from models.coaching import (
    CoachingKind,
    HeldInFuture,
    HeldWithOneOnOne,
    KindOfOneOnOne,
    LogUnfit,
    LogWithdrawn,
    NextOnUnfit,
    ReasonMissing,
    TextTooLong,
    UnknownFocus,
    current_entry,
    edit_log,
    entries,
    log_coaching,
    withdraw_log,
)
from models.delivery import Kind
from models.people import Role, get_person, put_workspace
from models.roster import put_team
from models.standards import Standards
from tests.coaching import a_log, given, owed
from tests.one_on_ones import a_standing, sessions_of
from tests.world import NOW, TODAY, World, a_deal, a_person, a_rep, a_team

DAY = timedelta(days=1)


def test_an_edit_adds_a_version_and_keeps_the_one_before(session: Session, world: World) -> None:
    log = a_log(session, world)
    before = {kind: message.revision for kind, message in owed(session, log).items()}

    edit_log(session, get_person(session, world.max), log.id, given(minutes=45), NOW + DAY)

    assert [(e.minutes, e.is_current) for e in entries(session, log.id)] == [
        (30, False),
        (45, True),
    ]
    assert {k: m.revision - before[k] for k, m in owed(session, log).items()} == {
        Kind.COACHING_PERSON: 1,
        Kind.COACHING_COACH: 1,
    }


def test_the_same_again_is_no_edit(session: Session, world: World) -> None:
    log = a_log(session, world)
    same = given(feedback=f" {given().feedback} ")
    edit_log(session, get_person(session, world.max), log.id, same, NOW + DAY)
    assert len(entries(session, log.id)) == 1


def test_an_edit_counts_from_the_day_of_logging(session: Session, world: World) -> None:
    boss = get_person(session, world.max)
    log = a_log(session, world)
    later = NOW + 30 * DAY

    edit_log(session, boss, log.id, given(held_on=TODAY - 7 * DAY), later)
    assert not current_entry(session, log.id).is_late
    edit_log(session, boss, log.id, given(held_on=TODAY - 8 * DAY), later)
    assert current_entry(session, log.id).is_late
    with pytest.raises(LogUnfit) as broken:
        edit_log(session, boss, log.id, given(held_on=TODAY + DAY), later)
    assert [type(one) for one in broken.value.faults] == [HeldInFuture]


def test_a_one_on_ones_log_keeps_its_day_and_kind(session: Session, world: World) -> None:
    boss, ana = get_person(session, world.max), get_person(session, world.ana)
    a_standing(session, world.max, world.ana)
    (one_on_one, *_) = sessions_of(session, world.ana)
    held = given(kind=CoachingKind.ONE_ON_ONE)
    log = log_coaching(session, boss, ana, held, NOW, one_on_one_id=one_on_one.id)
    with pytest.raises(LogUnfit) as broken:
        edit_log(session, boss, log.id, given(held_on=TODAY - DAY), NOW)
    assert [type(one) for one in broken.value.faults] == [HeldWithOneOnOne, KindOfOneOnOne]
    edit_log(session, boss, log.id, replace(held, focus="closing"), NOW)
    assert current_entry(session, log.id).focus == "closing"


def test_what_an_edit_leaves_alone_may_stay(session: Session, world: World) -> None:
    """The next date is past, the focus area was dropped, the deal is another team's now."""
    boss = get_person(session, world.max)
    deal = a_deal(session, world.ana)
    log = a_log(session, world, deal_id=deal.id)
    deal.owner_id = a_rep(session, a_team(session, "East"), "U0EVE", "Eve").id
    ours = Standards(focus_areas=("listening",))
    put_workspace(session, world.workspace_id, now=NOW, standards=ours)
    much_later = NOW + 60 * DAY

    edit_log(session, boss, log.id, given(deal_id=deal.id, minutes=45), much_later)

    assert current_entry(session, log.id).minutes == 45
    with pytest.raises(LogUnfit) as broken:
        edit_log(session, boss, log.id, given(next_on=TODAY, focus="closing"), much_later)
    assert [type(one) for one in broken.value.faults] == [UnknownFocus, NextOnUnfit]


@pytest.mark.parametrize("actor", ["lea", "ana", "ben", "ada"])
def test_only_who_wrote_a_log_changes_it(session: Session, world: World, actor: str) -> None:
    log = a_log(session, world)
    other = get_person(session, getattr(world, actor))
    with pytest.raises(Refused) as broken:
        edit_log(session, other, log.id, given(minutes=1), NOW)
    assert (broken.value.act, broken.value.allowed) == (Act.EDIT_COACHING, (world.max,))
    with pytest.raises(Refused):
        withdraw_log(session, other, log.id, "No", NOW)


def test_who_lost_the_person_still_puts_right_what_was_logged(
    session: Session, world: World
) -> None:
    log = a_log(session, world)
    new = a_person(session, "U0NIA", "Nia", Role.MANAGER)
    put_team(session, "West", currency="USD", zone="America/New_York", manager_id=new.id)
    edit_log(session, get_person(session, world.max), log.id, given(minutes=5), NOW)
    with pytest.raises(Refused):
        edit_log(session, new, log.id, given(minutes=6), NOW)
    get_person(session, world.max).active = False
    with pytest.raises(Refused):
        edit_log(session, get_person(session, world.max), log.id, given(minutes=7), NOW)


def test_a_withdrawn_log_stays_as_trail_and_changes_no_more(session: Session, world: World) -> None:
    boss, log = get_person(session, world.max), a_log(session, world)

    withdraw_log(session, boss, log.id, " Wrong person ", NOW + DAY)

    assert (log.withdrawn_at, log.withdrawn_because) == (NOW + DAY, "Wrong person")
    assert [message.revision for message in owed(session, log).values()] == [2, 2]
    with pytest.raises(LogWithdrawn) as broken:
        edit_log(session, boss, log.id, given(minutes=1), NOW)
    assert broken.value.at == NOW + DAY
    with pytest.raises(LogWithdrawn):
        withdraw_log(session, boss, log.id, "Again", NOW)


def test_a_withdrawal_says_why(session: Session, world: World) -> None:
    boss, log = get_person(session, world.max), a_log(session, world)
    with pytest.raises(ReasonMissing):
        withdraw_log(session, boss, log.id, "  ", NOW)
    with pytest.raises(TextTooLong):
        withdraw_log(session, boss, log.id, "x" * 501, NOW)
