"""The check of a team's open deals: what it finds is written down, and whoever it concerns is told.

product.md, "Monday pipeline health check". It covers every open deal as of the latest import. What
was found stands in `HealthCheck.figures`, in what JSON can hold: ids, minor units, ISO dates.
"""

from collections import Counter
from dataclasses import asdict
from datetime import date, datetime, time
from typing import Any

from sqlalchemy.orm import Session

from models.activities import stage_contacts
from models.coaching import CoverageTalk, TalkExcuse, TalkState, follow_talk
from models.coverage import (
    Coverage,
    RepCoverage,
    next_period_of,
    period_of,
    rep_coverages,
    team_coverage,
)
from models.days import DAY, day_off
from models.deals import Deal, open_deals
from models.flags import Flag, FlagCode, flags
from models.health_check.owed import owe_check
from models.health_check.put_right import put_right
from models.health_check.reading import check_before, check_on, freshness, long_untold
from models.health_check.reasons import reasons
from models.health_check.tables import HealthCheck, HealthFlag
from models.people import Person, Team, members, standards, team
from models.pipeline_review import FEWEST_REPS
from models.schedule import instant, local_date

WEEK = 7 * DAY


def check_team(
    session: Session, of_team: Team, decider: Person, day: date, now: datetime
) -> HealthCheck:
    """Checks the team's pipeline on a local date, once: asked again it is what was found then.

    `decider` is who speaks with the reps that day. Nothing is asked about reps where no deals were
    ever imported. Deals are stale where the latest file is old, or most of them were in none for as
    long.
    """
    here = check_on(session, of_team.id, day)
    if here is not None:
        return here
    taken, is_stale = freshness(session, [of_team], now)
    deals = open_deals(session, of_team.id)
    old = long_untold(session, deals, taken, now)
    found = flags(session, deals, now, day, standards(session))
    contacts = stage_contacts(session, deals, standards(session))
    unchecked = {deal_id for deal_id, contact in contacts.items() if contact.logged is None}
    reps = members(session, of_team.id)
    covered = rep_coverages(session, of_team, reps, day, now)
    of_all = _of_all(session, of_team, day, now)
    before = check_before(session, of_team.id, day)
    check = HealthCheck(
        team_id=of_team.id,
        day=day,
        checked_at=now,
        as_of=None if taken is None else taken.imported_at,
        is_stale=is_stale,
        decider_id=decider.id,
        figures={
            "against": standards(session).coverage_against,
            "coverage": [_jsonable(asdict(each)) for each in of_all],
        }
        | _flagged(deals, found, unchecked)
        | {
            "private": len(reps) < FEWEST_REPS,
            "old": old,
            "reps": len(reps),
            "no_quota": _no_quota(covered, of_all),
            "since": None if before is None else before.day.isoformat(),
            "put_right": []
            if before is None
            else put_right(session, of_team, before, found, unchecked),
        },
    )
    session.add(check)
    session.flush()
    by_id = {deal.id: deal for deal in deals}
    session.add_all(_rows(check, by_id, found))
    session.flush()
    since = day - WEEK if before is None else before.day
    talks = _ask(session, of_team, check, covered if taken else [], since, now)
    owe_check(session, of_team, check, now)
    for talk in talks:
        follow_talk(session, talk, now)  # a log of this morning keeps it already
    return check


def lacking_still(session: Session, check: HealthCheck, now: datetime) -> list[dict[str, Any]]:
    """Of those without a quota when it was checked, whoever has none yet, in the same words."""
    of_team = team(session, check.team_id)
    covered = rep_coverages(session, of_team, members(session, of_team.id), check.day, now)
    lacking = _no_quota(covered, _of_all(session, of_team, check.day, now))
    return [one for one in check.figures["no_quota"] if one in lacking]


def _rows(
    check: HealthCheck, deals: dict[int, Deal], found: dict[int, list[Flag]]
) -> list[HealthFlag]:
    return [
        HealthFlag(
            check_id=check.id,
            deal_id=deal_id,
            owner_id=deals[deal_id].owner_id,
            code=flag.code,
            facts=flag.facts,
        )
        for deal_id, raised in found.items()
        for flag in raised
    ]


def _flagged(
    deals: list[Deal], found: dict[int, list[Flag]], unchecked: set[int]
) -> dict[str, Any]:
    counted = Counter(flag.code for raised in found.values() for flag in raised)
    return {
        "deals": len(deals),
        "flagged": sum(1 for raised in found.values() if raised),
        "kinds": {code.value: counted[code] for code in FlagCode if counted[code]},
        "not_checked": len(unchecked),
    }


def _of_all(session: Session, of_team: Team, day: date, now: datetime) -> list[Coverage]:
    """The team's coverage, and that of the next period in the last days of this one."""
    current = period_of(session, of_team.id, day)
    following = next_period_of(session, of_team.id, current, day)
    periods = [current] if following is None else [current, following]
    return [team_coverage(session, of_team, day, now, period) for period in periods]


def _no_quota(covered: list[RepCoverage], of_all: list[Coverage]) -> list[dict[str, Any]]:
    """Who has no quota of a period that counts today: people, and the team (`person_id` None)."""
    asked: list[tuple[int | None, Coverage | None]] = [
        (rep.person_id, each) for rep in covered for each in (rep.current, rep.following)
    ]
    asked += [(None, each) for each in of_all]
    return [
        _jsonable({"person_id": person_id, "starts_on": each.period.starts_on})
        for person_id, each in asked
        if each is not None and each.quota_minor is None
    ]


def _ask(
    session: Session,
    of_team: Team,
    check: HealthCheck,
    covered: list[RepCoverage],
    since: date,
    now: datetime,
) -> list[CoverageTalk]:
    """A conversation with each rep under the standard; who is away today is excused."""
    under = [rep for rep in covered if rep.under]
    why = reasons(
        session, of_team, ((rep.person_id, rep.under[0]) for rep in under), check.day, since
    )
    people = {rep.id: rep for rep in members(session, of_team.id)}
    made: list[CoverageTalk] = []
    for rep in under:
        person = people[rep.person_id]
        is_off = day_off(session, person, local_date(now, person.zone)) is not None
        talk = CoverageTalk(
            check_id=check.id,
            team_id=of_team.id,
            person_id=person.id,
            asked_id=check.decider_id,
            day=check.day,
            asked_at=now,
            ends_at=instant(check.day + DAY, time(), of_team.zone),
            missing_minor=rep.missing_minor,
            facts={
                "gaps": [_gap(each) for each in rep.under],
                "reasons": [
                    {"code": reason.code.value, "facts": reason.facts} for reason in why[person.id]
                ],
            },
            state=TalkState.EXCUSED if is_off else TalkState.OPEN,
            excuse=TalkExcuse.PERSON_OFF if is_off else None,
            settled_at=now if is_off else None,
        )
        made.append(talk)
    session.add_all(made)
    session.flush()
    return made


def _gap(coverage: Coverage) -> dict[str, Any]:
    return {
        "starts_on": coverage.period.starts_on.isoformat(),
        "ends_on": coverage.period.ends_on.isoformat(),
        "against_full": coverage.against_full,
        "against_remaining": coverage.against_remaining,
        "missing_minor": coverage.missing_minor,
        "standard": coverage.standard,
    }


def _jsonable(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _jsonable(inner) for key, inner in value.items()}
    return value.isoformat() if isinstance(value, date) else value
