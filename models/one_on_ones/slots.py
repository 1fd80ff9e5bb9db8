"""Where a standing one-on-one fits into the coach's week: three a day, nobody in two at once.

What is offered as free is stricter than what may be set: it is within the hours of both where each
of them is, no calendar of theirs has something then week after week, and neither is off on that
weekday both this and the next week.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from models.days import DAY, DayOff, Off
from models.one_on_ones.diary import Diary, diary, nearest
from models.one_on_ones.refusals import (
    DayFull,
    DayIsOff,
    FreeSlot,
    MinutesUnfit,
    OutOfHours,
    Overlaps,
    SpanTooWide,
    WeekdayUnfit,
)
from models.one_on_ones.tables import BY_TIME, Standing
from models.people import Person, Role, standards, team
from models.schedule import instant, local_date, monday_of
from models.standards import Standards

WEEK = timedelta(days=7)
_WEEKS_OF_A_YEAR = 52  # schedules of two zones may meet for as long as their clocks differ
_WEEKS_LOOKED_AT = 4
_FIRST_WEEKS = 2  # those that are planned at once
_OFTEN = 2  # of the weeks looked at: something in a calendar that comes again


@dataclass(frozen=True)
class Slots:
    """The weeks of a pair: `others` are the standing one-on-ones of either that have a time, but
    not their own.

    `monday`: of the first week that counts, in the pair's zone. `pages`: of the weeks from it on.
    """

    coach: Person
    person: Person
    zone: str
    monday: date
    others: tuple[tuple[Standing, FreeSlot], ...]
    rules: Standards
    pages: Diary

    def check_rotation(self, minutes: int) -> None:
        """Raises `MinutesUnfit`, `DayIsOff`: that they never work on the same day."""
        self._check_minutes(minutes)
        slots = [FreeSlot(each, self.rules.free_times_from) for each in self._weekdays()]
        off = [self._off(slot) for slot in slots]
        if all(off):
            raise next(each for each in off if each is not None)

    def check(self, slot: FreeSlot, minutes: int) -> None:
        """Raises `MinutesUnfit`, `WeekdayUnfit`, `SpanTooWide`, and with the free slots `DayFull`,
        `DayIsOff`, `Overlaps`, `OutOfHours`."""
        self._check_minutes(minutes)
        if str(slot.weekday) not in self.rules.one_on_one_days:
            raise WeekdayUnfit(self.rules.one_on_one_days)
        if all(self._full(weekday) for weekday in self._weekdays()):
            raise SpanTooWide(self.rules.one_on_ones_a_day * len(self._weekdays()))
        refused = self.refusal(slot, minutes)
        if refused is not None:
            refused.free = self.free(minutes, slot.local_time)
            raise refused

    def _check_minutes(self, minutes: int) -> None:
        least, most = self.rules.one_on_one_minutes_least, self.rules.one_on_one_minutes_most
        if not least <= minutes <= most:
            raise MinutesUnfit(least, most)

    def refusal(
        self, slot: FreeSlot, minutes: int
    ) -> DayFull | DayIsOff | Overlaps | OutOfHours | None:
        """Why their standing one-on-one cannot be then; None: it can."""
        return (
            self._full(slot.weekday)
            or self._off(slot)
            or self._overlap(slot, minutes)
            or self._out_of_hours(slot, minutes)
        )

    def _out_of_hours(self, slot: FreeSlot, minutes: int) -> OutOfHours | None:
        """A time that somebody mistook. Zones may lie so far apart that it is early for one."""
        earliest, latest = self.rules.one_on_one_earliest, self.rules.one_on_one_latest
        begins = datetime.combine(self.monday, slot.local_time, UTC)
        ends = begins + timedelta(minutes=minutes)
        if slot.local_time >= earliest and ends <= datetime.combine(self.monday, latest, UTC):
            return None
        return OutOfHours(None, earliest, latest)

    def free(self, minutes: int, preferred: time, limit: int = 6) -> tuple[FreeSlot, ...]:
        """Where it can be: at full and half hours, nearest to a time, spread over the days.

        By weekday and time.
        """
        at_best = nearest(preferred, minutes, self.rules)
        there = [each for each in self._weekdays() if not self._is_off_at_first(each, preferred)]
        weekdays = there or self._weekdays()
        by_day = [self._free_on(weekday, minutes, at_best) for weekday in weekdays]
        found: list[FreeSlot] = []
        while by_day and len(found) < limit:
            firsts = [(day, next(day, None)) for day in by_day]
            by_day = [day for day, slot in firsts if slot is not None]
            found.extend(slot for _, slot in firsts if slot is not None)
        return tuple(sorted(found[:limit], key=lambda slot: (slot.weekday, slot.local_time)))

    def _free_on(self, weekday: int, minutes: int, times: list[time]) -> Iterator[FreeSlot]:
        slots = (FreeSlot(weekday, at) for at in times)
        return (
            slot
            for slot in slots
            if self.refusal(slot, minutes) is None and self._is_offered(slot, minutes)
        )

    def _is_offered(self, slot: FreeSlot, minutes: int) -> bool:
        """Whether it is within the hours of both, and no calendar has something then for good."""
        starts = [self._in_week(slot, number) for number in range(_WEEKS_LOOKED_AT)]
        busy = sum(self.pages.is_busy(at, minutes) for at in starts)
        return busy < _OFTEN and self.pages.out_of_hours(starts[0], minutes) is None

    def _is_off_at_first(self, weekday: int, at: time) -> bool:
        """Whether in neither of the weeks that are planned at once both work on that day."""
        slot = FreeSlot(weekday, at)
        return all(self.pages.is_off(self._in_week(slot, each)) for each in range(_FIRST_WEEKS))

    def _in_week(self, slot: FreeSlot, number: int) -> datetime:
        monday = self.monday + number * WEEK
        return self._instant(slot.weekday, slot.local_time, self.zone, monday)

    def _weekdays(self) -> list[int]:
        return sorted({int(digit) for digit in self.rules.one_on_one_days})

    def _full(self, weekday: int) -> DayFull | None:
        taken_by = tuple(
            other.person_id
            for other, taken in self.others
            if other.coach_id == self.coach.id and taken.weekday == weekday
        )
        if len(taken_by) < self.rules.one_on_ones_a_day:
            return None
        return DayFull(None, weekday, taken_by)

    def _off(self, slot: FreeSlot) -> DayIsOff | None:
        """A weekday on which one of the two never works, where it is another date for them too."""
        starts_at = self._instant(slot.weekday, slot.local_time, self.zone, self.monday)
        for person in (self.coach, self.person):
            on = local_date(starts_at, person.zone)
            if str(on.isoweekday()) not in person.working_days:
                return DayIsOff(person.id, on, DayOff(Off.WEEKDAY))
        return None

    def _overlap(self, slot: FreeSlot, minutes: int) -> Overlaps | None:
        for other, taken in self.others:
            weeks = 1 if other.zone == self.zone else _WEEKS_OF_A_YEAR
            if any(self._meet(slot, minutes, other, taken, number) for number in range(weeks)):
                who, whom = other.coach_id, other.person_id
                if who not in (self.coach.id, self.person.id):
                    who, whom = whom, who
                return Overlaps(who, whom, weekday=taken.weekday, local_time=taken.local_time)
        return None

    def _meet(
        self, slot: FreeSlot, minutes: int, other: Standing, taken: FreeSlot, number: int
    ) -> bool:
        monday = self.monday + number * WEEK
        mine = self._instant(slot.weekday, slot.local_time, self.zone, monday)
        theirs = self._instant(taken.weekday, taken.local_time, other.zone, monday)
        ends_at = mine + timedelta(minutes=minutes)
        return theirs < ends_at and mine < theirs + timedelta(minutes=other.minutes)

    @staticmethod
    def _instant(weekday: int, local_time: time, zone: str, monday: date) -> datetime:
        return instant(monday + (weekday - 1) * DAY, local_time, zone)


def slots(session: Session, coach: Person, person: Person, first: date) -> Slots:
    """The weeks of a pair from the week of a day on."""
    pair = (coach.id, person.id)
    others = session.scalars(
        select(Standing)
        .where(
            Standing.ended_at.is_(None),
            Standing.person_id != person.id,
            or_(Standing.coach_id.in_(pair), Standing.person_id == coach.id),
        )
        .order_by(*BY_TIME)
    )
    zone, monday = standing_zone(session, coach, person), monday_of(first)
    return Slots(
        coach,
        person,
        zone,
        monday,
        tuple((each, FreeSlot(*each.slot)) for each in others if each.slot is not None),
        standards(session),
        diary(session, coach, person, zone, monday, monday + _WEEKS_LOOKED_AT * WEEK),
    )


def standing_zone(session: Session, coach: Person, person: Person) -> str:
    """The zone in which a pair's one-on-ones count: a rep's team's, else the coach's own."""
    if person.role is Role.REP and person.team_id is not None:
        return team(session, person.team_id).zone
    return coach.zone


def free_slots(
    session: Session, coach: Person, person: Person, minutes: int, now: datetime, limit: int = 6
) -> list[FreeSlot]:
    """Where a standing one-on-one of these two would fit: from the morning on, in each day."""
    today = local_date(now, standing_zone(session, coach, person))
    week = slots(session, coach, person, today)
    return list(week.free(minutes, week.rules.free_times_from, limit))
