"""Stages, deals, and what changed about them: the CRM's word kept beside ours."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any, TypedDict, Unpack

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Index,
    String,
    Text,
    UniqueConstraint,
    bindparam,
    func,
    or_,
    select,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, InWorkspace, RuleBroken, one_of, within_workspace
from models.people import home_team_id, owned_by_team, zones


class StageKind(StrEnum):
    OPEN = "open"
    WON = "won"
    LOST = "lost"


class Stage(InWorkspace, Base):
    """One stage of the workspace's pipeline, in order of `position`.

    `qualified`: counts in coverage. `age_days`: older in this stage is a flag; null: no limit.
    """

    __tablename__ = "stages"
    __table_args__ = (
        UniqueConstraint("workspace_id", "id"),
        UniqueConstraint("workspace_id", "name"),
        UniqueConstraint("workspace_id", "position"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    position: Mapped[int]
    kind: Mapped[StageKind] = mapped_column(one_of(StageKind, "kind"))
    qualified: Mapped[bool] = mapped_column(default=False)
    age_days: Mapped[int | None]


class Deal(InWorkspace, Base):
    """An opportunity. Its team follows its owner. Money in minor units, null when nobody said.

    `stage_id` and `close_on` are ours, `crm_stage_id` and `crm_close_on` what the last import
    said: where they differ, a decision is "not yet in the CRM". `stage_entered_at` is a lower
    bound of the age in stage: the first sight of the stage where the CRM gave no date. `seen_at`:
    when an import first brought it here; `told_at`: when one told of it last; null: before that
    was kept.
    """

    __tablename__ = "deals"
    __table_args__ = (
        UniqueConstraint("workspace_id", "id"),
        UniqueConstraint("workspace_id", "external_id"),
        within_workspace("owner_id", "people"),
        within_workspace("stage_id", "stages"),
        within_workspace("crm_stage_id", "stages"),
        CheckConstraint("amount_minor >= 0", name="amount_not_negative"),
        Index("ix_deals_owner", "workspace_id", "owner_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    external_id: Mapped[str] = mapped_column(String(80))
    name: Mapped[str] = mapped_column(String(200))
    owner_id: Mapped[int]
    amount_minor: Mapped[int | None] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    stage_id: Mapped[int]
    stage_entered_at: Mapped[datetime]
    close_on: Mapped[date | None]
    crm_stage_id: Mapped[int]
    crm_close_on: Mapped[date | None]
    opened_on: Mapped[date | None]
    closed_on: Mapped[date | None]  # the day it was won or lost
    last_activity_on: Mapped[date | None]  # null: never told, so nobody is accused
    url: Mapped[str | None] = mapped_column(Text)
    seen_at: Mapped[datetime | None]
    told_at: Mapped[datetime | None]


class ImportKind(StrEnum):
    """What a file holds."""

    DEALS = "deals"
    HISTORY = "history"  # of the deals' stages
    ACTIVITIES = "activities"


class Import(InWorkspace, Base):
    """One file taken in whole: who, when, how many of what, and how its columns were read.

    `columns_key` is the same for files of the same columns (SHA-256 of their names). `covers_from`
    to `covers_until`, both included, are the days of which an activities' file tells.
    """

    __tablename__ = "imports"
    __table_args__ = (
        UniqueConstraint("workspace_id", "id"),
        within_workspace("imported_by_id", "people"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    file_name: Mapped[str] = mapped_column(String(255))
    sha256: Mapped[str] = mapped_column(String(64))
    imported_at: Mapped[datetime]
    imported_by_id: Mapped[int | None]  # null: by command line
    added: Mapped[int]
    changed: Mapped[int]
    unchanged: Mapped[int]
    mapping: Mapped[dict[str, Any]] = mapped_column(JSON)
    kind: Mapped[ImportKind] = mapped_column(
        one_of(ImportKind, "kind"), default=ImportKind.DEALS, server_default=ImportKind.DEALS.value
    )
    columns_key: Mapped[str | None] = mapped_column(String(64))  # null: before they were kept
    covers_from: Mapped[date | None]
    covers_until: Mapped[date | None]


class Field(StrEnum):
    STAGE = "stage"
    AMOUNT = "amount"
    CLOSE = "close"
    OWNER = "owner"


class DealChange(InWorkspace, Base):
    """One change of one field, from an import or from a decision (exactly one of the two).

    `before` and `after` are ids for stage and owner, minor units for the amount, ISO dates for
    the close date; null where there was none. The first sight of a deal is no change.
    """

    __tablename__ = "deal_changes"
    __table_args__ = (
        within_workspace("deal_id", "deals"),
        within_workspace("import_id", "imports"),
        CheckConstraint(
            "(import_id IS NULL) <> (decision_id IS NULL)", name="by_an_import_or_a_decision"
        ),
        Index("ix_deal_changes_deal", "workspace_id", "deal_id", "field", "changed_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    deal_id: Mapped[int]
    field: Mapped[Field] = mapped_column(one_of(Field, "field"))
    before: Mapped[str | None] = mapped_column(String(64))
    after: Mapped[str | None] = mapped_column(String(64))
    changed_at: Mapped[datetime]
    import_id: Mapped[int | None]
    decision_id: Mapped[int | None]  # the decision's table stands a floor above


# --- stages


class NotOpen(RuleBroken):
    """A won or lost stage has no next one."""

    def __init__(self, stage_id: int) -> None:
        super().__init__(stage_id)
        self.stage_id = stage_id


class NoStages(RuleBroken):
    """The workspace's pipeline lacks a stage of this kind: setup has to make it."""

    def __init__(self, kind: StageKind) -> None:
        super().__init__(kind)
        self.kind = kind


class UnknownDeal(RuleBroken):
    """No such deal in this workspace."""

    def __init__(self, deal_id: int) -> None:
        super().__init__(deal_id)
        self.deal_id = deal_id


# product.md, "Monday pipeline health check": name, kind, in coverage, days above which it is old
_STAGES: tuple[tuple[str, StageKind, bool, int | None], ...] = (
    ("Prospecting", StageKind.OPEN, False, None),
    ("Qualified", StageKind.OPEN, True, 21),
    ("Discovery", StageKind.OPEN, True, 30),
    ("Proposal", StageKind.OPEN, True, 21),
    ("Negotiation", StageKind.OPEN, True, 14),
    ("Closed Won", StageKind.WON, False, None),
    ("Closed Lost", StageKind.LOST, False, None),
)


def seed_stages(session: Session) -> list[Stage]:
    """The product's stages for a workspace that has none; one that has any keeps its own."""
    found = stages(session)
    if found:
        return found
    made = [
        Stage(name=name, position=position, kind=kind, qualified=qualified, age_days=age_days)
        for position, (name, kind, qualified, age_days) in enumerate(_STAGES, start=1)
    ]
    session.add_all(made)
    session.flush()
    return made


_IN_ORDER = select(Stage).order_by(Stage.position)


def stages(session: Session) -> list[Stage]:
    """The workspace's stages in the order of the pipeline."""
    return list(session.scalars(_IN_ORDER))


def next_stage(stages: Sequence[Stage], stage: Stage) -> Stage:
    """Where an advance leads: the next open stage, from the last one the won stage.

    Raises `NotOpen` for a stage that is won or lost, `NoStages` without a won stage.
    """
    if stage.kind is not StageKind.OPEN:
        raise NotOpen(stage.id)
    later = [s for s in stages if s.kind is StageKind.OPEN and s.position > stage.position]
    return min(later, key=lambda s: s.position) if later else won_stage(stages)


def earlier_stages(stages: Sequence[Stage], stage: Stage) -> list[Stage]:
    """Where a demotion may lead: the open stages before this one, nearest last."""
    earlier = [s for s in stages if s.kind is StageKind.OPEN and s.position < stage.position]
    return sorted(earlier, key=lambda s: s.position)


def won_stage(stages: Sequence[Stage]) -> Stage:
    """The first won stage. Raises `NoStages`."""
    return _first(stages, StageKind.WON)


def lost_stage(stages: Sequence[Stage]) -> Stage:
    """The first lost stage. Raises `NoStages`."""
    return _first(stages, StageKind.LOST)


def _first(stages: Sequence[Stage], kind: StageKind) -> Stage:
    of_kind = [stage for stage in stages if stage.kind is kind]
    if not of_kind:
        raise NoStages(kind)
    return min(of_kind, key=lambda stage: stage.position)


# --- finding deals


def get_deal(session: Session, deal_id: int) -> Deal:
    """The deal. Raises `UnknownDeal`, also for another workspace's."""
    found = session.get(Deal, deal_id)
    if found is None:
        raise UnknownDeal(deal_id)
    return found


_LOCKED = (
    select(Deal)
    .where(Deal.id == bindparam("deal_id"))
    .with_for_update()
    .execution_options(populate_existing=True)
)


def locked_deal(session: Session, deal_id: int) -> Deal:
    """The deal as it is now, held against everybody else until the transaction ends.

    PostgreSQL locks the row; SQLite's transactions already exclude each other. Raises
    `UnknownDeal`.
    """
    found = session.scalar(_LOCKED, {"deal_id": deal_id})
    if found is None:
        raise UnknownDeal(deal_id)
    return found


def open_deals(session: Session, team_id: int) -> list[Deal]:
    """The team's deals in an open stage, by id, those of people who have left included."""
    found = (
        select(Deal)
        .join(Stage, Stage.id == Deal.stage_id)
        .where(Stage.kind == StageKind.OPEN, owned_by_team(Deal.owner_id, team_id))
        .order_by(Deal.id)
    )
    return list(session.scalars(found))


def deal_team_id(session: Session, deal: Deal) -> int | None:
    """The team that the deal's owner brings it to; None: nobody's."""
    return home_team_id(session, deal.owner_id)


def local_day(session: Session, deal: Deal, now: datetime) -> date:
    """The date at this moment where the deal's team is (without a team: where its owner is)."""
    return now.astimezone(zones(session, [deal.owner_id])[deal.owner_id]).date()


def not_in_crm(deal: Deal) -> bool:
    """Whether our stage or close date still differs from what the last import said."""
    return deal.stage_id != deal.crm_stage_id or deal.close_on != deal.crm_close_on


UNLIKE_CRM = or_(
    Deal.stage_id != Deal.crm_stage_id, Deal.close_on.is_distinct_from(Deal.crm_close_on)
)
"""`not_in_crm`, asked of the database."""


def deals_not_in_crm(session: Session, team_id: int) -> list[Deal]:
    """The team's deals of which the CRM does not say yet what was decided, those closed by it
    included, by id."""
    found = select(Deal).where(UNLIKE_CRM, owned_by_team(Deal.owner_id, team_id))
    return list(session.scalars(found.order_by(Deal.id)))


def changes(
    session: Session, deal_ids: Iterable[int], field: Field | None = None
) -> dict[int, list[DealChange]]:
    """What changed about each of these deals, oldest first; a deal without changes has []."""
    found: dict[int, list[DealChange]] = {deal_id: [] for deal_id in deal_ids}
    wanted = select(DealChange).where(DealChange.deal_id.in_(found))
    if field is not None:
        wanted = wanted.where(DealChange.field == field)
    for change in session.scalars(wanted.order_by(DealChange.changed_at, DealChange.id)):
        found[change.deal_id].append(change)
    return found


def latest_import(session: Session) -> Import | None:
    """The last file of deals taken in, which says how fresh they are; None: never one."""
    newest_first = select(Import).order_by(Import.imported_at.desc(), Import.id.desc())
    return session.scalar(newest_first.where(Import.kind == ImportKind.DEALS).limit(1))


MOST_READINGS = 100
"""So many sets of columns are remembered in a workspace, the newest."""


def readings(session: Session) -> list[tuple[datetime, str | None, dict[str, Any]]]:
    """When the latest import of each set of columns was, its key and mapping, newest first."""
    newest = select(func.max(Import.id)).group_by(Import.columns_key)
    found = (
        select(Import.imported_at, Import.columns_key, Import.mapping)
        .where(Import.id.in_(newest))
        .order_by(Import.id.desc())
        .limit(MOST_READINGS)
    )
    return [(at, key, mapping) for at, key, mapping in session.execute(found)]


# --- changing deals, each change with its trail


class By(TypedDict, total=False):
    """What changed a deal: exactly one of the two."""

    decision_id: int | None
    import_id: int | None


def set_stage(
    session: Session,
    deal: Deal,
    stage: Stage,
    now: datetime,
    *,
    entered_at: datetime | None = None,
    closed_on: date | None = None,
    **by: Unpack[By],
) -> DealChange | None:
    """Move the deal to a stage; None when it is there already (then nothing changes at all).

    It has entered the stage now (or at `entered_at`, which the CRM or a correction knows better);
    in a won or lost stage it was closed today at its team's place (or on `closed_on`), in an open
    one it is not closed. Exactly one of `decision_id` and `import_id` says by what.
    """
    if deal.stage_id == stage.id:
        return None
    before, deal.stage_id = deal.stage_id, stage.id
    deal.stage_entered_at = entered_at or now
    is_open = stage.kind is StageKind.OPEN
    deal.closed_on = None if is_open else closed_on or local_day(session, deal, now)
    return _record(session, deal, Field.STAGE, before, stage.id, now, by)


def set_close_on(
    session: Session,
    deal: Deal,
    close_on: date | None,
    now: datetime,
    **by: Unpack[By],
) -> DealChange | None:
    """Set the date by which the deal closes; None when it is that already."""
    if deal.close_on == close_on:
        return None
    before, deal.close_on = deal.close_on, close_on
    return _record(session, deal, Field.CLOSE, before, close_on, now, by)


def set_amount(
    session: Session,
    deal: Deal,
    amount_minor: int | None,
    now: datetime,
    **by: Unpack[By],
) -> DealChange | None:
    """Set the amount in minor units of the deal's currency; None when it is that already."""
    if deal.amount_minor == amount_minor:
        return None
    before, deal.amount_minor = deal.amount_minor, amount_minor
    return _record(session, deal, Field.AMOUNT, before, amount_minor, now, by)


def set_owner(
    session: Session,
    deal: Deal,
    owner_id: int,
    now: datetime,
    **by: Unpack[By],
) -> DealChange | None:
    """Give the deal to somebody, and so to their team; None when it is theirs already."""
    if deal.owner_id == owner_id:
        return None
    before, deal.owner_id = deal.owner_id, owner_id
    return _record(session, deal, Field.OWNER, before, owner_id, now, by)


def _record(
    session: Session,
    deal: Deal,
    field: Field,
    before: int | date | None,
    after: int | date | None,
    now: datetime,
    by: By,
) -> DealChange:
    if (by.get("decision_id") is None) == (by.get("import_id") is None):
        raise ValueError("a change comes from a decision or from an import")
    change = DealChange(
        deal_id=deal.id,
        field=field,
        before=None if before is None else str(before),
        after=None if after is None else str(after),
        changed_at=now,
        **by,
    )
    session.add(change)
    return change
