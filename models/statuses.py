"""Out of office as the status of somebody's Slack profile says it (product.md, "People").

Only a status that means it counts: its emoji or its first words are among the workspace's
standards, and nothing in it says otherwise. It lasts until the day on which it ends in Slack; that
day is included if it ends in the evening. One without an end counts for today, and for each day on
which it still stands, some weeks at most. What the person took back stays away as long as the same
status stands. Of the status nothing is kept but that it is one, and until when.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from zoneinfo import ZoneInfo

from sqlalchemy import Index, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.absences import LONGEST_ABSENCE, Absence, AbsenceSource
from models.base import Base, InWorkspace, within_workspace
from models.days import DAY
from models.one_on_ones import bring_absences
from models.people import Person, get_person, standards
from models.schedule import instant, local_date
from models.standards import Standards, has_phrase, starts_with_phrase


class SlackStatus(InWorkspace, Base):
    """A status that means out of office, while it stands: one per person at most.

    `mark` tells it from another one. `since`: when it was first seen. `ends_at`: none is said.
    `look_at`: one without an end counts again from that moment on.
    """

    __tablename__ = "slack_statuses"
    __table_args__ = (
        UniqueConstraint("workspace_id", "person_id"),
        within_workspace("person_id", "people"),
        Index("ix_slack_statuses_look_at", "look_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int]
    mark: Mapped[str] = mapped_column(String(32))
    since: Mapped[datetime]
    ends_at: Mapped[datetime | None]
    look_at: Mapped[datetime | None]


@dataclass(frozen=True)
class StatusSaid:
    """A status as Slack says it: `emoji` between colons, `ends_at` None where it has no end."""

    emoji: str = ""
    text: str = ""
    ends_at: datetime | None = None

    def mark(self) -> str:
        """The same for the same status, and nothing can be read from it."""
        said = f"{self.emoji}\n{self.text}\n{self.ends_at}"
        return sha256(said.encode()).hexdigest()[:32]


def means_away(said: StatusSaid, rules: Standards) -> bool:
    """Whether a status means out of office."""
    emoji = said.emoji.strip(":").partition("::")[0]
    if has_phrase(said.text, rules.status_not_away):
        return False
    return emoji in rules.status_emojis or starts_with_phrase(said.text, rules.status_words)


def last_day(ends_at: datetime, zone: str, evening: time) -> date:
    """The last day of a status that ends then: that day if it ends in the evening, else the one
    before."""
    local = ends_at.astimezone(ZoneInfo(zone))
    return local.date() if local.time() >= evening else local.date() - DAY


def tell(session: Session, person: Person, said: StatusSaid, now: datetime) -> bool:
    """Slack says what the person's status is now; absences and one-on-ones follow, unless the
    person does not want it. Whether anything changed.
    """
    _hold(session, person)
    here = _status_of(session, person)
    counts = person.active and person.follows_status and means_away(said, standards(session))
    if not counts or (said.ends_at is not None and said.ends_at <= now):
        if here is not None:
            session.delete(here)
            session.flush()
        return _bring(session, person, {}, now)
    if here is None:
        here = SlackStatus(person_id=person.id, mark="", since=now)
        session.add(here)
    if here.mark != said.mark():
        here.mark, here.since, here.ends_at = said.mark(), now, said.ends_at
    return _keep(session, person, here, now)


def keep(session: Session, person: Person, now: datetime) -> bool:
    """The same after the person's zone changed: its days are counted there."""
    here = _status_of(session, person)
    return here is not None and _keep(session, person, here, now)


def choose_following(session: Session, person: Person, *, follows: bool, now: datetime) -> None:
    """Whether the status of the person's Slack profile counts. Once it does not, what it said of
    today and later is withdrawn; once it does again, somebody has to `tell` it.
    """
    person.follows_status = follows
    if not follows:
        tell(session, person, StatusSaid(), now)
    session.flush()


def stands(session: Session, person: Person) -> bool:
    """Whether a status counts as out of office, as Slack said it last."""
    return _status_of(session, person) is not None


def unfollowed(session: Session, now: datetime) -> set[str]:
    """The workspaces with a status without an end that has to be looked at again."""
    due = select(SlackStatus.workspace_id).where(SlackStatus.look_at <= now)
    return set(session.scalars(due.distinct()))


def follow(session: Session, now: datetime) -> int:
    """Each status that still stands counts for the new day; how many there were."""
    due = select(SlackStatus).where(SlackStatus.look_at <= now).order_by(SlackStatus.id)
    rows = session.scalars(due.with_for_update(skip_locked=True)).all()
    for row in rows:
        _keep(session, get_person(session, row.person_id), row, now)
    return len(rows)


def _hold(session: Session, person: Person) -> None:
    """Two that tell of one person take turns."""
    same = select(Person.id).where(Person.id == person.id)
    session.execute(same.with_for_update(key_share=True)).all()


def _status_of(session: Session, person: Person) -> SlackStatus | None:
    return session.scalar(select(SlackStatus).where(SlackStatus.person_id == person.id))


def _keep(session: Session, person: Person, status: SlackStatus, now: datetime) -> bool:
    """Brings the days that a status says; one without an end is looked at again tomorrow."""
    rules, today = standards(session), local_date(now, person.zone)
    first = local_date(status.since, person.zone)
    status.look_at = None
    if status.ends_at is not None:
        last = last_day(status.ends_at, person.zone, rules.status_evening)
        days = (first, min(last, first + LONGEST_ABSENCE))
    elif today < first + timedelta(days=rules.status_open_days):
        status.look_at = instant(today + DAY, time(), person.zone)
        days = (today, today)
    else:
        days = (today, today - DAY)
    session.flush()
    key = f"{status.mark}:{status.since:%Y%m%d%H%M%S}"
    is_some = days[0] <= days[1] and not _took_back(session, person, key)
    return _bring(session, person, {key: days} if is_some else {}, now)


def _took_back(session: Session, person: Person, key: str) -> bool:
    """Whether the person said that they are there in spite of this status."""
    said = select(Absence.id).where(
        Absence.person_id == person.id,
        Absence.source == AbsenceSource.SLACK,
        Absence.source_key == key,
        Absence.withdrawn_by_id.is_not(None),
    )
    return session.scalar(said.limit(1)) is not None


def _bring(
    session: Session, person: Person, wanted: dict[str, tuple[date, date]], now: datetime
) -> bool:
    return bring_absences(session, person, AbsenceSource.SLACK, wanted, now)
