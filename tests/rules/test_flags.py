"""Flags: each raised on its day and not the day before."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from models.deals import Deal, Field, set_close_on, set_stage
from models.flags import Flag, FlagCode, flags
from models.next_actions import set_next_action
from models.people import standards
from models.standards import Standards
from tests.world import (
    NOW,
    TODAY,
    World,
    a_change,
    a_deal,
    a_rep,
    a_team,
    an_import,
    stage_named,
)


def flags_of(
    session: Session, deal: Deal, now: datetime = NOW
) -> dict[FlagCode, dict[str, object]]:
    found = flags(session, [deal], now, TODAY, standards(session))[deal.id]
    order = list(FlagCode)
    assert found == sorted(found, key=lambda flag: order.index(flag.code))
    assert len({flag.code for flag in found}) == len(found)
    return {flag.code: dict(flag.facts) for flag in found}


def with_action(session: Session, deal: Deal, due_on: date = TODAY) -> Deal:
    set_next_action(session, deal.id, "Book the CFO", deal.owner_id, due_on, deal.owner_id, NOW)
    return deal


def test_a_deal_in_order_has_no_flag(session: Session, world: World) -> None:
    assert flags_of(session, with_action(session, a_deal(session, world.ana))) == {}


@pytest.mark.parametrize(("days", "expected"), [(-1, None), (0, None), (1, 1), (90, 90)])
def test_close_date_past(session: Session, world: World, days: int, expected: int | None) -> None:
    deal = a_deal(session, world.ana, close_on=TODAY - timedelta(days=days))
    found = flags_of(session, deal).get(FlagCode.CLOSE_PAST)
    assert found == (None if expected is None else {"days": expected})


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        (["2026-12-01"], None),  # never moved
        (["2026-12-01", "2026-12-20", "2027-01-04"], {"times": 2, "days": 34}),
        (["2026-12-20", "2026-12-01"], None),  # pulled forward
        (["2026-12-01", "2062-12-01", "2026-12-01"], None),  # a slip put right
        (["2026-12-01", "2026-12-20", "2026-12-10"], {"times": 1, "days": 9}),
        (["2026-12-01", "", "2026-12-20"], {"times": 1, "days": 19}),  # emptied between
        (["", "2026-12-20"], None),  # its first date
        (["", "2026-12-20", "2026-12-21"], {"times": 1, "days": 1}),
        (["2026-12-01", "2026-12-20", ""], None),  # no date now: that is another flag
        (["2026-12-20", "2026-12-01", "2026-12-24"], {"times": 1, "days": 4}),
    ],
)
def test_close_date_pushed(
    session: Session, world: World, dates: list[str], expected: dict[str, int] | None
) -> None:
    days = [date.fromisoformat(day) if day else None for day in dates]
    deal = a_deal(session, world.ana, close_on=days[0])
    taken = an_import(session).id
    for number, day in enumerate(days[1:]):
        set_close_on(session, deal, day, NOW + timedelta(hours=number), import_id=taken)
    assert flags_of(session, deal).get(FlagCode.CLOSE_PUSHED) == expected


@pytest.mark.parametrize(
    ("days", "expected"), [(None, None), (-1, None), (13, None), (14, 14), (60, 60)]
)
def test_no_activity(
    session: Session, world: World, days: int | None, expected: int | None
) -> None:
    last = None if days is None else TODAY - timedelta(days=days)
    deal = a_deal(session, world.ana, last_activity_on=last)
    found = flags_of(session, deal).get(FlagCode.QUIET)
    assert found == (None if expected is None else {"days": expected})


@pytest.mark.parametrize(
    ("stage", "limit"),
    [("Qualified", 21), ("Discovery", 30), ("Proposal", 21), ("Negotiation", 14)],
)
@pytest.mark.parametrize("beyond", [0, 1, 40])
def test_age_in_stage(session: Session, world: World, stage: str, limit: int, beyond: int) -> None:
    entered = NOW - timedelta(days=limit + beyond)
    deal = a_deal(session, world.ana, stage, entered_at=entered)
    found = flags_of(session, deal).get(FlagCode.TOO_OLD)
    assert found == (None if beyond == 0 else {"days": limit + beyond, "limit": limit})


def test_a_stage_without_a_limit_is_never_too_old(session: Session, world: World) -> None:
    deal = a_deal(session, world.ana, "Prospecting", entered_at=NOW - timedelta(days=900))
    assert FlagCode.TOO_OLD not in flags_of(session, deal)


@pytest.mark.parametrize(
    ("zone", "expected"), [("America/New_York", None), ("Asia/Tokyo", 15), ("UTC", 15)]
)
def test_ages_are_whole_local_days(
    session: Session, world: World, zone: str, expected: int | None
) -> None:
    """Entered on the 10th everywhere; now it is the 25th, but in New York still the 24th."""
    team = a_team(session, "East", zone=zone)
    eli = a_rep(session, team, "U0ELI", "Eli")
    entered = datetime(2026, 11, 10, 14, 30, tzinfo=UTC)
    deal = a_deal(session, eli.id, "Negotiation", entered_at=entered)
    found = flags_of(session, deal, datetime(2026, 11, 25, 2, 0, tzinfo=UTC))
    facts = found.get(FlagCode.TOO_OLD)
    assert facts == (None if expected is None else {"days": expected, "limit": 14})


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (None, {FlagCode.NO_NEXT_ACTION: {}}),
        (0, {}),
        (5, {}),
        (-1, {FlagCode.NEXT_ACTION_OVERDUE: {"days": 1}}),
        (-20, {FlagCode.NEXT_ACTION_OVERDUE: {"days": 20}}),
    ],
)
def test_next_action(
    session: Session,
    world: World,
    days: int | None,
    expected: dict[FlagCode, dict[str, object]],
) -> None:
    deal = a_deal(session, world.ana)
    if days is not None:
        with_action(session, deal, TODAY + timedelta(days=days))
    assert flags_of(session, deal) == expected


def test_no_amount_and_no_close_date(session: Session, world: World) -> None:
    deal = with_action(session, a_deal(session, world.ana, amount_minor=None, close_on=None))
    assert flags_of(session, deal) == {FlagCode.NO_AMOUNT: {}, FlagCode.NO_CLOSE: {}}
    free = with_action(session, a_deal(session, world.ana, amount_minor=0))
    assert flags_of(session, free) == {}


def test_decided_here_and_not_yet_in_the_crm(session: Session, world: World) -> None:
    deal = with_action(session, a_deal(session, world.ana, "Proposal", close_on=None))
    deal.crm_close_on = date(2026, 12, 1)
    found = flags_of(session, deal)
    assert found[FlagCode.NOT_IN_CRM] == {"close_on": "2026-12-01"}
    deal.close_on, deal.crm_close_on = date(2026, 12, 24), None
    assert flags_of(session, deal)[FlagCode.NOT_IN_CRM] == {"close_on": ""}
    set_stage(session, deal, stage_named(session, "Discovery"), NOW, decision_id=1)
    assert flags_of(session, deal)[FlagCode.NOT_IN_CRM] == {
        "stage_id": world.stages["Proposal"],
        "close_on": "",
    }


@pytest.mark.parametrize("stage", ["Closed Won", "Closed Lost"])
def test_a_closed_deal_is_asked_for_nothing_but_the_crm(
    session: Session, world: World, stage: str
) -> None:
    deal = a_deal(
        session,
        world.ana,
        stage,
        amount_minor=None,
        close_on=date(2026, 1, 1),
        entered_at=NOW - timedelta(days=300),
        last_activity_on=date(2026, 1, 1),
    )
    assert flags_of(session, deal) == {}
    deal.crm_stage_id = world.stages["Negotiation"]
    assert flags_of(session, deal) == {
        FlagCode.NOT_IN_CRM: {"stage_id": world.stages["Negotiation"]}
    }


def test_thresholds_are_the_workspaces(session: Session, world: World) -> None:
    deal = a_deal(session, world.ana, last_activity_on=TODAY - timedelta(days=3))
    found = flags(session, [deal], NOW, TODAY, Standards(quiet_days=3))[deal.id]
    assert Flag(FlagCode.QUIET, {"days": 3}) in found


def test_each_deal_has_its_own(session: Session, world: World) -> None:
    late = with_action(session, a_deal(session, world.ana, close_on=TODAY - timedelta(days=2)))
    fine = with_action(session, a_deal(session, world.ben))
    a_change(session, fine, Field.OWNER, str(world.ana), str(world.ben))
    found = flags(session, [late, fine], NOW, TODAY, Standards())
    assert found == {late.id: [Flag(FlagCode.CLOSE_PAST, {"days": 2})], fine.id: []}
    assert flags(session, [], NOW, TODAY, Standards()) == {}


DAYS = st.dates(date(2026, 1, 1), date(2027, 12, 31))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(dates=st.lists(st.none() | DAYS, min_size=1, max_size=6))
def test_pushes_are_counted_from_the_first_date_to_the_last(
    session: Session, world: World, dates: list[date | None]
) -> None:
    with session.begin_nested() as undone:
        deal = a_deal(session, world.ana, close_on=dates[0])
        taken = an_import(session).id
        for number, day in enumerate(dates[1:]):
            set_close_on(session, deal, day, NOW + timedelta(hours=number), import_id=taken)
        known = [day for day in dates if day is not None]
        found = flags_of(session, deal).get(FlagCode.CLOSE_PUSHED)
        if dates[-1] is None or dates[-1] <= known[0]:
            assert found is None
        else:
            later = sum(1 for a, b in pairwise(known) if b > a)
            assert found == {"times": later, "days": (dates[-1] - known[0]).days}
        undone.rollback()
