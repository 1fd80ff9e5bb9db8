"""Monday's direct messages: the reps to be spoken with, what lacks to say more, old deals."""

from handlers import lines, words
from handlers.blocks import actions, button, context
from handlers.forms import Json
from handlers.health_check import phrases, rows
from handlers.ids import Id
from handlers.lines import Bold, Line, Moment, joined, with_code
from handlers.message import Rendered
from handlers.pipeline_review.phrases import who
from models.coaching import TalkState
from models.screens import (
    ImportReminder,
    QuotaLacks,
    QuotasMissing,
    TalkReminder,
    TalksDm,
    TalkTold,
)

MOST_ROWS = 10


def talks(shown: TalksDm) -> Rendered:
    """One row per rep under the standard, the widest gap first; the rest behind a button."""
    title = f"Coverage · {words.said(shown.team.name)} · {words.day(shown.day)}"
    text = words.escape(f"{title}: your list for today")
    if shown.over_for_me:
        asked = (who(shown.handed_to), " is asked now.") if shown.handed_to else ("It is over.",)
        return Rendered(words.escape(title), [lines.rich_text((Bold(title),), tuple(asked))])
    shown_rows = [block for row in shown.rows[:MOST_ROWS] for block in rows.blocks(row, shown.day)]
    blocks = [*head(shown, title), *shown_rows]
    if (more := len(shown.rows) - MOST_ROWS) > 0:
        rest = button(f"All {len(shown.rows)}", Id.ALL_TALKS, shown.check_id)
        blocks += [
            context((f"and {more} more, with smaller gaps",)),
            actions(rest, block_id=f"talks.{shown.check_id}"),
        ]
    return Rendered(text, [*blocks, *_foot(shown)])


def head(shown: TalksDm, title: str) -> list[Json]:
    """How many are under the standard, and until when to speak with them."""
    said: list[Line] = [(Bold(title),), *_stale(shown), (_counted(shown),)]
    if shown.stands_in_for:
        said.append(("You stand in for ", who(shown.stands_in_for), "."))
    if shown.trial:
        said.append((words.TRIAL,))
    return [lines.rich_text(*said)]


def _stale(shown: TalksDm) -> list[Line]:
    return [phrases.fresh(shown.fresh, shown.zone)] if shown.fresh.is_stale else []


def _counted(shown: TalksDm) -> str:
    if not shown.rows:
        if len(shown.no_quota) >= shown.reps:
            return "No rep has a quota: nothing can be said of their coverage."
        every = "Every rep with a quota is at the standard"
        return f"{every}, as far as old deals tell." if shown.fresh.is_stale else f"{every}."
    standard = phrases.standard(
        shown.rows[0].gaps[0], shown.against, shown.team.locale
    ) if shown.rows[0].gaps else "the standard"  # fmt: skip
    under = f"{len(shown.rows)} of {words.plural(shown.reps, 'rep')} under {standard}."
    return f"{under} Speak with each before the day ends." if _is_left(shown) else under


def _is_left(shown: TalksDm) -> bool:
    """Whether anybody is still to be spoken with today."""
    return not shown.is_over and any(row.state is TalkState.OPEN for row in shown.rows)


def _foot(shown: TalksDm) -> list[Json]:
    said: list[Line] = []
    if shown.no_quota:
        named = joined([(who(one),) for one in shown.no_quota[:10]], ", ")
        said.append(("Without quota, so nothing can be said: ", *named))
    if _is_left(shown):
        said.append(("Only you see this list. A logged coverage conversation of today counts.",))
    blocks: list[Json] = [context(*said)] if said else []
    for one in shown.coverage:  # of a small team, which the channel does not see
        of = phrases.period(one.period_starts, one.period_ends, shown.day)
        locale = shown.team.locale
        blocks += [
            lines.rich_text((Bold(f"Team coverage, {of}"), " · kept out of the channel")),
            lines.rich_list(phrases.coverage(one, shown.against, locale)),
        ]
    return blocks


def reminder(shown: TalkReminder) -> Rendered:
    """Who is still open in the afternoon; once nobody is, that."""
    name = words.said(shown.team.name)
    if not shown.rows:
        done = "nobody is left to speak with today."
        if shown.unlogged:
            number = words.plural(shown.unlogged, "conversation")
            done = f"the day is over. Missed: {number}."
            if shown.trial:
                done = f"the day is over. Not logged: {number}. {words.TRIAL}"
        text = words.escape(f"Coverage · {name}: {done}")
        return Rendered(text, [lines.rich_text((Bold(f"Coverage · {name}"), f": {done}"))])
    text = words.escape(f"Coverage · {name}: still open today")
    counts = words.TRIAL if shown.trial else "What is not logged before midnight counts as missed."
    said: Line = (Bold(f"Coverage · {name}"), ": still open today: ", *rows.named(shown.rows), ".")
    show = button("Show them", Id.ALL_TALKS, shown.check_id)
    blocks = [
        lines.rich_text(said, (counts,)),
        actions(show, block_id=f"talks.open.{shown.check_id}"),
    ]
    return Rendered(text, blocks)


def told(shown: TalkTold) -> Rendered:
    """To the rep: when, and what about; the notification says only when."""
    at = Moment(shown.sits_at, shown.zone)
    asks = "wanted" if shown.is_past else "wants"  # late: after quiet hours, or an outage
    line: Line = (who(shown.by), f" {asks} to talk with you about your pipeline, ", at)
    when = f"today at {words.clock(shown.sits_at, shown.zone)}"
    if shown.is_over:  # it stands there on other days too
        when = f"on {words.moment(shown.sits_at, shown.zone)}"
    text = lines.text((who(shown.by), f" {asks} to talk with you {when}"))
    today = shown.sits_at.date()
    gaps = [phrases.gap(one, today, first=False) for one in shown.gaps]
    about: list[Line] = []
    if shown.gaps:
        asked = phrases.standard(shown.gaps[0], shown.against, shown.gaps[0].missing.locale)
        about = [("Your coverage: ", *joined(gaps, "; "), f" (asked: {asked})")]
    over: Line = ("It is settled: nothing is left to do.",) if shown.is_over else ()
    said = lines.rich_text((*line, f" · {shown.minutes} min"), *about, over)
    return Rendered(text, [said])


# --- what is missing


def quotas(shown: QuotasMissing) -> Rendered:
    """`West, from Thu 1 Oct: the team, @ana, @ben`."""
    if not shown.rows:
        done: Line = (Bold("Quotas"), ": what was missing this morning is set.")
        return Rendered("Quotas are set", [lines.rich_text(done)])
    head: Line = (Bold("Quotas are missing"), ": without them nothing can be said of coverage.")
    listed = [_lacks(one) for one in shown.rows[:20]]
    if (more := len(shown.rows) - 20) > 0:
        listed.append((f"and {more} more",))
    blocks = [
        lines.rich_text(head),
        lines.rich_list(listed),
        lines.rich_text(with_code("`/cadence setup` sets them.")),
    ]
    return Rendered("Quotas are missing", blocks)


def _lacks(one: QuotaLacks) -> Line:
    begins = f"{words.said(one.team.name)}, from {words.day(one.starts_on)}: "
    people = joined([(who(each),) for each in one.people[:12]], ", ")
    if (more := len(one.people) - 12) > 0:
        people = (*people, f" and {more} more")
    named = joined([("the team",) if one.of_team else (), people], ", ")
    return Bold(begins), *(named or ("–",))


def import_reminder(shown: ImportReminder) -> Rendered:
    """The deals are old, and today's check looks at them; done once they are not."""
    way: Line = ("Drop the CRM's export, a CSV file, into my messages.",)
    if shown.fresh.as_of is None:
        never: Line = (Bold("No deals were imported yet"), ": today's health check has none.")
        return Rendered("No deals were imported yet", [lines.rich_text(never, way)])
    at: Line = ("Deals as of ", Moment(shown.fresh.as_of, shown.zone))
    if not shown.fresh.is_stale:
        done: Line = (*at, ": fresh again. Nothing is left to do.")
        return Rendered("The deals are fresh again", [lines.rich_text(done)])
    days = words.plural(shown.fresh.days, "day")
    old: Line = (
        *at,
        Bold(f": most or all older than {days}"),
        ". Today's health check looks at them.",
    )
    return Rendered("The deals are old: please import them", [lines.rich_text(old, way)])
