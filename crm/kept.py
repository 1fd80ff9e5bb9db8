"""The rows of a file between reading and taking in: in memory while few, else in a temporary file.

So memory stays small, however long the file is, and it is read but once.
"""

import pickle
from collections.abc import Iterator
from tempfile import TemporaryFile
from typing import IO, Generic, TypeVar

Row = TypeVar("Row")
AT_ONCE = 5_000
"""Rows of a chunk: so many are compared and written together."""
CHUNKS_IN_MEMORY = 40


class Kept(Generic[Row]):
    """Rows in the order in which they were added, given back in chunks, as often as you like.

    A chunk has `at_once` rows; so many chunks `in_memory` stay there, the rest goes to disk.
    """

    def __init__(self, at_once: int = AT_ONCE, in_memory: int = CHUNKS_IN_MEMORY) -> None:
        self._at_once, self._in_memory = at_once, in_memory
        self._chunks: list[list[Row]] = []
        self._last: list[Row] = []
        self._spilled: IO[bytes] | None = None
        self.count = 0

    def add(self, row: Row) -> None:
        self._last.append(row)
        self.count += 1
        if len(self._last) == self._at_once:
            self._put_away()

    def chunks(self) -> Iterator[list[Row]]:
        yield from self._chunks
        if self._spilled is not None:
            self._spilled.seek(0)
            while True:
                try:
                    chunk: list[Row] = pickle.load(self._spilled)  # noqa: S301 - our own, just written
                except EOFError:
                    break
                yield chunk
        if self._last:
            yield self._last

    def __iter__(self) -> Iterator[Row]:
        for chunk in self.chunks():
            yield from chunk

    def close(self) -> None:
        """Gives the temporary file back, if there is one."""
        if self._spilled is not None:
            self._spilled.close()

    def _put_away(self) -> None:
        if len(self._chunks) < self._in_memory:
            self._chunks.append(self._last)
        else:
            if self._spilled is None:
                self._spilled = TemporaryFile()  # noqa: SIM115 - closed by `close`, or when let go
            self._spilled.seek(0, 2)
            pickle.dump(self._last, self._spilled, pickle.HIGHEST_PROTOCOL)
        self._last = []
