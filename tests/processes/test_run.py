"""`cadence run` as a real process against the local workspace, over both transports."""

import json
import os
import shutil
import signal
import subprocess
import urllib.request
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app
from tests.processes.conftest import APP, NAMES, Floor, asked, cadence, free_port, said


def ready(process: subprocess.Popen[str]) -> None:
    """Reads the log until the bot says that it runs."""
    assert process.stderr is not None
    heard = []
    for line in process.stderr:
        heard.append(line)
        if "bot.run: running" in line:
            return
    raise AssertionError(f"it ended: {heard}")


def review_as_max(floor: Floor) -> None:
    """Max starts a review, and its cards come."""
    max_ = floor.server.as_person("U0MAX")
    max_.command("C0WEST", "/pipeline-review")
    max_.wait_for(lambda: max_.modal)
    assert max_.modal is not None
    assert max_.modal.title == "Start a review"
    max_.submit()
    max_.wait_for(
        lambda: any("Evidence" in message.text for message in max_.messages("C0WEST")), 15
    )


def test_socket_mode(floor: Floor) -> None:
    port = free_port()
    environment = floor.environment(SLACK_APP_TOKEN=floor.app.app_token, PORT=str(port))
    with cadence("run", environment=environment) as process:
        ready(process)
        assert asked(port, "/readyz") == (200, "ready")
        assert floor.server.connected(APP)
        assert asked(port, "/healthz") == (200, "ok")
        assert asked(port, "/slack/events") == (404, "nothing here")
        review_as_max(floor)
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=30)
    assert process.returncode == 0
    assert "Traceback" not in errors


def test_signed_http(floor: Floor) -> None:
    port = free_port()
    environment = floor.environment(SLACK_SIGNING_SECRET=floor.app.signing_secret, PORT=str(port))
    with cadence("run", environment=environment) as process:
        ready(process)
        assert asked(port, "/readyz") == (200, "ready")
        floor.server.set_request_url(APP, f"http://127.0.0.1:{port}/slack/events")
        review_as_max(floor)
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=30)
    assert process.returncode == 0
    assert "Traceback" not in errors


NOT_SET = "SLACK_BOT_TOKEN is not set"
TOKENS = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}
NOWHERE = {"SLACK_API_URL": "http://127.0.0.1:9/api/"}


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({}, NOT_SET),
        ({"SLACK_BOT_TOKEN": ""}, NOT_SET),
        ({"SLACK_BOT_TOKEN": "xoxp-1"}, "SLACK_BOT_TOKEN is malformed: must start with xoxb-."),
        (TOKENS | {"SLACK_APP_TOKEN": "xoxb-1"}, "SLACK_APP_TOKEN is malformed"),
        (
            {"SLACK_BOT_TOKEN": "xoxb-1"},
            "Set SLACK_APP_TOKEN for Socket Mode, or SLACK_SIGNING_SECRET for HTTP",
        ),
        (TOKENS | {"PORT": "many"}, "PORT is malformed"),
        (
            TOKENS | {"CADENCE_CALENDARS": "perhaps"},
            "CADENCE_CALENDARS is malformed: must be true or false.",
        ),
        (TOKENS | {"PORT": "0"}, "PORT is malformed"),
        (TOKENS | {"LOG_LEVEL": "loud"}, "LOG_LEVEL is malformed: must be one of DEBUG"),
        (TOKENS | {"DATABASE_URL": "mysql://x/y"}, "DATABASE_URL is malformed"),
        (TOKENS | {"DATABASE_URL": "what"}, "DATABASE_URL is malformed"),
        (TOKENS | {"SLACK_API_URL": "slack.com"}, "SLACK_API_URL is malformed"),
        (TOKENS | NOWHERE, "run `cadence migrate`"),
        (
            TOKENS | {"DATABASE_URL": "postgresql://127.0.0.1:9/none"},
            "DATABASE_URL cannot be reached",
        ),
    ],
)
def test_a_wrong_setting_is_one_clear_sentence(
    environment: dict[str, str], sentence: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith(NAMES)]:
        monkeypatch.delenv(name)
    result = CliRunner().invoke(app, ["run"], env=environment)
    assert sentence in result.stderr
    assert (result.exit_code, len(result.stderr.strip().splitlines())) == (1, 1)


def test_so_it_is_in_a_process_of_its_own(tmp_path: Path) -> None:
    assert said("run", environment={}, cwd=tmp_path) == (
        1,
        f"{NOT_SET}: it is the bot's token, xoxb-….\n",
    )


@pytest.mark.parametrize("kind", ["sqlite"])  # it does not come as far as the database's kind
def test_slack_out_of_reach_or_refusing_is_one_clear_sentence(floor: Floor, tmp_path: Path) -> None:
    wrong = floor.environment(SLACK_APP_TOKEN="xapp-1", SLACK_BOT_TOKEN="xoxb-wrong")
    code, errors = said("run", environment=wrong, cwd=tmp_path)
    assert (code, errors) == (1, "Slack refuses SLACK_BOT_TOKEN: invalid_auth.\n")
    code, errors = said("run", environment=wrong | NOWHERE, cwd=tmp_path)
    assert (code, errors) == (
        1, "Slack cannot be reached at http://127.0.0.1:9/api/: is there a way to the internet?\n"
    )  # fmt: skip


@pytest.mark.parametrize("kind", ["sqlite"])
def test_the_demo_says_when_its_port_is_taken(floor: Floor, tmp_path: Path) -> None:
    port = floor.server.url.rpartition(":")[2]
    code, errors = said("demo", "--port", port, environment={}, cwd=tmp_path)
    assert code == 1
    assert (
        errors
        == f"Port {port} cannot be used (Address already in use): choose another with --port.\n"
    )


def test_the_demo_of_a_first_run() -> None:
    """Nobody is set up, and Lea's command begins it; what is to be dropped lies there."""
    port = str(free_port())
    with cadence("demo", "--first-run", "--port", port, environment={}) as process:
        assert process.stdout is not None
        told = [process.stdout.readline() for _ in range(4)]
        assert "You are Lea, an admin of this Slack; nobody is set up yet." in told[0]
        deals = Path(told[2].rpartition(": ")[2].strip())
        assert deals.read_text(encoding="utf-8").startswith("id,name,owner,stage,amount,")
        typed = {"as": "U0LEA", "channel": "C0WEST", "text": "/cadence setup"}
        request = urllib.request.Request(
            f"http://127.0.0.1:{port}/sandbox/command",
            json.dumps(typed).encode(),
            {"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            assert json.load(answer) == {"ok": True}
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=30)
    assert process.returncode == 0
    assert "Traceback" not in errors
    shutil.rmtree(deals.parent)
