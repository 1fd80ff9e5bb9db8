"""Any Home, digest and settings, with the names and words that nobody hopes for."""

from hypothesis import strategies as st

from models.absences import AbsenceSource
from models.agenda import Skipped
from models.attention import Block, Topic
from models.calendars import Problem
from models.days import DayOff, Off
from models.health_check import KeptRate
from models.pipeline_review import Grade
from models.schedule import SkipReason
from models.screens import (
    AbsenceShown,
    Calendar,
    CalendarShown,
    Coached,
    CoachingMonth,
    CoachingReceived,
    DayOfWeek,
    DaysOff,
    Digest,
    DigestSession,
    ForecastBegun,
    HeldBack,
    HeldShown,
    HomeAction,
    HomeCoach,
    HomeReview,
    HomeScreen,
    LateAbsence,
    ManagerShown,
    MessagesChosen,
    PromptOfDay,
    Ran,
    RescuingShown,
    ReviewWaits,
    SessionBegun,
    TalkBegun,
    TeamLed,
    Unrecorded,
    Upcoming,
)
from models.week import CARDS
from tests.messages import forecast_strategies, health_strategies
from tests.messages.health_strategies import rows_of
from tests.messages.one_on_one_strategies import (
    left_out,
    moved,
    preparation,
    row,
    settled,
    turn,
)
from tests.messages.strategies import (
    days,
    due_action,
    few,
    ids,
    lines_of,
    maybe,
    moments,
    number,
    parent,
    parked,
    put_right_dm,
    short,
    team,
    to_confirm_of,
    typed,
    who,
    zones,
)

received = st.builds(
    CoachingReceived,
    ids,
    ids,
    who,
    days,
    typed.map(lambda said: said[:80]),
    typed,
    typed.map(lambda said: said[:500]),
    days,
    maybe(st.booleans()),
)
rescuing = st.builds(
    lambda manager, own, others, least: RescuingShown(manager, own, own + others, least),
    who,
    number,
    number,
    st.integers(1, 12),
)
day_off = st.builds(DayOff, st.sampled_from(Off), typed)
prompt = st.builds(
    PromptOfDay,
    prompt=st.sampled_from((CARDS, "unheard.of")),
    team=team,
    at=moments,
    ran=st.sampled_from(Ran),
    reason=maybe(st.sampled_from((*Skipped, *SkipReason, "KeyError"))),
    put_off_to=maybe(moments),
)
coach = st.builds(
    HomeCoach,
    unrecorded=few(row),
    held=maybe(st.builds(HeldShown, number, number)),
    week=few(st.builds(DayOfWeek, days, few(row, 6), few(prompt, 8), maybe(day_off)), 7),
    month=st.builds(
        CoachingMonth,
        people=few(st.builds(Coached, who, st.integers(0, 6000), number), 40),
        hours=st.tuples(st.floats(0, 100), st.floats(0, 100)),
        share=maybe(st.floats(0, 3)),
        share_asked=st.floats(0, 1),
    ),
    rescuing=few(rescuing, 30),
    held_back=few(
        st.builds(
            HeldBack, team, number, moments, st.sampled_from(("not_in_channel", "is_archived", "x"))
        ),
        4,
    ),
    left_out=few(left_out, 2),
)
led = st.builds(
    TeamLed,
    team=team,
    waits=maybe(st.builds(ReviewWaits, number, moments)),
    last_grade=maybe(st.sampled_from(Grade)),
    last_on=maybe(days),
)
manager = st.builds(
    ManagerShown,
    person=who,
    may_coach=st.booleans(),
    teams=few(led, 6),
    unrecorded=number,
    uncoached=number,
    coached=number,
    held=maybe(st.builds(HeldShown, number, number)),
    breaches=number,
    talks=maybe(st.builds(KeptRate, number, number, number)),
    places=number,
)
calendar_shown = st.builds(
    CalendarShown,
    shown=typed.map(lambda said: said[:300]),
    zone=zones,
    today=days,
    looking=st.booleans(),
    problem=maybe(st.sampled_from(Problem)),
    since=maybe(moments),
    to_tell=st.booleans(),
    was_read=st.booleans(),
    busy=number,
    off=few(st.tuples(days, days), 12),
    unread=number,
).filter(lambda one: one.problem is not None or not one.to_tell)
calendar_address = maybe(calendar_shown)
clock = st.times().map(lambda at: at.replace(second=0, microsecond=0))
messages = st.builds(
    MessagesChosen,
    zones,
    st.booleans(),
    st.booleans(),
    st.integers(0, 240),
    st.sampled_from([tuple(Topic), (Topic.COACHING, Topic.PRACTICE)]),
    st.frozensets(st.sampled_from(Topic)),
    maybe(st.tuples(clock, clock)),
    few(st.tuples(ids, st.builds(Block, st.sampled_from(("1234567", "24")), clock, clock)), 10),
    maybe(moments),
    st.integers(1, 50),
    st.integers(0, 999),
)
late_absence = st.builds(
    LateAbsence,
    entered_at=moments,
    zone=zones,
    sessions=few(st.builds(SessionBegun, who, moments, st.booleans()), 12),
    talks=few(st.builds(TalkBegun, who, who, days, st.booleans()), 12),
    forecasts=few(st.builds(ForecastBegun, team, days), 3),
    person=who,
    accepted_by=maybe(who),
    accepted_at=maybe(moments),
)
home = st.builds(
    HomeScreen,
    zone=zones,
    today=days,
    to_rate=few(row),
    to_answer=few(received),
    to_confirm=to_confirm_of(6),
    to_accept=few(late_absence, 5),
    put_right=maybe(put_right_dm),
    zone_is_slacks=st.booleans(),
    reviews=few(st.builds(HomeReview, review=parent, mine=lines_of(30)), 8),
    sessions_today=few(row),
    sessions_next=few(row, 10),
    sessions_more=number,
    has_standing=st.booleans(),
    managers=few(manager, 14),
    coach=maybe(coach),
    can_start=few(team, 8),
    due=few(due_action, 30),
    actions=few(st.builds(HomeAction), 30),
    received=few(received, 5),
    upcoming=few(st.builds(Upcoming, prompt=short, at=moments), 8),
    deals_as_of=maybe(moments),
    parked=few(parked),
    forecast=forecast_strategies.at_home,
    zone_of=maybe(team),
    calendar=calendar_address,
    talks=rows_of(12),
    talks_with=few(health_strategies.told, 2),
    messages=maybe(messages),
    left_out=maybe(turn),
)
digest = st.builds(
    Digest,
    person=who,
    zone=zones,
    day=days,
    next_day=days,
    sessions=few(
        st.builds(
            DigestSession,
            row,
            moments,
            maybe(moved),
            maybe(settled),
            maybe(preparation),
        ),
        15,
    ),
    unrecorded=few(st.builds(Unrecorded, row, days)),
    to_rate=few(row),
    to_answer=few(received),
    trial=st.booleans(),
    actions=few(due_action),
    in_thread=st.integers(0, 99),
)
absence = st.builds(
    AbsenceShown, ids, days, days, few(row, 30), st.sampled_from(AbsenceSource), maybe(who),
    maybe(who), st.booleans(),
)  # fmt: skip
days_off = st.builds(
    DaysOff,
    days,
    few(absence, 30),
    st.booleans(),
    few(st.tuples(days, typed), 60),
    calendar=calendar_address,
)
calendar = st.builds(
    Calendar,
    zones,
    st.booleans(),
    st.sampled_from(("12345", "7")),
    maybe(st.sampled_from(("US", "DE-BY", "XX"))),
    maybe(team),
)
