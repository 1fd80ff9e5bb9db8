"""Stages, deals and the trail of what changed about them."""

from datetime import UTC, date, datetime, timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models.base import Database
from models.deals import (
    Deal,
    DealChange,
    Field,
    NoStages,
    NotOpen,
    Stage,
    StageKind,
    changes,
    deal_team_id,
    earlier_stages,
    get_deal,
    latest_import,
    local_day,
    locked_deal,
    lost_stage,
    next_stage,
    not_in_crm,
    open_deals,
    seed_stages,
    set_amount,
    set_close_on,
    set_owner,
    set_stage,
    stages,
    won_stage,
)
from models.evidence import seed_questions
from models.people import get_person
from tests.world import NOW, TODAY, World, a_deal, a_person, a_rep, a_team, an_import, stage_named

# --- stages


def test_the_products_stages(session: Session, world: World) -> None:
    assert [(s.name, s.kind, s.qualified, s.age_days) for s in stages(session)] == [
        ("Prospecting", StageKind.OPEN, False, None),
        ("Qualified", StageKind.OPEN, True, 21),
        ("Discovery", StageKind.OPEN, True, 30),
        ("Proposal", StageKind.OPEN, True, 21),
        ("Negotiation", StageKind.OPEN, True, 14),
        ("Closed Won", StageKind.WON, False, None),
        ("Closed Lost", StageKind.LOST, False, None),
    ]


def test_seeding_again_keeps_what_the_workspace_has(session: Session, world: World) -> None:
    proposal = stage_named(session, "Proposal")
    proposal.name, proposal.age_days = "Offer", 40
    session.flush()
    assert [stage.name for stage in seed_stages(session)][3] == "Offer"
    assert session.scalar(select(func.count()).select_from(Stage)) == 7
    assert len(seed_questions(session)) == 12


@pytest.mark.parametrize(
    ("stage", "expected"),
    [
        ("Prospecting", "Qualified"),
        ("Qualified", "Discovery"),
        ("Discovery", "Proposal"),
        ("Proposal", "Negotiation"),
        ("Negotiation", "Closed Won"),
    ],
)
def test_where_an_advance_leads(session: Session, world: World, stage: str, expected: str) -> None:
    assert next_stage(stages(session), stage_named(session, stage)).name == expected


@pytest.mark.parametrize("stage", ["Closed Won", "Closed Lost"])
def test_a_closed_stage_leads_nowhere(session: Session, world: World, stage: str) -> None:
    with pytest.raises(NotOpen) as broken:
        next_stage(stages(session), stage_named(session, stage))
    assert broken.value.stage_id == world.stages[stage]


@pytest.mark.parametrize(
    ("stage", "expected"),
    [
        ("Prospecting", []),
        ("Discovery", ["Prospecting", "Qualified"]),
        ("Negotiation", ["Prospecting", "Qualified", "Discovery", "Proposal"]),
    ],
)
def test_where_a_demotion_may_lead(
    session: Session, world: World, stage: str, expected: list[str]
) -> None:
    found = earlier_stages(stages(session), stage_named(session, stage))
    assert [stage.name for stage in found] == expected


def test_won_and_lost(session: Session, world: World) -> None:
    found = stages(session)
    assert won_stage(found).name == "Closed Won"
    assert lost_stage(found).name == "Closed Lost"
    with pytest.raises(NoStages) as broken:
        won_stage([stage for stage in found if stage.kind is not StageKind.WON])
    assert broken.value.kind is StageKind.WON


# --- finding


def test_open_deals_of_a_team(session: Session, world: World) -> None:
    gone = a_person(session, "U0OLD", "Old", team_id=world.team, active=False)
    mine = [
        a_deal(session, world.ana, "Prospecting"),
        a_deal(session, world.max, "Negotiation"),
        a_deal(session, gone.id, "Proposal"),
    ]
    east = a_team(session, "East")
    theirs = a_deal(session, a_rep(session, east, "U0ELI", "Eli").id)
    a_deal(session, world.ana, "Closed Won", closed_on=TODAY)
    a_deal(session, world.ana, "Closed Lost", closed_on=TODAY)
    a_deal(session, world.lea)
    assert open_deals(session, world.team) == mine
    assert open_deals(session, east.id) == [theirs]


def test_a_deals_team_follows_its_owner(session: Session, world: World) -> None:
    east = a_team(session, "East", zone="Asia/Tokyo")
    eli = a_rep(session, east, "U0ELI", "Eli")
    deal = a_deal(session, world.ana)
    assert deal_team_id(session, deal) == world.team
    assert local_day(session, deal, NOW) == date(2026, 11, 24)
    set_owner(session, deal, eli.id, NOW, import_id=an_import(session).id)
    assert deal_team_id(session, deal) == east.id
    assert local_day(session, deal, NOW) == date(2026, 11, 25)
    set_owner(session, deal, world.lea, NOW, import_id=an_import(session).id)
    assert deal_team_id(session, deal) is None


def test_the_latest_import(session: Session, world: World) -> None:
    assert latest_import(session) is None
    newer = an_import(session, NOW)
    an_import(session, NOW - timedelta(days=3))
    assert latest_import(session) == newer
    again = an_import(session, NOW)
    assert latest_import(session) == again


# --- changing


def test_a_stage_entered(session: Session, world: World) -> None:
    deal = a_deal(session, world.ana, "Proposal", entered_at=NOW - timedelta(days=9))
    change = set_stage(session, deal, stage_named(session, "Discovery"), NOW, decision_id=7)
    assert change is not None
    assert (change.before, change.after) == (
        str(world.stages["Proposal"]),
        str(world.stages["Discovery"]),
    )
    assert (change.field, change.decision_id, change.import_id) == (Field.STAGE, 7, None)
    assert (deal.stage_entered_at, deal.closed_on) == (NOW, None)
    assert deal.crm_stage_id == world.stages["Proposal"]
    assert not_in_crm(deal)


def test_the_stage_it_is_in_is_not_entered_again(session: Session, world: World) -> None:
    entered = NOW - timedelta(days=9)
    deal = a_deal(session, world.ana, "Proposal", entered_at=entered)
    assert set_stage(session, deal, stage_named(session, "Proposal"), NOW, decision_id=7) is None
    assert deal.stage_entered_at == entered
    assert changes(session, [deal.id]) == {deal.id: []}


@pytest.mark.parametrize("stage", ["Closed Won", "Closed Lost"])
def test_a_deal_is_closed_on_the_teams_local_day(
    session: Session, world: World, stage: str
) -> None:
    late = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)  # still the 24th in New York
    deal = a_deal(session, world.ana, "Negotiation")
    set_stage(session, deal, stage_named(session, stage), late, decision_id=7)
    assert deal.closed_on == date(2026, 11, 24)
    back = NOW - timedelta(days=20)
    set_stage(
        session, deal, stage_named(session, "Negotiation"), late, decision_id=8, entered_at=back
    )
    trail = changes(session, [deal.id])[deal.id]
    assert [change.decision_id for change in trail] == [7, 8]
    session.expire(deal)
    again = get_deal(session, deal.id)
    assert (again.closed_on, again.stage_entered_at) == (None, back)


def test_the_crm_may_know_the_day_better(session: Session, world: World) -> None:
    deal = a_deal(session, world.ana, "Negotiation")
    won = stage_named(session, "Closed Won")
    closed = date(2026, 11, 3)
    set_stage(session, deal, won, NOW, import_id=an_import(session).id, closed_on=closed)
    assert deal.closed_on == closed


def test_each_field_leaves_its_trail(session: Session, world: World) -> None:
    deal = a_deal(session, world.ana, amount_minor=None, close_on=date(2026, 12, 1))
    taken = an_import(session).id
    set_amount(session, deal, 50_00, NOW - timedelta(hours=3), import_id=taken)
    set_close_on(session, deal, None, NOW - timedelta(hours=2), import_id=taken)
    set_owner(session, deal, world.ben, NOW - timedelta(hours=1), import_id=taken)
    set_close_on(session, deal, date(2027, 1, 5), NOW, decision_id=1)
    trail = changes(session, [deal.id])[deal.id]
    assert [(c.field, c.before, c.after) for c in trail] == [
        (Field.AMOUNT, None, "5000"),
        (Field.CLOSE, "2026-12-01", None),
        (Field.OWNER, str(world.ana), str(world.ben)),
        (Field.CLOSE, None, "2027-01-05"),
    ]
    assert [c.after for c in changes(session, [deal.id], Field.CLOSE)[deal.id]] == [
        None,
        "2027-01-05",
    ]
    assert (deal.amount_minor, deal.close_on, deal.owner_id) == (
        50_00,
        date(2027, 1, 5),
        world.ben,
    )


def test_the_same_value_is_no_change(session: Session, world: World) -> None:
    deal = a_deal(session, world.ana)
    taken = an_import(session).id
    assert set_amount(session, deal, deal.amount_minor, NOW, import_id=taken) is None
    assert set_close_on(session, deal, deal.close_on, NOW, import_id=taken) is None
    assert set_owner(session, deal, deal.owner_id, NOW, import_id=taken) is None
    assert changes(session, [deal.id])[deal.id] == []


def test_the_trail_of_each_deal_is_its_own(session: Session, world: World) -> None:
    first, second = a_deal(session, world.ana), a_deal(session, world.ana)
    set_amount(session, second, 1, NOW, decision_id=1)
    found = changes(session, [first.id, second.id])
    assert [len(found[deal.id]) for deal in (first, second)] == [0, 1]


def test_a_change_has_exactly_one_source(session: Session, world: World) -> None:
    deal = a_deal(session, world.ana)
    with pytest.raises(ValueError):
        set_amount(session, deal, 1, NOW)
    with pytest.raises(ValueError):
        set_amount(session, deal, 2, NOW, decision_id=1, import_id=an_import(session).id)
    session.add(
        DealChange(deal_id=deal.id, field=Field.AMOUNT, before=None, after="1", changed_at=NOW)
    )
    with pytest.raises(IntegrityError):
        session.flush()


@pytest.mark.parametrize(
    ("ours", "crm", "expected"),
    [
        (date(2026, 12, 1), date(2026, 12, 1), False),
        (date(2026, 12, 1), date(2026, 12, 2), True),
        (None, None, False),
        (None, date(2026, 12, 2), True),
        (date(2026, 12, 1), None, True),
    ],
)
def test_not_in_the_crm(
    session: Session, world: World, ours: date | None, crm: date | None, expected: bool
) -> None:
    deal = a_deal(session, world.ana, close_on=ours)
    deal.crm_close_on = crm
    assert not_in_crm(deal) is expected


def test_a_negative_amount_is_refused_by_the_database(session: Session, world: World) -> None:
    with pytest.raises(IntegrityError):
        a_deal(session, world.ana, amount_minor=-1)


def test_amounts_beyond_32_bits(session: Session, world: World) -> None:
    deal = a_deal(session, world.ana, amount_minor=9_000_000_000_00)
    session.expire(deal)
    assert get_deal(session, deal.id).amount_minor == 9_000_000_000_00


def test_two_at_once_both_count(database: Database, world: World) -> None:
    with database.transaction(world.workspace_id) as session:
        deal_id = a_deal(session, world.ana, amount_minor=0).id
    clicks, ready = 8, Barrier(8)

    def click() -> None:
        ready.wait()
        with database.transaction(world.workspace_id) as session:
            deal = locked_deal(session, deal_id)
            set_amount(session, deal, (deal.amount_minor or 0) + 1, NOW, decision_id=1)

    threads = [Thread(target=click) for _ in range(clicks)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.transaction(world.workspace_id) as session:
        assert get_deal(session, deal_id).amount_minor == clicks
        trail = changes(session, [deal_id])[deal_id]
        assert [change.after for change in trail] == [str(n) for n in range(1, clicks + 1)]


def test_the_lock_brings_fresh_values(database: Database, world: World) -> None:
    with database.transaction(world.workspace_id) as session:
        remembered: Deal = a_deal(session, world.ana, amount_minor=1)
    with database.transaction(world.workspace_id) as session:
        set_amount(session, locked_deal(session, remembered.id), 2, NOW, decision_id=1)
    with database.transaction(world.workspace_id) as session:
        session.add(remembered)
        assert locked_deal(session, remembered.id).amount_minor == 2
        assert get_person(session, remembered.owner_id).name == "Ana"
