"""One-on-ones' screens made by hand: Max and Ana, Wednesday 25 November, 10:00 in New York."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

from models.flags import Flag, FlagCode
from models.one_on_ones import Changes, FreeSlot, State
from models.screens import (
    BreachTold,
    ChangeForm,
    FinishDeal,
    FinishForm,
    FlaggedDeal,
    HeldShown,
    LastCoaching,
    MovedShown,
    NextShown,
    OneOnOneCard,
    OneOnOneChanged,
    OneOnOneRow,
    PointsForm,
    PointShown,
    Preparation,
    SettledShown,
    Side,
    StandingForm,
    StandingRow,
    StandingsForm,
    StandingShown,
    StandingTold,
    StartedShown,
    Who,
)
from models.standards import FOCUS_AREAS
from tests.messages.made import ANA, BEN, MAX, TEN, TODAY

NEW_YORK = "America/New_York"
THURSDAY = datetime(2026, 11, 26, 15, 0, tzinfo=TEN.tzinfo)  # 10:00 in New York

PRICING = PointShown(31, ANA, "pricing for Orbit")
CLOSE_PLAN = PointShown(32, MAX, "close plan for Nexus")
LAST = LastCoaching(
    held_on=date(2026, 11, 18),
    focus="objection handling",
    feedback="Let silence work after the price",
    next_step="Two calls with it",
    next_on=date(2026, 11, 20),
    agrees=True,
)
PREPARATION = Preparation(
    last=LAST,
    points=(PRICING, CLOSE_PLAN),
    without_next=("Nexus", "Orbit", "Tern"),
    flagged=(
        FlaggedDeal("Vale", Flag(FlagCode.CLOSE_PAST, {"days": 2})),
        FlaggedDeal("Nexus", Flag(FlagCode.QUIET, {"days": 16})),
    ),
    held=HeldShown(5, 6),
    notes="Ask about the move to Boston",
)
THEIRS = replace(PREPARATION, held=None, notes=None)
STARTED = StartedShown(MAX, TEN + timedelta(minutes=2))
HELD = SettledShown(State.HELD, MAX, TEN + timedelta(minutes=35), None, None, 2)
CANCELLED = SettledShown(
    State.CANCELLED, ANA, TEN - timedelta(minutes=10), "a customer calls at ten", None, 0
)
MOVED = MovedShown(ANA, TEN - timedelta(minutes=10), THURSDAY)


def card(**changes: Any) -> OneOnOneCard:
    """The coach's, ten minutes before."""
    shown = OneOnOneCard(
        one_on_one_id=21,
        side=Side.COACH,
        other=ANA,
        zone=NEW_YORK,
        today=TODAY,
        starts_at=TEN,
        minutes=30,
        late=False,
        started=None,
        moved=None,
        settled=None,
        may_change=True,
        preparation=PREPARATION,
        log_id=None,
    )
    return replace(shown, **changes)


def persons_card(**changes: Any) -> OneOnOneCard:
    return card(**{"side": Side.PERSON, "other": MAX, "preparation": THEIRS} | changes)


def ended(**changes: Any) -> OneOnOneCard:
    return card(**{"preparation": None, "may_change": False} | changes)


def changed(**changes: Any) -> OneOnOneChanged:
    """To Max: Ana moved it."""
    shown = OneOnOneChanged(
        one_on_one_id=21,
        other=ANA,
        zone=NEW_YORK,
        today=TODAY,
        starts_at=TEN,
        moved=MOVED,
        settled=None,
        next_at=None,
        goes_on=True,
    )
    return replace(shown, **changes)


STANDING = StandingShown(2, time(10), 30, NEW_YORK, date(2026, 11, 30))


def standing_told(**changes: Any) -> StandingTold:
    shown = StandingTold(MAX, NEW_YORK, TODAY, standing=STANDING, earlier=None, ended=False)
    return replace(shown, **changes)


def breach(**changes: Any) -> BreachTold:
    shown = BreachTold(
        coach=MAX,
        person=ANA,
        first=date(2026, 10, 1),
        last=date(2026, 12, 31),
        changes=Changes(coach_cancelled=1, coach_moved=1, person_cancelled=0, person_moved=1),
    )
    return replace(shown, **changes)


def row(**changes: Any) -> OneOnOneRow:
    shown = OneOnOneRow(
        one_on_one_id=21,
        other=ANA,
        side=Side.COACH,
        starts_at=TEN,
        minutes=30,
        zone=NEW_YORK,
        state=State.DUE,
        started_at=None,
        may_run=True,
        may_change=True,
        unrecorded=False,
    )
    return replace(shown, **changes)


def finish_deal(number: int, name: str, text: str | None = None, owner: Who = ANA) -> FinishDeal:
    due_on = date(2026, 12, 1)
    action = None if text is None else NextShown(text, owner, due_on, overdue=False)
    return FinishDeal(number, name, "Proposal", action, owner, due_on)


def finish_form(**changes: Any) -> FinishForm:
    shown = FinishForm(
        one_on_one_id=21,
        person=ANA,
        starts_at=TEN,
        zone=NEW_YORK,
        today=TODAY,
        minutes=30,
        notes=None,
        deals=(finish_deal(7, "Nexus"), finish_deal(8, "Orbit", "Send the paper")),
        needs_deals=True,
        due_most=date(2026, 12, 9),
        next_on=date(2026, 12, 2),
        points=(PRICING, CLOSE_PLAN),
        focus_areas=FOCUS_AREAS,
        feedback_characters=15,
    )
    return replace(shown, **changes)


def change_form(**changes: Any) -> ChangeForm:
    shown = ChangeForm(21, ANA, Side.COACH, NEW_YORK, TEN, 30, free=(THURSDAY,))
    return replace(shown, **changes)


def points_form(**changes: Any) -> PointsForm:
    shown = PointsForm(21, ANA, mine=(CLOSE_PLAN,), others=(PRICING,))
    return replace(shown, **changes)


def standings_form(**changes: Any) -> StandingsForm:
    shown = StandingsForm(
        zone=NEW_YORK,
        today=date(2026, 11, 30),
        rows=(StandingRow(ANA, STANDING), StandingRow(BEN, None)),
        coach=None,
        own=None,
    )
    return replace(shown, **changes)


def standing_form(**changes: Any) -> StandingForm:
    shown = StandingForm(
        person=BEN,
        is_new=True,
        standing=STANDING,
        weekdays="234",
        minutes_least=30,
        minutes_most=45,
        free=(FreeSlot(2, time(10, 30)), FreeSlot(3, time(9))),
    )
    return replace(shown, **changes)
