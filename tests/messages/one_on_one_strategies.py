"""Any screens of one-on-ones, with the names and words that nobody hopes for."""

from datetime import time
from typing import Any

from hypothesis import strategies as st

from models.one_on_ones import Changes, FreeSlot
from models.screens import (
    BreachTold,
    ChangeForm,
    FinishDeal,
    FinishForm,
    FlaggedDeal,
    HeldShown,
    LastCoaching,
    MovedShown,
    NotesForm,
    OneOnOneCard,
    OneOnOneChanged,
    OneOnOneRow,
    PointsForm,
    PointShown,
    Preparation,
    SettledShown,
    Side,
    StandingForm,
    StandingRow,
    StandingsForm,
    StandingShown,
    StandingTold,
    StartedShown,
)
from tests.messages.strategies import (
    days,
    few,
    flag,
    ids,
    maybe,
    moments,
    next_action,
    number,
    short,
    typed,
    who,
    zones,
)

minutes = st.integers(1, 480)
weekday = st.integers(1, 7)
local_time = st.builds(time, st.integers(0, 23), st.integers(0, 59))
text = typed.map(lambda said: said[:500])
areas = st.lists(typed.map(lambda said: said[:70]), min_size=1, max_size=12, unique=True)

point = st.builds(PointShown, ids, who, typed.map(lambda said: said[:300]))


def points(most: int) -> st.SearchStrategy[Any]:
    return st.lists(point, max_size=most, unique_by=lambda one: one.id).map(tuple)


last = st.builds(
    LastCoaching, days, typed.map(lambda said: said[:80]), typed, text, days, maybe(st.booleans())
)
preparation = st.builds(
    Preparation,
    last=maybe(last),
    points=points(20),
    without_next=few(short, 30),
    flagged=few(st.builds(FlaggedDeal, typed.map(lambda said: said[:200]), flag), 3),
    held=maybe(st.builds(HeldShown, number, number)),
    notes=maybe(typed),
)
moved = st.builds(MovedShown, maybe(who), moments, moments)
settled = st.builds(SettledShown, by=maybe(who), at=moments, reason=maybe(text), deals=number)
card = st.builds(
    OneOnOneCard,
    one_on_one_id=ids,
    other=who,
    zone=zones,
    today=days,
    starts_at=moments,
    minutes=minutes,
    started=maybe(st.builds(StartedShown, who, moments)),
    moved=maybe(moved),
    settled=maybe(settled),
    preparation=maybe(preparation),
    log_id=maybe(ids),
    trial=st.booleans(),
)
changed = st.builds(
    OneOnOneChanged,
    one_on_one_id=ids,
    other=who,
    zone=zones,
    today=days,
    starts_at=moments,
    moved=maybe(moved),
    settled=maybe(settled),
    next_at=maybe(moments),
    goes_on=st.booleans(),
)
standing = st.builds(StandingShown, weekday, local_time, minutes, zones, days)
standing_told = st.builds(
    StandingTold, coach=who, zone=zones, standing=standing, earlier=maybe(standing)
)
breach = st.builds(
    BreachTold, coach=who, person=who, first=days, last=days,
    changes=st.builds(Changes, number, number, number, number),
)  # fmt: skip
row = st.builds(
    OneOnOneRow, one_on_one_id=ids, other=who, starts_at=moments, minutes=minutes, zone=zones,
    started_at=maybe(moments),
)  # fmt: skip

finish_deal = st.builds(
    FinishDeal,
    ids,
    typed.map(lambda said: said[:200]),
    typed.map(lambda said: said[:80]),
    maybe(next_action),
    who,
    days,
)
finish_form = st.builds(
    FinishForm,
    one_on_one_id=ids,
    person=who,
    starts_at=moments,
    zone=zones,
    today=days,
    minutes=minutes,
    notes=maybe(typed),
    deals=st.lists(finish_deal, max_size=120, unique_by=lambda one: one.id).map(tuple),
    due_most=days,
    points=points(20),
    focus_areas=areas.map(tuple),
    feedback_characters=number,
)
change_form = st.builds(
    ChangeForm,
    ids,
    who,
    st.sampled_from(Side),
    zones,
    moments,
    minutes,
    st.lists(moments, max_size=6, unique=True),
)
points_form = st.builds(PointsForm, ids, who, points(20), points(20))
notes_form = st.builds(NotesForm, ids, who, maybe(typed))
standings_form = st.builds(
    StandingsForm,
    zone=zones,
    rows=st.lists(
        st.builds(StandingRow, who, maybe(standing), st.booleans(), maybe(standing)), max_size=60,
        unique_by=lambda one: one.person.id,
    ).map(tuple),
    coach=maybe(who),
    own=maybe(standing),
)  # fmt: skip
standing_form = st.builds(
    StandingForm,
    person=who,
    standing=standing,
    weekdays=st.sampled_from(("234", "12345")),
    minutes_least=minutes,
    minutes_most=minutes,
    free=few(st.builds(FreeSlot, weekday, local_time)),
)
