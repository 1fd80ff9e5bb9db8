"""What the review's parent and cards show."""

from datetime import timedelta

from sqlalchemy.orm import Session

from models.deals import Deal, set_stage
from models.evidence import AnswerKind
from models.flags import FlagCode
from models.next_actions import set_next_action
from models.people import get_person
from models.pipeline_review import (
    DecisionKind,
    Grade,
    Review,
    ReviewDeal,
    answer,
    review_deals,
)
from models.screens import (
    DealCard,
    Money,
    ReviewParent,
    deal_card,
    review_parent,
)
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

TOMORROW = NOW + timedelta(hours=19)


def _parent(session: Session, review: Review) -> ReviewParent:
    shown = review_parent(session, review.id, NOW)
    assert shown is not None
    return shown


def _card(session: Session, entry: ReviewDeal) -> DealCard:
    shown = deal_card(session, entry.id, NOW)
    assert shown is not None
    return shown


def _crm_closes(session: Session, world: World, deal: Deal) -> None:
    deal.crm_stage_id = world.stages["Closed Won"]
    taken = an_import(session).id
    set_stage(session, deal, stage_named(session, "Closed Won"), NOW, import_id=taken)


# --- the parent


def test_the_parent_counts_and_says_who_is_waited_for(session: Session, world: World) -> None:
    deals = some_deals(session, world, 5)
    a_deal(session, world.cleo, "Proposal", amount_minor=50_000_00)
    prove(session, deals[0])
    review = a_review(session, world, deals)
    decide(session, world.max, entry_of(session, review, deals[1]).id, hold(world))

    shown = _parent(session, review)

    assert (shown.deals, shown.decided) == (5, 1)
    assert shown.undecided == ("Customer 1", "Customer 3", "Customer 4", "Customer 5")
    assert shown.amount == Money(150_000_00, "USD", "en_US")
    assert shown.team_open == Money(200_000_00, "USD", "en_US")
    assert shown.day == TODAY
    assert shown.deciding
    assert [(each.who.name, each.answers, each.decisions) for each in shown.waiting] == [
        ("Ana", 6, 0),
        ("Ben", 3, 0),
        ("Max", 0, 4),
    ]
    assert shown.closed is None


def test_a_filled_answer_is_waited_for_no_more(session: Session, world: World) -> None:
    deal = a_deal(session, world.ana, "Qualified")
    review = a_review(session, world, [deal])
    source = next(q for q in questions_of(session, deal) if q.kind is AnswerKind.SOURCE)
    values = {q.id: proving(q.kind) for q in questions_of(session, deal)}
    values[source.id] = {"source": "not_yet"}
    entry = entry_of(session, review, deal)

    answer(session, get_person(session, world.ana), entry.id, values, set(), NOW)

    assert [each.who.name for each in _parent(session, review).waiting] == ["Max"]
    card = _card(session, entry)
    assert (card.evidence.proved, card.evidence.open) == (2, ("how we know",))


def test_who_decides_answers_for_an_owner_who_left(session: Session, world: World) -> None:
    review = a_review(session, world, [a_deal(session, world.ana, "Qualified")])
    get_person(session, world.ana).active = False
    waiting = _parent(session, review).waiting
    assert [(each.who.name, each.answers, each.decisions) for each in waiting] == [("Max", 3, 1)]


def test_the_day_of_a_review_is_the_day_of_deciding(session: Session, world: World) -> None:
    review = a_review(session, world, decide_from=TOMORROW)

    shown = _parent(session, review)

    assert shown.day == TODAY + timedelta(days=1)
    assert not shown.deciding


def test_a_closed_parent_waits_for_nobody(session: Session, world: World) -> None:
    review = a_review(session, world)
    hold_all(session, world, review)
    close(session, world, review)

    shown = _parent(session, review)

    assert shown.waiting == ()
    assert shown.closed is not None
    assert shown.closed.by is not None
    assert (shown.closed.by.slack_id, shown.closed.at, shown.closed.grade) == (
        "U0MAX",
        NOW,
        Grade.BELOW_STANDARD,
    )


def test_what_the_crm_closed_counts_as_settled(session: Session, world: World) -> None:
    deals = some_deals(session, world, 5)
    review = a_review(session, world, deals)
    _crm_closes(session, world, deals[0])

    assert _parent(session, review).decided == 1
    card = _card(session, entry_of(session, review, deals[0]))
    assert card.settled is not None
    assert card.settled.name == "Closed Won"
    assert (card.answerable, card.decidable, card.correctable) == (False, False, False)


# --- the card


def test_a_card_has_all_of_its_wireframe(session: Session, world: World) -> None:
    deal = a_deal(
        session,
        world.ana,
        "Proposal",
        name="Nexus Corp",
        amount_minor=180_000_00,
        close_on=TODAY + timedelta(days=4),
        last_activity_on=TODAY - timedelta(days=16),
    )
    deal.url = "https://crm.example.com/1"
    review = a_review(session, world, [deal])
    prove(session, deal, all_but=["review_meeting", "reply"])

    card = _card(session, entry_of(session, review, deal))

    assert (card.deal.name, card.deal.amount, card.deal.stage.name, card.deal.close_on) == (
        "Nexus Corp",
        Money(180_000_00, "USD", "en_US"),
        "Proposal",
        TODAY + timedelta(days=4),
    )
    assert (card.deal.owner.slack_id, card.deal.url) == ("U0ANA", "https://crm.example.com/1")
    assert (card.why.share, card.why.by_hand, card.why.days_to_close) == (1.0, False, 4)
    assert [flag.code for flag in card.why.flags] == [FlagCode.QUIET, FlagCode.NO_NEXT_ACTION]
    assert (card.evidence.proved, card.evidence.asked) == (1, 3)
    assert card.evidence.open == ("the review meeting", "our answer to the objection")
    assert card.recommended is DecisionKind.DEMOTE
    assert card.unchanged_since is None
    assert (card.answerable, card.decidable, card.correctable) == (True, True, False)


def test_from_the_first_stage_that_asks_removal_is_recommended(
    session: Session, world: World
) -> None:
    deal = a_deal(session, world.ana, "Qualified")
    entry = entry_of(session, a_review(session, world, [deal]), deal)

    assert _card(session, entry).recommended is DecisionKind.REMOVE


def test_nothing_is_recommended_before_deciding_or_once_proved(
    session: Session, world: World
) -> None:
    deals = some_deals(session, world, 5)
    prove(session, deals[0])
    review = a_review(session, world, deals, decide_from=TOMORROW)
    first, second = (entry_of(session, review, deal) for deal in deals[:2])

    assert _card(session, second).recommended is None
    shown = [deal_card(session, entry.id, TOMORROW) for entry in (first, second)]
    assert [card.recommended for card in shown if card] == [None, DecisionKind.DEMOTE]


def test_why_is_frozen_at_the_start(session: Session, world: World) -> None:
    deal = a_deal(session, world.ana, "Proposal")
    entry = entry_of(session, a_review(session, world, [deal]), deal)
    before = _card(session, entry).why

    decide(session, world.max, entry.id, demote(world))

    assert _card(session, entry).why == before


def test_a_second_hand_answer_is_marked(session: Session, world: World) -> None:
    deal = a_deal(session, world.ana, "Qualified")
    entry = entry_of(session, a_review(session, world, [deal]), deal)
    source = next(q for q in questions_of(session, deal) if q.kind is AnswerKind.SOURCE)

    told = {source.id: {"source": "contact"}}
    answer(session, get_person(session, world.ana), entry.id, told, set(), NOW)

    assert _card(session, entry).evidence.second_hand == ("how we know",)


def test_a_decided_card_says_so(session: Session, world: World) -> None:
    deal = a_deal(session, world.ana, "Proposal")
    entry = entry_of(session, a_review(session, world, [deal]), deal)
    decide(session, world.max, entry.id, demote(world))

    card = _card(session, entry)

    said = card.decision
    assert said is not None
    assert said.kind is DecisionKind.DEMOTE
    assert said.to_stage is not None
    assert (said.to_stage.name, said.from_stage.name) == ("Discovery", "Proposal")
    assert (said.by.name, said.reason) == ("Max", "No meeting, buyer not met")
    assert said.next_action is not None
    assert (said.next_action.text, said.next_action.owner.name, said.next_action.due_on) == (
        "Book the economic buyer",
        "Ana",
        DUE,
    )
    assert said.not_in_crm
    assert (said.won, said.self_decided, said.replaced, said.to_close) == (False, False, 0, None)
    assert (card.answerable, card.decidable, card.correctable) == (False, False, True)
    assert card.recommended is None
    assert card.next_action is None  # the decision says it


def test_not_in_the_crm_until_the_crm_says_so(session: Session, world: World) -> None:
    deal = a_deal(session, world.ana, "Proposal")
    entry = entry_of(session, a_review(session, world, [deal]), deal)
    decide(session, world.max, entry.id, re_date(world))
    assert _waits(session, entry)

    deal.crm_close_on = deal.close_on

    assert not _waits(session, entry)


def test_the_crm_that_moved_waits_for_nothing(session: Session, world: World) -> None:
    deal = a_deal(session, world.ana, "Proposal")
    entry = entry_of(session, a_review(session, world, [deal]), deal)
    decide(session, world.max, entry.id, demote(world))

    deal.crm_stage_id = deal.stage_id = world.stages["Negotiation"]

    assert not _waits(session, entry)


def _waits(session: Session, entry: ReviewDeal) -> bool:
    said = _card(session, entry).decision
    assert said is not None
    return said.not_in_crm


def test_a_correction_counts_what_it_replaced(session: Session, world: World) -> None:
    deal = a_deal(session, world.ana, "Proposal")
    entry = entry_of(session, a_review(session, world, [deal]), deal)
    for choice in (demote(world), remove(), hold(world)):
        decide(session, world.max, entry.id, choice)

    said = _card(session, entry).decision
    assert said is not None
    assert (said.kind, said.replaced, said.not_in_crm) == (DecisionKind.HOLD, 2, False)


def test_a_won_deal(session: Session, world: World) -> None:
    deal = a_deal(session, world.ana, "Negotiation")
    prove(session, deal)
    entry = entry_of(session, a_review(session, world, [deal]), deal)
    decide(session, world.max, entry.id, advance(world))

    said = _card(session, entry).decision
    assert said is not None
    assert (said.won, said.next_action) == (True, None)


def test_an_open_next_action_is_on_the_card(session: Session, world: World) -> None:
    deal = a_deal(session, world.ana, "Proposal")
    overdue = TODAY - timedelta(days=2)
    set_next_action(session, deal.id, "Send the offer", world.ana, overdue, world.max, NOW)
    entry = entry_of(session, a_review(session, world, [deal]), deal)

    shown = _card(session, entry).next_action

    assert shown is not None
    assert (shown.text, shown.overdue) == ("Send the offer", True)


def test_same_stage_and_date_as_last_week(session: Session, world: World) -> None:
    deals = some_deals(session, world, 3)
    last_week = NOW - timedelta(days=7)
    first = a_review(session, world, deals, started_at=last_week, decide_from=last_week)
    decide(session, world.max, entry_of(session, first, deals[1]).id, re_date(world), last_week)
    hold_all(session, world, first, last_week)
    close(session, world, first, last_week)

    new = a_deal(session, world.ana, "Proposal")
    second = a_review(session, world, [*deals, new])

    since = [_card(session, each).unchanged_since for each in review_deals(session, second.id)]
    day = TODAY - timedelta(days=7)
    assert since == [day, None, day, None]
