"""What must have come of the quarter, worked out from its events, the team and the calendars: each
occurrence with its state and reason, each message with its reader, moment and what it says.

Nothing of the product's rules is imported. Time goes from one moment with something to do to the
next; while the bot is away nothing is done, and what was missed is made up for when it is back.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from tests.quarter.attention import Attention
from tests.quarter.calendars import (
    DAY,
    Away,
    Calendars,
    Closed,
    clock,
    instant,
    local_date,
    said,
)
from tests.quarter.events import Event
from tests.quarter.fridays import Fridays
from tests.quarter.mail import Mail
from tests.quarter.meetings import ASKED, MINUTE, Meetings, Sitting, Talk, quarter_of
from tests.quarter.mondays import Mondays
from tests.quarter.mornings import Log, Mornings
from tests.quarter.office import Posted
from tests.quarter.reviews import Reviews
from tests.quarter.team import (
    ADMIN,
    DEALS,
    FIRST,
    LEADER,
    MANAGER,
    PLACES,
    SET_UP,
    TEAM,
    TEAM_ZONE,
    UNREMINDED_AT_START,
)

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
"""product.md, "The week". For one that is added, `Expected._does` says what it does."""


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


class Expected:
    """Everything that is expected, as far as it has been worked out. `wrong`: what the bot took
    that it should have refused, and the other way round."""

    def __init__(self, events: list[Event], posted: list[Posted], until: datetime) -> None:
        self.until = until
        self.calendars = Calendars()
        self.attention = Attention(self.calendars, posted)
        self.mail = Mail(self.attention)
        self.meetings = Meetings(self.calendars, SET_UP)
        self.reviews = Reviews(self.calendars, self.mail)
        self.mornings = Mornings(self.calendars, self.meetings, self.reviews)
        self.mondays = Mondays(self.calendars, self.mail, self.reviews)
        self.fridays = Fridays(self.calendars, self.mail, self.reviews)
        self.due: list[Due] = []
        self.breaches: set[tuple[str, str, date]] = set()
        self.wrong: list[str] = []
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
        for talk in self.meetings.talks.values():
            self._owe_sitting(talk, talk.now_at)
        self._work_out(events, until)

    # --- time

    def _work_out(self, events: list[Event], until: datetime) -> None:
        ahead, is_up, now = [*events], True, SET_UP
        while now < until:
            moments = [until, *([ahead[0].at] if ahead else [])]
            if is_up:
                moments += [at for at in self._moments(now) if at > now]
            now = min(moments)
            if is_up or now == until:
                self._look(now)
            while ahead and ahead[0].at == now:
                event = ahead.pop(0)
                if event.what in ("down", "up"):
                    is_up = event.what == "up"
                elif event.what != "killed":  # it goes on where it was
                    getattr(self, f"_take_{event.what}")(event)
                if event.what == "up":
                    self._look(now)
            if is_up:
                self._look(now)

    def _moments(self, now: datetime) -> Iterator[datetime]:
        """At which there may be something to do."""
        yield from (at for _, at in self._next.values())
        yield from (one.at for one in self.due if one.state == "due")
        yield from self.mail.moments(now)
        yield from self.meetings.plan_at.values()
        for talk in self.meetings.talks.values():
            if talk.state == "due":
                yield self.meetings.missed_at(talk)

    def _look(self, now: datetime) -> None:
        """All that is due by then, in the order in which it is done."""
        for talk in self.meetings.plan(now):
            self._owe_sitting(talk, talk.now_at)
        self.meetings.settle(now)
        for key, (day, at) in self._next.items():
            while at <= now:
                self.due.append(Due(*key, day, at))
                day, at = _after(*key, day)
            self._next[key] = day, at
        waiting = [one for one in self.due if one.state == "due" and one.at <= now]
        for one in sorted(waiting, key=lambda due: due.at):
            self._carry_out(one, now)
        self.mail.deliver(now)

    # --- prompts

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
                self._tell_team_skipped(one, readers, f"Skipped: {_called(one)}: {because}.", now)
        else:
            self.mail.owe(
                "schedule.skipped", one.who, now,
                "Skipped: your morning digest", said(one.at, PLACES[one.who]), AWAY,
                wanted=lambda at: not self.mornings.of(one.who, one.day, at).is_empty,
            )  # fmt: skip

    def _tell_outage(self, readers: list[str], now: datetime) -> None:
        """All that was found too late within the hour is one message, the newest of each prompt."""
        hour = now.replace(minute=0, second=0, microsecond=0)

        def says(_at: datetime) -> tuple[str, ...]:
            late = [one for one in self.due if one.reason == "late" and not one.who]
            together = {one.prompt: one for one in late if _within_hour(one, hour)}
            if len(together) == 1:
                [one] = together.values()
                return (f"Skipped: {_called(one)}: {AWAY}.",)
            each = [
                f"{PROMPTS[one.prompt].called}, due {said(one.at, TEAM_ZONE)}"
                for one in together.values()
            ]
            return (f"{len(together)} prompts of {TEAM} skipped: {AWAY}.", *each)

        for who in dict.fromkeys(readers):
            self.mail.owe("schedule.skipped", who, now, says_then=says, key=("late", hour))

    def _tell_team_skipped(self, one: Due, readers: list[str], says: str, now: datetime) -> None:
        for who in dict.fromkeys(readers):
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
        self.reviews.begin(one.day, now, at)

    def _on_deciding(self, one: Due, now: datetime) -> None:
        review = self.reviews.running
        if review is None:
            one.skip("no_review", now)
        elif review.decide_from > now:
            one.skip("decides_later", now)
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

    def _put_off(self, one: Due, now: datetime) -> None:
        """To the manager's next day, whatever days off they have of their own."""
        day = one.day + DAY
        while self.calendars.why_off(MANAGER, day) in ("weekday", "holiday", "company"):
            day += DAY
        later = instant(day, PROMPTS[DECIDING].at, TEAM_ZONE)
        review = self.reviews.all[-1]
        review.decide_from = later
        self.due.append(Due(DECIDING, "", day, later, put_off=True))
        one.skip("put_off", now)
        readers = [*self.reviews.deciders, *(DEALS[deal] for deal in review.undecided)]
        says = f"Put off: {_called(one)}: nobody who decides is there that day."
        self._tell_team_skipped(one, readers, says, now)

    # --- one-on-ones

    def _owe_sitting(self, talk: Talk, sitting: Sitting) -> None:
        """Both cards ten minutes before, if wanted at all; the question for a rating a quarter of
        an hour after. Once for each time that it is set to, while it is due."""
        if talk.state != "due":
            return
        coach, person = talk.pair
        starts, ends, key = sitting.starts, sitting.ends, (id(sitting),)

        def reminds(who: str, until: datetime) -> Callable[[datetime], bool]:
            is_wanted = who not in UNREMINDED_AT_START
            return lambda now: (
                is_wanted and talk.now_at is sitting and talk.state == "due" and now < until
            )

        def asks(now: datetime) -> bool:
            is_off = talk.now_at is not sitting or talk.state in ("cancelled", "excused")
            return not is_off and now < ends + ASKED + 7 * DAY

        for kind, who, until in (
            ("one_on_one.coach", coach, ends),
            ("one_on_one.person", person, starts),
        ):
            says = f"One-on-one with @{talk.other(who)} at {clock(starts, PLACES[who])}"
            due = starts - 10 * MINUTE
            self.mail.owe(kind, who, due, says, wanted=reminds(who, until), key=key)
        says = f"Your one-on-one with @{coach}, {said(starts, PLACES[person])}."
        self.mail.owe("one_on_one.rating", person, ends + ASKED, says, wanted=asks, key=key)

    def _tell_changed(self, talk: Talk, sitting: Sitting, by: str, now: datetime) -> None:
        """The other side hears of it."""
        to = talk.other(by)
        at = said(sitting.starts, PLACES[to])
        both = self.calendars.is_off_at(to, sitting.starts)
        off = "You are both off then" if both else f"@{by} is off then"
        says = {
            "due": f"@{by} moved your one-on-one of {at} to {said(talk.now_at.starts, PLACES[to])}",
            "cancelled": f"@{by} cancelled your one-on-one of {at}",
            "excused": f"{off}: your one-on-one of {at} is excused.",
        }[talk.state]
        key = (id(sitting), talk.state == "excused")
        side = "_coach" if to == talk.meeting.coach else ""
        self.mail.owe(
            f"one_on_one.changed{side}", to, now, says, key=key,
            wanted=lambda _: talk.now_at is not sitting or talk.state in ("cancelled", "excused"),
        )  # fmt: skip

    def _count_breach(self, talk: Talk, by: str, now: datetime) -> None:
        """The coach and the leader above are told once a quarter."""
        coach, person = talk.pair
        quarter = quarter_of(local_date(now, talk.meeting.zone))
        breach = (coach, person, quarter[0])
        often = self.meetings.changes(coach, person, *quarter) > 1
        if by != coach or not often or breach in self.breaches:
            return
        self.breaches.add(breach)
        says = f"One-on-ones of @{coach} with @{person}, "
        self.mail.owe("one_on_one.breach", coach, now, says)
        if coach == MANAGER:
            self.mail.owe("one_on_one.breach_above", LEADER, now, says)

    # --- what people did

    def _agree(self, event: Event, expected: bool) -> bool:
        """Whether it is taken; that the bot saw it otherwise is noted."""
        if event.ok is not expected:
            self.wrong.append(f"{'refuse' if event.ok else 'take'} this: {event}")
        return expected

    def _talk(self, event: Event) -> tuple[Talk, bool]:
        """The session, and whether it is due and still set to what the person saw."""
        assert event.week is not None
        talk = self.meetings.talks[event.facts["coach"], event.whom, event.week]
        return talk, talk.state == "due" and talk.now_at.starts == event.facts["starts"]

    def _take_start(self, event: Event) -> None:
        talk, stands = self._talk(event)
        if self._agree(event, stands and talk.started is None):
            talk.started = event.at

    def _take_finish(self, event: Event) -> None:
        talk, stands = self._talk(event)
        if not self._agree(event, stands):
            return
        talk.state, talk.by, talk.ended = "held", event.who, event.at
        talk.started = talk.started or event.at
        self.mornings.logs.append(Log(event.whom, event.at))
        says = f"@{event.who} logged coaching with you"
        self.mail.owe("coaching.person", event.whom, event.at, says)
        for deal, (text, due) in event.facts["actions"].items():
            self.reviews.set_action(deal, text, due, event.at)

    def _may_change(self, event: Event) -> tuple[Talk, bool]:
        """Either of the two, until the rating is asked; once it was started the coach alone."""
        talk, stands = self._talk(event)
        in_time = event.at < talk.now_at.ends + ASKED
        is_begun = talk.started is not None and event.who != talk.meeting.coach
        return talk, self._agree(event, stands and in_time and not is_begun)

    def _take_cancel(self, event: Event) -> None:
        talk, may = self._may_change(event)
        if may:
            talk.state, talk.by, talk.ended = "cancelled", event.who, event.at
            self._tell_changed(talk, talk.now_at, event.who, event.at)
            self._count_breach(talk, event.who, event.at)

    def _take_move(self, event: Event) -> None:
        talk, may = self._may_change(event)
        if not may:
            return
        to: datetime = event.facts["to"]
        if (why := self.meetings.refusal(talk, to)) is not None:
            self.wrong.append(f"offer no time that is {why}: {event}")
        before, talk.started = talk.now_at, None
        after = self.meetings.sit(talk, to, event.who, event.at)
        self._owe_sitting(talk, after)
        self._tell_changed(talk, before, event.who, event.at)
        self._count_breach(talk, event.who, event.at)

    def _take_rate(self, event: Event) -> None:
        assert event.week is not None
        talk = self.meetings.talks[event.facts["coach"], event.whom, event.week]
        asked = talk.now_at.ends + ASKED
        given = [at for at in talk.rated if at >= talk.now_at.ends]
        is_asked = talk.now_at.starts == event.facts["starts"] and asked <= event.at
        is_off = talk.state in ("cancelled", "excused")
        until = given[0] + DAY if given else asked + 7 * DAY
        if self._agree(event, is_asked and not is_off and event.at < until):
            talk.rated.append(event.at)

    def _take_confirm(self, event: Event) -> None:
        for log in self.mornings.logs:
            if (log.person, log.at) == (event.who, event.facts["logged_at"]):
                log.is_answered = self._agree(event, expected=True)

    def _take_away(self, event: Event) -> None:
        self._agree(event, expected=True)
        away = Away(event.who, event.facts["first"], event.facts["last"])
        if away not in self.calendars.away:
            self.calendars.away.append(away)
            self._ask_leader(away, event.at)
        self._follow(event)

    def _ask_leader(self, away: Away, now: datetime) -> None:
        """Of what had begun and was not done; nobody accepts anything in this quarter."""
        if away.who in (LEADER, ADMIN):
            return  # nobody is above

        def counts(at: datetime) -> bool:
            return not away.is_withdrawn and self._begun_while(away, at)

        if counts(now):
            says = f"Days off entered late: @{away.who}"
            self.mail.owe("absence.late", LEADER, now, says, wanted=counts)

    def _begun_while(self, away: Away, now: datetime) -> bool:
        """Whether anything had begun by then on those days that is not done, nor excused."""
        who, until = away.who, min(away.last, local_date(now, PLACES[away.who]))
        days = [away.first + n * DAY for n in range((until - away.first).days + 1)]
        talks = any(
            who in talk.pair and talk.state in ("due", "missed") and talk.started is None
            and talk.now_at.starts <= now
            and local_date(talk.now_at.starts, PLACES[who]) in days
            for talk in self.meetings.talks.values()
        )  # fmt: skip
        coverage = any(
            who in (one.person, self.mondays.checks[one.day])
            and one.day in days and one.state(now)[0] in ("open", "missed")
            for one in self.mondays.conversations.values()
        )  # fmt: skip
        forecasts = any(
            one.asked == who and day in days and one.state(now)[1] in ("open", "missed")
            for day, one in self.fridays.forecasts.items()
        )
        return talks or coverage or forecasts

    def _take_back(self, event: Event) -> None:
        for one in self.calendars.away:
            if (one.who, one.first) == (event.who, event.facts["first"]) and not one.is_withdrawn:
                one.is_withdrawn = self._agree(event, expected=True)
                break
        self._follow(event)

    def _take_company(self, event: Event) -> None:
        """Days on which everybody, or the team, does not work."""
        self._agree(event, expected=True)
        said = event.facts
        self.calendars.closed.append(Closed(said["first"], said["last"], said["of_team"]))
        self._follow(event, *PLACES)

    def _follow(self, event: Event, *people: str) -> None:
        for talk, off in self.meetings.follow(people or (event.who,), event.at):
            self._tell_changed(talk, talk.now_at, off, event.at)
        for talk in self.meetings.talks.values():
            self._owe_sitting(talk, talk.now_at)  # what is due again, having been excused at first

    def _take_remind(self, event: Event) -> None:
        self._agree(event, expected=True)
        change = set.discard if event.facts["day_before"] else set.add
        change(self.mornings.unreminded, event.who)

    def _take_deputy(self, event: Event) -> None:
        self._agree(event, expected=True)
        self.reviews.deputy = event.whom
        says = f"@{event.who} named you deputy of {TEAM}."
        self.mail.owe("deputy.named", event.whom, event.at, says)

    def _take_adjust(self, event: Event) -> None:
        self._agree(event, expected=True)
        self.reviews.adjust(event.facts["deals"], event.facts["dropped"], event.at)

    def _take_picked(self, event: Event) -> None:
        self.reviews.picked(event.whom)

    def _take_answer(self, event: Event) -> None:
        review = self.reviews.has_open(event.whom)
        if not event.ok:
            return  # nothing was asked any more
        if review is None:
            self.wrong.append(f"refuse this: {event}")
            return
        self.reviews.answer(review, event.who, event.whom, event.at)

    def _take_decide(self, event: Event) -> None:
        review, kind = self.reviews.has_open(event.whom), event.facts.get("kind")
        in_time = review is not None and event.at >= review.decide_from
        may = in_time and event.who in self.reviews.deciders
        if kind == "re_date" and event.facts["close_on"] == self.reviews.closes[event.whom]:
            may = False  # that is its date already
        if may and kind == "advance" and not event.ok:
            return  # its questions were open, or the deal is their own
        if self._agree(event, may) and review is not None and kind is not None:
            stage, action, close_on = (
                event.facts[name] for name in ("stage", "action", "close_on")
            )
            self.reviews.decide(review, event.whom, kind, stage, action, close_on, event.at)

    def _take_close(self, event: Event) -> None:
        review = self.reviews.running
        is_decided = review is not None and not review.undecided
        if self._agree(event, is_decided) and review is not None:
            self.reviews.close(review, event.at)

    def _take_import(self, event: Event) -> None:
        self.mondays.imported = event.who, event.at

    def _take_coverage(self, event: Event) -> None:
        """It is logged by the list's button, while it is open."""
        talk = self.mondays.conversations[event.whom, event.facts["day"]]
        may = talk.is_open(event.at) and event.who in self.reviews.deciders
        if self._agree(event, may):
            talk.logged = event.at
            self.mornings.logs.append(Log(event.whom, event.at))
            says = f"@{event.who} logged coaching with you"
            self.mail.owe("coaching.person", event.whom, event.at, says)
            self.mail.owe("coaching.coach", event.who, event.at, f"@{event.whom}")

    def _take_forecast(self, event: Event) -> None:
        forecast = self.fridays.forecasts[event.facts["day"]]
        if self._agree(event, event.at < forecast.closes):
            forecast.finished = event.at

    def _take_action(self, event: Event) -> None:
        for one in self.reviews.actions:
            if one.text == event.facts["text"]:
                self._agree(event, one.ended is None)
                one.ended = one.ended or event.at


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


def _called(one: Due) -> str:
    return f"{PROMPTS[one.prompt].called} of {TEAM}, due {said(one.at, TEAM_ZONE)}"
