"""Entering a calendar's address, and taking it away."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from models.base import RuleBroken
from models.calendars.addresses import check_address, shown_as
from models.calendars.tables import BusyTime, CalendarAddress
from models.people import Person


class NoCalendar(RuleBroken):
    """This person has entered no calendar's address, or it was removed already."""


def current_address(
    session: Session, person_id: int, *, lock: bool = False
) -> CalendarAddress | None:
    """Where this person's calendar is; None: nowhere."""
    wanted = select(CalendarAddress).where(
        CalendarAddress.person_id == person_id, CalendarAddress.ended_at.is_(None)
    )
    if lock:
        wanted = wanted.with_for_update().execution_options(populate_existing=True)
    return session.scalar(wanted)


def connect(session: Session, person: Person, text: str, now: datetime) -> CalendarAddress:
    """This is where the person's calendar is; it is looked at as soon as may be.

    What was known of the one before stays until this one has been read. Entered again, the same
    address is looked at again. Raises `AddressUnfit`.
    """
    url = check_address(text)
    here = current_address(session, person.id, lock=True)
    if here is not None and here.url == url:
        here.next_at = None
        return here
    if here is not None:
        _end(session, here, now)
    made = CalendarAddress(person_id=person.id, url=url, shown=shown_as(url), entered_at=now)
    session.add(made)
    session.flush()
    return made


def disconnect(session: Session, person: Person, now: datetime) -> None:
    """The address is forgotten, and the busy times that it brought. Raises `NoCalendar`."""
    here = current_address(session, person.id, lock=True)
    if here is None:
        raise NoCalendar(person.id)
    _end(session, here, now)
    mine = delete(BusyTime).where(BusyTime.person_id == person.id)
    session.execute(mine.execution_options(synchronize_session=False))


def _end(session: Session, here: CalendarAddress, now: datetime) -> None:
    here.ended_at, here.url, here.etag, here.last_modified = now, None, None, None
    session.flush()  # before the new one: only one may be current
