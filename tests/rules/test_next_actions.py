"""Next actions: what is refused as empty, by when they are due, at most one open per deal."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models.next_actions import (
    ActionState,
    DueOutOfRange,
    EmptyPhrase,
    NextAction,
    TooLong,
    check_next_action,
    end_open_action,
    open_actions,
    set_next_action,
)
from models.standards import Standards
from tests.world import NOW, TODAY, World, a_deal

DUE = TODAY + timedelta(days=7)


@pytest.mark.parametrize("days", [0, 1, 13, 14])
def test_due_within_fourteen_days(days: int) -> None:
    check_next_action("Book the CFO", TODAY + timedelta(days=days), TODAY, Standards())


@pytest.mark.parametrize("days", [-1, 15, 400])
def test_due_out_of_range(days: int) -> None:
    with pytest.raises(DueOutOfRange) as broken:
        check_next_action("Book the CFO", TODAY + timedelta(days=days), TODAY, Standards())
    assert (broken.value.least, broken.value.most) == (TODAY, date(2026, 12, 8))


def test_days_and_phrases_are_the_workspaces() -> None:
    ours = Standards(next_action_days=30, empty_phrases=("synergize",))
    check_next_action("Follow up", TODAY + timedelta(days=30), TODAY, ours)
    with pytest.raises(EmptyPhrase):
        check_next_action("Synergize!", TODAY, TODAY, ours)


@pytest.mark.parametrize("text", ["", "   ", "Follow up", "follow-up.", "Check in", "…", "TBD"])
def test_empty_phrases_are_refused(text: str) -> None:
    with pytest.raises(EmptyPhrase) as broken:
        check_next_action(text, DUE, TODAY, Standards())
    assert broken.value.text == text


def test_five_hundred_characters_are_enough() -> None:
    check_next_action("x" * 500, DUE, TODAY, Standards())
    with pytest.raises(TooLong) as broken:
        check_next_action("x" * 501, DUE, TODAY, Standards())
    assert broken.value.most == 500


def trail(session: Session, deal_id: int) -> list[tuple[str, ActionState]]:
    found = session.scalars(
        select(NextAction).where(NextAction.deal_id == deal_id).order_by(NextAction.id)
    )
    return [(action.text, action.state) for action in found]


def test_a_new_one_replaces_the_open_one(session: Session, world: World) -> None:
    deal = a_deal(session, world.ana)
    first = set_next_action(session, deal.id, "Send terms", world.ana, DUE, world.max, NOW)
    later = NOW + timedelta(days=1)
    second = set_next_action(session, deal.id, " Book the CFO ", world.ben, DUE, world.max, later)
    assert trail(session, deal.id) == [
        ("Send terms", ActionState.REPLACED),
        ("Book the CFO", ActionState.OPEN),
    ]
    assert (first.ended_at, second.ended_at) == (later, None)
    assert open_actions(session, [deal.id]) == {deal.id: second}


@pytest.mark.parametrize("what", ["text", "owner", "due"])
def test_any_difference_makes_a_new_one(session: Session, world: World, what: str) -> None:
    deal = a_deal(session, world.ana)
    first = set_next_action(session, deal.id, "Send terms", world.ana, DUE, world.max, NOW)
    second = set_next_action(
        session,
        deal.id,
        "Send the terms" if what == "text" else "Send terms",
        world.ben if what == "owner" else world.ana,
        DUE + timedelta(days=1) if what == "due" else DUE,
        world.max,
        NOW,
    )
    assert second.id != first.id
    assert first.state is ActionState.REPLACED


def test_the_same_again_is_the_same(session: Session, world: World) -> None:
    deal = a_deal(session, world.ana)
    first = set_next_action(session, deal.id, "Send terms", world.ana, DUE, world.max, NOW)
    again = set_next_action(session, deal.id, "Send terms ", world.ana, DUE, world.lea, NOW)
    assert again is first
    assert first.set_by_id == world.max


def test_a_deal_that_leaves_drops_its_next_action(session: Session, world: World) -> None:
    deal, other = a_deal(session, world.ana), a_deal(session, world.ana)
    for each in (deal, other):
        set_next_action(session, each.id, "Send terms", world.ana, DUE, world.max, NOW)
    ended = end_open_action(session, deal.id, NOW)
    assert ended is not None
    assert (ended.state, ended.ended_at) == (ActionState.DROPPED, NOW)
    assert open_actions(session, [deal.id, other.id]).keys() == {other.id}
    assert end_open_action(session, deal.id, NOW) is None


def test_the_database_holds_at_most_one_open(session: Session, world: World) -> None:
    deal = a_deal(session, world.ana)
    for text in ("Send terms", "Book the CFO"):
        session.add(
            NextAction(
                deal_id=deal.id,
                text=text,
                owner_id=world.ana,
                due_on=DUE,
                state=ActionState.OPEN,
                set_by_id=world.max,
                set_at=NOW,
            )
        )
    with pytest.raises(IntegrityError):
        session.flush()


def test_no_deals_no_actions(session: Session, world: World) -> None:
    assert open_actions(session, []) == {}
