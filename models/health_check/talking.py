"""A coverage conversation's time of day, and who is asked to hold it when that changes."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from models import access
from models.access import Act
from models.attention import free_at, reader
from models.coaching import (
    CoverageTalk,
    TalkState,
    hold_talks,
    lock_talk,
    of_today,
    show_talks,
    to_talk_with,
)
from models.health_check.owed import owe_talk, owe_talks
from models.health_check.reading import get_check
from models.health_check.refusals import TalkSettled, TimeTaken, UnknownCheck
from models.one_on_ones import diary
from models.people import Person, get_person, standards, team
from models.pipeline_review import decider_at, first_decider


def open_talk(session: Session, actor: Person, talk_id: int, now: datetime) -> CoverageTalk:
    """An open conversation, held, that this person may hold today.

    Raises `UnknownCheck`, `Refused`, `TalkSettled`.
    """
    talk = lock_talk(session, talk_id)
    if talk is None:
        raise UnknownCheck(talk_id)
    access.require(session, actor, Act.TALK_COVERAGE, team_id=talk.team_id)
    if talk.state is not TalkState.OPEN or now >= talk.ends_at:
        settled = TalkState.MISSED if talk.state is TalkState.OPEN else talk.state
        raise TalkSettled(settled, talk.excuse)
    return talk


def free_today(
    session: Session, actor: Person, talk: CoverageTalk, now: datetime
) -> tuple[datetime, ...]:
    """When the actor and the rep can still talk today: full and half hours at which neither is in
    a one-on-one, nor the actor in another such conversation."""
    of_team, person = team(session, talk.team_id), get_person(session, talk.person_id)
    minutes = standards(session).coaching_minutes
    pages = diary(session, actor, person, of_team.zone, talk.day, talk.day)
    others = [
        each.sits_at
        for each in to_talk_with(session, actor, now)
        if each.sits_at is not None and each.id != talk.id
    ]
    long = timedelta(minutes=minutes)
    return tuple(
        at
        for at in pages.free(talk.day, minutes)
        if now < at
        and at + long <= talk.ends_at
        and not any(at < other + long and other < at + long for other in others)
    )


def hears_at(session: Session, talk: CoverageTalk, now: datetime) -> datetime:
    """From when on the rep can be told of a time that is set now: after quiet hours, or at once."""
    return free_at(reader(session, talk.person_id).hours, now)


def set_time(
    session: Session, actor: Person, talk_id: int, starts_at: datetime, now: datetime
) -> CoverageTalk:
    """They talk at that time today; the rep is told, anew when it changes. The same: no change.

    Raises `UnknownCheck`, `Refused`, `TalkSettled`, `TimeTaken`.
    """
    talk = open_talk(session, actor, talk_id, now)
    if talk.sits_at == starts_at:
        return talk
    free = free_today(session, actor, talk, now)
    if starts_at not in free:
        raise TimeTaken(free)
    talk.sits_at, talk.set_by_id = starts_at, actor.id
    session.flush()
    owe_talk(session, talk, now)
    show_talks(session, [talk.check_id], now)
    return talk


def hand_over(session: Session, now: datetime) -> None:
    """People or teams changed: where who was asked today decides no more, who does is asked.

    The message of who was asked says so. Where nobody decides nothing is asked of anybody.
    """
    for check_id in of_today(session, now):
        check = get_check(session, check_id)
        of_team = team(session, check.team_id)
        before = get_person(session, check.decider_id)
        if access.may(session, before, Act.TALK_COVERAGE, team_id=of_team.id):
            continue
        after = decider_at(session, of_team.id, now) or first_decider(session, of_team.id)
        if after is not None:
            check.decider_id = after.id
            for talk in hold_talks(session, check.id):
                if talk.state is TalkState.OPEN:
                    talk.asked_id = after.id
            session.flush()
            owe_talks(session, of_team, check, after.id, now)
        show_talks(session, [check.id], now)


def deals_changed(session: Session, now: datetime) -> None:
    """Deals were imported: the rows of today's conversations say what is missing now.

    A conversation stays asked though its gap has closed meanwhile: it was owed in the morning, and
    a figure that changes by noon is worth a word as well.
    """
    show_talks(session, of_today(session, now), now)
