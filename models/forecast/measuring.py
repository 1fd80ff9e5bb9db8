"""How good a team's forecasts were: accuracy and slip rate (product.md, "Friday forecast").

accuracy = 1 − |forecast − actual| ÷ actual. The forecast is the team's commit, all its people's
lines added, of the last Friday that lies at least `forecast_accuracy_days` (a standard, 14) before
the last day of the quota period; a Friday on which not everybody had a line is none. Actual, the
denominator, is what the team's owners won in the period, as the deals say now. It may be below
nought: a forecast more than twice what was won is as far off as it is, and is said so. Where
nothing was won there is no figure.

slip rate = slipped ÷ counted, by number of deals and by money. Counted are the open deals that the
prefill of any forecast of the period added to commit, each once, with the amount that it had when
it was first counted. Slipped is a deal that was not closed, won or lost, by the end of the period;
while the period runs, one that is open and whose close date has left the period. So a deal that
was moved out and came in all the same has not slipped, nor has one that was lost in time: that is
for accuracy to show. Below `slip_rate_least` deals (a standard, 5) there are too few data.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.coverage import period_of, won_between
from models.deals import Deal
from models.forecast.tables import Forecast, ForecastDeal, ForecastLine, Tier
from models.people import Team, standards


@dataclass(frozen=True)
class Weekly:
    """The team's commit as one Friday forecast it, in minor units."""

    day: date
    commit_minor: int


@dataclass(frozen=True)
class Accuracy:
    """Of one period that is over. `forecast` None: no Friday early enough had one.

    `weeks`: every Friday's forecast of the period, oldest first, for the trend.
    """

    starts_on: date
    ends_on: date
    forecast: Weekly | None
    won_minor: int
    weeks: tuple[Weekly, ...]

    @property
    def value(self) -> float | None:
        """None: nothing was won, or nothing was forecast in time."""
        return None if self.forecast is None else self.of(self.forecast)

    def of(self, week: Weekly) -> float | None:
        """What the accuracy of that Friday's forecast is; None: nothing was won."""
        if not self.won_minor:
            return None
        missed_by = abs(week.commit_minor - self.won_minor)
        return float(1 - Fraction(missed_by, self.won_minor))


@dataclass(frozen=True)
class SlipRate:
    """Of one period, so far if it is not over. With fewer than `least` deals there is no share."""

    starts_on: date
    ends_on: date
    slipped: int
    counted: int
    slipped_minor: int
    counted_minor: int
    least: int

    @property
    def share(self) -> float | None:
        return self.slipped / self.counted if self.counted >= self.least else None

    @property
    def share_of_money(self) -> float | None:
        enough = self.counted >= self.least and self.counted_minor > 0
        return self.slipped_minor / self.counted_minor if enough else None


@dataclass(frozen=True)
class Measures:
    """What a team's forecasts are measured by: `accuracy` of the last period that is over, `slip`
    of the same, `slip_so_far` of the one that runs. None: no forecast was made in that period."""

    accuracy: Accuracy | None
    slip: SlipRate | None
    slip_so_far: SlipRate | None


NO_MEASURES = Measures(None, None, None)


def measures(session: Session, of_team: Team, today: date) -> Measures:
    """As of a local date of the team."""
    periods = forecast_periods(session, of_team.id)
    if not periods:
        return NO_MEASURES
    current = period_of(session, of_team.id, today)
    current_days = current.starts_on, current.ends_on
    runs = current_days if current_days in periods else None
    over = [one for one in periods if one[1] < today]
    last = max(over, key=lambda one: one[1], default=None)
    return Measures(
        accuracy=None if last is None else accuracy(session, of_team, *last),
        slip=None if last is None else slip_rate(session, of_team.id, *last, today),
        slip_so_far=None if runs is None else slip_rate(session, of_team.id, *runs, today),
    )


def measured(session: Session, team_ids: Collection[int]) -> set[int]:
    """Of these teams those that ever made a forecast."""
    made = select(Forecast.team_id).where(Forecast.team_id.in_(team_ids), Forecast.steps_done > 0)
    return set(session.scalars(made.distinct()))


def forecast_periods(session: Session, team_id: int) -> list[tuple[date, date]]:
    """The periods about which the team made a forecast, by their first and last day."""
    made = select(Forecast.starts_on, Forecast.ends_on).where(
        Forecast.team_id == team_id, Forecast.steps_done > 0
    )
    return [(first, last) for first, last in session.execute(made.distinct())]


def accuracy(session: Session, of_team: Team, starts_on: date, ends_on: date) -> Accuracy:
    """Of one period of a team; see above."""
    rows = session.execute(
        select(Forecast.day, func.sum(ForecastLine.commit_minor))
        .join(ForecastLine, ForecastLine.forecast_id == Forecast.id)
        .where(
            Forecast.team_id == of_team.id,
            Forecast.starts_on == starts_on,
            Forecast.ends_on == ends_on,
            Forecast.steps_done > 0,
            ForecastLine.is_current,
        )
        .group_by(Forecast.id, Forecast.day)
        .order_by(Forecast.day)
    )
    weeks = tuple(Weekly(day, int(commit)) for day, commit in rows)
    early = ends_on - timedelta(days=standards(session).forecast_accuracy_days)
    in_time = [week for week in weeks if week.day <= early]
    return Accuracy(
        starts_on,
        ends_on,
        in_time[-1] if in_time else None,
        won_between(session, of_team, starts_on, ends_on),
        weeks,
    )


def slip_rate(
    session: Session, team_id: int, starts_on: date, ends_on: date, today: date
) -> SlipRate:
    """Of one period of a team, as of a local date; see above."""
    rows = session.execute(
        select(ForecastDeal, Deal)
        .join(Forecast, Forecast.id == ForecastDeal.forecast_id)
        .join(Deal, Deal.id == ForecastDeal.deal_id)
        .where(
            Forecast.team_id == team_id,
            Forecast.starts_on == starts_on,
            Forecast.ends_on == ends_on,
            ForecastDeal.tier == Tier.COMMIT,
        )
        .order_by(Forecast.day, ForecastDeal.id)
    )
    first: dict[int, tuple[ForecastDeal, Deal]] = {}
    for counted, deal in rows:
        first.setdefault(deal.id, (counted, deal))
    is_over = today > ends_on
    slipped = [one for one, deal in first.values() if _has_slipped(deal, ends_on, is_over)]
    return SlipRate(
        starts_on,
        ends_on,
        slipped=len(slipped),
        counted=len(first),
        slipped_minor=sum(one.amount_minor for one in slipped),
        counted_minor=sum(one.amount_minor for one, _ in first.values()),
        least=standards(session).slip_rate_least,
    )


def _has_slipped(deal: Deal, ends_on: date, is_over: bool) -> bool:
    if deal.closed_on is not None:
        return is_over and deal.closed_on > ends_on
    return is_over or deal.close_on is None or deal.close_on > ends_on
