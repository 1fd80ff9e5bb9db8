"""The sample team on a Monday that is always the same."""

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.demo import PEOPLE, WORKSPACE_ID
from bot.sample import HOME_ZONE, load_sample
from models.base import Database

MONDAY = datetime(2026, 11, 23, 8, 15, tzinfo=ZoneInfo(HOME_ZONE))
"""The sample team's Monday, at the time at which the demo begins; Thanksgiving lies ahead."""


def load(url: str, now: datetime = MONDAY) -> None:
    """Loads it into an empty database."""
    database = Database(url)
    assert load_sample(database, WORKSPACE_ID, now, PEOPLE)
    database.dispose()
