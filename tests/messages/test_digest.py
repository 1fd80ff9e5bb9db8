"""The morning digest in words: its notification, its sections, what it says when things change."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from handlers.digest.messages import digest
from models.one_on_ones import State
from models.screens import (
    Digest,
    DigestSession,
    LastCoaching,
    MovedShown,
    Preparation,
    SettledShown,
    Side,
    Unrecorded,
)
from sandbox.blocks import validate_message
from tests.messages import made
from tests.messages.made_home import RECEIVED
from tests.messages.made_one_on_ones import row
from tests.reading import read

DAY = timedelta(days=1)
ZONE = "America/New_York"
THURSDAY = made.TEN + DAY
PREPARATION = Preparation(
    last=LastCoaching(
        held_on=date(2026, 11, 18),
        focus="negotiation",
        feedback="Let silence work after the price",
        next_step="Two calls with it",
        next_on=date(2026, 11, 24),
        agrees=True,
    ),
    points=(),
    without_next=("Nexus Corp",),
    flagged=(),
    held=None,
    notes=None,
)


def session(**changes: Any) -> DigestSession:
    """Max's with Ana, tomorrow at 10:00."""
    shown = DigestSession(
        row=row(starts_at=THURSDAY, may_run=False),
        starts_at=THURSDAY,
        moved=None,
        settled=None,
        preparation=PREPARATION,
    )
    return replace(shown, **changes)


def a_digest(**changes: Any) -> Digest:
    shown = Digest(
        person=made.MAX,
        zone=ZONE,
        day=made.TODAY,
        next_day=made.TODAY + DAY,
        sessions=(),
        unrecorded=(),
        to_rate=(),
        to_answer=(),
        actions=(),
    )
    return replace(shown, **changes)


def said(**changes: Any) -> list[str]:
    shown = digest(a_digest(**changes))
    assert validate_message(text=shown.text, blocks=shown.blocks) == []
    return [shown.text, *read(shown.blocks).splitlines()]


def test_tomorrows_one_on_ones_stand_with_what_to_prepare() -> None:
    assert said(sessions=(session(), session(row=row(other=made.BEN, starts_at=THURSDAY))))[:8] == [
        "Your morning: 2 one-on-ones tomorrow",
        "Your morning, Wed 25 Nov",
        "Tomorrow, Thu 26 Nov",
        "One-on-one with @Ana at 10:00 · 30 min",
        "Last time: negotiation — “Let silence work after the price”",
        "Next step: “Two calls with it” by Tue 24 Nov (log confirmed)",
        "1 deal lacks a next action: Nexus Corp",
        "⋯(Talking points, Reschedule, Cancel, What drives Ana)",
    ]


def test_todays_have_their_buttons_and_no_preparation() -> None:
    today = session(row=row(), starts_at=made.TEN, preparation=None)
    assert said(sessions=(today,)) == [
        "Your morning: 1 one-on-one today",
        "Your morning, Wed 25 Nov",
        "Today",
        "One-on-one with @Ana at 10:00 · 30 min",
        "[Start] [Finish] ⋯(Talking points, Reschedule, Cancel, What drives Ana)",
    ]


def test_fridays_names_mondays() -> None:
    monday = THURSDAY + 4 * DAY
    there = session(row=row(starts_at=monday), starts_at=monday, preparation=None)
    lines = said(day=date(2026, 11, 27), next_day=date(2026, 11, 30), sessions=(there,))
    assert lines[0] == "Your morning: 1 one-on-one on Mon 30 Nov"
    assert lines[2] == "Mon 30 Nov"


def test_what_was_moved_since_says_so_where_it_stood() -> None:
    moved = session(
        row=row(starts_at=THURSDAY + 5 * DAY, may_run=False),
        moved=MovedShown(made.ANA, made.TEN, THURSDAY + 5 * DAY),
        preparation=None,
    )
    assert said(sessions=(moved,)) == [
        "Your morning: your one-on-ones have changed",
        "Your morning, Wed 25 Nov",
        "Tomorrow, Thu 26 Nov",
        "One-on-one with @Ana at 10:00 · 30 min",
        "Moved by @Ana, Wed 25 Nov, 10:00, to Tue 1 Dec, 10:00",
        "⋯(Talking points, Reschedule, Cancel, What drives Ana)",
    ]


def test_what_was_cancelled_since_says_so() -> None:
    cancelled = session(
        row=row(starts_at=THURSDAY, state=State.CANCELLED),
        settled=SettledShown(State.CANCELLED, made.ANA, made.TEN, "a customer", None, 0),
        preparation=None,
    )
    assert said(sessions=(cancelled,))[3:] == [
        "One-on-one with @Ana at 10:00 · 30 min",
        "Cancelled by @Ana, Wed 25 Nov, 10:00: “a customer”",
    ]


def test_what_was_moved_and_then_called_off_says_both() -> None:
    both = session(
        row=row(starts_at=THURSDAY + 5 * DAY, state=State.CANCELLED),
        moved=MovedShown(made.ANA, made.TEN, THURSDAY + 5 * DAY),
        settled=SettledShown(State.CANCELLED, made.ANA, made.TEN, "a customer", None, 0),
        preparation=None,
    )
    assert said(sessions=(both,))[3:] == [
        "One-on-one with @Ana at 10:00 · 30 min",
        "Moved by @Ana, Wed 25 Nov, 10:00, to Tue 1 Dec, 10:00",
        "Cancelled by @Ana, Wed 25 Nov, 10:00: “a customer”",
    ]


def test_what_is_not_recorded_says_until_when_it_can_be() -> None:
    ben = row(other=made.BEN, starts_at=made.TEN - DAY, unrecorded=True)
    assert said(unrecorded=(Unrecorded(ben, made.TODAY),)) == [
        "Your morning: 1 thing waits for you",
        "Your morning, Wed 25 Nov",
        "One-on-one with @Ben, Tue 24 Nov, 10:00: nothing recorded."
        " It counts as missed after today.",
        "[Finish]",
    ]
    later = said(unrecorded=(Unrecorded(ben, made.TODAY + DAY),))
    assert later[2].endswith("It counts as missed after Thu 26 Nov.")


def test_the_notification_counts_and_names_nobody() -> None:
    mine = row(other=made.MAX, side=Side.PERSON, may_run=False)
    lines = said(sessions=(session(),), to_rate=(mine,), to_answer=(RECEIVED,))
    assert lines[0] == "Your morning: 1 one-on-one tomorrow, 2 things wait for you"
    assert "[1 😞] [2 🙁] [3 😐] [4 🙂] [5 🤩] [It did not happen]" in lines
    assert "[That's right] [I see it differently]" in lines


def test_one_of_which_nothing_is_left_says_so() -> None:
    assert said() == [
        "Your morning: nothing is left",
        "Your morning, Wed 25 Nov",
        "Nothing of it is left.",
    ]


def test_very_many_are_counted() -> None:
    lines = said(sessions=(session(),) * 12)
    assert "and 4 more, at Home" in lines
