"""The people of the quarter, by a seeded script: they read what the bot writes to them and act on
it through Slack, now and then as tired people do: twice, too late, or on what they may not.

What they did, and whether the bot took it, is written down as events.
"""

import heapq
import random
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from models.coaching import CoachingLog, CoverageAsk, CoverageTalk, TalkState
from models.delivery import Kind
from models.forecast import Forecast, ForecastCard
from models.next_actions import NextAction
from models.one_on_ones import OneOnOne, Sitting
from models.pipeline_review import ReviewDeal
from sandbox.person import SeenView
from tests.quarter.calendars import said
from tests.quarter.events import Event
from tests.quarter.hands import Hands, Trouble
from tests.quarter.office import MINUTE, Office, Posted
from tests.quarter.team import (
    ADMIN,
    DAY,
    DEALS,
    MANAGER,
    PLACES,
    TEAM_ZONE,
    slack_id,
)

HOUR = timedelta(hours=1)
FACES = {1: "1 😞", 2: "2 🙁", 3: "3 😐", 4: "4 🙂", 5: "5 🤩", None: "It did not happen"}
ANSWERS: dict[str, Any] = {
    "pain": "250000", "budget": "Dana Cole", "budget.title": "CFO", "source": "told",
    "buyer_met": "yes", "criteria": "Time to go live", "forced_by": "Their lease ends",
    "review_meeting": "held", "objection": "Price against the incumbent",
    "reply": "Six weeks to go live", "terms": "Payment in thirty days",
    "approver": "Kim Reed", "approver.title": "Counsel",
}  # fmt: skip


@dataclass(frozen=True)
class Sit:
    """A one-on-one as it is set now: whose, of which week, when."""

    coach: str
    person: str
    week: date
    starts_at: datetime
    ends_at: datetime


class People:
    """Everybody, with what each is about to do."""

    def __init__(self, office: Office, chance: random.Random, until: datetime) -> None:
        self._office, self._chance, self._until = office, chance, until
        self._hands = Hands(office)
        self._agenda: list[tuple[datetime, int, Callable[[], None]]] = []
        self._order = count()
        self._said = count(1)
        self._names = {number: name for name, number in office.ids.people.items()}
        self._deals = {number: name for name, number in office.ids.deals.items()}
        self._cards: defaultdict[int, list[tuple[Posted, str]]] = defaultdict(list)
        self._picks, self._fridays = count(), count()
        self._answered: set[tuple[str, int]] = set()
        self._readers: dict[Kind, Callable[[Posted], None]] = {
            Kind.ONE_ON_ONE_COACH: self._reads_coach_card,
            Kind.ONE_ON_ONE_PERSON: self._reads_person_card,
            Kind.ONE_ON_ONE_RATING: self._reads_question,
            Kind.COACHING_PERSON: self._reads_coaching,
            Kind.REVIEW_PICK: self._reads_pick,
            Kind.REVIEW_CARD: self._reads_deal_card,
            Kind.REVIEW_DECIDING: self._reads_deciding,
            Kind.DIGEST: self._reads_digest,
            Kind.HEALTH_TALKS: self._reads_talks,
            Kind.FORECAST_CARD: self._reads_forecast,
        }

    # --- when

    def will(self, at: datetime, do: Callable[[], None]) -> None:
        """Somebody does this then, on the minute."""
        at = max(at, self._office.now() + MINUTE).replace(second=0, microsecond=0)
        heapq.heappush(self._agenda, (at, next(self._order), do))

    def next(self) -> datetime:
        return self._agenda[0][0] if self._agenda else self._until + DAY

    def act(self) -> bool:
        """Everybody does what they meant to do by now; whether there was anything."""
        did = False
        while self._agenda and self._agenda[0][0] <= self._office.now():
            heapq.heappop(self._agenda)[2]()
            did = True
        return did

    def read(self, news: list[Posted]) -> None:
        for posted in news:
            if posted.kind in self._readers:
                self._readers[posted.kind](posted)

    def _happens(self, share: float) -> bool:
        return self._chance.random() < share

    def _minutes(self, least: int, most: int) -> timedelta:
        return self._chance.randint(least, most) * MINUTE

    def _acts(self, at: datetime, do: Callable[[], None]) -> None:
        """As `will`; who cannot reach the bot tries again later, a few times."""

        def tries(left: int) -> None:
            try:
                do()
            except Trouble:
                if left:
                    again = self._office.now() + self._minutes(30, 400)
                    self.will(again, lambda: tries(left - 1))

        self.will(at, lambda: tries(3))

    def _wrote(self, what: str, who: str, whom: str = "", **more: Any) -> None:
        at = self._office.now()
        week, ok = more.pop("week", None), more.pop("ok", True)
        self._office.events.append(Event(at, what, who, whom, week, ok, more))

    def _about(self, what: str, who: str, sit: Sit, **more: Any) -> None:
        facts = {"coach": sit.coach, "starts": sit.starts_at} | more
        self._wrote(what, who, sit.person, week=sit.week, **facts)

    # --- one-on-ones

    def _sit(self, sitting_id: int) -> Sit:
        ((row, sitting),) = self._office.rows(
            OneOnOne,
            Sitting,
            where=(OneOnOne.id == Sitting.one_on_one_id, Sitting.id == sitting_id),
        )
        coach, person = self._names[row.coach_id], self._names[row.person_id]
        return Sit(coach, person, row.week, sitting.starts_at, sitting.ends_at)

    def _reads_coach_card(self, card: Posted) -> None:
        sit = self._sit(card.subject_id)
        who, starts, ends = sit.coach, sit.starts_at, sit.ends_at
        before = starts - self._minutes(1, 8)
        fate = self._chance.random()
        if fate < 0.66:
            if self._happens(0.3):
                self._acts(starts + self._minutes(0, 3), lambda: self._starts(card, sit))
            self._acts(ends + self._minutes(-2, 12), lambda: self._finishes(card, sit))
        elif fate < 0.72:
            self._acts(ends + self._minutes(600, 1300), lambda: self._finishes(card, sit))
        elif fate < 0.80:
            self._acts(before, lambda: self._cancels(who, card, sit))
        elif fate < 0.88:
            self._acts(before, lambda: self._moves(who, card, sit))
        elif self._happens(0.5):  # remembers it when it is too late
            self._acts(ends + 4 * DAY, lambda: self._finishes(card, sit))
        if self._happens(0.05):
            self._acts(ends + self._minutes(16, 60), lambda: self._cancels(who, card, sit))

    def _reads_person_card(self, card: Posted) -> None:
        sit = self._sit(card.subject_id)
        before = sit.starts_at - self._minutes(1, 8)
        fate = self._chance.random()
        if fate < 0.04:
            self._acts(before, lambda: self._cancels(sit.person, card, sit))
        elif fate < 0.09:
            self._acts(before, lambda: self._moves(sit.person, card, sit))

    def _starts(self, card: Posted, sit: Sit) -> None:
        seen = self._office.seen(card)
        for _ in range(2 if self._happens(0.15) else 1):
            ok = self._hands.press(sit.coach, seen, "Start")
            self._about("start", sit.coach, sit, ok=ok)

    def _finishes(self, card: Posted, sit: Sit) -> None:
        who = sit.coach
        modal = self._hands.opens(who, self._office.seen(card), "Finish")
        if modal is None:
            self._about("finish", who, sit, ok=False)
            return
        deals = [self._office.ids.deals[name] for name in self._offered(modal, "deals")]
        chosen = sorted(self._chance.sample(deals, min(len(deals), self._chance.randint(1, 2))))
        today = self._today(TEAM_ZONE)
        due = today + self._chance.randint(2, 10) * DAY
        typed: dict[str, Any] = {
            "focus": "negotiation" if sit.person != MANAGER else "accountability",
            "feedback": f"Name the price, then let silence work, {next(self._said)}",
            "next_step": "Two calls without filling the pause",
            "next_on": (today + 7 * DAY).isoformat(),
        }
        actions = {}
        if chosen and sit.person != MANAGER:
            modal = self._hands.opens(who, modal, "one_on_one.choose_deals", [*map(str, chosen)])
            assert modal is not None
            fields = {label: name for name, label in modal.fields.items()}
            for deal in (self._deals[each] for each in chosen):
                actions[deal] = (f"Ask who signs for {deal}, {next(self._said)}", due)
                typed[fields[f"{deal}: next action"]] = actions[deal][0]
                typed[fields[f"{deal}: due"]] = due.isoformat()
        ok = self._hands.submits(who, modal, **typed)
        self._about("finish", who, sit, ok=ok, actions=actions)

    def _offered(self, modal: SeenView, field: str) -> list[str]:
        """The deals that a field offers."""
        return [deal for deal, _ in self._choices(modal, field)]

    def _choices(self, modal: SeenView, field: str) -> list[tuple[str, str]]:
        """With what stands for each."""
        for block in modal.blocks:
            if block.get("block_id") == field:
                options = block["element"]["options"]
                return [(one["text"]["text"].split(" · ")[0], one["value"]) for one in options]
        return []

    def _cancels(self, who: str, card: Posted, sit: Sit) -> None:
        modal = self._hands.opens(who, self._office.seen(card), "one_on_one.menu", "Cancel")
        ok = self._hands.submits(who, modal, reason=f"At the fair, {next(self._said)}")
        self._about("cancel", who, sit, ok=ok)

    def _moves(self, who: str, card: Posted, sit: Sit) -> None:
        modal = self._hands.opens(who, self._office.seen(card), "one_on_one.menu", "Reschedule")
        if modal is None:
            self._about("move", who, sit, ok=False)
            return
        if said(sit.starts_at, PLACES[who]) not in str(modal.blocks[0]):
            self._hands.close(who)  # the other has moved it meanwhile
            return
        free = next((b for b in modal.blocks if b.get("block_id") == "free"), None)
        if free is None:
            self._hands.close(who)
            return
        option = self._chance.choice(free["element"]["options"])
        ok = self._hands.submits(who, modal, free=option["value"])
        to = datetime.fromtimestamp(int(option["value"]), sit.starts_at.tzinfo)
        self._about("move", who, sit, ok=ok, to=to)

    def _reads_question(self, question: Posted) -> None:
        sit = self._sit(question.subject_id)
        score = self._chance.choice([1, 2, 3, 4, 4, 5, 5, None])
        fate, now = self._chance.random(), self._office.now()
        if fate < 0.8:
            at = now + self._minutes(1, 1500)
            self._acts(at, lambda: self._rates(question, sit, score))
        elif fate < 0.88:
            self._acts(now + 7 * DAY + HOUR, lambda: self._rates(question, sit, score))

    def _rates(self, question: Posted, sit: Sit, score: int | None) -> None:
        seen = self._office.seen(question)
        twice = self._happens(0.1)
        for _ in range(2 if twice else 1):
            ok = self._hands.press(sit.person, seen, FACES[score])
            self._about("rate", sit.person, sit, ok=ok, score=score)

    def _reads_coaching(self, log: Posted) -> None:
        if self._happens(0.6):
            at = self._office.now() + self._minutes(5, 2000)
            self._acts(at, lambda: self._confirms(log))

    def _confirms(self, log: Posted) -> None:
        ((logged_at,),) = self._office.rows(
            CoachingLog.logged_at, where=(CoachingLog.id == log.subject_id,)
        )
        ok = self._hands.press(log.to, self._office.seen(log), "That's right")
        self._wrote("confirm", log.to, ok=ok, logged_at=logged_at)

    # --- reviews

    def _reads_pick(self, pick: Posted) -> None:
        """Every other one is adjusted."""
        if next(self._picks) % 2 == 0:
            self._acts(pick.at + 11 * MINUTE, lambda: self._adjusts(pick))

    def _adjusts(self, pick: Posted) -> None:
        """The first deal is dropped, and another comes in its place."""
        modal = self._hands.opens(pick.to, self._office.seen(pick), "Adjust the pick")
        if modal is None:
            return
        offered = {field: self._choices(modal, field) for field in ("picked", "others")}
        kept, added = offered["picked"][1:], offered["others"][:1]
        ok = self._hands.submits(
            pick.to,
            modal,
            picked=[value for _, value in kept],
            others=[value for _, value in added],
        )
        deals = frozenset(deal for deal, _ in (*kept, *added))
        self._wrote("adjust", pick.to, ok=ok, deals=deals, dropped=offered["picked"][0][0])

    def _reads_deal_card(self, card: Posted) -> None:
        ((review_id, deal_id),) = self._office.rows(
            ReviewDeal.review_id, ReviewDeal.deal_id, where=(ReviewDeal.id == card.subject_id,)
        )
        deal = self._deals[deal_id]
        self._cards[review_id].append((card, deal))
        self._wrote("picked", "", deal)
        owner = DEALS[deal]
        if self._happens(0.65):
            at = self._office.now() + self._minutes(20, 1000)
            self._acts(at, lambda: self._answers(owner, card, deal))
        if self._happens(0.06):  # may not, or not yet
            at = self._office.now() + self._minutes(20, 600)
            who = self._chance.choice([owner, MANAGER])
            self._acts(at, lambda: self._decides_too_early(who, card, deal))

    def _answers(self, who: str, card: Posted, deal: str) -> None:
        modal = self._hands.opens(who, self._office.seen(card), "Answer")
        if modal is None:
            self._wrote("answer", who, deal, ok=False)
            return
        today = self._today(TEAM_ZONE)
        days = {"buyer_met.on": today - 3 * DAY, "review_meeting.on": today - 2 * DAY}
        days["decides_on"] = today + 60 * DAY
        given = ANSWERS | {name: day.isoformat() for name, day in days.items()}
        typed = {name: given[name] for name in modal.fields if name in given}
        still = {name: ["yes"] for name in modal.fields if name.endswith(".still_true")}
        ok = self._hands.submits(who, modal, **typed, **still)
        self._wrote("answer", who, deal, ok=ok)

    def _decides_too_early(self, who: str, card: Posted, deal: str) -> None:
        self._hands.opens(who, self._office.seen(card), "Decide")
        self._hands.close(who)

    def _reads_deciding(self, call: Posted) -> None:
        cards = self._cards[call.subject_id]
        decides = cards if self._happens(0.85) else cards[: len(cards) // 2]
        at = self._office.now() + self._minutes(3, 60)
        if self._happens(0.3):
            self._acts(at, lambda: self._closes(call.to, call.subject_id))
        at += self._minutes(5, 40)
        for card, deal in decides:  # in one go
            self._acts(at, self._deciding(call.to, card, deal))
        if self._happens(0.9):
            self._acts(at + MINUTE, lambda: self._closes(call.to, call.subject_id))

    def _deciding(self, who: str, card: Posted, deal: str) -> Callable[[], None]:
        return lambda: self._decides(who, card, deal)

    def _decides(self, who: str, card: Posted, deal: str) -> None:
        modal = self._hands.opens(who, self._office.seen(card), "Decide")
        if modal is None:
            self._wrote("decide", who, deal, ok=False)
            return
        kinds = ["hold"] * 5 + ["re_date"] * 3 + ["demote", "remove", "advance", "advance"]
        offered = str([b for b in modal.blocks if b.get("block_id") == "decision"])
        kind = self._chance.choice(kinds)
        if f"'{kind}'" not in offered:
            kind = "hold"
        shown = self._hands.opens(who, modal, "review.choose_decision", kind)
        assert shown is not None
        today = self._today(TEAM_ZONE)
        due = today + self._chance.randint(2, 13) * DAY
        text = f"Book the economic buyer of {deal}, {next(self._said)}"
        values: dict[str, Any] = {
            "reason": f"Waits for their board, {next(self._said)}",
            "next_text": text,
            "next_due": due.isoformat(),
            "removal": "lost",
            "close_on": (today + self._chance.randint(5, 80) * DAY).isoformat(),
            "to_stage": None,
        }
        for block in shown.blocks:
            if block.get("block_id") == "to_stage":
                values["to_stage"] = block["element"]["options"][-1]["value"]
        given = {name: values[name] for name in shown.fields if name in values}
        stage = None
        if "to_stage" in given:
            (field,) = [b for b in shown.blocks if b.get("block_id") == "to_stage"]
            stage = field["element"]["options"][-1]["text"]["text"]
        ok = self._hands.submits(who, shown, **given)
        action = (text, due) if "next_text" in given else None
        close_on = date.fromisoformat(given["close_on"]) if "close_on" in given else None
        self._wrote(
            "decide", who, deal, ok=ok, kind=kind, action=action, stage=stage, close_on=close_on
        )

    def _closes(self, who: str, review_id: int) -> None:
        parents = [
            one
            for one in self._office.posted
            if one.kind is Kind.REVIEW_PARENT and one.subject_id == review_id
        ]
        ok = self._hands.press(who, self._office.seen(parents[0]), "Close review")
        self._hands.close(who)
        self._wrote("close", who, ok=ok)

    # --- Mondays and Fridays

    def will_import(self, who: str, at: datetime) -> None:
        self.will(at, lambda: self._office.take_in(who))

    def _reads_talks(self, listed: Posted) -> None:
        if self._happens(0.3):
            return
        rows = self._office.rows(
            CoverageTalk.id, CoverageTalk.person_id, CoverageTalk.day,
            where=(CoverageAsk.id == listed.subject_id,
                   CoverageTalk.check_id == CoverageAsk.check_id,
                   CoverageTalk.state == TalkState.OPEN),
        )  # fmt: skip
        for row in self._chance.sample(rows, min(len(rows), self._chance.randint(1, 4))):
            hours = 1000 if self._happens(0.1) else 300
            self._acts(listed.at + self._minutes(5, hours), self._covering(listed, *row))

    def _covering(
        self, listed: Posted, talk_id: int, person_id: int, day: date
    ) -> Callable[[], None]:
        return lambda: self._covers(listed, talk_id, self._names[person_id], day)

    def _covers(self, listed: Posted, talk_id: int, person: str, day: date) -> None:
        seen = self._office.seen(listed)
        at = [
            block["block_id"]
            for block in seen.blocks
            for element in block.get("elements", [])
            if (element.get("action_id"), element.get("value")) == ("health.log_talk", str(talk_id))
        ]
        if not at:
            return
        modal = self._hands.opens(listed.to, seen, "health.log_talk", block_id=at[0])
        ok = modal is not None and self._hands.submits(
            listed.to,
            modal,
            focus="prospecting",
            feedback=f"Two new accounts before noon, {next(self._said)}",
            next_step="An hour of calls each morning",
            next_on=(self._today(TEAM_ZONE) + 7 * DAY).isoformat(),
        )
        self._wrote("coverage", listed.to, person, ok=ok, day=day)

    def _reads_forecast(self, card: Posted) -> None:
        """Every fifth is left undone."""
        fate = self._chance.random()
        if next(self._fridays) % 5 == 4:
            return
        if fate < 0.6:
            self._acts(card.at + self._minutes(2, 240), lambda: self._forecasts(card))
        elif fate < 0.75:
            self._acts(card.at + self._minutes(700, 2000), lambda: self._forecasts(card))
        elif fate < 0.85:  # when it is over
            self._acts(card.at + 4 * DAY, lambda: self._forecasts(card))

    def _forecasts(self, card: Posted) -> None:
        ((day,),) = self._office.rows(
            Forecast.day,
            where=(ForecastCard.id == card.subject_id, ForecastCard.forecast_id == Forecast.id),
        )
        modal = self._hands.opens(card.to, self._office.seen(card), "Start")
        ok = self._hands.walks(card.to, modal)
        self._wrote("forecast", card.to, ok=ok, day=day)

    # --- mornings

    def _reads_digest(self, digest: Posted) -> None:
        ids = [
            int(element["value"])
            for block in self._office.seen(digest).blocks
            for element in block.get("elements", [])
            if element.get("action_id") == "next_action.done"
        ]
        for number in ids:
            if self._happens(0.6):
                at = digest.at + self._minutes(3, 200)
                done = self._happens(0.75)
                self._acts(at, self._answering(digest, number, done=done))

    def _answering(self, digest: Posted, number: int, *, done: bool) -> Callable[[], None]:
        return lambda: self._says(digest, number, done=done)

    def _says(self, digest: Posted, number: int, *, done: bool) -> None:
        action_id = "next_action.done" if done else "next_action.not_done"
        seen = self._office.seen(digest)
        at = [
            block["block_id"]
            for block in seen.blocks
            for element in block.get("elements", [])
            if element.get("action_id") == action_id and element["value"] == str(number)
        ]
        if not at:
            return
        ((text, deal_id),) = self._office.rows(
            NextAction.text, NextAction.deal_id, where=(NextAction.id == number,)
        )
        ok = self._hands.press(digest.to, seen, action_id, block_id=at[0])
        self._wrote("action", digest.to, self._deals[deal_id], ok=ok, text=text, done=done)

    # --- days off, the deputy

    def will_be_off(self, who: str, first: date, last: date, said_at: datetime) -> None:
        self._acts(said_at, lambda: self._enters(who, first, last))

    def will_close(
        self, name: str, first: date, last: date, said_at: datetime, *, of_team: bool = False
    ) -> None:
        """The admin says that nobody works then, or nobody of the team."""
        self._acts(said_at, lambda: self._closes_for(name, first, last, of_team=of_team))

    def will_be_back(self, who: str, first: date, said_at: datetime) -> None:
        self._acts(said_at, lambda: self._withdraws(who, first))

    def will_be_reminded(self, who: str, said_at: datetime, *, day_before: bool) -> None:
        self._acts(said_at, lambda: self._chooses_reminders(who, day_before=day_before))

    def will_name_deputy(self, whom: str, at: datetime) -> None:
        self._acts(at, lambda: self._names_deputy(whom))

    def _enters(self, who: str, first: date, last: date) -> None:
        if first < self._today(PLACES[who]):
            return
        modal = self._hands.opens(who, self._hands.home(who), "home.days_off")
        ok = self._hands.submits(who, modal, starts_on=first.isoformat(), ends_on=last.isoformat())
        self._wrote("away", who, ok=ok, first=first, last=last)

    def _closes_for(self, name: str, first: date, last: date, *, of_team: bool) -> None:
        modal = self._hands.opens(ADMIN, self._hands.home(ADMIN), "setup.company_days")
        ok = self._hands.submits(
            ADMIN,
            modal,
            name=name,
            starts_on=first.isoformat(),
            ends_on=last.isoformat(),
            whose=f"team:{self._office.ids.team}" if of_team else "everybody",
        )
        self._wrote("company", ADMIN, name, ok=ok, first=first, last=last, of_team=of_team)

    def _withdraws(self, who: str, first: date) -> None:
        modal = self._hands.opens(who, self._hands.home(who), "home.days_off")
        assert modal is not None
        named = f"{first:%a} {first.day} {first:%b}"
        for block in modal.blocks:
            said = str(block.get("text", {}).get("text", ""))
            if "accessory" in block and said.lstrip("*").startswith(named):
                ok = self._hands.press(who, modal, "Take back", block_id=block["block_id"])
                self._wrote("back", who, ok=ok, first=first)
                break
        self._hands.close(who)

    def _chooses_reminders(self, who: str, *, day_before: bool) -> None:
        modal = self._hands.opens(who, self._hands.home(who), "home.reminders")
        chosen = [*(["day_before"] if day_before else []), "at_start"]
        ok = self._hands.submits(who, modal, remind=chosen)
        self._wrote("remind", who, ok=ok, day_before=day_before)

    def _names_deputy(self, whom: str) -> None:
        modal = self._hands.opens(MANAGER, self._hands.home(MANAGER), "home.deputy")
        ok = self._hands.submits(
            MANAGER, modal, **{f"deputy_{self._office.ids.team}": slack_id(whom)}
        )
        self._wrote("deputy", MANAGER, whom, ok=ok)

    def _today(self, zone: str) -> date:
        return self._office.now().astimezone(ZoneInfo(zone)).date()
