"""Loaders of what went wrong, for who can mend it or has waited: prompts skipped, posts refused."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.agenda import Skipped, skipped_together
from models.days import day_off
from models.delivery import Delivery, DeliveryState, Kind, find
from models.deputies import Deputy, deputy_of
from models.people import get_person, people_by_id, team, team_in_channel
from models.pipeline_review import get_review, open_review, review_deals
from models.schedule import Occurrence, OccurrenceState, Schedule, put_off_to, schedule_of
from models.screens.digest import is_missed
from models.screens.pieces import (
    active_addressee,
    closed_shown,
    deal_names,
    is_posted,
    team_shown,
    who_shown,
)
from models.screens.reading import day_of
from models.screens.review_shown import (
    DeputyTold,
    ReviewEnded,
)
from models.screens.shown import (
    AdminParked,
    SkippedNotice,
)


def skipped_notice(session: Session, occurrence_id: int, now: datetime) -> SkippedNotice | None:
    """A prompt that was skipped, with the reason; a person's only if anything was in it."""
    occurrence = session.scalars(select(Occurrence).where(Occurrence.id == occurrence_id)).one()
    if occurrence.state is not OccurrenceState.SKIPPED or occurrence.reason is None:
        return None
    schedule = schedule_of(session, occurrence)
    if schedule.person_id is not None:
        if not is_missed(session, occurrence, now):
            return None
        of_team, zone = None, get_person(session, schedule.person_id).zone
    else:
        of_team = None if schedule.team_id is None else team_shown(team(session, schedule.team_id))
        zone = schedule.zone
    review = None if schedule.team_id is None else open_review(session, schedule.team_id)
    return SkippedNotice(
        occurrence_id=occurrence.id,
        prompt=schedule.prompt,
        team=of_team,
        zone=zone,
        due_at=occurrence.due_at,
        reason=occurrence.reason,
        put_off_to=put_off_to(session, occurrence),
        review_open=review is not None,
        deciding=review is not None and review.decide_from <= now,
        day_off=_day_off(session, occurrence, schedule),
        others=tuple(
            (other, at)
            for other, at in skipped_together(session, occurrence).items()
            if other != schedule.prompt
        ),
    )


def _day_off(session: Session, occurrence: Occurrence, schedule: Schedule) -> str:
    """What the day off for which it was put off is called, for the team's manager."""
    if schedule.team_id is None or occurrence.reason != Skipped.TEAM_PUT_OFF:
        return ""
    manager_id = team(session, schedule.team_id).manager_id
    if manager_id is None:
        return ""
    off = day_off(session, get_person(session, manager_id), occurrence.local_date)
    return "" if off is None else off.name


def review_ended(session: Session, review_id: int, _now: datetime) -> ReviewEnded | None:
    """A review that ended without a grade: how many deals it was about, and which were left."""
    review = get_review(session, review_id)
    of_team = team(session, review.team_id)
    closed = closed_shown(review, {})
    if closed is None or closed.grade is not None:
        return None
    return ReviewEnded(
        review_id=review.id,
        team=team_shown(of_team),
        day=day_of(review, of_team.zone),
        closed=closed,
        deals=len(review_deals(session, review.id)),
        undecided=deal_names(session, review.figures["undecided"]),
    )


def deputy_named(session: Session, deputy_id: int, _now: datetime) -> DeputyTold | None:
    """To a team's deputy; once they are it no more, only a message that stands says so."""
    named = session.scalars(select(Deputy).where(Deputy.id == deputy_id)).one()
    of_team = team(session, named.team_id)
    to = active_addressee(session, Kind.DEPUTY_NAMED, deputy_id)
    if to is None or (named.ended_at is not None and not is_posted(to[0])):
        return None
    if named.ended_at is None and deputy_of(session, of_team) is None:
        return None
    ids = [each for each in (named.named_by_id, of_team.manager_id) if each is not None]
    people = {each.id: who_shown(each) for each in people_by_id(session, ids).values()}
    return DeputyTold(
        team=team_shown(of_team),
        by=None if named.named_by_id is None else people[named.named_by_id],
        manager=None if of_team.manager_id is None else people.get(of_team.manager_id),
        ended_at=named.ended_at,
    )


def admin_parked(session: Session, delivery_id: int, _now: datetime) -> AdminParked | None:
    """A message that waits for an admin; once mended, only a notice that stands says so."""
    refused = session.scalars(select(Delivery).where(Delivery.id == delivery_id)).one()
    if refused.state is not DeliveryState.PARKED:
        notice = find(session, Kind.ADMIN_PARKED, delivery_id)
        if notice is None or not is_posted(notice):
            return None
    return parked_shown(session, refused)


def parked_shown(session: Session, refused: Delivery) -> AdminParked:
    """One message that Slack refused."""
    channel_id = refused.channel_id
    of_team = None if channel_id is None else team_in_channel(session, channel_id)
    to = people_by_id(session, [refused.person_id] if refused.person_id is not None else [])
    return AdminParked(
        delivery_id=refused.id,
        kind=refused.kind,
        team=None if of_team is None else team_shown(of_team),
        channel_id=channel_id,
        to=next((who_shown(person) for person in to.values()), None),
        error=refused.error or "",
        since=refused.due_at,
        mended=refused.state is not DeliveryState.PARKED,
    )
