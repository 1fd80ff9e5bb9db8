"""What the two of a one-on-one read: each side's card, and what the other side is told."""

from handlers import lines, words
from handlers.blocks import actions, button, context, menu
from handlers.forms import Json
from handlers.ids import Choice, Id
from handlers.lines import Bold, Italic, Line, Moment, joined
from handlers.message import Rendered
from handlers.one_on_ones import phrases
from handlers.pipeline_review.phrases import quoted, who
from models.one_on_ones import State
from models.screens import (
    BreachTold,
    NewCoachTold,
    OneOnOneCard,
    OneOnOneChanged,
    OthersZoneTold,
    Side,
    StandingTold,
    UnsetTold,
    ZoneTold,
)

# --- a side's card


def card(shown: OneOnOneCard) -> Rendered:
    """A reminder with what to prepare; later, in one or two lines, what became of it."""
    title = phrases.title(shown.other, shown.starts_at, shown.zone, shown.today)
    blocks = _ended(shown, title) if shown.moved or shown.settled else _due(shown, title)
    return Rendered(lines.text(title), blocks)


def _due(shown: OneOnOneCard, title: Line) -> list[Json]:
    prepared = shown.preparation
    first: list[Line] = [title, (f"{shown.minutes} min",)]
    if prepared and prepared.held:
        first.append((f"held {prepared.held.held} of {prepared.held.due} this quarter",))
    said = [joined(first)]
    if shown.started:
        said.append((f"Under way since {words.clock(shown.started.at, shown.zone)}",))
    if prepared:
        said += phrases.preparation(prepared, shown.side, shown.other)
    blocks = [lines.rich_text(*said)]
    below = phrases.asides(prepared) if prepared else []
    if shown.late:
        below.insert(0, (Italic("This reminder comes late: the bot was away at the start."),))
    if shown.trial:
        below.append((words.TRIAL,))
    return [*blocks, *([context(*below)] if below else []), actions(*_buttons(shown))]


def _buttons(shown: OneOnOneCard) -> list[Json]:
    """The coach's Start, Finish and what drives somebody; ⋯ for both."""
    ours = phrases.session_menu(shown.one_on_one_id, None, may_change=shown.may_change)
    if shown.side is Side.PERSON:
        return [ours]
    run = phrases.run_buttons(shown.one_on_one_id, started=shown.started is not None)
    return [*run, button(phrases.drives(shown.other), Id.DRIVES, shown.one_on_one_id), ours]


def _ended(shown: OneOnOneCard, title: Line) -> list[Json]:
    ending: Line = ()
    if shown.moved:
        ending = phrases.moved(shown.moved, shown.zone)
    elif shown.settled:
        ending = phrases.settled(shown.settled, shown.side, shown.other, shown.zone)
    blocks = [lines.rich_text(title, ending)]
    held = shown.settled is not None and shown.settled.state is State.HELD
    if held and shown.log_id is not None:
        choices = [
            (Choice.EDIT, shown.log_id, "Edit the coaching log"),
            (Choice.NOTES, shown.one_on_one_id, phrases.NOTES),
            (Choice.TRAIL, shown.log_id, "Trail"),
        ]
        blocks.append(actions(menu(Id.ONE_ON_ONE_MENU, choices, {})))
    return blocks


# --- what the other side did


_NEXT_WEEKS = "The standing one-on-one goes on in the weeks after."


def changed(shown: OneOnOneChanged) -> Rendered:
    """`@max moved your one-on-one of … to …`, cancelled it or is off, and when the next one is."""
    of: Line = (" your one-on-one of ", Moment(shown.starts_at, shown.zone))
    done = shown.settled
    if shown.moved:
        became = f"moved to {words.moment(shown.moved.to, shown.zone)}"
        said: list[Line] = [
            (who(shown.moved.by or shown.other), " moved", *of, " to ",
             Bold(words.moment(shown.moved.to, shown.zone)), "."),
        ]  # fmt: skip
    elif done is not None and done.state is State.EXCUSED:
        became = "excused"
        off: Line = (who(shown.other), " is off then:")
        if shown.both_off:
            off = ("You are both off then:",)
        said = [(*off, *of, " is excused."), _next(shown)]
    elif done is None:
        became = "on again"
        said = [(who(shown.other), " is there after all:", *of, " is on again.")]
    else:
        became = "cancelled"
        by = shown.other if done.by is None else done.by
        why = quoted(done.reason or "")
        said = [(who(by), " cancelled", *of, ": ", why), _next(shown)]
    was = "" if shown.moved else f", {words.moment(shown.starts_at, shown.zone)},"
    text: Line = ("Your one-on-one with ", who(shown.other), f"{was} is {became}")
    return Rendered(lines.text(text), [lines.rich_text(*said)])


def _next(shown: OneOnOneChanged) -> Line:
    if shown.next_at:
        return "The next one: ", Moment(shown.next_at, shown.zone)
    return (_NEXT_WEEKS if shown.goes_on else "No other is planned.",)


# --- a standing schedule


def standing(shown: StandingTold) -> Rendered:
    """`@max set your one-on-one: Tuesdays 10:00, 30 min, from Tue 1 Dec`."""
    first = phrases.first(shown.standing, shown.today)
    what = phrases.standing(shown.standing, shown.zone)
    line: Line = (who(shown.coach), " set your one-on-one: ", Bold(what), f", from {first}.")
    said = [line]
    if shown.earlier:
        said.append((f"Until then: {phrases.standing(shown.earlier, shown.zone)}.",))
    if shown.ended:
        said.append((Italic("No longer in force."),))
    elif shown.standing.weekday is None:
        said.append((_IN_ROTATION,))
    said += [phrases.lands(one, shown) for one in shown.weeks]
    below = [context((phrases.turn(shown.turn, shown.today),))] if shown.turn else []
    return Rendered(lines.text(line), [lines.rich_text(*said), *below])


_IN_ROTATION = (
    "It has no time of its own: each week it takes one that is free."
    " Home says when the next one is."
)


# --- who leads, and where people are, is not as it was


def new_coach(shown: NewCoachTold) -> Rendered:
    """`@mia leads your one-on-ones now.`, what falls, and what comes next."""
    line: Line = (who(shown.coach), " leads your one-on-ones now.")
    rest: Line = (
        "Those that were planned with ", who(shown.before), " are off and count against nobody. ",
        who(shown.coach), " sets a weekly time; your talking points carry over.",
    )  # fmt: skip
    return Rendered(lines.text(line), [lines.rich_text(line, rest)])


def unset(shown: UnsetTold) -> Rendered:
    """To the new coach: whom to set a time for."""
    if not shown.people:
        line: Line = ("Everybody whom you coach has a weekly one-on-one.",)
        return Rendered(lines.text(line), [lines.rich_text(line)])
    named = joined([(who(one),) for one in shown.people[:_NAMED]], ", ")
    more = f" and {len(shown.people) - _NAMED} more" if len(shown.people) > _NAMED else ""
    verb = "is" if len(shown.people) == 1 else "are"
    line = (*named, f"{more} {verb} yours to coach now. Set a weekly one-on-one with each.")
    return Rendered(
        lines.text(line), [lines.rich_text(line), actions(button("One-on-ones", Id.STANDINGS))]
    )


_NAMED = 25


def zone(shown: ZoneTold) -> Rendered:
    """What was agreed stays when it is; the clock says something else."""
    line: Line = (
        f"You are on {phrases.place(shown.zone)} now. Your one-on-ones stay when they were set.",
    )
    listed = [(who(one.other), " · ", Moment(one.starts_at, shown.zone)) for one in shown.ahead]
    blocks = [lines.rich_text(line), *([lines.rich_list(listed)] if listed else [])]
    below: Line = ("⋯ of each at Home reschedules what does not fit any more.",)
    return Rendered(lines.text(line), [*blocks, context(below)])


def others_zone(shown: OthersZoneTold) -> Rendered:
    """`@ana is on Tokyo time now: your one-on-one of … stays, and is … there.`"""
    there = words.moment(shown.starts_at, shown.other_zone)
    line: Line = (
        who(shown.other), f" is on {phrases.place(shown.other_zone)} now. Your one-on-one of ",
        Moment(shown.starts_at, shown.zone), f" stays when it is: there that is {there}.",
    )  # fmt: skip
    blocks = [lines.rich_text(line)]
    if shown.may_change:
        blocks.append(actions(button("Reschedule", Id.MOVE, shown.one_on_one_id)))
    return Rendered(lines.text(line), blocks)


# --- a breach


def breach(shown: BreachTold) -> Rendered:
    """To the coach and the leader above, the same: the facts, with the person's own beside."""
    quarter = f"{words.month(shown.first)} to {words.month(shown.last)}"
    title: Line = (
        Bold("One-on-ones of "), who(shown.coach), Bold(" with "), who(shown.person),
        Bold(f", {quarter}"),
    )  # fmt: skip
    facts = joined(
        [
            ("By ", who(shown.coach), f": {_counted(shown.changes.coach_cancelled, 'cancelled')}, "
             f"{_counted(shown.changes.coach_moved, 'moved')}"),
            ("by ", who(shown.person),
             f": {_counted(shown.changes.person_cancelled, 'cancelled')}, "
             f"{_counted(shown.changes.person_moved, 'moved')}"),
        ]
    )  # fmt: skip
    why: Line = (
        "At most one a quarter is the standard for ", who(shown.coach), "; moves within the day do "
        "not count. Told once a quarter, to ", who(shown.coach), " and the leader above.",
    )  # fmt: skip
    text = "About the one-on-ones of this quarter"
    return Rendered(text, [lines.rich_text(title, facts), context(why)])


def _counted(count: int, what: str) -> str:
    return f"{count or 'none'} {what}"
