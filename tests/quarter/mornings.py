"""What a morning digest must name, and whether there is anything in it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time

from tests.quarter.calendars import DAY, Calendars, clock, instant, local_date, said, said_day
from tests.quarter.meetings import ASKED, Meetings, Talk
from tests.quarter.reviews import Action, Reviews
from tests.quarter.team import DEALS, PLACES, UNREMINDED_THE_DAY_BEFORE


@dataclass
class Log:
    """Coaching that somebody received, until they have answered."""

    person: str
    at: datetime
    is_answered: bool = False


@dataclass(frozen=True)
class Morning:
    sessions: list[Talk]  # until the next working day
    actions: list[Action]  # that fell due
    unrecorded: list[Talk]
    to_rate: list[Talk]
    to_answer: list[Log]

    @property
    def is_empty(self) -> bool:
        waiting = self.unrecorded or self.to_rate or self.to_answer or self.actions
        return not (self.sessions or waiting)

    def says(self, who: str, day: date) -> tuple[str, ...]:
        zone = PLACES[who]
        return (
            f"Your morning, {said_day(day)}",
            *(f"One-on-one with @{talk.other(who)} at {clock(talk.now_at.starts, zone)}"
              for talk in self.sessions[:8]),
            *(f"One-on-one with @{talk.other(who)}, {said(talk.now_at.starts, zone)}: nothing"
              for talk in self.unrecorded[:4]),
            *(f"Your one-on-one with @{talk.other(who)}, {said(talk.now_at.starts, zone)}"
              for talk in self.to_rate[:3]),
            *(action.text for action in self.actions[:3]),
        )  # fmt: skip


class Mornings:
    def __init__(self, calendars: Calendars, meetings: Meetings, reviews: Reviews) -> None:
        self._calendars, self._meetings, self._reviews = calendars, meetings, reviews
        self.logs: list[Log] = []
        self.unreminded = set(UNREMINDED_THE_DAY_BEFORE)

    def of(self, who: str, day: date, now: datetime) -> Morning:
        zone, calendars = PLACES[who], self._calendars
        next_day, before = calendars.next_working(who, day), calendars.last_working(who, day)
        earlier = calendars.last_working(who, before)
        first, last = instant(day, time(), zone), instant(next_day + DAY, time(), zone)
        mine = [talk for talk in self._meetings.talks.values() if who in talk.pair]
        due = [talk for talk in mine if talk.state == "due"]
        sessions = [talk for talk in due if first <= talk.now_at.starts < last]
        return Morning(
            sessions=[] if who in self.unreminded else _by_time(sessions),
            actions=[
                action
                for action in sorted(self._reviews.actions, key=lambda one: one.due)
                if DEALS[action.deal] == who and earlier < action.due <= day
                if action.ended is None and action.deal in self._reviews.stage
            ],
            unrecorded=_by_time(
                talk
                for talk in due
                if talk.meeting.coach == who
                if talk.started is not None or talk.now_at.starts <= now
                if local_date(talk.now_at.starts, zone) < day
            ),
            to_rate=_by_time(
                talk
                for talk in mine
                if talk.meeting.person == who and talk.state not in ("cancelled", "excused")
                if before <= local_date(talk.now_at.ends, zone) < day
                if talk.now_at.ends + ASKED <= now < talk.now_at.ends + ASKED + 7 * DAY
                if not any(at >= talk.now_at.ends for at in talk.rated)
            ),
            to_answer=[
                log
                for log in self.logs
                if log.person == who and not log.is_answered
                if before <= local_date(log.at, zone) < day
            ],
        )


def _by_time(talks: Iterable[Talk]) -> list[Talk]:
    return sorted(talks, key=lambda talk: talk.now_at.starts)
