"""What a history of stages tells of deals that are here: the moves, and since when they are there.

Taken in a second time it changes nothing. A move that an import of deals had seen later gets its
real moment; one by which the CRM followed a decision of ours is no move of its own.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.events import HistoryRow
from crm.import_file import ImportFile
from crm.import_plan import Named, Writing, decided_here, show_in_reviews
from crm.kept import AT_ONCE
from crm.writing import insert_rows, update_rows
from models.deals import Deal, DealChange, Field


class Step(NamedTuple):
    """A deal came into a stage at this moment."""

    at: datetime
    stage_id: int


@dataclass
class HistoryPlan:
    """What the file tells. `unchanged`: moves that were here already, at their moment."""

    file: ImportFile
    taken: int = 0
    """Records of deals that are here."""
    deals: int = 0
    new: int = 0
    corrected: int = 0
    unchanged: int = 0
    entered: list[int] = field(default_factory=list)
    """Ids of deals of which it says better since when they are in their stage."""
    elsewhere: Named = field(default_factory=Named)
    """Deals that are in another stage here than the history's last."""
    strangers: Named = field(default_factory=Named)
    """Deals of the file that are not here."""

    @property
    def changed(self) -> list[int]:
        return self.entered


class _Here(NamedTuple):
    id: int
    external_id: str
    name: str
    stage_id: int
    stage_entered_at: datetime


def plan_history(session: Session, file: ImportFile, writing: Writing | None = None) -> HistoryPlan:
    """Holds the history against the deals here, and writes it down if `writing`."""
    plan = HistoryPlan(file)
    steps = _steps(cast(Iterable[HistoryRow], file.rows))
    ids = list(steps)
    for start in range(0, len(ids), AT_ONCE):
        _plan_chunk(
            session, plan, {id_: steps[id_] for id_ in ids[start : start + AT_ONCE]}, writing
        )
    if writing is not None:
        show_in_reviews(session, set(plan.entered), writing.now)
    return plan


def _steps(rows: Iterable[HistoryRow]) -> dict[str, list[Step]]:
    """Each deal's stages, in the order of the file."""
    found: dict[str, list[Step]] = {}
    for row in rows:
        found.setdefault(row.external_id, []).append(Step(row.at, row.stage_id))
    return found


def _in_time(steps: list[Step]) -> list[Step]:
    """In the order of time; what repeats the stage before is no step."""
    steps.sort(key=lambda step: step.at)
    return [
        step
        for number, step in enumerate(steps)
        if not number or steps[number - 1].stage_id != step.stage_id
    ]


def _plan_chunk(
    session: Session, plan: HistoryPlan, steps: dict[str, list[Step]], writing: Writing | None
) -> None:
    wanted = select(
        Deal.id, Deal.external_id, Deal.name, Deal.stage_id, Deal.stage_entered_at
    ).where(Deal.external_id.in_(steps))
    if writing is not None:
        wanted = wanted.with_for_update()
    here = [_Here(*deal) for deal in session.execute(wanted.order_by(Deal.id))]
    moves = _moves(session, [deal.id for deal in here])
    decided = decided_here(session, [deal.id for deal in here])
    todo = _Todo(writing)
    for deal in here:
        records = steps.pop(deal.external_id)
        plan.taken += len(records)
        plan.deals += 1
        told = _in_time(records)
        _moves_of(plan, deal, told, moves.get(deal.id, []), todo)
        last = told[-1]
        if last.stage_id != deal.stage_id:
            plan.elsewhere.add(f"“{deal.name}” ({deal.external_id})")
        elif last.at != deal.stage_entered_at and deal.id not in decided:
            plan.entered.append(deal.id)
            todo.enter(deal.id, last.at)
    for external_id in steps:
        plan.strangers.add(external_id)
    todo.do(session)


def _moves(session: Session, deal_ids: Sequence[int]) -> dict[int, list[DealChange]]:
    of_stage = select(DealChange).where(
        DealChange.field == Field.STAGE, DealChange.deal_id.in_(deal_ids)
    )
    found: dict[int, list[DealChange]] = {}
    for move in session.scalars(of_stage.order_by(DealChange.changed_at, DealChange.id)):
        found.setdefault(move.deal_id, []).append(move)
    return found


class _Todo:
    """What is to be written of a chunk; nothing, if nothing is to be."""

    def __init__(self, writing: Writing | None) -> None:
        self._writing = writing
        self._entered: list[dict[str, Any]] = []
        self._moved: list[dict[str, Any]] = []
        self._new: list[dict[str, Any]] = []

    def enter(self, deal_id: int, at: datetime) -> None:
        self._entered.append({"id": deal_id, "stage_entered_at": at})

    def move(self, change_id: int, at: datetime) -> None:
        self._moved.append({"id": change_id, "changed_at": at})

    def add(self, deal_id: int, before: Step, step: Step) -> None:
        if self._writing is not None:
            self._new.append(
                {
                    "deal_id": deal_id,
                    "field": Field.STAGE,
                    "before": str(before.stage_id),
                    "after": str(step.stage_id),
                    "changed_at": step.at,
                    "import_id": self._writing.record.id,
                }
            )

    def do(self, session: Session) -> None:
        if self._writing is not None:
            update_rows(session, Deal, self._entered)
            update_rows(session, DealChange, self._moved)
            insert_rows(session, DealChange, self._new)


def _moves_of(
    plan: HistoryPlan, deal: _Here, told: list[Step], moves: list[DealChange], todo: _Todo
) -> None:
    """The moves between the stages of one deal; its first stage is none."""
    free = list(moves)
    for number in range(1, len(told)):
        step = told[number]
        until = told[number + 1].at if number + 1 < len(told) else None
        found = _same(free, step, until)
        if found is None:
            plan.new += 1
            todo.add(deal.id, told[number - 1], step)
            continue
        free.remove(found)
        if found.changed_at == step.at or found.decision_id is not None:
            plan.unchanged += 1
        else:
            plan.corrected += 1
            todo.move(found.id, step.at)


def _same(moves: list[DealChange], step: Step, until: datetime | None) -> DealChange | None:
    """Our record of this step: at its moment; seen by an import later; or decided here before."""
    into = [move for move in moves if move.after == str(step.stage_id)]
    for move in into:
        if move.changed_at == step.at:
            return move
    for move in into:
        seen_later = move.changed_at > step.at and (until is None or move.changed_at < until)
        if move.import_id is not None and seen_later:
            return move
    before = [move for move in moves if move.changed_at <= step.at]
    if before and before[-1] in into and before[-1].decision_id is not None:
        return before[-1]
    return None
