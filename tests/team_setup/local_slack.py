"""A local Slack with the app installed, for setup to look people and channels up in."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from slack_sdk import WebClient

from bot.setup import Outcome, SlackDirectory, TeamFile, resolve, set_up
from crm.toml_file import parse_toml
from models.base import Database
from sandbox import App, Channel, Person, Server, Team, Workspace, serve
from tests.world import NOW

TOKEN = "xoxb-setup-0123456789"
ROOT = Path(__file__).resolve().parents[2]

LEA = Person("U0LEA", "lea", "Lea Lindqvist", "lea@example.com", "Europe/Berlin", is_admin=True)
MAX = Person("U0MAX", "max", "Max Okafor", "max@example.com", "America/New_York")
ANA = Person("U0ANA", "ana", "Ana Silva", "Ana@example.com", "America/Denver")
BEN = Person("U0BEN", "ben", "Ben Carter", "ben@example.com", "America/New_York")
GONE = Person("U0GONE", "gone", "Gus Gone", "gone@example.com", deleted=True)
PEOPLE = (LEA, MAX, ANA, BEN, GONE)
CHANNELS = (
    Channel("C0WEST", "west", members=["U0MAX", "U0ANA", "U0BOT"], kind="private"),
    Channel("C0OPEN", "open", members=["U0MAX", "U0BOT"]),
    Channel("C0ALONE", "alone", members=["U0MAX"]),
    Channel("C0OLD", "old", members=["U0MAX", "U0BOT"], archived=True),
    Channel("C0SECRET", "secret", members=["U0MAX"], kind="private"),
)

TEAM = """
currency = "USD"
admins = ["lea@example.com"]

[[leaders]]
email = "lea@example.com"

[[teams]]
name = "West"
channel = "#west"
zone = "America/New_York"
manager = { slack = "U0MAX", reports_to = "lea@example.com" }

[[teams.reps]]
email = "ana@example.com"
quotas = [{ quarter = "2026-Q4", amount = 400_000 }]

[[teams.reps]]
slack = "U0BEN"
zone = "America/Chicago"
"""


@contextmanager
def a_slack(
    people: Sequence[Person] = PEOPLE,
    channels: Sequence[Channel] = CHANNELS,
    *,
    without_scopes: Sequence[str] = (),
    **how: Any,
) -> Iterator[Server]:
    """A workspace of these people, served on loopback."""
    manifest = json.loads((ROOT / "manifest.json").read_text(encoding="utf-8"))
    bot = manifest["oauth_config"]["scopes"]["bot"]
    manifest["oauth_config"]["scopes"]["bot"] = [s for s in bot if s not in without_scopes]
    app = App("A0CADENCE", manifest, "U0BOT", TOKEN, "xapp-setup-0123456789", "secret")
    team = Team("T0NORTH", "Northwind", domain="northwind")
    workspace = Workspace(team=team, people=list(people), channels=list(channels), apps=[app])
    with serve(workspace, port=0, **{"rate_limits": False, **how}) as server:
        yield server


def directory(server: Server) -> SlackDirectory:
    """Slack as setup asks it."""
    return SlackDirectory(WebClient(TOKEN, base_url=server.api_url))


def set_up_here(database: Database, server: Server, text: str = TEAM) -> Outcome:
    """What `cadence setup` does with this file."""
    wanted = resolve(parse_toml(text, "team.toml", TeamFile), directory(server))
    with database.transaction(wanted.installation.workspace_id) as session:
        return set_up(session, wanted, NOW)


def point_at(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment's settings for this workspace."""
    monkeypatch.setenv("SLACK_BOT_TOKEN", TOKEN)
    monkeypatch.setenv("SLACK_API_URL", server.api_url)
