"""The Friday forecast as people read it: its message, where each team's stands, a person's own.

Figures of a person are for who runs the team (and, their own, for that person); commitments and
coaching for the chain alone: a deputy sees neither (product.md, "What is public").
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from models import access, forecast
from models.access import Act
from models.delivery import Kind
from models.forecast import (
    Excuse,
    Figures,
    Forecast,
    ForecastLine,
    ForecastState,
    Measures,
    SlipRate,
)
from models.people import (
    Person,
    Team,
    members,
    people_by_id,
    standards,
    team,
    today_of,
)
from models.screens.pieces import active_addressee, is_posted, team_money, team_shown, who_shown
from models.screens.shown import Money, TeamShown, Who

# --- the pieces


@dataclass(frozen=True)
class FiguresShown:
    commit: Money
    best_case: Money
    pipeline: Money


@dataclass(frozen=True)
class LineShown:
    """Somebody's forecast; `before`: the last one, of whatever period that was about."""

    person: Who
    figures: FiguresShown
    before: FiguresShown | None


@dataclass(frozen=True)
class AccuracyShown:
    """Of a period that is over: `forecast` of the day `on` against what was `won`, the denominator.

    `value` None: nothing was won, or (`forecast` None) nothing was forecast early enough. `weeks`:
    each Friday's own, for the trend.
    """

    starts_on: date
    ends_on: date
    forecast: Money | None
    on: date | None
    won: Money
    value: float | None
    weeks: tuple[tuple[date, float | None], ...]


@dataclass(frozen=True)
class SlipShown:
    """Of a period; with fewer than `least` deals there are too few data to say a share."""

    starts_on: date
    ends_on: date
    slipped: int
    counted: int
    slipped_money: Money
    counted_money: Money
    least: int


@dataclass(frozen=True)
class MeasuresShown:
    """A team's: the last period that is over, and the one that runs; None: nothing of it yet."""

    accuracy: AccuracyShown | None
    slip: SlipShown | None
    slip_so_far: SlipShown | None


@dataclass(frozen=True)
class FlowShown:
    """How a Friday's forecast stands. `minutes` spent, `aim` those within which it is to be done.

    `running`: somebody (`runner`) is at it now. `over`: nothing about it changes any more.
    """

    forecast_id: int
    team: TeamShown
    day: date
    starts_on: date
    ends_on: date
    state: ForecastState
    excuse: Excuse | None
    steps_done: int
    minutes: int
    aim: int
    runner: Who | None
    running: bool
    late_from: datetime
    closes_at: datetime
    over: bool
    finished_by: Who | None

    @property
    def finished(self) -> bool:
        return self.state in (ForecastState.DONE, ForecastState.LATE)


@dataclass(frozen=True)
class ForecastDm:
    """The message to who was asked, or took it over.

    `lines` and what follows are filled once it is finished. `before_day`: of the forecast beside
    this one; `before_ends_on`: the last day of that one's period where it was another. `chain`:
    the reader is the manager or above, who alone set commitments and see `measures`. `lacking`:
    reps without an entry for next week.
    """

    flow: FlowShown
    to: Who
    stands_in_for: Who | None
    lines: tuple[LineShown, ...]
    total: FiguresShown | None
    total_before: FiguresShown | None
    before_day: date | None
    before_ends_on: date | None
    measures: MeasuresShown | None
    chain: bool
    lacking: int


def figures_shown(figures: Figures, of_team: Team) -> FiguresShown:
    return FiguresShown(
        team_money(figures.commit, of_team),
        team_money(figures.best_case, of_team),
        team_money(figures.pipeline, of_team),
    )


def flow_shown(session: Session, found: Forecast, of_team: Team, now: datetime) -> FlowShown:
    ids = [each for each in (found.runner_id, found.finished_by_id) if each is not None]
    people = {one.id: who_shown(one) for one in people_by_id(session, ids).values()}
    is_over = now >= found.closes_at
    return FlowShown(
        forecast_id=found.id,
        team=team_shown(of_team),
        day=found.day,
        starts_on=found.starts_on,
        ends_on=found.ends_on,
        state=found.state,
        excuse=found.excuse,
        steps_done=found.steps_done,
        minutes=forecast.minutes_spent(found, min(now, found.closes_at)),
        aim=standards(session).forecast_minutes,
        runner=None if found.runner_id is None else people.get(found.runner_id),
        running=found.running_since is not None and not is_over,
        late_from=found.late_from,
        closes_at=found.closes_at,
        over=is_over,
        finished_by=None if found.finished_by_id is None else people.get(found.finished_by_id),
    )


def measures_shown(found: Measures, of_team: Team) -> MeasuresShown:
    accurate = found.accuracy
    shown = None
    if accurate is not None:
        in_time = accurate.forecast
        shown = AccuracyShown(
            accurate.starts_on,
            accurate.ends_on,
            None if in_time is None else team_money(in_time.commit_minor, of_team),
            None if in_time is None else in_time.day,
            team_money(accurate.won_minor, of_team),
            accurate.value,
            tuple((week.day, accurate.of(week)) for week in accurate.weeks),
        )
    return MeasuresShown(
        shown, _slip_shown(found.slip, of_team), _slip_shown(found.slip_so_far, of_team)
    )


def _slip_shown(found: SlipRate | None, of_team: Team) -> SlipShown | None:
    if found is None:
        return None
    return SlipShown(
        found.starts_on,
        found.ends_on,
        found.slipped,
        found.counted,
        team_money(found.slipped_minor, of_team),
        team_money(found.counted_minor, of_team),
        found.least,
    )


# --- the message


def forecast_dm(session: Session, card_id: int, now: datetime) -> ForecastDm | None:
    """To who was asked for a forecast, or took it over, while they may run the team.

    One that was not posted until its time was over is no longer wanted.
    """
    card = forecast.get_card(session, card_id)
    found = active_addressee(session, Kind.FORECAST_CARD, card_id)
    if found is None:
        return None
    message, person = found
    of = forecast.get_forecast(session, card.forecast_id)
    if not access.may(session, person, Act.RUN_FORECAST, team_id=of.team_id):
        return None
    if now >= of.closes_at and not is_posted(message):
        return None
    return dm_shown(session, of, person, now)


def dm_shown(session: Session, of: Forecast, person: Person, now: datetime) -> ForecastDm:
    """The same for a person who may see it."""
    of_team = team(session, of.team_id)
    flow = flow_shown(session, of, of_team, now)
    chain = access.may(session, person, Act.SET_COMMITMENTS, team_id=of_team.id)
    manager_id = of_team.manager_id
    away = None if manager_id in (None, person.id) else people_by_id(session, [manager_id or 0])
    shown = ForecastDm(
        flow=flow,
        to=who_shown(person),
        stands_in_for=next((who_shown(one) for one in (away or {}).values() if one.active), None),
        lines=(),
        total=None,
        total_before=None,
        before_day=None,
        before_ends_on=None,
        measures=None,
        chain=chain,
        lacking=0,
    )
    return _finished(session, of, of_team, shown, now) if flow.finished else shown


def _finished(
    session: Session, of: Forecast, of_team: Team, shown: ForecastDm, now: datetime
) -> ForecastDm:
    given = forecast.current_lines(session, of.id)
    earlier = forecast.last_before(session, of)
    before = {} if earlier is None else forecast.current_lines(session, earlier.id)
    reps = [rep.id for rep in members(session, of_team.id)]
    entries = forecast.committed(session, reps, of.week + forecast.WEEK)
    return ForecastDm(
        flow=shown.flow,
        to=shown.to,
        stands_in_for=shown.stands_in_for,
        lines=lines_shown(session, given, before, of_team),
        total=figures_shown(forecast.total(given.values()), of_team),
        total_before=figures_shown(forecast.total(before.values()), of_team) if before else None,
        before_day=None if earlier is None else earlier.day,
        before_ends_on=other_period(of, earlier),
        measures=_measures(session, of_team, now) if shown.chain else None,
        chain=shown.chain,
        lacking=len(set(reps) - entries.keys()),
    )


def _measures(session: Session, of_team: Team, now: datetime) -> MeasuresShown:
    return measures_shown(forecast.measures(session, of_team, today_of(of_team, now)), of_team)


def other_period(of: Forecast, earlier: Forecast | None) -> date | None:
    """The last day of the earlier forecast's period, if that was another one."""
    if earlier is None or (earlier.starts_on, earlier.ends_on) == (of.starts_on, of.ends_on):
        return None
    return earlier.ends_on


def lines_shown(
    session: Session,
    given: Mapping[int, ForecastLine],
    before: Mapping[int, ForecastLine],
    of_team: Team,
) -> tuple[LineShown, ...]:
    """By name."""
    people = sorted(people_by_id(session, given).values(), key=lambda one: (one.name, one.id))
    return tuple(
        LineShown(
            who_shown(person),
            figures_shown(forecast.figures_of(given[person.id]), of_team),
            figures_shown(forecast.figures_of(before[person.id]), of_team)
            if person.id in before
            else None,
        )
        for person in people
    )


# --- the trail


@dataclass(frozen=True)
class LineVersion:
    person: Who
    by: Who
    at: datetime
    figures: FiguresShown
    suggested: FiguresShown  # what the deals alone said
    is_current: bool


@dataclass(frozen=True)
class CommitmentVersion:
    person: Who
    by: Who
    at: datetime
    activities: int | None
    conversions: int | None
    is_current: bool


@dataclass(frozen=True)
class ForecastTrail:
    """Everything that was given in a forecast, oldest first; commitments for the chain alone."""

    flow: FlowShown
    lines: tuple[LineVersion, ...]
    commitments: tuple[CommitmentVersion, ...]


def forecast_trail(
    session: Session, actor: Person, forecast_id: int, now: datetime
) -> ForecastTrail:
    """Raises `Refused`, `UnknownForecast`."""
    of = forecast.get_forecast(session, forecast_id)
    access.require(session, actor, Act.RUN_FORECAST, team_id=of.team_id)
    of_team = team(session, of.team_id)
    given = forecast.all_lines(session, of.id)
    chain = access.may(session, actor, Act.SET_COMMITMENTS, team_id=of_team.id)
    set_ = forecast.all_commitments(session, of.id) if chain else []
    ids = {line.person_id for line in given} | {line.given_by_id for line in given}
    ids |= {one.person_id for one in set_} | {one.set_by_id for one in set_}
    people = {one.id: who_shown(one) for one in people_by_id(session, ids).values()}
    return ForecastTrail(
        flow=flow_shown(session, of, of_team, now),
        lines=tuple(_version(line, people, of_team) for line in given),
        commitments=tuple(
            CommitmentVersion(
                people[one.person_id],
                people[one.set_by_id],
                one.set_at,
                one.activities,
                one.conversions,
                one.is_current,
            )
            for one in set_
        ),
    )


def _version(line: ForecastLine, people: Mapping[int, Who], of_team: Team) -> LineVersion:
    said = Figures(
        line.suggested_commit_minor,
        line.suggested_best_case_minor,
        line.suggested_pipeline_minor,
    )
    return LineVersion(
        people[line.person_id],
        people[line.given_by_id],
        line.given_at,
        figures_shown(forecast.figures_of(line), of_team),
        figures_shown(said, of_team),
        line.is_current,
    )
