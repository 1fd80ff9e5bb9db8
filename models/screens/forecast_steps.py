"""The four steps of a Friday's forecast, as each is asked for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import access, coaching, forecast
from models.access import Act
from models.activities import covered
from models.coaching import Received
from models.deals import latest_import
from models.forecast import (
    Forecast,
    ForecastClosed,
    ForecastLine,
    Numbers,
    Step,
    Suggested,
    Tier,
    WeekResult,
)
from models.one_on_ones import State, states_of_week
from models.people import (
    Person,
    Quota,
    Team,
    counts_for_team,
    get_person,
    members,
    standards,
    team,
)
from models.screens.forecast import (
    FiguresShown,
    FlowShown,
    ForecastDm,
    dm_shown,
    figures_shown,
    flow_shown,
    other_period,
)
from models.screens.pieces import team_money, who_shown
from models.screens.shown import Money, Who
from models.week_agenda import agenda_of

LINES_A_PAGE = 5
COMMITMENTS_A_PAGE = 8
_SUNDAY = timedelta(days=6)  # after the Monday
_WEEK = timedelta(days=7)

T = TypeVar("T")


@dataclass(frozen=True)
class LineAsked:
    """One person's figures to be given. `start`: what stands, else what the deals say.

    `before`: the last forecast's, of whatever period. `uncounted`: deals that could not be added.
    `entry_id`: of what stands.
    """

    person: Who
    quota: Money | None
    won: Money
    start: FiguresShown
    before: FiguresShown | None
    uncounted: int
    entry_id: int | None = None


@dataclass(frozen=True)
class LinesForm:
    """Step 1, one page of it. `stages`: the names of those that each tier adds.

    `before_day`: of the last forecast; `before_ends_on`: its period's last day where it was about
    another period.
    """

    flow: FlowShown
    stages: Mapping[Tier, tuple[str, ...]]
    page: int
    pages: int
    people: tuple[LineAsked, ...]
    before_day: date | None
    before_ends_on: date | None
    deals_as_of: datetime | None  # None: never imported


@dataclass(frozen=True)
class CoachedInWeek:
    """`sessions` and `minutes` logged this week, by whomever; where their one-on-one stands.

    `may_log`: the reader coaches them.
    """

    person: Who
    sessions: int
    minutes: int
    one_on_one: State | None
    may_log: bool


@dataclass(frozen=True)
class CoachingWeek:
    """Step 2. `people` None: the reader stands in, and `manager` alone (and above) sees it."""

    flow: FlowShown
    manager: Who | None
    people: tuple[CoachedInWeek, ...] | None


@dataclass(frozen=True)
class CommitmentAsked:
    """What a rep commits to next: `start` is what stands, else this week's numbers.

    `result`: of this week, None where nothing was agreed for it. `entry_id`: of what stands.
    """

    person: Who
    start: Numbers
    result: WeekResult | None
    entry_id: int | None = None


@dataclass(frozen=True)
class CommitmentsForm:
    """Step 3, one page of it, for the week of `monday`. `people` None: as in `CoachingWeek`.

    `told_until`: the last day of which files of activities told; None: none ever did.
    """

    flow: FlowShown
    manager: Who | None
    monday: date
    page: int
    pages: int
    people: tuple[CommitmentAsked, ...] | None
    told_until: date | None
    most: int


@dataclass(frozen=True)
class SlippedShown:
    name: str
    before: date
    to: date | None


@dataclass(frozen=True)
class AgendaForm:
    """Step 4, for the health check of `monday`: `lines` that stand, else what is suggested.

    `missing`: pipeline that the team lacks to `standard` times what remains of its quota.
    """

    flow: FlowShown
    monday: date
    lines: tuple[str, ...]
    missing: Money | None
    standard: float
    slipped: tuple[SlippedShown, ...]
    not_in_crm: tuple[str, ...]
    item_ids: tuple[int, ...] = ()


StepForm = LinesForm | CoachingWeek | CommitmentsForm | AgendaForm | ForecastDm


def forecast_step(
    session: Session,
    actor: Person,
    forecast_id: int,
    now: datetime,
    step: Step | None = None,
    page: int | None = None,
) -> StepForm:
    """A step to be done: that one, else the next; once there is none, what it all came to.

    Without a `page` it is the first on which somebody's entry is lacking. Raises `Refused`,
    `ForecastClosed`, `UnknownForecast`.
    """
    of = forecast.get_forecast(session, forecast_id)
    access.require(session, actor, Act.RUN_FORECAST, team_id=of.team_id)
    if now >= of.closes_at:
        raise ForecastClosed(of.closes_at)
    of_team = team(session, of.team_id)
    flow = flow_shown(session, of, of_team, now)
    match step or forecast.next_step(of):
        case Step.FORECAST:
            return _lines(session, of, of_team, flow, page)
        case Step.COACHING:
            return _coaching(session, actor, of, of_team, flow)
        case Step.COMMITMENTS:
            return _commitments(session, actor, of, of_team, flow, page)
        case Step.AGENDA:
            return _agenda(session, of, of_team, flow, now)
    return dm_shown(session, of, actor, now)


# --- figures


def _lines(
    session: Session, of: Forecast, of_team: Team, flow: FlowShown, page: int | None
) -> LinesForm:
    says = forecast.suggested(session, of_team, of.starts_on, of.ends_on)
    everybody = forecast.forecast_people(session, of_team, says)
    given = forecast.current_lines(session, of.id)
    pages = _pages(everybody, LINES_A_PAGE)
    number = _page(pages, given, page)
    earlier = forecast.last_before(session, of)
    before = {} if earlier is None else forecast.current_lines(session, earlier.id)
    quotas, taken = _quotas(session, of), latest_import(session)
    return LinesForm(
        flow=flow,
        stages={
            tier: tuple(stage.name for stage in stages)
            for tier, stages in forecast.tiers(session).items()
        },
        page=number,
        pages=len(pages),
        people=tuple(
            _asked(one, of_team, says.get(one.id, Suggested()), given, before, quotas)
            for one in pages[number]
        ),
        before_day=None if earlier is None else earlier.day,
        before_ends_on=other_period(of, earlier),
        deals_as_of=None if taken is None else taken.imported_at,
    )


def _asked(
    person: Person,
    of_team: Team,
    said: Suggested,
    given: Mapping[int, ForecastLine],
    before: Mapping[int, ForecastLine],
    quotas: Mapping[int, int],
) -> LineAsked:
    stands, earlier = given.get(person.id), before.get(person.id)
    start = said.figures if stands is None else forecast.figures_of(stands)
    quota = quotas.get(person.id)
    return LineAsked(
        person=who_shown(person),
        quota=None if quota is None else team_money(quota, of_team),
        won=team_money(said.won_minor, of_team),
        start=figures_shown(start, of_team),
        before=None if earlier is None else figures_shown(forecast.figures_of(earlier), of_team),
        uncounted=said.uncounted,
        entry_id=None if stands is None else stands.id,
    )


def _quotas(session: Session, of: Forecast) -> dict[int, int]:
    rows = session.execute(
        select(Quota.person_id, Quota.amount_minor).where(
            counts_for_team(of.team_id),
            Quota.starts_on == of.starts_on,
            Quota.ends_on == of.ends_on,
            Quota.person_id.is_not(None),
        )
    )
    return {person_id: amount for person_id, amount in rows if person_id is not None}


# --- coaching


def _coaching(
    session: Session, actor: Person, of: Forecast, of_team: Team, flow: FlowShown
) -> CoachingWeek:
    if not access.may(session, actor, Act.SET_COMMITMENTS, team_id=of_team.id):
        return CoachingWeek(flow, _manager(session, of_team), None)
    reps = members(session, of_team.id)
    ids = [rep.id for rep in reps]
    got = coaching.received(session, ids, of.week, of.week + _SUNDAY)
    manager_id = of_team.manager_id
    sat = {} if manager_id is None else states_of_week(session, manager_id, ids, of.week)
    mine = {one.id for one in access.coached_by(session, actor)}
    return CoachingWeek(
        flow,
        _manager(session, of_team),
        tuple(_coached(rep, got[rep.id], sat.get(rep.id), rep.id in mine) for rep in reps),
    )


def _coached(rep: Person, got: Received, sat: State | None, may_log: bool) -> CoachedInWeek:
    return CoachedInWeek(who_shown(rep), got.sessions, got.minutes, sat, may_log)


def _manager(session: Session, of_team: Team) -> Who | None:
    return (
        None if of_team.manager_id is None else who_shown(get_person(session, of_team.manager_id))
    )


# --- commitments


def _commitments(
    session: Session,
    actor: Person,
    of: Forecast,
    of_team: Team,
    flow: FlowShown,
    page: int | None,
) -> CommitmentsForm:
    manager, monday = _manager(session, of_team), of.week + _WEEK
    if not access.may(session, actor, Act.SET_COMMITMENTS, team_id=of_team.id):
        return CommitmentsForm(flow, manager, monday, 0, 1, None, None, forecast.MOST)
    reps = members(session, of_team.id)
    ids = [rep.id for rep in reps]
    stands = forecast.committed(session, ids, monday)
    this_week = forecast.committed(session, ids, of.week)
    found = forecast.results(session, of_team, reps, of.week)
    pages = _pages(reps, COMMITMENTS_A_PAGE)
    number = _page(pages, stands, page)
    nothing = Numbers(None, None)
    shown = []
    for rep in pages[number]:
        agreed = stands.get(rep.id)
        before = agreed or this_week.get(rep.id)
        start = nothing if before is None else forecast.numbers_of(before)
        entry_id = None if agreed is None else agreed.id
        shown.append(CommitmentAsked(who_shown(rep), start, found.get(rep.id), entry_id))
    told = covered(session)
    return CommitmentsForm(
        flow=flow,
        manager=manager,
        monday=monday,
        page=number,
        pages=len(pages),
        people=tuple(shown),
        told_until=told[-1][1] if told else None,
        most=forecast.MOST,
    )


# --- agenda


def _agenda(
    session: Session, of: Forecast, of_team: Team, flow: FlowShown, now: datetime
) -> AgendaForm:
    monday = of.week + _WEEK
    stands = agenda_of(session, of_team.id, monday)
    found = forecast.suggestions(session, of_team, of, now)
    gap = found.missing_minor
    return AgendaForm(
        flow=flow,
        monday=monday,
        lines=tuple(item.text for item in stands),
        item_ids=tuple(item.id for item in stands),
        missing=None if gap is None else team_money(gap, of_team),
        standard=standards(session).coverage,
        slipped=tuple(SlippedShown(one.name, one.before, one.to) for one in found.slipped),
        not_in_crm=found.not_in_crm,
    )


# --- pages


def _pages(people: Sequence[Person], size: int) -> list[Sequence[Person]]:
    """At least one, which may be empty."""
    return [people[n : n + size] for n in range(0, len(people), size)] or [()]


def _page(pages: Sequence[Sequence[Person]], given: Mapping[int, T], wanted: int | None) -> int:
    """The page that is wanted, if there is one; else the first that lacks somebody's entry."""
    if wanted is not None:
        return min(wanted, len(pages) - 1)
    lacking = (n for n, page in enumerate(pages) if any(one.id not in given for one in page))
    return next(lacking, 0)
