"""One engine for the databases of many tests, one after the other."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import URL, Dialect, event, make_url

from models.base import Database


class Reused:
    """The engine of each kind, pointed at one database after the other.

    SQLAlchemy keeps the statements that it has compiled with the engine; to compile them for each
    test anew took a quarter of the tests' time.
    """

    def __init__(self) -> None:
        self._made: dict[str, Database] = {}
        self._open: dict[str, URL] = {}

    @contextmanager
    def at(self, url: str) -> Iterator[Database]:
        """The engine of this kind, connected to this database alone until the end."""
        where = make_url(url)
        kind = where.get_backend_name()
        assert kind not in self._open, "one database of a kind at a time"
        self._open[kind] = where
        if kind not in self._made:
            self._made[kind] = Database(url)
            event.listen(self._made[kind].engine, "do_connect", self._connect)
        try:
            yield self._made[kind]
        finally:
            self._made[kind].dispose()
            del self._open[kind]

    def _connect(
        self, dialect: Dialect, _record: object, args: list[Any], more: dict[str, Any]
    ) -> None:
        now_args, now_more = dialect.create_connect_args(self._open[dialect.name])
        args[:] = now_args
        more.update(now_more)
