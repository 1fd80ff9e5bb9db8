"""A local workspace, a migrated database of each kind, and `cadence` as a real process."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from socket import AF_INET, SOCK_STREAM, socket

import pytest

from bot.demo import APP_ID, PEOPLE, WORKSPACE_ID, sample_workspace
from bot.migrate import upgrade
from bot.sample import load_sample
from models.base import Database
from sandbox import App, Server, serve
from tests.postgres import Postgres

ROOT = Path(__file__).parents[2]
NAMES = ("SLACK", "DATABASE_URL", "PORT", "LOG_LEVEL", "HTTP_PROXY", "http_proxy")


class Floor:
    """A served workspace with the sample team in a database, for a bot in another process."""

    def __init__(self, server: Server, app: App, database_url: str) -> None:
        self.server, self.app, self.database_url = server, app, database_url

    def environment(self, **more: str) -> dict[str, str]:
        return {
            "SLACK_BOT_TOKEN": self.app.bot_token,
            "SLACK_API_URL": self.server.api_url,
            "DATABASE_URL": self.database_url,
            **more,
        }


def fill(url: str) -> None:
    """Migrates an empty database, and loads the sample team as the demo does."""
    upgrade(url)
    database = Database(url)
    load_sample(database, WORKSPACE_ID, sample_workspace(lambda _now: []).clock.now(), PEOPLE)
    database.dispose()


@pytest.fixture(scope="session")
def sampled_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the sample team, to copy."""
    path = tmp_path_factory.mktemp("sampled") / "sampled.sqlite3"
    fill(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def sampled_postgresql(postgres: Postgres) -> str:
    """The name of a database with the sample team, to copy."""
    fill(postgres.create("sampled"))
    return "sampled"


@pytest.fixture
def sampled_url(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a migrated database with the sample team, once of each kind."""
    template = request.getfixturevalue(f"sampled_{kind}")
    if kind == "sqlite":
        yield f"sqlite:///{shutil.copyfile(template, tmp_path / 'sampled.sqlite3')}"
        return
    server: Postgres = request.getfixturevalue("postgres")
    yield server.create("sampled_for_one", template)
    server.drop("sampled_for_one")


@pytest.fixture
def floor(sampled_url: str) -> Iterator[Floor]:
    workspace = sample_workspace(lambda _now: [])
    with serve(workspace, rate_limits=False, ack_seconds=15, trigger_seconds=15) as server:
        yield Floor(server, workspace.apps[0], sampled_url)


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


__all__ = ["APP_ID", "Floor", "asked", "cadence", "free_port", "said"]
