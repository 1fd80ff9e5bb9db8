"""Weeks of messages, settings and clocks: no day is over its budget, and nothing is lost."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from models import attention
from models.absences import put_absence
from models.attention import CLASSES, Block, Class
from models.base import Database, RuleBroken
from models.delivery import DeliveryState, Kind, find
from models.people import get_person, standards
from models.schedule import local_date
from tests.attention import PATIENT, TIMED, Desk
from tests.world import World

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
BEGINS = (
    datetime(2026, 11, 23, 12, 0, tzinfo=UTC),  # Monday, 07:00 in New York
    datetime(2026, 10, 30, 12, 0, tzinfo=UTC),  # Friday, before its clocks go back
    datetime(2027, 3, 12, 12, 0, tzinfo=UTC),  # Friday, before they go forward
)
KINDS = (*PATIENT, *TIMED, Kind.ONE_ON_ONE_RATING, Kind.ONE_ON_ONE_PERSON, Kind.COACHING_COACH)


@dataclass(frozen=True)
class Step:
    """So many minutes later somebody is owed messages, now or later, and chooses something."""

    minutes: int
    of_max: bool
    kinds: tuple[Kind, ...]
    later: int  # hours
    chooses: str
    number: int


STEPS = st.lists(
    st.builds(
        Step,
        minutes=st.sampled_from((0, 1, 30, 90, 90, 240, 600, 1440, 4320)),
        of_max=st.booleans(),
        kinds=st.lists(st.sampled_from(KINDS), max_size=3).map(tuple),
        later=st.sampled_from((0, 0, 0, 1, 8, 30)),
        chooses=st.sampled_from(("", "", "", "quiet", "block", "unblock", "snooze", "end", "off")),
        number=st.integers(0, 23),
    ),
    min_size=5,
    max_size=25,
)


def choose(desk: Desk, person_id: int, step: Step) -> None:
    session, now, number = desk.session, desk.now, step.number
    person = get_person(session, person_id)
    match step.chooses:
        case "quiet":
            quiet = (time(number), time((number + 11) % 24)) if number % 3 else None
            attention.choose_messages(session, person, now, quiet=quiet, unwanted=())
        case "block":
            hour = 6 + number % 12
            block = Block("13579"[: 1 + number % 3].replace("9", "5"), time(hour), time(hour + 3))
            attention.add_block(session, person, block, now)
        case "unblock":
            for block_id, _ in attention.chosen(session, person_id).blocks[:1]:
                attention.remove_block(session, person, block_id, now)
        case "snooze":
            choice = list(attention.Snooze)[number % 4]
            until = attention.snooze_until(person, choice, standards(session), now)
            attention.snooze(session, person, until, now)
        case "end":
            attention.end_snooze(session, person, now)
        case "off":
            first = local_date(now, person.zone) + (number % 4) * DAY
            put_absence(session, person, first, first + (number % 3) * DAY, now)


@settings(max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(begins=st.sampled_from(BEGINS), steps=STEPS)
def test_no_day_is_over_its_budget_and_nothing_is_lost(
    north: tuple[Database, World], begins: datetime, steps: list[Step]
) -> None:
    database, world = north
    with database.transaction(world.workspace_id) as session:
        desk = Desk(session, world, begins, load_digest=a_digest)
        desk.with_digests(world.ana, world.max)
        most, at_once = {world.ana: 2, world.max: 4}, set[str]()
        for step in steps:
            desk.until(desk.now + step.minutes * timedelta(minutes=1))
            person_id = world.max if step.of_max else world.ana
            for kind in step.kinds:
                owed = desk.owe(kind, person_id, desk.now + step.later * HOUR)
                at_once |= {owed.dedupe_key} if not step.later else set()
            try:
                with session.begin_nested():
                    choose(desk, person_id, step)
            except RuleBroken:
                session.expire_all()
            desk.post()
            check(desk, most)
        for _ in range(24 * 7):  # whatever was chosen, a week without an outage brings all of it
            desk.until(desk.now + HOUR)
        check(desk, most)
        assert not [one for one in desk.owed() if one.dedupe_key.startswith("test:")]
        check_order(desk, at_once)
        session.rollback()


def a_digest(session: Session, occurrence_id: int, now: datetime) -> object | None:
    """As the product's own loader, of people who have nothing in it but what waited for it."""
    message = find(session, Kind.DIGEST, occurrence_id)
    assert message is not None
    assert message.person_id is not None
    person = get_person(session, message.person_id)
    is_of_today = message.dedupe_key.endswith(local_date(now, person.zone).isoformat())
    return (is_of_today and attention.in_thread(session, message)) or None


def check(desk: Desk, most: dict[int, int]) -> None:
    over = {day: told for day, told in desk.days().items() if told > most.get(day[0], 4)}
    assert not over
    assert all(one.due_at > desk.now or waits_for_parent(desk, one.after_id) for one in desk.owed())
    keys = [each.key for each in desk.told]
    assert len(keys) == len(set(keys)), "each once"


def waits_for_parent(desk: Desk, after_id: int | None) -> bool:
    return after_id is not None and desk.row(after_id).state is DeliveryState.OWED


def check_order(desk: Desk, at_once: set[str]) -> None:
    """What is patient, and was owed for the moment of owing, comes in that order."""
    came: dict[int, list[int]] = defaultdict(list)
    for each in desk.told:
        if CLASSES[each.kind] is Class.PATIENT and each.key in at_once:
            came[each.person_id].append(int(each.key.partition(":")[2]))
    assert all(numbers == sorted(numbers) for numbers in came.values())
