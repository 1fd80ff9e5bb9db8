"""A small sales floor for tests: Lea leads, Max manages West, Ana, Ben and Cleo sell.

Plain functions that write rows through the same rules as the product. Two workspaces made with the
same call hold the same Slack ids and names, so that a hole in the walls shows.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.base import Database
from models.deals import Deal, DealChange, Field, Import, Stage, seed_stages, stages
from models.evidence import AnswerKind, AnswerSet, Question, save_answers, seed_questions
from models.people import Person, Role, Team, get_person, person_by_slack_id, put_workspace
from models.roster import put_person, put_quota, put_team
from models.trial import begin

NOW = datetime(2026, 11, 24, 20, 0, tzinfo=UTC)  # Tuesday 15:00 in New York
TODAY = date(2026, 11, 24)
QUARTER = (date(2026, 10, 1), date(2026, 12, 31))
QUOTA = 300_000_00  # of each rep and quarter, in cents

_numbers = count(1)


@dataclass(frozen=True)
class World:
    """The ids of a workspace made by `a_workspace`: people, team, stages by name."""

    workspace_id: str
    lea: int  # leader, reports to nobody
    max: int  # manager of West
    ana: int
    ben: int
    cleo: int
    ada: int  # admin, without a team
    team: int  # West: New York, USD
    channel: str
    stages: dict[str, int]


def a_workspace(database: Database, workspace_id: str = "T0NORTH") -> World:
    """A workspace with stages, questions, people, one team and its reps' quotas of the quarter."""
    with database.transaction(workspace_id) as session:
        put_workspace(
            session, workspace_id, now=NOW - timedelta(days=60), name="North", bot_user_id="U0BOT"
        )
        by_name = {stage.name: stage.id for stage in seed_stages(session)}
        seed_questions(session)
        lea = a_person(session, "U0LEA", "Lea", Role.LEADER)
        boss = a_person(session, "U0MAX", "Max", Role.MANAGER, reports_to_id=lea.id)
        ada = a_person(session, "U0ADA", "Ada", Role.LEADER, is_admin=True)
        west = a_team(session, "West", manager_id=boss.id, channel_id="C0WEST")
        ana, ben, cleo = (
            a_rep(session, west, slack_id, name)
            for slack_id, name in (("U0ANA", "Ana"), ("U0BEN", "Ben"), ("U0CLEO", "Cleo"))
        )
        return World(
            workspace_id=workspace_id,
            lea=lea.id,
            max=boss.id,
            ana=ana.id,
            ben=ben.id,
            cleo=cleo.id,
            ada=ada.id,
            team=west.id,
            channel="C0WEST",
            stages=by_name,
        )


def a_person(
    session: Session,
    slack_id: str,
    name: str,
    role: Role = Role.REP,
    *,
    team_id: int | None = None,
    reports_to_id: int | None = None,
    is_admin: bool = False,
    active: bool = True,
) -> Person:
    """Somebody in New York, with an e-mail address at example.com."""
    person, _ = put_person(
        session,
        slack_id,
        name=name,
        role=role,
        email=f"{name.lower()}@example.com",
        zone="America/New_York",
        team_id=team_id,
        reports_to_id=reports_to_id,
        is_admin=is_admin,
        active=active,
    )
    return person


def a_team(
    session: Session,
    name: str,
    *,
    manager_id: int | None = None,
    channel_id: str | None = None,
    zone: str = "America/New_York",
    currency: str = "USD",
) -> Team:
    """A team without members, whose trial is long over."""
    made, _ = put_team(
        session,
        name,
        currency=currency,
        zone=zone,
        manager_id=manager_id,
        channel_id=channel_id,
        channel_may_be_public=True,
    )
    begin(made, TODAY - timedelta(days=60))
    return made


def a_rep(
    session: Session, team: Team, slack_id: str, name: str, quota_minor: int | None = QUOTA
) -> Person:
    """A member of the team who reports to its manager, with a quota for the quarter."""
    rep = a_person(session, slack_id, name, team_id=team.id, reports_to_id=team.manager_id)
    if quota_minor is not None:
        a_quota(session, team.id, quota_minor, person_id=rep.id)
    return rep


def a_quota(
    session: Session,
    team_id: int,
    amount_minor: int,
    period: tuple[date, date] = QUARTER,
    *,
    person_id: int | None = None,
) -> None:
    """A quota of a person or, without one, of the team."""
    put_quota(
        session,
        team_id,
        starts_on=period[0],
        ends_on=period[1],
        amount_minor=amount_minor,
        person_id=person_id,
    )


def stage_named(session: Session, name: str) -> Stage:
    """The workspace's stage of this name."""
    return next(stage for stage in stages(session) if stage.name == name)


def a_deal(
    session: Session,
    owner_id: int,
    stage: str = "Qualified",
    *,
    name: str | None = None,
    amount_minor: int | None = 100_000_00,
    close_on: date | None = date(2026, 12, 15),
    entered_at: datetime = NOW - timedelta(days=7),
    closed_on: date | None = None,
    last_activity_on: date | None = None,
    currency: str = "USD",
) -> Deal:
    """A deal as the CRM has it; nothing about it is flagged but the missing next action."""
    number = next(_numbers)
    stage_id = stage_named(session, stage).id
    deal = Deal(
        external_id=f"D-{number}",
        name=name or f"Deal {number}",
        owner_id=owner_id,
        amount_minor=amount_minor,
        currency=currency,
        stage_id=stage_id,
        stage_entered_at=entered_at,
        close_on=close_on,
        crm_stage_id=stage_id,
        crm_close_on=close_on,
        closed_on=closed_on,
        last_activity_on=last_activity_on,
    )
    session.add(deal)
    session.flush()
    return deal


def an_import(session: Session, imported_at: datetime = NOW - timedelta(days=1)) -> Import:
    """A file taken in by command line."""
    taken = Import(
        file_name="deals.csv",
        sha256="0" * 64,
        imported_at=imported_at,
        added=0,
        changed=0,
        unchanged=0,
        mapping={},
    )
    session.add(taken)
    session.flush()
    return taken


def a_change(
    session: Session,
    deal: Deal,
    field: Field,
    before: str | None,
    after: str | None,
    changed_at: datetime = NOW - timedelta(days=1),
) -> DealChange:
    """A change that an import brought; the deal itself stays as it is."""
    change = DealChange(
        deal_id=deal.id,
        field=field,
        before=before,
        after=after,
        changed_at=changed_at,
        import_id=an_import(session, changed_at).id,
    )
    session.add(change)
    session.flush()
    return change


def questions_of(session: Session, deal: Deal) -> list[Question]:
    """The questions of the deal's stage, in order."""
    asked = select(Question).where(Question.stage_id == deal.stage_id).order_by(Question.position)
    return list(session.scalars(asked))


def proving(kind: AnswerKind, on: date = TODAY) -> dict[str, Any]:
    """An answer of this kind that proves on the day given."""
    values: dict[AnswerKind, dict[str, Any]] = {
        AnswerKind.MONEY: {"minor": 250_000_00, "currency": "USD"},
        AnswerKind.CONTACT: {"name": "Dana Cole", "title": "CFO"},
        AnswerKind.SOURCE: {"source": "told"},
        AnswerKind.MET: {"met": True, "on": on.isoformat()},
        AnswerKind.MEETING: {"state": "held", "on": on.isoformat()},
        AnswerKind.DATE: {"on": (on + timedelta(days=30)).isoformat()},
        AnswerKind.TEXT: {"text": "They compare us on the time to go live"},
    }
    return values[kind]


def prove(
    session: Session,
    deal: Deal,
    now: datetime = NOW,
    *,
    all_but: Iterable[str] = (),
) -> AnswerSet:
    """The deal's owner proves every question of its stage, except those with these keys."""
    left_out = set(all_but)
    values = {
        question.id: proving(question.kind, now.date())
        for question in questions_of(session, deal)
        if question.key not in left_out
    }
    owner = get_person(session, deal.owner_id)
    return save_answers(session, deal, owner, values, set(), now)


def somebody(session: Session, slack_id: str) -> Person:
    """The person with this Slack id, who must be here."""
    found = person_by_slack_id(session, slack_id)
    assert found is not None
    return found
