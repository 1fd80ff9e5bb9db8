"""The floor, once over each transport and on each database."""

from collections.abc import Iterator

import pytest

from tests.reused import Reused
from tests.scenarios.floor import Floor, at_work, six_deals
from tests.scenarios.sessions import MINUTE, WED, stand


@pytest.fixture(params=["socket-sqlite", "http-postgresql"])
def floor(request: pytest.FixtureRequest, reused: Reused) -> Iterator[Floor]:
    """Socket Mode on SQLite, signed HTTP on PostgreSQL."""
    transport, kind = request.param.split("-")
    url, world = request.getfixturevalue(f"{kind}_north")
    with reused.at(url) as database, at_work(database, transport, world) as at:
        yield at


@pytest.fixture
def review(floor: Floor) -> Floor:
    """The floor with a live review of six deals, its cards posted."""
    six_deals(floor)
    floor.max.command("C0WEST", "/pipeline-review")
    assert floor.max.submit()["ok"]
    floor.deliver()
    return floor


@pytest.fixture
def reminded(floor: Floor) -> Floor:
    """Ten minutes before Max and Ana sit together; Ana owns three deals."""
    six_deals(floor)
    stand(floor)
    floor.later(WED - 10 * MINUTE)
    return floor
