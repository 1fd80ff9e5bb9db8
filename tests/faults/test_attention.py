"""Ends of a process between deciding that a message may come and its coming."""

from collections.abc import Callable
from contextlib import suppress

import pytest

from bot.delivery import Pace
from models.delivery import DeliveryState, Kind, Wait
from tests.faults.desk import Desk


class Killed(BaseException):
    """As a kill does, it ends the process where it is."""


def die() -> None:
    raise Killed


@pytest.mark.parametrize("point", ["after_load", "after_render", "after_fence", "after_post"])
def test_however_often_it_ends_two_come_and_the_rest_waits_once(desk: Desk, point: str) -> None:
    owed = [
        desk.owe(kind=Kind.COACHING_PERSON, person_id=desk.world.ana, subject_id=number)
        for number in range(1, 5)
    ]
    for _ in owed:
        _until_killed(desk, point, die)
    desk.deliver(seconds=20)
    assert desk.dm("U0ANA") == ["message 1 as of 1", "message 2 as of 1"]
    rows = [desk.row(one) for one in owed]
    assert [row.state for row in rows[:2]] == [DeliveryState.POSTED] * 2
    for row in rows[2:]:
        assert (row.state, row.waits_for, row.told_at) == (DeliveryState.OWED, Wait.DIGEST, None)
        assert row.due_at > desk.server.clock.now()


def _until_killed(desk: Desk, point: str, end: Callable[[], None]) -> None:
    """A process that ends at the point, if it comes there; then its lease runs out."""
    desk.at_point[point] = end
    with suppress(Killed):
        desk.deliver()
    desk.at_point.clear()
    desk.real.move(Pace().lease)
