"""Empty databases of each kind, gone at the end."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from tests.postgres import Postgres


@contextmanager
def databases(*names: str) -> Iterator[dict[str, list[str]]]:
    """The URLs of a database for each name, by kind."""
    postgres = Postgres()
    try:
        with tempfile.TemporaryDirectory() as folder:
            yield {
                "SQLite": [f"sqlite:///{folder}/{name}.sqlite3" for name in names],
                "PostgreSQL": [postgres.create(name) for name in names],
            }
    finally:
        postgres.stop()
