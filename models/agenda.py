"""What each scheduled prompt does when it comes due (product.md, "The week").

A prompt does its work in the transaction that claimed its occurrence, or skips it with a stable
word for the reason. Whoever runs the occurrences settles what was not skipped.
"""

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import access, pipeline_review
from models.access import Act
from models.delivery import Kind, owe
from models.people import Person, admins, team
from models.pipeline_review import AlreadyOpen, NoChannel, NoDeals, Review, ReviewKind
from models.schedule import Occurrence, Schedule, next_instant, schedule_of, skip

CARDS = "review.cards"
DECIDING = "review.deciding"


class Skipped(StrEnum):
    """Why a prompt of the review had nothing to do."""

    REVIEW_OPEN = "review_open"  # the last one is not closed yet: it goes on
    NO_CHANNEL = "no_channel"
    NO_DEALS = "no_deals"
    NO_REVIEW = "no_review"  # nothing is open that could be decided
    DECIDES_LATER = "decides_later"  # the open one still waits for answers
    ALL_DECIDED = "all_decided"


_WHY_NOT = {
    AlreadyOpen: Skipped.REVIEW_OPEN,
    NoChannel: Skipped.NO_CHANNEL,
    NoDeals: Skipped.NO_DEALS,
}


def review_cards(session: Session, occurrence: Occurrence, now: datetime) -> None:
    """Tuesday 15:00: pick, and start the team's review; deciding is from the next Wednesday 10:00.

    A review still open is left as it is. Then, without open deals, or without a channel, the
    team's manager and the admins are told that nothing was started.
    """
    of_team = team(session, schedule_of(session, occurrence).team_id)
    chosen = [found.deal_id for found in pipeline_review.pick(session, of_team, now)]
    try:
        pipeline_review.start_review(
            session,
            None,
            of_team,
            chosen,
            now,
            kind=ReviewKind.SCHEDULED,
            decide_from=next_due(session, of_team.id, DECIDING, now) or now,
        )
    except (AlreadyOpen, NoChannel, NoDeals) as refused:
        skip(occurrence, _WHY_NOT[type(refused)], now)
        tell_skipped(session, occurrence, now)


def review_deciding(session: Session, occurrence: Occurrence, now: datetime) -> None:
    """Wednesday 10:00: the parent says so, and whoever decides gets what still lacks a decision."""
    review = pipeline_review.open_review(session, schedule_of(session, occurrence).team_id)
    reason = _nothing_to_decide(session, review, now)
    if review is None or reason is not None:
        skip(occurrence, reason or Skipped.NO_REVIEW, now)
        return
    pipeline_review.show_deciding(session, review, now)


def _nothing_to_decide(session: Session, review: Review | None, now: datetime) -> Skipped | None:
    if review is None:
        return Skipped.NO_REVIEW
    if review.decide_from > now:
        return Skipped.DECIDES_LATER
    return None if pipeline_review.undecided_deals(session, review.id) else Skipped.ALL_DECIDED


def next_due(session: Session, team_id: int, prompt: str, now: datetime) -> datetime | None:
    """When the team's prompt comes due next, after now; None where it is off or never was on."""
    found = session.scalar(
        select(Schedule).where(
            Schedule.team_id == team_id, Schedule.prompt == prompt, Schedule.is_on
        )
    )
    return None if found is None else next_instant(found, now)


def tell_skipped(session: Session, occurrence: Occurrence, now: datetime) -> None:
    """Owe everybody who waited for a skipped occurrence one message that says so, with the reason:
    the team's manager (else the nearest leader above) and the admins."""
    team_id = schedule_of(session, occurrence).team_id
    for person in _who_waits(session, team_id):
        owe(
            session,
            Kind.SCHEDULE_SKIPPED,
            occurrence.id,
            dedupe_key=f"occurrence:{occurrence.id}:skipped:{person.id}",
            due_at=now,
            person_id=person.id,
        )


def _who_waits(session: Session, team_id: int) -> list[Person]:
    leads = access.allowed(session, Act.START_REVIEW, team_id=team_id)[:1]
    return list({person.id: person for person in [*leads, *admins(session)]}.values())


PROMPTS: dict[str, Callable[[Session, Occurrence, datetime], None]] = {
    CARDS: review_cards,
    DECIDING: review_deciding,
}
