"""What the database holds after the one-on-ones of the journey."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from bot.demo import WORKSPACE_ID
from bot.sample import HOME_ZONE
from models.base import Database
from models.coaching import CoachingAnswer, CoachingEntry, CoachingLog
from models.deals import Deal
from models.delivery import Delivery, Kind
from models.next_actions import NextAction
from models.one_on_ones import (
    Breach,
    Note,
    OneOnOne,
    ReviewedDeal,
    Sitting,
    Standing,
    State,
    TalkingPoint,
)
from models.people import Person
from models.ratings import Rating, RatingComment

WEEK = date(2026, 11, 23)


def assert_what_the_rows_say(database: Database) -> None:
    """Every session in one state, each rated once at a time, and each told once."""
    with database.transaction(WORKSPACE_ID) as session:
        assert standing(session, "Cleo Park") == (2, "15:00")
        assert standing(session, "Dev Rao") == (3, "14:30")
        assert states(session) == {
            "Ana Silva": State.HELD,
            "Ben Carter": State.DUE,
            "Cleo Park": State.DUE,
            "Dev Rao": State.DUE,
            "Max Okafor": State.HELD,
        }
        assert sittings(session, "Ana Silva") == [("Tue 10:00", False), ("Tue 10:30", True)]
        assert sittings(session, "Dev Rao") == [("Fri 09:30", False), ("Wed 14:00", False)]
        assert sittings(session, "Ben Carter") == [("Tue 13:30", False)]
        assert breaches(session) == [("Max Okafor", "Dev Rao")]
        what_ana_and_max_did(session)
        what_lea_and_max_did(session)
        for name in ("Ana Silva", "Max Okafor"):
            assert asked(session, name) == 1, "one session, one question"


def what_ana_and_max_did(session: Session) -> None:
    held = one_on_one(session, "Ana Silva")
    assert held.started_by_id == held.settled_by_id == held.coach_id
    assert reviewed(session, held) == {
        "Pinewood Press": ("Ask Pinewood who signs for print", date(2026, 12, 1), True),
        "Juniper Freight": (
            "Go through the proposal with the operations lead",
            date(2026, 11, 26),
            False,
        ),
    }
    notes = session.scalars(select(Note.text).where(Note.one_on_one_id == held.id)).all()
    assert notes == ["Ask how the second depot went"]
    assert points(session, held) == {
        "Juniper asks for two depots free for a year, not for a quarter": True,
        "May I call Juniper's board myself?": True,
        "A close plan for Copperfield Clinics": False,
    }
    log, entry = coached(session, held)
    assert (entry.focus, entry.kind, entry.minutes) == ("negotiation", "one_on_one", 25)
    assert (entry.held_on, entry.next_on) == (date(2026, 11, 24), date(2026, 11, 30))
    answers = session.scalars(select(CoachingAnswer).where(CoachingAnswer.log_id == log.id)).all()
    assert [answer.agrees for answer in answers] == [True]
    assert ratings(session, held) == [4, 5]
    assert comments(session, held) == [False, True]


def what_lea_and_max_did(session: Session) -> None:
    held = one_on_one(session, "Max Okafor")
    _, entry = coached(session, held)
    assert (entry.focus, entry.minutes) == ("accountability", 45)
    assert reviewed(session, held) == {}
    assert ratings(session, held) == [3]


# --- reading


def standing(session: Session, name: str) -> tuple[int | None, str]:
    """The weekday and time that hold from now on."""
    rows = select(Standing).join(Person, Person.id == Standing.person_id)
    found = session.scalars(rows.where(Person.name == name, Standing.ended_at.is_(None))).one()
    return found.weekday, f"{found.local_time:%H:%M}"


def states(session: Session) -> dict[str, State]:
    """This week's sessions of everybody under Lea's Max, and Max's own."""
    coach, person = aliased(Person), aliased(Person)
    rows = (
        select(person.name, OneOnOne.state)
        .join(coach, coach.id == OneOnOne.coach_id)
        .join(person, person.id == OneOnOne.person_id)
        .where(OneOnOne.week == WEEK)
        .where((coach.name == "Max Okafor") | (person.name == "Max Okafor"))
    )
    return dict(session.execute(rows).all())


def one_on_one(session: Session, name: str) -> OneOnOne:
    rows = select(OneOnOne).join(Person, Person.id == OneOnOne.person_id)
    return session.scalars(rows.where(Person.name == name, OneOnOne.week == WEEK)).one()


def sittings(session: Session, name: str) -> list[tuple[str, bool]]:
    """Each time that this week's session was set to, and whether that was a move in its day."""
    rows = select(Sitting).where(Sitting.one_on_one_id == one_on_one(session, name).id)
    found = session.scalars(rows.order_by(Sitting.id))
    return [(_local(each.starts_at), each.same_day) for each in found]


def breaches(session: Session) -> list[tuple[str, str]]:
    """Of this journey: the sample's past has its own."""
    coach, person = aliased(Person), aliased(Person)
    rows = (
        select(coach.name, person.name)
        .select_from(Breach)
        .join(coach, coach.id == Breach.coach_id)
        .join(person, person.id == Breach.person_id)
        .where(Breach.at >= datetime(2026, 11, 23, tzinfo=ZoneInfo(HOME_ZONE)))
    )
    return [(one, other) for one, other in session.execute(rows)]


def reviewed(session: Session, held: OneOnOne) -> dict[str, tuple[str, date, bool]]:
    """Each deal that was gone through, its next action, and whether it had none before."""
    rows = (
        select(Deal.name, NextAction.text, NextAction.due_on, ReviewedDeal.had_none)
        .select_from(ReviewedDeal)
        .join(Deal, Deal.id == ReviewedDeal.deal_id)
        .join(NextAction, NextAction.id == ReviewedDeal.next_action_id)
        .where(ReviewedDeal.one_on_one_id == held.id)
    )
    return {name: (text, due, none) for name, text, due, none in session.execute(rows)}


def points(session: Session, held: OneOnOne) -> dict[str, bool]:
    """What was on the list, and whether it was talked about."""
    rows = select(TalkingPoint).where(TalkingPoint.person_id == held.person_id)
    open_or_here = TalkingPoint.closed_at.is_(None) | (TalkingPoint.closed_in_id == held.id)
    return {
        point.text: point.closed_in_id == held.id
        for point in session.scalars(rows.where(open_or_here))
    }


def coached(session: Session, held: OneOnOne) -> tuple[CoachingLog, CoachingEntry]:
    rows = (
        select(CoachingLog, CoachingEntry)
        .join(CoachingEntry, CoachingEntry.log_id == CoachingLog.id)
        .where(CoachingLog.one_on_one_id == held.id)
    )
    log, entry = session.execute(rows).one()
    return log, entry


def ratings(session: Session, held: OneOnOne) -> list[int | None]:
    """Every click that counted, in its order; the last one stands."""
    rows = select(Rating.score).where(Rating.one_on_one_id == held.id).order_by(Rating.id)
    return list(session.scalars(rows))


def comments(session: Session, held: OneOnOne) -> list[bool]:
    """Each version of the comment: whether it was sent."""
    rows = select(RatingComment.sent).where(RatingComment.one_on_one_id == held.id)
    return list(session.scalars(rows.order_by(RatingComment.id)))


def asked(session: Session, name: str) -> int:
    """How many questions about this week's session were posted."""
    of_session = select(Sitting.id).where(Sitting.one_on_one_id == one_on_one(session, name).id)
    rows = select(Delivery.id).where(
        Delivery.kind == Kind.ONE_ON_ONE_RATING,
        Delivery.subject_id.in_(of_session),
        Delivery.ts.is_not(None),
    )
    return len(session.scalars(rows).all())


def _local(at: datetime) -> str:
    return f"{at.astimezone(ZoneInfo(HOME_ZONE)):%a %H:%M}"
