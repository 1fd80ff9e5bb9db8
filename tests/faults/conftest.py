"""The post in this process, before a workspace on this machine, with both clocks in hand."""

from collections.abc import Iterator

import pytest

from models.base import Database
from sandbox import Clock, serve
from tests.faults.desk import Desk, a_slack
from tests.world import NOW, World


@pytest.fixture
def desk(north: tuple[Database, World]) -> Iterator[Desk]:
    """The sample sales floor and its Slack; both clocks stand still until they are moved."""
    database, world = north
    slack = a_slack(clock=Clock(NOW, frozen=True))
    with serve(slack, rate_limits=False) as server:
        yield Desk(database, world, server)
