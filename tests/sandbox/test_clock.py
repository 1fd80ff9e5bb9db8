"""Business time: forward only, and what it stamps."""

import threading
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from slack_sdk import WebClient

from sandbox import Clock, Mark, Server
from sandbox.refused import Refused
from tests.sandbox.little import START


def test_a_frozen_clock_stands_until_it_is_moved() -> None:
    clock = Clock(START, frozen=True)
    assert clock.now() == clock.now() == START
    clock.advance(timedelta(hours=1))
    assert clock.now() == START + timedelta(hours=1)
    clock.advance_to(datetime(2026, 11, 25, 10, tzinfo=ZoneInfo("Europe/Berlin")))
    assert clock.now() == datetime(2026, 11, 25, 9, tzinfo=UTC)
    assert clock.now().tzinfo is UTC
    with pytest.raises(ValueError, match="only moves forward"):
        clock.advance_to(START)
    with pytest.raises(ValueError, match="zone"):
        clock.advance_to(datetime(2027, 1, 1))  # noqa: DTZ001
    with pytest.raises(ValueError, match="only moves forward"):
        clock.advance(timedelta(seconds=-1))


def test_a_running_clock_runs() -> None:
    clock = Clock(START)
    assert START <= clock.now() < START + timedelta(minutes=1)
    assert clock.now() <= clock.now()
    assert abs(Clock().now() - datetime.now(UTC)) < timedelta(seconds=5)


def test_it_is_read_from_many_threads() -> None:
    clock = Clock(START)
    seen: list[bool] = []

    def read() -> None:
        moments = [clock.now() for _ in range(200)]
        seen.append(moments == sorted(moments))

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for _ in range(100):
        clock.advance(timedelta(seconds=1))
    for thread in threads:
        thread.join()
    assert seen == [True] * 4


def test_messages_carry_business_time(client: WebClient, server: Server) -> None:
    first = client.chat_postMessage(channel="C0WEST", text="x")["ts"]
    server.clock.advance(timedelta(days=1))
    second = client.chat_postMessage(channel="C0WEST", text="x")["ts"]
    assert float(second) - float(first) == 86400


def test_the_endpoint_moves_it_and_names_marks(start: object) -> None:
    marks = [
        Mark("later", START + timedelta(hours=2)),
        Mark("soon", START + timedelta(hours=1)),
        Mark("past", START - timedelta(hours=1)),
    ]
    server: Server = start(clock=Clock(START, frozen=True, marks=lambda: marks))  # type: ignore[operator]  # a fixture
    said = server.request("GET", "/sandbox/clock")
    assert said["now"] == START.isoformat()
    assert [mark["name"] for mark in said["marks"]] == ["soon", "later"]
    said = server.request("POST", "/sandbox/clock", {"to": said["marks"][0]["at"]})
    assert [mark["name"] for mark in said["marks"]] == ["later"]
    said = server.request("POST", "/sandbox/clock", {"seconds": 60})
    assert server.clock.now() == START + timedelta(minutes=61)
    for wrong in ({"to": START.isoformat()}, {"to": "soon"}, {"seconds": "x"}, {}, {"seconds": -1}):
        with pytest.raises(Refused, match="invalid_time"):
            server.request("POST", "/sandbox/clock", wrong)
