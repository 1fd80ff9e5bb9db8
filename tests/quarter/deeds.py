"""What must come of what people did: of each event, in the order in which they happened."""

from collections.abc import Callable
from datetime import date, datetime

from tests.quarter.calendars import DAY, Away, Closed, clock, local_date, said
from tests.quarter.events import Event
from tests.quarter.meetings import ASKED, MINUTE, Sitting, Talk, quarter_of
from tests.quarter.mornings import Log
from tests.quarter.rooms import Rooms
from tests.quarter.team import ADMIN, LEADER, MANAGER, PLACES, TEAM, UNREMINDED_AT_START


class Deeds:
    """`wrong`: what the bot took that it should have refused, and the other way round."""

    def __init__(self, rooms: Rooms) -> None:
        self.calendars, self.mail, self.meetings = rooms.calendars, rooms.mail, rooms.meetings
        self.reviews, self.mornings = rooms.reviews, rooms.mornings
        self.mondays, self.fridays = rooms.mondays, rooms.fridays
        self.breaches: set[tuple[str, str, date]] = set()
        self.wrong: list[str] = []

    def take(self, event: Event) -> None:
        getattr(self, f"_take_{event.what}")(event)

    # --- one-on-ones

    def owe_sitting(self, talk: Talk, sitting: Sitting) -> None:
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
        self.owe_sitting(talk, after)
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
            self.owe_sitting(talk, talk.now_at)  # what is due again, having been excused at first

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
