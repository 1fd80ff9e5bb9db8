"""Home's screens made by hand: Max's, on Wednesday 25 November."""

from dataclasses import replace
from datetime import date
from typing import Any

from models.delivery import Kind
from models.people import Role
from models.screens import AdminParked, CoachingReceived, HomeScreen
from tests.messages.made import MAX, TEN, TODAY, WEST

RECEIVED = CoachingReceived(
    log_id=3,
    entry_id=31,
    by=MAX,
    held_on=date(2026, 11, 23),
    focus="negotiation",
    feedback="Let silence work after the price",
    next_step="Two calls without filling the pause",
    next_on=date(2026, 11, 27),
    agrees=None,
)

PARKED = AdminParked(3, Kind.REVIEW_CARD, WEST, "C0WEST", None, "not_in_channel", TEN, mended=False)


def home(**changes: Any) -> HomeScreen:
    """Max's Home, with nothing on it."""
    shown = HomeScreen(
        person=MAX,
        role=Role.MANAGER,
        is_admin=False,
        zone="America/New_York",
        today=TODAY,
        to_rate=(),
        to_answer=(),
        reviews=(),
        sessions_today=(),
        sessions_next=(),
        sessions_more=0,
        has_standing=False,
        managers=(),
        coach=None,
        can_start=(),
        due=(),
        actions=(),
        received=(),
        upcoming=(),
        deals_as_of=TEN,
        deals_stale=False,
        parked=(),
        names_deputy=False,
    )
    return replace(shown, **changes)
