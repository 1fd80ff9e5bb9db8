"""Any screens: with the names, answers and reasons that nobody hopes for, and many of them."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st

from models.agenda import Skipped
from models.coaching import CoachingKind, How, LogInput
from models.deals import Field
from models.evidence import AnswerKind, State
from models.flags import Flag, FlagCode
from models.pipeline_review import MOST_PRACTICE, DecisionKind, Gone
from models.screens import (
    AdjustForm,
    AdminParked,
    AnswerForm,
    AnswerShown,
    AnswersReply,
    Asked,
    Author,
    ChangeShown,
    ClosedShown,
    ClosingCard,
    ClosingRow,
    CoachingAnswered,
    CoachingShown,
    CoachingTrail,
    CoverageShown,
    DealCard,
    DealChoice,
    DealLine,
    DealShown,
    DecideForm,
    DecidingDm,
    DecidingOver,
    DecisionShown,
    DeputyTeam,
    DeputyTold,
    DisputedShown,
    DisputeScreen,
    DueAction,
    EditScreen,
    EntryShown,
    EvidenceShown,
    HistoryScreen,
    LastAction,
    LogScreen,
    Money,
    MonthShown,
    NextShown,
    OwnerDm,
    PastDecision,
    PickAdjusted,
    PickDm,
    PickRow,
    Posted,
    PracticeAsked,
    PracticeBefore,
    PracticeChoice,
    PracticeForm,
    PracticeShown,
    PutRightDm,
    QuotedShown,
    RenewForm,
    ReviewEnded,
    ReviewParent,
    ReviewStatus,
    RightRow,
    SkippedNotice,
    StageShown,
    StartDeal,
    StartForm,
    TeamShown,
    ToConfirm,
    ToConfirmDm,
    VersionShown,
    Waiting,
    Who,
    Why,
    WithdrawnShown,
)

NASTY = (
    "<!channel>", "<@U0EVIL>", "<https://evil.example|click>", "*bold* _it_ `code` ~no~",
    "& &amp; &lt;", "شركة النور للتجارة", "\u202eabc", "🙂" * 60, "x" * 3000, "a\nb\n\nc", " ",
    "<!date^1|x>", "“quoted”", "#general @here",
)  # fmt: skip

# whole screens are too large to be made smaller within a test's time: what failed is shown as it is
many = settings(
    max_examples=8,
    phases=[each for each in Phase if each not in (Phase.shrink, Phase.explain)],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)

typed = st.one_of(st.sampled_from(NASTY), st.text(min_size=1, max_size=60))
days = st.dates(date(2026, 1, 1), date(2028, 12, 31))
moments = st.integers(0, 2 * 365 * 24 * 60).map(
    lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
ids = st.integers(1, 10**9)
number = st.integers(0, 12)
slack_ids = st.sampled_from(("U0ANA", "U0MAX", "U0LEA"))
minor = st.integers(-(10**12), 10**14)
locales = st.sampled_from(("en_US", "de_DE", "ar", "xx"))
zones = st.sampled_from(("America/New_York", "Asia/Kathmandu", "UTC"))


def few(strategy: st.SearchStrategy[Any], most: int = 12) -> st.SearchStrategy[Any]:
    return st.lists(strategy, max_size=most).map(tuple)


def maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategy


who = st.builds(Who, ids, slack_ids, typed)
money = st.builds(Money, minor, st.sampled_from(("USD", "EUR", "JPY")), locales)
stage = st.builds(StageShown, ids, typed.map(lambda name: name[:80]))
team = st.builds(
    TeamShown,
    ids,
    typed.map(lambda name: name[:80]),
    maybe(st.just("C0WEST")),
    st.sampled_from(("USD", "JPY")),
    locales,
    zones,
)
deal = st.builds(
    DealShown,
    ids,
    typed.map(lambda name: name[:200]),
    who,
    maybe(money),
    stage,
    maybe(days),
    maybe(st.just("https://crm.example/7")),
)
flag = st.builds(
    Flag, st.sampled_from(FlagCode), st.fixed_dictionaries({"times": number, "days": number})
)
posted = st.just(Posted("C0WEST", "1795000000.000100"))
short = typed.map(lambda text: text[:40])
evidence = st.builds(EvidenceShown, number, number, few(short), few(short), number, few(short))
next_action = st.builds(NextShown, typed.map(lambda text: text[:500]), who, days, st.booleans())

VALUES: dict[AnswerKind, st.SearchStrategy[dict[str, Any]]] = {
    AnswerKind.MONEY: st.builds(lambda n: {"minor": n, "currency": "USD"}, st.integers(1, 10**15)),
    AnswerKind.CONTACT: st.builds(lambda a, b: {"name": a, "title": b}, short, short),
    AnswerKind.SOURCE: st.sampled_from(("told", "contact", "not_yet")).map(
        lambda source: {"source": source}
    ),
    AnswerKind.MET: st.just({"met": False})
    | days.map(lambda on: {"met": True, "on": on.isoformat()}),
    AnswerKind.MEETING: st.just({"state": "none"})
    | days.map(lambda on: {"state": "booked", "on": on.isoformat()}),
    AnswerKind.DATE: days.map(lambda on: {"on": on.isoformat()}),
    AnswerKind.TEXT: typed.map(lambda text: {"text": text}),
}


@st.composite
def _asked(draw: st.DrawFn, state: st.SearchStrategy[State]) -> Asked:
    kind = draw(st.sampled_from(AnswerKind))
    stands = draw(state)
    value = None if stands is State.OPEN else draw(VALUES[kind])
    return Asked(
        question_id=draw(ids),
        key=f"{stands}_{draw(ids)}",
        kind=kind,
        label=draw(typed)[:150],
        short=draw(short),
        state=stands,
        stale=stands is State.STALE,
        second_hand=draw(st.booleans()),
        value=value,
        answered_on=None if value is None else draw(days),
        given_by=draw(who) if stands is State.UNCONFIRMED else None,
    )


@st.composite
def _answered(draw: st.DrawFn) -> AnswerShown:
    kind = draw(st.sampled_from(AnswerKind))
    return AnswerShown(
        draw(typed)[:150],
        draw(short),
        kind,
        draw(VALUES[kind]),
        draw(st.booleans()),
        draw(st.booleans()),
        draw(st.booleans()),
        draw(days),
        draw(st.booleans()),
        draw(st.booleans()),
    )


@st.composite
def _change(draw: st.DrawFn) -> ChangeShown:
    kinds: dict[Field, st.SearchStrategy[Any]] = {
        Field.STAGE: stage,
        Field.AMOUNT: money,
        Field.CLOSE: days,
        Field.OWNER: who,
    }
    field = draw(st.sampled_from(Field))
    value = maybe(kinds[field])
    return ChangeShown(draw(moments), field, draw(value), draw(value), draw(maybe(who)))


unanswered = _asked(st.sampled_from((State.OPEN, State.FILLED)))
answered = _asked(st.sampled_from((State.UNCONFIRMED, State.STALE, State.PROVED)))

# The pieces by their types; what is built of them is inferred from the screens' own annotations.
for _type, _strategy in {
    Who: who,
    Money: money,
    StageShown: stage,
    TeamShown: team,
    DealShown: deal,
    Flag: flag,
    Posted: posted,
    EvidenceShown: evidence,
    NextShown: next_action,
    AnswerShown: _answered(),
    ChangeShown: _change(),
}.items():
    st.register_type_strategy(_type, _strategy)

why = st.builds(
    Why, share=st.floats(0, 1), days_to_close=maybe(st.integers(-400, 400)), flags=few(flag)
)
decision = st.builds(
    DecisionShown,
    at=moments,
    reason=maybe(typed),
    from_close=maybe(days),
    to_close=maybe(days),
    replaced=number,
)
deal_line = st.builds(DealLine, review_deal_id=ids, left=st.booleans())


def lines_of(most: int) -> st.SearchStrategy[Any]:
    return st.lists(deal_line, max_size=most, unique_by=lambda one: one.review_deal_id).map(tuple)


waiting = st.builds(Waiting, answers=number, decisions=number)
closed = st.builds(ClosedShown, by=maybe(who), at=moments, undecided=number)
last_action = st.builds(LastAction, text=typed, due_on=days)
due_action = st.builds(DueAction, action_id=ids, text=typed, due_on=days)
parent = st.builds(
    ReviewParent,
    review_id=ids,
    day=days,
    decide_from=moments,
    deals=st.integers(0, 30),
    decided=st.integers(0, 30),
    waiting=few(waiting),
    undecided=few(short),
    closed=maybe(closed),
    trial=st.booleans(),
)
card = st.builds(
    DealCard,
    review_id=ids,
    review_deal_id=ids,
    today=days,
    why=why,
    last_action=maybe(last_action),
    unchanged_since=maybe(days),
    unchanged_reviews=number,
    left=st.booleans(),
    decision=maybe(decision),
    decide_from=moments,
    closed=maybe(closed),
)
author = st.builds(Author, slack_ids, typed)
quoted = st.builds(QuotedShown, st.just("https://north.slack.com/p1?x=1&y=2"), author)
reply = st.builds(
    AnswersReply, answers=few(_answered()), behalf_of=maybe(who), quoted=maybe(quoted)
)
to_confirm = st.builds(ToConfirm, review_deal_id=ids, newest_id=ids, answers=few(_answered(), 5))


def to_confirm_of(most: int) -> st.SearchStrategy[Any]:
    unlike = st.lists(to_confirm, max_size=most, unique_by=lambda one: one.review_deal_id)
    return unlike.map(tuple)


to_confirm_dm = st.builds(ToConfirmDm, day=days, deals=to_confirm_of(14), settled=few(typed))
practice_text = typed.map(lambda text: text[:MOST_PRACTICE])
practice_asked = st.builds(
    PracticeAsked, practice_id=ids, deal=typed, text=practice_text, shared=maybe(st.booleans())
)
practice_form = st.builds(
    PracticeForm,
    review_deal_id=ids,
    deal=typed,
    choices=st.lists(
        st.builds(PracticeChoice, ids, short, typed, who),
        max_size=14,
        unique_by=lambda one: one.answer_id,
    ).map(tuple),
    before=few(st.builds(PracticeBefore, practice_text, who, st.booleans())),
)
owner_dm = st.builds(OwnerDm, deals=lines_of(60), decide_from=moments, closed=maybe(closed))
deciding_dm = st.builds(
    DecidingDm, stands_in_for=maybe(who), undecided=lines_of(60), closed=maybe(closed)
)
row = st.builds(
    ClosingRow,
    deal=typed,
    to_stage=maybe(short),
    to_close=maybe(days),
    next_text=maybe(typed),
    next_due=maybe(days),
)
ratio = maybe(st.floats(0, 1000))
coverage = st.builds(
    CoverageShown,
    period_starts=days,
    period_ends=days,
    against_remaining=ratio,
    against_full=ratio,
    evidenced=ratio,
    standard=st.floats(1, 9),
    without_amount=number,
)
closing = st.builds(
    ClosingCard,
    day=days,
    closed=closed,
    counts=st.dictionaries(st.sampled_from(DecisionKind), number),
    rows=few(row),
    settled=few(st.tuples(typed, short)),
    unchanged=few(typed),
    unchanged_reviews=number,
    left=few(typed),
    coverage=maybe(coverage),
    month=maybe(st.builds(MonthShown, month=days)),
    practices=few(st.builds(PracticeShown, who, typed, practice_text)),
)
status = st.builds(
    ReviewStatus,
    review=maybe(parent),
    mine=lines_of(30),
    last=maybe(closed),
    last_day=maybe(days),
    next_cards=maybe(moments),
    next_deciding=maybe(moments),
    pick_id=maybe(ids),
)
skipped = st.builds(
    SkippedNotice,
    prompt=short,
    team=maybe(team),
    zone=zones,
    due_at=moments,
    reason=short | st.sampled_from(Skipped),
    put_off_to=maybe(moments),
    others=few(st.tuples(short, moments), 7),
)
deciding_over = st.builds(DecidingOver, team=team, decider=maybe(who), closed=st.booleans())
ended = st.builds(ReviewEnded, day=days, closed=closed, deals=number, undecided=few(typed))
deputy = st.builds(DeputyTold, by=maybe(who), manager=maybe(who), ended_at=maybe(moments))
deputies = st.lists(
    st.builds(DeputyTeam, deputy=maybe(who)), max_size=30, unique_by=lambda one: one.team.id
).map(tuple)
renew_form = st.builds(RenewForm, action_id=ids, text=typed, due=days)
parked = st.builds(AdminParked, channel_id=maybe(st.just("C0WEST")), error=short, since=moments)
answer_form = st.builds(
    AnswerForm,
    today=days,
    open=st.lists(unanswered, max_size=5, unique_by=lambda one: one.key).map(tuple),
    answered=st.lists(answered, max_size=5, unique_by=lambda one: one.key).map(tuple),
    behalf_of=maybe(who),
)
decide_form = st.builds(
    DecideForm,
    today=days,
    demote_to=st.lists(stage, max_size=5, unique_by=lambda one: one.id).map(tuple),
    current=maybe(decision),
    next_due=days,
    due_least=days,
    due_most=days,
    owners=few(who),
)
start_deals = st.lists(
    st.builds(StartDeal, score=maybe(st.floats(0, 1)), why=why),
    max_size=130,
    unique_by=lambda one: one.deal.id,
).map(tuple)
start_form = st.builds(
    StartForm,
    deals=start_deals,
    least=number,
    most=number,
    next_day=days,
    open_review=st.none(),
    open_parent=st.none(),
    next_deciding=maybe(moments),
)
adjust_form = st.builds(
    AdjustForm,
    pick_id=ids,
    version_id=ids,
    deals=start_deals.filter(bool),
    least=number,
    most=number,
)
gone = st.sampled_from(Gone)
pick_dm = st.builds(
    PickDm,
    pick_id=ids,
    today=days,
    cards_at=moments,
    deals=st.lists(st.builds(PickRow, why=why, gone=maybe(gone)), min_size=1, max_size=30).map(
        tuple
    ),
    adjusted=maybe(st.builds(PickAdjusted, at=moments, added=few(typed), dropped=few(typed))),
    left_out=few(st.tuples(typed, gone)),
    filled=few(typed),
    ended=maybe(short | st.sampled_from(Skipped)),
    trial=st.booleans(),
)
put_right_dm = st.builds(
    PutRightDm,
    today=days,
    rows=few(
        st.builds(
            RightRow,
            crm_stage=maybe(stage),
            crm_close=maybe(st.tuples(maybe(days))),
            flags=few(flag, 4),
        ),
        40,
    ),
    in_order=few(typed, 40),
)
history = st.builds(
    HistoryScreen,
    changes=few(_change(), 60),
    decisions=few(st.builds(PastDecision, day=days, decision=decision), 60),
)


# --- coaching

permalinks = st.just("https://north.slack.com/archives/C0WEST/p1?x=1&y=2")
entry = st.builds(
    EntryShown, ids, typed, typed, typed, days, days, st.sampled_from(CoachingKind),
    st.sampled_from(How), st.integers(1, 480), maybe(typed), st.booleans(), moments,
)  # fmt: skip
coaching_answered = st.builds(CoachingAnswered, st.booleans(), maybe(typed), moments)
withdrawn = st.builds(WithdrawnShown, moments, typed)
coaching = st.builds(
    CoachingShown, ids, who, who, zones, days, entry, maybe(typed), maybe(permalinks),
    st.booleans(), maybe(coaching_answered), maybe(withdrawn), st.booleans(),
    maybe(author),
)  # fmt: skip
coaching_disputed = st.builds(DisputedShown, coaching, coaching_answered, st.booleans())
areas = st.lists(st.text(min_size=1, max_size=70), min_size=1, max_size=120, unique=True)
log_screen = st.builds(
    LogScreen, st.lists(who, min_size=1, max_size=120, unique_by=lambda one: one.id).map(tuple),
    maybe(who), areas.map(tuple), few(st.builds(DealChoice, ids, typed), 120), maybe(ids), days,
    st.integers(1, 480), days, st.integers(1, 100),
)  # fmt: skip
log_input = st.builds(
    LogInput, typed, typed, typed, days, days, st.sampled_from(CoachingKind),
    st.sampled_from(How), st.integers(1, 480), maybe(ids),
)  # fmt: skip
edit_screen = st.builds(EditScreen, log_screen, log_input)
dispute_screen = st.builds(DisputeScreen, who, days, entry, maybe(coaching_answered))
coaching_trail = st.builds(
    CoachingTrail, who, zones, days,
    st.lists(
        st.builds(VersionShown, entry, few(coaching_answered, 5)), min_size=1, max_size=40
    ).map(tuple),
    maybe(withdrawn),
)  # fmt: skip
