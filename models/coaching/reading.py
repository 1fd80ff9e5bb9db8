"""Finding coaching logs and what belongs to them, and taking the lock under which they change."""

from collections.abc import Collection, Iterable
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, and_, select
from sqlalchemy.orm import Session

from models.coaching.refusals import LogWithdrawn, UnknownLog
from models.coaching.tables import CoachingAnswer, CoachingEntry, CoachingLog

Logged = tuple[CoachingLog, CoachingEntry, CoachingAnswer | None]
"""A log, what it says now, and what the coached person says to that."""


def get_log(session: Session, log_id: int) -> CoachingLog:
    """The log, withdrawn or not. Raises `UnknownLog`, also for another workspace's."""
    found = session.scalar(select(CoachingLog).where(CoachingLog.id == log_id))
    if found is None:
        raise UnknownLog(log_id)
    return found


def lock_log(session: Session, log_id: int) -> CoachingLog:
    """The log as it is now, held until the transaction ends: who edits, withdraws and answers do
    so one after the other. Raises `UnknownLog`."""
    found = session.scalar(
        select(CoachingLog)
        .where(CoachingLog.id == log_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise UnknownLog(log_id)
    return found


def standing_log(log: CoachingLog) -> CoachingLog:
    """The log, if it was not withdrawn. Raises `LogWithdrawn`."""
    if log.withdrawn_at is not None:
        raise LogWithdrawn(log.withdrawn_at)
    return log


def get_entry(session: Session, entry_id: int) -> CoachingEntry:
    """A version of a log, current or not. Raises `UnknownLog`."""
    found = session.scalar(select(CoachingEntry).where(CoachingEntry.id == entry_id))
    if found is None:
        raise UnknownLog(entry_id)
    return found


def current_entry(session: Session, log_id: int) -> CoachingEntry:
    """What the log says now. Raises `UnknownLog`."""
    found = session.scalar(
        select(CoachingEntry).where(CoachingEntry.log_id == log_id, CoachingEntry.is_current)
    )
    if found is None:
        raise UnknownLog(log_id)
    return found


def entries(session: Session, log_id: int) -> list[CoachingEntry]:
    """Every version of the log, oldest first: its trail."""
    found = select(CoachingEntry).where(CoachingEntry.log_id == log_id)
    return list(session.scalars(found.order_by(CoachingEntry.id)))


def answers(session: Session, log_id: int) -> list[CoachingAnswer]:
    """All that the coached person said to the log, oldest first."""
    found = select(CoachingAnswer).where(CoachingAnswer.log_id == log_id)
    return list(session.scalars(found.order_by(CoachingAnswer.id)))


def current_answer(session: Session, log_id: int) -> CoachingAnswer | None:
    """What the coached person says to the current version; None: nothing yet."""
    return session.scalar(
        select(CoachingAnswer).where(CoachingAnswer.log_id == log_id, CoachingAnswer.is_current)
    )


def log_of(session: Session, one_on_one_id: int) -> CoachingLog | None:
    """The log that a one-on-one ended with."""
    return session.scalar(select(CoachingLog).where(CoachingLog.one_on_one_id == one_on_one_id))


def last_entry(
    session: Session, coach_id: int, person_id: int, before: datetime | None = None
) -> tuple[CoachingLog, CoachingEntry] | None:
    """The newest log, not withdrawn, of this coach with this person, logged before a moment."""
    wanted = (
        select(CoachingLog, CoachingEntry)
        .join(CoachingEntry, _is_current_of_log())
        .where(
            CoachingLog.coach_id == coach_id,
            CoachingLog.person_id == person_id,
            CoachingLog.withdrawn_at.is_(None),
        )
        .order_by(CoachingEntry.held_on.desc(), CoachingLog.logged_at.desc(), CoachingLog.id.desc())
        .limit(1)
    )
    if before is not None:
        wanted = wanted.where(CoachingLog.logged_at < before)
    found = session.execute(wanted).one_or_none()
    return None if found is None else (found[0], found[1])


def logs_of_coach(session: Session, coach_id: int, since: date) -> list[Logged]:
    """What this person coached on a date or later, the latest first; withdrawn logs left out."""
    return _logged(session, CoachingLog.coach_id == coach_id, CoachingEntry.held_on >= since)


def logs_of_person(session: Session, person_id: int, since: date) -> list[Logged]:
    """The coaching that this person got on a date or later, the latest first; as above."""
    return _logged(session, CoachingLog.person_id == person_id, CoachingEntry.held_on >= since)


def logs_of_people(session: Session, person_ids: Collection[int], since: date) -> list[Logged]:
    """As `logs_of_person`, of all of these people."""
    theirs = CoachingLog.person_id.in_(person_ids)
    return _logged(session, theirs, CoachingEntry.held_on >= since)


def coached_since(session: Session, coach_ids: Iterable[int], since: date) -> set[tuple[int, int]]:
    """(coach, person) of every log of these coaches about a date or later, not withdrawn."""
    rows = session.execute(
        select(CoachingLog.coach_id, CoachingLog.person_id)
        .join(CoachingEntry, _is_current_of_log())
        .where(
            CoachingLog.coach_id.in_(set(coach_ids)),
            CoachingLog.withdrawn_at.is_(None),
            CoachingEntry.held_on >= since,
        )
        .distinct()
    )
    return {(coach_id, person_id) for coach_id, person_id in rows}


def waiting_answers(session: Session, person_id: int) -> list[Logged]:
    """The logs, not withdrawn, to which this person has said nothing yet, the latest first."""
    return _logged(session, CoachingLog.person_id == person_id, CoachingAnswer.id.is_(None))


def _logged(session: Session, *conditions: ColumnElement[bool]) -> list[Logged]:
    rows = session.execute(
        _LOGGED.where(*conditions, CoachingLog.withdrawn_at.is_(None)).order_by(
            CoachingEntry.held_on.desc(), CoachingLog.id.desc()
        )
    )
    return [(log, entry, answer) for log, entry, answer in rows]


def _is_current_of_log() -> ColumnElement[bool]:
    return and_(
        CoachingEntry.log_id == CoachingLog.id,
        CoachingEntry.workspace_id == CoachingLog.workspace_id,
        CoachingEntry.is_current,
    )


_LOGGED: Select[CoachingLog, CoachingEntry, CoachingAnswer] = (
    select(CoachingLog, CoachingEntry, CoachingAnswer)
    .join(CoachingEntry, _is_current_of_log())
    .outerjoin(
        CoachingAnswer,
        and_(
            CoachingAnswer.log_id == CoachingLog.id,
            CoachingAnswer.workspace_id == CoachingLog.workspace_id,
            CoachingAnswer.is_current,
        ),
    )
)
