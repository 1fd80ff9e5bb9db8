"""A local workspace, a migrated database of each kind, and `cadence` as a real process."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from socket import AF_INET, SOCK_STREAM, socket

import pytest

from models.base import Database
from sandbox import App, Clock, Server, serve
from tests.scenarios.floor import APP, PATIENCE, workspace
from tests.world import a_deal, a_workspace

ROOT = Path(__file__).parents[2]
NAMES = ("SLACK", "DATABASE_URL", "PORT", "LOG_LEVEL", "HTTP_PROXY", "http_proxy")


class Floor:
    """A served workspace and a database that knows it, for a bot in another process."""

    def __init__(self, server: Server, app: App, database_url: str) -> None:
        self.server, self.app, self.database_url = server, app, database_url

    def environment(self, **more: str) -> dict[str, str]:
        return {
            "SLACK_BOT_TOKEN": self.app.bot_token,
            "SLACK_API_URL": self.server.api_url,
            "DATABASE_URL": self.database_url,
            **more,
        }


@pytest.fixture
def floor(migrated_url: str) -> Iterator[Floor]:
    """West and two of its deals, in a migrated database of each kind."""
    database = Database(migrated_url)
    world = a_workspace(database)
    with database.transaction(world.workspace_id) as session:
        for owner in (world.ana, world.ben):
            a_deal(session, owner, "Proposal")
    database.dispose()
    slack = workspace(Clock())
    with serve(slack, rate_limits=False, **PATIENCE) as server:
        yield Floor(server, slack.apps[0], migrated_url)


@contextmanager
def cadence(
    *words: str, environment: Mapping[str, str], cwd: Path = ROOT
) -> Iterator[subprocess.Popen[str]]:
    """`cadence …` with only this environment's settings; killed at the end if it still runs."""
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(NAMES)}
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", *words],
        env=inherited | dict(environment) | {"PYTHONPATH": str(ROOT)},
        cwd=cwd,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def said(*words: str, environment: Mapping[str, str], cwd: Path) -> tuple[int, str]:
    """Runs a command to its end: its exit code and what it said on the error output."""
    with cadence(*words, environment=environment, cwd=cwd) as process:
        _, errors = process.communicate(timeout=60)
        return process.returncode, errors


def free_port() -> int:
    with socket(AF_INET, SOCK_STREAM) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def asked(port: int, path: str) -> tuple[int, str] | None:
    """The status and text of a GET, or None while nobody listens."""
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    except ConnectionError:
        return None
    finally:
        connection.close()


__all__ = ["APP", "NAMES", "Floor", "asked", "cadence", "free_port", "said"]
