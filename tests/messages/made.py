"""Screens made by hand, for expectations in words: West's review on Wed 25 November."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from models.coaching import CoachingKind, How
from models.evidence import AnswerKind, State
from models.flags import Flag, FlagCode
from models.pipeline_review import DecisionKind, Grade, Removal, ReviewKind, ReviewState
from models.screens import (
    AdvanceShown,
    Asked,
    ClosedShown,
    ClosingCard,
    ClosingRow,
    CoachingShown,
    CoverageShown,
    DealCard,
    DealChoice,
    DealLine,
    DealShown,
    DecideForm,
    DecisionShown,
    EntryShown,
    EvidenceShown,
    LogScreen,
    Money,
    MonthShown,
    NextShown,
    ReviewParent,
    StageShown,
    StartDeal,
    StartForm,
    TeamShown,
    Waiting,
    Who,
    Why,
)

ANA = Who(1, "U0ANA", "Ana")
BEN = Who(2, "U0BEN", "Ben")
MAX = Who(3, "U0MAX", "Max")
LEA = Who(4, "U0LEA", "Lea")

WEST = TeamShown(1, "West", "C0WEST", "USD", "en_US", "America/New_York")
QUALIFIED, DISCOVERY, PROPOSAL, NEGOTIATION = (
    StageShown(number, name)
    for number, name in enumerate(("Qualified", "Discovery", "Proposal", "Negotiation"), start=2)
)
TODAY = date(2026, 11, 25)
TEN = datetime(2026, 11, 25, 15, 0, tzinfo=UTC)  # 10:00 in New York


def usd(amount: int) -> Money:
    return Money(amount * 100, "USD", "en_US")


NEXUS = DealShown(7, "Nexus Corp", ANA, usd(180_000), PROPOSAL, date(2026, 11, 27), None)
EVIDENCE = EvidenceShown(
    proved=1,
    asked=3,
    open=("the review meeting", "our answer to the objection"),
    second_hand=(),
    unanswered=2,
)
WHY = Why(
    by_hand=False,
    share=0.15,
    without_amount=False,
    days_to_close=2,
    flags=(
        Flag(FlagCode.CLOSE_PUSHED, {"times": 2, "days": 34}),
        Flag(FlagCode.QUIET, {"days": 16}),
    ),
    advanced=False,
)
NEXT = NextShown("Book the economic buyer", ANA, date(2026, 12, 1), overdue=False)
DEMOTED = DecisionShown(
    id=1,
    kind=DecisionKind.DEMOTE,
    removal=None,
    won=False,
    by=MAX,
    at=TEN,
    reason="no meeting, buyer not met",
    from_stage=PROPOSAL,
    to_stage=DISCOVERY,
    from_close=NEXUS.close_on,
    to_close=None,
    next_action=NEXT,
    self_decided=False,
    not_in_crm=True,
    replaced=0,
)
CLOSED = ClosedShown(MAX, TEN, Grade.DECIDED, ReviewState.CLOSED, 0)


def parent(**changes: Any) -> ReviewParent:
    shown = ReviewParent(
        review_id=5,
        team=WEST,
        kind=ReviewKind.SCHEDULED,
        day=TODAY,
        decide_from=TEN,
        deciding=True,
        deals=7,
        decided=5,
        amount=usd(1_240_000),
        team_open=usd(3_100_000),
        waiting=(Waiting(ANA, 2, 0), Waiting(MAX, 0, 2)),
        undecided=("Orbit", "Halcyon"),
        closed=None,
    )
    return replace(shown, **changes)


def card(**changes: Any) -> DealCard:
    shown = DealCard(
        review_id=5,
        review_deal_id=9,
        team=WEST,
        deal=NEXUS,
        today=TODAY,
        why=WHY,
        evidence=EVIDENCE,
        next_action=None,
        last_action=None,
        unchanged_since=date(2026, 11, 18),
        unchanged_reviews=1,
        recommended=DecisionKind.DEMOTE,
        decision=None,
        settled=None,
        decide_from=TEN,
        deciding=True,
        closed=None,
        answerable=True,
        decidable=True,
        correctable=False,
    )
    return replace(shown, **changes)


def line(**changes: Any) -> DealLine:
    shown = DealLine(
        review_deal_id=9,
        deal=NEXUS,
        evidence=EVIDENCE,
        decided=None,
        settled=None,
        recommended=DecisionKind.DEMOTE,
        card=None,
    )
    return replace(shown, **changes)


def closing(**changes: Any) -> ClosingCard:
    shown = ClosingCard(
        review_id=5,
        team=WEST,
        day=TODAY,
        closed=CLOSED,
        grade=Grade.DECIDED,
        counts={DecisionKind.DEMOTE: 2, DecisionKind.ADVANCE: 1, DecisionKind.REMOVE: 1},
        rows=(
            ClosingRow(
                "Nexus Corp", DecisionKind.DEMOTE, None, False, "Discovery", None, False,
                "Book the economic buyer", ANA, date(2026, 12, 1),
            ),
            ClosingRow(
                "Vale", DecisionKind.REMOVE, Removal.LOST, False, None, None, True, None, None, None
            ),
        ),
        settled=(),
        unchanged=(),
        unchanged_reviews=3,
        coverage=CoverageShown(
            period_starts=date(2026, 10, 1),
            period_ends=date(2026, 12, 31),
            quota=usd(1_000_000),
            remaining=usd(700_000),
            pipeline=usd(1_490_000),
            against_remaining=2.128,
            against_full=1.49,
            evidenced=0.04,
            standard=3.0,
            missing=usd(640_000),
            without_amount=0,
        ),
        month=MonthShown(
            month=date(2026, 11, 1),
            target=usd(400_000),
            won=usd(310_000),
            revenue_gap=usd(90_000),
            qualified_closing=usd(150_000),
            needed=usd(270_000),
            coverage_gap=usd(120_000),
        ),
        private=False,
    )  # fmt: skip
    return replace(shown, **changes)


def asked(kind: AnswerKind = AnswerKind.TEXT, key: str = "objection", **changes: Any) -> Asked:
    shown = Asked(
        question_id=11,
        key=key,
        kind=kind,
        label="Which objection is most to be expected?",
        short="the objection",
        state=State.OPEN,
        stale=False,
        second_hand=False,
        value=None,
        answered_on=None,
    )
    return replace(shown, **changes)


def decide_form(**changes: Any) -> DecideForm:
    shown = DecideForm(
        review_deal_id=9,
        team=WEST,
        deal=NEXUS,
        today=TODAY,
        evidence=EVIDENCE,
        advance=AdvanceShown(False, NEGOTIATION, False, EVIDENCE.open, ()),
        demote_to=(DISCOVERY, QUALIFIED),
        recommended=DecisionKind.DEMOTE,
        current=None,
        replacing=None,
        self_decided=False,
        next_action=None,
        next_owner=ANA,
        next_due=date(2026, 12, 2),
        due_least=TODAY,
        due_most=date(2026, 12, 9),
        owners=(ANA, BEN, MAX, LEA),
    )
    return replace(shown, **changes)


def start_form(**changes: Any) -> StartForm:
    shown = StartForm(
        team=WEST,
        actor=MAX,
        deals=(
            StartDeal(NEXUS, 0.15, WHY, picked=True),
            StartDeal(replace(NEXUS, id=8, name="Orbit"), None, WHY, picked=False),
        ),
        least=5,
        most=10,
        next_day=TODAY + timedelta(days=1),
        open_review=None,
        open_parent=None,
        next_deciding=None,
    )
    return replace(shown, **changes)


ENTRY = EntryShown(
    id=41,
    focus="negotiation",
    feedback="Let silence work after naming the price",
    next_step="Two calls without filling the pause",
    next_on=date(2026, 11, 27),
    held_on=date(2026, 11, 24),
    kind=CoachingKind.CALL_REVIEW,
    how=How.ROLE_PLAY,
    minutes=30,
    deal="Nexus Corp",
    is_late=False,
    written_at=TEN,
)


def coaching(**changes: Any) -> CoachingShown:
    """Max's log about Ana, read in New York."""
    shown = CoachingShown(
        log_id=31,
        coach=MAX,
        person=ANA,
        zone="America/New_York",
        today=TODAY,
        entry=ENTRY,
        quote=None,
        quote_url=None,
        is_edited=False,
        answer=None,
        withdrawn=None,
        of_one_on_one=False,
    )
    return replace(shown, **changes)


def log_screen(**changes: Any) -> LogScreen:
    shown = LogScreen(
        people=(ANA, BEN),
        person=ANA,
        areas=("negotiation", "closing"),
        deals=(DealChoice(7, "Nexus Corp"), DealChoice(8, "Orbit")),
        deal_id=None,
        today=TODAY,
        minutes=30,
        next_on=TODAY + timedelta(days=7),
        feedback_least=15,
        late_before=TODAY - timedelta(days=7),
    )
    return replace(shown, **changes)
