"""Real exports of others (../shared/data): read through a mapping, to the last row."""

import csv
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from crm.mapping import Column, Reading
from models.base import Database
from models.coverage import team_coverage
from models.deals import StageKind, stages
from models.people import Person, Quota, Role, Team, team_in_channel, teams
from models.people import put_workspace as put_the_workspace
from models.roster import put_person, put_quota, put_team
from tests.deals_in.files import deals, take_in
from tests.world import World, a_workspace

pytestmark = pytest.mark.exports

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
MERIDIAN = DATA / "meridian-mit"
AS_OF = datetime(2026, 3, 23, 16, tzinfo=UTC)
QUARTER = (date(2026, 1, 1), date(2026, 3, 31))
MAPPING = Reading.model_validate(
    {
        "columns": {
            "id": "deal_id",
            "name": "account_name",
            "owner": "rep_id",
            "amount": "deal_value",
        }
    }
)


def reps() -> Iterator[dict[str, str]]:
    with (MERIDIAN / "reps.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def email(name: str) -> str:
    return f"{name.lower().replace(' ', '.')}@meridian.example"
