"""What a forecast is prefilled with, what is kept of it, and what each reader sees."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import forecast
from models.base import Faults
from models.deals import Field
from models.forecast import (
    AgendaLineTooLong,
    AgendaTooLong,
    FigureTooSmall,
    ForecastDeal,
    Step,
    Tier,
)
from models.people import Role, get_person, team
from models.pipeline_review import name_deputy
from models.screens import (
    AgendaForm,
    CoachingWeek,
    CommitmentsForm,
    ForecastDm,
    LinesForm,
    forecast_overview,
    forecast_step,
    forecast_trail,
    home,
)
from models.week_agenda import set_agenda
from tests.coaching import a_log
from tests.forecasts import DAY, FRIDAY, MINUTE, MONDAY, WEEK, a_forecast, done, figures, of_all
from tests.world import (
    NOW,
    QUARTER,
    World,
    a_change,
    a_deal,
    a_quota,
    a_rep,
    a_team,
    stage_named,
)

DAYS = timedelta(days=1)
IN, OUT = date(2026, 12, 15), date(2027, 1, 15)


def suggested(session: Session, world: World) -> dict[int, forecast.Suggested]:
    return forecast.suggested(session, team(session, world.team), *QUARTER)


def lines(session: Session, world: World, page: int | None = None) -> LinesForm:
    boss = get_person(session, world.max)
    made = forecast.changeable(session, [world.team], FRIDAY)[0]
    shown = forecast_step(session, boss, made.id, FRIDAY, Step.FORECAST, page)
    assert isinstance(shown, LinesForm)
    return shown


def test_what_the_deals_say_follows_the_stages(session: Session, world: World) -> None:
    for stage, amount in (
        ("Prospecting", 1), ("Qualified", 2), ("Discovery", 4), ("Proposal", 8),
        ("Negotiation", 16),
    ):  # fmt: skip
        a_deal(session, world.ana, stage, amount_minor=amount, close_on=IN)
        a_deal(session, world.ana, stage, amount_minor=1000, close_on=OUT)
        a_deal(session, world.ana, stage, amount_minor=1000, close_on=None)
    a_deal(session, world.ana, "Closed Won", amount_minor=32, closed_on=DAY)
    a_deal(session, world.ana, "Closed Won", amount_minor=1000, closed_on=date(2026, 9, 30))
    a_deal(session, world.ana, "Closed Lost", amount_minor=1000, closed_on=DAY)
    a_deal(session, world.ana, "Proposal", amount_minor=None, close_on=IN)
    a_deal(session, world.ana, "Proposal", amount_minor=9, close_on=IN, currency="EUR")
    mine = suggested(session, world)[world.ana]
    assert (mine.figures.commit, mine.figures.best_case, mine.figures.pipeline) == (48, 56, 62)
    assert (mine.won_minor, mine.uncounted) == (32, 2)
    assert world.ben not in suggested(session, world)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15)
@given(
    rows=st.lists(
        st.tuples(
            st.sampled_from(["Qualified", "Discovery", "Proposal", "Negotiation", "Closed Won"]),
            st.none() | st.integers(0, 10**9),
        ),
        max_size=6,
    )
)
def test_the_prefill_is_always_in_order_and_adds_up(
    session: Session, world: World, rows: list[tuple[str, int | None]]
) -> None:
    with session.begin_nested() as savepoint:
        for stage, amount in rows:
            closed_on = DAY if stage == "Closed Won" else None
            a_deal(session, world.ana, stage, amount_minor=amount, closed_on=closed_on)
        found = suggested(session, world).get(world.ana, forecast.Suggested()).figures
        savepoint.rollback()
    assert 0 <= found.commit <= found.best_case <= found.pipeline
    assert found.pipeline == sum(amount or 0 for _, amount in rows)


def test_a_pipeline_of_other_stages_is_told_by_their_order(session: Session, world: World) -> None:
    for name in ("Qualified", "Discovery", "Proposal"):
        stage_named(session, name).qualified = False
    assert [[stage.name for stage in stages] for stages in forecast.tiers(session).values()] == [
        ["Negotiation"],
        [],
        [],
    ]


def test_who_has_a_line(session: Session, world: World) -> None:
    """Reps with a quota or without; then who else owns what counts, without: the manager, who has
    left."""
    a_rep(session, team(session, world.team), "U0DEV", "Dev", None)
    a_deal(session, world.max, "Negotiation")
    a_deal(session, world.ben, "Negotiation")
    get_person(session, world.ben).active = False
    get_person(session, world.cleo).active = False
    session.flush()
    a_forecast(session, world)
    shown = lines(session, world)
    assert [one.person.name for one in shown.people] == ["Ana", "Dev", "Ben", "Max"]
    assert [one.quota is not None for one in shown.people] == [True, False, False, False]


def test_last_weeks_figures_stand_beside_and_say_their_period(
    session: Session, world: World
) -> None:
    done(session, world, FRIDAY - WEEK)
    a_forecast(session, world)
    shown = lines(session, world)
    assert (shown.before_day, shown.before_ends_on) == (DAY - WEEK, None)
    first = shown.people[0].before
    assert first is not None
    assert [one.minor for one in (first.commit, first.best_case, first.pipeline)] == [
        10_000_00, 20_000_00, 30_000_00,
    ]  # fmt: skip


def test_a_period_that_ends_between_two_fridays_is_said(session: Session, world: World) -> None:
    last = FRIDAY + 5 * WEEK  # Friday 1 January
    done(session, world, last - WEEK)
    made = a_forecast(session, world, last)
    assert (made.starts_on, made.ends_on) == (date(2027, 1, 1), date(2027, 3, 31))
    boss = get_person(session, world.max)
    shown = forecast_step(session, boss, made.id, last, Step.FORECAST)
    assert isinstance(shown, LinesForm)
    assert shown.before_ends_on == date(2026, 12, 31)


def test_a_period_that_ends_over_the_weekend_stays_that_of_its_friday(
    session: Session, world: World
) -> None:
    saturday = DAY + timedelta(days=1)
    a_quota(session, world.team, 900_000_00, (date(2026, 10, 25), saturday))
    made, boss = a_forecast(session, world), get_person(session, world.max)
    assert (made.starts_on, made.ends_on) == (date(2026, 10, 25), saturday)
    sunday = FRIDAY + 2 * DAYS
    a_deal(session, world.ana, "Closed Won", amount_minor=7_00, closed_on=saturday)
    a_deal(session, world.ana, "Closed Won", amount_minor=9_00, closed_on=sunday.date())
    shown = forecast_step(session, boss, made.id, sunday, Step.FORECAST)
    assert isinstance(shown, LinesForm)
    assert shown.people[0].won.minor == 7_00
    assert shown.flow.ends_on == saturday


def test_pages_of_five_and_the_first_that_lacks_somebody(session: Session, world: World) -> None:
    west = team(session, world.team)
    more = [a_rep(session, west, f"U0R{n}", f"Rep {n:02}", None).id for n in range(9)]
    made, boss = a_forecast(session, world), get_person(session, world.max)
    assert (lines(session, world).page, lines(session, world).pages) == (0, 3)
    first = [one.person.id for one in lines(session, world).people]
    ones = dict.fromkeys(first, figures(1, 1, 1))
    forecast.save_lines(session, boss, made.id, ones, FRIDAY)
    assert (made.steps_done, lines(session, world).page) == (0, 1)
    assert len(lines(session, world, 9).people) == 2  # no page beyond the last
    rest = dict.fromkeys([*more, world.cleo], figures(1, 1, 1))
    forecast.save_lines(session, boss, made.id, rest, FRIDAY)
    assert made.steps_done == 1


def test_each_figure_includes_the_one_before(session: Session, world: World) -> None:
    made, boss = a_forecast(session, world), get_person(session, world.max)
    given = of_all(world, figures(10, 20, 30)) | {world.ben: figures(10, 9, 8)}
    with pytest.raises(Faults) as refused:
        forecast.save_lines(session, boss, made.id, given, FRIDAY)
    wrong = [one for one in refused.value.faults if isinstance(one, FigureTooSmall)]
    assert [(one.person_id, one.tier) for one in wrong] == [
        (world.ben, Tier.BEST_CASE), (world.ben, Tier.PIPELINE),
    ]  # fmt: skip
    assert wrong[0].least_minor == 10_000_00
    assert forecast.all_lines(session, made.id) == []


def test_edits_leave_a_trail_and_the_deals_stay_as_first_counted(
    session: Session, world: World
) -> None:
    deal = a_deal(session, world.ana, "Negotiation", amount_minor=5_000_00)
    made, boss = done(session, world), get_person(session, world.max)
    deal.amount_minor = 7_000_00
    forecast.save_lines(
        session, boss, made.id, {world.ana: figures(11, 20, 30)}, FRIDAY + 9 * MINUTE
    )
    mine = [one for one in forecast.all_lines(session, made.id) if one.person_id == world.ana]
    assert [(one.commit_minor, one.is_current) for one in mine] == [
        (10_000_00, False), (11_000_00, True),
    ]  # fmt: skip
    assert [one.suggested_commit_minor for one in mine] == [5_000_00, 7_000_00]
    kept = session.scalars(select(ForecastDeal)).one()
    assert (kept.deal_id, kept.tier, kept.amount_minor) == (deal.id, Tier.COMMIT, 5_000_00)
    assert made.state is forecast.ForecastState.DONE
    trail = forecast_trail(session, boss, made.id, FRIDAY)
    assert (len(trail.lines), len(trail.commitments)) == (4, 3)


def test_who_left_between_opening_and_submitting_is_left_out(
    session: Session, world: World
) -> None:
    made, boss = a_forecast(session, world), get_person(session, world.max)
    get_person(session, world.cleo).active = False
    east = a_team(session, "East")
    get_person(session, world.ben).team_id = east.id
    session.flush()
    given = of_all(world, figures(10, 20, 30))
    left = forecast.save_lines(session, boss, made.id, given, FRIDAY)
    assert set(left) == {world.ben, world.cleo}
    assert [one.person_id for one in forecast.all_lines(session, made.id)] == [world.ana]
    assert made.steps_done == 1


# --- the other steps


def test_the_weeks_coaching_names_who_had_none(session: Session, world: World) -> None:
    a_log(session, world, now=FRIDAY - timedelta(days=2), minutes=45)
    a_log(session, world, world.ben, now=FRIDAY - WEEK, held_on=DAY - WEEK)
    made, boss = a_forecast(session, world), get_person(session, world.max)
    shown = forecast_step(session, boss, made.id, FRIDAY, Step.COACHING)
    assert isinstance(shown, CoachingWeek)
    assert shown.people is not None
    assert [(one.person.name, one.sessions, one.minutes) for one in shown.people] == [
        ("Ana", 1, 45), ("Ben", 0, 0), ("Cleo", 0, 0),
    ]  # fmt: skip
    assert all(one.may_log for one in shown.people)


def test_a_deputy_sees_neither_coaching_nor_commitments_nor_measures(
    session: Session, world: World
) -> None:
    boss, cleo = get_person(session, world.max), get_person(session, world.cleo)
    name_deputy(session, boss, team(session, world.team), cleo, NOW)
    made = done(session, world, committed={world.ana: forecast.Numbers(20, 2)})
    coached = forecast_step(session, cleo, made.id, FRIDAY, Step.COACHING)
    agreed = forecast_step(session, cleo, made.id, FRIDAY, Step.COMMITMENTS)
    assert isinstance(coached, CoachingWeek)
    assert isinstance(agreed, CommitmentsForm)
    assert (coached.people, agreed.people) == (None, None)
    assert forecast_trail(session, cleo, made.id, FRIDAY).commitments == ()
    end = forecast_step(session, cleo, made.id, FRIDAY)
    assert isinstance(end, ForecastDm)
    assert (end.measures, end.chain) == (None, False)
    assert home(session, cleo, FRIDAY).forecast.measured == ()


def test_mondays_agenda_is_suggested_from_the_week(session: Session, world: World) -> None:
    moved = a_deal(session, world.ana, "Proposal", name="Nexus", close_on=OUT)
    a_change(session, moved, Field.CLOSE, "2026-12-01", "2026-12-10", FRIDAY - 3 * MINUTE)
    a_change(session, moved, Field.CLOSE, "2026-12-10", OUT.isoformat(), FRIDAY - 2 * MINUTE)
    before = a_deal(session, world.ana, "Proposal", name="Tern", close_on=OUT)
    a_change(session, before, Field.CLOSE, "2026-12-01", OUT.isoformat(), FRIDAY - WEEK)
    nearer = a_deal(session, world.ana, "Proposal", name="Vale", close_on=IN)
    a_change(session, nearer, Field.CLOSE, OUT.isoformat(), IN.isoformat(), FRIDAY - MINUTE)
    decided = a_deal(session, world.ben, "Discovery", name="Orbit")
    decided.crm_stage_id = world.stages["Proposal"]
    removed = a_deal(session, world.ben, "Closed Lost", name="Sable", amount_minor=999_000_00)
    removed.crm_stage_id = world.stages["Negotiation"]
    a_deal(session, world.ben, "Closed Won", name="In the CRM as well")
    made, boss = a_forecast(session, world), get_person(session, world.max)
    shown = forecast_step(session, boss, made.id, FRIDAY, Step.AGENDA)
    assert isinstance(shown, AgendaForm)
    assert [(one.name, one.before, one.to) for one in shown.slipped] == [
        ("Nexus", date(2026, 12, 1), OUT)
    ]
    assert (shown.not_in_crm, shown.monday, shown.lines) == (("Sable", "Orbit"), MONDAY, ())
    assert shown.missing is not None
    set_agenda(session, world.team, MONDAY, world.max, ["What stands"], FRIDAY)
    shown = forecast_step(session, boss, made.id, FRIDAY, Step.AGENDA)
    assert isinstance(shown, AgendaForm)
    assert shown.lines == ("What stands",)


def test_a_small_teams_gap_is_no_suggestion(session: Session, world: World) -> None:
    get_person(session, world.cleo).active = False
    session.flush()
    made, boss = a_forecast(session, world), get_person(session, world.max)
    shown = forecast_step(session, boss, made.id, FRIDAY, Step.AGENDA)
    assert isinstance(shown, AgendaForm)
    assert shown.missing is None


@pytest.mark.parametrize(
    ("texts", "refused"), [(["x"] * 11, AgendaTooLong), (["x", "y" * 301], AgendaLineTooLong)]
)
def test_an_agenda_has_its_limits(
    session: Session, world: World, texts: list[str], refused: type[Exception]
) -> None:
    made, boss = a_forecast(session, world), get_person(session, world.max)
    with pytest.raises(refused):
        forecast.save_agenda(session, boss, made.id, texts, FRIDAY)


# --- who sees what


def test_a_rep_sees_their_own_line_alone(session: Session, world: World) -> None:
    given = {
        world.ana: figures(11, 12, 13), world.ben: figures(21, 22, 23), world.cleo: figures(1, 2, 3)
    }  # fmt: skip
    done(session, world, given=given)
    for name, mine in (("ana", 11), ("ben", 21)):
        rep = get_person(session, getattr(world, name))
        shown, asked = home(session, rep, FRIDAY), forecast_overview(session, rep, FRIDAY)
        assert shown.forecast.own is not None
        assert shown.forecast.own.figures.commit.minor == mine * 1000_00
        assert asked.own == shown.forecast.own
        assert (asked.teams, shown.forecast.flows, shown.forecast.measured) == ((), (), ())
    [of_west] = forecast_overview(session, get_person(session, world.max), FRIDAY).teams
    assert of_west.total is not None
    assert of_west.total.commit.minor == 33 * 1000_00


def test_a_rep_who_moved_on_sees_nothing_of_the_team_before(session: Session, world: World) -> None:
    done(session, world)
    ana = get_person(session, world.ana)
    ana.team_id = a_team(session, "East").id
    session.flush()
    assert home(session, ana, FRIDAY).forecast.own is None


def test_it_waits_at_home_of_whom_it_concerns(session: Session, world: World) -> None:
    made = a_forecast(session, world)
    boss, lea = get_person(session, world.max), get_person(session, world.lea)
    assert [one.forecast_id for one in home(session, boss, FRIDAY).forecast.flows] == [made.id]
    assert home(session, lea, FRIDAY).forecast.flows == ()  # hers to take over, by command
    [of_west] = forecast_overview(session, lea, FRIDAY).teams
    assert of_west.current is not None
    forecast.begin(session, lea, made.id, FRIDAY)
    assert len(home(session, lea, FRIDAY).forecast.flows) == 1
    other = get_person(session, world.ada)
    other.role = Role.MANAGER
    session.flush()
    assert forecast_overview(session, other, FRIDAY).teams == ()
