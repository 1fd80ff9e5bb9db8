"""The review's replies, direct messages and closing card, and when they are wanted no more."""

from datetime import date, time, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.deals import Deal, set_owner, set_stage
from models.delivery import Delivery, DeliveryState, Kind, find
from models.people import get_person
from models.pipeline_review import (
    DecisionKind,
    Grade,
    answer,
    begin_deciding,
    review_deals,
    show_changed_deals,
)
from models.roster import put_team
from models.schedule import Lateness, Occurrence, OccurrenceState, put_schedule
from models.screens import (
    Money,
    admin_parked,
    answers_reply,
    closing_card,
    deal_card,
    deciding_dm,
    owner_dm,
    review_parent,
    skipped_notice,
)
from tests.reviews import (
    a_review,
    close,
    deal_of,
    decide,
    entry_of,
    hold,
    hold_all,
    re_date,
    remove,
    some_deals,
)
from tests.world import (
    NOW,
    TODAY,
    World,
    a_deal,
    an_import,
    prove,
    proving,
    questions_of,
    stage_named,
)

LATER = NOW + timedelta(hours=1)
TOMORROW = NOW + timedelta(hours=19)


def _post(session: Session, kind: Kind, subject_id: int) -> None:
    """As if Slack had taken the message."""
    message = find(session, kind, subject_id)
    assert message is not None
    message.state, message.ts, message.posted_channel = DeliveryState.POSTED, "1.1", "D1"
    session.flush()


def _crm_closes(session: Session, world: World, deal: Deal) -> None:
    deal.crm_stage_id = world.stages["Closed Won"]
    taken = an_import(session).id
    set_stage(session, deal, stage_named(session, "Closed Won"), NOW, import_id=taken)


# --- answers


def test_a_reply_shows_what_was_given_and_renewed(session: Session, world: World) -> None:
    deal = a_deal(session, world.ana, "Proposal")
    prove(session, deal, NOW - timedelta(days=3), all_but=["review_meeting"])
    entry = entry_of(session, a_review(session, world, [deal]), deal)
    meeting, objection, _ = questions_of(session, deal)
    none_yet = {meeting.id: {"state": "none"}}

    saved = answer(session, get_person(session, world.ana), entry.id, none_yet, {objection.id}, NOW)

    reply = answers_reply(session, saved.id, NOW)
    assert reply is not None
    assert (reply.by.name, reply.deal.id, reply.evidence.proved) == ("Ana", deal.id, 2)
    assert [
        (each.short, each.proves, each.renewed, each.answered_on) for each in reply.answers
    ] == [
        ("the review meeting", False, False, TODAY),
        ("the objection", True, True, TODAY - timedelta(days=3)),
    ]
    assert reply.answers[0].value == {"state": "none"}


# --- direct messages


def test_an_owner_gets_only_the_own_deals(session: Session, world: World) -> None:
    deals = some_deals(session, world, 5)
    review = a_review(session, world, deals)
    first = review_deals(session, review.id)[0]

    message = owner_dm(session, first.id, NOW)

    assert message is not None
    assert message.owner.name == "Ana"
    assert [line.deal.name for line in message.deals] == ["Customer 1", "Customer 3", "Customer 5"]
    assert message.deals[0].evidence.unanswered == 3
    assert message.deals[0].card is None


def test_a_line_knows_where_its_card_stands(session: Session, world: World) -> None:
    review = a_review(session, world)
    first = review_deals(session, review.id)[0]
    _post(session, Kind.REVIEW_CARD, first.id)

    message = owner_dm(session, first.id, NOW)

    assert message is not None
    assert message.deals[0].card is not None
    assert message.deals[0].card.ts == "1.1"


def test_an_owner_without_deals_is_not_written_to(session: Session, world: World) -> None:
    deal = a_deal(session, world.ana, "Proposal")
    review = a_review(session, world, [deal])
    set_owner(session, deal, world.ben, NOW, import_id=an_import(session).id)

    assert owner_dm(session, review_deals(session, review.id)[0].id, NOW) is None


def test_who_has_left_is_not_written_to(session: Session, world: World) -> None:
    review = a_review(session, world, decide_from=TOMORROW)
    first = review_deals(session, review.id)[0]
    get_person(session, world.ana).active = False
    get_person(session, world.max).active = False
    session.flush()

    assert owner_dm(session, first.id, NOW) is None
    assert deciding_dm(session, review.id, TOMORROW) is None


def test_after_closing_only_a_message_that_stands_is_updated(
    session: Session, world: World
) -> None:
    review = a_review(session, world)
    first, second = review_deals(session, review.id)[:2]
    _post(session, Kind.REVIEW_OWNER, second.id)
    hold_all(session, world, review)
    close(session, world, review)

    assert owner_dm(session, first.id, NOW) is None
    told = owner_dm(session, second.id, NOW)
    assert told is not None
    assert told.closed is not None


def test_the_decider_sees_what_lacks(session: Session, world: World) -> None:
    review = a_review(session, world, decide_from=TOMORROW)
    entries = review_deals(session, review.id)
    for entry in entries[:4]:
        decide(session, world.max, entry.id, hold(world), TOMORROW)
    begin_deciding(session, TOMORROW)

    message = deciding_dm(session, review.id, TOMORROW)

    assert message is not None
    assert (message.to.name, message.deals) == ("Max", 6)
    assert [line.deal.name for line in message.undecided] == ["Customer 5", "Customer 6"]
    assert message.undecided[0].recommended is DecisionKind.DEMOTE


def test_nobody_is_told_to_decide_what_is_decided(session: Session, world: World) -> None:
    review = a_review(session, world, decide_from=TOMORROW)
    hold_all(session, world, review, TOMORROW)

    assert deciding_dm(session, review.id, TOMORROW) is None


def test_who_leads_the_team_no_more_is_not_told(session: Session, world: World) -> None:
    review = a_review(session, world, decide_from=TOMORROW)
    put_team(session, "West", currency="USD", zone="America/New_York", manager_id=world.lea)

    assert deciding_dm(session, review.id, TOMORROW) is None


# --- the closing card


def test_the_closing_card(session: Session, world: World) -> None:
    deals = some_deals(session, world, 5)
    review = a_review(session, world, deals)
    decide(session, world.max, entry_of(session, review, deals[0]).id, re_date(world))
    decide(session, world.max, entry_of(session, review, deals[1]).id, remove())
    hold_all(session, world, review)
    close(session, world, review)

    card = closing_card(session, review.id, LATER)

    assert card is not None
    assert card.closed.by is not None
    assert (card.closed.by.name, card.closed.grade, card.day) == ("Max", Grade.DECIDED, TODAY)
    assert card.counts == {
        DecisionKind.ADVANCE: 0,
        DecisionKind.DEMOTE: 0,
        DecisionKind.REMOVE: 1,
        DecisionKind.RE_DATE: 1,
        DecisionKind.HOLD: 3,
    }
    assert [row.deal for row in card.rows] == [deal.name for deal in deals]
    assert (card.rows[0].to_close, card.rows[1].next_owner) == (date(2027, 1, 29), None)
    assert card.rows[2].next_owner is not None
    assert card.rows[2].next_owner.slack_id == "U0ANA"
    assert card.coverage is not None
    assert card.coverage.quota == Money(900_000_00, "USD", "en_US")
    assert card.coverage.standard == 3.0
    assert card.month is not None
    assert card.month.target == Money(300_000_00, "USD", "en_US")
    assert not card.private


def test_a_small_teams_closing_card_keeps_coverage_back(session: Session, world: World) -> None:
    get_person(session, world.cleo).active = False
    review = a_review(session, world)
    hold_all(session, world, review)
    close(session, world, review)

    card = closing_card(session, review.id, LATER)

    assert card is not None
    assert (card.private, card.coverage, card.month) == (True, None, None)


def test_the_closing_card_does_not_change(session: Session, world: World) -> None:
    deals = some_deals(session, world, 5)
    review = a_review(session, world, deals)
    hold_all(session, world, review)
    close(session, world, review)
    before = closing_card(session, review.id, LATER)

    deals[0].name = "Renamed"
    _crm_closes(session, world, deals[1])
    get_person(session, world.cleo).active = False
    session.flush()

    assert closing_card(session, review.id, LATER + timedelta(days=9)) == before


# --- not allowed any more


def test_another_channel_shows_nothing_of_it(session: Session, world: World) -> None:
    review = a_review(session, world)
    entry = review_deals(session, review.id)[0]
    deal = deal_of(session, entry)
    values = {q.id: proving(q.kind) for q in questions_of(session, deal)}
    saved = answer(session, get_person(session, world.ana), entry.id, values, set(), NOW)
    hold_all(session, world, review)
    close(session, world, review)
    put_team(session, "West", currency="USD", zone="America/New_York", channel_id="C0OTHER")

    assert review_parent(session, review.id, NOW) is None
    assert deal_card(session, entry.id, NOW) is None
    assert answers_reply(session, saved.id, NOW) is None
    assert closing_card(session, review.id, NOW) is None


def test_an_import_shows_in_open_reviews(session: Session, world: World) -> None:
    review = a_review(session, world)
    entry = review_deals(session, review.id)[0]

    show_changed_deals(session, [entry.deal_id], LATER)

    session.expire_all()
    revisions = {
        (each.kind, each.subject_id): each.revision for each in session.scalars(select(Delivery))
    }
    assert revisions[Kind.REVIEW_CARD, entry.id] == 2
    assert revisions[Kind.REVIEW_PARENT, review.id] == 2
    assert revisions[Kind.REVIEW_CARD, review_deals(session, review.id)[1].id] == 1


# --- what went wrong


@pytest.mark.parametrize("state", list(OccurrenceState))
def test_a_skipped_prompt_says_why(session: Session, world: World, state: OccurrenceState) -> None:
    made, _ = put_schedule(
        session,
        world.team,
        "review.cards",
        weekdays="2",
        local_time=time(15),
        zone="America/New_York",
        lateness=Lateness.MIDNIGHT,
        active_from=TODAY,
    )
    reason = "no_deals" if state is OccurrenceState.SKIPPED else None
    occurrence = Occurrence(
        schedule_id=made.id, local_date=TODAY, due_at=NOW, state=state, reason=reason
    )
    session.add(occurrence)
    session.flush()

    notice = skipped_notice(session, occurrence.id, NOW)

    if reason is None:
        assert notice is None
    else:
        assert notice is not None
        assert notice.team is not None
        assert (notice.prompt, notice.team.name, notice.due_at, notice.reason) == (
            "review.cards",
            "West",
            NOW,
            "no_deals",
        )


def test_a_parked_message_is_said_until_it_is_mended(session: Session, world: World) -> None:
    review = a_review(session, world)
    message = find(session, Kind.REVIEW_PARENT, review.id)
    assert message is not None
    message.state, message.error = DeliveryState.PARKED, "not_in_channel"
    session.flush()

    notice = admin_parked(session, message.id, NOW)

    assert notice is not None
    assert notice.team is not None
    assert (notice.kind, notice.team.name, notice.channel_id, notice.error, notice.mended) == (
        Kind.REVIEW_PARENT,
        "West",
        world.channel,
        "not_in_channel",
        False,
    )
    message.state = DeliveryState.OWED
    session.flush()
    assert admin_parked(session, message.id, NOW) is None
