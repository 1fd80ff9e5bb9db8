"""Prompts that had nothing to do, or came too late: why, and who is told."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from models import access, pipeline_review
from models.access import Act
from models.days import day_off
from models.deals import get_deal
from models.delivery import Kind, owe
from models.people import Person, admins, get_person, team
from models.schedule import Occurrence, SkipReason, schedule_of, team_id_of
from models.week import CARDS, PICK, PUT_RIGHT


class Skipped(StrEnum):
    """Why a prompt had nothing to do."""

    DAY_OFF = "day_off"  # of the person whose prompt it is
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
    NOBODY_THERE = "nobody_there"  # who could run it is off that day: excused
    FRESH = "fresh"  # the deals are: nobody is to be reminded
    WEEK_HAS_ONE = "week_has_one"  # the week's forecast was asked for already
    NOT_HELD = "not_held"  # nor on that day: the review is over


def missed(session: Session, occurrence: Occurrence, now: datetime) -> None:
    """What is done where a prompt came too late: the review before ends all the same, and so does
    the pick that waited for the cards."""
    if schedule_of(session, occurrence).prompt == CARDS:
        of_team = team(session, team_id_of(session, occurrence))
        pipeline_review.make_way(session, of_team, now)
        pipeline_review.end_pick(session, of_team.id, SkipReason.LATE, now)


def tell_skipped(session: Session, occurrence: Occurrence, now: datetime) -> None:
    """Owe everybody who waited for a skipped occurrence one message that says so, with the reason.

    For a team's prompt that is who decides there that day (else the first who could) and the
    admins; these not where another prompt makes up for it (the pick, what to put right in the CRM).
    For deciding that was put off it is the owners whose deals are undecided, the manager, the
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
