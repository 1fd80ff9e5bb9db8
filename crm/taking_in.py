"""Taking a file in, of whichever kind: looked at first, then done, wholly or not at all."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.activities_plan import ActivitiesPlan, plan_activities
from crm.history_plan import HistoryPlan, plan_history
from crm.import_file import ImportFile
from crm.import_plan import ImportPlan, Writing, plan_deals
from models import health_check, setup
from models.activities import Activity
from models.deals import Deal, DealChange, Import, ImportKind
from models.people import Workspace, workspace_id_of

Plan = ImportPlan | HistoryPlan | ActivitiesPlan
_PLANS: dict[ImportKind, Callable[[Session, ImportFile, Writing | None], Plan]] = {
    ImportKind.DEALS: plan_deals,
    ImportKind.HISTORY: plan_history,
    ImportKind.ACTIVITIES: plan_activities,
}


class HasProblems(Exception):
    """A file with problems is not taken in: whatever was written meanwhile is to be rolled back."""


def look(session: Session, file: ImportFile) -> Plan:
    """What the file would change; writes nothing. Further problems go to the file's."""
    return _PLANS[file.kind](session, file, None)


def take_in(
    session: Session,
    file: ImportFile,
    now: datetime,
    *,
    file_name: str,
    imported_by_id: int | None = None,
) -> tuple[Import, Plan]:
    """Does what the file says, in one transaction; two files come one after the other.

    Raises HasProblems, also for those that come to light on the way. Cards of open reviews that
    show a changed deal are brought up to date.
    """
    if file.problems:
        raise HasProblems
    hold_imports(session)
    record = Import(
        file_name=file_name[-255:],
        sha256=file.sha256,
        imported_at=now,
        imported_by_id=imported_by_id,
        added=0,
        changed=0,
        unchanged=0,
        mapping=_remembered(file),
        kind=file.kind,
        columns_key=file.key,
        covers_from=file.days[0] if file.days else None,
        covers_until=file.days[1] if file.days else None,
    )
    session.add(record)
    session.flush()
    plan = _PLANS[file.kind](session, file, Writing(record, now))
    if file.problems:
        raise HasProblems
    record.added, record.changed, record.unchanged = plan.new, len(plan.changed), plan.unchanged
    session.flush()
    for row in session:  # what was written in bulk, the session does not know
        if isinstance(row, Deal | DealChange | Activity):
            session.expire(row)
    health_check.follow_import(session, record, now)
    setup.show(session, now)  # the steps of setting up say how many deals there are
    return record, plan


def _remembered(file: ImportFile) -> dict[str, Any]:
    """How the file was read, its kind and encoding included where they had to be told."""
    return file.reading.model_dump(mode="json", exclude_defaults=True)


def hold_imports(session: Session) -> None:
    """From here to the end of the transaction no other file is taken in by this workspace."""
    workspace_id = workspace_id_of(session)
    held = select(Workspace.id).where(Workspace.id == workspace_id)
    session.execute(held.with_for_update(key_share=True))
