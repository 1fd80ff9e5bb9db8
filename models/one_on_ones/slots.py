"""Where a standing one-on-one fits into the coach's week: three a day, nobody in two at once."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from models.days import DAY, DayOff, Off
from models.one_on_ones.diary import nearest
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
from models.one_on_ones.tables import Standing
from models.people import Person, Role, standards, team
from models.schedule import instant, local_date
from models.standards import Standards

WEEK = timedelta(days=7)
_WEEKS_OF_A_YEAR = 52  # schedules of two zones may meet for as long as their clocks differ


@dataclass(frozen=True)
class Slots:
    """The weeks of a pair: `others` are the standing one-on-ones of either, but not their own.

    `monday`: of the first week that counts, in the pair's zone.
    """

    coach: Person
    person: Person
    zone: str
    monday: date
    others: tuple[Standing, ...]
    rules: Standards

    def check(self, slot: FreeSlot, minutes: int) -> None:
        """Raises `MinutesUnfit`, `WeekdayUnfit`, `SpanTooWide`, and with the free slots `DayFull`,
        `DayIsOff`, `Overlaps`, `OutOfHours`."""
        least, most = self.rules.one_on_one_minutes_least, self.rules.one_on_one_minutes_most
        if not least <= minutes <= most:
            raise MinutesUnfit(least, most)
        if str(slot.weekday) not in self.rules.one_on_one_days:
            raise WeekdayUnfit(self.rules.one_on_one_days)
        if all(self._full(weekday) for weekday in self._weekdays()):
            raise SpanTooWide(self.rules.one_on_ones_a_day * len(self._weekdays()))
        refused = self.refusal(slot, minutes)
        if refused is not None:
            refused.free = self.free(minutes, slot.local_time)
            raise refused

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
        by_day = [self._free_on(weekday, minutes, at_best) for weekday in self._weekdays()]
        found: list[FreeSlot] = []
        while by_day and len(found) < limit:
            firsts = [(day, next(day, None)) for day in by_day]
            by_day = [day for day, slot in firsts if slot is not None]
            found.extend(slot for _, slot in firsts if slot is not None)
        return tuple(sorted(found[:limit], key=lambda slot: (slot.weekday, slot.local_time)))

    def _free_on(self, weekday: int, minutes: int, times: list[time]) -> Iterator[FreeSlot]:
        slots = (FreeSlot(weekday, at) for at in times)
        return (slot for slot in slots if self.refusal(slot, minutes) is None)

    def _weekdays(self) -> list[int]:
        return sorted({int(digit) for digit in self.rules.one_on_one_days})

    def _full(self, weekday: int) -> DayFull | None:
        of_coach = [each for each in self.others if each.coach_id == self.coach.id]
        taken_by = tuple(each.person_id for each in of_coach if each.weekday == weekday)
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
        for other in self.others:
            weeks = 1 if other.zone == self.zone else _WEEKS_OF_A_YEAR
            if any(self._meet(slot, minutes, other, number) for number in range(weeks)):
                who, whom = other.coach_id, other.person_id
                if who not in (self.coach.id, self.person.id):
                    who, whom = whom, who
                return Overlaps(who, whom, weekday=other.weekday, local_time=other.local_time)
        return None

    def _meet(self, slot: FreeSlot, minutes: int, other: Standing, number: int) -> bool:
        monday = self.monday + number * WEEK
        mine = self._instant(slot.weekday, slot.local_time, self.zone, monday)
        theirs = self._instant(other.weekday, other.local_time, other.zone, monday)
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
        .order_by(Standing.weekday, Standing.local_time, Standing.id)
    )
    return Slots(
        coach,
        person,
        standing_zone(session, coach, person),
        first - first.weekday() * DAY,
        tuple(others),
        standards(session),
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
