"""A person's calendar in words: looking, what was found, why nothing was, and what to do."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from handlers.home import calendar_words, modals
from handlers.home.messages import home
from handlers.ids import Id
from models.calendars import Problem
from models.screens import CalendarShown, DaysOff
from tests.messages.made import TEN, TODAY
from tests.messages.made_home import home as a_home
from tests.reading import read

FOUND = CalendarShown(
    shown="calendar.example …cdef",
    zone="America/New_York",
    today=TODAY,
    looking=False,
    problem=None,
    since=None,
    to_tell=False,
    was_read=True,
    busy=12,
    off=((date(2026, 12, 24), date(2026, 12, 24)),),
    unread=0,
)
LOOKING = replace(FOUND, looking=True, was_read=False)
GONE = replace(FOUND, problem=Problem.GONE, since=TEN, was_read=False, to_tell=True)


def said(blocks: list[dict[str, Any]]) -> list[str]:
    return read(blocks).replace("\u00a0", " ").splitlines()


def at_home(shown: CalendarShown | None) -> str:
    return "\n".join(said(home(a_home(calendar=shown))["blocks"]))


def test_looking_then_what_was_found() -> None:
    assert said(calendar_words.saved(LOOKING)["blocks"]) == [
        "calendar.example …cdef",
        "Looking… What is found stands here and at Home in a moment.",
        "[Show what was found]",
    ]
    assert said(calendar_words.saved(FOUND)["blocks"]) == [
        "calendar.example …cdef",
        "12 busy times in the next 2 weeks · days off: Thu 24 Dec.",
    ]
    week = (date(2026, 12, 24), date(2027, 1, 1))
    more = replace(FOUND, busy=1, off=(week,), unread=2)
    assert said(calendar_words.saved(more)["blocks"])[1] == (
        "1 busy time in the next 2 weeks · days off: Thu 24 Dec to Fri 1 Jan."
        " 2 entries could not be read, and count for nothing."
    )
    none = replace(FOUND, busy=0, off=())
    assert said(calendar_words.saved(none)["blocks"])[1] == (
        "0 busy times in the next 2 weeks, no days off."
    )


@pytest.mark.parametrize("problem", Problem)
def test_every_problem_says_what_is_wrong_and_what_to_do(problem: Problem) -> None:
    _, why = said(calendar_words.saved(replace(GONE, problem=problem))["blocks"])
    assert why.startswith("It cannot be read: ")
    assert why.count(".") >= 2


def test_what_was_known_before_still_counts() -> None:
    failing = replace(GONE, was_read=True)
    assert said(calendar_words.saved(failing)["blocks"])[2] == (
        "So it is since Wed 25 Nov, 10:00."
        " Until then: 12 busy times in the next 2 weeks · days off: Thu 24 Dec."
    )


def test_at_home_a_line_or_what_has_to_be_done() -> None:
    assert "calendar" not in at_home(None).casefold()
    assert "Your calendar is being looked at." in at_home(LOOKING)
    assert "Your calendar: 12 busy times in the next 2 weeks · days off: Thu 24 Dec." in at_home(
        FOUND
    )
    wrong = at_home(GONE)
    assert "Your calendar cannot be read" in wrong
    assert "Copy the address anew from your calendar. [Calendar address]" in wrong
    short = replace(GONE, was_read=True, to_tell=False)
    assert "cannot be read" not in at_home(short), "in three days perhaps"


def test_the_form_and_removing() -> None:
    first = calendar_words.address(None, takes=True)
    assert said(first["blocks"])[0] == "iCal address: ___"
    assert first["callback_id"] == Id.SAVE_CALENDAR_ADDRESS
    here = calendar_words.address(FOUND, takes=True)
    assert said(here["blocks"])[2:4] == ["[Remove]", "Another iCal address: ___"]
    [remove] = [one for one in here["blocks"] if one["type"] == "actions"]
    assert "confirm" in remove["elements"][0]


def test_switched_off_it_can_only_be_removed() -> None:
    off = calendar_words.address(FOUND, takes=False)
    assert said(off["blocks"])[2:] == ["[Remove]", calendar_words.OFF]
    assert "submit" not in off
    nothing = DaysOff(TODAY, ())
    offered = "Days off can come from your calendar"
    assert offered in "\n".join(said(modals.days_off(nothing)["blocks"]))
    assert offered not in "\n".join(said(modals.days_off(nothing, calendars=False)["blocks"]))
    kept = modals.days_off(replace(nothing, calendar=FOUND), calendars=False)
    assert "[Calendar address]" in "\n".join(said(kept["blocks"]))
