"""The sample team's month: one-on-ones, coaching, ratings, recounted from what the file tells."""

import tomllib
from collections import Counter
from datetime import date, datetime, timedelta
from importlib.resources import files
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.demo import PEOPLE, WORKSPACE_ID
from bot.sample import load_sample
from models.absences import absences
from models.base import Database
from models.coaching import CoachingAnswer, CoachingEntry, CoachingKind, CoachingLog, How
from models.motivation import profile_for, profile_of
from models.one_on_ones import (
    Breach,
    Excuse,
    HeldRate,
    OneOnOne,
    ReviewedDeal,
    Sitting,
    State,
    TalkingPoint,
    held_rate,
    notes_before,
    open_points,
    upcoming,
)
from models.people import Person, person_by_slack_id
from models.ratings import Rating, unrated
from tests.sampled import MONDAY as NOW

MONDAY = date(2026, 11, 23)
COACH = dict.fromkeys(("ana", "ben", "cleo", "dev"), "max") | dict.fromkeys(
    ("emil", "frida", "jonas", "mira"), "greta"
)
COACH |= {"max": "lea", "greta": "lea"}
TOLD: dict[str, list[dict[str, Any]]] = tomllib.loads(
    files("bot.sample").joinpath("month.toml").read_text(encoding="utf-8")
)


def who(session: Session, key: str) -> Person:
    found = person_by_slack_id(session, PEOPLE[key])
    assert found is not None
    return found


def keys(session: Session) -> dict[int, str]:
    """The person's key by id."""
    by_slack_id = {slack_id: key for key, slack_id in PEOPLE.items()}
    return {person.id: by_slack_id[person.slack_id] for person in session.scalars(select(Person))}


# --- one-on-ones


@pytest.mark.parametrize("coach", ["max", "greta", "lea"])
def test_the_held_rate_is_what_the_story_says(sample: Session, coach: str) -> None:
    of_coach = [each for each in TOLD["sessions"] if COACH[each["person"]] == coach]
    people = [person for person, coached_by in COACH.items() if coached_by == coach]
    held = sum("coaching" in each for each in of_coach)
    expected = HeldRate(held, len(of_coach), excused=4 * len(people) - len(of_coach))
    first, last = MONDAY - timedelta(weeks=4), MONDAY - timedelta(days=1)
    assert held_rate(sample, who(sample, coach).id, first, last) == expected
    assert expected.held < expected.due  # not a dream


def test_each_session_ended_as_the_story_says(sample: Session) -> None:
    key = keys(sample)
    past = select(OneOnOne).where(OneOnOne.week < MONDAY)
    found = {(key[each.person_id], each.week): each for each in sample.scalars(past)}
    assert len(found) == 40
    for told in TOLD["sessions"]:
        session = found.pop((told["person"], MONDAY + timedelta(weeks=told["week"])))
        if "coaching" in told:
            assert session.state is State.HELD
        elif "cancelled" in told:
            assert session.state is State.CANCELLED
            assert key[session.settled_by_id or 0] == told["cancelled"]["by"]
        else:
            assert session.state is State.MISSED
    assert [(who_, each.excuse) for (who_, _), each in found.items()] == [
        ("cleo", Excuse.PERSON_OFF)
    ]


def test_every_pair_meets_once_a_week_and_three_a_day_at_most(sample: Session) -> None:
    weeks = sample.execute(
        select(OneOnOne.person_id, OneOnOne.week, func.count()).group_by(
            OneOnOne.person_id, OneOnOne.week
        )
    ).all()
    assert len(weeks) == 10 * 6  # four weeks behind, this one and the next
    assert {number for *_, number in weeks} == {1}
    days = sample.execute(
        select(Sitting.coach_id, Sitting.local_date, func.count())
        .where(Sitting.seat.is_not(None))
        .group_by(Sitting.coach_id, Sitting.local_date)
    ).all()
    assert max(number for *_, number in days) <= 3


def test_public_holidays_are_kept(sample: Session) -> None:
    """Veterans Day was a Wednesday, Thanksgiving will be a Thursday: none of the west's meet."""
    key = keys(sample)
    for holiday in (date(2026, 11, 11), date(2026, 11, 26)):
        on_it = select(OneOnOne.person_id, OneOnOne.coach_id, Sitting.local_date).where(
            Sitting.one_on_one_id == OneOnOne.id,
            Sitting.local_date == holiday,
            OneOnOne.state != State.EXCUSED,
        )
        meet = {key[person_id] for person_id, _, _ in sample.execute(on_it)}
        assert meet <= {"emil", "frida", "jonas", "mira"}
        first_due = sample.scalars(select(OneOnOne).where(OneOnOne.first_due_on == holiday))
        moved_off = {key[each.person_id] for each in first_due} - meet
        assert moved_off


def test_two_broken_promises_are_a_breach(sample: Session) -> None:
    key = keys(sample)
    breaches = sample.scalars(select(Breach)).all()
    assert [(key[each.coach_id], key[each.person_id]) for each in breaches] == [("greta", "jonas")]


def test_this_weeks_sessions_have_something_to_prepare(sample: Session) -> None:
    ana, boss = who(sample, "ana"), who(sample, "max")
    (first, sitting), *_ = upcoming(sample, ana.id, NOW)
    assert (first.coach_id, sitting.local_date) == (boss.id, MONDAY + timedelta(days=1))
    points = open_points(sample, ana.id, boss.id)
    assert {point.by_id for point in points} == {ana.id, boss.id}
    assert notes_before(sample, boss.id, ana.id, sitting.starts_at) is not None
    closed = select(TalkingPoint).where(TalkingPoint.closed_in_id.is_not(None))
    assert len(sample.scalars(closed).all()) == sum(
        len(each.get("points", ())) for each in TOLD["sessions"]
    )


def test_deals_left_the_sessions_with_next_actions(sample: Session) -> None:
    gone_through = sample.scalars(select(ReviewedDeal)).all()
    assert len(gone_through) == sum(len(each.get("deals", ())) for each in TOLD["sessions"])
    assert {each.had_none for each in gone_through} == {True, False}


def test_the_first_absence_lies_ahead(sample: Session) -> None:
    ben = who(sample, "ben")
    (absence,) = absences(sample, ben.id, MONDAY)
    assert absence.starts_on > MONDAY + timedelta(days=6)
    next_week = sample.scalars(
        select(OneOnOne).where(
            OneOnOne.person_id == ben.id, OneOnOne.week == MONDAY + timedelta(days=7)
        )
    ).one()
    assert next_week.excuse is Excuse.PERSON_OFF


# --- ratings


def test_ratings_are_those_of_the_story(sample: Session) -> None:
    key = keys(sample)
    rows = sample.execute(
        select(OneOnOne.person_id, OneOnOne.week, Rating.score).join(
            OneOnOne, OneOnOne.id == Rating.one_on_one_id
        )
    )
    given = {(key[person_id], week): score for person_id, week, score in rows}
    assert given == {
        (each["person"], MONDAY + timedelta(weeks=each["week"])): each["score"] or None
        for each in TOLD["sessions"]
        if "score" in each
    }
    assert None in given.values()  # it did not happen
    assert set(range(2, 6)) <= set(given.values())


def test_last_weeks_session_waits_for_anas_rating(sample: Session) -> None:
    waiting = unrated(sample, who(sample, "ana").id, NOW)
    assert [one_on_one.week for one_on_one, _ in waiting] == [MONDAY - timedelta(weeks=1)]


# --- coaching


def test_coaching_of_every_kind_and_way(sample: Session) -> None:
    current = sample.scalars(select(CoachingEntry).where(CoachingEntry.is_current)).all()
    assert {entry.kind for entry in current} == set(CoachingKind)
    assert {entry.how for entry in current} == set(How)
    assert sum(entry.is_late for entry in current) == 1
    assert sum(1 for log in sample.scalars(select(CoachingLog)) if log.withdrawn_at) == 1
    versions = Counter(sample.scalars(select(CoachingEntry.log_id)))
    assert sorted(versions.values())[-2:] == [1, 2]  # one of them was edited


def test_answers_confirm_and_dispute(sample: Session) -> None:
    answers = sample.scalars(select(CoachingAnswer).where(CoachingAnswer.is_current)).all()
    disputed = [answer for answer in answers if not answer.agrees]
    assert len(disputed) == 1
    assert disputed[0].text
    assert len(answers) < len(sample.scalars(select(CoachingLog)).all())


def test_what_drives_people_is_shared_or_not(sample: Session) -> None:
    ana, mira = who(sample, "ana"), who(sample, "mira")
    assert profile_for(sample, who(sample, "max"), ana) is not None
    assert profile_of(sample, mira.id) is not None
    assert profile_for(sample, who(sample, "greta"), mira) is None


# --- whatever the day


def _told(session: Session) -> list[tuple[object, ...]]:
    sessions = session.execute(
        select(
            OneOnOne.person_id, OneOnOne.week, OneOnOne.state, OneOnOne.settled_at,
            Sitting.starts_at, Sitting.set_by_id, Sitting.is_current,
        )
        .join(Sitting, Sitting.one_on_one_id == OneOnOne.id)
        .order_by(Sitting.id)
    )  # fmt: skip
    entries = select(CoachingEntry.feedback, CoachingEntry.written_at, CoachingEntry.next_on)
    return [tuple(row) for row in [*sessions, *session.execute(entries.order_by(CoachingEntry.id))]]


def test_it_is_the_same_each_time(sample: Session, sqlite_url: str) -> None:
    database = Database(sqlite_url)
    load_sample(database, WORKSPACE_ID, NOW, PEOPLE)
    with database.transaction(WORKSPACE_ID) as session:
        assert _told(session) == _told(sample)
    database.dispose()


def test_nothing_past_is_left_open(any_sample: tuple[Session, datetime]) -> None:
    """Whatever holidays those weeks had: what lies behind has ended, what lies ahead has not."""
    session, now = any_sample
    rows = session.execute(
        select(OneOnOne.state, Sitting.starts_at)
        .join(Sitting, Sitting.one_on_one_id == OneOnOne.id)
        .where(Sitting.is_current)
    ).all()
    assert len(rows) == 60
    for state, starts_at in rows:
        assert state is not State.DUE or starts_at > now
        assert state not in (State.HELD, State.MISSED) or starts_at < now
    assert sum(state is State.HELD for state, _ in rows) >= 20
