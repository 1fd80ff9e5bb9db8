"""A real export, from `cadence setup` and `cadence import` to a closed review, on both databases.

Every figure that is expected here is computed from the files themselves.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from handlers.ids import Id
from models.base import Database
from models.deals import Deal, DealChange, Import, Stage, StageKind
from models.delivery import Delivery, DeliveryState
from models.next_actions import NextAction
from models.people import Person, Quota, Team
from models.pipeline_review import Decision, Review
from sandbox.person import ActingPerson, SeenMessage
from tests.reading import read
from tests.scenarios.meridian import (
    EXPORT,
    MORNING,
    WORKSPACE,
    CrmDeal,
    Meridian,
    channel_id,
    deals,
    managers,
    reps,
    slack_id,
)

pytestmark = pytest.mark.exports

TODAY = MORNING.date()
QUARTER = (date(2026, 1, 1), date(2026, 3, 31))
MARCH = (date(2026, 3, 1), date(2026, 3, 31))
ENTERPRISE = "David Kim"
SMB = "Carlos Reyes"


# --- what the files say


def times_quota(rep_id: str, *, remaining: bool) -> Fraction:
    """A rep's open amount over the quota, whatever the close date: data/README.md's figure."""
    mine = [deal for deal in deals() if deal.rep == rep_id]
    quota = next(rep.quota for rep in reps() if rep.id == rep_id)
    won = sum(deal.amount for deal in mine if deal.stage == "Closed Won")
    open_ = sum(deal.amount for deal in mine if deal.is_open)
    return Fraction(open_, quota - won if remaining else quota)


def of_team(manager: str) -> list[CrmDeal]:
    ids = {rep.id for rep in reps() if rep.manager == manager}
    return [deal for deal in deals() if deal.rep in ids]


def best(found: Iterable[CrmDeal], wanted: int) -> list[str]:
    """By share × closeness: none has another flag than its lacking next action."""

    def score(deal: CrmDeal) -> Fraction:
        days = (deal.close - TODAY).days
        return deal.amount * Fraction(10 if days <= 7 else 8 if days <= 30 else 3, 10)

    ranked = sorted((deal for deal in found if deal.is_open), key=lambda deal: -score(deal))
    return [deal.name for deal in ranked[:wanted]]


def closing(found: Iterable[CrmDeal], days: tuple[date, date], *, stage: str | None = None) -> int:
    """The sum of what is in a stage (None: open and qualified) and closes on these days."""
    return sum(
        deal.amount
        for deal in found
        if days[0] <= deal.close <= days[1]
        and (deal.stage == stage if stage else deal.is_open and deal.stage != "Prospecting")
    )


def times(ratio: Fraction) -> str:
    """As a card says it, to the nearest tenth."""
    tenths = int(ratio * 10 + Fraction(1, 2))
    return f"{tenths / 10:g}×" if tenths else "under 0.1×"


def dollars(amount: Fraction) -> str:
    """Cents only below a hundred."""
    return f"${float(amount):,.{0 if abs(amount) >= 100 else 2}f}"


# --- what is imported


def test_coverage_per_rep_is_that_of_the_files(meridian: Meridian) -> None:
    """All ten reps are under three times full quota, nine of ten under that of the remaining."""
    full = {rep.name: times_quota(rep.id, remaining=False) for rep in reps()}
    left = {rep.name: times_quota(rep.id, remaining=True) for rep in reps()}
    assert [sum(found < 3 for found in each.values()) for each in (full, left)] == [10, 9]
    with meridian.database.transaction(WORKSPACE) as session:
        quotas = quotas_by_name(session)
        open_ = amounts_by_owner(session, StageKind.OPEN)
        won = amounts_by_owner(session, StageKind.WON)
    for name in full:
        assert Fraction(open_[name], quotas[name]) == full[name]
        assert Fraction(open_[name], quotas[name] - won[name]) == left[name]
    import_again(meridian)


def quotas_by_name(session: Session) -> dict[str, int]:
    rows = select(Person.name, Quota.amount_minor).join(Quota, Quota.person_id == Person.id)
    return dict(session.execute(rows).all())


def amounts_by_owner(session: Session, kind: StageKind) -> dict[str, int]:
    rows = (
        select(Person.name, func.sum(Deal.amount_minor))
        .join(Deal, Deal.owner_id == Person.id)
        .join(Stage, Stage.id == Deal.stage_id)
        .where(Stage.kind == kind)
        .group_by(Person.name)
    )
    return {name: int(amount or 0) for name, amount in session.execute(rows)}


def import_again(meridian: Meridian) -> None:
    """The same file on the next day changes nothing, and says so."""
    before = kept(meridian)
    meridian.later(days=1)
    again = meridian.command("import", str(EXPORT))
    assert "  0 new\n  0 changed\n  75 unchanged" in again
    assert kept(meridian) == before


def kept(meridian: Meridian) -> list[Any]:
    """Every column of every deal but when a file told of it, and every change of one."""
    with meridian.database.transaction(WORKSPACE) as session:
        rows = [
            session.execute(
                select(*(one for one in table.__table__.c if one.name != "told_at")).order_by(
                    table.id
                )
            ).all()
            for table in (Deal, DealChange)
        ]
        return [tuple(row) for found in rows for row in found]


# --- the review of a whole team


def test_a_review_of_the_enterprise_team(meridian: Meridian) -> None:
    david = meridian.person(ENTERPRISE)
    start(meridian, ENTERPRISE)
    answer_what_is_known(meridian)
    decide_all(meridian, david)
    press_close(meridian, david)
    now_decided = after_the_decisions(of_team(ENTERPRISE))
    card = read(meridian.said(ENTERPRISE)[-1].blocks)
    assert_closing_card(card, now_decided)
    assert_rows(meridian.database, now_decided)
    assert_nothing_is_undone(meridian)


def start(meridian: Meridian, manager: str) -> None:
    """`/pipeline-review` in the team's channel, with the deals that are picked."""
    acting = meridian.person(manager)
    assert acting.command(channel_id(managers()[manager]), "/pipeline-review")["ok"]
    modal = acting.modal
    assert modal is not None
    picked = next(block for block in modal.blocks if block["block_id"] == "picked")
    options = [option["text"]["text"] for option in picked["element"]["initial_options"]]
    assert [option.split(" · ")[0] for option in options] == best(of_team(manager), 7)
    assert acting.submit()["ok"]
    meridian.deliver()
    assert len(meridian.said(manager)) == 8


def card_of(meridian: Meridian, manager: str, deal: str) -> SeenMessage:
    said = meridian.said(manager)
    return next(one for one in said if one.fallback.startswith(deal))


def answer_what_is_known(meridian: Meridian) -> None:
    terms = {"terms": "Payment in 60 days", "approver": "Dana Ellis", "approver.title": "CFO"}
    proposal = {
        "review_meeting": "booked",
        "review_meeting.on": "2026-03-20",
        "objection": "They have just renewed with the incumbent",
        "reply": "We run beside it until the term is over",
    }
    answer(meridian, "Sarah Chen", "Stratford Dynamics", terms)
    answer(meridian, "James Okafor", "Lakewood Systems", terms)
    answer(meridian, "Priya Patel", "Blackwood Analytics", proposal)


def answer(meridian: Meridian, rep: str, deal: str, given: dict[str, str]) -> None:
    acting = meridian.person(rep)
    assert acting.click(card_of(meridian, ENTERPRISE, deal), "Answer")["ok"]
    assert acting.submit(given) == {"ok": True}
    meridian.deliver()
    asked = 2 if "terms" in given else 3
    assert f"Evidence {asked} of {asked} proved" in card_of(meridian, ENTERPRISE, deal).text


# kind, the rest of the form; what it makes of the deal in the files' words
DECISIONS: dict[str, tuple[str, dict[str, str], dict[str, Any]]] = {
    "Sienna Health Systems": (
        "re_date",
        {"close_on": "2026-04-20", "reason": "Their board meets in April"},
        {"close": date(2026, 4, 20)},
    ),
    "Everett Solutions": (
        "demote",
        {"to_stage": "Discovery", "reason": "No meeting is booked"},
        {"stage": "Discovery"},
    ),
    "Stratford Dynamics": ("advance", {}, {"stage": "Closed Won", "close": TODAY}),
    "Sunridge Systems": (
        "remove",
        {"removal": "lost", "reason": "They chose to build it"},
        {"stage": "Closed Lost"},
    ),
    "Blackwood Analytics": ("advance", {}, {"stage": "Negotiation"}),
    "Torchlight Capital": (
        "demote",
        {"to_stage": "Prospecting", "reason": "Nobody there has a budget"},
        {"stage": "Prospecting"},
    ),
    "Lakewood Systems": ("hold", {"reason": "Legal needs another week"}, {}),
}
WITHOUT_NEXT = ("Stratford Dynamics", "Sunridge Systems")


def decide_all(meridian: Meridian, acting: ActingPerson) -> None:
    """Each deal its decision; to close before the last one is refused."""
    for deal, (kind, fields, _made) in DECISIONS.items():
        if deal == list(DECISIONS)[-1]:
            press_close(meridian, acting)
            refused = acting.ephemerals(channel_id("Enterprise"))[-1].text
            assert refused == f"One deal has no decision yet: {deal}."
        decide(meridian, acting, deal, kind, fields)


def decide(
    meridian: Meridian, acting: ActingPerson, deal: str, kind: str, fields: dict[str, str]
) -> None:
    manager = ENTERPRISE if acting.id == slack_id(ENTERPRISE) else SMB
    next_ = {} if deal in WITHOUT_NEXT else {"next_text": f"Call the buyer of {deal}"}
    assert acting.click(card_of(meridian, manager, deal), "Decide")["ok"]
    modal = acting.modal
    assert modal is not None
    assert acting.click(modal, Id.CHOOSE_DECISION, kind)["ok"]
    assert acting.submit({"decision": kind, **fields, **next_}) == {"ok": True}
    meridian.later(minutes=2)
    meridian.deliver()


def press_close(meridian: Meridian, acting: ActingPerson) -> None:
    manager = ENTERPRISE if acting.id == slack_id(ENTERPRISE) else SMB
    parent = next(one for one in meridian.said(manager) if "Close review" in one.buttons)
    assert acting.click(parent, "Close review")["ok"]
    meridian.deliver()


def after_the_decisions(found: Iterable[CrmDeal]) -> list[CrmDeal]:
    """The files' deals as the decisions have left them."""
    made = {name: made for name, (_kind, _fields, made) in DECISIONS.items()}
    return [replace(deal, **made.get(deal.name, {})) for deal in found]


def assert_closing_card(card: str, found: list[CrmDeal]) -> None:
    """Product.md: coverage in three forms, what is missing to 3×, and the gap of the month."""
    quota = sum(rep.quota for rep in reps() if rep.manager == ENTERPRISE)
    remaining = quota - closing(found, QUARTER, stage="Closed Won")
    pipeline = closing(found, QUARTER)
    proved = sum(deal.amount for deal in found if deal.name == "Lakewood Systems")
    target = Fraction(quota, 3)
    shown = Fraction(round(target * 100), 100)  # money is in whole cents
    won = closing(found, MARCH, stage="Closed Won")
    lines = card.splitlines()
    assert lines[0] == (
        "Review closed · decided — 2 advanced, 2 demoted, 1 removed, 1 re-dated, 1 held"
    )
    assert lines[1] == "Deal | Decision | Next action | Owner | Due"
    assert [line.split(" | ")[0] for line in lines[2:9]] == list(DECISIONS)
    assert lines[2].startswith("Sienna Health Systems | Re-dated to Mon 20 Apr | Call the buyer")
    assert (
        f"Coverage {times(Fraction(pipeline, remaining))} of remaining quota "
        f"(3× asked; {dollars(Fraction(3 * remaining - pipeline))} missing) · "
        f"{times(Fraction(pipeline, quota))} of full quota · "
        f"{times(Fraction(proved, remaining))} evidenced"
    ) in lines
    closes, needed = Fraction(closing(found, MARCH)), 3 * (target - won)
    assert (
        f"March: won {dollars(Fraction(won))} of {dollars(shown)}"
        f" ({dollars(shown - won)} missing), qualified closing this month"
        f" {dollars(closes)} of {dollars(needed)} needed ({dollars(needed - closes)} missing)"
    ) in lines


def assert_rows(database: Database, found: list[CrmDeal]) -> None:
    with database.transaction(WORKSPACE) as session:
        review = session.scalars(select(Review)).one()
        assert (review.kind, review.state, review.grade) == ("ad_hoc", "closed", "decided")
        figures = review.figures["closing"]["coverage"]
        assert figures["pipeline_minor"] == closing(found, QUARTER) * 100
        assert figures["won_minor"] == closing(found, QUARTER, stage="Closed Won") * 100
        decided = session.execute(
            select(Deal.name, Decision.kind)
            .join(Deal, Deal.id == Decision.deal_id)
            .where(Decision.is_current)
            .order_by(Decision.id)
        )
        kinds = {deal: kind for deal, (kind, _fields, _made) in DECISIONS.items()}
        assert [(deal, str(kind)) for deal, kind in decided] == [*kinds.items()]
        stages = select(Deal.name, Stage.name).join(Stage, Stage.id == Deal.stage_id)
        now_at = dict(session.execute(stages).all())
        assert {deal.name: now_at[deal.name] for deal in found} == {
            deal.name: deal.stage for deal in found
        }
        due = set(session.scalars(select(NextAction.text)))
        assert due == {f"Call the buyer of {deal}" for deal in kinds if deal not in WITHOUT_NEXT}
        assert set(session.scalars(select(Delivery.state))) == {DeliveryState.POSTED}


def assert_nothing_is_undone(meridian: Meridian) -> None:
    """The CRM repeats what it said: the decisions stand."""
    import_again(meridian)
    with meridian.database.transaction(WORKSPACE) as session:
        imports = session.scalars(select(Import).order_by(Import.id)).all()
        assert [(one.added, one.changed, one.unchanged) for one in imports] == [
            (75, 0, 0),
            (0, 0, 75),
        ]


# --- a team of two


def test_a_review_of_a_small_team_keeps_its_coverage_private(meridian: Meridian) -> None:
    """Fewer than three reps: no figures in the channel, and all deals held is below standard."""
    carlos = meridian.person(SMB)
    start(meridian, SMB)
    for deal in best(of_team(SMB), 7):
        decide(meridian, carlos, deal, "hold", {"reason": "Nothing has changed since Friday"})
    press_close(meridian, carlos)
    card = read(meridian.said(SMB)[-1].blocks)
    assert card.startswith("Review closed · below standard — 7 held")
    assert "coverage of a small team stays private" in card
    assert "quota" not in card
    with meridian.database.transaction(WORKSPACE) as session:
        team = session.scalars(select(Team).where(Team.name == "SMB")).one()
        review = session.scalars(select(Review)).one()
        assert (review.team_id, review.grade) == (team.id, "below_standard")
        figures = review.figures["closing"]["coverage"]
        assert figures["pipeline_minor"] == closing(of_team(SMB), QUARTER) * 100
