"""A person's calendar in words: what was found behind its address, or why nothing was."""

from datetime import date

from handlers import lines, words
from handlers.blocks import actions, button, confirm, context, divider, header, modal, section
from handlers.forms import Json
from handlers.home.forms import CalendarAddressForm
from handlers.ids import Id
from handlers.lines import Bold, Line, Moment, joined
from models.calendars import Problem
from models.screens import CalendarShown

OFF = "Whoever runs Cadence here has switched calendars off."

_TITLE = "Calendar address"
_MOST_OFF = 5
_WHAT_IS_KEPT: Line = (
    "What is kept is when you are busy, and which days you are out of office: those excuse your"
    " one-on-ones. What an entry says is never stored, and the address is not shown again.",
)
_PROBLEMS = {
    Problem.NO_ANSWER: (
        "nobody answers there. It is tried again by itself; if it stays so, check the address."
    ),
    Problem.SLOW: "the answer takes too long. It is tried again by itself.",
    Problem.FAULT: "the other side says that it is in trouble. It is tried again by itself.",
    Problem.NOT_PUBLIC: (
        "it leads into a private network, where the bot does not go."
        " Give the address under which your calendar is published."
    ),
    Problem.CERTIFICATE: (
        "the other side cannot prove who it is: its https certificate is not valid."
        " Check the address."
    ),
    Problem.MOVED: (
        "it sends on to somewhere else, too often or not over https."
        " Copy the address anew from your calendar."
    ),
    Problem.GONE: "no calendar is there any more. Copy the address anew from your calendar.",
    Problem.PASSWORD: (
        "it asks for a password. Give the secret or published address, which needs none."
    ),
    Problem.NOT_A_CALENDAR: (
        "what is there is no calendar. Give the iCal address, not that of a page: it often ends"
        " in .ics."
    ),
    Problem.BROKEN: (
        "what is there begins as a calendar and cannot be read as one. Publish it anew."
    ),
    Problem.TOO_LARGE: "it is larger than 5 MB. Publish a calendar with fewer old entries.",
    Problem.TOO_MUCH: (
        "it has so many entries that it cannot be read in time. Publish one with fewer."
    ),
    Problem.UNEXPECTED: (
        "something went wrong here. It is tried again by itself; if it stays so, tell an admin."
    ),
}


def address(shown: CalendarShown | None, *, takes: bool) -> Json:
    """What is known now, and a field for an address. `takes`: whether one may be given here."""
    blocks = [] if shown is None else [lines.rich_text(*state(shown)), actions(_removing())]
    if not takes:
        return modal(Id.NOTE, _TITLE, [*blocks, context((OFF,))], close="Close")
    label = "iCal address" if shown is None else "Another iCal address"
    blocks += CalendarAddressForm.blocks(labels={"address": label})
    blocks.append(context(_WHAT_IS_KEPT))
    return modal(Id.SAVE_CALENDAR_ADDRESS, _TITLE, blocks, submit="Save", close="Close")


def saved(shown: CalendarShown | None) -> Json:
    """After saving, and when its person looks again. None: removed meanwhile."""
    if shown is None:
        return modal(Id.NOTE, _TITLE, [lines.rich_text(("No address is here.",))], close="Done")
    blocks = [lines.rich_text(*state(shown))]
    if shown.looking:
        blocks.append(actions(button("Show what was found", Id.SHOW_CALENDAR)))
    return modal(Id.NOTE, _TITLE, blocks, close="Done")


def beside_days_off(shown: CalendarShown | None) -> list[Json]:
    """In Days off: where else they may come from."""
    if shown is None:
        said: Line = ("Days off can come from your calendar, and one-on-ones keep out of its way.",)
        return [divider(), section(said, button("Add its address", Id.CALENDAR_ADDRESS))]
    said = joined(state(shown), "\n")
    return [divider(), section(said, button("Calendar address", Id.CALENDAR_ADDRESS))]


def at_home(shown: CalendarShown | None) -> list[Json]:
    """One small line; what its person has to do something about stands out."""
    if shown is None:
        return []
    if shown.to_tell and not shown.looking:
        said = joined(state(shown), "\n")
        pressed = button("Calendar address", Id.CALENDAR_ADDRESS)
        return [header("Your calendar cannot be read"), section(said, pressed)]
    if shown.looking:
        return [context(("Your calendar is being looked at. What is found stands here.",))]
    return [context(("Your calendar: ", _found(shown), "."))]


def state(shown: CalendarShown) -> list[Line]:
    """Which calendar, and what is known of it: one line each."""
    head: Line = (Bold(words.said(shown.shown, 200)),)
    if shown.looking:
        return [head, ("Looking… What is found stands here and at Home in a moment.",)]
    if shown.problem is None:
        return [head, (f"{_found(shown)}.", *_unread(shown))]
    why: Line = (f"It cannot be read: {_PROBLEMS[shown.problem]}",)
    if not shown.was_read or shown.since is None:
        return [head, why]
    since = Moment(shown.since, shown.zone)
    return [head, why, ("So it is since ", since, f". Until then: {_found(shown)}.")]


def _found(shown: CalendarShown) -> str:
    """`12 busy times in the next 2 weeks · days off: Thu 24 Dec`."""
    busy = words.plural(shown.busy, "busy time")
    if not shown.off:
        return f"{busy} in the next 2 weeks, no days off"
    days = [_days(one, shown.today) for one in shown.off]
    return f"{busy} in the next 2 weeks · days off: {words.listed(days, _MOST_OFF)}"


def _days(off: tuple[date, date], today: date) -> str:
    return " to ".join(words.day(each, today) for each in dict.fromkeys(off))


def _unread(shown: CalendarShown) -> Line:
    if not shown.unread:
        return ()
    could = words.plural(shown.unread, "entry", "entries")
    return (f" {could} could not be read, and count for nothing.",)


def _removing() -> Json:
    sure = confirm(
        "Remove the address?",
        "Your busy times are forgotten, and days off to come that it brought. One-on-ones that "
        "those excused are due again.",
        "Remove",
        "Leave it",
    )
    return button("Remove", Id.REMOVE_CALENDAR, confirm=sure)
