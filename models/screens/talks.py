"""What is shown of coverage conversations: the reps under the standard, to who speaks with them.

What a rep is covered with is shown to that rep, and to who decides in the team, alone.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import access, coaching, health_check
from models.access import Act
from models.coaching import CoverageTalk, TalkExcuse, TalkState
from models.coverage import RepCoverage, rep_coverages
from models.delivery import Kind
from models.health_check import HealthCheck, ReasonCode
from models.people import (
    Person,
    Team,
    get_person,
    people_by_id,
    standards,
    team,
    today_of,
)
from models.screens.health_check import Freshness, freshness_shown, known_coverage
from models.screens.pieces import (
    active_addressee,
    is_posted,
    team_money,
    team_shown,
    who_shown,
)
from models.screens.review_shown import CoverageShown
from models.screens.shown import Money, TeamShown, Who
from models.trial import covers


@dataclass(frozen=True)
class GapShown:
    """Where a rep is under the standard: in this period, at that multiple of quota, by so much."""

    starts_on: date
    ends_on: date
    ratio: float | None
    missing: Money
    standard: float


@dataclass(frozen=True)
class ReasonShown:
    """A fact that says why; `amount` where it counts money."""

    code: ReasonCode
    facts: Mapping[str, int]
    amount: Money | None


@dataclass(frozen=True)
class TalkRow:
    """A rep to be spoken with. `missing_now`: what is missing by now, where that has changed.

    `kept_by` logged it. `here`: the rep is active and the team's still. `zone` is the reader's.
    """

    talk_id: int
    person: Who
    against: str
    gaps: tuple[GapShown, ...]
    reasons: tuple[ReasonShown, ...]
    missing_now: Money | None
    state: TalkState
    excuse: TalkExcuse | None
    sits_at: datetime | None
    kept_by: Who | None
    kept_at: datetime | None
    here: bool
    zone: str


@dataclass(frozen=True)
class TalksDm:
    """To who decides: the reps under the standard, widest gap first.

    `handed_to`: somebody else is asked now, and nothing else is shown; None with `over_for_me`:
    nobody. `coverage` is the team's, where it is private. `no_quota`: reps of whom nothing can be
    said now; of a next period it is the admins' business. `reps` counts the team's.
    """

    check_id: int
    team: TeamShown
    day: date
    zone: str
    fresh: Freshness
    stands_in_for: Who | None
    rows: tuple[TalkRow, ...]
    reps: int
    no_quota: tuple[Who, ...]
    coverage: tuple[CoverageShown, ...]
    against: str
    ends_at: datetime | None
    is_over: bool
    trial: bool
    over_for_me: bool = False
    handed_to: Who | None = None


@dataclass(frozen=True)
class TalkReminder:
    """Those still open in the afternoon. `unlogged`: how many nobody logged, once the day is over:
    missed, but in a `trial`."""

    check_id: int
    team: TeamShown
    rows: tuple[TalkRow, ...]
    trial: bool
    unlogged: int = 0


@dataclass(frozen=True)
class TalkTold:
    """To a rep: when somebody wants to talk. `is_past`: that time has passed; `is_over`: the
    conversation is no longer open."""

    talk_id: int
    by: Who
    sits_at: datetime
    zone: str
    minutes: int
    gaps: tuple[GapShown, ...]
    against: str
    is_past: bool
    is_over: bool


@dataclass(frozen=True)
class TalkForm:
    """When to talk today. `free` are in time; `zone` is the reader's. `hears_at`: from when on the
    rep gets messages, where not now; `hears_today`: while the day lasts."""

    talk_id: int
    person: Who
    zone: str
    minutes: int
    sits_at: datetime | None
    free: tuple[datetime, ...]
    hears_at: datetime | None
    hears_today: bool


def talks_dm(session: Session, ask_id: int, now: datetime) -> TalksDm | None:
    """To who is asked to hold them, while that person decides in the team."""
    to = active_addressee(session, Kind.HEALTH_TALKS, ask_id)
    if to is None:
        return None
    message, person = to
    check = _asked_about(session, ask_id)
    if _is_asked(session, person, check):
        return talks_shown(session, check, person, now)
    return _handed(session, check, person) if is_posted(message) else None


def _asked_about(session: Session, ask_id: int) -> HealthCheck:
    return health_check.get_check(session, coaching.get_ask(session, ask_id).check_id)


def _is_asked(session: Session, person: Person, check: HealthCheck) -> bool:
    """Whether this person is who is asked now, and may hold the conversations still."""
    may = access.may(session, person, Act.TALK_COVERAGE, team_id=check.team_id)
    return check.decider_id == person.id and may


def talks_screen(session: Session, actor: Person, check_id: int, now: datetime) -> TalksDm:
    """The same, opened. Raises `UnknownCheck`, `Refused`."""
    check = health_check.get_check(session, check_id)
    access.require(session, actor, Act.TALK_COVERAGE, team_id=check.team_id)
    return talks_shown(session, check, actor, now)


def talks_shown(session: Session, check: HealthCheck, reader: Person, now: datetime) -> TalksDm:
    """The conversations of a check, to somebody who may hold them."""
    of_team = team(session, check.team_id)
    found = coaching.talks_of(session, check.id)
    lacking = {
        one["person_id"]
        for one in check.figures["no_quota"]
        if one["person_id"] is not None and date.fromisoformat(one["starts_on"]) <= check.day
    }
    unsaid = people_by_id(session, lacking).values()
    ends_at = found[0].ends_at if found else None
    return TalksDm(
        check_id=check.id,
        team=team_shown(of_team),
        day=check.day,
        zone=reader.zone,
        fresh=freshness_shown(session, check),
        stands_in_for=_absent_manager(session, of_team, reader),
        rows=talk_rows(session, found, reader, now),
        reps=check.figures["reps"],
        no_quota=tuple(who_shown(one) for one in sorted(unsaid, key=lambda one: one.name)),
        coverage=known_coverage(check, of_team) if check.figures["private"] else (),
        against=check.figures["against"],
        ends_at=ends_at,
        is_over=ends_at is not None and now >= ends_at,
        trial=covers(of_team, check.day),
    )


def _absent_manager(session: Session, of_team: Team, reader: Person) -> Who | None:
    if of_team.manager_id in (None, reader.id):
        return None
    return who_shown(get_person(session, of_team.manager_id))


def _handed(session: Session, check: HealthCheck, person: Person) -> TalksDm:
    """What remains of the message to somebody who is no longer asked."""
    after = get_person(session, check.decider_id)
    of_team = team(session, check.team_id)
    return TalksDm(
        check_id=check.id,
        team=team_shown(of_team),
        day=check.day,
        zone=person.zone,
        fresh=freshness_shown(session, check),
        stands_in_for=None,
        rows=(),
        reps=0,
        no_quota=(),
        coverage=(),
        against=check.figures["against"],
        ends_at=None,
        is_over=False,
        trial=False,
        over_for_me=True,
        handed_to=None if after is person else who_shown(after),
    )


def talk_rows(
    session: Session, talks: Iterable[CoverageTalk], reader: Person, now: datetime
) -> tuple[TalkRow, ...]:
    """These conversations, of any teams, to somebody who may hold them."""
    talks = list(talks)
    people = people_by_id(session, {talk.person_id for talk in talks})
    logs = {talk.log_id: coaching.get_log(session, talk.log_id) for talk in talks if talk.log_id}
    coaches = people_by_id(session, {log.coach_id for log in logs.values()})
    covered = _covered(session, talks, people, now)
    rows = []
    for talk in talks:
        of_team, person = team(session, talk.team_id), people[talk.person_id]
        log = logs.get(talk.log_id or 0)
        rows.append(
            TalkRow(
                talk_id=talk.id,
                person=who_shown(person),
                against=standards(session).coverage_against,
                gaps=_gaps(session, talk, of_team),
                reasons=_reasons(talk, of_team),
                missing_now=_missing_now(talk, covered.get(talk.id), of_team),
                state=talk.state,
                excuse=talk.excuse,
                sits_at=talk.sits_at,
                kept_by=None if log is None else who_shown(coaches[log.coach_id]),
                kept_at=None if log is None else log.logged_at,
                here=person.active and person.team_id == talk.team_id and now < talk.ends_at,
                zone=reader.zone,
            )
        )
    return tuple(rows)


def _covered(
    session: Session,
    talks: Iterable[CoverageTalk],
    people: Mapping[int, Person],
    now: datetime,
) -> dict[int, RepCoverage]:
    """How each rep is covered by now, as long as the day lasts."""
    by_team: dict[int, list[CoverageTalk]] = {}
    for talk in talks:
        if now < talk.ends_at:
            by_team.setdefault(talk.team_id, []).append(talk)
    found: dict[int, RepCoverage] = {}
    for team_id, of_team in by_team.items():
        here = team(session, team_id)
        reps = [people[talk.person_id] for talk in of_team]
        covered = rep_coverages(session, here, reps, today_of(here, now), now)
        found |= {talk.id: rep for talk, rep in zip(of_team, covered, strict=True)}
    return found


def _missing_now(talk: CoverageTalk, covered: RepCoverage | None, of_team: Team) -> Money | None:
    if covered is None or covered.missing_minor == talk.missing_minor:
        return None
    return team_money(covered.missing_minor, of_team)


def _gaps(session: Session, talk: CoverageTalk, of_team: Team) -> tuple[GapShown, ...]:
    ratio = f"against_{standards(session).coverage_against}"
    return tuple(
        GapShown(
            starts_on=date.fromisoformat(gap["starts_on"]),
            ends_on=date.fromisoformat(gap["ends_on"]),
            ratio=gap[ratio],
            missing=team_money(gap["missing_minor"], of_team),
            standard=gap["standard"],
        )
        for gap in talk.facts["gaps"]
    )


def _reasons(talk: CoverageTalk, of_team: Team) -> tuple[ReasonShown, ...]:
    return tuple(
        ReasonShown(
            ReasonCode(reason["code"]),
            reason["facts"],
            team_money(reason["facts"]["minor"], of_team) if "minor" in reason["facts"] else None,
        )
        for reason in talk.facts["reasons"]
    )


def talk_reminder(session: Session, ask_id: int, now: datetime) -> TalkReminder | None:
    """Not begun once none is open, or the day is over; updated as they are kept."""
    to = active_addressee(session, Kind.HEALTH_REMINDER, ask_id)
    if to is None:
        return None
    message, person = to
    check = _asked_about(session, ask_id)
    if not _is_asked(session, person, check):
        return None
    rows = talk_rows(session, coaching.talks_of(session, check.id), person, now)
    still = [row for row in rows if row.state is TalkState.OPEN and row.here]
    if not still and not is_posted(message):
        return None
    of_team = team(session, check.team_id)
    trial = covers(of_team, check.day)
    unlogged = sum(row.state is TalkState.MISSED or row.excuse is TalkExcuse.TRIAL for row in rows)
    return TalkReminder(check.id, team_shown(of_team), tuple(still), trial, unlogged)


def talk_told(session: Session, talk_id: int, now: datetime) -> TalkTold | None:
    """To the rep, as long as the conversation is to come; then only a message that stands."""
    to = active_addressee(session, Kind.HEALTH_TALK, talk_id)
    talk = session.scalars(select(CoverageTalk).where(CoverageTalk.id == talk_id)).one()
    if to is None:
        return None
    message, person = to
    if talk.state is not TalkState.OPEN and not is_posted(message):
        return None
    return _told(session, talk, person, now)


def talks_with(session: Session, actor: Person, now: datetime) -> tuple[TalkTold, ...]:
    """The conversations of today that a rep is asked to at a time, the soonest first."""
    found = coaching.set_for(session, actor, now)
    told = [_told(session, talk, actor, now) for talk in found]
    return tuple(one for one in told if one is not None)


def _told(session: Session, talk: CoverageTalk, reader: Person, now: datetime) -> TalkTold | None:
    if talk.sits_at is None or talk.set_by_id is None:
        return None
    return TalkTold(
        talk_id=talk.id,
        by=who_shown(get_person(session, talk.set_by_id)),
        sits_at=talk.sits_at,
        zone=reader.zone,
        minutes=standards(session).coaching_minutes,
        gaps=_gaps(session, talk, team(session, talk.team_id)),
        against=standards(session).coverage_against,
        is_past=now >= talk.sits_at,
        is_over=talk.state is not TalkState.OPEN,
    )


def talk_form(session: Session, actor: Person, talk_id: int, now: datetime) -> TalkForm:
    """Raises `UnknownCheck`, `Refused`, `TalkSettled`."""
    talk = health_check.open_talk(session, actor, talk_id, now)
    hears_at = health_check.hears_at(session, talk, now)
    return TalkForm(
        talk_id=talk.id,
        person=who_shown(get_person(session, talk.person_id)),
        zone=actor.zone,
        minutes=standards(session).coaching_minutes,
        sits_at=talk.sits_at,
        free=health_check.free_today(session, actor, talk, now),
        hears_at=hears_at if hears_at > now else None,
        hears_today=hears_at < talk.ends_at,
    )
