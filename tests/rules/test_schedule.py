"""When prompts come due, what is late, and that each occurrence is written down once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, time, timedelta
from threading import Barrier
from typing import Any
from zoneinfo import ZoneInfoNotFoundError

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models.base import Database
from models.schedule import (
    Lateness,
    Occurrence,
    OccurrenceState,
    Schedule,
    SkipReason,
    claim_due,
    failed,
    is_newest_missed,
    materialise,
    put_schedule,
    settle,
    skip,
    too_late,
    too_late_at,
    waiting,
)
from tests.world import NOW, TODAY, World

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
CARDS: dict[str, Any] = {
    "weekdays": "2",
    "local_time": time(15),
    "zone": "America/New_York",
    "lateness": Lateness.NEXT_DAY_TIME,
    "late_until": time(10),
    "active_from": TODAY,
}


def put(session: Session, world: World, **changed: Any) -> tuple[Schedule, bool]:
    return put_schedule(session, world.team, "review.cards", **CARDS | changed)


def dates(session: Session) -> list[date]:
    return list(session.scalars(select(Occurrence.local_date).order_by(Occurrence.local_date)))


def the_only(session: Session) -> Occurrence:
    return session.scalars(select(Occurrence)).one()


# --- schedules


def test_putting_the_same_schedule_again_changes_nothing(session: Session, world: World) -> None:
    made, changed = put(session, world)
    again, changed_again = put(session, world, active_from=TODAY + 7 * DAY)
    assert (made.id, changed, changed_again) == (again.id, True, False)
    assert again.active_from == TODAY


@pytest.mark.parametrize(
    "change",
    [
        {"weekdays": "23"},
        {"local_time": time(9)},
        {"zone": "Europe/Berlin"},
        {"is_on": True},
    ],
)
def test_a_changed_schedule_comes_due_from_the_day_that_is_given(
    session: Session, world: World, change: dict[str, Any]
) -> None:
    put(session, world, is_on="is_on" not in change)
    schedule, changed = put(session, world, **change, active_from=TODAY + 7 * DAY)
    assert changed
    assert schedule.active_from == TODAY + 7 * DAY


def test_another_lateness_leaves_the_dates_alone(session: Session, world: World) -> None:
    put(session, world)
    schedule, changed = put(session, world, lateness=Lateness.MIDNIGHT, active_from=TODAY + 7 * DAY)
    assert changed
    assert (schedule.lateness, schedule.active_from) == (Lateness.MIDNIGHT, TODAY)


@pytest.mark.parametrize("weekdays", ["", "0", "28", "Tue"])
def test_weekdays_are_iso_digits(session: Session, world: World, weekdays: str) -> None:
    with pytest.raises(ValueError, match="ISO digits"):
        put(session, world, weekdays=weekdays)


def test_an_unknown_zone_is_refused(session: Session, world: World) -> None:
    with pytest.raises(ZoneInfoNotFoundError):
        put(session, world, zone="Mars/Olympus")


def test_the_database_refuses_a_lateness_without_its_limit(session: Session, world: World) -> None:
    with pytest.raises(IntegrityError, match="lateness_has_its_limit"):
        put(session, world, lateness=Lateness.HOURS)


# --- coming due


def test_it_comes_due_at_its_instant_and_once(session: Session, world: World) -> None:
    put(session, world)
    assert materialise(session, NOW - SECOND) == 0
    assert materialise(session, NOW) == 1
    assert materialise(session, NOW) == 0
    occurrence = the_only(session)
    assert (occurrence.local_date, occurrence.due_at) == (TODAY, NOW)
    assert occurrence.state is OccurrenceState.DUE


def test_after_an_outage_the_missed_dates_are_written_down(session: Session, world: World) -> None:
    put(session, world)
    materialise(session, NOW)
    assert materialise(session, NOW + 15 * DAY) == 2
    assert dates(session) == [TODAY, TODAY + 7 * DAY, TODAY + 14 * DAY]


def test_nothing_comes_due_before_it_is_active(session: Session, world: World) -> None:
    put(session, world, active_from=TODAY + DAY)
    assert materialise(session, NOW + 6 * DAY) == 0
    assert materialise(session, NOW + 7 * DAY) == 1


def test_switched_off_nothing_comes_due_and_nothing_is_caught_up(
    session: Session, world: World
) -> None:
    put(session, world, is_on=False)
    assert materialise(session, NOW + 14 * DAY) == 0
    put(session, world, active_from=TODAY + 15 * DAY)
    assert materialise(session, NOW + 21 * DAY) == 1
    assert dates(session) == [TODAY + 21 * DAY]


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"local_time": time(17)}, id="later that day"),
        pytest.param({"zone": "Pacific/Honolulu"}, id="a zone further west"),
        pytest.param({"zone": "Pacific/Auckland"}, id="a zone further east"),
    ],
)
def test_a_new_time_or_zone_does_not_double_a_date(
    session: Session, world: World, change: dict[str, Any]
) -> None:
    put(session, world)
    materialise(session, NOW)
    put(session, world, **change)
    materialise(session, NOW + 2 * DAY)
    assert dates(session) == [TODAY]


def test_replicas_write_an_occurrence_down_once(database: Database, world: World) -> None:
    with database.transaction(world.workspace_id) as session:
        put(session, world)
    together = Barrier(4, timeout=60)

    def replica(_n: int) -> int:
        together.wait()
        with database.everywhere() as session:
            return materialise(session, NOW + 14 * DAY)

    with ThreadPoolExecutor(4) as replicas:
        assert sum(replicas.map(replica, range(4))) == 3


def test_each_workspace_has_its_own(database: Database, world: World, south: World) -> None:
    for where in (world, south):
        with database.transaction(where.workspace_id) as session:
            put_schedule(session, where.team, "review.cards", **CARDS)
    with database.everywhere() as session:
        assert materialise(session, NOW) == 2
        assert {due.workspace_id for due in waiting(session, NOW, NOW)} == {"T0NORTH", "T0SOUTH"}
    with database.transaction(world.workspace_id) as session:
        assert len(dates(session)) == 1


# --- lateness


@pytest.mark.parametrize(
    ("policy", "limit"),
    [
        pytest.param(
            {"lateness": Lateness.UNTIL_TIME, "late_until": time(17)},
            datetime(2026, 11, 24, 22, tzinfo=UTC),
            id="until a time of the day",
        ),
        pytest.param(
            {"lateness": Lateness.NEXT_DAY_TIME, "late_until": time(10)},
            datetime(2026, 11, 25, 15, tzinfo=UTC),
            id="until a time of the next day",
        ),
        pytest.param(
            {"lateness": Lateness.MIDNIGHT},
            datetime(2026, 11, 25, 5, tzinfo=UTC),
            id="until midnight",
        ),
        pytest.param(
            {"lateness": Lateness.HOURS, "late_hours": 4},
            datetime(2026, 11, 25, 0, tzinfo=UTC),
            id="for hours",
        ),
    ],
)
def test_late_it_runs_until_its_limit(
    session: Session, world: World, policy: dict[str, Any], limit: datetime
) -> None:
    schedule, _ = put(session, world, **policy)
    materialise(session, NOW)
    occurrence = the_only(session)
    assert too_late_at(schedule, TODAY) == limit
    assert too_late(occurrence, schedule, limit - SECOND) is None
    assert too_late(occurrence, schedule, limit) is SkipReason.LATE


def test_what_failed_until_it_was_too_late_says_so(session: Session, world: World) -> None:
    schedule, _ = put(session, world)
    materialise(session, NOW)
    occurrence = the_only(session)
    failed(occurrence, "KeyError", NOW + SECOND)
    assert too_late(occurrence, schedule, NOW + DAY) is SkipReason.FAILED


# --- carrying out


def test_what_failed_waits_in_real_time(session: Session, world: World) -> None:
    put(session, world)
    materialise(session, NOW)
    real = NOW - 400 * DAY
    failed(the_only(session), "KeyError", real + SECOND)
    session.flush()
    assert waiting(session, NOW, real) == []
    assert [due.prompt for due in waiting(session, NOW, real + SECOND)] == ["review.cards"]


def test_one_transaction_has_it_and_the_other_passes_on(database: Database, world: World) -> None:
    with database.transaction(world.workspace_id) as session:
        put(session, world)
        materialise(session, NOW)
        occurrence_id = the_only(session).id
    together = Barrier(2, timeout=60)

    def replica(_n: int) -> bool:
        together.wait()
        with database.transaction(world.workspace_id) as session:
            occurrence = claim_due(session, occurrence_id)
            if occurrence is not None:
                settle(occurrence, NOW)
            return occurrence is not None

    with ThreadPoolExecutor(2) as replicas:
        assert sorted(replicas.map(replica, range(2))) == [False, True]
    with database.transaction(world.workspace_id) as session:
        assert (the_only(session).state, the_only(session).settled_at) == (
            OccurrenceState.RAN,
            NOW,
        )


def test_skipped_by_its_prompt_it_stays_skipped(session: Session, world: World) -> None:
    put(session, world)
    materialise(session, NOW)
    occurrence = the_only(session)
    skip(occurrence, "no_deals", NOW)
    settle(occurrence, NOW + SECOND)
    assert (occurrence.state, occurrence.reason) == (OccurrenceState.SKIPPED, "no_deals")
    assert occurrence.settled_at == NOW


def test_of_several_missed_dates_the_newest_is_known(session: Session, world: World) -> None:
    schedule, _ = put(session, world)
    now = NOW + 14 * DAY
    materialise(session, now)
    dates = session.scalars(select(Occurrence).order_by(Occurrence.local_date))
    known = [is_newest_missed(session, one, schedule, now) for one in dates]
    assert known == [False, True, True], "the last is not missed: it can still run"
