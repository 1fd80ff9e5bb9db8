"""Accuracy and slip rate, counted anew here from the forecasts and deals that were made."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from models import forecast
from models.deals import Deal
from models.people import get_person, team
from models.pipeline_review import name_deputy
from models.screens import ForecastDm, forecast_step, home
from tests.forecasts import FRIDAY, WEEK, K, done, figures, friday, of_all
from tests.world import NOW, QUARTER, World, a_deal, a_team

AFTER = date(2027, 1, 4)


def accuracy(session: Session, world: World) -> forecast.Accuracy:
    return forecast.accuracy(session, team(session, world.team), *QUARTER)


def made_on(session: Session, world: World, day: date, commit: int) -> None:
    """A Friday on which each of three forecast so many thousands."""
    done(session, world, friday(day), given=of_all(world, figures(commit, commit, commit)))


def won(session: Session, world: World, thousands: int) -> None:
    a_deal(
        session, world.ana, "Closed Won", amount_minor=thousands * K, closed_on=date(2026, 12, 30)
    )


def test_the_last_friday_two_weeks_before_the_end_is_measured(
    session: Session, world: World
) -> None:
    for day, commit in (
        (date(2026, 12, 11), 20), (date(2026, 12, 18), 30), (date(2026, 12, 4), 10),
    ):  # fmt: skip
        made_on(session, world, day, commit)
    won(session, world, 80)
    found = accuracy(session, world)
    assert found.forecast == forecast.Weekly(date(2026, 12, 11), 60 * K)  # the 17th is the limit
    assert found.value == pytest.approx(1 - 20 / 80)
    assert [week.day.day for week in found.weeks] == [4, 11, 18]
    assert [found.of(week) for week in found.weeks] == pytest.approx([0.375, 0.75, 0.875])


@pytest.mark.parametrize(("thousands", "value"), [(0, None), (30, -0.0), (10, -4.0), (60, 1.0)])
def test_it_may_be_below_nought_and_is_no_figure_where_nothing_was_won(
    session: Session, world: World, thousands: int, value: float | None
) -> None:
    made_on(session, world, date(2026, 12, 11), 20)
    if thousands:
        won(session, world, thousands)
    assert accuracy(session, world).value == value


def test_without_a_forecast_early_enough_there_is_none(session: Session, world: World) -> None:
    made_on(session, world, date(2026, 12, 18), 20)
    won(session, world, 60)
    found = accuracy(session, world)
    assert (found.forecast, found.value, len(found.weeks)) == (None, None, 1)


def test_a_friday_without_everybody_is_none(session: Session, world: World) -> None:
    of_team, boss = team(session, world.team), get_person(session, world.max)
    opened = forecast.open_forecast(session, of_team, FRIDAY.date(), boss, FRIDAY, FRIDAY)
    assert opened is not None
    forecast.save_lines(session, boss, opened.id, {world.ana: figures(1, 1, 1)}, FRIDAY)
    assert accuracy(session, world).weeks == ()
    assert forecast.measures(session, of_team, AFTER) == forecast.NO_MEASURES


# --- slip rate


def in_commit(session: Session, world: World, amounts: tuple[int, ...]) -> list[Deal]:
    """Deals at the last stage, then a forecast that counts them."""
    made = [
        a_deal(session, world.ana, "Negotiation", amount_minor=amount * K) for amount in amounts
    ]
    a_deal(session, world.ana, "Proposal", amount_minor=100 * K)  # best case: not counted
    done(session, world)
    return made


def slip(session: Session, world: World, today: date) -> forecast.SlipRate:
    return forecast.slip_rate(session, world.team, *QUARTER, today)


def close(session: Session, world: World, deal: Deal, stage: str, on: date) -> None:
    deal.stage_id, deal.closed_on = world.stages[stage], on
    session.flush()


def test_what_slips_while_the_period_runs_and_when_it_is_over(
    session: Session, world: World
) -> None:
    moved, in_time, lost, stays, back = in_commit(session, world, (1, 2, 4, 8, 16))
    moved.close_on = date(2027, 1, 20)
    back.close_on = date(2027, 1, 20)
    close(session, world, in_time, "Closed Won", date(2026, 12, 20))
    close(session, world, lost, "Closed Lost", date(2026, 12, 21))
    session.flush()
    running = slip(session, world, date(2026, 12, 22))
    assert (running.slipped, running.counted) == (2, 5)
    assert (running.slipped_minor, running.counted_minor) == (17 * K, 31 * K)
    close(session, world, back, "Closed Won", date(2026, 12, 31))  # came in all the same
    over = slip(session, world, AFTER)
    assert (over.slipped, over.slipped_minor) == (2, 9 * K)  # and what was open at the end
    assert over.share == pytest.approx(0.4)
    assert over.share_of_money == pytest.approx(9 / 31)
    close(session, world, stays, "Closed Won", date(2027, 1, 3))  # after the end
    assert slip(session, world, AFTER).slipped == 2


def test_a_deal_counts_once_a_period_as_first_counted(session: Session, world: World) -> None:
    [deal] = in_commit(session, world, (5,))
    deal.amount_minor = 50 * K
    done(session, world, FRIDAY + WEEK)
    found = slip(session, world, date(2026, 12, 10))
    assert (found.counted, found.counted_minor) == (1, 5 * K)


def test_below_five_deals_there_are_too_few_data(session: Session, world: World) -> None:
    in_commit(session, world, (1, 2, 4, 8))
    found = slip(session, world, AFTER)
    assert (found.slipped, found.counted, found.least) == (4, 4, 5)
    assert (found.share, found.share_of_money) == (None, None)


# --- who sees it


def names(session: Session, world: World, who: str, now: datetime) -> list[str]:
    shown = home(session, get_person(session, getattr(world, who)), now)
    return [one.team.name for one in shown.forecast.measured]


def test_it_stands_at_home_of_the_manager_and_of_those_above(
    session: Session, world: World
) -> None:
    west = team(session, world.team)
    name_deputy(session, get_person(session, world.max), west, get_person(session, world.cleo), NOW)
    a_team(session, "East")
    made_on(session, world, date(2026, 12, 11), 20)
    won(session, world, 60)
    now = datetime.combine(AFTER, FRIDAY.timetz())
    assert {who: names(session, world, who, now) for who in ("max", "lea", "cleo", "ana")} == {
        "max": ["West"], "lea": ["West"], "cleo": [], "ana": [],
    }  # fmt: skip
    [mine] = home(session, get_person(session, world.max), now).forecast.measured
    assert mine.measures.accuracy is not None
    assert mine.measures.accuracy.value == 1.0
    assert mine.measures.slip_so_far is None  # of the new quarter there is nothing yet


def test_the_end_of_the_flow_shows_it(session: Session, world: World) -> None:
    made_on(session, world, date(2026, 9, 11), 20)  # of the quarter before
    made = done(session, world)
    shown = forecast_step(session, get_person(session, world.max), made.id, FRIDAY)
    assert isinstance(shown, ForecastDm)
    assert shown.measures is not None
    assert shown.measures.accuracy is not None
    assert shown.measures.accuracy.starts_on == date(2026, 7, 1)
    assert shown.measures.slip_so_far is not None
    assert shown.before_ends_on == date(2026, 9, 30)
    assert shown.flow.minutes == 0
    assert (shown.flow.over, shown.lacking) == (False, 0)
    assert timedelta(days=77) == shown.flow.day - date(2026, 9, 11)
