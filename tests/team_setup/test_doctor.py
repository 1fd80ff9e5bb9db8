"""`cadence doctor` and `cadence admin`, against a local Slack."""

import json
import socket
from collections.abc import Iterator

import pytest
from typer.testing import CliRunner, Result

from bot import migrate
from bot.cli import app
from models.base import Database
from sandbox import Server
from tests.team_setup.local_slack import a_slack, point_at, set_up_here


@pytest.fixture(scope="module")
def slack() -> Iterator[Server]:
    with a_slack() as server:
        yield server


@pytest.fixture
def url(empty_database_url: str, slack: Server, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("DATABASE_URL", empty_database_url)
    monkeypatch.setenv("SLACK_APP_TOKEN", "xapp-setup-0123456789")
    point_at(slack, monkeypatch)
    return empty_database_url


def run(*arguments: str) -> Result:
    result = CliRunner().invoke(app, arguments)
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result


def said(result: Result) -> dict[str, tuple[bool, str]]:
    return {one["what"]: (one["ok"], one["says"]) for one in json.loads(result.stdout)}


def test_on_an_empty_database_and_then_step_by_step(url: str, slack: Server) -> None:
    first = run("doctor")
    assert first.exit_code == 1
    assert "ok    bot token: of Northwind" in first.stdout
    assert "ok    scopes: all 12 of manifest.json." in first.stdout
    assert "FAIL  migrations: at nothing: run cadence migrate." in first.stdout
    migrate.upgrade(url)
    found = said(run("doctor", "--json"))
    assert found["admins"][1].startswith("none: an admin or owner of the Slack workspace types")
    assert found["teams"] == (False, "none yet: type /cadence setup in Slack.")
    assert "Nobody in Northwind has eva@" in run("admin", "eva@example.com").stderr
    assert run("admin", "U0GONE").exit_code == 1
    assert run("admin", "lea@example.com").stdout == (
        "Lea Lindqvist is an admin now: type /cadence setup in Slack.\n"
    )
    database = Database(url)
    set_up_here(database, slack)
    database.dispose()
    found = said(run("doctor", "--json"))
    wrong = {what for what, (ok, _) in found.items() if not ok}
    assert wrong == {"deals"}
    assert found["admins"] == (True, "Lea Lindqvist.")
    assert found["channel of West"] == (True, "#west.")
    assert found["people"] == (True, "all 4 are active in Slack.")
    slack.request("POST", "/sandbox/channel", {"id": "C0WEST", "is_ext_shared": True})
    slack.request("POST", "/sandbox/person", {"id": "U0BEN", "deleted": True})
    try:
        found = said(run("doctor", "--json"))
        assert found["channel of West"][1].startswith("#west: the channel is shared with another")
        assert found["people"][1].startswith("deactivated in Slack: Ben Carter. Take them out")
    finally:
        slack.request("POST", "/sandbox/channel", {"id": "C0WEST", "is_ext_shared": False})
        slack.request("POST", "/sandbox/person", {"id": "U0BEN", "deleted": False})


def test_without_a_network_no_token_is_blamed(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        port = nobody.getsockname()[1]
    monkeypatch.setenv("SLACK_API_URL", f"http://127.0.0.1:{port}/api/")
    found = said(run("doctor", "--json"))
    for token in ("bot token", "app token"):
        ok, says = found[token]
        assert not ok
        assert says.endswith(
            "see whether this machine reaches Slack (network, proxy, SLACK_API_URL)."
        )


def test_a_token_that_is_refused_and_scopes_that_lack(
    migrated_url: str, slack: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", migrated_url)
    monkeypatch.setenv("SLACK_APP_TOKEN", "xapp-setup-0123456789")
    with a_slack(without_scopes=("groups:read",)) as server:
        point_at(server, monkeypatch)
        assert "FAIL  scopes: missing groups:read: paste this version's" in run("doctor").stdout
        monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-wrong")
        monkeypatch.delenv("SLACK_APP_TOKEN")
        refused = run("doctor").stdout
    assert "FAIL  bot token: invalid_auth: copy SLACK_BOT_TOKEN from Install App." in refused
    assert "FAIL  transport: Set SLACK_APP_TOKEN for Socket Mode" in refused
    assert "ok    database: " in refused
