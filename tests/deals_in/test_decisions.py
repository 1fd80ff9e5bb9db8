"""The CRM's word beside ours: repeating it undoes no decision, changing it wins and is shown."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from models.base import Database
from models.deals import not_in_crm
from models.delivery import Delivery, Kind
from models.people import get_person, team
from models.pipeline_review import (
    DecisionInput,
    DecisionKind,
    ReviewKind,
    record_decision,
    review_deals,
    start_review,
)
from tests.deals_in.files import HEADER, NEXUS, ORBIT, as_csv, deals, history, take_in
from tests.world import NOW, World, a_workspace

DECIDED = NOW + timedelta(hours=1)
LATER = NOW + timedelta(days=7)


@pytest.fixture
def world(database: Database) -> World:
    """A review is open: Nexus was demoted to Discovery, Orbit re-dated to 29 January."""
    made = a_workspace(database)
    take_in(database, made, as_csv([NEXUS, ORBIT]))
    found = deals(database, made)
    with database.transaction(made.workspace_id) as session:
        boss = get_person(session, made.max)
        review = start_review(
            session,
            boss,
            team(session, made.team),
            [found["D1"].id, found["D2"].id],
            NOW,
            kind=ReviewKind.AD_HOC,
            decide_from=NOW,
        )
        nexus, orbit = review_deals(session, review.id)
        record_decision(session, boss, nexus.id, _demotion(made), DECIDED, replacing=None)
        record_decision(session, boss, orbit.id, _re_dating(made), DECIDED, replacing=None)
    return made


def _demotion(world: World) -> DecisionInput:
    return DecisionInput(
        kind=DecisionKind.DEMOTE,
        reason="nobody has met the buyer",
        stage_id=world.stages["Discovery"],
        next_text="Meet the finance director",
        next_owner_id=world.ana,
        next_due_on=DECIDED.date() + timedelta(days=3),
    )


def _re_dating(world: World) -> DecisionInput:
    return DecisionInput(
        kind=DecisionKind.RE_DATE,
        reason="their board meets in January",
        close_on=date(2027, 1, 29),
        next_text="Ask who signs for the board",
        next_owner_id=world.ben,
        next_due_on=DECIDED.date() + timedelta(days=3),
    )


def test_a_file_that_repeats_the_crms_earlier_word_undoes_nothing(
    database: Database, world: World
) -> None:
    before = history(database, world)
    said = take_in(database, world, as_csv([NEXUS, ORBIT]), LATER)
    nexus, orbit = deals(database, world)["D1"], deals(database, world)["D2"]
    assert nexus.stage_id == world.stages["Discovery"]
    assert orbit.close_on == date(2027, 1, 29)
    assert not_in_crm(nexus)
    assert not_in_crm(orbit)
    assert history(database, world) == before
    assert (
        "2 decisions stand and are not in the CRM yet:\n"
        "  “Nexus Corp” (D1): Discovery here, Proposal in the CRM\n"
        "  “Orbit Ltd” (D2): Fri 29 Jan 2027 here, Fri 15 Jan 2027 in the CRM" in said.text
    )


def test_a_file_that_follows_a_decision_confirms_it(database: Database, world: World) -> None:
    before = history(database, world)
    followed = NEXUS.replace("Proposal", "Discovery")
    said = take_in(database, world, as_csv([followed, ORBIT]), LATER)
    nexus = deals(database, world)["D1"]
    assert not not_in_crm(nexus)
    assert nexus.stage_entered_at == DECIDED
    assert history(database, world) == before
    assert "1 decision is in the CRM now:\n  “Nexus Corp” (D1): Discovery" in said.text
    assert "  1 changed\n  1 unchanged" in said.text


def test_a_file_that_says_something_new_wins_and_is_shown(database: Database, world: World) -> None:
    moved = NEXUS.replace("Proposal", "Negotiation")
    dated = ORBIT.replace("2027-01-15", "2027-02-26")
    said = take_in(database, world, as_csv([moved, dated]), LATER)
    nexus, orbit = deals(database, world)["D1"], deals(database, world)["D2"]
    assert nexus.stage_id == nexus.crm_stage_id == world.stages["Negotiation"]
    assert orbit.close_on == orbit.crm_close_on == date(2027, 2, 26)
    assert history(database, world)[-2:] == [
        ("stage", str(world.stages["Discovery"]), str(world.stages["Negotiation"]), True),
        ("close", "2027-01-29", "2027-02-26", True),
    ]
    assert (
        "2 decisions fall: the CRM says something new:\n"
        "  “Nexus Corp” (D1): Discovery here, Negotiation in the CRM\n"
        "  “Orbit Ltd” (D2): Fri 29 Jan 2027 here, Fri 26 Feb 2027 in the CRM" in said.text
    )


def test_since_when_is_ours_to_say_after_a_decision(database: Database, world: World) -> None:
    """The CRM caught up two days later; what was proved meanwhile must not become stale."""
    header = f"{HEADER},stage_since"
    followed = NEXUS.replace("Proposal", "Discovery") + ",2026-11-27"
    take_in(database, world, as_csv([followed, f"{ORBIT},2026-11-20"], header), LATER)
    take_in(database, world, as_csv([followed, f"{ORBIT},2026-11-20"], header), LATER)
    found = deals(database, world)
    assert found["D1"].stage_entered_at == DECIDED
    assert found["D2"].stage_entered_at.date() == date(2026, 11, 20)


def test_cards_of_an_open_review_are_owed_an_update(database: Database, world: World) -> None:
    def revisions() -> dict[Kind, list[int]]:
        with database.transaction(world.workspace_id) as session:
            rows = session.scalars(select(Delivery).order_by(Delivery.id)).all()
            return {kind: [r.revision for r in rows if r.kind is kind] for kind in Kind}

    before = revisions()
    take_in(database, world, as_csv([NEXUS.replace("180000", "150000"), ORBIT]), LATER)
    after = revisions()
    assert after[Kind.REVIEW_PARENT] == [before[Kind.REVIEW_PARENT][0] + 1]
    assert after[Kind.REVIEW_CARD][0] == before[Kind.REVIEW_CARD][0] + 1
    assert after[Kind.REVIEW_CARD][1] == before[Kind.REVIEW_CARD][1]
