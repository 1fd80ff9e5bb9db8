"""A post at the level of the rules: everything but Slack, in one transaction that may be undone."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import count

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import attention, delivery_claims, screens
from models.agenda import PROMPTS, keep_digest, tell_skipped
from models.attention import CLASSES, COUNTED, Class
from models.delivery import Delivery, DeliveryState, Kind
from models.people import get_person
from models.schedule import (
    claim_due,
    local_date,
    materialise,
    schedule_of,
    settle,
    skip,
    too_late,
    waiting,
)
from tests.owing import owe
from tests.world import World

LEASE = timedelta(seconds=60)


@dataclass(frozen=True)
class Told:
    """A message that went out, on a `day` of its reader: `own` by itself, or in the thread of a
    digest."""

    person_id: int
    kind: Kind
    key: str
    at: datetime
    day: date
    own: bool


def load_digest(session: Session, occurrence_id: int, now: datetime) -> screens.Digest | None:
    """As the product's own; whatever waits for its thread is wanted."""
    return screens.digest(session, occurrence_id, now, lambda *_: True)


@dataclass
class Desk:
    """Owes messages, lets time pass, and keeps what went out. `wanted`: keys are dropped that are
    not in it any more, as a loader would say."""

    session: Session
    world: World
    now: datetime
    told: list[Told] = field(default_factory=list)
    worthless: set[str] = field(default_factory=set)
    load_digest: Callable[[Session, int, datetime], object | None] = load_digest
    _numbers: "count[int]" = field(default_factory=lambda: count(1))

    def with_digests(self, *person_ids: int) -> None:
        for person_id in person_ids:
            keep_digest(self.session, get_person(self.session, person_id), self.now)

    def owe(self, kind: Kind, person_id: int, due_at: datetime | None = None) -> Delivery:
        number = next(self._numbers)
        return owe(
            self.session,
            kind,
            number,
            dedupe_key=f"test:{number}",
            due_at=due_at or self.now,
            person_id=person_id,
        )

    def until(self, now: datetime) -> None:
        """Time passes, in one jump: what came due is carried out, then what may go out goes out."""
        self.now = now
        self.carry_out()
        self.post()

    def carry_out(self) -> None:
        session, now = self.session, self.now
        materialise(session, now)
        for due in waiting(session, now, now):
            occurrence = claim_due(session, due.id)
            assert occurrence is not None
            reason = too_late(occurrence, schedule_of(session, occurrence), now)
            if reason is None:
                PROMPTS[due.prompt](session, occurrence, now)
                settle(occurrence, now)
            else:
                skip(occurrence, reason, now)
                tell_skipped(session, occurrence, now)
        session.flush()

    def post(self) -> list[str]:
        """What went out now, by key."""
        before = len(self.told)
        while (held := self._claimed()) is not None:
            self._deliver(held)
        return [each.key for each in self.told[before:]]

    def _claimed(self) -> delivery_claims.Claim | None:
        self.session.expire_all()
        return delivery_claims.claim(self.session, self.now, self.now, owner="desk", lease=LEASE)

    def _deliver(self, held: delivery_claims.Claim) -> None:
        session, now = self.session, self.now
        key = self.row(held.id).dedupe_key
        if held.parent_ended is not None:
            if not attention.stand_alone(session, held, now):
                attention.let_go(session, held, "parent_dropped", now)
            return
        shown = self.load(held)
        if shown is None:
            attention.let_go(session, held, "not_wanted", now)
            return
        fenced = delivery_claims.fence(session, held, now, now, lease=LEASE, interval=timedelta())
        assert fenced is not None
        if attention.hold(session, fenced, now) is not None:
            return
        delivery_claims.store(session, fenced, "D1", f"{held.id}.{held.attempt}")
        if not held.is_update and held.person_id is not None:
            own = held.after_id is None
            day = local_date(now, get_person(session, held.person_id).zone)
            self.told.append(Told(held.person_id, held.kind, key, now, day, own))

    def load(self, held: delivery_claims.Claim) -> object | None:
        """What the message shows; None: it is not wanted any more."""
        if held.kind is Kind.DIGEST:
            return self.load_digest(self.session, held.subject_id, self.now)
        key = self.row(held.id).dedupe_key
        return None if key in self.worthless else key

    def row(self, delivery_id: int) -> Delivery:
        self.session.expire_all()
        return self.session.scalars(select(Delivery).where(Delivery.id == delivery_id)).one()

    def keys(self, person_id: int, *, own: bool | None = None) -> list[str]:
        """What a person got, in order; the test's own messages alone."""
        return [
            each.key
            for each in self.told
            if each.person_id == person_id
            and each.kind is not Kind.DIGEST
            and own in (None, each.own)
        ]

    def days(self) -> Counter[tuple[int, date]]:
        """How many messages that count each person got on each of their days."""
        return Counter(
            (each.person_id, each.day)
            for each in self.told
            if each.own and CLASSES[each.kind] in COUNTED
        )

    def owed(self) -> list[Delivery]:
        """What has not gone out, and was not dropped."""
        self.session.expire_all()
        waiting_still = select(Delivery).where(
            Delivery.state == DeliveryState.OWED, Delivery.ts.is_(None)
        )
        return list(self.session.scalars(waiting_still))


PATIENT = [kind for kind, found in CLASSES.items() if found is Class.PATIENT]
TIMED = [kind for kind, found in CLASSES.items() if found is Class.TIMED]
