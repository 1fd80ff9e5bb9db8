"""One-on-ones as one of the two sees them: a row in a list, and what to prepare.

What is the coach's alone (the held rate, the notes) is None on the other side.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from math import inf

from sqlalchemy.orm import Session

from models.coaching import current_answer, last_entry
from models.deals import Deal, Field, changes
from models.flags import Flag, FlagCode, flags
from models.next_actions import open_actions
from models.one_on_ones import (
    OneOnOne,
    Sitting,
    State,
    TalkingPoint,
    held_rate,
    notes_before,
    open_points,
    quarter_of,
    reviewable_deals,
)
from models.people import get_person, people_by_id, standards
from models.schedule import instant, local_date
from models.screens.pieces import who_shown
from models.screens.shown import Who
from models.standards import Standards

MOST_FLAGS = 3


class Side(StrEnum):
    """Which of the two looks at a session."""

    COACH = "coach"
    PERSON = "person"  # who is coached


@dataclass(frozen=True)
class OneOnOneRow:
    """A session in a list, for one of the two. `zone` is the reader's.

    `may_run`: start it or finish it, which is the coach's from its day on. `may_change`: move it
    or cancel it. `unrecorded`: its time is over and nothing is recorded yet.
    """

    one_on_one_id: int
    other: Who
    side: Side
    starts_at: datetime
    minutes: int
    zone: str
    state: State
    started_at: datetime | None
    may_run: bool
    may_change: bool
    unrecorded: bool


@dataclass(frozen=True)
class PointShown:
    """An open talking point, and who of the two brought it."""

    id: int
    by: Who
    text: str


@dataclass(frozen=True)
class LastCoaching:
    """The newest coaching of this pair. `agrees`: what the coached person said; None: nothing."""

    held_on: date
    focus: str
    feedback: str
    next_step: str
    next_on: date
    agrees: bool | None


@dataclass(frozen=True)
class FlaggedDeal:
    deal: str
    flag: Flag


@dataclass(frozen=True)
class HeldShown:
    """Held of those that were due this quarter, the excused left out."""

    held: int
    due: int


@dataclass(frozen=True)
class Preparation:
    """One screen to prepare with. `without_next`: the deals that lack a next action, by name.

    `flagged`: the newest flags of the person's deals, newest first. `held` and `notes` (the
    coach's, from last time) are for the coach alone.
    """

    last: LastCoaching | None
    points: tuple[PointShown, ...]
    without_next: tuple[str, ...]
    flagged: tuple[FlaggedDeal, ...]
    held: HeldShown | None
    notes: str | None


def side_of(one_on_one: OneOnOne, viewer_id: int) -> Side:
    return Side.COACH if viewer_id == one_on_one.coach_id else Side.PERSON


def other_id(one_on_one: OneOnOne, side: Side) -> int:
    """Whom the session is with, seen from a side."""
    return one_on_one.person_id if side is Side.COACH else one_on_one.coach_id


def one_on_one_row(
    session: Session, one_on_one: OneOnOne, sitting: Sitting, viewer_id: int, now: datetime
) -> OneOnOneRow:
    """A session at the time that it is set to, for one of its two people."""
    side = side_of(one_on_one, viewer_id)
    due = one_on_one.state is State.DUE
    return OneOnOneRow(
        one_on_one_id=one_on_one.id,
        other=who_shown(get_person(session, other_id(one_on_one, side))),
        side=side,
        starts_at=sitting.starts_at,
        minutes=one_on_one.minutes,
        zone=get_person(session, viewer_id).zone,
        state=one_on_one.state,
        started_at=one_on_one.started_at,
        may_run=due and side is Side.COACH and now >= day_begins(one_on_one, sitting),
        may_change=due and may_change(one_on_one, side),
        unrecorded=due and now >= sitting.ends_at,
    )


def day_begins(one_on_one: OneOnOne, sitting: Sitting) -> datetime:
    """From when on a session may be run: the midnight with which its local date begins."""
    return instant(sitting.local_date, time(), one_on_one.zone)


def may_change(one_on_one: OneOnOne, side: Side) -> bool:
    """Once it has begun only the coach moves or cancels it."""
    return side is Side.COACH or one_on_one.started_at is None


# --- preparing


def preparation(
    session: Session, one_on_one: OneOnOne, sitting: Sitting, side: Side, now: datetime
) -> Preparation:
    """What to prepare with, as one of the two may see it."""
    deals = reviewable_deals(session, get_person(session, one_on_one.person_id))
    actions = open_actions(session, [deal.id for deal in deals])
    for_coach = side is Side.COACH
    return Preparation(
        last=_last(session, one_on_one),
        points=points_shown(
            session, open_points(session, one_on_one.person_id, one_on_one.coach_id)
        ),
        without_next=tuple(deal.name for deal in deals if deal.id not in actions),
        flagged=_newest_flags(session, deals, now, one_on_one.zone),
        held=_held(session, one_on_one, now) if for_coach else None,
        notes=_notes(session, one_on_one, sitting) if for_coach else None,
    )


def points_shown(session: Session, points: Iterable[TalkingPoint]) -> tuple[PointShown, ...]:
    points = list(points)
    people = people_by_id(session, {point.by_id for point in points})
    return tuple(
        PointShown(point.id, who_shown(people[point.by_id]), point.text) for point in points
    )


def _last(session: Session, one_on_one: OneOnOne) -> LastCoaching | None:
    found = last_entry(session, one_on_one.coach_id, one_on_one.person_id)
    if found is None:
        return None
    log, entry = found
    answer = current_answer(session, log.id)
    return LastCoaching(
        held_on=entry.held_on,
        focus=entry.focus,
        feedback=entry.feedback,
        next_step=entry.next_step,
        next_on=entry.next_on,
        agrees=None if answer is None else answer.agrees,
    )


def _held(session: Session, one_on_one: OneOnOne, now: datetime) -> HeldShown | None:
    """None while nothing was due yet."""
    today = local_date(now, one_on_one.zone)
    first, _ = quarter_of(today)
    rate = held_rate(session, one_on_one.coach_id, first, today, person_id=one_on_one.person_id)
    return HeldShown(rate.held, rate.due) if rate.due else None


def _notes(session: Session, one_on_one: OneOnOne, sitting: Sitting) -> str | None:
    note = notes_before(session, one_on_one.coach_id, one_on_one.person_id, sitting.starts_at)
    return None if note is None else note.text


def _newest_flags(
    session: Session, deals: list[Deal], now: datetime, zone: str
) -> tuple[FlaggedDeal, ...]:
    """The flags raised last; a missing next action is said by itself. Undated ones come last."""
    rules, today = standards(session), local_date(now, zone)
    moves = changes(session, [deal.id for deal in deals], Field.CLOSE)
    raised = flags(session, deals, now, today, rules)
    dated: list[tuple[float, Deal, Flag]] = []
    for deal in deals:
        moved = moves[deal.id]
        pushed_on = local_date(moved[-1].changed_at, zone) if moved else None
        for flag in raised[deal.id]:
            if flag.code is not FlagCode.NO_NEXT_ACTION:
                dated.append((_days_ago(flag, pushed_on, today, rules), deal, flag))
    dated.sort(key=lambda each: (each[0], each[1].id))
    return tuple(FlaggedDeal(deal.name, flag) for _, deal, flag in dated[:MOST_FLAGS])


def _days_ago(flag: Flag, pushed_on: date | None, today: date, rules: Standards) -> float:
    """How many days ago a flag was raised, as far as its facts tell."""
    days = int(flag.facts.get("days", 0))
    match flag.code:
        case FlagCode.STAGE_UNLOGGED | FlagCode.CLOSE_PAST | FlagCode.NEXT_ACTION_OVERDUE:
            return days
        case FlagCode.QUIET:
            return days - rules.quiet_days
        case FlagCode.TOO_OLD:
            return days - int(flag.facts["limit"])
        case FlagCode.CLOSE_PUSHED if pushed_on is not None:
            return (today - pushed_on).days
    return inf
