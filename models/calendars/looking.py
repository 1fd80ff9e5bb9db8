"""What a worker does with a calendar's address: claim it, ask, write down what was found.

Whoever claims holds a lease in real time; whoever lost it, or whose address was taken away
meanwhile, writes nothing more.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from models.calendars.tables import BusyTime, CalendarAddress, Problem
from models.people import Person, get_person, standards

DAYS_AHEAD = 60
"""For so many days busy times are always known."""
_MORE_DAYS = 15  # are read, so that a file which never changes need not be read every time
EVERY = timedelta(hours=6)
_SPREAD = timedelta(hours=1)
_FIRST_WAIT = timedelta(minutes=1)
_LONGEST_WAIT = timedelta(hours=24)
_PASSING = (Problem.NO_ANSWER, Problem.SLOW, Problem.FAULT, Problem.UNEXPECTED)
"""Problems that pass by themselves as a rule; about the others a person has to do something."""

Time = tuple[datetime, datetime]


@dataclass(frozen=True)
class CalendarClaim:
    """An address in a worker's hands. Only the holder of the newest `attempt` may write."""

    id: int
    workspace_id: str
    attempt: int


class CalendarLost(Exception):
    """Another worker has it now, or it was taken away meanwhile."""


@dataclass(frozen=True)
class Question:
    """What is asked of an address, and for whom its answer is read.

    `etag` and `last_modified` are None where a new reading is needed even if nothing changed there.
    `first` and `last`: the dates to be read, both included, where the person is. `read_as` stands
    for all that the reading depends on. Of `url` nothing may be shown.
    """

    url: str = field(repr=False)
    etag: str | None
    last_modified: str | None
    zone: str
    name: str
    email: str | None
    away_words: tuple[str, ...]
    day_from: time
    day_until: time
    first: date
    last: date
    read_as: str


def claim_calendar(session: Session, real: datetime, lease: timedelta) -> CalendarClaim | None:
    """The address that has waited longest to be looked at, of any workspace; None: none is due.

    Those of people who are no longer active rest.
    """
    wanted = (
        select(CalendarAddress)
        .join(
            Person,
            (Person.id == CalendarAddress.person_id)
            & (Person.workspace_id == CalendarAddress.workspace_id),
        )
        .where(
            CalendarAddress.ended_at.is_(None),
            Person.active,
            or_(CalendarAddress.next_at.is_(None), CalendarAddress.next_at <= real),
            or_(CalendarAddress.lease_until.is_(None), CalendarAddress.lease_until < real),
        )
        .order_by(CalendarAddress.next_at.is_not(None), CalendarAddress.next_at, CalendarAddress.id)
        .limit(1)
    )
    row = session.scalar(wanted.with_for_update(of=CalendarAddress, skip_locked=True))
    if row is None:
        return None
    row.attempt += 1
    row.lease_until = real + lease
    session.flush()
    return CalendarClaim(row.id, row.workspace_id, row.attempt)


def held(session: Session, claim: CalendarClaim) -> CalendarAddress:
    """The address, still this worker's, locked. Raises `CalendarLost`."""
    wanted = select(CalendarAddress).where(CalendarAddress.id == claim.id)
    row = session.scalar(wanted.with_for_update().execution_options(populate_existing=True))
    if row is None or row.attempt != claim.attempt or row.ended_at is not None:
        raise CalendarLost
    return row


def asked(session: Session, claim: CalendarClaim, now: datetime) -> Question:
    """What to ask. Raises `CalendarLost`."""
    row = held(session, claim)
    person, rules = get_person(session, row.person_id), standards(session)
    today = now.astimezone(ZoneInfo(person.zone)).date()
    last = today + timedelta(days=DAYS_AHEAD + _MORE_DAYS)
    facts = (
        person.zone, person.name, person.email, rules.away_words,
        rules.free_times_from, rules.free_times_until,
    )  # fmt: skip
    read_as = sha256(repr(facts).encode()).hexdigest()
    covered = row.covers_until is not None and row.covers_until - today >= timedelta(DAYS_AHEAD)
    as_before = covered and row.read_as == read_as
    return Question(
        url=row.url or "",
        etag=row.etag if as_before else None,
        last_modified=row.last_modified if as_before else None,
        zone=person.zone,
        name=person.name,
        email=person.email,
        away_words=rules.away_words,
        day_from=rules.free_times_from,
        day_until=rules.free_times_until,
        first=today,
        last=last,
        read_as=read_as,
    )


def unchanged(session: Session, claim: CalendarClaim, now: datetime, real: datetime) -> bool:
    """It says what it said before. Whether that is news to its person. Raises `CalendarLost`."""
    return _answered(held(session, claim), now, real)


def found(
    session: Session,
    claim: CalendarClaim,
    question: Question,
    times: Iterable[Time],
    now: datetime,
    real: datetime,
    *,
    unread: int = 0,
    etag: str | None = None,
    last_modified: str | None = None,
) -> bool:
    """These are the busy times of the dates that were asked about, in order, none overlapping.

    Whether that is news to its person. Raises `CalendarLost`.
    """
    row = held(session, claim)
    _replace(session, row.person_id, set(times))
    row.covers_until, row.read_as, row.unread = question.last, question.read_as, unread
    row.etag, row.last_modified = etag, last_modified
    return _answered(row, now, real)


def failed(
    session: Session,
    claim: CalendarClaim,
    problem: Problem,
    now: datetime,
    real: datetime,
    *,
    at_least: timedelta = timedelta(0),
) -> bool:
    """It could not be read: later again, the wait growing. What was known stays.

    Whether that is news to its person: the first look at an address has failed, or failed for
    another reason. Raises `CalendarLost`.
    """
    row = held(session, claim)
    news = row.read_at is None and row.problem is not problem
    row.problem, row.failing_since = problem, row.failing_since or now
    row.lease_until, row.next_at = None, real + max(_wait(problem, row.failures), at_least)
    row.failures += 1
    session.flush()
    return news


def _wait(problem: Problem, failures: int) -> timedelta:
    """After a first failure, or so many more: a minute, four, sixteen … for what passes; what does
    not is looked at as often as what works, then once a day."""
    first, factor = (_FIRST_WAIT, 4) if problem in _PASSING else (EVERY, 2)
    return min(first * int(factor ** min(failures, 8)), _LONGEST_WAIT)


def _answered(row: CalendarAddress, now: datetime, real: datetime) -> bool:
    news = row.read_at is None or row.problem is not None
    row.read_at, row.problem, row.failing_since, row.failures = now, None, None, 0
    row.lease_until, row.next_at = None, real + EVERY - _SPREAD / 2 + _apart(row)
    return news


def _apart(row: CalendarAddress) -> timedelta:
    """What keeps calendars apart that were all looked at in the same minute; each time another."""
    drawn = sha256(f"{row.workspace_id}:{row.id}:{row.attempt}".encode()).digest()
    return _SPREAD * (drawn[0] / 256)


def _replace(session: Session, person_id: int, wanted: set[Time]) -> None:
    mine = select(BusyTime).where(BusyTime.person_id == person_id)
    for row in session.scalars(mine).all():
        if (row.starts_at, row.ends_at) in wanted:
            wanted.discard((row.starts_at, row.ends_at))
        else:
            session.delete(row)
    session.add_all(
        BusyTime(person_id=person_id, starts_at=start, ends_at=end) for start, end in sorted(wanted)
    )
    session.flush()
