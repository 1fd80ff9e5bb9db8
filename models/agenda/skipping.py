"""Prompts that had nothing to do, or came too late: why, and who is told."""

from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import access, pipeline_review
from models.access import Act
from models.days import day_off, teams_off
from models.deals import get_deal
from models.delivery import Kind, owe, refresh_keys
from models.people import Person, Team, admins, get_person, team
from models.schedule import Occurrence, Schedule, SkipReason, schedule_of, skip, team_id_of
from models.week import CARDS, DECIDING, FORECAST, HEALTH, PICK, PUT_RIGHT


class Skipped(StrEnum):
    """Why a prompt had nothing to do."""

    DAY_OFF = "day_off"  # of the person whose prompt it is
    TEAM_OFF = "team_off"  # nobody of the team works that day
    REVIEW_OPEN = "review_open"  # one that decides today, or later, goes on
    NO_CARDS = "no_cards"  # none are due that the pick could be for
    NO_CHANNEL = "no_channel"
    NO_DEALS = "no_deals"
    NO_DECIDER = "no_decider"  # the team has nobody who decides
    NO_REVIEW = "no_review"  # nothing is open that could be decided
    DECIDES_LATER = "decides_later"  # the open one still waits for answers
    ALL_DECIDED = "all_decided"
    UNDER_WAY = "under_way"  # whoever decides was told already
    PUT_OFF = "put_off"  # nobody who decides is there: it comes due the next working day
    TEAM_PUT_OFF = "team_put_off"  # the same, on a day off of the whole team
    NOBODY_THERE = "nobody_there"  # who could run it is off that day: excused
    FRESH = "fresh"  # the deals are: nobody is to be reminded
    WEEK_HAS_ONE = "week_has_one"  # the week's forecast was asked for already
    NOT_HELD = "not_held"  # nor on that day: the review is over


OFF_WITH_TEAM = frozenset({HEALTH, PICK, CARDS, DECIDING, FORECAST, PUT_RIGHT})
"""What does not come on a day on which nobody of the team works; deciding is put off."""

PUT_OFF = frozenset({Skipped.PUT_OFF, Skipped.TEAM_PUT_OFF})
"""Deciding that comes on another day."""


def team_is_off(session: Session, of_team: Team, day: date) -> bool:
    """Whether nobody of a team works on a day (`models.days.teams_off`)."""
    return day in teams_off(session, [of_team], day, day)[of_team.id]


def who_runs(
    session: Session, occurrence: Occurrence, at: datetime, now: datetime
) -> Person | None:
    """Who runs the team at a moment: the manager, else the deputy, else the nearest leader who is
    there. Where nobody is, the occurrence is skipped as excused, and that is said; where nobody of
    the team works that day nobody waits for it."""
    team_id = team_id_of(session, occurrence)
    if team_is_off(session, team(session, team_id), occurrence.local_date):
        skip(occurrence, Skipped.TEAM_OFF, now)
        return None
    found = pipeline_review.decider_at(session, team_id, at)
    if found is None:
        is_led = pipeline_review.first_decider(session, team_id) is not None
        skip(occurrence, Skipped.NOBODY_THERE if is_led else Skipped.NO_DECIDER, now)
        tell_skipped(session, occurrence, now)
    return found


def missed(session: Session, occurrence: Occurrence, now: datetime) -> None:
    """What is done where a prompt came too late: the review before ends all the same, and so does
    the pick that waited for the cards. On a day off of whoever it is for it is excused instead, and
    nobody is told.
    """
    if (excused := _excused(session, occurrence)) is not None:
        skip(occurrence, excused, now)
        return
    if schedule_of(session, occurrence).prompt == CARDS:
        of_team = team(session, team_id_of(session, occurrence))
        pipeline_review.make_way(session, of_team, now)
        pipeline_review.end_pick(session, of_team.id, SkipReason.LATE, now)


def _excused(session: Session, occurrence: Occurrence) -> Skipped | None:
    person_id, day = schedule_of(session, occurrence).person_id, occurrence.local_date
    if person_id is not None:
        is_off = day_off(session, get_person(session, person_id), day) is not None
        return Skipped.DAY_OFF if is_off else None
    of_team = team(session, team_id_of(session, occurrence))
    return Skipped.TEAM_OFF if team_is_off(session, of_team, day) else None


def tell_skipped(session: Session, occurrence: Occurrence, now: datetime) -> None:
    """Owe everybody who waited for a skipped occurrence one message that says so, with the reason;
    nobody waited for what was excused.

    For a team's prompt that is who decides there that day (else the first who could) and the
    admins; these not where another prompt makes up for it (the pick, what to put right in the CRM).
    For deciding that was put off it is the owners whose deals are undecided, the manager, the
    deputy and the nearest leader; for a person's prompt that person alone. What one outage skipped
    of a team's prompts is one message (`skipped_together`).
    """
    what = _what_is_said_once(session, occurrence)
    keys = []
    for person in _who_waits(session, occurrence):
        keys.append(f"{what}:skipped:{person.id}")
        owe(
            session,
            Kind.SCHEDULE_SKIPPED,
            occurrence.id,
            dedupe_key=keys[-1],
            due_at=now,
            person_id=person.id,
        )
    refresh_keys(session, keys, now)


def _what_is_said_once(session: Session, occurrence: Occurrence) -> str:
    schedule = schedule_of(session, occurrence)
    hour = _outage_hour(schedule, occurrence)
    if hour is None:
        return f"occurrence:{occurrence.id}"
    return f"team:{schedule.team_id}:{hour:%Y-%m-%dT%H}"


def skipped_together(session: Session, occurrence: Occurrence) -> dict[str, datetime]:
    """What an outage skipped of a team's prompts, with this one: when the newest of each was due,
    the prompts in that order; all that was found too late within the same hour. Empty where this
    one is no such."""
    schedule = schedule_of(session, occurrence)
    hour = _outage_hour(schedule, occurrence)
    if hour is None:
        return {}
    newest = func.max(Occurrence.due_at)
    rows = session.execute(
        select(Schedule.prompt, newest)
        .join(Occurrence, Occurrence.schedule_id == Schedule.id)
        .where(
            Schedule.team_id == schedule.team_id,
            Occurrence.reason == SkipReason.LATE,
            Occurrence.settled_at >= hour,
            Occurrence.settled_at < hour + timedelta(hours=1),
        )
        .group_by(Schedule.prompt)
        .order_by(newest, Schedule.prompt)
    )
    return dict(rows.all())


def _outage_hour(schedule: Schedule, occurrence: Occurrence) -> datetime | None:
    """The hour in which a team's prompt was found too late; None for any other."""
    settled_at = occurrence.settled_at
    if schedule.team_id is None or occurrence.reason != SkipReason.LATE or settled_at is None:
        return None
    return settled_at.replace(minute=0, second=0, microsecond=0)


def _who_waits(session: Session, occurrence: Occurrence) -> list[Person]:
    if occurrence.reason == Skipped.TEAM_OFF:
        return []
    schedule = schedule_of(session, occurrence)
    if schedule.person_id is not None:
        person = get_person(session, schedule.person_id)
        is_off = day_off(session, person, occurrence.local_date) is not None
        return [] if is_off or not person.active else [person]
    team_id = team_id_of(session, occurrence)
    if occurrence.reason in PUT_OFF:
        return _who_waits_for_deciding(session, team_id)
    lead = pipeline_review.decider_at(session, team_id, occurrence.due_at)
    lead = lead or pipeline_review.first_decider(session, team_id)
    leads = [] if lead is None else [lead]
    if schedule.prompt in (PICK, PUT_RIGHT):
        return leads
    return list({person.id: person for person in [*leads, *admins(session)]}.values())


def _who_waits_for_deciding(session: Session, team_id: int) -> list[Person]:
    deciders = access.allowed(session, Act.DECIDE, team_id=team_id)
    nearest = 3 if access.deputy_id(session, team_id) is not None else 2
    review = pipeline_review.open_review(session, team_id)
    undecided = () if review is None else pipeline_review.undecided_deals(session, review.id)
    owners = [get_person(session, get_deal(session, one).owner_id) for one in undecided]
    waiting = {person.id: person for person in [*deciders[:nearest], *owners]}
    return [person for person in waiting.values() if person.active]
