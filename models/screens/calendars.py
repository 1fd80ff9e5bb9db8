"""Loader of what is known of a person's own calendar. Nobody else sees it."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from models import calendars
from models.absences import AbsenceSource, absences
from models.people import Person
from models.screens.asked import CalendarShown

_AHEAD = timedelta(days=14)


def calendar_shown(session: Session, actor: Person, now: datetime) -> CalendarShown | None:
    """The actor's calendar; None: no address is here."""
    address = calendars.current_address(session, actor.id)
    if address is None:
        return None
    today = now.astimezone(ZoneInfo(actor.zone)).date()
    off = [
        (each.starts_on, each.ends_on)
        for each in absences(session, actor.id, today)
        if each.source is AbsenceSource.CALENDAR
    ]
    return CalendarShown(
        shown=address.shown,
        zone=actor.zone,
        today=today,
        looking=address.next_at is None,
        problem=address.problem,
        since=address.failing_since,
        to_tell=calendars.is_long_failing(address, now),
        was_read=address.read_at is not None,
        busy=len(calendars.busy(session, [actor.id], now, now + _AHEAD)[actor.id]),
        off=tuple(off),
        unread=address.unread,
    )
