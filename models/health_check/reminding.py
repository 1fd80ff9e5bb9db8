"""Old deals: whoever imported last is reminded before the week's check looks at them."""

from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.days import day_off
from models.deals import Import
from models.delivery import Delivery, Kind, owe, refresh_keys
from models.dropped_files import importers
from models.people import Person, admins, get_person
from models.schedule import local_date

_SHOWN = timedelta(days=7)
"""Of so long a reminder stands for an import that is still to come."""


def reminded(session: Session, taken: Import | None, now: datetime) -> list[Person]:
    """Who is to import: whoever did last, if they still may and are there today, else the admins
    who are there."""
    if taken is not None and taken.imported_by_id is not None:
        last = get_person(session, taken.imported_by_id)
        if importers(last) and _is_there(session, last, now):
            return [last]
    return [admin for admin in admins(session) if _is_there(session, admin, now)]


def _is_there(session: Session, person: Person, now: datetime) -> bool:
    return day_off(session, person, local_date(now, person.zone)) is None


def remind(session: Session, people: list[Person], day: date, now: datetime) -> None:
    """Owes each of these people one reminder a day, whatever the number of teams."""
    for person in people:
        owe(
            session,
            Kind.IMPORT_REMINDER,
            person.id,
            dedupe_key=f"import:{day}:reminder:{person.id}",
            due_at=now,
            person_id=person.id,
        )


def show_reminders(session: Session, now: datetime) -> None:
    """Deals were imported: what reminded of it in the last days says so."""
    newest = (Delivery.kind == Kind.IMPORT_REMINDER) & (Delivery.due_at > now - _SHOWN)
    keys = list(session.scalars(select(Delivery.dedupe_key).where(newest)))
    if keys:
        refresh_keys(session, keys, now)
