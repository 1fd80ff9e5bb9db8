"""Logging coaching, and changing what was logged: edits and withdrawals keep a trail."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from models.access import Act, require_coach, require_one_of
from models.coaching.owed import owe_log, refresh_log
from models.coaching.reading import (
    current_answer,
    current_entry,
    lock_log,
    log_of,
    standing_log,
)
from models.coaching.refusals import AlreadyLogged, PartOfOneOnOne, ReasonMissing, TextTooLong
from models.coaching.rules import LogInput, check_log
from models.coaching.tables import CoachingEntry, CoachingKind, CoachingLog
from models.coaching.talks import follow_log, may_log_coverage
from models.people import Person, get_person, standards
from models.schedule import local_date
from models.standards import is_empty_phrase

MOST_REASON = 500


@dataclass(frozen=True)
class Quote:
    """A message from which coaching was logged: its words, as plain text, its address, and the
    Slack id of who wrote it."""

    text: str
    url: str
    slack_id: str | None = None


def log_coaching(
    session: Session,
    actor: Person,
    person: Person,
    given: LogInput,
    now: datetime,
    *,
    quote: Quote | None = None,
    one_on_one_id: int | None = None,
) -> CoachingLog:
    """Records that the actor coached this person; both are told (product.md, "Coaching").

    Whoever logs for a one-on-one holds it, and has checked that the actor runs it: a session that
    had begun may be finished by who has lost the person since. A coverage conversation may also be
    logged by who stands in for the coach that day. Raises `Refused` where the person is somebody
    else's, `LogUnfit`, `AlreadyLogged`.
    """
    if one_on_one_id is None:
        stands_in = given.kind is CoachingKind.COVERAGE and may_log_coverage(
            session, actor, person, now
        )
        if not stands_in:
            require_coach(session, actor, person)
    elif log_of(session, one_on_one_id) is not None:
        raise AlreadyLogged(one_on_one_id)
    today = local_date(now, actor.zone)
    check_log(session, person, given, today)
    log = CoachingLog(
        coach_id=actor.id,
        person_id=person.id,
        one_on_one_id=one_on_one_id,
        logged_at=now,
        logged_on=today,
        quote=quote and quote.text,
        quote_url=quote and quote.url,
        quote_slack_id=quote and quote.slack_id,
    )
    session.add(log)
    session.flush()
    _write(session, log, given, now)
    owe_log(session, log, now)
    follow_log(session, log, now)
    return log


def edit_log(
    session: Session, actor: Person, log_id: int, given: LogInput, now: datetime
) -> CoachingLog:
    """Who wrote the log puts it right; the coached person is asked anew. The same is no edit.

    Raises `UnknownLog`, `Refused`, `LogWithdrawn`, `LogUnfit`.
    """
    log = lock_log(session, log_id)
    require_one_of(actor, Act.EDIT_COACHING, log.coach_id)
    standing_log(log)
    before = current_entry(session, log.id)
    if says(before) == _tidy(given):
        return log
    check_log(
        session,
        get_person(session, log.person_id),
        given,
        local_date(now, actor.zone),
        before=before,
        logged_on=log.logged_on,
        of_one_on_one=log.one_on_one_id is not None,
    )
    before.is_current = False
    answered = current_answer(session, log.id)
    if answered is not None:
        answered.is_current = False
    session.flush()
    _write(session, log, given, now)
    refresh_log(session, log, before, now)
    follow_log(session, log, now)
    return log


def withdraw_log(
    session: Session, actor: Person, log_id: int, because: str, now: datetime
) -> CoachingLog:
    """Who wrote the log takes it back, with the reason: it counts no more, and stays as trail.

    Raises `UnknownLog`, `Refused`, `LogWithdrawn`, `PartOfOneOnOne`, `ReasonMissing`,
    `TextTooLong`.
    """
    log = lock_log(session, log_id)
    require_one_of(actor, Act.EDIT_COACHING, log.coach_id)
    standing_log(log)
    if log.one_on_one_id is not None:
        raise PartOfOneOnOne(log.one_on_one_id)
    reason = because.strip()
    if is_empty_phrase(reason, standards(session).empty_phrases):
        raise ReasonMissing(reason)
    if len(reason) > MOST_REASON:
        raise TextTooLong(MOST_REASON)
    log.withdrawn_at = now
    log.withdrawn_because = reason
    refresh_log(session, log, current_entry(session, log.id), now)
    session.flush()
    follow_log(session, log, now)
    return log


def says(entry: CoachingEntry) -> LogInput:
    """A version as it was given."""
    return LogInput(
        focus=entry.focus,
        feedback=entry.feedback,
        next_step=entry.next_step,
        next_on=entry.next_on,
        held_on=entry.held_on,
        kind=entry.kind,
        how=entry.how,
        minutes=entry.minutes,
        deal_id=entry.deal_id,
    )


def _tidy(given: LogInput) -> LogInput:
    return replace(given, feedback=given.feedback.strip(), next_step=given.next_step.strip())


def _write(session: Session, log: CoachingLog, given: LogInput, now: datetime) -> None:
    on_time = timedelta(days=standards(session).coaching_late_days)
    session.add(
        CoachingEntry(
            log_id=log.id,
            is_late=log.logged_on - given.held_on > on_time,
            written_at=now,
            **vars(_tidy(given)),
        )
    )
    session.flush()
