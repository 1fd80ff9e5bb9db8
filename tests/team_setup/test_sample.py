"""The sample team: always fresh, and its first review shows everything there is to see."""

from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.demo import PEOPLE, WORKSPACE_ID
from bot.sample import CHANNELS, HOME_ZONE, load_sample, sample_people
from models.base import Database
from models.deals import Deal, DealChange, Import, Stage, StageKind
from models.delivery import Delivery, DeliveryState
from models.delivery import Kind as MessageKind
from models.evidence import State, standing
from models.flags import FlagCode, flags
from models.people import Person, Quota, Role, standards, teams, today_of
from models.pipeline_review import Review, ReviewState, pick, start_review
from models.pipeline_review import ReviewKind as Kind
from models.schedule import Schedule, next_instant
from models.week import CARDS
from tests.sampled import MONDAY as NOW


def test_who_they_are() -> None:
    roles = [person.role for person in sample_people()]
    assert [roles.count(role) for role in (Role.LEADER, Role.MANAGER, Role.REP)] == [1, 2, 8]
    assert {person.zone for person in sample_people()} == {HOME_ZONE, "Europe/Berlin"}
    assert [channel.name for channel in CHANNELS] == ["west", "dach"]
    assert all(PEOPLE["lea"] in channel.members for channel in CHANNELS)


def test_what_they_have(sample: Session) -> None:
    kinds = sample.execute(
        select(Stage.kind, func.count()).join(Deal, Deal.stage_id == Stage.id).group_by(Stage.kind)
    )
    assert dict(kinds.all()) == {StageKind.OPEN: 32, StageKind.WON: 5, StageKind.LOST: 4}
    assert sample.scalar(select(func.count()).select_from(Person)) == 11
    assert {team.currency for team in teams(sample)} == {"USD", "EUR"}
    assert sample.scalar(select(func.count()).select_from(Import)) == 6
    changed = sample.scalars(select(DealChange.field).distinct()).all()
    assert {field.value for field in changed} == {"stage", "amount", "close", "owner"}
    reviews = sample.scalars(select(Review)).all()
    assert [review.state for review in reviews] == [ReviewState.CLOSED] * 2


def test_nobody_gets_the_pasts_messages(sample: Session) -> None:
    """Only what lies ahead is owed: the reminders of this and the next week, and the ratings."""
    for delivery in sample.scalars(select(Delivery)):
        ahead = delivery.due_at > NOW
        assert delivery.state is (DeliveryState.OWED if ahead else DeliveryState.DROPPED)
    owed = select(Delivery.kind).where(Delivery.state == DeliveryState.OWED)
    assert set(sample.scalars(owed)) == {
        MessageKind.ONE_ON_ONE_COACH,
        MessageKind.ONE_ON_ONE_PERSON,
        MessageKind.ONE_ON_ONE_RATING,
    }


def test_it_is_loaded_once(sample_database: Database) -> None:
    assert not load_sample(sample_database, WORKSPACE_ID, NOW, PEOPLE)


def test_the_week_begins_at_once(any_sample: tuple[Session, datetime]) -> None:
    session, now = any_sample
    rows = session.scalars(select(Schedule).where(Schedule.prompt == CARDS)).all()
    assert len(rows) == 2
    for schedule in rows:
        assert next_instant(schedule, now) - now < timedelta(days=2)


def test_the_first_review_shows_everything(any_sample: tuple[Session, datetime]) -> None:
    """Every flag, a deal that is fully proved, one in prospecting, one without amount."""
    session, now = any_sample
    tuesday = now + timedelta(days=1, hours=7)
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
        start_review(session, None, team, chosen, tuesday, kind=Kind.SCHEDULED, decide_from=tuesday)


def test_evidence_is_fresh_stale_and_second_hand(sample: Session) -> None:
    tuesday = NOW + timedelta(days=1, hours=7)
    shown = standing(sample, sample.scalars(select(Deal)).all(), tuesday, date(2026, 11, 24))
    questions = [each for standing_ in shown.values() for each in standing_.questions]
    for_somebody = {State.UNCONFIRMED}  # nobody answers for another in the sample
    assert {each.state for each in questions} == set(State) - for_somebody
    assert any(each.second_hand for each in questions)


def test_both_teams_have_quotas_for_this_quarter_and_the_next(sample: Session) -> None:
    for team in teams(sample):
        rows = select(Quota.starts_on, Quota.ends_on).where(Quota.team_id == team.id).distinct()
        periods = set(sample.execute(rows).all())
        assert (date(2026, 10, 1), date(2026, 12, 31)) in periods
        assert (date(2027, 1, 1), date(2027, 3, 31)) in periods
        month = (date(2026, 11, 1), date(2026, 11, 30)) in periods
        assert month is (team.name == "West")
