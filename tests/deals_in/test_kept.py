"""Rows between reading and writing: a long file takes little memory and loses nothing."""

import tracemalloc
from collections.abc import Iterator
from itertools import islice

import pytest

from crm.kept import Kept

CHUNK, CHUNKS = 200, 5
IN_MEMORY = CHUNK * CHUNKS
KILOBYTE = 1_000
Row = tuple[int, bytes]


def rows(count: int) -> Iterator[Row]:
    """Each of a kilobyte, and none like another."""
    return ((n, n.to_bytes(8, "big") * (KILOBYTE // 8)) for n in range(count))


def filled(count: int) -> Kept[Row]:
    kept = Kept[Row](CHUNK, CHUNKS)
    for row in rows(count):
        kept.add(row)
    return kept


def memory_of(count: int) -> int:
    """The most that keeping so many and reading them again took, in bytes."""
    tracemalloc.start()
    try:
        kept = filled(count)
        assert sum(1 for _row in kept) == count
        kept.close()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    "count", [0, 1, IN_MEMORY, IN_MEMORY + 1, 2 * IN_MEMORY, 2 * IN_MEMORY + 7]
)
def test_they_come_back_in_order_as_often_as_asked(count: int) -> None:
    kept = filled(count)
    for _time in range(2):
        assert list(kept) == list(rows(count))
    assert all(len(chunk) == CHUNK for chunk in list(kept.chunks())[:-1])
    assert kept.count == count
    kept.close()


def test_rows_may_be_added_after_some_were_read() -> None:
    kept = filled(IN_MEMORY + CHUNK)
    assert next(islice(kept, IN_MEMORY, None))[0] == IN_MEMORY
    for row in rows(CHUNK):
        kept.add(row)
    assert list(kept) == [*rows(IN_MEMORY + CHUNK), *rows(CHUNK)]
    kept.close()


def test_what_is_beyond_goes_to_disk() -> None:
    """Ten times as many rows take no more memory, but for the chunk that is written or read."""
    full = memory_of(IN_MEMORY)
    assert full > IN_MEMORY * KILOBYTE
    assert memory_of(10 * IN_MEMORY) < full + 5 * CHUNK * KILOBYTE
