"""The manifest is the one list of what the app asks for, and it asks for the least that works."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from slack_bolt import App

from bot.app import listen
from bot.tokens import Tokens
from handlers.ids import Id
from models.base import Database

ROOT = Path(__file__).parents[2]
SCHEMA = ROOT.parent / "shared" / "slack" / "manifest.schema.2.0.0.json"
MANIFEST: dict[str, Any] = json.loads((ROOT / "manifest.json").read_text(encoding="utf-8"))

WHAT_EACH_SCOPE_IS_FOR = {
    "channels:history": "reconciling an ambiguous post in a public channel",
    "channels:read": "what a channel is, at setup and at posting, and what happens in it",
    "chat:write": "every message",
    "files:read": "files of deals that people drop",
    "files:write": "the list of a file's problems",
    "commands": "/pipeline-review, /log-coaching, /cadence and the shortcuts",
    "groups:history": "reconciling an ambiguous post in a private channel",
    "groups:read": "the same in private channels",
    "im:history": "reconciling an ambiguous direct message",
    "im:write": "opening a direct message",
    "users:read": "setup by Slack id; who is a guest, who runs the workspace; user_change",
    "users:read.email": "setup by e-mail",
}


@pytest.fixture
def bolt(tmp_path: Path) -> Iterator[App]:
    database = Database(f"sqlite:///{tmp_path}/empty.sqlite3")
    tokens = Tokens("T1", "North", "U0BOT", "B0BOT", "xoxb-1", "http://127.0.0.1:9/api/")
    yield listen(database, tokens, lambda: datetime(2026, 11, 23, tzinfo=UTC))
    database.dispose()


def heard(bolt: App, payload: dict[str, Any], kind: str) -> bool:
    """Whether some registered listener wants such a request."""
    from slack_bolt import BoltRequest, BoltResponse

    request = BoltRequest(body=payload, mode="socket_mode")
    return any(
        listener.matches(req=request, resp=BoltResponse(status=200)) for listener in bolt._listeners
    )


def test_every_command_and_event_of_the_manifest_is_listened_to(bolt: App) -> None:
    commands = [c["command"] for c in MANIFEST["features"]["slash_commands"]]
    for command in commands:
        assert heard(bolt, {"command": command, "team_id": "T1", "user_id": "U1"}, "command")
    for event in MANIFEST["settings"]["event_subscriptions"]["bot_events"]:
        told = {"type": event.split(".")[0], "channel_type": "im"}  # message.im says: message
        payload = {"type": "event_callback", "team_id": "T1", "event": told}
        assert heard(bolt, payload, "event"), event
    assert not heard(bolt, {"command": "/elsewhere", "team_id": "T1", "user_id": "U1"}, "command")


def test_every_shortcut_of_the_manifest_is_listened_to(bolt: App) -> None:
    wanted = {one["callback_id"]: one["type"] for one in MANIFEST["features"]["shortcuts"]}
    assert wanted == {
        str(Id.LOG_SHORTCUT): "global",
        str(Id.LOG_MESSAGE): "message",
        str(Id.USE_AS_EVIDENCE): "message",
        str(Id.WORTH_COPYING): "message",
    }
    for callback_id, kind in wanted.items():
        used = "shortcut" if kind == "global" else "message_action"
        payload = {"type": used, "callback_id": callback_id, "team": {"id": "T1"}}
        assert heard(bolt, payload, used)
        assert not heard(bolt, {**payload, "callback_id": "elsewhere"}, used)
        other = "message_action" if kind == "global" else "shortcut"
        assert not heard(bolt, {**payload, "type": other}, other)


def test_nothing_is_listened_to_that_the_manifest_lacks(bolt: App) -> None:
    """Every event and command that Slack knows and the manifest does not name stays unheard."""
    events = MANIFEST["settings"]["event_subscriptions"]["bot_events"]
    wanted = {event.split(".")[0] for event in events}
    schema_events = EVENTS_KNOWN - wanted
    for event in schema_events:
        payload = {"type": "event_callback", "team_id": "T1", "event": {"type": event}}
        assert not heard(bolt, payload, "event"), event


EVENTS_KNOWN = {
    "app_home_opened", "app_mention", "app_uninstalled", "channel_archive", "channel_created",
    "channel_deleted", "channel_rename", "channel_shared", "channel_unarchive",
    "channel_unshared", "emoji_changed", "file_shared",
    "link_shared", "member_joined_channel", "member_left_channel", "message", "pin_added",
    "reaction_added", "reaction_removed", "team_join", "tokens_revoked", "user_change",
}  # fmt: skip


def test_every_scope_has_its_use() -> None:
    assert set(MANIFEST["oauth_config"]["scopes"]["bot"]) == set(WHAT_EACH_SCOPE_IS_FOR)
    assert MANIFEST["settings"]["socket_mode_enabled"] is True
    assert MANIFEST["settings"]["interactivity"]["is_enabled"] is True


@pytest.mark.exports
def test_the_manifest_is_valid_against_slacks_schema() -> None:
    jsonschema.validate(MANIFEST, json.loads(SCHEMA.read_text(encoding="utf-8")))
