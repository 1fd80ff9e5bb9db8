"""The one-on-ones as they should be: planned, moved, excused, settled, counted, by plain rules read
from product.md ("One-on-ones", "The week").
"""

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from tests.quarter.calendars import DAY, Calendars, instant, local_date
from tests.quarter.team import FIRST, MEETINGS, PLACES, QUARTERS, Meeting

WEEK = 7 * DAY
MINUTE = timedelta(minutes=1)
A_DAY = 3  # at most, per coach
USUAL = (2, 3, 4)  # ISO weekdays
ASKED = 15 * MINUTE  # after the scheduled end
TRIAL_ENDS = FIRST + 6 * DAY
COACHES = tuple(dict.fromkeys(meeting.coach for meeting in reversed(MEETINGS)))
"""In the order in which they are planned."""


@dataclass
class Sitting:
    starts: datetime
    ends: datetime
    day: date  # where the session counts
    by: str = ""  # who moved it there
    at: datetime | None = None
    same_day: bool = False


@dataclass
class Talk:
    """One session of a pair: its week, the times that it was set to, what became of it."""

    meeting: Meeting
    week: date
    state: str = "due"
    excuse: str | None = None
    by: str = ""
    ended: datetime | None = None
    started: datetime | None = None
    rated: list[datetime] = field(default_factory=list)
    sittings: list[Sitting] = field(default_factory=list)

    @property
    def now_at(self) -> Sitting:
        return self.sittings[-1]

    @property
    def first_due(self) -> date:
        return self.week + (self.meeting.weekday - 1) * DAY

    @property
    def in_trial(self) -> bool:
        return self.first_due <= TRIAL_ENDS

    @property
    def pair(self) -> tuple[str, str]:
        return self.meeting.coach, self.meeting.person

    @property
    def keeps_its_time(self) -> bool:
        return self.state in ("due", "held", "missed")

    def other(self, who: str) -> str:
        """The other one of the two."""
        coach, person = self.pair
        return person if who == coach else coach

    def is_ahead(self, now: datetime) -> bool:
        return self.started is None and self.now_at.starts > now


class Meetings:
    """All sessions so far."""

    def __init__(self, calendars: Calendars, set_up: datetime) -> None:
        self.calendars = calendars
        self.talks: dict[tuple[str, str, date], Talk] = {}
        self.plan_at: dict[str, datetime] = {}
        for meeting in MEETINGS:
            self._plan([meeting], set_up)

    # --- planning

    def plan(self, now: datetime) -> list[Talk]:
        """This week's and the next one's sessions of every coach whose week has begun."""
        new = []
        for coach in COACHES:
            if self.plan_at[coach] <= now:
                mine = [meeting for meeting in MEETINGS if meeting.coach == coach]
                new += self._plan(sorted(mine, key=lambda one: (one.weekday, one.at)), now)
        return new

    def _plan(self, meetings: list[Meeting], now: datetime) -> list[Talk]:
        new = [talk for meeting in meetings for talk in self._missing(meeting, now)]
        elsewhere = []
        for talk in new:
            self.talks[*talk.pair, talk.week] = talk
            at = instant(talk.first_due, talk.meeting.at, talk.meeting.zone)
            if self.refusal(talk, at) is None:
                self.sit(talk, at)
            else:
                elsewhere.append(talk)
        for talk in elsewhere:
            self._set_elsewhere(talk, now)
        return new

    def _missing(self, meeting: Meeting, now: datetime) -> Iterator[Talk]:
        today = local_date(now, meeting.zone)
        monday = today - today.weekday() * DAY
        self.plan_at[meeting.coach] = instant(monday + WEEK, time(), meeting.zone)
        for week in (monday, monday + WEEK):
            day = week + (meeting.weekday - 1) * DAY
            is_new = (meeting.coach, meeting.person, week) not in self.talks
            if is_new and day >= FIRST and instant(day, meeting.at, meeting.zone) > now:
                yield Talk(meeting, week)

    def _set_elsewhere(self, talk: Talk, now: datetime) -> None:
        """To the nearest free day of its week, the later of two; a week without any is excused.
        What is merely full goes to one of the next three weeks."""
        meeting = talk.meeting
        own = instant(talk.first_due, meeting.at, meeting.zone)
        off = next((who for who in talk.pair if self.calendars.is_off_at(who, own)), None)
        weeks = [talk.week] if off else [talk.week + n * WEEK for n in range(4)]
        for week in weeks:
            for day in self._days(talk, week):
                for at in _times(meeting):
                    starts = instant(day, at, meeting.zone)
                    is_fit = at == meeting.at or _is_daytime(talk, starts)
                    if starts > now and is_fit and self.refusal(talk, starts) is None:
                        self.sit(talk, starts)
                        return
        talk.state, talk.ended = "excused", now
        talk.excuse = "person_off" if off == meeting.person else "coach_off"
        self.sit(talk, own)

    def _days(self, talk: Talk, week: date) -> list[date]:
        meeting = talk.meeting

        def of_week(weekday: int) -> date:
            return week + (weekday - 1) * DAY

        def has_holiday(weekday: int) -> bool:
            at = instant(of_week(weekday), meeting.at, meeting.zone)
            why = (self.calendars.why_off(who, local_date(at, PLACES[who])) for who in talk.pair)
            return any(one in ("holiday", "company") for one in why)

        opened = (1, 5) if any(has_holiday(weekday) for weekday in USUAL) else ()
        own = of_week(meeting.weekday)
        found = {of_week(weekday) for weekday in (*USUAL, *opened, meeting.weekday)}
        return sorted(found, key=lambda day: (abs(day - own), day < own))

    def refusal(self, talk: Talk, starts: datetime) -> str | None:
        """Why the two cannot meet then."""
        ends = starts + talk.meeting.minutes * MINUTE
        if any(self.calendars.is_off_at(who, starts) for who in talk.pair):
            return "off"
        day = local_date(starts, talk.meeting.zone)
        others = [one for one in self.talks.values() if one is not talk and one.sittings]
        kept = [one for one in others if one.keeps_its_time and set(one.pair) & set(talk.pair)]
        coach = talk.meeting.coach
        if sum(one.meeting.coach == coach and one.now_at.day == day for one in kept) >= A_DAY:
            return "full"
        meets = (one.now_at.starts < ends and starts < one.now_at.ends for one in kept)
        return "overlap" if any(meets) else None

    def sit(
        self, talk: Talk, starts: datetime, by: str = "", at: datetime | None = None
    ) -> Sitting:
        day = local_date(starts, talk.meeting.zone)
        same_day = bool(talk.sittings) and talk.now_at.day == day
        ends = starts + talk.meeting.minutes * MINUTE
        talk.sittings.append(Sitting(starts, ends, day, by, at, same_day))
        return talk.now_at

    # --- what time and days off do

    def missed_at(self, talk: Talk) -> datetime:
        """The end of the coach's next working day."""
        day = self.calendars.next_working(talk.meeting.coach, talk.now_at.day)
        return instant(day + DAY, time(), talk.meeting.zone)

    def settle(self, now: datetime) -> None:
        for talk in self.talks.values():
            if talk.state == "due" and self.missed_at(talk) <= now:
                talk.state, talk.ended = ("excused" if talk.in_trial else "missed"), now
                talk.excuse = "trial" if talk.in_trial else None

    def follow(self, people: Collection[str], now: datetime) -> list[tuple[Talk, str]]:
        """The days off of these people have changed: what that excuses, and who it is that is off.
        What was excused is on again where both are there and its time is free."""
        excused = []
        theirs = (talk for talk in self.talks.values() if set(talk.pair) & {*people})
        ahead = [talk for talk in theirs if talk.is_ahead(now)]
        for talk in sorted(ahead, key=lambda one: one.now_at.starts):
            at = talk.now_at.starts
            off = next((one for one in talk.pair if self.calendars.is_off_at(one, at)), None)
            if talk.state == "due" and off is not None:
                talk.state, talk.ended = "excused", now
                talk.excuse = "coach_off" if off == talk.meeting.coach else "person_off"
                excused.append((talk, off))
            elif talk.state == "excused" and self.refusal(talk, at) is None:
                talk.state, talk.excuse, talk.ended = "due", None, None
        return excused

    # --- what is counted

    def changes(self, coach: str, person: str, first: date, last: date) -> int:
        """How often the coach cancelled or moved the pair's sessions between two days, moves within
        a day and sessions of the trial left out."""
        return sum(
            first <= local_date(at, talk.meeting.zone) <= last
            for talk in self.talks.values()
            if talk.pair == (coach, person) and not talk.in_trial
            for at in _changed_by(talk, coach)
        )

    def held_rate(self, coach: str, first: date, last: date) -> tuple[int, int, int]:
        """Held, due and excused."""
        states = Counter(
            talk.state
            for talk in self.talks.values()
            if talk.meeting.coach == coach and first <= talk.first_due <= last
            if not talk.in_trial
        )
        due = states["held"] + states["cancelled"] + states["missed"]
        return states["held"], due, states["excused"]


def quarter_of(day: date) -> tuple[date, date]:
    """The calendar quarter of a day: its first and its last."""
    return next((first, last) for first, last in QUARTERS if first <= day <= last)


def _is_daytime(talk: Talk, starts: datetime) -> bool:
    """Between 06:00 and 22:00 where each of the two is."""
    for zone in (PLACES[who] for who in talk.pair):
        begins = starts.astimezone(ZoneInfo(zone))
        ends = (starts + talk.meeting.minutes * MINUTE).astimezone(ZoneInfo(zone))
        is_one_day = begins.date() == ends.date()
        if not (is_one_day and begins.time() >= time(6) and ends.time() <= time(22)):
            return False
    return True


def _changed_by(talk: Talk, who: str) -> Iterator[datetime]:
    for sitting in talk.sittings:
        if sitting.by == who and not sitting.same_day and sitting.at is not None:
            yield sitting.at
    if talk.state == "cancelled" and talk.by == who and talk.ended is not None:
        yield talk.ended


def _times(meeting: Meeting) -> list[time]:
    """Its own time, then full and half hours of the working day, the nearest first."""

    def minutes(at: time) -> int:
        return at.hour * 60 + at.minute

    halves = [time(hour, minute) for hour in range(9, 17) for minute in (0, 30)]
    fits = [at for at in halves if minutes(at) + meeting.minutes <= 17 * 60]
    nearest = sorted(fits, key=lambda at: abs(minutes(at) - minutes(meeting.at)))
    return [meeting.at, *(at for at in nearest if at != meeting.at)]
