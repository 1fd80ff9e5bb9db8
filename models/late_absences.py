"""Days off that were said when something had begun already, which a leader may accept.

An absence excuses only what it was entered before; what had begun counts as it is, unless a leader
above accepts it (product.md, "The week").
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import coaching, forecast, one_on_ones
from models.absences import Absence, UnknownAbsence
from models.access import Act, leaders_above, require_one_of
from models.coaching import CoverageTalk
from models.days import DAY
from models.delivery import Kind, owe, refresh
from models.forecast import Forecast
from models.one_on_ones import OneOnOne, Sitting, State
from models.people import Person, get_person
from models.schedule import local_date


@dataclass(frozen=True)
class Begun:
    """What began while a person was away."""

    sessions: tuple[tuple[OneOnOne, Sitting], ...]
    talks: tuple[CoverageTalk, ...]
    forecasts: tuple[Forecast, ...]

    def __bool__(self) -> bool:
        return bool(self.sessions or self.talks or self.forecasts)


def unexcused(session: Session, absence: Absence, now: datetime) -> Begun:
    """What of an absence's days, until today, is neither done nor excused."""
    person, days = get_person(session, absence.person_id), _until_today(session, absence, now)
    if days is None:
        return Begun((), (), ())
    return Begun(
        sessions=tuple(one_on_ones.begun_while_away(session, person, *days, now)),
        talks=tuple(coaching.unheld_while_away(session, person.id, *days)),
        forecasts=tuple(forecast.undone_while_away(session, person.id, *days)),
    )


def excused_by(session: Session, absence: Absence) -> Begun:
    """What accepting an absence has excused."""
    at, days = absence.accepted_at, (absence.starts_on - DAY, absence.ends_on + DAY)
    person_id = absence.person_id
    return Begun(
        sessions=tuple(
            (one, sitting)
            for one, sitting in one_on_ones.on_days(session, person_id, *days)
            if one.state is State.EXCUSED and one.settled_at == at
        ),
        talks=tuple(coaching.excused_at(session, person_id, at)) if at else (),
        forecasts=tuple(forecast.excused_on(session, person_id, *days)) if at else (),
    )


def _until_today(session: Session, absence: Absence, now: datetime) -> tuple[date, date] | None:
    today = local_date(now, get_person(session, absence.person_id).zone)
    last = min(absence.ends_on, today)
    return (absence.starts_on, last) if absence.starts_on <= last else None


# --- a leader is asked


def unlooked(session: Session, _now: datetime) -> set[str]:
    """The workspaces with days off of which it was not looked yet whether they came too late."""
    found = select(Absence.workspace_id).where(Absence.looked_at.is_(None))
    return set(session.scalars(found.distinct()))


def look(session: Session, now: datetime) -> int:
    """Of days off that were entered when something had begun, the nearest leader above is asked;
    how many. Where there is no leader above, what had begun counts as it is."""
    found = select(Absence).where(Absence.looked_at.is_(None)).order_by(Absence.id)
    asked = 0
    for absence in session.scalars(found.with_for_update(skip_locked=True)).all():
        absence.looked_at = now
        leaders = leaders_above(session, get_person(session, absence.person_id))
        if absence.withdrawn_at is None and leaders and unexcused(session, absence, now):
            owe(
                session,
                Kind.ABSENCE_LATE,
                absence.id,
                dedupe_key=f"absence:{absence.id}:late",
                due_at=now,
                person_id=leaders[0].id,
            )
            asked += 1
    session.flush()
    return asked


def accept(session: Session, actor: Person, absence_id: int, now: datetime) -> Absence:
    """A leader above takes days off as if they had been entered in time: what began on them and was
    not done is excused. Again it changes nothing.

    Raises `Refused`, or `UnknownAbsence` for days off that were taken back.
    """
    locked = select(Absence).where(Absence.id == absence_id).with_for_update()
    absence = session.scalars(locked.execution_options(populate_existing=True)).one_or_none()
    if absence is None or absence.withdrawn_at is not None:
        raise UnknownAbsence(absence_id)
    person = get_person(session, absence.person_id)
    leaders = leaders_above(session, person)
    require_one_of(actor, Act.ACCEPT_ABSENCE, *(one.id for one in leaders))
    if absence.accepted_at is None:
        absence.accepted_at, absence.accepted_by_id = now, actor.id
        if (days := _until_today(session, absence, now)) is not None:
            one_on_ones.excuse_while_away(session, person, *days, now)
            coaching.excuse_away(session, person.id, *days, now)
            forecast.excuse_away(session, person.id, *days, now)
        refresh(session, Kind.ABSENCE_LATE, absence.id, now)
        session.flush()
    return absence
