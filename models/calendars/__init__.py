"""Calendars by iCal address: where a person's is, when it says that they are busy.

Only times are kept, never what an entry is called. Days out of office that it says become absences
(`one_on_ones.take_calendar`).

Rooms: `addresses` (what may be entered) · `tables` · `connecting` · `looking` (what the worker does
with an address) · `reading`.
"""

from models.calendars.addresses import (
    MOST_CHARACTERS,
    AddressUnfit,
    Unfit,
    check_address,
    is_public,
    shown_as,
)
from models.calendars.connecting import NoCalendar, connect, current_address, disconnect
from models.calendars.looking import (
    DAYS_AHEAD,
    CalendarClaim,
    CalendarLost,
    Question,
    asked,
    claim_calendar,
    failed,
    found,
    held,
    unchanged,
)
from models.calendars.reading import busy, is_long_failing
from models.calendars.tables import BusyTime, CalendarAddress, Problem

__all__ = [
    "DAYS_AHEAD",
    "MOST_CHARACTERS",
    "AddressUnfit",
    "BusyTime",
    "CalendarAddress",
    "CalendarClaim",
    "CalendarLost",
    "NoCalendar",
    "Problem",
    "Question",
    "Unfit",
    "asked",
    "busy",
    "check_address",
    "claim_calendar",
    "connect",
    "current_address",
    "disconnect",
    "failed",
    "found",
    "held",
    "is_long_failing",
    "is_public",
    "shown_as",
    "unchanged",
]
