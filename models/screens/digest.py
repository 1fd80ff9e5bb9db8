"""The morning digest: what a person has until the next working day, and what waits for them.

Each thing is named in the digest of the next morning and then left to Home: attention is the
budget. What changes after the digest went out is said in it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from models import attention, coaching, one_on_ones, ratings
from models.agenda import person_id_of
from models.days import DAY, next_working_day, working_day_before
from models.delivery import Kind
from models.one_on_ones import OneOnOne, Sitting, State
from models.people import Person, get_person
from models.schedule import Occurrence, instant, local_date
from models.screens import due_actions
from models.screens.one_on_one_cards import (
    MovedShown,
    SettledShown,
    may_prepare,
    settled_shown,
    who_or_none,
)
from models.screens.one_on_ones import OneOnOneRow, Preparation, one_on_one_row, preparation
from models.screens.pieces import active_addressee, is_posted, who_shown
from models.screens.received import CoachingReceived, received_shown
from models.screens.shown import DueAction, Who
from models.trial import is_in_trial

IsWanted = Callable[[Session, Kind, int, datetime], bool]
"""Whether the message of that kind, about that subject, would still go out."""


@dataclass(frozen=True)
class DigestSession:
    """A session between now and the next working day, named at the time it had at first.

    `moved`, `settled`: what became of it after the digest went out. `preparation`: of what is due
    on a later day than the digest's; that of today's comes with its reminder.
    """

    row: OneOnOneRow
    starts_at: datetime
    moved: MovedShown | None
    settled: SettledShown | None
    preparation: Preparation | None


@dataclass(frozen=True)
class Unrecorded:
    """A session of an earlier day of which nothing is recorded. Missed after `until`."""

    row: OneOnOneRow
    until: date


@dataclass(frozen=True)
class Digest:
    """A person's digest of `day`, which looks ahead until `next_day`, the next working one.

    `in_thread`: how many messages waited for it and stand in its thread.
    """

    person: Who
    zone: str
    day: date
    next_day: date
    sessions: tuple[DigestSession, ...]
    unrecorded: tuple[Unrecorded, ...]
    to_rate: tuple[OneOnOneRow, ...]
    to_answer: tuple[CoachingReceived, ...]
    actions: tuple[DueAction, ...]
    trial: bool = False  # the day lies in the team's first week, or before
    in_thread: int = 0

    @property
    def is_empty(self) -> bool:
        waiting = self.unrecorded or self.to_rate or self.to_answer or self.actions
        return not (self.sessions or waiting or self.in_thread)


def digest(
    session: Session, occurrence_id: int, now: datetime, is_wanted: IsWanted
) -> Digest | None:
    """To its person on its day, while there is something in it; once it stands it stays.

    What waits for its thread counts as long as it is wanted, and is not said in the digest too.
    """
    to = active_addressee(session, Kind.DIGEST, occurrence_id)
    if to is None:
        return None
    message, person = to
    occurrence = session.scalars(select(Occurrence).where(Occurrence.id == occurrence_id)).one()
    if local_date(now, person.zone) > occurrence.local_date and not is_posted(message):
        return None  # it was held back for longer than its day
    went_out = occurrence.settled_at or now
    below = attention.in_thread(session, message)
    if not is_posted(message):
        below = [one for one in below if is_wanted(session, *one, now)]
    found = digest_of(session, person, occurrence.local_date, went_out, now)
    shown = replace(
        found,
        in_thread=len(below),
        to_answer=tuple(
            each for each in found.to_answer if (Kind.COACHING_PERSON, each.log_id) not in below
        ),
    )
    return None if shown.is_empty and not is_posted(message) else shown


def is_missed(session: Session, occurrence: Occurrence, now: datetime) -> bool:
    """Whether a digest that was skipped would have held anything for somebody who is still here."""
    person = get_person(session, person_id_of(session, occurrence))
    return (
        person.active and not digest_of(session, person, occurrence.local_date, now, now).is_empty
    )


def digest_of(
    session: Session, person: Person, day: date, went_out: datetime, now: datetime
) -> Digest:
    """A person's digest of a local date, as it stands now after it went out at that moment."""
    next_day = next_working_day(session, person, day)
    since = working_day_before(session, person, day)
    return Digest(
        person=who_shown(person),
        zone=person.zone,
        day=day,
        next_day=next_day,
        sessions=_sessions(session, person, (day, next_day), went_out, now),
        unrecorded=_unrecorded(session, person, day, now),
        to_rate=_to_rate(session, person, (since, day), now),
        to_answer=_to_answer(session, person, (since, day)),
        trial=is_in_trial(session, person.id, day),
        actions=due_actions.of_morning(session, person, day, went_out),
    )


# --- sessions to come


def _sessions(
    session: Session, person: Person, days: tuple[date, date], went_out: datetime, now: datetime
) -> tuple[DigestSession, ...]:
    """From the first of the days until the end of the last, by time, each session once; none for
    who wants no reminder the day before."""
    if not person.reminded_day_before:
        return ()
    day, next_day = days
    first = instant(day, time(), person.zone)
    last = instant(next_day + DAY, time(), person.zone)
    before = _named_before(session, person, first, last, went_out)
    here = {one.id: (one, at) for one, at in _current(session, person, first, last, before)}
    shown = [
        _session(session, person, day, here[one_id], before.get(one_id), now)
        for one_id, (one, _) in here.items()
        if one.settled_at is None or one.settled_at > went_out
    ]
    return tuple(sorted(shown, key=lambda each: each.starts_at))


def _named_before(
    session: Session, person: Person, first: datetime, last: datetime, went_out: datetime
) -> dict[int, Sitting]:
    """The times, between two moments, to which sessions were set when the digest went out."""
    return {
        sitting.one_on_one_id: sitting
        for sitting in session.scalars(
            select(Sitting)
            .join(OneOnOne, OneOnOne.id == Sitting.one_on_one_id)
            .where(
                or_(OneOnOne.coach_id == person.id, OneOnOne.person_id == person.id),
                Sitting.starts_at >= first,
                Sitting.starts_at < last,
                Sitting.set_at <= went_out,
                or_(Sitting.ended_at.is_(None), Sitting.ended_at > went_out),
            )
        )
    }


def _current(
    session: Session, person: Person, first: datetime, last: datetime, named: Iterable[int]
) -> list[tuple[OneOnOne, Sitting]]:
    """The person's sessions between two moments as they are set now, and those named before."""
    rows = session.execute(
        select(OneOnOne, Sitting)
        .join(Sitting, Sitting.one_on_one_id == OneOnOne.id)
        .where(
            Sitting.is_current,
            or_(OneOnOne.coach_id == person.id, OneOnOne.person_id == person.id),
            or_(
                OneOnOne.id.in_(set(named)),
                (Sitting.starts_at >= first) & (Sitting.starts_at < last),
            ),
        )
    )
    return [(one_on_one, sitting) for one_on_one, sitting in rows]


def _session(
    session: Session,
    person: Person,
    day: date,
    current: tuple[OneOnOne, Sitting],
    before: Sitting | None,
    now: datetime,
) -> DigestSession:
    one_on_one, sitting = current
    row = one_on_one_row(session, one_on_one, sitting, person.id, now)
    was_at = sitting.starts_at if before is None else before.starts_at
    moved = None
    if was_at != sitting.starts_at:
        by = who_or_none(session, sitting.set_by_id)
        moved = MovedShown(by, sitting.set_at, sitting.starts_at)
    is_ahead = one_on_one.state is State.DUE and local_date(sitting.starts_at, person.zone) > day
    prepares = is_ahead and may_prepare(session, one_on_one, row.side)
    return DigestSession(
        row=row,
        starts_at=was_at,
        moved=moved,
        settled=settled_shown(session, one_on_one),
        preparation=preparation(session, one_on_one, sitting, row.side, now) if prepares else None,
    )


# --- what waits


def _unrecorded(
    session: Session, person: Person, day: date, now: datetime
) -> tuple[Unrecorded, ...]:
    """Sessions that this person runs, of earlier days."""
    return tuple(
        Unrecorded(
            one_on_one_row(session, one_on_one, sitting, person.id, now),
            until=local_date(sitting.settle_by - timedelta(seconds=1), one_on_one.zone),
        )
        for one_on_one, sitting in one_on_ones.unrecorded(session, person.id, now)
        if sitting.settle_by is not None and local_date(sitting.starts_at, person.zone) < day
    )


def _to_rate(
    session: Session, person: Person, days: tuple[date, date], now: datetime
) -> tuple[OneOnOneRow, ...]:
    """Sessions since the last working day that this person has not rated."""
    since, day = days
    return tuple(
        one_on_one_row(session, one_on_one, sitting, person.id, now)
        for one_on_one, sitting in ratings.unrated(session, person.id, now)
        if since <= local_date(sitting.ends_at, person.zone) < day
    )


def _to_answer(
    session: Session, person: Person, days: tuple[date, date]
) -> tuple[CoachingReceived, ...]:
    """Coaching logged since the last working day to which this person has said nothing."""
    since, day = days
    waiting = coaching.waiting_answers(session, person.id)
    fresh = [each for each in waiting if since <= local_date(each[0].logged_at, person.zone) < day]
    return received_shown(session, fresh)
