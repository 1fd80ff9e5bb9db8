"""When people change, or their days off: sessions that can no longer be are excused.

An absence excuses only what it was entered before: what has begun, or is past its start, stays as
it is (product.md, "The week"), until a leader accepts it. What is set stays when it is, whichever
time zone changes: both agreed on it. Weeks that are not planned yet follow the team's zone.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from models import absences
from models.absences import Absence, AbsenceSource, put_absence, withdraw_absence
from models.access import coached_by
from models.days import DAY
from models.delivery import Kind, refresh
from models.one_on_ones.diary import Diary, diary, settle_by
from models.one_on_ones.ending import close_standing, excuse_lost, holds, lose, tell_new_coach
from models.one_on_ones.owed import owe_changed, owe_standing, owe_zone
from models.one_on_ones.placing import WEEK
from models.one_on_ones.reading import (
    hold_pair,
    hold_sessions,
    not_begun,
    on_days,
    upcoming,
)
from models.one_on_ones.sitting import settle, take_back
from models.one_on_ones.tables import Excuse, OneOnOne, Sitting, Standing, State
from models.people import Person, Role, Team, get_person, people_by_id
from models.schedule import local_date

_OFF = (Excuse.COACH_OFF, Excuse.PERSON_OFF)
_MOST_AHEAD = 100


def enter_absence(
    session: Session, person: Person, starts_on: date, ends_on: date, now: datetime
) -> Absence:
    """The person is out of office on these days; sessions ahead are excused.

    Raises `AbsenceUnfit`.
    """
    entered = put_absence(session, person, starts_on, ends_on, now)
    follow_people(session, [person.id], now)
    return entered


def bring_absences(
    session: Session,
    person: Person,
    source: AbsenceSource,
    wanted: Mapping[str, tuple[date, date]],
    now: datetime,
) -> bool:
    """What a source says of the person's days out of office (`models.absences`); sessions ahead
    follow. Whether it changed anything. Raises `AbsenceUnfit`.
    """
    today = local_date(now, person.zone)
    changed = absences.bring_absences(session, person, source, wanted, today, now)
    if changed:
        follow_people(session, [person.id], now)
    return changed


def begun_while_away(
    session: Session, person: Person, first: date, last: date, now: datetime
) -> list[tuple[OneOnOne, Sitting]]:
    """The sessions of a person, on either side, that began on days between two (their own dates)
    without anybody having started them: missed, or not recorded yet. By start."""
    around = on_days(session, person.id, first - DAY, last + DAY)
    return [
        (one, sitting)
        for one, sitting in around
        if one.state in (State.DUE, State.MISSED) and one.started_at is None
        if sitting.starts_at <= now and first <= local_date(sitting.starts_at, person.zone) <= last
    ]


def excuse_while_away(
    session: Session, person: Person, first: date, last: date, now: datetime
) -> None:
    """What began on these days of a person is excused after all (`begun_while_away`)."""
    _hold_coaches(session, {person.id}, {person.id})
    ids = [one.id for one, _ in begun_while_away(session, person, first, last, now)]
    held = hold_sessions(session, OneOnOne.id.in_(ids), OneOnOne.started_at.is_(None))
    for one, sitting in held:
        if one.state in (State.DUE, State.MISSED):
            side = Excuse.COACH_OFF if one.coach_id == person.id else Excuse.PERSON_OFF
            settle(session, one, sitting, State.EXCUSED, now, excuse=side)


def leave_absence(session: Session, person: Person, absence_id: int, now: datetime) -> Absence:
    """The person is there after all; what was excused and is ahead is due again, if it still fits.

    Raises `UnknownAbsence`.
    """
    left = withdraw_absence(session, person, absence_id, now)
    refresh(session, Kind.ABSENCE_LATE, absence_id, now)
    follow_people(session, [person.id], now)
    return left


def follow_people(session: Session, person_ids: Iterable[int], now: datetime) -> None:
    """Bring one-on-ones in line after roles, teams, managers, activity, zones or calendars of these
    people changed.

    Schedules of pairs that are none any more end. What has not begun is excused where the pair is
    none, or one of the two is off; what was excused for a day off is due again where both work, if
    its time is still free. Until when a session may be recorded follows the coach's days.
    """
    ids = set(person_ids)
    of_these = ids | {
        rep.id for one in people_by_id(session, ids).values() for rep in coached_by(session, one)
    }
    _hold_coaches(session, ids, of_these)
    for standing in _standings(session, ids, of_these):
        if not holds(session, get_person(session, standing.person_id), standing.coach_id):
            lose(session, standing, now)
    for one_on_one, sitting in _sessions(session, ids, of_these, now):
        if one_on_one.state is State.DUE:
            _follow_due(session, one_on_one, sitting, now)
        elif one_on_one.excuse in _OFF:
            _follow_excused(session, one_on_one, sitting, now)
    _follow_deadlines(session, ids)
    session.flush()
    for person in people_by_id(session, of_these).values():
        tell_new_coach(session, person, now)


def follow_zone(session: Session, person: Person, before: str, now: datetime) -> None:
    """After a person's time zone changed, and their days off were followed: both sides of what is
    ahead hear when it is for either, if it is at another local time for this person."""
    ahead = [
        (one_on_one, sitting)
        for one_on_one, sitting in upcoming(session, person.id, now, limit=_MOST_AHEAD)
        if wall(sitting.starts_at, before) != wall(sitting.starts_at, person.zone)
    ]
    if ahead:
        owe_zone(session, person, ahead, now)


def follow_team_zones(session: Session, now: datetime) -> None:
    """After teams' time zones changed: standing one-on-ones of their reps keep their local time,
    from the first week on that is not planned yet. Each rep is told."""
    moved = (
        select(Standing, Team.zone)
        .join(Person, Person.id == Standing.person_id)
        .join(Team, (Team.id == Person.team_id) & (Team.manager_id == Standing.coach_id))
        .where(Standing.ended_at.is_(None), Person.role == Role.REP, Team.zone != Standing.zone)
        .order_by(Standing.id)
    )
    for standing, zone in session.execute(moved).all():
        hold_pair(session, standing.coach_id, standing.person_id)
        close_standing(session, standing, now)
        after_planned = local_date(standing.plan_at, standing.zone) + WEEK
        made = Standing(
            coach_id=standing.coach_id,
            person_id=standing.person_id,
            weekday=standing.weekday,
            local_time=standing.local_time,
            minutes=standing.minutes,
            zone=zone,
            active_from=max(standing.active_from, after_planned),
            set_by_id=standing.set_by_id,
            set_at=now,
            plan_at=standing.plan_at,
        )
        session.add(made)
        session.flush()
        owe_standing(session, made, now)


def wall(moment: datetime, zone: str) -> datetime:
    """What the clock on the wall of a zone says at a moment."""
    return moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def _hold_coaches(session: Session, ids: set[int], of_these: set[int]) -> None:
    """Hold whoever leads sessions of these people, in the order of their ids."""
    leading = select(OneOnOne.coach_id).where(_of(OneOnOne, ids, of_these)).distinct()
    standing = select(Standing.coach_id).where(_of(Standing, ids, of_these)).distinct()
    held = select(Person.id).where(or_(Person.id.in_(leading), Person.id.in_(standing)))
    session.execute(held.order_by(Person.id).with_for_update(key_share=True)).all()


def _of(
    table: type[OneOnOne] | type[Standing], ids: set[int], of_these: set[int]
) -> ColumnElement[bool]:
    return or_(table.coach_id.in_(ids), table.person_id.in_(of_these))


def _standings(session: Session, ids: set[int], of_these: set[int]) -> list[Standing]:
    current = _of(Standing, ids, of_these) & Standing.ended_at.is_(None)
    found = select(Standing).where(current).order_by(Standing.id)
    return list(session.scalars(found.execution_options(populate_existing=True)))


def _sessions(
    session: Session, ids: set[int], of_these: set[int], now: datetime
) -> list[tuple[OneOnOne, Sitting]]:
    """What is due or excused and has not begun, by start; held."""
    may_follow = OneOnOne.state.in_((State.DUE, State.EXCUSED))
    return hold_sessions(session, _of(OneOnOne, ids, of_these), may_follow, *not_begun(now))


def _follow_due(session: Session, one_on_one: OneOnOne, sitting: Sitting, now: datetime) -> None:
    pages = _pages(session, one_on_one, sitting)
    if not holds(session, pages.person, pages.coach.id):
        excuse_lost(session, one_on_one, sitting, now)
        return
    for who, excuse in ((pages.coach, Excuse.COACH_OFF), (pages.person, Excuse.PERSON_OFF)):
        if pages.why_off(who, sitting.starts_at) is not None:
            settle(session, one_on_one, sitting, State.EXCUSED, now, excuse=excuse)
            owe_changed(session, one_on_one, sitting, who.id, now)
            return


def _follow_excused(
    session: Session, one_on_one: OneOnOne, sitting: Sitting, now: datetime
) -> None:
    pages = _pages(session, one_on_one, sitting)
    if not _has_standing(session, one_on_one) or not holds(session, pages.person, pages.coach.id):
        return
    if pages.refusal(sitting.starts_at, one_on_one.minutes) is None:
        take_back(session, one_on_one, sitting, pages, now)


def _has_standing(session: Session, one_on_one: OneOnOne) -> bool:
    """Whether the pair still has its standing one-on-one."""
    current = select(Standing.id).where(
        Standing.coach_id == one_on_one.coach_id,
        Standing.person_id == one_on_one.person_id,
        Standing.ended_at.is_(None),
    )
    return session.scalar(current) is not None


def _pages(session: Session, one_on_one: OneOnOne, sitting: Sitting) -> Diary:
    day = sitting.local_date
    return diary(
        session,
        get_person(session, one_on_one.coach_id),
        get_person(session, one_on_one.person_id),
        one_on_one.zone,
        day,
        day,
        without=one_on_one.id,
    )


def _follow_deadlines(session: Session, coach_ids: set[int]) -> None:
    led = OneOnOne.coach_id.in_(coach_ids) & (OneOnOne.state == State.DUE)
    for one_on_one, sitting in hold_sessions(session, led):
        coach = get_person(session, one_on_one.coach_id)
        sitting.settle_by = settle_by(session, coach, sitting.local_date, one_on_one.zone)
