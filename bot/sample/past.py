"""Playing the month: what `month.toml` tells, by the real rules, and the bot's nightly work."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.sample.events import Event
from bot.sample.month import (
    AbsenceOf,
    Cancelled,
    Coaching,
    LogOf,
    Month,
    Point,
    PointOf,
    ProfileOf,
    SessionOf,
    StandingOf,
)
from bot.sample.story import deal_of, person_of
from models.access import coach_of
from models.agenda import CHORES
from models.coaching import (
    CoachingKind,
    LogInput,
    confirm_log,
    current_entry,
    dispute_log,
    edit_log,
    get_log,
    log_coaching,
    log_of,
    says,
    withdraw_log,
)
from models.motivation import ProfileInput, put_profile
from models.one_on_ones import (
    DealNext,
    FinishInput,
    OneOnOne,
    State,
    add_point,
    cancel,
    current_sitting,
    enter_absence,
    finish,
    free_times,
    move,
    open_points,
    put_standing,
    start,
    upcoming,
)
from models.people import Person, get_person
from models.ratings import rate
from models.schedule import local_date

WEEKS = (-4, -3, -2, -1)
SET_AT, NIGHT, NOON = time(5), time(8, 30), time(12)  # UTC; at NIGHT yesterday is over everywhere
EVENING = time(18)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def month_events(month: Month, monday: date) -> Iterator[Event]:
    """What people did, and what the bot does every night, until that Monday."""
    for standing in month.standings:
        yield Event(_at(monday, 7 * WEEKS[0], SET_AT), partial(_put_standing, standing=standing))
    for week in WEEKS:
        told = [each for each in month.sessions if each.week == week]
        yield Event(_at(monday, 7 * week, NIGHT), partial(_begin_week, told=told))
    for day in range(7 * WEEKS[0] + 1, 1):
        yield Event(_at(monday, day, NIGHT), _night)
    for absence in month.absences:
        entered = partial(_enter, absence=absence, monday=monday)
        yield Event(_at(monday, absence.entered, NOON), entered)
    for profile in month.profiles:
        yield Event(_at(monday, profile.day, EVENING), partial(_write_profile, profile=profile))
    for log in month.logs:
        yield Event(_at(monday, log.day, EVENING), partial(_log, log=log))
    for point in month.points:
        yield Event(_at(monday, point.day, EVENING), partial(_note_point, point=point))


def _at(monday: date, day: int, at: time) -> datetime:
    return datetime.combine(monday + timedelta(days=day), at, UTC)


def _night(session: Session, at: datetime) -> None:
    for chore in CHORES:
        chore.do(session, at)


def _put_standing(session: Session, at: datetime, *, standing: StandingOf) -> None:
    assert standing.slot is not None, "nobody of the sample is in rotation"
    weekday, local_time = standing.slot
    put_standing(
        session,
        None,
        person_of(session, standing.person),
        weekday=weekday,
        local_time=local_time,
        minutes=standing.minutes or 30,
        active_from=at.date(),
        now=at,
    )


# --- a week's sessions


def _begin_week(session: Session, at: datetime, *, told: Sequence[SessionOf]) -> Iterator[Event]:
    """On Monday: what becomes of each of its sessions. Who is off all week has none."""
    _night(session, at)
    for each in told:
        person = person_of(session, each.person)
        of_week = select(OneOnOne).where(
            OneOnOne.person_id == person.id,
            OneOnOne.week == at.date(),
            OneOnOne.state == State.DUE,
        )
        for one_on_one in session.scalars(of_week):
            starts_at = current_sitting(session, one_on_one.id).starts_at
            if each.moved:
                moved = partial(_move, one_on_one_id=one_on_one.id, told=each)
                yield Event(starts_at - 20 * HOUR, moved)
            else:
                yield from _course(session, one_on_one.id, each, at)


def _move(
    session: Session, at: datetime, *, one_on_one_id: int, told: SessionOf
) -> Iterator[Event]:
    """To the first time that is free, on another day."""
    before = current_sitting(session, one_on_one_id)
    zone = session.get_one(OneOnOne, one_on_one_id).zone
    other_day = (
        starts_at
        for starts_at in free_times(session, one_on_one_id, at)
        if local_date(starts_at, zone) != before.local_date
    )
    move(session, person_of(session, told.moved or ""), one_on_one_id, next(other_day), at)
    return _course(session, one_on_one_id, told, at)


def _course(
    session: Session, one_on_one_id: int, told: SessionOf, now: datetime
) -> Iterator[Event]:
    """What happens around the time that the session is set to."""
    sitting = current_sitting(session, one_on_one_id)
    for point in told.points:
        noted = partial(_add_point, one_on_one_id=one_on_one_id, point=point)
        yield Event(max(now, sitting.starts_at - DAY), noted)
    if told.cancelled:
        off = partial(_cancel, one_on_one_id=one_on_one_id, cancelled=told.cancelled)
        yield Event(max(now, sitting.starts_at - 3 * HOUR), off)
    if told.coaching:
        yield Event(sitting.starts_at, partial(_start, one_on_one_id=one_on_one_id))
        done = partial(_finish, one_on_one_id=one_on_one_id, told=told, coaching=told.coaching)
        yield Event(sitting.ends_at, done)
    if told.score is not None:
        rated = partial(_rate, one_on_one_id=one_on_one_id, score=told.score or None)
        yield Event(sitting.ends_at + HOUR, rated)


def _coach(session: Session, one_on_one_id: int) -> Person:
    return get_person(session, session.get_one(OneOnOne, one_on_one_id).coach_id)


def _add_point(session: Session, at: datetime, *, one_on_one_id: int, point: Point) -> None:
    add_point(session, person_of(session, point.by), one_on_one_id, point.text, at)


def _cancel(session: Session, at: datetime, *, one_on_one_id: int, cancelled: Cancelled) -> None:
    cancel(session, person_of(session, cancelled.by), one_on_one_id, cancelled.why, at)


def _start(session: Session, at: datetime, *, one_on_one_id: int) -> None:
    start(session, _coach(session, one_on_one_id), one_on_one_id, at)


def _finish(
    session: Session, at: datetime, *, one_on_one_id: int, told: SessionOf, coaching: Coaching
) -> Iterator[Event]:
    one_on_one = session.get_one(OneOnOne, one_on_one_id)
    coach, person = _coach(session, one_on_one_id), person_of(session, told.person)
    today = local_date(at, coach.zone)
    deals = tuple(
        DealNext(deal_of(session, each.deal).id, each.next, _after(today, each.in_days), person.id)
        for each in told.deals
    )
    given = FinishInput(
        notes=told.notes,
        deals=deals,
        log=_said(coaching, today, CoachingKind.ONE_ON_ONE, one_on_one.minutes),
        talked=tuple(point.id for point in open_points(session, person.id, coach.id)),
    )
    finish(session, coach, one_on_one_id, given, at)
    log = log_of(session, one_on_one_id)
    if log is not None and told.answer == "confirmed":
        yield Event(at + 5 * HOUR, partial(_confirm, log_id=log.id))


def _rate(session: Session, at: datetime, *, one_on_one_id: int, score: int | None) -> None:
    person = get_person(session, session.get_one(OneOnOne, one_on_one_id).person_id)
    rate(session, person, one_on_one_id, score, f"sample:{one_on_one_id}", at)


def _note_point(session: Session, at: datetime, *, point: PointOf) -> None:
    """For the next session, in which it will be open."""
    person = person_of(session, point.person)
    coach = coach_of(session, person)
    for one_on_one, _sitting in upcoming(session, person.id, at, limit=20):
        if coach is not None and one_on_one.coach_id == coach.id:
            _add_point(session, at, one_on_one_id=one_on_one.id, point=point)
            return


# --- coaching outside the one-on-ones


def _said(
    coaching: Coaching, today: date, kind: CoachingKind, minutes: int, deal_id: int | None = None
) -> LogInput:
    """As said on the day on which it was held."""
    return LogInput(
        focus=coaching.focus,
        feedback=coaching.feedback,
        next_step=coaching.step,
        next_on=_after(today, coaching.in_days),
        held_on=today,
        kind=kind,
        how=coaching.how,
        minutes=minutes,
        deal_id=deal_id,
    )


def _after(day: date, days: int) -> date:
    return day + timedelta(days=days)


def _log(session: Session, at: datetime, *, log: LogOf) -> Iterator[Event]:
    person = person_of(session, log.person)
    coach = coach_of(session, person) or person
    deal_id = deal_of(session, log.deal).id if log.deal else None
    today = local_date(at, coach.zone)
    given = _said(log.coaching, today, log.kind, log.minutes, deal_id)
    given = replace(given, held_on=_after(today, -log.held))
    made = log_coaching(session, coach, person, given, at)
    read_after = DAY
    if log.edited:
        edited = partial(_edit, log_id=made.id, feedback=log.edited.feedback)
        yield Event(at + log.edited.after * DAY, edited)
        read_after += log.edited.after * DAY
    if log.withdrawn:
        withdrawn = partial(_withdraw, log_id=made.id, why=log.withdrawn.why)
        yield Event(at + log.withdrawn.after * DAY, withdrawn)
    if log.answer == "confirmed":
        yield Event(at + read_after, partial(_confirm, log_id=made.id))
    if log.answer == "disputed":
        yield Event(at + read_after, partial(_dispute, log_id=made.id, said=log.says))


def _edit(session: Session, at: datetime, *, log_id: int, feedback: str) -> None:
    log, entry = get_log(session, log_id), current_entry(session, log_id)
    given = replace(says(entry), feedback=feedback)
    edit_log(session, get_person(session, log.coach_id), log_id, given, at)


def _withdraw(session: Session, at: datetime, *, log_id: int, why: str) -> None:
    coach = get_person(session, get_log(session, log_id).coach_id)
    withdraw_log(session, coach, log_id, why, at)


def _confirm(session: Session, at: datetime, *, log_id: int) -> None:
    person = get_person(session, get_log(session, log_id).person_id)
    confirm_log(session, person, current_entry(session, log_id).id, at)


def _dispute(session: Session, at: datetime, *, log_id: int, said: str | None) -> None:
    person = get_person(session, get_log(session, log_id).person_id)
    dispute_log(session, person, current_entry(session, log_id).id, said, at)


# --- people


def _enter(session: Session, at: datetime, *, absence: AbsenceOf, monday: date) -> None:
    first, last = _after(monday, absence.first), _after(monday, absence.last)
    enter_absence(session, person_of(session, absence.person), first, last, at)


def _write_profile(session: Session, at: datetime, *, profile: ProfileOf) -> None:
    person = person_of(session, profile.person)
    given = ProfileInput(**profile.model_dump(exclude={"person", "day", "shared"}))
    share_with = coach_of(session, person) if profile.shared else None
    put_profile(session, person, given, at, share_with=share_with)
