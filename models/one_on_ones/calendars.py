"""What a person's calendar says of days out of office: one-on-ones follow it as they follow days
off that were entered.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from sqlalchemy.orm import Session

from models import calendars
from models.absences import AbsenceSource
from models.calendars import CalendarClaim, Question
from models.one_on_ones.following import bring_absences
from models.people import Person, get_person

_CALENDAR = AbsenceSource.CALENDAR


def take_calendar(
    session: Session,
    claim: CalendarClaim,
    question: Question,
    times: Iterable[tuple[datetime, datetime]],
    away: Mapping[str, tuple[date, date]],
    now: datetime,
    real: datetime,
    *,
    unread: int = 0,
    etag: str | None = None,
    last_modified: str | None = None,
) -> bool:
    """A calendar was read: its busy times, its days out of office by its own keys.

    Whether that is news to its person. Raises `CalendarLost`, `AbsenceUnfit`.
    """
    news = calendars.found(
        session,
        claim,
        question,
        times,
        now,
        real,
        unread=unread,
        etag=etag,
        last_modified=last_modified,
    )
    person = get_person(session, calendars.held(session, claim).person_id)
    return bring_absences(session, person, _CALENDAR, away, now) or news


def leave_calendar(session: Session, person: Person, now: datetime) -> None:
    """The person takes the address away: its busy times go, and its days off that are not over.

    Raises `NoCalendar`.
    """
    calendars.disconnect(session, person, now)
    bring_absences(session, person, _CALENDAR, {}, now)
