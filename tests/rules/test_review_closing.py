"""Closing: nothing undecided, the grade, and figures that never change again."""

from collections import Counter
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.access import Act, Refused
from models.deals import Deal, set_stage
from models.delivery import Delivery, DeliveryState, Kind, find
from models.next_actions import ActionState, NextAction, set_next_action
from models.people import get_person, team
from models.pipeline_review import (
    AlreadyClosed,
    DecisionKind,
    Grade,
    ReviewClosed,
    ReviewState,
    Undecided,
    UnknownReview,
    close_review,
    follow_channel,
    review_deals,
    undecided_deals,
)
from models.pipeline_review.closing import grade
from models.pipeline_review.unchanged import is_changed
from models.screens import review_parent
from tests.reviews import (
    DUE,
    a_review,
    advance,
    close,
    decide,
    demote,
    entry_of,
    hold,
    hold_all,
    re_date,
    remove,
    some_deals,
)
from tests.world import NOW, World, a_deal, an_import, prove, stage_named

LATER = NOW + timedelta(hours=1)


def test_it_cannot_close_while_a_deal_lacks_its_decision(session: Session, world: World) -> None:
    deals = some_deals(session, world, 5)
    review = a_review(session, world, deals)
    for deal in deals[:3]:
        decide(session, world.max, entry_of(session, review, deal).id, hold(world))

    with pytest.raises(Undecided) as refused:
        close(session, world, review)

    assert refused.value.deal_ids == (deals[3].id, deals[4].id)
    assert undecided_deals(session, review.id) == (deals[3].id, deals[4].id)
    assert review.state is ReviewState.OPEN


def test_a_closed_review_says_by_whom_and_when(session: Session, world: World) -> None:
    review = a_review(session, world)
    hold_all(session, world, review)

    close(session, world, review, LATER)

    assert (review.state, review.closed_by_id, review.closed_at) == (
        ReviewState.CLOSED,
        world.max,
        LATER,
    )


def test_closing_twice(session: Session, world: World) -> None:
    review = a_review(session, world)
    hold_all(session, world, review)
    close(session, world, review)

    with pytest.raises(AlreadyClosed) as refused:
        close(session, world, review, LATER)

    assert (refused.value.by_id, refused.value.at) == (world.max, NOW)
    assert isinstance(refused.value, ReviewClosed)
    closing = select(func.count()).where(Delivery.kind == Kind.REVIEW_CLOSING)
    assert session.scalar(closing) == 1


@pytest.mark.parametrize("person", ["ana", "ada"])
def test_who_may_close(session: Session, world: World, person: str) -> None:
    review = a_review(session, world)
    hold_all(session, world, review)

    with pytest.raises(Refused) as refused:
        close_review(session, get_person(session, getattr(world, person)), review.id, NOW)
    assert (refused.value.act, refused.value.allowed) == (Act.CLOSE_REVIEW, (world.max, world.lea))

    assert close_review(session, get_person(session, world.lea), review.id, NOW)


def test_an_unknown_review(session: Session, world: World) -> None:
    with pytest.raises(UnknownReview):
        close_review(session, get_person(session, world.max), 999_999, NOW)


def test_what_the_crm_closed_needs_no_decision(session: Session, world: World) -> None:
    deals = some_deals(session, world, 5)
    review = a_review(session, world, deals)
    deals[0].crm_stage_id = world.stages["Closed Won"]
    taken = an_import(session).id
    set_stage(session, deals[0], stage_named(session, "Closed Won"), NOW, import_id=taken)
    hold_all_but(session, world, review.id, deals[0].id)

    close(session, world, review)

    assert review.figures["closing"]["settled"] == [{"deal": "Customer 1", "stage": "Closed Won"}]
    assert len(review.figures["closing"]["rows"]) == 4


def hold_all_but(session: Session, world: World, review_id: int, deal_id: int) -> None:
    for entry in review_deals(session, review_id):
        if entry.deal_id != deal_id:
            decide(session, world.max, entry.id, hold(world))


# --- the grade


def test_one_advance_demotion_or_removal_makes_it_decided(session: Session, world: World) -> None:
    for choice in (advance(world), demote(world), remove()):
        deals = some_deals(session, world, 5)
        prove(session, deals[0])
        review = a_review(session, world, deals)
        decide(session, world.max, entry_of(session, review, deals[0]).id, choice)
        hold_all(session, world, review)

        assert close(session, world, review).grade is Grade.DECIDED


def test_only_re_dates_are_below_standard(session: Session, world: World) -> None:
    deals = _with_the_held_action(session, world)
    review = a_review(session, world, deals)
    decide(
        session,
        world.max,
        entry_of(session, review, deals[0]).id,
        re_date(world),
    )
    hold_all(session, world, review)

    assert close(session, world, review).grade is Grade.BELOW_STANDARD


def test_a_new_next_action_is_below_standard(session: Session, world: World) -> None:
    review = a_review(session, world)
    hold_all(session, world, review)

    assert close(session, world, review).grade is Grade.BELOW_STANDARD


def test_nothing_but_later_due_dates_is_a_status_meeting(session: Session, world: World) -> None:
    review = a_review(session, world, _with_the_held_action(session, world))
    for entry in review_deals(session, review.id):
        decide(session, world.max, entry.id, hold(world, due_on=DUE + timedelta(days=3)))

    assert close(session, world, review).grade is Grade.STATUS_MEETING


def test_another_owner_of_a_next_action_is_a_change(session: Session, world: World) -> None:
    deals = _with_the_held_action(session, world)
    review = a_review(session, world, deals)
    decide(
        session, world.max, entry_of(session, review, deals[0]).id, hold(world, owner_id=world.ben)
    )
    hold_all(session, world, review)

    assert close(session, world, review).grade is Grade.BELOW_STANDARD


def test_a_corrected_demotion_counts_no_more(session: Session, world: World) -> None:
    deals = _with_the_held_action(session, world)
    review = a_review(session, world, deals)
    entry = entry_of(session, review, deals[0])
    decide(session, world.max, entry.id, demote(world))
    decide(session, world.max, entry.id, hold(world), LATER)
    hold_all(session, world, review)

    assert close(session, world, review).grade is Grade.STATUS_MEETING


def _with_the_held_action(session: Session, world: World) -> list[Deal]:
    deals = some_deals(session, world, 5)
    for deal in deals:
        set_next_action(
            session, deal.id, "Send Dana the security paper", world.ana, DUE, world.max, NOW
        )
    return deals


_ACTIONS = st.one_of(
    st.none(),
    st.tuples(
        st.sampled_from(["Send the offer", "send  the OFFER", "Call Dana about legal"]),
        st.integers(1, 2),
        st.dates(date(2026, 11, 24), date(2026, 12, 8)),
    ),
)


@given(rows=st.lists(st.tuples(st.sampled_from(DecisionKind), _ACTIONS, _ACTIONS), max_size=8))
def test_the_grade_against_its_definition(
    rows: list[tuple[DecisionKind, tuple[str, int, date] | None, tuple[str, int, date] | None]],
) -> None:
    changed = any(is_changed(_action(before), _action(after)) for _, before, after in rows)
    given_grade = grade([kind for kind, _, _ in rows], changed)

    kinds = [kind.value for kind, _, _ in rows]
    differs = [
        after is not None
        and (
            before is None
            or (
                before[0].split() != after[0].split()
                and "".join(before[0].lower().split()) != "".join(after[0].lower().split())
            )
            or before[1] != after[1]
        )
        for _, before, after in rows
    ]
    if kinds.count("advance") + kinds.count("demote") + kinds.count("remove") >= 1:
        expected = "decided"
    elif "re_date" in kinds or True in differs:
        expected = "below_standard"
    else:
        expected = "status_meeting"
    assert given_grade.value == expected


def _action(said: tuple[str, int, date] | None) -> NextAction | None:
    if said is None:
        return None
    text, owner_id, due_on = said
    return NextAction(text=text, owner_id=owner_id, due_on=due_on, state=ActionState.OPEN)


# --- the closing card's figures


def test_the_figures_of_the_closing_card(session: Session, world: World) -> None:
    deals = some_deals(session, world, 5)
    review = a_review(session, world, deals)
    entries = [entry_of(session, review, deal) for deal in deals]
    decide(session, world.max, entries[0].id, demote(world))
    decide(session, world.max, entries[1].id, remove())
    decide(session, world.max, entries[2].id, re_date(world))
    hold_all(session, world, review)

    figures = close(session, world, review).figures["closing"]

    assert figures["counts"] == {"advance": 0, "demote": 1, "remove": 1, "re_date": 1, "hold": 2}
    assert figures["rows"][:3] == [
        {
            "deal": "Customer 1",
            "kind": "demote",
            "removal": None,
            "won": False,
            "to_stage": "Discovery",
            "to_close": None,
            "self_decided": False,
            "next_text": "Book the economic buyer",
            "next_owner_id": world.ana,
            "next_due": DUE.isoformat(),
        },
        {
            "deal": "Customer 2",
            "kind": "remove",
            "removal": "lost",
            "won": False,
            "to_stage": None,
            "to_close": None,
            "self_decided": False,
            "next_text": None,
            "next_owner_id": None,
            "next_due": None,
        },
        {
            "deal": "Customer 3",
            "kind": "re_date",
            "removal": None,
            "won": False,
            "to_stage": None,
            "to_close": "2027-01-29",
            "self_decided": False,
            "next_text": "Ask Dana for the budget date",
            "next_owner_id": world.ana,
            "next_due": DUE.isoformat(),
        },
    ]
    assert figures["private"] is False
    assert figures["coverage"]["quota_minor"] == 900_000_00
    assert figures["coverage"]["period"]["ends_on"] == "2026-12-31"
    assert figures["month"]["month"] == "2026-11-01"
    assert figures["month"]["target_minor"] == 300_000_00


def test_the_figures_stay_as_they_were(session: Session, world: World) -> None:
    deals = some_deals(session, world, 5)
    review = a_review(session, world, deals)
    hold_all(session, world, review)
    before = dict(close(session, world, review).figures)

    deals[0].name = "Renamed"
    a_deal(session, world.ana, "Negotiation", amount_minor=900_000_00)
    session.flush()
    session.expire_all()

    assert review.figures == before


def test_fewer_than_three_reps_keep_their_coverage_private(session: Session, world: World) -> None:
    get_person(session, world.cleo).active = False
    review = a_review(session, world)
    hold_all(session, world, review)

    assert close(session, world, review).figures["closing"]["private"] is True


def test_closing_owes_its_card_and_refreshes_everything(session: Session, world: World) -> None:
    review = a_review(session, world)
    hold_all(session, world, review)
    before = _revisions(session)

    close(session, world, review, LATER)

    card = find(session, Kind.REVIEW_CLOSING, review.id)
    assert card is not None
    assert (card.channel_id, card.after_id, card.due_at) == (world.channel, None, LATER)
    after = _revisions(session)
    assert {key for key in before if after[key] == before[key] + 1} == set(before)


def _revisions(session: Session) -> dict[int, int]:
    session.expire_all()
    return {each.id: each.revision for each in session.scalars(select(Delivery))}


def test_a_review_goes_on_in_the_channel_that_its_team_has_now(
    session: Session, world: World
) -> None:
    review = a_review(session, world)
    posted = select(Delivery).where(Delivery.channel_id == "C0WEST")
    for n, message in enumerate(session.scalars(posted).all()):
        message.ts, message.posted_channel, message.state = f"{n}.1", "C0WEST", DeliveryState.POSTED
    west = team(session, world.team)
    follow_channel(session, west, NOW)
    kinds = select(Delivery.kind).where(Delivery.channel_id == "C0NEW")
    assert session.scalars(kinds).all() == []
    west.channel_id = "C0NEW"
    for _ in range(2):
        follow_channel(session, west, NOW)
        found = Counter(session.scalars(kinds))
        assert found == {Kind.REVIEW_PARENT: 1, Kind.REVIEW_CARD: 6}
    before = session.scalars(posted).all()
    assert {message.state for message in before} == {DeliveryState.DROPPED}
    hold_all(session, world, review)
    close(session, world, review)
    session.expire_all()
    assert {message.state for message in before} == {DeliveryState.DROPPED}, "strangers' by now"
    closing = session.scalars(select(Delivery).where(Delivery.kind == Kind.REVIEW_CLOSING)).one()
    assert (closing.channel_id, closing.lane) == ("C0NEW", "C0NEW")
    assert review_parent(session, review.id, NOW) is not None


def test_the_moment_of_closing_is_business_time(session: Session, world: World) -> None:
    review = a_review(session, world)
    hold_all(session, world, review)
    moment = datetime.fromisoformat("2026-11-25T11:30:00-05:00")

    assert close(session, world, review, moment).closed_at == moment
