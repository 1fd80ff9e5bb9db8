"""Any screens of Friday forecasts, with the names that nobody hopes for, and many of them."""

from typing import Any

from hypothesis import strategies as st

from models.forecast import (
    MOST,
    Checked,
    Excuse,
    ForecastState,
    Numbers,
    Result,
    Tier,
    WeekResult,
)
from models.one_on_ones import State
from models.screens import (
    AccuracyShown,
    AgendaForm,
    CoachedInWeek,
    CoachingWeek,
    CommitmentAsked,
    CommitmentsForm,
    CommitmentVersion,
    FiguresShown,
    FlowShown,
    ForecastAtHome,
    ForecastDm,
    ForecastOverview,
    ForecastTrail,
    LineAsked,
    LinesForm,
    LineShown,
    LineVersion,
    MeasuresShown,
    OwnForecast,
    SlippedShown,
    SlipShown,
    TeamForecast,
    TeamMeasured,
    WeekCommitted,
)
from tests.messages.strategies import (
    days,
    few,
    ids,
    maybe,
    moments,
    money,
    number,
    team,
    typed,
    who,
)


def _people(of: st.SearchStrategy[Any], most: int) -> st.SearchStrategy[Any]:
    """Each person once, as a page has them."""
    return st.lists(of, max_size=most, unique_by=lambda one: one.person.id).map(tuple)


figures = st.builds(FiguresShown, money, money, money)
flow = st.builds(
    FlowShown,
    forecast_id=ids,
    team=team,
    state=st.sampled_from(ForecastState),
    excuse=maybe(st.sampled_from(Excuse)),
    steps_done=st.integers(0, 4),
    minutes=st.integers(0, 500),
    aim=st.just(20),
    runner=maybe(who),
    late_from=moments,
    closes_at=moments,
    finished_by=maybe(who),
    day=days,
    starts_on=days,
    ends_on=days,
    running=st.booleans(),
    over=st.booleans(),
)
_share = maybe(st.floats(-50, 1))
accuracy = st.builds(
    AccuracyShown,
    days,
    days,
    maybe(money),
    maybe(days),
    money,
    _share,
    few(st.tuples(days, _share), 14),
)
slip = st.builds(SlipShown, days, days, number, st.integers(1, 30), money, money, st.just(5))
measures = st.builds(MeasuresShown, maybe(accuracy), maybe(slip), maybe(slip))
line = st.builds(LineShown, who, figures, maybe(figures))
dm = st.builds(
    ForecastDm,
    flow=flow,
    to=who,
    stands_in_for=maybe(who),
    lines=few(line, 120),
    total=maybe(figures),
    total_before=maybe(figures),
    before_day=maybe(days),
    before_ends_on=maybe(days),
    measures=maybe(measures),
    chain=st.booleans(),
    lacking=number,
)
asked = st.builds(LineAsked, who, maybe(money), money, figures, maybe(figures), number)
names = few(typed.map(lambda name: name[:80]), 6)
lines = st.builds(
    LinesForm,
    flow=flow,
    stages=st.fixed_dictionaries(dict.fromkeys(Tier, names)),
    page=number,
    pages=st.integers(1, 30),
    people=_people(asked, 5),
    before_day=maybe(days),
    before_ends_on=maybe(days),
    deals_as_of=maybe(moments),
)
coaching = st.builds(
    CoachingWeek,
    flow,
    maybe(who),
    maybe(
        few(
            st.builds(
                CoachedInWeek, who, number, st.integers(0, 600), maybe(st.sampled_from(State)),
                st.booleans(),
            ),
            90,
        )
    ),
)  # fmt: skip
_numbers = st.builds(Numbers, maybe(st.integers(0, MOST)), maybe(st.integers(0, MOST)))
_checked = maybe(st.builds(Checked, number, number, st.sampled_from(Result)))
result = st.builds(WeekResult, _checked, _checked)
commitments = st.builds(
    CommitmentsForm,
    flow=flow,
    manager=maybe(who),
    monday=days,
    page=number,
    pages=st.integers(1, 20),
    people=maybe(_people(st.builds(CommitmentAsked, who, _numbers, maybe(result)), 8)),
    told_until=maybe(days),
    most=st.just(MOST),
)
agenda = st.builds(
    AgendaForm,
    flow=flow,
    monday=days,
    lines=few(typed.map(lambda text: text[:300]), 10),
    missing=maybe(money),
    standard=st.just(3.0),
    slipped=few(st.builds(SlippedShown, typed, days, maybe(days)), 5),
    not_in_crm=few(typed, 30),
)
trail = st.builds(
    ForecastTrail,
    flow,
    few(st.builds(LineVersion, who, who, moments, figures, figures, st.booleans()), 80),
    few(
        st.builds(
            CommitmentVersion, who, who, moments, maybe(number), maybe(number), st.booleans()
        ),
        80,
    ),
)
own = st.builds(OwnForecast, days, days, days, figures)
overview = st.builds(
    ForecastOverview,
    who,
    few(
        st.builds(
            TeamForecast, team, maybe(flow), maybe(moments), maybe(flow), few(line, 80),
            maybe(figures),
        ),
        30,
    ),
    maybe(own),
)  # fmt: skip
at_home = st.builds(
    ForecastAtHome,
    few(flow, 8),
    maybe(own),
    few(st.builds(WeekCommitted, days, result), 3),
    few(st.builds(TeamMeasured, team, measures), 14),
)
