"""What the coached person says to a log: that it is right, or that they see it differently."""

from datetime import datetime

from sqlalchemy.orm import Session

from models.access import Act, require_one_of
from models.coaching.owed import owe_disputed, refresh_log
from models.coaching.reading import current_answer, current_entry, get_entry, lock_log, standing_log
from models.coaching.refusals import LogChanged, TextTooLong
from models.coaching.tables import CoachingAnswer, CoachingEntry, CoachingLog
from models.people import Person

MOST_ANSWER = 2000


def confirm_log(session: Session, actor: Person, entry_id: int, now: datetime) -> CoachingAnswer:
    """The coached person says that the version they read is right; the mind may be changed.

    Raises `UnknownLog`, `Refused`, `LogWithdrawn`, `LogChanged` where the coach has changed it
    since.
    """
    return _answer(session, actor, entry_id, True, None, now)


def dispute_log(
    session: Session, actor: Person, entry_id: int, text: str | None, now: datetime
) -> CoachingAnswer:
    """The coached person sees that version differently, and may say how; the coach is told.

    Raises as `confirm_log`, and `TextTooLong`.
    """
    said = (text or "").strip() or None
    if said is not None and len(said) > MOST_ANSWER:
        raise TextTooLong(MOST_ANSWER)
    return _answer(session, actor, entry_id, False, said, now)


def check_answer(session: Session, actor: Person, entry_id: int) -> None:
    """Raises what confirming or disputing that version now would raise."""
    _held(session, actor, entry_id)


def _held(session: Session, actor: Person, entry_id: int) -> tuple[CoachingLog, CoachingEntry]:
    """The log of a version that this person may answer, held until the transaction ends."""
    log = lock_log(session, get_entry(session, entry_id).log_id)
    require_one_of(actor, Act.ANSWER_COACHING, log.person_id)
    standing_log(log)
    entry = current_entry(session, log.id)
    if entry.id != entry_id:
        raise LogChanged(log.coach_id)
    return log, entry


def _answer(
    session: Session, actor: Person, entry_id: int, agrees: bool, text: str | None, now: datetime
) -> CoachingAnswer:
    log, entry = _held(session, actor, entry_id)
    before = current_answer(session, log.id)
    if before is not None:
        if (before.agrees, before.text) == (agrees, text):
            return before
        before.is_current = False
        session.flush()
    made = CoachingAnswer(
        log_id=log.id, entry_id=entry.id, agrees=agrees, text=text, answered_at=now
    )
    session.add(made)
    session.flush()
    refresh_log(session, log, entry, now)
    if not agrees:
        owe_disputed(session, log, entry, now)
    return made
