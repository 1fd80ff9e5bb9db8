"""Setting up who is here, again and again: people, teams, quotas.

Every `put_…` makes the row or brings it to the values given and says whether anything changed, so
the same setup may run any number of times.
"""

from datetime import date
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.base import RuleBroken
from models.days import check_calendar
from models.people import (
    KEEP,
    Keep,
    Person,
    Quota,
    Role,
    Team,
    bring,
    chain_above,
    get_person,
    is_one_month,
    person_by_slack_id,
    team,
    team_in_channel,
)


class UnknownZone(RuleBroken):
    """Not an IANA zone."""

    def __init__(self, zone: str) -> None:
        super().__init__(zone)
        self.zone = zone


class UnknownCurrency(RuleBroken):
    """Not three capital letters (ISO 4217)."""

    def __init__(self, currency: str) -> None:
        super().__init__(currency)
        self.currency = currency


class ReportingCircle(RuleBroken):
    """Somebody would stand above themselves. `through`: the person who would report in a circle."""

    def __init__(self, person_id: int, through: int) -> None:
        super().__init__(person_id, through)
        self.person_id = person_id
        self.through = through


class ChannelTaken(RuleBroken):
    """A channel belongs to one team; it has one already."""

    def __init__(self, channel_id: str, team_id: int) -> None:
        super().__init__(channel_id, team_id)
        self.channel_id = channel_id
        self.team_id = team_id


class PeriodsOverlap(RuleBroken):
    """Two quotas of one person (or team) would cover the same day, and neither is one month's."""

    def __init__(self, starts_on: date, ends_on: date) -> None:
        super().__init__(starts_on, ends_on)
        self.starts_on = starts_on
        self.ends_on = ends_on


def put_person(
    session: Session,
    slack_id: str,
    *,
    name: str,
    role: Role,
    email: str | Keep | None = KEEP,
    zone: str | Keep = KEEP,
    zone_is_own: bool | Keep = KEEP,
    zone_is_teams: bool | Keep = KEEP,
    team_id: int | Keep | None = KEEP,
    reports_to_id: int | Keep | None = KEEP,
    is_admin: bool | Keep = KEEP,
    active: bool | Keep = KEEP,
    working_days: str | Keep = KEEP,
    holiday_calendar: str | Keep | None = KEEP,
) -> tuple[Person, bool]:
    """The person with this Slack id, made or brought to these values; True when changed.

    Raises `UnknownZone`, `UnknownTeam`, `UnknownPerson`, `ReportingCircle`, `UnknownCalendar`,
    and ValueError for working days that are none (ISO digits, Monday 1).
    """
    if isinstance(zone, str):
        _check_zone(zone)
    if isinstance(working_days, str) and (not working_days or set(working_days) - set("1234567")):
        raise ValueError(f"weekdays are ISO digits, Monday 1: {working_days!r}")
    if isinstance(holiday_calendar, str):
        check_calendar(holiday_calendar)
    if isinstance(team_id, int):
        team(session, team_id)
    row = person_by_slack_id(session, slack_id)
    if isinstance(reports_to_id, int):
        _check_line(session, row, reports_to_id)
    is_new = row is None
    if row is None:
        row = Person(slack_id=slack_id, name=name, role=role)
        session.add(row)
    changed = bring(
        row,
        name=name,
        role=role,
        email=email,
        zone=zone,
        zone_is_own=zone_is_own,
        zone_is_teams=zone_is_teams,
        team_id=team_id,
        reports_to_id=reports_to_id,
        is_admin=is_admin,
        active=active,
        working_days=working_days,
        holiday_calendar=holiday_calendar,
    )
    session.flush()
    return row, changed or is_new


def put_team(
    session: Session,
    name: str,
    *,
    currency: str,
    zone: str,
    locale: str | Keep = KEEP,
    channel_id: str | Keep | None = KEEP,
    manager_id: int | Keep | None = KEEP,
    channel_may_be_public: bool | Keep = KEEP,
) -> tuple[Team, bool]:
    """The team of this name, made or brought to these values; True when something changed.

    Raises `UnknownCurrency`, `UnknownZone`, `UnknownPerson` (the manager), `ChannelTaken`.
    """
    _check_zone(zone)
    _check_currency(currency)
    if isinstance(manager_id, int):
        get_person(session, manager_id)
    row = session.scalar(select(Team).where(Team.name == name))
    if isinstance(channel_id, str):
        holder = team_in_channel(session, channel_id)
        if holder is not None and holder is not row:
            raise ChannelTaken(channel_id, holder.id)
    is_new = row is None
    if row is None:
        row = Team(name=name, currency=currency, zone=zone)
        session.add(row)
    changed = bring(
        row,
        currency=currency,
        zone=zone,
        locale=locale,
        channel_id=channel_id,
        channel_may_be_public=channel_may_be_public,
        manager_id=manager_id,
    )
    session.flush()
    return row, changed or is_new


def put_quota(
    session: Session,
    team_id: int,
    *,
    starts_on: date,
    ends_on: date,
    amount_minor: int,
    person_id: int | None = None,
) -> tuple[Quota, bool]:
    """The quota of a person, or of the whole team (`person_id` None), between two dates.

    Both dates are included; the amount is in minor units of the team's currency. Rows of one
    holder may not overlap, except that the row of a calendar month may lie inside a longer one.
    Raises `UnknownTeam`, `UnknownPerson`, `PeriodsOverlap`; a negative amount or dates in the
    wrong order are a ValueError.
    """
    if amount_minor < 0 or starts_on > ends_on:
        raise ValueError("a quota is not negative, and starts before it ends")
    team(session, team_id)
    if person_id is not None:
        get_person(session, person_id)
    holder = Quota.person_id.is_(None) if person_id is None else Quota.person_id == person_id
    others = session.scalars(
        select(Quota).where(
            Quota.team_id == team_id,
            holder,
            Quota.starts_on <= ends_on,
            Quota.ends_on >= starts_on,
        )
    )
    for other in others:
        if (other.starts_on, other.ends_on) == (starts_on, ends_on):
            changed = bring(other, amount_minor=amount_minor)
            session.flush()
            return other, changed
        if not is_one_month(starts_on, ends_on) and not is_one_month(
            other.starts_on, other.ends_on
        ):
            raise PeriodsOverlap(other.starts_on, other.ends_on)
    row = Quota(
        team_id=team_id,
        person_id=person_id,
        starts_on=starts_on,
        ends_on=ends_on,
        amount_minor=amount_minor,
    )
    session.add(row)
    session.flush()
    return row, True


def _check_zone(zone: str) -> None:
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise UnknownZone(zone) from None


def _check_currency(currency: str) -> None:
    if not (
        len(currency) == 3 and currency.isascii() and currency.isalpha() and currency.isupper()
    ):
        raise UnknownCurrency(currency)


def _check_line(session: Session, person: Person | None, boss_id: int) -> None:
    boss = get_person(session, boss_id)
    if person is None:
        return
    if person is boss or any(above is person for above in chain_above(session, boss_id)):
        raise ReportingCircle(person.id, boss_id)
