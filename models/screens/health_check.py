"""What is shown of Monday's health check: the channel's summary, its flags, what is missing.

Nothing of it concerns one rep's coverage: that is in `talks`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import access, health_check
from models.access import Act
from models.deals import Deal, stages
from models.delivery import Kind
from models.flags import Flag, FlagCode
from models.health_check import HealthCheck
from models.people import (
    Person,
    Team,
    get_person,
    people_by_id,
    standards,
    team,
    teams,
)
from models.schedule import monday_of
from models.screens.closing import coverage_shown
from models.screens.pieces import (
    active_addressee,
    deal_shown,
    is_in_its_channel,
    is_posted,
    team_shown,
    who_shown,
)
from models.screens.review_shown import CoverageShown
from models.screens.shown import DealShown, TeamShown, Who
from models.trial import covers
from models.week_agenda import agenda_of

PAGE = 25
"""So many flagged deals stand on a page of the list."""
MOST_FLAGGED = 60
"""So many stand in the thread."""


# --- in the channel


@dataclass(frozen=True)
class Freshness:
    """When the deals were last imported (None: never), and whether that is too long ago, or most of
    them were in no file for as long: `old` of `deals`."""

    as_of: datetime | None
    is_stale: bool
    days: int  # older than these are stale
    old: int = 0
    deals: int = 0


@dataclass(frozen=True)
class PutRight:
    """What an owner put right since the last check: so many flags, on these deals."""

    owner: Who
    deals: tuple[str, ...]
    flags: int


@dataclass(frozen=True)
class HealthSummary:
    """A check in the channel. `coverage` is empty where it stays private, or nothing is known; the
    second is that of the next period. `against`: what the standard is held against, "remaining" or
    "full". `since`: the date of the check before; None: this is the first.
    """

    check_id: int
    team: TeamShown
    day: date
    fresh: Freshness
    since: date | None
    put_right: tuple[PutRight, ...]
    agenda: tuple[str, ...]
    coverage: tuple[CoverageShown, ...]
    against: str
    private: bool
    deals: int
    flagged: int
    kinds: tuple[tuple[FlagCode, int], ...]
    not_checked: int
    trial: bool


@dataclass(frozen=True)
class FlagRow:
    deal: DealShown
    flags: tuple[Flag, ...]


@dataclass(frozen=True)
class HealthFlags:
    """The list in the thread; `more` deals are flagged besides."""

    check_id: int
    team: TeamShown
    day: date
    rows: tuple[FlagRow, ...]
    more: int


@dataclass(frozen=True)
class FlagsScreen:
    """A page of the list, of one owner's deals or of all. Pages count from 0."""

    check_id: int
    team: TeamShown
    day: date
    owners: tuple[Who, ...]
    owner: Who | None
    rows: tuple[FlagRow, ...]
    number: int
    page: int
    pages: int


def health_summary(session: Session, check_id: int, _now: datetime) -> HealthSummary | None:
    """The check as it was found, while the team's channel is the one it was owed to; the agenda as
    it stands."""
    check = health_check.get_check(session, check_id)
    of_team = team(session, check.team_id)
    if not is_in_its_channel(session, Kind.HEALTH_SUMMARY, check.id, of_team):
        return None
    figures = check.figures
    since = figures["since"]
    monday = monday_of(check.day)
    return HealthSummary(
        check_id=check.id,
        team=team_shown(of_team),
        day=check.day,
        fresh=freshness_shown(session, check),
        since=None if since is None else date.fromisoformat(since),
        put_right=_put_right(session, figures["put_right"]),
        agenda=tuple(item.text for item in agenda_of(session, of_team.id, monday)),
        coverage=() if figures["private"] else known_coverage(check, of_team),
        against=figures["against"],
        private=figures["private"],
        deals=figures["deals"],
        flagged=figures["flagged"],
        kinds=tuple((FlagCode(code), number) for code, number in figures["kinds"].items()),
        not_checked=figures["not_checked"],
        trial=covers(of_team, check.day),
    )


def freshness_shown(session: Session, check: HealthCheck) -> Freshness:
    """How fresh the deals were that a check looked at."""
    old, deals = check.figures.get("old", 0), check.figures["deals"]
    return Freshness(check.as_of, check.is_stale, standards(session).import_days, old, deals)


def known_coverage(check: HealthCheck, of_team: Team) -> tuple[CoverageShown, ...]:
    """The team's coverage as it was found; nothing where no deals were ever imported."""
    if check.as_of is None:
        return ()
    return tuple(coverage_shown(figures, of_team) for figures in check.figures["coverage"])


def _put_right(session: Session, rows: Iterable[Mapping[str, Any]]) -> tuple[PutRight, ...]:
    """By owner, who put most right first."""
    by_owner: dict[int, list[Mapping[str, Any]]] = {}
    for row in rows:
        by_owner.setdefault(row["owner_id"], []).append(row)
    ids = {row["deal_id"] for row in rows}
    names = {deal.id: deal.name for deal in session.scalars(select(Deal).where(Deal.id.in_(ids)))}
    people = people_by_id(session, by_owner)
    shown = [
        PutRight(
            who_shown(people[owner_id]),
            tuple(names[row["deal_id"]] for row in of_owner),
            sum(len(row["codes"]) for row in of_owner),
        )
        for owner_id, of_owner in by_owner.items()
    ]
    return tuple(sorted(shown, key=lambda one: (-one.flags, one.owner.name, one.owner.id)))


def health_flags(session: Session, check_id: int, _now: datetime) -> HealthFlags | None:
    """The list of flags, while the team's channel is the one it was owed to."""
    check = health_check.get_check(session, check_id)
    of_team = team(session, check.team_id)
    if not is_in_its_channel(session, Kind.HEALTH_FLAGS, check.id, of_team):
        return None
    rows = _flagged(session, check, of_team)
    return HealthFlags(
        check_id=check.id,
        team=team_shown(of_team),
        day=check.day,
        rows=tuple(rows[:MOST_FLAGGED]),
        more=len(rows[MOST_FLAGGED:]),
    )


def flags_screen(
    session: Session, actor: Person, check_id: int, owner_id: int | None = None, page: int = 0
) -> FlagsScreen:
    """A page of a check's flags, for who may see the team's reviews.

    Raises `UnknownCheck`, `Refused`.
    """
    check = health_check.get_check(session, check_id)
    access.require(session, actor, Act.SEE_REVIEW, team_id=check.team_id)
    of_team = team(session, check.team_id)
    rows = _flagged(session, check, of_team)
    owners = {row.deal.owner.id: row.deal.owner for row in rows}
    if owner_id is not None:
        owners.setdefault(owner_id, who_shown(get_person(session, owner_id)))
        rows = [row for row in rows if row.deal.owner.id == owner_id]
    pages = max(1, -(-len(rows) // PAGE))
    page = min(max(page, 0), pages - 1)
    return FlagsScreen(
        check_id=check.id,
        team=team_shown(of_team),
        day=check.day,
        owners=tuple(sorted(owners.values(), key=lambda one: (one.name, one.id))),
        owner=None if owner_id is None else owners[owner_id],
        rows=tuple(rows[page * PAGE : (page + 1) * PAGE]),
        number=len(rows),
        page=page,
        pages=pages,
    )


def _flagged(session: Session, check: HealthCheck, of_team: Team) -> list[FlagRow]:
    """The deals with the most flags first, then those worth most."""
    raised: dict[int, list[Flag]] = {}
    owners: dict[int, int] = {}
    for flag in health_check.flags_of(session, check.id):
        raised.setdefault(flag.deal_id, []).append(Flag(flag.code, flag.facts))
        owners[flag.deal_id] = flag.owner_id
    by_id = {stage.id: stage for stage in stages(session)}
    people = people_by_id(session, owners.values())
    found = session.scalars(select(Deal).where(Deal.id.in_(raised)))
    rows = [
        FlagRow(
            deal_shown(deal, by_id[deal.stage_id], people[owners[deal.id]], of_team),
            tuple(raised[deal.id]),
        )
        for deal in found
    ]
    return sorted(rows, key=_weight)


def _weight(row: FlagRow) -> tuple[int, int, int]:
    amount = row.deal.amount
    return -len(row.flags), -(amount.minor if amount else 0), row.deal.id


# --- what is missing, to who can bring it


@dataclass(frozen=True)
class QuotaLacks:
    """Of a team: who has no quota of the period that begins on a date; the team where `people` is
    empty."""

    team: TeamShown
    starts_on: date
    people: tuple[Who, ...]
    of_team: bool


@dataclass(frozen=True)
class QuotasMissing:
    rows: tuple[QuotaLacks, ...]


@dataclass(frozen=True)
class ImportReminder:
    """The deals are old, or never came; `fresh.is_stale` False: no longer. `zone`: the reader's."""

    fresh: Freshness
    zone: str


def quotas_missing(session: Session, admin_id: int, now: datetime) -> QuotasMissing | None:
    """Of what the checks of today found, in all teams, what is missing still, to an admin; once it
    stands it says when nothing is."""
    to = active_addressee(session, Kind.HEALTH_QUOTAS, admin_id)
    if to is None or not to[1].is_admin:
        return None
    since = now - timedelta(days=1)
    rows: list[QuotaLacks] = []
    for check in health_check.checks_since(session, since):
        rows += _lacking(session, check, now)
    return QuotasMissing(tuple(rows)) if rows or is_posted(to[0]) else None


def _lacking(session: Session, check: HealthCheck, now: datetime) -> list[QuotaLacks]:
    by_period: dict[date, set[int | None]] = {}
    for one in health_check.lacking_still(session, check, now):
        by_period.setdefault(date.fromisoformat(one["starts_on"]), set()).add(one["person_id"])
    of_team = team_shown(team(session, check.team_id))
    shown = []
    for starts_on, ids in sorted(by_period.items()):
        people = people_by_id(session, (each for each in ids if each is not None)).values()
        named = tuple(who_shown(one) for one in sorted(people, key=lambda one: one.name))
        shown.append(QuotaLacks(of_team, starts_on, named, None in ids))
    return shown


def import_reminder(session: Session, person_id: int, now: datetime) -> ImportReminder | None:
    """To who is to import; not begun once somebody has."""
    to = active_addressee(session, Kind.IMPORT_REMINDER, person_id)
    if to is None:
        return None
    message, person = to
    taken, is_stale = health_check.freshness(session, teams(session), now)
    if not is_stale and not is_posted(message):
        return None
    as_of = None if taken is None else taken.imported_at
    fresh = Freshness(as_of, is_stale, standards(session).import_days)
    return ImportReminder(fresh, person.zone)
