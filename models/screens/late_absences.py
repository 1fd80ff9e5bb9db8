"""Loader of days off that were entered too late for something, for who may accept them."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.absences import ENTERED_LATE, Absence, AbsenceSource
from models.access import leaders_above
from models.coaching import TalkState
from models.days import DAY
from models.delivery import Delivery, DeliveryState, Kind
from models.late_absences import Begun, excused_by, unexcused
from models.one_on_ones import OneOnOne, State
from models.people import Person, get_person, people_by_id, team
from models.schedule import local_date
from models.screens.pieces import active_addressee, is_posted, team_shown, who_shown
from models.screens.shown import TeamShown, Who


@dataclass(frozen=True)
class SessionBegun:
    """A one-on-one with `other`; `missed`: else nothing is recorded yet."""

    other: Who
    starts_at: datetime
    missed: bool


@dataclass(frozen=True)
class TalkBegun:
    """A coverage conversation between `asked` and the rep `person`; `missed`: else nothing is
    logged yet."""

    asked: Who
    person: Who
    day: date
    missed: bool


@dataclass(frozen=True)
class ForecastBegun:
    """A team's forecast, which was asked of who was away."""

    team: TeamShown
    day: date


@dataclass(frozen=True)
class LateAbsence:
    """Days off of `person`, entered when something of them had begun: what is not done of that or,
    once they were accepted, what that excused. Dates and moments are for the reader's `zone`."""

    absence_id: int
    person: Who
    starts_on: date
    ends_on: date
    entered_at: datetime
    source: AbsenceSource
    zone: str
    today: date
    sessions: tuple[SessionBegun, ...]
    talks: tuple[TalkBegun, ...]
    forecasts: tuple[ForecastBegun, ...]
    accepted_by: Who | None
    accepted_at: datetime | None
    taken_back: bool = False

    @property
    def waits(self) -> bool:
        """Whether somebody's word is still wanted."""
        is_open = self.accepted_by is None and not self.taken_back
        return is_open and bool(self.sessions or self.talks or self.forecasts)


def late_absence(session: Session, absence_id: int, now: datetime) -> LateAbsence | None:
    """Wanted by a leader above while something of the days counts; a message that stands says what
    became of it."""
    to = active_addressee(session, Kind.ABSENCE_LATE, absence_id)
    absence = session.scalars(select(Absence).where(Absence.id == absence_id)).one()
    person = get_person(session, absence.person_id)
    if to is None or to[1] not in leaders_above(session, person):
        return None
    is_accepted = absence.accepted_at is not None
    begun = excused_by(session, absence) if is_accepted else unexcused(session, absence, now)
    is_open = absence.withdrawn_at is None and (begun or is_accepted)
    if not is_open and not is_posted(to[0]):
        return None
    return _shown(session, absence, person, begun, to[1].zone, now)


def to_accept(session: Session, actor: Person, now: datetime) -> tuple[LateAbsence, ...]:
    """Those that this person was asked about and has not accepted, the newest first; for so long
    after their end as somebody could still enter them."""
    asked = (
        select(Absence.id)
        .join(Delivery, Delivery.subject_id == Absence.id)
        .where(
            Delivery.kind == Kind.ABSENCE_LATE,
            Delivery.person_id == actor.id,
            Delivery.state != DeliveryState.DROPPED,
            Absence.withdrawn_at.is_(None),
            Absence.accepted_at.is_(None),
            Absence.ends_on >= local_date(now, actor.zone) - ENTERED_LATE * DAY,
        )
    )
    ids = session.scalars(asked.order_by(Absence.id.desc())).all()
    found = (late_absence(session, each, now) for each in ids)
    return tuple(one for one in found if one is not None and one.waits)


def _shown(
    session: Session, absence: Absence, person: Person, begun: Begun, zone: str, now: datetime
) -> LateAbsence:
    others = {_other(one, person) for one, _ in begun.sessions}
    of_talks = {each for one in begun.talks for each in (one.asked_id, one.person_id)}
    accepted = {one for one in (absence.accepted_by_id,) if one is not None}
    people = people_by_id(session, others | of_talks | accepted)
    who = {one.id: who_shown(one) for one in people.values()}
    return LateAbsence(
        absence_id=absence.id,
        person=who_shown(person),
        starts_on=absence.starts_on,
        ends_on=absence.ends_on,
        entered_at=absence.entered_at,
        source=absence.source,
        zone=zone,
        today=local_date(now, zone),
        sessions=tuple(
            SessionBegun(who[_other(one, person)], sitting.starts_at, one.state is State.MISSED)
            for one, sitting in begun.sessions
        ),
        talks=tuple(
            TalkBegun(who[one.asked_id], who[one.person_id], one.day, one.state is TalkState.MISSED)
            for one in begun.talks
        ),
        forecasts=tuple(
            ForecastBegun(team_shown(team(session, one.team_id)), one.day)
            for one in begun.forecasts
        ),
        accepted_by=who.get(absence.accepted_by_id or 0),
        accepted_at=absence.accepted_at,
        taken_back=absence.withdrawn_at is not None,
    )


def _other(one: OneOnOne, person: Person) -> int:
    return one.person_id if one.coach_id == person.id else one.coach_id
