"""What one-on-ones refuse, each with its facts. The words are the handlers'."""

from dataclasses import dataclass
from datetime import date, datetime, time

from models.base import Faults, RuleBroken
from models.days import DayOff
from models.one_on_ones.tables import Excuse, State


@dataclass(frozen=True)
class FreeSlot:
    """A weekday (ISO) and local time at which a pair's standing one-on-one would fit."""

    weekday: int
    local_time: time


Free = tuple[FreeSlot, ...] | tuple[datetime, ...]
"""What is free instead: slots for a standing one-on-one, starts for a session that is moved."""


class UnknownOneOnOne(RuleBroken):
    """No such session, time or schedule of one, or breach, in this workspace."""

    def __init__(self, asked_for: int) -> None:
        super().__init__(asked_for)
        self.asked_for = asked_for


class UnknownPoint(RuleBroken):
    """No such talking point, none of these two, or no longer open."""

    def __init__(self, asked_for: int) -> None:
        super().__init__(asked_for)
        self.asked_for = asked_for


class NoStanding(RuleBroken):
    """This person has no standing one-on-one (any more)."""

    def __init__(self, person_id: int) -> None:
        super().__init__(person_id)
        self.person_id = person_id


# --- where a session stands


class AlreadySettled(RuleBroken):
    """The session is over: `state`, by whom (None: nobody), when, and why where there is a why."""

    def __init__(
        self,
        state: State,
        by_id: int | None,
        at: datetime,
        reason: str | None,
        excuse: Excuse | None,
    ) -> None:
        super().__init__(state, by_id, at, reason, excuse)
        self.state = state
        self.by_id = by_id
        self.at = at
        self.reason = reason
        self.excuse = excuse


class AlreadyStarted(RuleBroken):
    """The session was started, by whom and when: only its coach may still cancel or move it."""

    def __init__(self, by_id: int, at: datetime) -> None:
        super().__init__(by_id, at)
        self.by_id = by_id
        self.at = at


class AlreadyAsked(RuleBroken):
    """The session is over, and since `at` its rating is asked: it is not moved or cancelled now."""

    def __init__(self, at: datetime) -> None:
        super().__init__(at)
        self.at = at


class MovedMeanwhile(RuleBroken):
    """The session is at another time than whoever wants to change it has seen: `starts_at`, set so
    by whom (None: by the schedule) and when."""

    def __init__(self, starts_at: datetime, by_id: int | None, at: datetime) -> None:
        super().__init__(starts_at, by_id, at)
        self.starts_at = starts_at
        self.by_id = by_id
        self.at = at


class NotYet(RuleBroken):
    """A session is started and finished on its day, not before; `starts_at`: when it is."""

    def __init__(self, starts_at: datetime) -> None:
        super().__init__(starts_at)
        self.starts_at = starts_at


# --- where it may be set to


class DayFull(RuleBroken):
    """The coach has as many on this day (`on`), or on this weekday, as a day may hold.

    `taken_by`: the ids of whom they are with; `free`: what is free instead.
    """

    def __init__(
        self,
        on: date | None,
        weekday: int | None,
        taken_by: tuple[int, ...],
        free: Free = (),
    ) -> None:
        super().__init__(on, weekday, taken_by, free)
        self.on = on
        self.weekday = weekday
        self.taken_by = taken_by
        self.free = free


class Overlaps(RuleBroken):
    """`person_id` has a one-on-one with `other_id` then: `starts_at`, or a standing one, at
    `local_time` (of its own zone) each `weekday`. `free`: what is free instead."""

    def __init__(
        self,
        person_id: int,
        other_id: int,
        starts_at: datetime | None = None,
        weekday: int | None = None,
        local_time: time | None = None,
        free: Free = (),
    ) -> None:
        super().__init__(person_id, other_id, starts_at, weekday, local_time, free)
        self.person_id = person_id
        self.other_id = other_id
        self.starts_at = starts_at
        self.weekday = weekday
        self.local_time = local_time
        self.free = free


class DayIsOff(RuleBroken):
    """`person_id` does not work on that day, `on` in that person's own local dates. `of_actor`:
    that is who acts."""

    def __init__(self, person_id: int, on: date, off: DayOff, free: Free = ()) -> None:
        super().__init__(person_id, on, off, free)
        self.person_id = person_id
        self.on = on
        self.off = off
        self.free = free
        self.of_actor = False


class OutOfHours(RuleBroken):
    """A session is moved to before the `earliest` or after the `latest` hour of this person; None:
    a schedule is set so, where its time counts."""

    def __init__(
        self, person_id: int | None, earliest: time, latest: time, free: Free = ()
    ) -> None:
        super().__init__(person_id, earliest, latest)
        self.person_id = person_id
        self.earliest = earliest
        self.latest = latest
        self.free = free


class InThePast(RuleBroken):
    """A session is moved to a time that has passed."""

    def __init__(self, starts_at: datetime) -> None:
        super().__init__(starts_at)
        self.starts_at = starts_at


class TooFarAway(RuleBroken):
    """A session is moved to after `most`, the last local date it may be moved to."""

    def __init__(self, most: date) -> None:
        super().__init__(most)
        self.most = most


class Unchanged(RuleBroken):
    """A session is moved to the time that it is set to."""


class MinutesUnfit(RuleBroken):
    """A standing one-on-one of fewer minutes than `least` or more than `most`."""

    def __init__(self, least: int, most: int) -> None:
        super().__init__(least, most)
        self.least = least
        self.most = most


class WeekdayUnfit(RuleBroken):
    """A standing one-on-one on another weekday than `days`: ISO digits, Monday 1."""

    def __init__(self, days: str) -> None:
        super().__init__(days)
        self.days = days


class SpanTooWide(RuleBroken):
    """The coach has `most` standing one-on-ones already, all that a week holds: too wide a span."""

    def __init__(self, most: int) -> None:
        super().__init__(most)
        self.most = most


# --- what is written


class ReasonMissing(RuleBroken):
    """Cancelled without a reason, or with one that says nothing: `text` as it was given."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


class ReasonTooLong(RuleBroken):
    """The reason has more than `most` characters."""

    def __init__(self, most: int) -> None:
        super().__init__(most)
        self.most = most


class EmptyPoint(RuleBroken):
    """A talking point without a word."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


class PointTooLong(RuleBroken):
    """A talking point of more than `most` characters."""

    def __init__(self, most: int) -> None:
        super().__init__(most)
        self.most = most


class TooManyPoints(RuleBroken):
    """This side has `most` talking points open already."""

    def __init__(self, most: int) -> None:
        super().__init__(most)
        self.most = most


class NotesTooLong(RuleBroken):
    """Notes of more than `most` characters."""

    def __init__(self, most: int) -> None:
        super().__init__(most)
        self.most = most


# --- finishing


class DealsMissing(RuleBroken):
    """There are open deals, and none was gone through."""


class DealNextMissing(RuleBroken):
    """A deal leaves the table without a next action, or not all of it: text, owner, due date."""

    def __init__(self, deal_id: int) -> None:
        super().__init__(deal_id)
        self.deal_id = deal_id


class DealNotTheirs(RuleBroken):
    """Not an open deal that this session may go through (any more)."""

    def __init__(self, deal_id: int) -> None:
        super().__init__(deal_id)
        self.deal_id = deal_id


class NextOwnerUnfit(RuleBroken):
    """Not one who may own this deal's next action (`next_owners`)."""

    def __init__(self, person_id: int) -> None:
        super().__init__(person_id)
        self.person_id = person_id


class AtDeal(RuleBroken):
    """What is wrong with the next action of one of several deals."""

    def __init__(self, deal_id: int, cause: RuleBroken) -> None:
        super().__init__(deal_id, cause)
        self.deal_id = deal_id
        self.cause = cause


class FinishFaults(Faults):
    """A session cannot be finished like this."""
