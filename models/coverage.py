"""Coverage: the qualified open pipeline of a period over its quota, and the gap of the month.

product.md, "Monday pipeline health check" and "Pipeline review", "month gap". Money is in minor
units of the team's currency; a deal in another currency is counted apart, never added up. Days are
the team's local dates.
"""

from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from math import ceil
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.days import DAY
from models.deals import Deal, Stage, StageKind, open_deals
from models.evidence import standing
from models.people import (
    Person,
    Quota,
    Team,
    counts_for_team,
    is_one_month,
    owned_by_team,
    standards,
)


@dataclass(frozen=True)
class Period:
    """From one local date to another, both included.

    `kind`: "quota" where a quota sets it, "quarter" (of the calendar) where none does.
    """

    starts_on: date
    ends_on: date
    kind: str


@dataclass(frozen=True)
class Coverage:
    """A team's coverage in one period.

    `against_…` and `evidenced` are multiples of quota; None without a quota, and against what
    remains of it once it is met. `evidenced` stands against what the standard is held against
    (remaining quota, unless the admin chose full). `missing_minor`: pipeline still lacking to the
    standard; 0 when quota is met, None without a quota. `counted`: deals in `pipeline_minor`;
    `without_amount` and `other_currency` would count as well and could not be added.
    """

    period: Period
    quota_minor: int | None
    won_minor: int
    remaining_minor: int | None
    pipeline_minor: int
    evidenced_minor: int
    against_full: float | None
    against_remaining: float | None
    evidenced: float | None
    missing_minor: int | None
    standard: float
    counted: int
    without_amount: int
    other_currency: int


@dataclass(frozen=True)
class MonthGap:
    """What a month still lacks; a gap below zero is what it has beyond its target.

    revenue gap = target − won; coverage gap = needed − qualified pipeline closing this month, where
    needed = standard × what remains of the target. All None without a target.
    """

    month: date  # its first day
    target_minor: int | None
    won_minor: int
    revenue_gap_minor: int | None
    qualified_closing_minor: int
    needed_minor: int | None
    coverage_gap_minor: int | None


def period_of(session: Session, team_id: int, day: date) -> Period:
    """The period that a day belongs to.

    The team's own quota rows before the reps', longer ones before a calendar month's (a month's row
    is that month's target), of several the shortest; without any quota, the calendar quarter.
    """
    rows = _rows_containing(session, team_id, day)
    if not rows:
        return _quarter(day)
    first = min(rows, key=_nearness)
    return Period(first.starts_on, first.ends_on, "quota")


def _nearness(row: Quota) -> tuple[bool, bool, timedelta, date]:
    """The least of it is the quota that sets the period."""
    return (
        is_one_month(row.starts_on, row.ends_on),
        row.person_id is not None,
        row.ends_on - row.starts_on,
        row.starts_on,
    )


def quota_of(session: Session, team_id: int, starts_on: date, ends_on: date) -> int | None:
    """The team's quota for exactly these dates, in minor units: its row, else its reps' summed."""
    rows = list(
        session.scalars(
            select(Quota).where(
                counts_for_team(team_id), Quota.starts_on == starts_on, Quota.ends_on == ends_on
            )
        )
    )
    return _quota(rows)


def next_period_of(session: Session, team_id: int, period: Period, today: date) -> Period | None:
    """The period after this one, in this one's last days; before them None."""
    if (period.ends_on - today).days >= standards(session).next_period_days:
        return None
    return period_of(session, team_id, period.ends_on + DAY)


def team_coverage(
    session: Session,
    team: Team,
    today: date,
    now: datetime | None = None,
    period: Period | None = None,
) -> Coverage:
    """The team's coverage in the period that contains `today`, or in the one given.

    Pipeline: open deals at a qualified stage whose close date lies in the period, past days of it
    included. Won: deals won on a day of the period. Evidence is as it counts at `now`; without it,
    as it counted when the local day began.
    """
    moment = now or datetime.combine(today, time(), ZoneInfo(team.zone)).astimezone(UTC)
    asked = period or period_of(session, team.id, today)
    quota = quota_of(session, team.id, asked.starts_on, asked.ends_on)
    return _Pipeline(session, team, today, moment).coverage(asked, quota)


@dataclass(frozen=True)
class RepCoverage:
    """A rep's coverage in the current period and, in its last days, in the next one."""

    person_id: int
    current: Coverage
    following: Coverage | None

    @property
    def under(self) -> tuple[Coverage, ...]:
        """Where the rep is under the standard."""
        both = (self.current, self.following)
        return tuple(each for each in both if each is not None and each.missing_minor)

    @property
    def missing_minor(self) -> int:
        """What lacks to the standard in all, in minor units."""
        return sum(each.missing_minor or 0 for each in self.under)


def rep_coverages(
    session: Session, team: Team, people: Iterable[Person], today: date, now: datetime
) -> list[RepCoverage]:
    """The coverage of each of these people against their own quota, in their order.

    A rep's period is the team's where a quota of theirs has its dates, else that of their own
    quota; without one the team's, in which nothing can be missing. A deal counts for its owner.
    """
    reps = list(people)
    pipeline = _Pipeline(session, team, today, now)
    current = period_of(session, team.id, today)
    following = next_period_of(session, team.id, current, today)
    quotas = _own_quotas(session, team.id, today)
    later = {} if following is None else _own_quotas(session, team.id, following.starts_on)
    found = []
    for rep in reps:
        now_of = pipeline.coverage(*_own(quotas.get(rep.id, ()), current), rep.id)
        next_of = None
        if following is not None:
            next_of = pipeline.coverage(*_own(later.get(rep.id, ()), following), rep.id)
        found.append(RepCoverage(rep.id, now_of, next_of))
    return found


def _own_quotas(session: Session, team_id: int, day: date) -> dict[int, list[Quota]]:
    """The quotas of people that contain a day, by person."""
    found: dict[int, list[Quota]] = {}
    for row in _rows_containing(session, team_id, day):
        if row.person_id is not None:
            found.setdefault(row.person_id, []).append(row)
    return found


def _own(rows: Sequence[Quota], of_team: Period) -> tuple[Period, int | None]:
    """The period that counts for a rep, and the quota of it."""
    for row in rows:
        if (row.starts_on, row.ends_on) == (of_team.starts_on, of_team.ends_on):
            return of_team, row.amount_minor
    if not rows:
        return of_team, None
    first = min(rows, key=_nearness)
    return Period(first.starts_on, first.ends_on, "quota"), first.amount_minor


class _Pipeline:
    """A team's qualified open deals, and what counts of them, read once for many questions."""

    def __init__(self, session: Session, team: Team, today: date, now: datetime) -> None:
        self.session, self.team, self.today, self.now = session, team, today, now
        self.limits = standards(session)
        self.deals = _qualified(session, team)
        self._is_proved: dict[int, bool] = {}
        self._won: dict[tuple[date, date], dict[int, int]] = {}

    def coverage(self, period: Period, quota: int | None, person_id: int | None = None) -> Coverage:
        """The coverage of the team, or of one of its people."""
        team = self.team
        closing = [
            deal
            for deal in _closing(self.deals, period.starts_on, period.ends_on)
            if person_id in (None, deal.owner_id)
        ]
        wins = self._wins(period)
        won = sum(wins.values()) if person_id is None else wins.get(person_id, 0)
        remaining = None if quota is None else max(0, quota - won)
        pipeline, evidenced = _sum(closing, team), _sum(self._proved(closing), team)
        measure = quota if self.limits.coverage_against == "full" else remaining
        return Coverage(
            period=period,
            quota_minor=quota,
            won_minor=won,
            remaining_minor=remaining,
            pipeline_minor=pipeline,
            evidenced_minor=evidenced,
            against_full=_times(pipeline, quota),
            against_remaining=_times(pipeline, remaining),
            evidenced=_times(evidenced, measure),
            missing_minor=_missing(pipeline, remaining, measure, self.limits.coverage),
            standard=self.limits.coverage,
            counted=sum(1 for deal in closing if _adds(deal, team)),
            without_amount=sum(1 for deal in closing if deal.amount_minor is None),
            other_currency=sum(
                1 for deal in closing if deal.amount_minor is not None and not _adds(deal, team)
            ),
        )

    def _proved(self, closing: list[Deal]) -> list[Deal]:
        unknown = [deal for deal in closing if deal.id not in self._is_proved]
        for deal_id, stands in standing(self.session, unknown, self.now, self.today).items():
            self._is_proved[deal_id] = bool(stands.asked and not stands.open)
        return [deal for deal in closing if self._is_proved[deal.id]]

    def _wins(self, period: Period) -> dict[int, int]:
        days = (period.starts_on, period.ends_on)
        if days not in self._won:
            self._won[days] = won_by_owner(self.session, self.team, *days)
        return self._won[days]


def month_gap(session: Session, team: Team, today: date) -> MonthGap:
    """The gap of the calendar month that contains `today` (product.md, "month gap")."""
    starts_on = today.replace(day=1)
    ends_on = today.replace(day=monthrange(today.year, today.month)[1])
    exact = _month_target(session, team.id, today, starts_on, ends_on)
    won = won_between(session, team, starts_on, ends_on)
    closing = _sum(qualified_closing(session, team, starts_on, ends_on), team)
    if exact is None:
        return MonthGap(starts_on, None, won, None, closing, None, None)
    target = _rounded(exact)
    needed = _standard_of(max(Fraction(0), exact - won), standards(session).coverage)
    return MonthGap(starts_on, target, won, target - won, closing, needed, needed - closing)


def won_between(session: Session, team: Team, starts_on: date, ends_on: date) -> int:
    """What the team's owners won on these days, both included, in minor units of its currency."""
    return sum(won_by_owner(session, team, starts_on, ends_on).values())


def won_by_owner(session: Session, team: Team, starts_on: date, ends_on: date) -> dict[int, int]:
    """The same by owner's id; who won nothing is left out."""
    rows = session.execute(
        select(Deal.owner_id, func.coalesce(func.sum(Deal.amount_minor), 0))
        .join(Stage, Stage.id == Deal.stage_id)
        .where(
            Stage.kind == StageKind.WON,
            Deal.closed_on.between(starts_on, ends_on),
            Deal.currency == team.currency,
            owned_by_team(Deal.owner_id, team.id),
        )
        .group_by(Deal.owner_id)
    )
    return {owner_id: int(total or 0) for owner_id, total in rows}


def _rows_containing(session: Session, team_id: int, day: date) -> list[Quota]:
    return list(
        session.scalars(
            select(Quota).where(
                counts_for_team(team_id), Quota.starts_on <= day, Quota.ends_on >= day
            )
        )
    )


def _quota(rows: list[Quota]) -> int | None:
    own = [row.amount_minor for row in rows if row.person_id is None]
    reps = [row.amount_minor for row in rows if row.person_id is not None]
    if own:
        return own[0]
    return sum(reps) if reps else None


def _month_target(
    session: Session, team_id: int, today: date, starts_on: date, ends_on: date
) -> Fraction | None:
    """Exact, since a third of a quarter is multiplied again before it is rounded."""
    entered = quota_of(session, team_id, starts_on, ends_on)
    if entered is not None:
        return Fraction(entered)
    period = period_of(session, team_id, today)
    quota = quota_of(session, team_id, period.starts_on, period.ends_on)
    return None if quota is None else Fraction(quota, _months_in(period))


def _months_in(period: Period) -> int:
    """Three in a quarter, also in one of thirteen weeks; twelve in a year; at least one."""
    days = (period.ends_on - period.starts_on).days + 1
    return max(1, round(days * 12 / 365.25))


def _quarter(day: date) -> Period:
    first = (day.month - 1) // 3 * 3 + 1
    ends_on = date(day.year, first + 2, monthrange(day.year, first + 2)[1])
    return Period(date(day.year, first, 1), ends_on, "quarter")


def _qualified(session: Session, team: Team) -> list[Deal]:
    qualified = set(session.scalars(select(Stage.id).where(Stage.qualified)))
    return [deal for deal in open_deals(session, team.id) if deal.stage_id in qualified]


def qualified_closing(session: Session, team: Team, starts_on: date, ends_on: date) -> list[Deal]:
    """The team's open deals at a qualified stage that close on these days, both included."""
    return _closing(_qualified(session, team), starts_on, ends_on)


def _closing(deals: Iterable[Deal], starts_on: date, ends_on: date) -> list[Deal]:
    return [
        deal
        for deal in deals
        if deal.close_on is not None and starts_on <= deal.close_on <= ends_on
    ]


def _adds(deal: Deal, team: Team) -> bool:
    return deal.amount_minor is not None and deal.currency == team.currency


def _sum(deals: Iterable[Deal], team: Team) -> int:
    return sum(deal.amount_minor or 0 for deal in deals if _adds(deal, team))


def _times(minor: int, of_minor: int | None) -> float | None:
    return minor / of_minor if of_minor else None


def _missing(
    pipeline: int, remaining: int | None, measure: int | None, standard: float
) -> int | None:
    if remaining is None or measure is None:
        return None
    if remaining == 0:
        return 0
    return max(0, _standard_of(measure, standard) - pipeline)


def _standard_of(minor: int | Fraction, standard: float) -> int:
    """That many times the money, in whole minor units, never less than asked."""
    return ceil(minor * Fraction(str(standard)))


def _rounded(minor: Fraction) -> int:
    return int(minor + Fraction(1, 2))
