"""What the database holds after the coaching of the journey."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.demo import WORKSPACE_ID
from models.base import Database
from models.coaching import CoachingAnswer, CoachingEntry, CoachingKind, CoachingLog, How
from models.deals import Deal
from models.people import Person

FIRST_DAY = date(2026, 11, 23)


def assert_what_the_rows_say(database: Database) -> None:
    """Three logs: one edited with its trail, one withdrawn, one with the quote."""
    with database.transaction(WORKSPACE_ID) as session:
        logs = select(CoachingLog).where(CoachingLog.logged_on >= FIRST_DAY)
        closing, negotiation, value = session.scalars(logs.order_by(CoachingLog.id))
        for log in (closing, negotiation, value):
            assert name(session, log.coach_id) == "Max Okafor"
            assert name(session, log.person_id) == "Ana Silva"
        edited(session, closing)
        assert negotiation.withdrawn_because == "It was Ben's mail, not Ana's"
        assert [entry.kind for entry in entries(session, negotiation)] == [
            CoachingKind.SKILL_SESSION
        ]
        assert value.quote == "Sent the price to Copperfield. Let's hope they like it :)"
        assert value.quote_url is not None
        assert "/archives/C0WEST/p" in value.quote_url
        assert [entry.kind for entry in entries(session, value)] == [CoachingKind.CALL_REVIEW]
        assert answers(session, value) == []


def edited(session: Session, log: CoachingLog) -> None:
    first, second = entries(session, log)
    assert (first.held_on, second.held_on) == (date(2026, 11, 20), date(2026, 11, 19))
    assert (first.is_current, second.is_current) == (False, True)
    for entry in (first, second):
        assert (entry.focus, entry.how, entry.minutes) == ("closing", How.ROLE_PLAY, 20)
        assert not entry.is_late
        deal = session.get_one(Deal, entry.deal_id)
        assert deal.name == "Copperfield Clinics"
    assert log.withdrawn_at is None
    assert answers(session, log) == [(first.id, False), (second.id, True)]


def entries(session: Session, log: CoachingLog) -> list[CoachingEntry]:
    rows = select(CoachingEntry).where(CoachingEntry.log_id == log.id)
    return list(session.scalars(rows.order_by(CoachingEntry.id)))


def answers(session: Session, log: CoachingLog) -> list[tuple[int, bool]]:
    """Which version was answered, and whether Ana agreed."""
    rows = select(CoachingAnswer).where(CoachingAnswer.log_id == log.id)
    found = session.scalars(rows.order_by(CoachingAnswer.id))
    return [(answer.entry_id, answer.agrees) for answer in found]


def name(session: Session, person_id: int) -> str:
    return session.get_one(Person, person_id).name
