"""What taking in a file would change here (a plan writes nothing), and carrying that out.

Which is done wholly or not at all, and never with a problem left (product.md, "Deals come from the
CRM").
"""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from crm.changes import Facts, Word, bring, differences
from crm.import_file import ImportFile
from crm.mapping import Column
from crm.rows import DealRow
from models import setup
from models.deals import Deal, DealChange, Field, Import, StageKind
from models.people import Workspace, workspace_id_of
from models.pipeline_review import Review, ReviewDeal, ReviewState
from models.pipeline_review.owed import refresh_deal

AT_ONCE = 500
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
    """What the file would do: what is new, what differs and in which columns, what stays."""

    file: ImportFile
    new: list[DealRow] = field(default_factory=list)
    new_by_kind: Counter[StageKind] = field(default_factory=Counter)
    changed: list[tuple[int, DealRow]] = field(default_factory=list)
    by_column: Counter[Column] = field(default_factory=Counter)
    unchanged: int = 0
    missing: Named = field(default_factory=Named)
    """Open deals here that the file lacks: said, and left alone."""
    heard: dict[Word, Named] = field(default_factory=lambda: {word: Named() for word in Word})
    """Decisions taken here, by what the CRM says about them."""
    decided: Collection[int] = frozenset()
    """Deals whose latest stage change was a decision (crm.changes.differences)."""


class HasProblems(Exception):
    """A plan with problems cannot be carried out."""


_FACTS = (
    Deal.id, Deal.external_id, Deal.name, Deal.owner_id, Deal.amount_minor, Deal.currency,
    Deal.stage_id, Deal.stage_entered_at, Deal.close_on, Deal.crm_stage_id, Deal.crm_close_on,
    Deal.opened_on, Deal.closed_on, Deal.last_activity_on, Deal.url,
)  # fmt: skip


def plan_import(session: Session, file: ImportFile) -> ImportPlan:
    """Holds the file's deals against the workspace's. Further problems go to the file's."""
    plan = ImportPlan(file)
    if Column.STAGE_SINCE in file.places:
        plan.decided = _decided_here(session)
    rows = dict(file.rows)
    open_stages = file.known.open_stage_ids()
    for deal in session.execute(select(*_FACTS).execution_options(yield_per=AT_ONCE)):
        row = rows.pop(deal.external_id, None)
        if row is not None:
            _compare(plan, deal, row)
        elif deal.stage_id in open_stages:
            plan.missing.add(_title(deal))
    plan.new = list(rows.values())
    plan.new_by_kind.update(file.known.stage(row.stage_id).kind for row in plan.new)
    return plan


def apply_import(
    session: Session,
    plan: ImportPlan,
    now: datetime,
    *,
    file_name: str,
    imported_by_id: int | None = None,
) -> Import:
    """Carries the plan out, in the transaction in which it was made. Raises HasProblems.

    Two files at once come one after the other. Cards of open reviews that show a changed deal are
    brought up to date.
    """
    if plan.file.problems:
        raise HasProblems
    record = Import(
        file_name=file_name[:255],
        sha256=plan.file.sha256,
        imported_at=now,
        imported_by_id=imported_by_id,
        added=len(plan.new),
        changed=len(plan.changed),
        unchanged=plan.unchanged,
        mapping=plan.file.reading.model_dump(mode="json", exclude_defaults=True),
    )
    session.add(record)
    session.flush()
    workspace_id = workspace_id_of(session)
    for rows in _chunks(plan.new):
        session.execute(insert(Deal), [_values(row, workspace_id, now) for row in rows])
    for changed in _chunks(plan.changed):
        _apply_changed(session, plan, changed, now, record.id)
    _show_in_reviews(session, [deal_id for deal_id, _row in plan.changed], now)
    setup.show(session, now)  # the steps of setting up say how many deals there are
    return record


def hold_imports(session: Session) -> None:
    """From here to the end of the transaction no other file is taken in by this workspace."""
    workspace_id = workspace_id_of(session)
    held = select(Workspace.id).where(Workspace.id == workspace_id)
    session.execute(held.with_for_update(key_share=True))


def _compare(plan: ImportPlan, deal: Facts, row: DealRow) -> None:
    changes = differences(deal, row, plan.file.places, plan.decided)
    if Column.CURRENCY in changes.columns and not _says_currency(plan.file):
        says = (
            f"“{row.name}” moves from {deal.currency} to {row.currency} with its owner's team: "
            "say in which currency its amount is, by a column or by --currency"
        )
        plan.file.problems.add("currency", says, row.line)
    for word in (Word.STANDING, Word.CONFIRMED, Word.OVERRULED):
        told = [_both(plan.file, col, deal, row) for col, said in changes.words() if said is word]
        if told:
            plan.heard[word].add(f"{_title(deal)}: {'; '.join(told)}")
    if changes:
        plan.changed.append((deal.id, row))
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


def _decided_here(session: Session) -> frozenset[int]:
    moves = select(DealChange.deal_id, DealChange.decision_id).where(
        DealChange.field == Field.STAGE
    )
    latest: dict[int, int | None] = {}
    for deal_id, decision_id in session.execute(moves.order_by(DealChange.id)):
        latest[deal_id] = decision_id
    return frozenset(deal_id for deal_id, decision_id in latest.items() if decision_id is not None)


def _values(row: DealRow, workspace_id: str, now: datetime) -> dict[str, Any]:
    """A new deal. Without the CRM's word it entered its stage when it was first seen here."""
    return {
        "workspace_id": workspace_id,
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
    }


def _apply_changed(
    session: Session,
    plan: ImportPlan,
    changed: Sequence[tuple[int, DealRow]],
    now: datetime,
    import_id: int,
) -> None:
    """Brings these deals to what the file says, each as it stands now that it is locked."""
    rows = dict(changed)
    stages = plan.file.known.stages_by_id
    held = select(Deal).where(Deal.id.in_(rows)).order_by(Deal.id).with_for_update()
    for deal in session.scalars(held).all():
        row = rows[deal.id]
        changes = differences(deal, row, plan.file.places, plan.decided)
        bring(session, deal, row, changes, stages, now, import_id)
    session.flush()


def _show_in_reviews(session: Session, deal_ids: Sequence[int], now: datetime) -> None:
    """The open reviews' messages that show one of these deals are owed an update."""
    changed = set(deal_ids)
    shown = session.execute(
        select(ReviewDeal, Deal.owner_id)
        .join(Review, Review.id == ReviewDeal.review_id)
        .join(Deal, Deal.id == ReviewDeal.deal_id)
        .where(Review.state == ReviewState.OPEN)
        .order_by(ReviewDeal.id)
    )
    for entry, owner_id in shown.all():
        if entry.deal_id in changed:
            refresh_deal(session, entry, owner_id, now)


def _chunks(rows: Sequence[Any]) -> Iterator[list[Any]]:
    remaining = iter(rows)
    while chunk := list(islice(remaining, AT_ONCE)):
        yield chunk
