"""How forecasts, their progress and what they are measured by are put, wherever they appear."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta

from handlers import words
from handlers.blocks import button
from handlers.forms import Json
from handlers.ids import Id
from handlers.lines import Bold, Line, Moment, joined
from handlers.pipeline_review.phrases import figure, who
from models.forecast import Checked, Excuse, ForecastState, Result, WeekResult
from models.screens import (
    AccuracyShown,
    FiguresShown,
    FlowShown,
    LineShown,
    MeasuresShown,
    SlipShown,
    Who,
)

STEPS = ("forecast per rep", "the week's coaching", "commitments", "Monday's agenda")
_TREND = 6  # weeks
_NONE = "0\u00a0%"
_MOST_LINES = 60


def title(flow: FlowShown) -> Line:
    """`Friday forecast · West · Fri 27 Nov`."""
    return Bold(f"Friday forecast · {words.said(flow.team.name)}"), f" · {words.day(flow.day)}"


def progress(flow: FlowShown) -> str:
    """`▓▓░░ 2 of 4 · 6 min so far`."""
    done = flow.steps_done
    bar = "▓" * done + "░" * (len(STEPS) - done)
    spent = f" · {words.duration(flow.minutes)} so far" if flow.minutes else ""
    return f"{bar} {done} of {len(STEPS)}{spent}"


def period(starts_on: date, ends_on: date) -> str:
    """`Q4 2026`, or its days."""
    after = ends_on + timedelta(days=1)
    months = (after.year - starts_on.year) * 12 + after.month - starts_on.month
    if starts_on.day == after.day == 1 and months == 3 and starts_on.month % 3 == 1:
        return f"Q{(starts_on.month + 2) // 3} {starts_on.year}"
    return f"{words.day(starts_on)} to {words.day(ends_on)} {ends_on.year}"


def at_it(flow: FlowShown, reader: Who) -> Line:
    """`@cleo is at it.`, where that is somebody else."""
    if flow.runner is None or flow.runner.id == reader.id or flow.finished:
        return ()
    return who(flow.runner), " is at it." if flow.running else " has begun it."


_EXCUSES = {
    Excuse.TRIAL: words.TRIAL,
    Excuse.NOBODY: "Excused: everybody was off.",
    Excuse.ASKED_OFF: "Excused: who was asked was away.",
}


def standing(flow: FlowShown) -> Line:
    """What became of it in time, and until when it can be completed."""
    if flow.finished:
        return took(flow)
    closes = Moment(flow.closes_at, flow.team.zone)
    if flow.state is ForecastState.EXCUSED:
        why = _EXCUSES[flow.excuse or Excuse.NOBODY]
        return (why,) if flow.over else (f"{why} It can still be done until ", closes, ".")
    if flow.over:
        return ("It was not done: it counts as missed.",)
    if flow.state is ForecastState.MISSED:
        return "Not done in time: it counts as missed. Until ", closes, " it can be done late."
    in_time = Moment(flow.late_from, flow.team.zone)
    return "In time until ", in_time, "; it can be completed until ", closes, "."


def took(flow: FlowShown) -> Line:
    """`Done in 12 minutes, by @max.`"""
    how = "Done late, in " if flow.state is ForecastState.LATE else "Done in "
    minutes = max(flow.minutes, 1)
    by: Line = (", by ", who(flow.finished_by)) if flow.finished_by else ()
    over = minutes - flow.aim
    more = f" {words.number(over)} more than the {flow.aim} it is to fit in." if over > 0 else ""
    return Bold(f"{how}{words.plural(minutes, 'minute')}"), *by, f".{more}"


def next_button(flow: FlowShown, reader: Who) -> Json:
    """Start, Next, or Take over from somebody else."""
    others = flow.runner is not None and flow.runner.id != reader.id
    word = "Take over" if others else "Next" if flow.runner else "Start"
    return button(word, Id.FORECAST_NEXT, flow.forecast_id, primary=True)


# --- figures


def three(figures: FiguresShown) -> str:
    """`commit $100,000 · best case $150,000 · pipeline $200,000`."""
    return (
        f"commit {figure(figures.commit)} · best case {figure(figures.best_case)}"
        f" · pipeline {figure(figures.pipeline)}"
    )


def short_three(figures: FiguresShown) -> str:
    """`$100,000 · $150,000 · $200,000`."""
    return " · ".join(figure(one) for one in (figures.commit, figures.best_case, figures.pipeline))


def line(one: LineShown) -> Line:
    """`@ana: $100,000 · $150,000 · $200,000 (last: …)`."""
    before = f" (last: {short_three(one.before)})" if one.before else ""
    return who(one.person), f": {short_three(one.figures)}{before}"


def listed(lines: Sequence[LineShown]) -> list[Line]:
    found = [line(one) for one in lines[:_MOST_LINES]]
    more = len(lines) - _MOST_LINES
    return [*found, (f"and {more} more",)] if more > 0 else found


# --- commitments

_RESULTS = {
    Result.HIT: "hit",
    Result.MISSED: "missed",
    Result.NOT_CHECKED: "not checked yet",
    Result.OFF: "off all week",
}


def result(found: WeekResult) -> str:
    """`18 of 20 activities: missed · 2 of 2 deals advanced: hit`."""
    parts = [_checked(found.activities, activities), _checked(found.conversions, advanced)]
    return " · ".join(part for part in parts if part)


def _checked(one: Checked | None, counted: Callable[[int], str]) -> str:
    if one is None:
        return ""
    return f"{one.done} of {counted(one.committed)}: {_RESULTS[one.result]}"


def activities(count: int) -> str:
    return words.plural(count, "activity", "activities")


def advanced(count: int) -> str:
    """`2 deals advanced`."""
    return f"{words.plural(count, 'deal')} advanced"


# --- what it is measured by


def measures(found: MeasuresShown) -> list[Line]:
    """A line for each that there is."""
    lines: list[Line] = []
    if found.accuracy:
        lines.append(accuracy(found.accuracy))
    if found.slip:
        lines.append(slip(found.slip))
    if found.slip_so_far:
        lines.append(slip(found.slip_so_far, so_far=True))
    return lines


def accuracy(found: AccuracyShown) -> Line:
    """`Forecast accuracy, Q3 2026: 87 % (commit of Fri 11 Sep $870,000, won $1,000,000) · …`."""
    head = f"Forecast accuracy, {period(found.starts_on, found.ends_on)}: "
    if found.forecast is None or found.on is None:
        return (f"{head}too few data: no forecast early enough.",)
    facts = f"commit of {words.day(found.on)} {figure(found.forecast)}, won {figure(found.won)}"
    if found.value is None:
        return (f"{head}no figure: nothing was won ({facts}).",)
    shares = [percent(value) for _, value in found.weeks[-_TREND:] if value is not None]
    trend = f" · week by week: {', '.join(shares)}" if len(shares) > 1 else ""
    return joined([(head, Bold(percent(found.value)), f" ({facts}; of what was won){trend}")])


def slip(found: SlipShown, *, so_far: bool = False) -> Line:
    """`Slip rate, Q4 2026 so far: 2 of 11 deals (18 %), $200,000 of $1,100,000 (18 %)`."""
    head = f"Slip rate, {period(found.starts_on, found.ends_on)}{' so far' if so_far else ''}: "
    if found.counted < found.least:
        deals = words.plural(found.counted, "deal")
        return (f"{head}too few data ({deals} in commit, of {found.least} at least).",)
    of_deals = f"{found.slipped} of {found.counted} deals in commit"
    money = f"{figure(found.slipped_money)} of {figure(found.counted_money)}"
    counted = found.counted_money.minor
    share = f" ({percent(found.slipped_money.minor / counted)})" if counted else ""
    return head, Bold(of_deals), f" ({percent(found.slipped / found.counted)}), {money}{share}"


def percent(share: float) -> str:
    """Below nought too: `−40 %`."""
    if share < 0:
        return f"−{words.percent(-share)}"
    return words.percent(share) if share else _NONE
