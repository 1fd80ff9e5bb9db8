"""How a one-on-one, what to prepare and how it ended are put, wherever they appear."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from handlers import words
from handlers.blocks import button, menu
from handlers.forms import Json
from handlers.ids import Choice, Id
from handlers.lines import Bold, Italic, Line, Moment, joined
from handlers.pipeline_review import phrases
from models.days import DayOff, Off
from models.one_on_ones import Excuse, FreeSlot, State
from models.screens import (
    Instead,
    Landing,
    LastCoaching,
    LeftOutShown,
    MovedShown,
    OneOnOneRow,
    PointShown,
    Preparation,
    SettledShown,
    Side,
    StandingLanding,
    StandingShown,
    StandingTold,
    TurnShown,
    Who,
)

NOTES = "Notes for next time"
IN_ROTATION = "In rotation"
_FEEDBACK = 80  # characters of what was said last time, and of other words in a line
_STEP = 60
_POINT = 60
_POINTS = 3


# --- when, and with whom


def title(other: Who, at: datetime, zone: str, today: date) -> Line:
    """`One-on-one with @ana at 10:00`, with its day when that is another than the reader's."""
    same_day = at.astimezone(ZoneInfo(zone)).date() == today
    when = f" at {words.clock(at, zone)}" if same_day else f", {words.moment(at, zone)}"
    return Bold("One-on-one with "), phrases.who(other), Bold(when)


def weekday(number: int) -> str:
    """`Tuesdays`; ISO, Monday 1."""
    return f"{words.WEEKDAYS[number - 1]}s"


def slot(free: FreeSlot) -> str:
    """`Tue 10:00`."""
    return f"{weekday(free.weekday)[:3]} {free.local_time:%H:%M}"


def place(zone: str) -> str:
    """`New York time`: how a zone is called where its local time is said."""
    return f"{zone.rpartition('/')[2].replace('_', ' ')} time"


def standing(shown: StandingShown, reader_zone: str) -> str:
    """`Tuesdays 10:00, 30 min`, with the place whose time it is unless it is the reader's; or
    `in rotation, 30 min`."""
    if shown.weekday is None or shown.local_time is None:
        return f"in rotation, {shown.minutes} min"
    where = "" if reader_zone == shown.zone else f" {place(shown.zone)}"
    return f"{weekday(shown.weekday)} {shown.local_time:%H:%M}{where}, {shown.minutes} min"


def from_day(shown: StandingShown, today: date, earlier: StandingShown | None, zone: str) -> str:
    """`from Tue 1 Dec; until then Wednesdays 11:30, 30 min`; in rotation `from the week of …`."""
    said = f"from {first(shown, today)}"
    return f"{said}; until then {standing(earlier, zone)}" if earlier else said


def first(shown: StandingShown, today: date) -> str:
    """`Tue 1 Dec`; in rotation `the week of Mon 30 Nov`."""
    day = words.day(first_day(shown), today)
    return f"the week of {day}" if shown.weekday is None else day


def span(people: int, places: int) -> str:
    """`11 people, and 9 one-on-ones fit a week`."""
    return f"{words.plural(people, 'person', 'people')}, and {places} one-on-ones fit a week"


def turn(shown: TurnShown, today: date) -> str:
    """How often somebody is left out, and when next."""
    often = _one_in(shown.people, max(1, shown.people - shown.places))
    said = f"{span(shown.people, shown.places)}: each is left out {often}, in turn."
    if shown.left_out_in is None:
        return said
    return f"{said} Left out next: the week of {words.day(shown.left_out_in, today)}."


def _one_in(people: int, over: int) -> str:
    """`in about one week of 5`; where it is most weeks, `in 6 weeks of 10`."""
    if people >= 2 * over:
        return f"in about one week of {round(people / over)}"
    return f"in about {round(10 * over / people)} weeks of 10"


def left_out(found: LeftOutShown, today: date) -> Line:
    """`Left out in the week of Mon 30 Nov: @ana, @ben`."""
    who = joined([(phrases.who(each),) for each in found.people], ", ")
    return f"Left out in the week of {words.day(found.week, today)}: ", *who


def why_off(off: DayOff) -> str:
    """` (Thanksgiving Day)`, ` (out of office)`, or nothing for a weekday on which nobody works."""
    match off.why:
        case Off.HOLIDAY:
            return f" ({words.said(off.name)})" if off.name else " (a holiday)"
        case Off.COMPANY:
            return f" ({words.said(off.name)})"
        case Off.AWAY:
            return " (out of office)"
    return ""


def lands(one: Landing, shown: StandingLanding | StandingTold) -> Line:
    """Where a week is not as it was asked for, and why."""
    week = f"Week of {words.day(one.week, shown.today)}: "
    at = "" if one.starts_at is None else words.moment(one.starts_at, shown.zone)
    match one.instead:
        case Instead.LEFT_OUT:
            return (f"{week}left out, since all places were given already.",)
        case Instead.EXCUSED:
            return week, *_off(one), "no other day is free, so it is excused."
        case Instead.OFF:
            return week, *_off(one), "it is on ", Bold(at), " instead."
        case Instead.CLOCKS:
            return f"{week}the clocks skip that time, so it is on ", Bold(at), "."
        case Instead.TAKEN:
            return f"{week}that time is taken, so it is on ", Bold(at), "."
        case Instead.KEPT:
            return f"{week}it was moved by hand and stays on ", Bold(at), "."
    return week, Bold(at), "."


def _off(one: Landing) -> Line:
    """`Thu 26 Nov is a day off of @max (Thanksgiving Day); `."""
    if one.off is None:
        return ()
    why = why_off(one.off.off)
    return f"{words.day(one.off.on)} is a day off of ", phrases.who(one.off.who), f"{why}; "


def first_day(shown: StandingShown) -> date:
    """The first date on which a standing schedule may come due; in rotation, its first Monday."""
    weekday = 1 if shown.weekday is None else shown.weekday
    ahead = (weekday - shown.active_from.isoweekday()) % 7
    return shown.active_from + timedelta(days=ahead)


# --- what to prepare


def preparation(shown: Preparation, side: Side, other: Who) -> list[Line]:
    """At most four lines: last time and its next step, talking points, deals without a next
    action."""
    said = [
        *(_last(shown.last, side, other) if shown.last else ()),
        points(shown.points, other),
        _without_next(shown.without_next),
    ]
    return [line for line in said if line]


def _last(last: LastCoaching, side: Side, other: Who) -> tuple[Line, Line]:
    """`Last time: objection handling — “…”`, `Next step: “…” by Fri 20 Nov (log confirmed)`."""
    answered: dict[bool | None, Line] = {
        None: ("log not answered yet",) if side is Side.COACH else ("log waits for your answer",),
        True: ("log confirmed",) if side is Side.COACH else ("you confirmed the log",),
        False: (phrases.who(other), " sees the log differently")
        if side is Side.COACH
        else ("you see the log differently",),
    }
    feedback = f" — {phrases.quoted(last.feedback, _FEEDBACK)}"
    step = f"Next step: {phrases.quoted(last.next_step, _STEP)} by {words.day(last.next_on)} ("
    return (
        ("Last time: ", Italic(words.said(last.focus)), feedback),
        (step, *answered[last.agrees], ")"),
    )


def points(found: Iterable[PointShown], other: Who) -> Line:
    """`On @ana's list: “pricing for Orbit” · on yours: “close plan for Nexus”`."""
    found = list(found)
    theirs = [one for one in found if one.by.id == other.id]
    yours = [one for one in found if one.by.id != other.id]
    parts: list[Line] = []
    if theirs:
        parts.append(("On ", phrases.who(other), f"'s list: {_listed(theirs)}"))
    if yours:
        parts.append((f"{'on' if theirs else 'On'} yours: {_listed(yours)}",))
    return joined(parts)


def _listed(found: list[PointShown]) -> str:
    return words.listed([phrases.quoted(one.text, _POINT) for one in found], _POINTS)


def _without_next(deals: tuple[str, ...]) -> Line:
    if not deals:
        return ()
    lack = "deal lacks" if len(deals) == 1 else "deals lack"
    named = words.listed([words.said(name, phrases.NAME) for name in deals], 4)
    return (f"{len(deals)} {lack} a next action: {named}",)


def asides(shown: Preparation) -> list[Line]:
    """What stands below in small: the newest flags, the coach's own notes."""
    said: list[Line] = []
    if shown.flagged:
        found = [
            f"{words.said(one.deal, phrases.NAME)}: {phrases.flag(one.flag)}"
            for one in shown.flagged
        ]
        said.append((f"Newest flags: {' · '.join(found)}",))
    if shown.notes:
        said.append((f"Your notes from last time: {phrases.quoted(shown.notes)}",))
    return said


# --- what became of it


def moved(shown: MovedShown, zone: str) -> Line:
    """`Moved by @ana, Tue 24 Nov, 09:50, to Thu 26 Nov, 10:00`."""
    by: Line = ("by ", phrases.who(shown.by)) if shown.by else ("with the standing schedule",)
    return "Moved ", *by, ", ", Moment(shown.at, zone), ", to ", Bold(words.moment(shown.to, zone))


def settled(shown: SettledShown, side: Side, other: Who, zone: str) -> Line:
    """One line: held, cancelled by whom and why, missed, or excused."""
    match shown.state:
        case State.HELD:
            parts: list[Line] = [(Bold("Held"),), ("recorded ", Moment(shown.at, zone))]
            if shown.deals:
                parts.append((f"{words.plural(shown.deals, 'deal')} with a next action",))
            return joined(parts)
        case State.CANCELLED:
            by: Line = (" by ", phrases.who(shown.by)) if shown.by else ()
            why = f": {phrases.quoted(shown.reason or '')}"
            return Bold("Cancelled"), *by, ", ", Moment(shown.at, zone), why
        case State.MISSED:
            late = "nothing was recorded by the end of the next working day"
            return Bold("Missed"), f": {late}"
    return Bold("Excused"), ": ", *_excuse(shown.excuse, side, other), ". It does not count."


def _excuse(excuse: Excuse | None, side: Side, other: Who) -> Line:
    match excuse:
        case Excuse.COACH_OFF | Excuse.PERSON_OFF:
            own = (excuse is Excuse.COACH_OFF) == (side is Side.COACH)
            return ("your day off",) if own else ("a day off of ", phrases.who(other))
        case Excuse.COACH_CHANGED:
            return ("somebody else leads these sessions now",)
        case Excuse.TRIAL:
            return ("nothing was recorded, in the trial week",)
    return ("one of the two is no longer here",)


# --- a session in a list


def row_line(row: OneOnOneRow) -> Line:
    """`@ana · Tue 24 Nov, 10:00 · 30 min · under way since 10:02`."""
    parts: list[Line] = [
        (phrases.who(row.other),),
        (Moment(row.starts_at, row.zone),),
        (f"{row.minutes} min",),
    ]
    if row.state is not State.DUE:
        parts.append((row.state.value,))
    elif row.unrecorded:
        parts.append((Italic("not recorded yet"),))
    elif row.started_at:
        parts.append((f"under way since {words.clock(row.started_at, row.zone)}",))
    return joined(parts)


def row_buttons(row: OneOnOneRow) -> list[Json]:
    """What this reader can do about it now; none when nothing."""
    if row.state is not State.DUE:
        return []
    begun = row.started_at is not None or row.unrecorded  # what is over is only to be finished
    run = run_buttons(row.one_on_one_id, started=begun) if row.may_run else []
    drives_of = row.other if row.side is Side.COACH else None
    return [*run, session_menu(row.one_on_one_id, drives_of, may_change=row.may_change)]


def run_buttons(one_on_one_id: int, *, started: bool) -> list[Json]:
    """The coach's: Start until it has begun, and Finish."""
    finish = button("Finish", Id.FINISH, one_on_one_id, primary=started)
    if started:
        return [finish]
    return [button("Start", Id.START_ONE_ON_ONE, one_on_one_id, primary=True), finish]


def session_menu(one_on_one_id: int, drives_of: Who | None, *, may_change: bool) -> Json:
    """⋯ of a session: what both may do; and what drives somebody, where no button says it."""
    choices = [(Choice.POINTS, one_on_one_id, "Talking points")]
    if may_change:
        choices += [
            (Choice.MOVE, one_on_one_id, "Reschedule"),
            (Choice.CANCEL, one_on_one_id, "Cancel"),
        ]
    if drives_of is not None:
        choices.append((Choice.DRIVES, one_on_one_id, drives(drives_of)))
    return menu(Id.ONE_ON_ONE_MENU, choices, {})


def drives(person: Who) -> str:
    """`What drives Ana`: the first name is enough."""
    return f"What drives {words.said(first_name(person), 40)}"


def first_name(person: Who) -> str:
    return person.name.split()[0] if person.name.split() else person.name
