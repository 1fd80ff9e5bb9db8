"""Setting the session of a pair's week: at its standing time, at another of that week, or not."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.days import DAY
from models.one_on_ones.diary import Diary, diary, local_time_of
from models.one_on_ones.reading import FARTHEST, hold_sessions, standing_before
from models.one_on_ones.sitting import give_up, mark, reopen, sit
from models.one_on_ones.tables import ENDED, Excuse, LeftOut, OneOnOne, Sitting, Standing, State
from models.people import Person
from models.schedule import instant, local_date

WEEK = timedelta(days=7)
_MONDAY, _FRIDAY = 1, 5


@dataclass(frozen=True)
class Place:
    """A session that has to be set: the pair's of one week, made already or not.

    `slot`: the standing weekday and time; None: in rotation, anywhere in the week.
    """

    standing: Standing
    coach: Person
    person: Person
    week: date
    made: tuple[OneOnOne, Sitting] | None
    slot: tuple[int, time] | None

    @property
    def day(self) -> date:
        """Its standing day; in rotation the week's first."""
        return self.week if self.slot is None else weekday_of(self.week, self.slot[0])

    @property
    def starts_at(self) -> datetime | None:
        """Its standing time; None: in rotation."""
        return None if self.slot is None else self.at(self.day, self.slot[1])

    def at(self, day: date, local_time: time) -> datetime:
        return instant(day, local_time, self.standing.zone)

    def diary(self, session: Session, last: date) -> Diary:
        """Of the pair from the week's Monday to a date, without this session."""
        return diary(
            session,
            self.coach,
            self.person,
            self.standing.zone,
            self.week,
            last,
            without=None if self.made is None else self.made[0].id,
        )


# --- what has to be set


def places(
    session: Session,
    standing: Standing,
    people: dict[int, Person],
    weeks: Sequence[date],
    now: datetime,
) -> Iterator[Place]:
    """What has to be set for a schedule: nothing into the past, nothing that stands already, and
    nothing in a week in which the person is left out."""
    made = _made(session, standing, weeks)
    left_out = _left_out(session, standing, weeks)
    coach, person = people[standing.coach_id], people[standing.person_id]
    for week in weeks:
        holding = _holding(session, standing, week)
        if holding is None or week in left_out:
            continue
        place = Place(holding, coach, person, week, made.get(week), holding.slot)
        if place.made is not None and not _follows(*place.made, holding, now):
            continue
        if place.starts_at is None or place.starts_at > now:
            yield place


def _holding(session: Session, standing: Standing, week: date) -> Standing | None:
    """What holds in a week: the schedule, or until its first day the one before it."""
    if first_in(standing, week) >= standing.active_from:
        return standing
    before = standing_before(session, standing)
    if before is None or first_in(before, week) >= standing.active_from:
        return None
    return before


def first_in(standing: Standing, week: date) -> date:
    """The day of a week on which a schedule comes due: its weekday; in rotation the Monday, since
    it takes the whole week to find a place."""
    return week if standing.weekday is None else weekday_of(week, standing.weekday)


def _made(
    session: Session, standing: Standing, weeks: Sequence[date]
) -> dict[date, tuple[OneOnOne, Sitting]]:
    rows = hold_sessions(
        session,
        OneOnOne.coach_id == standing.coach_id,
        OneOnOne.person_id == standing.person_id,
        OneOnOne.week.in_(weeks),
    )
    return {found.week: (found, sitting) for found, sitting in rows}


def _left_out(session: Session, standing: Standing, weeks: Sequence[date]) -> set[date]:
    rows = select(LeftOut.week).where(
        LeftOut.coach_id == standing.coach_id,
        LeftOut.person_id == standing.person_id,
        LeftOut.week.in_(weeks),
    )
    return set(session.scalars(rows))


def _follows(one_on_one: OneOnOne, sitting: Sitting, standing: Standing, now: datetime) -> bool:
    """Whether a session that is there has to be set anew, by a schedule that is not its own.

    One in rotation asks for no other time than what stands.
    """
    if one_on_one.standing_id == standing.id or sitting.starts_at <= now:
        return False
    fell_with_its_own = one_on_one.state is State.CANCELLED and one_on_one.reason == ENDED
    if fell_with_its_own or one_on_one.state is State.EXCUSED:
        return one_on_one.state is State.EXCUSED or _is_unmoved(one_on_one, sitting)
    is_due = one_on_one.state is State.DUE
    return is_due and standing.slot is not None and _is_unmoved(one_on_one, sitting)


def _is_unmoved(one_on_one: OneOnOne, sitting: Sitting) -> bool:
    return sitting.set_by_id is None and one_on_one.started_at is None


# --- setting it


def set_on_its_day(session: Session, place: Place, now: datetime) -> bool:
    """Set it to its standing time, if that is free."""
    if place.starts_at is None:
        return False
    pages = place.diary(session, place.week + WEEK)
    if pages.refusal(place.starts_at, place.standing.minutes) is not None:
        return False
    put(session, place, place.starts_at, pages, now)
    return True


def set_elsewhere(session: Session, place: Place, now: datetime) -> None:
    """Set what has a standing time to the nearest free day, or excuse it."""
    assert place.starts_at is not None, "in rotation nothing is elsewhere"
    pages = place.diary(session, place.day + FARTHEST)
    off = _who_is_off(pages, place.starts_at)
    weeks = [place.week]
    if off is None:  # merely full
        weeks += [place.week + number * WEEK for number in (1, 2, 3)]
    if not any(set_in_week(session, place, week, pages, now) for week in weeks):
        excuse = Excuse.PERSON_OFF if off is place.person else Excuse.COACH_OFF
        put(session, place, place.starts_at, pages, now, excuse=excuse)


def set_in_week(session: Session, place: Place, week: date, pages: Diary, now: datetime) -> bool:
    """Set it to the nearest free day of a week, if there is one."""
    if place.slot is None:
        return False
    for day in days_nearest(place, week, pages):
        for starts_at in pages.starts(day, place.slot[1], place.standing.minutes):
            if starts_at > now and _is_daytime(place, starts_at, place.slot[1], pages):
                put(session, place, starts_at, pages, now)
                return True
    return False


def _is_daytime(place: Place, starts_at: datetime, usual: time, pages: Diary) -> bool:
    """Nobody is planned into the night of either, other than at the time that the pair has."""
    is_usual = local_time_of(starts_at, place.standing.zone) == usual
    return is_usual or pages.out_of_hours(starts_at, place.standing.minutes) is None


def _who_is_off(pages: Diary, moment: datetime) -> Person | None:
    """Whose day off is in the way, the coach's first."""
    return next((p for p in (pages.coach, pages.person) if pages.why_off(p, moment)), None)


def days_nearest(place: Place, week: date, pages: Diary) -> list[date]:
    """The days of a week on which a session may be, the nearest to its standing day first.

    Tuesday to Thursday, and where a public holiday of either lies inside these, Monday and Friday.
    """
    usual = {int(digit) for digit in pages.rules.one_on_one_days}
    at = pages.rules.free_times_from if place.slot is None else place.slot[1]
    if any(pages.is_holiday(place.at(weekday_of(week, each), at)) for each in usual):
        usual |= {_MONDAY, _FRIDAY}
    if place.slot is not None:
        usual.add(place.slot[0])
    own = weekday_of(week, min(usual) if place.slot is None else place.slot[0])
    found = (weekday_of(week, each) for each in usual)
    return sorted(found, key=lambda day: (abs(day - own), day < own))


def put(
    session: Session,
    place: Place,
    starts_at: datetime,
    pages: Diary,
    now: datetime,
    *,
    excuse: Excuse | None = None,
) -> None:
    """Set the place's session to a time, or write it down there as excused."""
    standing = place.standing
    if place.made is None:
        one_on_one = OneOnOne(
            coach_id=standing.coach_id,
            person_id=standing.person_id,
            week=place.week,
            state=State.DUE,
        )
        session.add(one_on_one)
    else:
        one_on_one, before = place.made
        give_up(session, one_on_one, before, now)
        reopen(one_on_one)
    one_on_one.standing_id = standing.id
    rotates = place.slot is None
    one_on_one.first_due_on = local_date(starts_at, standing.zone) if rotates else place.day
    one_on_one.minutes = standing.minutes
    one_on_one.zone = standing.zone
    if excuse is not None:
        mark(one_on_one, State.EXCUSED, now, excuse=excuse)
    session.flush()
    sit(session, one_on_one, starts_at, pages, now)


def weekday_of(week: date, weekday: int) -> date:
    """The date of an ISO weekday in the week that starts on this Monday."""
    return week + (weekday - 1) * DAY
