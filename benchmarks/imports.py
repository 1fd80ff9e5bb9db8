"""What an import costs: a validated file of 100,000 deals beside a bare Core bulk insert.

Both write the same rows, in one transaction, into databases of the same kind, in this one run, and
take turns at being first. The import reads the file, checks every cell, holds it against what is
here and keeps its record; then the same file, every deal changed, is taken in over it.
"""

import io
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, cast

from sqlalchemy import Table, func, insert, select, text

from benchmarks.databases import databases
from crm.import_file import read_file
from crm.known import load_known
from crm.mapping import Reading
from crm.taking_in import take_in
from models.base import Base, Database
from models.deals import Deal, DealChange
from tests.world import NOW, World, a_workspace

ROWS = 100_000
ROUNDS = 2
AT_LEAST = 0.5
"""Our rate ÷ the bare one's (issue 4)."""
_OWNERS = ("ana@example.com", "U0BEN", "cleo@example.com")
_STAGES = ("Prospecting", "Qualified", "Discovery", "Proposal", "Negotiation")
_DEALS = cast(Table, Deal.__table__)


@dataclass(frozen=True)
class Rates:
    """Rows a second: bare and ours, the best of the rounds, and ours where every row changes."""

    bare: float
    ours: float
    changed: float

    @property
    def ratio(self) -> float:
        return self.ours / self.bare


def a_file(bump: int = 0) -> bytes:
    """Deals as a CRM exports them, quoted names and all; `bump` changes stage, amount and date."""
    lines = ["id,name,owner,stage,amount,close_date,created_date,last_activity"]
    for n in range(ROWS):
        day, at = n + bump, n % 5
        lines.append(
            f'006bm{n:013},"Deal, no {n}",{_OWNERS[n % 3]},{_STAGES[(at + bump) % 5]},'
            f'"{n * 10 + bump}.50",2027-{day % 12 + 1:02}-{day % 28 + 1:02},'
            f"2026-{n % 9 + 1:02}-{n % 28 + 1:02},2026-11-{n % 20 + 1:02}"
        )
    return "\n".join(lines).encode()


def measure(url: str, other: str) -> Rates:
    """The rates on two empty databases of one kind, after a round that is not counted."""
    ours, bare = Database(url), Database(other)
    content, changed = a_file(), a_file(1)
    best = {"bare": 0.0, "ours": 0.0, "changed": 0.0}
    try:
        world = a_fresh(ours)
        a_fresh(bare)
        _import(ours, world, content)
        rows = _rows(ours)
        turns: list[tuple[str, Callable[[], float]]] = [
            ("ours", lambda: _import(ours, world, content)),
            ("bare", lambda: _insert(bare, rows)),
        ]
        for _round in range(ROUNDS):
            _empty(ours)
            _empty(bare)
            for turn, work in turns:
                best[turn] = max(best[turn], ROWS / work())
            turns.reverse()
        best["changed"] = ROWS / _import(ours, world, changed)
        _check(ours)
    finally:
        ours.dispose()
        bare.dispose()
    return Rates(best["bare"], best["ours"], best["changed"])


def a_fresh(database: Database) -> World:
    Base.metadata.create_all(database.engine)
    return a_workspace(database)


def _import(database: Database, world: World, content: bytes) -> float:
    began = time.perf_counter()
    with database.transaction(world.workspace_id) as session:
        known = load_known(session)
    at = NOW + timedelta(days=1)
    file = read_file(io.BytesIO(content), Reading(), known, at)
    with database.transaction(world.workspace_id) as session:
        take_in(session, file, at, file_name="deals.csv")
    return time.perf_counter() - began


def _rows(database: Database) -> list[dict[str, Any]]:
    """What the import has written, as values for a statement."""
    with database.engine.connect() as connection:
        found = connection.execute(select(_DEALS).order_by(_DEALS.c.id))
        return [{k: v for k, v in row._mapping.items() if k != "id"} for row in found]


def _insert(database: Database, rows: list[dict[str, Any]]) -> float:
    began = time.perf_counter()
    with database.engine.begin() as connection:
        connection.execute(insert(_DEALS), rows)
    return time.perf_counter() - began


def _check(database: Database) -> None:
    """Everything was written: the deals, and of each the changes of stage, amount and date."""
    with database.everywhere() as session:
        deals = session.scalar(select(func.count()).select_from(Deal))
        moves = session.scalar(select(func.count()).select_from(DealChange))
    if (deals, moves) != (ROWS, 3 * ROWS):
        raise SystemExit(f"{deals} deals and {moves} changes of {ROWS} rows")


def _empty(database: Database) -> None:
    with database.engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("TRUNCATE deals CASCADE"))
            return
        for table in (DealChange.__table__, _DEALS):
            connection.execute(cast(Table, table).delete())


def main() -> None:
    print(f"{ROWS:,} deals in one file; rows a second")
    print(
        f"  {'':14}{'bare Core insert':>18}{'import':>12}{'all changed':>14}{'import ÷ bare':>16}"
    )
    with databases("ours", "bare") as found:
        for name, (url, other) in found.items():
            rates = measure(url, other)
            print(
                f"  {name:14}{rates.bare:18,.0f}{rates.ours:12,.0f}{rates.changed:14,.0f}"
                f"{rates.ratio:16.2f}   (aim: at least {AT_LEAST})"
            )


if __name__ == "__main__":
    main()
