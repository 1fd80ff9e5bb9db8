"""Loaders of the one-on-ones' messages: the card of each side, and what the other side is told.

Each is read once more when its turn to be posted or updated comes: None where it is not wanted
any more (it was moved before the reminder went out, reminders are off) or not allowed.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.access import coach_of
from models.days import day_off
from models.delivery import Kind
from models.one_on_ones import (
    Changes,
    Excuse,
    OneOnOne,
    Sitting,
    State,
    changes,
    current_standing,
    get,
    get_breach,
    get_sitting,
    log_id_of,
    quarter_of,
    reviewed_deals,
    sittings,
)
from models.people import Person, chain_above, get_person, people_by_id
from models.schedule import local_date
from models.screens.one_on_ones import Preparation, Side, may_change, other_id, preparation
from models.screens.pieces import active_addressee, is_posted, who_shown
from models.screens.shown import Who
from models.trial import is_in_trial


@dataclass(frozen=True)
class StartedShown:
    by: Who
    at: datetime


@dataclass(frozen=True)
class MovedShown:
    """`by` None: the standing schedule moved it."""

    by: Who | None
    at: datetime
    to: datetime


@dataclass(frozen=True)
class SettledShown:
    """How a session ended. `by`: who finished or cancelled it. `deals`: gone through, if held."""

    state: State
    by: Who | None
    at: datetime
    reason: str | None
    excuse: Excuse | None
    deals: int


@dataclass(frozen=True)
class OneOnOneCard:
    """One side's card of one sitting. Buttons only while it is due and this sitting holds.

    `zone` and `today` are the reader's. `late`: it is posted after the start. `log_id`: the
    coaching log that ended it, for the coach alone. `trial`: in the team's first week, or before.
    """

    one_on_one_id: int
    side: Side
    other: Who
    zone: str
    today: date
    starts_at: datetime
    minutes: int
    late: bool
    started: StartedShown | None
    moved: MovedShown | None
    settled: SettledShown | None
    may_change: bool
    preparation: Preparation | None
    log_id: int | None
    trial: bool = False


def one_on_one_coach(session: Session, sitting_id: int, now: datetime) -> OneOnOneCard | None:
    """The coach's card; posted late until the session's end, since it carries Finish."""
    return _card(session, sitting_id, Side.COACH, now)


def one_on_one_person(session: Session, sitting_id: int, now: datetime) -> OneOnOneCard | None:
    """The card of who is coached: a reminder, so not after the start."""
    return _card(session, sitting_id, Side.PERSON, now)


_KINDS = {Side.COACH: Kind.ONE_ON_ONE_COACH, Side.PERSON: Kind.ONE_ON_ONE_PERSON}


def _card(session: Session, sitting_id: int, side: Side, now: datetime) -> OneOnOneCard | None:
    to = active_addressee(session, _KINDS[side], sitting_id)
    if to is None:
        return None
    message, reader = to
    sitting = get_sitting(session, sitting_id)
    one_on_one = get(session, sitting.one_on_one_id)
    moved = moved_shown(session, sitting)
    due = moved is None and one_on_one.state is State.DUE
    posted = is_posted(message)
    if not posted and not (due and _is_wanted(reader, side, sitting, now)):
        return None
    prepares = due and may_prepare(session, one_on_one, side)
    return OneOnOneCard(
        one_on_one_id=one_on_one.id,
        side=side,
        other=who_shown(get_person(session, other_id(one_on_one, side))),
        zone=reader.zone,
        today=local_date(now, reader.zone),
        starts_at=sitting.starts_at,
        minutes=one_on_one.minutes,
        late=not posted and now >= sitting.starts_at,
        started=_started(session, one_on_one) if due else None,
        moved=moved,
        settled=None if due or moved else settled_shown(session, one_on_one),
        may_change=due and may_change(one_on_one, side),
        preparation=preparation(session, one_on_one, sitting, side, now) if prepares else None,
        log_id=log_id_of(session, one_on_one.id) if side is Side.COACH and not moved else None,
        trial=due and is_in_trial(session, one_on_one.person_id, one_on_one.first_due_on),
    )


def _is_wanted(reader: Person, side: Side, sitting: Sitting, now: datetime) -> bool:
    """Whether a card still to be posted is: nobody is reminded who switched it off."""
    until = sitting.ends_at if side is Side.COACH else sitting.starts_at
    return reader.reminded_at_start and now < until


def may_prepare(session: Session, one_on_one: OneOnOne, side: Side) -> bool:
    """Who does not coach this person any more sees no more of them than the session itself."""
    coach = coach_of(session, get_person(session, one_on_one.person_id))
    return side is Side.PERSON or (coach is not None and coach.id == one_on_one.coach_id)


def moved_shown(session: Session, sitting: Sitting) -> MovedShown | None:
    """To when a sitting was moved; None for the one that holds, or was cancelled or held."""
    later = [one for one in sittings(session, sitting.one_on_one_id) if one.id > sitting.id]
    if not later:
        return None
    follows = later[0]
    return MovedShown(who_or_none(session, follows.set_by_id), follows.set_at, follows.starts_at)


def _started(session: Session, one_on_one: OneOnOne) -> StartedShown | None:
    by = who_or_none(session, one_on_one.started_by_id)
    if by is None or one_on_one.started_at is None:
        return None
    return StartedShown(by, one_on_one.started_at)


def settled_shown(session: Session, one_on_one: OneOnOne) -> SettledShown | None:
    if one_on_one.settled_at is None:
        return None
    return SettledShown(
        state=one_on_one.state,
        by=who_or_none(session, one_on_one.settled_by_id),
        at=one_on_one.settled_at,
        reason=one_on_one.reason,
        excuse=one_on_one.excuse,
        deals=len(reviewed_deals(session, one_on_one.id)),
    )


def who_or_none(session: Session, person_id: int | None) -> Who | None:
    return None if person_id is None else who_shown(get_person(session, person_id))


# --- what the other side is told


@dataclass(frozen=True)
class OneOnOneChanged:
    """The other side moved a session, cancelled it, or is off; neither `moved` nor `settled`: is
    there after all. `zone`, `today`: the reader's.

    `next_at`: when the two sit together next, as far as it is planned; None for a moved one.
    `goes_on`: their standing one-on-one does. `both_off`: excused, and the reader is off that day
    as well.
    """

    one_on_one_id: int
    other: Who
    zone: str
    today: date
    starts_at: datetime
    moved: MovedShown | None
    settled: SettledShown | None
    next_at: datetime | None
    goes_on: bool
    both_off: bool = False


def one_on_one_changed(session: Session, sitting_id: int, now: datetime) -> OneOnOneChanged | None:
    """To who is coached: a session of theirs was moved, cancelled, or excused for a day off."""
    return _changed(session, Kind.ONE_ON_ONE_CHANGED, sitting_id, now)


def one_on_one_changed_coach(
    session: Session, sitting_id: int, now: datetime
) -> OneOnOneChanged | None:
    """The same to the coach."""
    return _changed(session, Kind.ONE_ON_ONE_CHANGED_COACH, sitting_id, now)


def _changed(
    session: Session, kind: Kind, sitting_id: int, now: datetime
) -> OneOnOneChanged | None:
    to = active_addressee(session, kind, sitting_id)
    if to is None:
        return None
    message, reader = to
    sitting = get_sitting(session, sitting_id)
    one_on_one = get(session, sitting.one_on_one_id)
    moved, is_off = moved_shown(session, sitting), one_on_one.state in _OFF
    if moved is None and not is_off and not is_posted(message):
        return None
    side = Side.COACH if reader.id == one_on_one.coach_id else Side.PERSON
    is_excused = moved is None and one_on_one.state is State.EXCUSED
    day = local_date(sitting.starts_at, reader.zone)
    return OneOnOneChanged(
        one_on_one_id=one_on_one.id,
        other=who_shown(get_person(session, other_id(one_on_one, side))),
        zone=reader.zone,
        today=local_date(now, reader.zone),
        starts_at=sitting.starts_at,
        moved=moved,
        settled=settled_shown(session, one_on_one) if is_off and not moved else None,
        next_at=None if moved else _next_at(session, one_on_one, now),
        goes_on=_goes_on(session, one_on_one),
        both_off=is_excused and day_off(session, reader, day) is not None,
    )


_OFF = (State.CANCELLED, State.EXCUSED)


def _goes_on(session: Session, one_on_one: OneOnOne) -> bool:
    standing = current_standing(session, one_on_one.person_id)
    return standing is not None and standing.coach_id == one_on_one.coach_id


def _next_at(session: Session, one_on_one: OneOnOne, now: datetime) -> datetime | None:
    planned = (
        select(Sitting.starts_at)
        .join(OneOnOne, OneOnOne.id == Sitting.one_on_one_id)
        .where(
            OneOnOne.coach_id == one_on_one.coach_id,
            OneOnOne.person_id == one_on_one.person_id,
            OneOnOne.state == State.DUE,
            Sitting.is_current,
            Sitting.starts_at > now,
        )
    )
    return session.scalars(planned.order_by(Sitting.starts_at).limit(1)).one_or_none()


# --- a breach


@dataclass(frozen=True)
class BreachTold:
    """To the coach and to the leader above, the same words: who changed what in this quarter."""

    coach: Who
    person: Who
    first: date  # of the quarter
    last: date
    changes: Changes


def breach_told(session: Session, breach_id: int, _now: datetime) -> BreachTold | None:
    """What was cancelled and moved in the quarter, by either side; both must still be here."""
    breach = get_breach(session, breach_id)
    people = people_by_id(session, (breach.coach_id, breach.person_id))
    coach, person = people[breach.coach_id], people[breach.person_id]
    if not coach.active or not person.active:
        return None
    first, last = quarter_of(breach.quarter)
    return BreachTold(
        coach=who_shown(coach),
        person=who_shown(person),
        first=first,
        last=last,
        changes=changes(session, coach.id, person.id, breach.quarter),
    )


def breach_told_above(session: Session, breach_id: int, now: datetime) -> BreachTold | None:
    """The same, to a leader who is still above that coach."""
    found = active_addressee(session, Kind.ONE_ON_ONE_BREACH_ABOVE, breach_id)
    coach_id = get_breach(session, breach_id).coach_id
    if found is None or found[1] not in chain_above(session, coach_id):
        return None
    return breach_told(session, breach_id, now)
