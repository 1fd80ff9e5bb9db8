"""Many rows by one statement: everything arrives as it was, and nothing beyond the walls."""

from datetime import date
from typing import Any

from sqlalchemy import select

from crm.writing import insert_rows, update_rows
from models.base import Database
from models.deals import Deal, DealChange, Field
from tests.world import NOW, World, a_deal, a_workspace, an_import


def test_rows_arrive_with_every_kind_of_value(database: Database) -> None:
    world = a_workspace(database)
    with database.transaction(world.workspace_id) as session:
        deal, taken = a_deal(session, world.ana), an_import(session)
        said: dict[str, Any] = {"deal_id": deal.id, "changed_at": NOW, "import_id": taken.id}
        rows = [
            said | {"field": Field.STAGE, "before": "1", "after": '{a, "b"}'},
            said | {"field": Field.CLOSE, "before": None, "after": "NULL"},
        ]
        insert_rows(session, DealChange, rows)
        insert_rows(session, DealChange, [])
    with database.transaction(world.workspace_id) as session:
        found = session.scalars(select(DealChange).order_by(DealChange.id)).all()
        assert [{name: getattr(one, name) for name in rows[0]} for one in found] == rows


def test_rows_of_another_workspace_stay_as_they_are(database: Database) -> None:
    worlds = [a_workspace(database), a_workspace(database, "T0SOUTH")]
    ids = [_a_deal(database, world) for world in worlds]
    with database.transaction(worlds[0].workspace_id) as session:
        rows = [{"id": id_, "amount_minor": None, "close_on": date(2027, 2, 3)} for id_ in ids]
        update_rows(session, Deal, rows)
        update_rows(session, Deal, [])
    assert [_close_on(database, *pair) for pair in zip(worlds, ids, strict=True)] == [
        (None, date(2027, 2, 3)),
        (100_000_00, date(2026, 12, 15)),
    ]


def _a_deal(database: Database, world: World) -> int:
    with database.transaction(world.workspace_id) as session:
        return a_deal(session, world.ana).id


def _close_on(database: Database, world: World, deal_id: int) -> tuple[int | None, date | None]:
    with database.transaction(world.workspace_id) as session:
        deal = session.get_one(Deal, deal_id)
        return deal.amount_minor, deal.close_on
