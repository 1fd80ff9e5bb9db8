"""0004 keeps what was there: teams have begun long ago; down again, a trial's excuse is a miss."""

from datetime import date
from typing import Any

from sqlalchemy import text

from bot import migrate
from models.base import Database

AT = "2026-11-24 20:00:00"
PERSON = {"is_admin": False, "zone": "UTC", "zone_is_own": False, "active": True}
BEFORE: list[tuple[str, dict[str, Any]]] = [
    ("workspaces", {"id": "T1", "name": "Old", "standards": "{}", "created_at": AT}),
    ("teams", {"id": 1, "name": "West", "channel_id": "C1", "currency": "USD",
               "locale": "en_US", "zone": "UTC"}),
    ("teams", {"id": 2, "name": "East", "currency": "USD", "locale": "en_US", "zone": "UTC"}),
    ("people", {"id": 1, "slack_id": "U1", "name": "Max", "role": "manager", **PERSON}),
    ("people", {"id": 2, "slack_id": "U2", "name": "Ana", "role": "rep", "team_id": 1, **PERSON}),
    ("schedules", {"id": 1, "team_id": 1, "prompt": "review.cards", "weekdays": "2",
                   "local_time": "15:00:00", "zone": "UTC", "lateness": "midnight",
                   "active_from": "2026-11-02", "look_at": AT, "is_on": True}),
    ("standings", {"id": 1, "coach_id": 1, "person_id": 2, "weekday": 2, "local_time": "10:00:00",
                   "minutes": 30, "zone": "UTC", "active_from": "2026-11-02", "set_at": AT,
                   "plan_at": AT}),
    ("one_on_ones", {"id": 1, "coach_id": 1, "person_id": 2, "standing_id": 1,
                     "week": "2026-11-23", "first_due_on": "2026-11-24", "minutes": 30,
                     "zone": "UTC", "state": "excused", "settled_at": AT, "excuse": "left"}),
]  # fmt: skip


def test_up_with_data_and_down_again(empty_database_url: str) -> None:
    migrate.upgrade(empty_database_url, "0002")
    database = Database(empty_database_url)
    with database.engine.begin() as connection:
        for table, row in BEFORE:
            values = row if table == "workspaces" else {"workspace_id": "T1", **row}
            named = f"INSERT INTO {table} ({', '.join(values)}) VALUES (:{', :'.join(values)})"
            connection.execute(text(named), values)
    migrate.upgrade(empty_database_url, "0004")
    with database.engine.begin() as connection:
        asked = text("SELECT trial_ends_on, channel_may_be_public FROM teams ORDER BY id")
        rows = [
            (date.fromisoformat(str(last)), bool(may)) for last, may in connection.execute(asked)
        ]
        assert rows == [(date(2026, 11, 8), True), (date(2026, 11, 30), True)]
        connection.execute(text("UPDATE one_on_ones SET excuse = 'trial'"))
    migrate.downgrade(empty_database_url, "0002")
    with database.engine.begin() as connection:
        asked = text("SELECT state, excuse FROM one_on_ones")
        assert connection.execute(asked).one() == ("missed", None)
        assert connection.execute(text("SELECT count(*) FROM people")).scalar_one() == 2
    database.dispose()
