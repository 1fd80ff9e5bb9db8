"""Attention is the budget (product.md): how many messages a person gets a day, and when."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy.orm import Session

from models import attention
from models.absences import put_absence
from models.attention import (
    CLASSES,
    Block,
    BlockUnfit,
    Class,
    Hours,
    NothingFree,
    QuietUnfit,
    Snooze,
    SnoozeUnfit,
    TooManyBlocks,
    Topic,
    UnknownBlock,
    free_at,
)
from models.delivery import DeliveryState, Kind, Wait, find, refresh
from models.people import Person, get_person, standards
from models.schedule import Lateness, put_schedule
from models.screens import messages_chosen
from models.week import CARDS
from tests.attention import Desk, load_digest
from tests.world import World

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TEN = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)  # Tuesday, 10:00 in New York
MORNING = datetime(2026, 11, 25, 13, 30, tzinfo=UTC)  # Wednesday, 08:30
PATIENT, TIMED = Kind.COACHING_PERSON, Kind.REVIEW_NUDGE


@pytest.fixture
def desk(session: Session, world: World) -> Desk:
    """Tuesday 10:00, after the digest."""
    made = Desk(session, world, TEN - 2 * HOUR)
    made.with_digests(world.ana, world.max)
    made.until(TEN)
    return made


def ana(desk: Desk) -> Person:
    return get_person(desk.session, desk.world.ana)


def test_every_kind_of_message_has_its_class() -> None:
    assert set(CLASSES) == set(Kind)


def test_the_rest_of_a_day_waits_for_the_digest_of_the_next_and_goes_in_its_thread(
    desk: Desk,
) -> None:
    owed = [desk.owe(PATIENT, desk.world.ana) for _ in range(4)]
    assert desk.post() == ["test:1", "test:2"]
    held = desk.row(owed[2].id)
    assert (held.state, held.ts, held.waits_for) == (DeliveryState.OWED, None, Wait.DIGEST)
    assert messages_chosen(desk.session, ana(desk), desk.now).waiting == 2
    desk.until(MORNING)
    assert desk.keys(desk.world.ana, own=False) == ["test:3", "test:4"]
    mine = [each for each in desk.told if each.person_id == desk.world.ana]
    assert [each.kind for each in mine][2] is Kind.DIGEST, "it comes first"
    message = find(
        desk.session, Kind.DIGEST, desk.row(desk.row(owed[2].id).after_id or 0).subject_id
    )
    assert message is not None
    shown = load_digest(desk.session, message.subject_id, desk.now)
    assert shown is not None
    assert shown.in_thread == 2
    desk.owe(TIMED, desk.world.ana)
    assert desk.post() == ["test:5"], "what stands in the thread is no message of that day"


def test_a_manager_gets_more_than_a_rep_and_each_their_own(desk: Desk) -> None:
    for person_id in (desk.world.ana, desk.world.max):
        for _ in range(6):
            desk.owe(TIMED, person_id)
    desk.post()
    assert len(desk.keys(desk.world.ana)) == 2
    assert len(desk.keys(desk.world.max)) == 4


def test_what_one_asked_for_and_what_starts_soon_is_never_held_nor_counted(desk: Desk) -> None:
    person = ana(desk)
    attention.snooze(desk.session, person, TEN + DAY, TEN)
    for kind in (Kind.COACHING_COACH, Kind.ONE_ON_ONE_PERSON, Kind.IMPORT_FILE):
        desk.owe(kind, person.id)
    assert len(desk.post()) == 3
    attention.end_snooze(desk.session, person, TEN)
    for _ in range(2):
        desk.owe(TIMED, person.id)
    assert len(desk.post()) == 2


def test_a_time_of_today_is_told_whatever_the_day_has_told_already(desk: Desk) -> None:
    for _ in range(2):
        desk.owe(TIMED, desk.world.ana)
    desk.post()
    for kind in (Kind.HEALTH_TALK, Kind.ONE_ON_ONE_CHANGED, TIMED):
        desk.owe(kind, desk.world.ana)
    assert desk.post() == ["test:3", "test:4"]
    attention.snooze(desk.session, ana(desk), TEN + HOUR, TEN)
    desk.owe(Kind.HEALTH_TALK, desk.world.ana)
    assert desk.post() == [], "but in free hours alone"
    desk.until(TEN + HOUR)
    assert desk.keys(desk.world.ana)[-1] == "test:6"


def test_what_is_patient_leaves_room_for_what_is_timed_later_that_day(desk: Desk) -> None:
    desk.owe(TIMED, desk.world.ana, TEN + 3 * HOUR)
    desk.owe(PATIENT, desk.world.ana)
    desk.owe(PATIENT, desk.world.ana)
    assert desk.post() == ["test:2"]
    desk.until(TEN + 3 * HOUR)
    assert desk.keys(desk.world.ana) == ["test:2", "test:1"]


def test_and_for_a_prompt_that_will_come(desk: Desk) -> None:
    put_schedule(
        desk.session, desk.world.team, CARDS, weekdays="2", local_time=time(15),
        zone="America/New_York", lateness=Lateness.MIDNIGHT, active_from=date(2026, 11, 24),
    )  # fmt: skip
    for _ in range(2):
        desk.owe(PATIENT, desk.world.ana)
        desk.owe(PATIENT, desk.world.max)
    desk.post()
    assert len(desk.keys(desk.world.ana)) == 1, "the deals in review come at 15:00"
    assert len(desk.keys(desk.world.max)) == 2


def test_before_the_digest_what_is_patient_waits_for_it_and_what_is_timed_leaves_it_room(
    desk: Desk,
) -> None:
    desk.until(MORNING - 2 * HOUR)
    for kind in (PATIENT, TIMED, TIMED):
        desk.owe(kind, desk.world.ana)
    assert desk.post() == []
    desk.until(MORNING - HOUR / 2)
    assert desk.keys(desk.world.ana) == ["test:2"], "quiet hours were until 07:30"
    desk.until(MORNING)
    assert desk.keys(desk.world.ana, own=False) == ["test:1", "test:3"]
    assert set(desk.days().values()) == {2}


def test_what_is_worth_nothing_any_more_is_dropped_and_the_digest_counts_anew(desk: Desk) -> None:
    for _ in range(2):
        desk.owe(TIMED, desk.world.ana)
    owed = desk.owe(TIMED, desk.world.ana)
    desk.post()
    desk.worthless.add("test:3")
    desk.until(MORNING)
    assert desk.keys(desk.world.ana) == ["test:1", "test:2"]
    parent_id = desk.row(owed.id).after_id
    assert parent_id is not None
    occurrence_id = desk.row(parent_id).subject_id
    shown = load_digest(desk.session, occurrence_id, desk.now)
    assert shown is not None
    assert shown.in_thread == 0


def test_an_update_is_never_held(desk: Desk) -> None:
    first = desk.owe(PATIENT, desk.world.ana)
    for _ in range(2):
        desk.owe(PATIENT, desk.world.ana)
    desk.post()
    attention.snooze(desk.session, ana(desk), TEN + DAY, TEN)
    refresh(desk.session, PATIENT, first.subject_id, desk.now)
    desk.post()
    row = desk.row(first.id)
    assert (row.shown, row.state) == (2, DeliveryState.POSTED)


# --- hours


def test_quiet_hours_hold_all_but_the_reminder_before_a_start(desk: Desk) -> None:
    evening = TEN + 10 * HOUR  # 20:00
    desk.until(evening)
    for kind in (Kind.ONE_ON_ONE_PERSON, Kind.ONE_ON_ONE_RATING, TIMED):
        desk.owe(kind, desk.world.ana)
    assert desk.post() == ["test:1"]
    desk.until(MORNING - HOUR)
    assert desk.keys(desk.world.ana) == ["test:1", "test:2", "test:3"]


def test_a_selling_block_a_snooze_and_their_end(desk: Desk) -> None:
    person = ana(desk)
    block = Block("2", time(9), time(11))
    attention.add_block(desk.session, person, block, TEN)
    attention.add_block(desk.session, person, block, TEN)
    desk.owe(TIMED, person.id)
    assert desk.post() == []
    [(block_id, found)] = messages_chosen(desk.session, person, TEN).blocks
    assert found == block
    attention.snooze(desk.session, person, TEN + 2 * HOUR, TEN)
    attention.remove_block(desk.session, person, block_id, TEN)
    assert desk.post() == [], "the snooze holds it now"
    with pytest.raises(UnknownBlock):
        attention.remove_block(desk.session, person, block_id, TEN)
    attention.end_snooze(desk.session, person, TEN + HOUR)
    desk.now = TEN + HOUR
    assert desk.post() == ["test:1"]


def test_blocks_that_follow_each_other_are_one_and_days_that_clocks_change_too() -> None:
    hours = Hours(
        "Europe/Berlin", (time(22), time(2, 30)), (Block("7", time(2, 30), time(4)),), None
    )
    evening = datetime(2026, 3, 28, 22, 0, tzinfo=UTC)  # Saturday 23:00; at 02:00 it is 03:00
    assert free_at(hours, evening) == datetime(2026, 3, 29, 2, 0, tzinfo=UTC)  # 04:00
    autumn = datetime(2026, 10, 24, 21, 0, tzinfo=UTC)  # Saturday 23:00; 02:30 comes twice
    assert free_at(hours, autumn) == datetime(2026, 10, 25, 3, 0, tzinfo=UTC)  # 04:00
    assert free_at(hours, autumn + 12 * HOUR) == autumn + 12 * HOUR


def test_a_day_off_has_no_messages_but_what_a_session_asks(desk: Desk) -> None:
    put_absence(desk.session, ana(desk), date(2026, 11, 25), date(2026, 11, 25), TEN)
    desk.until(MORNING + HOUR)
    for kind in (TIMED, PATIENT, Kind.ONE_ON_ONE_RATING):
        desk.owe(kind, desk.world.ana)
    assert desk.post() == ["test:3"]
    desk.until(MORNING + DAY)
    assert desk.keys(desk.world.ana, own=False) == ["test:1", "test:2"]


def test_a_digest_that_is_snoozed_past_its_day_is_dropped_and_what_it_held_comes_later(
    desk: Desk,
) -> None:
    for _ in range(3):
        desk.owe(PATIENT, desk.world.ana)
    desk.post()
    person = ana(desk)
    attention.snooze(desk.session, person, MORNING + DAY, TEN)
    desk.until(MORNING)
    assert desk.keys(desk.world.ana) == ["test:1", "test:2"]
    desk.until(MORNING + DAY)
    assert desk.keys(desk.world.ana) == ["test:1", "test:2", "test:3"]
    digests = [each for each in desk.told if each.kind is Kind.DIGEST]
    assert [each.at for each in digests if each.person_id == person.id] == [MORNING + DAY]


def test_without_a_digest_what_waited_stands_alone(session: Session, world: World) -> None:
    desk = Desk(session, world, TEN)
    for _ in range(3):
        desk.owe(PATIENT, world.ana)
    desk.post()
    desk.until(MORNING - HOUR / 2)
    assert len(desk.keys(world.ana)) == 2
    desk.until(MORNING)
    assert desk.keys(world.ana, own=True) == ["test:1", "test:2", "test:3"]


def test_who_left_gets_nothing_held_or_not(desk: Desk) -> None:
    for _ in range(3):
        desk.owe(PATIENT, desk.world.ana)
    desk.post()
    ana(desk).active = False
    desk.worthless.add("test:3")  # as every loader says of who is not active
    desk.with_digests(desk.world.ana)
    desk.until(MORNING + DAY)
    assert desk.keys(desk.world.ana) == ["test:1", "test:2"]
    assert desk.owed() == []


# --- what is chosen


def test_what_a_person_does_without_is_dropped_and_admins_hear_of_what_was_skipped(
    desk: Desk,
) -> None:
    for person_id in (desk.world.ana, desk.world.ada):
        person = get_person(desk.session, person_id)
        unwanted = {Topic.COACHING, Topic.SKIPPED}
        attention.choose_messages(desk.session, person, TEN, quiet=None, unwanted=unwanted)
        for kind in (Kind.COACHING_PERSON, Kind.SCHEDULE_SKIPPED, Kind.REVIEW_PRACTICE):
            desk.owe(kind, person_id)
    assert set(desk.post()) == {"test:3", "test:5", "test:6"}
    assert {each.error for each in desk.owed()} == set()


def test_standard_hours_count_until_one_chooses(desk: Desk) -> None:
    person = ana(desk)
    shown = messages_chosen(desk.session, person, TEN)
    assert (shown.quiet, shown.most) == ((time(19), time(7, 30)), 2)
    attention.choose_messages(desk.session, person, TEN, quiet=None, unwanted=())
    assert messages_chosen(desk.session, person, TEN).quiet is None
    mine = (time(20), time(6))
    attention.choose_messages(desk.session, person, TEN, quiet=mine, unwanted=())
    assert messages_chosen(desk.session, person, TEN).quiet == mine
    other = get_person(desk.session, desk.world.max)
    assert messages_chosen(desk.session, other, TEN).quiet == shown.quiet


def test_what_will_not_do(desk: Desk) -> None:
    person, session = ana(desk), desk.session
    with pytest.raises(QuietUnfit):
        attention.choose_messages(session, person, TEN, quiet=(time(9), time(9)), unwanted=())
    for block in (Block("", time(9), time(10)), Block("1", time(10), time(9))):
        with pytest.raises(BlockUnfit):
            attention.add_block(session, person, block, TEN)
    with pytest.raises(NothingFree):
        attention.add_block(session, person, Block("3", time(7), time(19)), TEN)
    attention.add_block(session, person, Block("3", time(8), time(18)), TEN)
    with pytest.raises(NothingFree):
        attention.choose_messages(
            session, person, TEN, quiet=(time(17), time(8)), unwanted=()
        )  # fmt: skip
    for hour in range(9):
        attention.add_block(session, person, Block("1", time(hour + 8), time(hour + 9)), TEN)
    with pytest.raises(TooManyBlocks):
        attention.add_block(session, person, Block("2", time(9), time(10)), TEN)
    for until in (TEN, TEN + 15 * DAY):
        with pytest.raises(SnoozeUnfit):
            attention.snooze(session, person, until, TEN)


def test_until_when_a_snooze_lasts(desk: Desk) -> None:
    rules, person = standards(desk.session), ana(desk)
    ends = {each: attention.snooze_until(person, each, rules, TEN) for each in Snooze}
    assert ends == {
        Snooze.HOUR: TEN + HOUR,
        Snooze.TWO_HOURS: TEN + 2 * HOUR,
        Snooze.TOMORROW: MORNING,
        Snooze.MONDAY: MORNING + 5 * DAY,
    }


def test_each_class_is_used() -> None:
    assert set(CLASSES.values()) == set(Class)
