"""What a file of activities tells of deals that are here, and until when they were last contacted.

Taken in a second time it changes nothing; one that the CRM changed meanwhile is changed here.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, cast

from sqlalchemy import Table, bindparam, or_, select, update
from sqlalchemy.orm import Session

from crm.events import ActivityRow
from crm.import_file import ImportFile
from crm.import_plan import Named, Writing, show_in_reviews
from crm.writing import insert_rows, update_rows
from models.activities import Activity
from models.deals import Deal
from models.people import workspace_id_of

_DEALS = cast(Table, Deal.__table__)
_CONTACTED = (
    update(_DEALS)
    .where(
        _DEALS.c.workspace_id == bindparam("ours"),
        _DEALS.c.id == bindparam("deal"),
        or_(_DEALS.c.last_activity_on.is_(None), _DEALS.c.last_activity_on < bindparam("day")),
    )
    .values(last_activity_on=bindparam("day"))
)
_COLUMNS = ("deal_id", "on_day", "at", "kind", "who")


@dataclass
class ActivitiesPlan:
    """What the file tells: activities of deals that are here."""

    file: ImportFile
    new: int = 0
    changed: list[int] = field(default_factory=list)
    unchanged: int = 0
    contacted: dict[int, date] = field(default_factory=dict)
    """Deals whose last contact is later than was known."""
    strangers: Named = field(default_factory=Named)
    """Deals of the file that are not here, by how many activities."""

    @property
    def taken(self) -> int:
        """Activities of deals that are here."""
        return self.new + len(self.changed) + self.unchanged


def plan_activities(
    session: Session, file: ImportFile, writing: Writing | None = None
) -> ActivitiesPlan:
    """Holds the activities against those here, and takes them in if `writing`."""
    plan = ActivitiesPlan(file)
    strangers: dict[str, int] = {}
    for rows in file.rows.chunks():
        _plan_chunk(session, plan, cast(list[ActivityRow], rows), strangers, writing)
    for external_id, count in strangers.items():
        plan.strangers.add(external_id if count == 1 else f"{external_id} ({count:,})")
    if writing is not None:
        _contact(session, plan.contacted)
        show_in_reviews(session, set(plan.contacted), writing.now)
    return plan


def _plan_chunk(
    session: Session,
    plan: ActivitiesPlan,
    rows: Sequence[ActivityRow],
    strangers: dict[str, int],
    writing: Writing | None,
) -> None:
    deals = _deals(session, {row.external_id for row in rows})
    here = _activities(session, [row.id for row in rows])
    new: list[dict[str, Any]] = []
    changed: list[dict[str, Any]] = []
    for row in rows:
        deal = deals.get(row.external_id)
        if deal is None:
            strangers[row.external_id] = strangers.get(row.external_id, 0) + 1
            continue
        deal_id, last = deal
        if last is None or row.on > last:
            plan.contacted[deal_id] = max(row.on, plan.contacted.get(deal_id, row.on))
        values = dict(zip(_COLUMNS, (deal_id, row.on, row.at, row.what, row.who), strict=True))
        found = here.get(row.id)
        if found is None:
            new.append({"external_id": row.id, **values})
        elif found[1:] != tuple(values.values()):
            changed.append({"id": found[0], **values})
        else:
            plan.unchanged += 1
    plan.new += len(new)
    plan.changed += [each["id"] for each in changed]
    if writing is not None:
        _write(session, new, changed, writing)


def _write(
    session: Session,
    new: list[dict[str, Any]],
    changed: list[dict[str, Any]],
    writing: Writing,
) -> None:
    by = {"import_id": writing.record.id}
    insert_rows(session, Activity, [each | by for each in new])
    update_rows(session, Activity, [each | by for each in changed])


def _contact(session: Session, contacted: Mapping[int, date]) -> None:
    ours = workspace_id_of(session)
    days = [{"ours": ours, "deal": deal_id, "day": on} for deal_id, on in contacted.items()]
    if days:
        session.connection().execute(_CONTACTED, days)


def _deals(session: Session, external_ids: Iterable[str]) -> dict[str, tuple[int, date | None]]:
    """Id and last contact of the deals that are here."""
    found = select(Deal.external_id, Deal.id, Deal.last_activity_on)
    rows = session.execute(found.where(Deal.external_id.in_(list(external_ids))))
    return {external_id: (deal_id, last) for external_id, deal_id, last in rows}


def _activities(session: Session, ids: Sequence[str]) -> dict[str, tuple[Any, ...]]:
    columns = [getattr(Activity, name) for name in _COLUMNS]
    found = select(Activity.external_id, Activity.id, *columns)
    rows = session.execute(found.where(Activity.external_id.in_(ids)))
    return {external_id: tuple(values) for external_id, *values in rows}
