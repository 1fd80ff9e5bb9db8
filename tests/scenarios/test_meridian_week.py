"""A real export through a whole week: the pick, the cards, deciding, and the CRM's next words."""

import csv
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.scheduler import run_due
from models.agenda import PROMPTS
from models.deals import Deal, not_in_crm, stages
from models.delivery import Delivery, DeliveryState, Kind
from models.people import Team, get_person
from models.pipeline_review import (
    Decision,
    DecisionInput,
    DecisionKind,
    Pick,
    Removal,
    Review,
    ReviewState,
    close_review,
    deals_of,
    record_decision,
    review_deals,
    versions,
)
from models.put_right import PutRight
from models.screens import DecideForm, decide_form
from tests.scenarios.meridian import EXPORT, WORKSPACE, Meridian

pytestmark = pytest.mark.exports

FIRST_DAY = datetime(2026, 3, 23, 4, 30, tzinfo=UTC)  # Monday, half past midnight in New York
CARDS = datetime(2026, 3, 24, 19, 0, tzinfo=UTC)  # Tuesday, 15:00 in New York
DECIDING = datetime(2026, 3, 25, 14, 0, tzinfo=UTC)
FRIDAY = datetime(2026, 3, 27, 20, 0, tzinfo=UTC)


def until(meridian: Meridian, moment: datetime) -> None:
    """Time goes on to that moment; what comes due is carried out and posted."""
    meridian.server.clock.advance_to(moment)
    run_due(meridian.database, PROMPTS, meridian.server.clock.now)
    meridian.deliver()


@pytest.mark.parametrize("kind", ["sqlite"])  # what it does is tried on both, rule by rule
def test_a_week_of_a_real_pipeline(meridian: Meridian) -> None:
    meridian.server.clock.advance_to(FIRST_DAY)
    run_due(meridian.database, PROMPTS, meridian.server.clock.now)  # the week is set from now on
    until(meridian, CARDS - timedelta(hours=1))
    until(meridian, CARDS)
    with meridian.database.transaction(WORKSPACE) as session:
        reviews = session.scalars(select(Review)).all()
        assert len(reviews) == len(session.scalars(select(Team)).all()) == 3
        for pick in session.scalars(select(Pick)):
            [version] = versions(session, pick.id)
            taken = [one.deal_id for one in review_deals(session, pick.review_id or 0)]
            assert taken == [one.deal_id for one in deals_of(session, version.id)]
            assert 5 <= len(taken) <= 10
    until(meridian, DECIDING)
    with meridian.database.transaction(WORKSPACE) as session:
        for review in session.scalars(select(Review)).all():
            decide_all(session, review, Random(review.team_id))
    meridian.deliver()
    with meridian.database.transaction(WORKSPACE) as session:
        ended = {(review.state, review.grade) for review in session.scalars(select(Review))}
        assert {state for state, _grade in ended} == {ReviewState.CLOSED}
        assert set(session.scalars(select(Delivery.state))) <= {
            DeliveryState.POSTED, DeliveryState.DROPPED, DeliveryState.OWED,
        }  # fmt: skip

    stood = standing(meridian)
    said = meridian.command("import", str(EXPORT))
    assert "  0 new\n  0 changed\n  75 unchanged" in said
    assert standing(meridian) == stood  # the CRM repeats itself: no decision is undone

    until(meridian, FRIDAY)
    with meridian.database.transaction(WORKSPACE) as session:
        waiting = {deal.id for deal in session.scalars(select(Deal)) if not_in_crm(deal)}
        asked = {int(one) for each in session.scalars(select(PutRight)) for one in each.asked}
        assert waiting
        assert waiting <= asked
        sent = select(Delivery.person_id).where(Delivery.kind == Kind.PUT_RIGHT)
        owners = {session.get_one(Deal, deal_id).owner_id for deal_id in asked}
        assert set(session.scalars(sent)) == owners
    the_crm_moves(meridian)


def decide_all(session: Session, review: Review, chance: Random) -> None:
    """The team's manager decides every deal as chance has it, within the rules, and closes."""
    boss = get_person(session, session.get_one(Team, review.team_id).manager_id or 0)
    for entry in review_deals(session, review.id):
        form = decide_form(session, boss, entry.id, DECIDING)
        choice = chosen(form, chance)
        record_decision(session, boss, entry.id, choice, DECIDING, replacing=None, seen=form.seen)
    close_review(session, boss, review.id, DECIDING + timedelta(minutes=20))


def chosen(form: DecideForm, chance: Random) -> DecisionInput:
    kinds = [DecisionKind.HOLD, DecisionKind.RE_DATE, DecisionKind.REMOVE]
    kinds += [DecisionKind.DEMOTE] * bool(form.demote_to)
    kinds += [DecisionKind.ADVANCE] * form.advance.possible
    to_stage = chance.choice(form.demote_to).id if form.demote_to else None
    days = timedelta(days=chance.randrange(7, 90))
    later = max(form.deal.close_on or form.today, form.today)
    return DecisionInput(
        chance.choice(kinds),
        reason="Their board meets in April",
        stage_id=to_stage,
        close_on=later + days,
        removal=chance.choice(list(Removal)),
        next_text=f"Ask the buyer of {form.deal.name} for the date",
        next_owner_id=form.next_owner.id,
        next_due_on=form.next_due,
    )


def standing(meridian: Meridian) -> list[tuple[object, ...]]:
    with meridian.database.transaction(WORKSPACE) as session:
        found = session.scalars(select(Deal).order_by(Deal.id))
        return [(deal.id, deal.stage_id, deal.close_on, deal.closed_on) for deal in found]


def the_crm_moves(meridian: Meridian) -> None:
    """Of the deals whose stage was decided, one half is as decided in the next export, the other
    goes where neither the CRM nor the decision had it: the CRM's new word wins."""
    with meridian.database.transaction(WORKSPACE) as session:
        names = {stage.id: stage.name for stage in stages(session)}
        moved = [
            session.get_one(Deal, one.deal_id)
            for one in session.scalars(select(Decision).order_by(Decision.id))
            if one.after_stage_id != one.crm_stage_id
        ]
        follow, contradict = moved[::2], moved[1::2]
        said = {deal.external_id: names[deal.stage_id] for deal in follow}
        for deal in contradict:
            taken = {names[deal.stage_id], names[deal.crm_stage_id]}
            said[deal.external_id] = next(
                one for one in ("Discovery", "Proposal", "Negotiation") if one not in taken
            )
    assert follow
    assert contradict
    with EXPORT.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    with Path("moved.csv").open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, rows[0].keys())
        writer.writeheader()
        writer.writerows(row | {"stage": said.get(row["deal_id"], row["stage"])} for row in rows)
    meridian.command("import", "moved.csv")
    with meridian.database.transaction(WORKSPACE) as session:
        by_id = {deal.external_id: deal for deal in session.scalars(select(Deal))}
        for external_id, stage in said.items():
            deal = by_id[external_id]
            assert (names[deal.stage_id], deal.stage_id) == (stage, deal.crm_stage_id)
