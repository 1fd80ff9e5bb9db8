"""Which of a person's morning digests may name a thing, so that they show what becomes of it.

By what was sent, not by working days as they are now: a digest that went out stands, whatever days
off are entered or taken back afterwards.
"""

from collections.abc import Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from models.days import digest_key
from models.delivery import Delivery, DeliveryState, Kind
from models.people import Person

_NAMED_IN = 3
"""A thing is asked about on its day and on the working day after; days off that change between two
mornings may bring it a third time."""


def digests_from(session: Session, person_id: int, day: date) -> list[str]:
    """The keys of those that may ask about what fell due, or was, on that local date."""
    since = _of(person_id, day, date.max).order_by(Delivery.dedupe_key)
    return list(session.scalars(since.limit(_NAMED_IN)))


def digests_around(session: Session, person: Person, moments: Iterable[datetime]) -> list[str]:
    """As `digests_from` of what is set to these moments, with the newest before each: it looks
    ahead until the next working day."""
    keys: set[str] = set()
    for day in {at.astimezone(ZoneInfo(person.zone)).date() for at in moments}:
        ahead = _of(person.id, date.min, day).where(
            Delivery.dedupe_key != digest_key(person.id, day)
        )
        keys.update(session.scalars(ahead.order_by(Delivery.dedupe_key.desc()).limit(1)))
        keys.update(digests_from(session, person.id, day))
    return sorted(keys)


def _of(person_id: int, first: date, last: date) -> Select[str]:
    """Between two local dates; a key ends with its date."""
    return select(Delivery.dedupe_key).where(
        Delivery.person_id == person_id,
        Delivery.kind == Kind.DIGEST,
        Delivery.state != DeliveryState.DROPPED,
        Delivery.dedupe_key.between(digest_key(person_id, first), digest_key(person_id, last)),
    )
