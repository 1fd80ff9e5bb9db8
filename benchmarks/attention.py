"""What a month of Cadence costs a team of ten in attention: messages, clicks, minutes.

Everything that exists is on. Business time goes from event to event; the team's people do what
they are asked, by script; each message is loaded, said and held back as the post does it. What a
person does is counted in presses and in words typed, as `tests/scenarios/test_effort.py` has
them done in the local workspace.

Minutes are estimated by a rule, and are no measurement of people:
- reading 238 words a minute (Brysbaert 2019, a meta-analysis of silent reading in English), each
  message in full, once
- a press 2.65 s: 1.35 to get ready, 1.1 to point, 0.2 to press (Card, Moran and Newell 1980, the
  keystroke-level model)
- typing 52 words a minute (Dhakal and others 2018, 168,000 volunteers)
"""

import re
import tempfile
import time as real_time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from statistics import mean, quantiles

from sqlalchemy import func, select

from handlers import MESSAGES
from models import coaching, pipeline_review, ratings
from models.agenda import CHORES
from models.attention import CLASSES, COUNTED
from models.base import Base, Database
from models.deals import Deal, get_deal
from models.delivery import Delivery, DeliveryState
from models.delivery_claims import Claim
from models.one_on_ones import DealNext, OneOnOne, Sitting, State, finish, put_standing, start
from models.people import Person, Role, get_person, put_workspace, team
from models.schedule import Schedule, instant
from models.setup import ReviewTimes, put_times
from models.standards import Standards
from tests import coaching as logs
from tests.attention import Desk
from tests.one_on_ones import a_log, finished
from tests.reading import read
from tests.reviews import decide, hold
from tests.world import a_deal, a_rep, a_workspace, prove

ZONE = "America/New_York"
MONDAY = date(2026, 11, 30)
WEEKS = 4
REPS, DEALS, A_DAY = 10, 3, 4  # each rep's open deals; one-on-ones of a day, since ten need four
WORDS_READ, WORDS_TYPED = 238 / 60, 52 / 60  # a second
PRESS = 2.65  # seconds
AT_MOST = 20.0  # minutes per rep and week (product.md, "Attention is the budget")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LATEST = 30.0  # seconds, for a coaching log (product.md)


@dataclass(frozen=True)
class Job:
    """What somebody does: how often they press or choose, and how many words they type."""

    name: str
    presses: int
    words: int = 0

    @property
    def seconds(self) -> float:
        return self.presses * PRESS + self.words / WORDS_TYPED


RATE = Job("rate a one-on-one", 1)
CONFIRM = Job("confirm coaching", 1)
ANSWER = Job("answer the questions of a deal", 5, 12)
DECIDE = Job("decide (hold), with a next action", 3, 9)
CLOSE = Job("close a review", 2)
LOG = Job("log coaching, with whom in the command", 3, 16)
LOG_CHOSEN = Job("log coaching, with whom chosen", 5, 15)
START = Job("start a one-on-one", 1)
FINISH = Job("finish a one-on-one, with one deal", 6, 18)
COVER = Job("log a coverage conversation", 4, 14)
FORECAST = Job("go through the forecast, as prefilled", 5)
JOBS = (
    RATE, CONFIRM, ANSWER, DECIDE, CLOSE, LOG, LOG_CHOSEN, START, FINISH, COVER, FORECAST,
)  # fmt: skip
"""As people do them in `tests/scenarios/test_effort.py`, which counts them."""


@dataclass
class Month(Desk):
    """A desk at which everything is really loaded and said, and people do what they are asked."""

    length: dict[str, int] = field(default_factory=dict)  # words of each message, by key
    done: Counter[tuple[int, Job]] = field(default_factory=Counter)
    answered: set[int] = field(default_factory=set)

    def load(self, held: Claim) -> object | None:
        message = MESSAGES[held.kind]
        shown = message.load(self.session, held.subject_id, self.now)
        if shown is None:
            return None
        rendered = message.render(shown)
        if held.person_id is not None and not held.is_update:
            words = re.findall(r"\w+", read(rendered.blocks) or rendered.text)
            self.length[self.row(held.id).dedupe_key] = len(words)
        return rendered

    def carry_out(self) -> None:
        for chore in CHORES:
            if chore.waiting(self.session, self.now):
                chore.do(self.session, self.now)
        super().carry_out()

    def do(self, person_id: int, job: Job) -> Person:
        self.done[person_id, job] += 1
        return get_person(self.session, person_id)

    def next_event(self, acts: list[datetime]) -> datetime:
        """The next moment at which something comes due, or people act."""
        due = select(func.min(Delivery.due_at)).where(
            Delivery.state == DeliveryState.OWED, Delivery.due_at > self.now
        )
        looks = select(func.min(Schedule.look_at)).where(
            Schedule.is_on, Schedule.look_at > self.now
        )
        found = (self.session.scalar(due), self.session.scalar(looks))
        return min(each for each in (*found, *acts) if each is not None and each > self.now)

    # --- what people do, at the hours at which they do it

    def act(self) -> None:
        self._sit_together()
        self._rate()
        self._answer_coaching()
        self._review()
        self.session.flush()

    def _sit_together(self) -> None:
        """Each session is started at its time and finished at its end."""
        rows = self.session.execute(
            select(OneOnOne, Sitting)
            .join(Sitting, Sitting.one_on_one_id == OneOnOne.id)
            .where(OneOnOne.state == State.DUE, Sitting.is_current, Sitting.ends_at <= self.now)
        )
        for one, _ in rows.all():
            coach = self.do(one.coach_id, START)
            self.do(one.coach_id, FINISH)
            due = self.now.date() + 7 * DAY
            owned = select(Deal.id).where(Deal.owner_id == one.person_id).order_by(Deal.id)
            deals = tuple(
                DealNext(each, text="Book the economic buyer", due_on=due, owner_id=one.person_id)
                for each in self.session.scalars(owned.limit(1))
            )
            if one.started_at is None:
                start(self.session, coach, one.id, self.now)
            given = finished(log=a_log(next_on=due, held_on=self.now.date()), deals=deals)
            finish(self.session, coach, one.id, given, self.now)

    def _rate(self) -> None:
        """Two of three rate, the first time that they look."""
        reps = self.session.scalars(select(Person).where(Person.role == Role.REP)).all()
        for rep in reps:
            for one, _ in ratings.unrated(self.session, rep.id, self.now):
                if one.id % 3 and one.id not in self.answered:
                    self.answered.add(one.id)
                    self.do(rep.id, RATE)
                    ratings.rate(self.session, rep, one.id, 4, f"rate:{one.id}", self.now)

    def _answer_coaching(self) -> None:
        for rep in self.session.scalars(select(Person).where(Person.role == Role.REP)).all():
            for waits in coaching.waiting_answers(self.session, rep.id):
                self.do(rep.id, CONFIRM)
                coaching.confirm_log(self.session, rep, waits[1].id, self.now)

    def log_calls(self) -> None:
        """Each Thursday the manager logs a call review with every other rep."""
        reps = self.session.scalars(select(Person).where(Person.role == Role.REP)).all()
        for rep in reps[self.now.isocalendar().week % 2 :: 2]:
            self.do(self.world.max, LOG)
            day = self.now.date()
            logs.a_log(
                self.session, self.world, rep.id, self.now, held_on=day, next_on=day + 7 * DAY
            )  # fmt: skip

    def _review(self) -> None:
        """Owners prove what is asked, the manager decides once it is time, and closes."""
        review = pipeline_review.open_review(self.session, self.world.team)
        if review is None:
            return
        entries = pipeline_review.review_deals(self.session, review.id)
        boss = get_person(self.session, self.world.max)
        if self.now < review.decide_from:
            for entry in entries:
                deal = get_deal(self.session, entry.deal_id)
                if deal.owner_id % 2 and entry.id not in self.answered:
                    self.answered.add(entry.id)
                    self.do(deal.owner_id, ANSWER)
                    prove(self.session, deal, self.now)
            return
        for entry in entries:
            owner_id = get_deal(self.session, entry.deal_id).owner_id
            choice = hold(self.world, owner_id=owner_id, due_on=self.now.date() + 7 * DAY)
            self.do(boss.id, DECIDE)
            decide(self.session, boss.id, entry.id, choice, self.now)
        self.do(boss.id, CLOSE)
        pipeline_review.close_review(self.session, boss, review.id, self.now)


def a_month(database: Database) -> tuple[Month, dict[int, str]]:
    """Four weeks of Lea, Max, his ten reps and whoever looks after the setup."""
    world = a_workspace(database)
    begins = instant(MONDAY, time(7), ZONE)
    with database.transaction(world.workspace_id) as session:
        put_workspace(
            session, world.workspace_id, now=begins, standards=Standards(one_on_ones_a_day=A_DAY)
        )
        west = team(session, world.team)
        for number in range(REPS - 3):
            a_rep(session, west, f"U0REP{number}", f"Rep {number}")
        people = list(session.scalars(select(Person).order_by(Person.id)))
        reps = [one for one in people if one.role is Role.REP]
        month = Month(session, world, begins)
        month.with_digests(*(one.id for one in people))
        put_times(session, west, ReviewTimes(), begins, MONDAY)
        boss = get_person(session, world.max)
        for number, rep in enumerate(reps):
            for n in range(DEALS):
                stage = ("Qualified", "Discovery", "Proposal")[n]
                a_deal(session, rep.id, stage, close_on=MONDAY + 60 * DAY, entered_at=begins)
            weekday, place = 2 + number // A_DAY, number % A_DAY
            put_standing(
                session, boss, rep, weekday=weekday, local_time=time(9 + 2 * place), minutes=30,
                active_from=MONDAY, now=begins,
            )  # fmt: skip
        roles = {one.id: str(one.role) for one in people}
    acts = [
        instant(MONDAY + week * 7 * DAY + day * DAY, time(hour), ZONE)
        for week in range(WEEKS)
        for day in range(5)
        for hour in (9, 11, 13, 15, 16, 18)
    ]
    logs_at = {instant(MONDAY + (week * 7 + 3) * DAY, time(16), ZONE) for week in range(WEEKS)}
    while month.now < acts[-1]:
        with database.transaction(world.workspace_id) as session:
            month.session = session
            month.until(month.next_event(acts))
            if month.now in acts:
                month.act()
            if month.now in logs_at:
                month.log_calls()
            month.post()
    return month, roles


def main() -> None:
    began = real_time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/month.sqlite3")
        Base.metadata.create_all(database.engine)
        try:
            month, roles = a_month(database)
        finally:
            database.dispose()
    took = real_time.perf_counter() - began
    print(
        f"Attention: {WEEKS} weeks of a team of {REPS} ({took:.0f} s, {len(month.told)} messages)"
    )
    heads = ("people", "mean", "p95", "most", "budget", "over")
    print(f"  {'unprompted a day':18}" + "".join(f"{head:>8}" for head in heads))
    rules = Standards()
    over = 0
    for role in Role:
        most = rules.messages_rep if role is Role.REP else rules.messages_manager
        mine = [one for one, its in roles.items() if its == role]
        told = [month.days()[one, day] for one in mine for day in days()]
        beyond = sum(count > most for count in told)
        over += beyond
        p95 = quantiles(told, n=20)[-1]
        print(f"  {role:18}{len(mine):8}{mean(told):8.2f}{p95:8.1f}{max(told):8}{most:8}{beyond:8}")
    by_kind = Counter(
        each.kind for each in month.told if each.own and CLASSES[each.kind] in COUNTED
    )
    print("  " + ", ".join(f"{kind} {count}" for kind, count in by_kind.most_common()))
    held = sum(not each.own for each in month.told)
    print(f"  {held} waited for a digest and came in its thread")
    show_jobs()
    show_minutes(month, roles)
    if over:
        raise SystemExit("a day is over its budget")


def days() -> list[date]:
    return [MONDAY + (week * 7 + day) * DAY for week in range(WEEKS) for day in range(5)]


def show_jobs() -> None:
    print(f"  {'a job':40}{'presses':>8}{'words':>8}{'seconds':>8}")
    for job in JOBS:
        aim = f"   (aim: {LATEST:.0f} at most)" if job is LOG else ""
        print(f"  {job.name:40}{job.presses:8}{job.words:8}{job.seconds:8.0f}{aim}")


def show_minutes(month: Month, roles: dict[int, str]) -> None:
    """Estimated, by the rule above."""
    seconds: dict[int, float] = defaultdict(float)
    for each in month.told:
        seconds[each.person_id] += month.length.get(each.key, 0) / WORDS_READ
    for (person_id, job), times in month.done.items():
        seconds[person_id] += times * job.seconds
    print(f"  {'minutes a week':18}{'mean':>8}{'most':>8}")
    for role in Role:
        mine = [seconds[one] / 60 / WEEKS for one, its in roles.items() if its == role]
        aim = f"   (aim: {AT_MOST:.0f} at most)" if role is Role.REP else ""
        print(f"  {role:18}{mean(mine):8.1f}{max(mine):8.1f}{aim}")


if __name__ == "__main__":
    main()
