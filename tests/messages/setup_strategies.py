"""Any step of setting up, with the names and words that nobody hopes for."""

from datetime import time

from hypothesis import strategies as st

from handlers.setup.previews import Previewed
from models.channels import Unfit
from models.delivery import Kind
from models.screens import (
    CompanyDays,
    CompanyDayShown,
    PeopleForm,
    QuotasForm,
    QuotaShown,
    SetupShown,
    SkippedTime,
    TeamForm,
    TeamSteps,
    TimesForm,
)
from models.setup import ReviewTimes, WeekTime
from models.week import WEEK
from tests.messages import forecast_strategies as any_forecast
from tests.messages import one_on_one_strategies as any_one_on_one
from tests.messages import rating_strategies as any_rating
from tests.messages import strategies as any_
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

when = st.builds(WeekTime, st.integers(1, 5), st.builds(time, st.integers(0, 23)))
clock = st.builds(time, st.integers(0, 23), st.integers(0, 59))
times = st.builds(ReviewTimes, when, when, is_on=st.booleans())
steps = st.builds(
    TeamSteps,
    team=team,
    manager=maybe(who),
    leader=maybe(who),
    reps=few(who, 40),
    wrong=maybe(st.sampled_from(Unfit)),
    deals=number,
    deals_as_of=maybe(moments),
    deals_stale=st.booleans(),
    quotas=st.builds(QuotaShown, days, number, maybe(money)),
    times=times,
    previewed=st.booleans(),
    starts_on=maybe(days),
    trial_ends_on=maybe(days),
    monday=days,
    zoneless=few(who, 12),
    skipped=few(st.builds(SkippedTime, clock, days, clock), 2),
)
setup = st.builds(
    SetupShown,
    setup_id=ids,
    zone=any_.zones,
    steps=maybe(steps),
    others=few(st.tuples(team, st.booleans()), 40),
)
preview = st.one_of(
    st.builds(Previewed, st.just(Kind.REVIEW_PICK), any_.pick_dm),
    st.builds(Previewed, st.just(Kind.REVIEW_PARENT), any_.parent),
    st.builds(Previewed, st.just(Kind.REVIEW_CARD), any_.card),
    st.builds(Previewed, st.just(Kind.REVIEW_OWNER), any_.owner_dm),
    st.builds(Previewed, st.just(Kind.REVIEW_DECIDING), any_.deciding_dm),
    st.builds(Previewed, st.just(Kind.FORECAST_CARD), any_forecast.dm),
    st.builds(Previewed, st.just(Kind.ONE_ON_ONE_COACH), any_one_on_one.card),
    st.builds(Previewed, st.just(Kind.ONE_ON_ONE_RATING), any_rating.asked),
)
locales = st.sampled_from(["en_US", "de_DE", "sv_SE", "hu_HU"])
team_form = st.builds(
    TeamForm,
    team=maybe(team),
    manager=maybe(who),
    may_be_public=st.booleans(),
    zone=any_.zones,
    locale=locales,
    currency=st.sampled_from(["USD", "EUR", "JPY"]),
)
people_form = st.builds(PeopleForm, team, few(who, 60), maybe(who))
quotas_form = st.builds(
    QuotasForm,
    team=team,
    quarter=st.tuples(days, days),
    today=days,
    reps=st.lists(
        st.tuples(who, maybe(st.integers(0, 10**14))),
        max_size=120,
    ).map(lambda rows: tuple({one.id: (one, amount) for one, amount in rows}.values())),
    whole=maybe(st.integers(0, 10**14)),
)
company_days = st.builds(
    CompanyDays,
    days,
    few(
        st.builds(
            CompanyDayShown,
            ids,
            typed,
            days,
            days,
            maybe(team),
            maybe(st.sampled_from(("DE", "US-CA", "XX"))),
        ),
        30,
    ),
    few(team, 80),
    few(st.sampled_from(("DE", "DE-BY", "US-CA", "XX")), 60).map(
        lambda said: tuple(dict.fromkeys(said))
    ),
)
fixed = st.fixed_dictionaries({one.prompt: st.none() | when for one in WEEK})
times_form = st.builds(TimesForm, team, times, st.booleans(), fixed)
