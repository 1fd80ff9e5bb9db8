"""Whether a direct message may go out now, decided in the transaction that lets it out.

The post has fenced it in this transaction: it has taken its lane's turn (its bucket is locked), and
counts as told unless it is held back here. So no two messages of a person are decided at once, and
the day's most is never passed, whatever ends in between.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import BindParameter, and_, bindparam, or_, select
from sqlalchemy.orm import Session

from models.attention.choosing import Reader, reader
from models.attention.classes import CLASSES, COUNTED, Class
from models.attention.gathering import let_go
from models.attention.hours import free_at
from models.base import UtcDateTime
from models.days import DAY, day_off, digest_key, next_working_day
from models.delivery import Delivery, DeliveryState, Kind, Wait
from models.delivery_claims import Claim, not_posted, put_off
from models.people import Team
from models.schedule import Schedule, instant, local_date, next_instant, too_late_at
from models.week import CARDS, DIGEST, PUT_RIGHT

_NEVER_HELD = (Class.PUBLIC, Class.ANSWER, Class.START)
_TO_OWNERS = (CARDS, PUT_RIGHT)
"""Prompts that write to a team's reps; all others write to its manager, or to a channel."""


def hold(session: Session, held: Claim, now: datetime) -> str | None:
    """Holds back, or drops, a fenced post that may not go out now. A word for the log; None: it
    may go. An update is never held. Raises ClaimLost.

    Nothing but "starting soon" and answers comes in hours that are not free, nor on a day off
    anything but what is about a session. Of what counts, at most a day's most goes out: what
    is timed leaves room for the digest, what is patient waits for a digest that is still to come
    and leaves room for all that is timed. The rest waits for the next digest.
    """
    if held.is_update or held.person_id is None:
        return None
    kind = CLASSES[held.kind]
    if kind in _NEVER_HELD:
        return None
    to = reader(session, held.person_id)
    if not to.wants(held.kind):
        return _drop(session, held, "opted_out", now)
    if held.after_id is not None:
        return None
    free = free_at(to.hours, now)
    if free > now:
        not_posted(session, held)
        put_off(session, held, free, Wait.HOURS)
        return "held_for_hours"
    return None if kind is Class.SESSION else _within_budget(session, held, kind, to, now)


def _within_budget(
    session: Session, held: Claim, kind: Class, to: Reader, now: datetime
) -> str | None:
    today = local_date(now, to.person.zone)
    is_off = day_off(session, to.person, today) is not None
    day = _Day(session, held, to, today, now)
    room = to.most - day.told
    if kind is Class.DIGEST:
        return None if room > 0 and not is_off else _drop(session, held, "no_digest_today", now)
    if is_off:
        return _wait(session, held, day.later_digest())
    if held.waits_for is Wait.DIGEST and day.digest is not None and day.digest.ts is not None:
        return _wait(session, held, now, day.digest.id)
    if day.awaits_digest:
        room -= 1
    if kind is Class.PATIENT:
        room -= day.timed_to_come()
    is_first_look = held.waits_for is not Wait.DIGEST  # who waited in vain does not wait anew
    must_wait = day.digest_is_owed or (is_first_look and (day.awaits_digest or day.others_wait))
    if room > 0 and not (kind is Class.PATIENT and must_wait):
        return None
    if day.digest is not None and day.digest_is_owed:
        return _wait(session, held, day.digest.due_at, day.digest.id)
    return _wait(session, held, day.next_digest())


def _drop(session: Session, held: Claim, reason: str, now: datetime) -> str:
    not_posted(session, held)
    let_go(session, held, reason, now)
    return reason


def _wait(session: Session, held: Claim, until: datetime, after_id: int | None = None) -> str:
    not_posted(session, held)
    put_off(session, held, until, Wait.DIGEST, after_id)
    return "held_for_digest"


@dataclass(frozen=True)
class _Owed:
    """Of a message that concerns the day."""

    id: int
    kind: Kind
    state: DeliveryState
    ts: str | None
    told_at: datetime | None
    due_at: datetime
    dedupe_key: str
    waits_for: Wait | None

    @property
    def is_to_come(self) -> bool:
        return self.state is DeliveryState.OWED and self.ts is None and self.told_at is None


def _moment(name: str) -> BindParameter[datetime]:
    return bindparam(name, type_=UtcDateTime())


_PERSON: BindParameter[int] = bindparam("person")
_MESSAGES = select(
    Delivery.id,
    Delivery.kind,
    Delivery.state,
    Delivery.ts,
    Delivery.told_at,
    Delivery.due_at,
    Delivery.dedupe_key,
    Delivery.waits_for,
).where(
    Delivery.after_id.is_(None),
    or_(
        and_(
            Delivery.person_id == _PERSON,
            Delivery.told_at >= _moment("begins"),
            Delivery.told_at < _moment("ends"),
        ),
        and_(
            Delivery.person_id == _PERSON,
            Delivery.state == DeliveryState.OWED,
            Delivery.ts.is_(None),
            or_(Delivery.due_at < _moment("ends"), Delivery.waits_for == Wait.DIGEST),
        ),
        Delivery.dedupe_key == bindparam("key"),
    ),
)
"""What was told on a day, or is owed until its end or waits, and its digest."""

_SCHEDULES = (
    select(Schedule)
    .outerjoin(Team, and_(Team.id == Schedule.team_id, Team.workspace_id == Schedule.workspace_id))
    .where(
        Schedule.is_on,
        or_(
            Schedule.person_id == _PERSON,
            and_(Team.manager_id == _PERSON, Schedule.prompt.not_in(_TO_OWNERS)),
            and_(Schedule.team_id == bindparam("team"), Schedule.prompt.in_(_TO_OWNERS)),
        ),
    )
)
"""The person's own prompts, and those of a team that write to them."""


class _Day:
    """A person's local day as far as messages go: what was told, and what is still to come."""

    def __init__(
        self, session: Session, held: Claim, to: Reader, today: date, now: datetime
    ) -> None:
        self.session, self.to, self.today, self.now = session, to, today, now
        self.begins = instant(today, time(), to.person.zone)
        self.ends = instant(today + DAY, time(), to.person.zone)
        self.held_id = held.id
        self.key = digest_key(to.person.id, today)
        self.messages = [row for row in self._messages() if row.id != self.held_id]
        found = [row for row in self.messages if row.dedupe_key == self.key]
        self.digest = found[0] if found else None
        self.schedules = self._schedules()
        own = [each for each in self.schedules if each.prompt == DIGEST and each.person_id]
        self.own = own[0] if own else None

    def _messages(self) -> Sequence[_Owed]:
        given = {"person": self.to.person.id, "key": self.key}
        rows = self.session.execute(_MESSAGES, given | {"begins": self.begins, "ends": self.ends})
        return [_Owed(*row) for row in rows.all()]

    def _schedules(self) -> Sequence[Schedule]:
        given = {"person": self.to.person.id, "team": self.to.person.team_id}
        return self.session.scalars(_SCHEDULES, given).all()

    @property
    def told(self) -> int:
        return sum(
            CLASSES[each.kind] in COUNTED
            for each in self.messages
            if each.told_at is not None and self.begins <= each.told_at < self.ends
        )

    @property
    def digest_is_owed(self) -> bool:
        return self.digest is not None and self.digest.is_to_come

    @property
    def awaits_digest(self) -> bool:
        """Whether the day's digest is still to come: it is owed, or may be until it is too late."""
        if self.digest is not None or self.own is None:
            return self.digest_is_owed
        return self._is_day_of(self.own) and self.now < too_late_at(self.own, self.today)

    def _is_day_of(self, schedule: Schedule) -> bool:
        return schedule.active_from <= self.today and str(self.today.isoweekday()) in (
            schedule.weekdays
        )

    @property
    def others_wait(self) -> bool:
        """For a digest, or has waited in vain and is older: what is patient keeps its order."""
        return any(
            each.waits_for is Wait.DIGEST
            and each.is_to_come
            and (each.due_at > self.now or each.id < self.held_id)
            for each in self.messages
        )

    def timed_to_come(self) -> int:
        """Messages of this day that will not wait: those that are owed, and one for each prompt."""
        owed = sum(
            CLASSES[each.kind] is Class.TIMED
            and each.is_to_come
            and each.waits_for is not Wait.DIGEST
            for each in self.messages
            if each.due_at < self.ends
        )
        prompts = sum(
            next_instant(each, self.now) < self.ends
            for each in self.schedules
            if each.team_id is not None
        )
        return owed + prompts

    def next_digest(self) -> datetime:
        """When a digest that is to come, today or on the next working day, must have come: until
        then it gathers what waits. Then whatever it did not gather is looked at again."""
        if self.digest is None and self.awaits_digest and self.own is not None:
            return too_late_at(self.own, self.today)
        return self.later_digest()

    def later_digest(self) -> datetime:
        """As `next_digest`, of the next working day."""
        day = next_working_day(self.session, self.to.person, self.today)
        if self.own is not None:
            return too_late_at(self.own, day)
        return instant(day, self.to.rules.digest_at, self.to.person.zone)
