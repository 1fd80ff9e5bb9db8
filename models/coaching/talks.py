"""Coverage conversations: one row per rep under the standard and Monday, and whether it was kept.

product.md, "Monday pipeline health check": a rep under the standard is spoken with before Monday
ends. What keeps a conversation is a coaching log, so its row follows logs from here, by whatever
way they come. Who is asked, and what of them, is the health check's (models/health_check).
"""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ColumnElement,
    Index,
    UniqueConstraint,
    select,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.access import Act, may
from models.base import Base, InWorkspace, one_of, within_workspace
from models.coaching.tables import CoachingEntry, CoachingKind, CoachingLog
from models.delivery import Kind, refresh
from models.people import Person, get_person, people_by_id, team
from models.schedule import local_date
from models.trial import covers

_AROUND = timedelta(hours=50)
"""Before the end of the day a log that keeps it was begun: it may have been dated anew since."""
_JUST = timedelta(microseconds=1)


class TalkState(StrEnum):
    OPEN = "open"
    KEPT = "kept"
    MISSED = "missed"  # the day ended without it
    EXCUSED = "excused"


class TalkExcuse(StrEnum):
    """Why a conversation that was not kept was not missed either."""

    PERSON_OFF = "person_off"  # the rep was away that day
    PERSON_LEFT = "person_left"  # the rep is not active, or no longer the team's
    ASKED_LEFT = "asked_left"  # who was asked decides there no more, and nobody took over
    TRIAL = "trial"  # the team's first week
    ASKED_OFF = "asked_off"  # who was asked was away, which a leader accepted


class CoverageTalk(InWorkspace, Base):
    """One rep to be spoken with on one day. `asked_id` is who is asked to.

    `day` is the team's local date, `ends_at` its end. `facts` are what was found in the morning:
    they stay. `sits_at`: when the two are to meet, if that was set.
    """

    __tablename__ = "coverage_talks"
    __table_args__ = (
        UniqueConstraint("workspace_id", "id"),
        UniqueConstraint("workspace_id", "check_id", "person_id"),
        within_workspace("check_id", "health_checks"),
        within_workspace("team_id", "teams"),
        within_workspace("person_id", "people"),
        within_workspace("asked_id", "people"),
        within_workspace("set_by_id", "people"),
        within_workspace("log_id", "coaching_logs"),
        CheckConstraint("(state = 'open') = (settled_at IS NULL)", name="settled_when_it_ended"),
        CheckConstraint("(state = 'kept') = (log_id IS NOT NULL)", name="kept_by_a_log"),
        CheckConstraint("(state = 'excused') = (excuse IS NOT NULL)", name="excused_with_a_reason"),
        CheckConstraint("missing_minor >= 0", name="missing_not_negative"),
        Index("ix_coverage_talks_ends_at", "state", "ends_at"),
        Index("ix_coverage_talks_person", "workspace_id", "person_id", "ends_at"),
        Index("ix_coverage_talks_asked", "workspace_id", "asked_id", "day"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    check_id: Mapped[int]
    team_id: Mapped[int]
    person_id: Mapped[int]
    asked_id: Mapped[int]
    day: Mapped[date]
    asked_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    missing_minor: Mapped[int] = mapped_column(BigInteger)
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[TalkState] = mapped_column(one_of(TalkState, "state"))
    excuse: Mapped[TalkExcuse | None] = mapped_column(one_of(TalkExcuse, "excuse"))
    settled_at: Mapped[datetime | None]
    log_id: Mapped[int | None]
    sits_at: Mapped[datetime | None]
    set_by_id: Mapped[int | None]


class CoverageAsk(InWorkspace, Base):
    """Who was asked to hold the conversations of a check: more than one where that changed."""

    __tablename__ = "coverage_asks"
    __table_args__ = (
        UniqueConstraint("workspace_id", "id"),
        UniqueConstraint("workspace_id", "check_id", "person_id"),
        within_workspace("check_id", "health_checks"),
        within_workspace("person_id", "people"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    check_id: Mapped[int]
    person_id: Mapped[int]
    asked_at: Mapped[datetime]


# --- what keeps it


def follow_log(session: Session, log: CoachingLog, now: datetime) -> None:
    """A log was written, edited or withdrawn: the conversations that it may keep follow."""
    of_that_day = (
        CoverageTalk.person_id == log.person_id,
        CoverageTalk.ends_at > log.logged_at,
        CoverageTalk.ends_at <= log.logged_at + _AROUND,
    )
    for talk in _held(session, *of_that_day):
        follow_talk(session, talk, now)


def follow_talk(session: Session, talk: CoverageTalk, now: datetime) -> None:
    """Brings a conversation to what the logs say: kept, open again, or missed once the day is over.

    Kept: a log of this kind about this rep, dated that day and not withdrawn, that said so at the
    local midnight and still does. Only logs and the clock decide, whenever this is asked; what is
    excused for another reason than the trial stays so.
    """
    if talk.excuse not in (None, TalkExcuse.TRIAL):
        return
    log = _keeping(session, talk)
    before = talk.state, talk.log_id
    if log is not None:
        _become(talk, TalkState.KEPT, log.logged_at, log_id=log.id)
    elif now < talk.ends_at:
        _become(talk, TalkState.OPEN, None)
    elif talk.state is not TalkState.MISSED:  # what was missed stays so, whatever came later
        excuse = _excuse(session, talk)
        state = TalkState.MISSED if excuse is None else TalkState.EXCUSED
        _become(talk, state, talk.ends_at, excuse=excuse)
    session.flush()
    if before != (talk.state, talk.log_id):
        show_talk(session, talk, now)


def _become(
    talk: CoverageTalk,
    state: TalkState,
    settled_at: datetime | None,
    *,
    log_id: int | None = None,
    excuse: TalkExcuse | None = None,
) -> None:
    talk.state, talk.settled_at, talk.log_id, talk.excuse = state, settled_at, log_id, excuse


def _keeping(session: Session, talk: CoverageTalk) -> CoachingLog | None:
    """The first log that keeps it: what it said at midnight, and says now."""
    rows = session.execute(
        select(CoachingLog, CoachingEntry)
        .join(CoachingEntry, CoachingEntry.log_id == CoachingLog.id)
        .where(
            CoachingLog.person_id == talk.person_id,
            CoachingLog.withdrawn_at.is_(None),
            CoachingLog.logged_at < talk.ends_at,
            CoachingLog.logged_at >= talk.ends_at - _AROUND,
        )
        .order_by(CoachingLog.logged_at, CoachingLog.id, CoachingEntry.id)
    )
    versions: dict[CoachingLog, list[CoachingEntry]] = {}
    for log, entry in rows:
        versions.setdefault(log, []).append(entry)
    coaches = people_by_id(session, {log.coach_id for log in versions})
    for log, said in versions.items():
        at_midnight = [entry for entry in said if entry.written_at < talk.ends_at][-1:]
        both = [*at_midnight, *(entry for entry in said if entry.is_current)]
        dates = _dates(talk, coaches[log.coach_id].zone)
        if at_midnight and all(_says_so(entry, dates) for entry in both):
            return log
    return None


def _says_so(entry: CoachingEntry, dates: set[date]) -> bool:
    return entry.kind is CoachingKind.COVERAGE and entry.held_on in dates


def _dates(talk: CoverageTalk, zone: str) -> set[date]:
    """The dates that a coach in this zone may give to what was said on the team's day."""
    return {talk.day, local_date(talk.asked_at, zone), local_date(talk.ends_at - _JUST, zone)}


def _excuse(session: Session, talk: CoverageTalk) -> TalkExcuse | None:
    """Why nobody missed it, of a day that is over."""
    of_team, person = team(session, talk.team_id), get_person(session, talk.person_id)
    if covers(of_team, talk.day):
        return TalkExcuse.TRIAL
    if not person.active or person.team_id != talk.team_id:
        return TalkExcuse.PERSON_LEFT
    asked = get_person(session, talk.asked_id)
    if not may(session, asked, Act.TALK_COVERAGE, team_id=talk.team_id):
        return TalkExcuse.ASKED_LEFT
    return None


def unheld_while_away(
    session: Session, person_id: int, first: date, last: date
) -> list[CoverageTalk]:
    """The conversations of days between two that were not held, of this rep or asked of them."""
    found = select(CoverageTalk).where(*_unheld(person_id, first, last))
    return list(session.scalars(found.order_by(CoverageTalk.id)))


def excused_at(session: Session, person_id: int, at: datetime) -> list[CoverageTalk]:
    """The conversations of this rep, or asked of them, that were excused at a moment."""
    then = (CoverageTalk.state == TalkState.EXCUSED) & (CoverageTalk.settled_at == at)
    found = select(CoverageTalk).where(_is_of(person_id), then)
    return list(session.scalars(found.order_by(CoverageTalk.id)))


def excuse_away(session: Session, person_id: int, first: date, last: date, now: datetime) -> None:
    """What was not held on these days for want of this person is excused after all."""
    for talk in _held(session, *_unheld(person_id, first, last)):
        is_rep = talk.person_id == person_id
        excuse = TalkExcuse.PERSON_OFF if is_rep else TalkExcuse.ASKED_OFF
        _become(talk, TalkState.EXCUSED, now, excuse=excuse)
        session.flush()
        show_talk(session, talk, now)


def _is_of(person_id: int) -> ColumnElement[bool]:
    return (CoverageTalk.person_id == person_id) | (CoverageTalk.asked_id == person_id)


def _unheld(person_id: int, first: date, last: date) -> tuple[ColumnElement[bool], ...]:
    not_held = CoverageTalk.state.in_((TalkState.OPEN, TalkState.MISSED))
    return _is_of(person_id), not_held, CoverageTalk.day.between(first, last)


# --- at midnight


def days_over(session: Session, now: datetime) -> set[str]:
    """The workspaces with an open conversation whose day is over."""
    over = (CoverageTalk.state == TalkState.OPEN, CoverageTalk.ends_at <= now)
    return set(session.scalars(select(CoverageTalk.workspace_id).where(*over).distinct()))


def settle_talks(session: Session, now: datetime) -> int:
    """Each open conversation whose day is over is missed, or excused; how many."""
    over = _held(session, CoverageTalk.state == TalkState.OPEN, CoverageTalk.ends_at <= now)
    for talk in over:
        follow_talk(session, talk, now)
    return len(over)


def _held(session: Session, *conditions: Any) -> list[CoverageTalk]:
    """These conversations as they are now, held until the transaction ends, in order of id."""
    found = select(CoverageTalk).where(*conditions).order_by(CoverageTalk.id)
    held = found.with_for_update(key_share=True).execution_options(populate_existing=True)
    return list(session.scalars(held))


# --- finding them, and showing what changed


def lock_talk(session: Session, talk_id: int) -> CoverageTalk | None:
    """The conversation as it is now, held until the transaction ends; None: there is none."""
    return next(iter(_held(session, CoverageTalk.id == talk_id)), None)


def hold_talks(session: Session, check_id: int) -> list[CoverageTalk]:
    """The conversations of a check, held until the transaction ends."""
    return _held(session, CoverageTalk.check_id == check_id)


def talks_of(session: Session, check_id: int) -> list[CoverageTalk]:
    """The conversations of a check, the widest gap first."""
    found = select(CoverageTalk).where(CoverageTalk.check_id == check_id)
    in_order = found.order_by(CoverageTalk.missing_minor.desc(), CoverageTalk.id)
    return list(session.scalars(in_order))


def may_log_coverage(session: Session, actor: Person, person: Person, now: datetime) -> bool:
    """Whether the actor stands in for this rep's coach today: the rep is to be spoken with, and
    the actor is one of those who decide in the team."""
    found = select(CoverageTalk.team_id).where(
        CoverageTalk.person_id == person.id,
        CoverageTalk.asked_at <= now,
        CoverageTalk.ends_at > now,
        CoverageTalk.state.in_((TalkState.OPEN, TalkState.KEPT)),
    )
    team_ids = list(session.scalars(found)) if person.active else []
    return any(may(session, actor, Act.TALK_COVERAGE, team_id=one) for one in team_ids)


def to_talk_with(session: Session, actor: Person, now: datetime) -> list[CoverageTalk]:
    """The open conversations of today that this person is asked for, the widest gap first."""
    found = select(CoverageTalk).where(
        CoverageTalk.asked_id == actor.id,
        CoverageTalk.state == TalkState.OPEN,
        CoverageTalk.asked_at <= now,
        CoverageTalk.ends_at > now,
    )
    in_order = found.order_by(CoverageTalk.missing_minor.desc(), CoverageTalk.id)
    talks = session.scalars(in_order).all()
    in_teams = {
        team_id
        for team_id in {talk.team_id for talk in talks}
        if may(session, actor, Act.TALK_COVERAGE, team_id=team_id)
    }
    return [talk for talk in talks if talk.team_id in in_teams]


def set_for(session: Session, person: Person, now: datetime) -> list[CoverageTalk]:
    """The open conversations of today with this rep that have a time, the soonest first."""
    found = select(CoverageTalk).where(
        CoverageTalk.person_id == person.id,
        CoverageTalk.team_id == person.team_id,
        CoverageTalk.state == TalkState.OPEN,
        CoverageTalk.sits_at.is_not(None),
        CoverageTalk.ends_at > now,
    )
    return list(session.scalars(found.order_by(CoverageTalk.sits_at, CoverageTalk.id)))


def show_talk(session: Session, talk: CoverageTalk, now: datetime) -> None:
    """What shows this conversation has changed."""
    show_talks(session, [talk.check_id], now)
    refresh(session, Kind.HEALTH_TALK, talk.id, now)


def show_talks(session: Session, check_ids: Collection[int], now: datetime) -> None:
    """What shows the conversations of these checks has changed."""
    of_these = select(CoverageAsk.id).where(CoverageAsk.check_id.in_(check_ids))
    for asked in session.scalars(of_these).all():
        for kind in (Kind.HEALTH_TALKS, Kind.HEALTH_REMINDER):
            refresh(session, kind, asked, now)


def put_ask(session: Session, check_id: int, person_id: int, now: datetime) -> CoverageAsk:
    """This person is asked to hold the conversations of a check; the same again is the same."""
    here = select(CoverageAsk).where(
        CoverageAsk.check_id == check_id, CoverageAsk.person_id == person_id
    )
    found = session.scalar(here)
    if found is None:
        found = CoverageAsk(check_id=check_id, person_id=person_id, asked_at=now)
        session.add(found)
        session.flush()
    return found


def get_ask(session: Session, ask_id: int) -> CoverageAsk:
    """Who was asked, and of which check."""
    return session.scalars(select(CoverageAsk).where(CoverageAsk.id == ask_id)).one()


def of_today(session: Session, now: datetime) -> list[int]:
    """The checks with a conversation whose day is not over."""
    found = select(CoverageTalk.check_id).where(CoverageTalk.ends_at > now).distinct()
    return list(session.scalars(found.order_by(CoverageTalk.check_id)))
