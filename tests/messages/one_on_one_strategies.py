"""Any screens of one-on-ones, with the names and words that nobody hopes for."""

from datetime import time
from typing import Any

from hypothesis import strategies as st

from models.days import DayOff, Off
from models.one_on_ones import Changes, FreeSlot
from models.screens import (
    AheadShown,
    BreachTold,
    ChangeForm,
    DayOffShown,
    FinishDeal,
    FinishForm,
    FlaggedDeal,
    HeldShown,
    Instead,
    Landing,
    LastCoaching,
    LeftOutShown,
    MovedShown,
    NewCoachTold,
    NotesForm,
    OneOnOneCard,
    OneOnOneChanged,
    OneOnOneRow,
    OthersZoneTold,
    PointsForm,
    PointShown,
    Preparation,
    SettledShown,
    Side,
    StandingForm,
    StandingLanding,
    StandingRow,
    StandingsForm,
    StandingShown,
    StandingTold,
    StartedShown,
    TurnShown,
    UnsetTold,
    ZoneTold,
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
timed = st.builds(StandingShown, weekday, local_time, minutes, zones, days)
standing = timed | st.builds(StandingShown, st.none(), st.none(), minutes, zones, days)
turn = st.builds(
    lambda places, over, week: TurnShown(places + over, places, week),
    number,
    st.integers(1, 30),
    maybe(days),
)
left_out = st.builds(LeftOutShown, days, few(who, 30))
standing_told = st.builds(
    StandingTold, coach=who, zone=zones, standing=standing, earlier=maybe(standing),
    turn=maybe(turn),
)  # fmt: skip
new_coach = st.builds(NewCoachTold, who, who)
unset = st.builds(UnsetTold, few(who, 40))
zone_told = st.builds(ZoneTold, zones, few(st.builds(AheadShown, ids, who, moments), 10))
others_zone = st.builds(OthersZoneTold, ids, who, zones, zones, moments, st.booleans())
off = st.builds(DayOffShown, who, days, st.builds(DayOff, st.sampled_from(Off), typed))
landing = st.builds(
    StandingLanding,
    who,
    zones,
    days,
    standing,
    few(st.builds(Landing, days, st.sampled_from(Instead), moments, maybe(off)), 2),
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
        st.builds(
            StandingRow, who, maybe(standing), st.booleans(), maybe(standing), maybe(days), number
        ),
        max_size=60,
        unique_by=lambda one: one.person.id,
    ).map(tuple),
    coach=maybe(who),
    own=maybe(standing),
    places=number,
    left_out=few(left_out, 2),
)
standing_form = st.builds(
    StandingForm,
    person=who,
    standing=timed,
    weekdays=st.sampled_from(("234", "12345")),
    minutes_least=minutes,
    minutes_most=minutes,
    free=few(st.builds(FreeSlot, weekday, local_time)),
    in_rotation=st.booleans(),
    may_rotate=st.booleans(),
    people=number,
    places=number,
)
