"""`cadence setup` as people run it, against a local Slack."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select
from typer.testing import CliRunner, Result

from bot import migrate
from bot.cli import app
from models.base import Database
from models.people import Person, Workspace
from sandbox import Server
from sandbox.faults import Fault
from tests.team_setup.local_slack import TEAM, a_slack, point_at


@pytest.fixture(scope="module")
def slack() -> Iterator[Server]:
    with a_slack() as server:
        yield server


@pytest.fixture
def place(slack: Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Where the command is run: beside the team's file, with the tokens of a workspace."""
    monkeypatch.chdir(tmp_path)
    point_at(slack, monkeypatch)
    Path("team.toml").write_text(TEAM)


@pytest.fixture
def url(migrated_url: str, place: None, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("DATABASE_URL", migrated_url)
    return migrated_url


@pytest.fixture
def new_url(empty_database_url: str, place: None, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("DATABASE_URL", empty_database_url)
    return empty_database_url


def run(*arguments: str) -> Result:
    result = CliRunner().invoke(app, arguments)
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result


def names(url: str) -> list[str]:
    database = Database(url)
    with database.everywhere() as session:
        found = list(session.scalars(select(Person.name).order_by(Person.name)))
    database.dispose()
    return found


def test_migrate_then_setup_twice(new_url: str) -> None:
    assert run("migrate").stdout == "The database is up to date now.\n"
    assert run("migrate").stdout == "The database is up to date.\n"
    first = run("setup", "team.toml")
    assert first.exit_code == 0
    assert "new: Ana Silva (U0ANA): role rep, team West" in first.stdout
    assert first.stdout.endswith("changes in Northwind: done.\n")
    assert names(new_url) == ["Ana Silva", "Ben Carter", "Lea Lindqvist", "Max Okafor"]
    assert run("setup", "team.toml").stdout == "0 changes in Northwind: done.\n"


def test_a_dry_run_writes_nothing(url: str) -> None:
    dry = run("setup", "team.toml", "--dry-run")
    assert dry.exit_code == 0
    assert dry.stdout.endswith("changes in Northwind: dry run, nothing was written.\n")
    assert names(url) == []
    wet = run("setup", "team.toml")
    assert wet.stdout.splitlines()[:-1] == dry.stdout.splitlines()[:-1]


def test_mistakes_are_sentences_and_nothing_is_written(url: str) -> None:
    Path("team.toml").write_text(TEAM.replace("ana@", "eva@").replace("U0BEN", "U0NONE"))
    result = run("setup", "team.toml")
    assert result.exit_code == 1
    assert result.stderr.splitlines() == [
        "teams[0].reps[0].email: nobody in this workspace has eva@example.com",
        "teams[0].reps[1].slack: nobody in this workspace has U0NONE",
    ]
    database = Database(url)
    with database.everywhere() as session:
        assert session.scalars(select(Workspace)).all() == []
    database.dispose()


def test_what_is_missing_first_is_said(new_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "run cadence migrate first" in run("setup", "team.toml").stderr
    assert run("setup", "none.toml").stderr == "none.toml: there is no such file\n"
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-wrong")
    migrate.upgrade(new_url)
    assert "Slack does not accept SLACK_BOT_TOKEN" in run("setup", "team.toml").stderr
    monkeypatch.delenv("SLACK_BOT_TOKEN")
    assert "SLACK_BOT_TOKEN is not set" in run("setup", "team.toml").stderr


def test_slacks_rate_limits_are_waited_for(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Looking people up is only asking: a 429 is waited out and asked again."""
    with a_slack() as server:
        point_at(server, monkeypatch)
        server.faults.add(Fault("ratelimited", method="users.lookupByEmail", times=1, seconds=1))
        assert run("setup", "team.toml").exit_code == 0
