"""What comes due is carried out once, in its own transaction, whatever fails beside it."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from freezegun import freeze_time
from slack_sdk import WebClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.clock import real_now
from bot.delivery import Post
from bot.scheduler import Prompt, Rhythm, Scheduler, run_due
from models.base import Database
from models.delivery import Delivery, Kind, Received, owe, received_first
from models.schedule import (
    Lateness,
    Occurrence,
    OccurrenceState,
    SkipReason,
    put_schedule,
    skip,
)
from tests.world import NOW, TODAY, World, a_workspace

DAY = timedelta(days=1)
AT_ONCE = timedelta()
FAST = Rhythm(prompts=0.01, deliveries=0.01, posting_threads=2, rest=0.01)


@pytest.fixture
def world(database: Database) -> World:
    return a_workspace(database)


def scheduled(database: Database, world: World, prompt: str = "cards", **changed: Any) -> None:
    """Tuesdays 15:00 in New York, worth it until Wednesday 10:00."""
    rule: dict[str, Any] = {
        "weekdays": "2",
        "local_time": time(15),
        "zone": "America/New_York",
        "lateness": Lateness.NEXT_DAY_TIME,
        "late_until": time(10),
        "active_from": TODAY,
    }
    with database.transaction(world.workspace_id) as session:
        put_schedule(session, world.team, prompt, **rule | changed)


def says(session: Session, occurrence: Occurrence, now: datetime) -> None:
    """A prompt that owes one message."""
    owe(
        session,
        Kind.REVIEW_PARENT,
        occurrence.id,
        dedupe_key=f"{occurrence.id}/{len(messages_of(session))}",
        due_at=now,
        channel_id="C0WEST",
    )


def messages_of(session: Session, kind: Kind = Kind.REVIEW_PARENT) -> list[Delivery]:
    return [*session.scalars(select(Delivery).where(Delivery.kind == kind))]


def messages(database: Database, kind: Kind = Kind.REVIEW_PARENT) -> list[Delivery]:
    with database.everywhere() as session:
        return messages_of(session, kind)


def occurrences(database: Database) -> list[Occurrence]:
    with database.everywhere() as session:
        return [*session.scalars(select(Occurrence).order_by(Occurrence.local_date))]


def fails(session: Session, occurrence: Occurrence, now: datetime) -> None:
    says(session, occurrence, now)
    raise KeyError("what a person wrote")


def run(database: Database, now: datetime, **prompts: Prompt) -> int:
    return run_due(database, prompts, lambda: now, first_retry=AT_ONCE)


def test_what_is_due_is_carried_out_once(database: Database, world: World) -> None:
    scheduled(database, world)
    assert run(database, NOW - DAY, cards=says) == 0
    assert run(database, NOW, cards=says) == 1
    assert run(database, NOW, cards=says) == 0
    assert len(messages(database)) == 1
    done = occurrences(database)[0]
    assert (done.state, done.settled_at, done.reason) == (OccurrenceState.RAN, NOW, None)


def test_replicas_carry_it_out_once(database: Database, world: World) -> None:
    scheduled(database, world)
    together = threading.Barrier(4, timeout=60)

    def replica(_n: int) -> int:
        together.wait()
        return run(database, NOW, cards=says)

    with ThreadPoolExecutor(4) as replicas:
        assert sum(replicas.map(replica, range(4))) == 1
    assert len(messages(database)) == 1


def test_late_but_worth_it_runs(database: Database, world: World) -> None:
    scheduled(database, world)
    run(database, NOW + timedelta(hours=18, minutes=59), cards=says)
    assert occurrences(database)[0].state is OccurrenceState.RAN


def test_too_late_it_is_skipped_and_said(database: Database, world: World) -> None:
    scheduled(database, world)
    assert run(database, NOW + timedelta(hours=19), cards=says) == 1
    skipped = occurrences(database)[0]
    assert (skipped.state, skipped.reason) == (OccurrenceState.SKIPPED, SkipReason.LATE)
    assert messages(database) == []
    told = messages(database, Kind.SCHEDULE_SKIPPED)
    assert {notice.person_id for notice in told} == {world.max, world.ada}


def test_after_a_long_outage_each_date_is_recorded_and_the_newest_said(
    database: Database, world: World
) -> None:
    scheduled(database, world)
    run(database, NOW + 22 * DAY, cards=says)
    assert [one.state for one in occurrences(database)] == [OccurrenceState.SKIPPED] * 4
    told = messages(database, Kind.SCHEDULE_SKIPPED)
    assert {notice.subject_id for notice in told} == {occurrences(database)[-1].id}


def test_after_an_outage_the_one_that_is_worth_it_runs(database: Database, world: World) -> None:
    scheduled(database, world)
    run(database, NOW + 14 * DAY, cards=says)
    _, missed, ran = occurrences(database)
    assert (missed.state, ran.state) == (OccurrenceState.SKIPPED, OccurrenceState.RAN)
    told = messages(database, Kind.SCHEDULE_SKIPPED)
    assert {notice.subject_id for notice in told} == {missed.id}


def test_one_that_fails_leaves_nothing_behind_and_does_not_block_the_others(
    database: Database, world: World, caplog: pytest.LogCaptureFixture
) -> None:
    scheduled(database, world, "broken", local_time=time(14))
    scheduled(database, world, "cards")
    assert run(database, NOW, broken=fails, cards=says) == 1
    broken, cards = occurrences(database)
    assert (broken.state, broken.failures, broken.reason) == (OccurrenceState.DUE, 1, "KeyError")
    assert cards.state is OccurrenceState.RAN
    assert [message.subject_id for message in messages(database)] == [cards.id]
    assert "prompt=broken failed: KeyError" in caplog.text
    assert "wrote" not in caplog.text
    assert run(database, NOW, broken=says) == 1
    assert len(messages(database)) == 2


def test_one_that_fails_is_tried_again_later_and_later(database: Database, world: World) -> None:
    scheduled(database, world)
    run_due(database, {"cards": fails}, lambda: NOW, first_retry=DAY)
    waiting = occurrences(database)[0]
    assert waiting.not_before is not None
    assert run(database, NOW, cards=says) == 0, "five minutes at most, but not at once"


def test_one_that_failed_until_it_was_too_late_is_skipped_and_said(
    database: Database, world: World
) -> None:
    scheduled(database, world)
    run(database, NOW, cards=fails)
    run(database, NOW + DAY, cards=fails)
    assert occurrences(database)[0].reason == SkipReason.FAILED
    assert len(messages(database, Kind.SCHEDULE_SKIPPED)) == 2


def test_a_prompt_that_skips_itself_says_so_itself(database: Database, world: World) -> None:
    def no_deals(_session: Session, occurrence: Occurrence, now: datetime) -> None:
        skip(occurrence, "no_deals", now)

    scheduled(database, world)
    run(database, NOW, cards=no_deals)
    skipped = occurrences(database)[0]
    assert (skipped.state, skipped.reason) == (OccurrenceState.SKIPPED, "no_deals")
    assert messages(database, Kind.SCHEDULE_SKIPPED) == []


def test_a_prompt_that_nobody_knows_is_skipped_and_said(database: Database, world: World) -> None:
    scheduled(database, world, "unheard.of")
    run(database, NOW, cards=says)
    assert occurrences(database)[0].reason == SkipReason.NO_PROMPT
    assert len(messages(database, Kind.SCHEDULE_SKIPPED)) == 2


def test_each_workspace_is_carried_out_inside_its_own_walls(
    database: Database, world: World
) -> None:
    south = a_workspace(database, "T0SOUTH")
    for where in (world, south):
        scheduled(database, where)
    assert run(database, NOW, cards=says) == 2
    assert {message.workspace_id for message in messages(database)} == {"T0NORTH", "T0SOUTH"}


@pytest.mark.parametrize(
    ("day", "moments"),
    [
        pytest.param(
            date(2026, 3, 29), ["00:59:59", "01:29:59", "01:30:00", "02:30:00"], id="into summer"
        ),
        pytest.param(
            date(2026, 10, 25), ["00:29:59", "00:30:00", "01:30:00", "02:30:00"], id="into winter"
        ),
    ],
)
def test_by_the_machines_clock_a_night_of_change_has_one_occurrence(
    database: Database, world: World, day: date, moments: list[str]
) -> None:
    """Berlin 02:30, on the nights when it does not happen, and when it happens twice (UTC)."""
    scheduled(
        database,
        world,
        weekdays="7",
        local_time=time(2, 30),
        zone="Europe/Berlin",
        lateness=Lateness.MIDNIGHT,
        active_from=day,
    )
    settled = []
    for moment in moments:
        with freeze_time(f"{day} {moment}"):
            settled.append(run_due(database, {"cards": says}, real_now))
    assert sum(settled) == len(messages(database)) == 1
    assert [bool(n) for n in settled].index(True) == (2 if day.month == 3 else 1)


# --- the threads


def nobody(_workspace_id: str) -> WebClient:
    raise LookupError


def test_it_runs_by_itself_and_leaves_no_thread_behind(database: Database, world: World) -> None:
    scheduled(database, world)
    before = set(threading.enumerate())
    ran = threading.Event()

    def prompt(session: Session, occurrence: Occurrence, now: datetime) -> None:
        says(session, occurrence, now)
        ran.set()

    post = Post(database, {}, lambda: NOW, nobody)
    scheduler = Scheduler(database, lambda: NOW, post, {"cards": prompt}, rhythm=FAST)
    scheduler.start()
    with pytest.raises(RuntimeError, match="already"):
        scheduler.start()
    try:
        assert ran.wait(30)
    finally:
        scheduler.stop()
    assert set(threading.enumerate()) == before
    scheduler.stop()
    assert [one.state for one in occurrences(database)] == [OccurrenceState.RAN]


def test_it_delivers_and_forgets_what_came_in_long_ago(database: Database, world: World) -> None:
    asked = threading.Event()

    def client_for(_workspace_id: str) -> WebClient:
        asked.set()
        raise LookupError

    with database.transaction(world.workspace_id) as session:
        received_first(session, "Ev1", NOW - 30 * DAY)
        owe(session, Kind.REVIEW_CARD, 1, dedupe_key="1", due_at=NOW, channel_id="C0WEST")
    post = Post(database, {}, lambda: NOW, client_for)
    scheduler = Scheduler(database, lambda: NOW, post, {}, rhythm=FAST)
    scheduler.start()
    try:
        assert asked.wait(30)
    finally:
        scheduler.stop()
    assert messages(database, Kind.REVIEW_CARD)[0].error == "not_installed"
    with database.everywhere() as session:
        assert session.scalars(select(Received)).all() == []


def test_a_database_that_is_away_does_not_end_it(
    database: Database, world: World, caplog: pytest.LogCaptureFixture
) -> None:
    scheduled(database, world)
    ran = threading.Event()
    moments = iter([OSError("secret of the database"), OSError("secret of the database")])

    def now() -> datetime:
        trouble = next(moments, None)
        if trouble is not None:
            raise trouble
        return NOW

    def prompt(_session: Session, _occurrence: Occurrence, _now: datetime) -> None:
        ran.set()

    post = Post(database, {}, lambda: NOW, nobody)
    scheduler = Scheduler(database, now, post, {"cards": prompt}, rhythm=FAST)
    scheduler.start()
    try:
        assert ran.wait(30)
    finally:
        scheduler.stop()
    assert "prompts failed: OSError in" in caplog.text
    assert "secret" not in caplog.text
