"""When people's calendars leave no room, and for how long one could not be read."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.calendars.tables import BusyTime, CalendarAddress

_LONG = timedelta(days=3)


def busy(
    session: Session, person_ids: Collection[int], first: datetime, last: datetime
) -> dict[int, list[tuple[datetime, datetime]]]:
    """The times between two moments at which each of these people is busy, by start; perhaps none.

    What a calendar said when it was last read stands, also while it cannot be read.
    """
    times: dict[int, list[tuple[datetime, datetime]]] = {each: [] for each in person_ids}
    rows = session.scalars(
        select(BusyTime)
        .where(BusyTime.person_id.in_(times), BusyTime.starts_at < last, BusyTime.ends_at > first)
        .order_by(BusyTime.starts_at, BusyTime.id)
    )
    for row in rows:
        times[row.person_id].append((row.starts_at, row.ends_at))
    return times


def is_long_failing(address: CalendarAddress, now: datetime) -> bool:
    """Whether its person has to hear that it cannot be read: at once where it never could be, else
    after three days."""
    if address.failing_since is None:
        return False
    return address.read_at is None or now - address.failing_since >= _LONG
