"""What a person chooses: quiet hours, selling blocks, what to get, and to be left alone a while."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum

from sqlalchemy import and_, bindparam, func, select, update
from sqlalchemy.orm import Session

from models.attention.classes import TOPICS, Topic, offered
from models.attention.hours import LEAST_FREE, Block, Hours, least_free
from models.attention.refusals import (
    BlockUnfit,
    NothingFree,
    QuietUnfit,
    SnoozeUnfit,
    TooManyBlocks,
    UnknownBlock,
)
from models.attention.tables import MessageSettings, SellingBlock
from models.base import insert_once
from models.days import DAY
from models.delivery import Delivery, DeliveryState, Kind, Wait
from models.people import Person, Role, UnknownPerson, Workspace, standards_of
from models.schedule import instant, local_date
from models.standards import Standards

MOST_BLOCKS = 10
MOST_SNOOZE = timedelta(days=14)
"""Who is away for longer has days off, which say so to the others too."""


class Snooze(StrEnum):
    HOUR = "hour"
    TWO_HOURS = "two_hours"
    TOMORROW = "tomorrow"  # the morning
    MONDAY = "monday"


@dataclass(frozen=True)
class Reader:
    """A person, with all that says when messages may come, and how many."""

    person: Person
    hours: Hours
    unwanted: frozenset[Topic]
    rules: Standards

    @property
    def most(self) -> int:
        """Messages of a day."""
        is_rep = self.person.role is Role.REP
        return self.rules.messages_rep if is_rep else self.rules.messages_manager

    def wants(self, kind: Kind) -> bool:
        topic = TOPICS.get(kind)
        return topic not in self.unwanted or topic not in offered(self.person)


@dataclass(frozen=True)
class Chosen:
    """What stands now, for the form: `blocks` by id; `waiting` for the next morning digest."""

    reader: Reader
    blocks: tuple[tuple[int, Block], ...]
    waiting: int


_WAITING = (
    select(func.count(Delivery.id))
    .where(
        Delivery.workspace_id == Person.workspace_id,
        Delivery.person_id == Person.id,
        Delivery.state == DeliveryState.OWED,
        Delivery.ts.is_(None),
        Delivery.waits_for == Wait.DIGEST,
    )
    .correlate(Person)
    .scalar_subquery()
)
_ALL = (
    select(Person, Workspace.standards, MessageSettings, SellingBlock)
    .join(Workspace, Workspace.id == Person.workspace_id)
    .outerjoin(
        MessageSettings,
        and_(
            MessageSettings.workspace_id == Person.workspace_id,
            MessageSettings.person_id == Person.id,
        ),
    )
    .outerjoin(
        SellingBlock,
        and_(SellingBlock.workspace_id == Person.workspace_id, SellingBlock.person_id == Person.id),
    )
    .where(Person.id == bindparam("person"))
    .order_by(SellingBlock.weekdays, SellingBlock.starts, SellingBlock.id)
)
_ALL_AND_WAITING = _ALL.add_columns(_WAITING)


def reader(session: Session, person_id: int) -> Reader:
    """In one statement. Raises `UnknownPerson`."""
    rows = session.execute(_ALL, {"person": person_id}).all()
    if not rows:
        raise UnknownPerson(person_id)
    person, kept, settings, _ = rows[0]
    return _reader(person, kept, settings, tuple(_block(row[3]) for row in rows if row[3]))


def chosen(session: Session, person_id: int) -> Chosen:
    """As `reader`, with what the form and Home say. Raises `UnknownPerson`."""
    rows = session.execute(_ALL_AND_WAITING, {"person": person_id}).all()
    if not rows:
        raise UnknownPerson(person_id)
    person, kept, settings, _, waiting = rows[0]
    blocks = tuple((row[3].id, _block(row[3])) for row in rows if row[3])
    found = _reader(person, kept, settings, tuple(block for _, block in blocks))
    return Chosen(found, blocks, waiting)


def _reader(
    person: Person,
    kept: dict[str, object],
    settings: MessageSettings | None,
    selling: tuple[Block, ...],
) -> Reader:
    rules = standards_of(kept)
    quiet: tuple[time, time] | None = (rules.quiet_from, rules.quiet_until)
    if settings is not None and settings.quiet_is_own:
        quiet = None
        if settings.quiet_from is not None and settings.quiet_until is not None:
            quiet = settings.quiet_from, settings.quiet_until
    snoozed = None if settings is None else settings.snoozed_until
    known = set(Topic)
    unwanted = (
        [] if settings is None else [Topic(each) for each in settings.unwanted if each in known]
    )
    return Reader(person, Hours(person.zone, quiet, selling, snoozed), frozenset(unwanted), rules)


def _block(row: SellingBlock) -> Block:
    return Block(row.weekdays, row.starts, row.ends)


def choose_messages(
    session: Session,
    person: Person,
    now: datetime,
    *,
    quiet: tuple[time, time] | None,
    unwanted: Collection[Topic],
) -> None:
    """The person's own quiet hours (None: none), and what they do without, of what is offered.

    Raises `QuietUnfit`, `NothingFree`.
    """
    before = reader(session, person.id)
    if quiet is not None and quiet[0] == quiet[1]:
        raise QuietUnfit
    if least_free(quiet, before.hours.selling) < LEAST_FREE:
        raise NothingFree(LEAST_FREE, by_block=False)
    row = _settings(session, person)
    if quiet != before.hours.quiet:
        row.quiet_is_own = True
        row.quiet_from, row.quiet_until = quiet or (None, None)
    row.unwanted = sorted(each for each in unwanted if each in offered(person))
    session.flush()
    _look_again(session, person, now)


def add_block(session: Session, person: Person, block: Block, now: datetime) -> None:
    """No messages in these hours. The same again is the same block.

    Raises `BlockUnfit`, `TooManyBlocks`, `NothingFree`.
    """
    if not block.weekdays or block.ends <= block.starts:
        raise BlockUnfit(in_order=block.starts < block.ends)
    hours = reader(session, person.id).hours
    if block in hours.selling:
        return
    if len(hours.selling) >= MOST_BLOCKS:
        raise TooManyBlocks(MOST_BLOCKS)
    if least_free(hours.quiet, (*hours.selling, block)) < LEAST_FREE:
        raise NothingFree(LEAST_FREE, by_block=True)
    values = {
        "workspace_id": person.workspace_id,
        "person_id": person.id,
        "weekdays": block.weekdays,
        "starts": block.starts,
        "ends": block.ends,
    }
    insert_once(session, SellingBlock, values, *values)
    _look_again(session, person, now)


def remove_block(session: Session, person: Person, block_id: int, now: datetime) -> None:
    """Raises `UnknownBlock`, also for somebody else's."""
    found = session.get(SellingBlock, block_id)
    if found is None or found.person_id != person.id:
        raise UnknownBlock(block_id)
    session.delete(found)
    session.flush()
    _look_again(session, person, now)


def snooze_until(person: Person, choice: Snooze, rules: Standards, now: datetime) -> datetime:
    """When a snooze that begins now ends. A morning is that of the digest."""
    today = local_date(now, person.zone)
    match choice:
        case Snooze.HOUR:
            return now + timedelta(hours=1)
        case Snooze.TWO_HOURS:
            return now + timedelta(hours=2)
        case Snooze.TOMORROW:
            return instant(today + DAY, rules.digest_at, person.zone)
        case Snooze.MONDAY:
            monday = today + (8 - today.isoweekday()) * DAY
            return instant(monday, rules.digest_at, person.zone)


def snooze(session: Session, person: Person, until: datetime, now: datetime) -> None:
    """No messages until then. Raises `SnoozeUnfit`."""
    if not now < until <= now + MOST_SNOOZE:
        raise SnoozeUnfit(now + MOST_SNOOZE)
    _settings(session, person).snoozed_until = until
    session.flush()
    _look_again(session, person, now)


def end_snooze(session: Session, person: Person, now: datetime) -> None:
    """What was held goes on at once. Without a snooze nothing changes."""
    _settings(session, person).snoozed_until = None
    session.flush()
    _look_again(session, person, now)


def _settings(session: Session, person: Person) -> MessageSettings:
    """The person's row; two at once make one."""
    values = {
        "workspace_id": person.workspace_id,
        "person_id": person.id,
        "quiet_is_own": False,
        "unwanted": [],
    }
    insert_once(session, MessageSettings, values, "workspace_id", "person_id")
    mine = select(MessageSettings).where(MessageSettings.person_id == person.id).with_for_update()
    return session.scalars(mine.execution_options(populate_existing=True)).one()


def _look_again(session: Session, person: Person, now: datetime) -> None:
    """What hours held is decided anew, by the post."""
    session.execute(
        update(Delivery)
        .where(
            Delivery.person_id == person.id,
            Delivery.state == DeliveryState.OWED,
            Delivery.ts.is_(None),
            Delivery.waits_for == Wait.HOURS,
            Delivery.due_at > now,
        )
        .values(due_at=now)
        .execution_options(synchronize_session=False)
    )
