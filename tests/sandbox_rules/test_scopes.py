"""What a call needs, and what Slack names as missing."""

import pytest

from sandbox.scopes import missing, missing_for_event

ALL_READ = "channels:read,groups:read,mpim:read,im:read"


@pytest.mark.parametrize(
    ("method", "granted", "kinds", "needed"),
    [
        ("auth.test", "", [], None),
        ("views.open", "", [], None),
        ("blocks.validate", "", [], None),
        ("chat.postMessage", "", [], "chat:write"),
        ("chat.postMessage", "chat:write", ["im"], None),
        ("chat.update", "channels:read", [], "chat:write"),
        ("users.info", "", [], "users:read"),
        ("users.list", "users:read", [], None),
        ("users.lookupByEmail", "users:read", [], "users:read.email"),
        ("users.lookupByEmail", "users:read.email", [], None),
        ("team.info", "", [], "team:read"),
        ("apps.connections.open", "chat:write", [], "connections:write"),
        ("reactions.add", "reactions:read", [], "reactions:write"),
        ("conversations.info", "", ["channel"], "channels:read"),
        ("conversations.info", "channels:read", ["private"], "groups:read"),
        ("conversations.info", "groups:read", ["private"], None),
        ("conversations.info", "", ["im"], "im:read"),
        ("conversations.members", "", ["mpim"], "mpim:read"),
        ("conversations.info", "", [], ALL_READ),
        ("conversations.info", "im:read", [], None),
        ("conversations.history", "channels:read", ["channel"], "channels:history"),
        ("conversations.replies", "im:history", ["im"], None),
        (
            "conversations.list",
            "channels:read",
            ["public_channel", "private_channel", "im"],
            "groups:read,im:read",
        ),
        ("conversations.list", "channels:read", ["public_channel"], None),
        ("conversations.open", "", ["im"], "im:write"),
        ("conversations.open", "im:write", ["im"], None),
        ("conversations.open", "im:write", ["mpim"], "mpim:write"),
        ("conversations.info", "", ["no such kind"], ALL_READ),
    ],
)
def test_a_method_needs(method: str, granted: str, kinds: list[str], needed: str | None) -> None:
    assert missing(method, {*granted.split()}, channel_kinds=kinds) == needed


@pytest.mark.parametrize(
    ("event", "granted", "needed"),
    [
        ("app_home_opened", "", None),
        ("message.channels", "", "channels:history"),
        ("message.im", "im:history", None),
        ("member_joined_channel", "", "channels:read,groups:read"),
        ("member_joined_channel", "groups:read", None),
        ("user_change", "", "users:read"),
    ],
)
def test_an_event_needs(event: str, granted: str, needed: str | None) -> None:
    assert missing_for_event(event, {*granted.split()}) == needed
