"""What a health check owes to Slack: the channel's summary with its thread, and direct messages."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.coaching import CoverageTalk, TalkState, put_ask, talks_of
from models.delivery import Delivery, DeliveryState, Kind, find, owe, refresh, refresh_keys
from models.health_check.tables import HealthCheck
from models.people import Team, admins, standards
from models.schedule import instant


def owe_check(session: Session, of_team: Team, check: HealthCheck, now: datetime) -> None:
    """The summary, the flags in its thread, the conversations to who decides with a reminder in
    the afternoon, and to the admins, once for all teams, who has no quota."""
    if of_team.channel_id is not None:
        owe(
            session,
            Kind.HEALTH_SUMMARY,
            check.id,
            dedupe_key=f"health:{check.id}:summary",
            due_at=now,
            channel_id=of_team.channel_id,
        )
        parent = find(session, Kind.HEALTH_SUMMARY, check.id)
        if check.figures["flagged"] and parent is not None:
            owe(
                session,
                Kind.HEALTH_FLAGS,
                check.id,
                dedupe_key=f"health:{check.id}:flags",
                due_at=now,
                channel_id=of_team.channel_id,
                after=parent,
            )
    if check.as_of is not None and check.figures["reps"]:
        owe_talks(session, of_team, check, check.decider_id, now)
    if check.figures["no_quota"]:
        _owe_quotas(session, check, now)


def owe_talks(
    session: Session, of_team: Team, check: HealthCheck, person_id: int, now: datetime
) -> None:
    """To this person: the reps to be spoken with today; and in the afternoon those still open."""
    ask = put_ask(session, check.id, person_id, now)
    owe(
        session,
        Kind.HEALTH_TALKS,
        ask.id,
        dedupe_key=f"health:{check.id}:talks:{person_id}",
        due_at=now,
        person_id=person_id,
    )
    at = instant(check.day, standards(session).coverage_reminder_at, of_team.zone)
    is_open = any(talk.state is TalkState.OPEN for talk in talks_of(session, check.id))
    if is_open and at > now:
        owe(
            session,
            Kind.HEALTH_REMINDER,
            ask.id,
            dedupe_key=f"health:{check.id}:reminder:{person_id}",
            due_at=at,
            person_id=person_id,
        )


def show_quotas(session: Session, check: HealthCheck, now: datetime) -> None:
    """Quotas were put: what an admin was told on the day of the check follows."""
    refresh_keys(session, list(_keys(session, check).values()), now)


def _keys(session: Session, check: HealthCheck) -> dict[int, str]:
    return {admin.id: f"health:{check.day}:quotas:{admin.id}" for admin in admins(session)}


def _owe_quotas(session: Session, check: HealthCheck, now: datetime) -> None:
    """One message per admin and day, whatever the number of teams: the next team adds to it."""
    keys = _keys(session, check)
    refresh_keys(session, list(keys.values()), now)
    for admin_id, key in keys.items():
        owe(
            session,
            Kind.HEALTH_QUOTAS,
            admin_id,
            dedupe_key=key,
            due_at=now,
            person_id=admin_id,
        )


def owe_talk(session: Session, talk: CoverageTalk, now: datetime) -> None:
    """The rep hears when they talk, and of each change by a message of its own, unless the one
    before is still to come. All show the newest time. Whoever calls holds the conversation."""
    refresh(session, Kind.HEALTH_TALK, talk.id, now)
    of_talk = (Delivery.kind == Kind.HEALTH_TALK) & (Delivery.subject_id == talk.id)
    before = session.scalars(select(Delivery).where(of_talk)).all()
    if not any(one.state is DeliveryState.OWED and one.told_at is None for one in before):
        owe(
            session,
            Kind.HEALTH_TALK,
            talk.id,
            dedupe_key=f"talk:{talk.id}:set:{len(before)}",
            due_at=now,
            person_id=talk.person_id,
        )
