"""A status that somebody sets, as apps are told of it and until it ends."""

from datetime import timedelta
from typing import Any

import pytest

from sandbox import Person, Server
from sandbox.refused import Refused
from tests.sandbox.little import MANIFEST, START, Connect, Serve

EVENTS = ["user_change", "user_profile_changed", "user_status_changed"]
SETTINGS = {**MANIFEST["settings"], "event_subscriptions": {"bot_events": EVENTS}}
END = int((START + timedelta(hours=2)).timestamp())
LEAVE = {"status_text": "On leave", "status_emoji": ":palm_tree:", "status_expiration": END}


@pytest.fixture
def server(start: Serve) -> Server:
    """A workspace whose app wants to know of people."""
    return start({**MANIFEST, "settings": SETTINGS}, rate_limits=False)


@pytest.fixture
def told(server: Server, connect: Connect) -> list[dict[str, Any]]:
    """The events that the app is told of."""
    little = connect(server, "http")
    for name in EVENTS:
        little.bolt.event(name)(lambda event: little.seen.append(event))
    little.start()
    return little.seen


def change(server: Server, **fields: Any) -> None:
    """Changes Lena's account, and waits until the app knows."""
    server.request("POST", "/sandbox/person", {"id": "U0LENA", **fields})
    server.settled()


def types(told: list[dict[str, Any]]) -> list[str]:
    """What kinds of event came, since this was last asked."""
    came = sorted(event["type"] for event in told)
    told.clear()
    return came


def test_it_is_told_twice_and_so_is_a_changed_profile(
    server: Server, told: list[dict[str, Any]]
) -> None:
    change(server, **LEAVE)
    profiles = [event["user"]["profile"] for event in told]
    assert [{key: profile[key] for key in LEAVE} for profile in profiles] == [LEAVE, LEAVE]
    assert types(told) == ["user_change", "user_status_changed"]
    change(server, title="Rep", tz="Asia/Tokyo")
    assert types(told) == ["user_change", "user_profile_changed"]
    change(server, title="Lead", status_text="Back")
    assert types(told) == EVENTS
    change(server, is_admin=True, title="Lead")
    assert types(told) == ["user_change"]


def test_it_ends_when_its_time_has_come(server: Server, told: list[dict[str, Any]]) -> None:
    change(server, **LEAVE)
    types(told)
    server.clock.advance(timedelta(hours=1))
    server.settled()
    assert types(told) == []
    server.clock.advance(timedelta(hours=1))
    server.wait(lambda: len(told) == 2)
    assert {event["user"]["profile"]["status_text"] for event in told} == {""}
    assert types(told) == ["user_change", "user_status_changed"]
    (lena,) = [p for p in server.as_person("U0MAX").state()["people"] if p["id"] == "U0LENA"]
    assert (lena["status_text"], lena["status_emoji"], lena["status_expiration"]) == ("", "", 0)


def test_who_reads_it_afterwards_sees_none_even_before_the_event() -> None:
    person = Person("U0LENA", "lena", **LEAVE)  # type: ignore[arg-type]
    for moment, text in ((END - 1, "On leave"), (END, "")):
        at = START + timedelta(seconds=moment - START.timestamp())
        assert person.at(at).status_text == text
        assert person.profile("http://x/", at=at, email=False)["status_text"] == text
        assert person.as_page(at)["status_text"] == text


def test_a_text_has_an_emoji_and_nothing_has_no_end() -> None:
    assert Person("U0LENA", "lena", status_text="Busy").status_emoji == ":speech_balloon:"
    assert Person("U0LENA", "lena", status_expiration=END).status_expiration == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"status_text": "x" * 101},
        {"status_emoji": "palm_tree"},
        {"status_emoji": ":palm tree:"},
        {"status_expiration": "tomorrow"},
        {"status_text": None},
    ],
)
def test_what_is_no_status(server: Server, wrong: dict[str, Any]) -> None:
    with pytest.raises(Refused, match="invalid_arguments"):
        server.request("POST", "/sandbox/person", {"id": "U0LENA", **wrong})
