"""Finding checks, their flags, and how fresh the deals are."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.deals import Deal, Import, latest_import, open_deals
from models.health_check.refusals import UnknownCheck
from models.health_check.tables import HealthCheck, HealthFlag
from models.people import Team, standards


def get_check(session: Session, check_id: int) -> HealthCheck:
    """The check. Raises `UnknownCheck`, also for another workspace's."""
    found = session.scalar(select(HealthCheck).where(HealthCheck.id == check_id))
    if found is None:
        raise UnknownCheck(check_id)
    return found


def check_on(session: Session, team_id: int, day: date) -> HealthCheck | None:
    """The team's check of a local date."""
    return session.scalar(
        select(HealthCheck).where(HealthCheck.team_id == team_id, HealthCheck.day == day)
    )


def check_before(session: Session, team_id: int, day: date) -> HealthCheck | None:
    """The team's last check before a local date."""
    earlier = select(HealthCheck).where(HealthCheck.team_id == team_id, HealthCheck.day < day)
    return session.scalar(earlier.order_by(HealthCheck.day.desc()).limit(1))


def checks_since(session: Session, moment: datetime) -> list[HealthCheck]:
    """Every team's checks after a moment."""
    found = select(HealthCheck).where(HealthCheck.checked_at > moment).order_by(HealthCheck.id)
    return list(session.scalars(found))


def flags_of(session: Session, check_id: int) -> list[HealthFlag]:
    """The flags that a check found, by deal."""
    found = select(HealthFlag).where(HealthFlag.check_id == check_id)
    return list(session.scalars(found.order_by(HealthFlag.deal_id, HealthFlag.id)))


def is_stale(session: Session, taken: Import | None, now: datetime) -> bool:
    """Whether the deals of an import are older than the standard, or never came."""
    if taken is None:
        return True
    return taken.imported_at < now - timedelta(days=standards(session).import_days)


def long_untold(
    session: Session, deals: Iterable[Deal], taken: Import | None, now: datetime
) -> int:
    """How many of these deals no file has told of for longer than the standard."""
    since = now - timedelta(days=standards(session).import_days)
    latest = None if taken is None else taken.imported_at
    told = [deal.told_at or latest for deal in deals]
    return sum(at is None or at < since for at in told)


def freshness(session: Session, of: Iterable[Team], now: datetime) -> tuple[Import | None, bool]:
    """The latest import of deals, and whether they are stale: it is old, or most of the open deals
    of one of these teams were in no file for as long."""
    taken = latest_import(session)
    if is_stale(session, taken, now):
        return taken, True
    return taken, any(_is_mostly_old(session, one, taken, now) for one in of)


def _is_mostly_old(session: Session, of_team: Team, taken: Import | None, now: datetime) -> bool:
    deals = open_deals(session, of_team.id)
    return 2 * long_untold(session, deals, taken, now) > len(deals)
