"""Forecasts at Home: to be done, a rep's own line and commitments, what a team is measured by."""

from handlers import lines, words
from handlers.blocks import header, section
from handlers.forecast import phrases
from handlers.forms import Json
from handlers.lines import Bold, Line, joined
from models.screens import FlowShown, ForecastAtHome, OwnForecast, TeamMeasured, WeekCommitted, Who

_MOST_FLOWS = 5
_MOST_TEAMS = 10


def waiting(shown: ForecastAtHome, reader: Who) -> list[Json]:
    """Each forecast to be done, with the same button as its message."""
    return [_flow(flow, reader) for flow in shown.flows[:_MOST_FLOWS]]


def _flow(flow: FlowShown, reader: Who) -> Json:
    first = joined([phrases.title(flow), (phrases.progress(flow),), phrases.at_it(flow, reader)])
    return section(joined([first, phrases.standing(flow)], "\n"), phrases.next_button(flow, reader))


def own(shown: ForecastAtHome) -> list[Json]:
    """What a rep alone (and the chain) sees: the own line, the own commitments."""
    said: list[Line] = [_own(shown.own)] if shown.own else []
    said += [_week(one) for one in shown.weeks]
    return [header("Your forecast and commitments"), lines.rich_list(said)] if said else []


def _own(one: OwnForecast) -> Line:
    about = phrases.period(one.starts_on, one.ends_on)
    return f"Forecast of {words.day(one.day)} for {about}: ", Bold(phrases.three(one.figures))


def _week(one: WeekCommitted) -> Line:
    return f"Week of {words.day(one.monday)}: ", phrases.result(one.result)


def measured(shown: ForecastAtHome) -> list[Json]:
    """Forecast accuracy and slip rate of one's own team, or of those below."""
    said = [line for one in shown.measured[:_MOST_TEAMS] for line in _team(one)]
    return [header("Forecasts"), lines.rich_list(said)] if said else []


def _team(one: TeamMeasured) -> list[Line]:
    name = Bold(words.said(one.team.name))
    return [(name, " · ", *line) for line in phrases.measures(one.measures)]
