"""The prompts of the quarter: what of the team, and of each person, comes due when, and what must
come of it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial

from tests.quarter.calendars import DAY, instant, local_date, said
from tests.quarter.rooms import Rooms
from tests.quarter.team import ADMIN, DEALS, FIRST, MANAGER, PLACES, TEAM, TEAM_ZONE

HOUR = timedelta(hours=1)
DIGEST, MORNING = "digest.morning", time(8, 30)
REMINDER, HEALTH = "deals.import_reminder", "health.check"
PICK, CARDS, DECIDING = "review.pick", "review.cards", "review.deciding"
FORECAST, PUT_RIGHT = "forecast.weekly", "crm.put_right"
AWAY = "the bot was away until it was too late"
NOBODY = "everybody who could run it is off that day, so it is excused"


@dataclass(frozen=True)
class Prompt:
    """A prompt of the team: when (ISO weekday, local time), until when it is worth sending (so
    many days after, local time), and what it is called where it was skipped."""

    weekday: int
    at: time
    days: int
    until: time
    called: str


PROMPTS = {
    REMINDER: Prompt(1, time(7, 30), 0, time(9), "reminder to import"),
    HEALTH: Prompt(1, time(9), 0, time(12), "pipeline health check"),
    PICK: Prompt(2, time(14), 0, time(15), "the review's pick"),
    CARDS: Prompt(2, time(15), 1, time(10), "deal cards"),
    DECIDING: Prompt(3, time(10), 1, time(0), "deciding"),
    FORECAST: Prompt(5, time(15), 1, time(0), "Friday forecast"),
    PUT_RIGHT: Prompt(5, time(16), 1, time(0), "what to put right in the CRM"),
}
"""product.md, "The week". For one that is added, `Prompts._does` says what it does."""


@dataclass
class Due:
    """An occurrence: of the team, or (`who`) of a person; `put_off`: of an earlier date."""

    prompt: str
    who: str
    day: date
    at: datetime
    put_off: bool = False
    state: str = "due"
    reason: str | None = None
    settled: datetime | None = None

    def skip(self, reason: str, now: datetime) -> None:
        self.state, self.reason, self.settled = "skipped", reason, now


class Prompts:
    """Every occurrence so far, `due`, with its state and reason."""

    def __init__(self, rooms: Rooms) -> None:
        self.calendars, self.mail = rooms.calendars, rooms.mail
        self.reviews, self.mornings = rooms.reviews, rooms.mornings
        self.mondays, self.fridays = rooms.mondays, rooms.fridays
        self.due: list[Due] = []
        schedules = [(name, "") for name in PROMPTS] + [(DIGEST, name) for name in PLACES]
        self._next = {key: _after(*key, FIRST - DAY) for key in schedules}
        self._does: dict[str, Callable[[Due, datetime], None]] = {
            REMINDER: self._on_reminder,
            HEALTH: self._on_health,
            FORECAST: self._on_forecast,
            PUT_RIGHT: self._on_put_right,
            PICK: self._on_pick,
            CARDS: self._on_cards,
            DECIDING: self._on_deciding,
            DIGEST: self._on_morning,
        }

    def moments(self) -> Iterator[datetime]:
        """At which one comes due."""
        yield from (at for _, at in self._next.values())
        yield from (one.at for one in self.due if one.state == "due")

    def look(self, now: datetime) -> None:
        """All that is due by then, in the order in which it came due."""
        for key, (day, at) in self._next.items():
            while at <= now:
                self.due.append(Due(*key, day, at))
                day, at = _after(*key, day)
            self._next[key] = day, at
        waiting = [one for one in self.due if one.state == "due" and one.at <= now]
        for one in sorted(waiting, key=lambda due: due.at):
            self._carry_out(one, now)

    def _carry_out(self, one: Due, now: datetime) -> None:
        if now < _too_late_at(one):
            self._does[one.prompt](one, now)
            if one.state == "due":
                one.state, one.settled = "ran", now
            return
        if (excused := self._excused(one)) is not None:
            one.skip(excused, now)
            return
        one.skip("late", now)
        if one.prompt == CARDS:
            self.reviews.make_way(now)
        same = [d for d in self.due if (d.prompt, d.who) == (one.prompt, one.who)]
        later = [d for d in same if d.state == "due" and d.day > one.day]
        if not any(now >= _too_late_at(d) for d in later):  # of several the newest is told
            self._tell_skipped(one, now)

    def _excused(self, one: Due) -> str | None:
        """Why it is excused, though it is too late: then nobody is told."""
        if one.who:
            return "day_off" if self.calendars.why_off(one.who, one.day) is not None else None
        return "team_off" if self.reviews.is_team_off(one.day) else None

    def _tell_skipped(self, one: Due, now: datetime, because: str = AWAY) -> None:
        if not one.who:
            admins = [] if one.prompt in (PICK, PUT_RIGHT) else [ADMIN]
            readers = [self.reviews.decider(one.at) or MANAGER, *admins]
            if one.reason == "late":
                self._tell_outage(readers, now)
            else:
                self._tell_team_skipped(one, readers, "Skipped", f"{because}.", now)
        else:
            self.mail.owe(
                "schedule.skipped", one.who, now,
                "Skipped: your morning digest", said(one.at, PLACES[one.who]), AWAY,
                wanted=lambda at: not self.mornings.of(one.who, one.day, at).is_empty,
            )  # fmt: skip

    def _tell_outage(self, readers: list[str], now: datetime) -> None:
        """All that was found too late within the hour is one message, the newest of each prompt."""
        hour = now.replace(minute=0, second=0, microsecond=0)

        def says(who: str, _at: datetime) -> tuple[str, ...]:
            late = [one for one in self.due if one.reason == "late" and not one.who]
            together = {one.prompt: one for one in late if _within_hour(one, hour)}
            if len(together) == 1:
                [one] = together.values()
                return (f"Skipped: {_called(one, who)}: {AWAY}.",)
            each = [
                f"{PROMPTS[one.prompt].called}, due {said(one.at, PLACES[who])}"
                for one in together.values()
            ]
            return (f"{len(together)} prompts of {TEAM} skipped: {AWAY}.", *each)

        for who in dict.fromkeys(readers):
            then = partial(says, who)
            self.mail.owe("schedule.skipped", who, now, says_then=then, key=("late", hour))

    def _tell_team_skipped(
        self, one: Due, readers: list[str], head: str, because: str, now: datetime
    ) -> None:
        for who in dict.fromkeys(readers):
            says = f"{head}: {_called(one, who)}: {because}"
            self.mail.owe("schedule.skipped", who, now, says)

    def _on_morning(self, one: Due, now: datetime) -> None:
        if self.calendars.why_off(one.who, one.day) is not None:
            one.skip("day_off", now)
            return
        self.mail.owe(
            DIGEST, one.who, now,
            wanted=lambda at: (
                not self.mornings.of(one.who, one.day, at).is_empty
                or self.mail.waits(one.who, at)
            ),
            says_then=lambda at: self.mornings.of(one.who, one.day, at).says(one.who, one.day),
        )  # fmt: skip

    def _on_reminder(self, one: Due, now: datetime) -> None:
        if (reason := self.mondays.remind(now)) is not None:
            one.skip(reason, now)

    def _is_off(self, one: Due, now: datetime) -> bool:
        """Whether nobody of the team works that day: then it is excused, and nobody is told."""
        if self.reviews.is_team_off(one.day):
            one.skip("team_off", now)
        return one.state == "skipped"

    def _on_health(self, one: Due, now: datetime) -> None:
        if self._is_off(one, now):
            return
        if (decider := self.reviews.decider(now)) is not None:
            self.mondays.check(one.day, decider, now)
        else:
            one.skip("nobody_there", now)
            self._tell_skipped(one, now, NOBODY)

    def _on_forecast(self, one: Due, now: datetime) -> None:
        if self._is_off(one, now):
            return
        if (decider := self.reviews.decider(one.at)) is not None:
            self.fridays.ask(one.day, decider, now)
        else:
            one.skip("nobody_there", now)
            self._tell_skipped(one, now, NOBODY)

    def _on_put_right(self, one: Due, now: datetime) -> None:
        if self._is_off(one, now):
            return
        self.fridays.ask_owners(one.day, now)

    def _on_pick(self, one: Due, now: datetime) -> None:
        review = self.reviews.running
        if review is not None and local_date(review.decide_from, TEAM_ZONE) >= one.day:
            one.skip("review_open", now)
        elif self.reviews.is_team_off(one.day):
            one.skip("team_off", now)
        elif (decider := self.reviews.decider(now)) is None:
            one.skip("day_off", now)
        else:
            self.reviews.pick(decider, now)

    def _on_cards(self, one: Due, now: datetime) -> None:
        if self._is_off(one, now):
            return
        if self.reviews.make_way(now) is not None:
            one.skip("review_open", now)
            return
        day, at = _after(DECIDING, "", local_date(now, TEAM_ZONE) - DAY)
        while at <= now:
            day, at = _after(DECIDING, "", day)
        if self.reviews.is_team_off(day):  # known already: the day after is promised
            at = self._decide_later(day)
        self.reviews.begin(one.day, now, at)

    def _on_deciding(self, one: Due, now: datetime) -> None:
        review = self.reviews.running
        if review is None:
            one.skip("no_review", now)
        elif review.decide_from > now:
            is_off = not one.put_off and self.reviews.is_team_off(one.day)
            one.skip("team_off" if is_off else "decides_later", now)
        elif review.told:
            one.skip("under_way", now)
        elif not review.undecided:
            one.skip("all_decided", now)
        elif (decider := self._decides(one, now)) is not None:
            self.reviews.tell_deciding(review, decider, now)
        elif one.put_off:
            one.skip("not_held", now)
            self.reviews.end(review, "not_held", now)
        else:
            self._put_off(one, now)

    def _decides(self, one: Due, now: datetime) -> str | None:
        """A leader does not decide alone on a day on which nobody of the team works."""
        is_off = not one.put_off and self.reviews.is_team_off(one.day)
        return None if is_off else self.reviews.decider(now)

    def _decide_later(self, day: date) -> datetime:
        """On the manager's next day, whatever days off they have of their own."""
        day += DAY
        while self.calendars.why_off(MANAGER, day) in ("weekday", "holiday", "company"):
            day += DAY
        later = instant(day, PROMPTS[DECIDING].at, TEAM_ZONE)
        self.due.append(Due(DECIDING, "", day, later, put_off=True))
        return later

    def _put_off(self, one: Due, now: datetime) -> None:
        review = self.reviews.all[-1]
        review.decide_from = self._decide_later(one.day)
        is_off = self.reviews.is_team_off(one.day)
        one.skip("team_put_off" if is_off else "put_off", now)
        readers = [*self.reviews.deciders, *(DEALS[deal] for deal in review.undecided)]
        because = "nobody who decides is there that day."
        if is_off:
            because = "nobody of the team works that day"
        self._tell_team_skipped(one, readers, "Put off", because, now)


def _after(name: str, who: str, day: date) -> tuple[date, datetime]:
    """The next local date after one on which a prompt comes due, and when."""
    prompt = None if who else PROMPTS[name]
    weekdays = range(1, 6) if prompt is None else (prompt.weekday,)
    day += DAY
    while day.isoweekday() not in weekdays:
        day += DAY
    if prompt is None:
        return day, instant(day, MORNING, PLACES[who])
    return day, instant(day, prompt.at, TEAM_ZONE)


def _too_late_at(one: Due) -> datetime:
    if one.who:
        return one.at + 4 * HOUR
    prompt = PROMPTS[one.prompt]
    return instant(one.day + prompt.days * DAY, prompt.until, TEAM_ZONE)


def _within_hour(one: Due, hour: datetime) -> bool:
    return one.settled is not None and hour <= one.settled < hour + HOUR


def _called(one: Due, reader: str) -> str:
    """With when it was due where its reader is."""
    return f"{PROMPTS[one.prompt].called} of {TEAM}, due {said(one.at, PLACES[reader])}"
