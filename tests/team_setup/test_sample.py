"""The sample team: always fresh, and its first review shows everything there is to see."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from bot.sample import CHANNELS, HOME_ZONE, load_sample, sample_people
from models.agenda import CARDS
from models.base import Database
from models.deals import Deal, DealChange, Import, Stage, StageKind
from models.delivery import Delivery, DeliveryState
from models.evidence import State, standing
from models.flags import FlagCode, flags
from models.people import Person, Quota, Role, Team, standards, teams, today_of
from models.pipeline_review import Review, ReviewState, pick, start_review
from models.pipeline_review import ReviewKind as Kind
from models.schedule import Schedule, next_instant

WORKSPACE = "T0SAMPLE"
IDS = {person.key: person.slack_id for person in sample_people()}
MONDAYS = [
    datetime(2026, 11, 23, 16, 45, tzinfo=UTC),
    datetime(2026, 12, 28, 16, 45, tzinfo=UTC),
    datetime(2027, 1, 4, 16, 45, tzinfo=UTC),
    datetime(2027, 3, 15, 15, 45, tzinfo=UTC),
]


def load(database: Database, now: datetime) -> None:
    assert load_sample(database, WORKSPACE, now, IDS)


def test_who_they_are() -> None:
    roles = [person.role for person in sample_people()]
    assert [roles.count(role) for role in (Role.LEADER, Role.MANAGER, Role.REP)] == [1, 2, 8]
    assert {person.zone for person in sample_people()} == {HOME_ZONE, "Europe/Berlin"}
    assert [channel.name for channel in CHANNELS] == ["west", "dach"]
    assert all(IDS["lea"] in channel.members for channel in CHANNELS)


def test_what_they_have(database: Database) -> None:
    load(database, MONDAYS[0])
    with database.transaction(WORKSPACE) as session:
        kinds = session.execute(
            select(Stage.kind, func.count())
            .join(Deal, Deal.stage_id == Stage.id)
            .group_by(Stage.kind)
        )
        assert dict(kinds.all()) == {
            StageKind.OPEN: 32,
            StageKind.WON: 5,
            StageKind.LOST: 4,
        }
        assert session.scalar(select(func.count()).select_from(Person)) == 11
        assert {team.currency for team in teams(session)} == {"USD", "EUR"}
        assert session.scalar(select(func.count()).select_from(Import)) == 5
        changed = session.scalars(select(DealChange.field).distinct()).all()
        assert {field.value for field in changed} == {"stage", "amount", "close", "owner"}
        reviews = session.scalars(select(Review)).all()
        assert [review.state for review in reviews] == [ReviewState.CLOSED] * 2


def test_nobody_gets_last_weeks_messages(database: Database) -> None:
    load(database, MONDAYS[0])
    with database.transaction(WORKSPACE) as session:
        states = set(session.scalars(select(Delivery.state)))
        assert states == {DeliveryState.DROPPED}


def test_it_is_loaded_once(database: Database) -> None:
    load(database, MONDAYS[0])
    assert not load_sample(database, WORKSPACE, MONDAYS[0], IDS)


@pytest.mark.parametrize("now", MONDAYS, ids=lambda now: f"{now:%d-%b}")
def test_the_week_begins_at_once(sqlite_url: str, now: datetime) -> None:
    database = Database(sqlite_url)
    load(database, now)
    with database.transaction(WORKSPACE) as session:
        rows = session.scalars(select(Schedule).where(Schedule.prompt == CARDS)).all()
        for schedule in rows:
            assert next_instant(schedule, now) - now < timedelta(days=2)
    database.dispose()


@pytest.mark.parametrize("now", MONDAYS, ids=lambda now: f"{now:%d-%b}")
def test_the_first_review_shows_everything(sqlite_url: str, now: datetime) -> None:
    """Every flag, a deal that is fully proved, one in prospecting, one without amount."""
    database = Database(sqlite_url)
    load(database, now)
    tuesday = now + timedelta(days=1, hours=6)
    with database.transaction(WORKSPACE) as session:
        for team in teams(session):
            chosen = [candidate.deal_id for candidate in pick(session, team, tuesday)]
            found = {deal.id: deal for deal in session.scalars(select(Deal))}
            deals = [found[deal_id] for deal_id in chosen]
            today = today_of(team, tuesday)
            raised = flags(session, deals, tuesday, today, standards(session))
            assert {flag.code for each in raised.values() for flag in each} == set(FlagCode)
            shown = standing(session, deals, tuesday, today)
            assert any(each.asked and each.proved == each.asked for each in shown.values())
            assert any(each.asked == 0 for each in shown.values())
            assert any(deal.amount_minor is None for deal in deals)
            assert len({deal.owner_id for deal in deals}) >= 3
            start_review(
                session, None, team, chosen, tuesday, kind=Kind.SCHEDULED, decide_from=tuesday
            )
    database.dispose()


def test_evidence_is_fresh_stale_and_second_hand(database: Database) -> None:
    load(database, MONDAYS[0])
    tuesday = MONDAYS[0] + timedelta(days=1, hours=6)
    with database.transaction(WORKSPACE) as session:
        shown = standing(session, session.scalars(select(Deal)).all(), tuesday, date(2026, 11, 24))
        questions = [each for standing_ in shown.values() for each in standing_.questions]
        assert {each.state for each in questions} == set(State)
        assert any(each.second_hand for each in questions)


def test_both_teams_have_quotas_for_this_quarter_and_the_next(database: Database) -> None:
    load(database, datetime(2026, 12, 28, 16, 45, tzinfo=UTC))
    with database.transaction(WORKSPACE) as session:
        west = session.scalars(select(Team).where(Team.name == "West")).one()
        periods = session.execute(
            select(Quota.starts_on, Quota.ends_on).where(Quota.team_id == west.id).distinct()
        )
        assert {(starts_on, ends_on) for starts_on, ends_on in periods} == {
            (date(2026, 10, 1), date(2026, 12, 31)),
            (date(2027, 1, 1), date(2027, 3, 31)),
            (date(2026, 12, 1), date(2026, 12, 31)),
        }
