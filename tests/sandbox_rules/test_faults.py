"""Faults strike where and as often as they say, the same for the same seed."""

import random
import threading
from typing import Any

import pytest

from sandbox.faults import KINDS, Fault, Faults, Standing


def faults(seed: int = 0) -> Faults:
    return Faults(random.Random(seed))


def test_a_fault_strikes_its_methods_until_it_is_used_up() -> None:
    on = faults()
    slow = Fault("slow", "chat.*", times=2, seconds=0.5)
    id_ = on.add(slow)
    assert on.take("users.info") is None
    assert on.take("chat.postMessage") is slow
    assert on.list() == [Standing(id_, slow, 1)]
    assert on.take("chat.update") is slow
    assert on.take("chat.update") is None
    assert on.list() == []


def test_a_fault_without_times_strikes_until_it_is_removed() -> None:
    on = faults()
    id_ = on.add(Fault("server_error"))
    assert all(on.take("any") for _ in range(100))
    assert on.remove(id_)
    assert on.take("any") is None
    assert not on.remove(id_)


def test_only_the_kinds_asked_for_strike() -> None:
    on = faults()
    on.add(Fault("drop_after", times=1))
    on.add(Fault("drop_before", times=1))
    assert on.take("any", {"slow", "ratelimited"}) is None
    assert on.take("any", {"drop_before"}) == Fault("drop_before", times=1)
    assert on.take("any", ["drop_before", "drop_after"]) == Fault("drop_after", times=1)


def test_the_oldest_strikes_first() -> None:
    on = faults()
    on.add(Fault("slow", times=1))
    on.add(Fault("slow", seconds=2))
    assert [found.seconds for _ in range(3) if (found := on.take("any"))] == [0, 2, 2]


def test_probability_is_kept_and_repeatable() -> None:
    def struck(seed: int) -> list[bool]:
        on = faults(seed)
        on.add(Fault("slow", probability=0.1))
        return [on.take("any") is not None for _ in range(10_000)]

    assert struck(1) == struck(1) != struck(2)
    assert 900 < sum(struck(1)) < 1100
    never = faults()
    never.add(Fault("slow", probability=0.0))
    assert not any(never.take("any") for _ in range(100))


def test_a_fault_that_does_not_strike_is_not_counted() -> None:
    on = faults()
    on.add(Fault("slow", times=3, probability=0.5))
    assert sum(on.take("any") is not None for _ in range(100)) == 3


def test_all_are_switched_off_at_once() -> None:
    on = faults()
    ids = [on.add(Fault("slow")), on.add(Fault("refresh"))]
    assert len(set(ids)) == 2
    on.clear()
    assert on.list() == []
    assert on.take("any") is None


def test_many_threads_take_no_more_than_there_is() -> None:
    on = faults()
    on.add(Fault("slow", times=500))
    taken: list[Fault] = []

    def take() -> None:
        for _ in range(200):
            if found := on.take("any"):
                taken.append(found)

    threads = [threading.Thread(target=take) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(taken) == 500


def test_json_form() -> None:
    given: dict[str, Any] = {
        "kind": "ratelimited",
        "method": "chat.postMessage",
        "times": 3,
        "probability": 0.5,
        "seconds": 0.0,
        "retry_after": 7,
    }
    fault = Fault.parse(given)
    assert fault == Fault("ratelimited", "chat.postMessage", 3, 0.5, 0.0, 7)
    assert Standing(1, fault, 2).as_json() == {"id": 1, "left": 2, **given}
    assert all(Fault.parse({"kind": kind}) == Fault(kind) for kind in KINDS)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({}, "kind is required"),
        ({"kind": "fire"}, "unknown kind of fault"),
        ({"kind": ["slow"]}, "unknown kind of fault"),
        ({"kind": "slow", "often": 1}, "unknown keys: often"),
        ({"kind": "slow", "times": 0}, "times must be at least 1"),
        ({"kind": "slow", "times": "many"}, "invalid literal"),
        ({"kind": "slow", "times": []}, "int"),
        ({"kind": "slow", "probability": 1.1}, "between 0 and 1"),
        ({"kind": "slow", "probability": float("nan")}, "between 0 and 1"),
        ({"kind": "slow", "seconds": -1}, "must not be negative"),
        ({"kind": "slow", "seconds": float("nan")}, "must not be negative"),
        ({"kind": "ratelimited", "retry_after": -1}, "must not be negative"),
    ],
)
def test_what_cannot_be_meant_is_refused(given: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        Fault.parse(given)
