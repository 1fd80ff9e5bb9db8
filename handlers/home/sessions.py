"""One-on-ones at Home: today's, the next ones, the week as a strip, who was coached this month."""

from datetime import datetime

from handlers import lines, words
from handlers.blocks import actions, context, header, section
from handlers.forms import Json
from handlers.health_check import rows as talks
from handlers.lines import Bold, Italic, Line, joined
from handlers.notices import PROMPTS, held_back_line, why
from handlers.one_on_ones.phrases import left_out, row_buttons, row_line, span
from handlers.pipeline_review import phrases
from models.agenda import Skipped
from models.days import DayOff
from models.one_on_ones import State
from models.people import Role
from models.screens import (
    Coached,
    CoachingMonth,
    DayOfWeek,
    HomeCoach,
    HomeScreen,
    OneOnOneRow,
    PromptOfDay,
    Ran,
    RescuingShown,
)
from models.week import DECIDING

_MOST_TODAY = 5
_MOST_UNRECORDED = 4
_MOST_PEOPLE = 12


def today(shown: HomeScreen) -> list[Json]:
    """What this person has today, and what of earlier days is not recorded yet."""
    here = [(row.starts_at, _session(row)) for row in shown.sessions_today[:_MOST_TODAY]]
    here += [(one.sits_at, [section(talks.mine(one))]) for one in shown.talks_with]
    blocks = [block for _, row in sorted(here, key=lambda one: one[0]) for block in row]
    unrecorded = shown.coach.unrecorded if shown.coach else ()
    if blocks:
        blocks.insert(0, header(f"Today, {words.day(shown.today)}"))
    if unrecorded:
        blocks.append(header("Not recorded yet"))
        blocks += [block for row in unrecorded[:_MOST_UNRECORDED] for block in _session(row)]
    more = len(shown.sessions_today[_MOST_TODAY:]) + len(unrecorded[_MOST_UNRECORDED:])
    return [*blocks, context((f"and {more} more",))] if more else blocks


_NO_STANDING = "None is planned. Your manager sets a weekly time for it."
_AFTERWARDS = "None this week or next. Your weekly time goes on after that."


def coming(shown: HomeScreen) -> list[Json]:
    """The next ones; a rep without any hears who sets them."""
    out = _left_out(shown)
    if shown.sessions_next:
        rows = [block for row in shown.sessions_next for block in _session(row)]
        more = [context((f"and {shown.sessions_more} more",))] if shown.sessions_more else []
        return [header("Your next one-on-ones"), *rows, *more, *out]
    if out:
        return [header("Your next one-on-ones"), *out]
    if shown.role is Role.REP and not shown.sessions_today:
        nothing = _AFTERWARDS if shown.has_standing else _NO_STANDING
        return [header("Your next one-on-ones"), lines.rich_text((nothing,))]
    return []


def _left_out(shown: HomeScreen) -> list[Json]:
    """That a week goes by without one: it is this person's turn."""
    if shown.left_out is None or shown.left_out.left_out_in is None:
        return []
    week = words.day(shown.left_out.left_out_in, shown.today)
    fit = span(shown.left_out.people, shown.left_out.places)
    return [context((f"In the week of {week} it is your turn to have none: {fit}.",))]


def _session(row: OneOnOneRow) -> list[Json]:
    """A session with its buttons; ⋯ alone stands beside it."""
    pressed = row_buttons(row)
    if len(pressed) > 1:
        return [section(row_line(row)), actions(*pressed)]
    return [section(row_line(row), pressed[0] if pressed else None)]


# --- of who coaches


def coaching(shown: HomeScreen) -> list[Json]:
    """The week, and the month by person."""
    if shown.coach is None:
        return []
    return [*_week(shown, shown.coach), *_month(shown), *_rescuing(shown.coach)]


def _week(shown: HomeScreen, coach: HomeCoach) -> list[Json]:
    zone = shown.zone
    several = len({one.team.id for day in coach.week for one in day.prompts}) > 1
    days = [_day(day, zone, several=several) for day in coach.week]
    blocks = [header("Your week"), lines.rich_list(days)]
    if coach.held_back:
        blocks.append(lines.rich_list(held_back_line(one, zone) for one in coach.held_back))
    blocks += [context(left_out(one, shown.today)) for one in coach.left_out]
    if coach.held:
        counted = f"{coach.held.held} of {coach.held.due} one-on-ones"
        blocks.append(context((f"Held {counted} this quarter, the excused left out",)))
    return blocks


def _day(day: DayOfWeek, zone: str, *, several: bool) -> Line:
    """`Tue 24 Nov: @ana held · @ben missed · @cleo 15:00 · deal cards done`; the team is named
    where there are `several`."""
    parts: list[tuple[datetime, Line]] = [
        (row.starts_at, (phrases.who(row.other), f" {_how(row)}")) for row in day.sessions
    ]
    parts += [(one.at, _prompt(one, zone, several=several)) for one in day.prompts]
    ran = joined([line for _, line in sorted(parts, key=lambda part: part[0])])
    head: Line = (Bold(words.day(day.on)), f" ({_off(day.off)})" if day.off else "")
    return *head, *((": ", *ran) if ran else (": no one-on-one",))


def _off(day: DayOff) -> str:
    """`Christmas Day`, `you are off`."""
    return words.said(day.name, 60) if day.name else "you are off"


_RAN = {Ran.DONE: "done", Ran.DUE: "due now", Ran.SKIPPED: "skipped"}


def _prompt(one: PromptOfDay, zone: str, *, several: bool) -> Line:
    """`deciding 10:00`, `deal cards skipped: the team has no open deals`."""
    what = PROMPTS.get(one.prompt, one.prompt)
    what = f"{what} of {words.said(one.team.name, 40)}" if several else what
    if one.ran is Ran.COMING:
        return (f"{what} {words.clock(one.at, zone)}",)
    if one.ran is Ran.OFF:
        left = "put off" if one.prompt == DECIDING else "left out"
        return (f"{what} {left}: {why(Skipped.TEAM_OFF)}",)
    if one.put_off_to:
        return (f"{what} put off to {words.moment(one.put_off_to, zone)}: {why(one.reason)}",)
    because = f": {why(one.reason)}" if one.reason else ""
    return (f"{what} {_RAN[one.ran]}{because}",)


def _how(row: OneOnOneRow) -> str:
    if row.state is not State.DUE:
        return row.state.value
    if row.unrecorded:
        return "not recorded"
    return "under way" if row.started_at else words.clock(row.starts_at, row.zone)


def _month(shown: HomeScreen) -> list[Json]:
    """Each gauge by itself: hours by person, the least first; contacts of the week; own time."""
    month = shown.coach.month if shown.coach else None
    if month is None or not month.people:
        return []
    listed = [_coached(one) for one in month.people[:_MOST_PEOPLE]]
    if (more := len(month.people) - _MOST_PEOPLE) > 0:
        listed.append((Italic(f"and {more} more"),))
    return [
        header(f"Coaching in {words.month(shown.today)}"),
        lines.rich_list(listed),
        context(*_asked(month)),
    ]


def _asked(month: CoachingMonth) -> list[Line]:
    """What is asked by each of the gauges of time, which are two: with each, and of one's own."""
    least, most = (f"{hours:g}" for hours in month.hours)
    hours = least if least == most else f"{least} to {most}"
    said: list[Line] = [(f"With each: {hours} hours a month are asked, the strong ones included.",)]
    if month.share is not None:
        spent, share = words.percent(month.share), words.percent(month.share_asked)
        own = f"Of your own time: {spent} of this month's working hours so far; {share} is asked."
        said.append((f"{own} Only what is logged counts.",))
    return said


def _rescuing(coach: HomeCoach) -> list[Json]:
    """Of each manager by itself: how much of the reps' work ends up with the manager."""
    if not coach.rescuing:
        return []
    listed = [_rescued(one) for one in coach.rescuing[:_MOST_PEOPLE]]
    said = "Next actions on reps' deals that the manager owns, of all set this quarter (rescuing)."
    return [lines.rich_list(listed), context((said,))]


def _rescued(one: RescuingShown) -> Line:
    """`@max: 3 of 14 next actions on the reps' deals (21 %)`."""
    if one.of < one.least:
        few = f": too few data ({one.of} next actions on the reps' deals, of {one.least} at least)"
        return phrases.who(one.manager), few
    owned = f"{one.owned} of {one.of}" if one.owned else f"none of {one.of}"
    share = f" ({words.percent(one.owned / one.of)})" if one.owned else ""
    return phrases.who(one.manager), f": {owned} next actions on the reps' deals{share}"


_TIMES = ("not", "once", "twice")


def _coached(one: Coached) -> Line:
    """`@ana: 2 h 15 min · once this week`."""
    spent = f": {words.duration(one.minutes)}" if one.minutes else Bold(": none yet")
    times = _TIMES[one.contacts] if one.contacts < len(_TIMES) else f"{one.contacts} times"
    return phrases.who(one.person), spent, f" · {times} this week"
