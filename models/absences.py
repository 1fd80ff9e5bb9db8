"""Days out of office: who is away when, and from where that is known.

An absence excuses only what starts after it was entered (product.md, "The week"), unless a leader
accepts it (`models.late_absences`). Taken back ones stay as trail.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, InWorkspace, RuleBroken, one_of, within_workspace
from models.people import Person

DAY = timedelta(days=1)
LONGEST_ABSENCE = timedelta(days=366)
ENTERED_LATE = 14
"""So many days afterwards somebody may still say that they were away."""


class AbsenceSource(StrEnum):
    """From where it is known that a person is out of office."""

    OWN = "own"  # entered by the person
    SLACK = "slack"  # the status of the Slack profile
    CALENDAR = "calendar"  # the iCal address that the person gave


class Absence(InWorkspace, Base):
    """Days out of office, both included, in the person's local dates. Withdrawn ones stay.

    `source_key`: what the source calls it; empty for the person's own. `withdrawn_by_id`: who took
    it back; none where it is the source that no longer says it. `looked_at`: when it was looked
    whether it came too late for something; `accepted_by_id`: who took it as if it had not.
    """

    __tablename__ = "absences"
    __table_args__ = (
        UniqueConstraint("workspace_id", "id"),
        within_workspace("person_id", "people"),
        within_workspace("entered_by_id", "people"),
        within_workspace("withdrawn_by_id", "people"),
        within_workspace("accepted_by_id", "people"),
        CheckConstraint("starts_on <= ends_on", name="in_order"),
        CheckConstraint("(accepted_at IS NULL) = (accepted_by_id IS NULL)", name="accepted_by"),
        Index("ix_absences_looked_at", "looked_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[AbsenceSource] = mapped_column(
        one_of(AbsenceSource, "source"), default=AbsenceSource.OWN, server_default="own"
    )
    source_key: Mapped[str] = mapped_column(String(200), default="", server_default="")
    person_id: Mapped[int]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    entered_at: Mapped[datetime]
    entered_by_id: Mapped[int]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by_id: Mapped[int | None]
    looked_at: Mapped[datetime | None]
    accepted_at: Mapped[datetime | None]
    accepted_by_id: Mapped[int | None]


class AbsenceUnfit(RuleBroken):
    """An absence ends before it starts (`in_order` False), or is longer than a year."""

    def __init__(self, *, in_order: bool) -> None:
        super().__init__(in_order)
        self.in_order = in_order


class UnknownAbsence(RuleBroken):
    """No such absence of this person, or it was withdrawn already."""


def put_absence(
    session: Session, person: Person, starts_on: date, ends_on: date, now: datetime
) -> Absence:
    """The person is out of office on these days. The same days again are the same absence.

    Raises `AbsenceUnfit`.
    """
    if ends_on < starts_on or ends_on - starts_on > LONGEST_ABSENCE:
        raise AbsenceUnfit(in_order=ends_on >= starts_on)
    for here in absences(session, person.id, starts_on):
        is_own = here.source is AbsenceSource.OWN
        if is_own and (here.starts_on, here.ends_on) == (starts_on, ends_on):
            return here
    made = Absence(
        person_id=person.id,
        starts_on=starts_on,
        ends_on=ends_on,
        entered_at=now,
        entered_by_id=person.id,
    )
    session.add(made)
    session.flush()
    return made


def withdraw_absence(session: Session, person: Person, absence_id: int, now: datetime) -> Absence:
    """The person is there after all, whatever the source says. Days that are over stay as they were
    where they had been entered before they began; of accepted ones so does today.

    Raises `UnknownAbsence`, also for somebody else's, and where nothing is left to take back.
    """
    found = session.get(Absence, absence_id)
    if found is None or found.person_id != person.id or found.withdrawn_at is not None:
        raise UnknownAbsence(absence_id)
    today = now.astimezone(ZoneInfo(person.zone)).date()
    if (stays_until := stays(found, person, today)) == found.ends_on:
        raise UnknownAbsence(absence_id)
    ended = _end(session, found, stays_until, now)
    ended.withdrawn_by_id = person.id
    session.flush()
    return ended


def stays(absence: Absence, person: Person, today: date) -> date | None:
    """Until which of its days an absence stays, whoever takes it back; None: all of it goes."""
    if absence.accepted_at is not None:
        last = min(absence.ends_on, today)
    elif absence.source is AbsenceSource.OWN and _was_late(absence, person):
        return None  # nobody has accepted its first days
    else:
        last = min(absence.ends_on, today - DAY)
    return last if absence.starts_on <= last else None


def _was_late(absence: Absence, person: Person) -> bool:
    return absence.entered_at.astimezone(ZoneInfo(person.zone)).date() > absence.starts_on


def bring_absences(
    session: Session,
    person: Person,
    source: AbsenceSource,
    wanted: Mapping[str, tuple[date, date]],
    today: date,
    now: datetime,
) -> bool:
    """What a source (not the person) says now, by its keys: first and last day. Whether it changed.

    What it no longer says is withdrawn from today on; days that are over stay as they were. What
    the person took back is not brought again; what the source itself withdrew is, once it says it
    again. Raises `AbsenceUnfit`.
    """
    of_source = select(Absence).where(
        Absence.person_id == person.id, Absence.source == source, Absence.ends_on >= today
    )
    rows = session.scalars(of_source.order_by(Absence.id)).all()
    said = {
        (row.source_key, row.starts_on, row.ends_on)
        for row in rows
        if row.withdrawn_at is None or row.withdrawn_by_id is not None
    }
    changed = False
    for row in rows:
        if wanted.get(row.source_key) == (row.starts_on, row.ends_on):
            continue
        if row.withdrawn_at is None:
            _end(session, row, stays(row, person, today), now)
            changed = True
    for key, (starts_on, ends_on) in wanted.items():
        if ends_on < today or (key, starts_on, ends_on) in said:
            continue
        if ends_on < starts_on or ends_on - starts_on > LONGEST_ABSENCE:
            raise AbsenceUnfit(in_order=ends_on >= starts_on)
        session.add(
            Absence(
                source=source,
                source_key=key,
                person_id=person.id,
                starts_on=starts_on,
                ends_on=ends_on,
                entered_at=now,
                entered_by_id=person.id,
            )
        )
        changed = True
    session.flush()
    return changed


def _end(session: Session, row: Absence, stays_until: date | None, now: datetime) -> Absence:
    """What is withdrawn: the whole, as a trail. Days that stay are what is left of the absence."""
    if stays_until is None:
        row.withdrawn_at = now
        return row
    whole = Absence(
        source=row.source,
        source_key=row.source_key,
        person_id=row.person_id,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        entered_at=row.entered_at,
        entered_by_id=row.entered_by_id,
        looked_at=row.looked_at or now,
        withdrawn_at=now,
    )
    row.ends_on = stays_until
    session.add(whole)
    return whole


def absences(session: Session, person_id: int, ending_from: date) -> list[Absence]:
    """The person's absences that end on or after a day, soonest first; withdrawn ones left out."""
    return list(
        session.scalars(
            select(Absence)
            .where(
                Absence.person_id == person_id,
                Absence.ends_on >= ending_from,
                Absence.withdrawn_at.is_(None),
            )
            .order_by(Absence.starts_on, Absence.id)
        )
    )
