"""0002 keeps what 0001 held, and gives it back as it was, on both databases."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

from sqlalchemy import Connection, inspect, select, text
from sqlalchemy.orm import Session

from bot import migrate
from models.absences import Absence
from models.agenda import keep_digest
from models.base import Database
from models.coaching import CoachingAnswer, CoachingEntry, CoachingKind, CoachingLog, How
from models.delivery import Kind
from models.motivation import MotivationProfile
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
from models.people import Person, put_workspace
from models.ratings import Rating, RatingComment
from models.schedule import Lateness, Occurrence, Schedule, materialise, put_schedule
from models.standards import Standards
from models.week import DIGEST
from tests.database.test_migrations import ddl
from tests.owing import owe
from tests.world import NOW, TODAY

BOSS, ANA, OTHER = 101, 102, 103  # people; OTHER: the id of the one row of every other table
WORKSPACE = "T0OLD"
AT = "2026-11-24 20:00:00"
Rows = dict[str, list[dict[str, Any]]]

FIRST_VERSION: dict[str, dict[str, Any]] = {
    "workspaces": {"name": "Old", "standards": '{"coverage": 4.0}', "created_at": AT},
    "teams": {
        "name": "West", "manager_id": BOSS, "currency": "USD", "locale": "en_US", "zone": "UTC",
    },
    "people": {
        "slack_id": "U0ANA", "name": "Ana", "role": "rep", "is_admin": False, "zone": "UTC",
        "zone_is_own": True, "active": True, "team_id": OTHER, "reports_to_id": BOSS,
    },
    "stages": {"name": "Open", "position": 1, "kind": "open", "qualified": True},
    "deals": {
        "external_id": "D-1", "name": "Deal", "owner_id": ANA, "currency": "USD",
        "stage_id": OTHER, "stage_entered_at": AT, "crm_stage_id": OTHER,
    },
    "next_actions": {
        "deal_id": OTHER, "text": "Send the price", "owner_id": ANA, "due_on": "2026-12-01",
        "state": "open", "set_by_id": ANA, "set_at": AT,
    },
    "schedules": {
        "team_id": OTHER, "prompt": "review.cards", "weekdays": "2", "local_time": "15:00:00",
        "zone": "UTC", "lateness": "midnight", "active_from": "2026-11-02", "is_on": True,
    },
    "occurrences": {
        "schedule_id": OTHER, "local_date": "2026-11-24", "slot": 0, "due_at": AT, "state": "ran",
        "settled_at": AT, "failures": 0,
    },
    "deliveries": {
        "kind": "review.deciding", "subject_id": 1, "dedupe_key": "review:1", "key": "k",
        "person_id": ANA, "lane": "@102", "state": "dropped", "revision": 1, "shown": 0,
        "due_at": AT, "attempt": 0, "tries": 0,
    },
}  # fmt: skip
"""A row of 0001 in each table that changes, and in those that hang on them or that they need."""


def test_what_was_there_stays_and_the_new_has_its_defaults(empty_database_url: str) -> None:
    database = _first_version(empty_database_url)
    migrate.upgrade(empty_database_url, "0002")
    with database.everywhere() as session:
        kept = select(
            Person.id, Person.working_days, Person.holiday_calendar,
            Person.reminded_day_before, Person.reminded_at_start,
        )  # fmt: skip
        people = [tuple(row) for row in session.execute(kept.order_by(Person.id))]
        assert people == [(each, "12345", None, True, True) for each in (BOSS, ANA)]
        of_team = session.scalars(select(Schedule).where(Schedule.team_id == OTHER)).one()
        assert of_team.look_at < NOW  # so that the next round looks
        digests = select(Schedule).where(Schedule.person_id.is_not(None))
        assert {each.person_id for each in session.scalars(digests)} == {BOSS, ANA}
        for digest in session.scalars(digests):
            assert (digest.prompt, digest.local_time, digest.zone) == (DIGEST, time(8, 30), "UTC")
            assert digest.active_from > datetime.now(UTC).date()  # nothing of today is made up for
            assert digest.is_on
    migrate.upgrade(empty_database_url)
    with database.transaction(WORKSPACE) as session:
        for person in session.scalars(select(Person)):
            assert not keep_digest(session, person, datetime.now(UTC))  # they are as they should be
        of_team = session.scalars(select(Schedule).where(Schedule.team_id == OTHER)).one()
        materialise(session, NOW + timedelta(days=7))
        days = select(Occurrence.local_date).where(Occurrence.schedule_id == of_team.id)
        assert sorted(session.scalars(days)) == [TODAY, TODAY + timedelta(days=7)]
    database.dispose()


def test_down_gives_the_first_version_back(empty_database_url: str) -> None:
    """Prompts of people, and whatever else the first version could not read, do not survive."""
    database = _first_version(empty_database_url)
    before, schema = _rows(database), _schema(database)
    migrate.upgrade(empty_database_url, "0002")
    new = set(_rows(database)) - set(before)
    migrate.upgrade(empty_database_url)  # the models are of today
    with database.transaction(WORKSPACE) as session:
        _fill_what_is_new(session)
    assert all(_rows(database)[table] for table in new)
    assert migrate.downgrade(empty_database_url, "0001")
    assert _rows(database) == before
    assert _schema(database) == schema
    assert migrate.upgrade(empty_database_url)
    counted = {table: len(rows) for table, rows in _rows(database).items() if rows}
    digests = {"schedules": 1 + len(before["people"])}
    assert counted == {table: len(rows) for table, rows in before.items() if rows} | digests
    database.dispose()


# --- what is there


def _rows(database: Database) -> Rows:
    """Everything in the database, whatever its version, but the version itself."""
    with database.engine.connect() as connection:
        names = set(inspect(connection).get_table_names()) - {"alembic_version"}
        read = {name: connection.execute(text(f'SELECT * FROM "{name}"')) for name in names}
        return {
            name: sorted((dict(row) for row in rows.mappings()), key=repr)
            for name, rows in read.items()
        }


def _schema(database: Database) -> list[str]:
    with database.engine.connect() as connection:
        return list(ddl(connection))


def _first_version(url: str) -> Database:
    """A database that was used in the first version: in SQL, since models are of today."""
    migrate.upgrade(url, "0001")
    database = Database(url)
    boss = {"id": BOSS, "slack_id": "U0MAX", "name": "Max", "role": "manager"}
    with database.engine.begin() as connection:
        for table, columns in FIRST_VERSION.items():
            row = {"id": OTHER, "workspace_id": WORKSPACE, **columns}
            if table == "workspaces":
                row = {**columns, "id": WORKSPACE}
            if table == "people":
                _insert(connection, table, row | boss | {"reports_to_id": None, "team_id": None})
                row["id"] = ANA
            _insert(connection, table, row)
    return database


def _insert(connection: Connection, table: str, row: dict[str, Any]) -> None:
    values = ", ".join(f":{column}" for column in row)
    connection.execute(text(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({values})"), row)


# --- a row in every new table


def _fill_what_is_new(session: Session) -> None:
    put_workspace(
        session,
        WORKSPACE,
        now=NOW,
        standards=Standards(coverage=4, digest_at=time(8), focus_areas=("closing",)),
    )
    _a_person_with_days(session)
    held = _a_session(session)
    log = _a_log(session, held)
    session.add(
        MotivationProfile(person_id=ANA, goal="A house", shared_with_id=BOSS, written_at=NOW)
    )
    session.add(Breach(coach_id=BOSS, person_id=ANA, quarter=TODAY, at=NOW))
    told = owe(session, Kind.COACHING_PERSON, log.id, dedupe_key="log:1", due_at=NOW, person_id=ANA)
    owe(session, Kind.ADMIN_PARKED, told.id, dedupe_key="parked:1", due_at=NOW, person_id=BOSS)
    _a_skipped_digest(session)


def _a_person_with_days(session: Session) -> None:
    ana = session.get_one(Person, ANA)
    ana.working_days, ana.holiday_calendar, ana.reminded_at_start = "1234", "US", False
    session.add(
        Absence(person_id=ANA, starts_on=TODAY, ends_on=TODAY, entered_at=NOW, entered_by_id=ANA)
    )


def _a_session(session: Session) -> OneOnOne:
    standing = Standing(
        coach_id=BOSS, person_id=ANA, weekday=2, local_time=time(10), minutes=30, zone="UTC",
        active_from=TODAY, set_at=NOW, plan_at=NOW,
    )  # fmt: skip
    session.add(standing)
    session.flush()
    held = OneOnOne(
        coach_id=BOSS, person_id=ANA, standing_id=standing.id, week=TODAY, first_due_on=TODAY,
        minutes=30, zone="UTC", state=State.HELD, started_at=NOW, started_by_id=BOSS,
        settled_at=NOW, settled_by_id=BOSS,
    )  # fmt: skip
    session.add(held)
    session.flush()
    later = NOW + timedelta(minutes=30)
    session.add_all([
        Sitting(
            one_on_one_id=held.id, coach_id=BOSS, starts_at=NOW, ends_at=later, local_date=TODAY,
            seat=1, set_at=NOW, settle_by=later,
        ),
        ReviewedDeal(one_on_one_id=held.id, deal_id=OTHER, next_action_id=OTHER, had_none=False),
        Note(one_on_one_id=held.id, text="The price", written_at=NOW),
        Rating(one_on_one_id=held.id, score=4, given_at=NOW, once="click"),
        RatingComment(one_on_one_id=held.id, text="More of it", sent=False, written_at=NOW),
        TalkingPoint(person_id=ANA, by_id=BOSS, text="The summer", added_at=NOW),
    ])  # fmt: skip
    return held


def _a_log(session: Session, held: OneOnOne) -> CoachingLog:
    log = CoachingLog(
        coach_id=BOSS, person_id=ANA, one_on_one_id=held.id, logged_at=NOW, logged_on=TODAY
    )
    session.add(log)
    session.flush()
    entry = CoachingEntry(
        log_id=log.id, focus="closing", feedback="You closed too early", next_step="Ask first",
        next_on=TODAY, held_on=TODAY, kind=CoachingKind.ONE_ON_ONE, how=How.QUESTIONS, minutes=30,
        is_late=False, written_at=NOW,
    )  # fmt: skip
    session.add(entry)
    session.flush()
    session.add(CoachingAnswer(log_id=log.id, entry_id=entry.id, agrees=True, answered_at=NOW))
    return log


def _a_skipped_digest(session: Session) -> None:
    """A prompt of a person that came due, and a message that it was skipped."""
    digest, _ = put_schedule(
        session, None, DIGEST, person_id=ANA, weekdays="1234", local_time=time(8, 30),
        zone="UTC", lateness=Lateness.HOURS, late_hours=4, active_from=TODAY,
    )  # fmt: skip
    materialise(session, NOW)
    skipped = session.scalars(select(Occurrence).where(Occurrence.schedule_id == digest.id)).one()
    owe(
        session,
        Kind.SCHEDULE_SKIPPED,
        skipped.id,
        dedupe_key="skipped:1",
        due_at=NOW,
        person_id=BOSS,
    )
