"""The pick by direct message, an hour before its cards: what they will be about, and why."""

from handlers import lines, words
from handlers.blocks import actions, button, context
from handlers.ids import Id
from handlers.lines import Bold, Channel, Italic, Line, Moment, joined
from handlers.message import Rendered
from handlers.notices import why
from handlers.pipeline_review import phrases
from handlers.words import escape
from models.pipeline_review import Gone
from models.screens import Money, PickAdjusted, PickDm, PickRow, TeamShown

_ROWS = 30
_REASONS = 4
_GONE = {Gone.CLOSED: "closed in the CRM", Gone.LEFT: "with another team now"}


def pick(shown: PickDm) -> Rendered:
    first: Line = (Bold(f"{_title(shown.team)}: the pick"), f" — {_worth(shown)}")
    if shown.started:
        return _out(shown)
    if shown.ended is not None:
        said = f"No cards came of this pick: {why(shown.ended)}."
        return Rendered(escape(f"{_title(shown.team)}: {said}"), [lines.rich_text(first, (said,))])
    task: Line = ("The cards come ", Moment(shown.cards_at, shown.team.zone), " about these deals.")
    rest: Line = (" Add and drop until then; afterwards nothing is dropped.",)
    blocks = [lines.rich_text(first, (*task, *rest), _adjusted(shown.adjusted, shown.team))]
    blocks.append(lines.rich_list(_row(one, shown) for one in shown.deals[:_ROWS]))
    if shown.trial:
        blocks.append(context((words.TRIAL,)))
    blocks.append(actions(button("Adjust the pick", Id.ADJUST_PICK, shown.pick_id)))
    count = words.plural(len(shown.deals), "deal")
    return Rendered(escape(f"{_title(shown.team)}: {count} picked, to adjust"), blocks)


def _out(shown: PickDm) -> Rendered:
    """The review has begun: with what, and what it could not take. Its cards may still be on their
    way, or refused by the channel, of which the admins are told."""
    where: Line = ()
    if shown.team.channel_id:
        where = (", its cards go to ", Channel(shown.team.channel_id))
    count = words.plural(len(shown.deals), "deal")
    first: Line = (Bold(f"{_title(shown.team)}: started"), *where, f" — {count}")
    said: list[Line] = [_adjusted(shown.adjusted, shown.team)]
    if shown.left_out:
        named = [f"{_name(name)} ({_GONE[why]})" for name, why in shown.left_out]
        said.append((f"Left out, since picked: {words.listed(named, 10)}",))
    if shown.filled:
        named = [_name(name) for name in shown.filled]
        said.append((f"In their place, the next best: {words.listed(named, 10)}",))
    names = [words.said(one.deal.name, phrases.NAME) for one in shown.deals]
    blocks = [lines.rich_text(first, *said), context((words.listed(names, 12),))]
    return Rendered(escape(f"{_title(shown.team)}: started"), blocks)


def _title(team: TeamShown) -> str:
    return f"Pipeline review · {words.said(team.name)}"


def _worth(shown: PickDm) -> str:
    """`7 deals, $1.24 M of $3.1 M open (40 %)`."""
    picked, open_ = phrases.money_short(shown.amount), phrases.money_short(shown.team_open)
    said = f"{words.plural(len(shown.deals), 'deal')}, {picked} of {open_} open"
    return f"{said} ({_share(shown.amount, shown.team_open)})" if shown.team_open.minor else said


def _share(part: Money, whole: Money) -> str:
    return words.percent(part.minor / whole.minor)


def _adjusted(shown: PickAdjusted | None, team: TeamShown) -> Line:
    """`Adjusted by @max, 14:20: added Orbit; dropped Tern`."""
    if shown is None:
        return ()
    changes = []
    if shown.added:
        changes.append(f"added {words.listed([_name(one) for one in shown.added], 10)}")
    if shown.dropped:
        changes.append(f"dropped {words.listed([_name(one) for one in shown.dropped], 10)}")
    what = "; ".join(changes) or "back to the score's pick"
    head: Line = ("Adjusted by ", phrases.who(shown.by), ", ", Moment(shown.at, team.zone))
    return (*head, f": {what}")


def _row(one: PickRow, shown: PickDm) -> Line:
    """A deal with why it was picked, or why it will be left out."""
    said = phrases.deal_line(one.deal, shown.today)
    if one.gone is not None:
        return (*said, " — ", Italic(f"{_GONE[one.gone]}: it will be left out"))
    reasons = phrases.reasons(one.why)[:_REASONS]
    return joined([said, (" · ".join(reasons),) if reasons else ()], " — ")


def _name(name: str) -> str:
    return words.said(name, phrases.NAME)
