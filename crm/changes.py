"""How a deal here differs from what the CRM's file says, and what follows from it.

The CRM's own stage and close date are kept beside ours (product.md, "Decide"): a file that repeats
the CRM's earlier value undoes no decision, one that changes it wins.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any, Protocol

from crm.columns import Column
from crm.rows import DealRow
from models.deals import Field, Stage, StageKind


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
    if _is_as(deal, row, given):
        return Changes(_NOTHING, stage, close_date)
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


_NOTHING: frozenset[Column] = frozenset()


def _is_as(deal: Facts, row: DealRow, given: Collection[Column]) -> bool:
    """Whether the deal is in everything as the row has it: true of most, and quickly asked."""
    return (
        deal.stage_id == deal.crm_stage_id == row.stage_id
        and deal.close_on == deal.crm_close_on == row.close_on
        and deal.amount_minor == row.amount_minor
        and deal.owner_id == row.owner_id
        and deal.name == row.name
        and deal.currency == row.currency
        and deal.closed_on == row.closed_on
        and (deal.opened_on == row.opened_on or Column.CREATED_DATE not in given)
        and (deal.last_activity_on == row.last_activity_on or Column.LAST_ACTIVITY not in given)
        and (deal.url == row.url or Column.URL not in given)
        and row.stage_since in (None, deal.stage_entered_at)
    )


def _closed_otherwise(deal: Facts, row: DealRow, given: Collection[Column]) -> bool:
    """In the same stage, another day of closing: told, or following the CRM's close date."""
    if deal.stage_id != row.stage_id or deal.closed_on == row.closed_on:
        return False
    return Column.CLOSED_DATE in given or deal.closed_on in (None, deal.crm_close_on)


def _entered_otherwise(deal: Facts, row: DealRow) -> bool:
    if row.stage_since is None or deal.stage_id != row.stage_id:
        return False
    return deal.stage_entered_at != row.stage_since


@dataclass(frozen=True, slots=True)
class Trail:
    """One change of one field, as the history keeps it (models.deals.DealChange)."""

    field: Field
    before: str | None
    after: str | None


def brought(
    deal: Facts, row: DealRow, changes: Changes, stages: Mapping[int, Stage], now: datetime
) -> tuple[dict[str, Any], list[Trail]]:
    """What the deal's columns hold once it is as the row says, and the trail of that.

    As `models.deals.set_stage` and its like do for one deal, here for many: it enters its stage
    now, or when the CRM says; stage, close date, amount and owner leave a trail.
    """
    columns = changes.columns
    values: dict[str, Any] = {name: getattr(deal, name) for name in _BROUGHT}
    trail: list[Trail] = []

    def put(column: Column, name: str, said: object, field: Field | None = None) -> None:
        if column in columns:
            if field is not None:
                trail.append(Trail(field, _written(values[name]), _written(said)))
            values[name] = said

    put(Column.STAGE, "stage_id", row.stage_id, Field.STAGE)
    put(Column.CLOSE_DATE, "close_on", row.close_on, Field.CLOSE)
    put(Column.AMOUNT, "amount_minor", row.amount_minor, Field.AMOUNT)
    put(Column.OWNER, "owner_id", row.owner_id, Field.OWNER)
    put(Column.CREATED_DATE, "opened_on", row.opened_on)
    put(Column.LAST_ACTIVITY, "last_activity_on", row.last_activity_on)
    put(Column.URL, "url", row.url)
    put(Column.CLOSED_DATE, "closed_on", row.closed_on)
    if Column.STAGE in columns:
        is_open = stages[row.stage_id].kind is StageKind.OPEN
        values["stage_entered_at"] = row.stage_since or now
        values["closed_on"] = None if is_open else row.closed_on
    elif Column.STAGE_SINCE in columns:
        values["stage_entered_at"] = row.stage_since
    values |= {
        "crm_stage_id": row.stage_id,
        "crm_close_on": row.close_on,
        "name": row.name,
        "currency": row.currency,
    }
    return values, trail


_BROUGHT = (
    "stage_id", "stage_entered_at", "close_on", "amount_minor", "owner_id", "opened_on",
    "last_activity_on", "url", "closed_on",
)  # fmt: skip


def _written(value: object) -> str | None:
    return None if value is None else str(value)
