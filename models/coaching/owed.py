"""The messages that a coaching log owes, and what they are owed under."""

from datetime import datetime

from sqlalchemy.orm import Session

from models.attention import digests_from
from models.coaching.tables import CoachingEntry, CoachingLog
from models.days import DAY
from models.delivery import Kind, owe, refresh_keys
from models.people import get_person
from models.schedule import local_date


def owe_log(session: Session, log: CoachingLog, now: datetime) -> None:
    """To who was coached; and the coach's own copy, unless a one-on-one's card shows it."""
    owe(
        session,
        Kind.COACHING_PERSON,
        log.id,
        dedupe_key=_person_key(log.id),
        due_at=now,
        person_id=log.person_id,
    )
    if log.one_on_one_id is None:
        owe(
            session,
            Kind.COACHING_COACH,
            log.id,
            dedupe_key=_coach_key(log.id),
            due_at=now,
            person_id=log.coach_id,
        )


def owe_disputed(session: Session, log: CoachingLog, entry: CoachingEntry, now: datetime) -> None:
    """The coach hears that a version is seen differently: one message per version."""
    owe(
        session,
        Kind.COACHING_DISPUTED,
        entry.id,
        dedupe_key=_disputed_key(entry.id),
        due_at=now,
        person_id=log.coach_id,
    )


def refresh_log(session: Session, log: CoachingLog, entry: CoachingEntry, now: datetime) -> None:
    """The log, or what was said to this version of it, has changed: so has all that shows it,
    the digest of the morning after included, in which it waits for an answer."""
    logged_on = local_date(log.logged_at, get_person(session, log.person_id).zone)
    digests = digests_from(session, log.person_id, logged_on + DAY)
    keys = (_person_key(log.id), _coach_key(log.id), _disputed_key(entry.id), *digests)
    refresh_keys(session, keys, now)


def _person_key(log_id: int) -> str:
    return f"coaching:{log_id}:person"


def _coach_key(log_id: int) -> str:
    return f"coaching:{log_id}:coach"


def _disputed_key(entry_id: int) -> str:
    return f"coaching:version:{entry_id}:disputed"
