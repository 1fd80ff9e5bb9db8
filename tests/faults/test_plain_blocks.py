"""A workspace that the newest blocks have not reached gets plain ones: at once, and once."""

from collections.abc import Iterator
from typing import Any

import pytest

from handlers.message import Message, Rendered
from models.base import Database
from models.delivery import DeliveryState, Kind
from sandbox import Clock, serve
from tests.faults.desk import MESSAGES, Desk, a_slack, loads
from tests.faults.desk import render as plain
from tests.world import NOW, World

TABLE = {
    "type": "data_table",
    "caption": "Flags",
    "rows": [[{"type": "raw_text", "text": said}] for said in ("Deal", "Nexus Corp")],
}
KIND = Kind.HEALTH_FLAGS


def table(shown: tuple[int, int]) -> Rendered:
    said = plain(shown)
    return Rendered(said.text, [TABLE], said.blocks)


def only_a_table(shown: tuple[int, int]) -> Rendered:
    return Rendered(plain(shown).text, [TABLE])


def rendering(render: Any) -> dict[Kind, Message[Any]]:
    return MESSAGES | {KIND: Message(loads(KIND), render)}


@pytest.fixture
def behind(north: tuple[Database, World]) -> Iterator[Desk]:
    """A desk whose workspace does not have the newest blocks yet."""
    database, world = north
    slack = a_slack(clock=Clock(NOW, frozen=True))
    with serve(slack, rate_limits=False, newest_blocks=False) as server:
        yield Desk(database, world, server)


def types(desk: Desk) -> list[str]:
    seen = desk.server.as_person("U0MAX").messages("C0WEST")
    return [block["type"] for message in seen for block in message.blocks]


def test_it_is_posted_and_updated_in_plain_blocks(behind: Desk) -> None:
    delivery = behind.owe(kind=KIND)
    behind.post(rendering(table)).run_once()
    row = behind.row(delivery)
    assert (row.state, row.tries, row.posting_since) == (DeliveryState.POSTED, 0, None)
    assert types(behind) == ["section"]
    assert behind.calls("chat.postMessage") == 2
    behind.refresh(delivery)
    behind.real.move(behind.post()._pace.interval)
    behind.post(rendering(table)).run_once()
    assert behind.shown() == ["message 1 as of 2"]
    assert types(behind) == ["section"]
    assert behind.calls("chat.update") == 2
    assert behind.row(delivery).state is DeliveryState.POSTED


def test_where_there_is_nothing_plainer_it_is_parked(behind: Desk) -> None:
    delivery = behind.owe(kind=KIND)
    behind.post(rendering(only_a_table)).run_once()
    row = behind.row(delivery)
    assert (row.state, row.error) == (DeliveryState.PARKED, "invalid_blocks")
    assert behind.shown() == []


def test_where_slack_has_them_they_are_posted(desk: Desk) -> None:
    desk.owe(kind=KIND)
    desk.post(rendering(table)).run_once()
    assert types(desk) == ["data_table"]
    assert desk.calls("chat.postMessage") == 1


def test_a_doubt_about_the_second_call_is_a_doubt(behind: Desk) -> None:
    """The plain one arrives and its answer is lost: it is searched for, and stands there once."""
    delivery = behind.owe(kind=KIND)
    behind.fault("drop_after", times=2)  # also of the refusal, which brought nothing about
    for _ in range(6):
        behind.post(rendering(table)).run_once()
        behind.real.move(behind.post()._pace.longest_backoff)
    assert behind.state(delivery) is DeliveryState.POSTED
    assert behind.shown() == ["message 1 as of 1"]
