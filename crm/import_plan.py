"""What taking in a file of deals changes here, chunk by chunk: only counted, or carried out too.

Which is done wholly or not at all, and never with a problem left (product.md, "Deals come from the
CRM"): whoever writes rolls back when problems have turned up.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from crm.changes import Changes, Facts, Word, brought, differences
from crm.columns import Column
from crm.import_file import ImportFile
from crm.rows import DealRow
from crm.writing import insert_rows, update_rows
from models.activities import last_days
from models.deals import Deal, DealChange, Field, Import, StageKind
from models.people import workspace_id_of
from models.pipeline_review import show_changed_deals, shown_deals
from models.put_right import show_put_right

NAMED = 10
"""So many deals of a kind does a report name; the others are counted."""


@dataclass
class Named:
    """Deals that a report names: the first few, and how many there are."""

    first: list[str] = field(default_factory=list)
    count: int = 0

    def add(self, words: str) -> None:
        self.count += 1
        if self.count <= NAMED:
            self.first.append(words)


@dataclass
class ImportPlan:
    """What the file does: what is new, what differs and in which columns, what stays."""

    file: ImportFile
    new: int = 0
    new_by_kind: Counter[StageKind] = field(default_factory=Counter)
    changed: list[int] = field(default_factory=list)
    """Ids of deals."""
    by_column: Counter[Column] = field(default_factory=Counter)
    unchanged: int = 0
    missing: Named = field(default_factory=Named)
    """Open deals here that the file lacks: said, and left alone."""
    deleted: Named = field(default_factory=Named)
    """Open deals here that the CRM has deleted: likewise, since to us that is no loss."""
    heard: dict[Word, Named] = field(default_factory=lambda: {word: Named() for word in Word})
    """Decisions taken here, by what the CRM says about them."""

    @property
    def taken(self) -> int:
        """Deals that the file brings or tells of."""
        return self.new + len(self.changed) + self.unchanged


FACTS = (
    Deal.id, Deal.external_id, Deal.name, Deal.owner_id, Deal.amount_minor, Deal.currency,
    Deal.stage_id, Deal.stage_entered_at, Deal.close_on, Deal.crm_stage_id, Deal.crm_close_on,
    Deal.opened_on, Deal.closed_on, Deal.last_activity_on, Deal.url,
)  # fmt: skip


@dataclass(frozen=True)
class Writing:
    """The import that is being carried out, and when."""

    record: Import
    now: datetime


def plan_deals(session: Session, file: ImportFile, writing: Writing | None = None) -> ImportPlan:
    """Holds the file's deals against the workspace's, and brings these to it if `writing`.

    Further problems go to the file's; then what was written has to be rolled back.
    """
    plan = ImportPlan(file)
    for rows in file.rows.chunks():
        _plan_chunk(session, plan, cast(list[DealRow], rows), writing)
    _find_missing(session, plan)
    if writing is not None:
        show_in_reviews(session, set(plan.changed), writing.now)
    return plan


def _plan_chunk(
    session: Session, plan: ImportPlan, rows: Sequence[DealRow], writing: Writing | None
) -> None:
    by_id = {row.external_id: row for row in rows}
    here = _facts(session, Deal.external_id.in_(by_id))
    beside = _Beside(session, plan.file, here)
    changed: list[int] = []
    for deal in here:
        row = beside.row(deal, by_id.pop(deal.external_id))
        changes = differences(deal, row, plan.file.places, beside.decided)
        _count(plan, deal, row, changes)
        if changes:
            changed.append(deal.id)
    plan.changed += changed
    plan.new += len(by_id)
    kinds = plan.file.known.stages_by_id
    plan.new_by_kind.update(kinds[row.stage_id].kind for row in by_id.values())
    if writing is not None:
        _say_told(session, [deal.id for deal in here], writing)
        _insert(session, by_id.values(), writing)
        _update(session, plan, changed, {row.external_id: row for row in rows}, writing)


def _facts(session: Session, which: Any, *, lock: bool = False) -> Sequence[Facts]:
    found = select(*FACTS).where(which).order_by(Deal.id)
    return cast(Sequence[Facts], session.execute(found.with_for_update() if lock else found).all())


class _Beside:
    """What else is known here of a chunk's deals."""

    def __init__(self, session: Session, file: ImportFile, deals: Iterable[Facts]) -> None:
        ids = [deal.id for deal in deals]
        self.decided: Collection[int] = frozenset()
        """Deals whose latest stage change was a decision (crm.changes.differences)."""
        if ids and Column.STAGE_SINCE in file.places:
            self.decided = decided_here(session, ids)
        contacts = ids and Column.LAST_ACTIVITY in file.places
        self._last = last_days(session, ids) if contacts else {}

    def row(self, deal: Facts, row: DealRow) -> DealRow:
        """The row, its last contact no earlier than the activities that were taken in."""
        last = self._last.get(deal.id)
        if last is None or (row.last_activity_on is not None and row.last_activity_on >= last):
            return row
        return row._replace(last_activity_on=last)


def decided_here(session: Session, deal_ids: Collection[int]) -> frozenset[int]:
    """Those of these deals whose latest change of stage was a decision."""
    moves = select(DealChange.deal_id, DealChange.decision_id).where(
        DealChange.field == Field.STAGE, DealChange.deal_id.in_(deal_ids)
    )
    latest: dict[int, int | None] = {}
    for deal_id, decision_id in session.execute(moves.order_by(DealChange.id)):
        latest[deal_id] = decision_id
    return frozenset(deal_id for deal_id, decision_id in latest.items() if decision_id is not None)


def _count(plan: ImportPlan, deal: Facts, row: DealRow, changes: Changes) -> None:
    if Column.CURRENCY in changes.columns and not _says_currency(plan.file):
        says = (
            f"“{row.name}” moves from {deal.currency} to {row.currency} with its owner's team: "
            "say in which currency its amount is"
        )
        option = ", by a column or by --currency"
        plan.file.problems.add("currency", says, row.line, option=option)
    if changes.stage is not Word.REPEATED or changes.close_date is not Word.REPEATED:
        for word in (Word.STANDING, Word.CONFIRMED, Word.OVERRULED):
            told = [
                _both(plan.file, col, deal, row) for col, said in changes.words() if said is word
            ]
            if told:
                plan.heard[word].add(f"{_title(deal)}: {'; '.join(told)}")
    if changes:
        plan.by_column.update(changes.columns)
    else:
        plan.unchanged += 1


def _says_currency(file: ImportFile) -> bool:
    return Column.CURRENCY in file.places or file.reading.currency is not None


def _title(deal: Facts) -> str:
    return f"“{deal.name}” ({deal.external_id})"


def _both(file: ImportFile, column: Column, deal: Facts, row: DealRow) -> str:
    """Ours beside the CRM's, in words."""
    if column is Column.STAGE:
        ours, theirs = (file.known.stage(id_).name for id_ in (deal.stage_id, row.stage_id))
    else:
        ours, theirs = (_day(day) for day in (deal.close_on, row.close_on))
    return ours if ours == theirs else f"{ours} here, {theirs} in the CRM"


def _day(day: date | None) -> str:
    return f"{day:%a} {day.day} {day:%b %Y}" if day else "no close date"


def _find_missing(session: Session, plan: ImportPlan) -> None:
    of_ours = select(Deal.name, Deal.external_id).where(
        Deal.stage_id.in_(plan.file.known.open_stage_ids())
    )
    in_the_file, deleted = plan.file.ids, plan.file.deleted
    in_order = of_ours.order_by(Deal.id).execution_options(yield_per=1000)
    for name, external_id in session.execute(in_order):
        if external_id not in in_the_file:
            left = plan.deleted if external_id in deleted else plan.missing
            left.add(f"“{name}” ({external_id})")


# --- writing


def _say_told(session: Session, deal_ids: Sequence[int], writing: Writing) -> None:
    """The file tells of these deals, whatever it changes."""
    ours = (Deal.workspace_id == workspace_id_of(session)) & Deal.id.in_(deal_ids)
    told = update(Deal).where(ours).values(told_at=writing.now)
    session.execute(told, execution_options={"synchronize_session": False})


def _insert(session: Session, rows: Iterable[DealRow], writing: Writing) -> None:
    """New deals. Without the CRM's word one entered its stage when it was first seen here."""
    now = writing.now
    values = [
        {
            "external_id": row.external_id,
            "name": row.name,
            "owner_id": row.owner_id,
            "amount_minor": row.amount_minor,
            "currency": row.currency,
            "stage_id": row.stage_id,
            "stage_entered_at": row.stage_since or now,
            "close_on": row.close_on,
            "crm_stage_id": row.stage_id,
            "crm_close_on": row.close_on,
            "opened_on": row.opened_on,
            "closed_on": row.closed_on,
            "last_activity_on": row.last_activity_on,
            "url": row.url,
            "seen_at": now,
            "told_at": now,
        }
        for row in rows
    ]
    insert_rows(session, Deal, values)


def _update(
    session: Session,
    plan: ImportPlan,
    changed: Sequence[int],
    rows: Mapping[str, DealRow],
    writing: Writing,
) -> None:
    """Brings these deals to what the file says, each as it stands now that it is locked."""
    if not changed:
        return
    stages = plan.file.known.stages_by_id
    held = _facts(session, Deal.id.in_(changed), lock=True)
    beside = _Beside(session, plan.file, held)
    values: list[dict[str, Any]] = []
    trail: list[dict[str, Any]] = []
    for deal in held:
        row = beside.row(deal, rows[deal.external_id])
        changes = differences(deal, row, plan.file.places, beside.decided)
        columns, steps = brought(deal, row, changes, stages, writing.now)
        values.append({"id": deal.id, **columns})
        trail += [
            {
                "deal_id": deal.id,
                "field": step.field,
                "before": step.before,
                "after": step.after,
                "changed_at": writing.now,
                "import_id": writing.record.id,
            }
            for step in steps
        ]
    update_rows(session, Deal, values)
    insert_rows(session, DealChange, trail)


def show_in_reviews(session: Session, changed: Collection[int], now: datetime) -> None:
    """What shows one of these deals is owed an update: open reviews, picks that wait, and what
    owners were asked to put right."""
    show_changed_deals(session, shown_deals(session) & set(changed), now)
    show_put_right(session, changed, now)
