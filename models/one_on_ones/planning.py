"""Planning sessions from the standing schedules: this week's and the next's, once each.

Each pair has one session per week. A session that cannot be on its standing day goes to the nearest
free day of that week: Tuesday to Thursday, and where a public holiday of either lies inside these,
Monday and Friday too (product.md, "One-on-ones"). A week without any such day is excused; but if
the standing day is merely full, the session goes to a later week and still counts in its own.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.days import DAY
from models.one_on_ones.diary import Diary, diary, local_time_of
from models.one_on_ones.ending import holds, lose
from models.one_on_ones.reading import FARTHEST, hold_sessions, standing_before
from models.one_on_ones.sitting import give_up, mark, reopen, sit
from models.one_on_ones.tables import ENDED, Excuse, OneOnOne, Sitting, Standing, State
from models.people import Person
from models.schedule import instant, local_date

WEEK = timedelta(days=7)
_MONDAY, _FRIDAY = 1, 5


@dataclass(frozen=True)
class _Place:
    """A session that has to be set: the pair's of one week, made already or not."""

    standing: Standing
    coach: Person
    person: Person
    week: date
    made: tuple[OneOnOne, Sitting] | None

    @property
    def day(self) -> date:
        """Its standing day."""
        return day_of(self.standing, self.week)

    @property
    def starts_at(self) -> datetime:
        return self.at(self.day)

    def at(self, day: date) -> datetime:
        return instant(day, self.standing.local_time, self.standing.zone)

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


def unplanned(session: Session, now: datetime) -> set[str]:
    """The workspaces with standing schedules that have to be planned further."""
    return set(
        session.scalars(
            select(Standing.workspace_id)
            .where(Standing.ended_at.is_(None), Standing.plan_at <= now)
            .distinct()
        )
    )


def plan(session: Session, now: datetime) -> int:
    """Sessions of this and the next week exist for every standing schedule; how many are new.

    Any number of processes may do this at once: whose people another one holds waits for the next
    round.
    """
    due = (Standing.ended_at.is_(None), Standing.plan_at <= now)
    coach_ids = session.scalars(select(Standing.coach_id).where(*due).distinct()).all()
    new = 0
    for coach_id in sorted(coach_ids):
        of_coach = select(Standing).where(Standing.coach_id == coach_id)
        whose = of_coach.where(*due).with_only_columns(Standing.person_id)
        held = _hold_free(session, {coach_id, *session.scalars(whose)})
        if coach_id not in held:
            continue
        again = of_coach.where(*due).order_by(Standing.weekday, Standing.local_time, Standing.id)
        standings = session.scalars(again.execution_options(populate_existing=True)).all()
        ours = [standing for standing in standings if standing.person_id in held]
        new += plan_standings(session, _that_hold(session, ours, held, now), held, now)
    return new


def _that_hold(
    session: Session, standings: Sequence[Standing], people: dict[int, Person], now: datetime
) -> list[Standing]:
    """Those whose coach still coaches their person; the others end."""
    lost = [each for each in standings if not holds(session, people[each.person_id], each.coach_id)]
    for standing in lost:
        lose(session, standing, now)
    return [standing for standing in standings if standing not in lost]


def _hold_free(session: Session, person_ids: set[int]) -> dict[int, Person]:
    """Those of these people whom nobody else holds, held: it never waits, so it blocks nobody."""
    found = session.scalars(
        select(Person)
        .where(Person.id.in_(person_ids))
        .order_by(Person.id)
        .with_for_update(key_share=True, skip_locked=True)
        .execution_options(populate_existing=True)
    )
    return {person.id: person for person in found}


def plan_standings(
    session: Session, standings: Sequence[Standing], people: dict[int, Person], now: datetime
) -> int:
    """As `plan`, for schedules whose `people` are held; those on their own day come first.

    A session that an earlier schedule of the pair made, that nobody has moved and that has not
    begun follows this one; so does one that was cancelled only because that schedule ended.
    """
    places = [place for standing in standings for place in _places(session, standing, people, now)]
    elsewhere = [place for place in places if not _set_on_its_day(session, place, now)]
    for place in elsewhere:
        _set_elsewhere(session, place, now)
    for standing in standings:
        standing.plan_at = instant(_monday(standing, now) + WEEK, time(), standing.zone)
    session.flush()
    return sum(place.made is None for place in places)


def _places(
    session: Session, standing: Standing, people: dict[int, Person], now: datetime
) -> Iterator[_Place]:
    """What has to be set for a schedule: nothing into the past, nothing that stands already."""
    monday = _monday(standing, now)
    weeks = (monday, monday + WEEK)
    made = _made(session, standing, weeks)
    coach, person = people[standing.coach_id], people[standing.person_id]
    for week in weeks:
        holding = _holding(session, standing, week)
        if holding is None:
            continue
        place = _Place(holding, coach, person, week, made.get(week))
        if place.starts_at > now and (place.made is None or _follows(*place.made, holding, now)):
            yield place


def _holding(session: Session, standing: Standing, week: date) -> Standing | None:
    """What holds in a week: the schedule, or until its first day the one before it."""
    if day_of(standing, week) >= standing.active_from:
        return standing
    before = standing_before(session, standing)
    if before is None or day_of(before, week) >= standing.active_from:
        return None
    return before


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


def _follows(one_on_one: OneOnOne, sitting: Sitting, standing: Standing, now: datetime) -> bool:
    """Whether a session that is there has to be set anew, by a schedule that is not its own."""
    if one_on_one.standing_id == standing.id or sitting.starts_at <= now:
        return False
    is_unmoved = sitting.set_by_id is None and one_on_one.started_at is None
    fell_with_its_own = one_on_one.state is State.CANCELLED and one_on_one.reason == ENDED
    is_open = one_on_one.state is State.DUE or fell_with_its_own
    return one_on_one.state is State.EXCUSED or (is_open and is_unmoved)


def _set_on_its_day(session: Session, place: _Place, now: datetime) -> bool:
    """Set it to its standing time, if that is free."""
    pages = place.diary(session, place.week + WEEK)
    if pages.refusal(place.starts_at, place.standing.minutes) is not None:
        return False
    _set(session, place, place.starts_at, pages, now)
    return True


def _set_elsewhere(session: Session, place: _Place, now: datetime) -> None:
    """Set it to the nearest free day, or excuse it."""
    pages = place.diary(session, place.day + FARTHEST)
    off = next((p for p in (pages.coach, pages.person) if pages.why_off(p, place.starts_at)), None)
    weeks = [place.week]
    if off is None:  # merely full
        weeks += [place.week + number * WEEK for number in (1, 2, 3)]
    for week in weeks:
        for day in _days_nearest(place, week, pages):
            for starts_at in pages.starts(day, place.standing.local_time, place.standing.minutes):
                if starts_at > now and _is_daytime(place, starts_at, pages):
                    _set(session, place, starts_at, pages, now)
                    return
    excuse = Excuse.PERSON_OFF if off is place.person else Excuse.COACH_OFF
    _set(session, place, place.starts_at, pages, now, excuse=excuse)


def _is_daytime(place: _Place, starts_at: datetime, pages: Diary) -> bool:
    """Nobody is planned into the night of either, other than at the time that the pair has."""
    is_usual = local_time_of(starts_at, place.standing.zone) == place.standing.local_time
    return is_usual or pages.out_of_hours(starts_at, place.standing.minutes) is None


def _days_nearest(place: _Place, week: date, pages: Diary) -> list[date]:
    """The days of a week on which the session may be, the nearest to its standing day first."""
    usual = {int(digit) for digit in pages.rules.one_on_one_days}
    own = day_of(place.standing, week)
    if any(pages.is_holiday(place.at(_weekday(week, each))) for each in usual):
        usual |= {_MONDAY, _FRIDAY}
    found = (_weekday(week, each) for each in usual | {place.standing.weekday})
    return sorted(found, key=lambda day: (abs(day - own), day < own))


def _set(
    session: Session,
    place: _Place,
    starts_at: datetime,
    pages: Diary,
    now: datetime,
    *,
    excuse: Excuse | None = None,
) -> None:
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
    one_on_one.first_due_on = place.day
    one_on_one.minutes = standing.minutes
    one_on_one.zone = standing.zone
    if excuse is not None:
        mark(one_on_one, State.EXCUSED, now, excuse=excuse)
    session.flush()
    sit(session, one_on_one, starts_at, pages, now)


def day_of(standing: Standing, week: date) -> date:
    """The standing day of the week that starts on this Monday."""
    return _weekday(week, standing.weekday)


def _weekday(week: date, weekday: int) -> date:
    return week + (weekday - 1) * DAY


def _monday(standing: Standing, now: datetime) -> date:
    """The Monday of the week that it is where the schedule counts."""
    today = local_date(now, standing.zone)
    return today - today.weekday() * DAY
