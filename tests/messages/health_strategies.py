"""Any health check: with the names that nobody hopes for, many flags, many reps, old deals."""

from hypothesis import strategies as st

from models.coaching import TalkExcuse, TalkState
from models.flags import FlagCode
from models.health_check import ReasonCode
from models.screens import (
    FlagRow,
    FlagsScreen,
    Freshness,
    GapShown,
    HealthFlags,
    HealthSummary,
    ImportReminder,
    PutRight,
    QuotaLacks,
    QuotasMissing,
    ReasonShown,
    TalkForm,
    TalkReminder,
    TalkRow,
    TalksDm,
    TalkTold,
)
from tests.messages.strategies import (
    coverage,
    days,
    deal,
    few,
    flag,
    ids,
    maybe,
    moments,
    money,
    number,
    ratio,
    typed,
    who,
    zones,
)

against = st.sampled_from(("remaining", "full"))
fresh = st.builds(Freshness, maybe(moments), st.booleans(), number, number, number)
summary = st.builds(
    HealthSummary,
    check_id=ids,
    day=days,
    fresh=fresh,
    since=maybe(days),
    put_right=few(st.builds(PutRight, who, few(typed), number), 9),
    agenda=few(typed.map(lambda said: said[:300]), 10),
    coverage=few(coverage, 2),
    against=against,
    deals=number,
    flagged=number,
    kinds=few(st.tuples(st.sampled_from(FlagCode), number), 10),
    not_checked=number,
)
flag_row = st.builds(FlagRow, deal, few(flag, 6))
flags = st.builds(
    HealthFlags, check_id=ids, day=days, rows=few(flag_row, 60), more=st.integers(0, 900)
)
flags_screen = st.builds(
    FlagsScreen,
    check_id=ids,
    day=days,
    owners=st.lists(who, max_size=130, unique_by=lambda one: one.id).map(tuple),
    owner=maybe(who),
    rows=few(flag_row, 25),
    number=number,
    page=number,
    pages=number,
)
gap = st.builds(GapShown, days, days, ratio, money, st.floats(1, 9))
facts = st.fixed_dictionaries(
    {name: st.integers(0, 400) for name in ("deals", "won", "gone", "within")}
)
reason = st.builds(ReasonShown, st.sampled_from(ReasonCode), facts, maybe(money))
talk_row = st.builds(
    TalkRow,
    talk_id=ids,
    against=against,
    gaps=st.lists(gap, min_size=1, max_size=2).map(tuple),
    reasons=few(reason, 2),
    missing_now=maybe(money),
    state=st.sampled_from(TalkState),
    excuse=maybe(st.sampled_from(TalkExcuse)),
    sits_at=maybe(moments),
    kept_by=maybe(who),
    kept_at=maybe(moments),
    zone=zones,
)


def rows_of(most: int) -> st.SearchStrategy[tuple[TalkRow, ...]]:
    return st.lists(talk_row, max_size=most, unique_by=lambda one: one.talk_id).map(tuple)


talks = st.builds(
    TalksDm,
    check_id=ids,
    day=days,
    zone=zones,
    fresh=fresh,
    stands_in_for=maybe(who),
    rows=rows_of(60),
    reps=number,
    no_quota=few(who, 30),
    coverage=few(coverage, 2),
    against=against,
    ends_at=maybe(moments),
    over_for_me=st.booleans(),
    handed_to=maybe(who),
)
reminder = st.builds(TalkReminder, check_id=ids, rows=rows_of(40))
told = st.builds(
    TalkTold,
    talk_id=ids,
    sits_at=moments,
    zone=zones,
    minutes=st.integers(1, 480),
    gaps=few(gap, 2),
    against=against,
)
talk_form = st.builds(
    TalkForm,
    talk_id=ids,
    zone=zones,
    minutes=st.integers(1, 480),
    sits_at=maybe(moments),
    free=st.lists(moments, max_size=16, unique=True).map(tuple),
    hears_at=maybe(moments),
    hears_today=st.booleans(),
)
quotas = st.builds(
    QuotasMissing,
    few(st.builds(QuotaLacks, starts_on=days, people=few(who, 40), of_team=st.booleans()), 40),
)
import_reminder = st.builds(ImportReminder, fresh, zones)
