"""The clock of the week, in the database: schedules, and each due instance exactly once.

A schedule is a local time on some weekdays in a zone. Its due instances follow local dates, not
durations, so no change of the clocks loses or doubles one. What is late, after an outage, runs
within its policy's limit (product.md, "The week"), or is recorded as skipped with the reason.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, InWorkspace, insert_once, one_of, within_workspace

DAY = timedelta(days=1)


class Lateness(StrEnum):
    """Until when a prompt that is late, after an outage, is still worth sending."""

    UNTIL_TIME = "until_time"  # of the same local day: `late_until`
    NEXT_DAY_TIME = "next_day_time"  # of the next local day: `late_until`
    MIDNIGHT = "midnight"  # of the local day
    HOURS = "hours"  # `late_hours` after it was due


class Schedule(InWorkspace, Base):
    """A prompt at a local time on some weekdays. `weekdays`: ISO digits, Monday 1: "2", "234".

    It is a team's, or a person's. `zone` is IANA; the UTC instant is the local time with fold=0.
    `active_from`: the first local date on which it may come due. `look_at`: no occurrence of it
    is still to be written down before that moment.
    """

    __tablename__ = "schedules"
    __table_args__ = (
        UniqueConstraint("workspace_id", "id"),
        UniqueConstraint("workspace_id", "team_id", "prompt"),
        UniqueConstraint("workspace_id", "person_id", "prompt"),
        within_workspace("team_id", "teams"),
        within_workspace("person_id", "people"),
        CheckConstraint("(team_id IS NULL) <> (person_id IS NULL)", name="of_a_team_or_a_person"),
        CheckConstraint(
            "(lateness NOT IN ('until_time', 'next_day_time') OR late_until IS NOT NULL)"
            " AND (lateness <> 'hours' OR late_hours IS NOT NULL)",
            name="lateness_has_its_limit",
        ),
        Index("ix_schedules_look_at", "is_on", "look_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[int | None]
    person_id: Mapped[int | None]
    prompt: Mapped[str] = mapped_column(String(40))  # a stable dotted id: review.cards
    weekdays: Mapped[str] = mapped_column(String(7))
    local_time: Mapped[time]
    zone: Mapped[str] = mapped_column(String(64))
    lateness: Mapped[Lateness] = mapped_column(one_of(Lateness, "lateness"))
    late_until: Mapped[time | None]
    late_hours: Mapped[int | None]
    active_from: Mapped[date]
    look_at: Mapped[datetime]
    is_on: Mapped[bool] = mapped_column(default=True)


class OccurrenceState(StrEnum):
    DUE = "due"
    RAN = "ran"
    SKIPPED = "skipped"


class SkipReason(StrEnum):
    """Why an occurrence was skipped (`Occurrence.reason`; a prompt may state its own)."""

    LATE = "late"  # nobody ran it in time: an outage
    FAILED = "failed"  # it was tried in time, and failed until it was too late
    NO_PROMPT = "no_prompt"  # nothing in this installation carries that prompt out


class Occurrence(InWorkspace, Base):
    """One due instance of a schedule: one per schedule, local date and slot, whatever happens.

    `slot` 0 is the schedule's own; 1 is one of an earlier date that was put off until then.
    `due_at` is business time, `not_before` (of a try after a failure) real time.
    """

    __tablename__ = "occurrences"
    __table_args__ = (
        UniqueConstraint("workspace_id", "id"),
        UniqueConstraint("workspace_id", "schedule_id", "local_date", "slot"),
        within_workspace("schedule_id", "schedules"),
        Index("ix_occurrences_due", "state", "due_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    schedule_id: Mapped[int]
    local_date: Mapped[date]
    slot: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime]
    state: Mapped[OccurrenceState] = mapped_column(one_of(OccurrenceState, "state"))
    settled_at: Mapped[datetime | None]
    reason: Mapped[str | None] = mapped_column(String(80))
    failures: Mapped[int] = mapped_column(default=0)
    not_before: Mapped[datetime | None]


@dataclass(frozen=True)
class Due:
    """An occurrence that waits to be carried out: enough to open its workspace's transaction."""

    id: int
    workspace_id: str
    prompt: str


def instant(day: date, local_time: time, zone: str) -> datetime:
    """The UTC instant of a local time on a local date, with `fold=0`.

    A time that happens twice is its first happening; a time that the clocks skip lands after the
    gap by as much as it lay inside (Berlin 02:30 is 03:30). Raises ZoneInfoNotFoundError.
    """
    return datetime.combine(day, local_time, ZoneInfo(zone)).replace(fold=0).astimezone(UTC)


def local_date(now: datetime, zone: str) -> date:
    """The date it is in a zone."""
    return now.astimezone(ZoneInfo(zone)).date()


@dataclass(frozen=True)
class Skipped:
    """A date on which the clocks skip a local time, and what they show when it runs instead."""

    on: date
    runs_at: time


def skipped_dates(
    weekdays: str, local_time: time, zone: str, first: date, days: int = 366
) -> list[Skipped]:
    """The dates of so many days on which a schedule's local time does not happen."""
    found = []
    for day in (first + number * DAY for number in range(days)):
        if str(day.isoweekday()) in weekdays:
            shown = instant(day, local_time, zone).astimezone(ZoneInfo(zone))
            if shown.time() != local_time:
                found.append(Skipped(day, shown.time()))
    return found


def goes_on(schedule: Schedule, zone: str, local_time: time, now: datetime) -> date:
    """From which local date a schedule counts that moves to this zone and time now.

    From the earlier of the two dates that it is in the old zone and in the new one, if what has
    not come due on it yet would not be too late in the new one: so whoever moves across the date
    line loses no prompt. What already came due on a local date does not come due again there.
    """
    old, new = local_date(now, schedule.zone), local_date(now, zone)
    if old < new:
        moved = Schedule(
            zone=zone,
            local_time=local_time,
            lateness=schedule.lateness,
            late_until=schedule.late_until,
            late_hours=schedule.late_hours,
        )
        if now < too_late_at(moved, old):
            return max(schedule.active_from, old)
    return max(schedule.active_from, new)


def monday_of(day: date) -> date:
    """The Monday of a date's week."""
    return day - day.weekday() * DAY


def next_monday(today: date) -> date:
    """The first Monday after a date."""
    return monday_of(today) + 7 * DAY


def put_schedule(
    session: Session,
    team_id: int | None,
    prompt: str,
    *,
    weekdays: str,
    local_time: time,
    zone: str,
    lateness: Lateness,
    active_from: date,
    late_until: time | None = None,
    late_hours: int | None = None,
    is_on: bool = True,
    person_id: int | None = None,
) -> tuple[Schedule, bool]:
    """Makes a team's or a person's schedule for a prompt what is said; whether it changed anything.

    `active_from` (a local date) counts for a new schedule, one that is switched on again and one
    whose weekdays, time or zone change: a change never makes a date before it due. An unchanged
    schedule keeps its own. What already came due on a local date does not come due again there.
    Raises ValueError for weekdays that are none, ZoneInfoNotFoundError for an unknown zone.
    """
    if not weekdays or set(weekdays) - set("1234567"):
        raise ValueError(f"weekdays are ISO digits, Monday 1: {weekdays!r}")
    ZoneInfo(zone)
    rule = {"weekdays": "".join(sorted(set(weekdays))), "local_time": local_time, "zone": zone}
    policy = {"lateness": lateness, "late_until": late_until, "late_hours": late_hours}
    whose = {"team_id": team_id, "person_id": person_id}
    wanted = select(Schedule).filter_by(**whose, prompt=prompt).with_for_update()
    schedule = session.scalars(wanted).one_or_none()
    if schedule is None:
        schedule = Schedule(
            **whose,
            prompt=prompt,
            active_from=active_from,
            is_on=is_on,
            look_at=instant(active_from, local_time, zone),
            **rule,
            **policy,
        )
        session.add(schedule)
        session.flush()
        return schedule, True
    rule_changed = _differs(schedule, rule)
    changed = rule_changed or _differs(schedule, policy) or schedule.is_on != is_on
    if rule_changed or (is_on and not schedule.is_on):
        schedule.active_from = active_from
    for name, value in (rule | policy | {"is_on": is_on}).items():
        setattr(schedule, name, value)
    if changed:
        schedule.look_at = instant(schedule.active_from, local_time, zone)
    session.flush()
    return schedule, changed


def _differs(schedule: Schedule, values: Mapping[str, object]) -> bool:
    return any(getattr(schedule, name) != value for name, value in values.items())


def due_dates(schedule: Schedule, after: date | None, now: datetime) -> Iterator[date]:
    """The local dates on which a schedule came due until now, later than `after`, oldest first.

    `after` is the last date that is recorded already. A time skipped by the clocks may lie on
    the next local date, so yesterday's date is looked at until its instant has come.
    """
    day = schedule.active_from if after is None else max(schedule.active_from, after + DAY)
    last = local_date(now, schedule.zone)
    while day <= last:
        if str(day.isoweekday()) in schedule.weekdays:
            if instant(day, schedule.local_time, schedule.zone) > now:
                return
            yield day
        day += DAY


def next_instant(schedule: Schedule, now: datetime) -> datetime:
    """When a schedule comes due next after now (UTC), whether it is switched on or not."""
    day = max(schedule.active_from, local_date(now, schedule.zone))
    while True:
        if str(day.isoweekday()) in schedule.weekdays:
            due_at = instant(day, schedule.local_time, schedule.zone)
            if due_at > now:
                return due_at
        day += DAY


def too_late_at(schedule: Schedule, day: date) -> datetime:
    """The instant from which an occurrence of that local date is no longer worth carrying out."""
    match schedule.lateness, schedule.late_until, schedule.late_hours:
        case Lateness.UNTIL_TIME, time() as until, _:
            return instant(day, until, schedule.zone)
        case Lateness.NEXT_DAY_TIME, time() as until, _:
            return instant(day + DAY, until, schedule.zone)
        case Lateness.MIDNIGHT, _, _:
            return instant(day + DAY, time(), schedule.zone)
        case Lateness.HOURS, _, int() as hours:
            return instant(day, schedule.local_time, schedule.zone) + timedelta(hours=hours)
    raise ValueError(f"schedule {schedule.id} has no limit for {schedule.lateness}")


def materialise(session: Session, now: datetime) -> int:
    """Writes down each occurrence that has come due (in every workspace of the session).

    Also the dates missed since the last one written down, after an outage. Replicas may do this
    at once: the database keeps one row per schedule, local date and slot. Returns how many are
    new.
    """
    last = select(func.max(Occurrence.local_date)).where(
        Occurrence.schedule_id == Schedule.id, Occurrence.slot == 0
    )
    rows = session.execute(
        select(Schedule, last.scalar_subquery())
        .where(Schedule.is_on, Schedule.look_at <= now)
        .order_by(Schedule.id)
        .with_for_update(of=Schedule, skip_locked=True)
    )
    new = 0
    for schedule, after in rows.all():
        new += sum(_write_down(session, schedule, day) for day in due_dates(schedule, after, now))
        schedule.look_at = next_instant(schedule, now)
    return new


def promise_next(session: Session, schedule: Schedule, now: datetime) -> datetime:
    """When a schedule comes due next; that is written down, so that it does whatever the schedule
    says by then."""
    at = next_instant(schedule, now)
    _write_down(session, schedule, local_date(at, schedule.zone))
    return at


def move_promised(session: Session, schedule: Schedule, zone: str) -> None:
    """The schedule moves to a zone: what is written down and not carried out comes there at the
    local time at which it was to come."""
    waits = (Occurrence.schedule_id == schedule.id) & (Occurrence.state == OccurrenceState.DUE)
    for one in session.scalars(select(Occurrence).where(waits).with_for_update()):
        at = one.due_at.astimezone(ZoneInfo(schedule.zone))
        one.due_at = instant(at.date(), at.time(), zone)
    session.flush()


def put_off(session: Session, schedule: Schedule, day: date) -> datetime:
    """What came due on an earlier date does so on that local date, at its local time; when."""
    _write_down(session, schedule, day, slot=1)
    return instant(day, schedule.local_time, schedule.zone)


def put_off_to(session: Session, occurrence: Occurrence) -> datetime | None:
    """When an occurrence that was put off comes due instead; None: it was not put off."""
    later = select(Occurrence.due_at).where(
        Occurrence.schedule_id == occurrence.schedule_id,
        Occurrence.slot == 1,
        Occurrence.local_date > occurrence.local_date,
    )
    return session.scalar(later.order_by(Occurrence.local_date).limit(1))


def _write_down(session: Session, schedule: Schedule, day: date, slot: int = 0) -> bool:
    values = {
        "workspace_id": schedule.workspace_id,
        "schedule_id": schedule.id,
        "local_date": day,
        "slot": slot,
        "due_at": instant(day, schedule.local_time, schedule.zone),
        "state": OccurrenceState.DUE,
    }
    unique = ("workspace_id", "schedule_id", "local_date", "slot")
    return insert_once(session, Occurrence, values, *unique)


def waiting(session: Session, now: datetime, real: datetime) -> list[Due]:
    """The occurrences that wait to be carried out now, oldest first; `real` time for retries."""
    rows = session.execute(
        select(Occurrence.id, Occurrence.workspace_id, Schedule.prompt)
        .join(Schedule, Schedule.id == Occurrence.schedule_id)
        .where(
            Occurrence.state == OccurrenceState.DUE,
            Occurrence.due_at <= now,
            (Occurrence.not_before.is_(None)) | (Occurrence.not_before <= real),
        )
        .order_by(Occurrence.due_at, Occurrence.id)
    )
    return [Due(*row) for row in rows.all()]


def claim_due(session: Session, occurrence_id: int) -> Occurrence | None:
    """Takes an occurrence for this transaction; None if another has it, or settled it."""
    return session.scalars(
        select(Occurrence)
        .where(Occurrence.id == occurrence_id, Occurrence.state == OccurrenceState.DUE)
        .with_for_update(skip_locked=True)
    ).one_or_none()


def is_newest_missed(
    session: Session, occurrence: Occurrence, schedule: Schedule, now: datetime
) -> bool:
    """Whether no later date of the schedule was missed as well: of several, one is told."""
    later = select(Occurrence).where(
        Occurrence.schedule_id == schedule.id,
        Occurrence.local_date > occurrence.local_date,
        Occurrence.state == OccurrenceState.DUE,
    )
    return all(too_late(one, schedule, now) is None for one in session.scalars(later))


def schedule_of(session: Session, occurrence: Occurrence) -> Schedule:
    """The schedule that an occurrence is of."""
    return session.scalars(select(Schedule).where(Schedule.id == occurrence.schedule_id)).one()


def team_id_of(session: Session, occurrence: Occurrence) -> int:
    """The team whose prompt this is. A person's prompt has none: ValueError."""
    team_id = schedule_of(session, occurrence).team_id
    if team_id is None:
        raise ValueError(f"occurrence {occurrence.id} is of a person's schedule")
    return team_id


def too_late(occurrence: Occurrence, schedule: Schedule, now: datetime) -> SkipReason | None:
    """Why it is too late to carry this out; None if it is not too late."""
    if now < too_late_at(schedule, occurrence.local_date):
        return None
    return SkipReason.FAILED if occurrence.failures else SkipReason.LATE


def settle(occurrence: Occurrence, now: datetime) -> None:
    """Records that it was carried out, unless its prompt recorded that it was skipped."""
    if occurrence.state is OccurrenceState.DUE:
        occurrence.state = OccurrenceState.RAN
        occurrence.settled_at = now


def skip(occurrence: Occurrence, reason: str, now: datetime) -> None:
    """Records that it was skipped, and why: a `SkipReason`, or a prompt's own stable word."""
    occurrence.state = OccurrenceState.SKIPPED
    occurrence.reason = reason
    occurrence.settled_at = now


def failed(occurrence: Occurrence, error: str, not_before: datetime) -> None:
    """Records a failure (the error's type, no data) and when, in real time, to try again."""
    occurrence.failures += 1
    occurrence.reason = error[:80]
    occurrence.not_before = not_before
