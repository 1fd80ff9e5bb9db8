"""The reviews as they should be: begun, answered, decided about, ended; and the next actions that
they and one-on-ones leave (product.md, "Pipeline review")."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from tests.quarter.calendars import DAY, Calendars, local_date
from tests.quarter.mail import Mail
from tests.quarter.team import (
    ASKS_NOTHING,
    BEGINS_IN,
    CLOSES_ON,
    DEALS,
    LEADER,
    MANAGER,
    REPS,
    STAGES,
    TEAM,
    TEAM_ZONE,
)

HOUR = timedelta(hours=1)
FRESH = 14 * DAY
TITLE = f"Pipeline review · {TEAM}: "


@dataclass
class Review:
    started: datetime
    decide_from: datetime
    open_deals: int  # of the team
    deals: list[str] = field(default_factory=list)
    decided: dict[str, str] = field(default_factory=dict)
    answered: set[str] = field(default_factory=set)
    told: bool = False
    state: str = "open"
    grade: str | None = None
    ended: datetime | None = None
    wanted: frozenset[str] = frozenset()  # by who adjusted the pick
    unwanted: str | None = None

    @property
    def undecided(self) -> list[str]:
        return [deal for deal in self.deals if deal not in self.decided]


@dataclass
class Action:
    """A deal's next action."""

    deal: str
    text: str
    due: date
    ended: datetime | None = None


class Reviews:
    """All reviews so far, the team's pipeline, and who decides."""

    def __init__(self, calendars: Calendars, mail: Mail) -> None:
        self._calendars, self._mail = calendars, mail
        self.all: list[Review] = []
        self.actions: list[Action] = []
        self.stage = dict(BEGINS_IN)
        self.closes = dict(CLOSES_ON)
        self.deputy: str | None = None
        self._adjusted: tuple[date, frozenset[str], str] | None = None  # the day, deals, dropped
        self._fresh: dict[str, datetime] = {}

    # --- who decides

    @property
    def deciders(self) -> list[str]:
        return [who for who in (MANAGER, self.deputy, LEADER) if who is not None]

    def decider(self, moment: datetime) -> str | None:
        """The manager, else the deputy, else the leader, whoever is there."""
        there = (who for who in self.deciders if not self._calendars.is_off_at(who, moment))
        return next(there, None)

    def is_team_off(self, day: date) -> bool:
        """Whether neither a rep nor the manager works on that day."""
        return all(self._calendars.why_off(who, day) is not None for who in (MANAGER, *REPS))

    # --- from the cards to the end

    def pick(self, decider: str, now: datetime) -> None:
        """What the cards will be about, to who decides; not once they are out, or will not come."""
        cards_at = now + HOUR - timedelta(minutes=now.minute)
        self._mail.owe(
            "review.pick", decider, now, f"{TITLE}the pick", wanted=lambda at: at < cards_at
        )

    @property
    def running(self) -> Review | None:
        return next((one for one in self.all if one.state == "open"), None)

    def adjust(self, deals: frozenset[str], dropped: str, now: datetime) -> None:
        self._adjusted = local_date(now, TEAM_ZONE), deals, dropped

    def begin(self, day: date, now: datetime, decide_from: datetime) -> None:
        """Of the cards of that day, with the pick as it was adjusted for it."""
        made = Review(now, decide_from, len(self.stage))
        if self._adjusted is not None and self._adjusted[0] == day:
            made.wanted, made.unwanted = self._adjusted[1] & {*self.stage}, self._adjusted[2]
        self.all.append(made)
        self._mail.owe("review.parent", "", now, f"Pipeline review · {TEAM} · ")

    def picked(self, deal: str) -> None:
        """A card that people saw: as many as there should be are counted at the end."""
        review, owner = self.all[-1], DEALS[deal]
        self._mail.owe("review.card", "", review.started, deal)
        is_first = owner not in map(DEALS.get, review.deals)
        review.deals.append(deal)
        if not is_first:
            return
        self._mail.owe(
            "review.owner", owner, review.started, f"{TITLE}your deals",
            wanted=lambda _: review.state == "open",
        )  # fmt: skip
        if (nudged := review.decide_from - HOUR) > review.started:
            missing = f"{TITLE}your answers are missing"
            self._mail.owe(
                "review.nudge", owner, nudged, missing, wanted=self._is_silent(review, owner)
            )

    def _is_silent(self, review: Review, owner: str) -> Callable[[datetime], bool]:
        def is_silent(now: datetime) -> bool:
            if review.state != "open" or review.decide_from <= now:
                return False
            if self._calendars.is_off_at(owner, now):
                return False
            mine = [deal for deal in review.undecided if DEALS[deal] == owner]
            return any(d not in review.answered and not self._is_fresh(d, now) for d in mine)

        return is_silent

    def _is_fresh(self, deal: str, now: datetime) -> bool:
        """Whether its stage's questions were answered since it was entered, not long ago."""
        if self.stage[deal] == ASKS_NOTHING:
            return True
        return deal in self._fresh and now - self._fresh[deal] <= FRESH

    def tell_deciding(self, review: Review, decider: str, now: datetime) -> None:
        review.told = True
        stands_in = "" if decider == MANAGER else f". @{MANAGER} is out: you decide."
        says = f"{TITLE}deciding{stands_in}"
        self._mail.owe(
            "review.deciding", decider, now, says,
            wanted=lambda _: review.state == "open" and bool(review.undecided),
        )  # fmt: skip

    def make_way(self, now: datetime) -> Review | None:
        """An open review ends, unless it is decided about today or later: that is returned."""
        review = self.running
        if review is None:
            return None
        if local_date(review.decide_from, TEAM_ZONE) >= local_date(now, TEAM_ZONE):
            return review
        if review.undecided:
            self.end(review, "abandoned", now)
        else:
            self.close(review, now)
        return None

    def end(self, review: Review, state: str, now: datetime) -> None:
        review.state, review.ended = state, now
        head = {"abandoned": "Abandoned", "not_held": "Not held"}[state]
        for who in (MANAGER, LEADER):
            self._mail.owe("review.ended", who, now, f"{head}: pipeline review of {TEAM}, ")

    def close(self, review: Review, now: datetime) -> None:
        found = set(review.decided.values())
        review.state, review.ended = "closed", now
        review.grade = "decided" if found & {"advance", "demote", "remove"} else "below_standard"
        self._mail.owe("review.closing", "", now, "Review closed")

    # --- what people did

    def has_open(self, deal: str) -> Review | None:
        """The open review in which a deal waits for its decision."""
        review = self.running
        return review if review is not None and deal in review.undecided else None

    def answer(self, review: Review, who: str, deal: str, now: datetime) -> None:
        review.answered.add(deal)
        self._fresh[deal] = now
        self._mail.owe("review.answers", "", now, f"@{who} answered")

    def decide(
        self,
        review: Review,
        deal: str,
        kind: str,
        stage: str | None,
        action: tuple[str, date] | None,
        close_on: date | None,
        now: datetime,
    ) -> None:
        """The deal moves, or leaves, at once; what stays has a next action. `stage`: of a
        demotion; `close_on`: the new date, where one was said."""
        review.decided[deal] = kind
        self.closes[deal] = close_on or self.closes[deal]
        if kind == "remove" or (kind == "advance" and self.stage[deal] == STAGES[-1]):
            self._end_action(deal, now)
            del self.stage[deal]
            return
        if kind == "advance":
            self.stage[deal] = STAGES[STAGES.index(self.stage[deal]) + 1]
        elif kind == "demote" and stage is not None:
            self.stage[deal] = stage
        if kind in ("advance", "demote"):
            self._fresh.pop(deal, None)
        assert action is not None
        self.set_action(deal, *action, now)

    # --- what the CRM says otherwise, what is flagged

    def today(self, now: datetime) -> date:
        return local_date(now, TEAM_ZONE)

    def wrong_in_crm(self, owner: str, today: date) -> dict[str, set[str]]:
        """By deal. No import changes anything: what was decided is never in the CRM."""
        found: dict[str, set[str]] = {}
        for deal in (one for one, whose in DEALS.items() if whose == owner):
            is_open = deal in self.stage
            moved = not is_open or self.stage[deal] != BEGINS_IN[deal]
            codes = {"not_in_crm"} if moved or self.closes[deal] != CLOSES_ON[deal] else set()
            if is_open and self.closes[deal] < today:
                codes.add("close_past")
            if codes:
                found[deal] = codes
        return found

    def lacks_action(self, today: date) -> bool:
        """Whether some open deal has no next action, or one that is overdue."""
        has = {one.deal for one in self.actions if one.ended is None and one.due >= today}
        return any(deal not in has for deal in self.stage)

    def set_action(self, deal: str, text: str, due: date, now: datetime) -> None:
        self._end_action(deal, now)
        self.actions.append(Action(deal, text, due))

    def _end_action(self, deal: str, now: datetime) -> None:
        for one in self.actions:
            if one.deal == deal and one.ended is None:
                one.ended = now
