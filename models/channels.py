"""Whether a team's channel may be posted to, as Slack said last (product.md, "What is public").

Channels shared with other companies and those with guests are refused; a public one needs the
admin's word. Asked again at posting: what Slack said holds for a few minutes, and what happens in
the channel ends that earlier.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import String, UniqueConstraint, delete, exists, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, InWorkspace, insert_once
from models.delivery import Delivery, DeliveryState, unpark
from models.people import Team, team_in_channel, workspace_id_of

HOLDS = timedelta(minutes=5)
"""For so long, in real time, what Slack said about a channel is taken as true."""


class Unfit(StrEnum):
    """Why nothing is posted there: the error under which a message is parked."""

    SHARED = "channel_is_shared"
    GUESTS = "channel_has_guests"
    PUBLIC = "channel_is_public"


class ChannelCheck(InWorkspace, Base):
    """What Slack said about a channel last; `checked_at` is real time."""

    __tablename__ = "channel_checks"
    __table_args__ = (UniqueConstraint("workspace_id", "channel_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    channel_id: Mapped[str] = mapped_column(String(32))
    checked_at: Mapped[datetime]
    is_shared: Mapped[bool]
    is_public: Mapped[bool]
    has_guests: Mapped[bool]


def known(session: Session, channel_id: str, real: datetime) -> ChannelCheck | None:
    """What Slack said about the channel, if that still holds."""
    return session.scalar(
        select(ChannelCheck).where(
            ChannelCheck.channel_id == channel_id, ChannelCheck.checked_at > real - HOLDS
        )
    )


def remember(
    session: Session,
    channel_id: str,
    real: datetime,
    *,
    is_shared: bool,
    is_public: bool,
    has_guests: bool,
) -> ChannelCheck:
    """Keeps what Slack has just said."""
    said = {
        "checked_at": real,
        "is_shared": is_shared,
        "is_public": is_public,
        "has_guests": has_guests,
    }
    whose = {"workspace_id": workspace_id_of(session), "channel_id": channel_id}
    if not insert_once(session, ChannelCheck, whose | said, *whose):
        same = update(ChannelCheck).where(ChannelCheck.channel_id == channel_id)
        session.execute(same.values(**said))
    return session.scalars(
        select(ChannelCheck)
        .where(ChannelCheck.channel_id == channel_id)
        .execution_options(populate_existing=True)
    ).one()


def unfit(session: Session, check: ChannelCheck) -> Unfit | None:
    """Why nothing may be posted there; None: it may."""
    if check.is_shared:
        return Unfit.SHARED
    if check.has_guests:
        return Unfit.GUESTS
    of_team = team_in_channel(session, check.channel_id)
    if check.is_public and of_team is not None and not of_team.channel_may_be_public:
        return Unfit.PUBLIC
    return None


def changed(session: Session, channel_id: str, now: datetime) -> int:
    """Something in the channel has changed: it is looked at anew, and what was held back there is
    owed again; how many messages. Whatever is still unfit is held back again.
    """
    session.execute(delete(ChannelCheck).where(ChannelCheck.channel_id == channel_id))
    return unpark(session, channel_id, now) if _is_held_back(session, channel_id) else 0


def person_changed(session: Session, now: datetime, *, is_guest: bool) -> None:
    """Somebody changed in Slack. A guest may have become one: every team's channel is looked at
    anew. Anybody else may be one no longer: those are, where something is held back.
    """
    for channel_id in session.scalars(select(Team.channel_id).where(Team.channel_id.is_not(None))):
        if is_guest or _is_held_back(session, str(channel_id)):
            changed(session, str(channel_id), now)


def _is_held_back(session: Session, channel_id: str) -> bool:
    held = exists().where(
        Delivery.lane == channel_id,
        Delivery.state == DeliveryState.PARKED,
        Delivery.error.in_(tuple(Unfit)),
    )
    return bool(session.scalar(select(held)))
