"""Small CSV files for the import tests, and the importer run as the product runs it."""

import io
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from crm.import_file import ImportFile, read_file
from crm.import_report import problem_lines, reading_lines, report
from crm.known import load_known
from crm.mapping import Reading
from crm.taking_in import HasProblems, Plan, look
from crm.taking_in import take_in as really_take_in
from models.base import Database
from models.deals import Deal, DealChange
from tests.world import NOW, World

HEADER = "id,name,owner,stage,amount,close_date"
NEXUS = "D1,Nexus Corp,ana@example.com,Proposal,180000,2026-12-18"
ORBIT = "D2,Orbit Ltd,U0BEN,Discovery,95000,2027-01-15"


@dataclass(frozen=True)
class Imported:
    """What an import said and, unless it had problems, did."""

    file: ImportFile
    plan: Plan | None
    lines: list[str]

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


def as_csv(rows: Iterable[str], header: str = HEADER) -> bytes:
    return "\n".join([header, *rows]).encode()


def take_in(
    database: Database,
    world: World,
    content: bytes,
    now: datetime = NOW,
    reading: Reading | None = None,
    *,
    dry_run: bool = False,
) -> Imported:
    """Reads, plans, and carries out unless there are problems."""
    with database.transaction(world.workspace_id) as session:
        known = load_known(session)
    file = read_file(io.BytesIO(content), reading or Reading(), known, now)
    plan: Plan | None = None
    with suppress(HasProblems), database.transaction(world.workspace_id) as session:
        if dry_run:
            plan = look(session, file)
        else:
            _record, plan = really_take_in(session, file, now, file_name="deals.csv")
    if plan is None or file.problems:
        return Imported(file, None, [*reading_lines(file), *problem_lines(file)])
    return Imported(file, plan, list(report(plan)))


def deals(database: Database, world: World) -> dict[str, Deal]:
    """Every deal by its id in the CRM."""
    with database.transaction(world.workspace_id) as session:
        return {deal.external_id: deal for deal in session.scalars(select(Deal))}


def history(database: Database, world: World) -> list[tuple[str, str | None, str | None, bool]]:
    """Field, before, after, and whether an import brought it; oldest first."""
    with database.transaction(world.workspace_id) as session:
        rows = session.scalars(select(DealChange).order_by(DealChange.id)).all()
        return [(row.field.value, row.before, row.after, row.import_id is not None) for row in rows]
