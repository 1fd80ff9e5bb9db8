"""What the steps of a forecast keep: figures per person, a look at the coaching, the agenda."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.base import Faults, RuleBroken
from models.days import DAY
from models.forecast.figures import Figures, Suggested, forecast_people, suggested
from models.forecast.reading import current_lines, figures_of
from models.forecast.refusals import (
    AgendaLineTooLong,
    AgendaTooLong,
    ChangedMeanwhile,
    FigureTooSmall,
)
from models.forecast.running import at_work, own_entries, step_done
from models.forecast.tables import Forecast, ForecastDeal, ForecastLine, Step, Tier
from models.people import Person, team
from models.week_agenda import MOST_ITEM, MOST_ITEMS, agenda_of, set_agenda


def save_lines(
    session: Session,
    actor: Person,
    forecast_id: int,
    given: Mapping[int, Figures],
    now: datetime,
    seen: Mapping[int, int] | None = None,
) -> tuple[int, ...]:
    """What these people's deals bring; who of them has none here any more, and was left out.

    The same figures again change nothing; others replace them, and the trail keeps both. `seen`: as
    in `own_entries`. The step is done once everybody has figures. Raises `Refused`,
    `ForecastClosed`, `RunByOther`, `ChangedMeanwhile`, `Faults` of `FigureTooSmall`.
    """
    forecast = at_work(session, actor, forecast_id, now)
    faults = tuple(
        fault
        for person_id, figures in given.items()
        for fault in _out_of_order(forecast.team_id, person_id, figures)
    )
    if faults:
        raise Faults(faults)
    of_team = team(session, forecast.team_id)
    says = suggested(session, of_team, forecast.starts_on, forecast.ends_on)
    here = {person.id for person in forecast_people(session, of_team, says)}
    lines = current_lines(session, forecast.id)
    own = own_entries(session, ForecastLine, figures_of, given, lines, seen)
    for person_id, figures in own.items():
        if person_id in here:
            before = lines.get(person_id)
            said = says.get(person_id, Suggested())
            _put(session, forecast, person_id, figures, said, before, actor, now)
    session.flush()
    if here <= lines.keys() | given.keys():
        step_done(session, forecast, Step.FORECAST, actor, now)
    return tuple(person_id for person_id in given if person_id not in here)


def _out_of_order(team_id: int, person_id: int, figures: Figures) -> Iterator[RuleBroken]:
    if figures.best_case < figures.commit:
        yield FigureTooSmall(team_id, person_id, Tier.BEST_CASE, figures.commit)
    if figures.pipeline < figures.best_case:
        yield FigureTooSmall(team_id, person_id, Tier.PIPELINE, figures.best_case)


def _put(
    session: Session,
    forecast: Forecast,
    person_id: int,
    figures: Figures,
    said: Suggested,
    before: ForecastLine | None,
    actor: Person,
    now: datetime,
) -> None:
    if before is not None:
        if figures_of(before) == figures:
            return
        before.is_current = False
        session.flush()  # before the new one: only one may be current
    else:
        _keep_deals(session, forecast, person_id, said)
    session.add(
        ForecastLine(
            forecast_id=forecast.id,
            person_id=person_id,
            commit_minor=figures.commit,
            best_case_minor=figures.best_case,
            pipeline_minor=figures.pipeline,
            suggested_commit_minor=said.figures.commit,
            suggested_best_case_minor=said.figures.best_case,
            suggested_pipeline_minor=said.figures.pipeline,
            given_by_id=actor.id,
            given_at=now,
        )
    )


def _keep_deals(session: Session, forecast: Forecast, owner_id: int, said: Suggested) -> None:
    """The open deals that the prefill counted; one that another owner's line kept stays theirs."""
    kept = select(ForecastDeal.deal_id).where(ForecastDeal.forecast_id == forecast.id)
    here = set(session.scalars(kept))
    session.add_all(
        ForecastDeal(
            forecast_id=forecast.id,
            deal_id=deal.id,
            owner_id=owner_id,
            tier=tier,
            amount_minor=deal.amount_minor,
            close_on=deal.close_on,
        )
        for deal, tier in said.deals
        if deal.id not in here
    )


def pass_step(session: Session, actor: Person, forecast_id: int, step: Step, now: datetime) -> None:
    """A step in which nothing is entered was looked at. Raises `Refused`, `ForecastClosed`,
    `RunByOther`."""
    forecast = at_work(session, actor, forecast_id, now)
    step_done(session, forecast, step, actor, now)


def save_agenda(
    session: Session,
    actor: Person,
    forecast_id: int,
    lines: Sequence[str],
    now: datetime,
    seen: Sequence[int] | None = None,
) -> None:
    """The agenda of the Monday after; none where there are no lines. `seen`: the ids of the lines
    that the person saw.

    Raises `Refused`, `ForecastClosed`, `RunByOther`, `ChangedMeanwhile`, `AgendaTooLong`,
    `AgendaLineTooLong`.
    """
    forecast = at_work(session, actor, forecast_id, now)
    if len(lines) > MOST_ITEMS:
        raise AgendaTooLong(len(lines), MOST_ITEMS)
    for number, line in enumerate(lines, start=1):
        if len(line) > MOST_ITEM:
            raise AgendaLineTooLong(number, MOST_ITEM)
    monday = forecast.week + 7 * DAY
    stands = {item.id: item.text for item in agenda_of(session, forecast.team_id, monday)}
    if seen is not None and [*stands] != [*seen] and [*stands.values()] != [*lines]:
        raise ChangedMeanwhile
    set_agenda(session, forecast.team_id, monday, actor.id, lines, now)
    step_done(session, forecast, Step.AGENDA, actor, now)
