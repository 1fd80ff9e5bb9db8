"""What each scheduled prompt does when it comes due (product.md, "The week"), and the chores.

A prompt does its work in the transaction that claimed its occurrence, or skips it with a stable
word for the reason. Whoever runs the occurrences settles what was not skipped. A chore is what has
to be done as time passes, whoever asks for it: see `Chore`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import access, dropped_files, one_on_ones, pipeline_review
from models.access import Act
from models.days import DAY, day_off, digest_key, next_ordinary_day
from models.deals import get_deal
from models.delivery import Kind, owe
from models.people import Person, Team, admins, get_person, standards, team
from models.pipeline_review import NoChannel, NoDeals, Review, ReviewKind
from models.roster import put_person
from models.schedule import (
    Lateness,
    Occurrence,
    Schedule,
    instant,
    local_date,
    next_instant,
    put_off,
    put_schedule,
    schedule_of,
    skip,
    team_id_of,
)

CARDS = "review.cards"
DECIDING = "review.deciding"
DIGEST = "digest.morning"

DIGEST_HOURS = 4
"""For so long a late digest is worth sending."""


class Skipped(StrEnum):
    """Why a prompt had nothing to do."""

    DAY_OFF = "day_off"  # of the person whose prompt it is
    REVIEW_OPEN = "review_open"  # one that decides today, or later, goes on
    NO_CHANNEL = "no_channel"
    NO_DEALS = "no_deals"
    NO_DECIDER = "no_decider"  # the team has nobody who decides
    NO_REVIEW = "no_review"  # nothing is open that could be decided
    DECIDES_LATER = "decides_later"  # the open one still waits for answers
    ALL_DECIDED = "all_decided"
    UNDER_WAY = "under_way"  # whoever decides was told already
    PUT_OFF = "put_off"  # nobody who decides is there: it comes due the next working day
    NOT_HELD = "not_held"  # nor on that day: the review is over


_WHY_NOT = {NoChannel: Skipped.NO_CHANNEL, NoDeals: Skipped.NO_DEALS}


def review_cards(session: Session, occurrence: Occurrence, now: datetime) -> None:
    """Tuesday 15:00: pick, and start the team's review; deciding is from the next Wednesday 10:00.

    The last one ends, if it is still open; one that decides today or later is left as it is. Then,
    and without open deals, a channel, or anybody who decides, the team's manager and the admins
    are told that nothing was started.
    """
    of_team = team(session, team_id_of(session, occurrence))
    reason = _start(session, of_team, now)
    if reason is not None:
        skip(occurrence, reason, now)
        tell_skipped(session, occurrence, now)


def _start(session: Session, of_team: Team, now: datetime) -> Skipped | None:
    """Starts the scheduled review, or says why not."""
    if pipeline_review.make_way(session, of_team, now) is not None:
        return Skipped.REVIEW_OPEN
    if pipeline_review.first_decider(session, of_team.id) is None:
        return Skipped.NO_DECIDER
    try:
        start_scheduled(session, of_team, next_due(session, of_team.id, DECIDING, now) or now, now)
    except (NoChannel, NoDeals) as refused:
        return _WHY_NOT[type(refused)]
    return None


def missed(session: Session, occurrence: Occurrence, now: datetime) -> None:
    """What is done where a prompt came too late: the review before ends all the same."""
    if schedule_of(session, occurrence).prompt == CARDS:
        pipeline_review.make_way(session, team(session, team_id_of(session, occurrence)), now)


def start_scheduled(
    session: Session, of_team: Team, decide_from: datetime, now: datetime
) -> Review:
    """The team's review as the schedule starts it. Raises as `pipeline_review.start_review`."""
    chosen = [found.deal_id for found in pipeline_review.pick(session, of_team, now)]
    return pipeline_review.start_review(
        session, None, of_team, chosen, now, kind=ReviewKind.SCHEDULED, decide_from=decide_from
    )


def review_deciding(session: Session, occurrence: Occurrence, now: datetime) -> None:
    """Wednesday 10:00: the parent says so, and whoever decides gets what still lacks a decision.

    That is the manager; if out that day the deputy, else the nearest leader who is there. Where
    nobody is, a scheduled review is put off by one working day, once, and then it is over.
    """
    team_id = team_id_of(session, occurrence)
    review = pipeline_review.held_open_review(session, team_id)
    reason = _nothing_to_decide(session, review, now)
    if review is None or reason is not None:
        skip(occurrence, reason or Skipped.NO_REVIEW, now)
        return
    decider = pipeline_review.decider_at(session, team_id, now)
    if decider is None and review.kind is ReviewKind.AD_HOC:
        decider = pipeline_review.first_decider(session, team_id)
    if decider is not None:
        pipeline_review.show_deciding(session, review, decider, now)
        return
    _without_decider(session, occurrence, review, now)


def _nothing_to_decide(session: Session, review: Review | None, now: datetime) -> Skipped | None:
    if review is None:
        return Skipped.NO_REVIEW
    if review.decide_from > now:
        return Skipped.DECIDES_LATER
    if pipeline_review.deciding_was_told(session, review.id):
        return Skipped.UNDER_WAY
    return None if pipeline_review.undecided_deals(session, review.id) else Skipped.ALL_DECIDED


def _without_decider(
    session: Session, occurrence: Occurrence, review: Review, now: datetime
) -> None:
    first = pipeline_review.first_decider(session, review.team_id)
    if first is None:
        skip(occurrence, Skipped.NO_DECIDER, now)
        tell_skipped(session, occurrence, now)
    elif occurrence.slot:
        skip(occurrence, Skipped.NOT_HELD, now)
        pipeline_review.not_held(session, review, now)
    else:
        day = next_ordinary_day(first, occurrence.local_date)
        later = put_off(session, schedule_of(session, occurrence), day)
        pipeline_review.put_off_deciding(session, review, later, now)
        skip(occurrence, Skipped.PUT_OFF, now)
        tell_skipped(session, occurrence, now)


def next_due(session: Session, team_id: int, prompt: str, now: datetime) -> datetime | None:
    """When the team's prompt comes due next, after now; None where it is off or never was on."""
    found = session.scalar(
        select(Schedule).where(
            Schedule.team_id == team_id, Schedule.prompt == prompt, Schedule.is_on
        )
    )
    return None if found is None else next_instant(found, now)


# --- the morning digest, a prompt of each person


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
    """08:30 on a working day: the person's digest is owed. If nothing is in it, its loader drops
    it. On a holiday, or out of office, it is skipped, and nobody is told."""
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
    zone: str,
    zone_is_own: bool,
    working_days: str,
    holidays: str | None,
) -> None:
    """When and where a person works; their digest and their one-on-ones follow.

    `zone_is_own`: chosen here; otherwise it goes on following the Slack profile. Raises
    `UnknownZone`, `UnknownCalendar`, and ValueError for working days that are none.
    """
    person, changed = put_person(
        session,
        person.slack_id,
        name=person.name,
        role=person.role,
        zone=zone,
        zone_is_own=zone_is_own,
        working_days=working_days,
        holiday_calendar=holidays,
    )
    if changed:
        keep_digest(session, person, now)
        one_on_ones.follow_people(session, [person.id], now)


def person_id_of(session: Session, occurrence: Occurrence) -> int:
    """The person whose prompt this is. A team's prompt is nobody's own: ValueError."""
    person_id = schedule_of(session, occurrence).person_id
    if person_id is None:
        raise ValueError(f"occurrence {occurrence.id} is of a team's schedule")
    return person_id


# --- what was skipped


def tell_skipped(session: Session, occurrence: Occurrence, now: datetime) -> None:
    """Owe everybody who waited for a skipped occurrence one message that says so, with the reason.

    For a team's prompt that is who decides there that day (else the first who could) and the
    admins; of deciding that was put off the owners whose deals are undecided, the manager, the
    deputy and the nearest leader; for a person's prompt that person alone, unless they were off on
    that day.
    """
    for person in _who_waits(session, occurrence):
        owe(
            session,
            Kind.SCHEDULE_SKIPPED,
            occurrence.id,
            dedupe_key=f"occurrence:{occurrence.id}:skipped:{person.id}",
            due_at=now,
            person_id=person.id,
        )


def _who_waits(session: Session, occurrence: Occurrence) -> list[Person]:
    schedule = schedule_of(session, occurrence)
    if schedule.person_id is not None:
        person = get_person(session, schedule.person_id)
        is_off = day_off(session, person, occurrence.local_date) is not None
        return [] if is_off or not person.active else [person]
    team_id = team_id_of(session, occurrence)
    if occurrence.reason == Skipped.PUT_OFF:
        return _who_waits_for_deciding(session, team_id)
    lead = pipeline_review.decider_at(session, team_id, occurrence.due_at)
    lead = lead or pipeline_review.first_decider(session, team_id)
    leads = [] if lead is None else [lead]
    return list({person.id: person for person in [*leads, *admins(session)]}.values())


def _who_waits_for_deciding(session: Session, team_id: int) -> list[Person]:
    deciders = access.allowed(session, Act.DECIDE, team_id=team_id)
    nearest = 3 if access.deputy_id(session, team_id) is not None else 2
    review = pipeline_review.open_review(session, team_id)
    undecided = () if review is None else pipeline_review.undecided_deals(session, review.id)
    owners = [get_person(session, get_deal(session, one).owner_id) for one in undecided]
    waiting = {person.id: person for person in [*deciders[:nearest], *owners]}
    return [person for person in waiting.values() if person.active]


PROMPTS: dict[str, Callable[[Session, Occurrence, datetime], None]] = {
    CARDS: review_cards,
    DECIDING: review_deciding,
    DIGEST: morning_digest,
}


# --- the chores


@dataclass(frozen=True)
class Chore:
    """What has to be done as time passes, again and again, without harm if it is done twice.

    `waiting` gives the ids of the workspaces in which there is something to do, from a session
    that sees them all; `do` does it inside one of them. `name` is for the log.
    """

    name: str
    waiting: Callable[[Session, datetime], set[str]]
    do: Callable[[Session, datetime], object]


CHORES = (
    Chore("plan one-on-ones", one_on_ones.unplanned, one_on_ones.plan),
    Chore("settle missed one-on-ones", one_on_ones.overdue, one_on_ones.settle_missed),
    Chore("begin deciding", pipeline_review.beginning, pipeline_review.begin_deciding),
    Chore("show evidence that has faded", pipeline_review.faded, pipeline_review.show_faded),
    Chore("let dropped files go", dropped_files.overdue, dropped_files.let_go),
)
