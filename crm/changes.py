"""How a deal here differs from what the CRM's file says, and what follows from it.

The CRM's own stage and close date are kept beside ours (product.md, "Decide"): a file that repeats
the CRM's earlier value undoes no decision, one that changes it wins.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Protocol

from sqlalchemy.orm import Session

from crm.mapping import Column
from crm.rows import DealRow
from models.deals import Deal, Stage, set_amount, set_close_on, set_owner, set_stage


class Facts(Protocol):
    """A deal as it stands here: the row itself, or its columns read without it."""

    @property
    def id(self) -> int: ...
    @property
    def external_id(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def owner_id(self) -> int: ...
    @property
    def amount_minor(self) -> int | None: ...
    @property
    def currency(self) -> str: ...
    @property
    def stage_id(self) -> int: ...
    @property
    def stage_entered_at(self) -> datetime: ...
    @property
    def close_on(self) -> date | None: ...
    @property
    def crm_stage_id(self) -> int: ...
    @property
    def crm_close_on(self) -> date | None: ...
    @property
    def opened_on(self) -> date | None: ...
    @property
    def closed_on(self) -> date | None: ...
    @property
    def last_activity_on(self) -> date | None: ...
    @property
    def url(self) -> str | None: ...


class Word(Enum):
    """What the CRM's word about a stage or close date means for ours."""

    REPEATED = "repeated"
    STANDING = "standing"  # repeated, while a decision here says otherwise: the decision stands
    CONFIRMED = "confirmed"  # the CRM now says what was decided here
    CHANGED = "changed"
    OVERRULED = "overruled"  # changed, while a decision here said otherwise: the decision falls


@dataclass(frozen=True, slots=True)
class Changes:
    """What a row changes: columns of ours, and the CRM's word on stage and close date."""

    columns: frozenset[Column]
    stage: Word
    close_date: Word

    def __bool__(self) -> bool:
        return bool(self.columns) or Word.CONFIRMED in (self.stage, self.close_date)

    def words(self) -> tuple[tuple[Column, Word], ...]:
        return ((Column.STAGE, self.stage), (Column.CLOSE_DATE, self.close_date))


_NEW_VALUE = (Word.CHANGED, Word.OVERRULED)


def heard(ours: object, crm: object, said: object) -> Word:
    """What it means that the CRM says this, after it said `crm`, while ours is `ours`."""
    if said == crm:
        return Word.REPEATED if ours == crm else Word.STANDING
    if said == ours:
        return Word.CONFIRMED
    return Word.CHANGED if ours == crm else Word.OVERRULED


def differences(
    deal: Facts, row: DealRow, given: Collection[Column], decided: Collection[int]
) -> Changes:
    """What the row changes about the deal.

    `given` are the columns that the file has: what it lacks is left alone. `decided` are the deals
    whose latest stage change was a decision: since when they are in that stage is ours to say.
    """
    stage = heard(deal.stage_id, deal.crm_stage_id, row.stage_id)
    close_date = heard(deal.close_on, deal.crm_close_on, row.close_on)
    differs = {
        Column.STAGE: stage in _NEW_VALUE,
        Column.CLOSE_DATE: close_date in _NEW_VALUE,
        Column.AMOUNT: deal.amount_minor != row.amount_minor,
        Column.CURRENCY: deal.currency != row.currency,
        Column.OWNER: deal.owner_id != row.owner_id,
        Column.NAME: deal.name != row.name,
        Column.CREATED_DATE: deal.opened_on != row.opened_on and Column.CREATED_DATE in given,
        Column.LAST_ACTIVITY: deal.last_activity_on != row.last_activity_on
        and Column.LAST_ACTIVITY in given,
        Column.URL: deal.url != row.url and Column.URL in given,
        Column.CLOSED_DATE: _closed_otherwise(deal, row, given),
        Column.STAGE_SINCE: deal.id not in decided and _entered_otherwise(deal, row),
    }
    return Changes(frozenset(c for c, differ in differs.items() if differ), stage, close_date)


def _closed_otherwise(deal: Facts, row: DealRow, given: Collection[Column]) -> bool:
    """In the same stage, another day of closing: told, or following the CRM's close date."""
    if deal.stage_id != row.stage_id or deal.closed_on == row.closed_on:
        return False
    return Column.CLOSED_DATE in given or deal.closed_on in (None, deal.crm_close_on)


def _entered_otherwise(deal: Facts, row: DealRow) -> bool:
    if row.stage_since is None or deal.stage_id != row.stage_id:
        return False
    return deal.stage_entered_at != row.stage_since


def bring(
    session: Session,
    deal: Deal,
    row: DealRow,
    changes: Changes,
    stages: Mapping[int, Stage],
    now: datetime,
    import_id: int,
) -> None:
    """Makes the deal what the row says; stage, close date, amount and owner leave a trail."""
    columns = changes.columns
    if Column.STAGE in columns:
        set_stage(
            session,
            deal,
            stages[row.stage_id],
            now,
            entered_at=row.stage_since,
            closed_on=row.closed_on,
            import_id=import_id,
        )
    if Column.CLOSE_DATE in columns:
        set_close_on(session, deal, row.close_on, now, import_id=import_id)
    if Column.AMOUNT in columns:
        set_amount(session, deal, row.amount_minor, now, import_id=import_id)
    if Column.OWNER in columns:
        set_owner(session, deal, row.owner_id, now, import_id=import_id)
    deal.crm_stage_id, deal.crm_close_on = row.stage_id, row.close_on
    deal.name, deal.currency = row.name, row.currency
    if Column.CREATED_DATE in columns:
        deal.opened_on = row.opened_on
    if Column.LAST_ACTIVITY in columns:
        deal.last_activity_on = row.last_activity_on
    if Column.URL in columns:
        deal.url = row.url
    if Column.CLOSED_DATE in columns:
        deal.closed_on = row.closed_on
    if Column.STAGE_SINCE in columns and row.stage_since is not None:
        deal.stage_entered_at = row.stage_since
