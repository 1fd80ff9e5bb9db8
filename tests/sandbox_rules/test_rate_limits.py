"""Rate limits: the burst, the refill, whole seconds to wait, and what they are counted by."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.limits import METHODS, TIER_3, Limiter


class Seconds:
    """Real time, moved by hand."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def allowed(limiter: Limiter, method: str, channel: str | None = None) -> int:
    """How many calls are let through at once."""
    for count in range(10_000):
        if limiter.check(method, workspace="T1", channel=channel) is not None:
            return count
    raise AssertionError("no limit")


@pytest.mark.parametrize(
    ("method", "burst", "wait"),
    [
        ("apps.connections.open", 10, 60),
        ("users.list", 20, 3),
        ("conversations.list", 20, 3),
        ("chat.update", 50, 2),
        ("conversations.history", 50, 2),
        ("conversations.replies", 50, 2),
        ("conversations.open", 50, 2),
        ("reactions.add", 50, 2),
        ("any.other", 50, 2),
        ("views.open", 100, 1),
        ("users.info", 100, 1),
        ("chat.postEphemeral", 100, 1),
        ("conversations.members", 100, 1),
        ("chat.postMessage", 300, 1),
    ],
)
def test_a_method_lets_a_minutes_calls_through_and_then_one_by_one(
    method: str, burst: int, wait: int
) -> None:
    seconds = Seconds()
    limiter = Limiter(seconds)
    assert allowed(limiter, method) == burst
    assert limiter.check(method, workspace="T1") == wait
    seconds.now += wait
    assert limiter.check(method, workspace="T1") is None
    seconds.now += 3600
    assert allowed(limiter, method) == burst


def test_messages_go_about_one_a_second_to_a_channel() -> None:
    seconds = Seconds()
    limiter = Limiter(seconds)
    assert allowed(limiter, "chat.postMessage", "C1") == 5
    assert allowed(limiter, "chat.postMessage", "C2") == 5
    for _ in range(60):
        assert limiter.check("chat.postMessage", workspace="T1", channel="C1") == 1
        seconds.now += 1.0
        assert limiter.check("chat.postMessage", workspace="T1", channel="C1") is None


def test_one_message_a_second_is_never_refused() -> None:
    seconds = Seconds()
    limiter = Limiter(seconds)
    for n in range(500):
        assert limiter.check("chat.postMessage", workspace="T1", channel="C1") is None
        seconds.now += 0.9 if n % 2 else 1.1


def test_a_workspace_has_its_limit_over_all_channels() -> None:
    limiter = Limiter(Seconds())
    answers = [
        limiter.check("chat.postMessage", workspace="T1", channel=f"C{n}") for n in range(301)
    ]
    assert answers == [None] * 300 + [1]


def test_a_refused_call_is_not_counted() -> None:
    seconds = Seconds()
    limiter = Limiter(seconds)
    assert allowed(limiter, "users.list") == 20
    for _ in range(100):
        assert limiter.check("users.list", workspace="T1") == 3
    seconds.now += 3
    assert limiter.check("users.list", workspace="T1") is None


def test_a_message_refused_by_its_channel_does_not_use_up_the_workspace() -> None:
    limiter = Limiter(Seconds())
    for _ in range(1000):
        limiter.check("chat.postMessage", workspace="T1", channel="C1")
    assert allowed(limiter, "chat.postMessage") == 295


def test_workspaces_and_methods_have_limits_of_their_own() -> None:
    limiter = Limiter(Seconds())
    assert allowed(limiter, "users.list") == 20
    assert limiter.check("users.list", workspace="T2") is None
    assert limiter.check("conversations.list", workspace="T1") is None


def test_a_factor_widens_or_narrows_every_limit() -> None:
    assert allowed(Limiter(Seconds(), 10), "users.list") == 200
    assert allowed(Limiter(Seconds(), 0.5), "users.list") == 10
    assert Limiter(Seconds(), 0.5).check("users.list", workspace="T1") is None
    narrow = Limiter(Seconds(), 0.5)
    assert allowed(narrow, "users.list") == 10
    assert narrow.check("users.list", workspace="T1") == 6
    free = Limiter(Seconds(), math.inf)
    assert {free.check("users.list", workspace="T1") for _ in range(1000)} == {None}
    with pytest.raises(ValueError, match="factor"):
        Limiter(Seconds(), 0)


def test_a_clock_that_goes_back_gives_nothing() -> None:
    seconds = Seconds()
    limiter = Limiter(seconds)
    assert allowed(limiter, "users.list") == 20
    seconds.now -= 100
    assert limiter.check("users.list", workspace="T1") == 3
    seconds.now += 100
    assert limiter.check("users.list", workspace="T1") == 3


@given(
    st.sampled_from(["apps.connections.open", "users.list", "chat.update", "views.open"]),
    st.lists(st.floats(0, 30), max_size=200),
)
def test_no_more_than_burst_and_refill_whatever_the_timing(
    method: str, pauses: list[float]
) -> None:
    seconds = Seconds()
    limiter = Limiter(seconds)
    rate = METHODS.get(method, TIER_3)
    start, through = seconds.now, 0
    for pause in pauses:
        seconds.now += pause
        wait = limiter.check(method, workspace="T1")
        if wait is None:
            through += 1
        else:
            seconds.now += wait  # whoever waits as told is let through
            assert limiter.check(method, workspace="T1") is None
            through += 1
    refilled = (seconds.now - start) * rate.calls / rate.seconds
    assert through <= rate.burst + refilled + 1e-6
