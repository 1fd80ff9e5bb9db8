"""The morning digest, a prompt of each person, and what of a person's week they choose."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from models import attention, one_on_ones, statuses
from models.agenda.skipping import Skipped
from models.days import DAY, day_off, digest_key
from models.delivery import Kind, find, owe
from models.people import Person, get_person, standards, team_whose_zone
from models.roster import put_person
from models.schedule import (
    Lateness,
    Occurrence,
    instant,
    local_date,
    put_schedule,
    schedule_of,
    skip,
)
from models.week import DIGEST

DIGEST_HOURS = 4
"""For so long a late digest is worth sending."""


def keep_digest(session: Session, person: Person, now: datetime) -> bool:
    """Brings a person's digest to their zone and working days; off for who is not active.

    To be called wherever one of these, or the standard time, may have changed; whether anything
    did. Today still counts if its digest, due by now, would not be too late.
    """
    at, today = standards(session).digest_at, local_date(now, person.zone)
    worth_it = now < instant(today, at, person.zone) + timedelta(hours=DIGEST_HOURS)
    _, changed = put_schedule(
        session,
        None,
        DIGEST,
        person_id=person.id,
        weekdays=person.working_days,
        local_time=at,
        zone=person.zone,
        lateness=Lateness.HOURS,
        late_hours=DIGEST_HOURS,
        active_from=today if worth_it else today + DAY,
        is_on=person.active,
    )
    return changed


def morning_digest(session: Session, occurrence: Occurrence, now: datetime) -> None:
    """08:30 on a working day: the person's digest is owed, and what waited for it goes in its
    thread. If nothing is in it, its loader drops it. On a holiday, or out of office, it is skipped,
    and nobody is told."""
    person = get_person(session, person_id_of(session, occurrence))
    if not person.active or day_off(session, person, occurrence.local_date) is not None:
        skip(occurrence, Skipped.DAY_OFF, now)
        return
    owe(
        session,
        Kind.DIGEST,
        occurrence.id,
        dedupe_key=digest_key(person.id, occurrence.local_date),
        due_at=now,
        person_id=person.id,
    )
    made = find(session, Kind.DIGEST, occurrence.id)
    if made is not None:
        attention.gather(session, made)


def choose_reminders(session: Session, person: Person, *, day_before: bool, at_start: bool) -> None:
    """Which reminders of one-on-ones a person wants: in the digest, and before the start."""
    person.reminded_day_before = day_before
    person.reminded_at_start = at_start
    session.flush()


def choose_calendar(
    session: Session,
    person: Person,
    now: datetime,
    *,
    zone: str | None,
    zone_is_own: bool,
    working_days: str,
    holidays: str | None,
) -> None:
    """When and where a person works; their digest and their one-on-ones follow.

    `zone_is_own`: chosen here; otherwise it goes on following the Slack profile, and None says
    that this has none: then the team's counts. Raises `UnknownZone`, `UnknownCalendar`, and
    ValueError for working days that are none.
    """
    before, is_teams = person.zone, zone is None
    if zone is None:
        of_team = team_whose_zone(session, person)
        zone = person.zone if of_team is None else of_team.zone
    person, changed = put_person(
        session,
        person.slack_id,
        name=person.name,
        role=person.role,
        zone=zone,
        zone_is_own=zone_is_own,
        zone_is_teams=is_teams,
        working_days=working_days,
        holiday_calendar=holidays,
    )
    if changed:
        statuses.keep(session, person, now)
        keep_digest(session, person, now)
        one_on_ones.follow_people(session, [person.id], now)
        one_on_ones.follow_zone(session, person, before, now)


def person_id_of(session: Session, occurrence: Occurrence) -> int:
    """The person whose prompt this is. A team's prompt is nobody's own: ValueError."""
    person_id = schedule_of(session, occurrence).person_id
    if person_id is None:
        raise ValueError(f"occurrence {occurrence.id} is of a team's schedule")
    return person_id
