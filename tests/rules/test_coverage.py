"""Coverage and the month's gap: which deals count, against what, and the arithmetic."""

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from math import ceil

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete
from sqlalchemy.orm import Session

from models.coverage import (
    Coverage,
    Period,
    month_gap,
    period_of,
    quota_of,
    rep_coverages,
    team_coverage,
)
from models.deals import set_stage
from models.people import Quota, Team, get_person, put_workspace, team
from models.setup import QuotaSaid, put_quotas, take_quota
from models.standards import Standards
from tests.world import (
    NOW,
    QUARTER,
    QUOTA,
    TODAY,
    World,
    a_deal,
    a_quota,
    a_rep,
    a_team,
    prove,
    stage_named,
)

YEAR = (date(2026, 1, 1), date(2026, 12, 31))
NOVEMBER = (date(2026, 11, 1), date(2026, 11, 30))
THIRTEEN_WEEKS = (date(2026, 10, 5), date(2027, 1, 3))


@pytest.fixture
def west(session: Session, world: World) -> Team:
    """The team West; its three reps have a quota of $300,000 each."""
    return team(session, world.team)


def coverage(session: Session, west: Team) -> Coverage:
    return team_coverage(session, west, TODAY, NOW)


def without_quotas(session: Session) -> None:
    session.execute(delete(Quota))


# --- the period and its quota


def test_the_reps_quotas_make_the_teams(session: Session, west: Team) -> None:
    assert period_of(session, west.id, TODAY) == Period(*QUARTER, "quota")
    assert coverage(session, west).quota_minor == 3 * QUOTA


def test_the_teams_own_quota_outranks_its_reps(session: Session, west: Team) -> None:
    a_quota(session, west.id, 2_000_000_00)
    assert coverage(session, west).quota_minor == 2_000_000_00


def test_the_teams_period_outranks_its_reps(session: Session, west: Team) -> None:
    a_quota(session, west.id, 2_000_000_00, YEAR)
    found = coverage(session, west)
    assert (found.period, found.quota_minor) == (Period(*YEAR, "quota"), 2_000_000_00)


def test_the_shortest_period_that_is_no_month(session: Session, world: World, west: Team) -> None:
    without_quotas(session)
    a_quota(session, west.id, 9, YEAR, person_id=world.ana)
    a_quota(session, west.id, 7, QUARTER, person_id=world.ben)
    a_quota(session, west.id, 5, NOVEMBER)
    assert period_of(session, west.id, TODAY) == Period(*QUARTER, "quota")
    assert coverage(session, west).quota_minor == 7


def test_a_team_that_plans_by_the_month(session: Session, west: Team) -> None:
    without_quotas(session)
    a_quota(session, west.id, 5, NOVEMBER)
    assert period_of(session, west.id, TODAY) == Period(*NOVEMBER, "quota")


@pytest.mark.parametrize(
    ("day", "starts_on", "ends_on"),
    [
        (date(2026, 11, 24), date(2026, 10, 1), date(2026, 12, 31)),
        (date(2027, 1, 1), date(2027, 1, 1), date(2027, 3, 31)),
        (date(2027, 3, 31), date(2027, 1, 1), date(2027, 3, 31)),
        (date(2028, 6, 30), date(2028, 4, 1), date(2028, 6, 30)),
    ],
)
def test_without_a_quota_the_calendar_quarter(
    session: Session, west: Team, day: date, starts_on: date, ends_on: date
) -> None:
    without_quotas(session)
    assert period_of(session, west.id, day) == Period(starts_on, ends_on, "quarter")
    found = team_coverage(session, west, day)
    assert (found.quota_minor, found.remaining_minor, found.missing_minor) == (None, None, None)
    assert (found.against_full, found.against_remaining, found.evidenced) == (None, None, None)


def test_a_quota_of_another_period_is_none(session: Session, west: Team) -> None:
    assert team_coverage(session, west, date(2027, 1, 1)).quota_minor is None
    assert quota_of(session, west.id, *NOVEMBER) is None


def test_a_reps_quota_goes_where_the_rep_goes(session: Session, world: World, west: Team) -> None:
    east = a_team(session, "East")
    marcus = a_rep(session, west, "U0MARCUS", "Marcus", 850_000_00)
    assert quota_of(session, west.id, *QUARTER) == 3 * QUOTA + 850_000_00
    assert quota_of(session, east.id, *QUARTER) is None
    marcus.team_id = east.id
    session.flush()
    assert quota_of(session, west.id, *QUARTER) == 3 * QUOTA
    assert team_coverage(session, east, TODAY, NOW).quota_minor == 850_000_00
    assert rep_coverages(session, east, [marcus], TODAY, NOW)[0].current.quota_minor == 850_000_00
    put_quotas(session, east.id, [QuotaSaid(marcus.id, *QUARTER, 900_000_00)])
    assert quota_of(session, east.id, *QUARTER) == 900_000_00
    marcus.team_id = west.id
    session.flush()
    assert quota_of(session, west.id, *QUARTER) == 3 * QUOTA + 900_000_00


def test_the_quota_of_who_is_taken_out_counts_no_more(
    session: Session, world: World, west: Team
) -> None:
    get_person(session, world.ana).active = False
    session.flush()
    assert coverage(session, west).quota_minor == 2 * QUOTA
    get_person(session, world.ana).active = True
    session.flush()
    assert coverage(session, west).quota_minor == 3 * QUOTA


def test_a_quota_in_another_currency_stays_behind(
    session: Session, world: World, west: Team
) -> None:
    east = a_team(session, "East")
    east.currency = "EUR"
    get_person(session, world.ana).team_id = east.id
    session.flush()
    assert quota_of(session, east.id, *QUARTER) is None
    take_quota(session, east.id, QuotaSaid(world.ana, *QUARTER, 0))
    get_person(session, world.ana).team_id = west.id
    session.flush()
    assert quota_of(session, west.id, *QUARTER) == 3 * QUOTA


# --- which deals count


@pytest.mark.parametrize(
    ("stage", "close_on", "is_counted"),
    [
        ("Prospecting", date(2026, 12, 1), False),
        ("Qualified", date(2026, 12, 1), True),
        ("Discovery", date(2026, 12, 1), True),
        ("Proposal", date(2026, 12, 1), True),
        ("Negotiation", date(2026, 12, 1), True),
        ("Closed Won", date(2026, 12, 1), False),
        ("Closed Lost", date(2026, 12, 1), False),
        ("Proposal", date(2026, 9, 30), False),
        ("Proposal", date(2026, 10, 1), True),  # past, and still open
        ("Proposal", date(2026, 12, 31), True),
        ("Proposal", date(2027, 1, 1), False),
        ("Proposal", None, False),
    ],
)
def test_open_qualified_and_closing_in_the_period(
    session: Session, world: World, west: Team, stage: str, close_on: date | None, is_counted: bool
) -> None:
    a_deal(session, world.ana, stage, close_on=close_on, amount_minor=90_000_00)
    found = coverage(session, west)
    assert found.pipeline_minor == (90_000_00 if is_counted else 0)
    assert found.counted == int(is_counted)


def test_the_teams_deals_alone(session: Session, world: World, west: Team) -> None:
    east = a_team(session, "East")
    a_deal(session, a_rep(session, east, "U0ELI", "Eli").id, amount_minor=1)
    a_deal(session, world.lea, amount_minor=10)
    a_deal(session, world.max, amount_minor=100)
    a_deal(session, world.ben, amount_minor=1_000)
    get_person(session, world.ben).active = False
    session.flush()
    assert coverage(session, west).pipeline_minor == 1_100


def test_deals_that_cannot_be_added_are_counted_apart(
    session: Session, world: World, west: Team
) -> None:
    a_deal(session, world.ana, amount_minor=5)
    a_deal(session, world.ana, amount_minor=None)
    a_deal(session, world.ana, amount_minor=None, stage="Prospecting")
    a_deal(session, world.ana, amount_minor=7, currency="EUR")
    a_deal(session, world.ana, "Closed Won", amount_minor=9, currency="EUR", closed_on=TODAY)
    found = coverage(session, west)
    assert (found.pipeline_minor, found.won_minor) == (5, 0)
    assert (found.counted, found.without_amount, found.other_currency) == (1, 1, 1)


@pytest.mark.parametrize(
    ("stage", "closed_on", "is_won"),
    [
        ("Closed Won", date(2026, 10, 1), True),
        ("Closed Won", date(2026, 12, 31), True),
        ("Closed Won", date(2026, 9, 30), False),
        ("Closed Won", None, False),
        ("Closed Lost", date(2026, 11, 1), False),
    ],
)
def test_won_in_the_period(
    session: Session, world: World, west: Team, stage: str, closed_on: date | None, is_won: bool
) -> None:
    a_deal(session, world.ana, stage, closed_on=closed_on, amount_minor=80_000_00)
    found = coverage(session, west)
    assert found.won_minor == (80_000_00 if is_won else 0)
    assert found.remaining_minor == 3 * QUOTA - found.won_minor


def test_evidenced_is_fully_proved_at_the_stage_now(
    session: Session, world: World, west: Team
) -> None:
    proved = a_deal(session, world.ana, "Proposal", amount_minor=400_000_00)
    prove(session, proved)
    prove(session, a_deal(session, world.ana, "Proposal"), all_but=["reply"])
    old = a_deal(session, world.ana, "Proposal", entered_at=NOW - timedelta(days=50))
    prove(session, old, NOW - timedelta(days=20))
    a_deal(session, world.ana, "Negotiation")
    found = coverage(session, west)
    assert found.evidenced_minor == 400_000_00
    assert found.evidenced == pytest.approx(400_000_00 / (3 * QUOTA))
    set_stage(session, proved, stage_named(session, "Negotiation"), NOW, decision_id=1)
    assert coverage(session, west).evidenced_minor == 0


def test_a_qualified_stage_that_asks_nothing_gives_no_evidence(
    session: Session, world: World, west: Team
) -> None:
    stage_named(session, "Prospecting").qualified = True
    a_deal(session, world.ana, "Prospecting", amount_minor=5)
    found = coverage(session, west)
    assert (found.pipeline_minor, found.evidenced_minor) == (5, 0)


def test_without_the_moment_evidence_counts_as_when_the_day_began(
    session: Session, world: World, west: Team
) -> None:
    deal = a_deal(session, world.ana, "Proposal", entered_at=NOW - timedelta(days=50))
    midnight = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)
    prove(session, deal, midnight - timedelta(days=14))
    assert team_coverage(session, west, TODAY).evidenced_minor == 100_000_00
    assert coverage(session, west).evidenced_minor == 0


# --- the arithmetic


def test_the_worked_example(session: Session, world: World, west: Team) -> None:
    """$900,000 quota, $300,000 won, $1,260,000 open: 1.4× of full, 2.1× of remaining quota."""
    a_deal(session, world.ana, "Closed Won", amount_minor=300_000_00, closed_on=TODAY)
    a_deal(session, world.ben, "Proposal", amount_minor=1_260_000_00)
    found = coverage(session, west)
    assert found.against_full == pytest.approx(1.4)
    assert found.against_remaining == pytest.approx(2.1)
    assert (found.remaining_minor, found.missing_minor) == (600_000_00, 540_000_00)
    assert found.standard == 3.0


@pytest.mark.parametrize("won", [900_000_00, 1_200_000_00])
@pytest.mark.parametrize("against", ["remaining", "full"])
def test_quota_met_lacks_nothing(
    session: Session, world: World, west: Team, won: int, against: str
) -> None:
    put_workspace(
        session, world.workspace_id, now=NOW, standards=Standards(coverage_against=against)
    )
    a_deal(session, world.ana, "Closed Won", amount_minor=won, closed_on=TODAY)
    a_deal(session, world.ana, amount_minor=90_000_00)
    found = coverage(session, west)
    assert (found.remaining_minor, found.missing_minor) == (0, 0)
    assert found.against_remaining is None
    assert found.against_full == pytest.approx(0.1)


def test_a_quota_of_nothing_is_met(session: Session, west: Team) -> None:
    without_quotas(session)
    a_quota(session, west.id, 0)
    found = coverage(session, west)
    assert (found.quota_minor, found.remaining_minor, found.missing_minor) == (0, 0, 0)
    assert found.against_full is None


def test_the_admin_may_choose_full_quota(session: Session, world: World, west: Team) -> None:
    ours = Standards(coverage_against="full", coverage=2.5)
    put_workspace(session, world.workspace_id, now=NOW, standards=ours)
    a_deal(session, world.ana, "Closed Won", amount_minor=300_000_00, closed_on=TODAY)
    prove(session, a_deal(session, world.ana, "Proposal", amount_minor=450_000_00))
    found = coverage(session, west)
    assert found.missing_minor == 2_250_000_00 - 450_000_00
    assert found.evidenced == pytest.approx(0.5)


MONEY = st.integers(0, 10**13)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(
    quota=st.none() | MONEY,
    won=st.lists(MONEY, max_size=3),
    pipeline=st.lists(MONEY, max_size=3),
    standard=st.sampled_from([0.5, 1.1, 2.5, 3.0, 3.3, 4.0]),
    against=st.sampled_from(["remaining", "full"]),
)
def test_coverage_is_what_the_definition_says(
    session: Session,
    world: World,
    west: Team,
    quota: int | None,
    won: list[int],
    pipeline: list[int],
    standard: float,
    against: str,
) -> None:
    with session.begin_nested() as undone:
        ours = Standards(coverage=standard, coverage_against=against)
        put_workspace(session, world.workspace_id, now=NOW, standards=ours)
        without_quotas(session)
        if quota is not None:
            a_quota(session, west.id, quota)
        for amount in won:
            a_deal(session, world.ana, "Closed Won", amount_minor=amount, closed_on=TODAY)
        for amount in pipeline:
            a_deal(session, world.ben, amount_minor=amount)
        found = coverage(session, west)
        assert (found.won_minor, found.pipeline_minor) == (sum(won), sum(pipeline))
        assert found.counted == len(pipeline)
        if quota is None:
            assert (found.remaining_minor, found.missing_minor) == (None, None)
        else:
            remaining = max(0, quota - sum(won))
            measure = quota if against == "full" else remaining
            asked = ceil(Fraction(str(standard)) * measure)
            lacking = max(0, asked - sum(pipeline)) if remaining else 0
            assert (found.remaining_minor, found.missing_minor) == (remaining, lacking)
            for shown, base in ((found.against_full, quota), (found.against_remaining, remaining)):
                assert shown == (None if base == 0 else pytest.approx(sum(pipeline) / base))
        undone.rollback()


# --- the month's gap


def test_the_month_of_the_wireframe(session: Session, world: World, west: Team) -> None:
    """screens.md: won $310,000 of $400,000; closing $150,000 of $270,000 needed."""
    a_quota(session, west.id, 400_000_00, NOVEMBER)
    a_deal(session, world.ana, "Closed Won", amount_minor=310_000_00, closed_on=TODAY)
    a_deal(session, world.ana, amount_minor=150_000_00, close_on=date(2026, 11, 30))
    found = month_gap(session, west, TODAY)
    assert (found.month, found.target_minor, found.won_minor) == (
        date(2026, 11, 1),
        400_000_00,
        310_000_00,
    )
    assert found.revenue_gap_minor == 90_000_00
    assert (found.needed_minor, found.qualified_closing_minor) == (270_000_00, 150_000_00)
    assert found.coverage_gap_minor == 120_000_00


@pytest.mark.parametrize(
    ("period", "quota", "target"),
    [
        (QUARTER, 900_000_00, 300_000_00),
        (QUARTER, 100_00, 33_33),
        (QUARTER, 200_00, 66_67),
        (THIRTEEN_WEEKS, 900_000_00, 300_000_00),
        (YEAR, 1_200_000_00, 100_000_00),
        ((date(2026, 7, 1), date(2026, 12, 31)), 600_00, 100_00),
        (NOVEMBER, 70_00, 70_00),
        ((date(2026, 11, 20), date(2026, 11, 26)), 70_00, 70_00),
    ],
)
def test_the_months_target(
    session: Session, west: Team, period: tuple[date, date], quota: int, target: int
) -> None:
    without_quotas(session)
    a_quota(session, west.id, quota, period)
    assert month_gap(session, west, TODAY).target_minor == target


def test_entered_months_of_the_reps_are_summed(session: Session, world: World, west: Team) -> None:
    for rep_id in (world.ana, world.ben):
        a_quota(session, west.id, 50_00, NOVEMBER, person_id=rep_id)
    assert month_gap(session, west, TODAY).target_minor == 100_00
    a_quota(session, west.id, 70_00, NOVEMBER)
    assert month_gap(session, west, TODAY).target_minor == 70_00


def test_this_months_deals_alone(session: Session, world: World, west: Team) -> None:
    for day in (date(2026, 10, 31), date(2026, 11, 1), date(2026, 11, 30), date(2026, 12, 1)):
        a_deal(session, world.ana, "Closed Won", amount_minor=1_00, closed_on=day)
        a_deal(session, world.ana, amount_minor=10_00, close_on=day)
        a_deal(session, world.ana, "Prospecting", amount_minor=100_00, close_on=day)
    found = month_gap(session, west, TODAY)
    assert (found.won_minor, found.qualified_closing_minor) == (2_00, 20_00)


def test_a_target_exceeded_is_a_gap_below_zero(session: Session, world: World, west: Team) -> None:
    a_deal(session, world.ana, "Closed Won", amount_minor=400_000_00, closed_on=TODAY)
    a_deal(session, world.ana, amount_minor=5_00, close_on=TODAY)
    found = month_gap(session, west, TODAY)
    assert (found.revenue_gap_minor, found.needed_minor) == (-100_000_00, 0)
    assert found.coverage_gap_minor == -5_00


def test_no_target_no_gap(session: Session, world: World, west: Team) -> None:
    without_quotas(session)
    a_deal(session, world.ana, "Closed Won", amount_minor=5, closed_on=TODAY)
    found = month_gap(session, west, TODAY)
    assert (found.target_minor, found.won_minor) == (None, 5)
    assert found.revenue_gap_minor is found.needed_minor is found.coverage_gap_minor is None
