"""What two people have on: days off, one-on-ones set already, places left on the coach's days.

A session is set only where both work, neither is in another one, and its coach's day holds fewer
than the standard's three. Days off count in each person's own local date of the session's start;
places count by the local date in the session's zone. What a personal calendar calls busy is advice,
since much in it is tentative: nothing is offered or planned there, but whoever chooses the time
may.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from models import calendars
from models.days import DAY, DayOff, Off, days_off, next_working_day
from models.one_on_ones.reading import (
    FARTHEST,
    booked,
    current_sitting,
    get,
)
from models.one_on_ones.refusals import DayFull, DayIsOff, OutOfHours, Overlaps
from models.one_on_ones.tables import OneOnOne, Sitting
from models.people import Person, get_person, standards
from models.schedule import instant, local_date, monday_of
from models.standards import Standards

STEP = timedelta(minutes=30)
"""Free times are offered at full and half hours."""


Busy = Mapping[int, Sequence[tuple[datetime, datetime]]]


@dataclass(frozen=True)
class Diary:
    """What a pair has on between two local dates of `zone`. `booked` keeps times of either; `busy`:
    from when to when, by person, as their own calendars say."""

    coach: Person
    person: Person
    zone: str
    off: dict[int, dict[date, DayOff]]
    booked: tuple[tuple[OneOnOne, Sitting], ...]
    rules: Standards
    busy: Busy = field(default_factory=dict)

    def refusal(self, starts_at: datetime, minutes: int) -> DayIsOff | DayFull | Overlaps | None:
        """Why a session of theirs cannot be then; None: it can."""
        return (
            self._off(starts_at)
            or self._full(local_date(starts_at, self.zone))
            or self._overlap(starts_at, starts_at + timedelta(minutes=minutes))
        )

    def out_of_hours(self, starts_at: datetime, minutes: int) -> OutOfHours | None:
        """Whose day would not have begun yet, or be over: a time that somebody mistook."""
        earliest, latest = self.rules.one_on_one_earliest, self.rules.one_on_one_latest
        for person in (self.coach, self.person):
            begins = starts_at.astimezone(ZoneInfo(person.zone))
            ends = (starts_at + timedelta(minutes=minutes)).astimezone(begins.tzinfo)
            is_one_day = begins.date() == ends.date()
            if not is_one_day or begins.time() < earliest or ends.time() > latest:
                return OutOfHours(person.id, earliest, latest)
        return None

    def seat(self, day: date) -> int:
        """The lowest free place, from 1, among the coach's sessions of a day."""
        taken = {sitting.seat for _, sitting in self._of_day(day)}
        return next(number for number in count(1) if number not in taken)

    def starts(self, day: date, preferred: time, minutes: int) -> Iterator[datetime]:
        """The times of a day at which they could meet: the preferred one, then the nearest."""
        for local_time in dict.fromkeys([preferred, *nearest(preferred, minutes, self.rules)]):
            starts_at = instant(day, local_time, self.zone)
            if self.refusal(starts_at, minutes) is None and not self.is_busy(starts_at, minutes):
                yield starts_at

    def free(self, day: date, minutes: int) -> Iterator[datetime]:
        """The full and half hours of a day at which the two could talk beside their one-on-ones:
        what is set then is none, and takes none of the coach's places."""
        for local_time in grid(minutes, self.rules):
            starts_at = instant(day, local_time, self.zone)
            ends_at = starts_at + timedelta(minutes=minutes)
            refused = self._off(starts_at) or self._overlap(starts_at, ends_at)
            is_free = refused is None and not self.is_busy(starts_at, minutes)
            if is_free and self.out_of_hours(starts_at, minutes) is None:
                yield starts_at

    def is_busy(self, starts_at: datetime, minutes: int) -> bool:
        """Whether something stands in the calendar of one of the two then."""
        ends_at = starts_at + timedelta(minutes=minutes)
        return any(
            begins < ends_at and starts_at < ends
            for person in (self.coach, self.person)
            for begins, ends in self.busy.get(person.id, ())
        )

    def could_meet(self, day: date, minutes: int, after: datetime) -> bool:
        """Whether both work at a time of this day, whatever else they have on."""
        return any(
            starts_at > after
            and not self.is_off(starts_at)
            and self.out_of_hours(starts_at, minutes) is None
            for at in grid(minutes, self.rules)
            for starts_at in [instant(day, at, self.zone)]
        )

    def is_off(self, starts_at: datetime) -> bool:
        """Whether one of the two does not work then."""
        return self._off(starts_at) is not None

    def why_off(self, person: Person, moment: datetime) -> DayOff | None:
        """Why one of the two does not work on the day that a moment is in their own zone."""
        return self.off[person.id].get(local_date(moment, person.zone))

    def is_holiday(self, moment: datetime) -> bool:
        """Whether the day of a moment is a public holiday of either, or a company day."""
        found = (self.why_off(person, moment) for person in (self.coach, self.person))
        return any(off and off.why in (Off.HOLIDAY, Off.COMPANY) for off in found)

    def _off(self, starts_at: datetime) -> DayIsOff | None:
        for person in (self.coach, self.person):
            off = self.why_off(person, starts_at)
            if off is not None:
                return DayIsOff(person.id, local_date(starts_at, person.zone), off)
        return None

    def _full(self, day: date) -> DayFull | None:
        taken_by = tuple(session.person_id for session, _ in self._of_day(day))
        if len(taken_by) < self.rules.one_on_ones_a_day:
            return None
        return DayFull(day, None, taken_by)

    def _of_day(self, day: date) -> list[tuple[OneOnOne, Sitting]]:
        return [
            (session, sitting)
            for session, sitting in self.booked
            if session.coach_id == self.coach.id and sitting.local_date == day
        ]

    def _overlap(self, starts_at: datetime, ends_at: datetime) -> Overlaps | None:
        for session, sitting in self.booked:
            if sitting.starts_at < ends_at and starts_at < sitting.ends_at:
                who, other = session.coach_id, session.person_id
                if who not in (self.coach.id, self.person.id):
                    who, other = other, who
                return Overlaps(who, other, starts_at=sitting.starts_at)
        return None


def diary(
    session: Session,
    coach: Person,
    person: Person,
    zone: str,
    first: date,
    last: date,
    *,
    without: int | None = None,
) -> Diary:
    """The diary of a pair from one local date to another. `without`: a session to be set anew."""
    around = (first - DAY, last + DAY)  # where it is another date already, or still
    rows = booked(session, (coach.id, person.id), *around)
    return Diary(
        coach,
        person,
        zone,
        days_off(session, (coach, person), *around),
        tuple(row for row in rows if row[0].id != without),
        standards(session),
        busy=_busy(session, (coach.id, person.id), zone, *around),
    )


def _busy(
    session: Session, person_ids: tuple[int, int], zone: str, first: date, last: date
) -> Busy:
    """What their own calendars say between two local dates, both included."""
    from_, until = instant(first, time(), zone), instant(last + DAY, time(), zone)
    found = calendars.busy(session, person_ids, from_, until)
    return {person_id: tuple(times) for person_id, times in found.items()}


def free_times(
    session: Session, one_on_one_id: int, now: datetime, limit: int = 3
) -> list[datetime]:
    """Where this session could be moved to: one start on each of the next possible days of the week
    that it is set to, or later, as near as may be to its local time. Raises `UnknownOneOnOne`."""
    one_on_one, sitting = get(session, one_on_one_id), current_sitting(session, one_on_one_id)
    monday = monday_of(sitting.local_date)
    first = max(local_date(now, one_on_one.zone), monday)
    last = one_on_one.first_due_on + FARTHEST
    pages = diary(
        session,
        get_person(session, one_on_one.coach_id),
        get_person(session, one_on_one.person_id),
        one_on_one.zone,
        first,
        last,
        without=one_on_one.id,
    )
    preferred = local_time_of(sitting.starts_at, one_on_one.zone)
    found: list[datetime] = []
    for day in days(first, last):
        if len(found) == limit:
            break
        possible = (
            at
            for at in pages.starts(day, preferred, one_on_one.minutes)
            if at > now
            and at != sitting.starts_at
            and pages.out_of_hours(at, one_on_one.minutes) is None
        )
        found.extend(at for at in [next(possible, None)] if at is not None)
    return found


def settle_by(session: Session, coach: Person, day: date, zone: str) -> datetime:
    """Until when a session of that day may be recorded: the end of the coach's next working day."""
    return instant(next_working_day(session, coach, day) + DAY, time(), zone)


def local_time_of(moment: datetime, zone: str) -> time:
    """What the clock shows at a moment in a zone, to the minute."""
    local = moment.astimezone(ZoneInfo(zone))
    return time(local.hour, local.minute)


def days(first: date, last: date) -> Iterator[date]:
    """Each date from one to another, both included."""
    return (first + number * DAY for number in range((last - first).days + 1))


def grid(minutes: int, rules: Standards) -> list[time]:
    """The local times that are offered: full and half hours, so that a session ends in time."""
    day = datetime(2000, 1, 1, tzinfo=UTC)
    first, last = (
        datetime.combine(day, at, UTC) for at in (rules.free_times_from, rules.free_times_until)
    )
    steps = int((last - timedelta(minutes=minutes) - first) / STEP)
    return [(first + number * STEP).time() for number in range(steps + 1)]


def nearest(preferred: time, minutes: int, rules: Standards) -> list[time]:
    """The times of `grid`, the nearest to the preferred one first."""

    def away(at: time) -> int:
        return abs(at.hour * 60 + at.minute - preferred.hour * 60 - preferred.minute)

    return sorted(grid(minutes, rules), key=away)
