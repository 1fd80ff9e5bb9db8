"""0003 keeps the imports and messages of before, and gives them back, on both databases."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select, text

from bot import migrate
from models import dropped_files
from models.activities import Activity
from models.base import Database
from models.deals import Import, ImportKind, latest_import
from models.delivery import Delivery
from models.people import Person, put_workspace
from tests.world import NOW

WORKSPACE = "T0OLD"
AT = "2026-11-24 20:00:00"
BEFORE: dict[str, dict[str, Any]] = {
    "workspaces": {"id": WORKSPACE, "name": "Old", "standards": "{}", "created_at": AT},
    "people": {
        "id": 101, "slack_id": "U0MAX", "name": "Max", "role": "manager", "is_admin": False,
        "zone": "UTC", "zone_is_own": True, "active": True, "working_days": "12345",
    },
    "stages": {"id": 101, "name": "Open", "position": 1, "kind": "open", "qualified": True},
    "deals": {
        "id": 101, "external_id": "D-1", "name": "Deal", "owner_id": 101, "currency": "USD",
        "stage_id": 101, "stage_entered_at": AT, "crm_stage_id": 101,
    },
    "imports": {
        "id": 101, "file_name": "deals.csv", "sha256": "0" * 64, "imported_at": AT, "added": 1,
        "changed": 0, "unchanged": 0, "mapping": '{"decimal": ","}',
    },
    "deal_changes": {
        "id": 101, "deal_id": 101, "field": "amount", "before": "1", "after": "2", "changed_at": AT,
        "import_id": 101,
    },
    "deliveries": {
        "id": 101, "kind": "review.deciding", "subject_id": 1, "dedupe_key": "review:1",
        "key": "k", "person_id": 101, "lane": "@101", "state": "dropped", "revision": 1, "shown": 0,
        "due_at": AT, "attempt": 0, "tries": 0,
    },
}  # fmt: skip


def test_what_was_there_stays_and_comes_back(empty_database_url: str) -> None:
    migrate.upgrade(empty_database_url, "0002")
    database = Database(empty_database_url)
    with database.engine.begin() as connection:
        for table, row in BEFORE.items():
            own = row if table == "workspaces" else row | {"workspace_id": WORKSPACE}
            names = ", ".join(own)
            marks = ", ".join(f":{name}" for name in own)
            connection.execute(text(f"INSERT INTO {table} ({names}) VALUES ({marks})"), own)
    migrate.upgrade(empty_database_url)  # the rows are read as they are today
    with database.transaction(WORKSPACE) as session:
        taken = latest_import(session)
        assert taken is not None
        assert (taken.kind, taken.columns_key) == (ImportKind.DEALS, None)
        assert taken.mapping == {"decimal": ","}
        assert session.scalars(select(Delivery.in_thread)).all() == [None]
    migrate.upgrade(empty_database_url)
    _use(database)
    migrate.downgrade(empty_database_url, "0002")
    with database.engine.connect() as connection:
        for table in ("imports", "deliveries", "deal_changes", "deals", "people"):
            kept = connection.execute(text(f"SELECT count(*) FROM {table}")).scalar()
            assert kept == 1, table
    migrate.upgrade(empty_database_url)
    database.dispose()


def _use(database: Database) -> None:
    """What only 0003 knows: it goes with it."""
    with database.transaction(WORKSPACE) as session:
        put_workspace(session, WORKSPACE, name="Old", bot_user_id="U0BOT", now=NOW)
        told = Import(
            file_name="tasks.csv", sha256="1" * 64, imported_at=NOW, added=1, changed=0,
            unchanged=0, mapping={}, kind=ImportKind.ACTIVITIES, covers_from=NOW.date(),
            covers_until=NOW.date(),
        )  # fmt: skip
        session.add(told)
        session.flush()
        session.add(
            Activity(external_id="A1", deal_id=101, on_day=NOW.date(), at=NOW, import_id=told.id)
        )
        person = session.get_one(Person, 101)
        dropped_files.drop(
            session, person, datetime.now(UTC), slack_file_id="F1", message_ts="1.2",
            channel_id="D1", name="deals.csv",
        )  # fmt: skip
        claim = dropped_files.claim_file(session, NOW, dropped_files.KEPT)
        assert claim is not None
        dropped_files.keep_content(session, claim, [b"x"])
