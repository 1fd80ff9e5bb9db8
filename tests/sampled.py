"""The sample team on a Monday that is always the same."""

import shutil
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.demo import PEOPLE, WORKSPACE_ID
from bot.sample import HOME_ZONE, load_sample
from models.base import Database
from tests.once import made_once

MONDAY = datetime(2026, 11, 23, 8, 15, tzinfo=ZoneInfo(HOME_ZONE))
"""The sample team's Monday, at the time at which the demo begins; Thanksgiving lies ahead."""


def load(url: str, now: datetime = MONDAY) -> None:
    """Loads it into an empty database."""
    database = Database(url)
    assert load_sample(database, WORKSPACE_ID, now, PEOPLE)
    database.dispose()


def file(factory: pytest.TempPathFactory, template: Path, now: datetime) -> Path:
    """A SQLite file with the sample team at that moment, to copy. `template` has the schema."""

    def make(path: Path) -> None:
        shutil.copyfile(template, path)
        load(f"sqlite:///{path}", now)

    return made_once(factory, f"sampled_{now:%Y%m%d%H%M}.sqlite3", make)
