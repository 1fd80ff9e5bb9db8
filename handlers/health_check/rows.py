"""A rep to be spoken with: what is missing, why, what to do; in messages, a modal, at Home."""

from collections.abc import Sequence
from datetime import date

from handlers import words
from handlers.blocks import actions, button, context, header, section
from handlers.forms import Json
from handlers.health_check import phrases
from handlers.ids import Id
from handlers.lines import Line, Moment, joined
from handlers.pipeline_review.phrases import figure, who
from models.coaching import TalkExcuse, TalkState
from models.screens import TalkRow, TalkTold

_AT_HOME = 5
_EXCUSES = {
    TalkExcuse.PERSON_OFF: "away today: excused",
    TalkExcuse.ASKED_OFF: "who was asked was away: excused",
    TalkExcuse.PERSON_LEFT: "no longer of this team: excused",
    TalkExcuse.ASKED_LEFT: "nobody was left to hold it: excused",
    TalkExcuse.TRIAL: "not logged; in the trial week nothing counts as missed",
}


def blocks(row: TalkRow, today: date) -> list[Json]:
    """What is missing and why, then [Log it] [Schedule it today] as long as it is open."""
    said = [section(_lines(row, today), block_id=f"talk.{row.talk_id}")]
    if row.state is TalkState.OPEN and row.here:
        when = "Schedule it today"
        if row.sits_at is not None:
            when = f"Change {words.clock(row.sits_at, row.zone)}"
        log = button("Log it", Id.LOG_TALK, row.talk_id)
        schedule = button(when, Id.SCHEDULE_TALK, row.talk_id)
        said.append(actions(log, schedule, block_id=f"talk.do.{row.talk_id}"))
    return said


def _lines(row: TalkRow, today: date) -> Line:
    """`@ana · 1.4× · $410,000 short in Q4`, below it the reasons, then how it stands."""
    gaps = [phrases.gap(one, today, first=n == 0) for n, one in enumerate(row.gaps)]
    first = joined([(who(row.person),), joined(gaps, "; ")])
    why = (" · ".join(phrases.reason(one) for one in row.reasons),)
    return joined([first, _now(row), why, state(row)], "\n")


def _now(row: TalkRow) -> Line:
    if row.missing_now is None:
        return ()
    if not row.missing_now.minor:
        return ("By now at the standard; still worth a word.",)
    return (f"By now {figure(row.missing_now)} short.",)


def state(row: TalkRow) -> Line:
    """`✅ @max logged it, Mon 30 Nov, 10:12`; nothing while it is simply open."""
    match row.state:
        case TalkState.KEPT:
            if row.kept_by is None or row.kept_at is None:
                return ("✅ talked",)
            return "✅ ", who(row.kept_by), " logged it, ", Moment(row.kept_at, row.zone)
        case TalkState.MISSED:
            return ("Missed: nothing was logged before midnight",)
        case TalkState.EXCUSED:
            return (_EXCUSES[row.excuse].capitalize(),) if row.excuse else ("Excused",)
        case TalkState.OPEN:
            if not row.here:
                return ("No longer of this team, or the day is over",)
            return ("You talk ", Moment(row.sits_at, row.zone)) if row.sits_at else ()


def home(rows: Sequence[TalkRow], today: date) -> list[Json]:
    """Those still open today, at Home."""
    if not rows:
        return []
    shown = [block for row in rows[:_AT_HOME] for block in blocks(row, today)]
    if (more := len(rows) - _AT_HOME) > 0:
        shown.append(context((f"and {more} more, in Messages",)))
    return [header("Speak with today, about coverage"), *shown]


def mine(one: TalkTold) -> Line:
    """At a rep's Home: `@max · about your pipeline · Mon 30 Nov, 14:00 · 30 min`."""
    at = Moment(one.sits_at, one.zone)
    return joined([(who(one.by),), ("about your pipeline",), (at,), (f"{one.minutes} min",)])


def named(rows: Sequence[TalkRow], most: int = 12) -> Line:
    """`@ana, @ben and 3 more`."""
    listed = joined([(who(row.person),) for row in rows[:most]], ", ")
    more = len(rows) - most
    return (*listed, f" and {more} more") if more > 0 else listed
